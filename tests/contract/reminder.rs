//! Reminders: once a collectivity, a step and a last day; to whom they go, and who cannot be reached.

use eapd::domain::account::AccountRole;
use eapd::domain::attachment::{How, Step as Answer, StepKind};
use eapd::domain::filing::FilingKind;
use eapd::domain::mail::{Message, Recipient};
use eapd::domain::reminder::Step;
use eapd::store::reminder::{self, Sent};
use eapd::store::{account, attachment, mail};

use super::ground::{YEAR, body, campaign, day, file, ground, read, version, write, year};
use crate::support::{TestApp, contract};

fn sent(alias: &str, step: Step, closes_on: &str) -> Sent {
    Sent { campaign: campaign(2014), siren: body(alias), step, closes_on: day(closes_on), mails: 2 }
}

async fn a_step_goes_once_for_a_last_day(app: TestApp) {
    let now = app.app.now();
    let mark = async |told: Sent| write(&app, async |tx| reminder::mark(tx, &told, "P1", now).await).await;
    for step in Step::ALL {
        assert!(mark(sent("B", step, "2014-06-15")).await.unwrap());
        assert!(!mark(sent("B", step, "2014-06-15")).await.unwrap(), "{step}");
    }
    assert!(mark(sent("A", Step::Month, "2014-06-15")).await.unwrap());
    assert!(mark(sent("A", Step::Month, "2014-06-30")).await.unwrap(), "an extension has its own");
    let of = async |closes_on: &str| {
        let closes_on = day(closes_on);
        read(&app, async |tx| reminder::sent(tx, campaign(2014), closes_on).await).await
    };
    assert_eq!(of("2014-06-30").await, [(body("A"), Step::Month)]);
    assert_eq!(of("2014-06-15").await.len(), 5);
    assert!(mark(sent("Z", Step::Month, "2014-06-15")).await.is_err(), "not in the register");
    let nobody = Sent { mails: 0, ..sent("C", Step::Month, "2014-06-15") };
    assert!(mark(nobody).await.is_err(), "to nobody");
}

async fn it_goes_to_agents_and_to_addresses(app: TestApp) {
    let now = app.app.now();
    for (id, address) in [("P1", "a@ville.example"), ("P2", "b@ville.example")] {
        super::account::agent(&app, id, address, AccountRole::Declarant).await;
        write(&app, async |tx| account::confirm(tx, id, now).await).await.unwrap();
        let asked = format!("R{id}");
        write(&app, async |tx| attachment::insert(tx, &asked, (id, body("A")), None, now).await)
            .await
            .unwrap();
    }
    let accepted =
        Answer { kind: StepKind::Accepted, how: How::Sgar, at: now, by: "P9".to_owned(), reason: None };
    write(&app, async |tx| attachment::add_step(tx, "RP1", &accepted).await).await.unwrap();
    app.instance.must(&format!(
        "INSERT INTO contact (id, siren, email, source, recorded_at) VALUES \
         ('C1', '{}', 'mairie@b.example', 'annuaire', '2014-05-20T10:00:00Z');",
        body("B")
    ));
    // An address of an agent who acts is not written to twice; that of one who awaits the answer is a contact's.
    app.instance.must(&format!(
        "INSERT INTO contact (id, siren, email, source, recorded_at) VALUES \
         ('C2', '{a}', 'a@ville.example', 'annuaire', '2014-05-20T10:00:00Z'), \
         ('C3', '{a}', 'b@ville.example', 'annuaire', '2014-05-20T10:00:00Z');",
        a = body("A")
    ));
    let awaiting = Recipient::Contact("C3".to_owned());
    let (person, contact) = (Recipient::Person("P1".to_owned()), Recipient::Contact("C1".to_owned()));
    let mut expected = vec![(body("A"), awaiting), (body("A"), person.clone()), (body("B"), contact.clone())];
    expected.sort_by_key(|(siren, to)| (siren.to_string(), to.told().0.to_owned()));
    assert_eq!(read(&app, async |tx| reminder::recipients(tx).await).await, expected);

    let queue = async |id: &str, to: &Recipient| {
        write(&app, async |tx| mail::queue(tx, id, to, &Message::AddressKnown, now).await).await.unwrap();
    };
    let ends = async |id: &str, column: &str, at: &str, data: &str| {
        app.instance.must(&format!("UPDATE mail SET {column} = '{at}', data = '{data}' WHERE id = '{id}';"));
    };
    let lost = async || read(&app, async |tx| reminder::unreachable(tx).await).await;
    queue("M1", &contact).await;
    queue("M2", &person).await;
    assert_eq!(lost().await, [], "they wait");
    ends("M1", "given_up_at", "2014-05-21T10:00:00Z", "{}").await;
    // What was overtaken says nothing about the address: nothing of it is kept.
    ends("M2", "given_up_at", "2014-05-21T10:00:00Z", "").await;
    assert_eq!(lost().await, std::slice::from_ref(&contact));
    queue("M3", &contact).await;
    ends("M3", "sent_at", "2014-05-22T10:00:00Z", "").await;
    assert_eq!(lost().await, [], "one arrived since");
}

async fn what_counts_is_filed(app: TestApp) {
    let now = app.app.now();
    let filed = async || read(&app, async |tx| reminder::has_filed(tx, body("A"), year(YEAR)).await).await;
    assert!(!filed().await);
    write(&app, async |tx| file(tx, &version("A", 1, FilingKind::Nil, &[], now), &[]).await).await.unwrap();
    assert!(filed().await);
    write(&app, async |tx| file(tx, &version("A", 2, FilingKind::Annulled, &[], now), &[]).await)
        .await
        .unwrap();
    assert!(!filed().await);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_step_goes_once_for_a_last_day,
    it_goes_to_agents_and_to_addresses,
    what_counts_is_filed,
);
