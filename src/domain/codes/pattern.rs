//! Patterns of codes, as written in `natures.csv` and `tresor_columns.csv`.

/// One pattern: an exact code, a beginning (`140*`), or anything (`*`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// This code only.
    Exact(Box<str>),
    /// Every code of a family that begins so; the empty beginning is "anything".
    Prefix(Box<str>),
}

impl Pattern {
    /// Reads a pattern; none when it is empty or has a star elsewhere than at its end.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (body, is_prefix) = match text.strip_suffix('*') {
            Some(body) => (body, true),
            None => (text, false),
        };
        let plain = body.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match (plain, is_prefix, body.is_empty()) {
            (true, true, _) => Some(Self::Prefix(body.into())),
            (true, false, false) => Some(Self::Exact(body.into())),
            _ => None,
        }
    }

    /// Whether the code matches: an exact pattern looks at the code, a beginning at its family.
    ///
    /// Only channels have a family other than themselves: ENDA is 47035 and belongs to 21000, the
    /// international NGO, so `2*` takes it and `4*` does not.
    #[must_use]
    pub fn matches(&self, code: &str, family: &str) -> bool {
        match self {
            Self::Exact(exact) => exact.len() == code.len() && begins(code, exact),
            Self::Prefix(beginning) => begins(family, beginning),
        }
    }

    /// The code that an exact pattern names.
    #[must_use]
    pub fn exact(&self) -> Option<&str> {
        match self {
            Self::Exact(code) => Some(code),
            Self::Prefix(_) => None,
        }
    }
}

/// Whether a text begins so. Codes are short and mostly differ in their first byte: a walk is
/// over before a comparison of memory would have begun, and reports ask dozens of times a line.
fn begins(text: &str, beginning: &str) -> bool {
    text.len() >= beginning.len() && text.bytes().zip(beginning.bytes()).all(|(one, other)| one == other)
}

/// Patterns separated by `|`; those that begin with `!` exclude.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatternSet {
    included: Vec<Pattern>,
    excluded: Vec<Pattern>,
}

impl PatternSet {
    /// Reads a set; none when a pattern is malformed or nothing is included.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut set = Self::default();
        for part in text.split('|') {
            match part.strip_prefix('!') {
                Some(excluded) => set.excluded.push(Pattern::parse(excluded)?),
                None => set.included.push(Pattern::parse(part)?),
            }
        }
        (!set.included.is_empty()).then_some(set)
    }

    /// Whether a code that is its own family is taken by the set.
    #[must_use]
    pub fn matches(&self, code: &str) -> bool {
        self.matches_in(code, code)
    }

    /// Whether a code of a family is taken by the set.
    #[must_use]
    pub fn matches_in(&self, code: &str, family: &str) -> bool {
        let taken = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(code, family));
        taken(&self.included) && !taken(&self.excluded)
    }

    /// Every pattern, included or excluded.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.included.iter().chain(&self.excluded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_exact_codes_and_exclusions() {
        let set = PatternSet::parse("*|!930*|!99820").unwrap();
        assert!(set.matches("14030") && set.matches("99810"));
        assert!(!set.matches("93010") && !set.matches("99820"));
        assert!(!PatternSet::parse("14030").unwrap().matches("140301"));
    }

    #[test]
    fn a_beginning_looks_at_the_family() {
        let associations = PatternSet::parse("2*").unwrap();
        assert!(associations.matches_in("47035", "21000"));
        assert!(!associations.matches_in("21002", "47000"));
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for text in ["", "1*2", "**", "!930*", "140*|", "14 030", "!!930"] {
            assert_eq!(PatternSet::parse(text), None, "{text:?}");
        }
    }
}
