//! The secretary of a small commune at a real browser: with scripts, without, and nothing that axe finds on the way.

use fantoccini::Locator;

use super::desk::{BASE, FIRST, NOW, PASSWORD, desk};
use crate::support::browser::Browser;
use crate::support::{Engine, TestApp};

/// What is filed for her, and what she never sees: purpose, channel, type of aid, nature, recipient.
const CODES: [&str; 7] = ["14030", "14032", "22000", "C01", "association_ici", "subvention_", "(255)"];

/// Counts what a person does.
#[derive(Debug, Default)]
struct Effort {
    screens: u32,
    typed: u32,
}

struct Secretary {
    browser: Browser,
    effort: Effort,
}

impl Secretary {
    async fn types(&mut self, id: &str, text: &str) {
        self.browser.fill(id, text).await;
        self.effort.typed += 1;
    }

    /// A choice in a list is typed too.
    async fn chooses(&mut self, id: &str, name: &str) {
        self.browser.chooses(id, name).await;
        self.effort.typed += 1;
    }

    /// Goes on to the next screen.
    async fn presses(&mut self, selector: &str) {
        self.browser.press(selector).await;
        self.effort.screens += 1;
    }

    /// Each screen speaks in plain words.
    async fn comes_to(&self, start: &str) {
        self.browser.comes_to(start).await;
        let text = self.browser.text("main").await;
        for code in CODES {
            assert!(!text.contains(code), "{start} shows the code {code}: {text}");
        }
    }
}

async fn sign_in(app: &TestApp, scripts: bool) -> Secretary {
    let browser = Browser::open(&app.app).await;
    browser.scripts(scripts).await;
    // She comes by the address of her declaration, and is asked who she is.
    browser.go(BASE).await;
    let mut secretary = Secretary { browser, effort: Effort { screens: 1, typed: 0 } };
    secretary.types("courriel", FIRST).await;
    secretary.types("mot-de-passe", PASSWORD).await;
    secretary.presses("form[action='/connexion'] button[type='submit']").await;
    secretary.comes_to(BASE).await;
    secretary
}

