//! The CRS++ lines: golden files, sums to the cent, codes of their year, cross-checks, natures of submission.

use std::collections::BTreeMap;
use std::fs;

use calamine::Data;
use eapd::domain::codes::{ChannelCode, CodeLists, PurposeCode, RecipientCode};
use eapd::domain::collectivity::CollectivityKind;
use eapd::domain::crs::{CrsLine, Submission, Told};
use eapd::domain::filing::FilingKind;
use eapd::domain::line::Line;
use eapd::domain::scope::Scope;
use eapd::reports::crs::items::items;
use eapd::reports::crs::{CrsGroups, CrsLines, CrsReport, CrsWritten, Identifiers};
use eapd::reports::{Context, Format, Status, Unit};
use proptest::prelude::*;

use super::fixture::{Campaign, at, body, buffer, euros, golden, line, year};
use super::golden::compare;
use super::tools;
use super::totals::{self, cents, labelled, sheet};

/// A line of which nothing is on record.
pub fn unknown(filed: &eapd::domain::declaration::FiledLine) -> CrsLine {
    CrsLine { filed: filed.clone(), known: None, is_named: false, told: None, is_withdrawn: false }
}

/// What a release gives to the first edition of a year.
fn first() -> Identifiers {
    Identifiers { next_activity: Some(1), next_group: Some(900_000), groups: BTreeMap::new() }
}

fn edition(campaign: &Campaign, unit: Unit) -> Context {
    let status = Status::Edition { number: 1, released_at: at("2017-07-01T07:00:00Z") };
    campaign.context(status, Scope::National, unit)
}

/// Which rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Line,
    Group,
}

pub fn write(
    (by, format): (By, Format),
    context: Context,
    identifiers: Identifiers,
    lines: &[CrsLine],
) -> (Vec<u8>, CrsWritten) {
    let mut out = buffer();
    let mut report: Box<dyn CrsReport> = match by {
        By::Line => Box::new(CrsLines::begin(context, &identifiers, format, None, &mut out).unwrap()),
        By::Group => Box::new(CrsGroups::begin(context, identifiers, format, None, &mut out).unwrap()),
    };
    for line in lines {
        report.line(line).unwrap();
    }
    let written = report.finish().unwrap();
    (out.into_inner(), written)
}

fn all(campaign: &Campaign) -> Vec<CrsLine> {
    campaign.lines.iter().map(unknown).collect()
}

/// The rows of a CSV, by key of the definition.
pub fn rows(bytes: &[u8]) -> Vec<BTreeMap<&'static str, String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(&bytes[3..]);
    let items = items().unwrap();
    let headers: Vec<String> = items.iter().map(eapd::reports::crs::items::Item::header).collect();
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), headers);
    let read = |record: csv::StringRecord| {
        items.iter().map(|item| item.key.as_str()).zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|record| read(record.unwrap())).collect()
}

fn sum(rows: &[BTreeMap<&str, String>], key: &str) -> i64 {
    rows.iter().map(|row| row[key].replace('.', "").parse::<i64>().unwrap()).sum()
}

fn own(campaign: &Campaign) -> i64 {
    campaign.lines.iter().map(|line| line.line.own_resources().cents()).sum()
}

#[test]
fn the_lines_are_as_reviewed() {
    let campaign = golden();
    let folder = tempfile::tempdir().unwrap();
    for (by, name) in [(By::Line, "ocde-crs"), (By::Group, "ocde-crs-regroupe")] {
        let written =
            |format, unit| write((by, format), edition(&campaign, unit), first(), &all(&campaign)).0;
        compare(&format!("{name}.csv"), &written(Format::Csv, Unit::Euro));
        let file = folder.path().join(format!("{name}.xlsx"));
        fs::write(&file, written(Format::Xlsx, Unit::Euro)).unwrap();
        compare(&format!("{name}.xlsx.txt"), tools::python("parts.py", &[&file]).as_bytes());
        assert_eq!(written(Format::Xlsx, Unit::Thousand), written(Format::Xlsx, Unit::Thousand));
    }
}

