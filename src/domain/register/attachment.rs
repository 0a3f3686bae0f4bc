//! To which region a body belongs in each year (rule 10).

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::codes::{Dated, Region};
use crate::domain::collectivity::HORS;

use super::body::{ALWAYS, Association};

/// Départements of the regions that the law of 16 January 2015 merged, as they
/// were until the end of 2015 (INSEE, code officiel géographique 2015). The
/// dates and the regions that hold them now are in `regions.csv`.
const MERGED_REGIONS: [(&str, &[&str]); 16] = [
    ("21", &["08", "10", "51", "52"]),
    ("22", &["02", "60", "80"]),
    ("23", &["27", "76"]),
    ("25", &["14", "50", "61"]),
    ("26", &["21", "58", "71", "89"]),
    ("31", &["59", "62"]),
    ("41", &["54", "55", "57", "88"]),
    ("42", &["67", "68"]),
    ("43", &["25", "39", "70", "90"]),
    ("54", &["16", "17", "79", "86"]),
    ("72", &["24", "33", "40", "47", "64"]),
    ("73", &["09", "12", "31", "32", "46", "65", "81", "82"]),
    ("74", &["19", "23", "87"]),
    ("82", &["01", "07", "26", "38", "42", "69", "73", "74"]),
    ("83", &["03", "15", "43", "63"]),
    ("91", &["11", "30", "34", "48", "66"]),
];

/// A region, from a flow year on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Era {
    /// First flow year, or [`ALWAYS`].
    pub from_year: u16,
    /// Region code.
    pub region: String,
}

fn merged_region(departement: &str) -> Option<&'static str> {
    MERGED_REGIONS.iter().find(|(_, departements)| departements.contains(&departement)).map(|(code, _)| *code)
}

/// The regions of a body that is in `region`, over the years: a region that
/// ended hands on to the one that holds it now; one that began then follows
/// the one of the body's département. So that each year has a region of that year.
#[must_use]
pub fn eras(region: &str, departement: Option<&str>, regions: &Dated<Region>) -> Vec<Era> {
    let era = |from_year: u16, region: &str| Era { from_year, region: region.to_owned() };
    let Some(row) = regions.latest(region) else { return vec![era(ALWAYS, region)] };
    if let (Some(last), Some(successor)) = (row.years.last, row.successor.as_deref()) {
        return vec![era(ALWAYS, region), era(last.saturating_add(1), successor)];
    }
    let follows_others = regions.iter().any(|other| other.successor.as_deref() == Some(region));
    if let (Some(first), false) = (row.years.first, follows_others) {
        // Mayotte before 2011: a collectivity overseas, in no region.
        return vec![era(ALWAYS, HORS), era(first, region)];
    }
    let former = departement.and_then(merged_region).and_then(|code| regions.latest(code));
    match (row.years.first, former) {
        (Some(first), Some(former)) if former.successor.as_deref() == Some(region) => {
            vec![era(ALWAYS, &former.code), era(first, region)]
        }
        _ => vec![era(ALWAYS, region)],
    }
}

/// A part of a body over several regions.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// Its regions over the years; never empty.
    pub eras: &'a [Era],
    /// Inhabitants.
    pub population: u32,
}

/// The regions of a body in the years from one on: where most of its
/// inhabitants are, then the others, by inhabitants and then by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First flow year, or [`ALWAYS`].
    pub from_year: u16,
    /// Region codes; never empty.
    pub regions: Vec<String>,
}

/// The regions of a body made of parts, over the years.
#[must_use]
pub fn spans(parts: &[Part<'_>]) -> Vec<Span> {
    let years: BTreeSet<u16> = parts.iter().flat_map(|part| part.eras).map(|era| era.from_year).collect();
    let mut spans: Vec<Span> = Vec::new();
    for from_year in years {
        let here = |part: &Part<'_>| {
            let era = part.eras.iter().rfind(|era| era.from_year <= from_year)?;
            Some((era.region.clone(), part.population))
        };
        let regions = by_population(parts.iter().filter_map(here));
        if spans.last().is_none_or(|last| last.regions != regions) {
            spans.push(Span { from_year, regions });
        }
    }
    spans
}

/// Codes by the inhabitants they gather, most first, then by code.
#[must_use]
pub fn by_population(parts: impl Iterator<Item = (String, u32)>) -> Vec<String> {
    let mut totals: BTreeMap<String, u64> = BTreeMap::new();
    for (code, population) in parts {
        let total = totals.entry(code).or_default();
        *total = total.saturating_add(u64::from(population));
    }
    let mut codes: Vec<(String, u64)> = totals.into_iter().collect();
    // The sort is stable: equals stay by code.
    codes.sort_by_key(|(_, total)| std::cmp::Reverse(*total));
    codes.into_iter().map(|(code, _)| code).collect()
}

