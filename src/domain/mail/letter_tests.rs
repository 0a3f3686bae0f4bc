use super::*;
use crate::domain::account::Secret;
use crate::domain::attachment::How;
use crate::domain::filing::FilingKind;
use crate::domain::mail::{AwaitedFiling, FactorChange, Filings};
use crate::domain::receipt::Reader;
use crate::domain::receipt::tests::sheet;
use crate::domain::reminder::Step;
use crate::domain::siren::Siren;
use crate::domain::token::RoleName;
use crate::domain::year::FlowYear;

/// The version that counts, and one that does no more.
const COUNTS: Standing = Standing::InForce { confirmed_at: None };
const REPLACED: Standing = Standing::Superseded { confirmed_at: None };
const NUMBER: &str = "0123456789ABCDEFGHJKMNPQRS";

/// One of each, with every part that it may have.
pub(in crate::domain::mail) fn messages() -> Vec<Message> {
    let (attachment, person, by) = ("R1".to_owned(), "P1".to_owned(), "P2".to_owned());
    let siren: Siren = "200000016".parse().unwrap();
    let expires_at = "2014-05-21T08:00:00Z".parse().unwrap();
    let years = [2012, 2013].map(|year| FlowYear::new(year).unwrap());
    let secret = Secret::new("4T8ZS3CRET0000000000000000");
    vec![
        Message::ConfirmEmail { secret: secret.clone(), expires_at },
        Message::AddressKnown,
        Message::ResetPassword { secret: secret.clone(), expires_at },
        Message::PasswordChanged { at: "2014-05-20T08:00:59Z".parse().unwrap() },
        Message::AttachmentAsked {
            attachment: attachment.clone(),
            person: person.clone(),
            siren,
            filed: Some(AwaitedFiling {
                flow_year: years[1],
                until: "2014-07-15T21:30:00Z".parse().unwrap(),
            }),
        },
        Message::AttachmentAccepted {
            attachment: attachment.clone(),
            siren,
            how: How::Sgar,
            filings: Filings { counted: vec![years[1]], void: vec![years[0]] },
        },
        Message::AttachmentRefused {
            attachment: attachment.clone(),
            siren,
            how: How::Peer,
            reason: Some("Cette personne n’est pas connue de nos services.".to_owned()),
            filings: Filings { counted: vec![], void: years.to_vec() },
        },
        Message::AttachmentAnnounced { attachment, person: person.clone(), siren, how: How::Peer, by },
        Message::AttachmentCode { code: Secret::new("K7QM-2F9X"), person: person.clone(), siren, expires_at },
        Message::Detached { siren, how: How::Ministry, reason: None },
        Message::CollectivityMissing { request: "Q1".to_owned(), person },
        Message::MissingAnswered {
            name: "Communauté fictive".to_owned(),
            answer: "Elle est au registre sous le nom de Pays fictif.".to_owned(),
        },
        Message::QuestionAsked { question: "Q2".to_owned(), siren, flow_year: years[1] },
        Message::QuestionAnswered { question: "Q2".to_owned(), siren, flow_year: years[1] },
        Message::Invited { secret: secret.clone(), expires_at, role: RoleName::Sgar },
        Message::FactorChanged { at: "2014-05-20T08:00:59Z".parse().unwrap(), change: FactorChange::Reset },
        Message::RecoveryUsed { at: "2014-05-20T08:00:59Z".parse().unwrap(), left: 9 },
        Message::JournalDigest {
            at: "2014-05-20T22:10:04Z".parse().unwrap(),
            seq: 1_234,
            hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        },
        Message::Receipt { number: NUMBER.to_owned() },
        Message::FilingAnnounced { number: NUMBER.to_owned() },
        Message::VersionDecided { number: NUMBER.to_owned() },
        Message::DraftUnfiled {
            siren,
            flow_year: FlowYear::new(2013).unwrap(),
            ends_at: "2014-06-15T22:00:00Z".parse().unwrap(),
        },
        Message::CampaignExtended {
            siren,
            flow_year: FlowYear::new(2013).unwrap(),
            ends_at: "2014-06-22T22:00:00Z".parse().unwrap(),
            is_agent: true,
        },
        Message::ContactRemoved {
            siren,
            person: "P1".to_owned(),
            masked: "ma…@ville.example".to_owned(),
            is_replaced: false,
        },
        Message::Reminder {
            siren,
            flow_year: FlowYear::new(2013).unwrap(),
            ends_at: "2014-06-15T22:00:00Z".parse().unwrap(),
            step: Step::Month,
            is_agent: false,
        },
    ]
}

