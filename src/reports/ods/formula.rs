//! The formulas of a workbook in the words of OpenDocument: `=SUM(A1:B2)` is `of:=SUM([.A1:.B2])`.

use std::fmt::Write as _;

/// A formula of a workbook in the words of OpenDocument. Cells, ranges, cells of other sheets whose name is a word,
/// functions and operators: what our sheets use.
pub(super) fn open_formula(formula: &str) -> String {
    let mut out = String::from("of:");
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        let word: &str = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        if word.is_empty() {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let after = rest.get(word.len()..).unwrap_or_default();
        if let Some((cell, left)) = after.strip_prefix('!').and_then(leading_cell) {
            let _written = write!(out, "[${word}.{cell}]");
            rest = left;
        } else if is_cell(word) {
            match after.strip_prefix(':').and_then(leading_cell) {
                Some((last, left)) => {
                    let _written = write!(out, "[.{word}:.{last}]");
                    rest = left;
                }
                None => {
                    let _written = write!(out, "[.{word}]");
                    rest = after;
                }
            }
        } else {
            out.push_str(word);
            rest = after;
        }
    }
    out
}

/// The cell at the beginning of a text, and what follows it.
fn leading_cell(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (cell, rest) = text.split_at_checked(end)?;
    is_cell(cell).then_some((cell, rest))
}

/// Whether a word is the name of a cell: letters, then digits.
fn is_cell(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = word.len().saturating_sub(digits.len());
    (1..=3).contains(&letters) && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_say_the_same() {
        for (workbook, open) in [
            ("=SUM(D8:D20)", "of:=SUM([.D8:.D20])"),
            ("=B8-B7", "of:=[.B8]-[.B7]"),
            ("=Tableaux!AD17", "of:=[$Tableaux.AD17]"),
            ("=Écarts!D1+1.5", "of:=[$Écarts.D1]+1.5"),
            ("=0", "of:=0"),
        ] {
            assert_eq!(open_formula(workbook), open);
        }
    }
}
