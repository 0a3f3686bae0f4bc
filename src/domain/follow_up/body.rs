//! An expected body with what it is, and where it stands.

use std::collections::{HashMap, HashSet};

use crate::domain::codes::CodeLists;
use crate::domain::collectivity::{Collectivity, CollectivityKind};
use crate::domain::day::Day;
use crate::domain::euros::Euros;
use crate::domain::expected::{ExpectedOrigin, LastDeclared, Progress, is_recent, why};
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::scope::Scope;
use crate::domain::siren::Siren;
use crate::domain::text::fold;
use crate::domain::year::FlowYear;

/// An expected body, as the register holds it in the flow year of the campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Which.
    pub siren: Siren,
    /// Its name.
    pub name: String,
    /// The same, folded: what it is sorted and searched by.
    pub key: String,
    /// What it is.
    pub kind: CollectivityKind,
    /// Code of the category in which the ministry publishes it; empty where there is none.
    pub category: String,
    /// INSEE code of its département.
    pub departement: Option<String>,
    /// The present region that counts it, or `HORS`.
    pub region: String,
    /// Present regions that see it too, outside their totals.
    pub associated: Vec<String>,
    /// Inhabitants.
    pub population: Option<u32>,
    /// The decision that it is expected, with its reason, where there is one.
    pub decision: Option<(ExpectedOrigin, String)>,
    /// What it declared last, before the flow year.
    pub last: Option<LastDeclared>,
}

/// What counts of a body that filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filed {
    /// When it filed first.
    pub first_at: Instant,
    /// That day in Paris.
    pub first_on: Day,
    /// What the version that counts states.
    pub kind: FilingKind,
    /// Its own resources.
    pub own: Euros,
}

/// Population, in bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// From 100,000 inhabitants.
    Largest,
    /// From 50,000.
    Large,
    /// From 10,000.
    Middle,
    /// From 3,500.
    Small,
    /// Less.
    Smallest,
    /// The register does not say.
    Unknown,
}

/// Why a body is expected, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It declared, or has a past amount, in one of the five years before.
    Past,
    /// Someone decided so.
    Decided(ExpectedOrigin),
}

/// A body with where it stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The body.
    pub body: &'a Followed,
    /// What it filed, if that counts.
    pub filed: Option<Filed>,
    /// Its class: every body has one.
    pub progress: Progress,
    /// It filed, and prepares a correction that is not filed.
    pub corrects: bool,
    /// Whether somebody can be written to.
    pub is_reachable: bool,
    /// It is attached to another region than the one looked at: outside the totals.
    pub is_associated: bool,
}

/// All that is known of the expected bodies of a campaign at an instant.
#[derive(Debug, Clone, Copy)]
pub struct Survey<'a> {
    /// The bodies.
    pub bodies: &'a [Followed],
    /// What those that filed said.
    pub filed: &'a HashMap<Siren, Filed>,
    /// Those with a draft, or with a filing that awaits the attachment of its agent.
    pub preparing: &'a HashSet<Siren>,
    /// Those that can be written to.
    pub reachable: &'a HashSet<Siren>,
    /// The territory that is looked at.
    pub scope: &'a Scope,
}

impl Followed {
    /// A body of the register that a campaign expects; `associated` are the regions that see it too.
    #[must_use]
    pub fn new(siren: Siren, body: &Collectivity, associated: &[String], codes: &CodeLists) -> Self {
        let mut seen_by: Vec<String> = associated.iter().map(|region| present(region, codes)).collect();
        let region = present(&body.region, codes);
        seen_by.retain(|other| *other != region);
        seen_by.sort_unstable();
        seen_by.dedup();
        let mut categories = codes.categories().iter();
        let category = categories.find(|category| category.takes(body.kind.code(), body.population));
        Self {
            siren,
            name: body.name.clone(),
            key: fold(&body.name),
            kind: body.kind,
            category: category.map(|category| category.code.to_string()).unwrap_or_default(),
            departement: body.departement.clone(),
            region,
            associated: seen_by,
            population: body.population,
            decision: None,
            last: None,
        }
    }

    /// Its band.
    #[must_use]
    pub fn band(&self) -> Band {
        Band::of(self.population)
    }

    /// Why it is expected, in French.
    #[must_use]
    pub fn why(&self, year: FlowYear) -> String {
        why(self.decision.as_ref(), self.last, year)
    }

