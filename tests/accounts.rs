//! Accounts of agents, through the use cases: the way in, sessions, passwords,
//! attachments, and what nobody may learn.

mod alike;
mod attachments;
mod code;
mod command;
mod erased;
mod kept;
mod limits;
mod passwords;
mod sessions;
mod way_in;
pub mod world;
