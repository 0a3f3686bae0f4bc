//! The journal: a chain that reads back as it was told.

use eapd::config::Profile;
use eapd::domain::journal::{JournalEntry, JournalHead};
use eapd::domain::year::FlowYear;
use eapd::store::journal::{self, Sought, Told};
use eapd::store::writes::Writes;
use futures_util::TryStreamExt;

use crate::support::{Engine, TestApp, at, contract};

async fn append(app: &TestApp, told: Told<'_>) {
    let mut tx = app.app.db.begin().await.unwrap();
    journal::append(&mut tx, told).await.unwrap();
    tx.commit().await.unwrap();
}

async fn entries(app: &TestApp) -> Vec<JournalEntry> {
    let mut tx = app.app.db.snapshot().await.unwrap();
    journal::stream(&mut tx).try_collect().await.unwrap()
}

async fn what_was_filed_since_an_end_is_told(app: TestApp) {
    let tell = async |action, subject| {
        let at = at("2014-05-20T10:00:00Z");
        append(&app, Told { at, actor: "P1", action, subject, before: None, after: None }).await;
    };
    let since = async |head: &JournalHead| {
        let mut tx = app.app.db.snapshot().await.unwrap();
        let filed = journal::filed_since(&mut tx, head, FlowYear::new(2013).unwrap()).await.unwrap();
        filed.map(|filed| filed.into_iter().map(|siren| siren.to_string()).collect::<Vec<_>>())
    };
    tell("campaign.create", "2014").await;
    let seen = journal::head(&mut app.app.db.snapshot().await.unwrap()).await.unwrap();
    assert_eq!(since(&seen).await, Some(vec![]));
    tell("declaration.file", "217500016/2013/1").await;
    tell("session.open", "S1").await;
    tell("declaration.file", "217500016/2013/2").await;
    tell("declaration.file", "219900107/2014/1").await;
    assert_eq!(since(&seen).await, Some(vec!["217500016".to_owned()]));
    // Not an end of this chain.
    let other = JournalHead { hash: "0".repeat(64), ..seen.clone() };
    assert_eq!(since(&other).await, None);
    tell("register.decide", "217500016").await;
    assert_eq!(since(&seen).await, None);
}

async fn an_empty_journal_has_no_head(app: TestApp) {
    let mut tx = app.app.db.snapshot().await.unwrap();
    let head = journal::head(&mut tx).await.unwrap();
    assert_eq!((head.seq, head.hash.as_str()), (0, ""));
    drop(tx);
    assert_eq!(entries(&app).await, []);
}

