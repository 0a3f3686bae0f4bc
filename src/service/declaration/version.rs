//! A manager's versions (rule 3): rectified, annulled, taken over, with a reason and a document. `propose` shows what
//! each would change before it is filed.

pub mod propose;

use crate::app::App;
use crate::domain::campaign::CampaignState;
use crate::domain::declaration::{Filing, Receipt};
use crate::domain::field::RawLine;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::line::Line;
use crate::domain::mail::{Message, Recipient};
use crate::domain::refusal::Because;
use crate::domain::reservation::{Reservation, ReservationState};
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::campaign::existing;
use crate::service::declaration::{Before, Version, accept, declaring, tell};
use crate::service::mail;
use crate::service::refusals::told;
use crate::service::{Result, ServiceError, require_manager, require_reason};
use crate::store::admission::Last;
use crate::store::{self, Tx};

/// What the manager decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Other lines in place of those filed.
    Rectify(Vec<RawLine>),
    /// The year counts as not declared.
    Annul,
    /// A declaration received out of time; without lines it is a nil.
    TakeOver(Vec<RawLine>),
}

/// Files a manager's version, before or after the campaign is settled or published.
pub async fn decide(
    app: &App,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
    decision: &Decision,
    reason: &str,
    document: &str,
) -> Result<Receipt> {
    let outcome = decide_now(app, actor, siren, year, decision, reason, document).await;
    told(app, actor, "declaration.version", format!("{siren}/{year}"), outcome).await
}

async fn decide_now(
    app: &App,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
    decision: &Decision,
    reason: &str,
    document: &str,
) -> Result<Receipt> {
    require_manager(actor)?;
    let reason = require_reason(reason)?;
    let document = require_document(document)?;
    let (kind, raw) = match decision {
        Decision::Rectify(lines) => (FilingKind::Rectified, lines.as_slice()),
        Decision::Annul => (FilingKind::Annulled, &[][..]),
        Decision::TakeOver(lines) => (FilingKind::TakenOver, lines.as_slice()),
    };
    if kind == FilingKind::Rectified && raw.is_empty() {
        let message =
            "une version rectifiée donne toutes ses lignes\u{a0}: pour retirer la déclaration, annulez-la";
        return Err(ServiceError::refused(Because::NoLines, message));
    }
    let lines = accept(app, (siren, year).into(), raw).await?;
    let at = app.now();
    let mut tx = app.db.begin().await?;
    let decided = Decided { siren, year, kind, at, reason, document, seen: None };
    let receipt = decide_in(app, &mut tx, actor, decided, &lines).await?;
    tx.commit().await?;
    Ok(receipt)
}

/// A manager's version says on which document it rests.
fn require_document(document: &str) -> Result<&str> {
    Some(document.trim()).filter(|document| !document.is_empty()).ok_or_else(|| {
        let message =
            "donnez la référence de la pièce qui fonde cette version (courrier, courriel, délibération)";
        ServiceError::refused(Because::DocumentNeeded, message)
    })
}

/// A manager's version whose form is right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decided<'a> {
    /// Whose declaration.
    pub siren: Siren,
    /// Of which payments.
    pub year: FlowYear,
    /// Rectified, annulled or taken over.
    pub kind: FilingKind,
    /// When.
    pub at: Instant,
    /// Why; not empty.
    pub reason: &'a str,
    /// Which document; not empty.
    pub document: &'a str,
    /// The highest version when it was decided, where that was looked at: none may have come since.
    pub seen: Option<u32>,
}

/// Files a manager's version inside a transaction of the caller's, which commits.
pub(crate) async fn decide_in(
    app: &App,
    tx: &mut Tx<'_>,
    actor: &Actor,
    decided: Decided<'_>,
    lines: &[Line],
) -> Result<Receipt> {
    require_manager(actor)?;
    let Decided { siren, year, kind, at, reason, document, seen } = decided;
    tx.hold_campaign(year.campaign()).await?;
    let (versions, highest) = admit(tx, (siren, year), kind, at).await?;
    if seen.is_some_and(|seen| seen != highest) {
        let message = format!(
            "la version {highest} a été déposée entre-temps\u{a0}: rien n’est enregistré, relisez ce qui change"
        );
        return Err(ServiceError::refused(Because::FiledMeanwhile, message));
    }
    let version = Version {
        siren,
        year,
        kind,
        lines,
        filed_at: at,
        filed_by: &actor.person,
        signatory: None,
        reason: Some(reason),
        document: Some(document),
        idempotency: None,
    };
    let last = versions.last().map(Last::from);
    let before = Before { last, highest, journal: None, reserved: None };
    let agents = store::attachment::acting(tx, siren).await?;
    let (proof, mut writes) = tell(app, tx, version.ready()?, before).await?;
    let told = |person| {
        (Recipient::Person(person), Message::VersionDecided { number: proof.receipt.number.clone() })
    };
    mail::queue_with(&mut writes, app, agents.into_iter().map(told).collect());
    writes.send(tx).await?;
    Ok(proof.receipt)
}

