//! Rows that would change the meaning of what is on file: under a frozen
//! filing, at an instant that is not now, in a campaign that takes none, past
//! an order, and the tricks of each engine to go around its guards.

mod alike;
mod postgres_only;
mod sqlite_only;

use super::lived_in::{
    self, FILED, IN_OPEN, IN_SETTLED, LATE, OPEN, OVER, PLANNED, RESERVED, SETTLED, SILENT, Times, answer,
    dump, in_thirty_days, nil_by, outcome, report, reservation,
};
use super::verbs::refused;
use crate::support::sql::{self, Filing};
use crate::support::{Engine, Role};

/// One attempt, and what has to refuse it.
struct Attempt {
    sql: String,
    refusals: &'static [&'static str],
}

#[derive(Default)]
struct Attempts(Vec<Attempt>);

impl Attempts {
    fn add(&mut self, refusals: &'static [&'static str], sql: impl Into<String>) {
        self.0.push(Attempt { sql: sql.into(), refusals });
    }
}

const UNIQUE: &str = "23505";
/// A broken CHECK, on either engine.
const CHECK: [&str; 2] = ["CHECK constraint failed", "23514"];

async fn walk(engine: Engine) {
    let times = Times::now();
    let instance = lived_in::instance(engine, times).await;
    let mut before = dump(&instance);
    let mut attempts = alike::on_both(engine, times);
    for attempt in &mut attempts.0 {
        attempt.sql = sql::opening(engine).to_owned() + &sql::transaction(&attempt.sql);
    }
    attempts.0.extend(match engine {
        Engine::Sqlite => sqlite_only::on_sqlite(times).0,
        Engine::Postgres => postgres_only::on_postgres(times).0,
    });
    let mut holes = Vec::new();
    for Attempt { sql, refusals } in &attempts.0 {
        if let Err(hole) = refused(&instance, Role::Application, sql, refusals, &before) {
            holes.push(hole);
            before = dump(&instance);
        }
    }
    assert!(holes.is_empty(), "{} of {} attempts\n{}", holes.len(), attempts.0.len(), holes.join("\n"));
}

#[tokio::test]
async fn sqlite_takes_no_row_that_would_change_what_is_on_file() {
    walk(Engine::Sqlite).await;
}

#[tokio::test]
async fn postgres_takes_no_row_that_would_change_what_is_on_file() {
    walk(Engine::Postgres).await;
}

/// The other half of the proof: the same statements with the right values pass.
async fn right_values_pass(engine: Engine) {
    let times = Times::now();
    let instance = lived_in::instance(engine, times).await;
    let now = times.at(0);
    let second = Filing { version: 2, ..IN_OPEN };
    for right in [
        second.sql(engine, &now) + &second.receipt(&now),
        Filing::nil(FILED, OPEN - 1, 2).sql(engine, &now),
        Filing::nil(SILENT, OPEN - 1, 1).sql(engine, times.at(-60)),
        Filing::nil(SILENT, OPEN - 1, 1).sql(engine, times.at(110)),
        Filing::nil(LATE, OVER - 1, 2).sql(engine, &now),
        Filing { kind: "annulled", ..Filing::nil(FILED, SETTLED - 1, 2) }.sql(engine, &now),
        Filing { kind: "rectified", version: 2, ..IN_SETTLED }.sql(engine, &now),
        sql::extension(OPEN, 2, &times.day(13), &now),
        sql::extension(OVER, 1, &times.day(0), &now) + &Filing::nil(SILENT, OVER - 1, 1).sql(engine, &now),
        sql::dates(PLANNED, 2, &times.day(40), &times.day(50), &now),
        sql::step(OVER, "settled", &now) + &sql::step(OVER, "published", &now),
        sql::step(PLANNED, "cancelled", &now),
        sql::filing_derogation(3, SILENT, OVER, &times.day(0), &now)
            + &Filing::nil(SILENT, OVER - 1, 1).sql(engine, &now)
            + &sql::revocation(3, &now),
        report(engine, "tresor", SETTLED - 1, 2, &now),
        reservation(3, "A4", &in_thirty_days(times)) + &nil_by(engine, "P9", 3, &now),
        answer("A4", "accepted", &now) + &outcome(2, "accepted", &now),
        answer("A4", "withdrawn", &now) + &outcome(2, "refused", &times.at(1)),
        answer("A4", "refused", &now)
            + &outcome(2, "refused", &now)
            + &Filing { kind: "annulled", ..Filing::nil(RESERVED, OPEN - 1, 3) }.sql(engine, &now),
        format!("UPDATE collectivity SET sort_key = 'x' WHERE id = '{FILED}';"),
    ] {
        instance.must(&(sql::opening(engine).to_owned() + &sql::tried(&right)));
    }
}

#[tokio::test]
async fn sqlite_takes_the_right_values() {
    right_values_pass(Engine::Sqlite).await;
}

#[tokio::test]
async fn postgres_takes_the_right_values() {
    right_values_pass(Engine::Postgres).await;
}
