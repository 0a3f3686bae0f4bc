//! The contract of the store: every statement, on both engines, on PostgreSQL
//! as the application role.

mod engine;
mod journal;
pub mod register;
