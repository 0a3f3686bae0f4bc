//! Databases made once a run and copied for each test: migrated, as production
//! or as a demonstration, and what a journey prepares (the register, say).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use eapd::clock::{Clock, SystemClock};
use eapd::config::Profile;
use eapd::store::engine::migrate;
use tokio::sync::OnceCell;

use super::app::TestApp;
use super::instance::{Engine, Instance, Role, create, create_roles, url_as};
use super::run::folder;

/// A template that is ready to be copied.
#[derive(Debug, Clone)]
pub struct Made {
    pub engine: Engine,
    pub profile: Profile,
    pub name: String,
}

impl Made {
    /// The file of SQLite.
    pub fn file(&self) -> PathBuf {
        folder().join(format!("{}.db", self.name))
    }
}

type Cell = Arc<OnceCell<Made>>;

/// The cell of one template, so that two tests never make the same one.
fn cell(engine: Engine, profile: Profile, what: &str) -> (String, Cell) {
    static CELLS: LazyLock<Mutex<HashMap<(Engine, String), Cell>>> = LazyLock::new(Mutex::default);
    let name = format!("template_{what}_{profile:?}").to_lowercase();
    let mut cells = CELLS.lock().unwrap_or_else(PoisonError::into_inner);
    let cell = Arc::clone(cells.entry((engine, name.clone())).or_default());
    (name, cell)
}

/// An empty database, migrated as its owner.
pub async fn migrated(engine: Engine, profile: Profile) -> Made {
    let (name, cell) = cell(engine, profile, "migrated");
    let make = async || {
        let made = Made { engine, profile, name };
        let demonstration = profile == Profile::Demo;
        let (url, owner) = match engine {
            Engine::Sqlite => (format!("sqlite://{}", made.file().display()), None),
            Engine::Postgres => {
                static ROLES: OnceCell<()> = OnceCell::const_new();
                ROLES.get_or_init(async || create_roles()).await;
                create(&made.name, None);
                let owner = url_as(&made.name, Role::Owner);
                (url_as(&made.name, Role::Application), Some(owner))
            }
        };
        migrate(&url, owner.as_deref(), demonstration, SystemClock.now()).await.unwrap();
        made
    };
    cell.get_or_init(make).await.clone()
}

/// A migrated database on which `prepare` ran once, with the clock at `at`.
pub async fn prepared(
    engine: Engine,
    profile: Profile,
    what: &str,
    at: &str,
    prepare: impl AsyncFnOnce(&TestApp),
) -> Made {
    let (name, cell) = cell(engine, profile, what);
    let make = async || {
        let made = Made { engine, profile, name };
        let app = TestApp::making(engine, profile, at).await;
        prepare(&app).await;
        app.app.db.close().await;
        match engine {
            Engine::Sqlite => drop(std::fs::copy(app.instance.file(), made.file()).unwrap()),
            Engine::Postgres => create(&made.name, Some(app.instance.name())),
        }
        made
    };
    cell.get_or_init(make).await.clone()
}

/// A database of one test.
pub async fn instance(engine: Engine, profile: Profile) -> Instance {
    Instance::copy_of(&migrated(engine, profile).await)
}
