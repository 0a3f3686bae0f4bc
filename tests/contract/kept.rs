//! What accounts rest on: failures, what was typed, requests.

use eapd::domain::account::{AccountRole, Tries};
use eapd::domain::collectivity::CollectivityKind;
use eapd::domain::field::{Field, RawLine};
use eapd::domain::missing::MissingCollectivity;
use eapd::domain::year::FlowYear;
use eapd::store::attempt;
use eapd::store::missing::{self, MissingRequest};
use eapd::store::register_file::{self, RegisterFile, RegisterFileKind};
use eapd::store::stash::{self, Stashed};
use eapd::store::upload::{self, Upload};

use super::account::agent;
use super::ground::{body, ground, read, write};
use crate::support::{TestApp, at, contract};

const NOON: &str = "2014-05-20T10:00:00Z";
const LATER: &str = "2014-05-20T11:00:00Z";

async fn failures_are_counted_and_forgotten(app: TestApp) {
    let find = async || read(&app, async |tx| attempt::find(tx, "k1").await).await;
    let put = async |failures, now: &'static str| {
        let tries = Tries { failures, last_at: at(now) };
        write(&app, async |tx| attempt::put(tx, "k1", tries).await).await.unwrap();
        assert_eq!(find().await, Some(tries));
    };
    assert_eq!(find().await, None);
    put(1, NOON).await;
    put(2, LATER).await;
    let purge = async |failed: &'static str, known: &'static str| {
        write(&app, async |tx| attempt::purge(tx, at(failed), at(known)).await).await.unwrap()
    };
    assert_eq!(purge(LATER, NOON).await, 0);
    assert_eq!(purge("2014-05-20T11:00:01Z", NOON).await, 1);
    put(0, LATER).await;
    assert_eq!(purge("2014-05-20T11:00:01Z", NOON).await, 0, "a success is known for longer");
    assert_eq!(purge(NOON, "2014-05-20T11:00:01Z").await, 1);
    put(3, NOON).await;
    write(&app, async |tx| attempt::clear(tx, "k1").await).await.unwrap();
    assert_eq!(find().await, None);
}

async fn what_was_typed_is_kept_whole(app: TestApp) {
    let told = |person: Option<&str>, kept_at: &str| Stashed {
        person: person.map(str::to_owned),
        path: "/declarations/217500016/2013".to_owned(),
        body: (0..=255).collect(),
        kept_at: at(kept_at),
    };
    let (one, other) = (told(None, NOON), told(Some("P1"), LATER));
    for (hash, told) in [("c1", &one), ("c2", &other)] {
        write(&app, async |tx| stash::insert(tx, hash, told).await).await.unwrap();
        assert_eq!(read(&app, async |tx| stash::find(tx, hash).await).await.as_ref(), Some(told));
    }
    assert!(!format!("{one:?}").contains("255"));
    let large = Stashed { body: vec![0; 65_537], ..told(None, NOON) };
    assert!(write(&app, async |tx| stash::insert(tx, "c3", &large).await).await.is_err(), "64 KiB at most");
    let count = async || read(&app, async |tx| stash::count(tx).await).await;
    assert_eq!(count().await, 2);
    let purge =
        async |until: &'static str| write(&app, async |tx| stash::purge(tx, at(until)).await).await.unwrap();
    assert_eq!((purge("2014-05-20T09:59:59Z").await, purge(NOON).await), (0, 1));
    assert_eq!(write(&app, async |tx| stash::forget(tx, "P2").await).await.unwrap(), 0);
    assert_eq!(write(&app, async |tx| stash::forget(tx, "P1").await).await.unwrap(), 1);
    write(&app, async |tx| stash::insert(tx, "c1", &one).await).await.unwrap();
    write(&app, async |tx| stash::remove(tx, "c1").await).await.unwrap();
    assert_eq!(count().await, 0);
}

