//! How a body is found by what people type: folded words, matched by their beginning.

use std::collections::BTreeSet;

use crate::domain::collectivity::CollectivityKind;
use crate::domain::text::fold;

/// Words of a query that are looked at: nobody types more on purpose.
const MOST_WORDS: usize = 8;
/// Words that people put before the name of a commune, which no name needs.
const OF_A_COMMUNE: [&str; 3] = ["ville", "commune", "mairie"];
/// Words too common to find anything, dropped unless they are being typed.
const LINKS: [&str; 8] = ["de", "du", "des", "d", "l", "la", "le", "les"];

/// What a body is found by: the words of its name and of its kind, its code,
/// and `keys` such as postcodes.
#[must_use]
pub fn of_body(kind: CollectivityKind, code: &str, name: &str, keys: &[String]) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = fold(name).split(' ').map(opened).collect();
    if kind != CollectivityKind::Commune {
        words.extend(fold(kind.label()).split(' ').map(str::to_owned));
    }
    words.insert(fold(code));
    words.extend(keys.iter().map(|key| fold(key)));
    words.remove("");
    words
}

/// What a query asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The folded text, to be compared with whole names.
    pub text: String,
    /// Beginnings of words, all of which must be found.
    pub words: Vec<String>,
}

impl Query {
    /// Reads what a person typed. An empty query has no words: it asks for everything.
    #[must_use]
    pub fn read(typed: &str) -> Self {
        let folded = fold(typed);
        if folded.chars().all(|c| c.is_ascii_digit() || c == ' ') {
            // A SIREN in groups of three digits, a postcode, a code.
            let number: String = folded.split(' ').collect();
            let words = if number.is_empty() { vec![] } else { vec![number.clone()] };
            return Self { text: number, words };
        }
        let mut typed: Vec<&str> = folded.split(' ').collect();
        // The last word is still being typed: it is taken as it is.
        let last = typed.pop().map(str::to_owned);
        let kept = typed
            .iter()
            .enumerate()
            .filter(|(_, word)| !LINKS.contains(word))
            .filter(|(place, word)| *place > 0 || !OF_A_COMMUNE.contains(word))
            .map(|(_, word)| opened(word));
        let words: BTreeSet<String> = kept.chain(last.clone()).collect();
        let mut text: Vec<String> = typed.iter().map(|word| opened(word)).collect();
        text.extend(last);
        Self { text: text.join(" "), words: words.into_iter().take(MOST_WORDS).collect() }
    }
}

/// The first text after every text that begins with `beginning`.
#[must_use]
pub fn after(beginning: &str) -> String {
    format!("{beginning}{}", char::MAX)
}

/// Abbreviations written out, as the names of communes have them.
fn opened(word: &str) -> String {
    match word {
        "st" => "saint".to_owned(),
        "ste" => "sainte".to_owned(),
        word => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(typed: &str) -> Vec<String> {
        Query::read(typed).words
    }

    #[test]
    fn a_body_is_found_by_name_kind_code_and_postcode() {
        let keys = ["44160".to_owned()];
        let found = of_body(CollectivityKind::Cc, "200000438", "CC du Pays de St-Gildas", &keys);
        for word in ["cc", "pays", "saint", "gildas", "communaute", "200000438", "44160"] {
            assert!(found.contains(word), "{word} in {found:?}");
        }
        assert!(!found.contains("st"));
        let commune = of_body(CollectivityKind::Commune, "2A004", "L'Île-Œuvre", &[]);
        assert_eq!(commune.into_iter().collect::<Vec<_>>(), ["2a004", "ile", "l", "oeuvre"]);
    }

    #[test]
    fn a_query_forgives() {
        assert_eq!(words("Saint-Étienne"), ["etienne", "saint"]);
        assert_eq!(words("ST DENIS"), ["denis", "saint"]);
        assert_eq!(words("ville de Lyon"), ["lyon"]);
        assert_eq!(words("L’Abergement"), ["abergement"]);
        assert_eq!(words("217 500 016"), ["217500016"]);
        assert_eq!(words("ville"), ["ville"], "a word alone may begin a name");
        assert_eq!(words("Ville-la-Grand"), ["grand"]);
        assert_eq!(words("saint d"), ["d", "saint"], "the last word is being typed");
        assert_eq!(words("  -- "), Vec::<String>::new());
        assert_eq!(Query::read("st denis").text, "saint denis");
    }

    #[test]
    fn a_beginning_ends_before_the_next_one() {
        assert!("lyons" < after("lyon").as_str() && after("lyon").as_str() < "lyp");
        assert!("lyon\u{fffd}" < after("lyon").as_str());
    }
}
