//! A declarant files: lines or an explicit nil, inside the window (rules 2, 3, 5).

use std::borrow::Cow;

use crate::app::App;
use crate::domain::campaign::{Campaign, CampaignState, FilingDerogation};
use crate::domain::declaration::Receipt;
use crate::domain::field::RawLine;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::line::Line;
use crate::domain::mail::{Message, Recipient};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::campaign::unknown;
use crate::service::declaration::footing::{Footing, require_footing};
use crate::service::declaration::reserve;
use crate::service::declaration::{Before, Ready, Signatory, Version, accept, refuse_absent, tell};
use crate::service::mail;
use crate::service::receipt::{self, Proof};
use crate::service::refusals::told;
use crate::service::{Result, ServiceError, unregistered};
use crate::store::admission::{Admission, Told};
use crate::store::draft::Key;
use crate::store::idempotency::Answered;
use crate::store::writes::Writes;
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
    Ok(prove(app, actor, request).await?.receipt)
}

/// [`file()`], with the version that the receipt proves.
pub async fn prove(app: &App, actor: &Actor, request: &Request) -> Result<Proof> {
    let subject = format!("{}/{}", request.siren, request.flow_year);
    let outcome = file_or_repeat(app, actor, request).await;
    told(app, actor, "declaration.file", subject, outcome).await
}

/// A repeated request is answered whatever became of the draft and the window since,
/// and a key that served for something else is told before any fault of what is asked.
async fn file_or_repeat(app: &App, actor: &Actor, request: &Request) -> Result<Proof> {
    // Who asks comes before what they ask: a refusal tells nothing of a draft.
    let footing = if actor.role.files_for(request.siren) {
        Footing::Attached
    } else {
        let mut snapshot = app.db.snapshot().await?;
        require_footing(&mut snapshot, actor, request.siren, request.flow_year).await?
    };
    let refused = match file_once(app, actor, &footing, request).await {
        Err(error @ (ServiceError::Refused(_) | ServiceError::Lines(_))) => error,
        outcome => return outcome,
    };
    let Some(asked) = &request.idempotency else { return Err(refused) };
    // The same request may have come first: long ago, or at the same time.
    match answered(&mut app.db.snapshot().await?, asked, app.now()).await? {
        Some(proof) => Ok(proof),
        None => Err(refused),
    }
}

async fn file_once(app: &App, actor: &Actor, footing: &Footing, request: &Request) -> Result<Proof> {
    let of = footing.key(actor, (request.siren, request.flow_year));
    let lines = prepared(app, request, of).await?;
    let version = version(actor, request, &lines);
    let by = Some(actor.person.as_str());
    let begin = store::admission::begin(&app.db, of, key(request), by);
    // The seal is made while the answer is on its way, or others write.
    let (begun, ready) = tokio::join!(biased; begin, async { version.ready() });
    let (ready, (mut tx, found)) = (ready?, begun?);
    match told_in(app, &mut tx, (actor, of), request, ready, found).await? {
        Outcome::Filed(proof, writes) => {
            writes.commit(tx).await?;
            Ok(*proof)
        }
        Outcome::Repeated(proof) => Ok(*proof),
    }
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
    let mut tx = app.db.snapshot().await?;
    let found = store::admission::read(&mut tx, (siren, year), None).await?;
    admit(&mut tx, actor, &found, (siren, year), at).await.map(drop)
}

fn refuse_unsigned(signatory: &Signatory) -> Result<()> {
    let signed = |text: &str| !text.trim().is_empty();
    if signed(&signatory.name) && signed(&signatory.function) {
        return Ok(());
    }
    let message = "indiquez le nom et la fonction de la personne qui signe la déclaration";
    Err(ServiceError::refused(Because::Unsigned, message))
}

/// Refuses an agent of another body, a campaign that there is not, a body that did not exist, a window that is closed.
async fn admit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    found: &Admission,
    (siren, year): (Siren, FlowYear),
    at: Instant,
) -> Result<Footing> {
    let footing = require_footing(tx, actor, siren, year).await?;
    let campaign = found.campaign.as_ref().ok_or_else(|| unknown(year.campaign()))?;
    refuse_absent(found.body.as_ref().ok_or_else(|| unregistered(siren))?, year)?;
    refuse_closed(campaign, &found.derogations, at)?;
    Ok(footing)
}

/// The accepted lines of a request, before any lock is taken.
async fn prepared(app: &App, request: &Request, of: Key<'_>) -> Result<Vec<Line>> {
    refuse_unsigned(&request.signatory)?;
    let lines = match &request.content {
        Content::Nil => return Ok(vec![]),
        Content::Lines(lines) => Cow::Borrowed(lines),
        Content::Draft(revision) => {
            let mut tx = app.db.snapshot().await?;
            let draft = store::draft::find(&mut tx, of).await?;
            let same = draft.filter(|draft| draft.revision == *revision);
            Cow::Owned(same.ok_or_else(stale)?.lines)
        }
    };
    if lines.is_empty() {
        let message = "la déclaration n’a aucune ligne\u{a0}: ajoutez-en une, ou déclarez «\u{a0}néant\u{a0}» si vous n’avez rien versé";
        return Err(ServiceError::refused(Because::NoLines, message));
    }
    accept(app, of, &lines).await
}

