//! The journal (rule 13): verified from end to end, searched by who answers for it.

mod digest;
mod search;
mod verify;

pub use digest::{file_digest, mail_digest};
pub use search::{Actor as FoundActor, Page, Search, actor, export, search};
pub use verify::{Anchor, verify, verify_in};
