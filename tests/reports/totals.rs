//! The sums of every format are those of the input, in whole centimes; rule 12.

use std::collections::BTreeMap;
use std::fs;

use calamine::{Data, Reader, Xlsx};
use eapd::domain::codes::CodeLists;
use eapd::domain::collectivity::CollectivityKind;
use eapd::domain::filing::FilingKind;
use eapd::domain::line::Line;
use eapd::reports::lines::LinesWorkbook;
use eapd::reports::tresor::{TresorWorkbook, TresorXml};
use eapd::reports::{LineReport, ReportError};
use proptest::prelude::*;

use super::fixture::{Campaign, body, buffer, euros, golden, line, year};
use super::golden::{csv, lines_workbook, workbook, xml};
use super::tools;

/// The row of the headers of the open data, under its title block.
const HEADERS: usize = 5;

/// Cells of a number, as a spreadsheet would show them with two decimals.
pub fn cents(cell: &Data) -> i64 {
    match cell {
        Data::Float(value) => format!("{value:.2}").replace('.', "").parse().unwrap(),
        Data::Int(value) => value * 100,
        other => panic!("not a number: {other:?}"),
    }
}

pub fn sheet(bytes: &[u8], name: &str) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

/// The number in column `column` of the row that is labelled so in one of its two first cells.
pub fn labelled(rows: &[Vec<Data>], label: &str, column: Option<usize>) -> i64 {
    let row = rows.iter().find(|row| {
        row.iter().take(2).any(|cell| matches!(cell, Data::String(text) if text.trim() == label))
    });
    let row = row.unwrap_or_else(|| panic!("no row {label}"));
    cents(&row[column.unwrap_or(row.len() - 1)])
}

fn elements(xml: &str, name: &str) -> Vec<i64> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let found = xml.split(&open).skip(1).map(|rest| rest.split(&close).next().unwrap());
    found.map(|text| text.replace('.', "").parse().unwrap()).collect()
}

/// What a line of the property test is: nature, cents paid, cents cofinanced, which body.
pub type Drawn = (usize, i64, i64, usize);

pub fn campaign(drawn: &[Drawn], titles: &[String]) -> Campaign {
    let flow_year = year(2016);
    let mut campaign = Campaign::new(flow_year);
    let codes = CodeLists::embedded().unwrap();
    let natures: Vec<String> = codes.natures().keys().map(str::to_owned).collect();
    let mut lines: BTreeMap<usize, Vec<Line>> = BTreeMap::new();
    for (n, (nature, paid, cofinanced, which)) in drawn.iter().enumerate() {
        let nature = &natures[nature % natures.len()];
        let mut line = line(&codes, flow_year, nature, &format!("L-{n}"));
        line.amounts.paid = euros(*paid);
        line.amounts.cofinancing_received = euros((*cofinanced).min(*paid));
        if let Some(title) = titles.get(n) {
            line.title.clone_from(title);
        }
        lines.entry(*which).or_default().push(line);
    }
    let bodies = [
        (CollectivityKind::Region, "11"),
        (CollectivityKind::Commune, "HORS"),
        (CollectivityKind::Departement, "44"),
        (CollectivityKind::Ca, "93"),
    ];
    for ((base, (kind, region)), which) in (21_000_100..).zip(bodies).zip(0..) {
        let lines = lines.remove(&which).unwrap_or_default();
        let filed = if lines.is_empty() { FilingKind::Nil } else { FilingKind::Declared };
        campaign.file(body(base, kind, "Collectivité fictive", region, 5_000), filed, lines);
    }
    campaign.lines.sort_by_key(|line| (line.siren, line.position));
    campaign
}

