//! The register on SQLite: what `contract::register` asks for.

use std::sync::Arc;

use eapd::app::App;
use eapd::clock::ManualClock;
use eapd::config::Config;
use eapd::random::Random;
use eapd::store::engine::migrate;

use crate::contract::register as contract;

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
    bad_decisions_write_nothing,
    mergers_make_a_lineage,
    a_body_is_completed,
    a_search_forgives,
    a_year_is_read_whole,
    the_real_package_is_imported,
);
