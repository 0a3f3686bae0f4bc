//! The sums of every format are those of the input (rules 6 and 12): an oracle
//! adds up what the generator drew, in whole centimes, and knows nothing of the
//! program; random campaigns are filed by the use cases, on both engines.

mod audiences;
mod drawn;
mod filed;
mod snapshot;

use std::collections::BTreeSet;

use eapd::config::Profile;

use crate::support::{Engine, TestApp, template};
use drawn::{Drawn, Edge};

/// Campaigns of one test, more in the long run.
fn campaigns() -> u64 {
    if std::env::var_os("EAPD_LONG").is_some() { 20 } else { 2 }
}

async fn sums_agree(engine: Engine) {
    let mut occurred: BTreeSet<Edge> = BTreeSet::new();
    for seed in 1..=campaigns() {
        let app =
            TestApp::copy_of(&template::migrated(engine, Profile::Demo).await, "2014-01-06T09:00:00Z").await;
        let drawn = Drawn::of_seed(seed);
        filed::file(&app, &drawn).await;
        occurred.extend(drawn.edges());
        audiences::agree(&app, &drawn).await;
    }
    let missing: Vec<&Edge> = Edge::ALL.iter().filter(|edge| !occurred.contains(edge)).collect();
    assert!(missing.is_empty(), "what was drawn never had {missing:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    sums_agree(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    sums_agree(Engine::Postgres).await;
}
