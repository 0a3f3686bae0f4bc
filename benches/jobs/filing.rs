//! Filing of 50 lines over HTTP, durable: closed loop, open loop, burst; on SQLite beside one bare
//! transaction of the same rows, and on PostgreSQL with `fsync` on.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use eapd::app::App;
use eapd::domain::collectivity::Collectivity;
use eapd::domain::role::Role;
use eapd::domain::siren::Siren;
use eapd::domain::token::Scope;
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::service::{campaign, journal, operator, register, token};
use eapd::store::engine::migrate;
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection};

use crate::support::Result;
use crate::support::agents::{Agent, Agents, Seen};
use crate::support::bench::{Bench, eapd, root};
use crate::support::cluster::Cluster;
use crate::support::contest::{Contender, Figure, Sample, contest};
use crate::support::inside::{clock, open, wait};
use crate::support::line::{Goal, Line, Unit};
use crate::support::process::{self, Server, free_address};

/// The campaign that is open.
const CAMPAIGN: u16 = 2026;
/// Lines of a filing.
const LINES: u32 = 50;
/// Bodies that file, each through a token of its own.
const BODIES: usize = 2_000;

/// On both engines.
pub fn run(bench: &mut Bench) -> Result<()> {
    on_sqlite(bench)?;
    on_postgres(bench)
}

fn on_sqlite(bench: &mut Bench) -> Result<()> {
    bench.has_time_for("filing on SQLite", 75)?;
    let home = bench.scratch().join("filing");
    let (ours, bare) = (home.join("ours"), home.join("bare"));
    std::fs::create_dir_all(&ours)?;
    std::fs::create_dir_all(&bare)?;
    let (ours, bare) = (bench.national.copy(&ours)?, bench.national.copy(&bare)?);
    let url = format!("sqlite://{}", ours.display());
    let agents = wait(async { agents_of(&open(&url).await?).await })?;
    let sirens = home.join("sirens");
    let list: Vec<&str> = agents.iter().map(|agent| agent.siren.as_str()).collect();
    std::fs::write(&sirens, list.join("\n"))?;
    let server = serve(&url)?;
    let agents = Agents::new(server.address, CAMPAIGN - 1, agents, body());
    // The first filing warms up, and gives the reference its rows.
    agents.burst(1)?.without_error()?;
    let receipt = agents.acknowledged().first().ok_or("no receipt")?.number.clone();

    let seconds = if bench.options.is_quick() { 1 } else { 3 };
    let closed = |clients: usize| -> Result<Sample> {
        let seen = agents.closed_loop(clients, Duration::from_secs(seconds)).without_error()?;
        Ok(Sample { value: seen.per_second(), ..Sample::default() })
    };
    let reference = || -> Result<Sample> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["reference", "rows"]).args([&bare, &ours]).arg(&receipt).arg(&sirens);
        let ran = process::run(command.arg(seconds.to_string()), Duration::from_mins(1))?;
        Ok(Sample { value: rate(&ran.output)?, ..Sample::default() })
    };
    let contenders = vec![
        Contender::new("one client", || closed(1)),
        Contender::new("16 clients", || closed(16)),
        Contender::new("one bare transaction each", reference),
    ];
    let standings = contest(bench, bench.options.rounds.saturating_mul(2), contenders)?;
    let [one, sixteen, theirs] = standings.as_slice() else { return Err("three contenders".into()) };
    for (clients, ours) in [("one client", one), ("16 clients", sixteen)] {
        let what = format!("filing of {LINES} lines, SQLite, {clients}");
        let note = "beside: the same rows under the same guards, in process, by one connection";
        let goal = Goal::RatioAtLeast(0.7);
        bench.add(Line::beside(what, Unit::PerSecond, ours, theirs, goal).with_note(note));
    }
    loops(bench, &agents, "SQLite")?;
    wait(kept(&url, &agents))?;
    ended(server)
}

