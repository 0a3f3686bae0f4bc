//! The window to the second, as the database itself holds it (rule 2), on a
//! demonstration instance, whose instants are not compared with today's.
//! Every instant below was worked out by hand.

use std::fmt::Write;

use eapd::config::Profile;
use eapd::domain::day::Day;
use eapd::domain::instant::Instant;

use crate::support::sql::{self, Filing};
use crate::support::{Engine, Instance, template};

const SIREN: &str = "200000008";
const OTHER: &str = "200000016";

/// Inserts that came before, and whether a filing is then taken at each instant.
struct Story {
    told: &'static str,
    before: String,
    filings: &'static [(&'static str, Expect)],
}

/// What the guard answers.
type Expect = Result<(), &'static str>;
const TAKEN: Expect = Ok(());
const EARLY: Expect = Err("EAPD-G09");
const CLOSED: Expect = Err("EAPD-G12");
const SETTLED: Expect = Err("EAPD-G11");

/// Campaign 2014 with a window, decided long before.
fn window(opens_on: &str, closes_on: &str) -> String {
    sql::campaign(2014, "2013-01-01T00:00:00Z")
        + &sql::dates(2014, 1, opens_on, closes_on, "2013-01-01T00:00:00Z")
}

fn usual() -> String {
    window("2014-04-15", "2014-06-15")
}

/// The window as it was planned.
fn plain_windows() -> Vec<Story> {
    vec![
        Story {
            told: "both ends",
            before: usual(),
            filings: &[
                ("2014-04-14T21:59:59Z", EARLY),
                ("2014-04-14T22:00:00Z", TAKEN),
                ("2014-04-14T22:00:01Z", TAKEN),
                ("2014-06-15T21:59:58Z", TAKEN),
                ("2014-06-15T21:59:59Z", TAKEN),
                ("2014-06-15T22:00:00Z", CLOSED),
                ("2014-06-15T22:00:01Z", CLOSED),
            ],
        },
        Story {
            told: "the day the clocks go forward has 23 hours",
            before: window("2014-03-30", "2014-03-30"),
            filings: &[
                ("2014-03-29T22:59:59Z", EARLY),
                ("2014-03-29T23:00:00Z", TAKEN),
                ("2014-03-30T21:59:59Z", TAKEN),
                ("2014-03-30T22:00:00Z", CLOSED),
            ],
        },
        Story {
            told: "the day the clocks go back has 25 hours",
            before: window("2014-10-26", "2014-10-26"),
            filings: &[
                ("2014-10-25T21:59:59Z", EARLY),
                ("2014-10-25T22:00:00Z", TAKEN),
                ("2014-10-26T22:59:59Z", TAKEN),
                ("2014-10-26T23:00:00Z", CLOSED),
            ],
        },
        Story {
            told: "a window around both changes, and a leap day",
            before: window("2012-02-29", "2012-11-30"),
            filings: &[
                ("2012-02-28T22:59:59Z", EARLY),
                ("2012-02-28T23:00:00Z", TAKEN),
                ("2012-11-30T22:59:59Z", TAKEN),
                ("2012-11-30T23:00:00Z", CLOSED),
            ],
        },
    ]
}

