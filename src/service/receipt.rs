//! Receipts: verified by their number, which names no person; as a document, for agents.

use crate::app::App;
use crate::config::{Config, Profile};
use crate::domain::declaration::{Filing, Receipt};
use crate::domain::instant::Instant;
use crate::domain::receipt::Sheet;
use crate::domain::reservation::{self, Reservation, Standing};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::reports;
use crate::service::Result;
use crate::service::declaration::footing::Footing;
use crate::store::{self, StoreError, Tx};

/// A receipt with the version that it proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The receipt.
    pub receipt: Receipt,
    /// The version.
    pub filing: Filing,
    /// Where that version stands today: whether it counts, and since or until when.
    pub standing: Standing,
}

/// The receipt of a number, if there is one.
pub(crate) async fn find(tx: &mut Tx<'_>, number: &str, now: Instant) -> Result<Option<Proof>> {
    match store::filing::receipt(tx, number).await? {
        Some(receipt) => of_receipt(tx, receipt, now).await.map(Some),
        None => Ok(None),
    }
}

/// A receipt with its version, as it stands at `now`.
pub(crate) async fn of_receipt(tx: &mut Tx<'_>, receipt: Receipt, now: Instant) -> Result<Proof> {
    let mut versions = store::filing::versions(tx, receipt.siren, receipt.flow_year).await?;
    let standings = Standings::read(tx, (receipt.siren, receipt.flow_year), &versions, now).await?;
    versions.retain(|filing| filing.version == receipt.version);
    let filing = versions.pop().ok_or_else(|| StoreError::Inconsistent {
        table: "receipt",
        detail: format!("{} has no filing", receipt.number),
    })?;
    Ok(Proof { standing: standings.of(filing.version), receipt, filing })
}

/// Where each version of one declaration stands.
pub(crate) struct Standings {
    reserved: Vec<(u32, Reservation)>,
    effective: Option<u32>,
    now: Instant,
}

impl Standings {
    /// Of all the versions of a declaration.
    pub(crate) async fn read(
        tx: &mut Tx<'_>,
        (siren, year): (Siren, FlowYear),
        versions: &[Filing],
        now: Instant,
    ) -> Result<Self> {
        let reserved = store::reservation::of_declaration(tx, siren, year).await?;
        let mut standings = Self { reserved, effective: None, now };
        let each = versions.iter().map(|filing| (filing.version, standings.reservation(filing.version)));
        standings.effective = reservation::effective(each);
        Ok(standings)
    }

    /// Of one version.
    pub(crate) fn of(&self, version: u32) -> Standing {
        Standing::of(version, self.reservation(version), self.effective, self.now)
    }

    /// Whether an agent may see a version: one who awaits the attachment sees what they filed under this request.
    pub(crate) fn are_shown(&self, footing: &Footing, version: u32) -> bool {
        footing.awaited().is_none_or(|attachment| {
            self.reservation(version).is_some_and(|reservation| reservation.attachment == attachment)
        })
    }

    /// What a version awaits or awaited, where it was filed sous réserve.
    pub(crate) fn reservation(&self, version: u32) -> Option<&Reservation> {
        self.reserved.iter().find(|(number, _)| *number == version).map(|(_, reservation)| reservation)
    }
}

/// What the receipt of a number says to agents, and where its version stands; nothing where there is none.
pub(crate) async fn sheet(tx: &mut Tx<'_>, number: &str, now: Instant) -> Result<Option<(Sheet, Standing)>> {
    let Some(receipt) = store::filing::receipt(tx, number).await? else { return Ok(None) };
    let Proof { receipt, filing, standing } = of_receipt(tx, receipt, now).await?;
    let collectivity = store::facts::body(tx, filing.siren).await?.map(|body| body.name);
    let filed_by = store::person::find(tx, &filing.filed_by).await?.and_then(|(name, _function)| name);
    let signatory = match &filing.signatory {
        Some(person) => {
            store::person::find(tx, person).await?.and_then(|(name, function)| Some((name?, function)))
        }
        None => None,
    };
    Ok(Some((Sheet { collectivity, receipt, filing, filed_by, signatory }, standing)))
}

/// The receipt as a tagged PDF, for those who may read all of its sheet.
pub fn document(app: &App, sheet: &Sheet, standing: Standing) -> Result<Vec<u8>> {
    let Config { server, profile, .. } = &*app.config;
    Ok(reports::receipt::document(sheet, standing, &server.public_url, *profile == Profile::Demo)?)
}
