//! `eapd serve`: answers requests until it is told to stop, then finishes those it has accepted.

use std::future::Future;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::app::App;
use crate::cli::output::{CliError, say};
use crate::config::{Config, Profile};
use crate::jobs::{figures, mail, release, schedule};
use crate::service::mail::Post;
use crate::service::upkeep::presence;
use crate::{api, web};

/// Serves the API at the address of the configuration.
pub async fn run() -> Result<(), CliError> {
    log_to_stderr();
    let config = Config::load()?;
    let _serving = presence::serving(&config.database.url)?;
    let app = App::resume(config).await?;
    app.config.can_serve()?;
    let address = app.config.server.listen;
    let environment = |error: std::io::Error| {
        CliError::Environment(format!("server.listen = \"{address}\"\u{a0}: {error}"))
    };
    let listener = TcpListener::bind(address).await.map_err(environment)?;
    let stopped = stop_signal().map_err(environment)?;
    let post = Post::of(&app.config).map_err(CliError::Environment)?;
    let listening = listener.local_addr().map_err(environment)?;
    say(format_args!("e-APD répond sur http://{listening}/api/openapi.json (Ctrl-C pour arrêter)."));
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
    axum::serve(listener, router(&app).into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stopped)
        .await
        .map_err(environment)?;
    let _nobody_listens = stop.send(true);
    for job in jobs {
        job.await.map_err(|error| CliError::Environment(error.to_string()))?;
    }
    app.db.close().await;
    say("Arrêt\u{a0}: les demandes reçues ont toutes été traitées.");
    Ok(())
}

/// Everything that is served: the API, and pages at every other address.
pub fn router(app: &App) -> Router {
    api::router(app).fallback_service(web::router(app))
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

/// Logs go to standard error; `EAPD_LOG` chooses what, `info` by default.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("EAPD_LOG")
        .unwrap_or_else(|_absent| EnvFilter::new("info,tokio_cron_scheduler=warn"));
    // A second subscriber, in a test, is refused: the first one goes on.
    let _installed = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
}
