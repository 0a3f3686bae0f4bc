//! The draft: saved at any time, checked but never refused for its content (rule 3).

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::access::Caller;
use crate::api::decode::{Faults, Node};
use crate::api::etag::{self, Condition};
use crate::api::problem::{ApiError, Fault, FieldFault};
use crate::api::query::{Declaration, Query};
use crate::api::received::Received;
use crate::api::schema::{self, LigneSaisie};
use crate::app::App;
use crate::domain::field::RawLine;
use crate::domain::instant::Instant;
use crate::domain::refusal::{Because, Refusal};
use crate::domain::rules::Issue;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::ServiceError;
use crate::service::declaration::draft::{self, Draft, SavedDraft};

use super::lines;

/// Un brouillon à enregistrer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrouillonSaisi)]
pub struct DraftInput {
    /// Toutes les lignes : elles remplacent celles du brouillon.
    #[schema(value_type = Vec<LigneSaisie>)]
    pub lignes: Vec<RawLine>,
}

/// Le brouillon d’une collectivité, et ce qui serait dit de ses lignes au dépôt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Brouillon)]
pub struct DraftBody {
    /// La collectivité.
    #[schema(schema_with = schema::siren)]
    pub siren: Siren,
    /// L’exercice des versements.
    #[schema(schema_with = schema::year)]
    pub exercice: FlowYear,
    /// Nombre d’enregistrements.
    pub revision: u32,
    /// Dernier enregistrement.
    #[schema(schema_with = schema::instant)]
    pub modifie_le: Instant,
    /// Les lignes telles que saisies ; une référence est donnée à celles qui n’en ont pas.
    #[schema(value_type = Vec<LigneSaisie>)]
    pub lignes: Vec<RawLine>,
    /// Ce qui empêcherait le dépôt.
    pub erreurs: Vec<FieldFault>,
    /// Ce qui mérite un regard.
    pub avertissements: Vec<FieldFault>,
}

/// Le brouillon
///
/// L’en-tête `ETag` nomme son état, pour l’enregistrer ou le déposer ensuite.
#[utoipa::path(get, operation_id = "lireBrouillon", path = "/api/v1/declarations/{siren}/{exercice}/brouillon", tag = "declarations",
    params(
        ("siren" = String, Path, description = "SIREN de la collectivité"),
        ("exercice" = u16, Path, description = "Année des versements"),
    ),
    responses((status = 200, description = "Le brouillon", body = DraftBody,
        headers(("ETag" = String, description = "État du brouillon")))))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    key: Declaration,
    query: Query,
) -> Result<Response, ApiError> {
    query.only(&[])?;
    let SavedDraft { draft, issues } = draft::read(&app, caller.actor()?, key.siren, key.year).await?;
    let draft = draft.ok_or_else(|| {
        let message = format!("{} n’a pas de brouillon pour l’exercice {}", key.siren, key.year);
        ServiceError::Refused(Refusal::new(Because::NoDraft, message))
    })?;
    rendered(StatusCode::OK, key, draft, &issues)
}

/// Enregistrer le brouillon
///
/// `If-Match` avec l’`ETag` lu, ou `If-None-Match: *` pour un premier enregistrement : personne n’écrase le
/// travail d’un autre. Les erreurs des lignes sont dites, elles n’empêchent pas d’enregistrer.
#[utoipa::path(put, operation_id = "enregistrerBrouillon", path = "/api/v1/declarations/{siren}/{exercice}/brouillon", tag = "declarations",
    params(
        ("siren" = String, Path, description = "SIREN de la collectivité"),
        ("exercice" = u16, Path, description = "Année des versements"),
        ("If-Match" = Option<String>, Header, description = "ETag du brouillon que l’on modifie"),
        ("If-None-Match" = Option<String>, Header, description = "`*` pour un premier enregistrement"),
    ),
    request_body = DraftInput,
    responses(
        (status = 200, description = "Le brouillon, enregistré", body = DraftBody,
            headers(("ETag" = String, description = "État du brouillon"))),
        (status = 201, description = "Le premier brouillon, enregistré", body = DraftBody,
            headers(("ETag" = String, description = "État du brouillon"))),
    ))]
pub async fn save(
    State(app): State<App>,
    caller: Caller,
    key: Declaration,
    query: Query,
    headers: HeaderMap,
    received: Received,
) -> Result<Response, ApiError> {
    let json = received.json()?;
    query.only(&[])?;
    let (actor, condition) = (caller.actor()?, Condition::of(&headers)?);
    let present = draft::read(&app, actor, key.siren, key.year).await?.draft;
    if !condition.holds(present.as_ref()) {
        let detail =
            "le brouillon n’est pas dans l’état attendu\u{a0}: relisez-le, puis reprenez vos changements";
        return Err(ApiError::new(Fault::ConditionFailed, detail));
    }
    let mut faults = Faults::default();
    let typed = typed(&Node::root(&json), &mut faults);
    let typed = faults.or(typed)?;
    let based_on = present.as_ref().map(|draft| draft.revision);
    let saved = draft::save(&app, actor, key.siren, key.year, based_on, &typed).await?;
    let draft = saved.draft.ok_or_else(|| ApiError::internal("a draft saved is no draft"))?;
    let status = if based_on.is_none() { StatusCode::CREATED } else { StatusCode::OK };
    rendered(status, key, draft, &saved.issues)
}

fn typed(body: &Node<'_>, faults: &mut Faults) -> Option<Vec<RawLine>> {
    let fields = body.fields(&["lignes"], faults)?;
    lines::read(&fields.required("lignes", faults)?, faults)
}

fn rendered(
    status: StatusCode,
    key: Declaration,
    draft: Draft,
    issues: &[Issue],
) -> Result<Response, ApiError> {
    let tag = HeaderValue::from_str(&etag::of_draft(&draft));
    let tag = tag.map_err(|error| ApiError::internal(error.to_string()))?;
    let (errors, warnings): (Vec<&Issue>, Vec<&Issue>) = issues.iter().partition(|issue| issue.is_error());
    let body = DraftBody {
        siren: key.siren,
        exercice: key.year,
        revision: draft.revision,
        modifie_le: draft.updated_at,
        lignes: draft.lines,
        erreurs: errors.into_iter().map(FieldFault::from).collect(),
        avertissements: warnings.into_iter().map(FieldFault::from).collect(),
    };
    Ok((status, [(header::ETAG, tag)], Json(body)).into_response())
}
