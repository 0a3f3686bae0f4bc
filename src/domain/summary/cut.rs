//! The cuts: their names, the classes of each, and in which class a line falls.

use std::collections::{BTreeMap, HashMap};

use crate::domain::codes::CodeLists;
use crate::domain::line::OnePercentLaw;
use crate::domain::scope::{departement_name, region_name};

use super::Payment;

/// A way to cut the whole into classes that exclude each other. The first ones tell who pays, the others for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cut {
    /// Published categories of collectivities.
    Category,
    /// Region of attachment of who pays, as it was in the flow year.
    Region,
    /// Département of who pays.
    Departement,
    /// The ministry's zones; what is spent in France is one of them.
    Zone,
    /// Country or region of the DAC list.
    Recipient,
    /// Sector, of three digits.
    Sector,
    /// Group of channels.
    Channel,
    /// Nature of the expense.
    Nature,
    /// The 1 % laws.
    Law,
}

/// The class of what was declared before the service, without lines.
pub const UNDETAILED: &str = "non_detaille";
/// The class of what has none: a body without département, a line outside the 1 % laws.
pub const NONE: &str = "aucun";

impl Cut {
    /// Every cut, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Category,
        Self::Region,
        Self::Departement,
        Self::Zone,
        Self::Recipient,
        Self::Sector,
        Self::Channel,
        Self::Nature,
        Self::Law,
    ];

    /// The cuts of lines.
    pub const OF_LINES: [Self; 6] =
        [Self::Zone, Self::Recipient, Self::Sector, Self::Channel, Self::Nature, Self::Law];

    /// Contract form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Category => "categories",
            Self::Region => "regions",
            Self::Departement => "departements",
            Self::Zone => "zones",
            Self::Recipient => "pays",
            Self::Sector => "secteurs",
            Self::Channel => "canaux",
            Self::Nature => "natures",
            Self::Law => "lois_1pct",
        }
    }

    /// French title of its table.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Category => "Par catégorie de collectivités",
            Self::Region => "Par région des contributeurs",
            Self::Departement => "Par département des contributeurs",
            Self::Zone => "Par zone géographique",
            Self::Recipient => "Par pays bénéficiaire",
            Self::Sector => "Par secteur",
            Self::Channel => "Par canal d’acheminement",
            Self::Nature => "Par nature de dépense",
            Self::Law => "Lois «\u{a0}1\u{a0}%\u{a0}»",
        }
    }

    /// French name of one of its classes, for the header of a column.
    #[must_use]
    pub const fn header(self) -> &'static str {
        match self {
            Self::Category => "Catégorie",
            Self::Region => "Région",
            Self::Departement => "Département",
            Self::Zone => "Zone",
            Self::Recipient => "Pays",
            Self::Sector => "Secteur",
            Self::Channel => "Canal",
            Self::Nature => "Nature",
            Self::Law => "Loi",
        }
    }

    /// French name of a class.
    #[must_use]
    pub fn name(self, class: &str, codes: &CodeLists, year: u16) -> String {
        let listed: Option<String> = match (self, class) {
            (_, UNDETAILED) => Some("Non détaillé (repris d’avant le service)".to_owned()),
            (Self::Departement, NONE) => Some("Sans département".to_owned()),
            (Self::Law, NONE) => Some("Hors de ces lois".to_owned()),
            (Self::Category, _) => {
                let found = codes.categories().iter().find(|row| &*row.code == class);
                found.map(|row| row.name_fr.to_string())
            }
            (Self::Region, _) => Some(region_name(class, codes)),
            (Self::Departement, _) => departement_name(class, codes),
            (Self::Zone, _) => {
                codes.zones().iter().find(|row| &*row.code == class).map(|row| row.name_fr.to_string())
            }
            (Self::Recipient, _) => {
                codes.recipients().nearest(class, year).map(|row| row.name_fr.to_string())
            }
            (Self::Sector, _) => codes.purpose_category(class).map(|row| row.name_fr.to_string()),
            (Self::Channel, _) => codes.channels().nearest(class, year).map(|row| row.name_fr.to_string()),
            (Self::Nature, _) => codes.natures().nearest(class, year).map(|row| row.name_fr.to_string()),
            (Self::Law, _) => OnePercentLaw::from_code(class).map(|law| law_name(law).to_owned()),
        };
        listed.unwrap_or_else(|| class.to_owned())
    }

    /// The place of a class where the list has an order of its own; none where the largest comes first.
    #[must_use]
    pub fn order(self, class: &str, codes: &CodeLists) -> Option<u16> {
        match self {
            Self::Category => codes.categories().iter().find(|row| &*row.code == class).map(|row| row.order),
            Self::Zone => codes.zones().iter().find(|row| &*row.code == class).map(|row| row.order),
            Self::Law => [OnePercentLaw::Water, OnePercentLaw::Waste, OnePercentLaw::Energy]
                .iter()
                .zip(0..)
                .find(|(law, _)| law.code() == class)
                .map(|(_, place)| place),
            _ => None,
        }
    }
}