    /// Whether it is expected for this reason, perhaps among others.
    #[must_use]
    pub fn is_expected_for(&self, reason: Why, year: FlowYear) -> bool {
        match reason {
            Why::Past => self.last.is_some_and(|last| is_recent(last.flow_year, year)),
            Why::Decided(origin) => self.decision.as_ref().is_some_and(|(by, _)| *by == origin),
        }
    }
}

/// The region that holds a region now.
fn present(region: &str, codes: &CodeLists) -> String {
    let successor = codes.regions().latest(region).and_then(|row| row.successor.as_deref());
    successor.unwrap_or(region).to_owned()
}

impl Filed {
    /// What counts of the versions of a body that are not reserved, the first one first; nothing where the last one
    /// is annulled.
    #[must_use]
    pub fn of(versions: &[(Instant, FilingKind, Euros)]) -> Option<Self> {
        let (first_at, ..) = *versions.first()?;
        let (_, kind, own) = *versions.last()?;
        let counted = Self { first_at, first_on: first_at.day_in_paris(), kind, own };
        (kind != FilingKind::Annulled).then_some(counted)
    }
}

impl Band {
    /// Every band, the largest first.
    pub const ALL: [Self; 6] =
        [Self::Largest, Self::Large, Self::Middle, Self::Small, Self::Smallest, Self::Unknown];

    /// The band of so many inhabitants.
    #[must_use]
    pub const fn of(population: Option<u32>) -> Self {
        match population {
            None => Self::Unknown,
            Some(100_000..) => Self::Largest,
            Some(50_000..) => Self::Large,
            Some(10_000..) => Self::Middle,
            Some(3_500..) => Self::Small,
            Some(_) => Self::Smallest,
        }
    }

    /// The word of addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Largest => "100000",
            Self::Large => "50000",
            Self::Middle => "10000",
            Self::Small => "3500",
            Self::Smallest => "0",
            Self::Unknown => "inconnue",
        }
    }

    /// The French words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Largest => "100\u{202f}000\u{a0}habitants et plus",
            Self::Large => "de 50\u{202f}000 à 99\u{202f}999",
            Self::Middle => "de 10\u{202f}000 à 49\u{202f}999",
            Self::Small => "de 3\u{202f}500 à 9\u{202f}999",
            Self::Smallest => "moins de 3\u{202f}500\u{a0}habitants",
            Self::Unknown => "population inconnue",
        }
    }
}

impl Why {
    /// Every reason.
    pub const ALL: [Self; 4] = [
        Self::Past,
        Self::Decided(ExpectedOrigin::List),
        Self::Decided(ExpectedOrigin::Manager),
        Self::Decided(ExpectedOrigin::Sgar),
    ];

    /// The word of addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Past => "passe",
            Self::Decided(ExpectedOrigin::List) => "liste",
            Self::Decided(ExpectedOrigin::Manager) => "ministere",
            Self::Decided(ExpectedOrigin::Sgar) => "sgar",
        }
    }

    /// The French words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Past => "a déclaré dans les cinq ans",
            Self::Decided(origin) => origin.label(),
        }
    }
}

impl<'a> Survey<'a> {
    /// Every body that the territory sees, by SIREN, those that it only sees included and marked.
    pub fn rows(self) -> impl Iterator<Item = Row<'a>> {
        self.bodies.iter().filter_map(move |body| self.row(body))
    }

    /// Those that the territory counts.
    pub fn own_rows(self) -> impl Iterator<Item = Row<'a>> {
        self.rows().filter(|row| !row.is_associated)
    }

    fn row(self, body: &'a Followed) -> Option<Row<'a>> {
        let is_associated = match self.scope {
            Scope::National => false,
            Scope::Region(region) if body.region == *region => false,
            Scope::Region(region) if body.associated.contains(region) => true,
            Scope::Region(_) => return None,
        };
        let filed = self.filed.get(&body.siren).copied();
        let prepares = self.preparing.contains(&body.siren);
        let progress = match filed {
            Some(Filed { kind: FilingKind::Nil, .. }) => Progress::Nil,
            Some(_) => Progress::Declared,
            None if prepares => Progress::Draft,
            None => Progress::Nothing,
        };
        Some(Row {
            body,
            filed,
            progress,
            corrects: filed.is_some() && prepares,
            is_reachable: self.reachable.contains(&body.siren),
            is_associated,
        })
    }
}
