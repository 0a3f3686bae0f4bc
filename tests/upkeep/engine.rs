//! From SQLite to PostgreSQL.

use eapd::config::Profile;
use eapd::store::engine::migrate;

use super::{LATER, eapd, empty, on, released, with};
use crate::support::run::cluster;
use crate::support::{Engine, TestApp, at};

async fn moved() -> (TestApp, String, String, String) {
    let app = released(Engine::Sqlite).await;
    let from = app.instance.url(crate::support::Role::Application);
    let (owner, url) = empty(&app, Engine::Postgres);
    // A production that was set up by mistake becomes what the old instance is.
    migrate(&url, Some(&owner), app.instance.profile == Profile::Production, at(LATER)).await.unwrap();
    let outcome = eapd(&app, "", &["migrate-engine", "--from", &from, "--to", &owner]);
    assert!(outcome.done() && outcome.stdout.contains("égales"), "{outcome}");
    (app, from, owner, url)
}

fn psql(url: &str, sql: &str) {
    let mut psql = std::process::Command::new(cluster().programs.join("psql"));
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", url]);
    let outcome = crate::support::command::run(&mut psql, sql);
    assert!(outcome.done(), "{outcome}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_moves_and_goes_on() {
    let (app, from, owner, url) = moved().await;
    let config = on(&url, &owner, app.instance.home());
    let home = app.instance.home();
    let verified = with(&config, home, &["report", "verify", "tresor", "--flow-year", "2013"]);
    assert!(verified.done() && verified.stdout.contains("le fichier recalculé est le même"), "{verified}");
    let more = with(&config, home, &["campaign", "create", "2016"]);
    assert!(more.done(), "{more}");
    // The guards are back: neither role changes what was filed.
    for role in [&url, &owner] {
        let mut psql = std::process::Command::new(cluster().programs.join("psql"));
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", role]);
        let refused = crate::support::command::run(&mut psql, "UPDATE filing SET total_own = 0;");
        assert!(!refused.done(), "{refused}");
    }
    let again = eapd(&app, "", &["migrate-engine", "--from", &from, "--to", &owner]);
    assert_eq!(again.code, Some(1), "{again}");
    assert!(again.stderr.contains("n’est pas vide"), "{again}");
}

/// Either side: a row that was tampered with is found, whatever it is, with the table it is in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_differs_is_found() {
    let (app, from, owner, _url) = moved().await;
    let compare = || eapd(&app, "", &["migrate-engine", "--from", &from, "--to", &owner, "--compare"]);
    assert!(compare().done());
    let tampered = |table: &str, change: &str, back: &str| {
        let off = format!("ALTER TABLE {table} DISABLE TRIGGER USER;");
        psql(&owner, &format!("{off} {change};"));
        let found = compare();
        assert_eq!(found.code, Some(1), "{change}: {found}");
        assert!(found.stderr.contains(&format!("la table {table} diffère")), "{change}: {found}");
        psql(&owner, &format!("{back}; ALTER TABLE {table} ENABLE TRIGGER USER;"));
        assert!(compare().done(), "{back}");
    };
    tampered(
        "line",
        "UPDATE line SET title = title || ' ' WHERE reference = 'R-5'",
        "UPDATE line SET title = rtrim(title) WHERE reference = 'R-5'",
    );
    tampered(
        "filing",
        "UPDATE filing SET filed_at = filed_at + INTERVAL '1 second' WHERE version = 1",
        "UPDATE filing SET filed_at = filed_at - INTERVAL '1 second' WHERE version = 1",
    );
    tampered(
        "journal",
        "UPDATE journal SET action = action || 'x' WHERE seq = 2",
        "UPDATE journal SET action = left(action, -1) WHERE seq = 2",
    );
    // On the other side.
    let sqlite = "DROP TRIGGER filing_no_update; UPDATE filing SET signatory = 'Autre' WHERE version = 1;";
    app.instance.must(sqlite);
    let found = compare();
    assert_eq!(found.code, Some(1), "{found}");
    assert!(found.stderr.contains("la table filing diffère"), "{found}");
}

/// What a service that runs would write meanwhile would be lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_that_serves_is_not_moved() {
    let app = released(Engine::Sqlite).await;
    let from = app.instance.url(crate::support::Role::Application);
    let (owner, url) = empty(&app, Engine::Postgres);
    migrate(&url, Some(&owner), app.instance.profile == Profile::Production, at(LATER)).await.unwrap();
    let serving = eapd::service::upkeep::presence::serving(&from).unwrap();
    let refused = eapd(&app, "", &["migrate-engine", "--from", &from, "--to", &owner]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("arrêtez-le d’abord"), "{refused}");
    drop(serving);
    let moved = eapd(&app, "", &["migrate-engine", "--from", &from, "--to", &owner]);
    assert!(moved.done(), "{moved}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_owner_moves_an_instance() {
    let app = released(Engine::Sqlite).await;
    let from = app.instance.url(crate::support::Role::Application);
    let (owner, url) = empty(&app, Engine::Postgres);
    migrate(&url, Some(&owner), true, at(LATER)).await.unwrap();
    let refused = eapd(&app, "", &["migrate-engine", "--from", &from, "--to", &url]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("owner_url"), "{refused}");
    let wrong = eapd(&app, "", &["migrate-engine", "--from", &owner, "--to", &from]);
    assert_eq!(wrong.code, Some(1), "{wrong}");
}
