//! Contacts: which take codes, who corrects and confirms them, when they are forgotten.

use eapd::domain::account::{AccountRole, Identity};
use eapd::domain::contact::{Confirmation, Origin};
use eapd::domain::mail::{Message, Recipient};
use eapd::store::contact::{self, Contact};
use eapd::store::{StoreError, attachment, mail};

use super::account::{agent, email};
use super::ground::{body, campaign, ground, read, write};
use crate::support::{TestApp, at, contract};

const NOON: &str = "2014-05-20T10:00:00Z";
const LATER: &str = "2014-05-20T11:00:00Z";

fn told(id: &str, address: &str, origin: Origin) -> Contact {
    Contact {
        id: id.to_owned(),
        siren: body("A"),
        email: email(address),
        name: None,
        function: None,
        origin,
        source: "annuaire".to_owned(),
        recorded_at: at(NOON),
        confirmed: None,
    }
}

fn confirmed(now: &str) -> Confirmation {
    Confirmation { at: at(now), by: "P1".to_owned(), campaign: Some(campaign(2014)) }
}

async fn insert(app: &TestApp, told: &Contact) {
    write(app, async |tx| contact::insert(tx, told).await).await.unwrap();
}

async fn find(app: &TestApp, id: &str) -> Option<Contact> {
    read(app, async |tx| contact::find(tx, id).await).await
}

async fn all(app: &TestApp, alias: &'static str) -> Vec<Contact> {
    read(app, async |tx| contact::of_siren(tx, body(alias)).await).await
}

async fn they_read_back_by_address(app: TestApp) {
    let one = told("C1", "mairie@ville.example", Origin::Imported);
    let other = Contact {
        name: Some("Élue Inventée".to_owned()),
        function: Some("adjointe".to_owned()),
        confirmed: Some(confirmed(LATER)),
        ..told("C2", "elue@ville.example", Origin::Kept)
    };
    for told in [&one, &other] {
        insert(&app, told).await;
        assert_eq!(find(&app, &told.id).await.as_ref(), Some(told));
    }
    let again = told("C3", "mairie@ville.example", Origin::Kept);
    let again = write(&app, async |tx| contact::insert(tx, &again).await).await;
    assert!(matches!(again, Err(StoreError::Exists)), "{again:?}");
    assert_eq!(all(&app, "A").await, [other.clone(), one]);
    assert_eq!(all(&app, "B").await, []);
    write(&app, async |tx| contact::remove(tx, "C1").await).await.unwrap();
    assert_eq!(all(&app, "A").await, [other]);
    assert!(write(&app, async |tx| contact::remove(tx, "C1").await).await.is_err());
}

async fn codes_go_to_imported_ones_alone(app: TestApp) {
    let imported = told("C1", "mairie@ville.example", Origin::Imported);
    insert(&app, &imported).await;
    insert(&app, &told("C2", "amie@ailleurs.example", Origin::Kept)).await;
    // What says nothing of where it comes from is trusted with nothing.
    app.instance.must(&format!(
        "INSERT INTO contact (id, siren, email, source, recorded_at) VALUES \
         ('C3', '{}', 'x@ailleurs.example', 'annuaire', '2014-05-20T10:00:00Z');",
        body("A")
    ));
    let taking =
        async |alias: &'static str| read(&app, async |tx| contact::taking_codes(tx, body(alias)).await).await;
    assert_eq!(taking("A").await, [imported]);
    assert_eq!(taking("B").await, []);
    // A file of the ministry vouches for an address from then on.
    let name = (Some("Élue Inventée"), None);
    write(&app, async |tx| contact::tell_again(tx, "C2", name, "fichier", at(LATER)).await).await.unwrap();
    let found = find(&app, "C2").await.unwrap();
    assert_eq!((found.source.as_str(), found.recorded_at), ("fichier", at(LATER)));
    assert_eq!((found.name.as_deref(), found.function), (Some("Élue Inventée"), None));
    let ids: Vec<_> = taking("A").await.into_iter().map(|contact| contact.id).collect();
    assert_eq!(ids, ["C2", "C1"]);
    assert!(write(&app, async |tx| contact::tell_again(tx, "C9", name, "x", at(LATER)).await).await.is_err());
}

