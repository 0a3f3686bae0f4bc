//! The second factor on the web: the password leads to a code, the code to a session.

use axum::http::StatusCode;
use eapd::domain::account::{AccountRole, Identity, Secret};
use eapd::service::account::{self, Awaiting, NewAccount};
use eapd::service::operator;

use super::client::Client;
use super::desk::{self, Signed};
use super::staff::staff;
use super::world::Page;
use crate::accounts::world::{OTHER, email, world};
use crate::support::people::{enrolled, key};
use crate::support::{TestApp, contract};

const SESSION: &str = "__Host-eapd-session";
const STEP: &str = "__Host-eapd-etape";
const ADDRESS: &str = "gestion@ministere.example";
const PATH: &str = "/compte/double-authentification";

fn went_to(page: &Page) -> &str {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.words());
    page.header("location")
}

async fn manager(test: &TestApp) -> String {
    let operator = operator::identify(&test.app, "exploitant").await.unwrap();
    let new = NewAccount {
        identity: Identity::new("Gestionnaire inventée", "cheffe de bureau").unwrap(),
        email: email(ADDRESS),
        role: AccountRole::Manager,
    };
    account::create(&test.app, &operator, &new, OTHER).await.unwrap()
}

async fn gives_the_password(someone: &mut Client<'_>, way: &str) -> String {
    let fields = [("courriel", ADDRESS), ("mot-de-passe", OTHER), ("suite", way)];
    went_to(&someone.post("/connexion", &fields).await).to_owned()
}

async fn the_first_time_an_application_is_set_up(app: TestApp) {
    manager(&app).await;
    let mut someone = Client::new(&app);
    let way = gives_the_password(&mut someone, "/aide").await;
    assert_eq!(way, "/connexion/code?suite=%2Faide");
    assert_eq!(someone.cookie(SESSION), None, "no session yet");
    assert_eq!(went_to(&someone.get("/pilotage").await), "/connexion?suite=%2Fpilotage");
    let page = someone.get(&way).await;
    let waiting = Secret::new(someone.cookie(STEP).unwrap());
    let Some(Awaiting::Enrolment(asked)) = account::awaiting(&app.app, &waiting).await.unwrap() else {
        panic!("nothing to set up")
    };
    assert!(page.text.contains("<svg class=\"app-qr") && page.words().contains(&asked.key.shown()));
    let wrong = someone.post("/connexion/code", &[("code-unique", "12345")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("<a href=\"#code-unique\">") && !wrong.text.contains("12345"));
    let code = asked.key.code_at(app.app.now());
    let printed = someone.post("/connexion/code", &[("code-unique", &code), ("suite", "/aide")]).await;
    assert_eq!(printed.status, StatusCode::OK);
    assert_eq!(printed.text.matches("<li class=\"app-code\">").count(), 10);
    assert!(printed.text.contains("href=\"/aide\">J’ai gardé"), "{}", printed.text);
    assert_eq!(someone.cookie(STEP), None);
    assert_eq!(someone.get("/pilotage").await.status, StatusCode::OK);
    // Sent again, nothing comes back.
    assert_eq!(went_to(&someone.post("/connexion/code", &[("code-unique", &code)]).await), "/connexion");
}

async fn a_code_is_asked_for_at_each_sign_in(app: TestApp) {
    enrolled(&app, &manager(&app).await).await;
    let mut someone = Client::new(&app);
    assert_eq!(went_to(&someone.get("/connexion/code").await), "/connexion");
    assert_eq!(gives_the_password(&mut someone, "").await, "/connexion/code");
    let page = someone.get("/connexion/code").await;
    assert!(page.words().contains("Votre mot de passe est le bon") && !page.text.contains("app-qr"));
    assert!(page.text.contains("href=\"/demo/codes\""), "{}", page.text);
    let code = key().code_at(app.app.now());
    let (first, second) = code.split_at(3);
    let typed = format!("{first} {second}");
    assert_eq!(went_to(&someone.post("/connexion/code", &[("code-unique", &typed)]).await), "/espace");
    assert_eq!(someone.get("/pilotage").await.status, StatusCode::OK);
    assert!(someone.get("/compte").await.text.contains(PATH));
    // Another browser, the same code.
    let mut other = Client::new(&app);
    gives_the_password(&mut other, "").await;
    let again = other.post("/connexion/code", &[("code-unique", &code)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.cookie(SESSION), None);
    // What leads to another site does not.
    app.set_clock("2014-05-20T08:01:00Z");
    let code = key().code_at(app.app.now());
    let fields = [("code-unique", code.as_str()), ("suite", "//ailleurs.example")];
    assert_eq!(went_to(&other.post("/connexion/code", &fields).await), "/espace");
    // Ten minutes later the step is over.
    let mut late = Client::new(&app);
    gives_the_password(&mut late, "").await;
    app.set_clock("2014-05-20T08:11:00Z");
    assert_eq!(went_to(&late.get("/connexion/code").await), "/connexion");
    let code = key().code_at(app.app.now());
    assert_eq!(went_to(&late.post("/connexion/code", &[("code-unique", &code)]).await), "/connexion");
}

async fn codes_and_application_are_changed_by_a_code(app: TestApp) {
    let signed = staff(&app, AccountRole::Manager).await;
    assert!(signed.get(PATH).await.words().contains("0\u{a0}code de secours"));
    let send = async |action: &str, code: &str| {
        signed.on_path(PATH, &[("action", action), ("code-unique", code)]).await
    };
    assert_eq!(send("codes", "000000").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let printed = send("codes", &key().code_at(app.app.now())).await;
    assert_eq!(printed.text.matches("<li class=\"app-code\">").count(), 10);
    app.set_clock("2014-05-20T10:01:00+02:00");
    let change = send("application", &key().code_at(app.app.now())).await;
    let new = desk::value(&change, "cle");
    let chosen = eapd::domain::account::Key::from_base32(&new).unwrap();
    let wrong = signed.on_path(PATH, &[("action", "confirmer"), ("cle", &new), ("code-unique", "1")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(desk::value(&wrong, "cle"), new, "the same key, to try again");
    let code = chosen.code_at(app.app.now());
    let done = signed.on_path(PATH, &[("action", "confirmer"), ("cle", &new), ("code-unique", &code)]).await;
    assert!(done.words().contains("Ces codes ne seront plus jamais montrés"), "{}", done.words());
    let agent = Signed::as_(&app, desk::FIRST).await;
    assert_eq!(agent.get(PATH).await.status, StatusCode::NOT_FOUND, "agents of collectivities have none");
}

mod on_the_way_in {
    use super::*;
    contract!(with world, "2014-05-20T08:00:00Z":
        the_first_time_an_application_is_set_up,
        a_code_is_asked_for_at_each_sign_in,
    );
}

mod signed_in {
    use super::*;
    contract!(with desk::desk, "2014-05-20T10:00:00+02:00": codes_and_application_are_changed_by_a_code);
}
