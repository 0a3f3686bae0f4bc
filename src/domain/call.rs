//! A call for projects (appel à projets) and what it requires.

use std::fmt;
use std::str::FromStr;

use crate::domain::day::Day;
use crate::domain::text::excerpt;
use crate::domain::year::{CampaignYear, FlowYear};

/// The code of a call: 2 to 40 of `A-Z`, `0-9` and `-`, as in `AAP-2014`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallCode(String);

/// Whose declarations a group of applicants needs (rule 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum GroupRule {
    /// `tous`: every French collectivity of the group.
    #[default]
    All,
    /// `chef_de_file`: the one that leads.
    Lead,
}

/// The days of a call. They inform; eligibility does not rest on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallDates {
    /// First day to apply.
    pub opens_on: Option<Day>,
    /// Last day to apply, inclusive.
    pub closes_on: Option<Day>,
    /// Day on which the applications are examined.
    pub examined_on: Option<Day>,
}

/// A call for projects, with all that eligibility for it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    code: CallCode,
    title: String,
    dates: CallDates,
    required_years: Vec<FlowYear>,
    group_rule: GroupRule,
    founding_text: String,
}

/// What is wrong with a call; `Display` says in French what to mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The code has another shape.
    #[error(
        "«\u{a0}{0}\u{a0}» n’est pas un code d’appel\u{a0}: \
         2 à 40 majuscules sans accent, chiffres ou tirets, par exemple AAP-2014"
    )]
    Code(String),
    /// Neither `tous` nor `chef_de_file`.
    #[error("«\u{a0}{0}\u{a0}» n’est pas une règle de groupe\u{a0}: écrivez tous ou chef_de_file")]
    GroupRule(String),
    /// The title is empty or too long.
    #[error("le titre de l’appel doit avoir de 1 à {max} caractères", max = Call::TITLE_MAX)]
    Title,
    /// No year is required.
    #[error("l’appel doit exiger au moins un exercice")]
    NoYear,
    /// The days are out of order.
    #[error("les dates de l’appel se contredisent\u{a0}: le {later} précède le {earlier}, jour d’ouverture")]
    Days {
        /// The opening day.
        earlier: Day,
        /// The closing or examination day that precedes it.
        later: Day,
    },
    /// A verdict must name the text it rests on.
    #[error("l’appel doit citer le texte qui fonde son exigence")]
    NoFoundingText,
}

impl Call {
    /// The longest title, in characters.
    pub const TITLE_MAX: usize = 200;

    /// A checked call. The required years may come in any order, repeated or not.
    ///
    /// # Errors
    /// Without title, year or founding text, or when it opens after another of its days.
    pub fn new(
        code: CallCode,
        title: &str,
        dates: CallDates,
        mut required_years: Vec<FlowYear>,
        group_rule: GroupRule,
        founding_text: &str,
    ) -> Result<Self, CallError> {
        let (title, founding_text) = (title.trim().to_owned(), founding_text.trim().to_owned());
        if title.is_empty() || title.chars().count() > Self::TITLE_MAX {
            return Err(CallError::Title);
        }
        if let Some(earlier) = dates.opens_on {
            let others = [dates.closes_on, dates.examined_on].into_iter().flatten();
            if let Some(later) = others.filter(|day| *day < earlier).min() {
                return Err(CallError::Days { earlier, later });
            }
        }
        required_years.sort_unstable();
        required_years.dedup();
        if required_years.is_empty() {
            return Err(CallError::NoYear);
        }
        if founding_text.is_empty() {
            return Err(CallError::NoFoundingText);
        }
        Ok(Self { code, title, dates, required_years, group_rule, founding_text })
    }

    /// The call `AAP-N` that comes with campaign N: it requires flow year N-1,
    /// as the circular of 31 March 2014 (II.c) announced for 2014.
    #[must_use]
    pub fn default_for(year: CampaignYear) -> Self {
        let required = year.flow_year();
        Self {
            code: CallCode(format!("AAP-{year}")),
            title: format!(
                "Appels à projets cofinancés par le ministère chargé des affaires étrangères en\u{a0}{year}"
            ),
            dates: CallDates::default(),
            required_years: vec![required],
            group_rule: GroupRule::All,
            founding_text: format!(
                "Circulaire n°\u{a0}61/DGM/AECT/MB du 31\u{a0}mars\u{a0}2014, II.c, au titre de \
                 l’article L.\u{a0}1115-6 du code général des collectivités territoriales\u{a0}: \
                 les collectivités territoriales et groupements qui n’ont pas télédéclaré leur aide \
                 publique au développement de {required} ne peuvent prétendre aux subventions des \
                 appels à projets cofinancés par le ministère des affaires étrangères en {year}."
            ),
        }
    }

    /// The code.
    #[must_use]
    pub const fn code(&self) -> &CallCode {
        &self.code
    }

    /// The French title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The days.
    #[must_use]
    pub const fn dates(&self) -> CallDates {
        self.dates
    }

    /// The flow years for which an applicant must have declared: one at least, ascending, each once.
    #[must_use]
    pub fn required_years(&self) -> &[FlowYear] {
        &self.required_years
    }

    /// Whether applications can still be made or are still examined on `day`. Without its last days on record, a
    /// call lasts to the end of the year after the last one that it requires.
    #[must_use]
    pub fn runs_on(&self, day: Day) -> bool {
        let last_day = self.dates.closes_on.max(self.dates.examined_on);
        let last_year = self.required_years.last().map(|year| Day::last_of(year.campaign().get()));
        last_day.or(last_year).is_none_or(|last| day <= last)
    }

