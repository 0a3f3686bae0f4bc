//! Receipts and certificates: what proves a filing or an answer, and how anyone holding its number verifies it.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::ApiError;
use crate::api::query::{Part, Query};
use crate::api::schema;
use crate::app::App;
use crate::domain::certificate::title;
use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::reservation::Standing;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::certificate;
use crate::service::eligibility::document::of_verdict;
use crate::service::receipt::Proof;
use crate::service::verification::{Verified, verify};

use super::verdicts::Verdict;

/// Le récépissé d’une version déposée. Il ne porte aucun nom de personne.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recepisse)]
pub struct ReceiptBody {
    /// Numéro, 26 caractères.
    #[schema(min_length = 26, max_length = 26)]
    pub numero: String,
    /// La collectivité.
    #[schema(schema_with = schema::siren)]
    pub siren: Siren,
    /// L’exercice des versements.
    #[schema(schema_with = schema::year)]
    pub exercice: FlowYear,
    /// La campagne.
    #[schema(schema_with = schema::year)]
    pub campagne: CampaignYear,
    /// Rang de la version, à partir de 1.
    pub version: u32,
    /// Nature de la version.
    #[schema(schema_with = schema::filing_kind)]
    pub nature: &'static str,
    /// Instant du dépôt : celui où le service a lu toute la demande.
    #[schema(schema_with = schema::instant)]
    pub date_depot: Instant,
    /// Nombre de lignes.
    pub nombre_lignes: u32,
    /// Somme des montants versés.
    #[schema(schema_with = schema::amount)]
    pub montant_verse: Euros,
    /// Somme des ressources propres, qui compte.
    #[schema(schema_with = schema::amount)]
    pub ressources_propres: Euros,
    /// SHA-256 du JSON canonique (RFC 8785) du document de la version.
    #[schema(schema_with = schema::sha256)]
    pub sha256: String,
    /// Tête du journal au moment du dépôt.
    #[schema(schema_with = schema::sha256)]
    pub tete_journal: String,
    /// Si cette version est celle qui compte aujourd’hui.
    pub en_vigueur: bool,
    /// Où elle en est.
    #[schema(schema_with = schema::standing)]
    pub etat: &'static str,
    /// Le même, en français.
    pub explication: String,
    /// Déposée sous réserve du rattachement de l’agent, en attente : le dernier instant pour une réponse.
    #[schema(schema_with = schema::instant_or_null)]
    pub reserve_jusqu_au: Option<Instant>,
    /// Déposée sous réserve, puis confirmée : quand.
    #[schema(schema_with = schema::instant_or_null)]
    pub confirmee_le: Option<Instant>,
    /// Déposée sous réserve, sans effet : depuis quand.
    #[schema(schema_with = schema::instant_or_null)]
    pub sans_effet_depuis: Option<Instant>,
}

impl From<Proof> for ReceiptBody {
    fn from(proof: Proof) -> Self {
        let Proof { receipt, filing, standing } = proof;
        let (mut until, mut confirmed, mut void) = (None, None, None);
        match standing {
            Standing::InForce { confirmed_at } | Standing::Superseded { confirmed_at } => {
                confirmed = confirmed_at;
            }
            Standing::Reserved { until: last } => until = Some(last),
            Standing::Void { since } => void = Some(since),
        }
        Self {
            numero: receipt.number,
            siren: filing.siren,
            exercice: filing.flow_year,
            campagne: filing.flow_year.campaign(),
            version: filing.version,
            nature: filing.kind.code(),
            date_depot: filing.filed_at,
            nombre_lignes: filing.line_count,
            montant_verse: filing.total_paid,
            ressources_propres: filing.total_own,
            sha256: receipt.sha256,
            tete_journal: receipt.journal_head,
            en_vigueur: standing.is_in_force(),
            etat: standing.code(),
            explication: standing.sentence(),
            reserve_jusqu_au: until,
            confirmee_le: confirmed,
            sans_effet_depuis: void,
        }
    }
}

/// Une attestation d’éligibilité, telle qu’elle a été délivrée. Elle ne porte aucun nom de personne.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attestation)]
pub struct CertificateBody {
    /// Numéro, 26 caractères.
    #[schema(min_length = 26, max_length = 26)]
    pub numero: String,
    /// Son titre, qui dit la réponse.
    pub titre: String,
    /// Nom de la collectivité à cet instant, si le registre la connaissait.
    pub collectivite: Option<String>,
    /// Intitulé de l’appel.
    pub appel_intitule: String,
    /// Instant de la délivrance, qui est celui de la réponse.
    #[schema(schema_with = schema::instant)]
    pub delivree_le: Instant,
    /// La réponse d’alors.
    #[schema(value_type = Verdict)]
    pub reponse: serde_json::Value,
    /// SHA-256 du JSON canonique (RFC 8785) de ce qu’elle affirme.
    #[schema(schema_with = schema::sha256)]
    pub sha256: String,
    /// Tête du journal au moment de la délivrance.
    #[schema(schema_with = schema::sha256)]
    pub tete_journal: String,
    /// Où elle en est : `derniere`, `remplacee` ou `revoquee`.
    pub etat: &'static str,
    /// Le même, en français.
    pub explication: String,
}

impl CertificateBody {
    fn of(proof: certificate::Proof) -> Result<Self, ApiError> {
        let certificate::Proof { certificate, attested, standing, revocation: _ } = proof;
        let reponse = serde_json::to_value(of_verdict(&attested.verdict));
        Ok(Self {
            titre: title(&attested.verdict),
            reponse: reponse.map_err(|error| ApiError::internal(error.to_string()))?,
            numero: certificate.number,
            collectivite: attested.collectivity,
            appel_intitule: attested.call_title,
            delivree_le: certificate.issued_at,
            sha256: certificate.sha256,
            tete_journal: certificate.journal_head,
            etat: standing.code(),
            explication: standing.sentence(),
        })
    }
}

/// Un récépissé ou une attestation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = DocumentVerifie)]
pub enum DocumentBody {
    /// Un récépissé.
    Receipt(Box<ReceiptBody>),
    /// Une attestation d’éligibilité.
    Certificate(Box<CertificateBody>),
}

/// Vérifier un récépissé ou une attestation
///
/// Ouvert à qui détient le numéro. Casse, espaces et traits d’union sont sans importance.
#[utoipa::path(get, operation_id = "verifierDocument", path = "/api/v1/documents/{numero}", tag = "documents",
    params(("numero" = String, Path, description = "Numéro du récépissé ou de l’attestation")),
    responses((status = 200, description = "Le récépissé ou l’attestation", body = DocumentBody)))]
pub async fn show(State(app): State<App>, part: Part, query: Query) -> Result<Json<DocumentBody>, ApiError> {
    query.only(&[])?;
    Ok(Json(match verify(&app, &part.0).await? {
        Verified::Receipt(proof) => DocumentBody::Receipt(Box::new((*proof).into())),
        Verified::Certificate(proof) => DocumentBody::Certificate(Box::new(CertificateBody::of(*proof)?)),
    }))
}
