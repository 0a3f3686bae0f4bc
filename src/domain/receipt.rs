//! What a receipt says: one list of facts, which the screen, the public page, the PDF and the mail show.

use crate::domain::declaration::{Filing, Receipt};
use crate::domain::filing::FilingKind;
use crate::domain::reservation::Standing;
use crate::domain::text::{sentence, thousands};

/// A version with its receipt and the names that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the collectivity, if the register holds it.
    pub collectivity: Option<String>,
    /// The receipt.
    pub receipt: Receipt,
    /// The version that it proves.
    pub filing: Filing,
    /// Name of who filed, unless erased.
    pub filed_by: Option<String>,
    /// Name and function of who signed, unless erased.
    pub signatory: Option<(String, Option<String>)>,
}

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Anyone who has the number: no person's name (rule 14), no reason.
    Public,
    /// An agent of the collectivity.
    Agent,
}

/// One thing that it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub term: &'static str,
    /// The value, as French writes it.
    pub value: String,
    /// How it is shown.
    pub kind: FactKind,
}

/// How the value of a fact is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    /// Words and figures.
    Text,
    /// A sequence of signs to be copied: a number, a hash.
    Code,
    /// An address of the service.
    Address,
}

/// What a version states, in words.
#[must_use]
pub const fn states(kind: FilingKind) -> &'static str {
    match kind {
        FilingKind::Declared => "déclaration",
        FilingKind::Nil => "déclaration néant",
        FilingKind::Rectified => "rectifiée par le ministère",
        FilingKind::Annulled => "annulée par le ministère",
        FilingKind::TakenOver => "reçue hors délai, reprise par le ministère",
    }
}

/// Where the version stands, in sentences that documents and mails say of it: whoever keeps one knows where to look.
#[must_use]
pub fn standing(standing: Standing) -> String {
    match standing {
        Standing::InForce { confirmed_at: None } => {
            "Cette version compte tant qu’aucune version plus récente n’existe\u{a0}: \
             la page de vérification dit laquelle compte."
                .to_owned()
        }
        Standing::Superseded { .. } => "Une version plus récente compte à la place de celle-ci, qui reste \
             authentique\u{a0}: la page de vérification le dit."
            .to_owned(),
        Standing::InForce { .. } | Standing::Reserved { .. } | Standing::Void { .. } => {
            format!("{} La page de vérification dit où elle en est.", standing.sentence())
        }
    }
}

/// Where anyone verifies the receipt of a number, under the address of the service.
#[must_use]
pub fn verification(public_url: &str, number: &str) -> String {
    format!("{}/recepisses?numero={number}", public_url.trim_end_matches('/'))
}

impl Sheet {
    /// What it says to a reader, in order; `public_url` is the address of the service.
    #[must_use]
    pub fn facts(&self, reader: Reader, public_url: &str) -> Vec<Fact> {
        let Self { receipt, filing, .. } = self;
        let siren = filing.siren;
        let for_agents = reader == Reader::Agent;
        let mut facts = Facts(vec![]);
        facts.text("Numéro", receipt.number.clone());
        facts.text(
            "Collectivité",
            match &self.collectivity {
                Some(name) => format!("{name}, SIREN {siren}"),
                None => format!("SIREN {siren}"),
            },
        );
        if for_agents {
            facts.text("Campagne", filing.flow_year.campaign().to_string());
        }
        facts.text("Versements de", filing.flow_year.to_string());
        facts.text("Version", format!("{}\u{a0}({})", filing.version, states(filing.kind)));
        facts.text("Reçue le", filing.filed_at.to_string());
        if for_agents {
            self.names(&mut facts);
        }
        if !matches!(filing.kind, FilingKind::Nil | FilingKind::Annulled) {
            facts.text("Lignes", thousands(filing.line_count.into()));
            facts.text("Montant versé", filing.total_paid.to_string());
            if let Some(received) = filing.total_paid.checked_sub(filing.total_own).filter(|_| for_agents) {
                facts.text("Cofinancements reçus", received.to_string());
            }
            facts.text("Ressources propres", filing.total_own.to_string());
        }
        facts.code("Empreinte SHA-256", receipt.sha256.clone());
        facts.code("Tête du journal", receipt.journal_head.clone());
        if for_agents {
            let value = verification(public_url, &receipt.number);
            facts.0.push(Fact { term: "Adresse de vérification", value, kind: FactKind::Address });
        }
        facts.0
    }

