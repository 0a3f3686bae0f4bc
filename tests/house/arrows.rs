//! Who may know whom, read from the paths `crate::…` of the code.

use std::collections::{BTreeMap, BTreeSet};

use super::files::{code, read_all};

/// Each room, and the rooms it may name.
const ARROWS: [(&str, &[&str]); 17] = [
    ("domain", &[]),
    ("memory", &[]),
    ("metrics", &[]),
    ("load", &["config"]),
    ("clock", &["domain"]),
    ("random", &[]),
    ("passwords", &["domain"]),
    ("config", &["domain"]),
    ("store", &["domain"]),
    ("imports", &["domain"]),
    ("reports", &["domain"]),
    ("app", &["clock", "config", "domain", "load", "metrics", "passwords", "random", "reports", "store"]),
    (
        "service",
        &[
            "app",
            "clock",
            "config",
            "domain",
            "imports",
            "metrics",
            "passwords",
            "random",
            "reports",
            "store",
        ],
    ),
    ("http", &["app", "config"]),
    ("api", AUDIENCE),
    ("cli", &["app", "clock", "config", "domain", "http", "random", "service", "api", "jobs", "web"]),
    ("jobs", AUDIENCE),
];

/// What a room that answers people may name: use cases, and the values they take and give.
const AUDIENCE: &[&str] = &["app", "clock", "config", "domain", "http", "random", "service"];

/// Files that go elsewhere, each for a reason.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    ("src/cli/migrate.rs", "store", "it makes the database that every use case needs"),
    ("src/cli/output.rs", "store", "one place says what a failure of the database means for the exit code"),
];

/// The rooms that `text` names.
fn named(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for line in text.lines().map(code) {
        for path in line.split("crate::").skip(1) {
            // `crate::store::x`, or a list of rooms: `crate::{domain, store::x}`.
            let list = path.strip_prefix('{').map_or(path, |list| list.split('}').next().unwrap_or(list));
            let listed = if path.starts_with('{') { list.split(',').collect() } else { vec![list] };
            rooms.extend(listed.into_iter().map(|item| {
                item.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
            }));
        }
    }
    rooms.retain(|room| !room.is_empty());
    rooms
}

/// `src/store/codec.rs` is in the room `store`.
fn room(name: &str) -> &str {
    name.trim_start_matches("src/").split(['/', '.']).next().unwrap_or_default()
}

#[test]
fn rooms_name_only_the_rooms_below_them() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.into_iter().chain([("web", AUDIENCE)]).collect();
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (name, text) in read_all("src", "rs") {
        let from = room(&name);
        if ["lib", "main"].contains(&from) {
            continue;
        }
        let Some(allowed) = arrows.get(from) else {
            wrong.push(format!("{name}: the room `{from}` is not on the plan"));
            continue;
        };
        for to in named(&text) {
            // A name that is no room is a macro or a type of the same room.
            if to == from || !arrows.contains_key(to.as_str()) || allowed.contains(&to.as_str()) {
                continue;
            }
            let exception = EXCEPTIONS.iter().position(|(file, room, _)| *file == name && *room == to);
            match exception {
                Some(place) => drop(used.insert(place)),
                None => wrong.push(format!("{name} names `{to}`, which `{from}` must not know")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(used.len(), EXCEPTIONS.len(), "an exception that nothing needs any more");
}

#[test]
fn paths_are_read_in_every_form() {
    let text = "use crate::store::{Db, Tx};\nuse crate::{domain::day, reports};\n// crate::web\nlet x = crate::api::y();";
    assert_eq!(Vec::from_iter(named(text)), ["api", "domain", "reports", "store"]);
}
