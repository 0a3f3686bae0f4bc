//! Where the program runs: a database with bodies, an open campaign and tokens.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use eapd::app::App;
use eapd::clock::{Clock, ManualClock, SystemClock};
use eapd::config::Config;
use eapd::domain::role::Role;
use eapd::domain::siren::Siren;
use eapd::domain::token::Scope;
use eapd::domain::year::CampaignYear;
use eapd::random::Random;
use eapd::service::{campaign, operator, token};
use eapd::store::engine::migrate;
use tempfile::TempDir;

use super::server::Server;
use crate::support::register::{Entry, register_in};
use crate::support::run::folder;
use crate::support::{Engine, at};

const OPEN: &str = "2014-05-20T10:00:00+02:00";
/// Agents who file at once.
const AGENTS: usize = 60;

/// A valid SIREN of département 99, that of foreign countries: no French collectivity has it.
fn body(number: usize) -> Siren {
    let block = format!("2199{:04}", 100 + number);
    (0..10_u8).find_map(|key| format!("{block}{key}").parse().ok()).unwrap()
}

/// A database of the test's own, and what its agents need.
pub struct Place {
    home: TempDir,
    server: Option<Server>,
    /// Each agent's SIREN and secret.
    pub secrets: Vec<(Siren, String)>,
    /// How often the program was started: its simulated clock never goes back.
    starts: AtomicU32,
}

/// The program, serving.
pub struct Program {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub address: String,
}

impl Place {
    /// A migrated database with a campaign that is open, one body an agent.
    pub async fn prepared(engine: Engine) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let home = tempfile::Builder::new().prefix("durable-").tempdir_in(folder()).unwrap();
        let server = (engine == Engine::Postgres)
            .then(|| Server::new(&format!("durable-pg-{}", NEXT.fetch_add(1, Ordering::Relaxed))));
        let mut place = Self { home, server, secrets: vec![], starts: AtomicU32::new(0) };
        let owner = place.server.as_ref().map(|server| server.url("eapd_owner"));
        migrate(&place.url(), owner.as_deref(), true, SystemClock.now()).await.unwrap();
        let app = place.open().await;
        let bodies: Vec<Siren> = (0..AGENTS).map(body).collect();
        let entries: Vec<Entry> =
            bodies.iter().map(|siren| Entry::named(*siren, "Commune fictive")).collect();
        register_in(&app, &entries, &[], &[]).await;
        let operator = operator::identify(&app, "essai").await.unwrap();
        campaign::create(&app, &operator, CampaignYear::new(2014).unwrap(), None, true).await.unwrap();
        for siren in bodies {
            let new = token::NewToken {
                holder: "Logiciel fictif".to_owned(),
                role: Role::Declarant(vec![siren]),
                scopes: vec![Scope::File],
                days: token::DAYS_DEFAULT,
            };
            place.secrets.push((siren, token::create(&app, &operator, &new).await.unwrap().secret));
        }
        app.db.close().await;
        place
    }

    fn url(&self) -> String {
        match &self.server {
            Some(server) => server.url("eapd_app"),
            None => format!("sqlite://{}", self.home.path().join("eapd.db").display()),
        }
    }

    fn toml(&self) -> String {
        let hours = i64::from(self.starts.load(Ordering::Relaxed));
        let now = at(OPEN).plus_seconds(hours * 3600).to_rfc3339();
        format!(
            "profile = \"demo\"\n[database]\nurl = {:?}\n[data]\ndir = {:?}\n[server]\nlisten = \"127.0.0.1:0\"\n\
             [clock]\nat = {now:?}\n",
            self.url(),
            self.home.path()
        )
    }

    /// The application inside the test, on the same database.
    pub async fn open(&self) -> App {
        let clock = Arc::new(ManualClock::at(at(OPEN)));
        let random = Arc::new(Random::from_system().unwrap());
        App::with(Config::from_toml(&self.toml()).unwrap(), clock, random).await.unwrap()
    }

    /// Where its files are.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Starts the program, and waits until it says where it answers.
    pub fn serve(&self) -> Program {
        self.starts.fetch_add(1, Ordering::Relaxed);
        self.serve_beside()
    }

    /// Starts another one beside those that run: their clocks agree.
    pub fn serve_beside(&self) -> Program {
        let config: PathBuf = self.home.path().join("eapd.toml");
        std::fs::write(&config, self.toml()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_eapd"));
        Program::begin(command.env("EAPD_CONFIG", config).arg("serve"))
    }

    /// The configuration with the database and all files in another folder.
    pub fn toml_in(&self, folder: &std::path::Path) -> String {
        self.starts.fetch_add(1, Ordering::Relaxed);
        self.toml().replace(&*self.home.path().display().to_string(), &folder.display().to_string())
    }

    pub fn stop_server(&mut self, signal: &str) {
        self.server.as_mut().unwrap().stop(signal);
    }

    pub fn sql(&self, sql: &str) -> String {
        self.server.as_ref().unwrap().sql("eapd", sql)
    }

    pub fn kill_server(&mut self) {
        self.server.as_mut().unwrap().kill();
    }

    pub fn restart_server(&mut self) {
        self.server.as_mut().unwrap().start();
    }
}

impl Program {
    /// Starts a command that serves, and waits until it says where it answers.
    pub fn begin(command: &mut Command) -> Self {
        let mut child = command.env("EAPD_LOG", "off").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| panic!("it does not serve: {line}")).to_owned();
        Self { child, address }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as an operator would.
    pub fn stop(mut self) {
        assert!(Command::new("kill").args(["-TERM", &self.id().to_string()]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    /// Kills it at once: it hears of nothing.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _sent = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}
