//! Agents on the web: sign up, confirm, sign in and out; what others try.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use super::client::Client;
use super::world::{Page, ask, get};
use crate::accounts::world::{OTHER, PASSWORD, join, link, world};
use crate::support::{TestApp, contract};
use eapd::domain::role::{Actor, Role};
use eapd::service::account;

const SESSION: &str = "__Host-eapd-session";
const ADDRESS: &str = "agent@ville.example";

fn sign_up<'f>(collectivity: &'f str, address: &'f str, password: &'f str) -> [(&'f str, &'f str); 5] {
    [
        ("collectivite", collectivity),
        ("nom", "Agent Inventé"),
        ("fonction", "secrétaire de mairie"),
        ("courriel", address),
        ("mot-de-passe", password),
    ]
}

fn went_to(page: &Page) -> &str {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.words());
    page.header("location")
}

async fn an_agent_comes_in_and_leaves(app: TestApp) {
    let mut agent = Client::new(&app);
    assert!(agent.get("/inscription").await.words().contains("Créer un compte"));
    let siren = crate::accounts::world::siren("A").to_string();
    let asked = agent.post("/inscription", &sign_up(&siren, ADDRESS, PASSWORD)).await;
    assert!(asked.words().contains("Il reste à confirmer votre adresse"), "{}", asked.words());
    let secret = link(&app.app, "confirm_email").await;
    let path = format!("/inscription/confirmation?jeton={}", secret.reveal());
    assert!(agent.get(&path).await.words().contains(ADDRESS));
    let wrong = [("jeton", secret.reveal()), ("mot-de-passe", OTHER)];
    let refused = agent.post("/inscription/confirmation", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [("jeton", secret.reveal()), ("mot-de-passe", PASSWORD)];
    assert_eq!(went_to(&agent.post("/inscription/confirmation", &right).await), "/espace");
    let first = agent.cookie(SESSION).unwrap().to_owned();
    let space = agent.get("/espace").await.words();
    assert!(space.contains("Bonjour Agent Inventé") && space.contains("Demandes en attente"), "{space}");
    assert!(agent.get("/compte").await.words().contains("(celle-ci)"));

    assert_eq!(went_to(&agent.post("/deconnexion", &[]).await), "/");
    assert_eq!(agent.cookie(SESSION), None);
    assert_eq!(went_to(&agent.get("/espace").await), "/connexion?suite=%2Fespace");
    let known = [("courriel", ADDRESS), ("mot-de-passe", PASSWORD), ("suite", "/compte")];
    assert_eq!(went_to(&agent.post("/connexion", &known).await), "/compte");
    assert_ne!(agent.cookie(SESSION), Some(first.as_str()), "each sign-in has a session of its own");
    // What ended serves no more, wherever it is kept.
    let request = Request::builder().uri("/espace").header("cookie", format!("{SESSION}={first}"));
    assert_eq!(ask(&app, request.body(Body::empty()).unwrap()).await.status, StatusCode::SEE_OTHER);
}

async fn every_fault_of_the_form_is_told_and_what_was_typed_is_kept(app: TestApp) {
    let mut agent = Client::new(&app);
    let page = agent.post("/inscription", &sign_up("introuvable", "sans-arobase", "court")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("<title>Erreur – Créer un compte – e-APD</title>"));
    for field in ["collectivite", "courriel"] {
        assert!(page.text.contains(&format!("<a href=\"#{field}\">")), "{field}: {}", page.words());
    }
    assert!(page.text.contains("value=\"sans-arobase\"") && page.text.contains("value=\"Agent Inventé\""));
    assert!(!page.text.contains("court"), "a password never comes back");
    let siren = crate::accounts::world::siren("A").to_string();
    let weak = agent.post("/inscription", &sign_up(&siren, ADDRESS, "azertyuiop12")).await;
    assert!(weak.text.contains("<a href=\"#mot-de-passe\">"), "{}", weak.words());
    assert!(weak.words().contains("trop facile à deviner"));
    let script = agent.post("/inscription", &sign_up("<script>alert(1)</script>", ADDRESS, PASSWORD)).await;
    assert!(!script.text.contains("<script>alert"), "what is typed is shown as text");
}

async fn known_and_unknown_addresses_are_answered_alike(app: TestApp) {
    join(&app, ADDRESS, "A").await;
    let mut other = Client::new(&app);
    let mut answers = vec![];
    for address in [ADDRESS, "personne@ville.example"] {
        let page = other.post("/connexion", &[("courriel", address), ("mot-de-passe", OTHER)]).await;
        answers.push((page.status, page.text.replace(address, "@")));
        let page = other.post("/mot-de-passe-oublie", &[("courriel", address)]).await;
        answers.push((page.status, page.text.replace(address, "@")));
        let siren = crate::accounts::world::siren("B").to_string();
        let page = other.post("/inscription", &sign_up(&siren, address, PASSWORD)).await;
        answers.push((page.status, page.text.replace(address, "@")));
    }
    let (known, unknown) = answers.split_at(3);
    assert_eq!(known, unknown);
    assert_eq!(known[0].0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.cookie(SESSION), None);
}

async fn a_form_of_another_site_changes_nothing(app: TestApp) {
    join(&app, ADDRESS, "A").await;
    for site in [None, Some("cross-site"), Some("same-site")] {
        let body = format!("courriel={ADDRESS}&mot-de-passe={}", PASSWORD.replace(' ', "+"));
        let mut request = Request::builder()
            .method(Method::POST)
            .uri("/connexion")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        let page = ask(&app, request.body(Body::from(body)).unwrap()).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{site:?}");
        assert!(page.header("set-cookie").is_empty());
    }
}

async fn one_is_never_led_to_another_site(app: TestApp) {
    join(&app, ADDRESS, "A").await;
    for way in ["https://ailleurs.example", "//ailleurs.example", "/\\ailleurs.example"] {
        let mut agent = Client::new(&app);
        let fields = [("courriel", ADDRESS), ("mot-de-passe", PASSWORD), ("suite", way)];
        assert_eq!(went_to(&agent.post("/connexion", &fields).await), "/espace", "{way}");
    }
}

async fn what_was_typed_when_the_session_had_ended_comes_back(app: TestApp) {
    join(&app, ADDRESS, "A").await;
    let mut agent = Client::new(&app);
    let known = [("courriel", ADDRESS), ("mot-de-passe", PASSWORD), ("suite", "/espace")];
    went_to(&agent.post("/connexion", &known).await);
    app.set_clock("2014-05-20T09:01:00Z");
    let typed = [("collectivite", "200000016"), ("message", "Je remplace une collègue partie.")];
    let late = agent.post("/espace/rattachement", &typed).await;
    let way = went_to(&late).to_owned();
    assert_eq!(way, "/connexion?suite=%2Fespace%2Frattachement");
    assert!(agent.get(&way).await.words().contains("Ce que vous aviez saisi est gardé"));
    let known = [("courriel", ADDRESS), ("mot-de-passe", PASSWORD), ("suite", "/espace/rattachement")];
    assert_eq!(went_to(&agent.post("/connexion", &known).await), "/espace/rattachement");
    let page = agent.get("/espace/rattachement").await;
    assert!(page.text.contains("Je remplace une collègue partie."), "{}", page.words());
    assert!(page.text.contains("value=\"200000016\""));
    // Once it is sent it comes back no more.
    let sent = agent.post("/espace/rattachement", &[("collectivite", "")]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = agent.get("/espace/rattachement").await;
    assert!(!page.text.contains("200000016"), "{}", page.words());
    // Who has no part in it sees nothing of it.
    assert!(!get(&app, "/connexion").await.text.contains("collègue"));
}

async fn a_password_is_never_kept(app: TestApp) {
    let mut nobody = Client::new(&app);
    let typed = [("ancien", PASSWORD), ("nouveau", OTHER)];
    let sent = nobody.post("/compte/mot-de-passe", &typed).await;
    assert_eq!(went_to(&sent), "/connexion?suite=%2Fcompte%2Fmot-de-passe");
    assert_eq!(nobody.cookie("__Host-eapd-saisie"), None, "nothing was kept");
}

async fn a_collectivity_that_is_not_in_the_list_reaches_the_ministry(app: TestApp) {
    let mut agent = Client::new(&app);
    let mut typed = sign_up("Communauté fictive", ADDRESS, PASSWORD).to_vec();
    assert!(agent.post("/inscription", &typed).await.words().contains("Aucune collectivité ne porte ce nom"));
    typed.push(("autre", "absente"));
    let unfolded = agent.post("/inscription", &typed).await;
    assert_eq!(unfolded.status, StatusCode::OK);
    assert!(unfolded.text.contains("value=\"Agent Inventé\"") && !unfolded.text.contains("fr-alert--error"));
    typed.pop();
    typed.push(("absente", "oui"));
    let refused = agent.post("/inscription", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["absente-nom", "absente-type", "absente-departement"] {
        assert!(refused.text.contains(&format!("<a href=\"#{field}\">")), "{field}: {}", refused.words());
    }
    typed.extend([
        ("absente-nom", "Communauté fictive"),
        ("absente-type", "cc"),
        ("absente-departement", "35"),
        ("absente-remplace", "200000016"),
    ]);
    let asked = agent.post("/inscription", &typed).await;
    assert!(asked.words().contains("Il reste à confirmer votre adresse"), "{}", asked.words());
    let secret = link(&app.app, "confirm_email").await;
    let right = [("jeton", secret.reveal()), ("mot-de-passe", PASSWORD)];
    assert_eq!(went_to(&agent.post("/inscription/confirmation", &right).await), "/espace");
    let ministry = Actor { person: "G".to_owned(), role: Role::Manager };
    let requests = account::missing_requests(&app.app, &ministry).await.unwrap();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].told.name, "Communauté fictive");
    assert_eq!(requests[0].told.successor_of, ["200000016".parse().unwrap()]);
    // Another one, from the agent's own space.
    let fields = [
        ("absente", "oui"),
        ("absente-nom", "Syndicat fictif"),
        ("absente-type", "syndicat"),
        ("absente-departement", "2A"),
    ];
    assert_eq!(went_to(&agent.post("/espace/rattachement", &fields).await), "/espace");
    assert_eq!(account::missing_requests(&app.app, &ministry).await.unwrap().len(), 2);
}

contract!(with world, "2014-05-20T08:00:00Z":
    an_agent_comes_in_and_leaves,
    every_fault_of_the_form_is_told_and_what_was_typed_is_kept,
    known_and_unknown_addresses_are_answered_alike,
    a_form_of_another_site_changes_nothing,
    one_is_never_led_to_another_site,
    what_was_typed_when_the_session_had_ended_comes_back,
    a_password_is_never_kept,
    a_collectivity_that_is_not_in_the_list_reaches_the_ministry,
);
