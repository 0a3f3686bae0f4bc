//! The words of each mail: careful, plain French, from one template each.

use askama::Template;

use crate::domain::instant::Instant;
use crate::domain::mail::words::Words;
use crate::domain::mail::wrap::wrapped;
use crate::domain::mail::{Message, Sender};
use crate::domain::receipt::Sheet;
use crate::domain::reminder::Step;
use crate::domain::reservation::Standing;

/// A mail as people read it.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject, on one line.
    pub subject: String,
    /// Plain text in short lines.
    pub body: String,
}

/// What a message names by its id, as it was looked up when the mail is written; nothing where it was erased.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Name and function of the agent whom the message is about.
    pub agent: Option<(String, String)>,
    /// Name of who decided.
    pub decided_by: Option<String>,
    /// Name of the collectivity.
    pub collectivity: Option<String>,
    /// What the agent wrote to those who answer.
    pub note: Option<String>,
    /// The collectivity that misses: its facts, term and value.
    pub missing: Vec<(&'static str, String)>,
    /// The version that the message is about.
    pub filed: Option<Filed>,
    /// The number of the version that counts, if one does.
    pub counts: Option<u32>,
    /// Whether the collectivity has a draft.
    pub has_draft: bool,
}

/// A version that a message is about.
#[derive(Clone, PartialEq, Eq)]
pub struct Filed {
    /// What its receipt says.
    pub sheet: Sheet,
    /// Where it stands.
    pub standing: Standing,
    /// Whether its receipt goes with the mail as a document.
    pub is_attached: bool,
}

macro_rules! templates {
    ($($name:ident $path:literal)+) => {$(
        #[derive(Template)]
        #[template(path = $path, escape = "none")]
        struct $name<'a> {
            words: &'a Words<'a>,
        }
    )+};
}

templates! {
    ConfirmEmail "confirm_email.txt"
    AddressKnown "address_known.txt"
    ResetPassword "reset_password.txt"
    PasswordChanged "password_changed.txt"
    AttachmentAsked "attachment_asked.txt"
    AttachmentAccepted "attachment_accepted.txt"
    AttachmentRefused "attachment_refused.txt"
    AttachmentAnnounced "attachment_announced.txt"
    AttachmentCode "attachment_code.txt"
    Detached "detached.txt"
    Receipt "receipt.txt"
    FilingAnnounced "filing_announced.txt"
    VersionDecided "version_decided.txt"
    DraftUnfiled "draft_unfiled.txt"
    ContactRemoved "contact_removed.txt"
    CampaignExtended "campaign_extended.txt"
    Reminder "reminder.txt"
    CollectivityMissing "collectivity_missing.txt"
    MissingAnswered "missing_answered.txt"
    QuestionAsked "question_asked.txt"
    QuestionAnswered "question_answered.txt"
    Invited "invited.txt"
    FactorChanged "factor_changed.txt"
    RecoveryUsed "recovery_used.txt"
    JournalDigest "journal_digest.txt"
}

impl Message {
    /// Writes it. The first line of a template is the subject.
    ///
    /// # Errors
    /// When a template cannot be filled, which only memory could cause.
    pub fn letter(&self, known: &Known, sender: &Sender) -> Result<Letter, askama::Error> {
        let words = &Words { sender, known, message: self };
        let text = match self {
            Self::ConfirmEmail { .. } => ConfirmEmail { words }.render(),
            Self::AddressKnown => AddressKnown { words }.render(),
            Self::ResetPassword { .. } => ResetPassword { words }.render(),
            Self::PasswordChanged { .. } => PasswordChanged { words }.render(),
            Self::AttachmentAsked { .. } => AttachmentAsked { words }.render(),
            Self::AttachmentAccepted { .. } => AttachmentAccepted { words }.render(),
            Self::AttachmentRefused { .. } => AttachmentRefused { words }.render(),
            Self::AttachmentAnnounced { .. } => AttachmentAnnounced { words }.render(),
            Self::AttachmentCode { .. } => AttachmentCode { words }.render(),
            Self::Detached { .. } => Detached { words }.render(),
            Self::Receipt { .. } => Receipt { words }.render(),
            Self::FilingAnnounced { .. } => FilingAnnounced { words }.render(),
            Self::VersionDecided { .. } => VersionDecided { words }.render(),
            Self::DraftUnfiled { .. } => DraftUnfiled { words }.render(),
            Self::ContactRemoved { .. } => ContactRemoved { words }.render(),
            Self::CampaignExtended { .. } => CampaignExtended { words }.render(),
            Self::Reminder { .. } => Reminder { words }.render(),
            Self::CollectivityMissing { .. } => CollectivityMissing { words }.render(),
            Self::MissingAnswered { .. } => MissingAnswered { words }.render(),
            Self::QuestionAsked { .. } => QuestionAsked { words }.render(),
            Self::QuestionAnswered { .. } => QuestionAnswered { words }.render(),
            Self::Invited { .. } => Invited { words }.render(),
            Self::FactorChanged { .. } => FactorChanged { words }.render(),
            Self::RecoveryUsed { .. } => RecoveryUsed { words }.render(),
            Self::JournalDigest { .. } => JournalDigest { words }.render(),
        }?;
        let (subject, body) = text.trim_start().split_once('\n').unwrap_or((&text, ""));
        Ok(Letter { subject: subject.trim().to_owned(), body: wrapped(body) })
    }

    /// When what it says serves no more: it is not worth sending from then on.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Instant> {
        match self {
            Self::ConfirmEmail { expires_at, .. }
            | Self::ResetPassword { expires_at, .. }
            | Self::Invited { expires_at, .. }
            | Self::AttachmentCode { expires_at, .. } => Some(*expires_at),
            // The one that follows the end tells of it.
            Self::Reminder { step: Step::After, .. } => None,
            Self::DraftUnfiled { ends_at, .. }
            | Self::CampaignExtended { ends_at, .. }
            | Self::Reminder { ends_at, .. } => Some(*ends_at),
            _ => None,
        }
    }
}

#[cfg(test)]
#[path = "letter_tests.rs"]
pub(super) mod tests;
