//! What surrounds every request, of pages and of the API alike.

pub mod envelope;

pub use envelope::{Cause, Failed, RoleTold, Surround, Voice, surround};
