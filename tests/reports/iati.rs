//! IATI: the official schemas, every rule of the standard's ruleset, our own schemas, and sums equal to the input.

use std::fs;
use std::path::Path;

use eapd::domain::collectivity::CollectivityKind;
use eapd::domain::day::Day;
use eapd::domain::filing::FilingKind;
use eapd::domain::line::Markers;
use eapd::domain::scope::Scope;
use eapd::reports::iati::{IatiActivities, IatiOrganisation};
use eapd::reports::{Status, Unit};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{Campaign, body, euros, golden, line, year};
use super::golden::compare;
use super::tools;

const ACTIVITIES: &str = "reports/iati-activites/iati-activites-1.0.xsd";
const ORGANISATION: &str = "reports/iati-organisation/iati-organisation-1.0.xsd";
/// The day of the data of the fixtures: dates after it are not of the past.
const NOW: &str = "2017-06-16";

fn activities(campaign: &Campaign) -> String {
    let mut out = Vec::new();
    campaign.write(Box::new(IatiActivities::begin(campaign.national(), &mut out).unwrap()));
    String::from_utf8(out).unwrap()
}

fn organisation(campaign: &Campaign) -> String {
    let mut out = Vec::new();
    campaign.write(Box::new(IatiOrganisation::begin(campaign.national(), &mut out)));
    String::from_utf8(out).unwrap()
}

/// A year in which one commune paid nothing.
fn nil() -> Campaign {
    let mut campaign = Campaign::new(year(2016));
    let commune = body(21_000_006, CollectivityKind::Commune, "Commune fictive", "53", 900);
    campaign.file(commune, FilingKind::Nil, Vec::new());
    campaign
}

/// What the tools of others say of some files, in their order.
fn judged(files: &[&str]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let rules = tools::root().join("tests/reports/iati_rules.tsv");
    let mut paths = vec![rules, Path::new(NOW).to_path_buf()];
    for (index, text) in files.iter().enumerate() {
        let path = folder.path().join(format!("{index}.xml"));
        fs::write(&path, text).unwrap();
        paths.push(path);
    }
    let paths: Vec<&Path> = paths.iter().map(AsRef::as_ref).collect();
    serde_json::from_str(&tools::python("iati_check.py", &paths)).unwrap()
}

/// Our own schema, with which a file is validated before it is released.
fn validate(schema: &str, text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("iati.xml");
    fs::write(&file, text).unwrap();
    tools::xmllint_against(schema, &file);
}

/// Both files of a campaign are valid in every way, and say what was paid.
fn check(campaign: &Campaign) {
    let own: i64 = campaign.lines.iter().map(|line| line.line.own_resources().cents()).sum();
    let paid = campaign.lines.iter().filter(|line| !line.line.own_resources().is_zero()).count();
    let (activities, organisation) = (activities(campaign), organisation(campaign));
    validate(ACTIVITIES, &activities);
    validate(ORGANISATION, &organisation);
    let found = judged(&[&activities, &organisation]);
    for file in &found {
        assert_eq!((&file["schema"], &file["rules"]), (&json!([]), &json!([])), "{activities}");
        assert_eq!(file["cents"], own);
    }
    // A year without payments says so in one activity.
    assert_eq!(found[0]["activities"], paid.max(1));
    assert_eq!(found[0]["activities"], found[0]["distinct"], "an identifier stands for one activity");
    assert_eq!(found[0]["transactions"], paid);
    assert_eq!(found[1]["expense_cents"], own);
}

#[test]
fn the_activities_are_as_reviewed() {
    compare("iati-activites.xml", activities(&golden()).as_bytes());
    compare("iati-activites-neant.xml", activities(&nil()).as_bytes());
}

#[test]
fn the_organisation_is_as_reviewed() {
    compare("iati-organisation.xml", organisation(&golden()).as_bytes());
}

#[test]
fn the_golden_files_are_valid_and_obey_every_rule() {
    check(&golden());
    check(&nil());
    check(&Campaign::new(year(2016)));
}

#[test]
fn what_is_not_public_is_not_told() {
    let mut campaign = golden();
    for filed in &mut campaign.lines {
        filed.line.reference = format!("CANARI-{}", filed.position);
    }
    let text = activities(&campaign);
    assert!(!text.contains("CANARI"), "reference, description or place");
    for activity in text.split("<iati-activity ").skip(1) {
        let hidden = ["code=\"E01\"", "code=\"H02\""].iter().any(|code| activity.contains(code));
        assert!(!(hidden && activity.contains("Association fictive")), "{activity}");
        assert!(!activity.contains("transaction-type code=\"2\""), "a commitment is not public");
    }
    assert!(text.contains("Association fictive"));
}

