//! What surrounds every request, of pages and of the API alike.

mod connections;
pub mod envelope;
mod file;
mod serve;

pub use envelope::{Cause, Codes, Failed, RoleTold, Surround, Voice, surround};
pub use file::{sent, temporary};
pub use serve::serve;
