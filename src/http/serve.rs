//! Accepts connections, within bounds, until it is told to stop; then finishes what it has accepted.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::config::Server;

use super::connections::Connections;

/// A reader that takes nothing for so long is gone.
const STALLED: Duration = Duration::from_mins(1);
/// So many bytes of a head are read and no more are asked for; what a read brings at once may double them.
const LARGEST_HEAD: usize = 32 * 1024;
/// After an accept that failed, when there are no more files to open for instance.
const PAUSE: Duration = Duration::from_millis(100);
/// What is left after the last answer may have been given.
const MARGIN: Duration = Duration::from_secs(5);

/// Serves until `stopped`, then answers the requests that were accepted. Gives how many connections it had to break off
/// once every request should have been answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    server: &Server,
    stopped: impl Future<Output = ()>,
) -> usize {
    let heads = Duration::from_secs(server.header_timeout_seconds);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(heads).max_buf_size(LARGEST_HEAD);
    let places = Arc::new(Semaphore::new(server.max_connections.min(Semaphore::MAX_PERMITS)));
    let connections = Connections::new(server.max_connections_per_address);
    let graceful = GracefulShutdown::new();
    let mut stopped = std::pin::pin!(stopped);
    loop {
        let accepted = tokio::select! {
            () = &mut stopped => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let (stream, peer, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        // Proxies bring the connections of everybody; anyone else has a bound.
        let connected = connections.take(peer.ip());
        if connected.is_none() && !server.trusted_proxies.contains(&peer.ip()) {
            tracing::warn!("an address has too many connections");
            continue;
        }
        let _unset = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(STALLED));
        let router = router.clone();
        let service = service_fn(move |request: Request<Incoming>| answer(router.clone(), peer, request));
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "a connection was broken off");
            }
            drop((connected, place));
        });
    }
    drop(listener);
    let bound =
        Duration::from_secs(server.request_timeout_seconds).saturating_add(heads).saturating_add(MARGIN);
    let open = graceful.count();
    match tokio::time::timeout(bound, graceful.shutdown()).await {
        Ok(()) => 0,
        Err(_elapsed) => open,
    }
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

/// The next connection, once there is a place for it: until then it waits in the system's queue.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> io::Result<Accepted> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}
