//! What a use case may answer instead of its result.

use crate::domain::refusal::{Because, Refusal};
use crate::domain::rules::Issue;
use crate::imports::Refused;
use crate::reports::ReportError;
use crate::store::StoreError;

/// Why a use case gave no result. Each audience maps it to its own form once.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// A rule refuses the request; the sentence says how to mend it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Lines have faults; every one of them is told.
    #[error("{}", summary(.0))]
    Lines(Vec<Issue>),
    /// A file cannot be taken; every fault of it is told.
    #[error(transparent)]
    File(#[from] Refused),
    /// The database failed or refused.
    #[error(transparent)]
    Store(StoreError),
    /// A report could not be written.
    #[error("rapport\u{a0}: {0}")]
    Report(#[from] ReportError),
}

impl ServiceError {
    /// A refusal with its sentence.
    #[must_use]
    pub fn refused(because: Because, message: impl Into<String>) -> Self {
        Self::Refused(Refusal::new(because, message))
    }

    /// Whether the database cannot be reached, rather than refusing: it may answer later.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_outage())
    }
}

/// Two writes at once: one of them came first.
const MEANWHILE: &str = "une autre opération a eu lieu entre-temps\u{a0}: relisez puis recommencez";

/// The guards of the database speak last: where one refuses what the rules let
/// through (a race), its code becomes the refusal that the rules would have given.
impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Exists) {
            return Self::refused(Because::FiledMeanwhile, MEANWHILE);
        }
        let because = match error.guard_code() {
            Some("EAPD-G11") => Because::CampaignSettled,
            Some("EAPD-G12") => Because::WindowClosed,
            Some("EAPD-G03" | "EAPD-G08" | "EAPD-G24") => Because::FiledMeanwhile,
            Some("EAPD-G09") => Because::UnknownCampaign,
            Some("EAPD-G22") => Because::StepTaken,
            Some("EAPD-G14") => Because::YearHasCampaign,
            // A reservation is refused when its request was answered meanwhile, or the other way round.
            Some("EAPD-G19" | "EAPD-G20") => Because::AttachmentAnswered,
            Some("EAPD-G21") => Because::AwaitsAttachment,
            Some("EAPD-G23") => Because::OutOfTurn,
            _ => return Self::Store(error),
        };
        let message = match because {
            Because::CampaignSettled => {
                "la campagne vient d’être arrêtée\u{a0}: seul le ministère peut encore modifier"
            }
            Because::WindowClosed => "la fenêtre de télédéclaration est fermée",
            Because::UnknownCampaign => "aucune campagne ne reçoit cette déclaration",
            Because::YearHasCampaign => "cet exercice a une campagne\u{a0}: les montants s’y déclarent",
            _ => MEANWHILE,
        };
        Self::refused(because, message)
    }
}

fn summary(issues: &[Issue]) -> String {
    match issues.iter().filter(|issue| issue.is_error()).count() {
        1 => "une erreur est à corriger\u{a0}: rien n’a été enregistré".to_owned(),
        count => format!("{count} erreurs sont à corriger\u{a0}: rien n’a été enregistré"),
    }
}
