//! Plain text of a mail: short lines, and nothing in a name that is more than a name.

/// Longest line, in characters; a link is never broken.
const WIDTH: usize = 72;
/// Longest text that somebody wrote and a mail repeats.
const LONGEST: usize = 500;

/// A text that somebody wrote, on one line and without control characters: it adds no header, no
/// line and no signature of its own. A link in it is not one any more, so that nobody sends links
/// under the name of the service.
pub(super) fn inert(text: &str) -> String {
    let is_invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let spaced: String = text.chars().map(|c| if is_invisible(c) { ' ' } else { c }).collect();
    let line = spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    crate::domain::text::excerpt(&line.replace("://", ": / /"), LONGEST)
}

/// The same text in lines of 72 characters, broken at ordinary spaces alone.
pub(super) fn wrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(64));
    for line in text.trim().lines() {
        let mut width = 0_usize;
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            let length = word.chars().count();
            if width > 0 {
                let fits = width.saturating_add(1).saturating_add(length) <= WIDTH;
                out.push(if fits { ' ' } else { '\n' });
                width = if fits { width.saturating_add(1) } else { 0 };
            }
            out.push_str(word);
            width = width.saturating_add(length);
        }
        // The space after the hyphens is what tells programs that a signature starts.
        out.push_str(if line.trim() == "--" { " \n" } else { "\n" });
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_stays_a_name() {
        assert_eq!(inert("Nom\r\nBcc: x@y.example\r\n\r\nTexte"), "Nom Bcc: x@y.example Texte");
        assert_eq!(inert("<script>alert(1)</script>"), "<script>alert(1)</script>");
        assert_eq!(inert("voir https://ailleurs.example/x"), "voir https: / /ailleurs.example/x");
        assert_eq!(inert("a\u{202e}b\u{2028}c"), "a b c");
        assert_eq!(inert(&"x".repeat(600)).chars().count(), 501);
    }

    proptest! {
        #[test]
        fn lines_are_short_and_words_stay(words in proptest::collection::vec("[a-zé\u{a0}:/]{1,90}", 0..60)) {
            let text = words.join(" ");
            let lines = wrapped(&text);
            for line in lines.lines() {
                prop_assert!(line.chars().count() <= WIDTH || !line.contains(' '), "{line}");
            }
            let kept: Vec<_> = lines.split([' ', '\n']).filter(|word| !word.is_empty()).collect();
            let told: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(kept.join(" ").trim().to_owned(), told.join(" ").trim().to_owned());
        }
    }
}
