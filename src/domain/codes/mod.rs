//! Code lists, dated by flow year: who receives, for what, through whom, in which form (rule 7).
//!
//! The lists are the files of `config/codelists/`, embedded in the program. [`CodeLists`] reads and
//! indexes them, [`check()`] verifies them. Codes are valid for flow years, so a lookup takes the year or
//! gives a row that knows its years.

mod check;
mod code;
mod crs;
mod dated;
mod embedded;
mod fault;
mod find;
mod labels;
mod lists;
mod lookup;
mod nature;
mod pattern;
mod plain;
mod published;
mod read;
mod recipient;
mod tables;
mod territory;
mod text;
mod tresor;
mod years;

pub use check::{CHECKED_YEARS, check};
pub use code::{AidTypeCode, ChannelCode, CodeShapeError, NatureCode, PurposeCode, RecipientCode};
pub use crs::{AidType, BiMulti, Channel, Declarable, Marker, Purpose, PurposeCategory, SdgItem};
pub use dated::{Dated, Row};
pub use fault::{CodeListFaults, Fault, FaultKind};
pub use find::declarable_years;
pub use lists::CodeLists;
pub use nature::{LineCodes, Mandatory, Nature, RecipientRule};
pub use pattern::{Pattern, PatternSet};
pub use plain::{Ask, Case, Intermediary, Theme};
pub use published::{Published, PublishedOf, PublishedUnit};
pub use recipient::{Area, Income, IncomeGroup, Recipient, RecipientKind, RecipientZone, Zone};
pub use territory::{CollectivityCategory, Region, RegionalSiren};
pub use tresor::{TresorColumn, TresorRule};
pub use years::Years;
