//! Each campaign with its decisions: who took them, when, why.

use std::collections::BTreeMap;

use crate::app::App;
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::role::Actor;
use crate::domain::year::CampaignYear;
use crate::service::campaign::{Standing, existing};
use crate::service::{Result, require_manager};
use crate::store::{self, Tx};

/// A campaign with the decisions taken about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// As it stands.
    pub standing: Standing,
    /// Bodies with a version that counts, annulled ones left out.
    pub declared: usize,
    /// The decisions, the first one first.
    pub decisions: Vec<Decision>,
}

/// A decision about a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub what: What,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// Name of who decided, unless erased.
    pub by: Option<String>,
    /// When.
    pub at: Instant,
}

/// What was decided about a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Its first days; first of these: its creation.
    Dates {
        /// First day.
        opens_on: Day,
        /// Last day.
        closes_on: Day,
    },
    /// A later last day.
    Extension {
        /// The new last day.
        closes_on: Day,
    },
    /// Arrêtée.
    Settled,
    /// Publiée.
    Published,
    /// Annulée.
    Cancelled,
}

/// Every campaign as it stands, the last one first.
pub async fn all(app: &App, actor: &Actor) -> Result<Vec<Standing>> {
    require_manager(actor)?;
    let at = app.now();
    let mut tx = app.db.snapshot().await?;
    let mut standings = vec![];
    for campaign in store::campaign::all(&mut tx).await?.into_iter().rev() {
        let filings = store::filing::count_of_year(&mut tx, campaign.year.flow_year()).await?;
        standings.push(Standing { state: campaign.state(at), campaign, filings, at });
    }
    Ok(standings)
}

/// One campaign with its decisions.
pub async fn one(app: &App, actor: &Actor, year: CampaignYear) -> Result<Followed> {
    require_manager(actor)?;
    let at = app.now();
    let mut tx = app.db.snapshot().await?;
    let campaign = existing(&mut tx, year).await?;
    let filings = store::filing::count_of_year(&mut tx, year.flow_year()).await?;
    let seals = store::filing::effective_of_year(&mut tx, year.flow_year()).await?;
    let declared =
        seals.iter().filter(|seal| seal.kind != crate::domain::filing::FilingKind::Annulled).count();
    let mut names = Names::default();
    let mut decisions = vec![];
    for row in store::campaign::decisions(&mut tx, year).await? {
        let what = match (row.what.as_str(), row.opens_on, row.closes_on) {
            ("dates", Some(opens_on), Some(closes_on)) => What::Dates { opens_on, closes_on },
            ("extension", _, Some(closes_on)) => What::Extension { closes_on },
            ("settled", ..) => What::Settled,
            ("published", ..) => What::Published,
            _ => What::Cancelled,
        };
        let reason = row.reason.filter(|reason| !reason.is_empty());
        decisions.push(Decision {
            what,
            reason,
            by: names.of(&mut tx, &row.decided_by).await?,
            at: row.decided_at,
        });
    }
    let standing = Standing { state: campaign.state(at), campaign, filings, at };
    Ok(Followed { standing, declared, decisions })
}

/// The names of persons, each looked up once.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<String, Option<String>>);

impl Names {
    /// The name of a person, unless erased or never known.
    pub(crate) async fn of(&mut self, tx: &mut Tx<'_>, person: &str) -> Result<Option<String>> {
        if let Some(known) = self.0.get(person) {
            return Ok(known.clone());
        }
        let name = store::person::find(tx, person).await?.and_then(|(name, _function)| name);
        self.0.insert(person.to_owned(), name.clone());
        Ok(name)
    }
}
