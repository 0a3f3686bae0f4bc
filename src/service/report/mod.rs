//! Reports: produce, release, verify (rule 12), all from one snapshot of what was filed.

mod changes;
mod crs;
mod desk;
mod feed;
mod open_data;
mod order;
mod produce;
mod public;
mod release;
mod source;
mod validate;
mod verify;
mod write;

pub use changes::{Change, Changed, Changes, changes};
pub use desk::{Desk, desk, download};
pub use order::{followed, order, work};
pub use produce::{Produced, produce};
pub use public::{PublicFile, PublicYear, published};
pub use release::{Released, release};
pub use verify::{Checked, Finding, verify};

pub use crate::reports::open_data::{LICENCE_ADDRESS, LICENCE_NAME};
pub use crate::reports::{Format, ReportName, Status, Unit};

use crate::app::App;
use crate::domain::release::Release;
use crate::domain::year::FlowYear;
use crate::service::Result;
use crate::store;

/// For whom a report is produced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The ministry, DG Trésor, the prefectures.
    Administration,
    /// Anyone: public reports of published campaigns (rule 15).
    Public,
}

/// Which report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its name.
    pub name: ReportName,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// In which form.
    pub format: Format,
    /// Of one region; of all where none.
    pub region: Option<String>,
    /// In which unit; that of its editions where none.
    pub unit: Option<Unit>,
    /// A stored edition; the last one where none.
    pub edition: Option<u32>,
    /// For whom.
    pub audience: Audience,
}

impl Request {
    /// The whole report, in its last edition if it has one.
    #[must_use]
    pub const fn new(name: ReportName, flow_year: FlowYear, format: Format, audience: Audience) -> Self {
        Self { name, flow_year, format, region: None, unit: None, edition: None, audience }
    }

    /// Whether it is what editions hold: everything, in the default unit.
    fn is_whole(&self) -> bool {
        self.region.is_none() && self.unit.is_none_or(|unit| unit == self.name.unit())
    }
}

/// How far a report is: lines written, lines in all.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

/// Every stored file.
pub async fn editions(app: &App) -> Result<Vec<Release>> {
    let mut tx = app.db.snapshot().await?;
    Ok(store::report::all(&mut tx).await?)
}
