//! The jobs that have a time, over several processes on one database: each due run once, whatever dies or fails.

use std::sync::Arc;

use eapd::app::{App, Parts};
use eapd::clock::Clock;
use eapd::config::{Interval, Transport};
use eapd::domain::job::{Job, Outcome, Run};
use eapd::domain::journal::{JournalEntry, JournalFault};
use eapd::domain::role::{Actor, Role};
use eapd::jobs::schedule;
use eapd::random::Random;
use eapd::service::mail::{Post, deliver, kept};
use eapd::service::upkeep::{backup, restore};
use eapd::service::{job, journal};
use eapd::store;
use futures_util::TryStreamExt;
use tokio::sync::watch;

use crate::contract::ground::ground;
use crate::support::{Engine, Role as DatabaseRole, TestApp, at, contract};

/// Jobs that have a time without a configuration that asks for them.
const DUE: usize = Job::ALL.len() - 1;

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
    // Backups have a test of their own: they are due more often.
    test.configure(|config| {
        config.data.dir = path;
        config.backup.interval_minutes = Interval::Minutes(0);
    });
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
        assert_eq!(runs(&test.app, job).await.is_empty(), job == Job::Backup);
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
    assert_eq!(looks(&second, "B").await, DUE - 1, "A may still live");
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
    assert_eq!(looks(&test.app, "A").await, DUE);
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
    assert_eq!(looks(&test.app, "A").await, DUE);
    assert_eq!(runs(&test.app, Job::Purge).await[0].end.unwrap().1, Outcome::Done);
    journal::verify(&test.app, &[]).await.unwrap().expect("the chain holds");
    let stranger = Actor { person: "P2".to_owned(), role: Role::Manager };
    assert!(job::standings(&test.app, &stranger).await.is_err(), "for administrators alone");
}

/// Changes the journal as only who owns the database can.
fn tampers(test: &TestApp, change: &str) {
    let (off, on) = match test.engine() {
        Engine::Sqlite => ("DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;", ""),
        Engine::Postgres => {
            ("ALTER TABLE journal DISABLE TRIGGER USER;", "ALTER TABLE journal ENABLE TRIGGER USER;")
        }
    };
    let outcome = test.instance.sql_as(DatabaseRole::Owner, &format!("{off} {change} {on}"));
    assert!(outcome.done(), "{outcome}");
}

async fn entries(app: &App) -> Vec<JournalEntry> {
    let mut tx = app.db.snapshot().await.unwrap();
    store::journal::stream(&mut tx).try_collect().await.unwrap()
}

/// With the digest of the night, as `eapd journal verify --anchor` has it.
async fn with_digest(test: &mut TestApp) -> (tempfile::TempDir, journal::Anchor) {
    let folder = with_folder(test);
    let head = journal::file_digest(&test.app).await.unwrap();
    (folder, journal::Anchor { seq: head.seq, hash: head.hash })
}

async fn a_journal_whose_tail_is_cut_is_found_by_the_digest(mut test: TestApp) {
    let (_folder, anchor) = with_digest(&mut test).await;
    tampers(&test, &format!("DELETE FROM journal WHERE seq = {};", anchor.seq));
    let alone = journal::verify(&test.app, &[]).await.unwrap();
    assert!(alone.is_ok(), "what is left is a chain: {alone:?}");
    let fault = journal::verify(&test.app, std::slice::from_ref(&anchor)).await.unwrap().unwrap_err();
    assert_eq!(fault, JournalFault::Anchor { seq: anchor.seq });
}

async fn a_journal_that_is_rewritten_from_a_row_on_is_found_by_the_digest(mut test: TestApp) {
    let (_folder, anchor) = with_digest(&mut test).await;
    let mut chain = entries(&test.app).await;
    let from = chain.len() / 2;
    chain[from].subject = "autre chose".to_owned();
    let mut changes = vec![];
    for place in from..chain.len() {
        if place > 0 {
            chain[place].previous = chain[place - 1].hash.clone();
        }
        chain[place].hash = chain[place].compute_hash().unwrap();
        let JournalEntry { seq, subject, previous, hash, .. } = &chain[place];
        let set = format!("subject = '{subject}', previous = '{previous}', hash = '{hash}'");
        changes.push(format!("UPDATE journal SET {set} WHERE seq = {seq};"));
    }
    tampers(&test, &changes.concat());
    let alone = journal::verify(&test.app, &[]).await.unwrap();
    assert!(alone.is_ok(), "it was rewritten without a fault: {alone:?}");
    let fault = journal::verify(&test.app, std::slice::from_ref(&anchor)).await.unwrap().unwrap_err();
    assert_eq!(fault, JournalFault::Anchor { seq: anchor.seq });
}

