//! Checks the lines of a declaration or of a draft.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::hints::Hints;
use super::issue::Issue;
use super::line::LineCheck;
use super::lookup::Memo;
use super::{Rule, identity, whole};
use crate::domain::codes::{AidType, Channel, CodeLists, Nature, Purpose, PurposeCategory, Recipient};
use crate::domain::field::{Field, RawLine};
use crate::domain::line::Line;
use crate::domain::text::{excerpt, fold};
use crate::domain::year::FlowYear;

/// What became of the lines of a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The lines without an error, in order: all of them if and only if there is no error.
    pub lines: Vec<Line>,
    /// Every fault, by line, then by field in the order of the import file.
    pub issues: Vec<Issue>,
}

impl Checked {
    /// Whether the declaration can be filed; warnings do not prevent it.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        !self.issues.iter().any(Issue::is_error)
    }

    /// The lines and the warnings.
    ///
    /// # Errors
    /// Every issue, where one is an error.
    pub fn accepted(self) -> Result<(Vec<Line>, Vec<Issue>), Vec<Issue>> {
        if self.is_accepted() { Ok((self.lines, self.issues)) } else { Err(self.issues) }
    }
}

/// The lines of a draft, to be saved whatever their faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedDraft {
    /// The lines as typed, each with a reference (rule 8).
    pub lines: Vec<RawLine>,
    /// Every fault that would prevent or question a filing.
    pub issues: Vec<Issue>,
}

/// Checks the lines of a declaration on the payments of `flow_year` (rules 1, 6 to 8).
///
/// A line without reference is given one: the flow year, `-L` and four digits, as in `2013-L0001`, the first
/// number that no other line has. The year is in it because SIREN and reference over the years are one
/// activity: a bare `L0001` would tie unrelated payments of two years together.
#[must_use]
pub fn check_lines(codes: &CodeLists, flow_year: FlowYear, lines: &[RawLine]) -> Checked {
    check_lines_reserving(codes, flow_year, lines, &[])
}

/// [`check_lines`], where new references also avoid the `reserved` ones: those of earlier versions, so that
/// a new line never takes the reference of one that was removed.
#[must_use]
pub fn check_lines_reserving(
    codes: &CodeLists,
    flow_year: FlowYear,
    lines: &[RawLine],
    reserved: &[&str],
) -> Checked {
    let mut run = Run::new(codes, flow_year);
    let references = identity::references(&mut run, lines, reserved);
    let mut checked = Vec::with_capacity(lines.len());
    for (index, (raw, reference)) in lines.iter().zip(references).enumerate() {
        checked.push(LineCheck::new(&mut run, index, raw).check(reference));
    }
    whole::total(&mut run, &checked);
    whole::duplicates(&mut run, &checked);
    // Stable, and almost sorted already: linear.
    run.issues.sort_by_key(|issue| (issue.line, issue.field));
    for issue in run.issues.iter().filter(|issue| issue.is_error()) {
        if let Some(line) = checked.get_mut(issue.line) {
            *line = None;
        }
    }
    Checked { lines: checked.into_iter().flatten().collect(), issues: run.issues }
}

/// Checks a draft: the same issues as [`check_lines`], nothing refused, and references given at this save.
#[must_use]
pub fn check_draft(codes: &CodeLists, flow_year: FlowYear, lines: &[RawLine]) -> CheckedDraft {
    check_draft_reserving(codes, flow_year, lines, &[])
}

/// [`check_draft`], where new references also avoid the `reserved` ones, as in [`check_lines_reserving`].
#[must_use]
pub fn check_draft_reserving(
    codes: &CodeLists,
    flow_year: FlowYear,
    lines: &[RawLine],
    reserved: &[&str],
) -> CheckedDraft {
    let references = identity::references(&mut Run::new(codes, flow_year), lines, reserved);
    let Checked { issues, .. } = check_lines(codes, flow_year, lines);
    let with_reference = |(raw, reference): (&RawLine, String)| raw.clone().with(Field::Reference, reference);
    CheckedDraft { lines: lines.iter().zip(references).map(with_reference).collect(), issues }
}

/// One check of one list of lines.
pub(super) struct Run<'a> {
    pub(super) codes: &'a CodeLists,
    pub(super) flow_year: FlowYear,
    pub(super) recipients: Memo<'a, Recipient>,
    pub(super) purposes: Memo<'a, Purpose>,
    pub(super) channels: Memo<'a, Channel>,
    pub(super) aid_types: Memo<'a, AidType>,
    pub(super) natures: Memo<'a, Nature>,
    pub(super) hints: Hints<'a>,
    pub(super) issues: Vec<Issue>,
    categories: OnceCell<HashMap<String, &'a PurposeCategory>>,
}

impl<'a> Run<'a> {
    fn new(codes: &'a CodeLists, flow_year: FlowYear) -> Self {
        Self {
            codes,
            flow_year,
            recipients: Memo::new(),
            purposes: Memo::new(),
            channels: Memo::new(),
            aid_types: Memo::new(),
            natures: Memo::new(),
            hints: Hints::new(),
            issues: Vec::new(),
            categories: OnceCell::new(),
        }
    }

    /// The flow year as the code lists take it.
    pub(super) fn year(&self) -> u16 {
        self.flow_year.get()
    }

    /// The three-digit category of purposes that bears a name; the names are folded once, at the first fault.
    pub(super) fn category(&self, name: &str) -> Option<&'a PurposeCategory> {
        if name.len() > super::lookup::LONGEST {
            return None;
        }
        let by_name = |category: &'a PurposeCategory| (fold(&category.name_fr), category);
        let all = || self.codes.purpose_categories().iter().map(by_name).collect();
        self.categories.get_or_init(all).get(&fold(name)).copied()
    }

    /// Adds a fault of a line.
    pub(super) fn add(
        &mut self,
        rule: Rule,
        (line, field): (usize, Option<Field>),
        value: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let issue = Issue {
            line,
            field,
            value: excerpt(value, 80),
            rule,
            message: message.into(),
            hint: hint.into(),
        };
        self.issues.push(issue);
    }
}
