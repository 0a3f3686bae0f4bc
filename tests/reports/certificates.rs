//! The certificate of eligibility read by programs of others: what it says, how it is tagged, whether its syntax holds.

use std::path::PathBuf;

use eapd::domain::call::CallCode;
use eapd::domain::certificate::{Attested, Certificate, NO_DECISION, title};
use eapd::domain::eligibility::{Reason, Status, Verdict, YearState, YearVerdict};
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::reports::certificate::{Place, document};
use serde_json::json;
use tempfile::TempDir;

use super::documents::{NUMBER, URL, one_space, read, spoken};
use super::golden::compare;
use super::tools::poppler;

/// An answer of this status, all of it fictitious.
fn certified(status: Status) -> (Certificate, Attested) {
    let (siren, call) = ("200000016".parse().unwrap(), "AAP-2014".parse::<CallCode>().unwrap());
    let at = "2014-06-20T10:03:05Z".parse().unwrap();
    let (state, reason) = match status {
        Status::Eligible => (YearState::Satisfied, Reason::Declared),
        Status::Pending => (YearState::Pending, Reason::WindowNotOver),
        _ => (YearState::Missed, Reason::NotDeclared),
    };
    let year = |year| YearVerdict {
        year: FlowYear::new(year).unwrap(),
        campaign: CampaignYear::new(year + 1).ok(),
        state,
        reason,
        sentence: "La collectivité (fictive) est dans ce cas, pour une raison qui tient en une phrase."
            .to_owned(),
        of: siren,
        receipt: None,
        filed_at: None,
        source: None,
        predecessors: vec![],
    };
    let verdict = Verdict {
        siren,
        call: call.clone(),
        status,
        reason,
        sentence: format!("{} à l’appel AAP-2014 (réponse fictive).", status.label()),
        founding_text: "Circulaire fictive du 31\u{a0}mars\u{a0}2014, II.c.".to_owned(),
        at,
        years: vec![year(2012), year(2013)],
    };
    let certificate = Certificate {
        number: NUMBER.to_owned(),
        siren,
        call,
        rank: 1,
        facts: "{}".to_owned(),
        sha256: "0a1b2c3d4e5f6789".repeat(4),
        journal_head: "f9e8d7c6b5a43210".repeat(4),
        issued_by: "P1".to_owned(),
        issued_at: at,
    };
    let collectivity = Some("Communauté fictive de l’Œil-de-Bœuf et d’Évreux".to_owned());
    (certificate, Attested { collectivity, call_title: "Appel fictif de 2014".to_owned(), verdict })
}

fn written(folder: &TempDir, status: Status, is_demonstration: bool) -> PathBuf {
    let (certificate, attested) = certified(status);
    let place = Place { public_url: URL, contact: "appels@ministere.example", is_demonstration };
    let file = folder.path().join("attestation.pdf");
    std::fs::write(&file, document(&certificate, &attested, &place).unwrap()).unwrap();
    file
}

#[test]
fn a_certificate_says_what_it_must_and_nothing_moves() {
    let folder = TempDir::new().unwrap();
    for (status, is_demonstration, name) in [
        (Status::Eligible, false, "eligible"),
        (Status::Pending, true, "en_attente_demonstration"),
        (Status::Ineligible, false, "ineligible"),
    ] {
        let file = written(&folder, status, is_demonstration);
        compare(&format!("attestation-{name}.txt"), poppler("pdftotext", &["-layout"], &file).as_bytes());
    }
}

#[test]
fn every_fact_can_be_read_aloud_and_copied() {
    let folder = TempDir::new().unwrap();
    for status in [Status::Eligible, Status::Pending, Status::Ineligible, Status::Undetermined] {
        let (certificate, attested) = certified(status);
        let spoken = spoken(&written(&folder, status, false));
        for fact in attested.facts(&certificate, URL) {
            let told = one_space(&format!("{} {}", fact.term, fact.value));
            assert!(spoken.contains(&told), "{told} in {spoken}");
        }
        for told in [attested.verdict.sentence.as_str(), &title(&attested.verdict), NO_DECISION] {
            assert!(spoken.contains(&one_space(told)), "{told} in {spoken}");
        }
        assert_eq!(spoken.contains("appels@ministere.example"), status != Status::Eligible, "{spoken}");
        assert!(!spoken.contains("DÉMONSTRATION"));
    }
    assert!(spoken(&written(&folder, Status::Eligible, true)).contains("DÉMONSTRATION"));
}

#[test]
fn a_certificate_is_tagged_for_everyone() {
    let folder = TempDir::new().unwrap();
    let told = read(&written(&folder, Status::Ineligible, false));
    let heading = "Attestation d’inéligibilité à la date du 20\u{a0}juin\u{a0}2014";
    for (key, expected) in [
        ("marked", json!(true)),
        ("language", json!("fr-FR")),
        ("title", json!(format!("{heading}, AAP-2014, SIREN 200000016, numéro {NUMBER}"))),
        ("title_shown", json!(true)),
        ("pdfua", json!("1")),
        ("pdfa", json!("2A")),
        (
            "outline",
            json!([
                heading,
                "Ce qui peut encore être fait",
                "Sur quoi la réponse se fonde",
                "Vérifier cette attestation"
            ]),
        ),
    ] {
        assert_eq!(told[key], expected, "{key}");
    }
    let address = format!("{URL}/recepisses?numero={NUMBER}");
    assert_eq!(told["links"][0]["address"], address);
    let tags = told["tags"][0].as_array().unwrap();
    let roles: Vec<_> = tags.iter().skip(1).map(|tag| tag[0].as_str().unwrap()).collect();
    assert_eq!(roles, ["P", "P", "H1", "P", "P", "H2", "P", "P", "H2", "Table", "H2", "P"]);
}
