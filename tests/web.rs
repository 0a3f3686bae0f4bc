//! The pages: what they say, that everyone can use them, and what surrounds them.

mod access;
mod accessibility;
mod accounts;
mod administration;
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
mod reserved;
mod screenshots;
mod second_factor;
mod spreadsheets;
mod staff;
mod steering;
pub mod world;
