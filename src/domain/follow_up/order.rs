//! In which order the list of expected bodies is read.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use crate::domain::codes::CodeLists;
use crate::domain::euros::Euros;
use crate::domain::expected::ExpectedOrigin;
use crate::domain::follow_up::Row;
use crate::domain::instant::Instant;
use crate::domain::scope::region_name;
use crate::domain::text::fold;
use crate::domain::year::FlowYear;

/// A column that the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Column {
    /// Name.
    #[default]
    Name,
    /// What it is.
    Kind,
    /// Département.
    Departement,
    /// Name of the region.
    Region,
    /// Inhabitants.
    Population,
    /// Where it stands.
    Class,
    /// When it filed first.
    Filed,
    /// Own resources that count.
    Own,
    /// Why it is expected.
    Why,
    /// The last year it declared.
    Last,
    /// Whether somebody can be written to.
    Reachable,
}

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// The column.
    pub column: Column,
    /// From the last to the first.
    pub is_reversed: bool,
}

impl Column {
    /// Every column, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::Name,
        Self::Kind,
        Self::Departement,
        Self::Region,
        Self::Population,
        Self::Class,
        Self::Filed,
        Self::Own,
        Self::Why,
        Self::Last,
        Self::Reachable,
    ];

    /// The word of addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "nom",
            Self::Kind => "nature",
            Self::Departement => "departement",
            Self::Region => "region",
            Self::Population => "population",
            Self::Class => "classe",
            Self::Filed => "depot",
            Self::Own => "montant",
            Self::Why => "motif",
            Self::Last => "dernier",
            Self::Reachable => "contact",
        }
    }

    /// The French header.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "Collectivité",
            Self::Kind => "Nature",
            Self::Departement => "Département",
            Self::Region => "Région",
            Self::Population => "Population",
            Self::Class => "Situation",
            Self::Filed => "Déposé le",
            Self::Own => "Ressources propres",
            Self::Why => "Attendue parce que",
            Self::Last => "Dernier exercice déclaré",
            Self::Reachable => "Contact connu",
        }
    }

    /// Whether its cells are numbers, which stand on the right.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Population | Self::Own | Self::Last)
    }
}

impl Order {
    /// Sorts rows; those that are equal stand by name, then by SIREN, whatever the direction.
    pub fn sort(self, rows: &mut [Row<'_>], codes: &CodeLists) {
        // Few regions, many rows: their names are folded once.
        let known: HashSet<&str> = rows.iter().map(|row| row.body.region.as_str()).collect();
        let regions: HashMap<&str, String> =
            known.into_iter().map(|code| (code, fold(&region_name(code, codes)))).collect();
        let compare = |one: &Row<'_>, other: &Row<'_>| match self.column {
            Column::Name => Ordering::Equal,
            Column::Kind => one.body.kind.label().cmp(other.body.kind.label()),
            Column::Departement => one.body.departement.cmp(&other.body.departement),
            Column::Region => {
                regions.get(one.body.region.as_str()).cmp(&regions.get(other.body.region.as_str()))
            }
            Column::Population => one.body.population.cmp(&other.body.population),
            Column::Class => one.progress.cmp(&other.progress),
            Column::Filed => first(one).cmp(&first(other)),
            Column::Own => own(one).cmp(&own(other)),
            Column::Why => reason(one).cmp(&reason(other)),
            Column::Last => last(one).cmp(&last(other)),
            Column::Reachable => one.is_reachable.cmp(&other.is_reachable),
        };
        rows.sort_by(|one, other| {
            let order = compare(one, other);
            let named = || one.body.key.cmp(&other.body.key).then(one.body.siren.cmp(&other.body.siren));
            match (self.column, self.is_reversed) {
                (Column::Name, true) => named().reverse(),
                (_, true) => order.reverse().then_with(named),
                (_, false) => order.then_with(named),
            }
        });
    }
}

fn first(row: &Row<'_>) -> Option<Instant> {
    row.filed.map(|filed| filed.first_at)
}

fn own(row: &Row<'_>) -> Option<Euros> {
    row.filed.map(|filed| filed.own)
}

fn reason<'a>(row: &Row<'a>) -> Option<&'a (ExpectedOrigin, String)> {
    row.body.decision.as_ref()
}

fn last(row: &Row<'_>) -> Option<FlowYear> {
    row.body.last.map(|last| last.flow_year)
}
