//! The shape of the house, held by reading it.

mod actions;
mod arrows;
mod contract_lists;
mod files;

pub use files::{code, read_all};
