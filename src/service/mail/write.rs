//! A mail that waits becomes words and an address: names are read now, not when it was queued.

use crate::app::App;
use crate::config::Profile;
use crate::domain::account::Email;
use crate::domain::campaign::CampaignState;
use crate::domain::contact::Origin;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::mail::{Filed, Known, Letter, Message, Recipient, Sender};
use crate::domain::missing::MissingCollectivity;
use crate::domain::question::State;
use crate::domain::siren::Siren;
use crate::service::{Result, receipt, reminder, this_year};
use crate::store::mail::Leased;
use crate::store::{self, Tx};

/// A mail ready to leave.
pub(super) struct Ready {
    /// Random id.
    pub id: String,
    /// The same at each try, without its brackets.
    pub message_id: String,
    /// When it was queued.
    pub created_at: Instant,
    /// To whom.
    pub to: Email,
    /// What it says.
    pub letter: Letter,
    /// What goes with it.
    pub attached: Option<Attached>,
}

/// A document that goes with a mail.
pub(super) struct Attached {
    /// Name of its file.
    pub name: String,
    /// A PDF.
    pub bytes: Vec<u8>,
}

/// Why a mail cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unwritten {
    /// What its link or its code opens is over.
    Expired,
    /// What it is about changed meanwhile: a draft was filed or dropped, an end was moved or is over.
    Overtaken,
    /// Nobody knows where it goes: the operator may tell.
    NoAddress,
    /// The queue holds what this program cannot read.
    Unreadable,
}

impl Unwritten {
    /// As the list of failures tells it.
    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::Expired => "le lien ou le code a expiré avant l’envoi",
            Self::Overtaken => "ce qu’il annonçait n’est plus d’actualité",
            Self::NoAddress => "aucune adresse connue pour ce destinataire",
            Self::Unreadable => "contenu illisible",
        }
    }

    /// Whether it will never be worth another try.
    pub(super) const fn is_for_ever(self) -> bool {
        matches!(self, Self::Expired | Self::Overtaken | Self::Unreadable)
    }
}

/// Looks up whom and what a mail names, and writes it.
pub(super) async fn write(app: &App, leased: Leased) -> Result<std::result::Result<Ready, Unwritten>> {
    let mail = &leased.mail;
    let (Some(message), Some(to)) =
        (Message::read(&mail.kind, &mail.data), Recipient::read(&mail.to_kind, &mail.to_id))
    else {
        return Ok(Err(Unwritten::Unreadable));
    };
    if message.expires_at().is_some_and(|expires_at| expires_at <= app.now()) {
        let is_reminder = matches!(
            message,
            Message::DraftUnfiled { .. } | Message::CampaignExtended { .. } | Message::Reminder { .. }
        );
        return Ok(Err(if is_reminder { Unwritten::Overtaken } else { Unwritten::Expired }));
    }
    let mut tx = app.db.snapshot().await?;
    let Some(to) = address(&mut tx, app, &to, &message).await? else { return Ok(Err(Unwritten::NoAddress)) };
    let Some(mut known) = known(&mut tx, app, &message).await? else { return Ok(Err(Unwritten::Overtaken)) };
    drop(tx);
    let attached = match (&message, &mut known.filed) {
        (Message::Receipt { .. }, Some(filed)) => document(app, filed),
        _ => None,
    };
    let Ok(letter) = message.letter(&known, &sender(app)) else { return Ok(Err(Unwritten::Unreadable)) };
    let (message_id, created_at) = (leased.message_id, mail.created_at);
    Ok(Ok(Ready { id: leased.mail.id, message_id, created_at, to, letter, attached }))
}

/// Who writes.
pub(crate) fn sender(app: &App) -> Sender {
    Sender {
        public_url: app.config.server.public_url.clone(),
        support: app.config.about.support_email.clone(),
        is_demonstration: app.config.profile == Profile::Demo,
    }
}

/// The receipt as a document. The mail goes without one rather than not at all: it says where the document is.
fn document(app: &App, filed: &mut Filed) -> Option<Attached> {
    let Filed { sheet, standing, is_attached } = filed;
    match receipt::document(app, sheet, *standing) {
        Ok(bytes) => {
            *is_attached = true;
            Some(Attached { name: sheet.file_name(), bytes })
        }
        Err(error) => {
            tracing::error!(%error, "a mail goes without its document");
            None
        }
    }
}

async fn address(tx: &mut Tx<'_>, app: &App, to: &Recipient, message: &Message) -> Result<Option<Email>> {
    Ok(match to {
        Recipient::Person(person) => store::account::find(tx, person).await?.map(|account| account.email),
        // Asked once more: a code never goes to an address that agents keep.
        Recipient::Contact(id) => {
            let found = store::contact::find(tx, id).await?;
            let may =
                |origin| origin == Origin::Imported || !matches!(message, Message::AttachmentCode { .. });
            found.filter(|contact| may(contact.origin)).map(|contact| contact.email)
        }
        Recipient::Region(code) => app.config.mail.region(code),
        Recipient::Ministry => app.config.mail.ministry(),
    })
}

