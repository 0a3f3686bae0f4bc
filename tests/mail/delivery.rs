//! Each mail once, nothing lost, nothing of a secret left.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use eapd::app::App;
use eapd::domain::account::Secret;
use eapd::domain::attachment::How;
use eapd::domain::mail::{Message, Recipient};
use eapd::domain::refusal::Because;
use eapd::jobs;
use eapd::service::mail::{Delivered, Post, Standing, deliver, queue, retry, standings};
use eapd::service::{account, operator};
use eapd::store;
use eapd::store::mail::Lease;
use tokio::sync::watch;

use super::sink::{Answer, Sink, posting};
use crate::accounts::world::{PASSWORD, dump, form, here, join, link, refused, siren, who, world};
use crate::support::{TestApp, at, contract};

const SECRET: &str = "SECRETDEMOTDEPASSE";

async fn add(app: &App, to: &Recipient, message: &Message) {
    let mut tx = app.db.begin().await.unwrap();
    queue(&mut tx, app, to, message).await.unwrap();
    tx.commit().await.unwrap();
}

/// A link to a ministry: who it goes to does not matter here.
async fn add_link(app: &App) {
    let expires_at = app.now().plus_seconds(3 * 86_400);
    let message = Message::ResetPassword { secret: Secret::new(SECRET), expires_at };
    add(app, &Recipient::Ministry, &message).await;
}

async fn pass(app: &App, post: &Post) -> (usize, usize, usize) {
    let Delivered { sent, put_off, given_up } = deliver(app, post, || true).await.unwrap();
    (sent, put_off, given_up)
}

/// Waits until the server took so many: long before the deliverer looks at the queue by itself.
async fn reach(sink: &Sink, count: usize) {
    for _wait in 0..200 {
        if sink.taken().len() >= count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(sink.taken().len(), count);
}

async fn all(app: &App) -> Vec<Standing> {
    let operator = operator::identify(app, "exploitant").await.unwrap();
    standings(app, &operator, false).await.unwrap()
}

async fn failed(app: &App) -> Vec<(String, String)> {
    let operator = operator::identify(app, "exploitant").await.unwrap();
    let failed = standings(app, &operator, true).await.unwrap();
    failed.into_iter().map(|standing| (standing.id, standing.last_error.unwrap_or_default())).collect()
}

async fn a_form_becomes_a_mail_with_a_link_that_serves(test: TestApp) {
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    account::sign_up(&app, &form("agent@ville.example", "A"), PASSWORD, &here()).await.unwrap();
    let secret = link(&app, "confirm_email").await;
    assert_eq!(pass(&app, &post).await, (1, 0, 0));
    assert_eq!(pass(&app, &post).await, (0, 0, 0), "once");
    let taken = sink.taken();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].to.contains("<agent@ville.example>"), "{}", taken[0].to);
    assert!(taken[0].from.contains("<ne-pas-repondre@eapd.example>"), "{}", taken[0].from);
    assert_eq!(taken[0].header("Auto-Submitted"), "auto-generated");
    assert_eq!(taken[0].header("From"), "e-APD <ne-pas-repondre@eapd.example>");
    let id = &all(&app).await[0].id;
    assert_eq!(taken[0].header("Message-ID"), format!("<{id}@eapd.example>"));
    assert_eq!(taken[0].header("Date"), "Tue, 20 May 2014 08:00:00 +0000");
    let line = format!("https://eapd.example/inscription/confirmation?jeton={}", secret.reveal());
    assert!(taken[0].body().lines().any(|found| found.trim_end() == line), "{}", taken[0].body());
    assert!(!dump(&test).contains(secret.reveal()), "what is sent is forgotten");
    account::confirm(&app, &secret, PASSWORD, &here()).await.unwrap();
}

async fn an_outage_loses_nothing(test: TestApp) {
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    for _mail in 0..3 {
        add_link(&app).await;
    }
    // Nobody listens any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (_app, nowhere) = posting(&test, gone);
    assert_eq!(pass(&app, &nowhere).await, (0, 1, 0), "the others are not even tried");
    assert_eq!(all(&app).await.iter().map(|mail| mail.attempts).sum::<i32>(), 1);
    sink.always(Answer::Greeting("554 5.3.2 closed"));
    assert_eq!(pass(&app, &post).await, (0, 1, 0), "a server that refuses everybody refuses no mail");
    sink.answer(&[Answer::HangUp]);
    assert_eq!(pass(&app, &post).await, (0, 1, 0));
    assert_eq!(pass(&app, &post).await, (0, 0, 0), "none is due");
    test.set_clock("2014-05-20T08:00:59Z");
    assert_eq!(pass(&app, &post).await, (0, 0, 0), "not before a minute");
    test.set_clock("2014-05-20T08:01:00Z");
    assert_eq!(pass(&app, &post).await, (3, 0, 0));
    assert_eq!(sink.taken().len(), 3);
    assert!(!dump(&test).contains(SECRET));
}

