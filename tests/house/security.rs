//! `docs/security.md` does not rot, and no statement is put together of what people send.

use std::collections::BTreeMap;

use super::files::{code, read_all};

const PAGE: &str = include_str!("../../docs/security.md");
/// What a line of the page may say of itself.
const STATES: [&str; 3] = ["held", "in part", "to come"];
/// The lines of the page: each is a promise.
const LINES: usize = 42;

/// The texts between backquotes that name a test, `path::name`.
fn named(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter_map(|text| text.split_once(".rs::"))
}

/// Whether a source has a test of this name: alone, of both engines, or of every case.
fn has_test(text: &str, name: &str) -> bool {
    let Some(at) = text.find(&format!("fn {name}(")) else { return false };
    let before: Vec<&str> = text[..at].lines().rev().take(6).collect();
    let alone = before.iter().any(|line| line.contains("test]") || line.contains("test("));
    // `contract!(…: one, two);`, or another macro at the margin that makes tests of a list.
    let listed = text.split('\n').enumerate().any(|(at, line)| {
        let makes = line.split_once("!(").is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == ':')
        });
        let list: Vec<&str> = text.split('\n').skip(at).collect();
        let list = list.join("\n");
        let list = list.split(");").next().unwrap_or_default();
        makes && list.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
    });
    alone || listed
}

#[test]
fn every_test_that_the_page_names_is_there() {
    let sources: BTreeMap<String, String> =
        ["src", "tests"].into_iter().flat_map(|folder| read_all(folder, "rs")).collect();
    let named: Vec<_> = named(PAGE).collect();
    assert!(named.len() > 60, "{named:?}");
    let missing: Vec<_> = named
        .iter()
        .filter(|(path, name)| sources.get(&format!("{path}.rs")).is_none_or(|text| !has_test(text, name)))
        .collect();
    assert!(missing.is_empty(), "docs/security.md names tests that are not there: {missing:#?}");
}

#[test]
fn every_line_of_the_page_has_a_state_and_shows_it() {
    let rows: Vec<Vec<&str>> = PAGE
        .lines()
        .filter(|line| line.starts_with("| ") && line.as_bytes().get(2).is_some_and(u8::is_ascii_digit))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), LINES);
    for (number, row) in (1..).zip(&rows) {
        let [line, promise, tests, state] = row[..] else { panic!("{row:?}") };
        assert_eq!(line, number.to_string());
        assert!(promise.ends_with('.'), "{row:?}");
        assert!(STATES.iter().any(|known| state.starts_with(known)), "{line}: {state}");
        assert!(named(tests).next().is_some() || state.starts_with("to come"), "{line} shows nothing");
        assert!(state == "held" || state.len() > 20, "{line} does not say why");
    }
}

#[test]
fn tests_are_found_in_every_form() {
    let text = "#[test]\nfn alone() {}\ncontract!(with w, \"x\": one,\n  two);\nasync fn two(t: T) {}\nfn helper() {}";
    assert!(has_test(text, "alone") && has_test(text, "two"));
    assert!(!has_test(text, "one") && !has_test(text, "three"));
    assert_eq!(named("`tests/a.rs::b`, `c`").collect::<Vec<_>>(), [("tests/a", "b")]);
}

/// Where a statement is given to the engine that is not a literal: what comes in is one, from `on!`.
const TOLD_SAFE: [&str; 1] = ["src/store/writes.rs"];

/// The engine's library takes literals; these are the ways around that.
#[test]
fn no_statement_is_put_together_of_what_people_send() {
    let keywords =
        ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", " WHERE ", "ORDER BY", "VACUUM", " FROM "];
    let mut found = Vec::new();
    let mut told_safe = Vec::new();
    for (name, text) in read_all("src", "rs") {
        // Tests of a file come last in it.
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines: Vec<&str> = text.lines().map(code).collect();
        if lines.iter().any(|line| line.contains("AssertSqlSafe(")) {
            told_safe.push(name.clone());
        }
        for (at, line) in lines.iter().enumerate() {
            let end = (at..lines.len()).take(4).find(|at| lines[*at].trim_end().ends_with(';'));
            let around = lines[at..=end.unwrap_or(at)].join(" ");
            let is_made =
                ["format!(", "write!(", "writeln!(", "push_str("].iter().any(|way| line.contains(way));
            let puts_together = is_made && keywords.iter().any(|word| around.contains(word));
            // A query that is built gets literals, and values by `push_bind`.
            let pushed = line.split(".push(").nth(1).filter(|_| text.contains("QueryBuilder"));
            let pushes = pushed.is_some_and(|pushed| {
                !pushed.starts_with(['"', '$', '\'', ')'])
                    && !pushed.starts_with("concat!(")
                    && is_query(line)
            });
            if puts_together || pushes {
                found.push(format!("{name}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(told_safe, TOLD_SAFE, "a statement that the compiler does not know to be a literal");
}

fn is_query(line: &str) -> bool {
    ["query.push(", "sql.push(", "values.push("].iter().any(|query| line.contains(query))
}

/// What a password, a key or a token of a service looks like.
#[test]
fn no_secret_is_in_the_repository() {
    let marks = ["-----BEGIN", "AKIA", "ghp_", "xoxb-", "sk_live_"];
    let mut found = Vec::new();
    for (folder, extension) in [
        ("src", "rs"),
        ("tests", "rs"),
        ("config", "toml"),
        ("deploy", "conf"),
        ("deploy", "service"),
        ("scripts", "mjs"),
    ] {
        for (name, text) in read_all(folder, extension) {
            let shown = marks.iter().find(|mark| name != "tests/house/security.rs" && text.contains(**mark));
            found.extend(shown.map(|mark| format!("{name}: {mark}")));
        }
    }
    assert!(found.is_empty(), "{found:?}");
    let defaults = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/eapd.toml")).unwrap();
    assert!(defaults.contains("\npassword = \"\"\n"), "no password among the defaults");
}
