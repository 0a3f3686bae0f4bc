//! Certificates of eligibility (attestations): what the rule answered on a body at an instant, kept as it was.

use crate::domain::call::CallCode;
use crate::domain::eligibility::{Status, Verdict};
use crate::domain::instant::Instant;
use crate::domain::receipt::{Fact, FactKind, verification};
use crate::domain::siren::Siren;

/// A certificate, immutable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// 26 characters that nobody guesses.
    pub number: String,
    /// The body.
    pub siren: Siren,
    /// The call.
    pub call: CallCode,
    /// Rank among those on this body and call, from 1: the last one replaces those before.
    pub rank: u32,
    /// What it says, as canonical JSON (RFC 8785).
    pub facts: String,
    /// SHA-256 of it, hexadecimal.
    pub sha256: String,
    /// Head of the journal when it was issued.
    pub journal_head: String,
    /// Random id of who issued it.
    pub issued_by: String,
    /// When, which is the instant of the answer.
    pub issued_at: Instant,
}

/// What a certificate says, read from its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// Name of the body at that instant, if the register held it.
    pub collectivity: Option<String>,
    /// Title of the call.
    pub call_title: String,
    /// The answer.
    pub verdict: Verdict,
}

/// The end that somebody put to a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Why: for the ministry.
    pub reason: String,
    /// From when on.
    pub decided_at: Instant,
}

/// Where a certificate stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No later one, not revoked.
    Latest,
    /// A later one was issued.
    Superseded {
        /// When.
        at: Instant,
    },
    /// It was revoked.
    Revoked {
        /// When.
        at: Instant,
    },
}

impl Standing {
    /// The stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Latest => "derniere",
            Self::Superseded { .. } => "remplacee",
            Self::Revoked { .. } => "revoquee",
        }
    }

    /// The same in a French sentence. None says that the answer still holds: it is that of a past instant.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::Latest => "Aucune attestation plus récente n’existe pour cette collectivité et cet appel. \
                Elle dit ce qui était vrai à sa date\u{a0}: la situation a pu changer depuis."
                .to_owned(),
            Self::Superseded { at } => {
                format!(
                    "Une attestation plus récente l’a remplacée le {at}\u{a0}: demandez-la à qui vous a remis celle-ci."
                )
            }
            Self::Revoked { at } => {
                format!("Le ministère l’a révoquée le {at}\u{a0}: ne vous fondez pas sur elle.")
            }
        }
    }
}

/// What a certificate of this answer is called: nobody takes one for another.
#[must_use]
pub fn title(verdict: &Verdict) -> String {
    let day = verdict.at.day_in_paris().to_long();
    match verdict.status {
        Status::Eligible => "Attestation d’éligibilité".to_owned(),
        Status::Pending => "Attestation d’éligibilité en attente".to_owned(),
        Status::Ineligible => format!("Attestation d’inéligibilité à la date du {day}"),
        Status::Undetermined | Status::NotConcerned => {
            format!("Attestation d’éligibilité indéterminée à la date du {day}")
        }
    }
}

/// What its reader must not read into it.
pub const NO_DECISION: &str = "Cette attestation informe\u{a0}: elle ne décide ni d’un refus ni d’une subvention, \
     sauf si l’appel à projets en dispose autrement.";

/// What can still be asked, and of whom, where the answer is not that the body is eligible; `contact` is the
/// address of the ministry, if there is one.
#[must_use]
pub fn what_next(status: Status, contact: &str) -> Option<String> {
    let to = if contact.is_empty() {
        "au ministère (service instructeur des appels à projets)".to_owned()
    } else {
        format!("au ministère\u{a0}: {contact}")
    };
    match status {
        Status::Eligible | Status::NotConcerned => None,
        Status::Pending => Some(format!(
            "La collectivité peut candidater. Elle sera éligible dès que ce qui manque aura été déclaré dans les délais. \
             Pour toute question, écrivez {to}."
        )),
        Status::Ineligible => Some(format!(
            "La collectivité peut demander une dérogation en écrivant, motif à l’appui, {to}. Une erreur dans ce qui \
             est écrit ici se signale à la même adresse."
        )),
        Status::Undetermined => {
            Some(format!("Le service n’a pas de quoi répondre\u{a0}: signalez ce qui manque {to}."))
        }
    }
}

impl Attested {
    /// Name and SIREN of the body.
    #[must_use]
    pub fn whose(&self) -> String {
        match &self.collectivity {
            Some(name) => format!("{name}, SIREN {}", self.verdict.siren),
            None => format!("SIREN {}", self.verdict.siren),
        }
    }

