//! The territory that is looked at: everything, or one region (rule 10).

use crate::domain::codes::CodeLists;
use crate::domain::collectivity::HORS;

/// The territory that a report tells of or that a role follows (rule 10).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Every region and `HORS`.
    National,
    /// The bodies attached to one region, its former regions included.
    Region(String),
}

impl Scope {
    /// Whether a body attached to `region` belongs to the scope.
    #[must_use]
    pub fn holds(&self, region: &str, codes: &CodeLists) -> bool {
        match self {
            Self::National => true,
            Self::Region(own) => {
                let successor = || codes.regions().latest(region).and_then(|row| row.successor.as_deref());
                own == region || successor() == Some(own.as_str())
            }
        }
    }

    /// The French name.
    #[must_use]
    pub fn name(&self, codes: &CodeLists) -> String {
        match self {
            Self::National => "France entière".to_owned(),
            Self::Region(code) => region_name(code, codes),
        }
    }

    /// The word of machine formats.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::National => "national",
            Self::Region(code) => code,
        }
    }
}

/// The French name of a region, or its code.
#[must_use]
pub fn region_name(code: &str, codes: &CodeLists) -> String {
    match codes.regions().latest(code) {
        Some(_) if code == HORS => "Hors région".to_owned(),
        Some(region) => region.name_fr.to_string(),
        None => code.to_owned(),
    }
}

/// The code of a département with its French name, where that is known.
#[must_use]
pub fn departement_name(code: &str, codes: &CodeLists) -> Option<String> {
    let own = codes.regional_siren().iter().filter(|row| &*row.kind == "departement");
    own.filter(|row| &*row.insee_code == code).map(|row| format!("{code} {}", row.name_fr)).next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_present_region_holds_its_former_ones() {
        let codes = CodeLists::embedded().unwrap();
        let east = Scope::Region("44".to_owned());
        assert!(east.holds("44", &codes) && east.holds("42", &codes) && !east.holds("11", &codes));
        assert!(Scope::National.holds(HORS, &codes));
        assert_eq!(Scope::Region("11".to_owned()).name(&codes), "Île-de-France");
    }
}
