//! A body as the register holds it: what never changes, and what it was in each year.

use std::fmt;

use crate::domain::collectivity::CollectivityKind;
use crate::domain::day::Day;
use crate::domain::eligibility::DescentKind;
use crate::domain::siren::Siren;

/// First flow year of a state that holds as far as is known.
pub const ALWAYS: u16 = 0;

/// What a body is in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    /// What it is.
    pub kind: CollectivityKind,
    /// INSEE code, or SIREN for groupings.
    pub code: String,
    /// Name, as the register publishes it.
    pub name: String,
    /// INSEE code of its département.
    pub departement: Option<String>,
    /// Region of attachment (rule 10).
    pub region: String,
    /// Inhabitants.
    pub population: Option<u32>,
}

/// Why a state was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A millésime of the package.
    Millesime,
    /// The body was added by hand.
    Creation,
    /// A decision on its region, which no millésime changes again.
    Attachment,
    /// A decision on its associated regions, which no millésime changes again.
    Association,
    /// A decision on its name, kind, code, département or population.
    Amendment,
    /// Written by something that this program does not know.
    Other,
}

/// Why a state was recorded, with what the person said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Which operation.
    pub cause: Cause,
    /// The millésime, or the reason given.
    pub detail: String,
}

/// What a body is from a flow year on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// First flow year, or [`ALWAYS`].
    pub from_year: u16,
    /// Number among the states from this year: the last one counts.
    pub revision: u16,
    /// What it is.
    pub attributes: Attributes,
    /// Why.
    pub reason: Reason,
}

/// A region that a body over several of them is associated to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// Region code.
    pub region: String,
    /// First flow year, or [`ALWAYS`].
    pub from_year: u16,
    /// Last flow year, inclusive; open where none.
    pub to_year: Option<u16>,
}

/// Where a body comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The npm package: a later millésime without it closes it.
    Package,
    /// A file of decisions.
    Csv,
    /// It had no SIREN and has one now: another body took its place.
    Replaced(Siren),
}

/// A body with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The SIREN, or `kind:code` while it is not known.
    pub id: String,
    /// The SIREN.
    pub siren: Option<Siren>,
    /// First day, where known.
    pub exists_from: Option<Day>,
    /// Last day, inclusive, where it ended.
    pub exists_until: Option<Day>,
    /// Last millésime that held it; 0 where none did.
    pub millesime: u16,
    /// Where it comes from.
    pub source: Source,
    /// Its states, by year and revision; never empty.
    pub states: Vec<State>,
    /// Its associated regions.
    pub associations: Vec<Association>,
}

/// Who follows whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// Who hands on.
    pub predecessor: Siren,
    /// Who takes over.
    pub successor: Siren,
    /// First day of the new state of things.
    pub on: Day,
    /// Merger or split.
    pub kind: DescentKind,
    /// Why.
    pub reason: String,
}

/// The key of a body whose SIREN is not known ("à compléter").
#[must_use]
pub fn placeholder(kind: CollectivityKind, code: &str) -> String {
    format!("{}:{code}", kind.code())
}

impl Body {
    /// The state that holds in `year`: the last one that began by then, else the first one.
    #[must_use]
    pub fn at(&self, year: u16) -> Option<&State> {
        let begun = self.states.iter().rfind(|state| state.from_year <= year);
        begun.or_else(|| {
            let first = self.states.first()?.from_year;
            self.states.iter().rfind(|state| state.from_year == first)
        })
    }

    /// The latest state.
    #[must_use]
    pub fn current(&self) -> Option<&State> {
        self.states.last()
    }

    /// The current name, or the key where there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.current().map_or(self.id.as_str(), |state| state.attributes.name.as_str())
    }

    /// The regions that it is associated to in `year`, by code.
    #[must_use]
    pub fn associated_in(&self, year: u16) -> Vec<&str> {
        let mut regions: Vec<&str> = self
            .associations
            .iter()
            .filter(|association| association.covers(year))
            .map(|association| association.region.as_str())
            .collect();
        regions.sort_unstable();
        regions.dedup();
        regions
    }

    /// Whether a person decided this aspect of it: a millésime leaves it alone.
    #[must_use]
    pub fn is_decided(&self, cause: Cause) -> bool {
        self.states.iter().any(|state| state.reason.cause == cause)
    }

    /// `Paris (217500016)`.
    #[must_use]
    pub fn named(&self) -> String {
        format!("{} ({})", self.name(), self.id)
    }
}

