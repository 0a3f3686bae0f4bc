//! What one test run owns: a folder, and a PostgreSQL cluster once a test asks for it.
//!
//! Statics are never dropped, and a test binary may be killed: a small shell
//! holds the other end of a pipe and cleans up when this process is gone.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

struct Run {
    folder: PathBuf,
    janitor: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    /// Never waited for: it outlives this process.
    _process: Child,
}

static RUN: LazyLock<Run> = LazyLock::new(|| {
    let folder = tempfile::Builder::new().prefix("eapd-tests-").tempdir().unwrap().keep();
    // The server's own user has to reach its folder below.
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o711)).unwrap();
    let mut janitor = Command::new("sh")
        .args(["-c", include_str!("janitor.sh"), "janitor"])
        .arg(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Control-C must not reach it before its work is done.
        .process_group(0)
        .spawn()
        .unwrap();
    let pipes = (janitor.stdin.take().unwrap(), BufReader::new(janitor.stdout.take().unwrap()));
    Run { folder, janitor: Mutex::new(pipes), _process: janitor }
});

/// The folder of the run, removed when it ends.
pub fn folder() -> &'static Path {
    &RUN.folder
}

/// The private PostgreSQL cluster of the run.
#[derive(Debug)]
pub struct Cluster {
    /// Folder of `psql` and its like.
    pub programs: PathBuf,
    /// Folder of its socket.
    pub socket: PathBuf,
}

/// The cluster, started the first time. A run without PostgreSQL fails, it skips nothing.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
    match CLUSTER.get_or_init(start) {
        Ok(cluster) => cluster,
        Err(why) => panic!("{why}"),
    }
}

fn start() -> Result<Cluster, String> {
    let programs = programs().ok_or(
        "PostgreSQL is missing: these tests start a private server of their own. \
         Install the package `postgresql` (its programs initdb and postgres), or run `make test`.",
    )?;
    // initdb refuses to run as root.
    let user = if user_id()? == 0 { "postgres" } else { "" };
    let mut janitor = RUN.janitor.lock().unwrap_or_else(PoisonError::into_inner);
    let (orders, answers) = &mut *janitor;
    let mut answer = String::new();
    writeln!(orders, "{} {user}", programs.display())
        .and_then(|()| answers.read_line(&mut answer))
        .map_err(|error| format!("the janitor is gone: {error}"))?;
    if answer.trim() != "ready" {
        let log = std::fs::read_to_string(folder().join("pg.log")).unwrap_or_default();
        return Err(format!("PostgreSQL of {} does not start:\n{log}", programs.display()));
    }
    Ok(Cluster { programs, socket: folder().join("pg") })
}

fn user_id() -> Result<u32, String> {
    let id = Command::new("id").arg("-u").output().map_err(|error| format!("id: {error}"))?;
    String::from_utf8_lossy(&id.stdout).trim().parse().map_err(|error| format!("id -u: {error}"))
}

/// Where the server's programs are: on the path, or where Debian keeps them, the newest first.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    // A link on the path may stand alone: the others are where it leads.
    std::env::split_paths(&path)
        .chain(versions.into_iter().map(|(_, bin)| bin))
        .filter_map(|bin| Some(bin.join("initdb").canonicalize().ok()?.parent()?.to_path_buf()))
        .find(|bin| ["postgres", "psql", "pg_isready"].iter().all(|program| bin.join(program).is_file()))
}
