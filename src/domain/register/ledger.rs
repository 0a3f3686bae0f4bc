//! The register while it is being changed: what was held, and what is to be written.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::day::Day;
use crate::domain::siren::Siren;
use crate::domain::text::fold;

use super::body::{Association, Attributes, Body, Reason, Source, State, Succession};
use super::changes::{Changes, Days, Existence, Identity};
use super::patch::Patch;
use super::{lineage, words};

/// Bodies and successions, with what was changed of them.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: BTreeMap<String, Entry>,
    successions: Vec<Succession>,
    /// How many of the successions were held before.
    kept_successions: usize,
    replaced: Vec<(String, Siren)>,
    confirmed: Option<u16>,
}

#[derive(Debug, Clone)]
struct Entry {
    body: Body,
    is_new: bool,
    is_changed: bool,
    /// First and last days when the ledger was opened.
    opened: Days,
    added: BTreeSet<(u16, u16)>,
    associated: BTreeSet<(String, u16)>,
    postcodes: Vec<String>,
}

impl Ledger {
    /// What is held.
    #[must_use]
    pub fn new(bodies: Vec<Body>, successions: Vec<Succession>) -> Self {
        let entry = |body: Body| (body.id.clone(), Entry::of(body, false));
        Self {
            entries: bodies.into_iter().map(entry).collect(),
            kept_successions: successions.len(),
            successions,
            ..Self::default()
        }
    }

    /// The body with this key.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Body> {
        self.entries.get(id).map(|entry| &entry.body)
    }

    /// Every body, by key.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        self.entries.values().map(|entry| &entry.body)
    }

    /// Every succession.
    #[must_use]
    pub fn successions(&self) -> &[Succession] {
        &self.successions
    }

    /// Adds a body that is not there yet, found by `postcodes` too.
    pub fn insert(&mut self, body: Body, postcodes: Vec<String>) {
        let entry = Entry { postcodes, ..Entry::of(body, true) };
        self.entries.entry(entry.body.id.clone()).or_insert(entry);
    }

    /// What a body is found by, for when its words are written again.
    pub fn set_postcodes(&mut self, id: &str, postcodes: Vec<String>) {
        if let Some(entry) = self.entries.get_mut(id) {
            entry.postcodes = postcodes;
        }
    }

    /// Sets between which days a body exists; says whether that is new.
    pub fn set_existence(&mut self, id: &str, from: Option<Day>, until: Option<Day>) -> bool {
        let Some(entry) = self.entries.get_mut(id) else { return false };
        let is_new = (entry.body.exists_from, entry.body.exists_until) != (from, until);
        (entry.body.exists_from, entry.body.exists_until) = (from, until);
        entry.is_changed |= is_new;
        is_new
    }

    /// Sets where a body comes from, and its last millésime.
    pub fn set_source(&mut self, id: &str, source: Source, millesime: u16) {
        if let Some(entry) = self.entries.get_mut(id).filter(|entry| entry.body.source != source) {
            (entry.body.source, entry.body.millesime) = (source, millesime);
            entry.is_changed = true;
        }
    }

    /// Changes what a body is from `year` on, and in the later states that
    /// have not changed it since; says whether anything is new.
    pub fn amend(&mut self, id: &str, year: u16, patch: &Patch, reason: &Reason) -> bool {
        let Some(entry) = self.entries.get_mut(id) else { return false };
        let Some(before) = entry.body.at(year).map(|state| state.attributes.clone()) else { return false };
        let later: BTreeSet<u16> =
            entry.body.states.iter().map(|state| state.from_year).filter(|from| *from > year).collect();
        let mut is_new = entry.push(year, &before, patch, reason);
        let mut patch = patch.clone();
        for from in later {
            let Some(held) = entry.body.at(from).map(|state| state.attributes.clone()) else { continue };
            patch.keep_unchanged(&before, &held);
            is_new |= entry.push(from, &held, &patch, reason);
        }
        is_new
    }

    /// Records why a body is in `year` what it was already.
    pub fn record(&mut self, id: &str, year: u16, reason: &Reason) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        if let Some(held) = entry.body.at(year).map(|state| state.attributes.clone()) {
            entry.add(year, held, reason);
        }
    }

    /// Associates a body to a region over years; says whether that is new.
    pub fn associate(&mut self, id: &str, association: Association) -> bool {
        let Some(entry) = self.entries.get_mut(id) else { return false };
        let key = (association.region.clone(), association.from_year);
        let same = |held: &&mut Association| held.region == key.0 && held.from_year == key.1;
        match entry.body.associations.iter_mut().find(same) {
            Some(held) if held.to_year == association.to_year => return false,
            Some(held) => held.to_year = association.to_year,
            None => entry.body.associations.push(association),
        }
        entry.associated.insert(key)
    }

    /// Ends the association to a region with `last`; says whether there was one after it.
    pub fn dissociate(&mut self, id: &str, region: &str, last: u16) -> bool {
        let Some(entry) = self.entries.get_mut(id) else { return false };
        let mut is_new = false;
        for held in entry.body.associations.iter_mut().filter(|held| held.region == region) {
            if held.to_year.is_none_or(|to| to > last) {
                held.to_year = Some(last);
                entry.associated.insert((held.region.clone(), held.from_year));
                is_new = true;
            }
        }
        is_new
    }

    /// Records a succession.
    pub fn succeed(&mut self, succession: Succession) {
        self.successions.push(succession);
    }

    /// Puts a body under its SIREN in the place of the one that had none;
    /// its history goes with it.
    pub fn complete(&mut self, placeholder: &str, siren: Siren) {
        let Some(entry) = self.entries.get_mut(placeholder) else { return };
        let body = Body { id: siren.to_string(), siren: Some(siren), ..entry.body.clone() };
        entry.body.source = Source::Replaced(siren);
        entry.is_changed = true;
        let postcodes = entry.postcodes.clone();
        let mut entry = Entry { postcodes, ..Entry::of(body, true) };
        entry.added = entry.body.states.iter().map(|state| (state.from_year, state.revision)).collect();
        self.entries.insert(siren.to_string(), entry);
        self.replaced.push((placeholder.to_owned(), siren));
    }

    /// Says that a millésime held every body of the package that lasts.
    pub fn confirm(&mut self, millesime: u16) {
        self.confirmed = Some(millesime);
    }

    /// What there is to write.
    #[must_use]
    pub fn into_changes(self) -> Changes {
        let added = self.successions.get(self.kept_successions..).unwrap_or_default();
        let mut changes = Changes {
            lineage: (!added.is_empty()).then(|| lineage::closure(&self.successions)),
            successions: added.to_vec(),
            replaced: self.replaced,
            confirmed: self.confirmed,
            ..Changes::default()
        };
        for (id, entry) in self.entries {
            entry.tell(&id, &mut changes);
        }
        changes.words.sort_unstable();
        changes
    }
}

