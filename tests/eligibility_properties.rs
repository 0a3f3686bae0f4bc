//! What holds of eligibility (rule 9) whatever is on file.

use std::collections::BTreeSet;

use eapd::domain::call::{Call, CallDates, GroupRule};
use eapd::domain::campaign::{Campaign, Extension, FilingDerogation};
use eapd::domain::day::Day;
use eapd::domain::eligibility::{
    AwaitingFiling, Body, Descent, DescentKind, EligibilityDerogation, Facts, FilingVersion, PastAmount,
    Reason, Status, YearOnFile, YearState, decide,
};
use eapd::domain::filing::FilingKind;
use eapd::domain::instant::Instant;
use eapd::domain::siren::Siren;
use eapd::domain::window::Window;
use eapd::domain::year::FlowYear;
use proptest::prelude::*;

use crate::support::scenario::Alias;

const YEARS: [u16; 3] = [2011, 2012, 2013];

/// One thing on file, small enough that random ones meet.
#[derive(Debug, Clone)]
enum Fact {
    Body { who: usize, from: Option<i64>, until: Option<i64> },
    Descent { from: usize, into: usize, on: i64, split: bool },
    Filing { who: usize, year: usize, version: u32, kind: usize, at: i64 },
    PastAmount { who: usize, year: usize, at: i64 },
    FilingDerogation { who: usize, year: usize, at: i64, days: i64, revoked: Option<i64> },
    Awaiting { who: usize, year: usize, at: i64, decided: Option<i64> },
    Exemption { who: usize, at: i64, revoked: Option<i64> },
}

/// The campaign of a year, in days: first, last, extension, decisions.
#[derive(Debug, Clone)]
struct YearFact {
    window: Option<(i64, i64)>,
    extension: Option<(i64, i64)>,
    settled: Option<i64>,
    cancelled: Option<i64>,
    past_amounts: Option<i64>,
}

fn siren(index: usize) -> Siren {
    let alias = Alias::all().nth(index).expect("fewer than 26");
    alias.siren().expect("a valid number")
}

fn year(index: usize) -> FlowYear {
    FlowYear::new(YEARS[index]).expect("a known year")
}

/// `days` after 1 January 2011; instants are at noon.
fn day(days: i64) -> Day {
    Day::first_of(2011).starts_at().plus_seconds(days * 86_400 + 43_200).day_in_paris()
}

fn noon(days: i64) -> Instant {
    day(days).starts_at().plus_seconds(43_200)
}

fn call(years: &[usize]) -> Call {
    let years = years.iter().map(|index| year(*index)).collect();
    let code = "AAP-2014".parse().expect("a code");
    Call::new(code, "Appel", CallDates::default(), years, GroupRule::All, "Texte").expect("a call")
}

fn add(facts: &mut Facts, fact: &Fact) {
    match fact.clone() {
        Fact::Body { who, from, until } => {
            let (exists_from, exists_until) = (from.map(day), until.map(day));
            facts.add_body(siren(who), Body { name: format!("n°{who}"), exists_from, exists_until });
        }
        Fact::Descent { from, into, on, split } => {
            let kind = if split { DescentKind::Split } else { DescentKind::Merger };
            let (predecessor, successor) = (siren(from), siren(into));
            facts.add_descent(Descent { predecessor, successor, on: day(on), kind });
        }
        Fact::Filing { who, year: of, version, kind, at } => {
            let kind = FilingKind::ALL[kind];
            let filing =
                FilingVersion { version, kind, filed_at: noon(at), confirmed_at: None, receipt: None };
            facts.add_filing(siren(who), year(of), filing);
        }
        Fact::PastAmount { who, year: of, at } => {
            let amount = PastAmount { amount: None, source: "enquête".to_owned(), recorded_at: noon(at) };
            facts.add_past_amount(siren(who), year(of), amount);
        }
        Fact::FilingDerogation { who, year: of, at, days, revoked } => {
            let (decided_at, revoked_at) = (noon(at), revoked.map(noon));
            let derogation = FilingDerogation { until: day(at + days), decided_at, revoked_at };
            facts.add_filing_derogation(siren(who), year(of), derogation);
        }
        Fact::Awaiting { who, year: of, at, decided } => {
            let awaiting = AwaitingFiling { since: noon(at), decided_at: decided.map(noon) };
            facts.add_awaiting_filing(siren(who), year(of), awaiting);
        }
        Fact::Exemption { who, at, revoked } => {
            let call = call(&[0]).code().clone();
            let (decided_at, revoked_at) = (noon(at), revoked.map(noon));
            let derogation = EligibilityDerogation { call, decided_at, revoked_at };
            facts.add_eligibility_derogation(siren(who), derogation);
        }
    }
}

