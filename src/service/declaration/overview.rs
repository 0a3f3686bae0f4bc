//! Where the declaration of a collectivity stands, for its agents: campaign, draft, versions, what may be done.

use std::collections::HashMap;

use crate::app::App;
use crate::domain::campaign::{Campaign, CampaignState};
use crate::domain::day::Day;
use crate::domain::declaration::{Filing, Receipt};
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::reservation::Standing;
use crate::domain::role::Actor;
use crate::domain::rules::{self, Issue};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::declaration::draft::Draft;
use crate::service::declaration::footing::{Footing, require_footing};
use crate::service::receipt::Standings;
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
    /// In whose name the agent prepares and files.
    pub footing: Footing,
    /// What is being prepared.
    pub draft: Option<Draft>,
    /// Name of who saved it last, if known.
    pub draft_by: Option<String>,
    /// What was filed, the first version first; for who awaits the attachment, what they filed sous réserve.
    pub versions: Vec<Filed>,
    /// What the agent prepared before the attachment and is not in the collectivity's draft.
    pub left_over: Option<Draft>,
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
    /// Where it stands.
    pub standing: Standing,
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
        let counts = self.versions.iter().find(|filed| filed.standing.is_in_force());
        counts.filter(|filed| filed.filing.kind != FilingKind::Annulled)
    }

    /// The last version that awaits the attachment of its agent.
    #[must_use]
    pub fn reserved(&self) -> Option<&Filed> {
        self.versions.iter().rfind(|filed| matches!(filed.standing, Standing::Reserved { .. }))
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
    let footing = require_footing(&mut tx, actor, siren, year).await?;
    let body = registered(&mut tx, siren).await?;
    let admission = store::admission::read(&mut tx, (siren, year), None).await?;
    let draft = store::draft::find(&mut tx, footing.key(actor, (siren, year))).await?;
    let left_over = match footing {
        Footing::Attached => {
            let author = Some(actor.person.as_str());
            store::draft::find(&mut tx, store::draft::Key { siren, year, author }).await?
        }
        Footing::Awaiting { .. } => None,
    };
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
        versions: filed(&mut tx, &footing, (siren, year), at).await?,
        footing,
        left_over,
        at,
    })
}

async fn name_of(tx: &mut Tx<'_>, person: &str) -> Result<Option<String>> {
    Ok(store::person::find(tx, person).await?.and_then(|(name, _function)| name))
}

/// What the agent may see of what was filed.
async fn filed(
    tx: &mut Tx<'_>,
    footing: &Footing,
    (siren, year): (Siren, FlowYear),
    now: Instant,
) -> Result<Vec<Filed>> {
    let receipts = store::filing::receipts(tx, siren, year).await?;
    let mut receipts: HashMap<u32, Receipt> =
        receipts.into_iter().map(|receipt| (receipt.version, receipt)).collect();
    let all = store::filing::versions(tx, siren, year).await?;
    let standings = Standings::read(tx, (siren, year), &all, now).await?;
    let mut versions = vec![];
    for filing in all {
        if !standings.are_shown(footing, filing.version) {
            continue;
        }
        let by = name_of(tx, &filing.filed_by).await?;
        let signatory = match &filing.signatory {
            Some(person) => {
                store::person::find(tx, person).await?.and_then(|(name, function)| Some((name?, function)))
            }
            None => None,
        };
        versions.push(Filed {
            receipt: receipts.remove(&filing.version),
            standing: standings.of(filing.version),
            filing,
            by,
            signatory,
        });
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
    /// Whether the agent sees none before it.
    pub is_first: bool,
}

/// Who filed what and when, with the differences; the last version first. Who awaits the attachment sees what they
/// filed themselves.
pub async fn history(app: &App, actor: &Actor, siren: Siren, year: FlowYear) -> Result<Vec<Step>> {
    let mut tx = app.db.snapshot().await?;
    let footing = require_footing(&mut tx, actor, siren, year).await?;
    steps(&mut tx, &footing, (siren, year), app.now()).await
}

/// What may be seen on this footing of who filed what and when; the last version first.
pub(super) async fn steps(
    tx: &mut Tx<'_>,
    footing: &Footing,
    (siren, year): (Siren, FlowYear),
    now: Instant,
) -> Result<Vec<Step>> {
    let (mut steps, mut before) = (vec![], vec![]);
    for filed in filed(tx, footing, (siren, year), now).await? {
        let lines = store::line::of_version(tx, siren, year, filed.filing.version).await?;
        let lines: Vec<_> = lines.iter().map(|filed| filed.line.to_raw()).collect();
        steps.push(Step { filed, changes: diff(&before, &lines), is_first: steps.is_empty() });
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

/// Reviews the lines of a draft beside those filed last year, which whoever awaits the attachment may not see.
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
        let footing = require_footing(&mut tx, actor, siren, year).await?;
        if footing == Footing::Attached
            && let Some(filing) = store::filing::effective(&mut tx, siren, last).await?
        {
            let filed = store::line::of_version(&mut tx, siren, last, filing.version).await?;
            before.extend(filed.into_iter().map(|filed| filed.line));
        }
    }
    let remarks = crate::domain::recap::beside_last_year(&before, &checked.lines);
    Ok(Review { lines: checked.lines, issues: checked.issues, remarks })
}
