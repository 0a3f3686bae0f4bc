//! Someone new at a real browser: from the sign-up to two versions, with scripts and without; and on the last evening.

use std::io::Write as _;

use eapd::domain::eligibility::Status;
use eapd::service::attachment::{self, Decision};
use eapd::service::eligibility;
use eapd::service::mail::{Post, deliver};
use fantoccini::Locator;
use serde_json::json;

use super::desk::{BASE, FIRST, NOW, OWN, PASSWORD, Signed, desk};
use crate::reports::tools::poppler;
use crate::support::browser::Browser;
use crate::support::people::manager;
use crate::support::{Engine, TestApp};

const ADDRESS: &str = "nouvelle@commune.example";

struct Newcomer<'a> {
    app: &'a TestApp,
    browser: Browser,
}

impl<'a> Newcomer<'a> {
    async fn before(app: &'a TestApp, scripts: bool) -> Self {
        let browser = Browser::open(&app.app).await;
        browser.scripts(scripts).await;
        Self { app, browser }
    }

    /// Fills the one form, finds the mail, follows its link.
    async fn signs_up(&self) {
        let browser = &self.browser;
        browser.go("/").await;
        browser.press("main a.fr-btn").await;
        browser.comes_to("/connexion").await;
        browser.press("main a[href='/inscription']").await;
        browser.comes_to("/inscription").await;
        for (field, text) in [
            ("collectivite", OWN),
            ("nom", "Nouvelle Inventée"),
            ("fonction", "secrétaire de mairie"),
            ("courriel", ADDRESS),
            ("mot-de-passe", PASSWORD),
        ] {
            browser.fill(field, text).await;
        }
        browser.press("form[action='/inscription'] button:not([name])").await;
        browser.comes_to("/inscription").await;
        let post = Post::of(&self.app.app.config).unwrap().unwrap();
        assert!(deliver(&self.app.app, &post, || true).await.unwrap().sent > 0, "{}", self.words().await);
        browser.go("/demo/courriels").await;
        browser.press("main a[href^='/inscription/confirmation']").await;
        browser.comes_to("/inscription/confirmation").await;
        browser.fill("mot-de-passe", PASSWORD).await;
        browser.press("main form button[type='submit']").await;
        browser.comes_to("/espace").await;
    }

    /// Types a line of the first case.
    async fn types_a_line(&self, country: &str, amount: &str) {
        let browser = &self.browser;
        browser.go(BASE).await;
        browser.press("a[href$='cas=association_ici']").await;
        browser.comes_to(&format!("{BASE}/lignes/nouvelle")).await;
        browser.fill("organisme", "Association fictive").await;
        browser.chooses("pays", country).await;
        browser.chooses("theme", "Eau").await;
        browser.fill("montant_verse", amount).await;
        browser.press("button[value='enregistrer']").await;
        browser.comes_to(&format!("{BASE}/recapitulatif")).await;
    }

    /// Adds the line of a file.
    async fn imports_a_line(&self) {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        let line = "titre;pays;secteur;canal;nature;montant_verse\n\
                    École (fictive);Madagascar;11220;22000;subvention_association;2 800,50\n";
        file.write_all(line.as_bytes()).unwrap();
        let browser = &self.browser;
        browser.go(BASE).await;
        browser.press("main a[href$='/import']").await;
        browser.comes_to(&format!("{BASE}/import")).await;
        let field = browser.client.find(Locator::Id("fichier")).await.unwrap();
        field.send_keys(file.path().to_str().unwrap()).await.unwrap();
        browser.press("label[for='mode-add']").await;
        browser.press("#formulaire button[type='submit']").await;
        browser.comes_to(&format!("{BASE}/import/")).await;
        browser.press("main form button[value='appliquer']").await;
        browser.comes_to(&format!("{BASE}/recapitulatif")).await;
    }

