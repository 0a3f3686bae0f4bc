//! What surrounds the program is wrong: database, configuration, profile.

use std::process::Command;

use super::ground::{OPEN, instance, says};
use crate::support::Instance;
use crate::support::command::{Outcome, run};

/// Variables of the environment.
type Settings<'a> = &'a [(&'a str, &'a str)];

/// Runs a command with these settings over those of the instance.
fn with(instance: &Instance, settings: Settings, args: &[&str]) -> Outcome {
    let config = instance.home().join("alone.toml");
    std::fs::write(&config, instance.toml()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_eapd"));
    command.env("EAPD_CONFIG", config).envs(settings.iter().copied()).args(args);
    run(&mut command, "")
}

const STATUS: [&str; 3] = ["campaign", "status", "2014"];

#[tokio::test]
async fn surroundings_that_are_wrong_are_named() {
    let instance = instance().await;
    let before = instance.must(".dump");
    let empty = instance.home().join("vide.db");
    std::fs::write(&empty, "").unwrap();
    let empty = format!("sqlite://{}", empty.display());
    let text = instance.home().join("texte.db");
    std::fs::write(
        &text,
        "ceci n’est pas une base de données, mais un texte assez long pour être lu comme un en-tête\n"
            .repeat(9),
    )
    .unwrap();
    let text = format!("sqlite://{}", text.display());
    let absent = format!("sqlite://{}", instance.home().join("absente.db").display());
    let url = "EAPD__DATABASE__URL";
    let cases: [(Settings, &[&str]); 13] = [
        (&[(url, &empty)], &["eapd migrate"]),
        (&[(url, &text)], &["n’est pas une base SQLite"]),
        (&[(url, &absent)], &["eapd migrate"]),
        (&[(url, "postgres://eapd@127.0.0.1:1/eapd")], &["ne répond pas", "PostgreSQL"]),
        (&[(url, "mysql://localhost/eapd")], &["database.url", "postgres://"]),
        (&[(url, "postgres://[")], &["database.url"]),
        (
            &[("EAPD__PROFILE", "production"), ("EAPD__MAIL__TRANSPORT", "none")],
            &["production", "démonstration"],
        ),
        (&[("EAPD__PROFILE", "production")], &["mail.transport", "folder", "demo"]),
        (&[("EAPD__PROFILE", "production"), ("EAPD__CLOCK__AT", OPEN)], &["clock.at", "demo"]),
        (&[("EAPD__CLOCK__AT", "hier")], &["clock.at", "hier"]),
        (&[("EAPD__PROFILE", "essai")], &["profile", "essai"]),
        (&[("EAPD__SERVER__PORT", "80")], &["port"]),
        (&[("EAPD_CONFIG", "/nulle/part.toml")], &["/nulle/part.toml"]),
    ];
    for (settings, texts) in cases {
        let outcome = with(&instance, settings, &STATUS);
        assert_eq!(outcome.code, Some(3), "{settings:?}\n{outcome}");
        says(&outcome, texts);
    }
    assert!(instance.must(".dump") == before);
    assert!(!instance.home().join("absente.db").exists(), "a wrong path makes no database");
    assert!(with(&instance, &[], &STATUS).done(), "with its own settings it works");
}

/// No message repeats what a URL may hold.
#[tokio::test]
async fn a_password_is_not_repeated() {
    let instance = instance().await;
    for url in ["postgres://eapd:tres-secret@127.0.0.1:1/eapd", "mysql://eapd:tres-secret@localhost/eapd"] {
        let outcome = with(&instance, &[("EAPD__DATABASE__URL", url)], &STATUS);
        assert_eq!(outcome.code, Some(3), "{outcome}");
        assert!(!outcome.to_string().contains("tres-secret"), "{outcome}");
    }
}
