//! A PostgreSQL of the bench's own, with its defaults: `fsync` is on. Reached by a socket only; it ends with the bench.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::Result;

/// Starts the server, and stops it when its input ends: with the bench, however that ends.
const KEEPER: &str = "\"$@\" & server=$!; read -r _; kill -INT \"$server\" 2>/dev/null; wait \"$server\"";

/// A server with the two roles and an empty database.
#[derive(Debug)]
pub struct Cluster {
    home: tempfile::TempDir,
    programs: PathBuf,
    keeper: Child,
}

impl Cluster {
    /// Starts one.
    pub fn start() -> Result<Self> {
        // Not below the project: its user may not be allowed to read that.
        let home = tempfile::Builder::new().prefix("eapd-bench-").tempdir()?;
        let programs = programs()?;
        if is_root()? {
            checked(Command::new("chown").arg("postgres").arg(home.path()))?;
        }
        let data = home.path().join("data");
        let mut init = as_its_user(&programs, "initdb", home.path())?;
        init.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        checked(init.arg(format!("--pgdata={}", data.display())))?;
        let server = as_its_user(&programs, "postgres", home.path())?;
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(server.get_program()).args(server.get_args());
        keeper.args(["-c", "listen_addresses=", "-c", "max_connections=60", "-D"]).arg(&data);
        keeper.arg("-k").arg(home.path()).current_dir(home.path());
        let keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let cluster = Self { home, programs, keeper };
        let limit = Instant::now() + Duration::from_secs(30);
        while cluster.sql("postgres", "SELECT 1").is_err() {
            if Instant::now() > limit {
                return Err("PostgreSQL does not start".into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        cluster.sql("postgres", "CREATE ROLE eapd_owner LOGIN")?;
        cluster.sql("postgres", "CREATE ROLE eapd_app LOGIN")?;
        cluster.sql("postgres", "CREATE DATABASE eapd OWNER eapd_owner")?;
        Ok(cluster)
    }

    /// `database.url` for a role.
    pub fn url(&self, role: &str) -> String {
        let socket = self.home.path().display().to_string().replace('/', "%2F");
        format!("postgres://{role}@{socket}/eapd")
    }

    /// Runs a statement as the superuser.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-h"]);
        checked(psql.arg(self.home.path()).args(["-c", sql]))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ended = self.keeper.wait();
    }
}

/// A program of the server, as the user who may run it: not root.
fn as_its_user(programs: &Path, program: &str, home: &Path) -> Result<Command> {
    let program = programs.join(program);
    let mut command = Command::new(if is_root()? { Path::new("setpriv") } else { &program });
    if is_root()? {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(&program);
    }
    command.current_dir(home);
    Ok(command)
}

fn checked(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

fn is_root() -> Result<bool> {
    Ok(Command::new("id").arg("-u").output()?.stdout.trim_ascii() == b"0")
}

/// The folder of the newest PostgreSQL: Debian keeps its programs out of `PATH`.
fn programs() -> Result<PathBuf> {
    let newest = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = newest.map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").is_file());
    let by_version = |bin: &PathBuf| {
        let version = bin.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        version.and_then(|version| version.parse::<u32>().ok())
    };
    if let Some(newest) = newest.max_by_key(by_version) {
        return Ok(newest);
    }
    let found = checked(Command::new("pg_config").arg("--bindir"));
    Ok(PathBuf::from(found.map_err(|error| format!("{error} (is PostgreSQL installed?)"))?.trim()))
}
