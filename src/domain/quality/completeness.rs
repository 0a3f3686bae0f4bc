//! How complete what was declared for a year is, and through which channels it went: what the ministry looks at
//! before it sends the figures on.

use std::collections::BTreeMap;

use crate::domain::codes::CodeLists;
use crate::domain::euros::Euros;
use crate::domain::line::Line;
use crate::domain::year::FlowYear;

/// Purposes that say no more than that it is aid: sector not specified, and multisector.
const VAGUE: [&str; 2] = ["99810", "43010"];
/// The purpose of « je ne sais pas » (`config/codelists/themes.csv`).
const UNKNOWN: &str = "99810";

/// What a line may tell, or leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// At least one policy marker is given: blank is not screened.
    Markers,
    /// All of them are.
    EveryMarker,
    /// At least one Sustainable Development Goal.
    Sdg,
    /// A purpose that names a sector.
    Purpose,
    /// « Je ne sais pas » was chosen: to be asked for, the fewer the better.
    Unknown,
    /// The organisation that received the money.
    Organisation,
    /// First and last day of the project.
    Days,
    /// A description.
    Description,
}

impl Part {
    /// Every part, in the order in which it is told.
    pub const ALL: [Self; 8] = [
        Self::Markers,
        Self::EveryMarker,
        Self::Sdg,
        Self::Purpose,
        Self::Unknown,
        Self::Organisation,
        Self::Days,
        Self::Description,
    ];

    /// Its French name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Markers => "Au moins un marqueur renseigné",
            Self::EveryMarker => "Tous les marqueurs renseignés",
            Self::Sdg => "Au moins un objectif de développement durable",
            Self::Purpose => "Code-objet précis (ni 99810 ni 43010)",
            Self::Unknown => "Secteur «\u{a0}je ne sais pas\u{a0}» (99810)",
            Self::Organisation => "Organisme nommé",
            Self::Days => "Dates de début et de fin du projet",
            Self::Description => "Description renseignée",
        }
    }

    /// Whether a line tells it.
    #[must_use]
    pub fn is_told(self, line: &Line) -> bool {
        let purpose = line.purpose.as_str();
        match self {
            Self::Markers => line.markers.values().iter().any(Option::is_some),
            Self::EveryMarker => line.markers.values().iter().all(Option::is_some),
            Self::Sdg => !line.sdg.is_empty(),
            Self::Purpose => !VAGUE.contains(&purpose),
            Self::Unknown => purpose == UNKNOWN,
            Self::Organisation => line.organisation.is_some(),
            Self::Days => line.starts_on.is_some() && line.ends_on.is_some(),
            Self::Description => line.description.is_some(),
        }
    }
}

/// Lines and their own resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// How many.
    pub lines: u64,
    /// Their own resources.
    pub own: Euros,
}

impl Count {
    fn add(&mut self, own: Euros) -> Option<()> {
        self.lines = self.lines.checked_add(1)?;
        self.own = self.own.checked_add(own)?;
        Some(())
    }

    /// Its lines as a share of others', in whole percents, rounded down: 100 only where it is all of them.
    #[must_use]
    pub fn percent_of(self, all: Self) -> u64 {
        self.lines.saturating_mul(100).checked_div(all.lines).unwrap_or_default()
    }
}

/// How many lines tell what, over a year.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completeness {
    /// Every line.
    pub all: Count,
    /// Those that tell each of [`Part::ALL`].
    pub parts: [Count; Part::ALL.len()],
    /// By type of channel: the code of its group (20000 for the NGO).
    pub channels: BTreeMap<String, Count>,
}

impl Completeness {
    /// Counts a line; none where a sum leaves the range.
    #[must_use]
    pub fn add(&mut self, codes: &CodeLists, year: FlowYear, line: &Line) -> Option<()> {
        let own = line.amounts.own_resources();
        self.all.add(own)?;
        for (count, part) in self.parts.iter_mut().zip(Part::ALL) {
            if part.is_told(line) {
                count.add(own)?;
            }
        }
        let channel = codes.channels().nearest(line.channel.as_str(), year.get());
        let family =
            channel.and_then(|channel| codes.channels().nearest(channel.family.as_str(), year.get()));
        let group = family.map_or(&line.channel, |family| family.parent.as_ref().unwrap_or(&family.code));
        self.channels.entry(group.as_str().to_owned()).or_default().add(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::Field;
    use crate::domain::quality::tests::line;

    #[test]
    fn what_a_line_leaves_open_is_counted() {
        let (codes, year) = (CodeLists::embedded().unwrap(), FlowYear::new(2013).unwrap());
        let mut counted = Completeness::default();
        let told = [
            (Field::Organisation, "Association fictive"),
            (Field::StartsOn, "2013-01-01"),
            (Field::EndsOn, "2013-12-31"),
            (Field::Description, "Deux forages."),
            (Field::MarkerGender, "1"),
            (Field::MarkerEnvironment, "0"),
        ];
        let unknown = [(Field::Purpose, "99810"), (Field::MarkerGender, ""), (Field::Channel, "12000")];
        for line in [line("A-1", &told), line("A-2", &unknown), line("A-3", &[(Field::Purpose, "43010")])] {
            counted.add(&codes, year, &line).unwrap();
        }
        assert_eq!((counted.all.lines, counted.all.own.to_plain()), (3, "3000.00".to_owned()));
        let lines: Vec<u64> = counted.parts.iter().map(|count| count.lines).collect();
        assert_eq!(lines, [2, 0, 0, 1, 1, 1, 1, 1]);
        let channels: Vec<(&str, u64)> =
            counted.channels.iter().map(|(code, count)| (code.as_str(), count.lines)).collect();
        assert_eq!(channels, [("10000", 1), ("20000", 2)]);
        assert_eq!(counted.parts[0].percent_of(counted.all), 66);
        assert_eq!(counted.parts[0].percent_of(Count::default()), 0);
    }
}
