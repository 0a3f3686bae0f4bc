//! What a change of the register does, body by body, told before it is written.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::day::Day;
use crate::domain::eligibility::DescentKind;
use crate::domain::siren::Siren;
use crate::domain::text::thousands;

use super::body::{ALWAYS, Association, Attributes, State, Succession};
use super::changes::Changes;
use super::ledger::Ledger;

/// One thing that changes of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Key of the body.
    pub id: String,
    /// Its name, as it will be.
    pub name: String,
    /// What changes.
    pub change: Change,
}

/// What changes of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is added.
    Added(Attributes),
    /// It takes the place of a body that had no SIREN.
    Completed(Siren),
    /// Its first and last days are these.
    Exists(Option<Day>, Option<Day>),
    /// Something it is differs from a flow year on.
    Becomes {
        /// First flow year, or [`ALWAYS`].
        from_year: u16,
        /// What, in French.
        what: &'static str,
        /// As it was.
        before: String,
        /// As it will be.
        after: String,
    },
    /// It is associated to a region.
    Associated(Association),
    /// Another one follows it.
    Followed(Succession),
}

/// What changes, but for populations, which every millésime changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// By kind of change, then by key.
    pub list: Vec<Difference>,
    /// Bodies of which the population alone changes.
    pub populations: usize,
}

impl Change {
    /// The French sentence, which follows the name of the body.
    #[must_use]
    pub fn told(&self) -> String {
        let day = |day: &Option<Day>| day.map_or_else(|| "inconnu".to_owned(), Day::to_long);
        match self {
            Self::Added(attributes) => format!(
                "ajout\u{a0}: {}, code {}, région {}",
                attributes.kind.label(),
                attributes.code,
                attributes.region
            ),
            Self::Completed(siren) => format!("reçoit le SIREN {siren}"),
            Self::Exists(from, None) => format!("premier jour\u{a0}: {}", day(from)),
            Self::Exists(_, until) => format!("disparaît\u{a0}; dernier jour\u{a0}: {}", day(until)),
            Self::Becomes { from_year, what, before, after } => {
                format!(
                    "{what}\u{a0}: «\u{a0}{before}\u{a0}» devient «\u{a0}{after}\u{a0}»{}",
                    since(*from_year)
                )
            }
            Self::Associated(association) => {
                let until = association.to_year.map(|to| format!(" jusqu’à {to}")).unwrap_or_default();
                format!(
                    "région associée\u{a0}: {}{}{until}",
                    association.region,
                    since(association.from_year)
                )
            }
            Self::Followed(succession) => {
                let how = if succession.kind == DescentKind::Split { "scission" } else { "fusion" };
                format!("{how}\u{a0}: {} lui succède le {}", succession.successor, succession.on.to_long())
            }
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Added(_) => 0,
            Self::Completed(_) => 1,
            Self::Exists(..) => 2,
            Self::Followed(_) => 3,
            Self::Becomes { .. } => 4,
            Self::Associated(_) => 5,
        }
    }
}

fn since(year: u16) -> String {
    if year == ALWAYS { String::new() } else { format!(", à partir de l’exercice {year}") }
}

/// What `changes` does to what `before` holds.
#[must_use]
pub fn differences(before: &Ledger, changes: &Changes) -> Differences {
    let created: BTreeSet<&str> = changes.created.iter().map(|identity| identity.id.as_str()).collect();
    let replaced: BTreeMap<&str, Siren> =
        changes.replaced.iter().map(|(key, siren)| (key.as_str(), *siren)).collect();
    let mut latest: BTreeMap<&str, &State> = BTreeMap::new();
    for (id, state) in &changes.states {
        latest.insert(id, state);
    }
    let name = |id: &str| {
        let held = || before.get(id).map(|body| body.name().to_owned());
        latest
            .get(id)
            .map(|state| state.attributes.name.clone())
            .or_else(held)
            .unwrap_or_else(|| id.to_owned())
    };
    let mut found = Differences::default();
    let mut add = |id: &str, change: Change| {
        found.list.push(Difference { id: id.to_owned(), name: name(id), change });
    };
    for (key, siren) in &replaced {
        add(key, Change::Completed(*siren));
    }
    let completed: BTreeSet<String> = replaced.values().map(ToString::to_string).collect();
    for id in created.iter().filter(|id| !completed.contains(**id)) {
        if let Some(state) = latest.get(id) {
            add(id, Change::Added(state.attributes.clone()));
        }
    }
    for existence in &changes.existences {
        add(&existence.id, Change::Exists(existence.after.0, existence.after.1));
    }
    for succession in &changes.successions {
        add(succession.predecessor.as_str(), Change::Followed(succession.clone()));
    }
    for (id, association) in changes.associations.iter().filter(|(id, _)| !created.contains(id.as_str())) {
        add(id, Change::Associated(association.clone()));
    }
    let mut told: BTreeSet<(&str, &str, String, String)> = BTreeSet::new();
    let (mut counted, mut otherwise) = (BTreeSet::new(), BTreeSet::new());
    for (id, state) in changes.states.iter().filter(|(id, _)| !created.contains(id.as_str())) {
        let Some(held) = before.get(id).and_then(|body| body.at(state.from_year)) else { continue };
        for (what, before, after) in changed(&held.attributes, &state.attributes) {
            if what == POPULATION {
                counted.insert(id.as_str());
                if changes.confirmed.is_some() {
                    continue;
                }
            }
            otherwise.insert(id.as_str());
            // The same change, told once where it runs through several states.
            if told.insert((id, what, before.clone(), after.clone())) {
                add(id, Change::Becomes { from_year: state.from_year, what, before, after });
            }
        }
    }
    found.populations = counted.difference(&otherwise).count();
    found.list.sort_by(|one, other| (one.change.rank(), &one.id).cmp(&(other.change.rank(), &other.id)));
    found
}

