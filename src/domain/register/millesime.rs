//! What a new millésime changes: bodies appear, disappear and change, from its
//! year on. Nothing is deleted, no past year changes, and what a person
//! decided (a region, associated regions, an end) stands.

use std::collections::BTreeSet;

use crate::domain::collectivity::CollectivityKind;
use crate::domain::day::Day;

use super::body::{Association, Attributes, Body, Cause, Reason, Source, placeholder};
use super::ledger::Ledger;
use super::patch::Patch;
use super::summary::Summary;
use super::territory::{Listed, Listing};

/// Fewer disappearances than this are never suspect.
const FEW: u64 = 100;
/// Names shown in a notice.
const SHOWN: usize = 5;

/// Why a millésime is not taken; `Display` says it in French.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MillesimeError {
    /// An older millésime than what is held.
    #[error(
        "le registre est déjà au millésime {held}\u{a0}: le millésime {given}, plus ancien, \
         changerait le passé\u{a0}; importez {held} ou un millésime suivant"
    )]
    Older {
        /// Held.
        held: u16,
        /// Given.
        given: u16,
    },
    /// So many bodies are missing that the files cannot be whole.
    #[error(
        "{missing} organismes sur {held} disparaîtraient d’un coup\u{a0}: le paquet semble incomplet, \
         vérifiez-le et recommencez"
    )]
    Incomplete {
        /// Bodies that the files lack.
        missing: u64,
        /// Bodies of the register that last.
        held: u64,
    },
}

/// Takes a millésime into the register.
///
/// # Errors
/// When it is older than what is held, or lacks a tenth of it.
pub fn absorb(ledger: &mut Ledger, listing: Listing, millesime: u16) -> Result<Summary, MillesimeError> {
    let of_package = || ledger.bodies().filter(|body| body.source == Source::Package);
    let held = of_package().map(|body| body.millesime).max();
    if let Some(held) = held.filter(|held| *held > millesime) {
        return Err(MillesimeError::Older { held, given: millesime });
    }
    let open: BTreeSet<String> =
        of_package().filter(|body| body.exists_until.is_none()).map(|body| body.id.clone()).collect();
    let mut absorption = Absorption {
        millesime,
        held: kinds(of_package()),
        summary: Summary::default(),
        seen: BTreeSet::new(),
        contradicted: vec![],
    };
    for listed in listing.bodies.into_values() {
        absorption.take(ledger, listed);
    }
    absorption.close(ledger, &open)?;
    for succession in listing.successions {
        let same = |held: &super::Succession| {
            (held.predecessor, held.successor) == (succession.predecessor, succession.successor)
        };
        if !ledger.successions().iter().any(same) {
            ledger.succeed(succession);
        }
    }
    if held.is_some_and(|held| held < millesime) {
        ledger.confirm(millesime);
    }
    Ok(absorption.report())
}

struct Absorption {
    millesime: u16,
    /// Kinds that earlier millésimes had. The first to have a kind tells
    /// nothing of when its bodies began.
    held: BTreeSet<CollectivityKind>,
    summary: Summary,
    seen: BTreeSet<String>,
    /// Bodies that the register says ended and the millésime lists.
    contradicted: Vec<String>,
}

impl Absorption {
    fn first_day(&self) -> Day {
        Day::first_of(self.millesime)
    }

    fn take(&mut self, ledger: &mut Ledger, listed: Listed) {
        let Some(attributes) = listed.body.current().map(|state| state.attributes.clone()) else { return };
        let kinds = self.summary.kinds.entry(attributes.kind).or_default();
        *kinds = kinds.saturating_add(1);
        self.summary.incomplete += u64::from(listed.body.siren.is_none());
        let id = self.key(ledger, &listed.body, &attributes);
        self.seen.insert(id.clone());
        if ledger.get(&id).is_none() {
            self.create(ledger, listed);
        } else if self.update(ledger, &id, attributes, listed) {
            self.summary.changed += 1;
        } else {
            self.summary.unchanged += 1;
        }
    }

