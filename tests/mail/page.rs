//! `/demo/courriels`: the mails of a demonstration, whose links serve; nothing of the kind in production.

use axum::http::StatusCode;
use eapd::config::Profile;
use eapd::service::account;
use eapd::service::mail::{Post, deliver};

use crate::accounts::world::{PASSWORD, form, here, link, world};
use crate::support::{TestApp, contract};
use crate::web::client::Client;
use crate::web::world::get;

const PAGE: &str = "/demo/courriels";

async fn a_mail_is_shown_and_its_link_serves(test: TestApp) {
    let app = &test.app;
    assert!(get(&test, PAGE).await.words().contains("Aucun courriel pour l’instant"));
    let mut trick = form("agent@ville.example", "A");
    trick.message = Some("<script>alert(1)</script>".to_owned());
    account::sign_up(app, &trick, PASSWORD, &here()).await.unwrap();
    let secret = link(app, "confirm_email").await;
    let post = Post::of(&app.config).unwrap().unwrap();
    assert_eq!(deliver(app, &post, || true).await.unwrap().sent, 1);
    let page = get(&test, PAGE).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.words().contains("Confirmez votre adresse électronique"), "{}", page.words());
    assert!(page.words().contains("agent@ville.example"));
    let path = format!("/inscription/confirmation?jeton={}", secret.reveal());
    assert!(page.text.contains(&format!("<a href=\"{path}\">")), "{}", page.text);
    let mut agent = Client::new(&test);
    let right = [("jeton", secret.reveal()), ("mot-de-passe", PASSWORD)];
    assert_eq!(agent.post("/inscription/confirmation", &right).await.status, StatusCode::SEE_OTHER);
    // The request that the confirmation queued comes first, and its message is text.
    test.set_clock("2014-05-20T08:05:00Z");
    deliver(app, &post, || true).await.unwrap();
    let page = get(&test, PAGE).await;
    let words = page.words();
    let (newer, older) = (words.find("Demande de rattachement").unwrap(), words.find("Confirmez").unwrap());
    assert!(newer < older, "{words}");
    assert!(!page.text.contains("<script>alert"));
}

async fn production_has_no_such_page(mut test: TestApp) {
    test.configure(|config| config.profile = Profile::Production);
    assert_eq!(get(&test, PAGE).await.status, StatusCode::NOT_FOUND);
}

contract!(with world, "2014-05-20T08:00:00Z":
    a_mail_is_shown_and_its_link_serves,
    production_has_no_such_page,
);
