//! The statements about the whole database, on both engines.

use eapd::config::Profile;
use eapd::store::{inventory, moving, upkeep};

use crate::support::{Engine, TestApp, contract};

contract!(Profile::Demo, "2014-05-20T10:00:00Z": every_table_is_known, every_guard_is_known, the_engine_says_what_it_is,
    a_copy_holds_the_same, an_instance_moves_from_sqlite_to_postgres_only);

/// A new table is copied and counted too, or this fails.
async fn every_table_is_known(app: TestApp) {
    let mut tx = app.app.db.snapshot().await.unwrap();
    let mut known = inventory::tables(&mut tx).await.unwrap();
    known.sort_unstable();
    assert_eq!(known, upkeep::tables(&mut tx).await.unwrap());
    let counts = inventory::counts(&mut tx).await.unwrap();
    assert_eq!(counts.len(), known.len());
    assert!(counts.iter().all(|(table, rows)| *rows == i64::from(*table == "instance")), "{counts:?}");
    assert_eq!(inventory::own_resources(&mut tx).await.unwrap(), []);
    assert_eq!(inventory::migration(&mut tx).await.unwrap(), eapd::store::engine::last_migration());
}

async fn every_guard_is_known(app: TestApp) {
    let mut tx = app.app.db.snapshot().await.unwrap();
    let found = upkeep::guarded(&mut tx).await.unwrap();
    for table in upkeep::GUARDED {
        assert!(found.iter().any(|guarded| guarded == table), "{table}: {found:?}");
    }
    assert!(found.len() >= upkeep::GUARDED.len());
}

async fn the_engine_says_what_it_is(app: TestApp) {
    let mut tx = app.app.db.snapshot().await.unwrap();
    assert!(upkeep::is_sound(&mut tx).await.unwrap());
    // The application role owns nothing.
    assert_eq!(upkeep::owned(&mut tx).await.unwrap(), 0);
    assert_eq!(upkeep::bodies(&mut tx).await.unwrap(), 0);
    assert!(moving::is_empty(&mut tx).await.unwrap());
    let apart =
        upkeep::now(&mut tx).await.unwrap().seconds_since(eapd::clock::Clock::now(&eapd::clock::SystemClock));
    assert!(apart.abs() < 60);
    let exported = upkeep::export_snapshot(&mut tx).await.unwrap();
    assert_eq!(exported.is_some(), app.engine() == Engine::Postgres);
    drop(tx);
    // A file is not emptied, nor tables by a role that does not own them.
    assert!(upkeep::empty_postgres(&app.app.db).await.is_err());
}

/// PostgreSQL copies itself: its copy is made from an exported snapshot.
async fn a_copy_holds_the_same(app: TestApp) {
    let file = app.instance.home().join("copy.sqlite");
    let copied = upkeep::copy_sqlite(&app.app.db, &file).await;
    assert_eq!(copied.is_ok(), app.engine() == Engine::Sqlite, "{copied:?}");
    if copied.is_ok() {
        let mut copy = upkeep::snapshot_of(&file).await.unwrap();
        let mut tx = app.app.db.snapshot().await.unwrap();
        assert_eq!(inventory::counts(&mut copy).await.unwrap(), inventory::counts(&mut tx).await.unwrap());
    }
}

/// What moves, and what is found different, is in `upkeep::engine`, by the command.
async fn an_instance_moves_from_sqlite_to_postgres_only(app: TestApp) {
    let mut tx = app.app.db.snapshot().await.unwrap();
    assert!(moving::fill(&mut tx, &app.app.db, |_table| {}).await.is_err());
    assert!(moving::compare(&mut tx, &app.app.db, |_table| {}).await.is_err());
}
