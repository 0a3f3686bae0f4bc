//! The two engines are held to the same contract: what `cargo test` runs on
//! one it runs on the other.

use std::collections::BTreeSet;
use std::process::Command;

/// The names of the cases of one engine, without the engine.
fn cases(list: &str, engine: &str) -> BTreeSet<String> {
    let module = format!("::{engine}::");
    list.lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .filter(|name| name.contains(&module))
        .map(|name| name.replace(&module, "::"))
        .collect()
}

#[test]
fn both_engines_run_the_same_cases() {
    let list = Command::new(std::env::current_exe().unwrap()).arg("--list").output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let [sqlite, postgres] = ["sqlite", "postgres"].map(|engine| cases(&list, engine));
    assert!(!sqlite.is_empty(), "no case on SQLite");
    assert_eq!(sqlite, postgres);
}
