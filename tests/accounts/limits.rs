//! How fast one may try; nobody is locked out.

use eapd::domain::refusal::Because;
use eapd::service::account;

use super::world::{
    OTHER, PASSWORD, all_sent, email, form, from, here, join, link, mails, opened, refused, world,
};
use crate::support::{TestApp, at, contract};

const ADDRESS: &str = "agent@ville.example";
/// From where the agent never signed in.
const ELSEWHERE: &str = "203.0.113.7";

async fn fail(test: &TestApp, address: &str, from_where: &str) {
    let outcome = account::sign_in(&test.app, address, OTHER, &from(from_where)).await;
    refused(outcome, Because::WrongCredentials);
}

async fn held(test: &TestApp, address: &str, from_where: &str) {
    let outcome = account::sign_in(&test.app, address, PASSWORD, &from(from_where)).await;
    refused(outcome, Because::TooOften);
}

async fn three_failures_from_an_address_then_one_in_twenty_seconds(test: TestApp) {
    for rank in 0..3 {
        fail(&test, &format!("inconnu{rank}@ville.example"), ELSEWHERE).await;
    }
    held(&test, "inconnu9@ville.example", ELSEWHERE).await;
    test.set_clock("2014-05-20T08:00:19Z");
    held(&test, "inconnu9@ville.example", ELSEWHERE).await;
    test.set_clock("2014-05-20T08:00:20Z");
    fail(&test, "inconnu9@ville.example", ELSEWHERE).await;
    held(&test, "inconnu8@ville.example", ELSEWHERE).await;
    fail(&test, "inconnu8@ville.example", "203.0.113.8").await;
}

/// A colleague who mistypes does not hold back those behind the same address who signed in there before.
async fn a_whole_prefecture_is_behind_one_address(test: TestApp) {
    join(&test, ADDRESS, "A").await;
    for rank in 0..3 {
        fail(&test, &format!("collegue{rank}@ville.example"), "192.0.2.1").await;
    }
    held(&test, "collegue9@ville.example", "192.0.2.1").await;
    for _time in 0..20 {
        opened(account::sign_in(&test.app, ADDRESS, PASSWORD, &here()).await.unwrap());
    }
}

/// Whoever tries the passwords of an account from everywhere cannot keep its owner out.
async fn the_owner_comes_in_whatever_others_try(test: TestApp) {
    join(&test, ADDRESS, "A").await;
    let mut now = at("2014-05-20T08:00:00Z");
    for rank in 0..12 {
        fail(&test, ADDRESS, &format!("203.0.113.{rank}")).await;
        now = now.plus_seconds(301);
        test.clock.set(now);
    }
    fail(&test, ADDRESS, "198.51.100.1").await;
    held(&test, ADDRESS, "198.51.100.2").await;
    opened(account::sign_in(&test.app, ADDRESS, PASSWORD, &here()).await.unwrap());
}

/// From a new place, under attack: a mail lets the owner in.
async fn a_reset_lets_the_owner_in_from_anywhere(test: TestApp) {
    join(&test, ADDRESS, "A").await;
    for rank in 0..6 {
        fail(&test, ADDRESS, &format!("203.0.113.{rank}")).await;
        if rank == 4 {
            test.clock.set(test.app.now().plus_seconds(10));
        }
    }
    held(&test, ADDRESS, ELSEWHERE).await;
    account::forgotten(&test.app, &email(ADDRESS), &from(ELSEWHERE)).await.unwrap();
    let secret = link(&test.app, "reset_password").await;
    account::reset(&test.app, &secret, OTHER, &from(ELSEWHERE)).await.unwrap();
    opened(account::sign_in(&test.app, ADDRESS, OTHER, &from(ELSEWHERE)).await.unwrap());
}

async fn delays_of_an_account_grow_up_to_five_minutes(test: TestApp) {
    join(&test, ADDRESS, "A").await;
    let mut waits = Vec::new();
    for rank in 0..13 {
        let start = test.app.now();
        let place = format!("203.0.113.{rank}");
        let mut waited = 0;
        while account::sign_in(&test.app, ADDRESS, "essai", &from(&place)).await.is_err_and(|error| {
            matches!(error, eapd::service::ServiceError::Refused(refusal) if refusal.because == Because::TooOften)
        }) {
            waited += 5;
            test.clock.set(start.plus_seconds(waited));
        }
        waits.push(waited);
    }
    assert_eq!(waits, [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300]);
}

async fn a_hundred_at_once_are_a_hundred(test: TestApp) {
    let origin = from(ELSEWHERE);
    let before = test.app.passwords.count();
    let tries = (0..20).map(|_try| account::sign_in(&test.app, ADDRESS, OTHER, &origin));
    let outcomes = futures_util::future::join_all(tries).await;
    assert!(outcomes.iter().all(Result::is_err));
    assert_eq!(test.app.passwords.count() - before, 3, "only three were looked at");
}

async fn a_mailbox_is_not_flooded(test: TestApp) {
    join(&test, ADDRESS, "A").await;
    for _time in 0..10 {
        account::forgotten(&test.app, &email(ADDRESS), &here()).await.unwrap();
        account::sign_up(&test.app, &form(ADDRESS, "A"), PASSWORD, &here()).await.unwrap();
    }
    // One confirmed the address already.
    assert_eq!(mails(&test.app).await.len(), 2);
    all_sent(&test).await;
    test.set_clock("2014-05-20T08:10:00Z");
    account::forgotten(&test.app, &email(ADDRESS), &here()).await.unwrap();
    account::forgotten(&test.app, &email(ADDRESS), &here()).await.unwrap();
    assert_eq!(mails(&test.app).await.len(), 1);
}

async fn forms_from_one_address_are_many_but_not_endless(test: TestApp) {
    let send = async |rank: usize| {
        account::forgotten(&test.app, &email(&format!("x{rank}@ville.example")), &here()).await
    };
    for rank in 0..30 {
        send(rank).await.unwrap();
    }
    refused(send(30).await, Because::TooOften);
    test.set_clock("2014-05-20T08:00:10Z");
    send(31).await.unwrap();
}

contract!(with world, "2014-05-20T08:00:00Z":
    three_failures_from_an_address_then_one_in_twenty_seconds,
    a_whole_prefecture_is_behind_one_address,
    the_owner_comes_in_whatever_others_try,
    a_reset_lets_the_owner_in_from_anywhere,
    delays_of_an_account_grow_up_to_five_minutes,
    a_hundred_at_once_are_a_hundred,
    a_mailbox_is_not_flooded,
    forms_from_one_address_are_many_but_not_endless,
);
