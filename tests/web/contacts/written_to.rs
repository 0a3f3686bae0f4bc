//! Reminders and the announcement of an extension reach contacts: once an address, and none of those who filed.

use eapd::domain::reminder::Step;
use eapd::service::campaign::announce;
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::{campaign, expected, operator, reminder};

use super::{ADDRESS, NAME, adds, agent, imported, year};
use crate::mail::sink::{Sink, posting};
use crate::support::people::{manager, signatory};
use crate::support::{TestApp, contract};
use crate::web::desk::{self, FIRST, OTHER, OWN, SECOND};

contract!(with desk::desk, "2014-05-20T10:00:00+02:00":
    reminders_reach_each_address_once,
    an_extension_reaches_those_who_have_not_filed,
);

async fn expected_both(test: &TestApp) {
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let list = format!("siren;motif\n{OWN};essai\n{OTHER};essai\n");
    expected::import(&test.app, &operator, year(), list.as_bytes()).await.unwrap();
    test.instance.must("DELETE FROM mail;");
}

/// A collectivity declares that it paid nothing.
async fn files(test: &TestApp, siren: &str) {
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let request = Request {
        siren: siren.parse().unwrap(),
        flow_year: year().flow_year(),
        content: Content::Nil,
        signatory: signatory(),
        document: None,
        received_at: test.app.now(),
        idempotency: None,
    };
    file(&test.app, &operator, &request).await.unwrap();
}

/// What is delivered, as address and body; the rest is dropped.
async fn delivered(test: &TestApp) -> Vec<(String, String)> {
    let sink = Sink::open().await;
    let (app, post) = posting(test, sink.address);
    eapd::service::mail::deliver(&app, &post, || true).await.unwrap();
    let told = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut all: Vec<_> = sink
        .taken()
        .iter()
        .map(|mail| {
            (mail.to.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned(), told(mail.body()))
        })
        .collect();
    all.sort();
    all
}

async fn reminders_reach_each_address_once(test: TestApp) {
    let agent = agent(&test).await;
    // The address of an agent who acts, and one of the collectivity.
    adds(&agent, "Agente Inventée", FIRST).await;
    adds(&agent, NAME, ADDRESS).await;
    imported(&test, &format!("{OTHER};d@voisine.example;annuaire;;\n")).await;
    expected_both(&test).await;
    files(&test, OTHER).await;
    test.instance.must("DELETE FROM mail;");
    let done = reminder::launch(&test.app, &manager(), year(), Step::Month, (None, None)).await.unwrap();
    assert_eq!((done.bodies, done.mails), (1, 3));
    let sent = delivered(&test).await;
    let to: Vec<_> = sent.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(to, [ADDRESS, FIRST, SECOND], "once each, and none to who filed");
    assert!(sent[0].1.contains("/inscription?siren=") && !sent[1].1.contains("/inscription"), "{sent:?}");
}

async fn an_extension_reaches_those_who_have_not_filed(test: TestApp) {
    let agent = agent(&test).await;
    adds(&agent, "Agente Inventée", FIRST).await;
    adds(&agent, NAME, ADDRESS).await;
    imported(&test, &format!("{OTHER};d@voisine.example;annuaire;;\n")).await;
    expected_both(&test).await;
    files(&test, OTHER).await;
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    campaign::extend(&test.app, &operator, year(), "2014-06-23".parse().unwrap(), "crue").await.unwrap();
    test.instance.must("DELETE FROM mail;");
    let reach = announce::reach(&test.app, &manager(), year()).await.unwrap();
    assert_eq!((reach.bodies, reach.unreached, reach.mails, reach.sent), (2, 0, 3, 0));
    assert_eq!(announce::announce(&test.app, &manager(), year()).await.unwrap(), 3);
    assert_eq!(announce::announce(&test.app, &manager(), year()).await.unwrap(), 0, "once");
    let sent = delivered(&test).await;
    let to: Vec<_> = sent.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(to, [ADDRESS, FIRST, SECOND], "once each, and none to the contact of who filed");
    assert!(sent[0].1.contains("23 juin 2014") && sent[0].1.contains("/inscription?siren="), "{sent:?}");
    assert!(!sent[1].1.contains("/inscription"));
    // It waits, and the collectivity files: its contact has nothing to do, its agents learn that all is well.
    campaign::extend(&test.app, &operator, year(), "2014-06-30".parse().unwrap(), "crue").await.unwrap();
    assert_eq!(announce::announce(&test.app, &manager(), year()).await.unwrap(), 3);
    files(&test, OWN).await;
    test.instance.must("DELETE FROM mail WHERE kind <> 'campaign_extended';");
    let sent = delivered(&test).await;
    assert_eq!(sent.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), [FIRST, SECOND]);
}
