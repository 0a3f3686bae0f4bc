//! Transactions, snapshots and migration.

use eapd::app::{App, StartError};
use eapd::config::{Config, Profile};
use eapd::domain::year::FlowYear;
use eapd::store::writes::Writes;
use eapd::store::{StoreError, Tx, admission, facts, journal};

use crate::support::sql::{self, Filing};
use crate::support::template::{Made, prepared};
use crate::support::{Engine, Role, TestApp, contract};

const BODY: &str = "200000008";

/// A campaign with one body, made once and copied for each case.
async fn with_a_campaign(engine: Engine) -> Made {
    prepared(engine, Profile::Demo, "campaign", "2014-05-20T10:00:00Z", async |app: &TestApp| {
        let script = sql::collectivity(BODY)
            + &sql::campaign(2014, "2014-01-01T00:00:00Z")
            + &sql::dates(2014, 1, "2014-04-15", "2014-06-15", "2014-01-01T00:00:00Z");
        app.instance.must(&(sql::opening(engine).to_owned() + &sql::transaction(&script)));
    })
    .await
}

fn told(at: &TestApp) -> journal::Told<'static> {
    journal::Told { at: at.app.now(), actor: "P1", action: "essai", subject: "s", before: None, after: None }
}

async fn what_was_not_committed_is_gone(app: TestApp) {
    let mut tx = app.app.db.begin().await.unwrap();
    journal::append(&mut tx, told(&app)).await.unwrap();
    drop(tx);
    let mut tx = app.app.db.begin().await.unwrap();
    assert_eq!(journal::head(&mut tx).await.unwrap().seq, 0);
    let head = journal::append(&mut tx, told(&app)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = app.app.db.snapshot().await.unwrap();
    assert_eq!(journal::head(&mut tx).await.unwrap(), head);
}

async fn a_snapshot_sees_no_later_commit_and_writes_nothing(app: TestApp) {
    let mut snapshot = app.app.db.snapshot().await.unwrap();
    assert_eq!(journal::head(&mut snapshot).await.unwrap().seq, 0);
    let mut tx = app.app.db.begin().await.unwrap();
    journal::append(&mut tx, told(&app)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(journal::head(&mut snapshot).await.unwrap().seq, 0);
    assert!(journal::append(&mut snapshot, told(&app)).await.is_err());
    drop(snapshot);
    let mut later = app.app.db.snapshot().await.unwrap();
    assert_eq!(journal::head(&mut later).await.unwrap().seq, 1);
}

/// A report may take longer than any other statement, in its own transaction only.
async fn a_report_has_its_time(app: TestApp) {
    let mut tx = app.app.db.snapshot().await.unwrap();
    assert!(matches!(limit(&mut tx).await.as_deref(), None | Some("2min")));
    tx.take_time().await.unwrap();
    assert!(matches!(limit(&mut tx).await.as_deref(), None | Some("30min")));
    drop(tx);
    let mut tx = app.app.db.snapshot().await.unwrap();
    assert!(matches!(limit(&mut tx).await.as_deref(), None | Some("2min")));
}

/// The time that PostgreSQL gives a statement; none on SQLite.
async fn limit(tx: &mut eapd::store::Tx<'_>) -> Option<String> {
    match tx {
        eapd::store::Tx::Sqlite(_) => None,
        eapd::store::Tx::Postgres(tx) => {
            sqlx::query_scalar("SHOW statement_timeout").fetch_optional(&mut **tx).await.unwrap()
        }
    }
}

/// On SQLite a refused COMMIT leaves the transaction open: the next one must not find it.
async fn a_refused_commit_leaves_nothing_behind(app: TestApp) {
    let line = Filing { siren: BODY, flow_year: 2013, version: 1, kind: "declared", lines: &[100] };
    for _ in 0..2 {
        let tx = app.app.db.begin().await.unwrap();
        let tx = execute(tx, &line.line(app.engine(), 1, 100)).await.unwrap();
        tx.commit().await.unwrap_err();
    }
    let tx = app.app.db.begin().await.unwrap();
    let tx = execute(tx, &line.sql(app.engine(), "2014-05-20T10:00:00Z")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(app.instance.must("SELECT COUNT(*) FROM line;").trim(), "1");
}

/// The guards know the connections of the program: SQLite's check foreign keys.
async fn a_refusal_of_a_guard_has_its_code(app: TestApp) {
    let late = Filing::nil(BODY, 2013, 1).sql(app.engine(), "2014-06-15T22:00:00Z");
    let tx = app.app.db.begin().await.unwrap();
    let error = execute(tx, &late).await.unwrap_err();
    assert_eq!(StoreError::from(error).guard_code(), Some("EAPD-G12"));
}

/// A program never works on a schema older than its own.
async fn a_missing_migration_is_named(app: TestApp) {
    app.app.db.check_schema().await.unwrap();
    let forget = "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations);";
    let outcome = app.instance.sql_as(Role::Owner, forget);
    assert!(outcome.done(), "{outcome}");
    let error = app.app.db.check_schema().await.unwrap_err().to_string();
    assert!(error.contains("eapd migrate"), "{error}");
    let config = Config::from_toml(&app.instance.toml()).unwrap();
    assert!(matches!(App::open(config).await, Err(StartError::Store(StoreError::Unusable(_)))));
}

async fn migrating_again_changes_nothing(app: TestApp) {
    let before = app.instance.must("SELECT * FROM instance;");
    let outcome = app.instance.eapd(None, &["migrate"]);
    assert!(outcome.done(), "{outcome}");
    assert_eq!(app.instance.must("SELECT * FROM instance;"), before);
    assert!(app.app.db.is_demonstration().await.unwrap());
}

async fn a_demonstration_is_not_served_as_production(app: TestApp) {
    let mut config = Config::from_toml(&app.instance.toml()).unwrap();
    config.profile = Profile::Production;
    let error = App::with(config, app.app.clock.clone(), app.app.random.clone()).await.unwrap_err();
    assert!(matches!(error, StartError::Profile { .. }), "{error}");
}

async fn the_clock_is_the_tests(app: TestApp) {
    assert_eq!(app.app.now().to_rfc3339(), "2014-05-20T10:00:00Z");
    app.set_clock("2014-06-15T23:59:59+02:00");
    assert_eq!(app.app.now().to_rfc3339(), "2014-06-15T21:59:59Z");
}

/// One statement is its own snapshot: the next one sees what another process has committed meanwhile.
async fn a_read_sees_every_commit_before_it(app: TestApp) {
    let newcomer = "200000016".parse().unwrap();
    let mut tx = app.app.db.read().await.unwrap();
    assert_eq!(facts::body(&mut tx, newcomer).await.unwrap(), None);
    let script = sql::opening(app.engine()).to_owned() + &sql::transaction(&sql::collectivity("200000016"));
    app.instance.must(&script);
    assert!(facts::body(&mut tx, newcomer).await.unwrap().is_some());
    tx.done();
    // To commit a read is to end it.
    app.app.db.read().await.unwrap().commit().await.unwrap();
}

/// Whoever writes goes away before an answer, at any moment of it: nothing of theirs stays but what was committed
/// whole, and the next one writes.
async fn writers_given_up_leave_nothing_behind(app: TestApp) {
    let mut given_up = [false; 2];
    for turn in 0..400_u64 {
        let by_two_trips = async {
            let (siren, year) = (BODY.parse().unwrap(), FlowYear::new(2013).unwrap());
            let (mut tx, found) = admission::begin(&app.app.db, (siren, year), None, None).await.unwrap();
            let mut writes = Writes::of(&tx);
            let head = journal::hold(&mut tx, &mut writes, Some(found.journal)).await.unwrap();
            let head = journal::follow(&mut writes, head, told(&app)).unwrap();
            let subject = format!("deuxième de {turn}");
            journal::follow(&mut writes, head, journal::Told { subject: &subject, ..told(&app) }).unwrap();
            writes.commit(tx).await.unwrap();
        };
        let write = async {
            let mut tx = app.app.db.begin().await.unwrap();
            journal::append(&mut tx, told(&app)).await.unwrap();
            let subject = format!("deuxième de {turn}");
            journal::append(&mut tx, journal::Told { subject: &subject, ..told(&app) }).await.unwrap();
            tx.commit().await.unwrap();
        };
        let patience = std::time::Duration::from_micros(turn.saturating_mul(10));
        let answered = if turn.is_multiple_of(2) {
            tokio::time::timeout(patience, by_two_trips).await.is_ok()
        } else {
            tokio::time::timeout(patience, write).await.is_ok()
        };
        given_up[usize::from(answered)] = true;
    }
    let mut tx = app.app.db.begin().await.unwrap();
    let head = journal::append(&mut tx, told(&app)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(head.seq % 2, 1, "a half of what someone wrote is there");
    assert!(given_up[0], "nobody gave up");
    let verified = eapd::service::journal::verify(&app.app, &[]).await.unwrap();
    assert_eq!(verified, Ok(head));
}

/// Another process holds the file, and many give up meanwhile: whoever comes after them writes.
async fn a_crowd_that_gives_up_leaves_the_writer_free(app: TestApp) {
    let other = eapd::store::Db::open(&app.app.config.database.url).await.unwrap();
    let held = other.begin().await.unwrap();
    for _one in 0..200 {
        let impatient = tokio::time::timeout(std::time::Duration::ZERO, app.app.db.begin()).await;
        drop(impatient);
    }
    drop(held);
    other.close().await;
    let mut tx = app.app.db.begin().await.unwrap();
    journal::append(&mut tx, told(&app)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_closed_database_refuses_writes(app: TestApp) {
    app.app.db.begin().await.unwrap().commit().await.unwrap();
    app.app.db.close().await;
    assert!(app.app.db.begin().await.unwrap_err().is_outage());
}

/// Whoever asked goes away before the answer: nobody else gets it, nor waits for ever.
async fn reads_given_up_leave_the_next_ones_whole(app: TestApp) {
    const SLOW: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) \
                        SELECT COUNT(*) FROM n";
    let mut given_up = 0;
    // More often than there are connections; a busy machine may be late in giving up.
    for _ in 0..100 {
        if given_up == 10 {
            break;
        }
        let mut tx = app.app.db.read().await.unwrap();
        let asked = async {
            match &mut tx {
                Tx::Sqlite(tx) => sqlx::query_scalar::<_, i64>(SLOW).fetch_one(&mut **tx).await,
                Tx::Postgres(tx) => sqlx::query_scalar::<_, i64>(SLOW).fetch_one(&mut **tx).await,
            }
        };
        let answer = tokio::time::timeout(std::time::Duration::from_micros(500), asked).await;
        given_up += i32::from(answer.is_err());
    }
    assert_eq!(given_up, 10);
    for _ in 0..40 {
        let mut tx = app.app.db.read().await.unwrap();
        assert!(facts::body(&mut tx, BODY.parse().unwrap()).await.unwrap().is_some());
        tx.done();
    }
}

async fn a_closed_database_refuses_reads(app: TestApp) {
    app.app.db.read().await.unwrap().done();
    app.app.db.close().await;
    assert!(app.app.db.read().await.unwrap_err().is_outage());
}

/// Runs one statement or more on the connection of the program.
async fn execute<'a>(tx: eapd::store::Tx<'a>, sql: &str) -> Result<eapd::store::Tx<'a>, sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    Ok(match tx {
        Tx::Sqlite(mut tx) => {
            sqlx::raw_sql(sql).execute(&mut *tx).await?;
            Tx::Sqlite(tx)
        }
        Tx::Postgres(mut tx) => {
            sqlx::raw_sql(sql).execute(&mut *tx).await?;
            Tx::Postgres(tx)
        }
    })
}

contract!(with with_a_campaign, "2014-05-20T10:00:00Z":
    what_was_not_committed_is_gone,
    writers_given_up_leave_nothing_behind,
    a_crowd_that_gives_up_leaves_the_writer_free,
    a_closed_database_refuses_writes,
    a_snapshot_sees_no_later_commit_and_writes_nothing,
    a_report_has_its_time,
    a_refused_commit_leaves_nothing_behind,
    a_refusal_of_a_guard_has_its_code,
    a_missing_migration_is_named,
    migrating_again_changes_nothing,
    a_demonstration_is_not_served_as_production,
    the_clock_is_the_tests,
    a_read_sees_every_commit_before_it,
    reads_given_up_leave_the_next_ones_whole,
    a_closed_database_refuses_reads,
);
