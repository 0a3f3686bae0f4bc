//! What a filing tells by mail: the receipt to who filed, a word to the others, nothing twice.

use std::collections::BTreeSet;

use eapd::domain::field::{Field, RawLine};
use eapd::domain::refusal::Because;
use eapd::domain::role::{Actor, Role};
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::service::declaration::file::{Content, Idempotency, Request, file};
use eapd::service::declaration::version::{Decision, decide};
use eapd::service::{account, campaign, operator};

use super::sink::{Answer, Sink, Taken, posting};
use crate::accounts::world::{attached, data, dump, last, mails, refused, sent, siren, who, world};
use crate::support::people::{manager, signatory};
use crate::support::{TestApp, contract};

fn year() -> FlowYear {
    FlowYear::new(2013).unwrap()
}

pub async fn campaign(test: &TestApp) {
    let operator = operator::identify(&test.app, "exploitant").await.unwrap();
    campaign::create(&test.app, &operator, CampaignYear::new(2014).unwrap(), None, true).await.unwrap();
}

pub fn lines() -> Vec<RawLine> {
    vec![
        RawLine::default()
            .with(Field::Title, "Forage fictif")
            .with(Field::Recipient, "MLI")
            .with(Field::Purpose, "14030")
            .with(Field::Channel, "22000")
            .with(Field::Nature, "projet")
            .with(Field::AmountPaid, "1234,56")
            .with(Field::CofinancingReceived, "34,56"),
    ]
}

pub fn request(test: &TestApp, alias: &str, content: Content) -> Request {
    Request {
        siren: siren(alias),
        flow_year: year(),
        content,
        signatory: signatory(),
        document: None,
        received_at: test.app.now(),
        idempotency: None,
    }
}

/// The kinds of the mails that wait, each with whom it is for.
async fn told(test: &TestApp) -> BTreeSet<(String, String)> {
    let sent = sent(&test.app).await;
    assert!(sent.values().all(|count| *count == 1), "{sent:?}");
    sent.into_keys().collect()
}

fn expected(told: &[(&str, &Actor)]) -> BTreeSet<(String, String)> {
    told.iter().map(|(kind, agent)| ((*kind).to_owned(), format!("person {}", agent.person))).collect()
}

/// The parts of a mail: what its boundary parts, without what stands around them.
fn parts(taken: &Taken) -> Vec<String> {
    let content = taken.header("Content-Type");
    assert!(content.starts_with("multipart/mixed"), "{content}");
    let boundary = content.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
    let boundary = format!("--{boundary}");
    let parts = taken.text.split(boundary.as_str()).skip(1);
    parts.filter(|part| !part.starts_with("--")).map(str::to_owned).collect()
}

async fn a_filing_is_told_once_to_each(test: TestApp) {
    campaign(&test).await;
    let app = &test.app;
    let first = who(app, &attached(&test, "un@ville.example", "A").await).await.actor;
    let second = who(app, &attached(&test, "deux@ville.example", "A").await).await.actor;
    let _elsewhere = attached(&test, "trois@ville.example", "B").await;
    let key =
        Idempotency { scope: "essai".to_owned(), key: "une".to_owned(), request_sha256: "ab".repeat(32) };
    let asked = Request { idempotency: Some(key), ..request(&test, "A", Content::Lines(lines())) };
    let receipt = file(app, &first, &asked).await.unwrap();
    let all = expected(&[("receipt", &first), ("filing_announced", &second)]);
    assert_eq!(told(&test).await, all);
    assert!(mails(app).await.iter().all(|mail| data(mail)["number"] == receipt.number.as_str()));
    // The same request again is no other filing.
    assert_eq!(file(app, &first, &asked).await.unwrap(), receipt);
    assert_eq!(told(&test).await, all);
    // What is refused tells nobody.
    let unsigned = Request {
        signatory: eapd::service::declaration::Signatory { name: String::new(), function: String::new() },
        ..request(&test, "A", Content::Nil)
    };
    refused(file(app, &first, &unsigned).await, Because::Unsigned);
    test.set_clock("2014-06-15T22:00:00Z");
    refused(file(app, &first, &request(&test, "A", Content::Nil)).await, Because::WindowClosed);
    assert_eq!(told(&test).await, all);
}

async fn who_has_no_account_gets_no_mail_and_the_agents_are_told(test: TestApp) {
    campaign(&test).await;
    let app = &test.app;
    let token = Actor { person: "JETON".to_owned(), role: Role::Declarant(vec![siren("A")]) };
    file(app, &token, &request(&test, "A", Content::Nil)).await.unwrap();
    assert_eq!(told(&test).await, expected(&[]));
    let agent = who(app, &attached(&test, "un@ville.example", "A").await).await.actor;
    file(app, &token, &request(&test, "A", Content::Nil)).await.unwrap();
    assert_eq!(told(&test).await, expected(&[("filing_announced", &agent)]));
}