    /// Whose declarations a group needs.
    #[must_use]
    pub const fn group_rule(&self) -> GroupRule {
        self.group_rule
    }

    /// The text on which the requirement rests, in French, as every verdict quotes it.
    #[must_use]
    pub fn founding_text(&self) -> &str {
        &self.founding_text
    }
}

impl CallCode {
    /// The text of the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CallCode {
    type Err = CallError;

    fn from_str(text: &str) -> Result<Self, CallError> {
        let code = text.trim();
        let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
        if (2..=40).contains(&code.len()) && code.bytes().all(allowed) {
            Ok(Self(code.to_owned()))
        } else {
            Err(CallError::Code(excerpt(code, 50)))
        }
    }
}

impl fmt::Display for CallCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CallCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for CallCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl GroupRule {
    /// Contract form, for the database, JSON and the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "tous",
            Self::Lead => "chef_de_file",
        }
    }

    /// The rule in French words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::All => "toutes les collectivités françaises du groupe",
            Self::Lead => "le chef de file",
        }
    }
}

impl FromStr for GroupRule {
    type Err = CallError;

    fn from_str(text: &str) -> Result<Self, CallError> {
        let known = [Self::All, Self::Lead].into_iter().find(|rule| rule.code() == text.trim());
        known.ok_or_else(|| CallError::GroupRule(excerpt(text.trim(), 20)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(years: &[u16]) -> Vec<FlowYear> {
        years.iter().map(|year| FlowYear::new(*year).unwrap()).collect()
    }

    fn call(title: &str, dates: CallDates, required: &[u16], text: &str) -> Result<Call, CallError> {
        Call::new("AAP-2014".parse().unwrap(), title, dates, years(required), GroupRule::All, text)
    }

    #[test]
    fn a_code_has_one_shape() {
        for code in ["AAP-2014", "A1", "CLIMAT-2014-2016", &"A".repeat(40)] {
            assert_eq!(code.parse::<CallCode>().unwrap().as_str(), code);
        }
        for code in ["", "A", "aap-2014", "AAP 2014", "AAP_2014", "É2014", &"A".repeat(41)] {
            assert!(matches!(code.parse::<CallCode>(), Err(CallError::Code(_))), "{code}");
        }
    }

    #[test]
    fn years_are_sorted_and_each_once() {
        let call = call("Titre", CallDates::default(), &[2013, 2012, 2013], "Texte").unwrap();
        assert_eq!(call.required_years(), years(&[2012, 2013]));
    }

    #[test]
    fn refuses_what_is_missing_or_out_of_order() {
        let none = CallDates::default();
        assert_eq!(call(" ", none, &[2013], "Texte"), Err(CallError::Title));
        assert_eq!(call(&"é".repeat(201), none, &[2013], "Texte"), Err(CallError::Title));
        assert!(call(&"é".repeat(200), none, &[2013], "Texte").is_ok());
        assert_eq!(call("Titre", none, &[], "Texte"), Err(CallError::NoYear));
        assert_eq!(call("Titre", none, &[2013], "\n"), Err(CallError::NoFoundingText));
        let day = |text: &str| text.parse::<Day>().ok();
        let days = CallDates { opens_on: day("2014-03-01"), closes_on: day("2014-02-28"), examined_on: None };
        let error = call("Titre", days, &[2013], "Texte").unwrap_err();
        assert!(error.to_string().contains("le 28/02/2014 précède le 01/03/2014"), "{error}");
        let same_day = CallDates { closes_on: days.opens_on, ..days };
        assert!(call("Titre", same_day, &[2013], "Texte").is_ok());
    }

    #[test]
    fn the_default_call_requires_the_year_before_and_names_the_circular() {
        let call = Call::default_for(CampaignYear::new(2014).unwrap());
        assert_eq!(call.code().as_str(), "AAP-2014");
        assert_eq!(call.required_years(), years(&[2013]));
        assert_eq!(call.group_rule(), GroupRule::All);
        for part in ["n°\u{a0}61/DGM/AECT/MB du 31\u{a0}mars\u{a0}2014", "L.\u{a0}1115-6", "2013", "2014."] {
            assert!(call.founding_text().contains(part), "{part}");
        }
        let (code, title, text) = (call.code().clone(), call.title(), call.founding_text());
        let required = call.required_years().to_vec();
        let checked = Call::new(code, title, call.dates(), required, call.group_rule(), text);
        assert_eq!(checked.as_ref(), Ok(&call), "the constructor accepts it as it is");
    }

    #[test]
    fn a_call_runs_to_its_last_day() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let of = |closes_on: &str, examined_on: &str| {
            let dates = CallDates {
                opens_on: None,
                closes_on: closes_on.parse().ok(),
                examined_on: examined_on.parse().ok(),
            };
            call("Titre", dates, &[2012, 2013], "Texte").unwrap()
        };
        for (call, last, after) in [
            (of("", ""), "2014-12-31", "2015-01-01"),
            (of("2014-03-31", ""), "2014-03-31", "2014-04-01"),
            (of("2014-03-31", "2014-07-10"), "2014-07-10", "2014-07-11"),
        ] {
            assert!(call.runs_on(day(last)) && !call.runs_on(day(after)), "{call:?}");
        }
    }

    #[test]
    fn group_rules_read_back() {
        for rule in [GroupRule::All, GroupRule::Lead] {
            assert_eq!(rule.code().parse(), Ok(rule));
        }
        assert!("Tous".parse::<GroupRule>().is_err());
    }
}
