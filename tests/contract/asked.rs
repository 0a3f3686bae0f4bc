//! Lists that are asked about, dossiers put to a call, decisions on a body.

use std::collections::BTreeMap;

use eapd::domain::call::{Call, CallCode};
use eapd::domain::day::Day;
use eapd::store::asked_list::{self, AskedList};
use eapd::store::call_dossier::{self, CallDossier, DossierMember, Noted};
use eapd::store::derogation::{self, Scope};
use eapd::store::{call, expected, follow_up};

use super::ground::{YEAR, body, campaign, code, ground, read, write, year};
use crate::support::{TestApp, at, contract};

async fn with_the_call(app: &TestApp) -> CallCode {
    let aap = Call::default_for(campaign(2014));
    write(app, async |tx| call::create(tx, &aap, "P1", app.app.now()).await).await.unwrap();
    code("AAP-2014")
}

async fn lists_are_kept_for_a_while(app: TestApp) {
    let call = with_the_call(&app).await;
    let list = |id: &str, person: &str, kept_at: &str| AskedList {
        id: id.to_owned(),
        person: person.to_owned(),
        call: call.clone(),
        content: vec![0, 159, 146, 150],
        kept_at: at(kept_at),
    };
    let all = [
        list("L1", "P1", "2014-05-20T10:00:00Z"),
        list("L2", "P1", "2014-05-20T10:00:01Z"),
        list("L3", "P2", "2014-05-20T10:00:00Z"),
    ];
    for one in &all {
        write(&app, async |tx| asked_list::insert(tx, one).await).await.unwrap();
    }
    let find = async |id: &'static str| read(&app, async |tx| asked_list::find(tx, id).await).await;
    assert_eq!(find("L1").await.as_ref(), Some(&all[0]));
    assert!(!format!("{:?}", all[0]).contains("159"), "what it holds is not told");
    let large =
        AskedList { content: vec![0; 10 * 1024 * 1024 + 1], ..list("L4", "P1", "2014-05-20T10:00:00Z") };
    assert!(write(&app, async |tx| asked_list::insert(tx, &large).await).await.is_err(), "10 MiB at most");
    let gone = write(&app, async |tx| asked_list::keep_latest(tx, "P1", 1).await).await.unwrap();
    assert_eq!((gone, find("L1").await, find("L2").await.is_some()), (1, None, true));
    let purge = async |instant: &'static str| {
        write(&app, async |tx| asked_list::purge(tx, at(instant)).await).await.unwrap()
    };
    assert_eq!(purge("2014-05-20T09:59:59Z").await, 0);
    assert_eq!(purge("2014-05-20T10:00:00Z").await, 1);
    let forget = async |person: &'static str| {
        write(&app, async |tx| asked_list::forget(tx, person).await).await.unwrap()
    };
    assert_eq!((forget("P2").await, forget("P1").await), (0, 1));
}

fn dossier(name: &str, members: Vec<DossierMember>) -> CallDossier {
    let now = at("2014-05-20T10:00:00Z");
    let noted = Noted { status: "en_attente".to_owned(), reason: "FENETRE_OUVERTE".to_owned(), at: now };
    CallDossier { name: name.to_owned(), put_at: now, noted, members }
}

fn lead(alias: &str) -> DossierMember {
    DossierMember { leads: true, who: Ok(body(alias)) }
}

fn partner(name: &str) -> DossierMember {
    DossierMember { leads: false, who: Err(name.to_owned()) }
}

