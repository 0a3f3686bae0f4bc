//! Use cases, shared by the command line, the API, the pages and the jobs: one file per verb of the business.
//!
//! A use case takes the [`App`](crate::app::App), who acts, and values of the
//! domain; it opens its transaction, asks the pure rules, writes, tells the
//! journal and commits.

pub mod error;

pub use error::ServiceError;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, ServiceError>;
