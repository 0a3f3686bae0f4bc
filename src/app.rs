//! The composition root: database, clock, randomness, code lists and configuration.

use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::clock::{Clock, SimulatedClock, SystemClock};
use crate::config::{Config, ConfigError, Profile};
use crate::domain::codes::{CodeListFaults, CodeLists};
use crate::domain::instant::Instant;
use crate::load::Load;
use crate::metrics::Metrics;
use crate::passwords::Passwords;
use crate::random::Random;
use crate::store::facts::{Answer, Question};
use crate::store::follow_up::Watch;
use crate::store::kept::Kept;
use crate::store::replica::Replica;
use crate::store::together::Together;
use crate::store::{self, Db, StoreError};

/// What every use case is given. A clone is one count: requests hand it on several times each.
#[derive(Debug, Clone)]
pub struct App(Arc<Parts>);

/// What the service is made of.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The configuration.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
    /// Where what may be a little old is read.
    pub replica: Arc<Replica>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<Random>,
    /// The code lists, dated by flow year.
    pub codes: Arc<CodeLists>,
    /// How passwords are hashed, a few at a time.
    pub passwords: Arc<Passwords>,
    /// What this process counts.
    pub metrics: Arc<Metrics>,
    /// What it takes on at once, and whether it still takes anything.
    pub load: Arc<Load>,
    /// Who asks and what about, asked together.
    pub asked: Arc<Together<Question, Answer>>,
    /// Years of summaries, by the head of the journal.
    pub summaries: Arc<Kept>,
    /// The expected bodies of the campaigns that are looked at.
    pub followed: Arc<Watch>,
    /// Told of each mail that is queued in this process.
    pub mail_queued: Arc<Notify>,
    /// Told of each release that is ordered in this process.
    pub release_ordered: Arc<Notify>,
}

impl From<Parts> for App {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Why the program cannot start; `Display` says in French what to mend.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The code lists contradict themselves.
    #[error("tables de codes\u{a0}: {0}")]
    Codes(#[from] CodeListFaults),
    /// The operating system gives no randomness.
    #[error("aléa du système indisponible\u{a0}: {0}")]
    Random(#[from] rand::rngs::SysError),
    /// A thread of the start was ended.
    #[error("le démarrage a été interrompu\u{a0}: {0}")]
    Interrupted(tokio::task::JoinError),
    /// A production profile on a demonstration's data, or the reverse.
    #[error(
        "profile = \"{profile}\" mais la base {found}\u{a0}: ce sont deux instances différentes, vérifiez database.url"
    )]
    Profile {
        /// The profile of the configuration.
        profile: &'static str,
        /// What the database says of itself.
        found: &'static str,
    },
}

impl App {
    /// Opens everything that `config` names.
    ///
    /// # Errors
    /// Says what cannot be used and how to mend it.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        let clock: Arc<dyn Clock> = match config.simulated_clock()? {
            Some(at) => Arc::new(SimulatedClock::starting_at(at)),
            None => Arc::new(SystemClock),
        };
        Self::with(config, clock, Arc::new(Random::from_system()?)).await
    }

    /// The same, for a process that goes on where the last one stopped: a
    /// demonstration that is served again starts at its last write, since time
    /// never runs back.
    ///
    /// # Errors
    /// Says what cannot be used and how to mend it.
    pub async fn resume(config: Config) -> Result<Self, StartError> {
        let start = config.simulated_clock()?;
        let mut app = Self::open(config).await?;
        if let Some(start) = start {
            let last = store::journal::last_instant(&mut app.db.snapshot().await?).await?;
            let clock = SimulatedClock::starting_at(last.map_or(start, |last| last.max(start)));
            Arc::make_mut(&mut app.0).clock = Arc::new(clock);
        }
        Ok(app)
    }

    /// Opens the database of `config` with a clock and randomness of the caller's.
    ///
    /// # Errors
    /// Says what cannot be used and how to mend it.
    pub async fn with(
        config: Config,
        clock: Arc<dyn Clock>,
        random: Arc<Random>,
    ) -> Result<Self, StartError> {
        // The lists take as long to read as the database to open.
        let codes = tokio::task::spawn_blocking(CodeLists::embedded);
        let db = Db::open(&config.database.url).await?;
        db.check_schema().await?;
        match (config.profile, db.is_demonstration().await?) {
            (Profile::Production, true) => {
                return Err(StartError::Profile {
                    profile: "production",
                    found: "est celle d’une démonstration",
                });
            }
            (Profile::Demo, false) => {
                return Err(StartError::Profile { profile: "demo", found: "est celle d’une production" });
            }
            (Profile::Production, false) | (Profile::Demo, true) => {}
        }
        let codes = Arc::new(codes.await.map_err(StartError::Interrupted)??);
        let replica = Arc::new(Replica::at(config.database.read())?);
        let load = Arc::new(Load::of(&config.server));
        let config = Arc::new(config);
        Ok(Parts {
            config,
            db,
            replica,
            clock,
            random,
            codes,
            passwords: Arc::default(),
            metrics: Arc::default(),
            load,
            asked: Arc::default(),
            summaries: Arc::default(),
            followed: Arc::default(),
            mail_queued: Arc::default(),
            release_ordered: Arc::default(),
        }
        .into())
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }
}
