//! The derogations as managers see them, and the collectivity before one is granted.

use crate::app::App;
use crate::domain::call::CallCode;
use crate::domain::campaign::FilingDerogation;
use crate::domain::day::Day;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::campaign::follow::Names;
use crate::service::{Result, ServiceError, registered, require_manager};
use crate::store;
use crate::store::derogation::Decided;

pub use crate::store::derogation::{Derogation, Scope};

/// A derogation with the names of who decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The derogation.
    pub derogation: Derogation,
    /// Name of the collectivity.
    pub name: String,
    /// Name of who granted it, unless erased.
    pub by: Option<String>,
    /// Why it was revoked, and the name of who did, unless erased.
    pub revocation: Option<(String, Option<String>)>,
    /// Whether it still acts.
    pub is_running: bool,
}

/// What the derogations are of.
#[derive(Debug, Clone, Copy)]
pub enum Of<'a> {
    /// Filing derogations of a campaign.
    Campaign(CampaignYear),
    /// Eligibility derogations for a call.
    Call(&'a CallCode),
    /// The one of a number.
    Number(i32),
}

/// The derogations, in the order granted.
pub async fn list(app: &App, actor: &Actor, of: Of<'_>) -> Result<Vec<Listed>> {
    require_manager(actor)?;
    let now = app.now();
    let mut tx = app.db.snapshot().await?;
    let decided = match of {
        Of::Campaign(year) => store::derogation::decided(&mut tx, Some(year), None, None).await?,
        Of::Call(code) => store::derogation::decided(&mut tx, None, Some(code), None).await?,
        Of::Number(id) => store::derogation::decided(&mut tx, None, None, Some(id)).await?,
    };
    let mut names = Names::default();
    let mut listed = vec![];
    for Decided { derogation, by, revocation } in decided {
        let body = store::facts::body(&mut tx, derogation.siren).await?;
        let revocation = match revocation {
            Some((why, by)) => Some((why, names.of(&mut tx, &by).await?)),
            None => None,
        };
        listed.push(Listed {
            name: body.map_or_else(|| derogation.siren.to_string(), |body| body.name),
            by: names.of(&mut tx, &by).await?,
            revocation,
            is_running: acts(&derogation, now),
            derogation,
        });
    }
    Ok(listed)
}

/// The derogation of a number.
pub async fn one(app: &App, actor: &Actor, id: i32) -> Result<Listed> {
    list(app, actor, Of::Number(id)).await?.pop().ok_or_else(|| {
        let message = format!("il n’y a pas de dérogation n°\u{a0}{id}");
        ServiceError::refused(Because::UnknownDerogation, message)
    })
}

fn acts(derogation: &Derogation, now: Instant) -> bool {
    let Derogation { decided_at, revoked_at, .. } = *derogation;
    match derogation.scope {
        Scope::Filing { until, .. } => FilingDerogation { until, decided_at, revoked_at }.is_running(now),
        Scope::Eligibility { .. } => revoked_at.is_none(),
    }
}

/// A collectivity before a derogation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// The version that counts: its number and what it states.
    pub counts: Option<(u32, FilingKind)>,
    /// Last day of the filing derogation that runs.
    pub reopened_until: Option<Day>,
}

/// A collectivity before a derogation, with what is on file about a flow year.
pub async fn subject(app: &App, actor: &Actor, siren: Siren, year: FlowYear) -> Result<Subject> {
    require_manager(actor)?;
    let now = app.now();
    let mut tx = app.db.snapshot().await?;
    let name = registered(&mut tx, siren).await?.name;
    let found = store::admission::read(&mut tx, (siren, year), None).await?;
    let running = found.derogations.iter().filter(|derogation| derogation.is_running(now));
    Ok(Subject {
        name,
        counts: found.last.map(|last| (last.version, last.kind)),
        reopened_until: running.map(|derogation| derogation.until).max(),
    })
}
