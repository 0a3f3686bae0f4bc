//! Small French: lists, spans of years, names with their code.

use std::collections::BTreeSet;

use super::lookup::Listed;
use crate::domain::codes::Years;

/// `a`, `a ou b`, `a, b ou c`; the last word is `word`.
pub(super) fn list(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// `« Mali » (255)`.
pub(super) fn named<T: Listed>(row: &T) -> String {
    let [name, _] = row.names();
    format!("«\u{a0}{name}\u{a0}» ({})", row.code())
}

/// `Vouliez-vous dire « Mali » (255) ? `, or nothing.
pub(super) fn did_you_mean<T: Listed>(rows: &[&T]) -> String {
    // Two codes may bear one name: it is asked once.
    let mut seen = BTreeSet::new();
    let names: Vec<String> =
        rows.iter().filter(|row| seen.insert(row.code().to_owned())).map(|row| named(*row)).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("Vouliez-vous dire {}\u{a0}? ", list(&names, "ou"))
}

/// Spans that follow each other without a gap, joined.
pub(super) fn joined(spans: impl IntoIterator<Item = Years>) -> Vec<Years> {
    spans.into_iter().fold(Vec::new(), |mut joined: Vec<Years>, span| {
        match joined.last_mut().and_then(|last| last.joined(span).map(|both| (last, both))) {
            Some((last, both)) => *last = both,
            None => joined.push(span),
        }
        joined
    })
}

/// The end of a sentence on a code that is not valid in `year`: `était valable jusqu’en 2010`,
/// `n’est valable que depuis 2011`. `was` and `only` are the two beginnings.
pub(super) fn when(spans: &[Years], year: u16, was: &str, only: &str) -> String {
    let years = list(&spans.iter().map(ToString::to_string).collect::<Vec<_>>(), "et");
    let over = spans.iter().all(|span| span.last.is_some_and(|last| last < year));
    format!("{} {years}", if over { was } else { only })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_as_one_speaks() {
        let items =
            |count: usize| ["a", "b", "c"].iter().take(count).map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(list(&items(1), "ou"), "a");
        assert_eq!(list(&items(2), "et"), "a et b");
        assert_eq!(list(&items(3), "ou"), "a, b ou c");
    }

    #[test]
    fn says_when_a_code_was_valid() {
        let until = Years { first: None, last: Some(2010) };
        let since = Years { first: Some(2016), last: None };
        assert_eq!(when(&[until], 2013, "l’était", "ne l’est que"), "l’était jusqu’en 2010");
        assert_eq!(when(&[since], 2013, "l’était", "ne l’est que"), "ne l’est que depuis 2016");
        assert_eq!(
            when(&[until, since], 2013, "l’était", "ne l’est que"),
            "ne l’est que jusqu’en 2010 et depuis 2016"
        );
        assert_eq!(joined([until, Years { first: Some(2011), last: None }]), [Years::ALL]);
    }
}