impl Association {
    /// Whether it holds in `year`.
    #[must_use]
    pub fn covers(&self, year: u16) -> bool {
        self.from_year <= year && self.to_year.is_none_or(|to| year <= to)
    }
}

impl Cause {
    const WORDS: [(Self, &'static str); 5] = [
        (Self::Millesime, "millesime"),
        (Self::Creation, "creation"),
        (Self::Attachment, "rattachement"),
        (Self::Association, "region_associee"),
        (Self::Amendment, "modification"),
    ];

    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(cause, _)| *cause == self).map_or("", |(_, word)| word)
    }
}

impl Reason {
    /// A reason with what was said.
    #[must_use]
    pub fn new(cause: Cause, detail: impl Into<String>) -> Self {
        Self { cause, detail: detail.into() }
    }

    /// That a millésime says so.
    #[must_use]
    pub fn millesime(year: u16) -> Self {
        Self::new(Cause::Millesime, year.to_string())
    }

    /// What is told to people: `millésime 2026`, `rattachement, siège transféré`.
    #[must_use]
    pub fn told(&self) -> String {
        let what = match self.cause {
            Cause::Millesime => return format!("millésime {}", self.detail),
            Cause::Creation => "création",
            Cause::Attachment => "rattachement",
            Cause::Association => "région associée",
            Cause::Amendment => "modification",
            Cause::Other => return self.detail.clone(),
        };
        if self.detail.is_empty() { what.to_owned() } else { format!("{what}, {}", self.detail) }
    }

    /// Reads what [`Display`](fmt::Display) wrote; anything else is kept as it is.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (word, detail) = text.split_once(':').unwrap_or((text, ""));
        match Cause::WORDS.iter().find(|(_, known)| *known == word) {
            Some((cause, _)) => Self::new(*cause, detail),
            None => Self::new(Cause::Other, text),
        }
    }
}

/// `rattachement:siège transféré`.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.cause.word(), self.detail.as_str()) {
            ("", detail) => f.write_str(detail),
            (word, "") => f.write_str(word),
            (word, detail) => write!(f, "{word}:{detail}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(from_year: u16, revision: u16, region: &str) -> State {
        let attributes = Attributes {
            kind: CollectivityKind::Cc,
            code: "200000172".to_owned(),
            name: "Groupement fictif".to_owned(),
            departement: None,
            region: region.to_owned(),
            population: None,
        };
        State { from_year, revision, attributes, reason: Reason::millesime(2026) }
    }

    fn body(states: Vec<State>) -> Body {
        Body {
            id: "200000172".to_owned(),
            siren: None,
            exists_from: None,
            exists_until: None,
            millesime: 2026,
            source: Source::Package,
            states,
            associations: vec![],
        }
    }

    #[test]
    fn the_last_state_that_began_counts() {
        let body = body(vec![state(0, 1, "42"), state(0, 2, "41"), state(2016, 1, "44")]);
        let region = |year| body.at(year).unwrap().attributes.region.as_str();
        assert_eq!((region(2013), region(2015), region(2016), region(2030)), ("41", "41", "44", "44"));
    }

    #[test]
    fn before_the_first_state_the_first_one_counts() {
        let body = body(vec![state(2014, 1, "42"), state(2014, 2, "41"), state(2016, 1, "44")]);
        assert_eq!(body.at(2009).unwrap().attributes.region, "41");
    }

    #[test]
    fn a_reason_reads_back() {
        for reason in [Reason::millesime(2026), Reason::new(Cause::Attachment, "siège : transféré")] {
            assert_eq!(Reason::read(&reason.to_string()), reason);
        }
        assert_eq!(Reason::read("autre chose").cause, Cause::Other);
    }

    #[test]
    fn associations_hold_between_two_years() {
        let association = Association { region: "76".to_owned(), from_year: 2016, to_year: Some(2020) };
        let held: Vec<u16> = (2014..2023).filter(|year| association.covers(*year)).collect();
        assert_eq!(held, [2016, 2017, 2018, 2019, 2020]);
    }
}
