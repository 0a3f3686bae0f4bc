//! The clock, injected everywhere a time is needed.

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};

use time::OffsetDateTime;

use crate::domain::instant::Instant;

/// Tells what time it is. Time is an argument: this is the only source of it.
pub trait Clock: Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everyone else asks")]
    fn now(&self) -> Instant {
        Instant::new(OffsetDateTime::now_utc())
    }
}

/// A clock set to another instant, that runs on from there (demonstration only).
#[derive(Debug)]
pub struct SimulatedClock {
    shift_seconds: i64,
}

impl SimulatedClock {
    /// A clock that shows `at` now.
    #[must_use]
    pub fn starting_at(at: Instant) -> Self {
        Self { shift_seconds: at.seconds_since(SystemClock.now()) }
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Instant {
        SystemClock.now().plus_seconds(self.shift_seconds)
    }
}

/// A clock that stands still until it is moved, to replay a campaign or a test.
#[derive(Debug)]
pub struct ManualClock {
    unix_seconds: AtomicI64,
}

impl ManualClock {
    /// A clock that stands at `at`.
    #[must_use]
    pub fn at(at: Instant) -> Self {
        Self { unix_seconds: AtomicI64::new(at.as_datetime().unix_timestamp()) }
    }

    /// Moves the clock to `at`, forwards or backwards.
    pub fn set(&self, at: Instant) {
        self.unix_seconds.store(at.as_datetime().unix_timestamp(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        let at = OffsetDateTime::from_unix_timestamp(self.unix_seconds.load(Ordering::SeqCst));
        Instant::new(at.unwrap_or(OffsetDateTime::UNIX_EPOCH))
    }
}