async fn backups_are_taken_at_their_interval_by_one_process(mut test: TestApp) {
    let folder = with_folder(&mut test);
    test.configure(|config| {
        config.backup.interval_minutes = Interval::Minutes(5);
        config.backup.postgres_programs.clone_from(&crate::support::run::cluster().programs);
    });
    let standing = job::standings(&test.app, &administrator()).await.unwrap().pop().unwrap();
    assert_eq!(standing.due.unwrap().label(), "toutes les 5\u{a0}minutes");
    for (now, expected) in
        [("2014-05-20T10:00:30Z", 1), ("2014-05-20T10:04:59Z", 0), ("2014-05-20T10:05:00Z", 1)]
    {
        test.set_clock(now);
        let second = other(&test, 2);
        let before = runs(&test.app, Job::Backup).await.len();
        tokio::join!(looks(&test.app, "A"), looks(&second, "B"));
        assert_eq!(runs(&test.app, Job::Backup).await.len() - before, expected, "{now}");
    }
    let copies = backup::all(&folder.path().join("sauvegardes")).unwrap();
    assert_eq!(copies.len(), 2);
    restore::read(&copies[1]).await.expect("it is whole");
    // A disk that takes nothing is told to administrators, and tried again.
    std::fs::remove_dir_all(folder.path().join("sauvegardes")).unwrap();
    std::fs::write(folder.path().join("sauvegardes"), "").unwrap();
    test.set_clock("2014-05-20T10:10:00Z");
    looks(&test.app, "A").await;
    let failed = runs(&test.app, Job::Backup).await.remove(0);
    assert!(failed.end.is_none() && failed.told.contains("sauvegardes"), "{failed:?}");
    std::fs::remove_file(folder.path().join("sauvegardes")).unwrap();
    test.set_clock("2014-05-20T10:11:00Z");
    looks(&test.app, "A").await;
    let run = runs(&test.app, Job::Backup).await.remove(0);
    assert_eq!((run.attempts, run.end.unwrap().1), (2, Outcome::Done));
}

async fn the_digest_is_mailed_once_a_night(mut test: TestApp) {
    let folder = with_folder(&mut test);
    test.configure(|config| {
        config.mail.transport = Transport::Folder;
        config.mail.from = "eapd@eapd.example".to_owned();
        config.mail.ministry = "ministere@eapd.example".to_owned();
    });
    let head = journal::file_digest(&test.app).await.unwrap();
    let (second, third) = (other(&test, 2), other(&test, 3));
    let queued = tokio::join!(journal::mail_digest(&second, &head), journal::mail_digest(&third, &head));
    assert_eq!(queued.0.unwrap() + queued.1.unwrap(), 1, "nobody is an administrator: the ministry has it");
    let post = Post::of(&test.app.config).unwrap().unwrap();
    deliver(&test.app, &post, || true).await.unwrap();
    let mails = kept(&test.app).await.unwrap();
    assert_eq!(mails.len(), 1);
    let line = format!("{} {}", head.seq, head.hash);
    assert!(mails[0].body.lines().any(|found| found == line), "{}", mails[0].body);
    let filed = std::fs::read_to_string(folder.path().join("empreintes/2014-05-20.txt")).unwrap();
    assert_eq!(filed.trim(), line, "what is mailed is what is filed");
    test.clock.set(test.clock.now().plus_seconds(86_400));
    assert_eq!(journal::mail_digest(&test.app, &head).await.unwrap(), 1, "and the next night");
}

async fn two_processes_that_start_at_once_are_one_operator(test: TestApp) {
    let (second, third) = (other(&test, 2), other(&test, 3));
    let who = tokio::join!(job::actor(&test.app), job::actor(&second), job::actor(&third));
    let (first, second, third) = (who.0.unwrap(), who.1.unwrap(), who.2.unwrap());
    assert_eq!((&first.person, &second.person), (&second.person, &third.person));
}

contract!(with ground, "2014-05-20T10:00:00Z":
    each_due_run_happens_once_over_three_processes,
    what_a_dead_process_left_is_taken_up_once,
    a_job_that_fails_is_shown_and_tried_again,
    the_journal_is_valid_after_a_purge_by_the_schedule,
    a_journal_whose_tail_is_cut_is_found_by_the_digest,
    a_journal_that_is_rewritten_from_a_row_on_is_found_by_the_digest,
    backups_are_taken_at_their_interval_by_one_process,
    the_digest_is_mailed_once_a_night,
    two_processes_that_start_at_once_are_one_operator,
);
