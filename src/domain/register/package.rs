//! What the npm package `@etalab/decoupage-administratif` holds, as its JSON files say it.

use serde::Deserialize;

use crate::domain::text::excerpt;

/// Name under which npm knows the package.
pub const NAME: &str = "@etalab/decoupage-administratif";
/// The first millésime with the établissements publics territoriaux.
pub const FIRST_WITH_EPT: u16 = 2023;

/// The files of one version.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Version, such as `6.0.0`.
    pub version: String,
    /// SHA-256 of the files read, hexadecimal.
    pub digest: String,
    /// `communes.json`.
    pub communes: Vec<Commune>,
    /// `epci.json`.
    pub groupings: Vec<Grouping>,
    /// `ept.json`.
    pub territories: Vec<Grouping>,
    /// `departements.json`.
    pub departements: Vec<Departement>,
    /// `regions.json`.
    pub regions: Vec<Region>,
}

/// A commune, present or part of one.
#[derive(Debug, Clone, Deserialize)]
pub struct Commune {
    /// INSEE code.
    pub code: String,
    /// Name.
    #[serde(rename = "nom")]
    pub name: String,
    /// `commune-actuelle`, or a part of one.
    #[serde(rename = "type")]
    pub kind: String,
    /// INSEE code of its département.
    pub departement: Option<String>,
    /// INSEE code of its region.
    pub region: Option<String>,
    /// `metro`, `drom` or `com`.
    pub zone: Option<String>,
    /// SIREN.
    pub siren: Option<String>,
    /// Municipal population.
    pub population: Option<u32>,
    /// Postcodes.
    #[serde(rename = "codesPostaux", default)]
    pub postcodes: Vec<String>,
}

/// An EPCI or an EPT; its code is its SIREN.
#[derive(Debug, Clone, Deserialize)]
pub struct Grouping {
    /// SIREN.
    pub code: String,
    /// Name.
    #[serde(rename = "nom")]
    pub name: String,
    /// `CC`, `CA`, `CU`, `METRO`, `MET69`, `MET75` or `EPT`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Municipal population.
    #[serde(rename = "populationMunicipale")]
    pub population: Option<u32>,
    /// Its communes.
    #[serde(rename = "membres", default)]
    pub members: Vec<Member>,
}

/// A commune of a grouping.
#[derive(Debug, Clone, Deserialize)]
pub struct Member {
    /// INSEE code.
    pub code: String,
    /// SIREN.
    pub siren: Option<String>,
    /// Municipal population.
    #[serde(rename = "populationMunicipale")]
    pub population: Option<u32>,
}

/// A département.
#[derive(Debug, Clone, Deserialize)]
pub struct Departement {
    /// INSEE code.
    pub code: String,
    /// Name.
    #[serde(rename = "nom")]
    pub name: String,
    /// INSEE code of its region.
    pub region: String,
    /// `metro`, `drom` or `com`.
    pub zone: Option<String>,
}

/// A region, or a collectivity overseas.
#[derive(Debug, Clone, Deserialize)]
pub struct Region {
    /// INSEE code.
    pub code: String,
    /// Name.
    #[serde(rename = "nom")]
    pub name: String,
    /// `metro`, `drom` or `com`.
    pub zone: Option<String>,
}

/// A version of which the millésime is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "la version «\u{a0}{0}\u{a0}» du paquet n’a pas de millésime connu\u{a0}: \
     prenez une version 1.0 ou suivante, ou donnez l’année avec --millesime"
)]
pub struct VersionError(String);

/// The millésime of a version: 6.x is that of 2026, and one more each year.
/// Versions 0.x follow no rule and lack the SIREN of communes.
///
/// # Errors
/// When the text is no version, or one of which the year is not known.
pub fn millesime_of(version: &str) -> Result<u16, VersionError> {
    let error = || VersionError(excerpt(version, 20));
    let major = version.split('.').next().and_then(|major| major.parse::<u16>().ok()).ok_or_else(error)?;
    if (1..=100).contains(&major) { Ok(major.saturating_add(2020)) } else { Err(error()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_major_version_is_a_year() {
        let years: Vec<u16> =
            ["1.1.1", "2.3.1", "3.1.1", "4.1.0", "5.3.0", "6.0.0"].map(|v| millesime_of(v).unwrap()).into();
        assert_eq!(years, [2021, 2022, 2023, 2024, 2025, 2026]);
        for version in ["0.8.0", "", "v6", "latest", "65535.0.0"] {
            assert!(millesime_of(version).is_err(), "{version}");
        }
    }
}
