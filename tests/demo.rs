//! The demonstration of national scale, at its smallest, on a part of the register.

use std::process::Command;

use eapd::config::{Config, Profile};
use eapd::domain::codes::CodeLists;
use eapd::domain::register::Package;
use eapd::domain::year::FlowYear;
use eapd::service::demo::scale::{self, CAMPAIGNS, Figures, Outcome, Plan, SEED};
use eapd::service::register::read_package;
use eapd::service::report::{self, Audience, Format, ReportName};
use eapd::service::{campaign, journal};
use eapd::store::line;
use futures_util::TryStreamExt;
use tokio::sync::OnceCell;

use crate::contract::register::package::real;
use crate::support::command::run;
use crate::support::instance::Instance;
use crate::support::template::{self, Made};
use crate::support::{Engine, TestApp, contract};

const LINES: u32 = 1_000;
const SHARES: [u64; 10] = [5, 10, 15, 20, 30, 50, 80, 120, 500, 170];

/// The real package with a commune in thirty: all kinds of bodies, in less time.
async fn package() -> &'static Package {
    static PACKAGE: OnceCell<Package> = OnceCell::const_new();
    let read = async || {
        let mut package = read_package(&real()).unwrap();
        let mut rank = 0;
        package.communes.retain(|commune| {
            rank += 1;
            rank % 30 == 0 || commune.population.is_some_and(|population| population > 50_000)
        });
        package.groupings.retain(|grouping| grouping.kind != "CC");
        package
    };
    PACKAGE.get_or_init(read).await
}

async fn build(instance: &Instance, lines: u32) -> Outcome {
    let config = Config::from_toml(&instance.toml()).unwrap();
    let plan = Plan::new(lines, SEED).unwrap();
    scale::build(config, package().await, plan, &()).await.unwrap()
}

fn built(outcome: Outcome) -> Figures {
    match outcome {
        Outcome::Built(figures) => figures,
        Outcome::Present(plan) => panic!("{plan:?} was there"),
    }
}

async fn template(engine: Engine) -> Made {
    let prepare = async |app: &TestApp| {
        let figures = built(build(&app.instance, LINES).await);
        let lines: Vec<u64> = figures.years.iter().map(|year| year.lines).collect();
        assert_eq!(lines, SHARES);
        assert!(figures.bodies > 1_000, "{}", figures.bodies);
    };
    template::prepared(engine, Profile::Demo, "scale", "2026-05-20T07:00:00Z", prepare).await
}

async fn the_sum_of_the_lines_is_every_total(app: TestApp) {
    let mut tx = app.app.db.snapshot().await.unwrap();
    for (year, expected) in (2016..).zip(SHARES) {
        let year = FlowYear::new(year).unwrap();
        let lines: Vec<_> = line::stream_effective(&mut tx, year).try_collect().await.unwrap();
        assert_eq!(u64::try_from(lines.len()).unwrap(), expected, "{year}");
        let own: i64 = lines.iter().map(|filed| filed.line.own_resources().cents()).sum();
        let filings = eapd::store::filing::effective_of_year(&mut tx, year).await.unwrap();
        assert_eq!(filings.iter().map(|filing| filing.total_own.cents()).sum::<i64>(), own, "{year}");
        let marked = |title: &str| (20..=120).contains(&title.chars().count()) && title.contains("fictive");
        assert!(lines.iter().all(|filed| marked(&filed.line.title)), "{year}");
    }
    drop(tx);
    let path = app.instance.home().join("lignes.csv");
    let year = FlowYear::new(2024).unwrap();
    let request = report::Request::new(ReportName::Lines, year, Format::Csv, Audience::Administration);
    let file = std::fs::File::create(&path).unwrap();
    let produced = report::produce(&app.app, &request, &file, &|_, _| {}).await.unwrap();
    assert_eq!(produced.rows, 500);
}

