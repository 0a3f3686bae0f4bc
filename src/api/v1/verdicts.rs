//! What a verdict looks like: these types describe the documents that the use
//! case writes (`service::eligibility::document`); a test holds both together.

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::schema;

/// Réponse sur l’éligibilité d’une collectivité à un appel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verdict {
    /// Rang dans la demande, à partir de 1 ; absent d’une réponse unique.
    #[schema(required = false)]
    pub ligne: u32,
    /// La collectivité.
    #[schema(schema_with = schema::siren)]
    pub siren: String,
    /// L’appel.
    #[schema(example = "AAP-2014")]
    pub appel: String,
    /// La réponse.
    #[schema(schema_with = schema::status)]
    pub statut: String,
    /// Pourquoi, en un code stable.
    #[schema(schema_with = schema::reason)]
    pub motif: String,
    /// Pourquoi, et ce qui peut encore être fait, en français.
    pub explication: String,
    /// Texte qui fonde l’exigence de l’appel.
    pub texte_fondateur: String,
    /// Instant pour lequel la réponse vaut.
    #[schema(schema_with = schema::instant)]
    pub au: String,
    /// Chaque exercice exigé.
    pub exercices: Vec<AnneeExigee>,
}

/// Un exercice exigé par l’appel.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnneeExigee {
    /// L’exercice.
    #[schema(schema_with = schema::year)]
    pub exercice: u16,
    /// La campagne qui l’a recueilli.
    #[schema(schema_with = schema::year_or_null)]
    pub campagne: Option<u16>,
    /// Son état.
    #[schema(schema_with = schema::year_state)]
    pub etat: String,
    /// Pourquoi, en un code stable.
    #[schema(schema_with = schema::reason)]
    pub motif: String,
    /// Pourquoi, en français.
    pub explication: String,
    /// La collectivité dont la déclaration décide.
    #[schema(schema_with = schema::siren)]
    pub siren: String,
    /// Numéro du récépissé de la version qui compte.
    #[schema(required = true)]
    pub recepisse: Option<String>,
    /// Instant de cette version.
    #[schema(schema_with = schema::instant_or_null)]
    pub date_depot: Option<String>,
    /// Source d’un montant antérieur au service.
    #[schema(required = true)]
    pub source: Option<String>,
    /// Les collectivités qui existaient alors, quand l’exercice repose sur elles.
    pub predecesseurs: Vec<AnneePredecesseur>,
}

/// Une collectivité à laquelle celle de la demande succède.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnneePredecesseur {
    /// Son SIREN.
    #[schema(schema_with = schema::siren)]
    pub siren: String,
    /// Son nom.
    pub nom: String,
    /// L’état de l’exercice pour elle.
    #[schema(schema_with = schema::year_state)]
    pub etat: String,
    /// Pourquoi.
    #[schema(schema_with = schema::reason)]
    pub motif: String,
    /// Numéro du récépissé de la version qui compte.
    #[schema(required = true)]
    pub recepisse: Option<String>,
    /// Instant de cette version.
    #[schema(schema_with = schema::instant_or_null)]
    pub date_depot: Option<String>,
    /// Source d’un montant antérieur au service.
    #[schema(required = true)]
    pub source: Option<String>,
}

/// Une entrée de la demande qui ne peut pas être lue : elle est répondue à sa place.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntreeIllisible {
    /// Rang dans la demande, à partir de 1.
    pub ligne: u32,
    /// Ce qui a été reçu.
    pub valeur: String,
    /// `erreur`.
    #[schema(pattern = "^erreur$")]
    pub statut: String,
    /// Ce qui ne va pas.
    pub erreur: String,
}

/// Réponse sur l’éligibilité d’un groupe.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictDeGroupe {
    /// Numéro ou nom du dossier.
    pub dossier: String,
    /// La règle de l’appel.
    #[schema(schema_with = schema::group_rule)]
    pub regle: String,
    /// La réponse pour le groupe.
    #[schema(schema_with = schema::status)]
    pub statut: String,
    /// Pourquoi, en un code stable.
    #[schema(schema_with = schema::reason)]
    pub motif: String,
    /// Pourquoi, en français.
    pub explication: String,
    /// Chaque membre, dans l’ordre de la demande.
    pub membres: Vec<MembreDeGroupe>,
}

/// La part d’un membre dans la réponse.
#[derive(Debug, Serialize, ToSchema)]
pub struct MembreDeGroupe {
    /// Son rôle.
    #[schema(schema_with = schema::member_role)]
    pub role: String,
    /// Son SIREN, ou son nom.
    pub membre: String,
    /// Sa propre réponse.
    #[schema(schema_with = schema::status)]
    pub statut: String,
    /// Si la règle de l’appel le regarde.
    pub compte: bool,
    /// Sa réponse en entier ; null s’il n’est pas concerné.
    #[schema(required = true)]
    pub reponse: Option<Verdict>,
}

/// Un dossier qui ne peut pas être jugé comme il est décrit.
#[derive(Debug, Serialize, ToSchema)]
pub struct DossierIllisible {
    /// Numéro ou nom du dossier.
    pub dossier: String,
    /// Ce qui ne va pas.
    pub erreurs: Vec<String>,
}

/// Une réponse, à la place de l’entrée de la demande.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Reponse {
    /// Une collectivité.
    Verdict(Box<Verdict>),
    /// Une entrée illisible.
    Illisible(EntreeIllisible),
    /// Un groupe.
    Groupe(Box<VerdictDeGroupe>),
    /// Un dossier illisible.
    DossierIllisible(DossierIllisible),
}

/// Les réponses, dans l’ordre de la demande, doublons compris.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reponses {
    /// Une par entrée de la demande.
    pub reponses: Vec<Reponse>,
}
