//! Reports: golden files, sums equal in every format, and the tools of others reading ours.

mod aggregates;
mod certificates;
pub mod crs;
mod crs_releases;
pub mod documents;
mod fixture;
mod golden;
mod iati;
mod new_version;
mod open_data;
mod round_trip;
mod sdmx;
mod service;
mod summary;
pub mod tools;
mod totals;
