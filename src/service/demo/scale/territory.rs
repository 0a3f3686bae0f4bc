//! Fictitious bodies that merge, are absorbed and split over the ten years: real
//! ones stay as they are. Their codes are of a département that does not exist.

use std::fmt::Write as _;

use crate::domain::siren::Siren;

/// Départements in which they lie, each with its region.
const PLACES: [(&str, &str); 8] = [
    ("35", "53"),
    ("01", "84"),
    ("59", "32"),
    ("13", "93"),
    ("31", "76"),
    ("44", "52"),
    ("67", "44"),
    ("33", "75"),
];
const HEADER: &str = "operation;siren;type;code;nom;departement;region;population;date;fin;vers;motif\n";
/// Communes and groupings that a year uses, in order: see [`of_year`].
const COMMUNES_A_YEAR: u16 = 10;
const GROUPINGS_A_YEAR: u16 = 3;

/// The decisions of the beginning: the bodies that are there before the first campaign.
pub fn beginning(years: impl Iterator<Item = u16>) -> String {
    let mut file = HEADER.to_owned();
    for year in years {
        let bodies = Bodies { year };
        for rank in [0, 1, 3, 4, 5, 7, 8, 9] {
            bodies.commune(rank, "", &mut file);
        }
        for rank in [0, 1] {
            bodies.grouping(rank, "", &mut file);
        }
    }
    file
}

/// The decisions that act from 1 January of a year: two communes merge, then
/// three; one is absorbed; two groupings merge, or in odd years a commune splits.
pub fn of_year(year: u16) -> String {
    let (bodies, day) = (Bodies { year }, format!("{year}-01-01"));
    let mut file = HEADER.to_owned();
    bodies.commune(2, &day, &mut file);
    bodies.commune(6, &day, &mut file);
    let mut hand_on = |operation: &str, from: Option<Siren>, into: Option<Siren>| {
        if let (Some(from), Some(into)) = (from, into) {
            let _written =
                writeln!(file, "{operation};{from};;;;;;;{day};;{into};{operation} fictive de démonstration");
        }
    };
    for (from, into) in [(0, 2), (1, 2), (3, 6), (4, 6), (5, 6)] {
        hand_on("fusion", bodies.of_commune(from), bodies.of_commune(into));
    }
    hand_on("absorption", bodies.of_commune(7), bodies.of_commune(8));
    if year.is_multiple_of(2) {
        bodies.grouping(2, &day, &mut file);
        let mut hand_on = |from| {
            if let (Some(from), Some(into)) = (bodies.of_grouping(from), bodies.of_grouping(2)) {
                let _written =
                    writeln!(file, "fusion;{from};;;;;;;{day};;{into};fusion fictive de démonstration");
            }
        };
        hand_on(0);
        hand_on(1);
    } else {
        bodies.split(&day, &mut file);
    }
    file
}

/// Whether a body is one of these.
pub fn is_fictitious(siren: Siren) -> bool {
    ["2199", "2499"].iter().any(|beginning| siren.as_str().starts_with(beginning))
}

/// The fictitious bodies of a year.
#[derive(Clone, Copy)]
struct Bodies {
    year: u16,
}

impl Bodies {
    fn number(self, rank: u16, a_year: u16) -> u16 {
        100 + (self.year % 100) * (a_year + 2) + rank
    }

    fn of_commune(self, rank: u16) -> Option<Siren> {
        with_key(&format!("21990{:03}", self.number(rank, COMMUNES_A_YEAR)))
    }

    fn of_grouping(self, rank: u16) -> Option<Siren> {
        with_key(&format!("24990{:03}", self.number(rank, GROUPINGS_A_YEAR)))
    }

    fn commune(self, rank: u16, from: &str, file: &mut String) {
        let number = self.number(rank, COMMUNES_A_YEAR);
        let (departement, region) = self.place(rank);
        let population = 300 + u32::from(number) * 7 % 2_900;
        if let Some(siren) = self.of_commune(rank) {
            let _written = writeln!(
                file,
                "creation;{siren};commune;99{number:03};Commune fictive n° {number} (démonstration);\
                 {departement};{region};{population};{from};;;démonstration"
            );
        }
    }

    fn grouping(self, rank: u16, from: &str, file: &mut String) {
        let number = self.number(rank, GROUPINGS_A_YEAR);
        let (departement, region) = self.place(rank);
        if let Some(siren) = self.of_grouping(rank) {
            let _written = writeln!(
                file,
                "creation;{siren};cc;;Communauté de communes fictive n° {number} (démonstration);\
                 {departement};{region};9000;{from};;;démonstration"
            );
        }
    }

    /// A commune leaves another one, which goes on.
    fn split(self, day: &str, file: &mut String) {
        self.commune(10, day, file);
        if let (Some(from), Some(into)) = (self.of_commune(9), self.of_commune(10)) {
            let _written =
                writeln!(file, "scission;{from};;;;;;;{day};;{into};scission fictive de démonstration");
        }
    }

    fn place(self, rank: u16) -> (&'static str, &'static str) {
        let at = usize::from(self.year + if rank < 3 { 0 } else { rank / 3 });
        PLACES.get(at % PLACES.len()).copied().unwrap_or(("35", "53"))
    }
}

/// The SIREN that begins with these eight digits.
fn with_key(digits: &str) -> Option<Siren> {
    (0..10_u8).find_map(|key| format!("{digits}{key}").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_is_its_own() {
        let mut known = std::collections::BTreeSet::new();
        for year in 2017..2027 {
            let bodies = Bodies { year };
            let communes = (0..=COMMUNES_A_YEAR).map(|rank| bodies.of_commune(rank).unwrap());
            let groupings = (0..GROUPINGS_A_YEAR).map(|rank| bodies.of_grouping(rank).unwrap());
            for siren in communes.chain(groupings) {
                assert!(is_fictitious(siren) && known.insert(siren), "{siren}");
            }
            assert!(of_year(year).lines().count() > 9);
        }
        assert!(!known.contains(&"219900016".parse().unwrap()));
        assert!(beginning(2017..2027).contains("commune;99"));
    }
}
