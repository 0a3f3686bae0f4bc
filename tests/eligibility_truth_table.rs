//! The truth table of eligibility (rule 9), written by hand, through the pure function.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use eapd::domain::call::{Call, CallDates, GroupRule};
use eapd::domain::campaign::{Campaign, Extension, FilingDerogation};
use eapd::domain::eligibility::{
    AwaitingFiling, Body, Descent, DescentKind, EligibilityDerogation, Facts, FilingVersion, PastAmount,
    Verdict, YearOnFile, YearVerdict, decide,
};
use eapd::domain::filing::FilingKind;
use eapd::domain::instant::Instant;
use eapd::domain::siren::Siren;
use eapd::domain::year::FlowYear;

use crate::support::scenario::{Alias, Scenario, Step};
use crate::support::truth_table::{Case, Expected, cases};

#[test]
fn the_table_holds_through_the_pure_function() {
    let mut wrong = vec![];
    for case in cases().unwrap() {
        match answer(&case) {
            Ok(found) if found == case.expected => {}
            Ok(found) => wrong.push(format!(
                "{} {}\n  expected {:?}\n  found    {found:?}",
                case.id, case.story, case.expected
            )),
            Err(error) => wrong.push(format!("{} {}\n  {error}", case.id, case.story)),
        }
    }
    assert!(wrong.is_empty(), "{} wrong rows\n{}", wrong.len(), wrong.join("\n"));
}

/// Thirty days for an answer, to the second; from then on the filing is void.
fn await_attachment(
    facts: &mut Facts,
    scenario: &Scenario,
    (who, year, version): (Alias, FlowYear, u32),
    at: Instant,
) -> Result<(), String> {
    let last = at.plus_seconds(30 * 24 * 3600);
    let answer = scenario.steps.iter().find_map(|other| match other {
        Step::Attachment { who: of, year: for_year, is_accepted, at: answered }
            if *of == who && *for_year == year && *answered >= at && *answered <= last =>
        {
            Some((*is_accepted, *answered))
        }
        _ => None,
    });
    let decided_at = Some(answer.map_or(last.plus_seconds(1), |(_, answered)| answered));
    facts.add_awaiting_filing(who.siren()?, year, AwaitingFiling { since: at, decided_at });
    if let Some((true, answered)) = answer {
        let filing = FilingVersion {
            version,
            kind: FilingKind::Declared,
            filed_at: at,
            confirmed_at: Some(answered),
            receipt: Some(format!("{}-{who}-{version}", year.campaign())),
        };
        facts.add_filing(who.siren()?, year, filing);
    }
    Ok(())
}

/// The wording is part of the contract: one snapshot shows the sentence of every row.
#[test]
fn every_row_has_its_sentences() {
    let mut shown = String::new();
    for case in cases().unwrap() {
        let verdict = verdict(&case).unwrap();
        writeln!(shown, "{} {}\n    {}", case.id, case.story, verdict.sentence).unwrap();
        for year in &verdict.years {
            if !verdict.sentence.contains(&year.sentence) {
                writeln!(shown, "    {}: {}", year.year, year.sentence).unwrap();
            }
            assert!(year.sentence.ends_with('.'), "{}: {}", case.id, year.sentence);
        }
        for text in verdict.years.iter().map(|year| &year.sentence).chain([&verdict.sentence]) {
            for wrong in ["'", " :", " ;", " ?", " !", "« ", " »", "  ", "..", " ,", "@"] {
                assert!(!text.contains(wrong), "{}: «{wrong}» in {text}", case.id);
            }
        }
    }
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("eligibility_sentences", shown);
    });
}

fn answer(case: &Case) -> Result<Expected, String> {
    let verdict = verdict(case)?;
    let aliases: BTreeMap<Siren, Alias> =
        Alias::all().map(|alias| Ok((alias.siren()?, alias))).collect::<Result<_, String>>()?;
    let year = |year: &YearVerdict| {
        let of = aliases.get(&year.of).map(Alias::to_string).unwrap_or_default();
        format!("{}:{}:{}:{of}", year.year, year.state.code(), year.reason.code())
    };
    Ok(Expected {
        status: verdict.status.code().to_owned(),
        reason: verdict.reason.code().to_owned(),
        years: verdict.years.iter().map(year).collect(),
    })
}

