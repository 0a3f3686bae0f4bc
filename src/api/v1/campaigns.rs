//! Campaigns: when declarations are taken, and where each one stands (rule 2).

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::ApiError;
use crate::api::query::{Part, Query};
use crate::api::schema;
use crate::app::App;
use crate::domain::campaign::{Campaign, Extension};
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::campaign;

/// Les campagnes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Campagnes)]
pub struct Campaigns {
    /// La plus ancienne d’abord.
    pub campagnes: Vec<CampaignBody>,
}

/// Une campagne annuelle. Elle porte sur les versements de l’année précédente.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Campagne)]
pub struct CampaignBody {
    /// Année de la campagne.
    #[schema(schema_with = schema::year)]
    pub annee: CampaignYear,
    /// Année des versements.
    #[schema(schema_with = schema::year)]
    pub exercice: FlowYear,
    /// État à l’instant de la réponse.
    #[schema(schema_with = schema::campaign_state)]
    pub etat: &'static str,
    /// Premier jour, inclus.
    #[schema(schema_with = schema::day)]
    pub ouverture: Day,
    /// Dernier jour, inclus, prorogations comprises.
    #[schema(schema_with = schema::day)]
    pub cloture: Day,
    /// Premier instant où l’on peut déposer.
    #[schema(schema_with = schema::instant)]
    pub ouverture_a: Instant,
    /// Premier instant où l’on ne peut plus déposer.
    #[schema(schema_with = schema::instant)]
    pub cloture_a: Instant,
    /// Prorogations, la plus ancienne d’abord.
    pub prorogations: Vec<ExtensionBody>,
    /// Quand elle a été arrêtée.
    #[schema(schema_with = schema::instant_or_null)]
    pub arretee_le: Option<Instant>,
    /// Quand elle a été publiée.
    #[schema(schema_with = schema::instant_or_null)]
    pub publiee_le: Option<Instant>,
    /// Quand elle a été annulée.
    #[schema(schema_with = schema::instant_or_null)]
    pub annulee_le: Option<Instant>,
}

/// Une prorogation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Prorogation)]
pub struct ExtensionBody {
    /// Nouveau dernier jour, inclus.
    #[schema(schema_with = schema::day)]
    pub cloture: Day,
    /// Quand elle a été décidée.
    #[schema(schema_with = schema::instant)]
    pub decidee_le: Instant,
}

impl CampaignBody {
    fn new(campaign: &Campaign, at: Instant) -> Self {
        let extension = |extension: &Extension| ExtensionBody {
            cloture: extension.closes_on,
            decidee_le: extension.decided_at,
        };
        Self {
            annee: campaign.year,
            exercice: campaign.year.flow_year(),
            etat: campaign.state(at).code(),
            ouverture: campaign.window.opens_on(),
            cloture: campaign.closes_on(at),
            ouverture_a: campaign.window.opens_at(),
            cloture_a: campaign.closes_at(at),
            prorogations: campaign.extensions.iter().map(extension).collect(),
            arretee_le: campaign.settled_at,
            publiee_le: campaign.published_at,
            annulee_le: campaign.cancelled_at,
        }
    }
}

/// Les campagnes
///
/// Fenêtre et état de chaque campagne, la plus ancienne d’abord.
#[utoipa::path(get, operation_id = "listerCampagnes", path = "/api/v1/campagnes", tag = "campagnes",
    responses((status = 200, description = "Les campagnes", body = Campaigns)))]
pub async fn list(State(app): State<App>, query: Query) -> Result<Json<Campaigns>, ApiError> {
    query.only(&[])?;
    let at = app.now();
    let campaigns = campaign::list(&app).await?;
    Ok(Json(Campaigns {
        campagnes: campaigns.iter().map(|campaign| CampaignBody::new(campaign, at)).collect(),
    }))
}

/// Une campagne
#[utoipa::path(get, operation_id = "lireCampagne", path = "/api/v1/campagnes/{annee}", tag = "campagnes",
    params(("annee" = u16, Path, description = "Année de la campagne")),
    responses((status = 200, description = "La campagne", body = CampaignBody)))]
pub async fn show(State(app): State<App>, part: Part, query: Query) -> Result<Json<CampaignBody>, ApiError> {
    query.only(&[])?;
    let standing = campaign::standing(&app, part.parsed()?).await?;
    Ok(Json(CampaignBody::new(&standing.campaign, standing.at)))
}
