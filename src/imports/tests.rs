//! What holds for every kind of file: each code has an input that breaks it,
//! large wrong files are answered quickly, no bytes make a reader panic.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::xlsx::tests::{archive, workbook};
use super::{Limits, Refused, bulk, catalogue, contacts, dossiers, eligibility, expected, history, lines};

fn codes(result: Result<impl Sized, Refused>) -> Vec<&'static str> {
    result.err().map(|refused| refused.codes().collect()).unwrap_or_default()
}

fn past(bytes: &[u8]) -> Vec<&'static str> {
    codes(history::read(bytes, &Limits::default()))
}

fn past_row(row: &str) -> Vec<&'static str> {
    past(format!("siren;exercice;montant;neant;date_depot;source\n{row}\n").as_bytes())
}

fn listed(bytes: &[u8]) -> Vec<&'static str> {
    codes(expected::read(bytes, &Limits::default()))
}

fn listed_cell(cell: &str) -> Vec<&'static str> {
    let header = r#"<row r="1"><c t="inlineStr"><is><t>siren</t></is></c><c t="inlineStr"><is><t>motif</t></is></c></row>"#;
    listed(&workbook(&format!(r#"{header}<row r="2"><c><v>217500016</v></c>{cell}</row>"#)))
}

fn ole(stream: &str) -> Vec<u8> {
    let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &name].concat()
}

/// For each code, what an input that breaks the rule is answered.
fn breaking() -> Vec<(&'static str, Vec<&'static str>)> {
    let small =
        Limits { columns: 2, rows: 1, cell_bytes: 20, text_bytes: 40, errors: 1, ..Limits::default() };
    let limited = |text: &str| codes(expected::read(text.as_bytes(), &small));
    let bulk_rows = "siren;signataire_nom;signataire_fonction;piece;neant;titre;pays;secteur;canal;nature;montant_verse\n\
                     217500016;A;maire;P1;;Eau;Mali;14030;22000;projet;1\n\
                     217500016;A;maire;P2;;Eau;Mali;14030;22000;projet;1\n";
    let roles = dossiers::read(b"dossier;role;siren\nD;porteur;217500016\n", &Limits::default()).unwrap();
    let role = roles[0].members[0].entry.as_ref().unwrap_err().code;
    vec![
        (catalogue::EMPTY_FILE, listed(b"")),
        (catalogue::TOO_LARGE, listed(&vec![b'a'; (10 << 20) + 1])),
        (catalogue::NOT_A_TABLE, listed(b"%PDF-1.7")),
        (catalogue::PASSWORD, listed(&ole("EncryptedPackage"))),
        (catalogue::BINARY, listed(b"siren;motif\n\0")),
        (catalogue::ENCODING, listed(b"siren;motif\n217500016;\x8fa\n")),
        (catalogue::SUSPICIOUS, listed(&archive(&[("xl/a", &vec![0; 8 << 20])]))),
        (catalogue::DOCTYPE, listed(&archive(&[("_rels/.rels", b"<!DOCTYPE x><a/>"), ("xl/a", b"")]))),
        (catalogue::DAMAGED, listed(b"PK\x03\x04")),
        (catalogue::TOO_MANY_ROWS, limited("siren;motif\n1;a\n2;b\n")),
        (catalogue::TOO_MANY_COLUMNS, limited("a;b;c\n")),
        (catalogue::CELL_TOO_LONG, limited(&format!("siren;{}\n", "m".repeat(21)))),
        (catalogue::TABLE_TOO_LARGE, limited(&format!("siren;motif\n{0};{0}\n", "m".repeat(20)))),
        (catalogue::TOO_MANY_ERRORS, {
            let errors = Limits { errors: 1, ..Limits::default() };
            codes(expected::read(b"siren;motif\n1;a;x\n2;b;y\n", &errors))
        }),
        (catalogue::QUOTES, listed(b"siren;motif\n217500016;\"Atlas\n")),
        (catalogue::UNKNOWN_COLUMN, listed(b"siren;motif;nom\n217500016;Atlas;Paris\n")),
        (catalogue::DUPLICATE_COLUMN, listed(b"siren;motif;Motif\n217500016;a;b\n")),
        (catalogue::MISSING_COLUMN, codes(lines::read(b"titre\nEau\n", &Limits::default()))),
        (catalogue::UNNAMED_COLUMN, listed(b"siren;;motif\n217500016;x;a\n")),
        (catalogue::EXTRA_CELL, listed(b"siren;motif\n217500016;Eau;assainissement\n")),
        (catalogue::ERROR_VALUE, listed_cell(r#"<c t="e"><v>#REF!</v></c>"#)),
        (catalogue::BOOLEAN, listed_cell(r#"<c t="b"><v>1</v></c>"#)),
        (catalogue::DATE_CELL, listed_cell(r#"<c t="d"><v>2013-05-12T14:30:00</v></c>"#)),
        (catalogue::NO_CACHED_VALUE, listed_cell("<c><f>A1+B1</f></c>")),
        (catalogue::NUMBER_CELL, listed_cell("<c><v>1E999</v></c>")),
        (catalogue::EMPTY_CELL, listed(b"siren;motif\n;Atlas\n")),
        (catalogue::SIREN, past_row("217500017;2012;100;;;s")),
        (catalogue::YEAR, past_row("217500016;13;100;;;s")),
        (catalogue::AMOUNT, past_row("217500016;2012;1.234;;;s")),
        (catalogue::DAY, past_row("217500016;2012;100;;12/5/13;s")),
        (catalogue::YES_NO, past_row("217500016;2012;100;peut-être;;s")),
        (catalogue::NIL_CONFLICT, past_row("217500016;2012;12,50;oui;;s")),
        (catalogue::PAST_CONFLICT, past_row("217500016;2012;100;;;s\n217500016;2012;200;;;s")),
        (catalogue::GROUP_CONFLICT, codes(bulk::read(bulk_rows.as_bytes(), &Limits::default()))),
        (catalogue::ROLE, vec![role]),
        (catalogue::EMAIL, {
            let rows = b"siren;courriel;source\n217500016;mairie(at)exemple.fr;annuaire\n";
            codes(contacts::read(rows, &Limits::default()))
        }),
        (catalogue::NAME, {
            let rows =
                format!("siren;courriel;source;nom\n217500016;m@exemple.fr;annuaire;{}\n", "m".repeat(500));
            codes(contacts::read(rows.as_bytes(), &Limits::default()))
        }),
    ]
}

#[test]
fn every_code_has_an_input_that_breaks_it_and_it_alone() {
    let breaking = breaking();
    for (code, answered) in &breaking {
        assert_eq!(answered, &[*code], "{code}");
    }
    let tried: BTreeSet<&str> = breaking.iter().map(|(code, _)| *code).collect();
    let known: BTreeSet<&str> = catalogue::ALL.iter().map(|entry| entry.code).collect();
    assert_eq!(tried, known);
}

#[test]
fn ten_thousand_bad_rows_are_all_answered_quickly() {
    let mut text = String::from("siren;exercice;montant;neant;date_depot;source\n");
    for row in 0..10_000 {
        writeln!(text, "X{row};12;1.234;;31/02/2013;").unwrap();
    }
    let started = Instant::now();
    let refused = history::read(text.as_bytes(), &Limits::default()).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(30), "{:?} in an unoptimised build", started.elapsed());
    assert_eq!(refused.len(), 50_000);
    assert_eq!(refused.cells.last().map(|error| error.row), Some(10_001));
}

#[test]
fn every_message_says_what_and_how_to_mend() {
    let refused = history::read(b"siren;exercice;montant\n1;2;3\n", &Limits::default()).unwrap_err();
    let shown = refused.to_string();
    assert!(shown.starts_with("Ligne\u{a0}1. Il manque 3\u{a0}colonnes obligatoires\u{a0}: "), "{shown}");
    let text = "siren;exercice;montant;neant;date_depot;source\n\n217500016;2012;1.234;;;s\n";
    let shown = history::read(text.as_bytes(), &Limits::default()).unwrap_err().to_string();
    assert!(shown.starts_with("Ligne\u{a0}3, colonne «\u{a0}montant\u{a0}». Montant ambigu"), "{shown}");
    assert!(!shown.contains('\''), "{shown}");
}

/// Every reader on the same bytes.
fn read_all(bytes: &[u8]) {
    let limits = Limits::default();
    let _ = lines::read(bytes, &limits);
    let _ = bulk::read(bytes, &limits);
    let _ = history::read(bytes, &limits);
    let _ = expected::read(bytes, &limits);
    let _ = eligibility::read(bytes, &limits);
    let _ = dossiers::read(bytes, &limits);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn never_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes);
    }

    #[test]
    fn never_panics_on_a_spoiled_csv(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..10),
        kind in 0_usize..3,
    ) {
        let seeds = [
            "siren;exercice;montant;neant;date_depot;source\n217500016;2012;\"1 234,50\";non;30/06/2013;\"a\nb\"\n",
            "\u{feff}dossier,role,siren\r\nD1,chef_de_file,217500016\r\nD1,partenaire,\"Kayes, Mali\"\r\n",
            "siren\tsignataire_nom\tsignataire_fonction\tpiece\tneant\ttitre\n217500016\tA\tmaire\tP\toui\t\n",
        ];
        let mut bytes = seeds[kind].as_bytes().to_vec();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        read_all(&bytes);
    }
}
