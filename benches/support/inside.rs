//! The service inside the bench: what a job prepares by its use cases.

use std::sync::Arc;

use eapd::app::App;
use eapd::clock::ManualClock;
use eapd::config::Config;
use eapd::domain::instant::Instant;
use eapd::random::Random;

use super::{Error, Result};

/// When the clock of the demonstration starts: inside the window.
const CLOCK: &str = "2026-05-20T09:00:00+02:00";

/// That instant.
pub fn clock() -> Result<Instant> {
    Ok(CLOCK.parse::<Instant>()?)
}

/// The application inside the bench; its clock stands still.
pub async fn open(url: &str) -> Result<App> {
    let toml = format!("profile = \"demo\"\n[database]\nurl = {url:?}\n[clock]\nat = {CLOCK:?}\n");
    let random = Arc::new(Random::from_system()?);
    Ok(App::with(Config::from_toml(&toml)?, Arc::new(ManualClock::at(clock()?)), random).await?)
}

/// Runs what the service does asynchronously.
pub fn wait<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(Error::from)?.block_on(work)
}
