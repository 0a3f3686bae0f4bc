//! Keeping an installation up: copies of it, and whether it is as it should be.

pub mod backup;
pub mod doctor;
mod encryption;
pub mod engine;
pub mod manifest;
mod postgres;
pub mod presence;
pub mod restore;

use std::path::Path;

use crate::service::ServiceError;
use crate::store::StoreError;

/// Why it was not done; `Display` says in French what to mend.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    /// What was asked is refused, or a check found something.
    #[error("{0}")]
    Refused(String),
    /// A file, a program or the network fails.
    #[error("{0}")]
    Environment(String),
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A use case fails.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The result of such work.
pub type Result<T> = std::result::Result<T, UpkeepError>;

/// Names the file that failed.
fn at(path: &Path) -> impl FnOnce(std::io::Error) -> UpkeepError {
    move |error| UpkeepError::Environment(format!("{}\u{a0}: {error}", path.display()))
}