/// With a version that the message may be about: a manager's, where it tells of one.
fn known_for(message: &Message) -> Known {
    let kind = match message {
        Message::VersionDecided { .. } => FilingKind::Rectified,
        _ => FilingKind::Declared,
    };
    let filed = Filed { sheet: sheet(kind), standing: COUNTS, is_attached: true };
    Known { filed: Some(filed), counts: Some(1), ..known() }
}

fn known() -> Known {
    Known {
        agent: Some(("Agent Inventé".to_owned(), "secrétaire de mairie".to_owned())),
        decided_by: Some("Collègue Inventée".to_owned()),
        collectivity: Some("Commune fictive A".to_owned()),
        note: Some("Je remplace une collègue partie.".to_owned()),
        missing: vec![("Nom", "Communauté fictive".to_owned()), ("Département", "35".to_owned())],
        ..Known::default()
    }
}

fn sender() -> Sender {
    Sender {
        public_url: "https://eapd.example".to_owned(),
        support: "aide@eapd.example".to_owned(),
        is_demonstration: false,
    }
}

fn shown(letter: &Letter) -> String {
    format!("{}\n\n{}", letter.subject, letter.body)
}

#[test]
fn each_mail_says_what_it_must() {
    for message in messages() {
        let letter = message.letter(&known_for(&message), &sender()).unwrap();
        insta::assert_snapshot!(message.kind(), shown(&letter));
    }
}

/// What else a mail about a version may say.
#[test]
fn what_is_filed_or_not_is_told_in_each_case() {
    let by_kind = |kind: &str| messages().into_iter().find(|message| message.kind() == kind).unwrap();
    let known = |kind, standing| {
        let filed = Filed { sheet: sheet(kind), standing, is_attached: false };
        Known { filed: Some(filed), ..known() }
    };
    for (name, message, known) in [
        ("receipt_of_a_nil_that_was_replaced", "receipt", known(FilingKind::Nil, REPLACED)),
        ("version_annulled", "version_decided", known(FilingKind::Annulled, COUNTS)),
        ("version_taken_over", "version_decided", known(FilingKind::TakenOver, COUNTS)),
        ("nothing_filed", "draft_unfiled", known(FilingKind::Declared, COUNTS)),
    ] {
        let letter = by_kind(message).letter(&known, &sender()).unwrap();
        insta::assert_snapshot!(name, shown(&letter));
    }
    let mut nobody = known(FilingKind::Declared, COUNTS);
    if let Some(filed) = &mut nobody.filed {
        filed.sheet.filed_by = None;
    }
    let letter = by_kind("filing_announced").letter(&nobody, &sender()).unwrap();
    assert!(letter.body.contains("La version 2 de la déclaration"), "{}", letter.body);
}

/// Who has an account is not asked to make one; after the end the mail tells what is so, and decides nothing.
#[test]
fn a_reminder_says_what_its_reader_can_do() {
    let (siren, flow_year) = ("200000016".parse().unwrap(), FlowYear::new(2013).unwrap());
    let ends_at = "2014-06-15T22:00:00Z".parse().unwrap();
    let known = Known { has_draft: true, ..known() };
    for (name, step) in [("reminder_of_an_agent", Step::TwoDays), ("reminder_after_the_end", Step::After)] {
        let message = Message::Reminder { siren, flow_year, ends_at, step, is_agent: true };
        let letter = message.letter(&known, &sender()).unwrap();
        insta::assert_snapshot!(name, shown(&letter));
        assert!(!letter.body.contains("/inscription"), "{}", letter.body);
    }
}

/// A contact without an account is told how to have one.
#[test]
fn an_extension_says_what_a_contact_can_do() {
    let (siren, flow_year) = ("200000016".parse().unwrap(), FlowYear::new(2013).unwrap());
    let ends_at = "2014-06-22T22:00:00Z".parse().unwrap();
    let message = Message::CampaignExtended { siren, flow_year, ends_at, is_agent: false };
    let letter = message.letter(&known(), &sender()).unwrap();
    insta::assert_snapshot!("campaign_extended_of_a_contact", shown(&letter));
    assert_eq!(Message::read(message.kind(), &message.data().to_string()), Some(message));
    // What waited before there were contacts.
    let before = format!("{{\"siren\":\"{siren}\",\"flow_year\":2013,\"ends_at\":\"2014-06-22T22:00:00Z\"}}");
    let read = Message::read(Message::CAMPAIGN_EXTENDED, &before);
    assert!(matches!(read, Some(Message::CampaignExtended { is_agent: true, .. })), "{read:?}");
}

