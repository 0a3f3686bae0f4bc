//! A declarant files: lines or an explicit nil, inside the window (rules 2, 3, 5).

use crate::app::App;
use crate::domain::campaign::{Campaign, CampaignState, FilingDerogation};
use crate::domain::declaration::Receipt;
use crate::domain::field::RawLine;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::line::Line;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::campaign::existing;
use crate::service::declaration::{Signatory, Version, accept, declaring, insert};
use crate::service::refusals::told;
use crate::service::{Result, ServiceError};
use crate::store::idempotency::Answered;
use crate::store::{self, Tx};

/// What is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These lines.
    Lines(Vec<RawLine>),
    /// "We paid nothing", signed.
    Nil,
    /// The draft as it was at this revision.
    Draft(u32),
}

/// A key that makes a repeated request get the first answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// Who uses the key: a token, a session.
    pub scope: String,
    /// The key itself.
    pub key: String,
    /// SHA-256 of the request.
    pub request_sha256: String,
}

/// A filing as asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Whose declaration.
    pub siren: Siren,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// What is filed.
    pub content: Content,
    /// Who signs.
    pub signatory: Signatory,
    /// Reference of a document, when the ministry files a paper for a collectivity.
    pub document: Option<String>,
    /// When the server had read the whole request: the instant that counts.
    pub received_at: Instant,
    /// Key of the request, if it has one.
    pub idempotency: Option<Idempotency>,
}

/// Files a version. It is durable when the receipt is given.
pub async fn file(app: &App, actor: &Actor, request: &Request) -> Result<Receipt> {
    let subject = format!("{}/{}", request.siren, request.flow_year);
    let outcome = file_or_repeat(app, actor, request).await;
    told(app, actor, "declaration.file", subject, outcome).await
}

async fn file_or_repeat(app: &App, actor: &Actor, request: &Request) -> Result<Receipt> {
    {
        // Who asks comes before what they ask: a refusal tells nothing of a draft. And a
        // repeated request is answered whatever became of the draft and the window since.
        let mut tx = app.db.snapshot().await?;
        require_agent(&mut tx, actor, request.siren, request.flow_year).await?;
        if let Some(receipt) = answered(&mut tx, request.idempotency.as_ref()).await? {
            return Ok(receipt);
        }
    }
    let refused = match file_once(app, actor, request).await {
        Err(ServiceError::Refused(refused)) => refused,
        outcome => return outcome,
    };
    // The same request sent twice at once: the other one may have come first.
    let mut tx = app.db.snapshot().await?;
    match answered(&mut tx, request.idempotency.as_ref()).await? {
        Some(receipt) => Ok(receipt),
        None => Err(refused.into()),
    }
}

async fn file_once(app: &App, actor: &Actor, request: &Request) -> Result<Receipt> {
    let lines = prepared(app, request).await?;
    let mut tx = app.db.begin().await?;
    if let Some(receipt) = answered(&mut tx, request.idempotency.as_ref()).await? {
        return Ok(receipt);
    }
    let receipt = file_in(app, &mut tx, actor, request, &lines).await?;
    if let Some(idempotency) = &request.idempotency {
        let answered =
            Answered { request_sha256: idempotency.request_sha256.clone(), receipt: receipt.number.clone() };
        let (scope, key) = (&idempotency.scope, &idempotency.key);
        store::idempotency::remember(&mut tx, scope, key, &answered, request.received_at).await?;
    }
    tx.commit().await?;
    Ok(receipt)
}

/// Refuses at once what [`file()`] would refuse at `at` whatever is filed: the
/// signature, the agent, the body, the window. For whoever writes something before filing.
pub async fn refuse_early(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    signatory: &Signatory,
    at: Instant,
) -> Result<()> {
    refuse_unsigned(signatory)?;
    admit(&mut app.db.snapshot().await?, actor, siren, year, at).await
}

fn refuse_unsigned(signatory: &Signatory) -> Result<()> {
    let signed = |text: &str| !text.trim().is_empty();
    if signed(&signatory.name) && signed(&signatory.function) {
        return Ok(());
    }
    let message = "indiquez le nom et la fonction de la personne qui signe la déclaration";
    Err(ServiceError::refused(Because::Unsigned, message))
}

/// Refuses an agent of another body, a body that did not exist, a window that is closed.
async fn admit(tx: &mut Tx<'_>, actor: &Actor, siren: Siren, year: FlowYear, at: Instant) -> Result<()> {
    require_agent(tx, actor, siren, year).await?;
    let campaign = existing(tx, year.campaign()).await?;
    declaring(tx, siren, year).await?;
    let derogations = store::derogation::of_filing(tx, siren, campaign.year).await?;
    refuse_closed(&campaign, &derogations, at)
}