/// The window as it was extended, reopened for one, and ended for good.
fn decided_windows() -> Vec<Story> {
    let extended = || usual() + &sql::extension(2014, 1, "2014-06-30", "2014-06-17T08:00:00Z");
    let derogation =
        || usual() + &sql::filing_derogation(1, SIREN, 2014, "2014-07-10", "2014-07-01T08:00:00Z");
    vec![
        Story {
            told: "an extension decided after the end: what lay between stays refused",
            before: extended(),
            filings: &[
                ("2014-06-15T21:59:59Z", TAKEN),
                ("2014-06-15T22:00:00Z", CLOSED),
                ("2014-06-17T07:59:59Z", CLOSED),
                ("2014-06-17T08:00:00Z", TAKEN),
                ("2014-06-30T21:59:59Z", TAKEN),
                ("2014-06-30T22:00:00Z", CLOSED),
            ],
        },
        Story {
            told: "two extensions, the second decided before the first ended",
            before: extended() + &sql::extension(2014, 2, "2014-10-26", "2014-06-29T12:00:00Z"),
            filings: &[
                ("2014-06-16T12:00:00Z", CLOSED),
                ("2014-06-30T22:00:00Z", TAKEN),
                ("2014-10-26T22:59:59Z", TAKEN),
                ("2014-10-26T23:00:00Z", CLOSED),
            ],
        },
        Story {
            told: "a derogation reopens for one, from its decision to the end of its day",
            before: derogation(),
            filings: &[
                ("2014-07-01T07:59:59Z", CLOSED),
                ("2014-07-01T08:00:00Z", TAKEN),
                ("2014-07-10T21:59:59Z", TAKEN),
                ("2014-07-10T22:00:00Z", CLOSED),
            ],
        },
        Story {
            told: "a derogation of somebody else",
            before: derogation().replace(SIREN, OTHER),
            filings: &[("2014-07-05T08:00:00Z", CLOSED)],
        },
        Story {
            told: "a revocation acts from then on",
            before: derogation() + &sql::revocation(1, "2014-07-05T08:00:00Z"),
            filings: &[
                ("2014-07-05T07:59:59Z", TAKEN),
                ("2014-07-05T08:00:00Z", CLOSED),
                ("2014-07-10T21:59:59Z", CLOSED),
            ],
        },
        Story {
            told: "settled: not even what was sent before, nor by derogation",
            before: derogation() + &sql::step(2014, "settled", "2014-07-03T08:00:00Z"),
            filings: &[
                ("2014-06-01T08:00:00Z", SETTLED),
                ("2014-07-02T08:00:00Z", SETTLED),
                ("2014-07-03T08:00:00Z", SETTLED),
            ],
        },
    ]
}

async fn demonstration(engine: Engine) -> Instance {
    let instance = template::instance(engine, Profile::Demo).await;
    let bodies = [SIREN, OTHER].map(sql::collectivity).concat();
    instance.must(&(sql::opening(engine).to_owned() + &sql::transaction(&bodies)));
    instance
}

/// Tries, then undoes: the stories do not see each other.
fn attempt(instance: &Instance, statements: &str) -> Result<(), String> {
    let outcome = instance.sql(&(sql::opening(instance.engine).to_owned() + &sql::tried(statements)));
    if outcome.done() { Ok(()) } else { Err(outcome.stderr) }
}

fn agrees(found: &Result<(), String>, expected: Expect) -> bool {
    match (found, expected) {
        (Ok(()), Ok(())) => true,
        (Err(error), Err(code)) => error.contains(code),
        _ => false,
    }
}

