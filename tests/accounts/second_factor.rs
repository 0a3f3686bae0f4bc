//! The second factor: nobody of the ministry or of a prefecture comes in by a password alone.

use std::sync::Arc;

use eapd::app::{App, Parts};
use eapd::domain::account::{AccountRole, Identity, Key, RecoveryCode, Secret};
use eapd::domain::refusal::Because;
use eapd::service::account::{self, Awaiting, NewAccount, SignedIn};
use eapd::service::operator;
use eapd::store::{self, Db};

use super::world::{
    OTHER, dump, email, from, here, join, last, link, mails, refused, step, told, who, world,
};
use crate::support::people::{enrolled, key};
use crate::support::{TestApp, at, contract};

const ADDRESS: &str = "gestion@ministere.example";
const ELSEWHERE: &str = "203.0.113.7";

/// A manager who has an application, or has still to set one up.
async fn manager(test: &TestApp, has_application: bool) -> String {
    let app = &test.app;
    let operator = operator::identify(app, "exploitant").await.unwrap();
    let new = NewAccount {
        identity: Identity::new("Gestionnaire inventée", "cheffe de bureau").unwrap(),
        email: email(ADDRESS),
        role: AccountRole::Manager,
    };
    let person = account::create(app, &operator, &new, OTHER).await.unwrap();
    if has_application {
        enrolled(test, &person).await;
    }
    person
}

async fn password(app: &App) -> Secret {
    step(account::sign_in(app, ADDRESS, OTHER, &here()).await.unwrap())
}

async fn a_password_alone_opens_nothing(test: TestApp) {
    let app = &test.app;
    manager(&test, true).await;
    let waiting = password(app).await;
    assert_eq!(told(app).await, "session.step");
    assert_eq!(account::current(app, &waiting).await.unwrap(), None);
    assert_eq!(test.instance.must("SELECT COUNT(*) FROM session;").trim(), "0");
    assert_eq!(account::awaiting(app, &waiting).await.unwrap(), Some(Awaiting::Code));
    refused(account::pass(app, &waiting, "000000", &here()).await, Because::WrongCode);
    assert_eq!(told(app).await, "session.code.refused");
    let session = account::pass(app, &waiting, &key().code_at(app.now()), &here()).await.unwrap();
    assert_eq!(told(app).await, "session.open");
    assert_ne!(session.secret, waiting, "a secret of its own");
    assert_eq!(who(app, &session).await.email.as_str(), ADDRESS);
    // The one of before is dead.
    assert_eq!(account::awaiting(app, &waiting).await.unwrap(), None);
    test.set_clock("2014-05-20T08:01:00Z");
    let again = account::pass(app, &waiting, &key().code_at(app.now()), &here()).await;
    refused(again, Because::DeadLink);
}

async fn ten_minutes_are_left_for_the_code(test: TestApp) {
    let app = &test.app;
    manager(&test, true).await;
    let waiting = password(app).await;
    test.set_clock("2014-05-20T08:09:59Z");
    assert_eq!(account::awaiting(app, &waiting).await.unwrap(), Some(Awaiting::Code));
    test.set_clock("2014-05-20T08:10:00Z");
    assert_eq!(account::awaiting(app, &waiting).await.unwrap(), None);
    let late = account::pass(app, &waiting, &key().code_at(app.now()), &here()).await;
    refused(late, Because::DeadLink);
}

async fn a_code_serves_once_within_its_window(test: TestApp) {
    let app = &test.app;
    manager(&test, true).await;
    let code = key().code_at(at("2014-05-20T08:00:30Z"));
    // A step early, as a telephone whose clock is ahead.
    let (first, second) = (password(app).await, password(app).await);
    account::pass(app, &first, &code, &here()).await.unwrap();
    refused(account::pass(app, &second, &code, &here()).await, Because::WrongCode);
    test.set_clock("2014-05-20T08:00:59Z");
    refused(account::pass(app, &second, &code, &here()).await, Because::WrongCode);
    // Nor one of before the one that was taken.
    let before = key().code_at(at("2014-05-20T08:00:00Z"));
    refused(account::pass(app, &second, &before, &here()).await, Because::WrongCode);
    test.set_clock("2014-05-20T08:02:00Z");
    let (late, too_late) = (at("2014-05-20T08:01:30Z"), at("2014-05-20T08:01:29Z"));
    refused(account::pass(app, &second, &key().code_at(too_late), &here()).await, Because::WrongCode);
    test.set_clock("2014-05-20T08:02:10Z");
    account::pass(app, &second, &key().code_at(late), &here()).await.unwrap();
}

/// Another instance of the service, on the same database.
async fn instance(test: &TestApp) -> App {
    let db = Db::open(&test.app.config.database.url).await.unwrap();
    let parts = Parts { db, passwords: Arc::default(), ..Parts::clone(&test.app) };
    App::from(parts)
}

