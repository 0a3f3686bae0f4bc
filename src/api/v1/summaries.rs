//! Summaries: what a SGAR gets of its region, and the ministry of the nation.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::access::Caller;
use crate::api::problem::ApiError;
use crate::api::query::{Part, Parts, Query};
use crate::api::schema;
use crate::app::App;
use crate::domain::year::FlowYear;
use crate::service::summary::{self, document};

/// Des montants, avec et sans l’aide aux réfugiés.
#[derive(Debug, Serialize, ToSchema)]
pub struct Montants {
    /// Lignes avec des ressources propres.
    pub lignes: u64,
    /// Ressources propres.
    #[schema(schema_with = schema::amount)]
    pub ressources_propres: String,
    /// Dont accueil de réfugiés en France.
    #[schema(schema_with = schema::amount)]
    pub dont_refugies: String,
    /// Le reste.
    #[schema(schema_with = schema::amount)]
    pub hors_refugies: String,
}

/// Des nombres de collectivités.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decompte {
    /// Ont déclaré ; une version annulée ne compte pas.
    pub declarantes: u64,
    /// Dont n’ont rien versé.
    pub dont_neant: u64,
    /// Attendues.
    pub attendues: u64,
    /// Attendues, et n’ont pas déclaré.
    pub attendues_non_declarantes: u64,
}

/// Une répartition dont les rangs s’additionnent au total.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tableau {
    /// Code : `categories`, `regions`, `departements`, `zones`, `pays`, `secteurs`, `canaux`, `natures`, `lois_1pct`.
    pub code: String,
    /// Titre.
    pub titre: String,
    /// Rangs.
    pub rangs: Vec<Rang>,
}

/// Un rang d’une répartition.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rang {
    /// Code.
    pub code: String,
    /// Nom.
    pub nom: String,
    /// Lignes avec des ressources propres.
    pub lignes: u64,
    /// Ressources propres.
    #[schema(schema_with = schema::amount)]
    pub ressources_propres: String,
    /// Dont accueil de réfugiés en France.
    #[schema(schema_with = schema::amount)]
    pub dont_refugies: String,
    /// Le reste.
    #[schema(schema_with = schema::amount)]
    pub hors_refugies: String,
    /// Part du total hors réfugiés, en pour cent, une décimale.
    #[schema(required = true)]
    pub part_hors_refugies: Option<String>,
    /// Montants de l’année précédente.
    #[schema(required = true)]
    pub annee_precedente: Option<Montants>,
    /// Collectivités déclarantes, pour les répartitions de collectivités.
    #[schema(required = true)]
    pub declarantes: Option<u64>,
}

/// Une collectivité et ce qu’elle a versé.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contributeur {
    /// Qui.
    #[schema(schema_with = schema::siren)]
    pub siren: String,
    /// Nom.
    pub nom: String,
    /// Lignes avec des ressources propres.
    pub lignes: u64,
    /// Ressources propres.
    #[schema(schema_with = schema::amount)]
    pub ressources_propres: String,
    /// Dont accueil de réfugiés en France.
    #[schema(schema_with = schema::amount)]
    pub dont_refugies: String,
    /// Le reste.
    #[schema(schema_with = schema::amount)]
    pub hors_refugies: String,
    /// Part du total hors réfugiés, en pour cent.
    #[schema(required = true)]
    pub part_hors_refugies: Option<String>,
    /// Région de rattachement d’une collectivité associée.
    #[schema(required = true)]
    pub region: Option<String>,
}

/// Un des premiers projets, hors réfugiés.
#[derive(Debug, Serialize, ToSchema)]
pub struct Projet {
    /// Qui l’a déclaré.
    #[schema(schema_with = schema::siren)]
    pub siren: String,
    /// Nom de la collectivité.
    pub nom: String,
    /// Titre de la ligne.
    pub titre: String,
    /// Bénéficiaire.
    pub pays: String,
    /// Ressources propres.
    #[schema(schema_with = schema::amount)]
    pub ressources_propres: String,
}

/// La synthèse d’un territoire.
#[derive(Debug, Serialize, ToSchema)]
pub struct Synthese {
    /// Code de la région, ou `nationale`.
    pub territoire: String,
    /// Nom du territoire.
    pub nom: String,
    /// L’exercice des versements.
    #[schema(schema_with = schema::year)]
    pub exercice: u16,
    /// La campagne qui l’a recueilli.
    #[schema(schema_with = schema::year)]
    pub campagne: u16,
    /// `provisoire`, `arrete` ou `reprise`.
    pub statut: String,
    /// De quand sont les chiffres.
    #[schema(schema_with = schema::instant)]
    pub donnees_au: String,
    /// Total.
    pub total: Montants,
    /// Total de l’année précédente, s’il y en a un.
    #[schema(required = true)]
    pub annee_precedente: Option<Montants>,
    /// Collectivités.
    pub collectivites: Decompte,
    /// Collectivités de l’année précédente.
    #[schema(required = true)]
    pub collectivites_annee_precedente: Option<Decompte>,
    /// Lignes sans ressources propres, dans aucun total.
    pub lignes_ecartees: u64,
    /// Nombre de pays bénéficiaires.
    pub pays_beneficiaires: u64,
    /// Pays du Sahel.
    pub sahel: Montants,
    /// Répartitions.
    pub tableaux: Vec<Tableau>,
    /// Premiers contributeurs hors réfugiés.
    pub premieres_collectivites: Vec<Contributeur>,
    /// Premiers projets hors réfugiés.
    pub premiers_projets: Vec<Projet>,
    /// Collectivités associées à la région et rattachées ailleurs : hors des totaux.
    pub collectivites_associees: Vec<Contributeur>,
}

/// La synthèse d’une région, ou nationale
///
/// Un SGAR lit sa région et celles d’avant 2016 qu’elle a réunies ; le ministère lit tout. Une région actuelle comprend
/// ses anciennes régions ; les régions et `HORS` s’additionnent à `nationale`, au centime près.
#[utoipa::path(get, operation_id = "lireSynthese", path = "/api/v1/syntheses/{region}/{exercice}", tag = "rapports",
    params(
        ("region" = String, Path, description = "Code INSEE de la région, `HORS`, ou `nationale`"),
        ("exercice" = u16, Path, description = "Année des versements"),
    ),
    responses((status = 200, description = "La synthèse", body = Synthese)))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    parts: Parts<2>,
    query: Query,
) -> Result<Response, ApiError> {
    query.only(&[])?;
    let Parts([region, year]) = parts;
    let year: FlowYear = Part(year).parsed()?;
    let summary = summary::of(&app, caller.actor()?, &region, year).await?;
    let body = serde_json::to_string(&document::of(&summary));
    let body = body.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}
