//! Two at once on PostgreSQL: what one transaction has not committed yet is not
//! passed over by the other. (SQLite has one writer: its transactions take turns.)

use std::time::Duration;

use eapd::config::Profile;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use crate::support::sql::{self, Filing};
use crate::support::{Engine, Instance, Role, template};

const BODIES: [&str; 4] = ["200000008", "200000016", "200000024", "200000032"];
const FILED_AT: &str = "2014-06-15T21:59:59Z";
const SETTLED_AT: &str = "2014-06-15T22:00:00Z";
const ROUNDS: u16 = 40;

async fn demonstration() -> Instance {
    let instance = template::instance(Engine::Postgres, Profile::Demo).await;
    let mut script = BODIES.map(sql::collectivity).concat();
    // One campaign a round, all with the same window.
    for year in 2014..=2014 + ROUNDS {
        script += &sql::campaign(year, "2013-01-01T00:00:00Z");
        script += &sql::dates(year, 1, "2014-04-15", "2014-06-15", "2013-01-01T00:00:00Z");
    }
    instance.must(&sql::transaction(&script));
    instance
}

async fn connect(instance: &Instance) -> PgConnection {
    let url = instance.url(Role::Application);
    url.parse::<sqlx::postgres::PgConnectOptions>().unwrap().connect().await.unwrap()
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), String> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .map(drop)
        .map_err(|error| error.to_string())
}

async fn count(connection: &mut PgConnection, flow_year: u16) -> i64 {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM filing WHERE flow_year = $1");
    count.bind(i32::from(flow_year)).fetch_one(connection).await.unwrap()
}

fn nil(siren: &str, flow_year: u16) -> String {
    Filing::nil(siren, flow_year, 1).sql(Engine::Postgres, FILED_AT)
}

/// Whether `connection` is kept waiting by `sql`; it gives up then.
async fn waits(connection: &mut PgConnection, sql: &str) -> bool {
    let outcome = run(connection, &format!("SET LOCAL lock_timeout = '200ms'; {sql}")).await;
    outcome.is_err_and(|error| error.contains("lock timeout"))
}

#[tokio::test]
async fn a_settlement_waits_for_the_filing_that_began_before_it() {
    let instance = demonstration().await;
    let (mut filing, mut settling) = (connect(&instance).await, connect(&instance).await);
    run(&mut filing, &format!("BEGIN; {}", nil(BODIES[0], 2013))).await.unwrap();
    let settle = sql::step(2014, "settled", SETTLED_AT);
    assert!(waits(&mut settling, &settle).await);
    run(&mut filing, "COMMIT").await.unwrap();
    run(&mut settling, &format!("BEGIN; {settle}")).await.unwrap();
    assert_eq!(count(&mut settling, 2013).await, 1);
    run(&mut settling, "COMMIT").await.unwrap();
}

#[tokio::test]
async fn a_filing_waits_for_the_settlement_that_began_before_it_and_is_refused() {
    let instance = demonstration().await;
    let (mut filing, mut settling) = (connect(&instance).await, connect(&instance).await);
    run(&mut settling, &format!("BEGIN; {}", sql::step(2014, "settled", SETTLED_AT))).await.unwrap();
    assert!(waits(&mut filing, &nil(BODIES[0], 2013)).await);
    // Another campaign is not concerned.
    run(&mut filing, &nil(BODIES[0], 2014)).await.unwrap();
    run(&mut settling, "COMMIT").await.unwrap();
    let refusal = run(&mut filing, &nil(BODIES[0], 2013)).await.unwrap_err();
    assert!(refusal.contains("EAPD-G11"), "{refusal}");
}

