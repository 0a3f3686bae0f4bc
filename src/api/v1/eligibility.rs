//! Eligibility for a call (rule 9): one SIREN, or up to 5,000 SIREN or dossiers at once.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::access::Caller;
use crate::api::decode::{self, Faults, Node};
use crate::api::problem::{ApiError, Fault};
use crate::api::query::{Part, Query};
use crate::api::received::Received;
use crate::api::schema;
use crate::app::App;
use crate::domain::eligibility::MemberRole;
use crate::domain::instant::Instant;
use crate::domain::siren::parse_siren_or_siret;
use crate::service::access;
use crate::service::eligibility::batch::{self, Answers, Asked, AskedDossier};
use crate::service::eligibility::document::of_verdict;
use crate::service::eligibility::{self, About, Ahead, AskedIdentity, AskedMember, BATCH_MAX, of_one};

use super::verdicts::{Reponses, Verdict};

/// Une demande : `sirens` ou `dossiers`, 5 000 au plus.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DemandeEligibilite)]
pub struct Question {
    /// Code de l’appel, ou son année s’il est seul à la porter.
    #[schema(example = "AAP-2014")]
    pub appel: String,
    /// Instant pour lequel répondre, RFC 3339 ; maintenant par défaut.
    #[schema(required = false)]
    pub au: String,
    /// SIREN ou SIRET, dans l’ordre voulu pour la réponse.
    #[schema(required = false)]
    pub sirens: Vec<String>,
    /// Groupes qui candidatent ensemble.
    #[schema(required = false)]
    pub dossiers: Vec<DossierBody>,
}

/// Un groupe.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Dossier)]
pub struct DossierBody {
    /// Numéro ou nom.
    pub dossier: String,
    /// Ses membres.
    pub membres: Vec<MemberBody>,
}

/// Un membre : une collectivité française par son SIREN, tout autre par son nom.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Membre)]
pub struct MemberBody {
    /// Son rôle.
    #[schema(schema_with = schema::member_role)]
    pub role: String,
    /// SIREN d’une collectivité française.
    #[schema(required = false)]
    pub siren: String,
    /// Nom de tout autre partenaire.
    #[schema(required = false)]
    pub nom: String,
}

/// L’éligibilité d’une collectivité
///
/// Ministère : toutes. Déclarant : les siennes et celles auxquelles elles succèdent. SGAR : celles de sa région.
#[utoipa::path(get, operation_id = "lireEligibilite", path = "/api/v1/eligibilite/{siren}", tag = "eligibilite",
    params(
        ("siren" = String, Path, description = "SIREN de la collectivité"),
        ("appel" = String, Query, description = "Code de l’appel, ou son année s’il est seul à la porter"),
        ("au" = Option<String>, Query, description = "Instant pour lequel répondre, RFC 3339 ; maintenant par défaut"),
    ),
    responses((status = 200, description = "La réponse", body = Verdict)))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    part: Part,
    query: Query,
    ahead: Option<Extension<Ahead>>,
) -> Result<Response, ApiError> {
    let query = query.only(&["appel", "au"])?;
    let siren = part.parsed()?;
    access::require_eligibility_reader(&app, caller.actor()?, siren).await?;
    let ahead = ahead.map(|Extension(ahead)| ahead);
    let verdict = of_one(&app, query.required("appel")?, siren, instant(&query)?, ahead).await?;
    Ok(Json(of_verdict(&verdict)).into_response())
}

/// What the address of [`show`] asks about, where it is as it should be.
pub fn about(address: &Uri) -> Option<About> {
    let (_, siren) = address.path().rsplit_once('/')?;
    let query = Query::of(address).ok()?;
    eligibility::about(query.get("appel")?, siren.parse().ok()?)
}

/// A `+` left as it is in an address is read as a space.
fn instant(query: &Query) -> Result<Option<Instant>, ApiError> {
    match query.get("au").map(|text| text.replace(' ', "+").parse()) {
        None => Ok(None),
        Some(Ok(at)) => Ok(Some(at)),
        Some(Err(error)) => {
            Err(ApiError::new(Fault::QueryPart, format!("paramètre «\u{a0}au\u{a0}»\u{a0}: {error}")))
        }
    }
}

/// L’éligibilité de plusieurs collectivités, ou de groupes
///
/// 5 000 au plus. L’ordre et les doublons de la demande sont gardés ; une entrée illisible est répondue
/// à sa place. La réponse est en JSON, en CSV ou en XLSX, selon `format` ou l’en-tête `Accept`.
#[utoipa::path(post, operation_id = "demanderEligibilites", path = "/api/v1/eligibilite", tag = "eligibilite",
    params(("format" = Option<String>, Query, description = "`json`, `csv` ou `xlsx`")),
    request_body = Question,
    responses((status = 200, description = "Les réponses", content(
        (Reponses = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ))))]
pub async fn ask(
    State(app): State<App>,
    query: Query,
    headers: HeaderMap,
    received: Received,
) -> Result<Response, ApiError> {
    let json = received.json()?;
    let format = Format::wanted(&query.only(&["format"])?, &headers)?;
    let mut faults = Faults::default();
    let question = asked(&Node::root(&json), &mut faults);
    let (call, at, list) = faults.or(question)?;
    let at = Some(at.unwrap_or(received.at));
    let answers = match list {
        List::Sirens(sirens) => batch::of_asked(&app, &call, sirens, at).await?,
        List::Dossiers(dossiers) => batch::of_asked_dossiers(&app, &call, &dossiers, at).await?,
    };
    format.render(&answers)
}

enum List {
    Sirens(Vec<Asked>),
    Dossiers(Vec<AskedDossier>),
}

