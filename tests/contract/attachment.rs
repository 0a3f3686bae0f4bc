//! Attachments: one open at a time, steps that follow each other, nothing else.

use eapd::domain::account::AccountRole;
use eapd::domain::attachment::{Attachment, How, State, Step, StepKind};
use eapd::store::StoreError;
use eapd::store::{account, attachment};

use super::account::agent;
use super::ground::{body, ground, read, write};
use crate::support::{Role, TestApp, at, contract};

const NOON: &str = "2014-05-20T10:00:00Z";

fn step(kind: StepKind, how: How, now: &str, reason: Option<&str>) -> Step {
    Step { kind, how, at: at(now), by: "P9".to_owned(), reason: reason.map(str::to_owned) }
}

async fn ask(app: &TestApp, id: &str, person: &str, siren: &str) -> Result<(), StoreError> {
    let message = Some("message fictif");
    write(app, async |tx| attachment::insert(tx, id, (person, body(siren)), message, at(NOON)).await).await
}

async fn take(app: &TestApp, id: &str, step: Step) -> Result<(), StoreError> {
    write(app, async |tx| attachment::add_step(tx, id, &step).await).await
}

async fn find(app: &TestApp, id: &str) -> Option<Attachment> {
    read(app, async |tx| attachment::find(tx, id).await).await
}

async fn agents(app: &TestApp) {
    for (id, address) in [("P1", "a@ville.example"), ("P2", "b@ville.example")] {
        agent(app, id, address, AccountRole::Declarant).await;
        write(app, async |tx| account::confirm(tx, id, at(NOON)).await).await.unwrap();
    }
}

async fn every_step_reads_back(app: TestApp) {
    agents(&app).await;
    ask(&app, "A1", "P1", "A").await.unwrap();
    let asked = find(&app, "A1").await.unwrap();
    assert_eq!((asked.state(), asked.message.as_deref()), (State::Awaited, Some("message fictif")));
    assert_eq!((asked.person.as_str(), asked.siren, asked.asked_at), ("P1", body("A"), at(NOON)));
    let mut steps = Vec::new();
    for (rank, how) in How::ALL.into_iter().enumerate() {
        let id = format!("B{rank}");
        ask(&app, &id, "P2", "B").await.unwrap();
        let refused = step(StepKind::Refused, how, NOON, Some("inconnu en mairie"));
        take(&app, &id, refused.clone()).await.unwrap();
        assert_eq!(find(&app, &id).await.unwrap().steps, [refused]);
    }
    for (kind, now) in
        [(StepKind::Accepted, "2014-05-21T10:00:00Z"), (StepKind::Detached, "2014-05-22T10:00:00Z")]
    {
        steps.push(step(kind, How::Sgar, now, None));
        take(&app, "A1", steps.last().unwrap().clone()).await.unwrap();
    }
    assert_eq!(find(&app, "A1").await.unwrap().steps, steps);
    assert_eq!(read(&app, async |tx| attachment::of_person(tx, "P2").await).await.len(), How::ALL.len());
    let of_siren = read(&app, async |tx| attachment::of_siren(tx, body("A")).await).await;
    assert_eq!(of_siren.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(), ["A1"]);
    assert_eq!(find(&app, "A9").await, None);
}

async fn only_one_is_open(app: TestApp) {
    agents(&app).await;
    let is_open = |result: Result<(), StoreError>| {
        assert!(
            matches!(&result, Err(StoreError::Guard(text)) if text.starts_with("EAPD-G19")),
            "{result:?}"
        );
    };
    ask(&app, "A1", "P1", "A").await.unwrap();
    is_open(ask(&app, "A2", "P1", "A").await);
    ask(&app, "A3", "P1", "B").await.unwrap();
    ask(&app, "A4", "P2", "A").await.unwrap();
    take(&app, "A1", step(StepKind::Accepted, How::Code, NOON, None)).await.unwrap();
    is_open(ask(&app, "A2", "P1", "A").await);
    take(&app, "A1", step(StepKind::Detached, How::Own, NOON, None)).await.unwrap();
    ask(&app, "A2", "P1", "A").await.unwrap();
    assert!(ask(&app, "A5", "P8", "A").await.is_err(), "a person who is not there");
}

