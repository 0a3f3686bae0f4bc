//! Sessions, links and codes: found by the hash of their secret, ended once.

use eapd::domain::account::{AccountRole, Purpose};
use eapd::domain::instant::Instant;
use eapd::store::StoreError;
use eapd::store::session::{self, Session};
use eapd::store::single_use::{self, SingleUse};

use super::account::agent;
use super::ground::{body, ground, read, write};
use crate::support::{TestApp, at, contract};

const NOON: &str = "2014-05-20T10:00:00Z";

fn session_of(person: &str, id: &str, seen_at: Instant) -> Session {
    Session {
        id: id.to_owned(),
        person: person.to_owned(),
        browser: "Navigateur fictif".to_owned(),
        created_at: at(NOON),
        seen_at,
        ended_at: None,
    }
}

async fn open(app: &TestApp, told: &Session) {
    let hash = format!("hash of {}", told.id);
    write(app, async |tx| session::insert(tx, told, &hash).await).await.unwrap();
}

async fn by_secret(app: &TestApp, id: &str) -> Option<Session> {
    read(app, async |tx| session::by_secret(tx, &format!("hash of {id}")).await).await
}

async fn a_session_reads_back_and_ends_once(app: TestApp) {
    agent(&app, "P1", "a@ville.example", AccountRole::Declarant).await;
    agent(&app, "P2", "b@ville.example", AccountRole::Declarant).await;
    let (first, second) =
        (session_of("P1", "S1", at(NOON)), session_of("P1", "S2", at("2014-05-20T10:05:00Z")));
    let other = session_of("P2", "S3", at(NOON));
    for told in [&first, &second, &other] {
        open(&app, told).await;
        assert_eq!(by_secret(&app, &told.id).await.as_ref(), Some(told));
    }
    assert_eq!(by_secret(&app, "S9").await, None);
    let again =
        write(&app, async |tx| session::insert(tx, &session_of("P1", "S4", at(NOON)), "hash of S1").await);
    assert!(matches!(again.await, Err(StoreError::Exists)));
    let mine = async || read(&app, async |tx| session::of_person(tx, "P1").await).await;
    assert_eq!(mine().await, [second.clone(), first.clone()], "the last seen first");
    let ended_at = at("2014-05-20T10:10:00Z");
    let end = async |person: &'static str, id: &'static str| {
        write(&app, async |tx| session::end(tx, person, id, ended_at).await).await.unwrap()
    };
    assert!(!end("P1", "S3").await, "another one’s");
    assert!(end("P1", "S1").await);
    assert!(!end("P1", "S1").await, "once");
    assert_eq!(by_secret(&app, "S1").await.unwrap().ended_at, Some(ended_at));
    assert_eq!(mine().await, [second]);
}

async fn a_request_is_noted_forwards_only(app: TestApp) {
    agent(&app, "P1", "a@ville.example", AccountRole::Declarant).await;
    open(&app, &session_of("P1", "S1", at(NOON))).await;
    let note = async |now: &'static str| {
        write(&app, async |tx| session::seen(tx, "S1", at(now)).await).await.unwrap();
        by_secret(&app, "S1").await.unwrap().seen_at
    };
    assert_eq!(note("2014-05-20T10:02:00Z").await, at("2014-05-20T10:02:00Z"));
    assert_eq!(note("2014-05-20T10:01:00Z").await, at("2014-05-20T10:02:00Z"));
}

