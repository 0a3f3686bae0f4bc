//! The Data Package: read by the tools of others, with the sums of the input, and with nothing that is not public.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use eapd::domain::collectivity::CollectivityKind;
use eapd::domain::euros::Euros;
use eapd::domain::filing::FilingKind;
use eapd::domain::publication::PublicStatus;
use eapd::domain::scope::Scope;
use eapd::reports::open_data::{BODIES, LINES, OpenData, PACKAGE, PublicBody, READ_ME, SUBSIDIES};
use eapd::reports::{Context, Status, Unit, Written};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{Campaign, at, body, buffer, golden, siren, year};
use super::golden::{compare, csv};
use super::iati::{any_line, campaign as drawn_campaign};
use super::tools;

/// What is said of every body of a campaign, and of one that was expected in vain.
fn bodies(campaign: &Campaign) -> Vec<PublicBody> {
    let told = campaign.filings.iter().filter(|filing| filing.kind != FilingKind::Annulled);
    let mut told: Vec<PublicBody> = told
        .map(|filing| PublicBody {
            siren: filing.siren,
            body: campaign.bodies[&filing.siren].clone(),
            status: if filing.line_count == 0 { PublicStatus::Nil } else { PublicStatus::Declared },
            own: Some(filing.total_own),
            lines: filing.line_count,
            rectified_at: (filing.kind == FilingKind::Rectified).then_some(filing.filed_at),
        })
        .collect();
    told.push(PublicBody {
        siren: siren(21_000_011),
        body: body(21_000_011, CollectivityKind::Commune, "=Commune fictive muette", "53", 1_200),
        status: PublicStatus::NotDeclared,
        own: None,
        lines: 0,
        rectified_at: None,
    });
    told
}

fn package_of(campaign: &Campaign, context: Context) -> (Vec<u8>, Written) {
    let mut out = buffer();
    let report = OpenData::begin(context, bodies(campaign), None, &mut out).unwrap();
    let written = campaign.write(Box::new(report));
    (out.into_inner(), written)
}

fn edition(campaign: &Campaign) -> Context {
    let status = Status::Edition { number: 2, released_at: at("2017-09-01T07:00:00Z") };
    campaign.context(status, Scope::National, Unit::Thousand)
}

/// What the tools of others say of some packages, in their order.
fn judged(packages: &[&[u8]]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = vec![];
    for (index, bytes) in packages.iter().enumerate() {
        let path = folder.path().join(format!("{index}.zip"));
        fs::write(&path, bytes).unwrap();
        paths.push(path);
    }
    let paths: Vec<&Path> = paths.iter().map(AsRef::as_ref).collect();
    serde_json::from_str(&tools::python("data_package.py", &paths)).unwrap()
}

fn entry(package: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut bytes = vec![];
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn cents<'a>(amounts: impl IntoIterator<Item = &'a Euros>) -> i64 {
    amounts.into_iter().map(|amount| amount.cents()).sum()
}

#[test]
fn the_entries_are_as_reviewed() {
    let campaign = golden();
    let (package, _) = package_of(&campaign, edition(&campaign));
    assert_eq!(entry(&package, LINES), csv(&campaign), "the same bytes as the report of the lines");
    for name in [BODIES, SUBSIDIES, PACKAGE, READ_ME] {
        compare(&format!("donnees-ouvertes/{name}"), &entry(&package, name));
    }
}

#[test]
fn others_read_the_package_and_find_the_sums() {
    let campaign = golden();
    let (package, written) = package_of(&campaign, edition(&campaign));
    let (of_region, _) = {
        let context = campaign.context(Status::Provisional, Scope::Region("11".to_owned()), Unit::Thousand);
        package_of(&campaign, context)
    };
    let found = judged(&[&package, &of_region]);
    let own = |nature: &[&str]| {
        let lines = campaign.lines.iter().map(|filed| &filed.line);
        let own: Vec<Euros> = lines
            .filter(|line| nature.is_empty() || nature.contains(&line.nature.as_str()))
            .map(eapd::domain::line::Line::own_resources)
            .collect();
        cents(&own)
    };
    for file in &found {
        assert_eq!(file["faults"], json!([]));
        assert_eq!(file["entries"], json!([READ_ME, LINES, BODIES, SUBSIDIES, PACKAGE]));
        assert_eq!(file["license"], "etalab-2.0");
        assert_eq!(file["cents"], file["bodies_cents"]);
    }
    let all = &found[0];
    assert_eq!((written.rows, written.total_own.cents()), (20, own(&[])));
    assert_eq!((all["lines"].as_u64(), all["cents"].as_i64()), (Some(20), Some(own(&[]))));
    assert_eq!(all["refugees_cents"], own(&["refugies"]));
    assert_eq!(all["subsidies_cents"], own(&["subvention_association", "soutien_association"]));
    assert_eq!(all["edition"], 2);
    let states = ["a_declare", "a_declare", "a_declare", "a_declare", "a_declare", "a_declare_neant"];
    assert_eq!(
        all["states"],
        json!([&states[..], &["n_a_pas_declare"]].concat()),
        "an annulled year is silent"
    );
    assert_eq!((&found[1]["edition"], found[1]["lines"].as_u64()), (&Value::Null, Some(16)));
    assert_eq!(found[1]["states"], json!(["a_declare", "a_declare"]));
}

