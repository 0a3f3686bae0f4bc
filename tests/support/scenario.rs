//! A small vocabulary for what happens to a few bodies, so that one table of
//! cases can be replayed through the pure rules and through the real operations.
//!
//! A scenario is a list of steps separated by ` | `:
//!
//! ```text
//! existe A+B [du JOUR] [au JOUR]              bodies of the register, first and last day
//! fusion A+B vers X le JOUR                   A and B end the day before, X begins
//! scission P vers X+Y le JOUR                 P ends the day before, X and Y begin
//! campagne 2014 [du JOUR au JOUR]             default 15 April to 15 June
//! prorogation 2014 au JOUR @I                 a later last day
//! arrete 2014 @I     annule_campagne 2014 @I
//! depot A 2013 @I    neant A 2013 @I          by an agent, accepted
//! refus A 2013 @I                             by an agent, refused by the window
//! rectification A 2013 @I    annulation A 2013 @I    reprise A 2013 @I     by a manager
//! derogation_depot A 2014 au JOUR @I          revocation_depot A 2014 @I
//! derogation_eligibilite A AAP-2014 @I        revocation_eligibilite A AAP-2014 @I
//! anterieur A 2010 1234.56 [@I]               anterieur A 2010 neant [@I]
//! attente A 2013 @I                           an agent files sous réserve: the attachment is awaited
//! rattachement_accepte A 2013 @I    rattachement_refuse A 2013 @I     it is answered
//! ```
//!
//! Bodies are single capitals, each a fictitious SIREN ([`Alias::siren`]). In
//! a merger or a split, who has its days by `existe` keeps them, and who is
//! on both sides goes on. A `JOUR` is `AAAA-MM-JJ`. An instant `@I` is RFC 3339,
//! or a day alone: noon in Paris. Steps without instant come before all others.

use std::fmt;
use std::str::FromStr;

use eapd::domain::call::CallCode;
use eapd::domain::day::Day;
use eapd::domain::euros::Euros;
use eapd::domain::filing::FilingKind;
use eapd::domain::instant::Instant;
use eapd::domain::siren::Siren;
use eapd::domain::window::Window;
use eapd::domain::year::{CampaignYear, FlowYear};

/// What happened, in the order of telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    pub steps: Vec<Step>,
}

/// A fictitious body, by a capital letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alias(u8);

/// One event; see the module for its written form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Exists { who: Vec<Alias>, from: Option<Day>, until: Option<Day> },
    Merger { from: Vec<Alias>, into: Vec<Alias>, on: Day },
    Split { from: Vec<Alias>, into: Vec<Alias>, on: Day },
    Campaign { year: CampaignYear, window: Window },
    Extension { year: CampaignYear, closes_on: Day, at: Instant },
    Settle { year: CampaignYear, at: Instant },
    Cancel { year: CampaignYear, at: Instant },
    File { who: Alias, year: FlowYear, kind: FilingKind, at: Instant },
    Refused { who: Alias, year: FlowYear, at: Instant },
    FilingDerogation { who: Alias, campaign: CampaignYear, until: Day, at: Instant },
    FilingRevocation { who: Alias, campaign: CampaignYear, at: Instant },
    EligibilityDerogation { who: Alias, call: CallCode, at: Instant },
    EligibilityRevocation { who: Alias, call: CallCode, at: Instant },
    PastAmount { who: Alias, year: FlowYear, amount: Option<Euros>, at: Option<Instant> },
    Awaiting { who: Alias, year: FlowYear, at: Instant },
    Attachment { who: Alias, year: FlowYear, is_accepted: bool, at: Instant },
}

impl Alias {
    /// The 26 bodies that a scenario may speak of.
    pub fn all() -> impl Iterator<Item = Self> {
        (b'A'..=b'Z').map(Self)
    }

    /// A valid SIREN of département 99, that of foreign countries: no French
    /// collectivity has it.
    pub fn siren(self) -> Result<Siren, String> {
        let block = format!("219900{:02}", self.0.saturating_sub(b'A').saturating_add(10));
        (0..10_u8)
            .find_map(|key| format!("{block}{key}").parse().ok())
            .ok_or_else(|| format!("no key for {block}"))
    }

    /// The fictitious name under which the register holds it.
    pub fn name(self) -> String {
        format!("Collectivité fictive {self}")
    }
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", char::from(self.0))
    }
}

impl FromStr for Alias {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            [letter @ b'A'..=b'Z'] => Ok(Self(*letter)),
            _ => Err(format!("« {text} » is not a capital letter")),
        }
    }
}

impl FromStr for Scenario {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let steps = text.split('|').map(str::trim).filter(|step| !step.is_empty());
        let read = |step: &str| step.parse().map_err(|error: String| format!("{step}: {error}"));
        Ok(Self { steps: steps.map(read).collect::<Result<_, String>>()? })
    }
}

