//! The present regions, drawn by the share of expected bodies that filed.
//!
//! Five shades, and the share written on each region: nothing rests on the colour alone.

use std::sync::LazyLock;

use crate::domain::codes::CodeLists;
use crate::domain::collectivity::HORS;
use crate::domain::follow_up::Group;
use crate::domain::scope::region_name;

/// The outlines that `make assets` takes out of the design system's charts.
const OUTLINES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/build/map/regions.tsv"));

/// A region as it is drawn.
struct Outline {
    code: &'static str,
    transform: &'static str,
    x: &'static str,
    y: &'static str,
    path: &'static str,
}

static REGIONS: LazyLock<Vec<Outline>> = LazyLock::new(|| {
    let read = |line: &'static str| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        Outline { code: cell(), transform: cell(), x: cell(), y: cell(), path: cell() }
    };
    OUTLINES.lines().map(read).collect()
});

/// What follows no outline: a box beside the overseas regions.
const BOX: Outline =
    Outline { code: HORS, transform: "translate(850 1050)", x: "915", y: "1200", path: "M0 0h130v100h-130z" };

/// A region on the page.
pub(super) struct Shape {
    /// The list behind it.
    pub(super) address: String,
    /// Its name with what the colour says.
    pub(super) told: String,
    /// The share, written on it.
    pub(super) label: String,
    /// The class of its colour: 0 to 4, or none.
    pub(super) class: String,
    pub(super) transform: &'static str,
    pub(super) x: &'static str,
    pub(super) y: &'static str,
    pub(super) path: &'static str,
}

/// The bounds of the classes, as the legend tells them.
pub(super) const LEGEND: [(&str, &str); 6] = [
    ("0", "moins de 20\u{a0}%"),
    ("1", "de 20 à 39\u{a0}%"),
    ("2", "de 40 à 59\u{a0}%"),
    ("3", "de 60 à 79\u{a0}%"),
    ("4", "80\u{a0}% et plus"),
    ("aucune", "aucune collectivité attendue"),
];

/// Every region, whether any of its bodies is expected or not.
pub(super) fn shapes(groups: &[Group], codes: &CodeLists, base: &str) -> Vec<Shape> {
    let shape = |outline: &Outline| {
        let group = groups.iter().find(|group| group.code == outline.code);
        let rate = group.and_then(|group| group.tally.rate());
        let name = region_name(outline.code, codes);
        let told = match (group, rate) {
            (Some(group), Some(rate)) => {
                format!("{name}\u{a0}: {rate}\u{a0}% ({} sur {})", group.tally.filed(), group.tally.expected)
            }
            _ => format!("{name}\u{a0}: aucune collectivité attendue"),
        };
        Shape {
            address: format!("{base}?region={}", outline.code),
            told,
            label: rate.map_or_else(|| "–".to_owned(), |rate| format!("{rate}\u{a0}%")),
            class: rate.map_or_else(|| "aucune".to_owned(), |rate| (rate / 20).min(4).to_string()),
            transform: outline.transform,
            x: outline.x,
            y: outline.y,
            path: outline.path,
        }
    };
    REGIONS.iter().chain([&BOX]).map(shape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_present_region_is_drawn_once() {
        let codes = CodeLists::embedded().unwrap();
        let present =
            codes.regions().iter().filter(|region| region.successor.is_none() && region.years.contains(2025));
        let mut expected: Vec<&str> = present.map(|region| &*region.code).collect();
        expected.sort_unstable();
        let mut drawn: Vec<&str> = REGIONS.iter().chain([&BOX]).map(|outline| outline.code).collect();
        drawn.sort_unstable();
        assert_eq!(drawn, expected);
        assert!(REGIONS.iter().all(|outline| outline.path.len() > 20 && outline.x.parse::<u16>().is_ok()));
    }
}