/// The mail repeats the figures of the receipt, to the sign.
#[test]
fn a_receipt_by_mail_has_the_facts_of_the_receipt() {
    for kind in FilingKind::ALL {
        let filed = Filed { sheet: sheet(kind), standing: COUNTS, is_attached: true };
        let facts = filed.sheet.facts(Reader::Agent, &sender().public_url);
        let known = Known { filed: Some(filed), ..known() };
        let letter = Message::Receipt { number: NUMBER.to_owned() }.letter(&known, &sender()).unwrap();
        let told = letter.body.replace('\n', " ");
        for fact in facts {
            assert!(told.contains(&fact.value), "{}: {told}", fact.term);
        }
    }
}

#[test]
fn what_was_erased_is_told_without_a_name() {
    let demonstration = Sender { support: String::new(), is_demonstration: true, ..sender() };
    for message in messages().into_iter().filter(|message| message.kind() == "attachment_asked") {
        let letter = message.letter(&Known::default(), &demonstration).unwrap();
        insta::assert_snapshot!("attachment_asked_by_nobody", shown(&letter));
    }
}

/// Who asks and filed nothing, or is answered and had filed nothing.
#[test]
fn what_was_not_filed_is_not_told() {
    for message in messages() {
        let message = match message {
            Message::AttachmentAsked { attachment, person, siren, .. } => {
                Message::AttachmentAsked { attachment, person, siren, filed: None }
            }
            Message::AttachmentAccepted { attachment, siren, how, .. } => {
                Message::AttachmentAccepted { attachment, siren, how, filings: Filings::default() }
            }
            Message::AttachmentRefused { attachment, siren, how, reason, .. } => {
                Message::AttachmentRefused { attachment, siren, how, reason, filings: Filings::default() }
            }
            _ => continue,
        };
        let read = Message::read(message.kind(), &message.data().to_string());
        assert_eq!(read.as_ref(), Some(&message));
        let letter = message.letter(&known(), &sender()).unwrap();
        insta::assert_snapshot!(format!("{}_without_filing", message.kind()), shown(&letter));
    }
}

/// Whatever stands in a name: one line of subject, the lines of the template, no link but ours.
#[test]
fn what_people_wrote_stays_inert() {
    let trick = "X\r\nBcc: tous@ailleurs.example\r\n\r\n<script>alert(1)</script> https://ailleurs.example/";
    let wrong = Known {
        agent: Some((trick.to_owned(), trick.to_owned())),
        decided_by: Some(trick.to_owned()),
        collectivity: Some(trick.to_owned()),
        note: Some(trick.to_owned()),
        missing: vec![("Nom", trick.to_owned())],
        ..Known::default()
    };
    for message in messages() {
        let mut wrong = Known { filed: known_for(&message).filed, ..wrong.clone() };
        if let Some(Filed { sheet, .. }) = &mut wrong.filed {
            sheet.collectivity = Some(trick.to_owned());
            sheet.filed_by = Some(trick.to_owned());
            sheet.signatory = Some((trick.to_owned(), Some(trick.to_owned())));
            sheet.filing.reason = Some(trick.to_owned());
            sheet.filing.document = Some(trick.to_owned());
        }
        let letter = message.letter(&wrong, &sender()).unwrap();
        assert!(!letter.subject.contains(['\r', '\n']), "{}", letter.subject);
        assert!(!letter.body.contains('\r'), "{}", letter.body);
        for link in letter.body.split("https://").skip(1) {
            assert!(link.starts_with("eapd.example"), "{link}");
        }
        assert!(!letter.body.lines().any(|line| line.trim().is_empty() && line.len() > 1));
    }
}

#[test]
fn links_are_whole_on_their_line() {
    for message in messages() {
        let Message::ConfirmEmail { secret, .. } = &message else { continue };
        let letter = message.letter(&known(), &sender()).unwrap();
        let link = format!("https://eapd.example/inscription/confirmation?jeton={}", secret.reveal());
        assert!(letter.body.lines().any(|line| line == link), "{}", letter.body);
    }
}
