//! Reminders of a campaign: looked at, sent once, not to who filed meanwhile; an extension plans again.

use eapd::app::{App, Parts};
use eapd::domain::account::AccountRole;
use eapd::domain::reminder::Step;
use eapd::domain::role::{Actor, Role};
use eapd::domain::year::CampaignYear;
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::reminder::{self, Launched};
use eapd::service::{ServiceError, campaign, operator};

use super::desk::Signed;
use super::staff::staff;
use crate::accounts::world::{data, mails, refused};
use crate::api::world::{self, FAR, OTHER, OWN};
use crate::mail::sink::{Sink, posting};
use crate::support::browser::Browser;
use crate::support::people::{agent, manager, signatory};
use crate::support::{Engine, TestApp, contract};

contract!(with world::world, "2014-05-20T10:00:00+02:00":
    what_leaves_is_what_was_shown_and_leaves_once,
    of_two_who_send_at_once_one_sends,
    who_filed_meanwhile_gets_nothing,
    an_extension_plans_again_what_is_ahead_of_the_new_day,
    after_the_end_the_mail_states_the_fact,
    each_prefecture_reminds_its_region,
    who_cannot_be_reached_is_told,
);

const PATH: &str = "/pilotage/relances/2014";

fn year() -> CampaignYear {
    CampaignYear::new(2014).unwrap()
}

/// OTHER has a draft and nothing filed; FAR is annulled: nothing counts. Both have an address.
async fn two_to_remind(test: &TestApp) {
    let annul = eapd::service::declaration::version::Decision::Annul;
    let (far, flow_year) = (FAR.parse().unwrap(), year().flow_year());
    eapd::service::declaration::version::decide(
        &test.app,
        &manager(),
        far,
        flow_year,
        &annul,
        "erreur",
        "lettre",
    )
    .await
    .unwrap();
    for (id, siren) in [("C1", OTHER), ("C2", FAR), ("C3", OWN)] {
        test.instance.must(&format!(
            "INSERT INTO contact (id, siren, email, source, recorded_at) VALUES \
             ('{id}', '{siren}', '{}@mairie.example', 'annuaire', '2014-05-19T10:00:00Z');",
            id.to_lowercase()
        ));
    }
    test.instance.must("DELETE FROM mail;");
}

/// To whom reminders wait, by step.
async fn waiting(app: &App) -> Vec<(String, String)> {
    let reminders = mails(app).await.into_iter().filter(|mail| mail.kind == "reminder");
    let mut told: Vec<_> = reminders
        .map(|mail| (mail.to_id.clone(), data(&mail)["step"].as_str().unwrap().to_owned()))
        .collect();
    told.sort();
    told
}

fn told(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(to, step)| ((*to).to_owned(), (*step).to_owned())).collect()
}

async fn send(signed: &Signed<'_>, step: &str, fin: &str) -> (u16, String) {
    let page = signed.on_path(PATH, &[("etape", step), ("fin", fin), ("region", "")]).await;
    (page.status.as_u16(), page.header("location").to_owned())
}

async fn launch(test: &TestApp, step: Step) -> Result<Launched, ServiceError> {
    reminder::launch(&test.app, &manager(), year(), step, (None, None)).await
}

