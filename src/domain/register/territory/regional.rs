//! Régions, départements and single territorial collectivities: their SIREN
//! come from `regional_siren.csv`, dated; the package says which there are.

use std::collections::BTreeMap;

use crate::domain::codes::RegionalSiren;
use crate::domain::collectivity::{CollectivityKind, HORS};
use crate::domain::day::Day;
use crate::domain::eligibility::DescentKind;
use crate::domain::siren::Siren;

use super::super::attachment;
use super::super::body::{ALWAYS, Attributes, Succession};
use super::super::package::Package;
use super::{Inhabitants, Listed, Reading, is_overseas};

const REGIONS: &str = "regions.json";
const DEPARTEMENTS: &str = "departements.json";

/// Adds them all to what is read.
pub(super) fn list<'a>(reading: &mut Reading<'a>, package: &'a Package) {
    let regional = Regional {
        inhabitants: Inhabitants::count(package),
        regions: package.regions.iter().map(|row| (row.code.as_str(), row.name.as_str())).collect(),
        departements: package.departements.iter().map(|row| (row.code.as_str(), row.name.as_str())).collect(),
    };
    let codes = reading.codes;
    for row in codes.regional_siren() {
        regional.with_siren(reading, row);
    }
    for region in &package.regions {
        regional.without_siren(reading, package, &region.code, &region.name);
    }
    for departement in &package.departements {
        let known = codes.regional_siren().iter().any(|row| {
            (&*row.kind == CollectivityKind::Departement.code() && *row.insee_code == *departement.code)
                || row.departements.iter().any(|code| **code == *departement.code)
        });
        if !known && !is_overseas(&departement.code) {
            let name = departement.name.clone();
            let at = Located { code: &departement.code, region: &departement.region, name };
            regional.add(reading, DEPARTEMENTS, CollectivityKind::Departement, at, None);
        }
    }
    successions(reading);
}

struct Regional<'a> {
    inhabitants: Inhabitants,
    regions: BTreeMap<&'a str, &'a str>,
    departements: BTreeMap<&'a str, &'a str>,
}

struct Located<'a> {
    code: &'a str,
    region: &'a str,
    name: String,
}

impl Regional<'_> {
    /// A row of the dated list, where the package has the territory.
    fn with_siren(&self, reading: &mut Reading<'_>, row: &RegionalSiren) {
        let Ok(kind) = row.kind.parse::<CollectivityKind>() else { return };
        let (file, name) = match kind {
            CollectivityKind::Region | CollectivityKind::Ctu => (REGIONS, self.regions.get(&*row.insee_code)),
            CollectivityKind::Departement => (DEPARTEMENTS, self.departements.get(&*row.insee_code)),
            // The Ville de Paris is the commune that communes.json has.
            _ => return,
        };
        // The package knows nothing of what ended, and not that Alsace is one
        // département: their own départements tell that it has the territory.
        let is_elsewhere = row.years.last.is_some() || row.departements.len() > 1;
        let covers_all = row.departements.iter().all(|code| self.departements.contains_key(&**code));
        let name = match name {
            Some(name) => (*name).to_owned(),
            None if is_elsewhere && covers_all => row.name_fr.to_string(),
            None => return,
        };
        // A région that ended was in itself, not in the one that holds it now.
        let is_region = reading.codes.regions().latest(&row.insee_code).is_some();
        let own = Some(&*row.insee_code).filter(|_| kind == CollectivityKind::Region && is_region);
        let region = own.unwrap_or(&row.region);
        let at = Located { code: &row.insee_code, region, name };
        self.add(reading, file, kind, at, Some(row));
    }

    /// A region of the package that the dated list does not have.
    fn without_siren(&self, reading: &mut Reading<'_>, package: &Package, code: &str, name: &str) {
        let has_row = |row: &RegionalSiren| {
            &*row.kind != CollectivityKind::Departement.code() && *row.insee_code == *code
        };
        if reading.codes.regional_siren().iter().any(has_row) {
            return;
        }
        if is_overseas(code) {
            let at = Located { code, region: HORS, name: name.to_owned() };
            return self.add(reading, REGIONS, CollectivityKind::Com, at, None);
        }
        // Mayotte is one body, with the competences of both: its département.
        let within = package.departements.iter().filter(|row| row.region == code).count();
        let departement =
            |row: &RegionalSiren| &*row.kind == CollectivityKind::Departement.code() && *row.region == *code;
        if within == 1 && reading.codes.regional_siren().iter().any(departement) {
            return;
        }
        let at = Located { code, region: code, name: name.to_owned() };
        self.add(reading, REGIONS, CollectivityKind::Region, at, None);
    }

    fn add(
        &self,
        reading: &mut Reading<'_>,
        file: &'static str,
        kind: CollectivityKind,
        at: Located<'_>,
        row: Option<&RegionalSiren>,
    ) {
        let departement = Some(at.code)
            .filter(|code| kind == CollectivityKind::Departement && self.departements.contains_key(code));
        let attributes = Attributes {
            kind,
            code: at.code.to_owned(),
            name: at.name,
            departement: departement.map(str::to_owned),
            region: String::new(),
            population: self.population(kind, at.code, row),
        };
        let eras = attachment::eras(at.region, departement, reading.codes.regions());
        let regions: Vec<(u16, String)> = eras.into_iter().map(|era| (era.from_year, era.region)).collect();
        let regions = if regions.is_empty() { vec![(ALWAYS, HORS.to_owned())] } else { regions };
        let mut body = reading.body(&attributes, &regions);
        body.exists_from = row.and_then(|row| row.years.first).map(Day::first_of);
        body.exists_until = row.and_then(|row| row.years.last).map(Day::last_of);
        let siren = row.map(|row| row.siren.to_string());
        reading.add(file, Listed { body, regions: vec![], postcodes: vec![] }, siren.as_deref());
    }

    fn population(&self, kind: CollectivityKind, code: &str, row: Option<&RegionalSiren>) -> Option<u32> {
        if row.is_some_and(|row| row.years.last.is_some()) {
            return None;
        }
        let by_departement = |code: &str| self.inhabitants.by_departement.get(code).copied();
        match (kind, row) {
            (CollectivityKind::Region | CollectivityKind::Ctu, _) => {
                self.inhabitants.by_region.get(code).copied()
            }
            (_, Some(row)) => {
                let parts: Vec<u32> =
                    row.departements.iter().filter_map(|code| by_departement(code)).collect();
                (!parts.is_empty()).then(|| parts.into_iter().fold(0, u32::saturating_add))
            }
            (_, None) => by_departement(code),
        }
        .filter(|population| *population > 0)
    }
}