/// A reader that finds nothing proves nothing.
#[test]
fn the_reader_finds_what_is_wrong() {
    let campaign = golden();
    let (package, _) = package_of(&campaign, edition(&campaign));
    let changed = |of: &str, from: &str, to: &str| {
        let mut zip = zip::ZipWriter::new(buffer());
        let options = zip::write::SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
        for name in [READ_ME, LINES, BODIES, SUBSIDIES, PACKAGE] {
            let mut text = String::from_utf8(entry(&package, name)).unwrap();
            if name == of {
                assert!(text.contains(from), "{from}");
                text = text.replacen(from, to, 1);
            }
            zip.start_file(name, options).unwrap();
            std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let packages = [
        changed(LINES, "Mali", "Malx"),
        changed(BODIES, ";a_declare;", ";a_menti;"),
        changed(BODIES, "210000022;", "210000023;"),
    ];
    let packages: Vec<&[u8]> = packages.iter().map(Vec::as_slice).collect();
    for (found, expected) in judged(&packages).iter().zip(["hash", "constraint-error", "foreign-key"]) {
        let faults = found["faults"].to_string();
        assert!(faults.contains(expected), "{expected}: {faults}");
    }
}

#[test]
fn nothing_private_is_in_the_package() {
    let mut campaign = golden();
    for filed in &mut campaign.lines {
        filed.line.reference = format!("CANARI-{}", filed.position);
    }
    let (package, _) = package_of(&campaign, edition(&campaign));
    for name in [READ_ME, LINES, BODIES, SUBSIDIES, PACKAGE] {
        let text = String::from_utf8(entry(&package, name)).unwrap();
        assert!(!text.contains("CANARI"), "{name}");
        for line in text.lines().filter(|line| line.contains(";bourses;") || line.contains(";refugies;")) {
            assert!(!line.contains("Association fictive") && !line.contains("500000005"), "{line}");
        }
    }
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let campaign = golden();
    let (bytes, written) = package_of(&campaign, edition(&campaign));
    assert_eq!((&bytes, &written), (&package_of(&campaign, edition(&campaign)).0, &written));
    let mut changed = golden();
    changed.lines[0].line.title.push('!');
    let (_, other) = package_of(&changed, edition(&changed));
    assert_ne!(written.content_sha256, other.content_sha256, "one letter changes what it says");
}

#[test]
fn a_year_without_lines_is_a_package_too() {
    let nobody = Campaign::new(year(2016));
    let mut nil = Campaign::new(year(2016));
    let commune = body(21_000_006, CollectivityKind::Commune, "Commune fictive", "53", 900);
    nil.file(commune, FilingKind::Nil, Vec::new());
    let packages = [package_of(&nobody, nobody.national()).0, package_of(&nil, nil.national()).0];
    for found in judged(&[&packages[0], &packages[1]]) {
        assert_eq!((&found["faults"], &found["cents"]), (&json!([]), &json!(0)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_campaign_gives_a_package_with_its_sums(
        drawn in prop::collection::vec(prop::collection::vec(any_line(), 0..8), 1..4)
    ) {
        let campaigns: Vec<Campaign> = drawn.iter().map(|lines| {
            let mut campaign = drawn_campaign(lines);
            for filed in &mut campaign.lines {
                // A declared line has a title and a reference within their bounds; the rest is as drawn.
                let visible = filed.line.title.chars().any(|c| !c.is_whitespace() && !c.is_control());
                if !visible {
                    filed.line.title.push_str("Titre");
                }
            }
            campaign
        }).collect();
        let packages: Vec<(Vec<u8>, Written)> =
            campaigns.iter().map(|campaign| package_of(campaign, campaign.national())).collect();
        let bytes: Vec<&[u8]> = packages.iter().map(|(bytes, _)| bytes.as_slice()).collect();
        for (found, (campaign, (_, written))) in judged(&bytes).iter().zip(campaigns.iter().zip(&packages)) {
            let own: i64 = campaign.lines.iter().map(|filed| filed.line.own_resources().cents()).sum();
            prop_assert_eq!(&found["faults"], &json!([]));
            prop_assert_eq!((found["cents"].as_i64(), found["bodies_cents"].as_i64()), (Some(own), Some(own)));
            prop_assert_eq!(written.rows, u64::try_from(campaign.lines.len()).unwrap());
            prop_assert_eq!(found["lines"].as_u64(), Some(written.rows));
        }
    }
}
