//! The titles that are public in place of those declared, and what in a title may name a person (rule 15).

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::domain::declaration::FiledLine;
use crate::domain::siren::Siren;
use crate::domain::text::fold;

/// The public titles put in place of those declared, of one flow year: few, or none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicTitles(HashMap<(Siren, String), Replaced>);

/// A title put in place of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// SHA-256 of the title declared, hexadecimal: a version that declares another one shows its own.
    pub declared_sha256: String,
    /// What is public.
    pub title: String,
}

impl PublicTitles {
    /// From the last decision about each line, by reference.
    #[must_use]
    pub fn new(titles: HashMap<(Siren, String), Replaced>) -> Self {
        Self(titles)
    }

    /// Whether no title was replaced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The title put in place of the one that a line declares, if there is one.
    #[must_use]
    pub fn of(&self, filed: &FiledLine) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        let replaced = self.0.get(&(filed.siren, filed.line.reference.clone()))?;
        (replaced.declared_sha256 == title_sha256(&filed.line.title)).then_some(replaced.title.as_str())
    }

    /// Gives a line the title that is public.
    pub fn put(&self, filed: &mut FiledLine) {
        if let Some(title) = self.of(filed) {
            filed.line.title = title.to_owned();
        }
    }
}

/// What a replaced title is known by.
#[must_use]
pub fn title_sha256(title: &str) -> String {
    hex::encode(Sha256::digest(title.as_bytes()))
}

/// What in a title may tell of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// A civility before a name.
    Civility,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
}

impl Hint {
    /// In French.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Civility => "civilité, peut-être suivie d’un nom",
            Self::Email => "adresse électronique",
            Self::Phone => "numéro de téléphone",
        }
    }
}

/// Words that come before a name, unaccented, in lower case. `M.` is told by its stop, `dr` and `me` stand for titles.
const CIVILITIES: [&str; 9] =
    ["mme", "mmes", "mlle", "madame", "monsieur", "messieurs", "mesdames", "mademoiselle", "dr"];
/// Digits of a telephone number, at least.
const PHONE_DIGITS: usize = 9;

/// What in a title may tell of a person; someone has to read it.
#[must_use]
pub fn hints(title: &str) -> Vec<Hint> {
    let mut found = vec![];
    let folded = fold(title);
    let mister = |word: &str| ["M.", "MM."].contains(&word);
    if folded.split(' ').any(|word| CIVILITIES.contains(&word)) || title.split_whitespace().any(mister) {
        found.push(Hint::Civility);
    }
    let is_address =
        |word: &str| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if title.split_whitespace().any(is_address) {
        found.push(Hint::Email);
    }
    if longest_number(title) >= PHONE_DIGITS {
        found.push(Hint::Phone);
    }
    found
}

/// Digits of the longest number, with the spaces, points and hyphens that a telephone number has.
fn longest_number(title: &str) -> usize {
    let parts = title.split(|c: char| !(c.is_ascii_digit() || " .-+()\u{a0}\u{202f}".contains(c)));
    let digits = parts.map(|part| part.bytes().filter(u8::is_ascii_digit).count());
    digits.max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_may_name_someone_is_found() {
        for (title, found) in [
            ("Bourse de Mme Awa Inventée", vec![Hint::Civility]),
            ("Mission de M. Inventé à Dakar", vec![Hint::Civility]),
            ("Missions de MM. Untel et Autre", vec![Hint::Civility]),
            ("École, contact awa@ville.example", vec![Hint::Email]),
            ("Puits, tél. 01 23 45 67 89", vec![Hint::Phone]),
            ("Puits +33 (0)1.23.45.67.89", vec![Hint::Phone]),
            ("Madame X, 0123456789", vec![Hint::Civility, Hint::Phone]),
        ] {
            assert_eq!(hints(title), found, "{title}");
        }
        for plain in [
            "Adduction d’eau potable, tranche 2013-2014",
            "Programme MLI 14030 – 2013",
            "Eau @ Ségou",
            "Mission M4 de l’eau",
            "",
        ] {
            assert_eq!(hints(plain), [], "{plain}");
        }
    }
}
