//! Finds the row that a text means: a code, a name, or a code with its name.

use std::collections::HashMap;

use crate::domain::codes::{AidType, Channel, Nature, Purpose, Recipient};
use crate::domain::text::fold;

/// No code or name is longer: beyond, nothing is searched.
pub(super) const LONGEST: usize = 600;

/// A row of a code list, as far as a name is concerned.
pub(super) trait Listed {
    /// The code.
    fn code(&self) -> &str;
    /// French and English names.
    fn names(&self) -> [&str; 2];
    /// Whether the text is this row's code, case forgiven.
    fn is_code(&self, text: &str) -> bool {
        self.code().eq_ignore_ascii_case(text)
    }
}

macro_rules! listed {
    ($($row:ty),+) => {
        $(impl Listed for $row {
            fn code(&self) -> &str {
                self.code.as_str()
            }
            fn names(&self) -> [&str; 2] {
                [&self.name_fr, &self.name_en]
            }
        })+
    };
}
listed!(Purpose, Channel, AidType);

impl Listed for Recipient {
    fn code(&self) -> &str {
        self.code.as_str()
    }
    fn names(&self) -> [&str; 2] {
        [&self.name_fr, &self.name_en]
    }
    fn is_code(&self, text: &str) -> bool {
        *self.code.as_str() == *text
            || self.iso3.as_deref().is_some_and(|iso3| iso3.eq_ignore_ascii_case(text))
    }
}

impl Listed for Nature {
    fn code(&self) -> &str {
        self.code.as_str()
    }
    fn names(&self) -> [&str; 2] {
        [&self.name_fr, &self.name_fr]
    }
}

/// What a text means.
pub(super) enum Found<'a, T> {
    /// This row.
    Row(&'a T),
    /// The code of this row, with a name that is not its own.
    Disagree(&'a T),
    /// Nothing that is known.
    Unknown,
}

impl<T> Clone for Found<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Found<'_, T> {}

/// What each distinct text was found to mean: a file names few things many times.
pub(super) type Memo<'a, T> = HashMap<&'a str, Found<'a, T>>;

/// Finds `text` by `search` (a code or a name); of a code with a name, `rows` gives the rows of the code.
pub(super) fn find<'a, T: Listed>(
    memo: &mut Memo<'a, T>,
    text: &'a str,
    search: impl Fn(&str) -> Option<&'a T>,
    rows: impl Fn(&str) -> &'a [T],
) -> Found<'a, T> {
    if let Some(found) = memo.get(text) {
        return *found;
    }
    let found = find_anew(text, search, rows);
    memo.insert(text, found);
    found
}

fn find_anew<'a, T: Listed>(
    text: &str,
    search: impl Fn(&str) -> Option<&'a T>,
    rows: impl Fn(&str) -> &'a [T],
) -> Found<'a, T> {
    if text.len() > LONGEST {
        return Found::Unknown;
    }
    if let Some(row) = search(text) {
        return Found::Row(row);
    }
    let Some((code, separator, name)) = split(text) else { return Found::Unknown };
    let Some(row) = search(code).filter(|row| row.is_code(code)) else { return Found::Unknown };
    let same = search(name).is_some_and(|other| other.code() == row.code());
    let agrees = |row: &T| row.names().iter().any(|own| is_part_of(name, own));
    if same || rows(row.code()).iter().any(agrees) {
        Found::Row(row)
    } else if separator || code.bytes().any(|byte| byte.is_ascii_digit()) {
        Found::Disagree(row)
    } else {
        // Three letters that happen to be a country's are no code.
        Found::Unknown
    }
}

/// `14030 - Eau potable` as its code, whether a dash or a colon follows it, and its name.
fn split(text: &str) -> Option<(&str, bool, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let (code, rest) = text.split_at(end);
    let is_separator = |c: char| matches!(c, '-' | '–' | '—' | ':');
    let name = rest.trim_start_matches(|c: char| c.is_whitespace() || is_separator(c));
    let between = rest.get(..rest.len().saturating_sub(name.len()))?;
    (!code.is_empty() && !name.is_empty() && !between.is_empty()).then_some((
        code,
        between.chars().any(is_separator),
        name,
    ))
}

/// The beginning of a text that has the form of a code.
pub(super) fn leading_code(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Whether every word of `part` is a word of `whole`, and one of them says something.
fn is_part_of(part: &str, whole: &str) -> bool {
    let (part, whole) = (fold(part), fold(whole));
    let words: Vec<&str> = whole.split(' ').collect();
    part.split(' ').any(|word| word.len() >= 4) && part.split(' ').all(|word| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_a_code_from_its_name() {
        assert_eq!(split("14030 - Eau potable"), Some(("14030", true, "Eau potable")));
        assert_eq!(split("14030 Eau potable"), Some(("14030", false, "Eau potable")));
        assert_eq!(split("MLI\u{a0}: Mali"), Some(("MLI", true, "Mali")));
        assert_eq!(split("14030"), None);
        assert_eq!(split("Côte d’Ivoire"), None);
        assert_eq!(split("14030 -"), None);
        assert_eq!(leading_code("140 - Eau"), "140");
    }

    #[test]
    fn a_part_of_a_name_agrees_with_it() {
        let name = "Approvisionnement en eau potable et assainissement – dispositifs de base";
        assert!(is_part_of("Approvisionnement en eau potable", name));
        assert!(is_part_of("EAU POTABLE", name));
        assert!(!is_part_of("Enseignement primaire", name));
        assert!(!is_part_of("en de", name) && !is_part_of("", name));
    }
}
