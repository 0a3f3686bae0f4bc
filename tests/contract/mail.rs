//! Mails: taken once, by who may send them; what they said is forgotten.

use eapd::domain::account::Secret;
use eapd::domain::instant::Instant;
use eapd::domain::mail::{Message, Recipient};
use eapd::store::mail::{self, Lease, Leased, Standing};

use super::ground::{NOON, ground, read, sent, write};
use crate::support::{TestApp, at, contract};

const LATER: &str = "2014-05-20T11:00:00Z";

async fn queue(app: &TestApp, id: &str, to: &Recipient, now: Instant) {
    let confirm = Message::ConfirmEmail { secret: Secret::new("secret"), expires_at: at(LATER) };
    write(app, async |tx| mail::queue(tx, id, to, &confirm, now).await).await.unwrap();
}

/// Takes the next mail for five minutes.
async fn lease(app: &TestApp, by: &str, now: Instant) -> Option<Leased> {
    let lease = Lease { by, at: now, until: now.plus_seconds(300), host: "eapd.example" };
    write(app, async |tx| {
        tx.hold_mail().await?;
        mail::lease(tx, lease).await
    })
    .await
    .unwrap()
}

async fn standing(app: &TestApp, id: &str) -> Standing {
    let all = read(app, async |tx| mail::standings(tx, false).await).await;
    all.into_iter().find(|standing| standing.id == id).unwrap()
}

async fn mails_wait_in_order(app: TestApp) {
    let confirm = Message::ConfirmEmail { secret: Secret::new("secret"), expires_at: at(LATER) };
    let to = [
        Recipient::Person("P1".to_owned()),
        Recipient::Contact("C1".to_owned()),
        Recipient::Region("53".to_owned()),
        Recipient::Ministry,
    ];
    for (rank, to) in to.iter().enumerate() {
        let now = at(NOON).plus_seconds(i64::try_from(rank).unwrap());
        write(&app, async |tx| mail::queue(tx, &format!("M{rank}"), to, &confirm, now).await).await.unwrap();
    }
    let waiting = read(&app, async |tx| mail::waiting(tx).await).await;
    let told: Vec<_> = waiting.iter().map(|mail| (mail.to_kind.as_str(), mail.to_id.as_str())).collect();
    assert_eq!(told, [("person", "P1"), ("contact", "C1"), ("region", "53"), ("ministry", "")]);
    assert!(waiting.iter().all(|mail| mail.kind == "confirm_email" && mail.data.contains("secret")));
    assert!(!format!("{waiting:?}").contains("\"secret\""));
    assert_eq!(write(&app, async |tx| mail::forget(tx, "P1").await).await.unwrap(), 1);
    assert_eq!(read(&app, async |tx| mail::waiting(tx).await).await.len(), 3);
}

async fn each_is_taken_once_while_its_lease_holds(app: TestApp) {
    let (noon, to) = (at(NOON), Recipient::Ministry);
    queue(&app, "M2", &to, noon).await;
    queue(&app, "M1", &to, noon.plus_seconds(1)).await;
    assert_eq!(lease(&app, "D1", noon.plus_seconds(-1)).await, None, "none is due");
    let first = lease(&app, "D1", noon.plus_seconds(1)).await.unwrap();
    assert_eq!((first.mail.id.as_str(), first.attempts), ("M2", 1));
    assert_eq!(first.message_id, "M2@eapd.example");
    assert_eq!(lease(&app, "D2", noon.plus_seconds(1)).await.unwrap().mail.id, "M1");
    assert_eq!(lease(&app, "D2", noon.plus_seconds(300)).await, None, "both are taken");
    let again = lease(&app, "D2", noon.plus_seconds(301)).await.unwrap();
    assert_eq!((again.mail.id.as_str(), again.attempts), ("M2", 2), "D1 is dead");
    let late = async |by| write(&app, async |tx| mail::sent(tx, "M2", by, at(LATER)).await).await.unwrap();
    assert!(!late("D1").await, "its lease has ended");
    assert!(late("D2").await);
    let done = standing(&app, "M2").await;
    assert_eq!((done.sent_at, done.attempts, done.last_error), (Some(at(LATER)), 2, None));
    let waiting = read(&app, async |tx| mail::waiting(tx).await).await;
    assert_eq!(waiting.len(), 1);
}

