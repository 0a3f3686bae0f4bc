//! The search for what was meant, within a budget.

use std::collections::HashMap;

use super::Rule;

/// Searches walk whole lists: so many distinct faults of a check are searched, the others get the general
/// hint only.
const SEARCHES: usize = 64;

/// What was found for each distinct fault.
#[derive(Debug)]
pub(super) struct Hints<'a> {
    made: HashMap<(Rule, &'a str), String>,
    left: usize,
}

impl<'a> Hints<'a> {
    pub(super) fn new() -> Self {
        Self { made: HashMap::new(), left: SEARCHES }
    }

    /// What `search` says of a text that broke a rule; empty once the budget is spent.
    pub(super) fn of(&mut self, rule: Rule, text: &'a str, search: impl FnOnce() -> String) -> String {
        if let Some(hint) = self.made.get(&(rule, text)) {
            return hint.clone();
        }
        let Some(left) = self.left.checked_sub(1) else { return String::new() };
        if text.len() > super::lookup::LONGEST {
            return String::new();
        }
        self.left = left;
        let hint = search();
        self.made.insert((rule, text), hint.clone());
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_each_text_once_and_not_for_ever() {
        let texts: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
        let mut hints = Hints::new();
        let mut searches = 0;
        for text in texts.iter().chain(&texts) {
            hints.of(Rule::PurposeUnknown, text, || {
                searches += 1;
                String::new()
            });
        }
        assert_eq!(searches, SEARCHES);
    }
}
