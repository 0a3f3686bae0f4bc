//! Every word that the journal can hold has its label in French.

use eapd::domain::journal::actions::label;

use super::files::read_all;

/// Ends of names of files and of sites, which look like actions.
const FILES: [&str; 10] = ["csv", "txt", "json", "rs", "html", "xlsx", "xml", "example", "sqlite", "pgdump"];

/// The texts of a source that have the form of an action: words separated by points.
fn actions(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let texts = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2));
    texts.filter(move |text| {
        let end = text.rsplit('.').next().unwrap_or_default();
        text.contains('.') && text.split('.').all(is_word) && !FILES.contains(&end)
    })
}

#[test]
fn every_action_has_a_label() {
    let sources = read_all("src/service", "rs");
    let all: Vec<&str> = sources.iter().flat_map(|(_, text)| actions(text)).collect();
    assert!(all.len() > 50, "{all:?}");
    let missing: Vec<&&str> = all.iter().filter(|action| label(action) == **action).collect();
    assert!(missing.is_empty(), "give a label in src/domain/journal/actions.rs to {missing:?}");
}
