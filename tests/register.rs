//! The commands of the register, and the example of its documentation.

use eapd::config::Profile;
use eapd::domain::register::row;
use eapd::service::register::read_decisions;

use crate::contract::register::package::{Made, csv, of_commune, path_of};
use crate::support::{Engine, Instance, template};

#[tokio::test]
async fn the_commands_answer_in_french_with_their_exit_codes() {
    let instance = Instance::copy_of(&template::migrated(Engine::Sqlite, Profile::Production).await);
    let (old, new) = (Made::new("5.3.0").write(), Made::new("6.0.0").write());
    let (old, new) = (old.path().to_str().unwrap(), new.path().to_str().unwrap());
    let (a, b) = (of_commune("65901"), of_commune("64901"));
    let wrong = csv("operation;siren;date\nfin;217500017;demain\n");
    let right = csv(&format!("operation;siren;date\nfin;{b};2030-12-31\n"));
    let (wrong, right) = (path_of(&wrong), path_of(&right));
    let (wrong, right) = (wrong.to_str().unwrap(), right.to_str().unwrap());
    let merge = |on: &'static str| -> [&str; 10] {
        ["register", "merge", &a, "--into", &b, "--on", on, "--reason", "arrêté", "--absorb"]
    };
    let (early, late) = (merge("2026-01-01"), merge("2035-01-01"));
    let steps: [(&[&str], i32, &str); 12] = [
        (&["register", "show", &a], 1, "n’est pas au registre"),
        (&["register", "import", new], 0, "Ajoutés : 26."),
        (&["register", "import", new], 0, "Rien de nouveau"),
        (&["register", "import", old], 1, "plus ancien"),
        (&["register", "import", "/nulle/part"], 3, "n’existe pas"),
        (&["register", "import", wrong], 1, "ligne 2, colonne « date », valeur « demain »"),
        (&["register", "import", right, "--millesime", "2026"], 2, "--millesime"),
        (&["register", "import", right], 0, "Disparus : 1."),
        (&late, 1, "la collectivité d’arrivée n’existe plus depuis le 31/12/2030"),
        (&early, 0, "Disparus : 1."),
        (&["register", "show", &a], 0, "Lui succède : Commune fictive B"),
        (&["register", "show", &b], 0, "Succède à : Commune fictive A"),
    ];
    for (arguments, code, text) in steps {
        let outcome = instance.eapd(None, arguments);
        let said = outcome.to_string().replace(['\u{a0}', '\u{202f}'], " ");
        assert_eq!(outcome.code, Some(code), "{arguments:?}: {said}");
        assert!(said.contains(text), "{arguments:?}: {text} in {said}");
    }
}

/// The example of the documentation is one that the program reads.
#[test]
fn the_documented_example_is_read() {
    let text = include_str!("../docs/register.md");
    let is_example = |block: &&str| block.starts_with("operation;") && block.lines().count() > 2;
    let file = csv(text.split("```\n").find(is_example).unwrap());
    let decisions = read_decisions(&path_of(&file)).unwrap();
    assert_eq!(decisions.rows.len(), 5);
    for row in &decisions.rows {
        row::read(row).unwrap();
    }
}