    fn names(&self, facts: &mut Facts) {
        if let Some(by) = &self.filed_by {
            facts.text("Déposée par", by.clone());
        }
        if let Some((name, function)) = &self.signatory {
            let told = match function {
                Some(function) => format!("{name}, {function}"),
                None => name.clone(),
            };
            facts.text("Signée par", told);
        }
        if let Some(reason) = &self.filing.reason {
            facts.text("Motif", reason.clone());
        }
        if let Some(document) = &self.filing.document {
            facts.text("Pièce", document.clone());
        }
    }

    /// Name and SIREN of the collectivity.
    #[must_use]
    pub fn whose(&self) -> String {
        let siren = self.filing.siren;
        match &self.collectivity {
            Some(name) => format!("{name} (SIREN {siren})"),
            None => format!("la collectivité de SIREN {siren}"),
        }
    }

    /// What happened, in a sentence. What is filed sous réserve is not yet the word of the collectivity.
    #[must_use]
    pub fn statement(&self, standing: Standing) -> String {
        let (whose, year) = (self.whose(), self.filing.flow_year);
        if matches!(standing, Standing::Reserved { .. } | Standing::Void { .. }) {
            let what = if self.filing.kind == FilingKind::Nil {
                format!("n’avoir versé aucune aide publique au développement en {year}")
            } else {
                format!("l’aide publique au développement versée en {year}")
            };
            return sentence(&format!(
                "pour {whose}, un agent dont le rattachement était demandé a déclaré {what}"
            ));
        }
        sentence(&match self.filing.kind {
            FilingKind::Declared => {
                format!("{whose} a déclaré l’aide publique au développement qu’elle a versée en {year}")
            }
            FilingKind::Nil => {
                format!("{whose} a déclaré n’avoir versé aucune aide publique au développement en {year}")
            }
            FilingKind::Rectified => {
                format!("pour {whose}, le ministère a rectifié la déclaration des versements de {year}")
            }
            FilingKind::Annulled => format!(
                "pour {whose}, le ministère a annulé la déclaration des versements de {year}\u{a0}: \
                 l’année compte comme non déclarée"
            ),
            FilingKind::TakenOver => format!(
                "pour {whose}, le ministère a repris la déclaration des versements de {year}, reçue hors délai"
            ),
        })
    }

    /// Name of the file of the receipt.
    #[must_use]
    pub fn file_name(&self) -> String {
        let Filing { siren, flow_year, version, .. } = &self.filing;
        format!("recepisse-{siren}-{flow_year}-v{version}.pdf")
    }
}

struct Facts(Vec<Fact>);

impl Facts {
    fn text(&mut self, term: &'static str, value: String) {
        self.0.push(Fact { term, value, kind: FactKind::Text });
    }