#[test]
fn what_is_not_settled_says_so_in_each_row() {
    let campaign = golden();
    for by in [By::Line, By::Group] {
        let (bytes, written) =
            write((by, Format::Csv), campaign.national(), Identifiers::default(), &all(&campaign));
        let rows = rows(&bytes);
        assert!(rows.iter().all(|row| row["nature_notification"] == "5" && row["identifiant"].is_empty()));
        assert!(written.ledger.is_none() && written.new_groups.is_empty());
    }
}

#[test]
fn a_row_says_what_the_form_asks() {
    let campaign = golden();
    let (bytes, written) =
        write((By::Line, Format::Csv), edition(&campaign, Unit::Euro), first(), &all(&campaign));
    assert_eq!((written.fault_count, written.faults.len()), (0, 0));
    let rows = rows(&bytes);
    assert_eq!(rows.len(), 19, "the line without own resources is left out");
    let row = rows.iter().find(|row| row["numero_projet"].ends_with("-C-1")).unwrap();
    // 90,000.00 € committed, half of what was paid from own resources; 50,000.50 € paid, 25,000.25 € own.
    let expected = [
        ("annee", "2016"),
        ("date_engagement", "2016-12-31"),
        ("nature_notification", "1"),
        ("engagement", "45000.00"),
        ("versement", "25000.25"),
        ("debut", "2016-01-01"),
        ("fin", "2018-12-31"),
        ("egalite", "2"),
        ("desertification", "3"),
        ("odd", "6;6.1"),
        ("monnaie", "EUR"),
    ];
    for (key, value) in expected {
        assert_eq!(row[key], value, "{key}");
    }
    for row in &rows {
        assert_eq!(
            [&*row["donneur"], &*row["organisme"], &*row["flux"], &*row["financement"]],
            ["4", "8", "10", "110"]
        );
        let siren = &row["numero_projet"][..9];
        assert!(row["description"].contains(&format!("(SIREN {siren})")), "{row:?}");
        if row["nature_notification"] == "8" {
            assert_eq!(row["engagement"], row["versement"]);
        }
    }
    let ids: Vec<&str> = rows.iter().map(|row| &*row["identifiant"]).collect();
    let expected: Vec<String> = (1..=19).map(|number| format!("2016{number:06}")).collect();
    assert_eq!(ids, expected);
    let words = |word: &str| rows.iter().filter(|row| row["mots_cles"] == word).count();
    assert_eq!([words("#FACECO"), words("#REFUGIES"), words("#BOURSES"), words("")], [1, 2, 1, 15]);
}

