//! The shape of the house, held by reading it.

mod arrows;
mod contract_lists;
mod files;