async fn what_is_put_off_waits_longer_each_time_and_is_given_up_at_last(test: TestApp) {
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    let agent = who(&app, &join(&test, "agent@ville.example", "A").await).await;
    add(&app, &Recipient::Ministry, &Message::AddressKnown).await;
    sink.always(Answer::Data("451 4.7.1 <ministere@eapd.example> greylisted"));
    let (start, mut passes) = (app.now(), 0);
    loop {
        passes += 1;
        assert!(passes < 40);
        let before = app.now();
        match pass(&app, &post).await {
            (0, 1, 0) => {}
            (0, 0, 1) => break,
            other => panic!("{other:?}"),
        }
        let due = all(&app).await[0].due_at;
        assert!(due > before && due.seconds_since(before) <= 4 * 3600);
        test.clock.set(due);
    }
    assert!((3..4).contains(&(app.now().seconds_since(start) / 86_400)));
    let listed = failed(&app).await;
    assert_eq!(listed.len(), 1);
    assert!(listed[0].1.contains("451 4.7.1") && !listed[0].1.contains('@'), "{}", listed[0].1);
    let operator = operator::identify(&app, "exploitant").await.unwrap();
    refused(retry(&app, &operator, "RIEN").await, Because::UnknownRequest);
    refused(retry(&app, &agent.actor, &listed[0].0).await, Because::Forbidden);
    retry(&app, &operator, &listed[0].0).await.unwrap();
    sink.always(Answer::Take);
    assert_eq!(pass(&app, &post).await, (1, 0, 0));
    refused(retry(&app, &operator, &listed[0].0).await, Because::UnknownRequest);
}

/// What is logged while this thread runs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn a_refusal_is_listed_at_once_and_keeps_nobody_waiting(test: TestApp) {
    let log = Log::default();
    let writer = log.clone();
    // With one subscriber alone, an event first met on a thread without it is never told again: a second one, that
    // nobody writes to, makes each event be asked about.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let logging = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    let _logging = tracing::subscriber::set_default(logging);
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    for _mail in 0..3 {
        add_link(&app).await;
    }
    sink.answer(&[
        Answer::Recipient("550 5.1.1 <ministere@eapd.example>: unknown"),
        Answer::Recipient("450 4.2.0 later"),
    ]);
    assert_eq!(pass(&app, &post).await, (1, 1, 1));
    let listed = failed(&app).await;
    assert_eq!(listed.len(), 1);
    assert!(listed[0].1.contains("(550 5.1.1)") && !listed[0].1.contains('@'), "{}", listed[0].1);
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for event in ["mail sent", "mail put off", "mail given up"] {
        assert!(logged.contains(event), "{event}: {logged}");
    }
    assert!(!logged.contains('@') && !logged.contains(SECRET), "{logged}");
}

async fn two_deliverers_send_each_mail_once(test: TestApp) {
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    let (other_app, other) = posting(&test, sink.address);
    for _mail in 0..20 {
        add_link(&app).await;
    }
    let (one, two) = tokio::join!(deliver(&app, &post, || true), deliver(&other_app, &other, || true));
    assert_eq!(one.unwrap().sent + two.unwrap().sent, 20);
    let mut ids: Vec<_> = sink.taken().iter().map(|taken| taken.header("Message-ID")).collect();
    assert_eq!(ids.len(), 20);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

async fn another_takes_over_from_the_dead(test: TestApp) {
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    add_link(&app).await;
    // One dies before it sends.
    let now = app.now();
    let mut tx = app.db.begin().await.unwrap();
    let lease = Lease { by: "MORT", at: now, until: now.plus_seconds(180), host: "eapd.example" };
    store::mail::lease(&mut tx, lease).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    test.set_clock("2014-05-20T08:02:59Z");
    assert_eq!(pass(&app, &post).await, (0, 0, 0), "its lease holds");
    test.set_clock("2014-05-20T08:03:00Z");
    assert_eq!(pass(&app, &post).await, (1, 0, 0));
    // One dies while it sends: the mail left, nobody knows.
    add_link(&app).await;
    sink.always(Answer::Silent);
    let (dying, its_post) = posting(&test, sink.address);
    let dying = tokio::spawn(async move { deliver(&dying, &its_post, || true).await });
    reach(&sink, 2).await;
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled(), "killed before the answer");
    sink.always(Answer::Take);
    assert_eq!(pass(&app, &post).await, (0, 0, 0));
    test.set_clock("2014-05-20T08:10:00Z");
    assert_eq!(pass(&app, &post).await, (1, 0, 0));
    let taken = sink.taken();
    assert_eq!(taken.len(), 3);
    assert_eq!(taken[1].header("Message-ID"), taken[2].header("Message-ID"), "known to be the same");
    assert_ne!(taken[0].header("Message-ID"), taken[2].header("Message-ID"));
    assert_eq!(taken[1].text, taken[2].text);
    // One whose answer is lost goes again, the same.
    add_link(&app).await;
    sink.answer(&[Answer::TakeAndHangUp]);
    assert_eq!(pass(&app, &post).await, (0, 1, 0));
    test.set_clock("2014-05-20T08:11:00Z");
    assert_eq!(pass(&app, &post).await, (1, 0, 0));
    let taken = sink.taken();
    assert_eq!(taken[3].text, taken[4].text);
}

