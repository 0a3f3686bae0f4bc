//! The register on SQLite: what `contract::register` asks for, and the commands.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use eapd::app::App;
use eapd::clock::ManualClock;
use eapd::config::Config;
use eapd::domain::register::row;
use eapd::random::Random;
use eapd::service::register::read_decisions;
use eapd::store::engine::migrate;

use crate::contract::register as contract;
use crate::contract::register::package::{Made, csv, of_commune, path_of};

async fn app() -> (App, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", home.path().join("eapd.db").display());
    let now = "2026-05-20T10:00:00Z".parse().unwrap();
    migrate(&url, None, false, now).await.unwrap();
    let config = Config::from_toml(&format!("[database]\nurl = \"{url}\"")).unwrap();
    let (clock, random) = (Arc::new(ManualClock::at(now)), Arc::new(Random::from_seed(1)));
    (App::with(config, clock, random).await.unwrap(), home)
}

macro_rules! on_sqlite {
    ($($case:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $case() {
                let (app, _home) = app().await;
                contract::$case(&app).await;
            }
        )+
    };
}

on_sqlite!(
    a_millesime_becomes_bodies,
    the_same_millesime_changes_nothing,
    a_newer_millesime_leaves_the_past_alone,
    a_wrong_package_writes_nothing,
    decisions_hold_and_repeat_to_nothing,
    a_confirmed_region_stands,
    an_old_package_says_less,
    others_are_refused,
    bad_decisions_write_nothing,
    mergers_make_a_lineage,
    a_body_is_completed,
    a_search_forgives,
    a_year_is_read_whole,
    the_real_package_is_imported,
);

fn eapd(home: &Path, arguments: &[&str]) -> Output {
    let url = format!("sqlite://{}", home.join("eapd.db").display());
    Command::new(env!("CARGO_BIN_EXE_eapd"))
        .args(arguments)
        .env("EAPD__DATABASE__URL", url)
        .env("USER", "operatrice")
        .env_remove("EAPD_CONFIG")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(text).unwrap().replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn the_commands_answer_in_french_with_their_exit_codes() {
    let home = tempfile::tempdir().unwrap();
    let (old, new) = (Made::new("5.3.0").write(), Made::new("6.0.0").write());
    let (old, new) = (old.path().to_str().unwrap(), new.path().to_str().unwrap());
    let (a, b) = (of_commune("65901"), of_commune("64901"));
    let wrong = csv("operation;siren;date\nfin;217500017;demain\n");
    let wrong = path_of(&wrong);
    let right = csv(&format!("operation;siren;date\nfin;{b};2030-12-31\n"));
    let right = path_of(&right);
    let (wrong, right) = (wrong.to_str().unwrap(), right.to_str().unwrap());
    let steps: [(&[&str], i32, &str); 12] = [
        (&["migrate"], 0, "prête"),
        (&["register", "show", &a], 1, "n’est pas au registre"),
        (&["register", "import", new], 0, "Ajoutés : 26."),
        (&["register", "import", new], 0, "Rien de nouveau"),
        (&["register", "import", old], 1, "plus ancien"),
        (&["register", "import", "/nulle/part"], 3, "n’existe pas"),
        (&["register", "import", wrong], 1, "ligne 2, colonne « date », valeur « demain »"),
        (&["register", "import", right, "--millesime", "2026"], 2, "--millesime"),
        (&["register", "import", right], 0, "Disparus : 1."),
        (
            &["register", "merge", &a, "--into", &b, "--on", "2026-01-01", "--reason", "arrêté", "--absorb"],
            0,
            "Disparus : 1.",
        ),
        (&["register", "show", &a], 0, "Lui succède : Commune fictive B"),
        (&["register", "show", &b], 0, "Succède à : Commune fictive A"),
    ];
    for (arguments, code, text) in steps {
        let output = eapd(home.path(), arguments);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(text), "{arguments:?}: {text} in {said}");
    }
}

/// The example of the documentation is one that the program reads.
#[test]
fn the_documented_example_is_read() {
    let text = include_str!("../docs/register.md");
    let example =
        text.split("```\n").find(|block| block.starts_with("operation;") && block.lines().count() > 2);
    let file = csv(example.unwrap());
    let decisions = read_decisions(&path_of(&file)).unwrap();
    assert_eq!(decisions.rows.len(), 5);
    for row in &decisions.rows {
        row::read(row).unwrap();
    }
}
