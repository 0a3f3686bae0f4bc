//! Totals for the OECD: golden files, and every sum that of the CRS++ lines, to the cent.

use std::collections::BTreeMap;
use std::fs;

use calamine::Data;
use eapd::domain::crs::CrsLine;
use eapd::domain::scope::Scope;
use eapd::reports::aggregates::Aggregates;
use eapd::reports::crs::{CrsReport, Identifiers};
use eapd::reports::{Context, Format, Status, Unit};
use proptest::prelude::*;

use super::crs::{self, By, unknown};
use super::fixture::{Campaign, at, buffer, golden};
use super::golden::compare;
use super::tools;
use super::totals::{self, cents, sheet};

pub fn write(campaign: &Campaign, format: Format, context: Context) -> Vec<u8> {
    let mut out = buffer();
    let mut report: Box<dyn CrsReport> = Box::new(Aggregates::begin(context, format, None, &mut out));
    for line in &campaign.lines {
        report.line(&unknown(line)).unwrap();
    }
    report.finish().unwrap();
    out.into_inner()
}

fn edition(campaign: &Campaign, unit: Unit) -> Context {
    let status = Status::Edition { number: 1, released_at: at("2017-07-01T07:00:00Z") };
    campaign.context(status, Scope::National, unit)
}

/// The rows of a CSV, by header.
fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(&bytes[3..]);
    reader.deserialize().map(Result::unwrap).collect()
}

fn number(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

#[test]
fn aggregates_are_as_reviewed_and_follow_their_schema() {
    let campaign = golden();
    let folder = tempfile::tempdir().unwrap();
    for (unit, name) in [(Unit::Euro, "ocde-agregats"), (Unit::Thousand, "ocde-agregats-milliers")] {
        let found = write(&campaign, Format::Csv, edition(&campaign, unit));
        compare(&format!("{name}.csv"), &found);
        let file = folder.path().join("agregats.csv");
        fs::write(&file, &found).unwrap();
        let schema = tools::root().join("reports/ocde-agregats/schema.json");
        assert_eq!(
            tools::python("table_schema.py", &[&file, &schema]).trim(),
            rows(&found).len().to_string()
        );
    }
    let file = folder.path().join("agregats.xlsx");
    let book = write(&campaign, Format::Xlsx, edition(&campaign, Unit::Euro));
    assert_eq!(book, write(&campaign, Format::Xlsx, edition(&campaign, Unit::Euro)));
    fs::write(&file, book).unwrap();
    compare("ocde-agregats.xlsx.txt", tools::python("parts.py", &[&file]).as_bytes());
    tools::libreoffice(&file, folder.path());
}

/// Which rows of the CRS++ file a cell counts.
type Keep<'k> = Box<dyn Fn(&BTreeMap<&str, String>) -> bool + 'k>;

/// Each cell against the rows of the CRS++ file, which another writer made.
fn check(campaign: &Campaign) {
    let lines: Vec<CrsLine> = campaign.lines.iter().map(unknown).collect();
    let context = || edition(campaign, Unit::Euro);
    let (bytes, _) = crs::write((By::Line, Format::Csv), context(), Identifiers::default(), &lines);
    let told = crs::rows(&bytes);
    let aggregates = rows(&write(campaign, Format::Csv, context()));
    let sum = |key: &str, keep: &dyn Fn(&BTreeMap<&str, String>) -> bool| -> i64 {
        told.iter().filter(|row| keep(row)).map(|row| number(&row[key])).sum()
    };
    let is_bilateral = |row: &BTreeMap<&str, String>| row["bi_multi"] != "2";
    for row in &aggregates {
        let code = row["code"].as_str();
        let keep: Keep<'_> = match (row["tableau"].as_str(), code) {
            (_, "TOTAL") => Box::new(|_| true),
            (_, "BILATERAL") => Box::new(is_bilateral),
            (_, "MULTILATERAL") => Box::new(move |row| !is_bilateral(row)),
            ("types", family) if row["nature"] == "sous-total" => {
                // B is in both parts: the one that comes before the bilateral total is bilateral.
                let bilateral = aggregates.iter().position(|row| row["code"] == "BILATERAL").unwrap();
                let place = aggregates.iter().position(|other| std::ptr::eq(other, row)).unwrap();
                Box::new(move |row| {
                    row["type_aide"].starts_with(family) && is_bilateral(row) == (place < bilateral)
                })
            }
            ("types", code) => Box::new(move |row| row["type_aide"] == code),
            (_, code) if row["nature"] == "detail" => {
                Box::new(move |row| row["beneficiaire"] == code && is_bilateral(row))
            }
            _ => continue,
        };
        assert_eq!(number(&row["versements"]), sum("versement", &*keep), "{row:?}");
        assert_eq!(number(&row["engagements"]), sum("engagement", &*keep), "{row:?}");
        let technical = |row: &BTreeMap<&str, String>| keep(row) && row["cooperation_technique"] == "1";
        assert_eq!(number(&row["dont_cooperation_technique"]), sum("versement", &technical), "{row:?}");
        let humanitarian = |row: &BTreeMap<&str, String>| keep(row) && row["objet"].starts_with("72");
        assert_eq!(number(&row["dont_humanitaire"]), sum("versement", &humanitarian), "{row:?}");
    }
    // Details, and totals, of both tables make the same whole.
    let of = |table: &str, nature: &str| -> i64 {
        let kept = aggregates.iter().filter(|row| row["tableau"] == table && row["nature"] == nature);
        kept.map(|row| number(&row["versements"])).sum()
    };
    let whole = sum("versement", &|_| true);
    assert_eq!((of("types", "detail"), of("beneficiaires", "detail")), (whole, whole));
}

