//! The declaring side: categories that part the kinds, regions, and their SIREN.

use super::super::{
    CodeLists, Fault, FaultKind, Row,
    embedded::{CATEGORIES, REGIONAL_SIREN, REGIONS},
};
use crate::domain::collectivity::{CollectivityKind, HORS};
use crate::domain::siren::Siren;

fn is_kind(code: &str) -> bool {
    CollectivityKind::ALL.iter().any(|kind| kind.code() == code)
}

pub(super) fn check(lists: &CodeLists, faults: &mut Vec<Fault>) {
    for kind in CollectivityKind::ALL.map(CollectivityKind::code) {
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
        for kind in category.kinds.iter().filter(|kind| !is_kind(kind)) {
            let message = format!("«\u{a0}{kind}\u{a0}» n’est pas un type de collectivité");
            faults.push(Fault::new(CATEGORIES, &*category.code, FaultKind::Orphan, message));
        }
    }
    regions(lists, faults);
    sirens(lists, faults);
}

fn regions(lists: &CodeLists, faults: &mut Vec<Fault>) {
    if lists.regions.latest(HORS).is_none() {
        faults.push(Fault::new(REGIONS, HORS, FaultKind::Orphan, "la région hors région manque"));
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
        if body.siren.parse::<Siren>().is_err() {
            let message = "le SIREN n’a pas 9 chiffres ou sa clé est fausse";
            faults.push(Fault::new(REGIONAL_SIREN, body.key(), FaultKind::Siren, message));
        }
        let region = lists.regions.latest(&body.region).filter(|region| region.years.last.is_none());
        if region.is_none() || !is_kind(&body.kind) {
            let message = "la région n’est pas une région actuelle, ou le type est inconnu";
            faults.push(Fault::new(REGIONAL_SIREN, body.key(), FaultKind::Orphan, message));
        }
    }
}