async fn what_leaves_is_what_was_shown_and_leaves_once(test: TestApp) {
    two_to_remind(&test).await;
    let signed = staff(&test, AccountRole::Manager).await;
    let way = signed.get("/pilotage/relances").await;
    assert_eq!((way.status.as_u16(), way.header("location")), (303, PATH));
    let page = signed.get(PATH).await;
    let words = page.words();
    for told in [
        "Étape J-30\u{a0}: 2\u{a0}collectivités à relancer",
        "2\u{a0}courriels",
        "Envoyer à 2\u{a0}collectivités",
        "À déclarer au plus tard le 15\u{a0}juin\u{a0}2014",
        "/inscription?siren=",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(page.text.contains(OTHER) && page.text.contains(FAR) && !page.text.contains(OWN));
    assert_eq!(waiting(&test.app).await, [], "looking sends nothing");
    let (status, address) = send(&signed, "J-30", "2014-06-15").await;
    assert_eq!(status, 303);
    assert!(signed.get(&address).await.words().contains("2\u{a0}collectivités relancées"));
    assert_eq!(waiting(&test.app).await, told(&[("C1", "J-30"), ("C2", "J-30")]));
    assert_eq!(send(&signed, "J-30", "2014-06-15").await.0, 303, "again");
    assert_eq!(waiting(&test.app).await.len(), 2);
    assert!(signed.get(PATH).await.words().contains("2\u{a0}déjà relancées à cette étape"));
    // Not its day, and a last day that nobody looked at.
    assert_eq!(send(&signed, "J-10", "2014-06-15").await.0, 409);
    assert_eq!(send(&signed, "J-30", "2014-06-16").await.0, 409);
    assert_eq!(send(&signed, "J-3", "2014-06-15").await.0, 400);
    test.set_clock("2014-06-05T09:00:00+02:00");
    assert_eq!(launch(&test, Step::TenDays).await.unwrap(), Launched { bodies: 2, mails: 2 });
    refused(launch(&test, Step::Month).await, eapd::domain::refusal::Because::WindowClosed);
}

async fn of_two_who_send_at_once_one_sends(test: TestApp) {
    two_to_remind(&test).await;
    // Another instance on the same database.
    let other = App::from(Parts { followed: std::sync::Arc::default(), ..Parts::clone(&test.app) });
    let actor = manager();
    let send = |app: App| {
        let actor = actor.clone();
        async move { reminder::launch(&app, &actor, year(), Step::Month, (None, None)).await.unwrap() }
    };
    let (one, two) = tokio::join!(send(test.app.clone()), send(other));
    assert_eq!((one.bodies + two.bodies, one.mails + two.mails), (2, 2));
    assert_eq!(waiting(&test.app).await.len(), 2);
}

async fn files(test: &TestApp, siren: &str) {
    let siren = siren.parse().unwrap();
    let request = Request {
        siren,
        flow_year: year().flow_year(),
        content: Content::Nil,
        signatory: signatory(),
        document: None,
        received_at: test.app.now(),
        idempotency: None,
    };
    file(&test.app, &agent(siren), &request).await.unwrap();
}

async fn who_filed_meanwhile_gets_nothing(test: TestApp) {
    two_to_remind(&test).await;
    files(&test, OTHER).await;
    assert_eq!(launch(&test, Step::Month).await.unwrap().bodies, 1);
    assert_eq!(waiting(&test.app).await, told(&[("C2", "J-30")]));
    // It waits in the queue, and its collectivity files.
    files(&test, FAR).await;
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    eapd::service::mail::deliver(&app, &post, || true).await.unwrap();
    let subjects: Vec<_> = sink.taken().iter().map(|taken| taken.header("Subject")).collect();
    assert!(subjects.is_empty(), "{subjects:?}");
}

async fn an_extension_plans_again_what_is_ahead_of_the_new_day(test: TestApp) {
    two_to_remind(&test).await;
    test.set_clock("2014-06-13T09:00:00+02:00");
    assert_eq!(launch(&test, Step::TwoDays).await.unwrap().bodies, 2);
    let operator = operator::identify(&test.app, "exploitant").await.unwrap();
    campaign::extend(&test.app, &operator, year(), "2014-06-23".parse().unwrap(), "retards").await.unwrap();
    // What waited tells the old day: it is dropped.
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    eapd::service::mail::deliver(&app, &post, || true).await.unwrap();
    assert_eq!(sink.taken().len(), 0);
    refused(launch(&test, Step::TwoDays).await, eapd::domain::refusal::Because::NotYetOpen);
    let by_itself = async || eapd::service::reminder::launch_due(&test.app, &operator).await.unwrap().bodies;
    assert_eq!(
        by_itself().await,
        0,
        "its day was there when the extension was decided: that is a person's choice"
    );
    assert_eq!(launch(&test, Step::TenDays).await.unwrap().bodies, 2, "ten days before the new day");
    test.set_clock("2014-06-21T09:00:00+02:00");
    assert_eq!(by_itself().await, 2, "once more, for the new day");
    assert_eq!(by_itself().await, 0, "once");
}

async fn after_the_end_the_mail_states_the_fact(test: TestApp) {
    two_to_remind(&test).await;
    test.set_clock("2014-06-16T09:00:00+02:00");
    assert_eq!(launch(&test, Step::After).await.unwrap().mails, 2);
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    eapd::service::mail::deliver(&app, &post, || true).await.unwrap();
    let taken = sink.taken();
    assert_eq!(taken.len(), 2);
    let body = taken[0].body().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        body.contains("aucune déclaration n’est déposée") && body.contains("il ne décide de rien"),
        "{body}"
    );
    assert!(!body.contains("éligible"), "{body}");
    let operator = operator::identify(&test.app, "exploitant").await.unwrap();
    campaign::settle(&test.app, &operator, year()).await.unwrap();
    refused(launch(&test, Step::After).await, eapd::domain::refusal::Because::CampaignSettled);
}