/// What is on record decides the nature; order decides nothing.
#[test]
fn a_nature_follows_from_what_was_told() {
    let campaign = golden();
    let context = || edition(&campaign, Unit::Euro);
    let (_, written) = write((By::Line, Format::Csv), context(), first(), &all(&campaign));
    let told: BTreeMap<String, _> = written
        .ledger
        .unwrap()
        .lines()
        .unwrap()
        .map(|line| line.unwrap())
        .map(|line| (format!("{}-{}", line.siren, line.reference), line))
        .collect();
    assert_eq!(told.len(), 19);
    let recorded = |filed: &CrsLine| {
        let found = told.get(&format!("{}-{}", filed.filed.siren, filed.filed.line.reference));
        let said = found.map(|line| Told { submission: line.submission, digest: line.digest.clone() });
        CrsLine { known: found.map(|line| line.id), is_named: found.is_some(), told: said, ..filed.clone() }
    };
    let natures = |lines: &[CrsLine]| -> BTreeMap<String, (String, String, String)> {
        let (bytes, _) = write((By::Line, Format::Csv), context(), Identifiers::default(), lines);
        let of = |row: &BTreeMap<&str, String>| {
            let told = ["identifiant", "nature_notification", "versement"].map(|key| row[key].clone());
            (row["numero_projet"].clone(), told.into())
        };
        rows(&bytes).iter().map(of).collect()
    };
    let same: Vec<CrsLine> = all(&campaign).iter().map(recorded).collect();
    let first_natures = natures(&all(&campaign));
    let strip = |natures: BTreeMap<String, (String, String, String)>| -> Vec<(String, String)> {
        natures.into_iter().map(|(key, (_, nature, _))| (key, nature)).collect()
    };
    assert_eq!(strip(natures(&same)), strip(first_natures), "nothing changed: said again as it was");

    let mut reordered = same.clone();
    reordered.reverse();
    assert_eq!(natures(&reordered), natures(&same));

    // One title changed; one line gone, the sums with it.
    let mut changed = same.clone();
    let at = changed.iter().position(|line| line.filed.line.reference == "C-4").unwrap();
    changed[at].filed.line.title.push('!');
    let found = natures(&changed);
    let (key, _) = found.iter().find(|(key, _)| key.ends_with("-C-4")).unwrap();
    assert_eq!(found[key].1, "2");
    assert_eq!(found.values().filter(|(_, nature, _)| nature == "2").count(), 1);
    changed[at] = CrsLine { is_withdrawn: true, ..same[at].clone() };
    let mut shorter = Campaign { lines: Vec::new(), filings: Vec::new(), ..golden() };
    shorter.filings = campaign.filings.clone();
    for filing in &mut shorter.filings {
        if filing.siren == same[at].filed.siren {
            filing.line_count -= 1;
            filing.total_own = euros(filing.total_own.cents() - 49_999);
        }
    }
    let context = edition(&shorter, Unit::Euro);
    let (bytes, written) = write((By::Line, Format::Csv), context, Identifiers::default(), &changed);
    let found = rows(&bytes);
    let row = found.iter().find(|row| row["numero_projet"].ends_with("-C-4")).unwrap();
    assert_eq!(
        [&*row["nature_notification"], &*row["versement"], &*row["engagement"]],
        ["2", "0.00", "0.00"],
        "taken back, as it was: {row:?}"
    );
    assert_eq!(row["titre"], "-5 % de fuites".replace('-', "'-"));
    assert_eq!(written.written.total_own.cents(), own(&campaign) - 49_999);

    // Known since another year: a payment on what was told, nothing committed again.
    let mut later = same;
    for line in &mut later {
        line.told = None;
        line.known = line.known.map(|id| format!("2014{:06}", id.number()).parse().unwrap());
    }
    for (_, nature, _) in natures(&later).values() {
        assert_eq!(nature, Submission::Payment.code().to_string().as_str());
    }
}

#[test]
fn cells_in_thousands_are_rounded_and_the_controls_say_by_how_much() {
    let campaign = golden();
    for unit in [Unit::Euro, Unit::Thousand] {
        for by in [By::Line, By::Group] {
            let (bytes, _) = write((by, Format::Xlsx), edition(&campaign, unit), first(), &all(&campaign));
            let (lines, controls) = (sheet(&bytes, "Lignes"), sheet(&bytes, "Contrôles"));
            let column = lines[0].iter().position(|cell| *cell == Data::String("34 Versements".to_owned()));
            let shown: i64 =
                lines[1..].iter().map(|row| cents(&row[column.unwrap()])).sum::<i64>() * unit.factor();
            assert_eq!(labelled(&controls, "Rangs notifiés", Some(2)), own(&campaign));
            assert_eq!(labelled(&controls, "Somme des cellules du fichier, en euros", Some(2)), shown);
            assert_eq!(labelled(&controls, "Différence d’arrondi", Some(2)), shown - own(&campaign));
            if unit == Unit::Euro {
                assert_eq!(shown, own(&campaign));
            }
        }
    }
}

