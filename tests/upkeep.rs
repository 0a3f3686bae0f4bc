//! Copies of a whole instance: a backup is restored onto an empty place, an SQLite instance moves to
//! PostgreSQL, the doctor looks at both. What was tampered with is found.

mod backup;
mod doctor;
mod engine;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::replay_2014::lived;
use crate::support::command::{Outcome, run};
use crate::support::instance::{create, url_as};
use crate::support::run::cluster;
use crate::support::{Engine, Role, TestApp};

/// After the campaign of 2014.
const LATER: &str = "2014-09-01T10:00:00+02:00";

/// The campaign of 2014, with what was released of it.
async fn released(engine: Engine) -> TestApp {
    let app = lived(engine).await;
    let args = ["report", "release", "tresor", "--flow-year", "2013"];
    let outcome = app.instance.eapd(Some(LATER), &args);
    assert!(outcome.done(), "{outcome}");
    app
}

/// Runs the program on this instance; `more` is configuration.
fn eapd(app: &TestApp, more: &str, args: &[&str]) -> Outcome {
    let text = format!(
        "{}[clock]\nat = {LATER:?}\n[backup]\npostgres_programs = {:?}\n{more}",
        app.instance.toml(),
        cluster().programs
    );
    with(&text, app.instance.home(), args)
}

fn with(config: &str, home: &Path, args: &[&str]) -> Outcome {
    let file = home.join("upkeep.toml");
    std::fs::write(&file, config).unwrap();
    run(Command::new(env!("CARGO_BIN_EXE_eapd")).env("EAPD_CONFIG", file).args(args), "")
}

/// A database that nothing was written to, as its owner and as the application role.
fn empty(app: &TestApp, engine: Engine) -> (String, String) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    if engine == Engine::Sqlite {
        let url = format!("sqlite://{}", app.instance.home().join(format!("restored-{number}.db")).display());
        return (url.clone(), url);
    }
    let name = format!("upkeep_{number}");
    create(&name, None);
    (url_as(&name, Role::Owner), url_as(&name, Role::Application))
}

/// The configuration of a demonstration on another database.
fn on(url: &str, owner: &str, home: &Path) -> String {
    format!(
        "profile = \"demo\"\n[database]\nurl = {url:?}\nowner_url = {owner:?}\n[data]\ndir = {home:?}\n[clock]\nat = {LATER:?}\n"
    )
}

/// The only backup there is.
fn only(app: &TestApp) -> PathBuf {
    let folder = app.instance.home().join("sauvegardes");
    let found: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}
