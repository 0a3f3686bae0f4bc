//! Opening, closing and taking turns.

use std::time::Duration;

use eapd::clock::{Clock, SystemClock};
use eapd::store::{Db, StoreError, Tx, engine};

use super::ground::{campaign, ground};
use crate::support::{Engine, Role, TestApp, contract};

/// What one writer takes.
#[derive(Debug, Clone, Copy)]
enum Lock {
    Share(u16),
    Hold(u16),
    Register,
    Journal,
    Attachments,
    Attempts,
    Mail,
    Crs,
    Jobs,
}

async fn take(tx: &mut Tx<'_>, lock: Lock) {
    match lock {
        Lock::Share(year) => tx.share_campaign(campaign(year)).await,
        Lock::Hold(year) => tx.hold_campaign(campaign(year)).await,
        Lock::Register => tx.hold_register().await,
        Lock::Journal => tx.hold_journal().await,
        Lock::Attachments => tx.hold_attachments().await,
        Lock::Attempts => tx.hold_attempts().await,
        Lock::Mail => tx.hold_mail().await,
        Lock::Crs => tx.hold_crs().await,
        Lock::Jobs => tx.hold_jobs().await,
    }
    .unwrap();
}

/// Whether a second writer has to wait for the first, and gets its turn when the first ends.
async fn waits(app: &TestApp, first: Lock, second: Lock) -> bool {
    let mut tx = app.app.db.begin().await.unwrap();
    take(&mut tx, first).await;
    let db = app.app.db.clone();
    let mut other = tokio::spawn(async move {
        let mut tx = db.begin().await.unwrap();
        take(&mut tx, second).await;
    });
    let waited = tokio::time::timeout(Duration::from_millis(300), &mut other).await.is_err();
    drop(tx);
    if waited {
        tokio::time::timeout(Duration::from_secs(20), other).await.expect("its turn comes").unwrap();
    }
    waited
}

async fn a_decision_and_a_filing_take_turns(app: TestApp) {
    for (first, second) in [
        (Lock::Share(2014), Lock::Hold(2014)),
        (Lock::Hold(2014), Lock::Share(2014)),
        (Lock::Hold(2014), Lock::Hold(2014)),
        (Lock::Register, Lock::Register),
        (Lock::Journal, Lock::Journal),
        (Lock::Attachments, Lock::Attachments),
        (Lock::Crs, Lock::Crs),
        (Lock::Attempts, Lock::Attempts),
        (Lock::Mail, Lock::Mail),
        (Lock::Jobs, Lock::Jobs),
    ] {
        assert!(waits(&app, first, second).await, "{second:?} beside {first:?}");
    }
}

/// Several filings at once, and campaigns that do not hinder each other: where
/// the engine has several writers at all.
async fn others_do_not_wait(app: TestApp) {
    let alone = app.engine() == Engine::Sqlite;
    for (first, second) in [
        (Lock::Share(2014), Lock::Share(2014)),
        (Lock::Hold(2014), Lock::Share(2015)),
        (Lock::Journal, Lock::Hold(2014)),
        (Lock::Register, Lock::Journal),
        (Lock::Attachments, Lock::Attempts),
    ] {
        assert_eq!(waits(&app, first, second).await, alone, "{second:?} beside {first:?}");
    }
}

async fn a_database_that_cannot_be_used_says_why(app: TestApp) {
    let absent = match app.engine() {
        Engine::Sqlite => format!("sqlite://{}", app.instance.home().join("absente.db").display()),
        Engine::Postgres => app.instance.url(Role::Application).replace(app.instance.name(), "absente"),
    };
    let error = Db::open(&absent).await.unwrap_err();
    assert!(matches!(&error, StoreError::Unusable(text) if text.contains("eapd migrate")), "{error}");
    let error = Db::open("mysql://localhost/eapd").await.unwrap_err();
    assert!(matches!(error, StoreError::Unusable(_)), "{error}");
}

async fn a_closed_database_answers_no_more(app: TestApp) {
    app.app.db.close().await;
    assert!(app.app.db.begin().await.is_err());
    assert!(app.app.db.snapshot().await.is_err());
    assert!(app.app.db.is_demonstration().await.is_err());
}

/// What an instance is was written once: migrating as something else changes nothing.
async fn a_demonstration_stays_one(app: TestApp) {
    let (url, owner) = (app.instance.url(Role::Application), app.instance.url(Role::Owner));
    let owner = (app.engine() == Engine::Postgres).then_some(owner.as_str());
    engine::migrate(&url, owner, false, SystemClock.now()).await.unwrap();
    assert!(app.app.db.is_demonstration().await.unwrap());
    if app.engine() == Engine::Postgres {
        let error = engine::migrate(&url, None, false, SystemClock.now()).await.unwrap_err();
        assert!(matches!(error, StoreError::Unusable(_)), "{error}");
    }
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_decision_and_a_filing_take_turns,
    others_do_not_wait,
    a_database_that_cannot_be_used_says_why,
    a_closed_database_answers_no_more,
    a_demonstration_stays_one,
);
