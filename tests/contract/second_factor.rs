//! The second factor: a key that waits, then opens; steps that go forwards; codes that serve once.

use eapd::domain::account::{AccountRole, Key};
use eapd::store::second_factor::{self, SecondFactor};
use eapd::store::{StoreError, account};

use super::account::agent;
use super::ground::{ground, read, write};
use crate::support::{TestApp, at, contract};

const NOON: &str = "2014-05-20T10:00:00Z";

fn key(byte: u8) -> Key {
    Key::new([byte; 20])
}

async fn prepare(app: &TestApp, byte: u8) {
    write(app, async |tx| second_factor::prepare(tx, "P1", &key(byte)).await).await.unwrap();
}

async fn confirm(app: &TestApp, byte: u8, step: i64) -> bool {
    write(app, async |tx| second_factor::confirm(tx, "P1", &key(byte), step, at(NOON)).await).await.unwrap()
}

async fn found(app: &TestApp) -> Option<SecondFactor> {
    read(app, async |tx| second_factor::find(tx, "P1").await).await
}

async fn a_key_opens_once_it_is_confirmed(app: TestApp) {
    agent(&app, "P1", "a@ministere.example", AccountRole::Manager).await;
    assert_eq!(found(&app).await, None);
    prepare(&app, 1).await;
    prepare(&app, 2).await;
    let waiting = SecondFactor { key: None, next_key: Some(key(2)), last_step: 0 };
    assert_eq!(found(&app).await, Some(waiting));
    let since = async || read(&app, async |tx| account::find(tx, "P1").await).await.unwrap().second_factor_at;
    assert_eq!(since().await, None);
    assert!(!confirm(&app, 1, 5).await, "another one waits by now");
    assert!(confirm(&app, 2, 5).await);
    assert!(!confirm(&app, 2, 6).await, "it waits no more");
    assert_eq!(since().await, Some(at(NOON)));
    // Another one may wait beside it.
    prepare(&app, 3).await;
    let both = SecondFactor { key: Some(key(2)), next_key: Some(key(3)), last_step: 5 };
    assert_eq!(found(&app).await, Some(both));
    let forget = async || write(&app, async |tx| second_factor::forget(tx, "P1").await).await.unwrap();
    assert!(forget().await && !forget().await);
    assert_eq!(found(&app).await, None);
}

async fn a_step_is_taken_once_and_none_before_it(app: TestApp) {
    agent(&app, "P1", "a@ministere.example", AccountRole::Manager).await;
    prepare(&app, 1).await;
    assert!(confirm(&app, 1, 5).await);
    let take =
        async |step| write(&app, async |tx| second_factor::take_step(tx, "P1", step).await).await.unwrap();
    assert!(!take(5).await, "the one that confirmed it");
    assert!(take(7).await);
    assert!(!take(7).await && !take(6).await);
    assert!(take(8).await);
    let nobody = write(&app, async |tx| second_factor::take_step(tx, "P9", 9).await).await.unwrap();
    assert!(!nobody);
}

async fn a_printed_code_serves_once(app: TestApp) {
    agent(&app, "P1", "a@ministere.example", AccountRole::Manager).await;
    prepare(&app, 1).await;
    let insert = async |hash: &'static str| {
        write(&app, async |tx| second_factor::insert_code(tx, "P1", hash).await).await
    };
    insert("h1").await.unwrap();
    insert("h2").await.unwrap();
    assert!(matches!(insert("h1").await, Err(StoreError::Exists)));
    let left = async || read(&app, async |tx| second_factor::codes_left(tx, "P1").await).await;
    assert_eq!(left().await, 2);
    let used = async |person: &'static str, hash: &'static str| {
        let taken =
            async |tx: &mut eapd::store::Tx<'_>| second_factor::use_code(tx, person, hash, at(NOON)).await;
        write(&app, taken).await.unwrap()
    };
    assert!(!used("P2", "h1").await && !used("P1", "h9").await);
    assert!(used("P1", "h1").await && !used("P1", "h1").await);
    assert_eq!(left().await, 1);
    assert_eq!(write(&app, async |tx| second_factor::forget_codes(tx, "P1").await).await.unwrap(), 2);
    assert_eq!(left().await, 0);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_key_opens_once_it_is_confirmed,
    a_step_is_taken_once_and_none_before_it,
    a_printed_code_serves_once,
);
