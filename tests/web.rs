//! The pages: what they say, that everyone can use them, and what surrounds them.

mod access;
mod accessibility;
mod accounts;
pub mod client;
mod declaring;
mod desk;
mod headers;
mod hostile;
mod importing;
mod journey;
mod keyboard;
mod newcomer;
mod public;
mod published;
mod reserved;
mod screenshots;
mod spreadsheets;
mod staff;
mod steering;
mod summary;
pub mod world;
