//! The rules of e-APD, pure: no I/O, no SQL, no clock, no randomness.
//!
//! Everything here is a value or a total function of its arguments, so that a
//! rule can be read and tested alone. Rule numbers refer to `docs/rules.md`.

pub mod account;
pub mod amount;
pub mod attachment;
pub mod call;
pub mod campaign;
pub mod certificate;
pub mod codes;
pub mod collectivity;
pub mod contact;
pub mod copies;
pub mod crs;
pub mod day;
pub mod declaration;
pub mod eligibility;
pub mod euros;
pub mod expected;
pub mod field;
pub mod figures;
pub mod filing;
pub mod follow_up;
pub mod guide;
pub mod instant;
pub mod job;
pub mod journal;
pub mod line;
pub mod mail;
pub mod missing;
pub mod publication;
pub mod quality;
pub mod question;
pub mod recap;
pub mod receipt;
pub mod refusal;
pub mod register;
pub mod release;
pub mod release_order;
pub mod reminder;
pub mod reservation;
pub mod role;
pub mod rules;
pub mod scope;
pub mod siren;
pub mod spreadsheet;
pub mod summary;
pub mod text;
pub mod token;
pub mod window;
pub mod year;
