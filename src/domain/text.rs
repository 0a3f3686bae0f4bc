//! Text as people compare it: accents, case and punctuation forgiven.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The key under which two spellings are the same: unaccented lower case,
/// ligatures opened, every run of other characters one space.
///
/// `Côte d’Ivoire`, `COTE D'IVOIRE` and `cote-d-ivoire` have one key.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut add = |c: char| match c {
        c if c.is_ascii_alphanumeric() => key.push(c.to_ascii_lowercase()),
        'œ' | 'Œ' => key.push_str("oe"),
        'æ' | 'Æ' => key.push_str("ae"),
        c if is_combining_mark(c) => {}
        c if c.is_alphanumeric() => key.extend(c.to_lowercase()),
        _ if key.ends_with(' ') || key.is_empty() => {}
        _ => key.push(' '),
    };
    // Letter by letter: the marks, whose order would have to be settled, are left out.
    for c in text.chars() {
        if c.is_ascii() { add(c) } else { decompose_compatible(c, &mut add) }
    }
    key.truncate(key.trim_end().len());
    key
}

/// At most `limit` characters of `text` on one line, what ends a line or turns the direction of reading made
/// visible, for an error message or a log.
#[must_use]
pub fn excerpt(text: &str, limit: usize) -> String {
    let mut shown: String =
        text.chars().take(limit).map(|c| if is_unruly(c) { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(limit).is_some() {
        shown.push('…');
    }
    shown
}

/// Whether a character does something to the text around it: it ends the line, or turns the direction of reading,
/// by which a text can look like another.
fn is_unruly(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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

/// `36 388`: a count with U+202F between thousands.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

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
    fn an_excerpt_cannot_turn_the_text_around_it() {
        for unruly in ['\u{202e}', '\u{2066}', '\u{2028}', '\u{200f}', '\u{1b}', '\n'] {
            assert_eq!(excerpt(&format!("a{unruly}b"), 9), "a\u{fffd}b");
        }
    }

    #[test]
    fn numbers_are_read_by_thousands() {
        let shown = [0, 12, 999, 1_000, 34_969, 1_234_567].map(thousands);
        assert_eq!(
            shown.map(|text| text.replace('\u{202f}', " ")),
            ["0", "12", "999", "1 000", "34 969", "1 234 567"]
        );
    }

    proptest! {
        #[test]
        fn folds_as_the_whole_text_is_decomposed(letters in proptest::collection::vec(any::<char>(), 0..20)) {
            let text: String = letters.into_iter().collect();
            let mut whole = String::new();
            for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
                match c {
                    'œ' | 'Œ' => whole.push_str("oe"),
                    'æ' | 'Æ' => whole.push_str("ae"),
                    c if c.is_alphanumeric() => whole.extend(c.to_lowercase()),
                    _ if whole.ends_with(' ') => {}
                    _ => whole.push(' '),
                }
            }
            prop_assert_eq!(fold(&text), whole.trim());
        }
    }

    #[test]
    fn excerpts_on_one_line() {
        assert_eq!(excerpt("a\nb", 10), "a\u{fffd}b");
        assert_eq!(excerpt("abcdef", 3), "abc…");
    }
}