#[test]
fn a_file_of_one_region_holds_that_region() {
    let campaign = golden();
    let context = campaign.context(Status::Settled, Scope::Region("93".to_owned()), Unit::Thousand);
    let mut out = Vec::new();
    let written = campaign.write(Box::new(IatiActivities::begin(context, &mut out).unwrap()));
    let text = String::from_utf8(out).unwrap();
    assert_eq!((written.rows, written.total_own), (2, euros(100_000_000_000)));
    assert!(text.contains("Métropole fictive") && !text.contains("Commune fictive"));
}

/// Each change breaks one rule, which the checker must find: a checker that finds nothing proves nothing.
#[test]
fn the_checker_finds_what_breaks_the_rules() {
    let campaign = golden();
    let (activities, organisation) = (activities(&campaign), organisation(&campaign));
    let changes: &[(&str, &str, &str, &str)] = &[
        ("a", "<iati-identifier>XM-DAC-4-8-2", "<iati-identifier>FR-2", "1.1.21"),
        (
            "a",
            "<iati-identifier>XM-DAC-4-8-210000022-88955b1c5c339458<",
            "<iati-identifier>XM-DAC-4-8<",
            "1.1.3",
        ),
        ("a", "-88955b1c5c339458<", "-88955b1c5c339458 <", "1.3.1"),
        ("a", "-88955b1c5c339458<", "-/88955b1c5c339458<", "1.3.13"),
        ("a", "ref=\"XM-DAC-4-8\"", "ref=\"FR-INSEE-1\"", "1.14.8"),
        ("a", "type=\"2\" iso-date=\"2016-01-01\"", "type=\"3\" iso-date=\"2016-01-01\"", "6.11.1"),
        ("a", "type=\"2\" iso-date=\"2016-01-01\"", "type=\"2\" iso-date=\"2017-06-17\"", "11.1.4"),
        ("a", "type=\"3\" iso-date=\"2018-12-31\"", "type=\"4\" iso-date=\"2018-12-31\"", "11.1.5"),
        ("a", "transaction-date iso-date=\"2016", "transaction-date iso-date=\"2018", "11.2.1"),
        ("a", "value-date=\"2016", "value-date=\"2018", "11.2.2"),
        ("a", "last-updated-datetime=\"2017-06-16", "last-updated-datetime=\"2017-06-17", "11.1.1"),
        ("a", "<sector vocabulary=\"1\" code=\"14030\"/>", "", "6.2.2"),
        ("a", "<sector ", "<sector percentage=\"50\" ", "2.1.4"),
        ("a", "<recipient-country code=\"ML\"/>", "", "3.7.1"),
        ("a", "<recipient-country ", "<recipient-country percentage=\"101\" ", "12.1.1"),
        ("a", " significance=\"2\"", "", "6.14.1"),
        ("a", " xml:lang=\"fr\"", "", "4.1.1"),
        ("a", " default-currency=\"EUR\"", "", "7.8.1"),
        ("a", "<narrative>Action fictive C-1</narrative>", "<narrative/>", "4.3.1"),
        ("a", "<default-aid-type vocabulary=\"1\"", "<default-aid-type vocabulary=\"2\"", "107.1.1"),
        ("o", " xml:lang=\"fr\"", "", "4.5.1"),
        ("o", "period-end iso-date=\"2016", "period-end iso-date=\"2018", "7.5.3"),
        ("o", "period-end iso-date=\"2016", "period-end iso-date=\"2015", "8.6.3"),
        ("o", "last-updated-datetime=\"2017", "last-updated-datetime=\"2018", "11.4.1"),
    ];
    let changed: Vec<String> = changes
        .iter()
        .map(|(file, from, to, _)| {
            let text = if *file == "a" { &activities } else { &organisation };
            assert!(text.contains(from), "{from}");
            let text = text.replace(from, to);
            // The currency of a value counts only where the file gives no other.
            if from.contains("default-currency") { text.replace(" currency=\"EUR\"", "") } else { text }
        })
        .collect();
    let texts: Vec<&str> = changed.iter().map(String::as_str).collect();
    for ((_, _, to, rule), found) in changes.iter().zip(judged(&texts)) {
        assert!(found["rules"].as_array().unwrap().contains(&json!(rule)), "{rule} {to}: {found}");
    }
    let broken = activities.replace("<collaboration-type code=\"1\"/>", "<collaboration-type/>");
    assert_ne!(judged(&[&broken])[0]["schema"], json!([]), "the official schema is applied");
}

