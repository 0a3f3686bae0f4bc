//! Local authorities and their groupings (collectivités), as the register holds them.

use std::fmt;
use std::str::FromStr;

use crate::domain::day::Day;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

/// The kinds of bodies that declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CollectivityKind {
    /// Région.
    Region,
    /// Département.
    Departement,
    /// Commune.
    Commune,
    /// Communauté de communes.
    Cc,
    /// Communauté d’agglomération.
    Ca,
    /// Communauté urbaine.
    Cu,
    /// Métropole.
    Metropole,
    /// Établissement public territorial.
    Ept,
    /// Syndicat, mixte or not.
    Syndicat,
    /// Collectivité territoriale unique.
    Ctu,
    /// Collectivité d’outre-mer.
    Com,
    /// Any other body.
    Other,
}

/// A text that names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{0}\u{a0}» n’est pas une sorte de collectivité\u{a0}: {allowed}", allowed = allowed_kinds())]
pub struct KindError(String);

fn allowed_kinds() -> String {
    CollectivityKind::ALL.map(CollectivityKind::code).join(", ")
}

impl CollectivityKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Region,
        Self::Departement,
        Self::Commune,
        Self::Cc,
        Self::Ca,
        Self::Cu,
        Self::Metropole,
        Self::Ept,
        Self::Syndicat,
        Self::Ctu,
        Self::Com,
        Self::Other,
    ];

    /// The stable word, in files, JSON, the database and `categories.csv`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Departement => "departement",
            Self::Commune => "commune",
            Self::Cc => "cc",
            Self::Ca => "ca",
            Self::Cu => "cu",
            Self::Metropole => "metropole",
            Self::Ept => "ept",
            Self::Syndicat => "syndicat",
            Self::Ctu => "ctu",
            Self::Com => "com",
            Self::Other => "autre",
        }
    }

    /// The French name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Region => "région",
            Self::Departement => "département",
            Self::Commune => "commune",
            Self::Cc => "communauté de communes",
            Self::Ca => "communauté d’agglomération",
            Self::Cu => "communauté urbaine",
            Self::Metropole => "métropole",
            Self::Ept => "établissement public territorial",
            Self::Syndicat => "syndicat",
            Self::Ctu => "collectivité territoriale unique",
            Self::Com => "collectivité d’outre-mer",
            Self::Other => "autre groupement",
        }
    }
}

impl fmt::Display for CollectivityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

impl FromStr for CollectivityKind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Self, KindError> {
        let folded = crate::domain::text::fold(text);
        let named = |kind: &Self| {
            crate::domain::text::fold(kind.code()) == folded
                || crate::domain::text::fold(kind.label()) == folded
        };
        Self::ALL.into_iter().find(named).ok_or_else(|| KindError(crate::domain::text::excerpt(text, 40)))
    }
}

/// The region that follows what no region does: COM and unattached bodies (rule 10).
pub const HORS: &str = "HORS";

/// A body of the register, as it is in one flow year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collectivity {
    /// The SIREN, or `kind:code` while the SIREN is not known ("à compléter").
    pub id: String,
    /// The SIREN; a body without one cannot declare.
    pub siren: Option<Siren>,
    /// What it is.
    pub kind: CollectivityKind,
    /// INSEE code, or SIREN for groupings.
    pub code: String,
    /// Name as the register publishes it: that of a grouping may begin with its kind.
    pub name: String,
    /// INSEE code of its département.
    pub departement: Option<String>,
    /// Region of attachment, or [`HORS`] (rule 10).
    pub region: String,
    /// Population.
    pub population: Option<u32>,
    /// First day of existence, where known.
    pub exists_from: Option<Day>,
    /// Last day of existence, inclusive, where it ended.
    pub exists_until: Option<Day>,
}

impl Collectivity {
    /// Whether it existed from the first day of one flow year to the last of another.
    #[must_use]
    pub fn lasted(&self, first: FlowYear, last: FlowYear) -> bool {
        self.exists_from.is_none_or(|from| from <= first.first_day())
            && self.exists_until.is_none_or(|until| until >= last.last_day())
    }

    /// Whether it existed on at least one day between `first` and `last`.
    #[must_use]
    pub fn existed_between(&self, first: Day, last: Day) -> bool {
        self.exists_from.is_none_or(|from| from <= last)
            && self.exists_until.is_none_or(|until| until >= first)
    }
}
