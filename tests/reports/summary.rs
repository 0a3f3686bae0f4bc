//! The workbook of a regional summary, part by part, of the same campaign as the other golden files.

use std::fs;
use std::sync::Arc;

use eapd::domain::scope::Scope;
use eapd::domain::summary::{Body, Figures, Index, Listed, Payment, Standing, Summary, Year};
use eapd::reports::summary::xlsx;

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

#[test]
fn the_workbook_of_a_region_is_as_reviewed() {
    let campaign = golden();
    let year = year_of(&campaign);
    let summary = summary(&campaign, &year, Scope::Region("11".to_owned()));
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
    let mut out = buffer();
    xlsx(&summary, (&[], &listed), &campaign.codes, None, &mut out).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("synthese.xlsx");
    fs::write(&file, out.into_inner()).unwrap();
    compare("synthese-region.xlsx.txt", tools::python("parts.py", &[&file]).as_bytes());
}