    /// Signs what is there; gives the address of the receipt.
    async fn files(&self) -> String {
        let browser = &self.browser;
        browser.go(&format!("{BASE}/recapitulatif")).await;
        browser.press("main a[href$='/signature']").await;
        browser.comes_to(&format!("{BASE}/signature")).await;
        for label in ["verifie", "atteste"] {
            if browser.has(&format!("label[for='{label}']")).await {
                browser.press(&format!("label[for='{label}']")).await;
            }
        }
        browser.press("#formulaire button[type='submit']").await;
        browser.comes_to(&format!("{BASE}/recepisses/")).await;
        browser.client.current_url().await.unwrap().path().to_owned()
    }

    async fn words(&self) -> String {
        let text = self.browser.client.find(Locator::Css("main")).await.unwrap().text().await.unwrap();
        text.replace(['\u{202f}', '\u{a0}'], " ")
    }
}

async fn from_sign_up_to_two_versions(scripts: bool) {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let newcomer = Newcomer::before(&app, scripts).await;
    newcomer.signs_up().await;
    assert!(newcomer.words().await.contains("Commune d’Essai"));
    let told = newcomer.browser.has("html[data-app-js]").await;
    assert_eq!(told, scripts, "what the pages' own script sets");
    // A colleague accepts.
    let colleague = Signed::as_(&app, FIRST).await;
    let agents = colleague.get(&format!("/espace/{OWN}/agents")).await;
    assert!(agents.words().contains("Nouvelle Inventée"), "{}", agents.words());
    let request = super::desk::value(&agents, "demande");
    colleague.accepts(&request).await;

    newcomer.types_a_line("Mali", "3 200 €").await;
    newcomer.types_a_line("Sénégal", "1 500,00").await;
    newcomer.imports_a_line().await;
    assert!(newcomer.words().await.contains("7 500,50 €"), "{}", newcomer.words().await);
    let receipt = newcomer.files().await;
    assert!(newcomer.words().await.contains("7 500,50 €"));
    let pdf = newcomer.browser.downloads(&format!("main a[href='{receipt}/pdf']")).await;
    assert_eq!(pdf.file_name().unwrap().to_str(), Some(&*format!("recepisse-{OWN}-2013-v1.pdf")));
    let told = poppler("pdftotext", &["-raw"], &pdf).split_whitespace().collect::<Vec<_>>().join(" ");
    let number = receipt.rsplit('/').next().unwrap();
    assert!(told.contains("7 500,50 €") && told.contains(number), "{told}");

    // A correction is another version.
    newcomer.browser.go(BASE).await;
    newcomer.browser.press("main table tbody tr:first-child a").await;
    newcomer.browser.comes_to(&format!("{BASE}/lignes/")).await;
    newcomer.browser.fill("montant_verse", "3 300").await;
    newcomer.browser.press("button[value='enregistrer']").await;
    newcomer.browser.comes_to(&format!("{BASE}/recapitulatif")).await;
    assert!(newcomer.words().await.contains("c’est la version 1 qui compte"));
    newcomer.files().await;
    newcomer.browser.go(&format!("{BASE}/historique")).await;
    let words = newcomer.words().await;
    assert!(
        words.contains("Version 2") && words.contains("Version 1") && words.contains("3 300,00"),
        "{words}"
    );
    newcomer.browser.close().await;
    let filed = app
        .instance
        .must("SELECT version || ' ' || line_count || ' ' || total_own FROM filing ORDER BY version;");
    assert_eq!(filed.trim().lines().collect::<Vec<_>>(), ["1 3 750050", "2 3 760050"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_files_two_versions() {
    from_sign_up_to_two_versions(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_files_two_versions_without_scripts() {
    from_sign_up_to_two_versions(false).await;
}

async fn nothing_paid_is_declared(scripts: bool) {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let browser = Browser::open(&app.app).await;
    browser.scripts(scripts).await;
    browser.go(&format!("{BASE}/est-ce-de-l-apd")).await;
    browser.fill("courriel", FIRST).await;
    browser.fill("mot-de-passe", PASSWORD).await;
    browser.press("form[action='/connexion'] button[type='submit']").await;
    browser.comes_to(&format!("{BASE}/est-ce-de-l-apd")).await;
    assert_eq!(browser.has("html[data-app-js]").await, scripts, "what the pages' own script sets");
    browser.press("main a[href$='/neant']").await;
    browser.comes_to(&format!("{BASE}/neant")).await;
    browser.press("label[for='atteste']").await;
    browser.press("#formulaire button[type='submit']").await;
    browser.comes_to(&format!("{BASE}/recepisses/")).await;
    browser.close().await;
    assert_eq!(app.instance.must("SELECT kind || line_count FROM filing;").trim(), "nil0");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_paid_is_declared_by_a_signed_nil() {
    nothing_paid_is_declared(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_paid_is_declared_without_scripts() {
    nothing_paid_is_declared(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_up_on_the_last_evening_is_eligible_with_the_first_instant() {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, "2014-06-15T23:10:00+02:00").await;
    let newcomer = Newcomer::before(&app, true).await;
    newcomer.signs_up().await;
    app.set_clock("2014-06-15T23:50:00+02:00");
    newcomer.types_a_line("Mali", "3 200 €").await;
    newcomer.files().await;
    assert!(newcomer.words().await.contains("sous réserve"), "{}", newcomer.words().await);
    newcomer.browser.close().await;
    let verdict =
        async || eligibility::of_one(&app.app, "AAP-2014", OWN.parse().unwrap(), None, None).await.unwrap();
    app.set_clock("2014-06-20T10:00:00+02:00");
    assert_eq!(verdict().await.status, Status::Pending);
    app.set_clock("2014-06-22T10:00:00+02:00");
    let waiting = attachment::awaited(&app.app, &manager()).await.unwrap();
    attachment::decide(&app.app, &manager(), &waiting[0].attachment.id, Decision::Accept).await.unwrap();
    let after = verdict().await;
    assert_eq!(after.status, Status::Eligible);
    let told = format!("{after:?}");
    assert!(told.contains("2014-06-15T21:50:00Z"), "{told}");
}

/// The last second counts; the next one says so and keeps what was typed.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_second_counts_at_the_browser_too() {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, "2014-06-15T23:30:00+02:00").await;
    let browser = Browser::open(&app.app).await;
    browser.go(BASE).await;
    browser.fill("courriel", FIRST).await;
    browser.fill("mot-de-passe", PASSWORD).await;
    browser.press("form[action='/connexion'] button[type='submit']").await;
    browser.comes_to(BASE).await;
    let late = Newcomer { app: &app, browser };
    late.types_a_line("Mali", "3 200 €").await;
    app.set_clock("2014-06-15T23:59:59+02:00");
    late.files().await;
    app.set_clock("2014-06-15T23:59:59+02:00");
    late.types_a_line("Sénégal", "100").await;
    late.browser.press("main a[href$='/signature']").await;
    late.browser.comes_to(&format!("{BASE}/signature")).await;
    late.browser.fill("fonction", "première adjointe").await;
    for label in ["verifie", "atteste"] {
        if late.browser.has(&format!("label[for='{label}']")).await {
            late.browser.press(&format!("label[for='{label}']")).await;
        }
    }
    app.set_clock("2014-06-16T00:00:00+02:00");
    late.browser.press("#formulaire button[type='submit']").await;
    late.browser.client.wait().for_element(Locator::Id("erreurs")).await.unwrap();
    let kept = late.browser.run("return document.getElementById('fonction')?.value", &[]).await;
    assert_eq!(kept, json!("première adjointe"));
    late.browser.go(BASE).await;
    let words = late.words().await;
    assert!(words.contains("version 1") && words.contains("100,00 €"), "the draft stays readable: {words}");
    late.browser.close().await;
    assert_eq!(app.instance.must("SELECT COUNT(*) FROM filing;").trim(), "1");
}
