//! `eapd serve`: answers requests until it is told to stop, then finishes those it has accepted.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::app::App;
use crate::cli::logs;
use crate::cli::output::{CliError, say};
use crate::cli::traces::Traces;
use crate::config::{Config, Profile};
use crate::jobs::{figures, mail, release, schedule};
use crate::service::mail::Post;
use crate::service::upkeep::presence;
use crate::{api, http, web};

/// What is left to connections that were not given back, at the end.
const LAST_READS: Duration = Duration::from_secs(5);

/// Serves the API at the address of the configuration.
pub async fn run() -> Result<(), CliError> {
    let config = Config::load()?;
    let traces = Traces::of(&config.telemetry)?;
    logs::begin(config.log, traces.as_ref());
    let _serving = presence::serving(&config.database.url)?;
    let app = App::resume(config).await?;
    app.config.can_serve()?;
    let server = &app.config.server;
    let environment = |error: std::io::Error| CliError::Environment(error.to_string());
    let listener = bound("server.listen", server.listen).await?;
    let watched = match server.metrics_listen {
        Some(address) => Some(bound("server.metrics_listen", address).await?),
        None => None,
    };
    let stopped = stop_signal().map_err(environment)?;
    let post = Post::of(&app.config).map_err(CliError::Environment)?;
    let listening = listener.local_addr().map_err(environment)?;
    say(format_args!("e-APD répond sur http://{listening}/api/openapi.json (Ctrl-C pour arrêter)."));
    if let Some(watched) = &watched {
        let listening = watched.local_addr().map_err(environment)?;
        say(format_args!("Métriques sur http://{listening}/metrics."));
    }
    if app.config.profile == Profile::Demo {
        say(format_args!("Démonstration\u{a0}: données fictives, il y est le {}.", app.now()));
    }
    let (stop, stopping) = watch::channel(false);
    let mut jobs = vec![
        tokio::spawn(figures::run(app.clone(), stopping.clone())),
        tokio::spawn(release::run(app.clone(), stopping.clone())),
        tokio::spawn(schedule::run(app.clone(), stopping.clone())),
    ];
    if let Some(post) = post {
        jobs.push(tokio::spawn(mail::run(app.clone(), post, stopping)));
    }
    let ending = stopping_soon(app.clone(), stopped);
    let broken_off = match watched {
        None => http::serve(listener, router(&app), server, ending).await,
        Some(watched) => {
            let mut over = stop.subscribe();
            let over = async move { drop(over.wait_for(|stop| *stop).await) };
            let served = async {
                let broken_off = http::serve(listener, router(&app), server, ending).await;
                let _nobody_listens = stop.send(true);
                broken_off
            };
            tokio::join!(served, http::serve(watched, api::figures::router(&app), server, over)).0
        }
    };
    let _nobody_listens = stop.send(true);
    for job in jobs {
        job.await.map_err(|error| CliError::Environment(error.to_string()))?;
    }
    let closed = async { tokio::join!(app.db.close(), app.replica.close()) };
    // A request that was broken off may still hold a connection.
    let _closed = tokio::time::timeout(LAST_READS, closed).await;
    if let Some(traces) = traces {
        traces.end().await;
    }
    match broken_off {
        0 => say("Arrêt\u{a0}: les demandes reçues ont toutes été traitées."),
        count => say(format_args!("Arrêt\u{a0}: {count} connexions n’étaient pas finies à temps.")),
    }
    Ok(())
}

/// Everything that is served: the API, and pages at every other address.
pub fn router(app: &App) -> Router {
    api::router(app).fallback_service(web::router(app))
}

/// Listens at the address of a key of the configuration.
async fn bound(key: &str, address: SocketAddr) -> Result<TcpListener, CliError> {
    let refused = |error| CliError::Environment(format!("{key} = \"{address}\"\u{a0}: {error}"));
    TcpListener::bind(address).await.map_err(refused)
}

/// Ends when no more connections are to be accepted: a while after the order to stop, so that who asks `/readyz`
/// meanwhile sends the next ones elsewhere.
async fn stopping_soon(app: App, stopped: impl Future<Output = ()>) {
    stopped.await;
    app.load.stop();
    tokio::time::sleep(Duration::from_secs(app.config.server.stop_delay_seconds)).await;
}

/// Ends at the first SIGTERM or SIGINT.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