async fn what_cannot_follow_is_refused(app: TestApp) {
    agents(&app).await;
    let refused = async |id: &'static str, kind: StepKind, now: &'static str| {
        let result = take(&app, id, step(kind, How::Peer, now, None)).await;
        assert!(
            matches!(&result, Err(StoreError::Guard(text)) if text.starts_with("EAPD-G19")),
            "{kind:?} {result:?}"
        );
    };
    ask(&app, "A1", "P1", "A").await.unwrap();
    refused("A1", StepKind::Detached, NOON).await;
    refused("A1", StepKind::Accepted, "2014-05-20T09:59:59Z").await;
    take(&app, "A1", step(StepKind::Accepted, How::Peer, NOON, None)).await.unwrap();
    for kind in [StepKind::Accepted, StepKind::Refused, StepKind::Withdrawn] {
        refused("A1", kind, NOON).await;
    }
    refused("A1", StepKind::Detached, "2014-05-20T09:59:59Z").await;
    take(&app, "A1", step(StepKind::Detached, How::Peer, NOON, None)).await.unwrap();
    for kind in StepKind::ALL {
        refused("A1", kind, NOON).await;
    }
    let nowhere = take(&app, "A9", step(StepKind::Accepted, How::Peer, NOON, None)).await;
    assert!(nowhere.is_err());
}

/// P1 and P2 act for A, P2 for B, which A became; P3 asks for A, P4 acted for A, P5 cannot sign in.
pub async fn agents_around(app: &TestApp) {
    agents(app).await;
    for (id, address) in [("P3", "c"), ("P4", "d"), ("P5", "e")] {
        agent(app, id, &format!("{address}@ville.example"), AccountRole::Declarant).await;
    }
    write(app, async |tx| account::confirm(tx, "P3", at(NOON)).await).await.unwrap();
    let accepted = || step(StepKind::Accepted, How::Peer, NOON, None);
    for (id, person, siren) in
        [("A1", "P1", "A"), ("A2", "P2", "A"), ("A4", "P4", "A"), ("A5", "P5", "A"), ("B2", "P2", "B")]
    {
        ask(app, id, person, siren).await.unwrap();
        take(app, id, accepted()).await.unwrap();
    }
    ask(app, "A3", "P3", "A").await.unwrap();
    take(app, "A4", step(StepKind::Detached, How::Peer, NOON, None)).await.unwrap();
    // B came out of C.
    let (heir, ancestor) = (body("B"), body("C"));
    let sql = format!("INSERT INTO lineage (collectivity, ancestor) VALUES ('{heir}', '{ancestor}');");
    let outcome = app.instance.sql_as(Role::Owner, &sql);
    assert!(outcome.done(), "{outcome}");
}

async fn those_who_act_for_a_body_or_its_heir(app: TestApp) {
    agents_around(&app).await;
    for (alias, expected) in [("A", vec!["P1", "P2"]), ("B", vec!["P2"]), ("C", vec!["P2"]), ("Z", vec![])] {
        let found = read(&app, async |tx| attachment::acting(tx, body(alias)).await).await;
        assert_eq!(found, expected, "{alias}");
    }
}

async fn who_acts_and_who_waits(app: TestApp) {
    agents(&app).await;
    agent(&app, "P3", "c@ville.example", AccountRole::Declarant).await;
    for (id, person) in [("A1", "P1"), ("A2", "P2"), ("A3", "P3")] {
        ask(&app, id, person, "A").await.unwrap();
    }
    let awaited = async || {
        let found = read(&app, async |tx| attachment::awaited(tx).await).await;
        found.into_iter().map(|found| found.id).collect::<Vec<_>>()
    };
    assert_eq!(awaited().await, ["A1", "A2"], "whoever never confirmed an address does not wait");
    take(&app, "A1", step(StepKind::Accepted, How::Ministry, NOON, None)).await.unwrap();
    take(&app, "A2", step(StepKind::Accepted, How::Operator, NOON, None)).await.unwrap();
    let attached = async || read(&app, async |tx| attachment::attached_persons(tx, body("A")).await).await;
    assert_eq!((awaited().await, attached().await), (vec![], vec!["P1".to_owned(), "P2".to_owned()]));
    write(&app, async |tx| account::disable(tx, "P2", at(NOON)).await).await.unwrap();
    assert_eq!(attached().await, ["P1"], "a closed account acts for nobody");
    let forget = async || write(&app, async |tx| attachment::forget_messages(tx, "P1").await).await.unwrap();
    assert_eq!((forget().await, forget().await), (1, 0));
    assert_eq!(find(&app, "A1").await.unwrap().message, None);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    every_step_reads_back,
    only_one_is_open,
    what_cannot_follow_is_refused,
    who_acts_and_who_waits,
    those_who_act_for_a_body_or_its_heir,
);
