//! The pages: what they say, that everyone can use them, and what surrounds them.

mod accessibility;
mod accounts;
pub mod client;
mod declaring;
mod desk;
mod headers;
mod journey;
mod public;
pub mod world;
