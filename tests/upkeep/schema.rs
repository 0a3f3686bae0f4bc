//! The statements about the whole database, on both engines.

use eapd::config::Profile;
use eapd::store::{inventory, upkeep};

use crate::support::{TestApp, contract};

contract!(Profile::Demo, "2014-05-20T10:00:00Z": every_table_is_known, every_guard_is_known, the_engine_says_what_it_is);

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
    assert!(eapd::store::moving::is_empty(&mut tx).await.unwrap());
    let apart =
        upkeep::now(&mut tx).await.unwrap().seconds_since(eapd::clock::Clock::now(&eapd::clock::SystemClock));
    assert!(apart.abs() < 60);
    let exported = upkeep::export_snapshot(&mut tx).await.unwrap();
    assert_eq!(exported.is_some(), app.engine() == crate::support::Engine::Postgres);
}