async fn the_others_end_or_all(app: TestApp) {
    agent(&app, "P1", "a@ville.example", AccountRole::Declarant).await;
    agent(&app, "P2", "b@ville.example", AccountRole::Declarant).await;
    for (person, id) in [("P1", "S1"), ("P1", "S2"), ("P1", "S3"), ("P2", "S4")] {
        open(&app, &session_of(person, id, at(NOON))).await;
    }
    let end = async |kept: Option<&'static str>| {
        write(&app, async |tx| session::end_others(tx, "P1", kept, at(NOON)).await).await.unwrap()
    };
    assert_eq!(end(Some("S2")).await, 2);
    assert_eq!(end(None).await, 1);
    assert_eq!(end(None).await, 0);
    assert_eq!(by_secret(&app, "S4").await.unwrap().ended_at, None);
    let purged = async |before: &'static str| {
        write(&app, async |tx| session::purge(tx, at(before)).await).await.unwrap()
    };
    assert_eq!(purged(NOON).await, 0);
    assert_eq!(write(&app, async |tx| session::forget(tx, "P1").await).await.unwrap(), 3);
    assert_eq!(purged("2014-05-20T10:00:01Z").await, 1);
}

async fn a_link_serves_once(app: TestApp) {
    agent(&app, "P1", "a@ville.example", AccountRole::Declarant).await;
    let find = async |hash: &'static str| read(&app, async |tx| single_use::find(tx, hash).await).await;
    for (purpose, siren, hash) in [
        (Purpose::Confirm, None, "h1"),
        (Purpose::Reset, None, "h2"),
        (Purpose::Code, Some(body("A")), "h3"),
        (Purpose::Invite, None, "h4"),
        (Purpose::Step, None, "h5"),
    ] {
        let told = SingleUse::new(purpose, "P1", siren, at(NOON));
        write(&app, async |tx| single_use::insert(tx, &told, hash).await).await.unwrap();
        assert_eq!(find(hash).await, Some(told.clone()));
        assert!(
            told.serves(purpose, told.expires_at.plus_seconds(-1)) && !told.serves(purpose, told.expires_at)
        );
    }
    assert_eq!(find("h9").await, None);
    let use_up = async |hash: &'static str| {
        write(&app, async |tx| single_use::use_up(tx, hash, at(NOON)).await).await.unwrap()
    };
    assert!(use_up("h1").await && !use_up("h1").await && !use_up("h9").await);
    assert!(!find("h1").await.unwrap().serves(Purpose::Confirm, at(NOON)));
    let end = async |purpose, siren| {
        write(&app, async |tx| single_use::end_all(tx, "P1", purpose, siren, at(NOON)).await).await.unwrap()
    };
    assert_eq!(end(Purpose::Confirm, None).await, 0, "used already");
    assert_eq!(end(Purpose::Code, Some(body("B"))).await, 0, "another collectivity");
    assert_eq!(end(Purpose::Code, Some(body("A"))).await, 1);
    assert_eq!(end(Purpose::Reset, None).await, 1);
    assert_eq!((end(Purpose::Invite, None).await, end(Purpose::Step, None).await), (1, 1));
    let purged = async |before: &'static str| {
        write(&app, async |tx| single_use::purge(tx, at(before)).await).await.unwrap()
    };
    assert_eq!(purged("2014-05-20T11:00:00Z").await, 1, "a step was over after ten minutes");
    assert_eq!(purged("2014-05-21T10:00:00Z").await, 1, "the reset link was over after an hour");
    assert_eq!(write(&app, async |tx| single_use::forget(tx, "P1").await).await.unwrap(), 3);
}

async fn wrong_codes_are_counted(app: TestApp) {
    agent(&app, "P1", "a@ville.example", AccountRole::Declarant).await;
    let now = at(NOON);
    let fail = async |siren: &'static str| {
        write(&app, async |tx| single_use::fail_code(tx, "P1", body(siren), now).await).await.unwrap()
    };
    assert_eq!(fail("A").await, None, "no code");
    let told = SingleUse::new(Purpose::Code, "P1", Some(body("A")), now);
    write(&app, async |tx| single_use::insert(tx, &told, "h1").await).await.unwrap();
    assert_eq!((fail("A").await, fail("A").await, fail("B").await), (Some(1), Some(2), None));
    assert_eq!(read(&app, async |tx| single_use::find(tx, "h1").await).await.unwrap().tries, 2);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_session_reads_back_and_ends_once,
    a_request_is_noted_forwards_only,
    the_others_end_or_all,
    a_link_serves_once,
    wrong_codes_are_counted,
);
