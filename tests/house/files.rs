//! Files: none too long, no floats on the path of money, the same migrations on both engines.

use std::path::{Path, PathBuf};

/// One idea a file: beyond this there are two.
const LONGEST: usize = 500;

/// Where floating point is met with, and why no amount is hurt by it.
const FLOATS: [(&str, &str); 4] = [
    ("src/api/json.rs", "a number of a body is told apart here, only to be refused"),
    ("src/reports/xlsx", "a workbook's cells are doubles: exactness ends at the file and is checked there"),
    ("src/reports/pdf", "places on a page are in points; amounts come to a document as text"),
    ("src/imports", "a workbook's cells are doubles: read at 15 digits, then parsed as text"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under `folder` with this extension, as path from the root and text, in order.
pub fn read_all(folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no .{extension} under {folder}");
    found.sort();
    found
}

/// The code of a line, without its comment.
pub fn code(line: &str) -> &str {
    let comment = line.find("//").filter(|at| !line[..*at].contains('"'));
    comment.map_or(line, |at| &line[..at])
}

#[test]
fn no_file_is_longer_than_one_idea() {
    let long: Vec<_> = ["src", "tests"]
        .into_iter()
        .flat_map(|folder| read_all(folder, "rs"))
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .collect();
    assert!(long.is_empty(), "split them: {long:?}");
}

/// Rule 6: exact decimals from the form to the file.
#[test]
fn money_never_meets_a_float() {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut met = Vec::new();
    for (name, text) in read_all("src", "rs") {
        if FLOATS.iter().any(|(path, _)| name.starts_with(path)) {
            continue;
        }
        for (number, line) in (1..).zip(text.lines()) {
            if code(line).split(|c| !is_word(c)).any(|word| word == "f32" || word == "f64") {
                met.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(met.is_empty(), "floats outside the list:\n{}", met.join("\n"));
}

#[test]
fn lints_are_expected_with_a_reason_never_allowed() {
    for (name, text) in ["src", "tests"].into_iter().flat_map(|folder| read_all(folder, "rs")) {
        let forbidden = ["#[allow", "#![allow"]
            .iter()
            .find(|attribute| text.lines().any(|line| code(line).contains(**attribute)));
        assert!(name == "tests/house/files.rs" || forbidden.is_none(), "{name}: {forbidden:?}");
    }
}

#[test]
fn the_embedded_defaults_are_the_file() {
    let file = std::fs::read_to_string(root().join("config/eapd.toml")).unwrap();
    assert_eq!(eapd::config::DEFAULTS, file);
}

/// Two engines, one schema: the same files, tables, columns and triggers' tables.
#[test]
fn both_engines_have_the_same_migrations() {
    let [sqlite, postgres] =
        ["migrations/sqlite", "migrations/postgres"].map(|folder| read_all(folder, "sql"));
    let names = |files: &[(String, String)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&sqlite), names(&postgres));
    for (place, name) in (1..).zip(names(&sqlite)) {
        assert!(name.starts_with(&format!("{place:04}_")), "{name} is number {place}");
    }
    for ((name, lite), (_, server)) in sqlite.iter().zip(&postgres) {
        assert_eq!(tables(lite), tables(server), "{name}");
        assert_eq!(guarded(lite), guarded(server), "{name}: tables with an INSERT guard");
    }
}

/// Each table with the names of its columns.
fn tables(sql: &str) -> Vec<(String, Vec<String>)> {
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in sql.lines() {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            tables.push((rest.trim_end_matches(" (").to_owned(), Vec::new()));
            inside = true;
        } else if line.starts_with(')') {
            inside = false;
        } else if inside && line.starts_with("    ") && !line.starts_with("     ") {
            let word = line.split_whitespace().next().unwrap_or_default();
            if word.chars().next().is_some_and(char::is_lowercase) {
                tables.last_mut().unwrap().1.push(word.to_owned());
            }
        }
    }
    tables
}

/// Tables with a guard of their own on what is added; a key that exists is
/// refused by PostgreSQL itself, SQLite's REPLACE needs a trigger for it.
fn guarded(sql: &str) -> Vec<&str> {
    let only_against_replace = ["instance", "collectivity", "collectivity_state", "receipt"];
    let mut guarded: Vec<&str> = sql
        .lines()
        .filter(|line| line.starts_with("CREATE TRIGGER") && line.contains("BEFORE INSERT ON "))
        .filter_map(|line| line.split("BEFORE INSERT ON ").nth(1)?.split([' ', ';']).next())
        .filter(|table| !only_against_replace.contains(table))
        .collect();
    guarded.sort_unstable();
    guarded
}
