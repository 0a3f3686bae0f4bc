//! Documents read by programs of others: what they say, how they are tagged, whether their syntax holds.

use std::path::{Path, PathBuf};

use eapd::domain::declaration::{Filing, Receipt};
use eapd::domain::euros::Euros;
use eapd::domain::filing::FilingKind;
use eapd::domain::receipt::{Reader, Sheet};
use eapd::domain::reservation::Standing;
use eapd::domain::year::FlowYear;
use eapd::reports::receipt::document;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::golden::compare;
use super::tools::{poppler, python, qpdf};

pub const URL: &str = "https://eapd.example";
pub const NUMBER: &str = "0123456789ABCDEFGHJKMNPQRS";

/// A version of a kind, all of it fictitious.
fn sheet(kind: FilingKind) -> Sheet {
    let (siren, flow_year) = ("200000016".parse().unwrap(), FlowYear::new(2013).unwrap());
    let filed_at = "2014-05-20T10:03:05Z".parse().unwrap();
    let has_lines = !matches!(kind, FilingKind::Nil | FilingKind::Annulled);
    let cents = |cents| Euros::from_cents(if has_lines { cents } else { 0 }).unwrap();
    let told = |text: &str| kind.is_managers().then(|| text.to_owned());
    Sheet {
        collectivity: Some("Communauté fictive de l’Œil-de-Bœuf et d’Évreux".to_owned()),
        receipt: Receipt {
            number: NUMBER.to_owned(),
            siren,
            flow_year,
            version: 2,
            sha256: "0a1b2c3d4e5f6789".repeat(4),
            journal_head: "f9e8d7c6b5a43210".repeat(4),
            issued_at: filed_at,
        },
        filing: Filing {
            siren,
            flow_year,
            version: 2,
            kind,
            filed_at,
            filed_by: "P1".to_owned(),
            signatory: None,
            reason: told("Un versement était compté deux fois."),
            document: told("Courrier fictif du 2 juillet 2014"),
            line_count: if has_lines { 1_204 } else { 0 },
            total_paid: cents(123_456_789),
            total_own: cents(120_000_000),
        },
        filed_by: Some("Agente Fictive".to_owned()),
        signatory: (!kind.is_managers()).then(|| ("Élu Inventé".to_owned(), Some("maire".to_owned()))),
    }
}

fn written(folder: &TempDir, sheet: &Sheet, is_demonstration: bool) -> PathBuf {
    let file = folder.path().join("recepisse.pdf");
    std::fs::write(
        &file,
        document(sheet, Standing::InForce { confirmed_at: None }, URL, is_demonstration).unwrap(),
    )
    .unwrap();
    file
}

pub fn read(file: &Path) -> Value {
    qpdf(file);
    serde_json::from_str(&python("pdf_check.py", &[file])).unwrap()
}

/// Words apart by one space, as a reader speaks them.
pub fn spoken(file: &Path) -> String {
    one_space(&poppler("pdftotext", &["-raw"], file))
}

/// The fonts draw every space with the same sign: which one it was is not told.
pub fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_receipt_says_what_it_must_and_nothing_moves() {
    let folder = TempDir::new().unwrap();
    for (kind, is_demonstration, name) in [
        (FilingKind::Declared, false, "declaree"),
        (FilingKind::Nil, true, "neant_demonstration"),
        (FilingKind::Rectified, false, "rectifiee"),
    ] {
        let file = written(&folder, &sheet(kind), is_demonstration);
        compare(&format!("recepisse-{name}.txt"), poppler("pdftotext", &["-layout"], &file).as_bytes());
    }
}

#[test]
fn every_fact_can_be_read_aloud_and_copied() {
    let folder = TempDir::new().unwrap();
    for kind in FilingKind::ALL {
        let sheet = sheet(kind);
        let spoken = spoken(&written(&folder, &sheet, false));
        for fact in sheet.facts(Reader::Agent, URL) {
            let told = one_space(&format!("{} {}", fact.term, fact.value));
            assert!(spoken.contains(&told), "{told} in {spoken}");
        }
        assert!(
            spoken.contains(&one_space(&sheet.statement(Standing::InForce { confirmed_at: None })))
                && !spoken.contains("DÉMONSTRATION"),
            "{spoken}"
        );
    }
}

#[test]
fn a_receipt_is_tagged_for_everyone() {
    let folder = TempDir::new().unwrap();
    let sheet = sheet(FilingKind::Declared);
    let told = read(&written(&folder, &sheet, false));
    for (key, expected) in [
        ("pages", json!(1)),
        ("marked", json!(true)),
        ("language", json!("fr-FR")),
        (
            "title",
            json!(format!("Récépissé de télédéclaration, versements de 2013, version 2, numéro {NUMBER}")),
        ),
        ("title_shown", json!(true)),
        ("pdfua", json!("1")),
        ("pdfa", json!("2A")),
        ("output_intent", json!("/GTS_PDFA1")),
        ("outline", json!(["Récépissé de télédéclaration", "Vérifier ce récépissé"])),
        ("fonts", json!(["Marianne-Bold", "Marianne-Regular"])),
    ] {
        assert_eq!(told[key], expected, "{key}");
    }
    let address = format!("{URL}/recepisses?numero={NUMBER}");
    let link = json!([{"address": address, "told": format!("Adresse de vérification\u{a0}: {address}")}]);
    assert_eq!(told["links"], link);
    let tags = told["tags"][0].as_array().unwrap();
    let roles: Vec<_> = tags.iter().skip(1).map(|tag| tag[0].as_str().unwrap()).collect();
    assert_eq!(tags[0], "Document");
    assert_eq!(roles, ["P", "P", "H1", "P", "P", "Table", "H2", "P", "P"]);
    let rows = tags[6].as_array().unwrap();
    assert_eq!(rows.len() - 1, sheet.facts(Reader::Agent, URL).len());
    for row in &rows[1..] {
        assert_eq!((&row[0], &row[1][0], &row[2][0]), (&json!("TR"), &json!("TH"), &json!("TD")));
    }
    assert_eq!(rows.last().unwrap()[2][1], json!(["Link", "content", "object"]));
}

/// Names of 200 signs, a reason of pages: more lines, more pages, nothing lost, nothing outside.
#[test]
fn what_is_long_goes_on_and_stays_whole() {
    let folder = TempDir::new().unwrap();
    let mut sheet = sheet(FilingKind::Rectified);
    let name =
        "Marie-Françoise d’Hœrdt-Ñuñez de L’Haÿ-les-Roses ".repeat(5).chars().take(200).collect::<String>();
    sheet.collectivity = Some(format!("Syndicat fictif {name}"));
    sheet.signatory = Some((name.clone(), Some("W".repeat(200))));
    let file = written(&folder, &sheet, true);
    assert_eq!(read(&file)["pages"], 2);
    assert!(spoken(&file).contains(name.trim()));
    assert_eq!(spoken(&file).matches('W').count(), 200);
    let reason = "Un motif fictif, long, avec des mots. ".repeat(300);
    sheet.filing.reason = Some(reason.clone());
    let file = written(&folder, &sheet, true);
    let told = read(&file);
    assert!(told["pages"].as_u64().unwrap() > 3, "{told}");
    let pages: Vec<_> = (1..=told["pages"].as_u64().unwrap())
        .map(|page| poppler("pdftotext", &["-f", &page.to_string(), "-l", &page.to_string()], &file))
        .collect();
    for (place, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("Page {place}/{}", pages.len())) && page.contains("DÉMONSTRATION"));
    }
    assert_eq!(spoken(&file).matches("motif").count(), 300);
}
