//! Runs of jobs: one process holds each, another takes up what a dead one left, an end is for good.

use eapd::domain::job::{Outcome, Run};
use eapd::store::job_run;

use super::ground::{ground, read, write};
use crate::support::{TestApp, at, contract};

const DUE: &str = "2014-05-20T22:10:00Z";

async fn taken(app: &TestApp, (job, due): (&str, &str), by: &str, now: &str, until: &str) -> Option<u32> {
    let times = (at(now), at(until));
    write(app, async |tx| job_run::take(tx, (job, at(due)), by, times).await).await.unwrap()
}

async fn ended(app: &TestApp, (job, due): (&str, &str), by: &str, outcome: Outcome) -> bool {
    let now = at("2014-05-20T22:20:00Z");
    write(app, async |tx| job_run::end(tx, (job, at(due)), by, now, (outcome, "fait")).await).await.unwrap()
}

async fn a_run_is_held_by_one_until_it_says_nothing(app: TestApp) {
    let run = ("digest", DUE);
    let (now, until) = ("2014-05-20T22:10:05Z", "2014-05-20T22:12:05Z");
    assert_eq!(taken(&app, run, "A", now, until).await, Some(1));
    assert_eq!(taken(&app, run, "B", now, until).await, None, "A holds it");
    assert_eq!(taken(&app, ("purge", DUE), "B", now, until).await, Some(1), "another job");
    let hold = async |by: &str| {
        let until = at("2014-05-20T22:13:05Z");
        write(&app, async |tx| job_run::hold_on(tx, ("digest", at(DUE)), by, until).await).await.unwrap()
    };
    assert!(hold("A").await && !hold("B").await);
    assert_eq!(taken(&app, run, "B", until, "2014-05-20T22:14:05Z").await, None, "A holds it longer");
    assert_eq!(taken(&app, run, "B", "2014-05-20T22:13:05Z", "2014-05-20T22:15:05Z").await, Some(2));
    assert!(!hold("A").await && !ended(&app, run, "A", Outcome::Done).await, "A has lost it");
    assert!(ended(&app, run, "B", Outcome::Done).await);
    assert!(!ended(&app, run, "B", Outcome::Failed).await, "an end is for good");
    assert_eq!(taken(&app, run, "C", "2015-01-01T00:00:00Z", "2015-01-01T00:02:00Z").await, None);
    assert!(!hold("B").await);
    let told = read(&app, async |tx| job_run::of_job(tx, "digest", 10).await).await;
    let expected = Run {
        job: "digest".to_owned(),
        due_at: at(DUE),
        attempts: 2,
        instance: "B".to_owned(),
        started_at: at("2014-05-20T22:13:05Z"),
        free_at: at("2014-05-20T22:15:05Z"),
        end: Some((at("2014-05-20T22:20:00Z"), Outcome::Done)),
        told: "fait".to_owned(),
    };
    assert_eq!(told, [expected]);
}

async fn a_run_that_failed_waits_for_its_next_try(app: TestApp) {
    let run = ("digest", DUE);
    let (now, until) = ("2014-05-20T22:10:05Z", "2014-05-20T22:12:05Z");
    assert_eq!(taken(&app, run, "A", now, until).await, Some(1));
    let put_off = async |by: &str, until: &str| {
        let until = (at(until), "disque plein");
        write(&app, async |tx| job_run::put_off(tx, ("digest", at(DUE)), by, until).await).await.unwrap()
    };
    assert!(!put_off("B", "2014-05-20T22:11:05Z").await && put_off("A", "2014-05-20T22:11:05Z").await);
    let latest = read(&app, async |tx| job_run::latest(tx).await).await;
    assert_eq!((latest[0].told.as_str(), latest[0].end), ("disque plein", None));
    assert_eq!(taken(&app, run, "B", "2014-05-20T22:11:04Z", until).await, None);
    assert_eq!(taken(&app, run, "B", "2014-05-20T22:11:05Z", until).await, Some(2));
}

async fn the_next_one_ends_what_was_never_done(app: TestApp) {
    let next = "2014-05-21T22:10:00Z";
    taken(&app, ("digest", DUE), "A", "2014-05-20T22:10:05Z", "2014-05-20T22:12:05Z").await.unwrap();
    taken(&app, ("purge", DUE), "A", "2014-05-20T22:10:05Z", "2014-05-20T22:12:05Z").await.unwrap();
    let held = async |now: &str| {
        read(&app, async |tx| job_run::is_held_before(tx, ("digest", at(next)), at(now)).await).await
    };
    assert!(held("2014-05-20T22:12:04Z").await && !held("2014-05-20T22:12:05Z").await);
    let now = at("2014-05-21T22:10:05Z");
    let superseded = write(&app, async |tx| job_run::supersede(tx, ("digest", at(next)), now).await).await;
    assert_eq!(superseded.unwrap(), 1);
    taken(&app, ("digest", next), "B", "2014-05-21T22:10:05Z", "2014-05-21T22:12:05Z").await.unwrap();
    let latest = read(&app, async |tx| job_run::latest(tx).await).await;
    let latest: Vec<_> = latest.iter().map(|run| (run.job.as_str(), run.due_at)).collect();
    assert_eq!(latest, [("digest", at(next)), ("purge", at(DUE))]);
    let all = read(&app, async |tx| job_run::of_job(tx, "digest", 10).await).await;
    assert_eq!(all.iter().map(|run| run.due_at).collect::<Vec<_>>(), [at(next), at(DUE)]);
    assert_eq!(all[1].end, Some((now, Outcome::Superseded)));
    assert_eq!(read(&app, async |tx| job_run::of_job(tx, "digest", 1).await).await.len(), 1);
}

async fn old_runs_are_forgotten_but_the_last(app: TestApp) {
    for due in [DUE, "2014-05-21T22:10:00Z"] {
        taken(&app, ("digest", due), "A", due, due).await.unwrap();
        assert!(ended(&app, ("digest", due), "A", Outcome::Done).await);
    }
    let purge =
        async |before: &str| write(&app, async |tx| job_run::purge(tx, at(before)).await).await.unwrap();
    assert_eq!(purge("2014-05-20T22:20:00Z").await, 0);
    assert_eq!(purge("2014-07-20T22:20:00Z").await, 1);
    assert_eq!(purge("2014-07-20T22:20:00Z").await, 0, "the last one of a job stays");
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_run_is_held_by_one_until_it_says_nothing,
    a_run_that_failed_waits_for_its_next_try,
    the_next_one_ends_what_was_never_done,
    old_runs_are_forgotten_but_the_last,
);
