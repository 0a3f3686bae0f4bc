//! Sign up, confirm, be attached by each of those who may.

use eapd::domain::refusal::Because;
use eapd::domain::role::Role;
use eapd::service::account::{self, SignedIn};
use eapd::service::attachment::{self, Decision};
use eapd::service::journal::verify;

use super::world::{
    OTHER, PASSWORD, all_sent, attached, form, from, here, join, journal, link, mails, opened, refused, sent,
    sgar, sign_in, siren, told, who, world,
};
use crate::support::people::manager;
use crate::support::{TestApp, contract};

async fn an_agent_comes_in_and_is_accepted_by_a_peer(test: TestApp) {
    let app = &test.app;
    let peer = attached(&test, "ancien@ville.example", "A").await;
    let peer = who(app, &peer).await;
    account::sign_up(app, &form("nouveau@ville.example", "A"), PASSWORD, &here()).await.unwrap();
    assert_eq!(sent(app).await.into_keys().map(|(kind, _)| kind).collect::<Vec<_>>(), ["confirm_email"]);
    assert!(attachment::awaited(app, &manager()).await.unwrap().is_empty(), "nobody yet");
    let secret = link(app, "confirm_email").await;
    let peek = account::peek(app, &secret, eapd::domain::account::Purpose::Confirm).await.unwrap();
    assert_eq!(peek.email.as_str(), "nouveau@ville.example");
    let session = account::confirm(app, &secret, PASSWORD, &here()).await.unwrap();
    refused(account::confirm(app, &secret, PASSWORD, &here()).await, Because::DeadLink);
    let new = who(app, &session).await;
    assert_eq!((new.actor.role.clone(), new.attached.len()), (Role::Declarant(vec![]), 0));
    assert_eq!(new.awaited[0].siren, siren("A"));
    let asked = sent(app).await;
    let to = |kind: &str, whom: &str| (kind.to_owned(), whom.to_owned());
    assert_eq!(asked.get(&to("attachment_asked", &format!("person {}", peer.actor.person))), Some(&1));
    assert_eq!(asked.get(&to("attachment_asked", "region 84")), Some(&1));
    all_sent(&test).await;

    let waiting = attachment::of_siren(app, &peer.actor, siren("A")).await.unwrap();
    let waiting = waiting.iter().find(|listed| listed.attachment.person == new.actor.person).unwrap();
    assert_eq!(waiting.agent.as_ref().unwrap().email.as_str(), "nouveau@ville.example");
    assert_eq!(waiting.collectivity.as_deref(), Some("Commune fictive A"));
    attachment::decide(app, &peer.actor, &waiting.attachment.id, Decision::Accept).await.unwrap();
    assert_eq!(told(app).await, "attachment.accept");
    let new = who(app, &session).await;
    assert_eq!((new.actor.role.clone(), new.awaited.len()), (Role::Declarant(vec![siren("A")]), 0));
    let announced = sent(app).await;
    assert_eq!(announced.get(&to("attachment_accepted", &format!("person {}", new.actor.person))), Some(&1));
    assert_eq!(
        announced.get(&to("attachment_announced", &format!("person {}", peer.actor.person))),
        Some(&1)
    );
    assert_eq!(announced.get(&to("attachment_announced", "region 84")), Some(&1));
    assert_eq!(announced.len(), 3);
    assert!(verify(app, &[]).await.unwrap().is_ok());
}

async fn the_prefecture_of_the_region_answers_and_no_other(test: TestApp) {
    let app = &test.app;
    let session = join(&test, "agent@ville.example", "B").await;
    let id = who(app, &session).await.awaited[0].attachment.clone();
    let accept = async |actor| attachment::decide(app, &actor, &id, Decision::Accept).await;
    refused(accept(sgar("84")).await, Because::Forbidden);
    assert_eq!(told(app).await, "attachment.accept.refused");
    let elsewhere = attached(&test, "ailleurs@ville.example", "A").await;
    refused(accept(who(app, &elsewhere).await.actor).await, Because::Forbidden);
    refused(accept(who(app, &session).await.actor).await, Because::Forbidden);
    assert_eq!(attachment::awaited(app, &sgar("84")).await.unwrap().len(), 0);
    assert_eq!(attachment::awaited(app, &sgar("53")).await.unwrap().len(), 1);
    assert_eq!(attachment::awaited(app, &manager()).await.unwrap().len(), 1);
    refused(attachment::awaited(app, &who(app, &session).await.actor).await, Because::Forbidden);
    accept(sgar("53")).await.unwrap();
    refused(accept(manager()).await, Because::AttachmentAnswered);
    assert_eq!(who(app, &session).await.attached, [siren("B")]);
}

