//! The stable codes of why a year or a verdict is what it is.

/// Why a year or a verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A declaration with lines counts.
    Declared,
    /// A nil declaration counts.
    DeclaredNil,
    /// A version rectified by a manager counts.
    Rectified,
    /// An amount declared before this service counts.
    PastAmount,
    /// Neither the body nor its predecessors existed.
    DidNotExist,
    /// Every predecessor that existed is satisfied.
    PredecessorsDeclared,
    /// A predecessor missed the year.
    PredecessorNotDeclared,
    /// Nothing counts and the time to declare has passed.
    NotDeclared,
    /// The version that counts annuls the declaration.
    Annulled,
    /// The version that counts was received out of time.
    OutOfTime,
    /// The window has not opened or not ended.
    WindowNotOver,
    /// A filing derogation runs.
    FilingDerogation,
    /// A filing awaits the attachment of its agent.
    AwaitingAttachment,
    /// No campaign and no past amounts for the year.
    YearUnknown,
    /// Its campaign was cancelled.
    CampaignCancelled,
    /// The SIREN is valid but not in the register.
    OutsideRegister,
    /// An eligibility derogation is in force.
    EligibilityDerogation,
    /// Not a French collectivity.
    NotConcerned,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 18] = [
        Self::Declared,
        Self::DeclaredNil,
        Self::Rectified,
        Self::PastAmount,
        Self::DidNotExist,
        Self::PredecessorsDeclared,
        Self::PredecessorNotDeclared,
        Self::NotDeclared,
        Self::Annulled,
        Self::OutOfTime,
        Self::WindowNotOver,
        Self::FilingDerogation,
        Self::AwaitingAttachment,
        Self::YearUnknown,
        Self::CampaignCancelled,
        Self::OutsideRegister,
        Self::EligibilityDerogation,
        Self::NotConcerned,
    ];

    /// The reason of this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Contract form: stable, for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Declared => "A_DECLARE",
            Self::DeclaredNil => "A_DECLARE_NEANT",
            Self::Rectified => "DECLARATION_RECTIFIEE",
            Self::PastAmount => "MONTANT_ANTERIEUR",
            Self::DidNotExist => "N_EXISTAIT_PAS",
            Self::PredecessorsDeclared => "PREDECESSEUR_DECLARE",
            Self::PredecessorNotDeclared => "PREDECESSEUR_NON_DECLARE",
            Self::NotDeclared => "NON_DECLARE",
            Self::Annulled => "DECLARATION_ANNULEE",
            Self::OutOfTime => "DECLARATION_HORS_DELAI",
            Self::WindowNotOver => "FENETRE_OUVERTE",
            Self::FilingDerogation => "DEROGATION_DEPOT",
            Self::AwaitingAttachment => "RATTACHEMENT_EN_ATTENTE",
            Self::YearUnknown => "ANNEE_INCONNUE",
            Self::CampaignCancelled => "CAMPAGNE_ANNULEE",
            Self::OutsideRegister => "HORS_REGISTRE",
            Self::EligibilityDerogation => "DEROGATION",
            Self::NotConcerned => "NON_CONCERNE",
        }
    }

    /// What the code means, in a few French words, for documentation and column lists.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Declared => "a déclaré ses versements",
            Self::DeclaredNil => "a déclaré n’avoir rien versé",
            Self::Rectified => "déclaration rectifiée par le ministère",
            Self::PastAmount => "montant déclaré avant l’ouverture du service",
            Self::DidNotExist => "n’existait pas cette année-là",
            Self::PredecessorsDeclared => "les collectivités auxquelles elle succède ont déclaré",
            Self::PredecessorNotDeclared => "une collectivité à laquelle elle succède n’a pas déclaré",
            Self::NotDeclared => "n’a pas déclaré",
            Self::Annulled => "déclaration annulée par le ministère",
            Self::OutOfTime => "déclaration reçue hors délai",
            Self::WindowNotOver => "la campagne n’est pas terminée",
            Self::FilingDerogation => "une dérogation de dépôt est en cours",
            Self::AwaitingAttachment => "un dépôt attend le rattachement de son agent",
            Self::YearUnknown => "le service ne sait rien de cette année",
            Self::CampaignCancelled => "la campagne a été annulée",
            Self::OutsideRegister => "SIREN absent du registre",
            Self::EligibilityDerogation => "dérogation d’éligibilité du ministère",
            Self::NotConcerned => "n’est pas une collectivité française",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_reason_has_its_own_code_and_words() {
        let codes: BTreeSet<_> = Reason::ALL.into_iter().map(Reason::code).collect();
        let labels: BTreeSet<_> = Reason::ALL.into_iter().map(Reason::label).collect();
        assert_eq!((codes.len(), labels.len()), (Reason::ALL.len(), Reason::ALL.len()));
        let shape = |code: &str| code.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        assert!(codes.into_iter().all(shape));
    }
}
