//! Regional summaries: what a SGAR gets of its region.

use axum::extract::State;

use crate::api::access::Caller;
use crate::api::problem::ApiError;
use crate::api::query::{Part, Parts, Query};
use crate::app::App;
use crate::domain::refusal::{Because, Refusal};
use crate::domain::role::Role;
use crate::domain::year::FlowYear;
use crate::service::ServiceError;
use crate::service::register::regions_read_by;

/// La synthèse d’une région
///
/// Pas encore disponible : la réponse est 404 pour qui y aura accès.
#[utoipa::path(get, operation_id = "lireSynthese", path = "/api/v1/syntheses/{region}/{exercice}", tag = "rapports",
    params(
        ("region" = String, Path, description = "Code INSEE de la région, ou `HORS`"),
        ("exercice" = u16, Path, description = "Année des versements"),
    ),
    responses((status = 404, description = "Pas encore disponible", body = crate::api::problem::Problem,
        content_type = "application/problem+json")))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    parts: Parts<2>,
    query: Query,
) -> Result<(), ApiError> {
    query.only(&[])?;
    let Parts([region, year]) = parts;
    let year: FlowYear = Part(year).parsed()?;
    if let Role::Sgar(own) = &caller.actor()?.role
        && !regions_read_by(&app.codes, own).contains(&region)
    {
        let message = "vous ne suivez pas cette région";
        return Err(ServiceError::Refused(Refusal::new(Because::Forbidden, message)).into());
    }
    let message = format!("la synthèse régionale de l’exercice {year} n’est pas encore disponible");
    Err(ServiceError::Refused(Refusal::new(Because::UnknownReport, message)).into())
}
