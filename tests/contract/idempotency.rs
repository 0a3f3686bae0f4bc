//! Answers already given.

use eapd::store::StoreError;
use eapd::store::idempotency::{self, Answered};
use eapd::store::writes::Writes;

use super::ground::{ground, read, sent, write};
use crate::support::{TestApp, contract};

fn answered(receipt: &str) -> Answered {
    Answered { request_sha256: "ab".repeat(32), receipt: receipt.to_owned() }
}

async fn remember(app: &TestApp, scope: &str, key: &str, receipt: &str) -> Result<(), StoreError> {
    let now = app.app.now();
    let remember = |writes: &mut Writes| {
        idempotency::remember(writes, (scope, key), &answered(receipt), now);
    };
    write(app, async |tx| sent(tx, remember).await).await
}

async fn find(app: &TestApp, scope: &str, key: &str) -> Option<Answered> {
    read(app, async |tx| idempotency::find(tx, scope, key).await).await
}

async fn an_answer_reads_back_in_its_scope(app: TestApp) {
    assert_eq!(find(&app, "T1", "clé").await, None);
    remember(&app, "T1", "clé", "R1").await.unwrap();
    remember(&app, "T2", "clé", "R2").await.unwrap();
    assert_eq!(find(&app, "T1", "clé").await, Some(answered("R1")));
    assert_eq!(find(&app, "T2", "clé").await, Some(answered("R2")));
    assert_eq!(find(&app, "T1", "Clé").await, None, "keys are compared as they are");
}

async fn a_key_serves_once_in_a_scope(app: TestApp) {
    remember(&app, "T1", "k", "R1").await.unwrap();
    let again = remember(&app, "T1", "k", "R2").await.unwrap_err();
    assert!(matches!(again, StoreError::Exists), "{again}");
    assert_eq!(find(&app, "T1", "k").await, Some(answered("R1")));
}

contract!(with ground, "2014-05-20T10:00:00Z":
    an_answer_reads_back_in_its_scope,
    a_key_serves_once_in_a_scope,
);
