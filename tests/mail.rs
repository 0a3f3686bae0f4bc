//! Mails: from the queue to whoever takes them, once, through outages, refusals and deaths.

mod command;
mod delivery;
mod filing;
mod page;
mod reminder;
pub mod sink;
