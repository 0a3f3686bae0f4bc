//! What a file would make of the lines of a declaration (rule 8): every change, every fault, the sums afterwards.
//! Nothing is read or written here.

use std::collections::{HashMap, HashSet};

use crate::domain::codes::CodeLists;
use crate::domain::euros::Euros;
use crate::domain::field::{Field, RawLine};
use crate::domain::line::Line;
use crate::domain::refusal::Because;
use crate::domain::rules::{self, CheckedDraft, Issue};
use crate::domain::year::FlowYear;
use crate::imports::lines::Examined;
use crate::imports::preview::{Changes, diff};
use crate::imports::{CellError, FileError, Refused, catalogue};
use crate::service::declaration::draft::{LINES_MAX, repeated_references};
use crate::service::declaration::line::fingerprint;

/// What to do with the lines of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They replace the lines there are.
    Replace,
    /// They come after the lines there are.
    Add,
}

/// What a declaration amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Its lines.
    pub lines: usize,
    /// Those with an error, which no sum counts.
    pub faulty: usize,
    /// Paid.
    pub paid: Euros,
    /// Own resources: what counts.
    pub own: Euros,
}

/// What a file would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// What is done with its lines.
    pub mode: Mode,
    /// The difference to the lines there are.
    pub changes: Changes,
    /// Everything for which the file is not taken, with the lines of the file.
    pub errors: Refused,
    /// What deserves a look, with the lines of the file.
    pub warnings: Vec<CellError>,
    /// The declaration before.
    pub before: Sums,
    /// The declaration after.
    pub after: Sums,
    /// Its lines after, each with a reference.
    pub lines: Vec<RawLine>,
}

/// The lines that a file meets.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The code lists.
    pub codes: &'a CodeLists,
    /// The flow year.
    pub year: FlowYear,
    /// The lines there are.
    pub present: &'a [RawLine],
    /// The references of earlier versions, which no new line takes.
    pub used: &'a [String],
}

/// What the file would change. A fault of a line that was there already is none of the file's.
#[must_use]
pub fn preview(ground: Ground<'_>, examined: &Examined, mode: Mode) -> Preview {
    let Ground { codes, year, present, used } = ground;
    let (rows, mut added): (Vec<u32>, Vec<RawLine>) = examined.imported.lines.iter().cloned().unzip();
    let before = Canonical::of(codes, year, present);
    let mut cells = examined.problems.clone();
    let (kept, mut all) = match mode {
        Mode::Replace => {
            adopt(&mut added, &before.lines, codes, year);
            (0, vec![])
        }
        Mode::Add => {
            cells.extend(repeated(present, &added, &rows));
            (present.len(), present.to_vec())
        }
    };
    all.extend(added);
    // Nor does a new line take the reference of one that the file takes out.
    let taken = present.iter().map(|line| line.get(Field::Reference));
    let reserved: Vec<&str> = used.iter().map(String::as_str).chain(taken).collect();
    let CheckedDraft { lines, issues } = rules::check_draft_reserving(codes, year, &all, &reserved);
    let after = Canonical::of(codes, year, &lines);
    let told: HashSet<(u32, String)> = cells.iter().map(|cell| (cell.row, cell.column.clone())).collect();
    let mut warnings = vec![];
    for issue in &issues {
        let Some(row) = issue.line.checked_sub(kept).and_then(|index| rows.get(index)) else { continue };
        let cell = cell(issue, *row);
        if !issue.is_error() {
            warnings.push(cell);
        } else if !told.contains(&(cell.row, cell.column.clone())) {
            cells.push(cell);
        }
    }
    cells.sort_by_key(|cell| cell.row);
    Preview {
        mode,
        changes: diff(&before.lines, &after.lines),
        errors: Refused { file: too_many(lines.len()).into_iter().collect(), cells },
        warnings,
        before: before.sums,
        after: after.sums,
        lines,
    }
}

/// Lines as a filing would hold them, so that a name and its code, or two forms of one amount, are the same;
/// those with an error stay as typed.
struct Canonical {
    lines: Vec<RawLine>,
    sums: Sums,
}

impl Canonical {
    fn of(codes: &CodeLists, year: FlowYear, lines: &[RawLine]) -> Self {
        let checked = rules::check_lines(codes, year, lines);
        let faulty: HashSet<usize> =
            checked.issues.iter().filter(|issue| issue.is_error()).map(|issue| issue.line).collect();
        let sums = Sums {
            lines: lines.len(),
            faulty: faulty.len(),
            paid: checked.lines.iter().map(|line| line.amounts.paid).sum(),
            own: checked.lines.iter().map(Line::own_resources).sum(),
        };
        let mut right = checked.lines.iter();
        let canonical = lines.iter().enumerate().map(|(index, line)| {
            let right = if faulty.contains(&index) { None } else { right.next() };
            // A reference that was only just given is not the line's own.
            right.map_or_else(
                || line.clone(),
                |right| right.to_raw().with(Field::Reference, line.get(Field::Reference)),
            )
        });
        Self { lines: canonical.collect(), sums }
    }
}

/// Gives a line without a reference that of a line which says the same: a file that bears none may be sent twice.
fn adopt(added: &mut [RawLine], present: &[RawLine], codes: &CodeLists, year: FlowYear) {
    if added.iter().all(|line| !line.get(Field::Reference).is_empty()) {
        return;
    }
    let content = |line: &RawLine| fingerprint(&line.clone().with(Field::Reference, ""));
    let claimed: HashSet<String> = added.iter().map(|line| line.get(Field::Reference).to_owned()).collect();
    let mut known: HashMap<String, Vec<&str>> = HashMap::new();
    for line in present.iter().rev().filter(|line| !claimed.contains(line.get(Field::Reference))) {
        known.entry(content(line)).or_default().push(line.get(Field::Reference));
    }
    let canonical = Canonical::of(codes, year, added).lines;
    for (line, canonical) in added.iter_mut().zip(&canonical) {
        if line.get(Field::Reference).is_empty()
            && let Some(reference) = known.get_mut(&content(canonical)).and_then(Vec::pop)
        {
            line.set(Field::Reference, reference);
        }
    }
}

