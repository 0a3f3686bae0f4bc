//! Accounts of agents, through the use cases: the way in, sessions, passwords,
//! attachments, and what nobody may learn.

mod alike;
mod attachments;
mod code;
mod command;
mod erased;
mod invitations;
mod keepers;
mod kept;
mod limits;
mod passwords;
mod second_factor;
mod sessions;
mod way_in;
pub mod world;