#[test]
fn each_year_uses_the_codes_of_its_time() {
    let codes = CodeLists::embedded().unwrap();
    // A country, a purpose and a channel that are no more, of the year in which they were.
    for (flow_year, recipient, purpose, channel, is_sound) in [
        (2013, "376", "23010", "12000", true),
        (2016, "376", "23010", "12000", false),
        (2016, "272", "23110", "12001", true),
        (2024, "831", "23110", "12001", false),
        (2024, "272", "23110", "12001", true),
        (2013, "272", "23110", "12001", false),
    ] {
        let mut made = line(&codes, year(flow_year), "projet", "P-1");
        made.recipient = RecipientCode::new(recipient).unwrap();
        made.purpose = PurposeCode::new(purpose).unwrap();
        made.channel = ChannelCode::new(channel).unwrap();
        let mut campaign = Campaign::new(year(flow_year));
        let body = body(21_000_001, CollectivityKind::Commune, "Commune fictive", "11", 5_000);
        campaign.file(body, FilingKind::Declared, vec![made]);
        let (bytes, written) =
            write((By::Line, Format::Csv), edition(&campaign, Unit::Euro), first(), &all(&campaign));
        let rows = rows(&bytes);
        assert_eq!(
            [&*rows[0]["beneficiaire"], &*rows[0]["objet"], &*rows[0]["canal"]],
            [recipient, purpose, channel],
            "exported as it was"
        );
        assert_eq!(written.fault_count == 0, is_sound, "{flow_year} {recipient}: {:?}", written.faults);
    }
}