fn on_postgres(bench: &mut Bench) -> Result<()> {
    bench.has_time_for("filing on PostgreSQL", 60)?;
    let cluster = Cluster::start()?;
    let fsync =
        cluster.sql("eapd", "SELECT current_setting('fsync') || current_setting('synchronous_commit')")?;
    if fsync.trim() != "onon" {
        return Err(format!("a commit of this PostgreSQL is not durable: {fsync}").into());
    }
    let (url, owner) = (cluster.url("eapd_app"), cluster.url("eapd_owner"));
    let agents = wait(async {
        migrate(&url, Some(&owner), true, clock()?).await?;
        let app = open(&url).await?;
        let operator = operator::identify(&app, "bench").await?;
        let folder = root().join("node_modules/@etalab/decoupage-administratif");
        let package = register::read_package(&folder)?;
        register::import(&app, &operator, &package, None, &()).await?;
        campaign::create(&app, &operator, CampaignYear::new(CAMPAIGN)?, None, true).await?;
        agents_of(&app).await
    })?;
    let server = serve(&url)?;
    let agents = Agents::new(server.address, CAMPAIGN - 1, agents, body());
    agents.burst(1)?.without_error()?;
    let seconds = if bench.options.is_quick() { 1 } else { 3 };
    for clients in [1, 16] {
        let mut rates = vec![];
        for _round in 0..bench.options.rounds {
            let seen = agents.closed_loop(clients, Duration::from_secs(seconds)).without_error()?;
            rates.push(seen.per_second());
        }
        let what = match clients {
            1 => format!("filing of {LINES} lines, PostgreSQL, one client"),
            _ => format!("filing of {LINES} lines, PostgreSQL, {clients} clients"),
        };
        bench.add(Line::alone(what, Unit::PerSecond, Figure::of(rates.into_iter()), Goal::Shown));
    }
    loops(bench, &agents, "PostgreSQL")?;
    wait(kept(&url, &agents))?;
    ended(server)
}

/// The open loop and the burst, which have no reference: they have limits.
fn loops(bench: &mut Bench, agents: &Agents, engine: &str) -> Result<()> {
    let seconds = if bench.options.is_quick() { 2 } else { 10 };
    let seen = agents.open_loop(100, Duration::from_secs(seconds))?.without_error()?;
    let what = format!("filing of {LINES} lines, {engine}, 100 a second: p99");
    let latency = Figure::one(seen.percentile(99));
    let line = Line::alone(what, Unit::Milliseconds, latency, Goal::AtMost(250.0));
    bench.add(line.with_note(told(&seen, "latency counts from the instant at which each was due")));
    let mut times = vec![];
    let mut last = Seen::default();
    for _round in 0..bench.options.rounds {
        last = agents.burst(200)?.without_error()?;
        times.push(last.seconds);
    }
    let what = format!("filing of {LINES} lines, {engine}, burst of 200: until the last answer");
    let line = Line::alone(what, Unit::Seconds, Figure::of(times.into_iter()), Goal::AtMost(3.0));
    bench.add(line.with_note(told(&last, "200 connections, one request each at the same instant")));
    Ok(())
}

fn told(seen: &Seen, how: &str) -> String {
    let (p50, p99, most) = (seen.percentile(50), seen.percentile(99), seen.percentile(100));
    format!("{how}; p50 {p50:.1} ms, p99 {p99:.1} ms, the longest {most:.1} ms, no error")
}

/// Whether everything acknowledged is there with its lines, and the journal holds.
async fn kept(url: &str, agents: &Agents) -> Result<()> {
    const WHOLE: &str = "SELECT r.number FROM receipt r \
        JOIN filing f ON f.flow_year = r.flow_year AND f.siren = r.siren AND f.version = r.version \
        JOIN line l ON l.flow_year = r.flow_year AND l.siren = r.siren AND l.version = r.version \
        WHERE r.flow_year = $1 GROUP BY r.number, f.line_count HAVING COUNT(*) = f.line_count AND COUNT(*) = $2";
    let (year, lines) = (i32::from(CAMPAIGN) - 1, i64::from(LINES));
    let whole: Vec<String> = if url.starts_with("sqlite:") {
        let mut conn = url.parse::<sqlx::sqlite::SqliteConnectOptions>()?.connect().await?;
        sqlx::query_scalar(WHOLE).bind(year).bind(lines).fetch_all(&mut conn).await?
    } else {
        let mut conn = sqlx::PgConnection::connect(url).await?;
        sqlx::query_scalar(WHOLE).bind(year).bind(lines).fetch_all(&mut conn).await?
    };
    let whole: std::collections::HashSet<String> = whole.into_iter().collect();
    let acknowledged = agents.acknowledged();
    if let Some(lost) = acknowledged.iter().find(|one| !whole.contains(&one.number)) {
        return Err(
            format!("{} of {} was acknowledged and is not there whole", lost.number, lost.siren).into()
        );
    }
    let app = open(url).await?;
    if let Err(fault) = journal::verify(&app, &[]).await? {
        return Err(format!("the journal: {fault}").into());
    }
    app.db.close().await;
    println!(
        "{} filings acknowledged: all there with their {LINES} lines, the journal holds",
        acknowledged.len()
    );
    Ok(())
}

