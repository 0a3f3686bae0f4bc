//! Text in files that a spreadsheet opens: inert on the way out, the same again on the way in.

use std::borrow::Cow;

/// Whether a spreadsheet could take a CSV cell that begins so for a formula.
#[must_use]
pub fn is_risky(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// The text as a CSV cell holds it: with an apostrophe before what could be a formula.
///
/// A text that already begins with apostrophes before such a character gets
/// one more, so that [`restore`] gives every text back.
#[must_use]
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if is_risky(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell that [`neutralise`] wrote, or of one that a person typed with the same apostrophe.
#[must_use]
pub fn restore(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_risky(text.trim_start_matches('\'')) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_become_text() {
        for risky in ["=1+1", "+33", "-5 % de CO2", "@a", "\tx", "\rx", "\n=x"] {
            assert_eq!(neutralise(risky), format!("'{risky}"));
        }
        for inert in ["École", "1-2", " =1", "'quoted", ""] {
            assert_eq!(neutralise(inert), inert);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "['=+@a\\-\t\r\n]{0,6}") {
            let cell = neutralise(&text).into_owned();
            prop_assert!(!is_risky(&cell));
            prop_assert_eq!(restore(&cell), text.as_str());
        }
    }
}
