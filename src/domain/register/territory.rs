//! From the files of the package to the bodies of the register: what is one
//! body and what is not (`docs/adr/0005-register.md`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use crate::domain::codes::CodeLists;
use crate::domain::collectivity::{CollectivityKind, HORS};
use crate::domain::siren::Siren;
use crate::domain::text::excerpt;

use super::attachment::{self, Era, Part};
use super::body::{ALWAYS, Attributes, Body, Reason, Source, State, Succession, placeholder};
use super::package::{Commune, Grouping, Package};

mod regional;

/// What a millésime says of a body.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The body, with one state a period.
    pub body: Body,
    /// The regions of its communes, that of most inhabitants first; empty
    /// where it lies in one by law.
    pub regions: Vec<String>,
    /// What else it is found by.
    pub postcodes: Vec<String>,
}

/// Everything a millésime says.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The bodies, by key.
    pub bodies: BTreeMap<String, Listed>,
    /// The mergers that the dated list of SIREN implies.
    pub successions: Vec<Succession>,
}

/// What is wrong in a file of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFault {
    /// File.
    pub file: &'static str,
    /// Code of the row.
    pub code: String,
    /// What is wrong, in French.
    pub message: String,
}

impl fmt::Display for PackageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, code {}\u{a0}: {}", self.file, excerpt(&self.code, 20), self.message)
    }
}

/// Collectivities overseas: they are in no region.
pub(super) fn is_overseas(departement: &str) -> bool {
    ["975", "977", "978", "98"].iter().any(|beginning| departement.starts_with(beginning))
}

/// The département of a commune; before 2023 its code tells it overseas.
fn departement_of(commune: &Commune) -> Option<String> {
    let overseas = || commune.code.get(..3).filter(|code| is_overseas(code));
    commune.departement.as_deref().or_else(overseas).map(str::to_owned)
}

/// The bodies of `package`.
///
/// # Errors
/// Every row that cannot be a body: nothing is taken then.
pub fn list(package: &Package, codes: &CodeLists, millesime: u16) -> Result<Listing, Vec<PackageFault>> {
    let mut reading = Reading {
        codes,
        millesime,
        listing: Listing::default(),
        faults: vec![],
        eras: HashMap::new(),
        communes: HashMap::new(),
    };
    reading.communes(package);
    reading.groupings("epci.json", &package.groupings);
    reading.groupings("ept.json", &package.territories);
    regional::list(&mut reading, package);
    if reading.faults.is_empty() { Ok(reading.listing) } else { Err(reading.faults) }
}

/// Where a commune is.
struct Place {
    departement: String,
    /// Key of its regions over the years.
    eras: String,
}

struct Reading<'a> {
    codes: &'a CodeLists,
    millesime: u16,
    listing: Listing,
    faults: Vec<PackageFault>,
    /// Regions over the years, by département.
    eras: HashMap<String, Vec<Era>>,
    communes: HashMap<&'a str, Place>,
}

impl<'a> Reading<'a> {
    fn fault(&mut self, file: &'static str, code: &str, message: impl Into<String>) {
        self.faults.push(PackageFault { file, code: code.to_owned(), message: message.into() });
    }

    fn communes(&mut self, package: &'a Package) {
        // Before 2022 only the groupings give the SIREN of communes.
        let of_members: HashMap<&str, &str> = package
            .groupings
            .iter()
            .chain(&package.territories)
            .flat_map(|grouping| &grouping.members)
            .filter_map(|member| Some((member.code.as_str(), member.siren.as_deref()?)))
            .collect();
        for commune in package.communes.iter().filter(|commune| commune.kind == "commune-actuelle") {
            let siren = commune.siren.as_deref().or_else(|| of_members.get(commune.code.as_str()).copied());
            self.commune(commune, siren);
        }
    }

    fn commune(&mut self, commune: &'a Commune, siren: Option<&str>) {
        const FILE: &str = "communes.json";
        let Some(departement) = departement_of(commune) else {
            return self.fault(FILE, &commune.code, "le département manque");
        };
        let region = if is_overseas(&departement) { HORS } else { commune.region.as_deref().unwrap_or("") };
        if self.codes.regions().at(region, self.millesime).is_none() {
            let message = format!("«\u{a0}{}\u{a0}» n’est pas une région actuelle", excerpt(region, 20));
            return self.fault(FILE, &commune.code, message);
        }
        let key = format!("{departement}/{region}");
        let codes = self.codes;
        let eras = self
            .eras
            .entry(key.clone())
            .or_insert_with(|| attachment::eras(region, Some(&departement), codes.regions()))
            .clone();
        self.communes.insert(&commune.code, Place { departement: departement.clone(), eras: key });
        let attributes = Attributes {
            kind: CollectivityKind::Commune,
            code: commune.code.clone(),
            name: commune.name.clone(),
            departement: Some(departement),
            region: String::new(),
            population: commune.population,
        };
        let regions: Vec<(u16, String)> = eras.into_iter().map(|era| (era.from_year, era.region)).collect();
        let listed = Listed {
            body: self.body(&attributes, &regions),
            regions: vec![],
            postcodes: commune.postcodes.clone(),
        };
        self.add(FILE, listed, siren);
    }