impl FromStr for Step {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let at = match words.last().and_then(|word| word.strip_prefix('@')) {
            Some(text) => {
                words.pop();
                Some(instant(text)?)
            }
            None => None,
        };
        let now = || at.ok_or_else(|| "an instant is missing".to_owned());
        let filed = |who: &str, year: &str, kind| {
            Ok(Self::File { who: who.parse()?, year: parse(year)?, kind, at: now()? })
        };
        match *words.as_slice() {
            ["existe", who] => Ok(Self::Exists { who: all(who)?, from: None, until: None }),
            ["existe", who, "du", from] => {
                Ok(Self::Exists { who: all(who)?, from: Some(parse(from)?), until: None })
            }
            ["existe", who, "au", until] => {
                Ok(Self::Exists { who: all(who)?, from: None, until: Some(parse(until)?) })
            }
            ["existe", who, "du", from, "au", until] => {
                Ok(Self::Exists { who: all(who)?, from: Some(parse(from)?), until: Some(parse(until)?) })
            }
            ["fusion", from, "vers", into, "le", on] => {
                Ok(Self::Merger { from: all(from)?, into: all(into)?, on: parse(on)? })
            }
            ["scission", from, "vers", into, "le", on] => {
                Ok(Self::Split { from: all(from)?, into: all(into)?, on: parse(on)? })
            }
            ["campagne", year] => {
                let year = parse(year)?;
                Ok(Self::Campaign { year, window: Window::default_for(year) })
            }
            ["campagne", year, "du", from, "au", until] => {
                let window = Window::new(parse(from)?, parse(until)?).map_err(|error| error.to_string())?;
                Ok(Self::Campaign { year: parse(year)?, window })
            }
            ["prorogation", year, "au", day] => {
                Ok(Self::Extension { year: parse(year)?, closes_on: parse(day)?, at: now()? })
            }
            ["arrete", year] => Ok(Self::Settle { year: parse(year)?, at: now()? }),
            ["annule_campagne", year] => Ok(Self::Cancel { year: parse(year)?, at: now()? }),
            ["depot", who, year] => filed(who, year, FilingKind::Declared),
            ["neant", who, year] => filed(who, year, FilingKind::Nil),
            ["rectification", who, year] => filed(who, year, FilingKind::Rectified),
            ["annulation", who, year] => filed(who, year, FilingKind::Annulled),
            ["reprise", who, year] => filed(who, year, FilingKind::TakenOver),
            ["refus", who, year] => Ok(Self::Refused { who: who.parse()?, year: parse(year)?, at: now()? }),
            ["derogation_depot", who, campaign, "au", until] => Ok(Self::FilingDerogation {
                who: who.parse()?,
                campaign: parse(campaign)?,
                until: parse(until)?,
                at: now()?,
            }),
            ["revocation_depot", who, campaign] => {
                Ok(Self::FilingRevocation { who: who.parse()?, campaign: parse(campaign)?, at: now()? })
            }
            ["derogation_eligibilite", who, call] => {
                Ok(Self::EligibilityDerogation { who: who.parse()?, call: parse(call)?, at: now()? })
            }
            ["revocation_eligibilite", who, call] => {
                Ok(Self::EligibilityRevocation { who: who.parse()?, call: parse(call)?, at: now()? })
            }
            ["anterieur", who, year, amount] => {
                let amount = if amount == "neant" { None } else { Some(euros(amount)?) };
                Ok(Self::PastAmount { who: who.parse()?, year: parse(year)?, amount, at })
            }
            ["attente", who, year] => {
                Ok(Self::Awaiting { who: who.parse()?, year: parse(year)?, at: now()? })
            }
            ["rattachement_accepte", who, year] => {
                Ok(Self::Attachment { who: who.parse()?, year: parse(year)?, is_accepted: true, at: now()? })
            }
            ["rattachement_refuse", who, year] => {
                Ok(Self::Attachment { who: who.parse()?, year: parse(year)?, is_accepted: false, at: now()? })
            }
            _ => Err("not a step of the vocabulary".to_owned()),
        }
    }
}

/// An instant of the table: RFC 3339, or a day alone for its noon in Paris.
pub fn instant(text: &str) -> Result<Instant, String> {
    match text.parse::<Day>() {
        Ok(day) => Ok(day.starts_at().plus_seconds(12 * 3600)),
        Err(_) => parse(text),
    }
}

/// The aliases of `A+B+C`.
fn all(text: &str) -> Result<Vec<Alias>, String> {
    text.split('+').map(str::parse).collect()
}

fn euros(text: &str) -> Result<Euros, String> {
    let cents: i64 = text.replace('.', "").parse().map_err(|_| format!("« {text} » is not an amount"))?;
    Euros::from_cents(cents).map_err(|error| error.to_string())
}

fn parse<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

#[test]
fn aliases_are_distinct_valid_sirens() {
    let sirens: Result<std::collections::BTreeSet<Siren>, String> = Alias::all().map(Alias::siren).collect();
    assert_eq!(sirens.map(|all| all.len()), Ok(26));
}

#[test]
fn reads_every_step_of_its_own_vocabulary() {
    let text = "existe A+B | fusion A+B vers X le 2014-01-01 | campagne 2014 | \
                prorogation 2014 au 2014-06-30 @2014-06-17T10:00:00+02:00 | depot A 2013 @2014-06-18 | \
                anterieur B 2010 1234.56";
    let scenario: Scenario = text.parse().expect("a scenario");
    assert_eq!(scenario.steps.len(), 6);
    let Step::PastAmount { amount: Some(amount), .. } = &scenario.steps[5] else { panic!("a past amount") };
    assert_eq!(amount.cents(), 123_456);
    assert!("depot A 2013".parse::<Step>().is_err(), "an instant is missing");
    assert!("depose A 2013 @2014-06-18".parse::<Step>().is_err());
}
