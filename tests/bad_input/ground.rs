//! A demonstration with two bodies and the campaign of 2014, and the proof that
//! a command changed nothing of it.

use std::time::{Duration, Instant};

use eapd::config::Profile;
use eapd::domain::siren::Siren;

use crate::support::command::Outcome;
use crate::support::register::{Entry, register};
use crate::support::scenario::Alias;
use crate::support::template::prepared;
use crate::support::{Engine, Instance, TestApp, without_refusals};

/// In the window, out of it, before it.
pub const OPEN: &str = "2014-05-20T10:00:00+02:00";
pub const OVER: &str = "2014-07-01T10:00:00+02:00";
pub const PLANNED: &str = "2014-03-01T10:00:00+01:00";

/// The headers of a short file of lines.
pub const HEADERS: &str =
    "reference;titre;pays;secteur;canal;nature;montant_verse;cofinancements_recus;date_versement";

/// The SIREN of a fictitious body; only A and B are in the register.
pub fn body(alias: &str) -> Siren {
    alias.parse::<Alias>().and_then(Alias::siren).unwrap()
}

/// The instance of one test.
pub async fn instance() -> Instance {
    let made = prepared(Engine::Sqlite, Profile::Demo, "bad_input", OPEN, async |app: &TestApp| {
        let entries = ["A", "B"].map(|alias| Entry::named(body(alias), &format!("Commune fictive {alias}")));
        register(app, &entries, &[], &[]).await;
        // The first command makes its operator known.
        for args in [&["campaign", "create", "2014"][..], &["campaign", "create", "2015"]] {
            let outcome = app.instance.eapd(Some("2014-01-10T10:00:00Z"), args);
            assert!(outcome.done(), "{outcome}");
        }
    })
    .await;
    Instance::copy_of(&made)
}

/// Writes a file beside the database, and gives its path.
pub fn file(instance: &Instance, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = instance.home().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

/// A file of lines with these rows.
pub fn lines(instance: &Instance, rows: &str) -> String {
    file(instance, "lignes.csv", format!("{HEADERS}\n{rows}\n"))
}

/// The arguments that import a file for A.
pub fn import<'a>(file: &'a str, siren: &'a str) -> Vec<&'a str> {
    vec!["declare", "import", file, "--siren", siren, "--campaign", "2014"]
}

/// Runs a command that has to be refused: the exit code, each of the texts in
/// what it complains, one French error, nothing written, an answer in seconds.
pub fn refused(instance: &Instance, at: &str, args: &[&str], code: i32, texts: &[&str]) -> Outcome {
    let before = without_refusals(&instance.must(".dump"));
    let started = Instant::now();
    let outcome = instance.eapd(Some(at), args);
    let lasted = started.elapsed();
    assert_eq!(outcome.code, Some(code), "{args:?}\n{outcome}");
    says(&outcome, texts);
    assert!(lasted < Duration::from_secs(20), "{args:?} took {lasted:?}");
    assert!(without_refusals(&instance.must(".dump")) == before, "{args:?} wrote something");
    outcome
}

/// One error, in French, that says these things; spaces that do not break are told as others.
pub fn says(outcome: &Outcome, texts: &[&str]) {
    let said = outcome.stderr.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(said.starts_with("Erreur : "), "{outcome}");
    assert!(!said.contains("panicked"), "{outcome}");
    for text in texts {
        assert!(said.contains(text), "«{text}» is not in: {said}");
    }
}