/// The regions beside the first one, each with the years in which it is there.
#[must_use]
pub fn associations(spans: &[Span]) -> Vec<Association> {
    let mut found: Vec<Association> = Vec::new();
    for (place, span) in spans.iter().enumerate() {
        let next = spans.get(place.saturating_add(1)).map(|next| next.from_year.saturating_sub(1));
        for region in span.regions.iter().skip(1) {
            let goes_on = |known: &&mut Association| {
                known.region == *region
                    && known.to_year.is_some_and(|to| to.saturating_add(1) == span.from_year)
            };
            match found.iter_mut().find(goes_on) {
                Some(known) => known.to_year = next,
                None => found.push(Association {
                    region: region.clone(),
                    from_year: span.from_year,
                    to_year: next,
                }),
            }
        }
    }
    found.sort_by(|left, right| (&left.region, left.from_year).cmp(&(&right.region, right.from_year)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::CodeLists;

    fn regions_of(departement: &str, region: &str) -> Vec<(u16, String)> {
        let codes = CodeLists::embedded().unwrap();
        eras(region, Some(departement), codes.regions())
            .into_iter()
            .map(|era| (era.from_year, era.region))
            .collect()
    }

    fn part(eras: &[Era], population: u32) -> Part<'_> {
        Part { eras, population }
    }

    fn era(from_year: u16, region: &str) -> Era {
        Era { from_year, region: region.to_owned() }
    }

    #[test]
    fn each_year_has_a_region_of_that_year() {
        let owned = |eras: &[(u16, &str)]| -> Vec<(u16, String)> {
            eras.iter().map(|(year, region)| (*year, (*region).to_owned())).collect()
        };
        assert_eq!(regions_of("67", "44"), owned(&[(0, "42"), (2016, "44")]));
        assert_eq!(regions_of("67", "42"), owned(&[(0, "42"), (2016, "44")]));
        assert_eq!(regions_of("75", "11"), owned(&[(0, "11")]));
        assert_eq!(regions_of("44", "44"), owned(&[(0, "44")]), "Loire-Atlantique is not in Grand Est");
        assert_eq!(regions_of("976", "06"), owned(&[(0, "HORS"), (2011, "06")]));
        assert_eq!(regions_of("975", "HORS"), owned(&[(0, "HORS")]));
    }

    #[test]
    fn the_merged_regions_are_those_of_the_code_list() {
        let codes = CodeLists::embedded().unwrap();
        let ended: BTreeSet<&str> = codes
            .regions()
            .iter()
            .filter(|region| region.years.last == Some(2015))
            .map(|region| &*region.code)
            .collect();
        assert_eq!(ended, MERGED_REGIONS.iter().map(|(code, _)| *code).collect());
        // Each département is in one of them, and the region that holds it now holds its SIREN's row.
        let mut seen = BTreeSet::new();
        for (code, departements) in MERGED_REGIONS {
            let successor = codes.regions().latest(code).unwrap().successor.clone().unwrap();
            for departement in departements {
                assert!(seen.insert(*departement), "{departement} twice");
                let holds = |body: &&crate::domain::codes::RegionalSiren| {
                    &*body.kind == "region" && body.departements.iter().any(|code| &**code == *departement)
                };
                let now = codes.regional_siren().iter().find(holds).unwrap();
                assert_eq!(now.region, successor, "{departement}");
            }
        }
        let of_merged = codes.regional_siren().iter().filter(|body| body.years.first == Some(2016));
        let held: usize =
            of_merged.filter(|body| &*body.kind == "region").map(|body| body.departements.len()).sum();
        assert_eq!(seen.len(), held, "every département of the merged regions");
    }

    #[test]
    fn most_inhabitants_decide_then_the_code() {
        let (south, north) = ([era(0, "73"), era(2016, "76")], [era(0, "72"), era(2016, "75")]);
        let spans = spans(&[part(&south, 22_119), part(&north, 1_839)]);
        assert_eq!(
            spans,
            [
                Span { from_year: 0, regions: vec!["73".into(), "72".into()] },
                Span { from_year: 2016, regions: vec!["76".into(), "75".into()] },
            ]
        );
        let tie = by_population([("76".to_owned(), 5), ("75".to_owned(), 5)].into_iter());
        assert_eq!(tie, ["75", "76"]);
    }

    #[test]
    fn associated_regions_have_years() {
        // Two regions until 2015, merged into one: nothing is associated since.
        let (caen, rouen) = ([era(0, "25"), era(2016, "28")], [era(0, "23"), era(2016, "28")]);
        let merged = associations(&spans(&[part(&caen, 2), part(&rouen, 1)]));
        assert_eq!(merged, [Association { region: "23".into(), from_year: 0, to_year: Some(2015) }]);
        // A region that was never merged stays associated throughout.
        let (brittany, loire) = ([era(0, "53")], [era(0, "52")]);
        let open = associations(&spans(&[part(&brittany, 2), part(&loire, 1)]));
        assert_eq!(open, [Association { region: "52".into(), from_year: 0, to_year: None }]);
        // It stays one association where the first region changes its code beside it.
        let mixed = associations(&spans(&[part(&caen, 2), part(&brittany, 1)]));
        assert_eq!(mixed, [Association { region: "53".into(), from_year: 0, to_year: None }]);
    }
}
