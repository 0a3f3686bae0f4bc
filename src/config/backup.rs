//! Copies of the database.

use std::path::PathBuf;

use serde::Deserialize;

use crate::domain::copies::Keep;

/// Copies of the database.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Their folder; `sauvegardes` in the data folder where empty.
    pub dir: PathBuf,
    /// Minutes between two that `eapd serve` takes.
    pub interval_minutes: Interval,
    /// For how long they are kept.
    pub keep: Keep,
    /// Public keys that they are encrypted for; none: they are not.
    pub recipients: Vec<String>,
    /// Folder of `pg_dump` and `pg_restore`; the search path where empty.
    pub postgres_programs: PathBuf,
}

/// Minutes between two backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Interval {
    /// So many; 0 for never.
    Minutes(u32),
    /// What suits the engine.
    Usual(Usual),
}

/// The word for what suits the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Usual {
    /// Five minutes on SQLite; never on PostgreSQL, which archives its log.
    Auto,
}

impl Backup {
    /// Minutes between two backups; 0 for never.
    #[must_use]
    pub const fn minutes(&self, is_sqlite: bool) -> u32 {
        match (self.interval_minutes, is_sqlite) {
            (Interval::Minutes(minutes), _) => minutes,
            (Interval::Usual(Usual::Auto), true) => 5,
            (Interval::Usual(Usual::Auto), false) => 0,
        }
    }

    /// The public keys, read.
    ///
    /// # Errors
    /// Says what is wrong, without repeating what may be a secret.
    pub fn keys(&self) -> Result<Vec<age::x25519::Recipient>, String> {
        let read = |text: &String| {
            if text.to_ascii_uppercase().contains("SECRET-KEY") {
                return Err("une clé privée n’a rien à faire sur ce serveur\u{a0}: donnez la clé publique, age1…, et remplacez cette paire".to_owned());
            }
            text.trim().parse().map_err(|_error| "attendu des clés publiques age1…".to_owned())
        };
        self.recipients.iter().map(read).collect()
    }
}
