//! What the service writes to people: typed data, and the words of each.
//!
//! What waits holds no words and no names. Persons are told by their random id: their names are read where the mail is
//! written, so that what waits to be sent forgets whoever is erased (rule 14).

mod letter;
pub mod pace;
mod read;
mod words;
mod wrap;

pub use letter::{Filed, Known, Letter};

use serde_json::{Value, json};

use crate::domain::account::Secret;
use crate::domain::attachment::How;
use crate::domain::instant::Instant;
use crate::domain::reminder::Step;
use crate::domain::siren::Siren;
use crate::domain::token::RoleName;
use crate::domain::year::FlowYear;

/// To whom a mail goes; the address is looked up when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// A person, by random id.
    Person(String),
    /// An address that the register or the contacts hold for a collectivity, by random id.
    Contact(String),
    /// The prefecture of a region, by INSEE code.
    Region(String),
    /// The ministry.
    Ministry,
}

/// Who writes: what every mail ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Address of the service, which links start with.
    pub public_url: String,
    /// Where people write for help, or nothing.
    pub support: String,
    /// Whether all is fictitious.
    pub is_demonstration: bool,
}

/// A filing that awaits the answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwaitedFiling {
    /// Of which payments.
    pub flow_year: FlowYear,
    /// The last instant for an answer.
    pub until: Instant,
}

/// What became of what an agent filed sous réserve, by the year of the payments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filings {
    /// What counts now.
    pub counted: Vec<FlowYear>,
    /// What never will.
    pub void: Vec<FlowYear>,
}

/// What became of the second factor of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorChange {
    /// An application was set up, in place of another one if there was.
    Enrolled,
    /// Other recovery codes replace those before.
    Codes,
    /// An administrator took it away: another one is set up at the next sign-in.
    Reset,
}

/// A mail, by what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A link to confirm the address.
    ConfirmEmail {
        /// What the link carries.
        secret: Secret,
        /// It serves no more from then on.
        expires_at: Instant,
    },
    /// Someone signed up with this address, which has an account already.
    AddressKnown,
    /// A link to choose another password.
    ResetPassword {
        /// What the link carries.
        secret: Secret,
        /// It serves no more from then on.
        expires_at: Instant,
    },
    /// The password was changed.
    PasswordChanged {
        /// When.
        at: Instant,
    },
    /// An agent asks to act for a collectivity, or filed in its name: to who may answer.
    AttachmentAsked {
        /// The attachment.
        attachment: String,
        /// Who asks.
        person: String,
        /// For which collectivity.
        siren: Siren,
        /// What awaits the answer, where the agent filed meanwhile.
        filed: Option<AwaitedFiling>,
    },
    /// It is granted: to who asked.
    AttachmentAccepted {
        /// The attachment.
        attachment: String,
        /// For which collectivity.
        siren: Siren,
        /// By what right.
        how: How,
        /// What became of what the agent filed.
        filings: Filings,
    },
    /// It is refused: to who asked.
    AttachmentRefused {
        /// The attachment.
        attachment: String,
        /// For which collectivity.
        siren: Siren,
        /// By what right.
        how: How,
        /// Why, if it was said.
        reason: Option<String>,
        /// What became of what the agent filed.
        filings: Filings,
    },
    /// An agent was attached: to the other agents and to the prefecture, so that nobody comes in unseen.
    AttachmentAnnounced {
        /// The attachment.
        attachment: String,
        /// Who acts for the collectivity now.
        person: String,
        /// Which collectivity.
        siren: Siren,
        /// By what right.
        how: How,
        /// Who decided.
        by: String,
    },
    /// A code for an agent: to an address of the collectivity.
    AttachmentCode {
        /// The code, as people read it.
        code: Secret,
        /// Who asks.
        person: String,
        /// For which collectivity.
        siren: Siren,
        /// It serves no more from then on.
        expires_at: Instant,
    },
    /// The agent acts for the collectivity no more: to the agent.
    Detached {
        /// For which collectivity.
        siren: Siren,
        /// By what right.
        how: How,
        /// Why, if it was said.
        reason: Option<String>,
    },
    /// The receipt of a version: to who filed it.
    Receipt {
        /// Its number.
        number: String,
    },
    /// A version was filed: to the other agents.
    FilingAnnounced {
        /// The number of its receipt.
        number: String,
    },
    /// The ministry rectified, annulled or took over a declaration: to the agents.
    VersionDecided {
        /// The number of the receipt of its version.
        number: String,
    },
    /// A draft is not filed and the window ends soon: to the agents.
    DraftUnfiled {
        /// Whose.
        siren: Siren,
        /// Of which payments.
        flow_year: FlowYear,
        /// The end of the window for this collectivity.
        ends_at: Instant,
    },
    /// An address that the ministry brought was taken off the contacts: to the other agents and to the prefecture.
    ContactRemoved {
        /// Of which collectivity.
        siren: Siren,
        /// Who did it.
        person: String,
        /// Enough of the address to recognise it.
        masked: String,
        /// Whether another address stands in its place.
        is_replaced: bool,
    },
    /// The campaign was extended: to the agents and the contacts of the expected bodies.
    CampaignExtended {
        /// Whose.
        siren: Siren,
        /// Of which payments.
        flow_year: FlowYear,
        /// The new end of the window.
        ends_at: Instant,
        /// Whether who reads it has an account that acts for the collectivity.
        is_agent: bool,
    },
    /// A collectivity that is expected has not filed: to its agents and its addresses.
    Reminder {
        /// Which.
        siren: Siren,
        /// Of which payments.
        flow_year: FlowYear,
        /// The end of the window.
        ends_at: Instant,
        /// Which of the steps around that end.
        step: Step,
        /// Whether who reads it has an account that acts for the collectivity.
        is_agent: bool,
    },
    /// A collectivity misses in the register: to the ministry.
    CollectivityMissing {
        /// The request.
        request: String,
        /// Who asks.
        person: String,
    },
    /// What the ministry answers about it: to who asked.
    MissingAnswered {
        /// Name of the collectivity, as it was asked for.
        name: String,
        /// The answer.
        answer: String,
    },
    /// A question waits for the answer of a collectivity: to its agents.
    QuestionAsked {
        /// The question.
        question: String,
        /// To which collectivity.
        siren: Siren,
        /// About the declaration of which payments.
        flow_year: FlowYear,
    },
    /// The collectivity answered: to who asked.
    QuestionAnswered {
        /// The question.
        question: String,
        /// Which collectivity.
        siren: Siren,
        /// About the declaration of which payments.
        flow_year: FlowYear,
    },
    /// An account waits for its owner, by a link.
    Invited {
        /// What the link carries.
        secret: Secret,
        /// It serves no more from then on.
        expires_at: Instant,
        /// What the account is for.
        role: RoleName,
    },
    /// The second factor of the account is another one.
    FactorChanged {
        /// When.
        at: Instant,
        /// What became of it.
        change: FactorChange,
    },
    /// A recovery code opened the account.
    RecoveryUsed {
        /// When.
        at: Instant,
        /// Codes that are left.
        left: u32,
    },
    /// The head of the journal, each night: to administrators, who keep it where nobody who writes the database is.
    JournalDigest {
        /// When it was read.
        at: Instant,
        /// Number of the last entry.
        seq: i64,
        /// Hash of the last entry.
        hash: String,
    },
}

