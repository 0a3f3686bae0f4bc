//! The HTTP API, through its router: accesses, bad input, what it answers and writes.

mod accesses;
mod bad_input;
mod client;
mod document;
mod eligibility;
mod filing;
mod publication;
mod reports;
mod schema;
mod serve;
mod tokens;
pub mod world;