async fn each_prefecture_reminds_its_region(test: TestApp) {
    two_to_remind(&test).await;
    let sgar = Actor { person: "SGAR-11".to_owned(), role: Role::Sgar("11".to_owned()) };
    let other = reminder::launch(&test.app, &sgar, year(), Step::Month, (Some("76"), None)).await;
    refused(other, eapd::domain::refusal::Because::Forbidden);
    let done = reminder::launch(&test.app, &sgar, year(), Step::Month, (None, None)).await.unwrap();
    assert_eq!(done.bodies, 1);
    assert_eq!(waiting(&test.app).await, told(&[("C1", "J-30")]));
    let signed = staff(&test, AccountRole::Sgar("11".to_owned())).await;
    assert!(!signed.get(PATH).await.text.contains(FAR));
    for role in [Role::Instructor, Role::Observer, Role::Administrator] {
        let nobody = Actor { person: "X".to_owned(), role };
        let outcome = reminder::launch(&test.app, &nobody, year(), Step::Month, (None, None)).await;
        refused(outcome, eapd::domain::refusal::Because::Forbidden);
    }
    assert_eq!(launch(&test, Step::Month).await.unwrap().bodies, 1, "the rest of the country");
}

async fn who_cannot_be_reached_is_told(test: TestApp) {
    two_to_remind(&test).await;
    test.instance.must(
        "DELETE FROM contact WHERE id = 'C2';\n\
         INSERT INTO mail (id, kind, to_kind, to_id, data, created_at, given_up_at) VALUES \
         ('M1', 'address_known', 'contact', 'C1', '{}', '2014-05-19T10:00:00Z', '2014-05-19T11:00:00Z');",
    );
    let signed = staff(&test, AccountRole::Manager).await;
    let words = signed.get(PATH).await.words();
    for told in ["À joindre autrement\u{a0}: 2\u{a0}collectivités", "aucune adresse", "messages refusés"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    // One more try does no harm; who has no address gets none.
    assert_eq!(launch(&test, Step::Month).await.unwrap(), Launched { bodies: 1, mails: 1 });
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_reminders_has_a_fault_that_axe_knows() {
    let test = TestApp::copy_of(&world::world(Engine::Sqlite).await, "2014-05-20T10:00:00+02:00").await;
    two_to_remind(&test).await;
    let manager = staff(&test, AccountRole::Manager).await;
    let browser = Browser::open(&test.app).await;
    browser.holds(manager.cookie()).await;
    browser.go(PATH).await;
    let mut faults = browser.faults(PATH).await;
    browser.press("form[action='/pilotage/relances/2014'][method='post'] button").await;
    browser.comes_to(PATH).await;
    faults.extend(browser.faults("relances, envoyées").await);
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
