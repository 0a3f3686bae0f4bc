//! A PostgreSQL server of the test's own, with its defaults: a commit waits for
//! the disk. The cluster of the other tests does not.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::run::{cluster, folder};

/// Starts the server, and stops it when its input ends: with the test, however that ends.
const KEEPER: &str = "\"$@\" & server=$!; read -r _; kill -QUIT \"$server\" 2>/dev/null; wait \"$server\"";

pub struct Server {
    pub home: PathBuf,
    keeper: Option<Child>,
}

impl Server {
    /// A new server with the two roles.
    pub fn new(name: &str) -> Self {
        let mut server = Self::at_home(name);
        let data = server.data();
        let init = server
            .as_its_user("initdb")
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            .arg(format!("--pgdata={}", data.display()))
            .output()
            .unwrap();
        assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
        server.start();
        server.sql("postgres", "CREATE ROLE eapd_owner LOGIN; CREATE ROLE eapd_app LOGIN;");
        server.sql("postgres", "CREATE DATABASE eapd OWNER eapd_owner;");
        server
    }

    /// A server that follows this one by streaming replication.
    pub fn standby(&self, name: &str) -> Self {
        let mut standby = Self::at_home(name);
        let data = standby.data();
        let copied = standby
            .as_its_user("pg_basebackup")
            .args(["--username=postgres", "--write-recovery-conf", "--no-sync", "--checkpoint=fast"])
            .arg(format!("--host={}", self.home.display()))
            .arg(format!("--pgdata={}", data.display()))
            .output()
            .unwrap();
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        standby.start();
        standby
    }

    fn at_home(name: &str) -> Self {
        let home = folder().join(name);
        std::fs::create_dir(&home).unwrap();
        std::fs::set_permissions(&home, PermissionsExt::from_mode(0o700)).unwrap();
        if is_root() {
            let owner = Command::new("chown").arg("postgres").arg(&home).status().unwrap();
            assert!(owner.success());
        }
        Self { home, keeper: None }
    }

    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// A program of the server, as the user who may run it: not root.
    fn as_its_user(&self, program: &str) -> Command {
        let program = cluster().programs.join(program);
        let mut command;
        if is_root() {
            command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        } else {
            command = Command::new(program);
        }
        command.current_dir(&self.home);
        command
    }

    /// Starts it, after a crash too, and waits until it answers.
    pub fn start(&mut self) {
        let command = self.as_its_user("postgres");
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(command.get_program()).args(command.get_args());
        keeper.args(["-c", "listen_addresses=", "-c", "max_connections=60", "-D"]).arg(self.data());
        keeper.arg("-k").arg(&self.home).current_dir(&self.home);
        let log =
            std::fs::File::options().create(true).append(true).open(self.home.with_extension("log")).unwrap();
        keeper.stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
        self.keeper = Some(keeper.spawn().unwrap());
        let started = Instant::now();
        let is_ready = || {
            let mut ready = Command::new(cluster().programs.join("pg_isready"));
            ready.arg("-q").arg("-h").arg(&self.home).status().unwrap().success()
        };
        while !is_ready() {
            assert!(started.elapsed() < Duration::from_mins(1), "{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.home.with_extension("log")).unwrap_or_default()
    }

    /// Kills its first process; the others end when they see it, and nothing is written in good order.
    pub fn kill(&mut self) {
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap().trim().to_owned();
        let killed = Command::new("kill").args(["-KILL", &pid]).status().unwrap();
        assert!(killed.success());
        self.let_go();
        // A new one does not start beside processes that are left.
        let started = Instant::now();
        while is_in_use(&self.data()) {
            assert!(started.elapsed() < Duration::from_mins(1), "processes of the server are left");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops it as `pg_ctl` does: `INT` is fast, `QUIT` immediate.
    pub fn stop(&mut self, signal: &str) {
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap().trim().to_owned();
        assert!(Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap().success());
        let started = Instant::now();
        while is_in_use(&self.data()) {
            assert!(started.elapsed() < Duration::from_mins(1), "the server does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
        self.let_go();
    }

    fn let_go(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            let _ended = keeper.wait();
        }
    }

    pub fn sql(&self, database: &str, sql: &str) -> String {
        let mut psql = Command::new(cluster().programs.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-h"]);
        let mut psql = psql.arg(&self.home).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        psql.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
        let output = psql.wait_with_output().unwrap();
        assert!(output.status.success(), "{sql}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// `database.url` for a role.
    pub fn url(&self, role: &str) -> String {
        let socket = self.home.display().to_string().replace('/', "%2F");
        format!("postgres://{role}@{socket}/eapd")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.let_go();
    }
}

/// Whether a process works in this folder.
fn is_in_use(folder: &Path) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .into_iter()
        .any(|process| std::fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd == folder))
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}
