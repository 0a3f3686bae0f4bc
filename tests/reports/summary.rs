//! The files of a summary, part by part, of the same campaign as the other golden files; and what others read in them.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use eapd::domain::scope::Scope;
use eapd::domain::summary::{Body, Figures, Index, Listed, Payment, Standing, Summary, Year};
use eapd::reports::summary::{Form, write};
use eapd::reports::{Format, Status};
use serde_json::Value;

use super::fixture::{Campaign, at, buffer, golden};
use super::golden::compare;
use super::tools;

/// The year as the use case builds it, but for the database.
fn year_of(campaign: &Campaign) -> Year {
    let mut year = Year::new(campaign.year, Index::default());
    for filing in &campaign.filings {
        let own = campaign.lines.iter().filter(|line| line.siren == filing.siren);
        let payments: Vec<Payment> = own
            .map(|filed| Payment {
                position: filed.position,
                recipient: filed.line.recipient.clone(),
                purpose: filed.line.purpose.clone(),
                channel: filed.line.channel.clone(),
                nature: filed.line.nature.clone(),
                aid_type: filed.line.aid_type.clone(),
                law: filed.line.one_percent_law,
                own: filed.line.own_resources(),
            })
            .collect();
        let figures = Figures::of(&payments, &mut year.index, &campaign.codes, campaign.year.get());
        assert_eq!((figures.total.own, figures.lines()), (filing.total_own, u64::from(filing.line_count)));
        let held = &campaign.bodies[&filing.siren];
        let category = campaign.codes.category(held.kind.code(), held.population).unwrap();
        let body = Body {
            siren: filing.siren,
            name: held.name.clone(),
            category: category.code.to_string(),
            departement: held.departement.clone().unwrap_or_else(|| "aucun".to_owned()),
            region: held.region.clone(),
        };
        year.add(&body, filing.version, filing.kind, filing.filed_at, Arc::new(figures));
        year.expect(&body);
    }
    year.sum();
    year
}

fn summary(campaign: &Campaign, year: &Year, scope: Scope) -> Summary {
    let part = year.of(&scope, &campaign.codes);
    let told = (Standing::Provisional, at("2017-06-16T09:30:00Z"));
    Summary::new(&campaign.codes, scope, told, (year, &part), None)
}

#[test]
fn every_cut_adds_up_and_the_regions_to_the_nation() {
    let campaign = golden();
    let year = year_of(&campaign);
    let nation = summary(&campaign, &year, Scope::National);
    let mut regions = eapd::domain::summary::Sum::default();
    for region in ["11", "93", "HORS", "32", "53"] {
        let found = summary(&campaign, &year, Scope::Region(region.to_owned()));
        for table in &found.tables {
            assert_eq!(table.total(), found.total, "{region} {:?}", table.cut);
        }
        regions.add(found.total);
    }
    assert_eq!(regions, nation.total);
    assert_eq!(nation.total.own, campaign.national().filings.total_own);
    // Six filed one of which nothing, and one whose version was annulled.
    assert_eq!((nation.counts.declared, nation.counts.nil), (5, 1));
    assert!(
        nation
            .contributors
            .windows(2)
            .all(|pair| { pair[0].sum.without_refugees() >= pair[1].sum.without_refugees() })
    );
    assert_eq!((nation.counts.expected, nation.counts.silent), (7, 1));
    assert_eq!(nation.left_out, 1);
}

fn listed(campaign: &Campaign, year: &Year, summary: &Summary) -> Vec<Listed> {
    let mut listed: Vec<Listed> = year
        .bodies(&summary.scope, &campaign.codes)
        .map(|(siren, known)| Listed {
            siren,
            name: known.name.to_string(),
            departement: known.departement.to_string(),
            did: known.did(),
            sum: known.figures.total,
            verdicts: vec![],
        })
        .collect();
    listed.sort_by_key(|body| body.siren);
    listed
}

