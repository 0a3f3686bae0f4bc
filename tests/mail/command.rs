//! `eapd mail`: what waits, what failed, once more.

use eapd::domain::mail::{Message, Recipient};
use eapd::service::mail::queue;

use crate::accounts::world::world;
use crate::support::{TestApp, contract};

const AT: &str = "2014-05-20T09:00:00Z";

async fn an_operator_lists_sends_and_retries(test: TestApp) {
    let run = |args: &[&str]| {
        let done = test.instance.eapd(Some(AT), args);
        assert!(!done.stdout.contains('@') && !done.stderr.contains('@'), "no address: {done}");
        done
    };
    assert!(run(&["mail", "list"]).stdout.contains("Aucun courriel."));
    let app = &test.app;
    let mut tx = app.db.begin().await.unwrap();
    for to in [Recipient::Ministry, Recipient::Region("53".to_owned())] {
        queue(&mut tx, app, &to, &Message::AddressKnown).await.unwrap();
    }
    tx.commit().await.unwrap();
    let list = run(&["mail", "list"]);
    assert_eq!(list.stdout.matches("en attente").count(), 2, "{list}");
    let sent = run(&["mail", "send"]);
    assert!(sent.stdout.contains("1 courriel(s) envoyé(s), 0 à réessayer, 1 abandonné(s)."), "{sent}");
    let failed = run(&["mail", "list", "--failed"]);
    assert!(failed.done() && failed.stdout.lines().count() == 1, "{failed}");
    assert!(failed.stdout.contains("region 53") && failed.stdout.contains("aucune adresse"), "{failed}");
    let id = failed.stdout.split_whitespace().next().unwrap().to_owned();
    assert!(run(&["mail", "retry", &id]).done());
    assert!(run(&["mail", "list", "--failed"]).stdout.contains("Aucun courriel."));
    assert_eq!(run(&["mail", "retry", "RIEN"]).code, Some(1));
    let list = run(&["mail", "list"]);
    assert!(list.stdout.contains("envoyé le 20\u{a0}mai\u{a0}2014"), "{list}");
}

contract!(with world, "2014-05-20T08:00:00Z": an_operator_lists_sends_and_retries);