fn asked(body: &Node<'_>, faults: &mut Faults) -> Option<(String, Option<Instant>, List)> {
    let fields = body.fields(&["appel", "au", "sirens", "dossiers"], faults)?;
    let call = fields.required("appel", faults).and_then(|call| call.text(faults));
    let at = fields.get("au").map(|at| at.parsed("Écrivez par exemple 2014-06-15T23:59:59+02:00.", faults));
    let list = match (fields.get("sirens"), fields.get("dossiers")) {
        (Some(sirens), None) => {
            let items = within_bounds(&sirens, faults)?;
            let typed = |(rank, item): (usize, &Node<'_>)| Asked::typed(rank, &item.json().shown());
            Some(List::Sirens(items.iter().enumerate().map(typed).collect()))
        }
        (None, Some(dossiers)) => {
            let items = within_bounds(&dossiers, faults)?;
            let read: Vec<_> = items.iter().map(|item| dossier(item, faults)).collect();
            read.into_iter().collect::<Option<_>>().map(List::Dossiers)
        }
        _ => {
            let hint = "Donnez l’un des deux, sirens ou dossiers.";
            faults.add(
                fields.place(),
                decode::MISSING_KEY,
                "La demande doit porter soit sirens, soit dossiers.",
                hint,
            );
            None
        }
    };
    Some((call?.to_owned(), at.map_or(Some(None), |at| at.map(Some))?, list?))
}

fn within_bounds<'a>(list: &Node<'a>, faults: &mut Faults) -> Option<Vec<Node<'a>>> {
    let items = list.items(faults)?;
    if items.len() <= BATCH_MAX {
        return Some(items);
    }
    let message = format!("{} entrées, 5\u{202f}000 au plus à la fois.", items.len());
    faults.add(list, decode::WRONG_VALUE, message, "Faites plusieurs envois.");
    None
}

fn dossier(item: &Node<'_>, faults: &mut Faults) -> Option<AskedDossier> {
    let fields = item.fields(&["dossier", "membres"], faults)?;
    let name = fields.required("dossier", faults).and_then(|name| name.text(faults));
    let members = fields.required("membres", faults).and_then(|members| members.items(faults));
    let members: Vec<_> = members?.iter().map(|item| member(item, faults)).collect();
    Some(AskedDossier { name: name?.to_owned(), members: members.into_iter().collect::<Option<_>>()? })
}

/// A member; a number that cannot be read is answered in its place.
fn member(item: &Node<'_>, faults: &mut Faults) -> Option<Result<AskedMember, String>> {
    let fields = item.fields(&["role", "siren", "nom"], faults)?;
    let role = fields
        .required("role", faults)
        .and_then(|role| role.parsed::<MemberRole>("Écrivez chef_de_file ou partenaire.", faults));
    let identity = match (fields.get("siren"), fields.get("nom")) {
        (Some(siren), None) => match parse_siren_or_siret(&siren.json().shown()) {
            Ok(siren) => Ok(AskedIdentity::French(siren)),
            Err(error) => Err(error.to_string()),
        },
        (None, Some(name)) => Ok(AskedIdentity::Other(name.text(faults)?.to_owned())),
        _ => {
            let hint = "SIREN pour une collectivité française, nom pour tout autre partenaire.";
            faults.add(fields.place(), decode::MISSING_KEY, "Un membre a soit un siren, soit un nom.", hint);
            return None;
        }
    };
    let role = role?;
    Some(identity.map(|identity| AskedMember { role, identity }))
}

/// The answers as they are sent; [`Reponses`] describes them.
#[derive(Serialize)]
struct Replies<'a> {
    reponses: &'a Answers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
    Xlsx,
}

impl Format {
    const ALL: [Self; 3] = [Self::Json, Self::Csv, Self::Xlsx];

    const fn code(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    const fn media(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// By `format`, else the first known of `Accept`, else JSON.
    fn wanted(query: &Query, headers: &HeaderMap) -> Result<Self, ApiError> {
        let unknown = || {
            let detail = "formats disponibles\u{a0}: json, csv ou xlsx";
            ApiError::new(Fault::NotAcceptable, detail)
        };
        if let Some(code) = query.get("format") {
            return Self::ALL.into_iter().find(|format| format.code() == code).ok_or_else(unknown);
        }
        let Some(accept) = headers.get(header::ACCEPT) else { return Ok(Self::Json) };
        let accept = accept.to_str().unwrap_or_default().to_ascii_lowercase();
        let mut media = accept.split(',').map(|range| range.split(';').next().unwrap_or_default().trim());
        let of_range = |range: &str| match range {
            "" | "*/*" | "application/*" => Some(Self::Json),
            "text/*" => Some(Self::Csv),
            range => Self::ALL.into_iter().find(|format| format.media() == range),
        };
        media.find_map(of_range).ok_or_else(unknown)
    }

    fn render(self, answers: &Answers) -> Result<Response, ApiError> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| ApiError::internal(error.to_string());
        let (bytes, media) = match self {
            Self::Json => return Ok(Json(Replies { reponses: answers }).into_response()),
            Self::Csv => (answers.to_csv().map_err(failed)?, "text/csv; charset=utf-8"),
            Self::Xlsx => (answers.to_xlsx().map_err(failed)?, self.media()),
        };
        let name = format!("attachment; filename=\"eligibilite.{}\"", self.code());
        let name = HeaderValue::from_str(&name).map_err(|error| ApiError::internal(error.to_string()))?;
        let headers =
            [(header::CONTENT_TYPE, HeaderValue::from_static(media)), (header::CONTENT_DISPOSITION, name)];
        Ok((headers, bytes).into_response())
    }
}