/// A body that ends where another of its kind, or a single collectivity,
/// begins on its territory is merged into it.
fn successions(reading: &mut Reading<'_>) {
    let rows: Vec<&RegionalSiren> = reading.codes.regional_siren().iter().collect();
    for ended in &rows {
        let Some(last) = ended.years.last else { continue };
        let takes_over = |row: &&&RegionalSiren| {
            (row.kind == ended.kind || &*row.kind == CollectivityKind::Ctu.code())
                && row.years.first == last.checked_add(1)
                && ended.departements.iter().all(|code| row.departements.contains(code))
        };
        let Some(next) = rows.iter().find(takes_over) else { continue };
        let (Ok(predecessor), Ok(successor)) = (ended.siren.parse::<Siren>(), next.siren.parse::<Siren>())
        else {
            continue;
        };
        let bodies = &reading.listing.bodies;
        if bodies.contains_key(predecessor.as_str()) && bodies.contains_key(successor.as_str()) {
            reading.listing.successions.push(Succession {
                predecessor,
                successor,
                on: Day::last_of(last).next(),
                kind: DescentKind::Merger,
                reason: "liste datée regional_siren.csv".to_owned(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::CodeLists;
    use crate::domain::register::package::{Departement, Package, Region};
    use crate::domain::register::territory::list;

    #[test]
    fn regions_and_departements_of_the_past_come_with_their_rows() {
        let mut texts = CodeLists::embedded_texts();
        let file = "regional_siren.csv";
        // Made-up numbers.
        let rows =
            "200000206;region;42;Alsace;67|68;44;;2015\n200000305;departement;2A;Corse-du-Sud;2A;94;;2017\n";
        let text = format!("{}{rows}", texts[file]);
        texts.insert(file, &text);
        let codes = CodeLists::parse(&texts).unwrap();
        let region = |code: &str| Region { code: code.to_owned(), name: code.to_owned(), zone: None };
        let departement = |code: &str, region: &str| Departement {
            code: code.to_owned(),
            name: code.to_owned(),
            region: region.to_owned(),
            zone: None,
        };
        let grand_est = codes.regional_siren().latest("200052264").unwrap();
        let mut departements: Vec<Departement> =
            grand_est.departements.iter().map(|code| departement(code, "44")).collect();
        departements.extend([departement("2A", "94"), departement("2B", "94")]);
        let package =
            Package { regions: vec![region("44"), region("94")], departements, ..Package::default() };
        let listing = list(&package, &codes, 2026).unwrap();

        let alsace = &listing.bodies["200000206"].body;
        assert_eq!(alsace.at(2013).unwrap().attributes.region, "42");
        assert_eq!(alsace.exists_until.unwrap().to_iso(), "2015-12-31");
        let heirs: Vec<(&str, &str)> = listing
            .successions
            .iter()
            .map(|edge| (edge.predecessor.as_str(), edge.successor.as_str()))
            .collect();
        for edge in [("200000206", "200052264"), ("200000305", "200076958"), ("226700011", "200094332")] {
            assert!(heirs.contains(&edge), "{edge:?} in {heirs:?}");
        }
        assert!(
            !listing.bodies.keys().any(|id| id.contains(':')),
            "2B is in Corse: {:?}",
            listing.bodies.keys()
        );
    }
}
