//! e-APD: the map of the house.
pub mod domain;
pub mod imports;