fn check(campaign: &Campaign) {
    let own: i64 = campaign.lines.iter().map(|line| line.line.own_resources().cents()).sum();
    let paid: i64 = campaign.lines.iter().map(|line| line.line.amounts.paid.cents()).sum();

    let text = String::from_utf8(xml(campaign)).unwrap();
    let (lines, controls) = text.split_once("<controles>").unwrap();
    assert_eq!(elements(lines, "ressourcesPropres").iter().sum::<i64>(), own);
    assert_eq!(elements(controls, "ressourcesPropres"), [own]);
    assert_eq!(elements(controls, "montantVerse"), [paid]);

    let bytes = csv(campaign);
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(&bytes[3..]);
    let amounts = reader.records().map(|record| record.unwrap()[17].replace('.', "").parse::<i64>().unwrap());
    assert_eq!(amounts.sum::<i64>(), own);

    let rows = sheet(&lines_workbook(campaign), "Lignes");
    assert_eq!(rows[HEADERS][17], Data::String("Montant".to_owned()));
    assert_eq!(rows[HEADERS + 1..].iter().map(|row| cents(&row[17])).sum::<i64>(), own);
    assert_eq!(rows.len() - HEADERS - 1, campaign.lines.len());

    let book = workbook(campaign);
    let rows = sheet(&book, "Lignes");
    let column =
        rows[0].iter().position(|cell| *cell == Data::String("Ressources propres".to_owned())).unwrap();
    assert_eq!(rows[1..].iter().map(|row| cents(&row[column])).sum::<i64>(), own);
    assert_eq!(labelled(&sheet(&book, "Catégories et régions"), "Total", None), own);
    let controls = sheet(&book, "Contrôles");
    assert_eq!(labelled(&controls, "Lignes retenues, ressources propres", Some(2)), own);
    let table = labelled(&sheet(&book, "Tableau Trésor"), "Total général", None) * 1000;
    assert_eq!(labelled(&controls, "Total du tableau, en euros", Some(2)), table);
    assert_eq!(labelled(&controls, "Différence d’arrondi du tableau", Some(2)), table - own);
}

#[test]
fn the_sums_of_the_golden_campaign_agree() {
    check(&golden());
    check(&campaign(&[], &[]));
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![Just(1), Just(49_999), Just(50_000), Just(99_999_999_999), 1_i64..100_000_000]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_sums_of_random_campaigns_agree(
        drawn in prop::collection::vec((0_usize..20, amount(), prop_oneof![Just(0), amount()], 0_usize..4), 0..40)
    ) {
        check(&campaign(&drawn, &[]));
    }

    #[test]
    fn any_text_gives_valid_xml_and_a_readable_workbook(titles in prop::collection::vec(any::<String>(), 1..8)) {
        let drawn: Vec<Drawn> = titles.iter().map(|_| (0, 100, 0, 0)).collect();
        let campaign = campaign(&drawn, &titles);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tresor.xml");
        fs::write(&file, xml(&campaign)).unwrap();
        tools::xmllint(&file);
        check(&campaign);
    }
}

