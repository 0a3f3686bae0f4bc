//! Another password: knowing the old one, or by the link of a mail.

use eapd::domain::refusal::Because;
use eapd::service::account;

use super::world::{
    OTHER, PASSWORD, attached, email, from, here, join, link, mails, opened, refused, sign_in, told, who,
    world,
};
use crate::support::people::manager;
use crate::support::{TestApp, contract};

const ADDRESS: &str = "agent@ville.example";

async fn a_change_ends_the_other_sessions_and_is_told_by_mail(test: TestApp) {
    let app = &test.app;
    let session = join(&test, ADDRESS, "A").await;
    let elsewhere = sign_in(app, ADDRESS).await;
    account::forgotten(app, &email(ADDRESS), &here()).await.unwrap();
    let pending = link(app, "reset_password").await;
    let current = who(app, &session).await;
    let wrong = account::change_password(app, &current, OTHER, OTHER).await;
    refused(wrong, Because::WrongCredentials);
    assert_eq!(told(app).await, "account.password.refused");
    let weak = account::change_password(app, &current, PASSWORD, "secretaire 2026").await;
    refused(weak, Because::WeakPassword);
    account::change_password(app, &current, PASSWORD, OTHER).await.unwrap();
    assert_eq!(told(app).await, "account.password");
    who(app, &session).await;
    assert_eq!(account::current(app, &elsewhere.secret).await.unwrap(), None);
    refused(account::reset(app, &pending, PASSWORD, &here()).await, Because::DeadLink);
    assert_eq!(mails(app).await.iter().filter(|mail| mail.kind == "password_changed").count(), 1);
    refused(account::sign_in(app, ADDRESS, PASSWORD, &here()).await, Because::WrongCredentials);
    opened(account::sign_in(app, ADDRESS, OTHER, &here()).await.unwrap());
}

async fn the_old_password_cannot_be_guessed_from_within(test: TestApp) {
    let session = join(&test, ADDRESS, "A").await;
    let current = who(&test.app, &session).await;
    for _try in 0..3 {
        let wrong = account::change_password(&test.app, &current, "essai", OTHER).await;
        refused(wrong, Because::WrongCredentials);
    }
    refused(account::change_password(&test.app, &current, PASSWORD, OTHER).await, Because::TooOften);
    test.set_clock("2014-05-20T08:00:05Z");
    account::change_password(&test.app, &current, PASSWORD, OTHER).await.unwrap();
}

async fn a_link_to_choose_another_serves_once_and_an_hour(test: TestApp) {
    let app = &test.app;
    let session = attached(&test, ADDRESS, "A").await;
    account::forgotten(app, &email("Agent@Ville.Example"), &here()).await.unwrap();
    let secret = link(app, "reset_password").await;
    test.set_clock("2014-05-20T09:00:00Z");
    refused(account::reset(app, &secret, OTHER, &here()).await, Because::DeadLink);
    test.set_clock("2014-05-20T08:59:59Z");
    refused(account::reset(app, &secret, "trop court", &here()).await, Because::WeakPassword);
    account::reset(app, &secret, OTHER, &here()).await.unwrap();
    assert_eq!(told(app).await, "account.reset");
    refused(account::reset(app, &secret, PASSWORD, &here()).await, Because::DeadLink);
    assert_eq!(account::current(app, &session.secret).await.unwrap(), None, "every session ended");
    opened(account::sign_in(app, ADDRESS, OTHER, &here()).await.unwrap());
}

async fn a_newer_link_replaces_the_older(test: TestApp) {
    let app = &test.app;
    join(&test, ADDRESS, "A").await;
    account::forgotten(app, &email(ADDRESS), &here()).await.unwrap();
    let first = link(app, "reset_password").await;
    account::forgotten(app, &email(ADDRESS), &here()).await.unwrap();
    refused(account::reset(app, &first, OTHER, &here()).await, Because::DeadLink);
    let second = link(app, "reset_password").await;
    // A link of one purpose serves no other.
    refused(account::confirm(app, &second, PASSWORD, &here()).await, Because::DeadLink);
    account::reset(app, &second, OTHER, &here()).await.unwrap();
}

async fn a_closed_account_lets_nobody_in(test: TestApp) {
    let app = &test.app;
    let session = join(&test, ADDRESS, "A").await;
    let person = who(app, &session).await.actor.person;
    refused(account::disable(app, &manager(), &person).await, Because::Forbidden);
    let operator = eapd::service::operator::identify(app, "exploitant").await.unwrap();
    account::disable(app, &operator, &person).await.unwrap();
    assert_eq!(account::current(app, &session.secret).await.unwrap(), None);
    refused(account::sign_in(app, ADDRESS, PASSWORD, &here()).await, Because::WrongCredentials);
    let before = mails(app).await.len();
    account::forgotten(app, &email(ADDRESS), &from("198.51.100.9")).await.unwrap();
    assert_eq!(mails(app).await.len(), before);
    refused(account::disable(app, &operator, &person).await, Because::UnknownPerson);
}

contract!(with world, "2014-05-20T08:00:00Z":
    a_change_ends_the_other_sessions_and_is_told_by_mail,
    the_old_password_cannot_be_guessed_from_within,
    a_link_to_choose_another_serves_once_and_an_hour,
    a_newer_link_replaces_the_older,
    a_closed_account_lets_nobody_in,
);