impl Message {
    /// The kind of [`Message::DraftUnfiled`], which is queued once.
    pub const DRAFT_UNFILED: &'static str = "draft_unfiled";
    /// The kind of [`Message::CampaignExtended`], which is queued once.
    pub const CAMPAIGN_EXTENDED: &'static str = "campaign_extended";

    /// The stable word of its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ConfirmEmail { .. } => "confirm_email",
            Self::AddressKnown => "address_known",
            Self::ResetPassword { .. } => "reset_password",
            Self::PasswordChanged { .. } => "password_changed",
            Self::AttachmentAsked { .. } => "attachment_asked",
            Self::AttachmentAccepted { .. } => "attachment_accepted",
            Self::AttachmentRefused { .. } => "attachment_refused",
            Self::AttachmentAnnounced { .. } => "attachment_announced",
            Self::AttachmentCode { .. } => "attachment_code",
            Self::Detached { .. } => "detached",
            Self::Receipt { .. } => "receipt",
            Self::FilingAnnounced { .. } => "filing_announced",
            Self::VersionDecided { .. } => "version_decided",
            Self::DraftUnfiled { .. } => Self::DRAFT_UNFILED,
            Self::ContactRemoved { .. } => "contact_removed",
            Self::CampaignExtended { .. } => Self::CAMPAIGN_EXTENDED,
            Self::Reminder { .. } => "reminder",
            Self::CollectivityMissing { .. } => "collectivity_missing",
            Self::MissingAnswered { .. } => "missing_answered",
            Self::QuestionAsked { .. } => "question_asked",
            Self::QuestionAnswered { .. } => "question_answered",
            Self::Invited { .. } => "invited",
            Self::FactorChanged { .. } => "factor_changed",
            Self::RecoveryUsed { .. } => "recovery_used",
            Self::JournalDigest { .. } => "journal_digest",
        }
    }

    /// Its data, as it waits to be sent; it holds the secret of a link, and goes with the row.
    #[must_use]
    pub fn data(&self) -> Value {
        match self {
            Self::AddressKnown => json!({}),
            Self::ConfirmEmail { secret, expires_at } | Self::ResetPassword { secret, expires_at } => {
                json!({"secret": secret.reveal(), "expires_at": expires_at})
            }
            Self::PasswordChanged { at } => json!({"at": at}),
            Self::AttachmentAsked { attachment, person, siren, filed } => {
                let filed =
                    filed.map(|filed| json!({"flow_year": filed.flow_year.get(), "until": filed.until}));
                json!({"attachment": attachment, "person": person, "siren": siren, "filed": filed})
            }
            Self::AttachmentAccepted { attachment, siren, how, filings } => {
                json!({"attachment": attachment, "siren": siren, "how": how.label(), "filings": filings.data()})
            }
            Self::AttachmentRefused { attachment, siren, how, reason, filings } => {
                json!({"attachment": attachment, "siren": siren, "how": how.label(), "reason": reason,
                    "filings": filings.data()})
            }
            Self::AttachmentAnnounced { attachment, person, siren, how, by } => {
                json!({"attachment": attachment, "person": person, "siren": siren, "how": how.label(), "by": by})
            }
            Self::AttachmentCode { code, person, siren, expires_at } => {
                json!({"code": code.reveal(), "person": person, "siren": siren, "expires_at": expires_at})
            }
            Self::Detached { siren, how, reason } => {
                json!({"siren": siren, "how": how.label(), "reason": reason})
            }
            Self::Receipt { number } | Self::FilingAnnounced { number } | Self::VersionDecided { number } => {
                json!({"number": number})
            }
            Self::DraftUnfiled { siren, flow_year, ends_at } => {
                json!({"siren": siren, "flow_year": flow_year, "ends_at": ends_at})
            }
            Self::ContactRemoved { siren, person, masked, is_replaced } => {
                json!({"siren": siren, "person": person, "masked": masked, "is_replaced": is_replaced})
            }
            Self::CampaignExtended { siren, flow_year, ends_at, is_agent } => {
                json!({"siren": siren, "flow_year": flow_year, "ends_at": ends_at, "is_agent": is_agent})
            }
            Self::Reminder { siren, flow_year, ends_at, step, is_agent } => {
                json!({"siren": siren, "flow_year": flow_year.get(), "ends_at": ends_at, "step": step.code(),
                    "is_agent": is_agent})
            }
            Self::CollectivityMissing { request, person } => json!({"request": request, "person": person}),
            Self::MissingAnswered { name, answer } => json!({"name": name, "answer": answer}),
            Self::QuestionAsked { question, siren, flow_year }
            | Self::QuestionAnswered { question, siren, flow_year } => {
                json!({"question": question, "siren": siren, "flow_year": flow_year.get()})
            }
            Self::Invited { secret, expires_at, role } => {
                json!({"secret": secret.reveal(), "expires_at": expires_at, "role": role.code()})
            }
            Self::FactorChanged { at, change } => json!({"at": at, "change": change.code()}),
            Self::RecoveryUsed { at, left } => json!({"at": at, "left": left}),
            Self::JournalDigest { at, seq, hash } => json!({"at": at, "seq": seq, "hash": hash}),
        }
    }
}