async fn of_two_instances_one_takes_a_code(test: TestApp) {
    let (one, other) = (&test.app, &instance(&test).await);
    manager(&test, true).await;
    let code = key().code_at(one.now());
    let (first, second) = (password(one).await, password(other).await);
    let (origin, elsewhere) = (here(), here());
    let (left, right) = tokio::join!(
        account::pass(one, &first, &code, &origin),
        account::pass(other, &second, &code, &elsewhere)
    );
    assert_ne!(left.is_ok(), right.is_ok(), "{left:?} {right:?}");
}

async fn the_first_time_an_application_is_set_up(test: TestApp) {
    let app = &test.app;
    let person = manager(&test, false).await;
    let waiting = password(app).await;
    let Some(Awaiting::Enrolment(asked)) = account::awaiting(app, &waiting).await.unwrap() else {
        panic!("nothing to set up")
    };
    assert!(asked.address.contains(&asked.key.base32()));
    refused(account::pass(app, &waiting, &asked.key.code_at(app.now()), &here()).await, Because::WrongCode);
    refused(account::enrol(app, &waiting, "000000", &here()).await, Because::WrongCode);
    let code = asked.key.code_at(app.now());
    let (session, printed) = account::enrol(app, &waiting, &code, &here()).await.unwrap();
    who(app, &session).await;
    let distinct: std::collections::BTreeSet<String> = printed.iter().map(RecoveryCode::shown).collect();
    assert_eq!(distinct.len(), 10);
    assert!(distinct.iter().all(|code| code.len() == 19), "80 bits: {distinct:?}");
    let kept = dump(&test);
    assert!(distinct.iter().all(|code| !kept.contains(code) && !kept.contains(&code.replace('-', ""))));
    let mail = last(app, "factor_changed").await;
    assert_eq!((mail.to_id.as_str(), mail.data.contains("enrolled")), (&*person, true));
    // Whoever has the password does not set another one up.
    let again = password(app).await;
    assert_eq!(account::awaiting(app, &again).await.unwrap(), Some(Awaiting::Code));
    refused(account::enrol(app, &again, &code, &here()).await, Because::DeadLink);
}

/// A second tab, or somebody else who has the password: the last key is the one that counts.
async fn an_older_key_sets_nothing_up(test: TestApp) {
    let app = &test.app;
    manager(&test, false).await;
    let first = password(app).await;
    let Some(Awaiting::Enrolment(old)) = account::awaiting(app, &first).await.unwrap() else { panic!() };
    let second = password(app).await;
    let Some(Awaiting::Enrolment(new)) = account::awaiting(app, &second).await.unwrap() else { panic!() };
    assert_ne!(old.key, new.key);
    refused(account::enrol(app, &first, &old.key.code_at(app.now()), &here()).await, Because::WrongCode);
    account::enrol(app, &second, &new.key.code_at(app.now()), &here()).await.unwrap();
}

async fn a_printed_code_replaces_the_application_once(test: TestApp) {
    let app = &test.app;
    manager(&test, true).await;
    let session = account::pass(app, &password(app).await, &key().code_at(app.now()), &here()).await.unwrap();
    let current = who(app, &session).await;
    refused(
        account::renew_codes(app, &current, &key().code_at(app.now()), &here()).await,
        Because::WrongCode,
    );
    test.set_clock("2014-05-20T08:01:00Z");
    let printed = account::renew_codes(app, &current, &key().code_at(app.now()), &here()).await.unwrap();
    assert_eq!((told(app).await.as_str(), printed.len()), ("account.second_factor.codes", 10));
    let typed = printed[0].shown().to_lowercase().replace('-', " ");
    let waiting = password(app).await;
    who(app, &account::pass(app, &waiting, &typed, &here()).await.unwrap()).await;
    let mail = last(app, "recovery_used").await;
    assert!(mail.data.contains("\"left\":9"), "{mail:?}");
    refused(account::pass(app, &password(app).await, &typed, &here()).await, Because::WrongCode);
    assert_eq!(account::codes_left(app, &current).await.unwrap(), 9);
    // Others replace those that are left.
    test.set_clock("2014-05-20T08:02:00Z");
    account::renew_codes(app, &current, &printed[1].shown(), &here()).await.unwrap();
    refused(account::pass(app, &password(app).await, &printed[2].shown(), &here()).await, Because::WrongCode);
}

