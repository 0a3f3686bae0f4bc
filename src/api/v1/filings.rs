//! Filing a declaration: lines, the draft, or an explicit nil (rules 2, 3, 5).

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::access::Caller;
use crate::api::decode::{self, Faults, Node};
use crate::api::etag::Condition;
use crate::api::problem::{ApiError, Fault};
use crate::api::query::{Declaration, Query};
use crate::api::received::Received;
use crate::api::schema::LigneSaisie;
use crate::app::App;
use crate::domain::field::RawLine;
use crate::domain::role::Actor;
use crate::service::declaration::file::{self, Content, Idempotency, Request};
use crate::service::declaration::{Signatory, draft};

use super::documents::ReceiptBody;
use super::lines;

/// Un dépôt : l’un de `neant`, `lignes` ou `brouillon`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Depot)]
pub struct FilingInput {
    /// Qui signe : les montants ont été versés entre le 1er janvier et le 31 décembre de l’exercice.
    pub signataire: SignatoryBody,
    /// `true` : la collectivité n’a rien versé.
    #[schema(required = false)]
    pub neant: bool,
    /// Les lignes déposées.
    #[schema(required = false, value_type = Vec<LigneSaisie>)]
    pub lignes: Vec<RawLine>,
    /// `ETag` du brouillon à déposer.
    #[schema(required = false, example = "\"3-0123456789abcdef\"")]
    pub brouillon: String,
}

/// La personne qui signe.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Signataire)]
pub struct SignatoryBody {
    /// Son nom.
    #[schema(max_length = 200)]
    pub nom: String,
    /// Sa fonction.
    #[schema(max_length = 200)]
    pub fonction: String,
}

/// What a body asks to file; a draft is named by its tag.
enum Asked {
    Nil,
    Lines(Vec<RawLine>),
    Draft(String),
}

/// Déposer une déclaration
///
/// L’instant qui compte est celui où le service a lu toute la demande. La même clé `Idempotency-Key` avec le
/// même corps donne le premier récépissé, sans déposer deux fois ; avec un autre corps, elle est refusée.
#[utoipa::path(post, operation_id = "deposerDeclaration", path = "/api/v1/declarations/{siren}/{exercice}/depot", tag = "declarations",
    params(
        ("siren" = String, Path, description = "SIREN de la collectivité"),
        ("exercice" = u16, Path, description = "Année des versements"),
        ("Idempotency-Key" = String, Header, description = "Clé que vous choisissez pour ce dépôt, 1 à 200 caractères"),
    ),
    request_body = FilingInput,
    responses((status = 201, description = "Le récépissé", body = ReceiptBody,
        headers(("Location" = String, description = "Adresse du récépissé")))))]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    key: Declaration,
    query: Query,
    headers: HeaderMap,
    received: Received,
) -> Result<Response, ApiError> {
    let json = received.json()?;
    query.only(&[])?;
    let actor = caller.actor()?;
    let idempotency = Some(Idempotency {
        scope: caller.key_scope(),
        key: idempotency_key(&headers)?,
        request_sha256: received.sha256.clone(),
    });
    let mut faults = Faults::default();
    let asked = asked(&Node::root(&json), &mut faults);
    let (signatory, asked) = faults.or(asked)?;
    let content = match asked {
        Asked::Nil => Content::Nil,
        Asked::Lines(lines) => Content::Lines(lines),
        Asked::Draft(tag) => Content::Draft(revision(&app, actor, key, tag).await?),
    };
    let Declaration { siren, year } = key;
    let request = Request {
        siren,
        flow_year: year,
        content,
        signatory,
        document: None,
        received_at: received.at,
        idempotency,
    };
    let body = ReceiptBody::from(file::prove(&app, actor, &request).await?);
    let location = HeaderValue::from_str(&format!("/api/v1/documents/{}", body.numero));
    let location = location.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(body)).into_response())
}

/// The revision that a tag names; one that no draft has where the tag is not
/// that of the draft, so that a repeated request still finds its first answer.
async fn revision(app: &App, actor: &Actor, key: Declaration, tag: String) -> Result<u32, ApiError> {
    let present = draft::read(app, actor, key.siren, key.year).await?.draft;
    let named = Condition::OneOf(vec![tag]).holds(present.as_ref());
    Ok(present.filter(|_| named).map_or(0, |draft| draft.revision))
}

fn idempotency_key(headers: &HeaderMap) -> Result<String, ApiError> {
    let wrong = || {
        let detail = "envoyez un en-tête Idempotency-Key, de 1 à 200 caractères ASCII, propre à ce dépôt\u{a0}: en cas de coupure, renvoyez la même demande avec la même clé";
        ApiError::new(Fault::Header, detail)
    };
    let mut given = headers.get_all("idempotency-key").iter();
    let key = given.next().and_then(|value| value.to_str().ok()).map(str::trim).ok_or_else(wrong)?;
    let fits = given.next().is_none() && (1..=200).contains(&key.len());
    if fits { Ok(key.to_owned()) } else { Err(wrong()) }
}

fn asked(body: &Node<'_>, faults: &mut Faults) -> Option<(Signatory, Asked)> {
    let fields = body.fields(&["signataire", "neant", "lignes", "brouillon"], faults)?;
    let signatory = fields.required("signataire", faults).and_then(|node| signatory(&node, faults));
    let content = match (fields.get("neant"), fields.get("lignes"), fields.get("brouillon")) {
        (Some(nil), None, None) if nil.boolean(faults)? => Some(Asked::Nil),
        (Some(nil), None, None) => {
            let hint = "Écrivez true si vous n’avez rien versé, ou donnez les lignes.";
            let message = "Un dépôt sans lignes déclare «\u{a0}néant\u{a0}».";
            faults.add(&nil, decode::WRONG_VALUE, message, hint);
            None
        }
        (None, Some(list), None) => lines::read(&list, faults).map(Asked::Lines),
        (None, None, Some(tag)) => tag.text(faults).map(|tag| Asked::Draft(tag.to_owned())),
        _ => {
            let message = "Le dépôt doit porter un seul de neant, lignes et brouillon.";
            let hint = "Donnez neant\u{a0}: true, ou les lignes, ou l’ETag du brouillon.";
            faults.add(fields.place(), decode::MISSING_KEY, message, hint);
            None
        }
    };
    Some((signatory?, content?))
}

fn signatory(node: &Node<'_>, faults: &mut Faults) -> Option<Signatory> {
    let fields = node.fields(&["nom", "fonction"], faults)?;
    let mut text = |key: &str| {
        let node = fields.required(key, faults)?;
        let text = node.text(faults)?.trim();
        let length = text.chars().count();
        if (1..=200).contains(&length) && !text.chars().any(char::is_control) {
            return Some(text.to_owned());
        }
        faults.add(
            &node,
            decode::WRONG_VALUE,
            "De 1 à 200 caractères sont attendus, sur une ligne.",
            "Corrigez ce champ.",
        );
        None
    };
    let (name, function) = (text("nom"), text("fonction"));
    Some(Signatory { name: name?, function: function? })
}
