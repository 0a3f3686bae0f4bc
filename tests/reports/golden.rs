//! Golden files: XML and CSV byte for byte, the workbook part by part as XML.
//! `EAPD_UPDATE_GOLDEN=1` writes them anew, to be reviewed by reading.

use std::collections::BTreeMap;
use std::fs;

use eapd::domain::collectivity::CollectivityKind;
use eapd::domain::expected::{ExpectedBody, ExpectedOrigin, LastDeclared, Progress};
use eapd::domain::line::Line;
use eapd::domain::quality::{Completeness, Finding, Reviewer};
use eapd::domain::scope::Scope;
use eapd::domain::siren::Siren;
use eapd::reports::lines::{LinesCsv, LinesWorkbook};
use eapd::reports::quality::{self, Named, Review};
use eapd::reports::tresor::{TresorWorkbook, TresorXml};
use eapd::reports::{Status, Unit, line_export, non_declarants};

use super::fixture::{Campaign, at, body, buffer, euros, golden, siren, year};
use super::tools;
use super::totals::sheet as lines_of;

pub fn compare(name: &str, found: &[u8]) {
    let path = tools::root().join("tests/golden/reports").join(name);
    if std::env::var_os("EAPD_UPDATE_GOLDEN").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read(&path).unwrap_or_default();
    if expected != found {
        let (expected, found) = (String::from_utf8_lossy(&expected), String::from_utf8_lossy(found));
        let lines = expected.lines().zip(found.lines()).enumerate();
        let first = lines.into_iter().find(|(_, (expected, found))| expected != found);
        panic!("{name} is not as expected; first difference: {first:?}");
    }
}

pub fn workbook(campaign: &Campaign) -> Vec<u8> {
    let mut out = buffer();
    campaign.write(Box::new(TresorWorkbook::begin(campaign.national(), None, &mut out).unwrap()));
    out.into_inner()
}

pub fn xml(campaign: &Campaign) -> Vec<u8> {
    let mut out = Vec::new();
    campaign.write(Box::new(TresorXml::begin(campaign.national(), &mut out).unwrap()));
    out
}

pub fn csv(campaign: &Campaign) -> Vec<u8> {
    let mut out = Vec::new();
    campaign.write(Box::new(LinesCsv::begin(campaign.national(), &mut out).unwrap()));
    out
}

pub fn lines_workbook(campaign: &Campaign) -> Vec<u8> {
    let mut out = buffer();
    campaign.write(Box::new(LinesWorkbook::begin(campaign.national(), None, &mut out).unwrap()));
    out.into_inner()
}

#[test]
fn tresor_xml_is_as_reviewed_and_valid() {
    let campaign = golden();
    let found = xml(&campaign);
    compare("tresor.xml", &found);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tresor.xml");
    fs::write(&file, found).unwrap();
    tools::xmllint(&file);
}

#[test]
fn tresor_workbook_is_as_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tresor.xlsx");
    fs::write(&file, workbook(&golden())).unwrap();
    compare("tresor.xlsx.txt", tools::python("parts.py", &[&file]).as_bytes());
}

#[test]
fn an_edition_of_one_region_in_euros_is_as_reviewed_and_valid() {
    let campaign = golden();
    let status = Status::Edition { number: 2, released_at: at("2017-09-01T07:00:00Z") };
    let mut out = Vec::new();
    let context = campaign.context(status, Scope::Region("11".to_owned()), Unit::Euro);
    campaign.write(Box::new(TresorXml::begin(context, &mut out).unwrap()));
    compare("tresor-region-euros.xml", &out);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tresor.xml");
    fs::write(&file, out).unwrap();
    tools::xmllint(&file);
}

#[test]
fn open_data_is_as_reviewed_and_follows_its_schema() {
    let found = csv(&golden());
    compare("lignes.csv", &found);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lignes.csv");
    fs::write(&file, &found).unwrap();
    let rows = tools::python("table_schema.py", &[&file, &tools::root().join("reports/lignes/schema.json")]);
    assert_eq!(rows.trim(), "20");
}

#[test]
fn open_data_as_a_workbook_is_as_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lignes.xlsx");
    fs::write(&file, lines_workbook(&golden())).unwrap();
    compare("lignes.xlsx.txt", tools::python("parts.py", &[&file]).as_bytes());
}

/// What there is to look at in the golden campaign.
fn review(campaign: &Campaign) -> Review {
    let context = campaign.national();
    let (mut reviewer, mut completeness) = (Reviewer::default(), Completeness::default());
    let mut bodies: BTreeMap<Siren, Vec<Line>> = BTreeMap::new();
    for filed in &campaign.lines {
        bodies.entry(filed.siren).or_default().push(filed.line.clone());
    }
    for (siren, lines) in &bodies {
        reviewer.body(&context.codes, context.flow_year, *siren, lines);
        for line in lines {
            completeness.add(&context.codes, context.flow_year, line).unwrap();
        }
    }
    let named = |finding: Finding| Named { name: campaign.bodies[&finding.siren].name.clone(), finding };
    Review { found: reviewer.finish().into_iter().map(named).collect(), completeness }
}

