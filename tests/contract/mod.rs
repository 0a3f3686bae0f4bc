//! What holds on both engines alike.

pub mod register;
