//! The components of an observation, as `reports/ocde-sdmx` defines them.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::codes::{CodeLists, RecipientKind};
use crate::reports::{ReportError, Result};

const COMPONENTS: &str = include_str!("../../../reports/ocde-sdmx/components.csv");
const RECIPIENTS: &str = include_str!("../../../reports/ocde-sdmx/recipients.csv");

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Role {
    /// Part of the key of an observation.
    #[serde(rename = "dimension")]
    Dimension,
    /// The value.
    #[serde(rename = "mesure")]
    Measure,
    /// What is said of the value.
    #[serde(rename = "attribut")]
    Attribute,
}

/// A component of an observation.
#[derive(Debug, Clone, Deserialize)]
pub struct Component {
    /// Its identifier in the structure.
    #[serde(rename = "composant")]
    pub id: String,
    /// What it is.
    pub role: Role,
    /// The same value in every observation, where there is one.
    #[serde(rename = "valeur")]
    pub constant: String,
}

type Defined<T> = LazyLock<std::result::Result<T, String>>;

fn read<T: for<'de> Deserialize<'de>>(text: &str) -> std::result::Result<Vec<T>, String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    reader.deserialize().collect::<std::result::Result<_, _>>().map_err(|error| error.to_string())
}

fn defined<T>(found: &'static Defined<T>) -> Result<&'static T> {
    let failed = |error: &String| ReportError::Io(std::io::Error::other(error.as_str()));
    LazyLock::force(found).as_ref().map_err(failed)
}

/// Every component, in order.
///
/// # Errors
/// When the definition cannot be read, which a test rules out.
pub fn components() -> Result<&'static [Component]> {
    static FOUND: Defined<Vec<Component>> = LazyLock::new(|| read(COMPONENTS));
    defined(&FOUND).map(Vec::as_slice)
}

/// The code of a recipient in the OECD's list of areas: that of ISO 3166 for most countries. One that has none there any
/// more keeps that of the DAC.
///
/// # Errors
/// When the definition cannot be read, which a test rules out.
pub fn recipient<'a>(code: &'a str, codes: &'a CodeLists, year: u16) -> Result<&'a str> {
    static FOUND: Defined<HashMap<String, String>> =
        LazyLock::new(|| read(RECIPIENTS).map(|rows: Vec<(String, String)>| rows.into_iter().collect()));
    if let Some(own) = defined(&FOUND)?.get(code) {
        return Ok(own);
    }
    let row = codes.recipients().nearest(code, year).filter(|row| row.kind == RecipientKind::Country);
    Ok(row.and_then(|row| row.iso3.as_deref()).unwrap_or(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_that_of_the_structure() {
        let keys: Vec<&str> = components()
            .unwrap()
            .iter()
            .filter(|component| component.role == Role::Dimension)
            .map(|component| component.id.as_str())
            .collect();
        assert_eq!(
            keys.join("."),
            "DONOR.RECIPIENT.SECTOR.MEASURE.CHANNEL.MODALITY.FLOW_TYPE.PRICE_BASE.MD_DIM.MD_ID.UNIT_MEASURE.\
             TIME_PERIOD"
        );
    }

    #[test]
    fn every_recipient_has_an_area() {
        let codes = CodeLists::embedded().unwrap();
        let of = |code: &'static str| recipient(code, &codes, 2016).unwrap();
        assert_eq!(
            [of("255"), of("57"), of("998"), of("298"), of("550")],
            ["MLI", "XKV", "DPGC_X", "F_X", "PSE"]
        );
        // West Indies is in no list since 2018.
        let missing: Vec<&str> = codes
            .recipients()
            .keys()
            .filter(|code| recipient(code, &codes, 2016).unwrap().bytes().all(|byte| byte.is_ascii_digit()))
            .collect();
        assert_eq!(missing, ["380"]);
    }
}
