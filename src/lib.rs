//! e-APD.

pub mod domain;