/// Bodies of the register, spread over the country, each with a token.
async fn agents_of(app: &App) -> Result<Vec<Agent>> {
    let operator = operator::identify(app, "bench").await?;
    let year = FlowYear::new(CAMPAIGN - 1)?;
    let register = eapd::store::register::of_year(&mut app.db.snapshot().await?, year).await?;
    let files = |(siren, body): (Siren, Collectivity)| body.lasted(year, year).then_some(siren);
    let mut bodies: Vec<Siren> = register.into_iter().filter_map(files).collect();
    bodies.sort_unstable();
    let mut agents = vec![];
    for siren in bodies.iter().copied().step_by((bodies.len() / BODIES).max(1)).take(BODIES) {
        let new = token::NewToken {
            holder: "Logiciel fictif".to_owned(),
            role: Role::Declarant(vec![siren]),
            scopes: vec![Scope::File],
            days: token::DAYS_DEFAULT,
        };
        let secret = token::create(app, &operator, &new).await?.secret;
        agents.push(Agent { siren: siren.to_string(), secret });
    }
    app.db.close().await;
    Ok(agents)
}

/// The program as it is served.
fn serve(url: &str) -> Result<Server> {
    let address = free_address()?;
    let mut command = Command::new(eapd());
    command
        .arg("serve")
        .current_dir(root())
        .env("EAPD_CONFIG", Path::new("config/demo.toml"))
        .env("EAPD__DATABASE__URL", url)
        .env("EAPD__SERVER__LISTEN", address.to_string());
    Server::start(&mut command, address, "e-APD répond")
}

fn ended(server: Server) -> Result<()> {
    let status = server.stop()?;
    if status.success() { Ok(()) } else { Err(format!("the program ended with {status}").into()) }
}

/// Lines of a plausible project, every amount another one.
fn body() -> String {
    let titles = [
        "Forage de trois puits à Koulikoro",
        "Réhabilitation de l’école de Mopti",
        "Appui à la régie de l’eau",
        "Formation d’agents d’état civil",
    ];
    let line = |(rank, title): (u32, &str)| {
        let (month, day) = (rank % 12 + 1, rank % 28 + 1);
        json!({
            "reference": format!("L-{rank:04}"),
            "titre": format!("{title}, tranche {rank} (donnée fictive)"),
            "pays": "MLI",
            "secteur": "14030",
            "canal": "22000",
            "nature": "projet",
            "montant_verse": format!("{}.{:02}", 1_000 + rank * 7, rank % 100),
            "cofinancements_recus": format!("{}.00", 100 + rank),
            "cofinancement_etat": format!("{}.00", 100 + rank),
            "date_versement": format!("{}-{month:02}-{day:02}", CAMPAIGN - 1),
            "organisme": "Association fictive de coopération",
            "description": "Données fictives\u{a0}: travaux, suivi et formation des équipes locales.",
            "marqueur_genre": "1",
            "marqueur_environnement": "2",
        })
    };
    let lines: Vec<Value> = (1..=LINES).zip(titles.into_iter().cycle()).map(line).collect();
    json!({"signataire": {"nom": "Signataire fictif", "fonction": "maire"}, "lignes": lines}).to_string()
}

/// Filings a second that the reference tells.
fn rate(output: &str) -> Result<f64> {
    let words: Vec<&str> = output.split_whitespace().collect();
    let [_, count, _, seconds] = words.as_slice() else { return Err(format!("{output}?").into()) };
    Ok(count.parse::<f64>()? / seconds.parse::<f64>()?)
}
