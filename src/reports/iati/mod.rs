//! IATI 2.03 (ADR 17): the activities of a flow year and the file of the organisation.
//!
//! Public fields only (rule 15). What each file must hold besides is in `reports/iati-activites` and
//! `reports/iati-organisation`, whose schemas describe exactly what is written here.

mod activities;
mod activity;
pub mod identifier;
mod organisation;
mod organisation_type;

pub use activities::IatiActivities;
pub use organisation::IatiOrganisation;
pub use organisation_type::organisation_type;

use std::io::{self, Write};

use crate::reports::xml::Xml;

/// The version of the standard.
pub const VERSION: &str = "2.03";
/// Who reports: donor 4 (France), extending agency 8 (decentralised cooperation) of the OECD.
pub const REPORTER: &str = "XM-DAC-4-8";
/// Its name, as the reporter of what others paid.
const REPORTER_NAME: &str = "Ministère de l’Europe et des Affaires étrangères, coopération décentralisée";
/// 10: government.
const REPORTER_TYPE: &str = "10";

fn narrative<W: Write>(xml: &mut Xml<W>, text: &str) -> io::Result<()> {
    xml.element("narrative", &[], text)
}

/// An element that holds one narrative.
fn narrated<W: Write>(xml: &mut Xml<W>, name: &str, of: &[(&str, &str)], text: &str) -> io::Result<()> {
    xml.open(name, of)?;
    narrative(xml, text)?;
    xml.close(name)
}

/// The ministry reports what it did not pay itself.
fn reporting_org<W: Write>(xml: &mut Xml<W>) -> io::Result<()> {
    let of = [("ref", REPORTER), ("type", REPORTER_TYPE), ("secondary-reporter", "1")];
    narrated(xml, "reporting-org", &of, REPORTER_NAME)
}
