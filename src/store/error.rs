//! What can go wrong in a database, sorted by who can do something about it.

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused a statement by one of its guards (rule 3); holds
    /// the guard's own text, which begins with its code `EAPD-Gnn`.
    #[error("garde-fou de la base\u{a0}: {0}")]
    Guard(String),
    /// A unique key exists already.
    #[error("clé déjà présente")]
    Exists,
    /// What is stored cannot be read as what it should be.
    #[error("donnée incohérente dans {table}\u{a0}: {detail}")]
    Inconsistent {
        /// Table of the row.
        table: &'static str,
        /// Which row and column, and what is wrong.
        detail: String,
    },
    /// A write touched another number of rows than expected.
    #[error("{what}\u{a0}: {touched} ligne(s) touchée(s) au lieu de {expected}")]
    Rows {
        /// The write.
        what: &'static str,
        /// Rows it had to touch.
        expected: u64,
        /// Rows it touched.
        touched: u64,
    },
    /// The database cannot be used: not there, not migrated, of another kind.
    #[error("{0}")]
    Unusable(String),
    /// A migration failed.
    #[error("migration impossible\u{a0}: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The driver failed.
    #[error("base de données\u{a0}: {0}")]
    Driver(sqlx::Error),
}

impl StoreError {
    /// Whether the database cannot be reached, or stops, or cannot read and write its files.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        use sqlx::Error::{Io, PoolClosed, PoolTimedOut};
        match self {
            Self::Driver(PoolTimedOut | PoolClosed | Io(_)) => true,
            // PostgreSQL: class 08 (connection), 57P01 to 57P05 (it stops, crashed, or starts), 53300 (too many
            // connections), 58030 (input or output). SQLite: 10 (input or output), 14 (the file cannot be opened).
            _ => {
                self.is_full()
                    || self.code().is_some_and(|code| {
                        code.starts_with("08")
                            || code.starts_with("57P")
                            || ["53300", "58030"].contains(&&*code)
                    })
                    || matches!(self.sqlite_code(), Some(10 | 14))
            }
        }
    }

    /// Whether there is no room left where the database writes.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.code().is_some_and(|code| code == "53100") || self.sqlite_code() == Some(13)
    }

    /// What PostgreSQL and SQLite say by a code: five letters and digits, or a number.
    fn code(&self) -> Option<std::borrow::Cow<'_, str>> {
        let Self::Driver(error) = self else { return None };
        error.as_database_error().and_then(sqlx::error::DatabaseError::code)
    }

    /// The primary code of SQLite, without what its extended codes add.
    fn sqlite_code(&self) -> Option<u32> {
        let code = self.code()?;
        // Those of PostgreSQL have five places; those of SQLite are smaller.
        code.parse::<u32>().ok().filter(|code| *code < 10_000).map(|code| code & 0xff)
    }

    /// Whether the role of the connection may not do this.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.code().is_some_and(|code| code == "42501")
    }

    /// The code of the guard that refused, `EAPD-Gnn`.
    #[must_use]
    pub fn guard_code(&self) -> Option<&str> {
        match self {
            Self::Guard(text) => text.get(..8),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let Some(database) = error.as_database_error() {
            if let Some(at) = database.message().find("EAPD-G") {
                return Self::Guard(database.message().get(at..).unwrap_or_default().to_owned());
            }
            if database.is_unique_violation() {
                return Self::Exists;
            }
        }
        Self::Driver(error)
    }
}
