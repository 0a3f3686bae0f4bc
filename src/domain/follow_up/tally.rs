//! What is counted of the expected bodies, as a whole and by parts.

use std::collections::BTreeMap;

use crate::domain::codes::CodeLists;
use crate::domain::collectivity::HORS;
use crate::domain::euros::Euros;
use crate::domain::expected::Progress;
use crate::domain::follow_up::{Band, Row};
use crate::domain::scope::{departement_name, region_name};

/// How many expected bodies stand where. The four classes add up to those expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Bodies.
    pub expected: u32,
    /// With amounts that count.
    pub declared: u32,
    /// With a nil that counts.
    pub nil: u32,
    /// Nothing counts, a draft is there.
    pub draft: u32,
    /// Nothing at all.
    pub nothing: u32,
    /// Of those that filed: a correction is prepared and not filed.
    pub correcting: u32,
    /// Bodies that filed without being expected: in no class.
    pub others: u32,
    /// Own resources that count so far, of the others too; nothing where they are out of range.
    pub own: Option<Euros>,
}

/// What the bodies are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// Present regions, and `HORS`.
    Region,
    /// Départements.
    Departement,
    /// Categories in which the ministry publishes.
    Category,
    /// Bands of population.
    Band,
}

/// The code of bodies for which the register has none.
const NONE: &str = "aucun";

/// A part of the expected bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The code, which filters the list.
    pub code: String,
    /// The French name.
    pub name: String,
    /// Its bodies.
    pub tally: Tally,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            expected: 0,
            declared: 0,
            nil: 0,
            draft: 0,
            nothing: 0,
            correcting: 0,
            others: 0,
            own: Some(Euros::ZERO),
        }
    }
}

impl Tally {
    /// Counts expected bodies, and others that filed.
    pub fn of<'a>(
        rows: impl IntoIterator<Item = Row<'a>>,
        others: impl IntoIterator<Item = Row<'a>>,
    ) -> Self {
        let mut tally = Self::default();
        rows.into_iter().for_each(|row| tally.add(&row));
        others.into_iter().for_each(|row| tally.add_other(&row));
        tally
    }

    /// Counts one more body.
    pub fn add(&mut self, row: &Row<'_>) {
        let class = match row.progress {
            Progress::Declared => &mut self.declared,
            Progress::Nil => &mut self.nil,
            Progress::Draft => &mut self.draft,
            Progress::Nothing => &mut self.nothing,
        };
        for count in [class, &mut self.expected] {
            *count = count.saturating_add(1);
        }
        if row.corrects {
            self.correcting = self.correcting.saturating_add(1);
        }
        self.add_own(row);
    }

    /// Counts one that filed without being expected; nothing of one that did not.
    pub fn add_other(&mut self, row: &Row<'_>) {
        if row.filed.is_some() {
            self.others = self.others.saturating_add(1);
            self.add_own(row);
        }
    }

    fn add_own(&mut self, row: &Row<'_>) {
        let own = row.filed.map_or(Euros::ZERO, |filed| filed.own);
        self.own = self.own.and_then(|sum| sum.checked_add(own));
    }

    /// Bodies that filed, amounts or nil.
    #[must_use]
    pub const fn filed(&self) -> u32 {
        self.declared.saturating_add(self.nil)
    }

    /// Bodies of which nothing counts.
    #[must_use]
    pub const fn missing(&self) -> u32 {
        self.draft.saturating_add(self.nothing)
    }

    /// Share of those that filed, in whole percent, rounded down: 100 only when all did. Nothing where none is
    /// expected.
    #[must_use]
    pub fn rate(&self) -> Option<u32> {
        let percent = (u64::from(self.filed()) * 100).checked_div(u64::from(self.expected))?;
        u32::try_from(percent).ok()
    }
}

impl Axis {
    /// Every axis, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Region, Self::Departement, Self::Category, Self::Band];

    /// The parameter of addresses that filters by it.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Departement => "departement",
            Self::Category => "categorie",
            Self::Band => "strate",
        }
    }

    /// The French name of what it tells apart.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Region => "Région",
            Self::Departement => "Département",
            Self::Category => "Catégorie",
            Self::Band => "Population",
        }
    }

    /// The code of a body on this axis: what the filter of the same name takes.
    #[must_use]
    pub fn code_of<'a>(self, row: &Row<'a>) -> &'a str {
        let body = row.body;
        match self {
            Self::Region => &body.region,
            Self::Departement => body.departement.as_deref().unwrap_or(NONE),
            Self::Category if body.category.is_empty() => NONE,
            Self::Category => &body.category,
            Self::Band => body.band().code(),
        }
    }

    /// The French name of a code on this axis.
    #[must_use]
    pub fn name_of(self, code: &str, codes: &CodeLists) -> String {
        let named = match self {
            _ if code == NONE => None,
            Self::Region => Some(region_name(code, codes)),
            Self::Departement => Some(departement_name(code, codes).unwrap_or_else(|| code.to_owned())),
            Self::Category => {
                let found = codes.categories().iter().find(|category| *category.code == *code);
                found.map(|category| category.name_fr.to_string())
            }
            Self::Band => {
                Band::ALL.into_iter().find(|band| band.code() == code).map(|band| band.label().to_owned())
            }
        };
        named.unwrap_or_else(|| "non renseigné".to_owned())
    }

    /// The parts of the bodies that are counted, and of the others that filed, in the order of the axis: regions by
    /// name with `HORS` last, départements by code, categories as published, bands from the largest.
    #[must_use]
    pub fn groups<'a>(
        self,
        rows: impl Iterator<Item = Row<'a>>,
        others: impl Iterator<Item = Row<'a>>,
        codes: &CodeLists,
    ) -> Vec<Group> {
        let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
        for row in rows {
            tallies.entry(self.code_of(&row)).or_default().add(&row);
        }
        for row in others.filter(|row| row.filed.is_some()) {
            tallies.entry(self.code_of(&row)).or_default().add_other(&row);
        }
        let group = |(code, tally): (&str, Tally)| Group {
            name: self.name_of(code, codes),
            code: code.to_owned(),
            tally,
        };
        let mut groups: Vec<Group> = tallies.into_iter().map(group).collect();
        groups.sort_by_cached_key(|group| self.place_of(group, codes));
        groups
    }

    fn place_of(self, group: &Group, codes: &CodeLists) -> (bool, usize, String) {
        let last = usize::MAX;
        let is_last = group.code == NONE || group.code == HORS;
        let place = match self {
            Self::Region | Self::Departement => 0,
            Self::Category => {
                codes.categories().iter().position(|category| *category.code == *group.code).unwrap_or(last)
            }
            Self::Band => Band::ALL.into_iter().position(|band| band.code() == group.code).unwrap_or(last),
        };
        let text = match self {
            Self::Region => crate::domain::text::fold(&group.name),
            Self::Departement | Self::Category | Self::Band => group.code.clone(),
        };
        (is_last, place, text)
    }
}