/// Not two by hand but all at once, many times over: every filing that was
/// committed had been counted by the settlement.
#[tokio::test]
async fn no_filing_escapes_the_settlement() {
    let instance = demonstration().await;
    let mut connections = Vec::new();
    for _ in BODIES {
        connections.push(connect(&instance).await);
    }
    let mut settling = connect(&instance).await;
    let (mut taken, mut refused) = (0, 0);
    for year in 2014..2014 + ROUNDS {
        let filings =
            BODIES.iter().zip(&mut connections).zip(0_u64..).map(async |((siren, connection), place)| {
                // Around the settlement, some before and some after.
                tokio::time::sleep(Duration::from_millis((place + u64::from(year)) % 4)).await;
                run(connection, &nil(siren, year - 1)).await
            });
        let settlement = async {
            tokio::time::sleep(Duration::from_millis(2)).await;
            run(&mut settling, &format!("BEGIN; {}", sql::step(year, "settled", SETTLED_AT))).await.unwrap();
            let seen = count(&mut settling, year - 1).await;
            run(&mut settling, "COMMIT").await.unwrap();
            seen
        };
        let (filings, seen) = tokio::join!(futures_util::future::join_all(filings), settlement);
        for filing in &filings {
            match filing {
                Ok(()) => taken += 1,
                Err(refusal) => {
                    assert!(refusal.contains("EAPD-G11"), "{refusal}");
                    refused += 1;
                }
            }
        }
        let committed = i64::try_from(filings.iter().filter(|filing| filing.is_ok()).count()).unwrap();
        assert_eq!(seen, committed, "campaign {year}: the settlement saw another number than was committed");
        assert_eq!(count(&mut settling, year - 1).await, committed, "campaign {year}");
    }
    assert!(taken > 0 && refused > 0, "{taken} taken and {refused} refused: the two never met");
}

/// A line waiting in an open transaction cannot join the filing that another one commits.
#[tokio::test]
async fn a_line_of_another_transaction_does_not_slip_under_a_filing() {
    let instance = demonstration().await;
    let (mut slipping, mut filing) = (connect(&instance).await, connect(&instance).await);
    let version = Filing { siren: BODIES[0], flow_year: 2013, version: 1, kind: "declared", lines: &[100] };
    run(&mut slipping, &format!("BEGIN; {}", version.line(Engine::Postgres, 9, 900_000))).await.unwrap();
    assert!(waits(&mut filing, &version.sql(Engine::Postgres, FILED_AT)).await);
    let refusal = run(&mut slipping, "COMMIT").await.unwrap_err();
    assert!(refusal.contains("foreign key"), "{refusal}");
    run(&mut filing, &format!("BEGIN; {} COMMIT;", version.sql(Engine::Postgres, FILED_AT))).await.unwrap();
    assert_eq!(instance.must("SELECT COUNT(*) FROM line;").trim(), "1");
}

/// Nor a year the call that another one commits.
#[tokio::test]
async fn a_year_of_another_transaction_does_not_slip_under_a_call() {
    let instance = demonstration().await;
    let (mut slipping, mut calling) = (connect(&instance).await, connect(&instance).await);
    let year = |year: u16| format!("INSERT INTO call_year (call, flow_year) VALUES ('AAP-2014', {year});");
    let call = "INSERT INTO call (code, title, group_rule, founding_text, created_by, created_at) \
                VALUES ('AAP-2014', 'Appel', 'all', 'Texte', 'P1', '2014-01-01T00:00:00Z');";
    run(&mut slipping, &format!("BEGIN; {}", year(1999))).await.unwrap();
    assert!(waits(&mut calling, call).await);
    assert!(waits(&mut calling, &year(2013)).await);
    run(&mut slipping, "COMMIT").await.unwrap_err();
    run(&mut calling, &format!("BEGIN; {} {call} COMMIT;", year(2013))).await.unwrap();
    assert_eq!(instance.must("SELECT flow_year FROM call_year;").trim(), "2013");
}

/// Two versions at once: one is taken, the other told so.
#[tokio::test]
async fn two_filings_of_one_body_take_turns() {
    let instance = demonstration().await;
    let (mut first, mut second) = (connect(&instance).await, connect(&instance).await);
    run(&mut first, &format!("BEGIN; {}", nil(BODIES[0], 2013))).await.unwrap();
    assert!(waits(&mut second, &nil(BODIES[0], 2013)).await);
    // Its neighbours are not kept waiting.
    run(&mut second, &nil(BODIES[1], 2013)).await.unwrap();
    run(&mut first, "COMMIT").await.unwrap();
    let refusal = run(&mut second, &nil(BODIES[0], 2013)).await.unwrap_err();
    assert!(refusal.contains("EAPD-G03"), "{refusal}");
    first.close().await.unwrap();
}