async fn entries_read_back_in_order_and_chained(app: TestApp) {
    let first = Told {
        at: at("2014-05-20T10:00:00Z"),
        actor: "P1",
        action: "campaign.create",
        subject: "campagne 2014",
        before: None,
        after: Some(r#"{"ouvre":"2014-04-15","note":"é € 𝕏"}"#),
    };
    append(&app, first).await;
    append(&app, Told { before: Some("{}"), after: None, at: at("2014-10-26T02:30:00+01:00"), ..first })
        .await;
    let found = entries(&app).await;
    let [one, two] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((one.seq, two.seq), (1, 2));
    assert_eq!(one.after.as_deref(), first.after);
    assert_eq!((two.before.as_deref(), two.after.as_deref()), (Some("{}"), None));
    assert_eq!(two.at, at("2014-10-26T01:30:00Z"));
    assert_eq!((one.previous.as_str(), two.previous.as_str()), ("", one.hash.as_str()));
    for entry in &found {
        assert_eq!(entry.compute_hash().unwrap(), entry.hash);
    }
}

async fn the_last_instant_and_what_was_told_are_found(app: TestApp) {
    let last = async || journal::last_instant(&mut app.app.db.snapshot().await.unwrap()).await.unwrap();
    let tells =
        async |action: &str| journal::tells(&mut app.app.db.snapshot().await.unwrap(), action).await.unwrap();
    assert_eq!((last().await, tells("essai").await), (None, false));
    let told = Told {
        at: at("2014-05-20T10:00:00Z"),
        actor: "P1",
        action: "essai",
        subject: "un",
        before: None,
        after: None,
    };
    append(&app, told).await;
    append(&app, Told { at: at("2014-05-21T10:00:00Z"), subject: "deux", ..told }).await;
    assert_eq!((last().await, tells("essai").await), (Some(at("2014-05-21T10:00:00Z")), true));
    assert!(!tells("autre").await);
    let last_of = async |action: &str| {
        journal::last_of(&mut app.app.db.snapshot().await.unwrap(), action).await.unwrap()
    };
    assert_eq!(last_of("essai").await, entries(&app).await.pop());
    assert_eq!(last_of("autre").await, None);
}

/// By collectivity (of the subject, or else of the state after), person, action, instant and number.
async fn entries_are_found_by_what_is_looked_for(app: TestApp) {
    let told = Told {
        at: at("2014-05-20T10:00:00Z"),
        actor: "P1",
        action: "a",
        subject: "x",
        before: None,
        after: None,
    };
    append(&app, Told { subject: "217500016/2013", ..told }).await;
    append(&app, Told { actor: "P2", after: Some(r#"{"agent":"P1","siren":"217500016"}"#), ..told }).await;
    append(&app, Told { action: "b", subject: "217500016", at: at("2014-05-21T10:00:00Z"), ..told }).await;
    append(&app, Told { subject: "2175000160", after: Some(r#"{"siren":null}"#), ..told }).await;
    append(&app, Told { subject: "213105554/2013", after: Some(r#"{"siren":"217500016"}"#), ..told }).await;
    let all = Sought {
        siren: "",
        actor: "",
        action: "",
        from: at("2014-05-20T00:00:00Z"),
        until: at("2014-05-22T00:00:00Z"),
        after: 0,
        before: 100,
        limit: 10,
    };
    let found = async |sought: Sought<'_>| -> Vec<i64> {
        let mut tx = app.app.db.snapshot().await.unwrap();
        journal::search(&mut tx, sought).await.unwrap().into_iter().map(|entry| entry.seq).collect()
    };
    assert_eq!(found(all).await, [5, 4, 3, 2, 1]);
    let siren = Sought { siren: "217500016", ..all };
    assert_eq!(found(siren).await, [3, 2, 1]);
    assert_eq!(found(Sought { actor: "P2", ..siren }).await, [2]);
    assert_eq!(found(Sought { action: "b", ..siren }).await, [3]);
    assert_eq!(found(Sought { siren: "213105554", ..all }).await, [5]);
    assert_eq!(found(Sought { actor: "P1", ..all }).await, [5, 4, 3, 1]);
    assert_eq!(found(Sought { actor: "P1", action: "b", ..all }).await, [3]);
    assert_eq!(found(Sought { action: "a", after: 1, before: 5, ..all }).await, [4, 2]);
    assert_eq!(found(Sought { limit: 2, ..all }).await, [5, 4]);
    assert_eq!(found(Sought { from: at("2014-05-21T10:00:00Z"), ..all }).await, [3]);
    assert_eq!(found(Sought { until: at("2014-05-21T10:00:00Z"), ..siren }).await, [2, 1]);
    let mut tx = app.app.db.snapshot().await.unwrap();
    assert_eq!(journal::instant_of(&mut tx, 3).await.unwrap(), Some(at("2014-05-21T10:00:00Z")));
    assert_eq!(journal::instant_of(&mut tx, 6).await.unwrap(), None);
}

/// Ten writers at once: one chain, nobody lost.
async fn writers_at_once_make_one_chain(app: TestApp) {
    let writers = (0..10).map(async |number: usize| {
        let subject = number.to_string();
        let told = Told {
            at: app.app.now(),
            actor: "P1",
            action: "essai",
            subject: &subject,
            before: None,
            after: None,
        };
        append(&app, told).await;
    });
    futures_util::future::join_all(writers).await;
    let found = entries(&app).await;
    assert_eq!(found.len(), 10);
    for (previous, entry) in found.iter().zip(found.iter().skip(1)) {
        assert_eq!((entry.seq, &entry.previous), (previous.seq + 1, &previous.hash));
    }
}

/// An end seen since the transaction began is the end where whoever writes is alone, and only there.
async fn an_entry_follows_the_end_that_is_held(app: TestApp) {
    let told =
        Told { at: app.app.now(), actor: "P1", action: "essai", subject: "un", before: None, after: None };
    append(&app, told).await;
    let seen = JournalHead { seq: 7, hash: "vue".to_owned() };
    let mut tx = app.app.db.begin().await.unwrap();
    let end = journal::head(&mut tx).await.unwrap();
    let mut writes = Writes::of(&tx);
    let held = journal::hold(&mut tx, &mut writes, Some(seen.clone())).await.unwrap();
    assert_eq!(held, if app.engine() == Engine::Sqlite { seen } else { end.clone() });
    assert_eq!(journal::hold(&mut tx, &mut writes, None).await.unwrap(), end);
    let new = journal::follow(&mut writes, end, Told { subject: "deux", ..told }).unwrap();
    writes.send(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let last = entries(&app).await.pop().unwrap();
    assert_eq!((last.seq, last.hash, last.subject.as_str()), (new.seq, new.hash, "deux"));
    // Nothing follows an end that is not the last one.
    let mut tx = app.app.db.begin().await.unwrap();
    journal::follow(&mut writes, JournalHead::default(), told).unwrap();
    writes.send(&mut tx).await.unwrap_err();
}

async fn what_was_told_between_two_entries_is_found(app: TestApp) {
    for (action, subject) in [
        ("declaration.file", "217500016/2013"),
        ("report.release", "lignes/2013/1"),
        ("declaration.file", "217500016/2013"),
        ("declaration.file", "217500016/2012"),
        ("declaration.file.refused", "217500016/2013"),
        ("title.replace", "219900107/2013"),
        ("declaration.reserve.accept", "219900107/2013"),
        ("report.release", "lignes/2013/2"),
        ("declaration.file", "217500016/2013"),
    ] {
        let at = at("2014-05-20T10:00:00Z");
        append(&app, Told { at, actor: "P1", action, subject, before: None, after: None }).await;
    }
    let between = async |first: &str, last: &str| {
        let (ends, year) = ((first.to_owned(), last.to_owned()), FlowYear::new(2013).unwrap());
        let mut tx = app.app.db.snapshot().await.unwrap();
        let told = journal::told_between(&mut tx, "report.release", &ends, year).await.unwrap();
        told.into_iter().map(|entry| entry.seq).collect::<Vec<_>>()
    };
    assert_eq!(between("lignes/2013/1", "lignes/2013/2").await, [3, 6, 7]);
    assert!(between("lignes/2013/2", "lignes/2013/3").await.is_empty());
}

contract!(Profile::Demo, "2014-05-20T10:00:00Z":
    what_was_filed_since_an_end_is_told,
    an_empty_journal_has_no_head,
    entries_read_back_in_order_and_chained,
    the_last_instant_and_what_was_told_are_found,
    entries_are_found_by_what_is_looked_for,
    what_was_told_between_two_entries_is_found,
    writers_at_once_make_one_chain,
    an_entry_follows_the_end_that_is_held,
);
