//! Bodies and their mergers and splits, written into the register of a test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use eapd::domain::day::Day;
use eapd::domain::siren::Siren;

use super::{TestApp, sql};

/// A body with its days, first and last, inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub siren: Siren,
    pub name: String,
    pub from: Option<Day>,
    pub until: Option<Day>,
    /// The region that it is attached to.
    pub region: String,
}

impl Entry {
    /// A body that has always been.
    pub fn named(siren: Siren, name: &str) -> Self {
        Self { siren, name: name.to_owned(), from: None, until: None, region: "84".to_owned() }
    }
}

/// One body handing on to another from a day on, by a merger or a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub from: Siren,
    pub into: Siren,
    pub on: Day,
    pub split: bool,
}

/// Adds bodies and what they descend from; `links` are all there are.
pub async fn register(app: &TestApp, entries: &[Entry], links: &[Link]) {
    let day = |day: Option<Day>| day.map_or("NULL".to_owned(), |day| format!("'{}'", day.to_iso()));
    let mut script = String::new();
    for Entry { siren, name, from, until, region } in entries {
        let name = name.replace('\'', "''");
        write!(
            script,
            "INSERT INTO collectivity_state (collectivity, from_year, revision, kind, code, name, departement, \
             region, population, reason, recorded_at) VALUES ('{siren}', 0, 1, 'commune', '99{siren}', '{name}', \
             '99', '{region}', 1000, 'essai', '2009-01-01T00:00:00Z');\n\
             INSERT INTO collectivity (id, siren, exists_from, exists_until, millesime, source, sort_key) \
             VALUES ('{siren}', '{siren}', {}, {}, 2026, 'essai', '{siren}');\n",
            day(*from),
            day(*until)
        )
        .unwrap();
    }
    for Link { from, into, on, split } in links {
        let kind = if *split { "split" } else { "merge" };
        writeln!(
            script,
            "INSERT INTO succession (predecessor, successor, on_day, kind, reason, recorded_at) \
             VALUES ('{from}', '{into}', '{}', '{kind}', 'essai', '2009-01-01T00:00:00Z');",
            on.to_iso()
        )
        .unwrap();
    }
    for (body, ancestor) in lineage(links) {
        writeln!(script, "INSERT INTO lineage (collectivity, ancestor) VALUES ('{body}', '{ancestor}');")
            .unwrap();
    }
    app.instance.must(&(sql::opening(app.engine()).to_owned() + &sql::transaction(&script)));
}

/// Every body with each of its ancestors.
fn lineage(links: &[Link]) -> BTreeSet<(Siren, Siren)> {
    let mut parents: BTreeMap<Siren, BTreeSet<Siren>> = BTreeMap::new();
    for link in links {
        parents.entry(link.into).or_default().insert(link.from);
    }
    let mut pairs = BTreeSet::new();
    for body in parents.keys() {
        let mut to_see: Vec<Siren> = vec![*body];
        while let Some(descendant) = to_see.pop() {
            for parent in parents.get(&descendant).into_iter().flatten() {
                if parent != body && pairs.insert((*body, *parent)) {
                    to_see.push(*parent);
                }
            }
        }
    }
    pairs
}