const POPULATION: &str = "population";

fn changed(before: &Attributes, after: &Attributes) -> Vec<(&'static str, String, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "aucun".to_owned());
    let people =
        |count: Option<u32>| count.map_or_else(|| "inconnue".to_owned(), |count| thousands(u64::from(count)));
    let of = |attributes: &Attributes| {
        [
            ("nom", attributes.name.clone()),
            ("type", attributes.kind.label().to_owned()),
            ("code", attributes.code.clone()),
            ("département", text(&attributes.departement)),
            ("région", attributes.region.clone()),
            (POPULATION, people(attributes.population)),
        ]
    };
    let pairs = of(before).into_iter().zip(of(after));
    pairs.filter(|(one, other)| one.1 != other.1).map(|(one, other)| (one.0, one.1, other.1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::collectivity::CollectivityKind;
    use crate::domain::register::body::{Body, Cause, Reason, Source};
    use crate::domain::register::patch::Patch;

    const ID: &str = "200000172";

    fn attributes(name: &str, population: u32) -> Attributes {
        Attributes {
            kind: CollectivityKind::Cc,
            code: ID.to_owned(),
            name: name.to_owned(),
            departement: Some("67".to_owned()),
            region: "44".to_owned(),
            population: Some(population),
        }
    }

    fn body(id: &str) -> Body {
        let state = |from_year| State {
            from_year,
            revision: 1,
            attributes: attributes("Groupement fictif", 10),
            reason: Reason::millesime(2025),
        };
        Body {
            id: id.to_owned(),
            siren: id.parse().ok(),
            exists_from: None,
            exists_until: None,
            millesime: 2025,
            source: Source::Package,
            states: vec![state(ALWAYS), state(2016)],
            associations: vec![],
        }
    }

    fn told(change: impl FnOnce(&mut Ledger)) -> Differences {
        let before = Ledger::new(vec![body(ID)], vec![]);
        let mut after = before.clone();
        change(&mut after);
        differences(&before, &after.into_changes())
    }

    #[test]
    fn a_new_name_is_told_once_though_two_states_have_it() {
        let patch = Patch { name: Some("Nouveau nom".to_owned()), ..Patch::default() };
        let found = told(|ledger| {
            ledger.amend(ID, ALWAYS, &patch, &Reason::new(Cause::Amendment, "x"));
        });
        assert_eq!(found.list.len(), 1, "{found:?}");
        assert_eq!(found.list[0].name, "Nouveau nom");
        assert_eq!(
            found.list[0].change.told(),
            "nom\u{a0}: «\u{a0}Groupement fictif\u{a0}» devient «\u{a0}Nouveau nom\u{a0}»"
        );
    }

    #[test]
    fn of_a_millesime_populations_are_counted_alone() {
        let patch = Patch { population: Some(Some(12)), ..Patch::default() };
        let found = told(|ledger| {
            ledger.amend(ID, 2026, &patch, &Reason::millesime(2026));
            ledger.confirm(2026);
        });
        assert_eq!((found.list.len(), found.populations), (0, 1));
        let found = told(|ledger| {
            ledger.amend(ID, 2026, &patch, &Reason::new(Cause::Amendment, "recensement"));
        });
        assert_eq!((found.list.len(), found.populations), (1, 0), "a person who changes it sees it");
        assert!(found.list[0].change.told().ends_with("à partir de l’exercice 2026"));
    }

    #[test]
    fn what_appears_and_disappears_is_told_first() {
        let found = told(|ledger| {
            ledger.set_existence(ID, None, Some(Day::last_of(2025)));
            ledger.insert(body("200000438"), vec![]);
        });
        let sentences: Vec<String> = found.list.iter().map(|one| one.change.told()).collect();
        assert!(sentences[0].starts_with("ajout"), "{sentences:?}");
        assert!(sentences[1].starts_with("disparaît"), "{sentences:?}");
    }
}
