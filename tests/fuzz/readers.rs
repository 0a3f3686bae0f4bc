//! The readers of what people send, each as a function of bytes that panics where a promise is broken.
//!
//! `make test` runs them for a moment by mutation, `make fuzz` a million times each, guided by what
//! the program executes: both take them from here.

use super::{tables, values, workbooks};

/// A reader under test.
pub struct Reader {
    /// Its name on the command line.
    pub name: &'static str,
    /// Reads bytes, and panics where a promise is broken.
    pub read: fn(&[u8]),
    /// Inputs that are read well, to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Pieces of text that lead deeper than chance would.
    pub words: &'static [&'static str],
    /// The longest input that is tried, in bytes.
    pub longest: usize,
}

/// Every reader.
pub const ALL: [Reader; 6] = [
    Reader { name: "csv", read: tables::csv, seeds: tables::seeds, words: tables::WORDS, longest: 4_000 },
    Reader {
        name: "xlsx",
        read: workbooks::archive,
        seeds: workbooks::archives,
        words: workbooks::MARKS,
        longest: 12_000,
    },
    Reader {
        name: "xml",
        read: workbooks::parts,
        seeds: workbooks::all_parts,
        words: workbooks::WORDS,
        longest: 6_000,
    },
    Reader {
        name: "montant",
        read: values::amount,
        seeds: values::amounts,
        words: values::AMOUNT_WORDS,
        longest: 80,
    },
    Reader {
        name: "siren",
        read: values::siren,
        seeds: values::sirens,
        words: values::SIREN_WORDS,
        longest: 60,
    },
    Reader {
        name: "json",
        read: values::json,
        seeds: values::bodies,
        words: values::JSON_WORDS,
        longest: 4_000,
    },
];

/// The reader of this name.
pub fn named(name: &str) -> Option<&'static Reader> {
    ALL.iter().find(|reader| reader.name == name)
}

/// What a person is told: a sentence on one line, of bounded length, under a stable code.
pub fn told(code: &str, message: &str, hint: &str) {
    let number = code.strip_prefix("EAPD-").and_then(|rest| rest.get(1..)).unwrap_or_default();
    assert!(number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()), "{code:?} is no code");
    for text in [message, hint] {
        sentence(text);
        assert!(text.ends_with(['.', '!', '?', '…', '»']), "{code}: no sentence: {text:?}");
    }
}

/// A text for people: not empty, not endless, nothing in it that moves a cursor or the direction of reading.
pub fn sentence(text: &str) {
    assert!(!text.trim().is_empty(), "nothing is said");
    assert!(text.chars().count() < 3_000, "endless: {}", text.chars().count());
    let moves = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!text.contains(moves), "{text:?}");
}