/// What the message names by its id, as far as it was not erased meanwhile; nothing where it says what is not so
/// any more.
async fn known(tx: &mut Tx<'_>, app: &App, message: &Message) -> Result<Option<Known>> {
    let mut known = Known::default();
    match message {
        Message::AttachmentAsked { attachment, person, siren, .. } => {
            known.agent = agent(tx, person).await?;
            known.collectivity = collectivity(tx, app, *siren).await?;
            known.note = store::attachment::find(tx, attachment).await?.and_then(|asked| asked.message);
        }
        Message::AttachmentAnnounced { person, siren, by, .. } => {
            known.agent = agent(tx, person).await?;
            known.decided_by = agent(tx, by).await?.map(|(name, _function)| name);
            known.collectivity = collectivity(tx, app, *siren).await?;
        }
        Message::AttachmentCode { person, siren, .. } | Message::ContactRemoved { person, siren, .. } => {
            known.agent = agent(tx, person).await?;
            known.collectivity = collectivity(tx, app, *siren).await?;
        }
        Message::AttachmentAccepted { siren, .. }
        | Message::AttachmentRefused { siren, .. }
        | Message::Detached { siren, .. } => known.collectivity = collectivity(tx, app, *siren).await?,
        Message::CollectivityMissing { request, person } => {
            known.agent = agent(tx, person).await?;
            let open = store::missing::open(tx).await?;
            if let Some(asked) = open.into_iter().find(|asked| asked.id == *request) {
                known.missing = missing(asked.told);
            }
        }
        Message::Receipt { number }
        | Message::FilingAnnounced { number }
        | Message::VersionDecided { number } => {
            let Some((sheet, standing)) = receipt::sheet(tx, number, app.now()).await? else {
                return Ok(None);
            };
            known.collectivity.clone_from(&sheet.collectivity);
            known.filed = Some(Filed { sheet, standing, is_attached: false });
        }
        Message::DraftUnfiled { siren, flow_year, ends_at } => {
            let found = store::admission::read(tx, (*siren, *flow_year), None).await?;
            if !found.has_draft || reminder::end(&found, app.now()) != Some(*ends_at) {
                return Ok(None);
            }
            let counts = found.last.filter(|last| last.kind != FilingKind::Annulled);
            known.counts = counts.map(|last| last.version);
            known.collectivity = found.body.map(|body| body.name);
        }
        Message::CampaignExtended { siren, flow_year, ends_at, is_agent } => {
            let found = store::admission::read(tx, (*siren, *flow_year), None).await?;
            let now = app.now();
            if found.campaign.is_none_or(|campaign| campaign.closes_at(now) != *ends_at) {
                return Ok(None);
            }
            let counts = found.last.filter(|last| last.kind != FilingKind::Annulled);
            // A contact of who filed meanwhile has nothing to do.
            if counts.is_some() && !is_agent {
                return Ok(None);
            }
            known.counts = counts.map(|last| last.version);
            known.collectivity = found.body.map(|body| body.name);
        }
        Message::Reminder { siren, flow_year, ends_at, .. } => {
            let found = store::admission::read(tx, (*siren, *flow_year), None).await?;
            let counts = found.last.filter(|last| last.kind != FilingKind::Annulled);
            let now = app.now();
            let ends = found
                .campaign
                .filter(|campaign| matches!(campaign.state(now), CampaignState::Open | CampaignState::Over));
            if counts.is_some() || ends.map(|campaign| campaign.closes_at(now)) != Some(*ends_at) {
                return Ok(None);
            }
            known.has_draft = found.has_draft;
            known.collectivity = found.body.map(|body| body.name);
        }
        Message::QuestionAsked { question, siren, .. }
        | Message::QuestionAnswered { question, siren, .. } => {
            let waits_for = match message {
                Message::QuestionAsked { .. } => State::Asked,
                _ => State::Answered,
            };
            let found = store::question::find(tx, question).await?;
            if found.is_none_or(|found| found.state() != waits_for) {
                return Ok(None);
            }
            known.collectivity = collectivity(tx, app, *siren).await?;
        }
        Message::ConfirmEmail { .. }
        | Message::AddressKnown
        | Message::ResetPassword { .. }
        | Message::PasswordChanged { .. }
        | Message::MissingAnswered { .. }
        | Message::Invited { .. }
        | Message::FactorChanged { .. }
        | Message::RecoveryUsed { .. }
        | Message::JournalDigest { .. } => {}
    }
    Ok(Some(known))
}

/// What is told of a collectivity that is not in the list.
fn missing(told: MissingCollectivity) -> Vec<(&'static str, String)> {
    let mut facts = vec![("Nom", told.name), ("Type", told.kind.label().to_owned())];
    facts.push(("Département", told.departement));
    facts.extend(told.siren.map(|siren| ("SIREN", siren.to_string())));
    let before: Vec<_> = told.successor_of.iter().map(ToString::to_string).collect();
    if !before.is_empty() {
        facts.push(("Succède à", before.join(", ")));
    }
    facts.extend(told.message.map(|message| ("Message", message)));
    facts
}

async fn agent(tx: &mut Tx<'_>, person: &str) -> Result<Option<(String, String)>> {
    let account = store::account::find(tx, person).await?;
    Ok(account.map(|account| (account.name, account.function)))
}

async fn collectivity(tx: &mut Tx<'_>, app: &App, siren: Siren) -> Result<Option<String>> {
    let body = store::register::find(tx, siren, this_year(app)?).await?;
    Ok(body.map(|body| body.name))
}