async fn the_edges_are_right_to_the_second(engine: Engine) {
    let instance = demonstration(engine).await;
    let mut wrong = String::new();
    for Story { told, before, filings } in plain_windows().into_iter().chain(decided_windows()) {
        for (at, expected) in filings {
            let found = attempt(&instance, &(before.clone() + &Filing::nil(SIREN, 2013, 1).sql(engine, at)));
            if !agrees(&found, *expected) {
                writeln!(wrong, "{told}: at {at} {expected:?}, but {found:?}").unwrap();
            }
        }
        // A manager's version needs no window, only a campaign that has begun.
        let managers = Filing { kind: "taken_over", lines: &[100], ..Filing::nil(SIREN, 2013, 1) };
        for (at, expected) in [("2012-01-01T00:00:00Z", EARLY), ("2019-01-01T00:00:00Z", TAKEN)] {
            let found = attempt(&instance, &(before.clone() + &managers.sql(engine, at)));
            if !agrees(&found, expected) {
                writeln!(wrong, "{told}: a manager's at {at} {expected:?}, but {found:?}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Settling waits for the last day, extensions included; publishing for settling.
async fn steps_come_in_their_time(engine: Engine) {
    let instance = demonstration(engine).await;
    let usual = usual();
    let extended = usual.clone() + &sql::extension(2014, 1, "2014-06-30", "2014-06-01T08:00:00Z");
    let early = Err("EAPD-G15");
    for (before, step, at, expected) in [
        (&usual, "settled", "2014-06-15T21:59:59Z", early),
        (&usual, "settled", "2014-06-15T22:00:00Z", TAKEN),
        (&extended, "settled", "2014-06-15T22:00:00Z", early),
        (&extended, "settled", "2014-06-30T21:59:59Z", early),
        (&extended, "settled", "2014-06-30T22:00:00Z", TAKEN),
        (&usual, "published", "2014-09-01T08:00:00Z", early),
        (
            &(usual.clone() + &sql::step(2014, "settled", "2014-09-01T08:00:00Z")),
            "published",
            "2014-09-01T07:59:59Z",
            early,
        ),
        (
            &(usual.clone() + &sql::step(2014, "settled", "2014-09-01T08:00:00Z")),
            "published",
            "2014-09-01T08:00:00Z",
            TAKEN,
        ),
        (&usual, "cancelled", "2014-04-14T21:59:59Z", TAKEN),
        (&usual, "cancelled", "2014-04-14T22:00:00Z", early),
    ] {
        let found = attempt(&instance, &(before.clone() + &sql::step(2014, step, at)));
        assert!(agrees(&found, expected), "{step} at {at}: {expected:?}, but {found:?}\n{before}");
    }
}

/// The days on which a campaign can begin or end, each beside a change of the
/// clocks: the engine and the program agree on midnight in Paris, and nothing
/// but midnight is taken.
async fn midnights_are_those_of_paris(engine: Engine) {
    let instance = demonstration(engine).await;
    let mut script = sql::campaign(2014, "2000-01-01T00:00:00Z");
    let mut revision = 0;
    let mut add = |opens_on: Day, closes_on: Day| {
        revision += 1;
        script +=
            &sql::dates(2014, revision, &opens_on.to_iso(), &closes_on.to_iso(), "2000-01-01T00:00:00Z");
    };
    for year in 2009..=2060 {
        for month in [3, 10] {
            for number in 24..=31 {
                let day = Day::of(year, month, number).unwrap();
                add(day, day.next());
            }
        }
        add(Day::first_of(year), Day::last_of(year));
    }
    assert_eq!(attempt(&instance, &script), Ok(()));

    for (opens_on, closes_on, opens_at, closes_at) in [
        ("2014-03-30", "2014-03-30", "2014-03-29T22:00:00Z", "2014-03-30T22:00:00Z"),
        ("2014-03-30", "2014-03-30", "2014-03-29T23:00:00Z", "2014-03-30T23:00:00Z"),
        ("2014-10-26", "2014-10-26", "2014-10-25T23:00:00Z", "2014-10-26T23:00:00Z"),
        ("2014-10-26", "2014-10-26", "2014-10-25T22:00:00Z", "2014-10-26T22:00:00Z"),
        ("2014-04-15", "2014-06-15", "2014-04-14T22:00:00Z", "2014-06-15T21:59:59Z"),
        ("2014-04-15", "2014-06-15", "2014-04-14T22:00:00Z", "2014-06-16T22:00:00Z"),
        ("2014-04-15", "2014-06-15", "2014-04-15T00:00:00Z", "2014-06-15T22:00:00Z"),
    ] {
        let right = sql::dates(2014, 1, opens_on, closes_on, "2000-01-01T00:00:00Z");
        let days = [opens_on, closes_on].map(|day| day.parse::<Day>().unwrap());
        let [starts_at, ends_at] = [days[0].starts_at(), days[1].ends_at()].map(Instant::to_rfc3339);
        let wrong =
            right.replace(&format!("'{starts_at}', '{ends_at}'"), &format!("'{opens_at}', '{closes_at}'"));
        assert_ne!(right, wrong);
        let found = attempt(&instance, &(sql::campaign(2014, "2000-01-01T00:00:00Z") + &wrong));
        let error = found.expect_err(&wrong);
        assert!(error.contains("EAPD-G05") || error.contains("23514"), "{error}");
    }
}

macro_rules! on_both {
    ($($case:ident),+) => {
        mod sqlite {
            $(#[tokio::test] async fn $case() { super::$case(super::Engine::Sqlite).await; })+
        }
        mod postgres {
            $(#[tokio::test] async fn $case() { super::$case(super::Engine::Postgres).await; })+
        }
    };
}
on_both!(the_edges_are_right_to_the_second, steps_come_in_their_time, midnights_are_those_of_paris);
