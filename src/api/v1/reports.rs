//! Reports (rule 12): open data for anyone once published, the rest by role, of its region for a SGAR.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::access::Caller;
use crate::api::problem::{ApiError, Fault};
use crate::api::query::{Parts, Query};
use crate::api::schema;
use crate::app::App;
use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::refusal::{Because, Refusal};
use crate::domain::release::Release;
use crate::domain::role::{Actor, Role};
use crate::domain::token::Scope;
use crate::domain::year::FlowYear;
use crate::http::{sent, temporary};
use crate::service::ServiceError;
use crate::service::register::regions_read_by;
use crate::service::report::{self, Audience, Format, ReportName, Request, Unit};

const STATUS: HeaderName = HeaderName::from_static("eapd-statut");

/// Les rapports, et leurs éditions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rapports)]
pub struct Reports {
    /// Les rapports que l’on peut demander.
    pub rapports: Vec<ReportBody>,
    /// Les éditions conservées, telles que publiées.
    pub editions: Vec<EditionBody>,
}

/// Un rapport.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rapport)]
pub struct ReportBody {
    /// Nom, dans l’adresse.
    pub nom: &'static str,
    /// Titre.
    pub titre: &'static str,
    /// Formats.
    pub formats: Vec<&'static str>,
    /// Si tous peuvent l’avoir, une fois la campagne publiée.
    pub public: bool,
}

/// Un fichier d’une édition.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Edition)]
pub struct EditionBody {
    /// Nom du rapport.
    pub nom: String,
    /// L’exercice des versements.
    #[schema(schema_with = schema::year)]
    pub exercice: FlowYear,
    /// Format.
    pub format: String,
    /// Rang, à partir de 1.
    pub edition: u32,
    /// Quand elle a été publiée.
    #[schema(schema_with = schema::instant)]
    pub publiee_le: Instant,
    /// SHA-256 des octets.
    #[schema(schema_with = schema::sha256)]
    pub sha256: String,
    /// Nombre de lignes.
    pub nombre_lignes: u64,
    /// Ressources propres des lignes.
    #[schema(schema_with = schema::amount)]
    pub ressources_propres: Euros,
}

impl From<Release> for EditionBody {
    fn from(release: Release) -> Self {
        Self {
            nom: release.name,
            exercice: release.flow_year,
            format: release.format,
            edition: release.edition,
            publiee_le: release.released_at,
            sha256: release.sha256,
            nombre_lignes: release.line_count,
            ressources_propres: release.total_own,
        }
    }
}

/// Les rapports
///
/// Avec un jeton de portée `rapports` : tous, et leurs éditions pour le ministère et la DG Trésor. Sinon, ceux qui
/// sont publics, et leurs éditions des exercices publiés.
#[utoipa::path(get, operation_id = "listerRapports", path = "/api/v1/rapports", tag = "rapports",
    responses((status = 200, description = "Les rapports", body = Reports)))]
pub async fn list(State(app): State<App>, caller: Caller, query: Query) -> Result<Json<Reports>, ApiError> {
    query.only(&[])?;
    let reader = caller.with_scope(Scope::Reports).map(|actor| &actor.role);
    let names = ReportName::ALL.into_iter().filter(|name| reader.is_some() || name.is_public());
    let rapports = names.map(|name| ReportBody {
        nom: name.code(),
        titre: name.title(),
        formats: name.formats().iter().map(|format| format.code()).collect(),
        public: name.is_public(),
    });
    // Editions are national: their sums are not for one region. Those of published years are for anyone.
    let editions = if matches!(reader, Some(Role::Manager | Role::Observer)) {
        report::editions(&app).await?
    } else {
        let years = report::published(&app).await?;
        years.into_iter().flat_map(|year| year.files).map(|file| file.release).collect()
    };
    Ok(Json(Reports {
        rapports: rapports.collect(),
        editions: editions.into_iter().map(EditionBody::from).collect(),
    }))
}