#[test]
fn the_tables_of_the_golden_campaign_tie_to_its_lines() {
    check(&golden());
}

#[test]
fn in_thousands_totals_add_the_rounded_cells() {
    let campaign = golden();
    let shown = rows(&write(&campaign, Format::Csv, edition(&campaign, Unit::Thousand)));
    for table in ["types", "beneficiaires"] {
        let of_table = || shown.iter().filter(|row| row["tableau"] == table);
        let details: i64 =
            of_table().filter(|row| row["nature"] == "detail").map(|row| number(&row["versements"])).sum();
        let whole = of_table().find(|row| row["code"] == "TOTAL").unwrap();
        assert_eq!(number(&whole["versements"]), details, "{table}");
    }
    let bytes = write(&campaign, Format::Xlsx, edition(&campaign, Unit::Thousand));
    let controls = sheet(&bytes, "Contrôles");
    let own: i64 = campaign.lines.iter().map(|line| line.line.own_resources().cents()).sum();
    for (name, table) in [("Types d’aide (CAD 1)", "types"), ("Bénéficiaires (CAD 2a)", "beneficiaires")]
    {
        let cell = |label: String, column: usize| {
            let found = controls.iter().find(|row| row[0] == Data::String(label.clone()));
            cents(&found.unwrap_or_else(|| panic!("{label}"))[column])
        };
        assert_eq!(cell(format!("{name}, somme exacte"), 2), own);
        assert_eq!(cell(format!("{name}, écart avec les lignes"), 2), 0);
        let whole = shown.iter().find(|row| row["tableau"] == table && row["code"] == "TOTAL").unwrap();
        let difference = number(&whole["versements"]) * 100_000 - own;
        assert_eq!(cell(format!("{name}, différence d’arrondi"), 2), difference);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_tables_of_random_campaigns_tie_to_their_lines(
        drawn in prop::collection::vec((0_usize..20, 1_i64..100_000_000, 0_i64..100_000_000, 0_usize..4), 0..40)
    ) {
        check(&totals::campaign(&drawn, &[]));
    }
}
