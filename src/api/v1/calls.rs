//! Calls for projects: what each one requires (rule 9).

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::ApiError;
use crate::api::query::{Part, Query};
use crate::api::schema;
use crate::app::App;
use crate::domain::call::Call;
use crate::domain::day::Day;
use crate::domain::year::FlowYear;
use crate::service::call;

/// Les appels à projets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Appels)]
pub struct Calls {
    /// Par code.
    pub appels: Vec<CallBody>,
}

/// Un appel à projets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Appel)]
pub struct CallBody {
    /// Code de l’appel.
    #[schema(example = "AAP-2014")]
    pub code: String,
    /// Titre.
    pub titre: String,
    /// Premier jour pour candidater.
    #[schema(schema_with = schema::day_or_null)]
    pub ouverture: Option<Day>,
    /// Dernier jour pour candidater, inclus.
    #[schema(schema_with = schema::day_or_null)]
    pub cloture: Option<Day>,
    /// Jour de l’examen des candidatures.
    #[schema(schema_with = schema::day_or_null)]
    pub examen: Option<Day>,
    /// Exercices pour lesquels il faut avoir déclaré.
    #[schema(value_type = Vec<u16>)]
    pub exercices_exiges: Vec<FlowYear>,
    /// Qui doit avoir déclaré quand un groupe candidate.
    #[schema(schema_with = schema::group_rule)]
    pub regle_de_groupe: &'static str,
    /// Texte qui fonde l’exigence.
    pub texte_fondateur: String,
}

impl From<&Call> for CallBody {
    fn from(call: &Call) -> Self {
        let dates = call.dates();
        Self {
            code: call.code().to_string(),
            titre: call.title().to_owned(),
            ouverture: dates.opens_on,
            cloture: dates.closes_on,
            examen: dates.examined_on,
            exercices_exiges: call.required_years().to_vec(),
            regle_de_groupe: call.group_rule().code(),
            texte_fondateur: call.founding_text().to_owned(),
        }
    }
}

/// Les appels à projets
#[utoipa::path(get, operation_id = "listerAppels", path = "/api/v1/appels", tag = "appels",
    responses((status = 200, description = "Les appels", body = Calls)))]
pub async fn list(State(app): State<App>, query: Query) -> Result<Json<Calls>, ApiError> {
    query.only(&[])?;
    let calls = call::list(&app).await?;
    Ok(Json(Calls { appels: calls.iter().map(CallBody::from).collect() }))
}

/// Un appel à projets
#[utoipa::path(get, operation_id = "lireAppel", path = "/api/v1/appels/{code}", tag = "appels",
    params(("code" = String, Path, description = "Code de l’appel, ou son année s’il est seul à la porter")),
    responses((status = 200, description = "L’appel", body = CallBody)))]
pub async fn show(State(app): State<App>, part: Part, query: Query) -> Result<Json<CallBody>, ApiError> {
    query.only(&[])?;
    Ok(Json(CallBody::from(&call::resolve(&app, &part.0).await?)))
}