const fn law_name(law: OnePercentLaw) -> &'static str {
    match law {
        OnePercentLaw::Water => "1\u{a0}% eau (loi Oudin-Santini)",
        OnePercentLaw::Waste => "1\u{a0}% déchets",
        OnePercentLaw::Energy => "1\u{a0}% énergie",
    }
}

/// The classes that lines fall in, numbered in the order in which they come: figures name them by number.
#[derive(Debug, Clone, Default)]
pub struct Index {
    classes: Vec<(Cut, Box<str>)>,
    numbers: BTreeMap<Cut, HashMap<Box<str>, usize>>,
}

impl Index {
    /// The number of a class, which is the next one when it is new.
    pub fn number(&mut self, cut: Cut, class: &str) -> usize {
        let numbers = self.numbers.entry(cut).or_default();
        if let Some(number) = numbers.get(class) {
            return *number;
        }
        let number = self.classes.len();
        numbers.insert(class.into(), number);
        self.classes.push((cut, class.into()));
        number
    }

    /// Every class with its number.
    pub fn classes(&self) -> impl Iterator<Item = (usize, Cut, &str)> {
        self.classes.iter().enumerate().map(|(number, (cut, class))| (number, *cut, &**class))
    }

    /// The classes of a payment, one a cut of lines.
    pub fn of(&mut self, payment: &Payment, codes: &CodeLists, year: u16) -> [usize; 6] {
        Cut::OF_LINES.map(|cut| self.number(cut, class(cut, payment, codes, year)))
    }

    /// The classes of what has no lines.
    pub fn undetailed(&mut self) -> [usize; 6] {
        Cut::OF_LINES.map(|cut| self.number(cut, UNDETAILED))
    }
}

/// The class of a payment in a cut of lines.
fn class<'a>(cut: Cut, payment: &'a Payment, codes: &'a CodeLists, year: u16) -> &'a str {
    match cut {
        Cut::Zone => {
            let zone = codes.line_zone(payment.recipient.as_str(), payment.aid_type.as_str());
            zone.map_or("non_ventile", |zone| &zone.code)
        }
        Cut::Recipient => payment.recipient.as_str(),
        Cut::Sector => sector(payment.purpose.as_str(), codes, year),
        Cut::Channel => channel_group(payment.channel.as_str(), codes, year),
        Cut::Nature => payment.nature.as_str(),
        Cut::Law => payment.law.map_or(NONE, OnePercentLaw::code),
        Cut::Category | Cut::Region | Cut::Departement => NONE,
    }
}

/// The widest category of a purpose: 140 for 14030, 150 for 15112.
fn sector<'a>(purpose: &'a str, codes: &'a CodeLists, year: u16) -> &'a str {
    let Some(row) = codes.purposes().nearest(purpose, year) else { return purpose };
    let Some(category) = codes.purpose_category(&row.category) else { return &row.category };
    category.parent.as_deref().unwrap_or(&category.code)
}

/// The heading above all others of a channel: 20000 for an association.
fn channel_group<'a>(channel: &'a str, codes: &'a CodeLists, year: u16) -> &'a str {
    let mut found = channel;
    while let Some(parent) = codes.channels().nearest(found, year).and_then(|row| row.parent.as_ref()) {
        found = parent.as_str();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_gathered_under_their_widest_heading() {
        let codes = CodeLists::embedded().unwrap();
        assert_eq!((sector("14030", &codes, 2013), sector("15112", &codes, 2013)), ("140", "150"));
        assert_eq!(channel_group("22000", &codes, 2013), "20000");
        assert_eq!(channel_group("47035", &codes, 2013), "20000", "ENDA is an NGO");
        assert_eq!(channel_group("90000", &codes, 2020), "90000");
    }

    #[test]
    fn every_class_has_a_french_name() {
        let codes = CodeLists::embedded().unwrap();
        for (cut, class, name) in [
            (Cut::Category, "regions", "Conseils régionaux et collectivités uniques"),
            (Cut::Region, "HORS", "Hors région"),
            (Cut::Departement, "35", "35 Ille-et-Vilaine"),
            (Cut::Departement, NONE, "Sans département"),
            (Cut::Zone, "afrique", "Afrique"),
            (Cut::Recipient, "255", "Mali"),
            (Cut::Sector, "140", "Distribution d’eau et assainissement"),
            (Cut::Nature, "refugies", "Accueil de réfugiés et de demandeurs d’asile en France"),
            (Cut::Law, "eau", "1\u{a0}% eau (loi Oudin-Santini)"),
            (Cut::Law, NONE, "Hors de ces lois"),
        ] {
            assert_eq!(cut.name(class, &codes, 2013), name);
        }
    }

    #[test]
    fn a_class_keeps_its_number() {
        let mut index = Index::default();
        let first = index.number(Cut::Zone, "afrique");
        assert_ne!(index.number(Cut::Nature, "afrique"), first);
        assert_eq!(index.number(Cut::Zone, "afrique"), first);
    }
}
