//! Rows told to the engine together: all of them, in order, or none.

use eapd::domain::filing::FilingKind;
use eapd::store::idempotency::{self, Answered};
use eapd::store::person::{self, PersonKind};
use eapd::store::writes::Writes;
use eapd::store::{StoreError, filing, line};

use super::ground::{YEAR, body, ground, read, receipt_of, sent, short_line, version, write, year};
use crate::support::{TestApp, contract};

fn answered(receipt: &str) -> Answered {
    Answered { request_sha256: "cd".repeat(32), receipt: receipt.to_owned() }
}

async fn rows_of_several_tables_each_have_their_own_values(app: TestApp) {
    let now = app.app.now();
    let lines = [short_line("L1", 1_000), short_line("L2", 2_550)];
    let filed = version("A", 1, FilingKind::Declared, &lines, now);
    let receipt = receipt_of(&filed, "R-A");
    write(&app, async |tx| {
        let mut writes = Writes::of(tx);
        person::add(&mut writes, "P2", PersonKind::Signatory, ("Fictive", Some("maire")), now);
        line::insert(tx, &mut writes, (filed.siren, filed.flow_year, 1), &lines).await?;
        filing::insert(&mut writes, &filed);
        filing::insert_receipt(&mut writes, &receipt);
        idempotency::remember(&mut writes, ("T1", "clé"), &answered("R-A"), now);
        // Nothing is there yet.
        assert_eq!(filing::receipt(tx, "R-A").await?, None);
        writes.send(tx).await?;
        // And nothing is left to be sent.
        writes.send(tx).await
    })
    .await
    .unwrap();
    let person = read(&app, async |tx| person::find(tx, "P2").await).await;
    assert_eq!(person, Some((Some("Fictive".to_owned()), Some("maire".to_owned()))));
    let found = read(&app, async |tx| line::of_version(tx, body("A"), year(YEAR), 1).await).await;
    assert_eq!(found.into_iter().map(|filed| filed.line).collect::<Vec<_>>(), lines);
    assert_eq!(read(&app, async |tx| filing::effective(tx, body("A"), year(YEAR)).await).await, Some(filed));
    assert_eq!(read(&app, async |tx| filing::receipt(tx, "R-A").await).await, Some(receipt));
    let remembered = read(&app, async |tx| idempotency::find(tx, "T1", "clé").await).await;
    assert_eq!(remembered, Some(answered("R-A")));
}

async fn one_that_is_refused_takes_all_with_it(app: TestApp) {
    let now = app.app.now();
    let remember = |writes: &mut Writes, key: &str| {
        idempotency::remember(writes, ("T1", key), &answered("R"), now);
    };
    write(&app, async |tx| sent(tx, |writes| remember(writes, "prise")).await).await.unwrap();
    for order in [["avant", "prise", "après"], ["prise", "avant", "après"], ["avant", "après", "prise"]] {
        let tell = |writes: &mut Writes| order.iter().for_each(|key| remember(writes, key));
        let error = write(&app, async |tx| sent(tx, tell).await).await.unwrap_err();
        assert!(matches!(error, StoreError::Exists), "{error}");
        for key in ["avant", "après"] {
            let found = read(&app, async |tx| idempotency::find(tx, "T1", key).await).await;
            assert_eq!(found, None, "{key}");
        }
    }
}

/// What commits with the last of it: all of it, or nothing, and the next one writes.
async fn what_is_committed_with_is_whole(app: TestApp) {
    let now = app.app.now();
    let commit = async |tell: &dyn Fn(&mut Writes)| {
        let tx = app.app.db.begin().await.unwrap();
        let mut writes = Writes::of(&tx);
        tell(&mut writes);
        writes.commit(tx).await
    };
    let remember = |writes: &mut Writes, key: &str| {
        idempotency::remember(writes, ("T1", key), &answered("R"), now);
    };
    let found = async |key: &str| read(&app, async |tx| idempotency::find(tx, "T1", key).await).await;
    commit(&|writes| ["prise", "aussi"].iter().for_each(|key| remember(writes, key))).await.unwrap();
    assert_eq!((found("prise").await, found("aussi").await), (Some(answered("R")), Some(answered("R"))));
    for order in [["avant", "prise", "après"], ["prise", "avant", "après"], ["avant", "après", "prise"]] {
        let error = commit(&|writes| order.iter().for_each(|key| remember(writes, key))).await.unwrap_err();
        assert!(matches!(error, StoreError::Exists), "{error}");
        assert_eq!((found("avant").await, found("après").await), (None, None));
    }
    // Nothing to write is nothing.
    commit(&|_writes| {}).await.unwrap();
    commit(&|writes| remember(writes, "après")).await.unwrap();
    assert_eq!(found("après").await, Some(answered("R")));
}

/// What is refused by the COMMIT alone: lines that no filing follows.
async fn a_commit_that_is_refused_takes_all_with_it(app: TestApp) {
    let now = app.app.now();
    let mut tx = app.app.db.begin().await.unwrap();
    let mut writes = Writes::of(&tx);
    idempotency::remember(&mut writes, ("T1", "clé"), &answered("R"), now);
    let lines = [short_line("L1", 1_000), short_line("L2", 2_550), short_line("L3", 5)];
    line::insert(&mut tx, &mut writes, (body("A"), year(YEAR), 1), &lines).await.unwrap();
    writes.commit(tx).await.unwrap_err();
    assert_eq!(read(&app, async |tx| idempotency::find(tx, "T1", "clé").await).await, None);
    let found = read(&app, async |tx| line::of_version(tx, body("A"), year(YEAR), 1).await).await;
    assert_eq!(found, []);
    // The next one writes, and what is dropped untold is gone.
    let mut tx = app.app.db.begin().await.unwrap();
    let mut writes = Writes::of(&tx);
    idempotency::remember(&mut writes, ("T1", "clé"), &answered("R"), now);
    writes.send(&mut tx).await.unwrap();
    drop(tx);
    assert_eq!(read(&app, async |tx| idempotency::find(tx, "T1", "clé").await).await, None);
}

/// Rows of one INSERT have as many values each: one that has not is refused before it is sent.
async fn rows_of_unequal_length_are_not_sent(app: TestApp) {
    let tx = app.app.db.begin().await.unwrap();
    let mut writes = Writes::of(&tx);
    let told = &mut writes;
    let told = told.into("idempotency", "scope, key");
    told.row(|row| _ = row.text("a").text("b")).row(|row| _ = row.text("a"));
    writes.commit(tx).await.unwrap_err();
}

contract!(with ground, "2014-05-20T10:00:00Z":
    rows_of_several_tables_each_have_their_own_values,
    one_that_is_refused_takes_all_with_it,
    what_is_committed_with_is_whole,
    a_commit_that_is_refused_takes_all_with_it,
    rows_of_unequal_length_are_not_sent,
);