/// Files inside a transaction of the caller's, which commits.
pub(crate) async fn file_in(
    app: &App,
    tx: &mut Tx<'_>,
    actor: &Actor,
    request: &Request,
    lines: &[Line],
) -> Result<Receipt> {
    let ready = version(actor, request, lines).ready()?;
    tx.share_campaign(request.flow_year.campaign()).await?;
    let of = Key::from((request.siren, request.flow_year));
    let found = store::admission::read_for(tx, of, key(request), Some(&actor.person)).await?;
    match told_in(app, tx, (actor, of), request, ready, found).await? {
        Outcome::Filed(proof, mut writes) => {
            writes.send(tx).await?;
            Ok(proof.receipt)
        }
        Outcome::Repeated(proof) => Ok(proof.receipt),
    }
}

/// What became of a request.
enum Outcome {
    /// It is filed, once this is written and durable.
    Filed(Box<Proof>, Writes),
    /// It was filed before, under the same key.
    Repeated(Box<Proof>),
}

/// The key of a request in its scope, if it has one.
fn key(request: &Request) -> Option<(&str, &str)> {
    request.idempotency.as_ref().map(|key| (key.scope.as_str(), key.key.as_str()))
}

fn version<'a>(actor: &'a Actor, request: &'a Request, lines: &'a [Line]) -> Version<'a> {
    Version {
        siren: request.siren,
        year: request.flow_year,
        kind: if request.content == Content::Nil { FilingKind::Nil } else { FilingKind::Declared },
        lines,
        filed_at: request.received_at,
        filed_by: &actor.person,
        signatory: Some(&request.signatory),
        reason: None,
        document: request.document.as_deref(),
        idempotency: request.idempotency.as_ref(),
    }
}

/// Admits a request by what was found in the transaction, and tells what is to be written. `of` is the draft that
/// was read before.
async fn told_in(
    app: &App,
    tx: &mut Tx<'_>,
    (actor, of): (&Actor, Key<'_>),
    request: &Request,
    version: Ready<'_>,
    found: Admission,
) -> Result<Outcome> {
    let Request { siren, flow_year, .. } = *request;
    if let (Some(answered), Some(asked)) = (&found.answered, &request.idempotency)
        && let Some(proof) = repeated(tx, answered, asked, app.now()).await?
    {
        return Ok(Outcome::Repeated(Box::new(proof)));
    }
    if of.author.is_some() {
        // Nobody answers the request before this is durable: the answer finds what is filed.
        tx.hold_attachments().await?;
    }
    let footing = admit(tx, actor, &found, (siren, flow_year), request.received_at).await?;
    if footing.key(actor, (siren, flow_year)) != of {
        return Err(answered_meanwhile());
    }
    match request.content {
        Content::Draft(revision) if !store::draft::take(tx, of, revision).await? => return Err(stale()),
        Content::Lines(_) | Content::Nil if found.has_draft => store::draft::remove(tx, of).await?,
        Content::Draft(_) | Content::Lines(_) | Content::Nil => {}
    }
    let reserved = match footing.awaited() {
        Some(attachment) => {
            Some(reserve::announced(tx, app, attachment, (siren, flow_year), request.received_at).await?)
        }
        None => None,
    };
    let is_reserved = reserved.is_some();
    let Admission { last, highest, journal, mut told, .. } = found;
    let before = Before { last, highest, journal: Some(journal), reserved };
    let (proof, mut writes) = tell(app, tx, version, before).await?;
    if is_reserved {
        // Who is attached is asked for an answer instead, and sees nothing of it before.
        told.agents.clear();
    }
    mail::queue_with(&mut writes, app, mails(actor, told, &proof.receipt));
    Ok(Outcome::Filed(Box::new(proof), writes))
}

/// The receipt goes to who filed, if they have an account; the other agents are told of the version.
fn mails(actor: &Actor, told: Told, receipt: &Receipt) -> Vec<(Recipient, Message)> {
    let number = || receipt.number.clone();
    let filer = told.filer_has_account.then(|| actor.person.clone());
    let to_filer = filer.map(|person| (Recipient::Person(person), Message::Receipt { number: number() }));
    let others = told.agents.into_iter().filter(|person| *person != actor.person);
    let to_others =
        others.map(|person| (Recipient::Person(person), Message::FilingAnnounced { number: number() }));
    to_filer.into_iter().chain(to_others).collect()
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
async fn answered(tx: &mut Tx<'_>, asked: &Idempotency, now: Instant) -> Result<Option<Proof>> {
    match store::idempotency::find(tx, &asked.scope, &asked.key).await? {
        Some(answered) => repeated(tx, &answered, asked, now).await,
        None => Ok(None),
    }
}

/// The receipt that was given, unless the key served for something else.
async fn repeated(
    tx: &mut Tx<'_>,
    answered: &Answered,
    asked: &Idempotency,
    now: Instant,
) -> Result<Option<Proof>> {
    if answered.request_sha256 != asked.request_sha256 {
        let message =
            "cette clé d’idempotence a déjà servi pour une autre demande\u{a0}: prenez-en une nouvelle";
        return Err(ServiceError::refused(Because::KeyReused, message));
    }
    match store::filing::receipt(tx, &answered.receipt).await? {
        Some(receipt) => Ok(Some(receipt::of_receipt(tx, receipt, now).await?)),
        None => Ok(None),
    }
}

/// The request for attachment was answered since the filing was read: the draft may be another one by now.
fn answered_meanwhile() -> ServiceError {
    let message = "votre demande de rattachement vient de recevoir une réponse\u{a0}: relisez la déclaration, puis déposez-la";
    ServiceError::refused(Because::AttachmentAnswered, message)
}

fn stale() -> ServiceError {
    ServiceError::refused(
        Because::StaleDraft,
        "le brouillon a été modifié entre-temps\u{a0}: relisez-le avant de déposer",
    )
}
