//! The CRS++ lines summed on the dimensions of `DSD_CRS`, as SDMX-CSV 2.0 and SDMX-ML 2.1 generic data: they load beside
//! what the OECD publishes. `reports/ocde-sdmx` says what each component holds.

mod components;
mod file;
mod ml;

pub use components::{Component, Role, components, recipient};
pub use file::Sdmx;

/// The dataflow of the OECD: agency, identifier, version.
pub const DATAFLOW: (&str, &str, &str) = ("OECD.DCD.FSD", "DSD_CRS@DF_CRS", "1.6");