fn build<'f>(years: &[YearFact], facts: impl IntoIterator<Item = &'f Fact>) -> Facts {
    let mut built = Facts::new();
    for (index, fact) in years.iter().enumerate() {
        let campaign = fact.window.map(|(opens_on, closes_on)| Campaign {
            year: year(index).campaign(),
            window: Window::new(day(opens_on), day(closes_on)).expect("days in order"),
            extensions: fact
                .extension
                .iter()
                .map(|(closes_on, at)| Extension {
                    closes_on: day(*closes_on),
                    reason: String::new(),
                    decided_at: noon(*at),
                })
                .collect(),
            settled_at: fact.settled.map(noon),
            published_at: None,
            cancelled_at: fact.cancelled.map(noon),
        });
        let past_amounts_since = fact.past_amounts.map(noon);
        built.set_year(year(index), YearOnFile { campaign, past_amounts_since });
    }
    for fact in facts {
        add(&mut built, fact);
    }
    built
}

/// From worst to best.
fn rank(status: Status) -> u8 {
    match status {
        Status::Ineligible => 0,
        Status::Undetermined => 1,
        Status::Pending => 2,
        Status::Eligible => 3,
        Status::NotConcerned => 4,
    }
}

fn days() -> impl Strategy<Value = i64> {
    0..2000_i64
}

fn maybe_day() -> impl Strategy<Value = Option<i64>> {
    prop::option::weighted(0.3, days())
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let (who, of) = (0..6_usize, 0..YEARS.len());
    prop_oneof![
        (who.clone(), who.clone(), days(), any::<bool>()).prop_map(|(from, into, on, split)| Fact::Descent {
            from,
            into,
            on,
            split
        }),
        (who.clone(), of.clone(), 1..5_u32, 0..FilingKind::ALL.len(), days())
            .prop_map(|(who, year, version, kind, at)| Fact::Filing { who, year, version, kind, at }),
        (who.clone(), of.clone(), days()).prop_map(|(who, year, at)| Fact::PastAmount { who, year, at }),
        (who.clone(), of.clone(), days(), 0..60_i64, maybe_day()).prop_map(
            |(who, year, at, days, revoked)| Fact::FilingDerogation { who, year, at, days, revoked }
        ),
        (who.clone(), of, days(), maybe_day()).prop_map(|(who, year, at, decided)| Fact::Awaiting {
            who,
            year,
            at,
            decided
        }),
        (who, days(), maybe_day()).prop_map(|(who, at, revoked)| Fact::Exemption { who, at, revoked }),
    ]
}

fn any_year() -> impl Strategy<Value = YearFact> {
    let window = prop::option::weighted(0.8, (days(), 0..100_i64).prop_map(|(first, n)| (first, first + n)));
    let decisions = (prop::option::of((days(), days())), maybe_day(), maybe_day(), maybe_day());
    (window, decisions).prop_map(|(window, (extension, settled, cancelled, past_amounts))| YearFact {
        window,
        extension,
        settled,
        cancelled,
        past_amounts,
    })
}