async fn what_fails_comes_back_or_is_given_up(app: TestApp) {
    let noon = at(NOON);
    for id in ["M1", "M2"] {
        queue(&app, id, &Recipient::Ministry, noon).await;
    }
    lease(&app, "D1", noon).await.unwrap();
    let put_off =
        async |by| write(&app, async |tx| mail::put_off(tx, "M1", by, at(LATER), "451").await).await.unwrap();
    assert!(!put_off("D2").await);
    assert!(put_off("D1").await);
    lease(&app, "D1", noon).await.unwrap();
    let give_up = async |id: &str, is_forgotten| {
        write(&app, async |tx| mail::give_up(tx, id, "D1", at(LATER), ("550", is_forgotten)).await)
            .await
            .unwrap()
    };
    assert!(!give_up("M1", false).await, "it is not taken");
    assert!(give_up("M2", false).await);
    assert_eq!(lease(&app, "D1", at(LATER).plus_seconds(-1)).await, None, "one comes later, one never");
    let failed = async || read(&app, async |tx| mail::standings(tx, true).await).await;
    let listed = failed().await;
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].id.as_str(), listed[0].last_error.as_deref()), ("M2", Some("550")));
    let retry = async |id: &str| write(&app, async |tx| mail::retry(tx, id, at(LATER)).await).await.unwrap();
    assert!(retry("M2").await && !retry("M9").await);
    assert!(failed().await.is_empty());
    let tried: Vec<_> = [lease(&app, "D1", at(LATER)).await, lease(&app, "D1", at(LATER)).await]
        .into_iter()
        .map(|leased| leased.map(|leased| (leased.mail.id, leased.attempts)).unwrap())
        .collect();
    assert_eq!(tried, [("M1".to_owned(), 2), ("M2".to_owned(), 1)]);
    assert!(!retry("M1").await, "it is being sent");
    assert!(give_up("M1", true).await);
    assert!(!retry("M1").await, "what it said is forgotten");
}

async fn what_is_over_is_removed(app: TestApp) {
    let noon = at(NOON);
    for id in ["M1", "M2", "M3"] {
        queue(&app, id, &Recipient::Ministry, noon).await;
        lease(&app, "D1", noon).await.unwrap();
    }
    write(&app, async |tx| {
        mail::sent(tx, "M1", "D1", noon).await?;
        mail::give_up(tx, "M2", "D1", noon, ("550", false)).await
    })
    .await
    .unwrap();
    let purge = async |before| write(&app, async |tx| mail::purge(tx, before).await).await.unwrap();
    assert_eq!((purge(noon).await, purge(noon.plus_seconds(1)).await), (0, 2));
    assert_eq!(standing(&app, "M3").await.sent_at, None);
}

async fn what_goes_with_other_rows_goes_with_them_or_not_at_all(app: TestApp) {
    let told = |person: &str| {
        let to = Recipient::Person(person.to_owned());
        (format!("M-{person}"), to, Message::Receipt { number: "R1".to_owned() })
    };
    write(&app, async |tx| sent(tx, |writes| mail::queue_with(writes, &[], at(NOON))).await).await.unwrap();
    let both = [told("P1"), told("P2")];
    write(&app, async |tx| sent(tx, |writes| mail::queue_with(writes, &both, at(NOON))).await).await.unwrap();
    let waiting = read(&app, async |tx| mail::waiting(tx).await).await;
    let shown: Vec<_> = waiting.iter().map(|mail| (mail.id.as_str(), mail.to_id.as_str())).collect();
    assert_eq!(shown, [("M-P1", "P1"), ("M-P2", "P2")]);
    assert!(waiting.iter().all(|mail| mail.kind == "receipt" && mail.data.contains("R1")));
    assert_eq!(lease(&app, "D1", at(NOON)).await.unwrap().mail, waiting[0]);
    // One that is there already takes the others with it.
    let again = [told("P3"), told("P1")];
    write(&app, async |tx| sent(tx, |writes| mail::queue_with(writes, &again, at(NOON))).await)
        .await
        .unwrap_err();
    assert_eq!(read(&app, async |tx| mail::waiting(tx).await).await.len(), 2);
}

async fn one_that_says_what_it_is_is_queued_once(app: TestApp) {
    let to = Recipient::Person("P1".to_owned());
    let once = async |id: &str| {
        let message = Message::Receipt { number: "R1".to_owned() };
        write(&app, async |tx| mail::queue_once(tx, id, &to, &message, at(NOON)).await).await.unwrap()
    };
    assert!(once("X").await && !once("X").await && once("Y").await);
    // Sent, it still is.
    lease(&app, "D1", at(NOON)).await.unwrap();
    assert!(write(&app, async |tx| mail::sent(tx, "X", "D1", at(LATER)).await).await.unwrap());
    assert!(!once("X").await);
    let ids = async |kind: &str| {
        let mut ids = read(&app, async |tx| mail::ids_of_kind(tx, kind).await).await;
        ids.sort_unstable();
        ids
    };
    assert_eq!((ids("receipt").await, ids("autre").await), (vec!["X".to_owned(), "Y".to_owned()], vec![]));
}

contract!(with ground, "2014-05-20T10:00:00Z":
    mails_wait_in_order,
    each_is_taken_once_while_its_lease_holds,
    what_fails_comes_back_or_is_given_up,
    what_is_over_is_removed,
    what_goes_with_other_rows_goes_with_them_or_not_at_all,
    one_that_says_what_it_is_is_queued_once,
);
