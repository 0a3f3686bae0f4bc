//! The journal (rule 13): verified from end to end, searched by who answers for it.

mod search;
mod verify;

pub use search::{Actor as FoundActor, Page, Search, actor, export, search};
pub use verify::{Anchor, verify, verify_in};