/// An issue at the line of the file that it comes from.
pub(crate) fn cell(issue: &Issue, row: u32) -> CellError {
    let column = issue.field.map_or("", Field::header);
    let Issue { rule, value, message, hint, .. } = issue;
    CellError::new(rule.code(), (row, column), value, message.as_str(), hint.as_str())
}

/// Lines to be added under a reference that is there: adding never overwrites.
fn repeated(present: &[RawLine], added: &[RawLine], rows: &[u32]) -> Vec<CellError> {
    let repeated: HashSet<String> = repeated_references(present, added).into_iter().collect();
    let of_line = |(line, row): (&RawLine, &u32)| {
        let reference = line.get(Field::Reference);
        repeated.contains(reference).then(|| {
            CellError::new(
                Because::ReferenceExists.code(),
                (*row, Field::Reference.header()),
                reference,
                format!("la référence «\u{a0}{reference}\u{a0}» est déjà dans la déclaration"),
                "changez-la, ou importez en remplaçant toutes les lignes",
            )
        })
    };
    added.iter().zip(rows).filter_map(of_line).collect()
}

fn too_many(lines: usize) -> Option<FileError> {
    (lines > LINES_MAX).then(|| {
        let message = format!("la déclaration aurait {lines} lignes, et elle en tient 20\u{202f}000 au plus");
        FileError::new(catalogue::TOO_MANY_ROWS, message, "regroupez des versements d’une même activité")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::{Limits, lines};

    const HEADER: &str = "reference;titre;pays;secteur;canal;nature;montant_verse\n";

    fn line(reference: &str, title: &str, amount: &str) -> RawLine {
        let fields = [
            (Field::Reference, reference),
            (Field::Title, title),
            (Field::Recipient, "Mali"),
            (Field::Purpose, "14030"),
            (Field::Channel, "22000"),
            (Field::Nature, "subvention_association"),
            (Field::AmountPaid, amount),
        ];
        fields.into_iter().fold(RawLine::default(), |line, (field, text)| line.with(field, text))
    }

    fn row(reference: &str, title: &str, amount: &str) -> String {
        format!("{reference};{title};255;14030;22000;subvention_association;{amount}\n")
    }

    fn seen(present: &[RawLine], rows: &str, mode: Mode) -> Preview {
        let codes = CodeLists::embedded().unwrap();
        let examined = lines::examine(format!("{HEADER}{rows}").as_bytes(), &Limits::default()).unwrap();
        let used = ["2013-L0003".to_owned()];
        let ground =
            Ground { codes: &codes, year: FlowYear::new(2013).unwrap(), present, used: used.as_slice() };
        preview(ground, &examined, mode)
    }

    #[test]
    fn a_name_and_its_code_are_the_same_also_beside_a_faulty_line() {
        let present = [line("A", "Puits", "1 000"), line("B", "École", "")];
        let seen = seen(&present, &(row("A", "Puits", "1000,00") + &row("B", "École", "x")), Mode::Replace);
        assert_eq!((seen.changes.unchanged, seen.changes.changed.len()), (1, 1));
        assert_eq!((seen.errors.len(), seen.errors.cells[0].row), (1, 3));
        let sums = |sums: Sums| (sums.lines, sums.faulty, sums.own.cents());
        assert_eq!((sums(seen.before), sums(seen.after)), ((2, 1, 100_000), (2, 1, 100_000)));
    }

    #[test]
    fn a_file_without_references_sent_again_changes_nothing() {
        let present = [line("2013-L0001", "Puits", "1000"), line("2013-L0002", "École", "20,50")];
        let rows = row("", "École", "20,5") + &row("", "Puits", "1000") + &row("", "Puits", "1000");
        let seen = seen(&present, &rows, Mode::Replace);
        assert_eq!((seen.changes.unchanged, seen.changes.added.len()), (2, 1), "{:?}", seen.changes);
        let references: Vec<&str> = seen.lines.iter().map(|line| line.get(Field::Reference)).collect();
        assert_eq!(references, ["2013-L0002", "2013-L0001", "2013-L0004"], "none of an earlier version");
        assert!(!seen.warnings.is_empty(), "the third one repeats the second");
    }

    #[test]
    fn another_payment_never_takes_the_place_of_one_that_goes() {
        let present = [line("2013-L0001", "Puits", "1000")];
        let seen = seen(&present, &row("", "École", "5"), Mode::Replace);
        assert_eq!((seen.changes.added.len(), seen.changes.removed.len()), (1, 1));
        assert_eq!(seen.lines[0].get(Field::Reference), "2013-L0002");
    }

    #[test]
    fn adding_never_overwrites_and_blames_the_file_alone() {
        let present = [line("A", "Puits", "")];
        let added = seen(&present, &row("B", "École", "5"), Mode::Add);
        assert!(added.errors.is_empty(), "the faulty line was there before: {}", added.errors);
        assert_eq!((added.changes.added.len(), added.after.lines, added.after.faulty), (1, 2, 1));
        let again = seen(&present, &row("A", "École", "5"), Mode::Add);
        assert_eq!(again.errors.codes().collect::<Vec<_>>(), [Because::ReferenceExists.code()]);
    }
}
