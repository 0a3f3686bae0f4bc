//! The declaring side: categories that part the kinds, regions, and their SIREN.

use super::super::{
    CodeLists, Fault, FaultKind, Row,
    embedded::{CATEGORIES, REGIONAL_SIREN, REGIONS},
};

/// Kinds of collectivities, as codes.
const KINDS: [&str; 12] = [
    "region",
    "departement",
    "commune",
    "cc",
    "ca",
    "cu",
    "metropole",
    "ept",
    "syndicat",
    "ctu",
    "com",
    "autre",
];

/// The region of what belongs to none.
const NO_REGION: &str = "HORS";

pub(super) fn check(lists: &CodeLists, faults: &mut Vec<Fault>) {
    for kind in KINDS {
        for population in [None, Some(0), Some(100_000), Some(100_001), Some(u32::MAX)] {
            let categories =
                lists.categories.iter().filter(|category| category.takes(kind, population)).count();
            if categories != 1 {
                let message = format!("{categories} catégories pour {population:?} habitants au lieu d’une");
                faults.push(Fault::new(CATEGORIES, kind, FaultKind::Category, message));
            }
        }
    }
    for category in &lists.categories {
        for kind in category.kinds.iter().filter(|kind| !KINDS.contains(&&***kind)) {
            let message = format!("«\u{a0}{kind}\u{a0}» n’est pas un type de collectivité");
            faults.push(Fault::new(CATEGORIES, &*category.code, FaultKind::Orphan, message));
        }
    }
    regions(lists, faults);
    sirens(lists, faults);
}

fn regions(lists: &CodeLists, faults: &mut Vec<Fault>) {
    if lists.regions.latest(NO_REGION).is_none() {
        faults.push(Fault::new(REGIONS, NO_REGION, FaultKind::Orphan, "la région hors région manque"));
    }
    for region in &lists.regions {
        let open =
            region.successor.as_deref().map(|code| lists.regions.latest(code).map(|row| row.years.last));
        let message = match (region.years.last, open) {
            (Some(_), None) => "une région disparue a besoin d’une région actuelle",
            (Some(_), Some(Some(Some(_)))) => "la région qui succède a elle-même disparu",
            (None, Some(_)) => "une région actuelle n’a pas de successeur",
            _ => continue,
        };
        faults.push(Fault::new(REGIONS, region.key(), FaultKind::Dates, message));
    }
}

fn sirens(lists: &CodeLists, faults: &mut Vec<Fault>) {
    for body in &lists.regional_siren {
        if !luhn(&body.siren) {
            let message = "le SIREN n’a pas 9 chiffres ou sa clé est fausse";
            faults.push(Fault::new(REGIONAL_SIREN, body.key(), FaultKind::Siren, message));
        }
        let region = lists.regions.latest(&body.region).filter(|region| region.years.last.is_none());
        if region.is_none() || !KINDS.contains(&&*body.kind) {
            let message = "la région n’est pas une région actuelle, ou le type est inconnu";
            faults.push(Fault::new(REGIONAL_SIREN, body.key(), FaultKind::Orphan, message));
        }
    }
}

/// Nine digits whose Luhn sum is a multiple of ten.
fn luhn(siren: &str) -> bool {
    let digits: Option<Vec<u32>> = siren.chars().map(|character| character.to_digit(10)).collect();
    digits.is_some_and(|digits| {
        let sum: u32 = digits
            .iter()
            .rev()
            .enumerate()
            .map(|(rank, digit)| if rank % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 })
            .sum();
        digits.len() == 9 && sum.is_multiple_of(10)
    })
}
