//! A standby that really streams: what is public is read from it, and from the primary once it is lost.

use std::sync::Arc;

use eapd::app::App;
use eapd::clock::ManualClock;
use eapd::config::Config;
use eapd::random::Random;
use eapd::service::report;
use eapd::store::engine::migrate;
use eapd::store::replica::Origin;

use crate::durability::server::Server;
use crate::support::at;

const NOW: &str = "2014-05-20T10:00:00+02:00";

async fn origin(app: &App) -> Origin {
    let (tx, origin) = app.replica.snapshot(&app.db).await.unwrap();
    tx.done();
    origin
}

async fn open(primary: &Server, read_url: &str) -> App {
    let toml = format!(
        "profile = \"demo\"\n[database]\nurl = {:?}\nread_url = {read_url:?}\n",
        primary.url("eapd_app")
    );
    let clock = Arc::new(ManualClock::at(at(NOW)));
    App::with(Config::from_toml(&toml).unwrap(), clock, Arc::new(Random::from_seed(7))).await.unwrap()
}

#[tokio::test]
async fn what_is_public_is_read_from_a_standby_until_it_is_lost() {
    let primary = Server::new("replica-primary");
    migrate(&primary.url("eapd_app"), Some(&primary.url("eapd_owner")), true, at(NOW)).await.unwrap();
    let mut standby = primary.standby("replica-standby");

    let app = open(&primary, &standby.url("eapd_app")).await;
    assert_eq!(origin(&app).await, Origin::Replica);
    assert_eq!(report::published(&app).await.unwrap(), []);
    // What is written on the primary comes to the standby, and is refused there.
    let (pool, is_read) = app.replica.figures().unwrap();
    assert!(is_read && pool.open >= 1, "{pool:?}");
    assert_eq!(standby.sql("eapd", "SELECT pg_is_in_recovery();").trim(), "t");

    // Lost in the middle of the night: the primary is read, and nobody is refused.
    standby.kill();
    for _request in 0..3 {
        assert_eq!(origin(&app).await, Origin::Primary);
        assert_eq!(report::published(&app).await.unwrap(), []);
    }
    assert!(!app.replica.figures().unwrap().1, "it is left alone for a while");

    // A server that follows nobody is none to read from: the primary itself, here.
    let wrong = open(&primary, &primary.url("eapd_app")).await;
    assert_eq!(origin(&wrong).await, Origin::Primary);
    // Nor is one that was never there a reason not to start.
    let never = open(&primary, "postgres://eapd_app@127.0.0.1:1/eapd").await;
    assert_eq!(origin(&never).await, Origin::Primary);
    for app in [app, wrong, never] {
        app.replica.close().await;
        app.db.close().await;
    }
}