#[test]
fn long_descriptions_and_titles_stay_valid() {
    let title = "é".repeat(20_000);
    let campaign = campaign(&[(0, 100, 0, 0)], &[title]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tresor.xml");
    fs::write(&file, xml(&campaign)).unwrap();
    tools::xmllint(&file);
    check(&campaign);
}

#[test]
fn lines_that_the_filings_do_not_seal_end_no_report() {
    let mut campaign = golden();
    campaign.lines.pop();
    let mut report: Box<dyn LineReport> =
        Box::new(TresorXml::begin(campaign.national(), Vec::new()).unwrap());
    for line in &campaign.lines {
        report.line(line).unwrap();
    }
    assert!(matches!(report.finish(), Err(ReportError::Unsealed { .. })));
}

#[test]
fn a_sheet_that_is_full_goes_on_in_the_next_one() {
    let campaign = golden();
    let mut out = buffer();
    let report = TresorWorkbook::with_last_row(campaign.national(), None, &mut out, 8).unwrap();
    campaign.write(Box::new(report));
    let bytes = out.into_inner();
    let sizes: Vec<usize> =
        ["Lignes", "Lignes 2", "Lignes 3"].iter().map(|name| sheet(&bytes, name).len()).collect();
    assert_eq!(sizes, [9, 9, 5], "a header and eight lines, twenty in all");
}

#[test]
fn the_open_data_goes_on_in_another_sheet_under_the_same_headers() {
    let campaign = golden();
    let mut out = buffer();
    let report = LinesWorkbook::with_last_row(campaign.national(), None, &mut out, 13).unwrap();
    let written = campaign.write(Box::new(report));
    let bytes = out.into_inner();
    let own = |name: &str| {
        let rows = sheet(&bytes, name);
        assert_eq!(rows[HEADERS], sheet(&bytes, "Lignes")[HEADERS]);
        assert!(matches!(&rows[2][0], Data::String(text) if text.starts_with("PROVISOIRE")));
        (rows.len() - HEADERS - 1, rows[HEADERS + 1..].iter().map(|row| cents(&row[17])).sum::<i64>())
    };
    let pages = [own("Lignes"), own("Lignes 2"), own("Lignes 3")];
    assert_eq!(pages.map(|(count, _)| count), [8, 8, 4]);
    assert_eq!(pages.map(|(_, own)| own).iter().sum::<i64>(), written.total_own.cents());
}

#[test]
fn python_reads_the_cells_of_the_csv_in_the_workbook() {
    let campaign = golden();
    let folder = tempfile::tempdir().unwrap();
    let (book, text) = (folder.path().join("lignes.xlsx"), folder.path().join("lignes.csv"));
    fs::write(&book, lines_workbook(&campaign)).unwrap();
    fs::write(&text, csv(&campaign)).unwrap();
    let found: serde_json::Value =
        serde_json::from_str(&tools::python("same_lines.py", &[&book, &text])).unwrap();
    let own: i64 = campaign.lines.iter().map(|line| line.line.own_resources().cents()).sum();
    assert_eq!(found["own"], own);
    assert_eq!(found["rows"], campaign.lines.len());
    assert_eq!(found["sheets"], serde_json::json!(["Lignes"]));
    assert_eq!((&found["freeze"], &found["filter"]), (&"C7".into(), &"A6:AG26".into()));
    assert_eq!(found["days"], 3);
}

#[test]
fn python_reads_the_same_sums_and_types() {
    let campaign = golden();
    let own: i64 = campaign.lines.iter().map(|line| line.line.own_resources().cents()).sum();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tresor.xlsx");
    fs::write(&file, workbook(&campaign)).unwrap();
    let found: serde_json::Value =
        serde_json::from_str(&tools::python("openpyxl_check.py", &[&file])).unwrap();
    assert_eq!(
        found["sheets"],
        serde_json::json!(["Tableau Trésor", "Catégories et régions", "Lignes", "Contrôles", "Dictionnaire"])
    );
    for sum in ["own", "breakdown", "control_own"] {
        assert_eq!(found[sum], own, "{sum}");
    }
    assert_eq!(found["table"], found["table_cells"], "margins add the rounded cells");
    let table = found["table"].as_i64().unwrap() * 1000;
    assert_eq!(found["control_difference"], table - own);
    assert_eq!((&found["left_out"], &found["dates"]), (&1.into(), &1.into()));
    assert_eq!(found["freeze"], "C2");
    assert_eq!(found["filter"], "A1:AH21");
    assert!(found["table_formulas"].as_i64().unwrap() > 100);
}

#[test]
fn libreoffice_computes_the_stored_values() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tresor.xlsx");
    fs::write(&file, workbook(&golden())).unwrap();
    let computed = tools::libreoffice(&file, folder.path());
    let count: u32 = tools::python("same_values.py", &[&file, &computed]).trim().parse().unwrap();
    assert!(count > 200, "{count} formulas");
}
