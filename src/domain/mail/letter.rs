//! The words of each mail: careful, plain French, from one template each.

use askama::Template;

use crate::domain::attachment::How;
use crate::domain::instant::Instant;
use crate::domain::mail::wrap::{inert, wrapped};
use crate::domain::mail::{Message, Sender};

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
}

/// What templates may show.
struct Words<'a> {
    sender: &'a Sender,
    known: &'a Known,
    message: &'a Message,
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
    CollectivityMissing "collectivity_missing.txt"
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
            Self::CollectivityMissing { .. } => CollectivityMissing { words }.render(),
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
            | Self::AttachmentCode { expires_at, .. } => Some(*expires_at),
            _ => None,
        }
    }
}

impl Words<'_> {
    /// An address of the service.
    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.sender.public_url.trim_end_matches('/'))
    }

    /// The same with the secret of the message.
    fn link(&self, path: &str) -> String {
        let secret = match self.message {
            Message::ConfirmEmail { secret, .. } | Message::ResetPassword { secret, .. } => secret.reveal(),
            _ => "",
        };
        self.address(&format!("{path}?jeton={secret}"))
    }

    fn code(&self) -> &str {
        match self.message {
            Message::AttachmentCode { code, .. } => code.reveal(),
            _ => "",
        }
    }

    fn expires_at(&self) -> String {
        self.message.expires_at().map(to_the_minute).unwrap_or_default()
    }

    fn at(&self) -> String {
        match self.message {
            Message::PasswordChanged { at } => to_the_minute(*at),
            _ => String::new(),
        }
    }

    /// Name and function of the agent.
    fn agent(&self) -> String {
        match &self.known.agent {
            Some((name, function)) => format!("{} ({})", inert(name), inert(function)),
            None => "Un agent dont le compte a été effacé".to_owned(),
        }
    }

    /// Name and SIREN of the collectivity.
    fn collectivity(&self) -> String {
        let siren = match self.message {
            Message::AttachmentAsked { siren, .. }
            | Message::AttachmentAccepted { siren, .. }
            | Message::AttachmentRefused { siren, .. }
            | Message::AttachmentAnnounced { siren, .. }
            | Message::AttachmentCode { siren, .. }
            | Message::Detached { siren, .. } => siren.to_string(),
            _ => return String::new(),
        };
        match &self.known.collectivity {
            Some(name) => format!("{} (SIREN {siren})", inert(name)),
            None => format!("la collectivité de SIREN {siren}"),
        }
    }

    /// Who answered.
    fn how(&self) -> &'static str {
        match self.message {
            Message::AttachmentAccepted { how, .. }
            | Message::AttachmentRefused { how, .. }
            | Message::AttachmentAnnounced { how, .. }
            | Message::Detached { how, .. } => how.label(),
            _ => "",
        }
    }

    /// Who decided, by name where that says more than the right.
    fn decided_by(&self) -> String {
        match (self.message, &self.known.decided_by) {
            (Message::AttachmentAnnounced { how: How::Peer, .. }, Some(name)) => {
                format!("{}, {}", inert(name), self.how())
            }
            _ => self.how().to_owned(),
        }
    }

    fn reason(&self) -> Option<String> {
        match self.message {
            Message::AttachmentRefused { reason, .. } | Message::Detached { reason, .. } => {
                reason.as_deref().map(inert)
            }
            _ => None,
        }
    }

    fn note(&self) -> Option<String> {
        self.known.note.as_deref().map(inert)
    }

    /// What is known of the collectivity that misses.
    fn missing(&self) -> Vec<(&'static str, String)> {
        self.known.missing.iter().map(|(term, value)| (*term, inert(value))).collect()
    }

    /// Where to ask for help.
    fn support(&self) -> Option<&str> {
        Some(self.sender.support.as_str()).filter(|support| !support.is_empty())
    }

    const fn is_demonstration(&self) -> bool {
        self.sender.is_demonstration
    }
}

/// `20 mai 2014 à 10 h 00`, in Paris: nobody needs the seconds of a mail.
fn to_the_minute(at: Instant) -> String {
    let text = at.to_string();
    text.split("\u{a0}min").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
#[path = "letter_tests.rs"]
pub(super) mod tests;
