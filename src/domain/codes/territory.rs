//! Facts about the declaring side that the register lacks: published categories, regions, their SIREN.

use super::{Years, dated::Row};

/// Category of collectivities in which the ministry publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectivityCategory {
    /// Code.
    pub code: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// Kinds of collectivities, as codes.
    pub kinds: Vec<Box<str>>,
    /// Least population, inhabitants.
    pub population_min: Option<u32>,
    /// Greatest population, inhabitants.
    pub population_max: Option<u32>,
    /// Place in the publication.
    pub order: u16,
}

impl CollectivityCategory {
    /// Whether a kind with a population is in the category. An unknown population counts as small: the
    /// bodies without one are very small communes.
    #[must_use]
    pub fn takes(&self, kind: &str, population: Option<u32>) -> bool {
        let inhabitants = population.unwrap_or(0);
        self.kinds.iter().any(|own| **own == *kind)
            && self.population_min.is_none_or(|least| least <= inhabitants)
            && self.population_max.is_none_or(|greatest| inhabitants <= greatest)
    }
}

/// A region, present or former; `HORS` gathers what belongs to none (rule 10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// INSEE code, or `HORS`.
    pub code: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// Flow years in which the region exists.
    pub years: Years,
    /// Present region that holds a former one.
    pub successor: Option<Box<str>>,
}

impl Row for Region {
    fn key(&self) -> &str {
        &self.code
    }
    fn years(&self) -> Years {
        self.years
    }
}

/// SIREN of a région, a département or a single territorial collectivity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionalSiren {
    /// SIREN, nine digits.
    pub siren: Box<str>,
    /// Kind, as a code.
    pub kind: Box<str>,
    /// INSEE code.
    pub insee_code: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// Codes of the départements it covers.
    pub departements: Vec<Box<str>>,
    /// Code of its present region.
    pub region: Box<str>,
    /// Flow years in which the body exists.
    pub years: Years,
}

impl Row for RegionalSiren {
    fn key(&self) -> &str {
        &self.siren
    }
    fn years(&self) -> Years {
        self.years
    }
}
