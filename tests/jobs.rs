//! The jobs that have a time, over several processes on one database: each due run once, whatever dies or fails.

use std::sync::Arc;

use eapd::app::{App, Parts};
use eapd::clock::Clock;
use eapd::domain::job::{Job, Outcome, Run};
use eapd::domain::role::{Actor, Role};
use eapd::jobs::schedule;
use eapd::random::Random;
use eapd::service::{job, journal};
use tokio::sync::watch;

use crate::contract::ground::ground;
use crate::support::{TestApp, at, contract};

fn administrator() -> Actor {
    Actor { person: "P1".to_owned(), role: Role::Administrator }
}

/// Another process: the same database and clock, its own randomness.
fn other(test: &TestApp, seed: u64) -> App {
    App::from(Parts { random: Arc::new(Random::from_seed(seed)), ..Parts::clone(&test.app) })
}

async fn looks(app: &App, name: &str) -> usize {
    let (_stop, mut stopping) = watch::channel(false);
    schedule::look(app, name, &mut stopping).await
}

async fn runs(app: &App, wanted: Job) -> Vec<Run> {
    let all = job::standings(app, &administrator()).await.unwrap();
    all.into_iter().find(|standing| standing.job == wanted).unwrap().runs
}

fn with_folder(test: &mut TestApp) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    test.configure(|config| config.data.dir = path);
    folder
}

async fn each_due_run_happens_once_over_three_processes(mut test: TestApp) {
    let _folder = with_folder(&mut test);
    // Five days, some of them missed; the clock goes back in between, and no run comes twice.
    for (now, due) in [
        ("2014-05-20T10:00:00Z", 4),
        ("2014-05-20T10:00:00Z", 0),
        ("2014-05-20T11:00:00Z", 1),
        ("2014-05-20T10:30:00Z", 0),
        ("2014-05-24T10:00:00Z", 4),
        ("2014-05-24T09:59:00Z", 0),
        ("2014-05-24T10:00:00Z", 0),
    ] {
        test.set_clock(now);
        let (second, third) = (other(&test, 2), other(&test, 3));
        let ran = tokio::join!(looks(&test.app, "A"), looks(&second, "B"), looks(&third, "C"));
        assert_eq!(ran.0 + ran.1 + ran.2, due, "{now}");
    }
    let digests = runs(&test.app, Job::Digest).await;
    let dues: Vec<_> = digests.iter().map(|run| run.due_at).collect();
    assert_eq!(dues, [at("2014-05-23T22:10:00Z"), at("2014-05-19T22:10:00Z")], "of a gap the last one");
    for job in Job::ALL {
        for run in runs(&test.app, job).await {
            assert_eq!(
                (run.attempts, run.end.map(|(_at, outcome)| outcome)),
                (1, Some(Outcome::Done)),
                "{run:?}"
            );
        }
    }
}

async fn what_a_dead_process_left_is_taken_up_once(mut test: TestApp) {
    let _folder = with_folder(&mut test);
    let killed = job::take(&test.app, Job::Digest, "A").await.unwrap().unwrap();
    let (second, third) = (other(&test, 2), other(&test, 3));
    assert_eq!(looks(&second, "B").await, Job::ALL.len() - 1, "A may still live");
    test.clock.set(test.clock.now().plus_seconds(121));
    let ran = tokio::join!(looks(&second, "B"), looks(&third, "C"));
    assert_eq!(ran.0 + ran.1, 1);
    let run = &runs(&second, Job::Digest).await[0];
    assert_eq!((run.attempts, run.end.unwrap().1), (2, Outcome::Done));
    assert!(!job::hold_on(&test.app, &killed).await.unwrap(), "A was not dead, and sees that it is too late");
    assert!(!job::finish(&test.app, &killed, Ok("fait".to_owned())).await.unwrap());
    assert_eq!(runs(&second, Job::Digest).await[0].told, run.told);
}

async fn a_job_that_fails_is_shown_and_tried_again(mut test: TestApp) {
    let folder = with_folder(&mut test);
    // A file stands where the folder would be.
    std::fs::write(folder.path().join("empreintes"), "").unwrap();
    assert_eq!(looks(&test.app, "A").await, Job::ALL.len());
    let run = runs(&test.app, Job::Digest).await.remove(0);
    assert_eq!((run.attempts, run.end), (1, None));
    assert!(!run.told.is_empty(), "why it failed is told");
    let later = |seconds: i64| at("2014-05-20T10:00:00Z").plus_seconds(seconds);
    for (seconds, attempts) in [(59, 1), (60, 2), (179, 2), (180, 3)] {
        test.clock.set(later(seconds));
        looks(&test.app, "A").await;
        assert_eq!(runs(&test.app, Job::Digest).await[0].attempts, attempts, "{seconds}");
    }
    std::fs::remove_file(folder.path().join("empreintes")).unwrap();
    test.clock.set(later(600));
    looks(&test.app, "A").await;
    let run = runs(&test.app, Job::Digest).await.remove(0);
    assert_eq!((run.attempts, run.end.unwrap().1), (4, Outcome::Done));
    let filed = std::fs::read_to_string(folder.path().join("empreintes/2014-05-20.txt")).unwrap();
    let (seq, hash) = filed.trim().split_once(' ').unwrap();
    let anchor = journal::Anchor { seq: seq.parse().unwrap(), hash: hash.to_owned() };
    journal::verify(&test.app, std::slice::from_ref(&anchor)).await.unwrap().expect("the anchor holds");
    let wrong = journal::Anchor { hash: "0".repeat(hash.len()), ..anchor };
    assert!(journal::verify(&test.app, &[wrong]).await.unwrap().is_err());
}

async fn the_journal_is_valid_after_a_purge_by_the_schedule(mut test: TestApp) {
    let _folder = with_folder(&mut test);
    test.set_clock("2018-05-20T10:00:00Z");
    assert_eq!(looks(&test.app, "A").await, Job::ALL.len());
    assert_eq!(runs(&test.app, Job::Purge).await[0].end.unwrap().1, Outcome::Done);
    journal::verify(&test.app, &[]).await.unwrap().expect("the chain holds");
    let stranger = Actor { person: "P2".to_owned(), role: Role::Manager };
    assert!(job::standings(&test.app, &stranger).await.is_err(), "for administrators alone");
}

contract!(with ground, "2014-05-20T10:00:00Z":
    each_due_run_happens_once_over_three_processes,
    what_a_dead_process_left_is_taken_up_once,
    a_job_that_fails_is_shown_and_tried_again,
    the_journal_is_valid_after_a_purge_by_the_schedule,
);
