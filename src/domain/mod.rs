//! The pure domain: no async, no IO, no SQL, no clock.

pub mod codes;
