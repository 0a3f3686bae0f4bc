//! Probes: `/healthz` says that the program lives, `/readyz` whether it can serve.

use std::time::Duration;

use eapd::config::Profile;

use super::program::{Answer, Program};
use crate::api::world::{NOW, world};
use crate::support::command::run;
use crate::support::instance::url_as;
use crate::support::run::cluster;
use crate::support::{Engine, Role, TestApp};

fn tells_nothing(test: &TestApp, answer: &Answer) {
    let url = test.instance.url(Role::Application);
    for never in ["eapd_app", "sqlite", "postgres", "migrat", "SELECT", url.as_str()] {
        assert!(!answer.body.contains(never), "{never}: {}", answer.body);
    }
}

async fn readiness(engine: Engine) {
    let test = TestApp::copy_of(&world(engine).await, NOW).await;
    assert_eq!(test.instance.profile, Profile::Demo);
    let program = Program::start(&test.instance, "metrics_listen = \"127.0.0.1:0\"", "");
    assert_eq!((program.get("/healthz").status, program.get("/readyz").status), (200, 200));
    let wait = if engine == Engine::Sqlite { "PRAGMA busy_timeout = 20000;\n" } else { "" };
    let last = |set: &str| {
        let outcome = test.instance.sql_as(Role::Owner, &format!("{wait}{set}"));
        assert!(outcome.done(), "{outcome}");
    };
    // A migration that the program expects is not there, as after a restore of an old backup.
    let missing = "UPDATE _sqlx_migrations SET success = false WHERE version = (SELECT MAX(version) FROM _sqlx_migrations);";
    last(missing);
    let answer = program.get("/readyz");
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.body.contains("EAPD-A094") && answer.header("retry-after").is_some(), "{answer:?}");
    tells_nothing(&test, &answer);
    last("UPDATE _sqlx_migrations SET success = true;");
    assert_eq!(program.get("/readyz").status, 200);
    // A database that has more than the program knows is served: old and new ones run side by side during an upgrade.
    let newer = match engine {
        Engine::Sqlite => "x'00'",
        Engine::Postgres => "'\\x00'",
    };
    let newer = format!(
        "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
         VALUES (9999, 'newer', CURRENT_TIMESTAMP, true, {newer}, 0);"
    );
    last(&newer);
    assert_eq!(program.get("/readyz").status, 200);
    if engine == Engine::Postgres {
        // The database lets nobody in any more.
        let name = test.instance.name();
        let beside = |role: Role, sql: &str| {
            let mut psql = std::process::Command::new(cluster().programs.join("psql"));
            let outcome =
                run(psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1"]).arg(url_as("postgres", role)), sql);
            assert!(outcome.done(), "{outcome}");
        };
        beside(Role::Owner, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false;"));
        beside(
            Role::Application,
            &format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = '{name}' AND usename = 'eapd_app';"
            ),
        );
        let answer = program.get("/readyz");
        assert_eq!(answer.status, 503, "{answer:?}");
        tells_nothing(&test, &answer);
        let scraped = super::program::get(program.metrics.as_deref().unwrap(), "/metrics");
        assert!(scraped.body.contains("eapd_database_up 0\n"), "{}", scraped.body);
        assert_eq!(program.get("/healthz").status, 200, "it lives");
        beside(Role::Owner, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true;"));
        assert_eq!(program.get("/readyz").status, 200, "it goes on");
    }
}

#[tokio::test]
async fn readiness_on_sqlite() {
    readiness(Engine::Sqlite).await;
}

#[tokio::test]
async fn readiness_on_postgres() {
    readiness(Engine::Postgres).await;
}

#[tokio::test]
async fn who_asks_is_told_that_it_stops_before_it_does() {
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    let mut program = Program::start(&test.instance, "stop_delay_seconds = 3", "");
    assert_eq!(program.get("/readyz").status, 200);
    program.terminate();
    std::thread::sleep(Duration::from_millis(500));
    let answer = program.get("/readyz");
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(program.get("/healthz").status, 200);
    assert_eq!(program.get("/api/v1/campagnes").status, 200, "whoever comes meanwhile is served");
    assert!(program.ended(Duration::from_secs(30)).0);
}
