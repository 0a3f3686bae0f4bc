//! The declaring side: published categories, regions, SIREN.

use super::{
    super::{
        CollectivityCategory, Region, RegionalSiren,
        embedded::{CATEGORIES, REGIONAL_SIREN, REGIONS},
    },
    NUMBER, Tables,
};

impl Tables<'_> {
    pub(in super::super) fn categories(&mut self) -> Vec<CollectivityCategory> {
        let columns = &["code", "name_fr", "kinds", "population_min", "population_max", "order"];
        self.rows(CATEGORIES, columns, |cells| {
            Ok(CollectivityCategory {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                kinds: cells.words("kinds"),
                population_min: cells.parsed_optional("population_min", NUMBER)?,
                population_max: cells.parsed_optional("population_max", NUMBER)?,
                order: cells.parsed("order", NUMBER)?,
            })
        })
    }

    pub(in super::super) fn regions(&mut self) -> Vec<Region> {
        self.rows(REGIONS, &["code", "name_fr", "first_year", "last_year", "successor"], |cells| {
            Ok(Region {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                years: cells.years()?,
                successor: cells.optional("successor"),
            })
        })
    }

    pub(in super::super) fn regional_siren(&mut self) -> Vec<RegionalSiren> {
        let columns =
            &["siren", "kind", "insee_code", "name_fr", "departements", "region", "first_year", "last_year"];
        self.rows(REGIONAL_SIREN, columns, |cells| {
            Ok(RegionalSiren {
                siren: cells.text("siren")?,
                kind: cells.text("kind")?,
                insee_code: cells.text("insee_code")?,
                name_fr: cells.text("name_fr")?,
                departements: cells.words("departements"),
                region: cells.text("region")?,
                years: cells.years()?,
            })
        })
    }
}