async fn dossiers_are_put_noted_and_withdrawn(app: TestApp) {
    let call = with_the_call(&app).await;
    let there = async || read(&app, async |tx| call_dossier::of_call(tx, &call).await).await;
    let put = async |dossier: &CallDossier| {
        write(&app, async |tx| call_dossier::put(tx, &call, dossier, "P1").await).await
    };
    let (one, two) =
        (dossier("D2", vec![lead("A"), partner("Kayes"), partner("")]), dossier("D1", vec![lead("B")]));
    put(&one).await.unwrap();
    put(&two).await.unwrap();
    assert_eq!(there().await, [two.clone(), one.clone()]);
    let other = dossier("D2", vec![lead("C")]);
    put(&other).await.unwrap();
    assert_eq!(there().await, [two.clone(), other.clone()], "in the place of the one of the same name");
    let noted = Noted {
        status: "eligible".to_owned(),
        reason: "A_DECLARE".to_owned(),
        at: at("2014-06-20T10:00:00Z"),
    };
    write(&app, async |tx| call_dossier::note(tx, &call, "D1", &noted).await).await.unwrap();
    assert_eq!(there().await[0].noted, noted);
    assert!(write(&app, async |tx| call_dossier::note(tx, &call, "D9", &noted).await).await.is_err());
    let withdraw =
        async || write(&app, async |tx| call_dossier::withdraw(tx, &call, "D1").await).await.unwrap();
    assert!(withdraw().await && !withdraw().await);
    assert_eq!(there().await, [other]);
    assert!(put(&dossier("", vec![])).await.is_err(), "a dossier has a name");
}

async fn bodies_of_a_dossier_that_waits_are_expected(app: TestApp) {
    let call = with_the_call(&app).await;
    let outside = DossierMember { leads: false, who: Ok("219900131".parse().unwrap()) };
    let put = dossier(
        "D1",
        vec![lead("A"), DossierMember { leads: false, ..lead("B") }, outside, partner("Kayes")],
    );
    write(&app, async |tx| call_dossier::put(tx, &call, &put, "P1").await).await.unwrap();
    let bodies = async |of: u16| read(&app, async |tx| call_dossier::bodies(tx, year(of)).await).await;
    let expected_bodies = BTreeMap::from([(body("A"), call.clone()), (body("B"), call.clone())]);
    assert_eq!(bodies(YEAR).await, expected_bodies);
    assert!(bodies(2012).await.is_empty(), "the call does not require it");
    // Taking a body off by a decision counts more.
    let off = expected::Expectation {
        expected: false,
        origin: expected::Origin::Manager,
        reason: "double".to_owned(),
    };
    let now = app.app.now();
    write(&app, async |tx| expected::decide(tx, campaign(2014), body("B"), &off, "P1", now).await)
        .await
        .unwrap();
    let followed = read(&app, async |tx| follow_up::bodies(tx, year(YEAR), now).await).await;
    let told: Vec<_> = followed.iter().map(|one| (one.siren, one.why(year(YEAR)))).collect();
    let why = "ajoutée par le ministère\u{a0}: dossier en attente de l’appel AAP-2014";
    assert_eq!(told, [(body("A"), why.to_owned())]);
}

async fn decisions_on_a_body_are_listed_the_last_one_first(app: TestApp) {
    let call = with_the_call(&app).await;
    let until: Day = "2014-07-10".parse().unwrap();
    let scopes = [Scope::Filing { campaign: campaign(2014), until }, Scope::Eligibility { call }];
    for (alias, scope) in [("A", &scopes[0]), ("B", &scopes[0]), ("A", &scopes[1])] {
        let now = app.app.now();
        write(&app, async |tx| derogation::decide(tx, body(alias), scope, "crue", "P1", now).await)
            .await
            .unwrap();
    }
    write(&app, async |tx| derogation::revoke(tx, 1, "erreur", "P1", at("2014-05-21T10:00:00Z")).await)
        .await
        .unwrap();
    let of = read(&app, async |tx| derogation::of_body(tx, body("A")).await).await;
    let told: Vec<_> = of.iter().map(|one| (one.id, one.revoked_at.is_some())).collect();
    assert_eq!(told, [(3, false), (1, true)]);
    assert_eq!(read(&app, async |tx| derogation::of_body(tx, body("C")).await).await, []);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    lists_are_kept_for_a_while,
    dossiers_are_put_noted_and_withdrawn,
    bodies_of_a_dossier_that_waits_are_expected,
    decisions_on_a_body_are_listed_the_last_one_first,
);