/// What a line of the property test is: nature, cents paid, cents cofinanced, and what else it may hold.
#[derive(Debug, Clone)]
pub struct Drawn {
    nature: usize,
    paid: i64,
    cofinanced: i64,
    texts: [String; 4],
    days: [Option<u16>; 3],
    markers: [Option<u8>; 8],
    goals: usize,
}

fn day(offset: u16) -> Day {
    let first = Day::of(2012, 1, 1).unwrap();
    (0..offset).fold(first, |day, _| day.next())
}

pub fn campaign(drawn: &[Drawn]) -> Campaign {
    let flow_year = year(2016);
    let mut campaign = Campaign::new(flow_year);
    let codes = std::sync::Arc::clone(&campaign.codes);
    let natures: Vec<String> = codes.natures().keys().map(str::to_owned).collect();
    let recipients: Vec<_> = codes.recipients().iter().map(|row| row.code.clone()).collect();
    let mut lines = Vec::new();
    for (n, of) in drawn.iter().enumerate() {
        let nature = &natures[of.nature % natures.len()];
        // A reference is unique in its declaration, whatever it holds.
        let mut line = line(&codes, flow_year, nature, &format!("{}{n}", of.texts[0]));
        line.amounts.paid = euros(of.paid);
        line.amounts.cofinancing_received = euros(of.cofinanced.min(of.paid));
        line.title.clone_from(&of.texts[1]);
        line.organisation = Some(of.texts[2].clone());
        line.description = Some(of.texts[3].repeat(20_000 / of.texts[3].len().max(1)));
        line.recipient = recipients[of.goals * 7 % recipients.len()].clone();
        let (first, last) = (of.days[0].map(day), of.days[1].map(day));
        (line.starts_on, line.ends_on) = match (first, last) {
            (Some(first), Some(last)) => (Some(first.min(last)), Some(first.max(last))),
            other => other,
        };
        line.paid_on = of.days[2].map(|day_of_year| day(1461 + day_of_year % 366));
        line.markers = Markers::new(of.markers);
        line.sdg =
            ["1", "6.1", "17.19", "13.a"].iter().take(of.goals % 5).map(|code| (*code).to_owned()).collect();
        lines.push(line);
    }
    let name = drawn.first().map_or("Commune fictive", |of| of.texts[2].as_str());
    let name = if name.is_empty() { "Commune fictive" } else { name };
    let kind = if lines.is_empty() { FilingKind::Nil } else { FilingKind::Declared };
    campaign.file(body(21_000_100, CollectivityKind::Commune, name, "11", 5_000), kind, lines);
    campaign
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        Just("\u{0}\u{1f}\u{fffe}\u{ffff}\t\r\n".to_owned()),
        Just("👩🏽‍🏫🇲🇱 ]]> <b>&amp;</b> «\u{a0}é\u{a0}»".to_owned()),
        Just(" / & | ? ".to_owned()),
        Just(String::new()),
    ]
}

pub fn any_line() -> impl Strategy<Value = Drawn> {
    let amount = || prop_oneof![Just(1_i64), Just(99_999_999_999), 1_i64..100_000_000];
    let day = || prop::option::of(0_u16..5_000);
    let marker = || prop::option::of(0_u8..=2);
    (
        0_usize..20,
        amount(),
        prop_oneof![Just(0), amount()],
        [any_text(), any_text(), any_text(), any_text()],
        [day(), day(), day()],
        [marker(), marker(), marker(), marker(), marker(), marker(), marker(), marker()],
        0_usize..200,
    )
        .prop_map(|(nature, paid, cofinanced, texts, days, markers, goals)| Drawn {
            nature,
            paid,
            cofinanced,
            texts,
            days,
            markers,
            goals,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_campaign_gives_valid_files_with_its_sums(drawn in prop::collection::vec(any_line(), 0..8)) {
        check(&campaign(&drawn));
    }
}