/// A check, and what breaks it.
type Broken = (&'static str, fn(&mut Line));

/// Each check of the form is broken by one line, which its sentence names.
#[test]
fn a_check_names_the_line_that_fails() {
    let campaign = golden();
    let broken: [Broken; 14] = [
        ("V01", |line| line.recipient = RecipientCode::new("62").unwrap()),
        ("V02", |line| line.purpose = PurposeCode::new("23010").unwrap()),
        ("V03", |line| line.channel = ChannelCode::new("20000").unwrap()),
        ("V04", |line| line.aid_type = "H05".parse().unwrap()),
        ("V05", |line| line.aid_type = "B01".parse().unwrap()),
        ("V06", |line| line.aid_type = "B02".parse().unwrap()),
        ("V07", |line| line.bi_multi = eapd::domain::codes::BiMulti::BilateralCore),
        ("V08", |line| line.aid_type = "H01".parse().unwrap()),
        ("V09", |line| line.aid_type = "H02".parse().unwrap()),
        ("V10", |line| line.aid_type = "G01".parse().unwrap()),
        ("V11", |line| line.aid_type = "H01".parse().unwrap()),
        ("V12", |line| {
            line.markers =
                eapd::domain::line::Markers::new([Some(3), None, None, None, None, None, None, None]);
        }),
        ("V13", |line| {
            line.starts_on = Some("2016-05-02".parse().unwrap());
            line.ends_on = Some("2016-05-01".parse().unwrap());
        }),
        ("V14", |line| line.title = "é".repeat(151)),
    ];
    let at = campaign.lines.iter().position(|line| line.line.reference == "H-1").unwrap();
    for (code, breaks) in broken {
        let mut lines = all(&campaign);
        lines[at].filed.line.channel = ChannelCode::new("12001").unwrap();
        breaks(&mut lines[at].filed.line);
        let (bytes, written) =
            write((By::Line, Format::Xlsx), edition(&campaign, Unit::Euro), first(), &lines);
        assert!(written.fault_count > 0, "{code}");
        let told = written.faults.iter().find(|fault| fault.contains(&format!("(contrôle {code})")));
        let told = told.unwrap_or_else(|| panic!("{code}: {:?}", written.faults));
        assert!(told.contains("ligne «\u{a0}H-1\u{a0}»"), "{told}");
        let sheet = sheet(&bytes, "Vérifications");
        assert!(sheet.iter().flatten().any(|cell| cell.to_string() == *told), "{code} is in the sheet");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_rows_of_random_campaigns_add_up(
        drawn in prop::collection::vec((0_usize..20, 1_i64..100_000_000, 0_i64..100_000_000, 0_usize..4), 0..40)
    ) {
        let campaign = totals::campaign(&drawn, &[]);
        for by in [By::Line, By::Group] {
            let written = |format| write((by, format), edition(&campaign, Unit::Euro), first(), &all(&campaign)).0;
            let rows = rows(&written(Format::Csv));
            prop_assert_eq!(sum(&rows, "versement"), own(&campaign));
            prop_assert_eq!(sum(&rows, "engagement"), own(&campaign), "nothing else was committed");
            let book = sheet(&written(Format::Xlsx), "Lignes");
            let column = book[0].iter().position(|cell| *cell == Data::String("34 Versements".to_owned()));
            prop_assert_eq!(book[1..].iter().map(|row| cents(&row[column.unwrap()])).sum::<i64>(), own(&campaign));
            prop_assert_eq!(book.len() - 1, rows.len());
        }
    }
}

/// The longest description, in characters that take most room; nothing at all; nothing but nil.
#[test]
fn extreme_campaigns_are_written_too() {
    let codes = CodeLists::embedded().unwrap();
    let mut long = line(&codes, year(2016), "projet", "L");
    long.description = Some("🏫".repeat(20_000));
    let body = || body(21_000_001, CollectivityKind::Commune, "Commune fictive", "11", 5_000);
    let empty = Campaign::new(year(2016));
    let mut nil = Campaign::new(year(2016));
    nil.file(body(), FilingKind::Nil, Vec::new());
    let mut one = Campaign::new(year(2016));
    one.file(body(), FilingKind::Declared, vec![long]);
    for (campaign, count) in [(empty, 0), (nil, 0), (one, 1)] {
        for by in [By::Line, By::Group] {
            let (bytes, written) =
                write((by, Format::Csv), edition(&campaign, Unit::Euro), first(), &all(&campaign));
            let found = rows(&bytes);
            assert_eq!((found.len(), written.fault_count), (count, 0));
            assert_eq!(usize::try_from(written.written.rows), Ok(count));
            if by == By::Line && count == 1 {
                let description = &found[0]["description"];
                assert_eq!(description.chars().count(), 20_000, "cut where the form ends");
                assert!(description.starts_with("Commune fictive (SIREN "));
            }
            let (bytes, _) =
                write((by, Format::Xlsx), edition(&campaign, Unit::Euro), first(), &all(&campaign));
            assert_eq!(sheet(&bytes, "Lignes").len(), count + 1);
            let warned = sheet(&bytes, "Vérifications");
            assert_eq!(labelled(&warned, "A02", Some(4)), i64::try_from(count).unwrap() * 100);
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("extreme.xlsx");
            fs::write(&file, bytes).unwrap();
            tools::libreoffice(&file, folder.path());
        }
    }
}

#[test]
fn others_open_the_workbooks() {
    let campaign = golden();
    let folder = tempfile::tempdir().unwrap();
    for (by, name) in [(By::Line, "ocde-crs"), (By::Group, "ocde-crs-regroupe")] {
        let (book, csv) =
            (folder.path().join(format!("{name}.xlsx")), folder.path().join(format!("{name}.csv")));
        for (format, file) in [(Format::Xlsx, &book), (Format::Csv, &csv)] {
            fs::write(file, write((by, format), edition(&campaign, Unit::Euro), first(), &all(&campaign)).0)
                .unwrap();
        }
        let definition = tools::root().join("reports/ocde-crs/items.csv");
        let found = tools::python("crs_check.py", &[&book, &csv, &definition]);
        let found: serde_json::Value = serde_json::from_str(&found).unwrap();
        assert_eq!(found["own"], own(&campaign));
        assert_eq!(
            found["sheets"],
            serde_json::json!(["Lignes", "Contrôles", "Vérifications", "Dictionnaire"])
        );
        let again = tools::libreoffice(&book, folder.path());
        let again = tools::python("crs_check.py", &[&again, &csv, &definition]);
        let again: serde_json::Value = serde_json::from_str(&again).unwrap();
        assert_eq!(again["own"], own(&campaign));
    }
}
