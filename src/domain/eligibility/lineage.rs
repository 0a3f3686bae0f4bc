//! Whose file a required year rests on (rule 9, mergers and splits).
//!
//! The SIREN to declare for a year are those that existed in it, for one day
//! at least. Hence:
//!
//! - X existed in the year: X itself must have declared it, even where a
//!   predecessor existed in it too (a merger in mid-year) and declared: each
//!   declares what it paid.
//! - X was not born yet: the predecessors that existed answer for it, all of
//!   them. Where one was not born yet either, its own predecessors do.
//! - X, or a predecessor, had ended before the year: nothing was to be declared.
//! - What X has on file for a year in which it did not exist, such as a past
//!   amount recorded under the new SIREN, satisfies it all the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

use super::facts::Facts;
use super::finding::{Finding, judge, satisfaction};

/// On what the year of a body rests.
#[derive(Debug)]
pub(super) enum Standing<'f> {
    /// On its own file.
    Own(Finding<'f>),
    /// On nobody's: it was not born yet, and no predecessor existed.
    NotBorn {
        /// Whether it descends from anyone.
        has_predecessors: bool,
    },
    /// On nobody's: it had ended.
    Ended,
    /// On the files of the predecessors that existed; never empty.
    Inherited(BTreeMap<Siren, Finding<'f>>),
}

/// On what `year` rests for `siren`. Visits each ancestor once, so that a
/// register with a cycle or with many paths to one ancestor costs no more.
pub(super) fn standing(siren: Siren, year: FlowYear, facts: &Facts, at: Instant) -> Standing<'_> {
    if facts.body(siren).is_none() {
        return Standing::Own(Finding::OutsideRegister);
    }
    match step(siren, year, facts, at) {
        Step::Answers(finding) => return Standing::Own(finding),
        Step::Ended => return Standing::Ended,
        Step::NotBorn => {}
    }
    let mut answers = BTreeMap::new();
    let mut seen = BTreeSet::from([siren]);
    let mut unborn = vec![siren];
    while let Some(successor) = unborn.pop() {
        for predecessor in facts.descents_to(successor).iter().map(|descent| descent.predecessor) {
            if !seen.insert(predecessor) {
                continue;
            }
            match step(predecessor, year, facts, at) {
                Step::Answers(finding) => {
                    answers.insert(predecessor, finding);
                }
                Step::NotBorn => unborn.push(predecessor),
                Step::Ended => {}
            }
        }
    }
    if answers.is_empty() {
        Standing::NotBorn { has_predecessors: seen.len() > 1 }
    } else {
        Standing::Inherited(answers)
    }
}

enum Step<'f> {
    Answers(Finding<'f>),
    NotBorn,
    Ended,
}

fn step(siren: Siren, year: FlowYear, facts: &Facts, at: Instant) -> Step<'_> {
    if let Some(finding) = satisfaction(siren, year, facts, at) {
        return Step::Answers(finding);
    }
    match facts.body(siren) {
        None => Step::Answers(Finding::OutsideRegister),
        Some(body) if body.had_ended_before(year) => Step::Ended,
        Some(body) if body.is_born_after(year) => Step::NotBorn,
        Some(_) => Step::Answers(judge(siren, year, facts, at)),
    }
}
