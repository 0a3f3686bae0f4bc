//! Names to codes, forgiving of case, accents and punctuation, and the names closest to a typo.

use std::collections::HashMap;

use super::text::{distance, key};

/// An index of names; several names may lead to one code, and a name to several codes.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    codes: HashMap<Box<str>, Vec<Box<str>>>,
}

impl Labels {
    /// Adds a name of a code; the same pair twice counts once.
    pub(super) fn add(&mut self, name: &str, code: &str) {
        let folded = key(name);
        if folded.is_empty() {
            return;
        }
        let codes = self.codes.entry(folded.into()).or_default();
        if !codes.iter().any(|own| **own == *code) {
            codes.push(code.into());
        }
    }

    /// Codes that bear the name.
    pub(super) fn codes(&self, name: &str) -> &[Box<str>] {
        self.codes.get(key(name).as_str()).map_or(&[], Vec::as_slice)
    }

    /// Names that lead to several codes.
    pub(super) fn ambiguous(&self) -> impl Iterator<Item = (&str, &[Box<str>])> {
        self.codes
            .iter()
            .filter(|(_, codes)| codes.len() > 1)
            .map(|(name, codes)| (&**name, codes.as_slice()))
    }

    /// Codes whose names are closest to what was typed, best first: a few edits, else a part of the name.
    /// It walks every name: for the errors that are shown, not for every line of a bulk.
    pub(super) fn closest(&self, typed: &str, keep: impl Fn(&str) -> bool, limit: usize) -> Vec<&str> {
        let typed = key(typed);
        let length = typed.chars().count();
        let edits = (length / 4).clamp(1, 3);
        let mut found: Vec<(usize, &str, &str)> = Vec::new();
        if length >= 3 {
            for (name, codes) in &self.codes {
                let part = || {
                    (length >= 4 && name.contains(&typed))
                        .then(|| 10 + name.len().saturating_sub(typed.len()))
                };
                if let Some(score) = distance(&typed, name, edits).or_else(part) {
                    found
                        .extend(codes.iter().filter(|code| keep(code)).map(|code| (score, &**name, &**code)));
                }
            }
        }
        found.sort_unstable();
        let mut codes: Vec<&str> = Vec::new();
        for (_, _, code) in found {
            if codes.len() < limit && !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Labels {
        let mut labels = Labels::default();
        for (name, code) in
            [("Mali", "255"), ("Malawi", "253"), ("Sénégal", "269"), ("Senegal", "269"), ("Niger", "260")]
        {
            labels.add(name, code);
        }
        labels
    }

    #[test]
    fn names_are_found_however_written() {
        let labels = labels();
        assert_eq!(labels.codes("SENEGAL"), [Box::from("269")]);
        assert!(labels.codes("Sngl").is_empty() && labels.codes("").is_empty());
        assert_eq!(labels.ambiguous().count(), 0);
    }

    #[test]
    fn typos_find_the_closest_names() {
        let labels = labels();
        assert_eq!(labels.closest("Senagal", |_| true, 3), ["269"]);
        assert_eq!(labels.closest("Nigre", |_| true, 3), ["260"]);
        assert_eq!(labels.closest("Malo", |_| true, 3), ["255"]);
        assert!(labels.closest("Malo", |code| code != "255", 3).is_empty());
        assert!(labels.closest("Atlantide", |_| true, 3).is_empty());
    }
}