/// The accepted lines of a request, before any lock is taken.
pub(crate) async fn prepared(app: &App, request: &Request) -> Result<Vec<Line>> {
    refuse_unsigned(&request.signatory)?;
    let lines = match &request.content {
        Content::Nil => return Ok(vec![]),
        Content::Lines(lines) => lines.clone(),
        Content::Draft(revision) => {
            let mut tx = app.db.snapshot().await?;
            let draft = store::draft::find(&mut tx, request.siren, request.flow_year).await?;
            let same = draft.filter(|draft| draft.revision == *revision);
            same.ok_or_else(stale)?.lines
        }
    };
    if lines.is_empty() {
        let message = "la déclaration n’a aucune ligne\u{a0}: ajoutez-en une, ou déclarez «\u{a0}néant\u{a0}» si vous n’avez rien versé";
        return Err(ServiceError::refused(Because::NoLines, message));
    }
    accept(app, request.siren, request.flow_year, &lines).await
}

/// Files inside a transaction of the caller's, which commits.
pub(crate) async fn file_in(
    app: &App,
    tx: &mut Tx<'_>,
    actor: &Actor,
    request: &Request,
    lines: &[Line],
) -> Result<Receipt> {
    let Request { siren, flow_year, .. } = *request;
    tx.share_campaign(flow_year.campaign()).await?;
    admit(tx, actor, siren, flow_year, request.received_at).await?;
    match request.content {
        Content::Draft(revision) if !store::draft::take(tx, siren, flow_year, revision).await? => {
            return Err(stale());
        }
        Content::Draft(_) => {}
        Content::Lines(_) | Content::Nil => store::draft::remove(tx, siren, flow_year).await?,
    }
    let kind = if request.content == Content::Nil { FilingKind::Nil } else { FilingKind::Declared };
    let version = Version {
        siren,
        year: flow_year,
        kind,
        lines,
        filed_at: request.received_at,
        filed_by: &actor.person,
        signatory: Some(&request.signatory),
        reason: None,
        document: request.document.as_deref(),
    };
    insert(app, tx, version).await
}

/// Agents file for their collectivity, and for those that it follows (rule 9).
pub(crate) async fn require_agent(
    tx: &mut Tx<'_>,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
) -> Result<()> {
    if actor.role.files_for(siren) {
        return Ok(());
    }
    if let Role::Declarant(sirens) = &actor.role
        && store::facts::descends_from(tx, sirens, siren).await?
    {
        return Ok(());
    }
    let message = format!(
        "vous n’êtes pas agent de la collectivité {siren}\u{a0}: vous ne pouvez pas déclarer {year} pour elle"
    );
    Err(ServiceError::refused(Because::Forbidden, message))
}

/// Says why nothing can be filed now, and what comes next.
fn refuse_closed(campaign: &Campaign, derogations: &[FilingDerogation], at: Instant) -> Result<()> {
    if campaign.takes_filings(at, derogations) {
        return Ok(());
    }
    let year = campaign.year;
    let (because, message) = match campaign.state(at) {
        CampaignState::Planned => (
            Because::NotYetOpen,
            format!(
                "la campagne {year} n’est pas encore ouverte\u{a0}: déclarez à partir du {}",
                campaign.window.opens_on().to_long()
            ),
        ),
        CampaignState::Settled | CampaignState::Published => (
            Because::CampaignSettled,
            format!("la campagne {year} est arrêtée\u{a0}: pour une correction, écrivez au ministère"),
        ),
        CampaignState::Cancelled => (Because::CampaignCancelled, format!("la campagne {year} a été annulée")),
        CampaignState::Open | CampaignState::Over => (
            Because::WindowClosed,
            format!(
                "la fenêtre de télédéclaration de la campagne {year} s’est fermée le {} à minuit\u{a0}: \
                 demandez au ministère une dérogation de dépôt",
                campaign.closes_on(at).to_long()
            ),
        ),
    };
    Err(ServiceError::refused(because, message))
}

/// The receipt already given for this key, if there is one.
async fn answered(tx: &mut Tx<'_>, idempotency: Option<&Idempotency>) -> Result<Option<Receipt>> {
    let Some(idempotency) = idempotency else { return Ok(None) };
    let Some(answered) = store::idempotency::find(tx, &idempotency.scope, &idempotency.key).await? else {
        return Ok(None);
    };
    if answered.request_sha256 != idempotency.request_sha256 {
        let message =
            "cette clé d’idempotence a déjà servi pour une autre demande\u{a0}: prenez-en une nouvelle";
        return Err(ServiceError::refused(Because::KeyReused, message));
    }
    Ok(store::filing::receipt(tx, &answered.receipt).await?)
}

fn stale() -> ServiceError {
    ServiceError::refused(
        Because::StaleDraft,
        "le brouillon a été modifié entre-temps\u{a0}: relisez-le avant de déposer",
    )
}