fn verdict(case: &Case) -> Result<Verdict, String> {
    let facts = facts(&case.scenario)?;
    let dates = CallDates::default();
    let call = Call::new(case.call.clone(), "Appel", dates, case.years.clone(), GroupRule::All, "Texte")
        .map_err(|error| error.to_string())?;
    Ok(decide(case.siren.siren()?, &call, &facts, case.at))
}

/// The facts of a scenario, as the store would fill them, histories included.
fn facts(scenario: &Scenario) -> Result<Facts, String> {
    let start = "2009-01-01T00:00:00Z".parse::<Instant>().map_err(|error| error.to_string())?;
    let mut facts = Facts::new();
    for (alias, body) in bodies(scenario) {
        facts.add_body(alias.siren()?, body);
    }
    for (year, on_file) in years(scenario, start) {
        facts.set_year(year, on_file);
    }
    let mut versions: BTreeMap<(Alias, FlowYear), u32> = BTreeMap::new();
    for step in &scenario.steps {
        match step {
            Step::Merger { from, into, on } | Step::Split { from, into, on } => {
                let kind = if matches!(step, Step::Merger { .. }) {
                    DescentKind::Merger
                } else {
                    DescentKind::Split
                };
                for (predecessor, successor) in from.iter().flat_map(|f| into.iter().map(move |i| (f, i))) {
                    if predecessor != successor {
                        let (predecessor, successor) = (predecessor.siren()?, successor.siren()?);
                        facts.add_descent(Descent { predecessor, successor, on: *on, kind });
                    }
                }
            }
            Step::File { who, year, kind, at } => {
                let version = versions.entry((*who, *year)).or_insert(0);
                *version += 1;
                if !kind.is_managers() && !takes_filings(scenario, *who, *year, *at, start) {
                    return Err(format!("{who} could not file for {year} at {at:?}"));
                }
                if *kind == FilingKind::Annulled && *version == 1 {
                    return Err(format!("nothing of {who} to annul for {year}"));
                }
                let receipt = Some(format!("{}-{who}-{version}", year.campaign()));
                let filing = FilingVersion {
                    version: *version,
                    kind: *kind,
                    filed_at: *at,
                    confirmed_at: None,
                    receipt,
                };
                facts.add_filing(who.siren()?, *year, filing);
            }
            Step::Refused { who, year, at } if takes_filings(scenario, *who, *year, *at, start) => {
                return Err(format!("{who} could file for {year} at {at:?}"));
            }
            Step::PastAmount { who, year, amount, at } => {
                let recorded_at = at.unwrap_or(start);
                let source = "enquête de 2011".to_owned();
                facts.add_past_amount(
                    who.siren()?,
                    *year,
                    PastAmount { amount: *amount, source, recorded_at },
                );
            }
            Step::EligibilityDerogation { who, call, at } => {
                let revoked_at = scenario.steps.iter().find_map(|other| match other {
                    Step::EligibilityRevocation { who: of, call: from, at: revoked }
                        if of == who && from == call && revoked > at =>
                    {
                        Some(*revoked)
                    }
                    _ => None,
                });
                let call = call.clone();
                let derogation = EligibilityDerogation { call, decided_at: *at, revoked_at };
                facts.add_eligibility_derogation(who.siren()?, derogation);
            }
            Step::Awaiting { who, year, at } => {
                let version = versions.entry((*who, *year)).or_insert(0);
                *version += 1;
                if !takes_filings(scenario, *who, *year, *at, start) {
                    return Err(format!("{who} could not file for {year} at {at:?}"));
                }
                await_attachment(&mut facts, scenario, (*who, *year, *version), *at)?;
            }
            _ => {}
        }
    }
    for step in &scenario.steps {
        if let Step::FilingDerogation { who, campaign, .. } = step {
            let year = campaign.flow_year();
            let first = scenario.steps.iter().find(|other| {
                matches!(other, Step::FilingDerogation { who: of, campaign: c, .. } if of == who && c == campaign)
            });
            if first == Some(step) {
                for derogation in derogations(scenario, *who, year) {
                    facts.add_filing_derogation(who.siren()?, year, derogation);
                }
            }
        }
    }
    Ok(facts)
}