async fn a_body_in_no_region_is_the_ministrys(test: TestApp) {
    let app = &test.app;
    account::sign_up(app, &form("agent@ile.example", "C"), PASSWORD, &here()).await.unwrap();
    let link = link(app, "confirm_email").await;
    account::confirm(app, &link, PASSWORD, &here()).await.unwrap();
    assert!(sent(app).await.contains_key(&("attachment_asked".to_owned(), "ministry".to_owned())));
    for region in ["84", "53", "HORS"] {
        assert!(
            attachment::awaited(app, &sgar(region)).await.map_or(0, |found| found.len()) == 0,
            "{region}"
        );
    }
    assert_eq!(attachment::awaited(app, &manager()).await.unwrap().len(), 1);
}

async fn a_link_lasts_a_day_and_the_last_form_counts(test: TestApp) {
    let app = &test.app;
    let address = "agent@ville.example";
    account::sign_up(app, &form(address, "A"), OTHER, &here()).await.unwrap();
    let first = link(app, "confirm_email").await;
    all_sent(&test).await;
    account::sign_up(app, &form(address, "B"), PASSWORD, &here()).await.unwrap();
    let second = link(app, "confirm_email").await;
    refused(account::confirm(app, &first, OTHER, &here()).await, Because::DeadLink);
    refused(account::confirm(app, &second, OTHER, &here()).await, Because::WrongCredentials);
    test.set_clock("2014-05-21T08:00:00Z");
    refused(account::confirm(app, &second, PASSWORD, &here()).await, Because::DeadLink);
    test.set_clock("2014-05-21T07:59:59Z");
    let session = account::confirm(app, &second, PASSWORD, &here()).await.unwrap();
    let awaited = who(app, &session).await.awaited;
    assert_eq!(awaited.iter().map(|awaited| awaited.siren).collect::<Vec<_>>(), [siren("B")]);
}

/// Someone signs up with the address of somebody else: the owner of the mailbox,
/// who did not choose that password, cannot be made to open the account to them.
async fn nobody_waits_behind_the_address_of_another(test: TestApp) {
    let app = &test.app;
    let address = "victime@ville.example";
    account::sign_up(app, &form(address, "A"), OTHER, &from("203.0.113.7")).await.unwrap();
    let secret = link(app, "confirm_email").await;
    refused(account::confirm(app, &secret, PASSWORD, &here()).await, Because::WrongCredentials);
    account::forgotten(app, &"victime@ville.example".parse().unwrap(), &here()).await.unwrap();
    let reset = link(app, "reset_password").await;
    account::reset(app, &reset, PASSWORD, &here()).await.unwrap();
    let intruder = account::sign_in(app, address, OTHER, &from("203.0.113.7")).await;
    refused(intruder, Because::WrongCredentials);
    sign_in(app, address).await;
}

async fn who_did_not_confirm_gets_another_link(test: TestApp) {
    let app = &test.app;
    let address = "agent@ville.example";
    account::sign_up(app, &form(address, "A"), PASSWORD, &here()).await.unwrap();
    let first = link(app, "confirm_email").await;
    let outcome = account::sign_in(app, address, PASSWORD, &here()).await.unwrap();
    assert_eq!(outcome, SignedIn::Unconfirmed);
    assert_eq!(mails(app).await.len(), 2);
    refused(account::confirm(app, &first, PASSWORD, &here()).await, Because::DeadLink);
    let second = link(app, "confirm_email").await;
    account::confirm(app, &second, PASSWORD, &here()).await.unwrap();
    opened(account::sign_in(app, address, PASSWORD, &here()).await.unwrap());
    let actions: Vec<_> = journal(app).await.into_iter().map(|(action, _)| action).collect();
    let expected = ["account.sign_up", "session.unconfirmed", "session.open", "session.open"];
    assert_eq!(actions[actions.len() - 4..], expected);
}

async fn a_form_that_is_wrong_writes_nothing(test: TestApp) {
    let app = &test.app;
    let before = journal(app).await.len();
    let weak = account::sign_up(app, &form("agent@ville.example", "A"), "motdepasse2026", &here()).await;
    refused(weak, Because::WeakPassword);
    let named = account::sign_up(app, &form("agent@ville.example", "A"), "Commune fictive A", &here()).await;
    refused(named, Because::WeakPassword);
    let unknown = form("agent@ville.example", "Z");
    refused(account::sign_up(app, &unknown, PASSWORD, &here()).await, Because::UnknownSiren);
    assert_eq!((journal(app).await.len(), mails(app).await.len()), (before, 0));
}

contract!(with world, "2014-05-20T08:00:00Z":
    an_agent_comes_in_and_is_accepted_by_a_peer,
    the_prefecture_of_the_region_answers_and_no_other,
    a_body_in_no_region_is_the_ministrys,
    a_link_lasts_a_day_and_the_last_form_counts,
    nobody_waits_behind_the_address_of_another,
    who_did_not_confirm_gets_another_link,
    a_form_that_is_wrong_writes_nothing,
);
