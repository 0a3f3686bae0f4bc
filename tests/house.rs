//! The shape of the house, held by reading it.

mod actions;
mod arrows;
mod contract_lists;
mod files;
mod security;

pub use files::{code, read_all};