async fn what_serves_no_more_or_goes_nowhere_is_not_sent(test: TestApp) {
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    add_link(&app).await;
    test.set_clock("2014-05-23T08:00:00Z");
    add(&app, &Recipient::Region("53".to_owned()), &Message::AddressKnown).await;
    add(&app, &Recipient::Region("84".to_owned()), &Message::AddressKnown).await;
    assert_eq!(pass(&app, &post).await, (1, 0, 2));
    assert!(sink.taken()[0].to.contains("sgar-84@eapd.example"));
    let told: Vec<_> = failed(&app).await.into_iter().map(|(_id, error)| error).collect();
    assert_eq!(
        told,
        ["le lien ou le code a expiré avant l’envoi", "aucune adresse connue pour ce destinataire"]
    );
    assert!(!dump(&test).contains(SECRET), "nor does it stay");
}

/// A name that would be a header, a line or a link is none of them, on the wire either.
async fn a_name_adds_nothing_to_a_mail(test: TestApp) {
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    let agent = who(&app, &join(&test, "agent@ville.example", "A").await).await;
    test.instance.must(
        "DELETE FROM mail; UPDATE person SET name = 'X\r\nBcc: tous@ailleurs.example\r\n\r\n<script>' WHERE email IS NOT NULL;",
    );
    let (attachment, person) = ("R1".to_owned(), agent.actor.person.clone());
    let by = person.clone();
    let announced =
        Message::AttachmentAnnounced { attachment, person, siren: siren("A"), how: How::Peer, by };
    add(&app, &Recipient::Ministry, &announced).await;
    assert_eq!(pass(&app, &post).await, (1, 0, 0));
    let taken = &sink.taken()[0];
    let head = taken.text.split("\r\n\r\n").next().unwrap();
    assert!(!head.contains("\r\nBcc"), "{head}");
    assert!(taken.to.contains("ministere@eapd.example"));
    let body = taken.body();
    assert!(!body.lines().any(|line| line.starts_with("Bcc")), "{body}");
    assert!(body.contains("<script>") && taken.header("Content-Type").starts_with("text/plain"), "{body}");
}

async fn a_mail_leaves_as_soon_as_it_is_queued_and_the_deliverer_stops(test: TestApp) {
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(jobs::mail::run(app.clone(), post, stopping));
    tokio::time::sleep(Duration::from_millis(100)).await;
    add_link(&app).await;
    reach(&sink, 1).await;
    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(20), running).await.unwrap().unwrap();
    assert!(all(&app).await.iter().all(|mail| mail.sent_at.is_some()));
}

async fn old_ones_are_purged(test: TestApp) {
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    add_link(&app).await;
    assert_eq!(pass(&app, &post).await, (1, 0, 0));
    let operator = operator::identify(&app, "exploitant").await.unwrap();
    test.clock.set(at("2014-06-19T08:00:00Z"));
    assert_eq!(account::purge(&app, &operator).await.unwrap().mails, 0);
    test.clock.set(at("2014-06-19T08:00:01Z"));
    assert_eq!(account::purge(&app, &operator).await.unwrap().mails, 1);
    assert!(all(&app).await.is_empty());
}

contract!(with world, "2014-05-20T08:00:00Z":
    a_form_becomes_a_mail_with_a_link_that_serves,
    an_outage_loses_nothing,
    what_is_put_off_waits_longer_each_time_and_is_given_up_at_last,
    a_refusal_is_listed_at_once_and_keeps_nobody_waiting,
    two_deliverers_send_each_mail_once,
    another_takes_over_from_the_dead,
    what_serves_no_more_or_goes_nowhere_is_not_sent,
    a_name_adds_nothing_to_a_mail,
    a_mail_leaves_as_soon_as_it_is_queued_and_the_deliverer_stops,
    old_ones_are_purged,
);
