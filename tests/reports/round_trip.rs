//! Lines exported, opened and saved by `LibreOffice`, imported: nothing changes by itself (rule 8).

use std::fs;
use std::path::Path;

use eapd::domain::codes::CodeLists;
use eapd::domain::field::{Field, RawLine};
use eapd::domain::line::{Line, Markers, OnePercentLaw};
use eapd::imports::preview::diff;
use eapd::imports::{Limits, lines};
use eapd::reports::line_export;

use super::fixture::{at, euros, line, siren, year};
use super::tools;

const TITLES: [&str; 7] =
    ["École", "=SOMME(A1)", "-5 % de fuites", "'=déjà", "00123", "Ligne 1\nLigne 2", "1/2 journée"];

/// 140 lines over all natures, with every kind of cell.
fn made() -> Vec<Line> {
    let codes = CodeLists::embedded().unwrap();
    let natures: Vec<&str> = codes.natures().keys().collect();
    (0_i64..140)
        .map(|n| {
            let index = usize::try_from(n).unwrap();
            let mut line = line(&codes, year(2016), natures[index % natures.len()], &format!("00{n}"));
            line.title = TITLES[index % TITLES.len()].to_owned();
            line.amounts.paid = euros(1 + n * 7_777_777);
            line.amounts.cofinancing_received = euros(n);
            line.amounts.committed = (n % 3 == 0).then(|| euros(99_999_999_999));
            line.paid_on = (n % 2 == 0).then(|| "2016-02-29".parse().unwrap());
            line.starts_on = Some("2015-12-31".parse().unwrap());
            line.organisation = Some("Association fictive".to_owned());
            line.organisation_siren = Some(siren(1_000_000));
            line.description = Some(format!("Description {n}\nsur deux lignes, «\u{a0}accents\u{a0}» 🏫"));
            line.one_percent_law = (n % 5 == 0).then_some(OnePercentLaw::Water);
            line.markers = Markers::new([Some(0), Some(1), Some(2), None, None, Some(3), None, None]);
            line.sdg = vec!["6".to_owned(), "6.1".to_owned()];
            line.crs_project = Some("2014000123".to_owned());
            line
        })
        .collect()
}

fn raw(lines: &[Line]) -> Vec<RawLine> {
    lines.iter().map(Line::to_raw).collect()
}

fn read(file: &Path) -> Vec<RawLine> {
    let read = lines::read(&fs::read(file).unwrap(), &Limits::default());
    read.unwrap().lines.into_iter().map(|(_, line)| line).collect()
}

fn export(folder: &Path, lines: &[Line]) -> std::path::PathBuf {
    let file = folder.join("lignes.xlsx");
    let codes = CodeLists::embedded().unwrap();
    let out = fs::File::create(&file).unwrap();
    line_export::xlsx(lines, year(2016), at("2017-05-02T08:00:00Z"), &codes, None, out).unwrap();
    file
}

#[test]
fn a_workbook_comes_back_unchanged_from_libreoffice() {
    let folder = tempfile::tempdir().unwrap();
    let lines = made();
    let file = export(folder.path(), &lines);
    assert!(diff(&raw(&lines), &read(&file)).is_empty(), "as exported");
    let saved = tools::libreoffice(&file, folder.path());
    let changes = diff(&raw(&lines), &read(&saved));
    assert!(changes.is_empty(), "{changes:?}");
    assert_eq!(changes.unchanged, 140);
}

#[test]
fn two_changed_cells_are_the_whole_difference() {
    let folder = tempfile::tempdir().unwrap();
    let lines = made();
    let edited = folder.path().join("change.xlsx");
    tools::python("change_cells.py", &[&export(folder.path(), &lines), &edited]);
    let saved = tools::libreoffice(&edited, folder.path());
    let changes = diff(&raw(&lines), &read(&saved));
    let fields: Vec<(&str, Field)> = changes
        .changed
        .iter()
        .flat_map(|line| line.fields.iter().map(|change| (line.reference.as_str(), change.field)))
        .collect();
    assert_eq!(fields, [("001", Field::Title), ("003", Field::AmountPaid)]);
    assert!(changes.added.is_empty() && changes.removed.is_empty());
}

#[test]
fn a_csv_comes_back_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let lines = made();
    let mut out = Vec::new();
    line_export::csv(&lines, &mut out).unwrap();
    let text = String::from_utf8(out.clone()).unwrap();
    assert!(text.starts_with("\u{feff}reference;titre;pays;"));
    assert!(text.contains(";'=SOMME(A1);") && text.contains(";77777,78;"), "neutral text, decimal commas");
    let file = folder.path().join("lignes.csv");
    fs::write(&file, out).unwrap();
    assert!(diff(&raw(&lines), &read(&file)).is_empty());
}
