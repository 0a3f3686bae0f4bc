//! The pages: what they say, that everyone can use them, and what surrounds them.

mod access;
mod accessibility;
mod accounts;
mod administration;
pub mod client;
mod declaring;
pub mod desk;
pub mod eligibility;
mod follow_up;
mod headers;
mod hostile;
mod importing;
mod journey;
mod keyboard;
mod leading;
mod managing;
mod newcomer;
mod public;
mod registry;
mod reminders;
mod reserved;
mod screenshots;
mod second_factor;
mod spreadsheets;
pub mod staff;
mod steering;
pub mod world;