    /// The key under which the register holds the body. A body without SIREN
    /// may have been given one since, by a person or by this millésime.
    fn key(&mut self, ledger: &mut Ledger, body: &Body, attributes: &Attributes) -> String {
        let placeholder = placeholder(attributes.kind, &attributes.code);
        let held = ledger.get(&placeholder).map(|held| held.source);
        match (body.siren, held) {
            (None, Some(Source::Replaced(siren))) => siren.to_string(),
            (Some(siren), Some(Source::Package | Source::Csv)) if ledger.get(&body.id).is_none() => {
                ledger.complete(&placeholder, siren);
                self.seen.insert(placeholder);
                body.id.clone()
            }
            _ => body.id.clone(),
        }
    }

    fn create(&mut self, ledger: &mut Ledger, listed: Listed) {
        let mut body = listed.body;
        let is_known = body.current().is_some_and(|state| self.held.contains(&state.attributes.kind));
        if is_known && body.exists_from.is_none() && body.exists_until.is_none() {
            body.exists_from = Some(self.first_day());
        }
        ledger.insert(body, listed.postcodes);
        self.summary.created += 1;
    }

    fn update(&mut self, ledger: &mut Ledger, id: &str, mut attributes: Attributes, listed: Listed) -> bool {
        let Some(held) = ledger.get(id) else { return false };
        let source = held.source;
        let (from, until) =
            (held.exists_from.or(listed.body.exists_from), held.exists_until.or(listed.body.exists_until));
        let mut is_new = ledger.set_existence(id, from, until);
        if source == Source::Csv {
            ledger.set_source(id, Source::Package, self.millesime);
            is_new = true;
        }
        if until.is_some_and(|until| until < self.first_day()) {
            if listed.body.exists_until.is_none() {
                self.contradicted.extend(ledger.get(id).map(Body::named));
            }
            return is_new;
        }
        ledger.set_postcodes(id, listed.postcodes);
        let Some(held) = ledger.get(id) else { return is_new };
        if let Some(state) = held.at(self.millesime).filter(|_| held.is_decided(Cause::Attachment)) {
            attributes.region.clone_from(&state.attributes.region);
        }
        let region = attributes.region.clone();
        is_new |=
            ledger.amend(id, self.millesime, &Patch::all(attributes), &Reason::millesime(self.millesime));
        is_new | self.associate(ledger, id, &region, &listed.regions)
    }

    /// The regions of a grouping beside its own.
    fn associate(&self, ledger: &mut Ledger, id: &str, region: &str, regions: &[String]) -> bool {
        let Some(held) = ledger.get(id).filter(|held| !held.is_decided(Cause::Association)) else {
            return false;
        };
        let held: BTreeSet<String> =
            held.associated_in(self.millesime).into_iter().map(str::to_owned).collect();
        let wanted: BTreeSet<String> = regions.iter().filter(|other| *other != region).cloned().collect();
        let mut is_new = false;
        for gone in held.difference(&wanted) {
            is_new |= ledger.dissociate(id, gone, self.millesime.saturating_sub(1));
        }
        for region in wanted.difference(&held) {
            let association =
                Association { region: region.clone(), from_year: self.millesime, to_year: None };
            is_new |= ledger.associate(id, association);
        }
        is_new
    }

    /// Closes what lasted and is listed no more.
    fn close(&mut self, ledger: &mut Ledger, open: &BTreeSet<String>) -> Result<(), MillesimeError> {
        let gone: Vec<&String> = open.difference(&self.seen).collect();
        let (missing, held) = (as_u64(gone.len()), as_u64(open.len()));
        if missing > FEW && missing.saturating_mul(10) > held {
            return Err(MillesimeError::Incomplete { missing, held });
        }
        let last = self.first_day().previous();
        let (mut orphans, mut unborn) = (vec![], vec![]);
        for id in gone {
            let Some(body) = ledger.get(id) else { continue };
            let (from, named) = (body.exists_from, body.named());
            if from.is_some_and(|from| from > last) {
                unborn.push(named);
                continue;
            }
            let has_heir = ledger.successions().iter().any(|edge| edge.predecessor.as_str() == id.as_str());
            if !has_heir {
                orphans.push(named);
            }
            ledger.set_existence(id, from, Some(last));
            self.summary.closed += 1;
        }
        self.notice(
            &orphans,
            "disparu(s) sans fusion ni scission enregistrée\u{a0}: si d’autres leur succèdent, dites-le par un fichier CSV",
        );
        self.notice(
            &unborn,
            "apparu(s) avec ce millésime et absent(s) de ce paquet\u{a0}: laissé(s) ouvert(s), une ligne «\u{a0}fin\u{a0}» peut les clore",
        );
        Ok(())
    }

