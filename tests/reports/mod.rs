//! Reports: golden files, sums equal in every format, and the tools of others reading ours.

mod certificates;
pub mod documents;
mod fixture;
mod golden;
mod iati;
mod new_version;
mod open_data;
mod round_trip;
mod service;
mod summary;
pub mod tools;
mod totals;