/// Everything that a year of the service may hold is there.
async fn it_has_the_shapes_of_reality(app: TestApp) {
    let codes = CodeLists::embedded().unwrap();
    let rows = |sql: &str| -> Vec<String> { app.instance.must(sql).lines().map(str::to_owned).collect() };
    let count = |sql: &str| -> u32 { rows(&format!("SELECT COUNT(*) FROM {sql};"))[0].parse().unwrap() };
    let mut natures: Vec<&str> = codes.natures().keys().collect();
    natures.sort_unstable();
    assert_eq!(rows("SELECT DISTINCT nature FROM line ORDER BY nature;"), natures);
    assert_eq!(
        rows("SELECT DISTINCT kind FROM filing ORDER BY kind;"),
        ["annulled", "declared", "nil", "rectified", "taken_over"]
    );
    for (what, least) in [
        ("filing WHERE kind = 'nil'", 10),
        ("filing WHERE version > 1", 10),
        ("line WHERE cofinancing_received > 0", 200),
        ("line WHERE cofinancing_others IS NOT NULL", 50),
        ("line WHERE own_resources = 0", 5),
        ("line WHERE one_percent_law IS NOT NULL", 30),
        ("line WHERE length(description) > 200", 50),
        ("line WHERE title LIKE '%&%' OR title LIKE '%<%'", 50),
        ("draft", 1),
        ("succession", 40),
        ("succession WHERE kind = 'split'", 5),
        ("derogation WHERE kind = 'filing'", 1),
        ("derogation WHERE kind = 'eligibility'", 9),
        ("extension", 2),
        ("past_amount WHERE nil", 3),
        ("past_amount WHERE NOT nil", 50),
        ("filing WHERE siren LIKE '2199%'", 1),
    ] {
        // SQLite has no booleans of its own.
        assert!(count(what) >= least, "{what}: {}", count(what));
    }
    let states: Vec<&str> = campaign::list(&app.app)
        .await
        .unwrap()
        .iter()
        .map(|campaign| campaign.state(app.app.now()).code())
        .collect();
    assert_eq!(states.len(), usize::from(CAMPAIGNS));
    assert!(states.iter().take(9).all(|state| *state == "publiee") && states[9] == "ouverte", "{states:?}");
}

async fn its_journal_verifies(app: TestApp) {
    assert!(journal::verify(&app.app, &[]).await.unwrap().is_ok());
}

async fn it_is_left_as_it_is(app: TestApp) {
    let Outcome::Present(Some(plan)) = build(&app.instance, 2_000).await else { panic!("built again") };
    assert_eq!((plan.lines(), plan.seed()), (LINES, SEED));
}

contract!(with template, "2026-05-20T07:00:00Z":
    the_sum_of_the_lines_is_every_total,
    it_has_the_shapes_of_reality,
    its_journal_verifies,
    it_is_left_as_it_is,
);

fn dump(instance: &Instance) -> String {
    run(Command::new("sqlite3").arg(instance.file()).arg(".dump"), "").stdout
}

/// The same plan gives the same database, identifiers included; on the other
/// engine the same journal, whose hashes cover every filing.
#[tokio::test]
async fn it_is_the_same_each_time() {
    let one = Instance::copy_of(&template(Engine::Sqlite).await);
    let other = template::instance(Engine::Sqlite, Profile::Demo).await;
    built(build(&other, LINES).await);
    let (dumped, again) = (dump(&one), dump(&other));
    assert!(dumped.len() > 1_000_000 && dumped == again);
    let head = "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1;";
    let on_postgres = Instance::copy_of(&template(Engine::Postgres).await);
    assert_eq!(one.must(head), on_postgres.must(head));
}

#[test]
fn a_scale_that_does_not_exist_is_refused() {
    let eapd =
        |scale: &str| run(Command::new(env!("CARGO_BIN_EXE_eapd")).args(["demo", "--scale", scale]), "");
    for scale in ["999", "1000001", "beaucoup"] {
        let outcome = eapd(scale);
        assert_eq!(outcome.code, Some(2), "{outcome}");
        assert!(outcome.stderr.contains("de 1000 à 1000000"), "{outcome}");
    }
}
