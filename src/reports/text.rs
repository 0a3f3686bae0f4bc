//! Text that XML 1.0 can hold.

use std::borrow::Cow;

/// Whether XML 1.0 allows the character.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// The text with U+FFFD in place of each character that XML 1.0 forbids: the
/// reader sees that something stood there.
#[must_use]
pub fn xml_text(text: &str) -> Cow<'_, str> {
    // U+FFFE and U+FFFF begin with 0xEF: without it, and without controls, nothing is forbidden.
    let is_plain = text.bytes().all(|byte| byte >= b' ' && byte != 0xEF);
    if is_plain || text.chars().all(is_allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().map(|c| if is_allowed(c) { c } else { '\u{fffd}' }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_are_made_visible() {
        assert_eq!(xml_text("a\u{0}b\u{1f}c\u{ffff}"), "a\u{fffd}b\u{fffd}c\u{fffd}");
        assert!(matches!(xml_text("École 🏫\t\n"), Cow::Borrowed(_)));
    }
}
