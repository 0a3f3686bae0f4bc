//! Text as people compare it: accents, case and punctuation forgiven.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The key under which two spellings are the same: unaccented lower case,
/// ligatures opened, every run of other characters one space.
///
/// `Côte d’Ivoire`, `COTE D'IVOIRE` and `cote-d-ivoire` have one key.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'œ' | 'Œ' => key.push_str("oe"),
            'æ' | 'Æ' => key.push_str("ae"),
            c if c.is_alphanumeric() => key.extend(c.to_lowercase()),
            _ if key.ends_with(' ') || key.is_empty() => {}
            _ => key.push(' '),
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// At most `limit` characters of `text` on one line, control characters made
/// visible, for an error message or a log.
#[must_use]
pub fn excerpt(text: &str, limit: usize) -> String {
    let mut shown: String =
        text.chars().take(limit).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(limit).is_some() {
        shown.push('…');
    }
    shown
}

/// A capital first, a stop last.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let mut out: String = letters.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    out.push_str(letters.as_str());
    if !out.is_empty() && !out.ends_with(['.', '!', '?', '…']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_accents_case_and_punctuation() {
        for text in ["Côte d’Ivoire", "COTE D'IVOIRE", " cote-d-ivoire "] {
            assert_eq!(fold(text), "cote d ivoire");
        }
        assert_eq!(fold("Œuvre"), "oeuvre");
        assert_eq!(fold("--"), "");
    }

    #[test]
    fn excerpts_on_one_line() {
        assert_eq!(excerpt("a\nb", 10), "a\u{fffd}b");
        assert_eq!(excerpt("abcdef", 3), "abc…");
    }
}
