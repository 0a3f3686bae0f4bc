//! Where the declaration of a collectivity stands, for its agents: campaign, draft, versions, what may be done.

use std::collections::HashMap;

use crate::app::App;
use crate::domain::campaign::{Campaign, CampaignState};
use crate::domain::day::Day;
use crate::domain::declaration::{Filing, Receipt};
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::role::Actor;
use crate::domain::rules::{self, Issue};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::declaration::draft::Draft;
use crate::service::declaration::file::require_agent;
use crate::service::{Result, registered};
use crate::store::{self, Tx};

pub use crate::imports::preview::{Changes, diff};

/// Where a declaration stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Name of the collectivity.
    pub name: String,
    /// Whether it existed in the flow year.
    pub existed: bool,
    /// The campaign that collects the flow year.
    pub campaign: Option<Campaign>,
    /// Whether a declaration can be filed now.
    pub takes_filings: bool,
    /// Last day of the derogation that reopens the window for this collectivity, where one runs.
    pub reopened_until: Option<Day>,
    /// What is being prepared.
    pub draft: Option<Draft>,
    /// Name of who saved it last, if known.
    pub draft_by: Option<String>,
    /// What was filed, the first version first.
    pub versions: Vec<Filed>,
    /// When the question was asked.
    pub at: Instant,
}

/// A version with who filed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The version.
    pub filing: Filing,
    /// Its receipt.
    pub receipt: Option<Receipt>,
    /// Name of who filed, unless erased.
    pub by: Option<String>,
    /// Name and function of who signed, unless erased.
    pub signatory: Option<(String, Option<String>)>,
}

impl Overview {
    /// The state of the campaign.
    #[must_use]
    pub fn state(&self) -> Option<CampaignState> {
        self.campaign.as_ref().map(|campaign| campaign.state(self.at))
    }

    /// The version that counts; an annulled one counts as nothing.
    #[must_use]
    pub fn effective(&self) -> Option<&Filed> {
        self.versions.last().filter(|filed| filed.filing.kind != FilingKind::Annulled)
    }

    /// Whether a draft can still be changed: until the campaign is settled.
    #[must_use]
    pub fn takes_drafts(&self) -> bool {
        let closed = |state: CampaignState| state.is_settled() || state == CampaignState::Cancelled;
        self.existed && self.state().is_some_and(|state| !closed(state))
    }
}

/// Where the declaration of a collectivity stands, for its agents.
pub async fn overview(app: &App, actor: &Actor, siren: Siren, year: FlowYear) -> Result<Overview> {
    let at = app.now();
    let mut tx = app.db.snapshot().await?;
    require_agent(&mut tx, actor, siren, year).await?;
    let body = registered(&mut tx, siren).await?;
    let admission = store::admission::read(&mut tx, siren, year, None).await?;
    let draft = store::draft::find(&mut tx, siren, year).await?;
    let draft_by = match &draft {
        Some(draft) => name_of(&mut tx, &draft.updated_by).await?,
        None => None,
    };
    let running = admission.derogations.iter().filter(|derogation| derogation.is_running(at));
    let reopened_until = running.map(|derogation| derogation.until).max();
    let takes_filings = admission
        .campaign
        .as_ref()
        .is_some_and(|campaign| campaign.takes_filings(at, &admission.derogations));
    Ok(Overview {
        existed: body.existed_in(year),
        name: body.name,
        takes_filings,
        reopened_until,
        campaign: admission.campaign,
        draft,
        draft_by,
        versions: filed(&mut tx, siren, year).await?,
        at,
    })
}

async fn name_of(tx: &mut Tx<'_>, person: &str) -> Result<Option<String>> {
    Ok(store::person::find(tx, person).await?.and_then(|(name, _function)| name))
}

async fn filed(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Vec<Filed>> {
    let receipts = store::filing::receipts(tx, siren, year).await?;
    let mut receipts: HashMap<u32, Receipt> =
        receipts.into_iter().map(|receipt| (receipt.version, receipt)).collect();
    let mut versions = vec![];
    for filing in store::filing::versions(tx, siren, year).await? {
        let by = name_of(tx, &filing.filed_by).await?;
        let signatory = match &filing.signatory {
            Some(person) => {
                store::person::find(tx, person).await?.and_then(|(name, function)| Some((name?, function)))
            }
            None => None,
        };
        versions.push(Filed { receipt: receipts.remove(&filing.version), filing, by, signatory });
    }
    Ok(versions)
}

/// A version beside the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The version.
    pub filed: Filed,
    /// What it changed; the first one added everything.
    pub changes: Changes,
}

/// Who filed what and when, with the differences; the last version first.
pub async fn history(app: &App, actor: &Actor, siren: Siren, year: FlowYear) -> Result<Vec<Step>> {
    let mut tx = app.db.snapshot().await?;
    require_agent(&mut tx, actor, siren, year).await?;
    let (mut steps, mut before) = (vec![], vec![]);
    for filed in filed(&mut tx, siren, year).await? {
        let lines = store::line::of_version(&mut tx, siren, year, filed.filing.version).await?;
        let lines: Vec<_> = lines.iter().map(|filed| filed.line.to_raw()).collect();
        steps.push(Step { filed, changes: diff(&before, &lines) });
        before = lines;
    }
    steps.reverse();
    Ok(steps)
}

/// What a draft amounts to, and what is to be mended or confirmed before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The lines without a fault.
    pub lines: Vec<crate::domain::line::Line>,
    /// Faults and warnings, by index of the draft's line.
    pub issues: Vec<Issue>,
    /// What differs much from last year.
    pub remarks: Vec<crate::domain::recap::Remark>,
}

/// Reviews the lines of a draft beside those filed last year.
pub async fn review(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    draft: &Draft,
) -> Result<Review> {
    let checked = rules::check_lines(&app.codes, year, &draft.lines);
    let mut before = vec![];
    if let Ok(last) = FlowYear::new(year.get().saturating_sub(1)) {
        let mut tx = app.db.snapshot().await?;
        require_agent(&mut tx, actor, siren, year).await?;
        if let Some(filing) = store::filing::effective(&mut tx, siren, last).await? {
            let filed = store::line::of_version(&mut tx, siren, last, filing.version).await?;
            before.extend(filed.into_iter().map(|filed| filed.line));
        }
    }
    let remarks = crate::domain::recap::beside_last_year(&before, &checked.lines);
    Ok(Review { lines: checked.lines, issues: checked.issues, remarks })
}
