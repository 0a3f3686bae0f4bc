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
    if engine == Engine::Postgres {
        // What is not what the manifest says is not left there, as if it were good: the place serves again.
        let (owner, _) = empty(&app, engine);
        let outcome = eapd(&app, "", &["restore", backup.to_str().unwrap(), "--into", &owner]);
        assert!(outcome.code == Some(1) && outcome.stderr.contains("rien n’y est resté"), "{outcome}");
        std::fs::write(&note, &manifest).unwrap();
        let outcome = eapd(&app, "", &["restore", backup.to_str().unwrap(), "--into", &owner]);
        assert!(outcome.done(), "{outcome}");
    }
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

async fn an_encrypted_backup_opens_with_its_key_alone(engine: Engine) {
    use age::secrecy::ExposeSecret;
    let app = released(engine).await;
    let home = app.instance.home();
    let (ours, another, stranger) = (
        age::x25519::Identity::generate(),
        age::x25519::Identity::generate(),
        age::x25519::Identity::generate(),
    );
    let file = |name: &str, identity: &age::x25519::Identity| {
        let path = home.join(name);
        let text = format!("# essai\n{}\n", identity.to_string().expose_secret());
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let keys = [file("ours", &ours), file("another", &another)];
    let stranger = file("stranger", &stranger);
    let more = format!("recipients = [\"{}\", \"{}\"]\n", ours.to_public(), another.to_public());
    let taken = eapd(&app, &more, &["backup"]);
    assert!(taken.done(), "{taken}");
    let backup = only(&app);
    let name = if engine == Engine::Sqlite { "base.sqlite.age" } else { "base.pgdump.age" };
    let mut names: Vec<_> = std::fs::read_dir(&backup)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, [name, "manifeste.json"], "no copy beside it is readable");
    let encrypted = std::fs::read(backup.join(name)).unwrap();
    assert!(encrypted.starts_with(b"age-encryption.org/v1"));
    let left = std::fs::read_dir(home)
        .unwrap()
        .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with(".copie-"));
    assert!(!left, "nor in the data folder");
    let backup = backup.to_str().unwrap().to_owned();
    let restore = |more: &[&str]| {
        let (owner, url) = empty(&app, engine);
        let args = [&["restore", &backup, "--into", &owner], more].concat();
        (eapd(&app, "", &args), owner, url)
    };
    for (args, expected) in [
        (vec![], "est chiffrée"),
        (vec!["--identity", stranger.as_str()], "n’ouvre cette sauvegarde"),
        (vec!["--identity", backup.as_str()], ""),
    ] {
        let (outcome, ..) = restore(&args);
        assert!(!outcome.done() && outcome.stderr.contains(expected), "{args:?}: {outcome}");
    }
    // Either key opens it, and what it opens to is what was there.
    for key in &keys {
        let (outcome, owner, url) = restore(&["--identity", key]);
        assert!(outcome.done(), "{outcome}");
        let config = on(&url, if engine == Engine::Sqlite { "" } else { &owner }, home);
        assert!(what_was_released(&app.instance.toml()).await == what_was_released(&config).await);
    }
    // A byte that was changed, with a manifest that was made to fit it, does not pass either.
    let mut flipped = encrypted.clone();
    let end = flipped.len() - 40;
    flipped[end] ^= 1;
    let path = std::path::Path::new(&backup);
    std::fs::write(path.join(name), &flipped).unwrap();
    let note = path.join("manifeste.json");
    let mut manifest: Value = serde_json::from_str(&std::fs::read_to_string(&note).unwrap()).unwrap();
    manifest["copie"]["sha256"] = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&flipped)).into();
    std::fs::write(&note, manifest.to_string()).unwrap();
    let (outcome, ..) = restore(&["--identity", &keys[0]]);
    assert!(outcome.code == Some(1) && outcome.stderr.contains("ne se déchiffre pas"), "{outcome}");
}

async fn the_oldest_backups_are_removed(engine: Engine) {
    let app = crate::replay_2014::lived(engine).await;
    let folder = app.instance.home().join("copies");
    let mut config = Config::clone(&app.app.config);
    config.backup.keep = eapd::domain::copies::Keep { all_hours: 1, hourly_hours: 3, daily_days: 0 };
    config.backup.postgres_programs = crate::support::run::cluster().programs.clone();
    let keeper = App::open(config).await.unwrap();
    let mut taken = Vec::new();
    // Half of one, of a process that was killed.
    std::fs::create_dir_all(folder.join(".eapd-20140830T100000Z-Xy")).unwrap();
    // Of 10 h the last one stays, of 12 h both: they are not an hour old.
    for time in ["10:10", "10:50", "12:10", "12:20"] {
        let now = crate::support::at(&format!("2014-09-01T{time}:00Z"));
        taken.push(eapd::service::upkeep::backup::take(&keeper, &folder, now).await.unwrap().path);
    }
    let again = crate::support::at("2014-09-01T12:20:00Z");
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
    an_encrypted_backup_opens_with_its_key_alone,
    the_oldest_backups_are_removed,
    a_backup_that_fails_leaves_nothing
);