    fn groupings(&mut self, file: &'static str, groupings: &'a [Grouping]) {
        for grouping in groupings {
            let kind = match grouping.kind.as_str() {
                "CC" => CollectivityKind::Cc,
                "CA" => CollectivityKind::Ca,
                "CU" => CollectivityKind::Cu,
                "METRO" | "MET69" | "MET75" => CollectivityKind::Metropole,
                "EPT" => CollectivityKind::Ept,
                other => {
                    let message = format!("le type «\u{a0}{}\u{a0}» n’est pas connu", excerpt(other, 20));
                    self.fault(file, &grouping.code, message);
                    continue;
                }
            };
            let listed = self.grouping(kind, grouping);
            self.add(file, listed, Some(&grouping.code));
        }
    }

    fn grouping(&self, kind: CollectivityKind, grouping: &Grouping) -> Listed {
        let mut parts: Vec<Part<'_>> = Vec::with_capacity(grouping.members.len());
        let mut departements: Vec<(String, u32)> = Vec::with_capacity(grouping.members.len());
        let mut inhabitants: u32 = 0;
        for member in &grouping.members {
            let Some(place) = self.communes.get(member.code.as_str()) else { continue };
            let population = member.population.unwrap_or(0);
            inhabitants = inhabitants.saturating_add(population);
            departements.push((place.departement.clone(), population));
            parts.extend(self.eras.get(&place.eras).map(|eras| Part { eras, population }));
        }
        let spans = attachment::spans(&parts);
        let attributes = Attributes {
            kind,
            code: grouping.code.clone(),
            name: grouping.name.clone(),
            departement: attachment::by_population(departements.into_iter()).into_iter().next(),
            region: String::new(),
            population: grouping.population.or_else(|| (inhabitants > 0).then_some(inhabitants)),
        };
        let mut regions: Vec<(u16, String)> =
            spans.iter().filter_map(|span| Some((span.from_year, span.regions.first()?.clone()))).collect();
        regions.dedup_by(|later, earlier| later.1 == earlier.1);
        if regions.is_empty() {
            regions.push((ALWAYS, HORS.to_owned()));
        }
        let body =
            Body { associations: attachment::associations(&spans), ..self.body(&attributes, &regions) };
        let regions = spans.last().map(|span| span.regions.clone()).unwrap_or_default();
        Listed { body, regions, postcodes: vec![] }
    }

    /// A body with one state a region, without a key yet.
    fn body(&self, attributes: &Attributes, regions: &[(u16, String)]) -> Body {
        let state = |(from_year, region): &(u16, String)| State {
            from_year: *from_year,
            revision: 1,
            attributes: Attributes { region: region.clone(), ..attributes.clone() },
            reason: Reason::millesime(self.millesime),
        };
        Body {
            id: placeholder(attributes.kind, &attributes.code),
            siren: None,
            exists_from: None,
            exists_until: None,
            millesime: self.millesime,
            source: Source::Package,
            states: regions.iter().map(state).collect(),
            associations: vec![],
        }
    }

    /// Adds a body under its SIREN, or as one to be completed.
    fn add(&mut self, file: &'static str, mut listed: Listed, siren: Option<&str>) {
        let code = listed.body.current().map(|state| state.attributes.code.clone()).unwrap_or_default();
        if let Some(text) = siren {
            match text.parse::<Siren>() {
                Ok(siren) => {
                    listed.body.id = siren.to_string();
                    listed.body.siren = Some(siren);
                }
                Err(error) => return self.fault(file, &code, error.to_string()),
            }
        }
        let id = listed.body.id.clone();
        if self.listing.bodies.contains_key(&id) {
            let message = format!("«\u{a0}{id}\u{a0}» désigne déjà un autre organisme");
            return self.fault(file, &code, message);
        }
        self.listing.bodies.insert(id, listed);
    }
}

/// Inhabitants by département and by region, in the communes of `package`.
struct Inhabitants {
    by_departement: BTreeMap<String, u32>,
    by_region: BTreeMap<String, u32>,
}

impl Inhabitants {
    fn count(package: &Package) -> Self {
        let mut count = Self { by_departement: BTreeMap::new(), by_region: BTreeMap::new() };
        // In the Métropole de Lyon there is no département beside it: its
        // communes are not among the inhabitants of that of the Rhône.
        let lyon: BTreeSet<&str> = package
            .groupings
            .iter()
            .filter(|grouping| grouping.kind == "MET69")
            .flat_map(|grouping| grouping.members.iter().map(|member| member.code.as_str()))
            .collect();
        for commune in package.communes.iter().filter(|commune| commune.kind == "commune-actuelle") {
            let population = commune.population.unwrap_or(0);
            if let Some(departement) =
                departement_of(commune).filter(|_| !lyon.contains(commune.code.as_str()))
            {
                let total = count.by_departement.entry(departement).or_default();
                *total = total.saturating_add(population);
            }
            if let Some(region) = commune.region.clone() {
                let total = count.by_region.entry(region).or_default();
                *total = total.saturating_add(population);
            }
        }
        count
    }
}
