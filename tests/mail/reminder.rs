//! The mail about a draft that is not filed: from two days before the last one, once an end, never after it.

use eapd::domain::day::Day;
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::service::declaration::draft;
use eapd::service::declaration::file::{Content, file};
use eapd::service::reminder::remind_unfiled;
use eapd::service::{campaign as campaigns, derogation, operator};

use super::filing::{campaign, lines, request};
use super::sink::{Sink, Taken, posting};
use crate::accounts::world::{attached, siren, who, world};
use crate::support::{TestApp, contract};

fn year() -> FlowYear {
    FlowYear::new(2013).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// An agent of A with a draft of two lines; the queue is empty.
async fn with_a_draft(test: &TestApp) -> eapd::domain::role::Actor {
    campaign(test).await;
    let agent = who(&test.app, &attached(test, "un@ville.example", "A").await).await.actor;
    draft::save(&test.app, &agent, siren("A"), year(), None, &lines()).await.unwrap();
    agent
}

async fn queued(test: &TestApp, now: &str) -> usize {
    test.set_clock(now);
    remind_unfiled(&test.app).await.unwrap()
}

async fn delivered(test: &TestApp) -> Vec<Taken> {
    let sink = Sink::open().await;
    let (app, post) = posting(test, sink.address);
    eapd::service::mail::deliver(&app, &post, || true).await.unwrap();
    sink.taken()
}

fn words(taken: &Taken) -> String {
    taken.body().split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn it_is_due_two_days_before_the_last_one_and_goes_once(test: TestApp) {
    with_a_draft(&test).await;
    assert_eq!(queued(&test, "2014-06-12T23:59:59+02:00").await, 0);
    assert_eq!(queued(&test, "2014-06-13T00:00:00+02:00").await, 1);
    assert_eq!(queued(&test, "2014-06-13T00:05:00+02:00").await, 0, "it waits");
    let taken = delivered(&test).await;
    assert_eq!(taken.len(), 1);
    let told = words(&taken[0]);
    assert!(told.contains("rien n’est déclaré") && told.contains("15 juin 2014"), "{told}");
    assert_eq!(queued(&test, "2014-06-15T23:59:59+02:00").await, 0, "it was sent");
    assert_eq!(queued(&test, "2014-06-16T00:00:00+02:00").await, 0, "it is over");
}

async fn it_says_which_version_counts(test: TestApp) {
    let agent = with_a_draft(&test).await;
    file(&test.app, &agent, &request(&test, "A", Content::Lines(lines()))).await.unwrap();
    assert_eq!(queued(&test, "2014-06-14T09:00:00+02:00").await, 0, "nothing is left unfiled");
    draft::save(&test.app, &agent, siren("A"), year(), None, &lines()).await.unwrap();
    crate::accounts::world::all_sent(&test).await;
    // The machine was off for a day: it catches up.
    assert_eq!(queued(&test, "2014-06-14T09:00:00+02:00").await, 1);
    let told = words(&delivered(&test).await[0]);
    assert!(told.contains("c’est la version 1 qui compte"), "{told}");
}

async fn an_end_that_is_moved_has_its_own(test: TestApp) {
    with_a_draft(&test).await;
    let operator = operator::identify(&test.app, "exploitant").await.unwrap();
    assert_eq!(queued(&test, "2014-06-13T09:00:00+02:00").await, 1);
    campaigns::extend(&test.app, &operator, CampaignYear::new(2014).unwrap(), day("2014-06-30"), "crue")
        .await
        .unwrap();
    assert_eq!(delivered(&test).await.len(), 0, "what it says is not so any more");
    assert_eq!(queued(&test, "2014-06-27T23:59:59+02:00").await, 0);
    assert_eq!(queued(&test, "2014-06-28T00:00:00+02:00").await, 1);
    let told = words(&delivered(&test).await[0]);
    assert!(told.contains("30 juin 2014"), "{told}");
    // Whoever has longer is told before their own end.
    let until = day("2014-07-20");
    derogation::grant_filing(
        &test.app,
        &operator,
        siren("A"),
        CampaignYear::new(2014).unwrap(),
        until,
        "crue",
    )
    .await
    .unwrap();
    assert_eq!(queued(&test, "2014-06-30T09:00:00+02:00").await, 0);
    assert_eq!(queued(&test, "2014-07-17T23:59:59+02:00").await, 0);
    assert_eq!(queued(&test, "2014-07-18T00:00:00+02:00").await, 1);
    assert_eq!(queued(&test, "2014-07-20T23:59:59+02:00").await, 0);
}

async fn what_is_filed_or_over_meanwhile_is_not_sent(test: TestApp) {
    let agent = with_a_draft(&test).await;
    assert_eq!(queued(&test, "2014-06-13T09:00:00+02:00").await, 1);
    file(&test.app, &agent, &request(&test, "A", Content::Nil)).await.unwrap();
    let told: Vec<_> = delivered(&test).await.iter().map(|taken| taken.header("Subject")).collect();
    assert_eq!(told.len(), 1, "the receipt alone: {told:?}");
    draft::save(&test.app, &agent, siren("A"), year(), None, &lines()).await.unwrap();
    test.instance.must("DELETE FROM mail;");
    assert_eq!(queued(&test, "2014-06-15T23:59:00+02:00").await, 1);
    test.set_clock("2014-06-16T00:00:00+02:00");
    assert_eq!(delivered(&test).await.len(), 0, "too late to be of use");
}

async fn of_two_who_look_at_once_one_queues(test: TestApp) {
    with_a_draft(&test).await;
    attached(&test, "deux@ville.example", "A").await;
    test.set_clock("2014-06-13T09:00:00+02:00");
    let (one, other) = tokio::join!(remind_unfiled(&test.app), remind_unfiled(&test.app));
    assert_eq!(one.unwrap() + other.unwrap(), 2, "one an agent");
    assert_eq!(delivered(&test).await.len(), 2);
}

contract!(with world, "2014-05-20T08:00:00Z":
    it_is_due_two_days_before_the_last_one_and_goes_once,
    it_says_which_version_counts,
    an_end_that_is_moved_has_its_own,
    what_is_filed_or_over_meanwhile_is_not_sent,
    of_two_who_look_at_once_one_queues,
);