async fn another_application_takes_the_place_of_the_one_before(test: TestApp) {
    let app = &test.app;
    manager(&test, true).await;
    let session = account::pass(app, &password(app).await, &key().code_at(app.now()), &here()).await.unwrap();
    test.set_clock("2014-05-20T08:01:00Z");
    let other = account::pass(app, &password(app).await, &key().code_at(app.now()), &here()).await.unwrap();
    let current = who(app, &session).await;
    refused(account::change_application(app, &current, "000000", &here()).await, Because::WrongCode);
    test.set_clock("2014-05-20T08:02:00Z");
    let code = key().code_at(app.now());
    let asked = account::change_application(app, &current, &code, &here()).await.unwrap();
    let guess = Key::new([9; 20]);
    let (guessed, code) = (guess.base32(), guess.code_at(app.now()));
    let wrong = account::confirm_application(app, &current, &guessed, &code, &here()).await;
    refused(wrong, Because::WrongCode);
    let code = asked.key.code_at(app.now());
    account::confirm_application(app, &current, &asked.key.base32(), &code, &here()).await.unwrap();
    who(app, &session).await;
    assert_eq!(account::current(app, &other.secret).await.unwrap(), None, "other sessions end");
    test.set_clock("2014-05-20T08:03:00Z");
    let (old, new) = (key().code_at(app.now()), asked.key.code_at(app.now()));
    refused(account::pass(app, &password(app).await, &old, &here()).await, Because::WrongCode);
    account::pass(app, &password(app).await, &new, &here()).await.unwrap();
}

/// Whoever knows the password tries codes as slowly as passwords; its owner comes in meanwhile.
async fn wrong_codes_are_slowed_and_the_owner_comes_in(test: TestApp) {
    let app = &test.app;
    manager(&test, true).await;
    account::pass(app, &password(app).await, &key().code_at(app.now()), &here()).await.unwrap();
    let stolen = step(account::sign_in(app, ADDRESS, OTHER, &from(ELSEWHERE)).await.unwrap());
    for _try in 0..5 {
        refused(account::pass(app, &stolen, "000000", &from(ELSEWHERE)).await, Because::WrongCode);
    }
    refused(account::pass(app, &stolen, "000000", &from(ELSEWHERE)).await, Because::TooOften);
    test.set_clock("2014-05-20T08:01:00Z");
    refused(account::pass(app, &stolen, "000000", &from(ELSEWHERE)).await, Because::WrongCode);
    refused(account::pass(app, &stolen, "000000", &from("203.0.113.8")).await, Because::TooOften);
    account::pass(app, &password(app).await, &key().code_at(app.now()), &here()).await.unwrap();
}

async fn a_hundred_codes_at_once_are_a_hundred(test: TestApp) {
    let app = &test.app;
    manager(&test, true).await;
    let stolen = step(account::sign_in(app, ADDRESS, OTHER, &from(ELSEWHERE)).await.unwrap());
    let origin = from(ELSEWHERE);
    let codes: Vec<String> = (0..20).map(|code| format!("{code:06}")).collect();
    let tries = codes.iter().map(|code| account::pass(app, &stolen, code, &origin));
    let outcomes = futures_util::future::join_all(tries).await;
    assert!(outcomes.iter().all(Result::is_err));
    let looked_at = super::world::journal(app).await;
    assert_eq!(looked_at.iter().filter(|(action, _)| action == "session.code.refused").count(), 5);
}

async fn another_password_ends_what_waits_for_a_code(test: TestApp) {
    let app = &test.app;
    manager(&test, true).await;
    let stolen = password(app).await;
    account::forgotten(app, &email(ADDRESS), &here()).await.unwrap();
    let secret = link(app, "reset_password").await;
    account::reset(app, &secret, "tortue nuage 52 clavier osier", &here()).await.unwrap();
    let late = account::pass(app, &stolen, &key().code_at(app.now()), &here()).await;
    refused(late, Because::DeadLink);
    // The mailbox alone opens nothing either.
    let signed = account::sign_in(app, ADDRESS, "tortue nuage 52 clavier osier", &here()).await.unwrap();
    assert!(matches!(signed, SignedIn::Step(_)));
}

async fn declarants_need_none(test: TestApp) {
    join(&test, "agent@ville.example", "A").await;
    super::world::sign_in(&test.app, "agent@ville.example").await;
    assert!(mails(&test.app).await.is_empty());
}

/// Whatever wrote the session: a role that needs a second factor is nobody's without one.
async fn a_session_without_second_factor_is_nobody(test: TestApp) {
    let app = &test.app;
    let person = manager(&test, true).await;
    let session = account::pass(app, &password(app).await, &key().code_at(app.now()), &here()).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    store::second_factor::forget(&mut tx, &person).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(account::current(app, &session.secret).await.unwrap(), None);
}

contract!(with world, "2014-05-20T08:00:00Z":
    a_password_alone_opens_nothing,
    ten_minutes_are_left_for_the_code,
    a_code_serves_once_within_its_window,
    of_two_instances_one_takes_a_code,
    the_first_time_an_application_is_set_up,
    an_older_key_sets_nothing_up,
    a_printed_code_replaces_the_application_once,
    another_application_takes_the_place_of_the_one_before,
    wrong_codes_are_slowed_and_the_owner_comes_in,
    a_hundred_codes_at_once_are_a_hundred,
    another_password_ends_what_waits_for_a_code,
    declarants_need_none,
    a_session_without_second_factor_is_nobody,
);