#[test]
fn quality_is_as_reviewed_and_follows_its_schema() {
    let campaign = golden();
    let (review, context, folder) = (review(&campaign), campaign.national(), tempfile::tempdir().unwrap());
    let mut out = Vec::new();
    quality::report_csv(&review, &context, &mut out).unwrap();
    compare("qualite.csv", &out);
    let file = folder.path().join("qualite.csv");
    fs::write(&file, &out).unwrap();
    let rows = tools::python("table_schema.py", &[&file, &tools::root().join("reports/qualite/schema.json")]);
    assert_eq!(rows.trim(), review.found.len().to_string());
    let mut out = buffer();
    quality::xlsx(&review, &context, None, &mut out).unwrap();
    let file = folder.path().join("qualite.xlsx");
    fs::write(&file, out.into_inner()).unwrap();
    compare("qualite.xlsx.txt", tools::python("parts.py", &[&file]).as_bytes());
}

#[test]
fn nothing_private_is_in_the_open_data() {
    let text = String::from_utf8(csv(&golden())).unwrap();
    let lines = text.lines().map(str::to_owned).collect();
    let book = lines_of(&lines_workbook(&golden()), "Lignes");
    let book =
        book.iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(";")).collect();
    let formats: [Vec<String>; 2] = [lines, book];
    for lines in formats {
        assert!(!lines.iter().any(|line| line.contains("CANARI")));
        for line in lines.iter().filter(|line| line.contains(";bourses;") || line.contains(";refugies;")) {
            assert!(!line.contains("Association fictive") && !line.contains("500000005"), "{line}");
        }
        let named = lines.iter().filter(|line| line.contains("Association fictive")).count();
        assert_eq!(named, 10, "other natures name it");
    }
}

#[test]
fn lines_in_the_headers_of_the_import_are_as_reviewed() {
    let campaign = golden();
    let mut out = Vec::new();
    line_export::csv(campaign.lines.iter().map(|line| &line.line), &mut out).unwrap();
    compare("export-lignes.csv", &out);
}

fn expected() -> (Campaign, Vec<ExpectedBody>) {
    let mut campaign = golden();
    let mut expected = Vec::new();
    let mut expect = |base: u32, name: &str, region: &str, progress: Progress, until: Option<&str>| {
        let mut body = body(base, CollectivityKind::Commune, name, region, 1_200);
        body.exists_until = until.map(|day| day.parse().unwrap());
        campaign.bodies.insert(siren(base), body);
        expected.push(ExpectedBody {
            siren: siren(base),
            decision: Some((ExpectedOrigin::List, "=liste fictive".to_owned())),
            last: Some(LastDeclared { flow_year: year(2015), amount: euros(123_456), is_past_amount: false }),
            progress,
            has_contact: progress == Progress::Draft,
        });
    };
    expect(21_000_011, "Commune fictive muette", "53", Progress::Nothing, None);
    expect(21_000_012, "=Commune fictive au brouillon", "11", Progress::Draft, None);
    expect(21_000_013, "Commune fictive déclarante", "11", Progress::Declared, None);
    expect(21_000_014, "Commune fictive sans versement", "11", Progress::Nil, None);
    expect(21_000_015, "Commune fictive disparue", "11", Progress::Nothing, Some("2015-12-31"));
    expected[0].decision = None;
    (campaign, expected)
}

#[test]
fn non_declarants_are_as_reviewed_and_follow_their_schema() {
    let (campaign, expected) = expected();
    let context = campaign.national();
    let rows = non_declarants::select(&expected, &context);
    let mut out = Vec::new();
    assert_eq!(non_declarants::csv(&rows, &context, &mut out).unwrap().rows, 2);
    compare("non-declarants.csv", &out);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("non-declarants.csv");
    fs::write(&file, &out).unwrap();
    tools::python("table_schema.py", &[&file, &tools::root().join("reports/non-declarants/schema.json")]);
    let mut out = buffer();
    assert_eq!(non_declarants::xlsx(&rows, &context, None, &mut out).unwrap().rows, 2);
    let file = folder.path().join("non-declarants.xlsx");
    fs::write(&file, out.into_inner()).unwrap();
    compare("non-declarants.xlsx.txt", tools::python("parts.py", &[&file]).as_bytes());
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let campaign = golden();
    assert_eq!(workbook(&campaign), workbook(&campaign));
    assert_eq!(xml(&campaign), xml(&campaign));
    let digest = |campaign: &Campaign| {
        let mut out = buffer();
        let edition = Status::Edition { number: 1, released_at: campaign.national().data_at };
        let context = campaign.context(edition, Scope::National, Unit::Thousand);
        let report = TresorWorkbook::begin(context, None, &mut out).unwrap();
        campaign.write(Box::new(report)).content_sha256.unwrap()
    };
    let before = digest(&campaign);
    assert_eq!(before, digest(&campaign));
    assert_eq!(lines_workbook(&campaign), lines_workbook(&campaign));
    let mut changed = golden();
    changed.lines[0].line.title.push('!');
    assert_ne!(before, digest(&changed), "one letter changes what the workbook says");
}
