//! The register of collectivities: public data, found by what people type.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::{ApiError, Fault};
use crate::api::query::{Part, Query};
use crate::api::schema;
use crate::app::App;
use crate::domain::collectivity::{Collectivity, CollectivityKind};
use crate::domain::day::Day;
use crate::domain::eligibility::DescentKind;
use crate::domain::refusal::{Because, Refusal};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::register::{self, PAGE, Relative, Sheet};
use crate::service::{ServiceError, this_year};

/// Pages that can be asked for.
const PAGES_MAX: u32 = 100_000;

/// Une page de collectivités.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Collectivites)]
pub struct Page {
    /// Nombre de collectivités trouvées, toutes pages comprises.
    pub total: u64,
    /// Rang de la page, à partir de 1.
    pub page: u32,
    /// Collectivités par page.
    pub par_page: u32,
    /// Celles de la page.
    pub collectivites: Vec<CollectivityBody>,
}

/// Une collectivité ou un groupement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Collectivite)]
pub struct CollectivityBody {
    /// SIREN ; null tant qu’il n’est pas connu : elle ne peut pas déclarer.
    #[schema(schema_with = schema::siren_or_null)]
    pub siren: Option<Siren>,
    /// Ce qu’elle est.
    #[schema(rename = "type", schema_with = schema::collectivity_kind)]
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Le même, en français.
    pub libelle_type: &'static str,
    /// Code INSEE, ou SIREN pour un groupement.
    pub code: String,
    /// Nom.
    pub nom: String,
    /// Code INSEE du département.
    #[schema(required = true)]
    pub departement: Option<String>,
    /// Région de rattachement, code INSEE, ou `HORS`.
    pub region: String,
    /// Nombre d’habitants.
    #[schema(required = true)]
    pub population: Option<u32>,
    /// Premier jour, s’il est connu.
    #[schema(schema_with = schema::day_or_null)]
    pub existe_du: Option<Day>,
    /// Dernier jour, inclus, si elle n’existe plus.
    #[schema(schema_with = schema::day_or_null)]
    pub existe_au: Option<Day>,
}

/// Une collectivité avec ce qui l’a précédée et suivie.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FicheCollectivite)]
pub struct SheetBody {
    /// La collectivité, telle qu’elle est cette année.
    pub collectivite: CollectivityBody,
    /// Régions auxquelles elle est associée, en plus de la sienne.
    pub regions_associees: Vec<String>,
    /// Celles auxquelles elle succède.
    pub predecesseurs: Vec<RelativeBody>,
    /// Celles qui lui succèdent.
    pub successeurs: Vec<RelativeBody>,
}

/// Une collectivité avant ou après une autre.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Parente)]
pub struct RelativeBody {
    /// Son SIREN.
    #[schema(schema_with = schema::siren)]
    pub siren: Siren,
    /// Son nom.
    pub nom: String,
    /// Premier jour du nouvel état.
    #[schema(schema_with = schema::day)]
    pub le: Day,
    /// Fusion ou scission.
    #[schema(schema_with = schema::descent_kind)]
    pub par: &'static str,
}

impl From<Collectivity> for CollectivityBody {
    fn from(body: Collectivity) -> Self {
        Self {
            siren: body.siren,
            kind: body.kind.code(),
            libelle_type: body.kind.label(),
            code: body.code,
            nom: body.name,
            departement: body.departement,
            region: body.region,
            population: body.population,
            existe_du: body.exists_from,
            existe_au: body.exists_until,
        }
    }
}

impl From<Relative> for RelativeBody {
    fn from(relative: Relative) -> Self {
        let par = match relative.kind {
            DescentKind::Merger => "fusion",
            DescentKind::Split => "scission",
        };
        Self { siren: relative.siren, nom: relative.name, le: relative.on, par }
    }
}

/// Chercher des collectivités
///
/// Les mots du nom, un SIREN ou un code INSEE ; accents et casse sont sans importance. Une région d’aujourd’hui
/// trouve aussi ce qui était dans celles qu’elle réunit.
#[utoipa::path(get, operation_id = "chercherCollectivites", path = "/api/v1/collectivites", tag = "collectivites",
    params(
        ("q" = Option<String>, Query, description = "Ce que l’on cherche ; tout, s’il est absent"),
        ("region" = Option<String>, Query, description = "Code INSEE de la région, ou `HORS`"),
        ("type" = Option<String>, Query, description = "Sorte de collectivité, par exemple `commune`"),
        ("exercice" = Option<u16>, Query, description = "Année dont on veut les noms et les régions ; celle-ci par défaut"),
        ("page" = Option<u32>, Query, description = "Rang de la page, à partir de 1"),
    ),
    responses((status = 200, description = "Une page de collectivités", body = Page)))]
pub async fn search(State(app): State<App>, query: Query) -> Result<Json<Page>, ApiError> {
    let query = query.only(&["q", "region", "type", "exercice", "page"])?;
    let page =
        query.parsed::<u32>("page").ok().flatten().or_else(|| query.get("page").is_none().then_some(1));
    let page = page.filter(|page| (1..=PAGES_MAX).contains(page)).ok_or_else(|| {
        ApiError::new(Fault::QueryPart, "paramètre «\u{a0}page\u{a0}»\u{a0}: donnez un rang à partir de 1")
    })?;
    let year = match query.parsed::<FlowYear>("exercice")? {
        Some(year) => year,
        None => this_year(&app)?,
    };
    let kind = query.parsed::<CollectivityKind>("type")?;
    let (text, region) = (query.get("q").unwrap_or_default(), query.get("region"));
    let found = register::search(&app, text, region, kind, year, page).await?;
    Ok(Json(Page {
        total: found.total,
        page,
        par_page: PAGE,
        collectivites: found.bodies.into_iter().map(CollectivityBody::from).collect(),
    }))
}

/// Une collectivité
#[utoipa::path(get, operation_id = "lireCollectivite", path = "/api/v1/collectivites/{siren}", tag = "collectivites",
    params(("siren" = String, Path, description = "SIREN de la collectivité")),
    responses((status = 200, description = "La collectivité", body = SheetBody)))]
pub async fn show(State(app): State<App>, part: Part, query: Query) -> Result<Json<SheetBody>, ApiError> {
    query.only(&[])?;
    let siren: Siren = part.parsed()?;
    let sheet = register::show(&app, siren).await?.ok_or_else(|| {
        let message = format!("le SIREN {siren} n’est pas dans le registre");
        ServiceError::Refused(Refusal::new(Because::UnknownSiren, message))
    })?;
    sheet_body(sheet, this_year(&app)?.get()).map(Json)
}

fn sheet_body(sheet: Sheet, year: u16) -> Result<SheetBody, ApiError> {
    let Sheet { body, predecessors, successors } = sheet;
    let state = body.at(year).ok_or_else(|| ApiError::internal(format!("{} has no state", body.id)))?;
    let is = &state.attributes;
    Ok(SheetBody {
        regions_associees: body.associated_in(year).into_iter().map(str::to_owned).collect(),
        collectivite: CollectivityBody {
            siren: body.siren,
            kind: is.kind.code(),
            libelle_type: is.kind.label(),
            code: is.code.clone(),
            nom: is.name.clone(),
            departement: is.departement.clone(),
            region: is.region.clone(),
            population: is.population,
            existe_du: body.exists_from,
            existe_au: body.exists_until,
        },
        predecesseurs: predecessors.into_iter().map(RelativeBody::from).collect(),
        successeurs: successors.into_iter().map(RelativeBody::from).collect(),
    })
}
