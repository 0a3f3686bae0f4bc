//! The contract of the store: every statement, on both engines, on PostgreSQL
//! as the application role.

pub mod account;
mod admission;
mod attachment;
mod call;
mod campaign;
mod carried_heads;
mod complete;
mod derogation;
mod draft;
mod engine;
mod expected;
mod facts;
mod filing;
mod follow_up;
pub mod ground;
mod idempotency;
mod journal;
mod kept;
mod line;
mod locks;
mod mail;
mod past_amount;
mod person;
mod publication;
mod refusals;
pub mod register;
mod register_reading;
mod report;
mod reservation;
mod session;
mod summary;
mod token;
mod writes;