async fn from_sign_in_to_receipt(scripts: bool) {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let mut secretary = sign_in(&app, scripts).await;
    secretary.presses("a[href$='cas=association_ici']").await;
    secretary.comes_to(&format!("{BASE}/lignes/nouvelle")).await;
    secretary.types("organisme", "Association fictive").await;
    secretary.chooses("pays", "Mali").await;
    secretary.chooses("theme", "Eau").await;
    secretary.types("montant_verse", "3 200 €").await;
    secretary.presses("button[value='enregistrer']").await;
    secretary.comes_to(&format!("{BASE}/recapitulatif")).await;
    secretary.presses("main a[href$='/signature']").await;
    secretary.comes_to(&format!("{BASE}/signature")).await;
    secretary.browser.press("label[for='atteste']").await;
    let screens = secretary.effort.screens;
    secretary.presses("#formulaire button[type='submit']").await;
    secretary.comes_to(&format!("{BASE}/recepisses/")).await;
    assert_eq!((screens, secretary.effort.typed), (5, 6), "screens before the receipt, fields typed");
    secretary.browser.close().await;
    assert_eq!(app.instance.must("SELECT total_own FROM filing;").trim(), "320000");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_line_is_filed_in_six_screens_and_six_fields() {
    from_sign_in_to_receipt(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_line_is_filed_without_scripts() {
    from_sign_in_to_receipt(false).await;
}

impl Secretary {
    /// Looks for faults, which axe does by scripts.
    async fn looks(&self, name: &str, scripts: bool, faults: &mut Vec<String>) {
        if scripts {
            faults.extend(self.browser.faults(name).await);
        }
    }

    /// Chooses a file and sends it.
    async fn sends_file(&mut self, folder: &tempfile::TempDir, name: &str, text: &str) {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let field = self.browser.finds(Locator::Css("#fichier")).await;
        field.send_keys(path.to_str().unwrap()).await.unwrap();
        self.presses("#formulaire button[type='submit']").await;
    }
}

async fn a_file_is_imported(scripts: bool) {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let folder = tempfile::tempdir().unwrap();
    let header = "reference;titre;pays;secteur;canal;nature;montant_verse\n";
    let mut secretary = sign_in(&app, scripts).await;
    secretary.presses("main a[href$='/import']").await;
    secretary.comes_to(&format!("{BASE}/import")).await;
    let mut faults = vec![];
    secretary.presses("#formulaire button[type='submit']").await;
    assert!(secretary.browser.shows("#erreurs a[href='#fichier']").await);
    secretary.looks("a form without a file", scripts, &mut faults).await;
    let wrong =
        format!("{header}A;Puits;Atlantide;14030;22000;projet;1.234\nB;École;Mali;14030;22000;projet;5\n");
    secretary.sends_file(&folder, "lignes.csv", &wrong).await;
    secretary.comes_to(&format!("{BASE}/import/")).await;
    secretary.looks("a preview with errors", scripts, &mut faults).await;
    secretary.presses("main a.fr-btn--secondary[href$='/import']").await;
    secretary.comes_to(&format!("{BASE}/import")).await;
    secretary
        .sends_file(&folder, "lignes.csv", &wrong.replace("Atlantide", "Togo").replace("1.234", "1234"))
        .await;
    secretary.comes_to(&format!("{BASE}/import/")).await;
    secretary.looks("a preview", scripts, &mut faults).await;
    secretary.presses("button[value='appliquer']").await;
    secretary.comes_to(&format!("{BASE}/recapitulatif")).await;
    secretary.browser.go(&format!("{BASE}/import")).await;
    secretary
        .sends_file(
            &folder,
            "autres.csv",
            &format!("{header}A;Puits;Togo;14030;22000;projet;2\nC;Pont;Mali;14030;22000;projet;1000000\n"),
        )
        .await;
    secretary.comes_to(&format!("{BASE}/import/")).await;
    secretary.looks("a preview of all kinds of changes", scripts, &mut faults).await;
    secretary.browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(app.instance.must("SELECT revision FROM draft;").trim(), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_imported_at_a_browser() {
    a_file_is_imported(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_imported_without_scripts() {
    a_file_is_imported(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_a_declaration_has_a_fault_that_axe_knows() {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let mut agent = sign_in(&app, true).await;
    let browser = &agent.browser;
    let mut faults = vec![];
    for path in [
        "",
        "/est-ce-de-l-apd",
        "/neant",
        "/reprise",
        "/import",
        "/import?fichier=perdu",
        "/historique",
        "/lignes/nouvelle",
        "/lignes/nouvelle?cas=autre",
        "/lignes/nouvelle?cas=urgence",
    ] {
        browser.go(&format!("{BASE}{path}")).await;
        faults.extend(browser.faults(path).await);
    }
    browser.go(&format!("{BASE}/lignes/nouvelle?cas=association_ici")).await;
    browser.press("button[value='enregistrer']").await;
    faults.extend(browser.faults("a form with faults").await);
    agent.types("organisme", "Association fictive").await;
    agent.chooses("pays", "Mali").await;
    agent.chooses("theme", "Je ne sais pas").await;
    agent.types("montant_verse", "125").await;
    agent.presses("button[value='enregistrer']").await;
    agent.comes_to(&format!("{BASE}/recapitulatif")).await;
    let browser = &agent.browser;
    for path in ["", "/recapitulatif", "/lignes/2013-L0001"] {
        browser.go(&format!("{BASE}{path}")).await;
        faults.extend(browser.faults(path).await);
    }
    browser.press("button[value='retirer']").await;
    faults.extend(browser.faults("a line to be taken out").await);
    browser.go(&format!("{BASE}/signature")).await;
    browser.press("#formulaire button[type='submit']").await;
    faults.extend(browser.faults("a signature with faults").await);
    for box_ in ["verifie", "atteste"] {
        browser.press(&format!("label[for='{box_}']")).await;
    }
    browser.press("#formulaire button[type='submit']").await;
    browser.comes_to(&format!("{BASE}/recepisses/")).await;
    faults.extend(browser.faults("the receipt").await);
    for path in ["", "/historique"] {
        browser.go(&format!("{BASE}{path}")).await;
        faults.extend(browser.faults(path).await);
    }
    agent.browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