    fn code(&mut self, term: &'static str, value: String) {
        self.0.push(Fact { term, value, kind: FactKind::Code });
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::euros::Euros;
    use crate::domain::year::FlowYear;

    /// A version of a kind, filed by fictitious persons.
    pub(crate) fn sheet(kind: FilingKind) -> Sheet {
        let (siren, flow_year) = ("200000016".parse().unwrap(), FlowYear::new(2013).unwrap());
        let filed_at = "2014-05-20T10:03:05Z".parse().unwrap();
        let is_managers = kind.is_managers();
        let has_lines = !matches!(kind, FilingKind::Nil | FilingKind::Annulled);
        let cents = |cents| Euros::from_cents(if has_lines { cents } else { 0 }).unwrap();
        let told = |text: &str| is_managers.then(|| text.to_owned());
        Sheet {
            collectivity: Some("Commune fictive de l’Étang-à-la-Ville".to_owned()),
            receipt: Receipt {
                number: "0123456789ABCDEFGHJKMNPQRS".to_owned(),
                siren,
                flow_year,
                version: 2,
                sha256: "0a".repeat(32),
                journal_head: "b1".repeat(32),
                issued_at: filed_at,
            },
            filing: Filing {
                siren,
                flow_year,
                version: 2,
                kind,
                filed_at,
                filed_by: "P1".to_owned(),
                signatory: (!is_managers).then(|| "P2".to_owned()),
                reason: told("Un versement était compté deux fois."),
                document: told("Courrier fictif du 2 juillet 2014"),
                line_count: if has_lines { 1_204 } else { 0 },
                total_paid: cents(123_456_789),
                total_own: cents(120_000_000),
            },
            filed_by: Some("Agente Fictive".to_owned()),
            signatory: (!is_managers).then(|| ("Élu Inventé".to_owned(), Some("maire".to_owned()))),
        }
    }

    fn terms(facts: &[Fact]) -> Vec<&str> {
        facts.iter().map(|fact| fact.term).collect()
    }

    #[test]
    fn an_agent_reads_everything_and_the_public_no_name() {
        let url = "https://eapd.example/";
        let agent = sheet(FilingKind::Declared).facts(Reader::Agent, url);
        let value = |term: &str| agent.iter().find(|fact| fact.term == term).unwrap().value.clone();
        assert_eq!(value("Reçue le"), "20\u{a0}mai\u{a0}2014 à 12\u{a0}h\u{a0}03\u{a0}min\u{a0}05\u{a0}s");
        assert_eq!(value("Lignes"), "1\u{202f}204");
        assert_eq!(value("Montant versé"), "1\u{202f}234\u{202f}567,89\u{a0}€");
        assert_eq!(value("Cofinancements reçus"), "34\u{202f}567,89\u{a0}€");
        assert_eq!(value("Ressources propres"), "1\u{202f}200\u{202f}000,00\u{a0}€");
        assert_eq!(value("Signée par"), "Élu Inventé, maire");
        assert_eq!(
            value("Adresse de vérification"),
            "https://eapd.example/recepisses?numero=0123456789ABCDEFGHJKMNPQRS"
        );
        let public = sheet(FilingKind::Declared).facts(Reader::Public, url);
        assert_eq!(
            terms(&public),
            [
                "Numéro",
                "Collectivité",
                "Versements de",
                "Version",
                "Reçue le",
                "Lignes",
                "Montant versé",
                "Ressources propres",
                "Empreinte SHA-256",
                "Tête du journal",
            ]
        );
        for fact in &public {
            let told = agent.iter().find(|told| told.term == fact.term);
            assert_eq!(told, Some(fact), "the same figures for all");
        }
    }

    #[test]
    fn what_is_sous_reserve_is_not_yet_the_word_of_the_collectivity() {
        let until = "2014-07-15T21:30:00Z".parse().unwrap();
        let counted = sheet(FilingKind::Declared).statement(Standing::InForce { confirmed_at: Some(until) });
        assert!(!counted.contains("un agent"), "{counted}");
        for standing in [Standing::Reserved { until }, Standing::Void { since: until }] {
            let told = sheet(FilingKind::Declared).statement(standing);
            assert!(told.starts_with("Pour ") && told.contains("était demandé a déclaré l’aide"), "{told}");
            let told = sheet(FilingKind::Nil).statement(standing);
            assert!(told.contains("a déclaré n’avoir versé aucune aide"), "{told}");
        }
    }

    #[test]
    fn what_has_no_lines_has_no_amounts_and_a_managers_version_its_reason() {
        let nil = sheet(FilingKind::Nil).facts(Reader::Agent, "");
        assert!(!terms(&nil).iter().any(|term| ["Lignes", "Montant versé", "Motif"].contains(term)));
        let annulled = sheet(FilingKind::Annulled);
        let told = annulled.facts(Reader::Agent, "");
        assert!(["Motif", "Pièce"].iter().all(|term| terms(&told).contains(term)));
        let public = annulled.facts(Reader::Public, "");
        assert!(!terms(&public).iter().any(|term| ["Motif", "Pièce", "Ressources propres"].contains(term)));
        assert_eq!(annulled.file_name(), "recepisse-200000016-2013-v2.pdf");
    }
}
