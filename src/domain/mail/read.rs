//! A message as it waited in the queue.

use serde_json::Value;

use crate::domain::account::Secret;
use crate::domain::attachment::How;
use crate::domain::mail::{AwaitedFiling, FactorChange, Filings, Message, Recipient};
use crate::domain::year::FlowYear;

impl Message {
    /// What [`Message::kind`] and [`Message::data`] told; nothing where they tell no message.
    #[must_use]
    pub fn read(kind: &str, data: &str) -> Option<Self> {
        let data: Value = serde_json::from_str(data).ok()?;
        let text = |key: &str| data[key].as_str();
        let owned = |key: &str| text(key).map(str::to_owned);
        let secret = |key: &str| text(key).map(Secret::new);
        let siren = || text("siren")?.parse().ok();
        let instant = |key: &str| text(key)?.parse().ok();
        let how = || How::ALL.into_iter().find(|how| Some(how.label()) == text("how"));
        Some(match kind {
            "confirm_email" => {
                Self::ConfirmEmail { secret: secret("secret")?, expires_at: instant("expires_at")? }
            }
            "address_known" => Self::AddressKnown,
            "reset_password" => {
                Self::ResetPassword { secret: secret("secret")?, expires_at: instant("expires_at")? }
            }
            "password_changed" => Self::PasswordChanged { at: instant("at")? },
            "attachment_asked" => Self::AttachmentAsked {
                attachment: owned("attachment")?,
                person: owned("person")?,
                siren: siren()?,
                filed: awaited(&data["filed"]),
            },
            "attachment_accepted" => Self::AttachmentAccepted {
                attachment: owned("attachment")?,
                siren: siren()?,
                how: how()?,
                filings: filings(&data["filings"]),
            },
            "attachment_refused" => Self::AttachmentRefused {
                attachment: owned("attachment")?,
                siren: siren()?,
                how: how()?,
                reason: owned("reason"),
                filings: filings(&data["filings"]),
            },
            "attachment_announced" => Self::AttachmentAnnounced {
                attachment: owned("attachment")?,
                person: owned("person")?,
                siren: siren()?,
                how: how()?,
                by: owned("by")?,
            },
            "attachment_code" => Self::AttachmentCode {
                code: secret("code")?,
                person: owned("person")?,
                siren: siren()?,
                expires_at: instant("expires_at")?,
            },
            "detached" => Self::Detached { siren: siren()?, how: how()?, reason: owned("reason") },
            "receipt" => Self::Receipt { number: owned("number")? },
            "filing_announced" => Self::FilingAnnounced { number: owned("number")? },
            "version_decided" => Self::VersionDecided { number: owned("number")? },
            Self::DRAFT_UNFILED => Self::DraftUnfiled {
                siren: siren()?,
                flow_year: year(&data["flow_year"])?,
                ends_at: instant("ends_at")?,
            },
            "contact_removed" => Self::ContactRemoved {
                siren: siren()?,
                person: owned("person")?,
                masked: owned("masked")?,
                is_replaced: data["is_replaced"].as_bool()?,
            },
            Self::CAMPAIGN_EXTENDED => Self::CampaignExtended {
                siren: siren()?,
                flow_year: year(&data["flow_year"])?,
                ends_at: instant("ends_at")?,
                // Those queued before contacts were told went to agents.
                is_agent: data["is_agent"].as_bool().unwrap_or(true),
            },
            "reminder" => Self::Reminder {
                siren: siren()?,
                flow_year: year(&data["flow_year"])?,
                ends_at: instant("ends_at")?,
                step: text("step")?.parse().ok()?,
                is_agent: data["is_agent"].as_bool()?,
            },
            "collectivity_missing" => {
                Self::CollectivityMissing { request: owned("request")?, person: owned("person")? }
            }
            "missing_answered" => Self::MissingAnswered { name: owned("name")?, answer: owned("answer")? },
            "invited" => Self::Invited {
                secret: secret("secret")?,
                expires_at: instant("expires_at")?,
                role: text("role")?.parse().ok()?,
            },
            "factor_changed" => Self::FactorChanged {
                at: instant("at")?,
                change: FactorChange::ALL.into_iter().find(|change| Some(change.code()) == text("change"))?,
            },
            "recovery_used" => Self::RecoveryUsed {
                at: instant("at")?,
                left: data["left"].as_u64().and_then(|left| u32::try_from(left).ok())?,
            },
            "journal_digest" => {
                Self::JournalDigest { at: instant("at")?, seq: data["seq"].as_i64()?, hash: owned("hash")? }
            }
            _ => return question(kind, &data),
        })
    }
}

fn question(kind: &str, data: &Value) -> Option<Message> {
    let question = data["question"].as_str()?.to_owned();
    let (siren, flow_year) = (data["siren"].as_str()?.parse().ok()?, year(&data["flow_year"])?);
    match kind {
        "question_asked" => Some(Message::QuestionAsked { question, siren, flow_year }),
        "question_answered" => Some(Message::QuestionAnswered { question, siren, flow_year }),
        _ => None,
    }
}

/// Nothing in mails queued before filings could be sous réserve.
fn awaited(data: &Value) -> Option<AwaitedFiling> {
    Some(AwaitedFiling { flow_year: year(&data["flow_year"])?, until: data["until"].as_str()?.parse().ok()? })
}

fn filings(data: &Value) -> Filings {
    let years = |key: &str| data[key].as_array().into_iter().flatten().filter_map(year).collect();
    Filings { counted: years("counted"), void: years("void") }
}

fn year(data: &Value) -> Option<FlowYear> {
    FlowYear::new(u16::try_from(data.as_u64()?).ok()?).ok()
}

impl Recipient {
    /// What [`Recipient::told`] told.
    #[must_use]
    pub fn read(kind: &str, id: &str) -> Option<Self> {
        Some(match kind {
            "person" => Self::Person(id.to_owned()),
            "contact" => Self::Contact(id.to_owned()),
            "region" => Self::Region(id.to_owned()),
            "ministry" => Self::Ministry,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mail::letter::tests::messages;

    #[test]
    fn what_waited_is_what_was_queued() {
        for message in messages() {
            let read = Message::read(message.kind(), &message.data().to_string());
            assert_eq!(read.as_ref(), Some(&message));
            assert!(message.kind() == "address_known" || Message::read(message.kind(), "{}").is_none());
            assert!(Message::read(message.kind(), "").is_none());
        }
        assert!(Message::read("autre", "{}").is_none());
        for to in [
            Recipient::Person("P1".to_owned()),
            Recipient::Contact("C1".to_owned()),
            Recipient::Region("53".to_owned()),
            Recipient::Ministry,
        ] {
            let (kind, id) = to.told();
            assert_eq!(Recipient::read(kind, id).as_ref(), Some(&to));
        }
        assert!(Recipient::read("autre", "").is_none());
    }
}
