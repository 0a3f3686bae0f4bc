//! What the templates of mails may show.

use crate::domain::attachment::How;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::mail::letter::{Filed, Known};
use crate::domain::mail::wrap::inert;
use crate::domain::mail::{Filings, Message, Sender};
use crate::domain::receipt::{FactKind, Reader, standing, verification};
use crate::domain::reminder::Step;
use crate::domain::year::FlowYear;

/// A message with all that its template may name.
pub(super) struct Words<'a> {
    pub sender: &'a Sender,
    pub known: &'a Known,
    pub message: &'a Message,
}

impl Words<'_> {
    /// An address of the service.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.sender.public_url.trim_end_matches('/'))
    }

    /// The same with the secret of the message.
    pub fn link(&self, path: &str) -> String {
        let secret = match self.message {
            Message::ConfirmEmail { secret, .. }
            | Message::ResetPassword { secret, .. }
            | Message::Invited { secret, .. } => secret.reveal(),
            _ => "",
        };
        self.address(&format!("{path}?jeton={secret}"))
    }

    pub fn code(&self) -> &str {
        match self.message {
            Message::AttachmentCode { code, .. } => code.reveal(),
            _ => "",
        }
    }

    pub fn expires_at(&self) -> String {
        self.message.expires_at().map(Instant::to_minute).unwrap_or_default()
    }

    pub fn at(&self) -> String {
        match self.message {
            Message::PasswordChanged { at }
            | Message::FactorChanged { at, .. }
            | Message::RecoveryUsed { at, .. }
            | Message::JournalDigest { at, .. } => at.to_minute(),
            _ => String::new(),
        }
    }

    /// Name and function of the agent.
    pub fn agent(&self) -> String {
        match &self.known.agent {
            Some((name, function)) => format!("{} ({})", inert(name), inert(function)),
            None => "Un agent dont le compte a été effacé".to_owned(),
        }
    }

    /// Name and SIREN of the collectivity.
    pub fn collectivity(&self) -> String {
        let siren = match self.message {
            Message::AttachmentAsked { siren, .. }
            | Message::AttachmentAccepted { siren, .. }
            | Message::AttachmentRefused { siren, .. }
            | Message::AttachmentAnnounced { siren, .. }
            | Message::AttachmentCode { siren, .. }
            | Message::Detached { siren, .. }
            | Message::DraftUnfiled { siren, .. }
            | Message::CampaignExtended { siren, .. }
            | Message::ContactRemoved { siren, .. }
            | Message::Reminder { siren, .. }
            | Message::QuestionAsked { siren, .. }
            | Message::QuestionAnswered { siren, .. } => *siren,
            _ => match &self.known.filed {
                Some(filed) => filed.sheet.filing.siren,
                None => return String::new(),
            },
        };
        match &self.known.collectivity {
            Some(name) => format!("{} (SIREN {siren})", inert(name)),
            None => format!("la collectivité de SIREN {siren}"),
        }
    }

    /// Who answered.
    pub fn how(&self) -> &'static str {
        match self.message {
            Message::AttachmentAccepted { how, .. }
            | Message::AttachmentRefused { how, .. }
            | Message::AttachmentAnnounced { how, .. }
            | Message::Detached { how, .. } => how.label(),
            _ => "",
        }
    }

    /// Who decided, by name where that says more than the right.
    pub fn decided_by(&self) -> String {
        match (self.message, &self.known.decided_by) {
            (Message::AttachmentAnnounced { how: How::Peer, .. }, Some(name)) => {
                format!("{}, {}", inert(name), self.how())
            }
            _ => self.how().to_owned(),
        }
    }

    pub fn reason(&self) -> Option<String> {
        match self.message {
            Message::AttachmentRefused { reason, .. } | Message::Detached { reason, .. } => {
                reason.as_deref().map(inert)
            }
            _ => self.known.filed.as_ref().and_then(|filed| filed.sheet.filing.reason.as_deref()).map(inert),
        }
    }

    /// The version that the message is about.
    pub const fn filed(&self) -> Option<&Filed> {
        self.known.filed.as_ref()
    }

    /// The year of the payments.
    pub fn year(&self) -> String {
        match (self.message, self.filed()) {
            (
                Message::DraftUnfiled { flow_year, .. }
                | Message::CampaignExtended { flow_year, .. }
                | Message::Reminder { flow_year, .. }
                | Message::QuestionAsked { flow_year, .. }
                | Message::QuestionAnswered { flow_year, .. },
                _,
            ) => flow_year.to_string(),
            (_, Some(filed)) => filed.sheet.filing.flow_year.to_string(),
            (_, None) => String::new(),
        }
    }

    /// The number of the version.
    pub fn version(&self) -> u32 {
        self.filed().map_or(0, |filed| filed.sheet.filing.version)
    }

    /// The number of the version that counts.
    pub const fn counts(&self) -> Option<u32> {
        self.known.counts
    }

    pub fn statement(&self) -> String {
        self.filed().map(|filed| inert(&filed.sheet.statement(filed.standing))).unwrap_or_default()
    }

    /// Whether the version counts: the one place where mails say so.
    pub fn standing(&self) -> String {
        self.filed().map(|filed| standing(filed.standing)).unwrap_or_default()
    }

    pub fn is_nil(&self) -> bool {
        self.filed().is_some_and(|filed| filed.sheet.filing.kind == FilingKind::Nil)
    }

    pub fn filed_by(&self) -> Option<String> {
        self.filed().and_then(|filed| filed.sheet.filed_by.as_deref()).map(inert)
    }

    pub fn filed_at(&self) -> String {
        self.filed().map(|filed| filed.sheet.filing.filed_at.to_minute()).unwrap_or_default()
    }

    pub fn document(&self) -> Option<String> {
        self.filed().and_then(|filed| filed.sheet.filing.document.as_deref()).map(inert)
    }

    pub fn is_attached(&self) -> bool {
        self.filed().is_some_and(|filed| filed.is_attached)
    }

    /// The amounts that the receipt says.
    pub fn amounts(&self) -> Vec<(&'static str, String)> {
        let is_amount = |value: &str| value.ends_with('€');
        self.facts().into_iter().filter(|(_term, value)| is_amount(value)).collect()
    }

    /// What the receipt says, but for addresses, which stand on lines of their own.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let Some(filed) = self.filed() else { return vec![] };
        let facts = filed.sheet.facts(Reader::Agent, &self.sender.public_url).into_iter();
        let facts = facts.filter(|fact| fact.kind != FactKind::Address);
        facts.map(|fact| (fact.term, inert(&fact.value))).collect()
    }

    /// Where the receipt is, and where anyone verifies it.
    pub fn receipt(&self) -> (String, String) {
        let Some(filed) = self.filed() else { return Default::default() };
        let (filing, number) = (&filed.sheet.filing, &filed.sheet.receipt.number);
        (
            self.address(&format!("/espace/{}/{}/recepisses/{number}", filing.siren, filing.flow_year)),
            verification(&self.sender.public_url, number),
        )
    }

    /// Where the declaration is.
    pub fn declaration(&self) -> String {
        match self.message {
            Message::DraftUnfiled { siren, flow_year, .. }
            | Message::CampaignExtended { siren, flow_year, .. }
            | Message::Reminder { siren, flow_year, .. } => {
                self.address(&format!("/espace/{siren}/{flow_year}"))
            }
            _ => String::new(),
        }
    }

    /// Where the question is read, by who receives the mail.
    pub fn question(&self) -> String {
        match self.message {
            Message::QuestionAsked { question, siren, .. } => {
                self.address(&format!("/espace/{siren}/questions/{question}"))
            }
            Message::QuestionAnswered { question, .. } => {
                self.address(&format!("/pilotage/questions/{question}"))
            }
            _ => String::new(),
        }
    }

    /// The last day on which a declaration can be filed.
    pub fn last_day(&self) -> String {
        match self.message {
            Message::DraftUnfiled { ends_at, .. }
            | Message::CampaignExtended { ends_at, .. }
            | Message::Reminder { ends_at, .. } => ends_at.plus_seconds(-1).day_in_paris().to_long(),
            _ => String::new(),
        }
    }

    /// The year of the campaign.
    pub fn campaign(&self) -> String {
        match self.message {
            Message::Reminder { flow_year, .. } => flow_year.campaign().to_string(),
            _ => String::new(),
        }
    }

    /// Whether the mail follows the end.
    pub const fn is_over(&self) -> bool {
        matches!(self.message, Message::Reminder { step: Step::After, .. })
    }

    /// Whether who reads it acts for the collectivity.
    pub const fn is_agent(&self) -> bool {
        matches!(
            self.message,
            Message::Reminder { is_agent: true, .. } | Message::CampaignExtended { is_agent: true, .. }
        )
    }

    pub const fn has_draft(&self) -> bool {
        self.known.has_draft
    }

    /// Whether another address stands in the place of the one that was taken off.
    pub const fn is_replaced(&self) -> bool {
        matches!(self.message, Message::ContactRemoved { is_replaced: true, .. })
    }

    /// Enough of an address to recognise it.
    pub fn masked(&self) -> &str {
        match self.message {
            Message::ContactRemoved { masked, .. } => masked,
            _ => "",
        }
    }

    /// Where the contacts of the collectivity are.
    pub fn contacts(&self) -> String {
        match self.message {
            Message::ContactRemoved { siren, .. } => self.address(&format!("/espace/{siren}/contacts")),
            _ => String::new(),
        }
    }

    /// Where an account is made, the collectivity known already.
    pub fn sign_up(&self) -> String {
        match self.message {
            Message::Reminder { siren, .. } | Message::CampaignExtended { siren, .. } => {
                self.address(&format!("/inscription?siren={siren}"))
            }
            _ => String::new(),
        }
    }

    /// What awaits the answer: of which payments, until when.
    pub fn awaiting(&self) -> Option<(String, String)> {
        match self.message {
            Message::AttachmentAsked { filed: Some(filed), .. } => {
                Some((filed.flow_year.to_string(), filed.until.to_minute()))
            }
            _ => None,
        }
    }

    /// The years of what was filed sous réserve and counts now.
    pub fn counted(&self) -> Option<String> {
        self.filings().and_then(|filings| years(&filings.counted))
    }

    /// The years of what was filed sous réserve and never will count.
    pub fn void(&self) -> Option<String> {
        self.filings().and_then(|filings| years(&filings.void))
    }

    const fn filings(&self) -> Option<&Filings> {
        match self.message {
            Message::AttachmentAccepted { filings, .. } | Message::AttachmentRefused { filings, .. } => {
                Some(filings)
            }
            _ => None,
        }
    }

    pub fn note(&self) -> Option<String> {
        self.known.note.as_deref().map(inert)
    }

    /// What is known of the collectivity that misses.
    pub fn missing(&self) -> Vec<(&'static str, String)> {
        self.known.missing.iter().map(|(term, value)| (*term, inert(value))).collect()
    }

    /// What the account is for.
    pub const fn role(&self) -> &'static str {
        match self.message {
            Message::Invited { role, .. } => role.label(),
            _ => "",
        }
    }

    /// Number and hash of the last entry of the journal, as `eapd journal verify --anchor` reads them.
    pub fn head(&self) -> String {
        match self.message {
            Message::JournalDigest { seq, hash, .. } => format!("{seq} {hash}"),
            _ => String::new(),
        }
    }

    /// What became of the second factor.
    pub const fn change(&self) -> &'static str {
        match self.message {
            Message::FactorChanged { change, .. } => change.label(),
            _ => "",
        }
    }

    /// Recovery codes that are left, in words.
    pub fn left(&self) -> String {
        match self.message {
            Message::RecoveryUsed { left: 0, .. } => "Il ne vous en reste aucun".to_owned(),
            Message::RecoveryUsed { left: 1, .. } => "Il vous en reste un".to_owned(),
            Message::RecoveryUsed { left, .. } => format!("Il vous en reste {left}"),
            _ => String::new(),
        }
    }

    /// The collectivity that was missing, and what the ministry answers.
    pub fn answered(&self) -> (String, String) {
        match self.message {
            Message::MissingAnswered { name, answer } => (inert(name), inert(answer)),
            _ => Default::default(),
        }
    }

    /// Where to ask for help.
    pub fn support(&self) -> Option<&str> {
        Some(self.sender.support.as_str()).filter(|support| !support.is_empty())
    }

    pub const fn is_demonstration(&self) -> bool {
        self.sender.is_demonstration
    }
}

/// `2012 et 2013`; nothing where there is none.
fn years(years: &[FlowYear]) -> Option<String> {
    let (last, before) = years.split_last()?;
    let before: Vec<String> = before.iter().map(ToString::to_string).collect();
    Some(if before.is_empty() { last.to_string() } else { format!("{} et {last}", before.join(", ")) })
}
