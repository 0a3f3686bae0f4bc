//! Every page, in both themes, wide and narrow, with and without scripts: nothing that axe finds, nothing out of sight.

use eapd::domain::account::{AccountRole, Identity};
use eapd::service::account::{self, SignUp, Wanted};
use fantoccini::Locator;
use serde_json::json;

use super::staff::staff;
use super::world::app;
use super::{access, desk, eligibility, reserved};
use crate::accounts::world::{email, here, link};
use crate::support::browser::{Browser, Look};
use crate::support::{Engine, TestApp};

/// Pages that the table of addresses does not show by itself.
const MORE: [&str; 6] = [
    "/collectivites?q=commune",
    "/collectivites?q=introuvable",
    "/recepisses?numero=x",
    "/rien",
    "/collectivites/000000000",
    "/aide#montant",
];

/// Files, what leads elsewhere for everyone, and steps that need a secret or a file of their own: journeys come to them.
const NOT_PAGES: [&str; 22] = [
    "/.well-known/security.txt",
    "/connexion/code",
    "/espace/{siren}/{exercice}/export",
    "/espace/{siren}/{exercice}/import/{apercu}/annote",
    "/espace/{siren}/{exercice}/modele",
    "/espace/{siren}/{exercice}/recepisses/{numero}/pdf",
    "/inscription/confirmation",
    "/invitation",
    "/mot-de-passe-oublie/nouveau",
    "/pilotage/campagnes/{annee}/titre",
    "/pilotage/declarations/{siren}/{exercice}/export",
    "/pilotage/eligibilite/appels/{appel}/en-attente/export",
    "/pilotage/eligibilite/attestations/{attestation}/pdf",
    "/pilotage/eligibilite/listes/{liste}/fichier",
    "/pilotage/qualite",
    "/pilotage/qualite/{annee}/export",
    "/pilotage/rapports/{nom}/{exercice}/{edition}/{format}",
    "/pilotage/registre/fichier/{apercu}",
    "/pilotage/relances",
    "/pilotage/suivi",
    "/pilotage/suivi/{annee}/export",
    "/pilotage/syntheses/{region}/{exercice}/{format}",
];

/// Every page of `docs/access.csv`, as somebody who may open it, about objects that exist.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_has_a_fault_that_axe_knows() {
    let test = access::lived_in().await;
    let (pages, others) = access::opened(&test).await;
    assert!(pages.len() > 80, "{} pages open", pages.len());
    let browser = Browser::open(&test.app).await;
    let mut faults = vec![];
    for path in MORE {
        browser.go(path).await;
        faults.extend(browser.faults(path).await);
    }
    for page in &pages {
        if let Some(cookie) = &page.cookie {
            browser.holds(cookie).await;
        }
        browser.go(&page.path).await;
        let is_asked_who = page.cookie.is_some() && browser.has("main form[action='/connexion']").await;
        assert!(browser.has("main h1").await && !is_asked_who, "{}", page.path);
        faults.extend(browser.faults(&page.path).await);
    }
    let others: Vec<_> = others.iter().map(String::as_str).collect();
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(others, NOT_PAGES);
}