impl Entry {
    fn of(body: Body, is_new: bool) -> Self {
        let added = if is_new {
            body.states.iter().map(|state| (state.from_year, state.revision)).collect()
        } else {
            BTreeSet::new()
        };
        let associated = if is_new {
            body.associations.iter().map(|held| (held.region.clone(), held.from_year)).collect()
        } else {
            BTreeSet::new()
        };
        let opened = (body.exists_from, body.exists_until);
        Self { body, is_new, is_changed: false, opened, added, associated, postcodes: vec![] }
    }

    fn push(&mut self, from_year: u16, held: &Attributes, patch: &Patch, reason: &Reason) -> bool {
        let mut attributes = held.clone();
        patch.apply(&mut attributes);
        attributes != *held && self.add(from_year, attributes, reason)
    }

    fn add(&mut self, from_year: u16, attributes: Attributes, reason: &Reason) -> bool {
        let name = self.body.name().to_owned();
        let states = &mut self.body.states;
        let revision = states
            .iter()
            .filter(|state| state.from_year == from_year)
            .map(|state| state.revision)
            .max()
            .unwrap_or(0)
            .saturating_add(1);
        states.push(State { from_year, revision, attributes, reason: reason.clone() });
        states.sort_by_key(|state| (state.from_year, state.revision));
        // The key by which bodies are sorted follows the current name.
        self.is_changed |= self.body.name() != name;
        self.added.insert((from_year, revision))
    }