async fn a_managers_version_is_told_with_its_reason(test: TestApp) {
    campaign(&test).await;
    let app = &test.app;
    let agent = who(app, &attached(&test, "un@ville.example", "A").await).await.actor;
    file(app, &agent, &request(&test, "A", Content::Lines(lines()))).await.unwrap();
    crate::accounts::world::all_sent(&test).await;
    let reason = "Un versement était compté deux fois.";
    decide(app, &manager(), siren("A"), year(), &Decision::Annul, reason, "Courrier fictif").await.unwrap();
    assert_eq!(told(&test).await, expected(&[("version_decided", &agent)]));
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    eapd::service::mail::deliver(&app, &post, || true).await.unwrap();
    let body = sink.taken()[0].body();
    for told in [reason, "Courrier fictif", "a annulé la déclaration"] {
        assert!(body.replace("\r\n", " ").replace('\n', " ").contains(told), "{told}: {body}");
    }
}

async fn the_receipt_arrives_with_its_document_the_same_at_each_try(test: TestApp) {
    campaign(&test).await;
    let agent = who(&test.app, &attached(&test, "un@ville.example", "A").await).await.actor;
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    let receipt = file(&app, &agent, &request(&test, "A", Content::Lines(lines()))).await.unwrap();
    sink.answer(&[Answer::TakeAndHangUp]);
    let deliver = async || eapd::service::mail::deliver(&app, &post, || true).await.unwrap();
    assert_eq!(deliver().await.put_off, 1);
    test.set_clock("2014-05-20T08:01:00Z");
    assert_eq!(deliver().await.sent, 1);
    let taken = sink.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].text, taken[1].text, "its copy is known to be one");
    assert!(taken[0].to.contains("<un@ville.example>"));
    let parts = parts(&taken[0]);
    assert_eq!(parts.len(), 2, "{}", taken[0].text);
    let document = &parts[1];
    assert!(document.contains("Content-Type: application/pdf"), "{document}");
    let name = format!("filename=\"recepisse-{}-2013-v1.pdf\"", siren("A"));
    assert!(document.contains(&name), "{document}");
    let encoded: String = document.split("\r\n\r\n").nth(1).unwrap().split_whitespace().collect();
    // "%PDF-1.7", in base 64.
    assert!(encoded.starts_with("JVBERi0xLj") && encoded.len() > 10_000, "{}", encoded.len());
    let text = Taken { text: parts[0].trim_start().to_owned(), ..taken[0].clone() }.body();
    let words = text.replace("\r\n", " ").replace('\n', " ");
    for told in [
        receipt.number.as_str(),
        &receipt.sha256,
        &receipt.journal_head,
        "1\u{202f}234,56\u{a0}€",
        "34,56\u{a0}€",
        "1\u{202f}200,00\u{a0}€",
        "Signataire fictif, maire",
        "20\u{a0}mai\u{a0}2014 à 10\u{a0}h\u{a0}00\u{a0}min\u{a0}00\u{a0}s",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
}

/// Who is erased between the filing and its mail gets none, and the others read no name.
async fn who_is_erased_is_not_named(test: TestApp) {
    campaign(&test).await;
    let app = &test.app;
    let first = who(app, &attached(&test, "un@ville.example", "A").await).await.actor;
    let second = who(app, &attached(&test, "deux@ville.example", "A").await).await.actor;
    file(app, &first, &request(&test, "A", Content::Lines(lines()))).await.unwrap();
    let operator = operator::identify(app, "exploitant").await.unwrap();
    account::erase(app, &operator, &first.person).await.unwrap();
    assert_eq!(told(&test).await, expected(&[("filing_announced", &second)]));
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    eapd::service::mail::deliver(&app, &post, || true).await.unwrap();
    let body = sink.taken()[0].body();
    assert!(body.contains("La version 1 de la déclaration") && !body.contains("Agent Inventé"), "{body}");
    assert!(!dump(&test).contains("un@ville.example"));
    let _mail = last(&app, "filing_announced");
}

contract!(with world, "2014-05-20T08:00:00Z":
    a_filing_is_told_once_to_each,
    who_has_no_account_gets_no_mail_and_the_agents_are_told,
    a_managers_version_is_told_with_its_reason,
    the_receipt_arrives_with_its_document_the_same_at_each_try,
    who_is_erased_is_not_named,
);