/// The versions that a manager's version of this kind comes after, and the number of the highest there is.
///
/// # Errors
/// Why there can be none now.
async fn admit(
    tx: &mut Tx<'_>,
    (siren, year): (Siren, FlowYear),
    kind: FilingKind,
    at: Instant,
) -> Result<(Vec<Filing>, u32)> {
    let campaign = existing(tx, year.campaign()).await?;
    match campaign.state(at) {
        CampaignState::Planned => {
            let message = format!("la campagne {} n’est pas encore ouverte", campaign.year);
            return Err(ServiceError::refused(Because::NotYetOpen, message));
        }
        CampaignState::Cancelled => {
            let message = format!("la campagne {} a été annulée", campaign.year);
            return Err(ServiceError::refused(Because::CampaignCancelled, message));
        }
        CampaignState::Open if kind == FilingKind::TakenOver => {
            let message = "la fenêtre est encore ouverte\u{a0}: la collectivité peut déposer elle-même, il n’y a rien à reprendre";
            return Err(ServiceError::refused(Because::WindowNotOver, message));
        }
        _ => {}
    }
    declaring(tx, siren, year).await?;
    let mut versions = store::filing::versions(tx, siren, year).await?;
    let highest = versions.last().map_or(0, |last| last.version);
    let reserved = store::reservation::of_declaration(tx, siren, year).await?;
    refuse_while_awaited(&reserved, at)?;
    // What was filed sous réserve and did not come to count is not what a manager decides about.
    versions.retain(|filing| {
        let reserved = reserved.iter().find(|(version, _)| *version == filing.version);
        reserved.is_none_or(|(_, reservation)| reservation.is_lifted())
    });
    refuse_out_of_order(kind, &versions, siren, year)?;
    Ok((versions, highest))
}

/// What a filing sous réserve will be is not known while it awaits its answer: a manager's version before it would
/// stand above it, or beside it, by chance. The ministry can answer at once.
fn refuse_while_awaited(reserved: &[(u32, Reservation)], at: Instant) -> Result<()> {
    if reserved.iter().all(|(_, reservation)| reservation.state(at) != ReservationState::Pending) {
        return Ok(());
    }
    let message = "un dépôt sous réserve attend le rattachement de son agent\u{a0}: acceptez ou refusez d’abord cette demande de rattachement";
    Err(ServiceError::refused(Because::AwaitsAttachment, message))
}

/// A version taken over never becomes a declaration filed in time by being
/// rectified, nor the reverse: it is taken over again. What was annulled by
/// mistake comes back as what it was: rectified where it had been in time.
fn refuse_out_of_order(kind: FilingKind, versions: &[Filing], siren: Siren, year: FlowYear) -> Result<()> {
    let before = versions.last().map(|filing| filing.kind);
    let annulled = FilingKind::Annulled;
    let last_standing = versions.iter().map(|filing| filing.kind).rfind(|kind| *kind != annulled);
    let in_time = before.is_some_and(FilingKind::satisfies);
    let was_in_time = last_standing.is_some_and(FilingKind::satisfies);
    let standing = before.is_some_and(|kind| kind != annulled);
    let (allowed, because, message) = match kind {
        FilingKind::Rectified => (
            was_in_time,
            Because::NothingFiled,
            "seule une déclaration déposée en temps utile se rectifie\u{a0}: pour une déclaration reçue hors délai, faites une reprise",
        ),
        FilingKind::Annulled => (standing, Because::NothingFiled, "il n’y a pas de déclaration à annuler"),
        _ => (
            !in_time,
            Because::FiledMeanwhile,
            "une déclaration est déposée\u{a0}: rectifiez-la au lieu de la reprendre",
        ),
    };
    if allowed {
        return Ok(());
    }
    Err(ServiceError::refused(because, format!("{siren}, exercice {year}\u{a0}: {message}")))
}
