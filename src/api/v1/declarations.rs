//! Declarations: every version for whoever may read them, what is public for anyone else (rules 3, 15).

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::api::access::Caller;
use crate::api::problem::ApiError;
use crate::api::query::{Declaration, Query};
use crate::api::schema::{self, Ligne, LignePublique};
use crate::app::App;
use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::publication::public_cells;
use crate::domain::siren::Siren;
use crate::domain::token::Scope;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::declaration::public::{self, Published};
use crate::service::declaration::read::{self, FullVersion};
use crate::service::document;
use crate::service::receipt::Proof;

use super::documents::ReceiptBody;

/// La déclaration, selon qui la demande.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Declaration)]
#[serde(untagged)]
pub enum DeclarationBody {
    /// Pour ses agents, son SGAR et le ministère.
    Full(FullBody),
    /// Pour tous.
    Public(PublicBody),
}

/// Toutes les versions d’une déclaration, la première d’abord. Compte celle dont le récépissé dit
/// `en_vigueur` : la dernière, dépôts sous réserve et sans effet mis à part.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeclarationComplete)]
pub struct FullBody {
    /// `complete`.
    #[schema(pattern = "^complete$")]
    pub vue: &'static str,
    /// La collectivité.
    #[schema(schema_with = schema::siren)]
    pub siren: Siren,
    /// L’exercice des versements.
    #[schema(schema_with = schema::year)]
    pub exercice: FlowYear,
    /// La campagne.
    #[schema(schema_with = schema::year)]
    pub campagne: CampaignYear,
    /// Les versions déposées.
    pub versions: Vec<VersionBody>,
}

/// Une version déposée.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Version)]
pub struct VersionBody {
    /// Ce qui la prouve.
    #[schema(required = true)]
    pub recepisse: Option<ReceiptBody>,
    /// Ce qui a été déposé : le SHA-256 du récépissé porte sur le JSON canonique (RFC 8785) de cet objet.
    #[schema(value_type = DocumentBody)]
    pub document: Value,
}

/// Le document d’une version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Document)]
pub struct DocumentBody {
    /// La collectivité.
    #[schema(schema_with = schema::siren)]
    pub siren: String,
    /// L’exercice des versements.
    #[schema(schema_with = schema::year)]
    pub exercice: u16,
    /// La campagne.
    #[schema(schema_with = schema::year)]
    pub campagne: u16,
    /// Rang de la version, à partir de 1.
    pub version: u32,
    /// Nature de la version.
    #[schema(schema_with = schema::filing_kind)]
    pub nature: String,
    /// Instant du dépôt.
    #[schema(schema_with = schema::instant)]
    pub date_depot: String,
    /// Motif d’une version du ministère.
    #[schema(required = true)]
    pub motif: Option<String>,
    /// Pièce d’une version du ministère, ou d’un dépôt reçu sur papier.
    #[schema(required = true)]
    pub piece: Option<String>,
    /// Somme des montants versés.
    #[schema(schema_with = schema::amount)]
    pub montant_verse: String,
    /// Somme des ressources propres, qui compte.
    #[schema(schema_with = schema::amount)]
    pub ressources_propres: String,
    /// Les lignes.
    #[schema(value_type = Vec<Ligne>)]
    pub lignes: Vec<Value>,
}

/// Ce qui est public d’une déclaration, une fois sa campagne publiée.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeclarationPublique)]
pub struct PublicBody {
    /// `publique`.
    #[schema(pattern = "^publique$")]
    pub vue: &'static str,
    /// La collectivité.
    #[schema(schema_with = schema::siren)]
    pub siren: Siren,
    /// L’exercice des versements.
    #[schema(schema_with = schema::year)]
    pub exercice: FlowYear,
    /// Ce qui peut être dit.
    #[schema(schema_with = schema::public_status)]
    pub statut: &'static str,
    /// Le même, en français.
    pub explication: String,
    /// Somme des ressources propres.
    #[schema(schema_with = schema::amount_or_null)]
    pub ressources_propres: Option<Euros>,
    /// Quand le chiffre a été rectifié.
    #[schema(schema_with = schema::instant_or_null)]
    pub rectifie_le: Option<Instant>,
    /// Source d’un montant antérieur au service.
    #[schema(required = true)]
    pub source: Option<String>,
    /// Les lignes.
    #[schema(value_type = Vec<LignePublique>)]
    pub lignes: Vec<Value>,
}

impl From<Published> for PublicBody {
    fn from(published: Published) -> Self {
        let explanation = match published.rectified_at {
            Some(at) => format!("chiffre rectifié le {}", at.day_in_paris().to_long()),
            None => published.status.label().to_owned(),
        };
        Self {
            vue: "publique",
            siren: published.siren,
            exercice: published.flow_year,
            statut: published.status.code(),
            explication: explanation,
            ressources_propres: published.own_resources,
            rectifie_le: published.rectified_at,
            source: published.source,
            lignes: published.lines.iter().map(public_line).collect(),
        }
    }
}

fn public_line(filed: &FiledLine) -> Value {
    let cells = public_cells(&filed.line);
    let mut map: Map<String, Value> =
        cells.map(|(field, text)| (field.header().to_owned(), Value::String(text))).collect();
    map.insert("ressources_propres".to_owned(), Value::String(filed.line.own_resources().to_plain()));
    Value::Object(map)
}

fn full(key: Declaration, versions: Vec<FullVersion>) -> FullBody {
    let version = |version: FullVersion| {
        let document = document::of_filed(&version.filing, &version.lines);
        let FullVersion { filing, receipt, standing, .. } = version;
        let proof = receipt.map(|receipt| Proof { receipt, filing, standing });
        VersionBody { recepisse: proof.map(ReceiptBody::from), document }
    };
    FullBody {
        vue: "complete",
        siren: key.siren,
        exercice: key.year,
        campagne: key.year.campaign(),
        versions: versions.into_iter().map(version).collect(),
    }
}

/// La déclaration d’une collectivité
///
/// Avec un jeton de portée `lire` : toutes les versions, pour les agents de la collectivité, le SGAR de sa
/// région et le ministère. Pour tout autre, ce qui est public : rien avant la publication de la campagne, pas
/// même si la collectivité a déclaré.
#[utoipa::path(get, operation_id = "lireDeclaration", path = "/api/v1/declarations/{siren}/{exercice}", tag = "declarations",
    params(
        ("siren" = String, Path, description = "SIREN de la collectivité"),
        ("exercice" = u16, Path, description = "Année des versements"),
    ),
    responses((status = 200, description = "La déclaration", body = DeclarationBody)))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    key: Declaration,
    query: Query,
) -> Result<Json<DeclarationBody>, ApiError> {
    query.only(&[])?;
    let published = public::published(&app, key.siren, key.year).await?;
    if let Some(actor) = caller.with_scope(Scope::Read)
        && let Some(versions) = read::versions_if_reader(&app, actor, key.siren, key.year).await?
    {
        return Ok(Json(DeclarationBody::Full(full(key, versions))));
    }
    Ok(Json(DeclarationBody::Public(published.into())))
}