async fn agents_correct_and_confirm(app: TestApp) {
    insert(&app, &told("C1", "mairie@ville.example", Origin::Imported)).await;
    let who = Identity::new("Cadre Inventé", "directeur").unwrap();
    let correct =
        async |id: &str| write(&app, async |tx| contact::correct(tx, id, &who, &confirmed(NOON)).await).await;
    correct("C1").await.unwrap();
    assert!(correct("C9").await.is_err());
    let found = find(&app, "C1").await.unwrap();
    assert_eq!(
        (found.name.as_deref(), found.function.as_deref()),
        (Some("Cadre Inventé"), Some("directeur"))
    );
    assert_eq!((found.origin, found.confirmed), (Origin::Imported, Some(confirmed(NOON))));
    let confirm = async |alias: &str, id: &str| {
        let later = Confirmation { campaign: None, ..confirmed(LATER) };
        write(&app, async |tx| contact::confirm(tx, (body(alias), id), &later).await).await.unwrap()
    };
    assert!(!confirm("B", "C1").await, "of another collectivity");
    assert!(!confirm("A", "C9").await);
    assert!(confirm("A", "C1").await);
    let found = find(&app, "C1").await.unwrap().confirmed.unwrap();
    assert_eq!((found.at, found.campaign), (at(LATER), None));
    let nowhere = Confirmation { campaign: Some(campaign(2033)), ..confirmed(LATER) };
    let outcome = write(&app, async |tx| contact::confirm(tx, (body("A"), "C1"), &nowhere).await).await;
    assert!(outcome.is_err(), "no such campaign");
}

async fn what_is_too_old_goes(app: TestApp) {
    insert(&app, &told("C1", "vieux@ville.example", Origin::Imported)).await;
    let confirmed = Some(confirmed(LATER));
    insert(&app, &Contact { confirmed, ..told("C2", "vu@ville.example", Origin::Kept) }).await;
    let purge =
        async |before: &str| write(&app, async |tx| contact::purge(tx, at(before)).await).await.unwrap();
    assert_eq!(purge(NOON).await, 0, "to the second");
    assert_eq!(purge(LATER).await, 1);
    assert_eq!(all(&app, "A").await.len(), 1, "what was confirmed since stays");
    assert_eq!(purge("2014-05-20T11:00:01Z").await, 1);
}

async fn an_address_and_a_name_are_forgotten(app: TestApp) {
    agent(&app, "P1", "a@ville.example", AccountRole::Declarant).await;
    write(&app, async |tx| attachment::insert(tx, "R1", ("P1", body("A")), None, at(NOON)).await)
        .await
        .unwrap();
    let named = |contact: Contact| Contact { name: Some("Agent P1".to_owned()), ..contact };
    insert(&app, &named(told("C1", "a@ville.example", Origin::Kept))).await;
    insert(&app, &Contact { siren: body("B"), ..told("C2", "a@ville.example", Origin::Imported) }).await;
    insert(&app, &named(told("C3", "mairie@ville.example", Origin::Imported))).await;
    insert(&app, &Contact { siren: body("B"), ..named(told("C4", "b@ville.example", Origin::Kept)) }).await;
    insert(&app, &told("C5", "sans-nom@ville.example", Origin::Kept)).await;
    let forget =
        async || write(&app, async |tx| contact::forget(tx, &email("a@ville.example")).await).await.unwrap();
    assert_eq!((forget().await, forget().await), (2, 0));
    let near = read(&app, async |tx| contact::near(tx, "P1").await).await;
    assert_eq!(near.iter().map(|contact| contact.id.as_str()).collect::<Vec<_>>(), ["C3"]);
    write(&app, async |tx| contact::unname(tx, "C3").await).await.unwrap();
    let found = find(&app, "C3").await.unwrap();
    assert_eq!((found.name, found.function), (None, None));
    assert!(write(&app, async |tx| contact::unname(tx, "C9").await).await.is_err());
}

async fn what_waits_goes_with_its_contact(app: TestApp) {
    insert(&app, &told("C1", "mairie@ville.example", Origin::Imported)).await;
    for (id, to) in [
        ("M1", Recipient::Contact("C1".to_owned())),
        ("M2", Recipient::Contact("C2".to_owned())),
        ("M3", Recipient::Person("C2".to_owned())),
    ] {
        let queue = async |tx: &mut eapd::store::Tx<'_>| {
            mail::queue(tx, id, &to, &Message::AddressKnown, at(NOON)).await
        };
        write(&app, queue).await.unwrap();
    }
    let forget = async || write(&app, async |tx| mail::forget_contacts(tx).await).await.unwrap();
    assert_eq!((forget().await, forget().await), (1, 0));
    let left = read(&app, async |tx| mail::waiting(tx).await).await;
    assert_eq!(left.iter().map(|mail| mail.id.as_str()).collect::<Vec<_>>(), ["M1", "M3"]);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    they_read_back_by_address,
    codes_go_to_imported_ones_alone,
    agents_correct_and_confirm,
    what_is_too_old_goes,
    an_address_and_a_name_are_forgotten,
    what_waits_goes_with_its_contact,
);