/// Births and ends follow from the mergers and splits, unless `existe` says otherwise.
fn bodies(scenario: &Scenario) -> BTreeMap<Alias, Body> {
    let mut bodies: BTreeMap<Alias, Body> = BTreeMap::new();
    let mut told: BTreeSet<Alias> = BTreeSet::new();
    let blank = |alias: &Alias| Body { name: alias.name(), exists_from: None, exists_until: None };
    for step in &scenario.steps {
        match step {
            Step::Exists { who, from, until } => {
                for alias in who {
                    told.insert(*alias);
                    bodies.insert(*alias, Body { exists_from: *from, exists_until: *until, ..blank(alias) });
                }
            }
            Step::Merger { from, into, on } | Step::Split { from, into, on } => {
                for alias in into.iter().filter(|alias| !from.contains(alias)) {
                    let body = bodies.entry(*alias).or_insert_with(|| blank(alias));
                    if !told.contains(alias) {
                        body.exists_from = Some(*on);
                    }
                }
                for alias in from.iter().filter(|alias| !into.contains(alias)) {
                    let body = bodies.entry(*alias).or_insert_with(|| blank(alias));
                    body.exists_until = body.exists_until.or(Some(on.previous()));
                }
            }
            _ => {}
        }
    }
    bodies
}

fn years(scenario: &Scenario, start: Instant) -> BTreeMap<FlowYear, YearOnFile> {
    let mut years: BTreeMap<FlowYear, YearOnFile> = BTreeMap::new();
    for step in &scenario.steps {
        match step {
            Step::Campaign { year, window } => {
                years.entry(year.flow_year()).or_default().campaign = Some(Campaign {
                    year: *year,
                    window: *window,
                    extensions: vec![],
                    settled_at: None,
                    published_at: None,
                    cancelled_at: None,
                });
            }
            Step::PastAmount { year, at, .. } => {
                let since = &mut years.entry(*year).or_default().past_amounts_since;
                let recorded = at.unwrap_or(start);
                *since = Some(since.map_or(recorded, |first| first.min(recorded)));
            }
            _ => {}
        }
    }
    for step in &scenario.steps {
        let (Step::Extension { year, at, .. } | Step::Settle { year, at } | Step::Cancel { year, at }) = step
        else {
            continue;
        };
        let on_file = years.entry(year.flow_year()).or_default();
        let Some(campaign) = on_file.campaign.as_mut() else { continue };
        match step {
            Step::Extension { closes_on, .. } => campaign.extensions.push(Extension {
                closes_on: *closes_on,
                reason: "retards".to_owned(),
                decided_at: *at,
            }),
            Step::Settle { .. } => campaign.settled_at = Some(*at),
            _ => campaign.cancelled_at = Some(*at),
        }
    }
    years
}

/// The filing derogations of a body; a revocation ends those decided before it.
fn derogations(scenario: &Scenario, body: Alias, year: FlowYear) -> Vec<FilingDerogation> {
    let revocations: Vec<Instant> = scenario
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::FilingRevocation { who, campaign, at } if *who == body && campaign.flow_year() == year => {
                Some(*at)
            }
            _ => None,
        })
        .collect();
    let granted = scenario.steps.iter().filter_map(|step| match step {
        Step::FilingDerogation { who, campaign, until, at }
            if *who == body && campaign.flow_year() == year =>
        {
            let revoked_at = revocations.iter().copied().filter(|revoked| revoked > at).min();
            Some(FilingDerogation { until: *until, decided_at: *at, revoked_at })
        }
        _ => None,
    });
    granted.collect()
}

fn takes_filings(scenario: &Scenario, who: Alias, year: FlowYear, at: Instant, start: Instant) -> bool {
    let derogations = derogations(scenario, who, year);
    let years = years(scenario, start);
    let campaign = years.get(&year).and_then(|on_file| on_file.campaign.as_ref());
    campaign.is_some_and(|campaign| campaign.takes_filings(at, &derogations))
}
