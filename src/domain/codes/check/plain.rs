//! Cases and themes in plain words that lead, in each year, to codes that their nature accepts.

use std::collections::HashSet;

use super::{
    super::{
        Ask, Case, CodeLists, Declarable, Fault, FaultKind, Nature, Years,
        embedded::{CASES, INTERMEDIARIES, THEMES},
    },
    CHECKED_YEARS,
};

pub(super) fn check(lists: &CodeLists, faults: &mut Vec<Fault>) {
    periods(CASES, lists.cases.iter().map(|row| (String::from(&*row.code), row.years)), faults);
    periods(THEMES, lists.themes.iter().map(|row| (String::from(&*row.code), row.years)), faults);
    let named = |row: &super::super::Intermediary| (format!("{} {}", row.case, row.code), row.years);
    periods(INTERMEDIARIES, lists.intermediaries.iter().map(named), faults);
    orphans(lists, faults);
    let codes: HashSet<&str> = lists.cases.iter().map(|case| &*case.code).collect();
    for code in codes {
        for year in CHECKED_YEARS {
            let refused = match lists.case(code, year) {
                None => Some("le cas n’a pas de ligne cette année-là".to_owned()),
                Some(case) => refused(lists, case, year),
            };
            if let Some(why) = refused {
                faults.push(Fault::new(CASES, code, FaultKind::Nature, format!("{year}\u{a0}: {why}")));
            }
        }
    }
}

/// Each code has one row a year at most.
fn periods(file: &'static str, rows: impl Iterator<Item = (String, Years)>, faults: &mut Vec<Fault>) {
    let mut seen: Vec<(String, Years)> = vec![];
    for (code, years) in rows {
        if years.is_reversed() {
            let message = "la première année est après la dernière";
            faults.push(Fault::new(file, &*code, FaultKind::Dates, message));
        }
        if seen.iter().any(|(other, span)| *other == code && span.overlaps(years)) {
            faults.push(Fault::new(file, &*code, FaultKind::Overlap, "deux périodes se chevauchent"));
        }
        seen.push((code, years));
    }
}

/// A row that no case leads to.
fn orphans(lists: &CodeLists, faults: &mut Vec<Fault>) {
    for row in &lists.intermediaries {
        if !lists.cases.iter().any(|case| case.code == row.case) {
            let message = format!("le cas «\u{a0}{}\u{a0}» n’existe pas", row.case);
            faults.push(Fault::new(INTERMEDIARIES, &*row.code, FaultKind::Orphan, message));
        }
    }
    for row in &lists.themes {
        if !lists.cases.iter().any(|case| case.themes.as_ref() == Some(&row.group)) {
            let message = format!("aucun cas n’offre le groupe «\u{a0}{}\u{a0}»", row.group);
            faults.push(Fault::new(THEMES, &*row.code, FaultKind::Orphan, message));
        }
    }
}

/// Why a case would not lead to an accepted line in a year.
fn refused(lists: &CodeLists, case: &Case, year: u16) -> Option<String> {
    let intermediaries: Vec<_> = lists.intermediaries(case, year).collect();
    if case.asks(Ask::Intermediary) == intermediaries.is_empty() {
        return Some(format!("«\u{a0}par\u{a0}» et {INTERMEDIARIES} se contredisent"));
    }
    let mut ways: Vec<(&str, Option<&str>)> = intermediaries
        .iter()
        .map(|row| (row.nature.as_ref().unwrap_or(&case.nature).as_str(), Some(row.channel.as_str())))
        .collect();
    if ways.is_empty() {
        ways.push((case.nature.as_str(), case.channel.as_ref().map(AsRef::as_ref)));
    }
    ways.into_iter().find_map(|(nature, channel)| {
        let Some(row) = lists.nature(nature, year) else {
            return Some(format!("la nature {nature} n’existe pas"));
        };
        way_refused(lists, case, row, channel, year)
    })
}

fn way_refused(
    lists: &CodeLists,
    case: &Case,
    nature: &Nature,
    channel: Option<&str>,
    year: u16,
) -> Option<String> {
    let channel = channel.or_else(|| nature.channel.as_ref().map(AsRef::as_ref)).unwrap_or_default();
    let taken = lists
        .channels
        .at(channel, year)
        .is_some_and(|row| row.is_declarable(year) && nature.accepts_channel(row));
    if !taken {
        return Some(format!("le canal {channel} ne va pas avec la nature {}", nature.code));
    }
    if nature.mandatory.recipient && !case.asks(Ask::Recipient) {
        return Some(format!("la nature {} demande un pays", nature.code));
    }
    let offered: Vec<_> = lists.themes(case, year).collect();
    if case.asks(Ask::Theme) == offered.is_empty() || (offered.is_empty() && nature.mandatory.purpose) {
        return Some(format!("{THEMES} n’offre pas les thèmes demandés"));
    }
    offered.into_iter().find_map(|theme| {
        let taken = lists
            .purposes
            .at(theme.purpose.as_str(), year)
            .is_some_and(|row| row.is_declarable(year) && nature.accepts_purpose(row));
        (!taken).then(|| format!("le thème {} ne va pas avec la nature {}", theme.code, nature.code))
    })
}