    fn notice(&mut self, names: &[String], what: &str) {
        if names.is_empty() {
            return;
        }
        let mut shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
        if names.len() > SHOWN {
            shown.push("…");
        }
        self.summary.notices.push(format!("{} organisme(s) {what} ({})", names.len(), shown.join(", ")));
    }

    fn report(mut self) -> Summary {
        let contradicted = std::mem::take(&mut self.contradicted);
        self.notice(
            &contradicted,
            "listé(s) par ce millésime alors que le registre les dit disparus\u{a0}: laissé(s) tel(s) quel(s)",
        );
        self.summary
    }
}

fn kinds<'a>(bodies: impl Iterator<Item = &'a Body>) -> BTreeSet<CollectivityKind> {
    bodies.filter_map(Body::current).map(|state| state.attributes.kind).collect()
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::collectivity::HORS;
    use crate::domain::register::State;

    fn listing(numbers: std::ops::Range<u32>, millesime: u16) -> Listing {
        let listed = |number: u32| {
            let attributes = Attributes {
                kind: CollectivityKind::Commune,
                code: number.to_string(),
                name: format!("Commune fictive {number}"),
                departement: None,
                region: HORS.to_owned(),
                population: Some(number),
            };
            let id = placeholder(CollectivityKind::Commune, &attributes.code);
            let reason = Reason::millesime(millesime);
            let body = Body {
                id: id.clone(),
                siren: None,
                exists_from: None,
                exists_until: None,
                millesime,
                source: Source::Package,
                states: vec![State { from_year: 0, revision: 1, attributes, reason }],
                associations: vec![],
            };
            (id, Listed { body, regions: vec![], postcodes: vec![] })
        };
        Listing { bodies: numbers.map(listed).collect(), successions: vec![] }
    }

    fn held(numbers: std::ops::Range<u32>) -> Ledger {
        let mut ledger = Ledger::default();
        absorb(&mut ledger, listing(numbers, 2025), 2025).unwrap();
        ledger
    }

    #[test]
    fn a_package_that_lacks_a_tenth_is_not_whole() {
        let mut ledger = held(0..2_000);
        let error = absorb(&mut ledger, listing(201..2_000, 2026), 2026).unwrap_err();
        assert_eq!(error, MillesimeError::Incomplete { missing: 201, held: 2_000 });
        let summary = absorb(&mut held(0..2_000), listing(200..2_000, 2026), 2026).unwrap();
        assert_eq!(summary.closed, 200, "a tenth may disappear");
        let summary = absorb(&mut held(0..110), listing(100..110, 2026), 2026).unwrap();
        assert_eq!(summary.closed, 100, "a few may, of a few");
    }

    #[test]
    fn what_came_and_went_within_a_year_is_left_to_a_person() {
        let mut ledger = held(0..5);
        absorb(&mut ledger, listing(0..6, 2026), 2026).unwrap();
        let summary = absorb(&mut ledger, listing(0..5, 2026), 2026).unwrap();
        assert_eq!((summary.closed, summary.notices.len()), (0, 1), "{summary:?}");
        assert!(summary.notices[0].contains("Commune fictive 5"), "{summary:?}");
    }

    #[test]
    fn what_is_said_to_have_ended_is_not_begun_again() {
        let mut ledger = held(0..2);
        ledger.set_existence("commune:1", None, Some(Day::last_of(2024)));
        let summary = absorb(&mut ledger, listing(0..2, 2026), 2026).unwrap();
        assert!(summary.notices[0].contains("disparus"), "{summary:?}");
        assert_eq!(ledger.get("commune:1").unwrap().exists_until, Some(Day::last_of(2024)));
    }
}
