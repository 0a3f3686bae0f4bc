//! Whether the program lives, and whether it can serve.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;

use super::problem::{ApiError, Fault};
use super::routes;

/// A probe is answered before it is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// L’état du service.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sante)]
pub struct Health {
    /// `ok`.
    #[schema(pattern = "^ok$")]
    pub statut: &'static str,
}

/// Le programme répond
#[utoipa::path(get, operation_id = "repond", path = "/healthz", tag = "service",
    responses((status = 200, description = "Il répond", body = Health)))]
pub async fn live() -> Json<Health> {
    Json(Health { statut: "ok" })
}

/// Le programme peut servir : la base de données répond, elle est à jour, et il ne s’arrête pas
#[utoipa::path(get, operation_id = "peutServir", path = "/readyz", tag = "service",
    responses((status = 200, description = "Il peut servir", body = Health)))]
pub async fn ready(State(app): State<App>) -> Result<Json<Health>, ApiError> {
    if app.load.is_stopping() {
        return Err(ApiError::new(Fault::NotReady, "le programme s’arrête\u{a0}: adressez-vous à un autre"));
    }
    match tokio::time::timeout(PATIENCE, app.db.check_schema()).await {
        Ok(Ok(())) => Ok(Json(Health { statut: "ok" })),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready");
            Err(if error.is_outage() {
                ApiError::new(Fault::Unavailable, "la base de données ne répond pas")
            } else {
                ApiError::new(Fault::NotReady, "la base de données n’est pas à jour du programme")
            })
        }
        Err(_elapsed) => {
            tracing::error!("not ready: the database does not answer in time");
            Err(ApiError::new(Fault::Unavailable, "la base de données ne répond pas"))
        }
    }
}

/// Le présent document
#[utoipa::path(get, operation_id = "decrire", path = "/api/openapi.json", tag = "service",
    responses((status = 200, description = "La description OpenAPI 3.1 de l’API", body = serde_json::Value)))]
pub async fn document(State(app): State<App>) -> Result<Response, ApiError> {
    let json = routes::document(&app).map_err(|error| ApiError::internal(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((headers, json).into_response())
}
