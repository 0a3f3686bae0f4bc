//! Keys unique in each year, dates in order, parents that exist.

use std::collections::HashSet;

use super::{
    super::{
        CodeLists, Declarable, Fault, FaultKind, Row,
        dated::Dated,
        embedded::{
            AID_TYPES, AREAS, CATEGORIES, CHANNELS, MARKERS, NATURES, PURPOSE_CATEGORIES, PURPOSES,
            RECIPIENT_INCOME, RECIPIENT_ZONES, RECIPIENTS, REGIONAL_SIREN, REGIONS, SDG, TRESOR_COLUMN_NAMES,
            ZONES,
        },
    },
    CHECKED_YEARS,
};

pub(super) fn check(lists: &CodeLists, faults: &mut Vec<Fault>) {
    dated(RECIPIENTS, &lists.recipients, faults);
    dated(RECIPIENT_INCOME, &lists.income, faults);
    dated(PURPOSES, &lists.purposes, faults);
    dated(CHANNELS, &lists.channels, faults);
    dated(AID_TYPES, &lists.aid_types, faults);
    dated(NATURES, &lists.natures, faults);
    dated(REGIONS, &lists.regions, faults);
    dated(REGIONAL_SIREN, &lists.regional_siren, faults);
    unique(AREAS, lists.areas.iter().map(|row| &*row.code), faults);
    unique(ZONES, lists.zones.iter().map(|row| &*row.code), faults);
    unique(RECIPIENT_ZONES, lists.recipient_zones.iter().map(|row| row.code.as_str()), faults);
    unique(PURPOSE_CATEGORIES, lists.purpose_categories.iter().map(|row| &*row.code), faults);
    unique(MARKERS, lists.markers.iter().map(|row| &*row.code), faults);
    unique(SDG, lists.sdg.iter().map(|row| &*row.code), faults);
    unique(TRESOR_COLUMN_NAMES, lists.tresor_columns.iter().map(|row| &*row.code), faults);
    unique(CATEGORIES, lists.categories.iter().map(|row| &*row.code), faults);
    declarable(PURPOSES, &lists.purposes, faults);
    declarable(CHANNELS, &lists.channels, faults);
    declarable(AID_TYPES, &lists.aid_types, faults);
    parents(lists, faults);
    headings(lists, faults);
}

fn dated<T: Row>(file: &'static str, table: &Dated<T>, faults: &mut Vec<Fault>) {
    for row in table.iter().filter(|row| row.years().is_reversed()) {
        let message = "la première année est après la dernière";
        faults.push(Fault::new(file, row.key(), FaultKind::Dates, message));
    }
    for key in table.keys() {
        for pair in table.rows(key).windows(2) {
            if let [before, after] = pair
                && before.years().overlaps(after.years())
            {
                let message =
                    format!("deux périodes se chevauchent\u{a0}: {} et {}", before.years(), after.years());
                faults.push(Fault::new(file, key, FaultKind::Overlap, message));
            }
        }
    }
}

fn unique<'a>(file: &'static str, keys: impl Iterator<Item = &'a str>, faults: &mut Vec<Fault>) {
    let mut seen = HashSet::new();
    for key in keys.filter(|key| !seen.insert(*key)) {
        faults.push(Fault::new(file, key, FaultKind::Overlap, "le code figure deux fois"));
    }
}

fn declarable<T: Declarable>(file: &'static str, table: &Dated<T>, faults: &mut Vec<Fault>) {
    for row in table {
        if let Some(years) = row.declarable()
            && (years.is_reversed() || !row.years().covers(years))
        {
            let message = format!("déclarable {years}, mais valable {}", row.years());
            faults.push(Fault::new(file, row.key(), FaultKind::Dates, message));
        }
    }
}

fn parents(lists: &CodeLists, faults: &mut Vec<Fault>) {
    let mut need = |file, key: &str, parent: Option<&str>, exists: &dyn Fn(&str) -> bool| {
        if let Some(parent) = parent.filter(|parent| !exists(parent)) {
            let message = format!("le code supérieur «\u{a0}{parent}\u{a0}» n’existe pas");
            faults.push(Fault::new(file, key, FaultKind::Parent, message));
        }
    };
    let is_area = |code: &str| lists.area(code).is_some();
    for row in &lists.recipients {
        need(RECIPIENTS, row.key(), Some(&row.area), &is_area);
    }
    for row in &lists.areas {
        need(AREAS, &row.code, row.parent.as_deref(), &is_area);
    }
    let is_category = |code: &str| lists.purpose_category(code).is_some();
    for row in &lists.purposes {
        need(PURPOSES, row.key(), Some(&row.category), &is_category);
    }
    for row in &lists.purpose_categories {
        need(PURPOSE_CATEGORIES, &row.code, row.parent.as_deref(), &is_category);
    }
    for row in &lists.channels {
        let parent = row.parent.as_ref().map(AsRef::as_ref);
        need(CHANNELS, row.key(), parent, &|code| lists.channels.latest(code).is_some());
    }
    for row in &lists.aid_types {
        let parent = row.parent.as_ref().map(AsRef::as_ref);
        need(AID_TYPES, row.key(), parent, &|code| lists.aid_types.latest(code).is_some());
    }
    for row in &lists.sdg {
        need(SDG, &row.code, row.goal.as_deref(), &|code| lists.sdg_item(code).is_some());
    }
    for row in &lists.regions {
        need(REGIONS, row.key(), row.successor.as_deref(), &|code| lists.regions.latest(code).is_some());
    }
}

/// Types of aid that have sub-codes in a year are refused in it (rule 7).
fn headings(lists: &CodeLists, faults: &mut Vec<Fault>) {
    for row in &lists.aid_types {
        let split =
            CHECKED_YEARS.filter(|year| row.years.contains(*year) && row.is_declarable(*year)).find(|year| {
                lists
                    .aid_types
                    .iter()
                    .any(|below| below.parent.as_ref() == Some(&row.code) && below.years.contains(*year))
            });
        if let Some(year) = split {
            let message = format!("déclarable en {year} alors qu’il a des subdivisions cette année-là");
            faults.push(Fault::new(AID_TYPES, row.key(), FaultKind::Heading, message));
        }
    }
}
