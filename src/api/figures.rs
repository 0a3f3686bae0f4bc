//! Metrics, for those who watch the service: at an address of their own, never at that of the public.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::routing::get;

use crate::app::App;
use crate::service::figures;

/// What is served at `server.metrics_listen`: `/metrics`, and nothing else.
pub fn router(app: &App) -> Router {
    Router::new().route("/metrics", get(show)).with_state(app.clone())
}

async fn show(State(app): State<App>) -> Result<([(HeaderName, &'static str); 2], String), StatusCode> {
    let text = figures::told(&app).await.map_err(|_never| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(([(header::CONTENT_TYPE, figures::MEDIA), (header::CACHE_CONTROL, "no-store")], text))
}
