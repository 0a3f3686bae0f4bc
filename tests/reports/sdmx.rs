//! SDMX: the official schemas of SDMX-ML 2.1, golden files, and sums equal to the CRS++ lines in both formats.

use std::collections::BTreeMap;
use std::fs;

use eapd::domain::crs::CrsLine;
use eapd::domain::scope::Scope;
use eapd::reports::crs::{CrsReport, Identifiers};
use eapd::reports::sdmx::Sdmx;
use eapd::reports::{Context, Format, Status, Unit};
use proptest::prelude::*;

use super::crs::{self, By, unknown};
use super::fixture::{Campaign, at, golden};
use super::golden::compare;
use super::{tools, totals};

fn write(campaign: &Campaign, format: Format, context: Context) -> Vec<u8> {
    let mut out = Vec::new();
    let mut report: Box<dyn CrsReport> = Box::new(Sdmx::begin(context, format, &mut out));
    for line in &campaign.lines {
        report.line(&unknown(line)).unwrap();
    }
    report.finish().unwrap();
    out
}

fn edition(campaign: &Campaign) -> Context {
    let status = Status::Edition { number: 1, released_at: at("2017-07-01T07:00:00Z") };
    campaign.context(status, Scope::National, Unit::Euro)
}

/// Each observation, its whole key and its value in centimes.
type Observations = BTreeMap<Vec<String>, i64>;

const KEY: [&str; 5] = ["RECIPIENT", "SECTOR", "CHANNEL", "MODALITY", "FLOW_TYPE"];

fn of_csv(bytes: &[u8]) -> Observations {
    let mut reader = csv::Reader::from_reader(bytes);
    let read = |row: BTreeMap<String, String>| {
        assert_eq!(
            [&row["STRUCTURE"], &row["STRUCTURE_ID"], &row["ACTION"]],
            ["dataflow", "OECD.DCD.FSD:DSD_CRS@DF_CRS(1.6)", "I"]
        );
        (KEY.map(|key| row[key].clone()).to_vec(), row["OBS_VALUE"].replace('.', "").parse().unwrap())
    };
    reader.deserialize().map(|row| read(row.unwrap())).collect()
}

/// What Python's lxml reads in a message that the official schemas accept.
fn of_xml(bytes: &[u8]) -> Observations {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message.xml");
    fs::write(&file, bytes).unwrap();
    let found: Vec<(BTreeMap<String, String>, String)> =
        serde_json::from_str(&tools::python("sdmx_check.py", &[&file])).unwrap();
    let read = |(key, value): (BTreeMap<String, String>, String)| {
        (KEY.map(|id| key[id].clone()).to_vec(), value.replace('.', "").parse().unwrap())
    };
    found.into_iter().map(read).collect()
}

fn check(campaign: &Campaign) {
    let lines: Vec<CrsLine> = campaign.lines.iter().map(unknown).collect();
    let crs = (By::Line, Format::Csv);
    let (bytes, _) = crs::write(crs, edition(campaign), Identifiers::default(), &lines);
    let mut expected: Observations = BTreeMap::new();
    for row in crs::rows(&bytes) {
        let codes = &campaign.codes;
        let area = eapd::reports::sdmx::recipient(&row["beneficiaire"], codes, campaign.year.get()).unwrap();
        for (flow, key) in [("D", "versement"), ("C", "engagement")] {
            let key_of = [area, &row["objet"], &row["canal"], &row["type_aide"], flow].map(str::to_owned);
            *expected.entry(key_of.to_vec()).or_default() +=
                row[key].replace('.', "").parse::<i64>().unwrap();
        }
    }
    assert_eq!(of_csv(&write(campaign, Format::Csv, edition(campaign))), expected);
    assert_eq!(of_xml(&write(campaign, Format::Xml, edition(campaign))), expected);
    let own: i64 = campaign.lines.iter().map(|line| line.line.own_resources().cents()).sum();
    let paid = expected.iter().filter(|(key, _)| key[4] == "D").map(|(_, value)| value);
    assert_eq!(paid.sum::<i64>(), own);
}

#[test]
fn both_formats_are_as_reviewed() {
    let campaign = golden();
    for (format, name) in [(Format::Csv, "ocde-sdmx.csv"), (Format::Xml, "ocde-sdmx.xml")] {
        let found = write(&campaign, format, edition(&campaign));
        compare(name, &found);
        assert!(found == write(&campaign, format, edition(&campaign)), "the same data gives the same bytes");
    }
    check(&campaign);
}

#[test]
fn what_is_not_settled_is_told_as_provisional() {
    let campaign = golden();
    let text = String::from_utf8(write(&campaign, Format::Csv, campaign.national())).unwrap();
    assert!(text.lines().skip(1).all(|line| line.ends_with(",P,0,2")), "{text}");
    let text = String::from_utf8(write(&campaign, Format::Xml, campaign.national())).unwrap();
    assert!(text.contains("EAPD_2016_PROVISOIRE") && text.contains("PROVISOIRE\u{a0}: campagne non arrêtée"));
}

#[test]
fn a_year_without_payments_has_no_observation() {
    let campaign = totals::campaign(&[], &[]);
    assert!(of_csv(&write(&campaign, Format::Csv, edition(&campaign))).is_empty());
    assert!(of_xml(&write(&campaign, Format::Xml, edition(&campaign))).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_observations_of_random_campaigns_are_valid_and_add_up(
        drawn in prop::collection::vec((0_usize..20, 1_i64..100_000_000, 0_i64..100_000_000, 0_usize..4), 0..40)
    ) {
        check(&totals::campaign(&drawn, &[]));
    }
}
