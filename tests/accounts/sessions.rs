//! Sessions: an hour idle, twelve at most, seen and ended by their owner.

use eapd::domain::account::Secret;
use eapd::service::account::{self, Opened};
use eapd::store::session;

use super::world::{attached, join, sign_in, told, who, world};
use crate::support::{TestApp, at, contract};

async fn serves(test: &TestApp, opened: &Opened, now: &str) -> bool {
    test.set_clock(now);
    account::current(&test.app, &opened.secret).await.unwrap().is_some()
}

async fn a_session_ends_after_an_hour_without_a_request(test: TestApp) {
    join(&test, "agent@ville.example", "A").await;
    let session = sign_in(&test.app, "agent@ville.example").await;
    assert!(serves(&test, &session, "2014-05-20T08:59:59Z").await);
    assert!(serves(&test, &session, "2014-05-20T09:59:58Z").await, "the request before was noted");
    assert!(!serves(&test, &session, "2014-05-20T10:59:58Z").await);
    assert!(!serves(&test, &session, "2014-05-20T10:59:59Z").await, "over is over");
}

async fn a_session_ends_after_twelve_hours(test: TestApp) {
    join(&test, "agent@ville.example", "A").await;
    let session = sign_in(&test.app, "agent@ville.example").await;
    for hour in 8..20 {
        for minute in [20, 55] {
            assert!(serves(&test, &session, &format!("2014-05-20T{hour:02}:{minute}:00Z")).await, "{hour}");
        }
    }
    assert!(serves(&test, &session, "2014-05-20T19:59:59Z").await);
    assert!(!serves(&test, &session, "2014-05-20T20:00:00Z").await);
}

async fn reading_a_page_is_a_write_once_a_minute(test: TestApp) {
    let session = join(&test, "agent@ville.example", "A").await;
    let seen = async |now: &'static str| {
        assert!(serves(&test, &session, now).await);
        let hash = session.secret.sha256().unwrap();
        let mut tx = test.app.db.snapshot().await.unwrap();
        session::by_secret(&mut tx, &hash).await.unwrap().unwrap().seen_at
    };
    assert_eq!(seen("2014-05-20T08:00:59Z").await, at("2014-05-20T08:00:00Z"));
    assert_eq!(seen("2014-05-20T08:01:00Z").await, at("2014-05-20T08:01:00Z"));
    assert_eq!(seen("2014-05-20T08:01:59Z").await, at("2014-05-20T08:01:00Z"));
}

async fn each_sign_in_has_its_own_secret_and_ends_alone(test: TestApp) {
    let app = &test.app;
    let first = attached(&test, "agent@ville.example", "A").await;
    test.set_clock("2014-05-20T08:10:00Z");
    let (second, third) =
        (sign_in(app, "agent@ville.example").await, sign_in(app, "agent@ville.example").await);
    assert_ne!(first.secret, second.secret);
    let current = who(app, &second).await;
    let listed = account::sessions(app, &current).await.unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed.iter().filter(|listed| listed.is_current).count(), 1);
    assert!(listed.iter().all(|listed| listed.session.browser == "Navigateur fictif"));
    account::sign_out(app, &third.secret).await.unwrap();
    assert_eq!(told(app).await, "session.end");
    assert_eq!(account::current(app, &third.secret).await.unwrap(), None);
    account::sign_out(app, &third.secret).await.unwrap();
    assert!(account::end_session(app, &current, &first.session.id).await.unwrap());
    assert!(!account::end_session(app, &current, &first.session.id).await.unwrap());
    assert_eq!(account::current(app, &first.secret).await.unwrap(), None);
    who(app, &second).await;
    let fourth = sign_in(app, "agent@ville.example").await;
    assert_eq!(account::end_other_sessions(app, &current).await.unwrap(), 1);
    assert_eq!(account::current(app, &fourth.secret).await.unwrap(), None);
    who(app, &second).await;
}

async fn nobody_ends_or_sees_the_session_of_another(test: TestApp) {
    let app = &test.app;
    let mine = join(&test, "un@ville.example", "A").await;
    let theirs = join(&test, "deux@ville.example", "A").await;
    let current = who(app, &mine).await;
    assert!(!account::end_session(app, &current, &theirs.session.id).await.unwrap());
    assert_eq!(account::end_other_sessions(app, &current).await.unwrap(), 0);
    assert_eq!(account::sessions(app, &current).await.unwrap().len(), 1);
    who(app, &theirs).await;
}

async fn what_is_no_cookie_of_ours_is_nobody(test: TestApp) {
    let app = &test.app;
    let session = join(&test, "agent@ville.example", "A").await;
    for wrong in [
        String::new(),
        "x".repeat(10_000),
        session.session.id.clone(),
        session.secret.sha256().unwrap(),
        session.secret.reveal().to_lowercase(),
        format!("{} ", session.secret.reveal()),
    ] {
        let secret = Secret::new(wrong);
        assert_eq!(account::current(app, &secret).await.unwrap(), None);
        account::sign_out(app, &secret).await.unwrap();
    }
    assert!(session.secret.reveal().len() >= 52, "260 bits");
}

contract!(with world, "2014-05-20T08:00:00Z":
    a_session_ends_after_an_hour_without_a_request,
    a_session_ends_after_twelve_hours,
    reading_a_page_is_a_write_once_a_minute,
    each_sign_in_has_its_own_secret_and_ends_alone,
    nobody_ends_or_sees_the_session_of_another,
    what_is_no_cookie_of_ours_is_nobody,
);
