//! What surrounds every request, of pages and of the API alike.

pub mod envelope;
mod file;

pub use envelope::{Cause, Failed, RoleTold, Surround, Voice, surround};
pub use file::{sent, temporary};