/// Years, bodies (one of the six may be outside the register), and facts about them.
fn anything_on_file() -> impl Strategy<Value = (Vec<YearFact>, Vec<Fact>)> {
    let bodies = prop::collection::vec((maybe_day(), maybe_day()), 5..=6);
    let years = prop::collection::vec(any_year(), YEARS.len());
    (years, bodies, prop::collection::vec(any_fact(), 0..25)).prop_map(|(years, bodies, facts)| {
        let bodies =
            bodies.into_iter().enumerate().map(|(who, (from, until))| Fact::Body { who, from, until });
        (years, bodies.chain(facts).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Total; each required year answered once, in order; the whole follows from the years.
    #[test]
    fn answers_every_question((years, facts) in anything_on_file(), who in 0..7_usize, at in days()) {
        let verdict = decide(siren(who), &call(&[0, 1, 2]), &build(&years, &facts), noon(at));
        let answered: Vec<u16> = verdict.years.iter().map(|year| year.year.get()).collect();
        prop_assert_eq!(answered, YEARS.to_vec());
        prop_assert!(!verdict.sentence.is_empty() && !verdict.founding_text.is_empty());
        let states: BTreeSet<YearState> = verdict.years.iter().map(|year| year.state).collect();
        if verdict.reason != Reason::EligibilityDerogation {
            let expected = if states.contains(&YearState::Missed) {
                Status::Ineligible
            } else if states.contains(&YearState::Unknown) {
                Status::Undetermined
            } else if states.contains(&YearState::Pending) {
                Status::Pending
            } else {
                Status::Eligible
            };
            prop_assert_eq!(verdict.status, expected);
        }
    }

    /// The same facts give the same verdict, in whatever order the store found them.
    #[test]
    fn does_not_depend_on_the_order_of_the_facts((years, facts) in anything_on_file(), who in 0..6_usize, at in days()) {
        let call = call(&[0, 1, 2]);
        let mut seen = BTreeSet::new();
        // Two versions of one number, or two past amounts of one instant, cannot be on file.
        let unique: Vec<&Fact> = facts
            .iter()
            .filter(|fact| match fact {
                Fact::Filing { who, year, version, .. } => seen.insert((*who, *year, i64::from(*version))),
                Fact::PastAmount { who, year, at } => seen.insert((*who, *year, 10 + at)),
                _ => true,
            })
            .collect();
        let forward = build(&years, unique.iter().copied());
        let backward = build(&years, unique.iter().rev().copied());
        let verdict = decide(siren(who), &call, &forward, noon(at));
        prop_assert_eq!(&verdict, &decide(siren(who), &call, &forward, noon(at)));
        prop_assert_eq!(&verdict, &decide(siren(who), &call, &backward, noon(at)));
    }

    /// What is filed or decided later never changes what was answered before.
    #[test]
    fn the_past_does_not_change((years, facts) in anything_on_file(), who in 0..6_usize, at in days()) {
        let call = call(&[0, 1, 2]);
        let by_then = facts.iter().filter(|fact| match fact {
            Fact::Body { .. } | Fact::Descent { .. } => true,
            Fact::Filing { at: instant, .. }
            | Fact::PastAmount { at: instant, .. }
            | Fact::FilingDerogation { at: instant, .. }
            | Fact::Awaiting { at: instant, .. }
            | Fact::Exemption { at: instant, .. } => *instant <= at,
        });
        let mut years_then = years.clone();
        for year in &mut years_then {
            let later = |instant: &mut Option<i64>| if instant.is_some_and(|i| i > at) { *instant = None };
            later(&mut year.settled);
            later(&mut year.cancelled);
            later(&mut year.past_amounts);
            if year.extension.is_some_and(|(_, decided)| decided > at) {
                year.extension = None;
            }
        }
        let now = decide(siren(who), &call, &build(&years, &facts), noon(at));
        let then = decide(siren(who), &call, &build(&years_then, by_then), noon(at));
        prop_assert_eq!(now, then);
    }

    /// Filing never makes anything worse, for the body or those that descend from it.
    #[test]
    fn a_declaration_never_harms((years, facts) in anything_on_file(), filer in 0..6_usize, of in 0..3_usize, who in 0..6_usize, at in days()) {
        let call = call(&[0, 1, 2]);
        let before = decide(siren(who), &call, &build(&years, &facts), noon(at));
        let declared = Fact::Filing { who: filer, year: of, version: 9, kind: 0, at };
        let after = decide(siren(who), &call, &build(&years, facts.iter().chain([&declared])), noon(at));
        prop_assert!(rank(after.status) >= rank(before.status), "{before:?}\n{after:?}");
    }

    /// A required year that is satisfied changes nothing; one that is not never helps.
    #[test]
    fn more_required_years_never_help((years, facts) in anything_on_file(), who in 0..6_usize, at in days()) {
        let facts = build(&years, &facts);
        let two = decide(siren(who), &call(&[0, 1]), &facts, noon(at));
        let three = decide(siren(who), &call(&[0, 1, 2]), &facts, noon(at));
        prop_assert!(rank(three.status) <= rank(two.status));
        if three.years[2].state == YearState::Satisfied {
            prop_assert_eq!(three.status, two.status);
        }
    }

    /// An eligibility derogation in force dominates, outside the register too.
    #[test]
    fn a_derogation_dominates((years, facts) in anything_on_file(), who in 0..7_usize, at in days()) {
        let exemption = Fact::Exemption { who, at, revoked: None };
        let facts = build(&years, facts.iter().chain([&exemption]));
        prop_assert_eq!(decide(siren(who), &call(&[0, 1, 2]), &facts, noon(at)).status, Status::Eligible);
        let other = Call::new(
            "AUTRE-2014".parse().expect("a code"), "Appel", CallDates::default(),
            vec![year(0)], GroupRule::All, "Texte",
        ).expect("a call");
        let verdict = decide(siren(who), &other, &facts, noon(at));
        prop_assert_ne!(verdict.reason, Reason::EligibilityDerogation);
    }

    /// Against a naive recursion: who answers for a body not born yet (no cycles here).
    #[test]
    fn lineage_agrees_with_a_naive_recursion(
        born in prop::collection::vec(0..6_u16, 6),
        edges in prop::collection::vec((0..6_usize, 0..6_usize), 0..12),
        filed in prop::collection::vec(any::<bool>(), 6),
        who in 0..6_usize,
    ) {
        // Edges go from a lower to a higher index; year 2013 is over; births on 1 January 2011 to 2016.
        let edges: BTreeSet<(usize, usize)> =
            edges.into_iter().filter(|(from, into)| from < into).collect();
        let mut facts = vec![];
        for (index, born) in born.iter().enumerate() {
            let from = Some(i64::from(*born) * 365 + 1);
            facts.push(Fact::Body { who: index, from, until: None });
            if filed[index] && *born <= 2 {
                facts.push(Fact::Filing { who: index, year: 2, version: 1, kind: 0, at: 1300 });
            }
        }
        facts.extend(edges.iter().map(|(from, into)| Fact::Descent { from: *from, into: *into, on: 1, split: false }));
        let responsible = answers(who, &born, &edges);
        let window = YearFact {
            window: Some((1200, 1250)), extension: None, settled: None, cancelled: None, past_amounts: None,
        };
        let facts = build(&[window.clone(), window.clone(), window], &facts);
        let verdict = decide(siren(who), &call(&[2]), &facts, noon(1400));
        let missing: BTreeSet<Siren> = responsible.iter().filter(|index| !filed[**index]).map(|i| siren(*i)).collect();
        let expected = if missing.is_empty() { Status::Eligible } else { Status::Ineligible };
        prop_assert_eq!(verdict.status, expected, "{:?}", verdict);
        if let Some(first) = missing.first() {
            prop_assert_eq!(verdict.years[0].of, *first);
            for siren in &missing {
                prop_assert!(*siren == verdict.siren || verdict.sentence.contains(siren.as_str()), "names which");
            }
        }
    }
}

/// Who answers for 2013: the body if it was born by then, else those of its predecessors.
fn answers(who: usize, born: &[u16], edges: &BTreeSet<(usize, usize)>) -> BTreeSet<usize> {
    if born[who] <= 2 {
        return BTreeSet::from([who]);
    }
    let predecessors = edges.iter().filter(|(_, into)| *into == who);
    predecessors.flat_map(|(from, _)| answers(*from, born, edges)).collect()
}

/// A register where everyone descends from everyone, rings included.
#[test]
fn a_tangled_register_costs_no_more() {
    let mut facts = Facts::new();
    let call = call(&[2]);
    for index in 0..24 {
        let born = Some(day(2000));
        facts.add_body(siren(index), Body { name: String::new(), exists_from: born, exists_until: None });
    }
    let mut link = |from: usize, into: usize| {
        let (predecessor, successor, kind) = (siren(from), siren(into), DescentKind::Merger);
        facts.add_descent(Descent { predecessor, successor, on: day(2000), kind });
    };
    for from in 0..24 {
        for into in 0..24 {
            link(from, into);
        }
    }
    let verdict = decide(siren(23), &call, &facts, noon(2100));
    assert_eq!(verdict.status, Status::Eligible, "nobody existed in 2013: {verdict:?}");
}
