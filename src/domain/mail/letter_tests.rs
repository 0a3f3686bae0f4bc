use super::*;
use crate::domain::account::Secret;
use crate::domain::siren::Siren;

/// One of each, with every part that it may have.
pub(in crate::domain::mail) fn messages() -> Vec<Message> {
    let (attachment, person, by) = ("R1".to_owned(), "P1".to_owned(), "P2".to_owned());
    let siren: Siren = "200000016".parse().unwrap();
    let expires_at = "2014-05-21T08:00:00Z".parse().unwrap();
    let secret = Secret::new("4T8ZS3CRET0000000000000000");
    vec![
        Message::ConfirmEmail { secret: secret.clone(), expires_at },
        Message::AddressKnown,
        Message::ResetPassword { secret, expires_at },
        Message::PasswordChanged { at: "2014-05-20T08:00:59Z".parse().unwrap() },
        Message::AttachmentAsked { attachment: attachment.clone(), person: person.clone(), siren },
        Message::AttachmentAccepted { attachment: attachment.clone(), siren, how: How::Sgar },
        Message::AttachmentRefused {
            attachment: attachment.clone(),
            siren,
            how: How::Peer,
            reason: Some("Cette personne n’est pas connue de nos services.".to_owned()),
        },
        Message::AttachmentAnnounced { attachment, person: person.clone(), siren, how: How::Peer, by },
        Message::AttachmentCode { code: Secret::new("K7QM-2F9X"), person: person.clone(), siren, expires_at },
        Message::Detached { siren, how: How::Ministry, reason: None },
        Message::CollectivityMissing { request: "Q1".to_owned(), person },
    ]
}

fn known() -> Known {
    Known {
        agent: Some(("Agent Inventé".to_owned(), "secrétaire de mairie".to_owned())),
        decided_by: Some("Collègue Inventée".to_owned()),
        collectivity: Some("Commune fictive A".to_owned()),
        note: Some("Je remplace une collègue partie.".to_owned()),
        missing: vec![("Nom", "Communauté fictive".to_owned()), ("Département", "35".to_owned())],
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
        let letter = message.letter(&known(), &sender()).unwrap();
        insta::assert_snapshot!(message.kind(), shown(&letter));
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
    };
    for message in messages() {
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
