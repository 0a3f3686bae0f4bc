//! Any line is answered, and what is accepted keeps its promises.

use proptest::prelude::*;

use super::entry::minimal_line;
use super::tests::{CODES, year};
use super::{check_draft, check_lines};
use crate::domain::euros::Euros;
use crate::domain::field::{Field, RawLine};

const PLAUSIBLE: &[&str] = &[
    "",
    "0",
    "1",
    "2",
    "3",
    "Mali",
    "MLI",
    "255",
    "998",
    "289",
    "Croatie",
    "14030",
    "140",
    "99820",
    "93010",
    "22000",
    "11002",
    "41122",
    "20000",
    "projet",
    "multilateral",
    "refugies",
    "bourses",
    "soutien_association",
    "faceco",
    "sensibilisation",
    "frais_de_service",
    "C01",
    "B01",
    "E02",
    "H02",
    "12,50",
    "1.234",
    "500",
    "-1",
    "1 000,00 €",
    "9999999999999,99",
    "2013-06-01",
    "31/12/2016",
    "01/02/2020",
    "217500016",
    "eau",
    "dechets",
    "6|6.1",
    "17.19",
    "2012000001",
    "2013-L0001",
    "14030 - Eau",
    "é",
    "e\u{301}",
    "a\r\nb",
    "x|y",
    "\u{feff}",
    "ΑΣ",
    "İ",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => proptest::sample::select(PLAUSIBLE).prop_map(str::to_owned),
        1 => ".{0,30}",
        1 => "\\PC{0,200}",
    ]
}

/// Lines near a valid one: some fields changed to something plausible or not.
fn near_valid() -> impl Strategy<Value = Vec<RawLine>> {
    let change = (proptest::sample::select(Field::ALL), text());
    let line = proptest::collection::vec(change, 0..5).prop_map(|changes| {
        changes.into_iter().fold(minimal_line(), |line, (field, text)| line.with(field, text))
    });
    proptest::collection::vec(line, 0..6)
}

fn arbitrary() -> impl Strategy<Value = Vec<RawLine>> {
    let line = proptest::collection::vec(text(), Field::ALL.len()).prop_map(|texts| {
        Field::ALL.iter().zip(texts).fold(RawLine::default(), |line, (field, text)| line.with(*field, text))
    });
    proptest::collection::vec(line, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_line_is_answered(lines in arbitrary(), flow_year in 2008_u16..=2030) {
        let checked = check_lines(&CODES, year(flow_year), &lines);
        prop_assert_eq!(checked.is_accepted(), checked.lines.len() == lines.len());
        prop_assert!(checked.issues.iter().all(|issue| issue.line < lines.len()));
        let draft = check_draft(&CODES, year(flow_year), &lines);
        prop_assert_eq!(draft.issues, checked.issues);
        prop_assert!(draft.lines.iter().all(|line| !line.get(Field::Reference).is_empty()));
    }

    #[test]
    fn accepted_lines_keep_their_promises(lines in near_valid(), flow_year in 2008_u16..=2026) {
        let flow_year = year(flow_year);
        let checked = check_lines(&CODES, flow_year, &lines);
        prop_assert_eq!(checked.is_accepted(), checked.lines.len() == lines.len());
        for line in &checked.lines {
            let amounts = line.amounts;
            prop_assert!(amounts.paid > Euros::ZERO);
            prop_assert!(!amounts.cofinancing_received.is_negative());
            prop_assert!(amounts.cofinancing_received <= amounts.paid);
            prop_assert_eq!(
                line.own_resources().checked_add(amounts.cofinancing_received), Some(amounts.paid)
            );
            let parts = [
                amounts.cofinancing_state, amounts.cofinancing_collectivities, amounts.cofinancing_others,
            ];
            if parts.iter().any(Option::is_some) {
                let sum = Euros::checked_sum(parts.into_iter().flatten());
                prop_assert_eq!(sum, Some(amounts.cofinancing_received));
            }
            prop_assert!(amounts.service_costs.is_none_or(|costs| costs <= amounts.paid));
            prop_assert!(line.paid_on.is_none_or(|day| flow_year.contains(day)));
            prop_assert!(!line.reference.is_empty() && line.reference.chars().count() <= 40);
            prop_assert!(!line.title.is_empty() && line.title.chars().count() <= 150);
            prop_assert!(CODES.recipients().at(line.recipient.as_str(), flow_year.get()).is_some());
        }
    }

    #[test]
    fn a_round_trip_changes_nothing(lines in near_valid(), flow_year in 2008_u16..=2026) {
        let flow_year = year(flow_year);
        let first = check_lines(&CODES, flow_year, &lines);
        let exported: Vec<RawLine> = first.lines.iter().map(crate::domain::line::Line::to_raw).collect();
        let second = check_lines(&CODES, flow_year, &exported);
        prop_assert!(second.is_accepted(), "{:#?}", second.issues);
        prop_assert_eq!(second.lines, first.lines);
    }
}
