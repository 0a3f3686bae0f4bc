//! The pages: what they say, that everyone can use them, and what surrounds them.

mod accessibility;
mod accounts;
pub mod client;
mod headers;
mod public;
pub mod world;