    /// What it says, in order; `public_url` is the address of the service. The page and the document show this list.
    #[must_use]
    pub fn facts(&self, certificate: &Certificate, public_url: &str) -> Vec<Fact> {
        let verdict = &self.verdict;
        let text = |term, value| Fact { term, value, kind: FactKind::Text };
        let code = |term, value: &str| Fact { term, value: value.to_owned(), kind: FactKind::Code };
        let address = verification(public_url, &certificate.number);
        let mut facts = vec![
            code("Numéro", &certificate.number),
            Fact { term: "Adresse de vérification", value: address, kind: FactKind::Address },
            text("Collectivité", self.whose()),
            text("Appel à projets", format!("{}, {}", verdict.call, self.call_title)),
            text("Réponse", verdict.status.label().to_owned()),
            text("Motif", format!("{} ({})", verdict.reason.label(), verdict.reason.code())),
            text("À la date du", verdict.at.to_string()),
        ];
        for year in &verdict.years {
            let source =
                year.source.as_ref().map(|source| format!(" Source\u{a0}: {source}.")).unwrap_or_default();
            let told = format!("{}, {}. {}{source}", year.year, year.state.label(), year.sentence);
            facts.push(text("Versements de", told));
        }
        facts.push(text("Texte fondateur", verdict.founding_text.clone()));
        facts.push(code("Empreinte SHA-256", &certificate.sha256));
        facts.push(code("Tête du journal", &certificate.journal_head));
        facts
    }
}

impl Certificate {
    /// Name of the file of the document.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("attestation-{}-{}-{}", self.siren, self.call, self.issued_at.day_in_paris().to_iso())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::eligibility::{Reason, YearState, YearVerdict};
    use crate::domain::year::FlowYear;

    /// An answer of this status, all of it fictitious.
    pub(crate) fn attested(status: Status) -> (Certificate, Attested) {
        let (siren, call) = ("200000016".parse().unwrap(), "AAP-2014".parse::<CallCode>().unwrap());
        let at = "2014-05-20T10:03:05Z".parse().unwrap();
        let (state, reason) = match status {
            Status::Eligible => (YearState::Satisfied, Reason::Declared),
            Status::Pending => (YearState::Pending, Reason::WindowNotOver),
            Status::Ineligible => (YearState::Missed, Reason::NotDeclared),
            Status::Undetermined | Status::NotConcerned => (YearState::Unknown, Reason::YearUnknown),
        };
        let year = YearVerdict {
            year: FlowYear::new(2013).unwrap(),
            campaign: None,
            state,
            reason,
            sentence: "La collectivité (fictive) est dans ce cas.".to_owned(),
            of: siren,
            receipt: None,
            filed_at: None,
            source: Some("Bilan fictif".to_owned()),
            predecessors: vec![],
        };
        let verdict = Verdict {
            siren,
            call: call.clone(),
            status,
            reason,
            sentence: "Réponse fictive pour l’appel AAP-2014.".to_owned(),
            founding_text: "Circulaire fictive du 31\u{a0}mars\u{a0}2014".to_owned(),
            at,
            years: vec![year],
        };
        let certificate = Certificate {
            number: "0123456789ABCDEFGHJKMNPQRS".to_owned(),
            siren,
            call,
            rank: 1,
            facts: "{}".to_owned(),
            sha256: "0a".repeat(32),
            journal_head: "b1".repeat(32),
            issued_by: "P1".to_owned(),
            issued_at: at,
        };
        let collectivity = Some("Commune fictive de l’Étang-à-la-Ville".to_owned());
        (certificate, Attested { collectivity, call_title: "Appel fictif".to_owned(), verdict })
    }

    #[test]
    fn the_title_says_the_state() {
        for (status, expected) in [
            (Status::Eligible, "Attestation d’éligibilité"),
            (Status::Pending, "Attestation d’éligibilité en attente"),
            (Status::Ineligible, "Attestation d’inéligibilité à la date du 20\u{a0}mai\u{a0}2014"),
            (
                Status::Undetermined,
                "Attestation d’éligibilité indéterminée à la date du 20\u{a0}mai\u{a0}2014",
            ),
        ] {
            assert_eq!(title(&attested(status).1.verdict), expected);
        }
    }

    #[test]
    fn who_is_not_eligible_reads_what_can_be_asked_and_of_whom() {
        for status in [Status::Pending, Status::Ineligible, Status::Undetermined] {
            assert!(what_next(status, "aap@ministere.example").unwrap().contains("aap@ministere.example"));
            assert!(what_next(status, "").unwrap().contains("ministère"));
        }
        assert!(what_next(Status::Ineligible, "").unwrap().contains("dérogation"));
        assert_eq!(what_next(Status::Eligible, ""), None);
    }

    #[test]
    fn the_facts_name_what_was_asked_and_how_to_verify_it() {
        let (certificate, attested) = attested(Status::Ineligible);
        let facts = attested.facts(&certificate, "https://eapd.example/");
        let value = |term: &str| facts.iter().find(|fact| fact.term == term).unwrap().value.as_str();
        assert_eq!(value("Collectivité"), "Commune fictive de l’Étang-à-la-Ville, SIREN 200000016");
        assert_eq!(value("Réponse"), "inéligible");
        assert_eq!(
            value("Adresse de vérification"),
            "https://eapd.example/recepisses?numero=0123456789ABCDEFGHJKMNPQRS"
        );
        assert!(
            value("Versements de").contains("2013, manquant.")
                && value("Versements de").contains("Bilan fictif")
        );
        assert_eq!(certificate.file_name(), "attestation-200000016-AAP-2014-2014-05-20");
    }
}