    fn tell(self, id: &str, changes: &mut Changes) {
        let Self { body, is_new, is_changed, opened, added, associated, postcodes } = self;
        let is_replaced = matches!(body.source, Source::Replaced(_));
        let has_state = !added.is_empty();
        let indexed = body.current().filter(|_| (is_new || has_state) && !is_replaced);
        if let Some(Attributes { kind, code, name, .. }) = indexed.map(|state| &state.attributes) {
            let words = words::of_body(*kind, code, name, &postcodes);
            changes.words.extend(words.into_iter().map(|word| (word, id.to_owned())));
        }
        let identity = Identity {
            id: id.to_owned(),
            siren: body.siren,
            exists_from: body.exists_from,
            exists_until: body.exists_until,
            millesime: body.millesime,
            source: body.source,
            sort_key: if is_replaced { String::new() } else { fold(body.name()) },
        };
        let days = (body.exists_from, body.exists_until);
        if !is_new && days != opened {
            changes.existences.push(Existence { id: id.to_owned(), before: opened, after: days });
        }
        if is_new {
            changes.created.push(identity);
        } else if is_changed {
            changes.amended.push(identity);
        }
        let is_added = |state: &State| added.contains(&(state.from_year, state.revision));
        changes.states.extend(body.states.into_iter().filter(is_added).map(|state| (id.to_owned(), state)));
        let is_associated = |held: &Association| associated.contains(&(held.region.clone(), held.from_year));
        changes
            .associations
            .extend(body.associations.into_iter().filter(is_associated).map(|held| (id.to_owned(), held)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::collectivity::CollectivityKind;
    use crate::domain::register::body::{ALWAYS, Cause};

    const ID: &str = "200000172";

    fn attributes(region: &str, name: &str) -> Attributes {
        Attributes {
            kind: CollectivityKind::Cc,
            code: ID.to_owned(),
            name: name.to_owned(),
            departement: Some("67".to_owned()),
            region: region.to_owned(),
            population: Some(10),
        }
    }

    fn held(states: &[(u16, &str, &str)]) -> Ledger {
        let state = |(from_year, region, name): &(u16, &str, &str)| State {
            from_year: *from_year,
            revision: 1,
            attributes: attributes(region, name),
            reason: Reason::millesime(2026),
        };
        let body = Body {
            id: ID.to_owned(),
            siren: ID.parse().ok(),
            exists_from: None,
            exists_until: None,
            millesime: 2026,
            source: Source::Package,
            states: states.iter().map(state).collect(),
            associations: vec![],
        };
        Ledger::new(vec![body], vec![])
    }

    fn to_region(region: &str) -> Patch {
        Patch { region: Some(region.to_owned()), ..Patch::default() }
    }

    fn regions(ledger: &Ledger, years: &[u16]) -> Vec<String> {
        let body = ledger.get(ID).unwrap();
        years.iter().map(|year| body.at(*year).unwrap().attributes.region.clone()).collect()
    }

    #[test]
    fn nothing_changed_is_nothing_to_write() {
        let mut ledger = held(&[(ALWAYS, "44", "A")]);
        assert!(!ledger.amend(ID, 2020, &to_region("44"), &Reason::millesime(2027)));
        assert!(!ledger.set_existence(ID, None, None));
        assert!(!ledger.dissociate(ID, "27", 2020));
        assert!(ledger.into_changes().is_empty());
    }

    #[test]
    fn a_change_holds_from_its_year_on_and_never_before() {
        let mut ledger = held(&[(ALWAYS, "42", "A"), (2016, "44", "A"), (2020, "44", "B")]);
        let reason = Reason::new(Cause::Attachment, "décision");
        assert!(ledger.amend(ID, 2018, &to_region("27"), &reason));
        assert_eq!(regions(&ledger, &[2013, 2017, 2018, 2020]), ["42", "44", "27", "27"]);
        assert_eq!(ledger.get(ID).unwrap().name(), "B", "the later name stands");
        assert!(!ledger.amend(ID, 2018, &to_region("27"), &reason), "the second time nothing is new");
        let changes = ledger.into_changes();
        let added: Vec<(u16, u16)> =
            changes.states.iter().map(|(_, state)| (state.from_year, state.revision)).collect();
        assert_eq!(added, [(2018, 1), (2020, 2)]);
        assert!(changes.amended.is_empty(), "its name stays, and so does its place in a list");
    }

    #[test]
    fn a_later_decision_stands() {
        let mut ledger = held(&[(ALWAYS, "42", "A"), (2016, "44", "A")]);
        assert!(ledger.amend(ID, 2010, &to_region("53"), &Reason::new(Cause::Attachment, "x")));
        assert_eq!(regions(&ledger, &[2009, 2010, 2015, 2016]), ["42", "53", "53", "44"]);
    }

    #[test]
    fn a_completed_body_takes_its_history_along() {
        let mut body = held(&[(ALWAYS, "HORS", "A"), (2027, "HORS", "B")]).get(ID).unwrap().clone();
        (body.id, body.siren) = ("com:987".to_owned(), None);
        let mut ledger = Ledger::new(vec![body], vec![]);
        ledger.complete("com:987", ID.parse().unwrap());
        let changes = ledger.into_changes();
        assert_eq!(changes.created.len(), 1);
        assert_eq!((changes.created[0].id.as_str(), changes.states.len()), (ID, 2));
        assert_eq!(changes.amended[0].sort_key, "", "no list shows the body that was replaced");
        assert_eq!(changes.amended[0].source, Source::Replaced(ID.parse().unwrap()));
    }

    #[test]
    fn associations_open_and_close() {
        let mut ledger = held(&[(ALWAYS, "44", "A")]);
        let open = Association { region: "27".to_owned(), from_year: 2016, to_year: None };
        assert!(ledger.associate(ID, open.clone()) && !ledger.associate(ID, open));
        assert!(ledger.dissociate(ID, "27", 2019) && !ledger.dissociate(ID, "27", 2019));
        assert_eq!(ledger.into_changes().associations.len(), 1);
    }
}
