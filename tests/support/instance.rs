//! One database of one test, and the ways to reach it: as the program, by
//! hand through `sqlite3` or `psql`, as the application role or as the owner.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use eapd::config::Profile;
use tempfile::TempDir;

use super::command::{Outcome, run};
use super::run::{cluster, folder};

/// Which of the two engines a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Who speaks to the database. SQLite knows no roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The one that `serve` has: it owns nothing.
    Application,
    /// The one that migrates.
    Owner,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Application => "eapd_app",
            Self::Owner => "eapd_owner",
        }
    }
}

/// A migrated database that lives as long as its test.
pub struct Instance {
    pub engine: Engine,
    pub profile: Profile,
    home: TempDir,
    database: Place,
}

enum Place {
    File(PathBuf),
    Server(Database),
}

impl Instance {
    /// A copy of what `template` made, see [`super::template`].
    pub fn copy_of(template: &super::template::Made) -> Self {
        let home = tempfile::Builder::new().prefix("test-").tempdir_in(folder()).unwrap();
        let database = match template.engine {
            Engine::Sqlite => {
                let file = home.path().join("eapd.db");
                std::fs::copy(template.file(), &file).unwrap();
                Place::File(file)
            }
            Engine::Postgres => Place::Server(Database::copy_of(&template.name)),
        };
        Self { engine: template.engine, profile: template.profile, home, database }
    }

    /// A folder of the test's own.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The file of SQLite.
    pub fn file(&self) -> &Path {
        match &self.database {
            Place::File(file) => file,
            Place::Server(_) => panic!("PostgreSQL has no file"),
        }
    }

    /// The name of the database on PostgreSQL.
    pub fn name(&self) -> &str {
        match &self.database {
            Place::Server(database) => &database.0,
            Place::File(_) => panic!("SQLite has no server"),
        }
    }

    /// `database.url` for the program, or for a driver.
    pub fn url(&self, role: Role) -> String {
        match &self.database {
            Place::File(file) => format!("sqlite://{}", file.display()),
            Place::Server(database) => url(&database.0, role.name()),
        }
    }

    /// The configuration of this instance, as TOML over the defaults.
    pub fn toml(&self) -> String {
        let profile = match self.profile {
            Profile::Production => "production",
            Profile::Demo => "demo",
        };
        let owner = match self.engine {
            Engine::Sqlite => String::new(),
            Engine::Postgres => self.url(Role::Owner),
        };
        let mail = match self.profile {
            Profile::Production => "[about]\nsupport_email = \"aide@eapd.example\"\n",
            Profile::Demo => {
                "[mail]\ntransport = \"folder\"\nfrom = \"x@eapd.example\"\nministry = \"ministere@eapd.example\"\n[mail.regions]\n\"84\" = \"sgar-84@eapd.example\"\n"
            }
        };
        format!(
            "profile = {profile:?}\n[database]\nurl = {:?}\nowner_url = {owner:?}\n[data]\ndir = {:?}\n{mail}",
            self.url(Role::Application),
            self.home()
        )
    }

    /// Runs the `eapd` program on this instance; a demonstration's clock starts at `at`.
    pub fn eapd(&self, at: Option<&str>, args: &[&str]) -> Outcome {
        let config = self.home().join("eapd.toml");
        let clock = at.map(|at| format!("[clock]\nat = {at:?}\n")).unwrap_or_default();
        std::fs::write(&config, self.toml() + &clock).unwrap();
        run(Command::new(env!("CARGO_BIN_EXE_eapd")).env("EAPD_CONFIG", config).args(args), "")
    }

    /// Runs SQL as the application role, through the engine's own command.
    pub fn sql(&self, sql: &str) -> Outcome {
        self.sql_as(Role::Application, sql)
    }

    /// Runs SQL through the engine's own command; it stops at the first error.
    pub fn sql_as(&self, role: Role, sql: &str) -> Outcome {
        match &self.database {
            // The program under test may be writing: its turn is waited for.
            Place::File(file) => {
                run(Command::new("sqlite3").args(["-bail", "-cmd", ".timeout 20000"]).arg(file), sql)
            }
            Place::Server(database) => psql(&url(&database.0, role.name()), sql),
        }
    }

    /// Runs SQL that has to work.
    pub fn must(&self, sql: &str) -> String {
        let outcome = self.sql(sql);
        assert!(outcome.done(), "{outcome}\nof {sql}");
        outcome.stdout
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.engine, self.profile)
    }
}

/// A database on the cluster, dropped with its test: hundreds of them would fill a small disk.
pub struct Database(String);

impl Database {
    /// A new database like `template`.
    fn copy_of(template: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        create(&name, Some(template));
        Self(name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        psql(&url("postgres", "postgres"), &format!("DROP DATABASE {} WITH (FORCE);", self.0));
    }
}

/// Creates a database that the owner role owns.
pub fn create(name: &str, template: Option<&str>) {
    let template = template.map(|template| format!("TEMPLATE {template}")).unwrap_or_default();
    let outcome =
        psql(&url("postgres", "postgres"), &format!("CREATE DATABASE {name} OWNER eapd_owner {template};"));
    assert!(outcome.done(), "{outcome}");
}

/// Creates the two roles, once a cluster.
pub fn create_roles() {
    let sql = "CREATE ROLE eapd_owner LOGIN; CREATE ROLE eapd_app LOGIN;";
    let outcome = psql(&url("postgres", "postgres"), sql);
    assert!(outcome.done(), "{outcome}");
}

/// Address of a database of the cluster for `role`.
pub fn url_as(name: &str, role: Role) -> String {
    url(name, role.name())
}

fn url(database: &str, role: &str) -> String {
    let socket = cluster().socket.display().to_string().replace('/', "%2F");
    format!("postgres://{role}@{socket}/{database}")
}

fn psql(url: &str, sql: &str) -> Outcome {
    let mut psql = Command::new(cluster().programs.join("psql"));
    psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", url]);
    run(&mut psql, sql)
}

/// A dump without what the journal tells of refusals: that much a refused write does leave.
pub fn without_refusals(dump: &str) -> String {
    let rows = dump.split_inclusive("</journal>").flat_map(|part| match part.rfind("<journal") {
        Some(at) if part[at..].contains(".refused<") => vec![&part[..at]],
        _ => vec![part],
    });
    let text: String = rows.collect();
    let is_refusal = |line: &&str| line.starts_with("INSERT INTO journal") && line.contains(".refused'");
    text.lines().filter(|line| !line.is_empty() && !is_refusal(line)).collect::<Vec<_>>().join("\n")
}
