//! Backup and restore.

use eapd::app::App;
use eapd::config::Config;
use eapd::store;
use serde_json::Value;

use super::{eapd, empty, on, only, released, with};
use crate::support::{Engine, TestApp};

async fn what_was_released(config: &str) -> Vec<(String, Vec<u8>)> {
    let app = App::open(Config::from_toml(config).unwrap()).await.unwrap();
    let mut tx = app.db.snapshot().await.unwrap();
    let mut found = Vec::new();
    for release in store::report::all(&mut tx).await.unwrap() {
        let bytes = store::report::bytes(&mut tx, &release).await.unwrap().unwrap();
        found.push((release.sha256, bytes));
    }
    drop(tx);
    app.db.close().await;
    found
}

async fn a_backup_is_restored_onto_an_empty_place(engine: Engine) {
    let app = released(engine).await;
    let home = app.instance.home();
    let taken = eapd(&app, "", &["backup"]);
    assert!(taken.done(), "{taken}");
    let backup = only(&app);
    let backup = backup.to_str().unwrap();
    let (owner, url) = empty(&app, engine);
    let restored = eapd(&app, "", &["restore", backup, "--into", &owner]);
    assert!(restored.done(), "{restored}");
    // Released reports are served identical, and recomputed from the lines identical.
    let config = on(&url, if engine == Engine::Sqlite { "" } else { &owner }, home);
    let before = what_was_released(&app.instance.toml()).await;
    assert!(!before.is_empty());
    assert!(before == what_was_released(&config).await, "released reports differ");
    let verified = with(&config, home, &["report", "verify", "tresor", "--flow-year", "2013"]);
    assert!(verified.done() && verified.stdout.contains("le fichier recalculé est le même"), "{verified}");
    // It goes on: its journal takes more, as the role that owns nothing.
    let journal = with(&config, home, &["journal", "verify"]);
    assert!(journal.done(), "{journal}");
    let extended = with(&config, home, &["campaign", "create", "2016"]);
    assert!(extended.done(), "{extended}");
    // A restore overwrites nothing.
    let again = eapd(&app, "", &["restore", backup, "--into", &owner]);
    assert_eq!(again.code, Some(1), "{again}");
    assert!(again.stderr.contains("n’est pas vide"), "{again}");
}

async fn a_damaged_backup_is_refused(engine: Engine) {
    let app = released(engine).await;
    let taken = eapd(&app, "", &["backup"]);
    assert!(taken.done(), "{taken}");
    let backup = only(&app);
    let note = backup.join("manifeste.json");
    let manifest = std::fs::read_to_string(&note).unwrap();
    let copy = backup.join(if engine == Engine::Sqlite { "base.sqlite" } else { "base.pgdump" });
    let bytes = std::fs::read(&copy).unwrap();
    let refused = |what: &str, expected: &str| {
        let (owner, _) = empty(&app, engine);
        let outcome = eapd(&app, "", &["restore", backup.to_str().unwrap(), "--into", &owner]);
        assert_eq!(outcome.code, Some(1), "{what}: {outcome}");
        assert!(outcome.stderr.contains(expected), "{what}: {outcome}");
    };
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    std::fs::write(&copy, &flipped).unwrap();
    refused("one bit", "abîmée");
    std::fs::write(&copy, &bytes[..bytes.len() - 1]).unwrap();
    refused("one byte less", "abîmée");
    std::fs::write(&copy, &bytes).unwrap();
    let mut wrong: Value = serde_json::from_str(&manifest).unwrap();
    wrong["contenu"]["ressources_propres"]["2013"] = "0.01".into();
    std::fs::write(&note, wrong.to_string()).unwrap();
    refused("a sum", "ressources propres 2013");
    let mut wrong: Value = serde_json::from_str(&manifest).unwrap();
    wrong["contenu"]["journal"]["empreinte"] = "00".into();
    std::fs::write(&note, wrong.to_string()).unwrap();
    refused("the journal", "journal");
    let mut wrong: Value = serde_json::from_str(&manifest).unwrap();
    wrong["contenu"]["migration"] = 9999.into();
    std::fs::write(&note, wrong.to_string()).unwrap();
    refused("a newer program", "plus récent");
    std::fs::write(&note, &manifest[..manifest.len() / 2]).unwrap();
    refused("half a manifest", "manifeste ne se lit pas");
    std::fs::remove_file(&note).unwrap();
    refused("no manifest", "manifeste.json manque");
    std::fs::write(&note, &manifest).unwrap();
    std::fs::remove_file(&copy).unwrap();
    refused("no copy", "manque");
}

async fn the_oldest_backups_are_removed(engine: Engine) {
    let app = crate::replay_2014::lived(engine).await;
    let folder = app.instance.home().join("copies");
    let mut config = Config::clone(&app.app.config);
    config.backup.keep = 2;
    config.backup.postgres_programs = crate::support::run::cluster().programs.clone();
    let keeper = App::open(config).await.unwrap();
    let mut taken = Vec::new();
    for minute in 10..13 {
        let now = crate::support::at(&format!("2014-09-01T10:{minute}:00Z"));
        taken.push(eapd::service::upkeep::backup::take(&keeper, &folder, now).await.unwrap().path);
    }
    let again = crate::support::at("2014-09-01T10:12:00Z");
    assert!(eapd::service::upkeep::backup::take(&keeper, &folder, again).await.is_err(), "one a second");
    keeper.db.close().await;
    // Nothing half-made is left beside them.
    let mut left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    left.sort();
    assert_eq!(left, taken[1..]);
}

/// A folder that cannot be made: nothing is left, and the exit code says environment.
async fn a_backup_that_fails_leaves_nothing(engine: Engine) {
    let app: TestApp = crate::replay_2014::lived(engine).await;
    let file = app.instance.home().join("fichier");
    std::fs::write(&file, "pas un dossier").unwrap();
    let failed = eapd(&app, "", &["backup", "--into", file.to_str().unwrap()]);
    assert_eq!(failed.code, Some(3), "{failed}");
    if engine == Engine::Postgres {
        let folder = app.instance.home().join("vide");
        let outcome = super::with(
            &format!("{}[backup]\npostgres_programs = \"/nulle/part\"\n", app.instance.toml()),
            app.instance.home(),
            &["backup", "--into", folder.to_str().unwrap()],
        );
        assert_eq!(outcome.code, Some(3), "{outcome}");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    }
}

macro_rules! both {
    ($($case:ident),+) => {
        both!(@ sqlite Sqlite $($case)+);
        both!(@ postgres Postgres $($case)+);
    };
    (@ $module:ident $engine:ident $($case:ident)+) => {
        mod $module {
            use super::*;
            $(
                // Commands block a thread.
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(Engine::$engine).await;
                }
            )+
        }
    };
}
both!(
    a_backup_is_restored_onto_an_empty_place,
    a_damaged_backup_is_refused,
    the_oldest_backups_are_removed,
    a_backup_that_fails_leaves_nothing
);
