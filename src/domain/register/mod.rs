//! The register of collectivities, pure: what a millésime or a decision changes
//! of what is held, and how a body is found by what people type (rules 9 to 11).
//!
//! A [`Ledger`] holds bodies as they are. A millésime ([`millesime`]) or a file
//! of decisions ([`decision`]) acts on it, and [`Ledger::into_changes`] tells what
//! there is to write: the same input twice changes nothing.

pub mod apply;
pub mod attachment;
pub mod body;
pub mod changes;
pub mod decision;
pub mod difference;
pub mod ledger;
pub mod lineage;
pub mod millesime;
pub mod operation;
pub mod package;
pub mod patch;
pub mod row;
pub mod summary;
pub mod territory;
pub mod words;

pub use body::{ALWAYS, Association, Attributes, Body, Cause, Reason, Source, State, Succession};
pub use changes::{Changes, Existence, Identity};
pub use decision::{Decision, Fault, Numbered};
pub use difference::{Change, Difference, Differences};
pub use ledger::Ledger;
pub use operation::{OPERATIONS, Operation};
pub use package::Package;
pub use patch::Patch;
pub use summary::Summary;