/// A summary as a file, and the digest of what an edition says.
fn written(scope: Scope, form: impl Fn(&Summary) -> Form) -> (Vec<u8>, Option<String>) {
    let campaign = golden();
    let year = year_of(&campaign);
    let summary = summary(&campaign, &year, scope);
    let listed = listed(&campaign, &year, &summary);
    let mut out = buffer();
    let digest = write(&summary, (&[], &listed), &campaign.codes, form(&summary), None, &mut out).unwrap();
    (out.into_inner(), digest)
}

fn now(scope: Scope, format: Format) -> Vec<u8> {
    written(scope, |summary| Form::now(summary, format)).0
}

#[test]
fn the_files_of_a_region_are_as_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    for format in [Format::Xlsx, Format::Ods] {
        let file = folder.path().join(format!("synthese-region.{format}"));
        fs::write(&file, now(Scope::Region("11".to_owned()), format)).unwrap();
        let name = format!("synthese-region.{format}.txt");
        compare(&name, tools::python("parts.py", &[&file]).as_bytes());
    }
}

/// The same document, no formula of which says its value: whoever opens it has to compute them.
fn without_values(document: &[u8]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(document)).unwrap();
    let mut to = zip::ZipWriter::new(buffer());
    for index in 0..from.len() {
        let mut entry = from.by_index(index).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        let parts: Vec<String> = text.split("table:formula=").map(str::to_owned).collect();
        let (first, formulas) = parts.split_first().unwrap();
        let mut changed = first.clone();
        for formula in formulas {
            let value = " office:value-type=\"float\" office:value=\"";
            let (before, value) = formula.split_once(value).unwrap();
            let (_, after) = value.split_once('"').unwrap();
            changed.extend(["table:formula=", before, after]);
        }
        let name = entry.name().unwrap().into_owned();
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(changed.as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// openpyxl, odfpy and `LibreOffice` find the same sums in both formats, those of the input.
#[test]
fn both_formats_tell_others_the_same_sums() {
    let folder = tempfile::tempdir().unwrap();
    for scope in [Scope::National, Scope::Region("11".to_owned())] {
        let own: i64 = golden()
            .lines
            .iter()
            .filter(|filed| scope.holds(&golden().bodies[&filed.siren].region, &golden().codes))
            .map(|filed| filed.line.own_resources().cents())
            .sum();
        let file = |format: Format| {
            let path = folder.path().join(format!("synthese-{}.{format}", scope.code()));
            fs::write(&path, now(scope.clone(), format)).unwrap();
            path
        };
        let (workbook, open) = (file(Format::Xlsx), file(Format::Ods));
        let found =
            [tools::python("summary_check.py", &[&workbook]), tools::python("ods_check.py", &[&open])];
        let found = found.map(|told| serde_json::from_str::<Value>(&told).unwrap());
        assert_eq!(found[0]["total"], own);
        assert!(found[0]["differences"].as_array().unwrap().iter().all(|difference| difference == 0));
        assert_eq!(found[0], found[1], "odfpy reads what openpyxl reads");
        // LibreOffice finds the values of the formulas of the workbook in those of the OpenDocument, which it is not
        // told.
        let untold = without_values(&fs::read(&open).unwrap());
        fs::write(&open, untold).unwrap();
        let computed = tools::libreoffice(&open, folder.path());
        let formulas = tools::python("same_values.py", &[&workbook, &computed]);
        assert!(formulas.trim().parse::<u32>().unwrap() > 40, "{formulas}");
    }
}

#[test]
fn an_edition_says_the_same_in_both_formats_and_the_same_bytes_again() {
    let edition = |number: u32, format: Format| {
        let status = Status::Edition { number, released_at: at("2017-09-01T07:00:00Z") };
        written(Scope::National, move |_summary| Form { format, status })
    };
    let (workbook, open) = (edition(1, Format::Xlsx), edition(1, Format::Ods));
    assert_eq!(open, edition(1, Format::Ods));
    assert!(workbook.1.is_some());
    assert_eq!(workbook.1, open.1);
    assert_ne!(open.1, edition(2, Format::Ods).1, "the number of the edition is told");
}