/// Who awaits the attachment, and the colleague who can answer: notices, what waits, a draft of before.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_sous_reserve_has_a_fault_either() {
    let test = TestApp::copy_of(&desk::desk(Engine::Sqlite).await, desk::NOW).await;
    let receipt = reserved::filed(&test).await;
    let browser = Browser::open(&test.app).await;
    let mut faults = vec![];
    for (address, pages) in
        [(reserved::THIRD, ["", "/signature", "/historique"].as_slice()), (desk::FIRST, &["", "/historique"])]
    {
        browser.go("/connexion").await;
        browser.fill("courriel", address).await;
        browser.fill("mot-de-passe", desk::PASSWORD).await;
        browser.press("form[action='/connexion'] button[type='submit']").await;
        browser.comes_to("/espace").await;
        let more = [receipt.clone(), "/espace".to_owned(), format!("/espace/{}/agents", desk::OWN)];
        for path in pages.iter().map(|page| format!("{}{page}", desk::BASE)).chain(more) {
            browser.go(&path).await;
            faults.extend(browser.faults(&path).await);
        }
        browser.go("/deconnexion").await;
        browser.press("main form[action='/deconnexion'] button[type='submit']").await;
        browser.comes_to("/").await;
    }
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The pages that the links of mails lead to, while these serve.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_behind_the_link_of_a_mail_has_a_fault_either() {
    let test = TestApp::copy_of(&desk::desk(Engine::Sqlite).await, desk::NOW).await;
    let form = SignUp {
        identity: Identity::new("Nouvelle Inventée", "secrétaire de mairie").unwrap(),
        email: email("nouvelle@commune.example"),
        wanted: Wanted::Registered(desk::OWN.parse().unwrap()),
        message: None,
    };
    account::sign_up(&test.app, &form, desk::PASSWORD, &here()).await.unwrap();
    account::forgotten(&test.app, &email(desk::FIRST), &here()).await.unwrap();
    let browser = Browser::open(&test.app).await;
    let mut faults = vec![];
    for (kind, page) in
        [("confirm_email", "/inscription/confirmation"), ("reset_password", "/mot-de-passe-oublie/nouveau")]
    {
        let path = format!("{page}?jeton={}", link(&test.app, kind).await.reveal());
        browser.go(&path).await;
        assert!(browser.has(&format!("main form[action='{page}'] input[type='password']")).await, "{page}");
        faults.extend(browser.faults(page).await);
        // A password that is refused: the page says so beside the field.
        let field = browser.finds(Locator::Css("main input[type='password']")).await;
        field.send_keys("court").await.unwrap();
        browser.press("main form button[type='submit']").await;
        browser.comes_to(page).await;
        assert!(browser.has("#erreurs").await, "{page}");
        faults.extend(browser.faults(&format!("{page}, refused")).await);
    }
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What an instructor sees of eligibility, and what anyone sees of a certificate.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_eligibility_has_a_fault_either() {
    let test = app(Engine::Sqlite).await;
    let signed = staff(&test, AccountRole::Instructor).await;
    let pages = eligibility::lived_in(&signed).await;
    let browser = Browser::open(&test.app).await;
    browser.holds(signed.cookie()).await;
    let mut faults = vec![];
    for path in &pages {
        browser.go(path).await;
        assert!(browser.has("main h1").await && !browser.has("form[action='/connexion']").await, "{path}");
        faults.extend(browser.faults(path).await);
    }
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The pages of summaries and of reports, for who reads them all.
#[tokio::test(flavor = "multi_thread")]
async fn no_summary_has_a_fault_either() {
    let test = app(Engine::Sqlite).await;
    let signed = staff(&test, AccountRole::Manager).await;
    let order = super::releases::order(&signed).await;
    let browser = Browser::open(&test.app).await;
    browser.holds(signed.cookie()).await;
    let mut faults = vec![];
    for path in [
        "/pilotage/syntheses",
        "/pilotage/syntheses/nationale/2013",
        "/pilotage/syntheses/11/2013?appel=AAP-2014",
        "/pilotage/rapports",
        "/pilotage/rapports?exercice=2012",
        &order,
    ] {
        browser.go(path).await;
        assert!(browser.has("main h1").await && !browser.has("form[action='/connexion']").await, "{path}");
        faults.extend(browser.faults(path).await);
    }
    // A page that follows an order tells the end by itself.
    browser.go(&order).await;
    super::releases::worked_off(&test).await;
    browser.finds(Locator::Css("#avancement [role='status']")).await;
    faults.extend(browser.faults("what became of an order").await);
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_menu_and_the_breadcrumb_are_there() {
    let app = app(Engine::Sqlite).await;
    let browser = Browser::open(&app.app).await;
    browser.scripts(false).await;
    for look in Look::ALL {
        browser.go("/aide").await;
        browser.look(look).await;
        for selector in [".fr-nav__link[href='/collectivites']", ".fr-breadcrumb__link[href='/']"] {
            assert!(browser.shows(selector).await, "{selector} {look:?}");
        }
        assert!(!browser.shows(".fr-header__tools button").await, "a theme cannot be chosen without scripts");
    }
    browser.scripts(true).await;
    browser.go("/aide").await;
    let root = browser.run("return document.documentElement.hasAttribute('data-app-js')", &[]).await;
    assert_eq!(root, json!(true));
    browser.close().await;
}
