//! Names that lead to one recipient, income groups year by year, a zone for each.

use std::collections::HashMap;

use super::{
    super::{
        CodeLists, Fault, FaultKind, Pattern, PatternSet, Recipient, RecipientKind, Row,
        embedded::{AID_TYPES, RECIPIENT_ALIASES, RECIPIENT_INCOME, RECIPIENT_ZONES, RECIPIENTS, ZONES},
    },
    CHECKED_YEARS,
};

pub(super) fn check(lists: &CodeLists, faults: &mut Vec<Fault>) {
    names(lists, faults);
    income(lists, faults);
    zones(lists, faults);
}

fn names(lists: &CodeLists, faults: &mut Vec<Fault>) {
    for (code, alias) in &lists.aliases {
        if lists.recipients.latest(code.as_str()).is_none() {
            let message = format!("«\u{a0}{alias}\u{a0}» désigne un code absent de {RECIPIENTS}");
            faults.push(Fault::new(RECIPIENT_ALIASES, code.as_str(), FaultKind::Orphan, message));
        }
    }
    for (name, codes) in lists.recipient_labels.ambiguous() {
        let message = format!("ce nom désigne plusieurs bénéficiaires\u{a0}: {}", codes.join(", "));
        faults.push(Fault::new(RECIPIENT_ALIASES, name, FaultKind::Label, message));
    }
    let mut by_iso: HashMap<&str, &Recipient> = HashMap::new();
    for recipient in &lists.recipients {
        for (iso, length) in [(recipient.iso2.as_deref(), 2), (recipient.iso3.as_deref(), 3)] {
            let Some(iso) = iso else { continue };
            let well_formed = iso.len() == length && iso.bytes().all(|byte| byte.is_ascii_uppercase());
            let other = by_iso.insert(iso, recipient).filter(|other| other.code != recipient.code);
            if !well_formed || other.is_some() {
                let message = format!("le code ISO «\u{a0}{iso}\u{a0}» est malformé ou déjà pris");
                faults.push(Fault::new(RECIPIENTS, recipient.key(), FaultKind::Label, message));
            }
        }
    }
}

fn income(lists: &CodeLists, faults: &mut Vec<Fault>) {
    for recipient in lists.recipients.iter().filter(|row| row.kind == RecipientKind::Country) {
        let lacking = CHECKED_YEARS.filter(|year| recipient.years.contains(*year)).find(|year| {
            let groups = lists.income.rows(recipient.key()).iter().filter(|row| row.years.contains(*year));
            groups.count() != 1
        });
        if let Some(year) = lacking {
            let message = format!("il faut un groupe de revenu, et un seul, en {year}");
            faults.push(Fault::new(RECIPIENT_INCOME, recipient.key(), FaultKind::Income, message));
        }
    }
    for row in &lists.income {
        let country =
            lists.recipients.latest(row.key()).filter(|recipient| recipient.kind == RecipientKind::Country);
        match country {
            None => {
                let message = format!("groupe de revenu d’un code qui n’est pas un pays de {RECIPIENTS}");
                faults.push(Fault::new(RECIPIENT_INCOME, row.key(), FaultKind::Orphan, message));
            }
            Some(country) if !country.years.covers(row.years) => {
                let message = format!("groupe valable {}, pays sur la liste {}", row.years, country.years);
                faults.push(Fault::new(RECIPIENT_INCOME, row.key(), FaultKind::Income, message));
            }
            Some(_) => {}
        }
    }
}

fn zones(lists: &CodeLists, faults: &mut Vec<Fault>) {
    let mut orphan = |file, key: &str, message: String| {
        faults.push(Fault::new(file, key, FaultKind::Orphan, message));
    };
    for recipient in lists.recipients.iter().filter(|row| !lists.zone_by_recipient.contains_key(row.key())) {
        orphan(RECIPIENT_ZONES, recipient.key(), "ce bénéficiaire n’a pas de zone".to_owned());
    }
    for row in &lists.recipient_zones {
        if lists.recipients.latest(row.code.as_str()).is_none() {
            orphan(RECIPIENT_ZONES, row.code.as_str(), format!("zone d’un code absent de {RECIPIENTS}"));
        }
        if !lists.zones.iter().any(|zone| zone.code == row.zone) {
            orphan(
                RECIPIENT_ZONES,
                row.code.as_str(),
                format!("la zone «\u{a0}{}\u{a0}» n’est pas dans {ZONES}", row.zone),
            );
        }
    }
    for zone in &lists.zones {
        for code in zone.aid_types.iter().flat_map(PatternSet::patterns).filter_map(Pattern::exact) {
            if lists.aid_types.latest(code).is_none() {
                orphan(
                    ZONES,
                    &zone.code,
                    format!("le type d’aide «\u{a0}{code}\u{a0}» n’est pas dans {AID_TYPES}"),
                );
            }
        }
    }
}