impl FactorChange {
    /// Every change.
    pub const ALL: [Self; 3] = [Self::Enrolled, Self::Codes, Self::Reset];

    /// The stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::Codes => "codes",
            Self::Reset => "reset",
        }
    }

    /// What happened, as a sentence goes on.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Enrolled => "une application a été associée à votre compte pour la double authentification",
            Self::Codes => "de nouveaux codes de secours ont remplacé les précédents",
            Self::Reset => {
                "un administrateur a réinitialisé la double authentification\u{a0}: vous en choisirez une autre à votre prochaine connexion"
            }
        }
    }
}

impl Filings {
    fn data(&self) -> Value {
        let years = |years: &[FlowYear]| years.iter().map(|year| year.get()).collect::<Vec<_>>();
        json!({"counted": years(&self.counted), "void": years(&self.void)})
    }
}

impl Recipient {
    /// The word of its kind and what it names.
    #[must_use]
    pub fn told(&self) -> (&'static str, &str) {
        match self {
            Self::Person(id) => ("person", id),
            Self::Contact(id) => ("contact", id),
            Self::Region(code) => ("region", code),
            Self::Ministry => ("ministry", ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let expires_at = "2014-05-20T08:00:00Z".parse().unwrap();
        let message = Message::ResetPassword { secret: Secret::new("très-secret"), expires_at };
        assert!(!format!("{message:?}").contains("très-secret"));
        assert_eq!(message.data()["secret"], "très-secret");
        assert_eq!(message.kind(), "reset_password");
    }
}
