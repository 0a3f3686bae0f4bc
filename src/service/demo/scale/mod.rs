//! The demonstration at national scale: the whole register, ten campaigns that
//! grow to the whole country, as many effective lines as asked for.
//!
//! Like the small one it goes through the use cases that everyone uses, line
//! checks included; only the transactions are larger. The same plan gives the
//! same database. Lines are drawn while others are written: what is held in
//! memory does not grow with the lines.

mod acts;
mod campaign;
mod declarants;
mod draw;
mod figures;
mod line;
mod palette;
mod past;
mod plan;
mod territory;
mod texts;
mod write;

use std::sync::Arc;

use serde_json::json;

use crate::app::App;
use crate::clock::ManualClock;
use crate::config::{Config, Profile};
use crate::domain::collectivity::Collectivity;
use crate::domain::register::Package;
use crate::domain::register::package::millesime_of;
use crate::domain::role::Actor;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::random::Random;
use crate::service::demo::{DemoError, FICTITIOUS_BODIES, READY, invalid, morning, operator};
use crate::service::register::Progress;
use crate::service::{history, register};
use crate::store;
use crate::store::journal::Told;

use declarants::Declarant;

pub use figures::{Figures, OfYear};
pub use plan::{CAMPAIGNS, Plan, SEED, Scale, ScaleError};

/// What became of a demonstration that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was built.
    Built(Figures),
    /// One was there, of this plan; none is that of the small demonstration.
    Present(Option<Plan>),
}

/// Fills the database of `config` from the register's package; the open campaign
/// is the one of the register's millésime. A database that holds a demonstration
/// already is left as it is.
pub async fn build(
    config: Config,
    package: &Package,
    plan: Plan,
    progress: &dyn Progress,
) -> Result<Outcome, DemoError> {
    if config.profile != Profile::Demo {
        return Err(DemoError::NotDemo);
    }
    let millesime = millesime_of(&package.version).map_err(invalid)?;
    let open = CampaignYear::new(millesime).map_err(invalid)?;
    let campaigns = plan.campaigns(open).map_err(invalid)?;
    let first = campaigns.first().copied().unwrap_or(open);
    let clock = Arc::new(ManualClock::at(morning(first.get(), 1, 3)));
    let random = Arc::new(Random::from_seed(plan.seed()));
    let app = App::with(config, Arc::<ManualClock>::clone(&clock), random).await?;
    let db = app.db.clone();
    let outcome = match operator(&app).await? {
        None => Outcome::Present(held(&app).await?),
        Some(actor) => {
            progress.total(u64::from(plan.lines()));
            let builder = Builder { app, clock, actor, plan, progress };
            builder.run(package, &campaigns).await?;
            Outcome::Built(figures::read(&builder.app, &campaigns).await?)
        }
    };
    // So that a file of SQLite is whole in itself.
    db.close().await;
    Ok(outcome)
}

/// The plan of the demonstration that the database holds; none where it holds the
/// small one, or none.
pub async fn held(app: &App) -> Result<Option<Plan>, DemoError> {
    let told = store::journal::last_of(&mut app.db.snapshot().await?, READY).await?;
    Ok(told.and_then(|entry| Plan::read(&entry.after?)))
}

/// What the steps share.
struct Builder<'a> {
    app: App,
    clock: Arc<ManualClock>,
    actor: Actor,
    plan: Plan,
    progress: &'a dyn Progress,
}

impl Builder<'_> {
    async fn run(&self, package: &Package, campaigns: &[CampaignYear]) -> Result<(), DemoError> {
        self.register(package, campaigns).await?;
        if let Some(first) = campaigns.first() {
            self.past_amounts(*first).await?;
        }
        for (rank, year) in campaigns.iter().enumerate() {
            self.campaign(rank, *year, rank + 1 == campaigns.len()).await?;
        }
        self.ready().await
    }

    async fn register(&self, package: &Package, campaigns: &[CampaignYear]) -> Result<(), DemoError> {
        register::import(&self.app, &self.actor, package, None, &()).await?;
        self.decide(FICTITIOUS_BODIES).await?;
        let years = campaigns.iter().map(|year| year.get());
        self.decide(&territory::beginning(years)).await
    }

    async fn decide(&self, file: &str) -> Result<(), DemoError> {
        let decisions = register::decisions(file.as_bytes()).map_err(invalid)?;
        register::decide(&self.app, &self.actor, &decisions, &()).await?;
        Ok(())
    }

    async fn past_amounts(&self, first: CampaignYear) -> Result<(), DemoError> {
        let declarants = self.declarants(first.flow_year()).await?;
        for file in past::files(&declarants, self.plan.seed(), self.plan.lines(), first) {
            history::import(&self.app, &self.actor, file.as_bytes()).await?;
        }
        Ok(())
    }

    /// Every body that may declare, as it is in a flow year, in the order in
    /// which the country comes to the service.
    async fn declarants(&self, year: FlowYear) -> Result<Vec<Declarant>, DemoError> {
        let bodies: Vec<Collectivity> = {
            let mut tx = self.app.db.snapshot().await?;
            store::register::of_year(&mut tx, year).await?.into_values().collect()
        };
        let declarant = |body: &Collectivity| {
            let declarant = Declarant::new(self.plan.seed(), body)?;
            Some(if territory::is_fictitious(declarant.siren) { declarant.early() } else { declarant })
        };
        Ok(declarants::order(bodies.iter().filter_map(declarant).collect()))
    }

    /// The journal's last word on a demonstration that is complete.
    async fn ready(&self) -> Result<(), DemoError> {
        let mut tx = self.app.db.begin().await?;
        let after = self.plan.told();
        let (at, actor) = (self.app.now(), self.actor.person.as_str());
        let told = Told { at, actor, action: READY, subject: "demo", before: None, after: Some(&after) };
        store::journal::append(&mut tx, told).await?;
        tx.commit().await?;
        Ok(())
    }
}

impl Plan {
    /// What the journal tells of it.
    fn told(self) -> String {
        json!({"lignes": self.lines(), "graine": self.seed()}).to_string()
    }

    fn read(told: &str) -> Option<Self> {
        let told: serde_json::Value = serde_json::from_str(told).ok()?;
        let lines = told.get("lignes")?.as_u64()?.try_into().ok()?;
        Self::new(lines, told.get("graine")?.as_u64()?).ok()
    }
}