async fn a_file_waits_until_it_is_taken(app: TestApp) {
    let line = RawLine::default().with(Field::Title, "École");
    let told = |id: &str, person: &str, kept_at: &str| Upload {
        id: id.to_owned(),
        person: person.to_owned(),
        siren: body("A"),
        year: FlowYear::new(2013).unwrap(),
        adds: id == "U2",
        present: vec![line.clone()],
        content: (0..=255).collect(),
        kept_at: at(kept_at),
    };
    let find = async |id: &'static str| read(&app, async |tx| upload::find(tx, id).await).await;
    let all = [told("U1", "P1", NOON), told("U2", "P1", LATER), told("U3", "P2", LATER)];
    for told in &all {
        write(&app, async |tx| upload::insert(tx, told).await).await.unwrap();
    }
    for (told, id) in all.iter().zip(["U1", "U2", "U3"]) {
        assert_eq!(find(id).await.as_ref(), Some(told));
        assert!(!format!("{told:?}").contains("254"));
    }
    let large = Upload { content: vec![0; (10 << 20) + 1], ..told("U4", "P1", NOON) };
    assert!(write(&app, async |tx| upload::insert(tx, &large).await).await.is_err(), "10 MiB at most");
    let count = async || read(&app, async |tx| upload::count(tx).await).await;
    assert_eq!(count().await, 3);
    let latest = async |person: &'static str, latest| {
        write(&app, async |tx| upload::keep_latest(tx, person, latest).await).await.unwrap()
    };
    assert_eq!((latest("P1", 2).await, latest("P1", 1).await, latest("P3", 0).await), (0, 1, 0));
    assert_eq!((find("U1").await, find("U2").await.is_some()), (None, true), "the oldest goes");
    let remove = async || write(&app, async |tx| upload::remove(tx, "U2").await).await.unwrap();
    assert_eq!((remove().await, remove().await), (true, false), "once");
    assert_eq!(write(&app, async |tx| upload::forget(tx, "P1").await).await.unwrap(), 0);
    assert_eq!(write(&app, async |tx| upload::forget(tx, "P2").await).await.unwrap(), 1);
    write(&app, async |tx| upload::insert(tx, &all[0]).await).await.unwrap();
    let purge =
        async |until: &'static str| write(&app, async |tx| upload::purge(tx, at(until)).await).await.unwrap();
    assert_eq!((purge("2014-05-20T09:59:59Z").await, purge(NOON).await, count().await), (0, 1, 0));
}

async fn a_file_about_the_register_waits_until_it_is_taken(app: TestApp) {
    let told = |id: &str, kind, kept_at: &str| RegisterFile {
        id: id.to_owned(),
        person: "P1".to_owned(),
        kind,
        content: (0..=255).collect(),
        kept_at: at(kept_at),
    };
    let all = [told("R1", RegisterFileKind::Decisions, NOON), told("R2", RegisterFileKind::Package, LATER)];
    for told in &all {
        write(&app, async |tx| register_file::insert(tx, told).await).await.unwrap();
        assert!(!format!("{told:?}").contains("254"));
    }
    let find = async |id: &'static str| read(&app, async |tx| register_file::find(tx, id).await).await;
    assert_eq!((find("R1").await.as_ref(), find("R2").await.as_ref()), (Some(&all[0]), Some(&all[1])));
    let large =
        RegisterFile { content: vec![0; (10 << 20) + 1], ..told("R3", RegisterFileKind::Package, NOON) };
    assert!(write(&app, async |tx| register_file::insert(tx, &large).await).await.is_err(), "10 MiB at most");
    let remove = async || write(&app, async |tx| register_file::remove(tx, "R2").await).await.unwrap();
    assert_eq!((remove().await, remove().await), (true, false), "once");
    let purge = async |until: &'static str| {
        write(&app, async |tx| register_file::purge(tx, at(until)).await).await.unwrap()
    };
    assert_eq!((purge("2014-05-20T09:59:59Z").await, purge(NOON).await, find("R1").await), (0, 1, None));
}

async fn a_missing_collectivity_is_asked_for_and_answered_once(app: TestApp) {
    agent(&app, "P1", "a@ville.example", AccountRole::Declarant).await;
    let request = MissingRequest {
        id: "M1".to_owned(),
        person: "P1".to_owned(),
        told: MissingCollectivity {
            name: "Communauté fictive".to_owned(),
            kind: CollectivityKind::Cc,
            siren: Some(body("A")),
            departement: "35".to_owned(),
            successor_of: vec![body("B"), body("C")],
            message: Some("message fictif".to_owned()),
        },
        asked_at: at(NOON),
    };
    write(&app, async |tx| missing::insert(tx, &request).await).await.unwrap();
    let find = async |id: &'static str| read(&app, async |tx| missing::find(tx, id).await).await;
    assert_eq!((find("M1").await.as_ref(), find("M9").await), (Some(&request), None));
    let open = async || read(&app, async |tx| missing::open(tx).await).await;
    assert_eq!(open().await, [request]);
    let forget = async || write(&app, async |tx| missing::forget_messages(tx, "P1").await).await.unwrap();
    assert_eq!((forget().await, forget().await), (1, 0));
    assert_eq!(open().await[0].told.message, None);
    let answer =
        async || write(&app, async |tx| missing::answer(tx, "M1", "P9", at(LATER)).await).await.unwrap();
    assert_eq!((answer().await, answer().await), (true, false));
    assert_eq!(open().await, []);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    failures_are_counted_and_forgotten,
    what_was_typed_is_kept_whole,
    a_file_waits_until_it_is_taken,
    a_file_about_the_register_waits_until_it_is_taken,
    a_missing_collectivity_is_asked_for_and_answered_once,
);
