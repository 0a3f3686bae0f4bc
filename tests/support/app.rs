//! The program inside the test: a clock that stands still, randomness that repeats.

use std::sync::Arc;

use eapd::app::{App, Parts};
use eapd::clock::ManualClock;
use eapd::config::{Config, Profile};
use eapd::domain::instant::Instant;
use eapd::random::Random;

use super::instance::{Engine, Instance};
use super::template::{self, Made};

/// An instant of a test, RFC 3339.
pub fn at(text: &str) -> Instant {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What a journey works on.
pub struct TestApp {
    pub app: App,
    pub clock: Arc<ManualClock>,
    pub instance: Instance,
}

impl TestApp {
    /// A copy of a template, the clock at `now`.
    pub async fn copy_of(template: &Made, now: &str) -> Self {
        Self::drawing_from(2014, template, now).await
    }

    /// What a template is made in: the identifiers that it draws must not be drawn again by the tests.
    pub async fn making(engine: Engine, profile: Profile, now: &str) -> Self {
        Self::drawing_from(1, &template::migrated(engine, profile).await, now).await
    }

    async fn drawing_from(seed: u64, template: &Made, now: &str) -> Self {
        let instance = Instance::copy_of(template);
        let clock = Arc::new(ManualClock::at(at(now)));
        let config = Config::from_toml(&instance.toml()).unwrap();
        let random = Arc::new(Random::from_seed(seed));
        let app = App::with(config, Arc::<ManualClock>::clone(&clock), random).await.unwrap();
        Self { app, clock, instance }
    }

    /// Moves the clock.
    pub fn set_clock(&self, now: &str) {
        self.clock.set(at(now));
    }

    /// Changes the configuration that the service goes on with.
    pub fn configure(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = Config::clone(&self.app.config);
        change(&mut config);
        self.app = App::from(Parts { config: Arc::new(config), ..Parts::clone(&self.app) });
    }

    /// Which engine the test runs on.
    pub fn engine(&self) -> Engine {
        self.instance.engine
    }
}