/// Un rapport
///
/// La dernière édition s’il y en a une, sinon les chiffres à cet instant, qui peuvent être provisoires :
/// l’en-tête `Eapd-Statut` le dit. Un SGAR donne sa région. Sans jeton de portée `rapports`, les rapports publics des
/// campagnes publiées.
#[utoipa::path(get, operation_id = "telechargerRapport",
    path = "/api/v1/rapports/{nom}/{exercice}/{format}", tag = "rapports",
    params(
        ("nom" = String, Path, description = "Nom du rapport"),
        ("exercice" = u16, Path, description = "Année des versements"),
        ("format" = String, Path, description = "`xlsx`, `ods`, `xml`, `csv` ou `zip`, selon le rapport"),
        ("region" = Option<String>, Query, description = "Code INSEE d’une région, ou `HORS`"),
        ("unite" = Option<String>, Query, description = "`1` ou `1000` : unité des montants, en euros"),
        ("edition" = Option<u32>, Query, description = "Édition ; la dernière par défaut"),
    ),
    responses((status = 200, description = "Le fichier", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/vnd.oasis.opendocument.spreadsheet"),
        (String = "application/xml"),
        (String = "text/csv"),
        (Vec<u8> = "application/zip"),
    ), headers(("Eapd-Statut" = String, description = "`provisoire`, `arrete` ou `edition`")))))]
pub async fn download(
    State(app): State<App>,
    caller: Caller,
    parts: Parts<3>,
    query: Query,
) -> Result<Response, ApiError> {
    let query = query.only(&["region", "unite", "edition"])?;
    let Parts([name, year, format]) = parts;
    let name: ReportName = known(&name)?;
    let (flow_year, format) =
        (crate::api::query::Part(year).parsed::<FlowYear>()?, known::<Format>(&format)?);
    let region = query.get("region").map(str::to_owned);
    let audience = audience(&app, caller.with_scope(Scope::Reports), region.as_deref());
    let request = Request {
        region,
        unit: unit(&query)?,
        edition: query.parsed("edition")?,
        ..Request::new(name, flow_year, format, audience)
    };
    let file = temporary(&app).map_err(|error| ApiError::internal(error.to_string()))?;
    let produced = report::produce(&app, &request, &file, &|_at, _of| {}).await?;
    let name = format!("attachment; filename=\"{name}-{flow_year}.{format}\"");
    let name = HeaderValue::from_str(&name).map_err(|error| ApiError::internal(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
        (header::CONTENT_DISPOSITION, name),
        (STATUS, HeaderValue::from_static(produced.status.code())),
    ];
    let body = sent(file).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok((headers, body).into_response())
}

/// Who gets more than the public: the ministry and DG Trésor everything, a SGAR its own region.
fn audience(app: &App, actor: Option<&Actor>, region: Option<&str>) -> Audience {
    match actor.map(|actor| &actor.role) {
        Some(Role::Manager | Role::Observer) => Audience::Administration,
        Some(Role::Sgar(own)) if region.is_some_and(|region| is_within(app, own, region)) => {
            Audience::Administration
        }
        _ => Audience::Public,
    }
}

fn is_within(app: &App, own: &str, region: &str) -> bool {
    regions_read_by(&app.codes, own).iter().any(|read| read == region)
}

/// The report or the format of this word.
fn known<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, ApiError> {
    let unknown = |error: T::Err| {
        ApiError::from(ServiceError::Refused(Refusal::new(Because::UnknownReport, error.to_string())))
    };
    text.parse().map_err(unknown)
}

fn unit(query: &Query) -> Result<Option<Unit>, ApiError> {
    let Some(factor) = query.get("unite") else { return Ok(None) };
    let unit = factor.parse().ok().and_then(Unit::from_factor);
    unit.map(Some).ok_or_else(|| {
        ApiError::new(
            Fault::QueryPart,
            "paramètre «\u{a0}unite\u{a0}»\u{a0}: 1 (euros) ou 1000 (milliers d’euros)",
        )
    })
}
