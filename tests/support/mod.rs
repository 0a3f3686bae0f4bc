//! What several journeys share.

pub mod scenario;
pub mod truth_table;
