//! The pictures of the README: a small commune's agent in the demonstration, at a real browser.
//!
//! `make screenshots` names the folder that they are written to. Every run takes them, so that the way through the
//! demonstration holds; they are thrown away then.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use eapd::config::{Config, Profile};
use eapd::domain::account::AccountRole;
use eapd::domain::receipt::Sheet;
use eapd::service::demo::{self, accounts};
use eapd::service::mail::{Post, deliver};
use eapd::service::question::{self, New};
use eapd::service::verification::{Verified, verify};
use eapd::service::{operator, receipt, register};
use fantoccini::Locator;
use serde_json::json;

use super::desk::Signed;
use super::eligibility::{answered, certified};
use super::staff::staff;
use crate::contract::register::package::real;
use crate::support::browser::{Browser, Look};
use crate::support::people;
use crate::support::template::prepared;
use crate::support::{Engine, TestApp};

/// When the demonstration starts.
const NOW: &str = "2026-05-20T09:00:00+02:00";
/// Highest picture, in pixels.
const HIGHEST: u64 = 1_800;

const WIDE: Look = Look { dark: false, width: 1_100 };
const DARK: Look = Look { dark: true, width: 1_100 };
const PHONE: Look = Look { dark: false, width: 360 };

/// A city of the demonstration, and a list with it, a fictitious commune and a number that is wrong.
const RENNES: &str = "213502388";
const LISTED: &str = "213502388\n219900016\n219900131\nbonjour";

struct Photographer {
    browser: Browser,
    folder: PathBuf,
}

impl Photographer {
    /// A picture of the page that is open, from its top down.
    async fn takes(&self, name: &str, look: Look) {
        self.browser.look(look).await;
        let height = "return document.documentElement.scrollHeight";
        let height = self.browser.run(height, &[]).await.as_u64().unwrap().min(HIGHEST);
        let clip = json!({"x": 0, "y": 0, "width": look.width, "height": height, "scale": 1});
        let asked = json!({"format": "webp", "quality": 80, "captureBeyondViewport": true, "clip": clip});
        let taken = self.browser.tell("Page.captureScreenshot", asked).await;
        let bytes = STANDARD.decode(taken["data"].as_str().unwrap()).unwrap();
        std::fs::write(self.folder.join(format!("{name}.webp")), bytes).unwrap();
        self.browser.look(WIDE).await;
    }

    /// The first page of a document as a browser shows it.
    fn draws(&self, document: &[u8], name: &str) {
        let pdf = self.folder.join(format!("{name}.pdf"));
        std::fs::write(&pdf, document).unwrap();
        let drawn = Command::new("pdftoppm")
            .args(["-png", "-singlefile", "-r", "80"])
            .args([&pdf, &self.folder.join(name)])
            .status()
            .expect("pdftoppm is missing: run `make test-tools`");
        assert!(drawn.success());
        std::fs::remove_file(pdf).unwrap();
    }

    /// The receipt as a document.
    async fn draws_receipt(&self, test: &TestApp, number: &str) {
        let app = &test.app;
        let Verified::Receipt(proof) = verify(app, number).await.unwrap() else {
            panic!("{number} is no receipt");
        };
        let sheet = Sheet {
            collectivity: Some("Rennes".to_owned()),
            receipt: proof.receipt,
            filing: proof.filing,
            filed_by: Some("Agent fictif de Rennes".to_owned()),
            signatory: Some((
                "Agent fictif de Rennes".to_owned(),
                Some("chargé de coopération (fictif)".to_owned()),
            )),
        };
        self.draws(&receipt::document(app, &sheet, proof.standing).unwrap(), "recepisse-pdf");
    }

    async fn sees(&self, path: &str, name: &str, look: Look) {
        self.browser.go(path).await;
        self.takes(name, look).await;
    }
}

/// A file with a line that is right and one that is not.
const LINES: &str = "reference;titre;pays;secteur;canal;nature;montant_verse\n\
    EC-1;École de Diégo (donnée fictive);Madagascar;11220;22000;subvention_association;2 800,50\n\
    EC-2;Jumelage (donnée fictive);Croatie;11220;22000;subvention_association;1.234\n";

/// What a manager follows a campaign by.
async fn follow_up(photographer: &Photographer) {
    photographer.sees("/pilotage/suivi/2026", "suivi", WIDE).await;
    photographer.sees("/pilotage/suivi/2026#region", "suivi-sombre", DARK).await;
    photographer.sees("/pilotage/suivi/2026/collectivites?classe=manquante", "suivi-liste", WIDE).await;
    photographer.sees("/pilotage/suivi/2026/attendues", "suivi-attendues", WIDE).await;
    photographer.sees("/pilotage/relances/2026", "relances", WIDE).await;
}

/// What a manager decides, reads and certifies by.
async fn deciding(photographer: &Photographer, manager: &Signed<'_>) {
    photographer.sees("/pilotage/campagnes/2026", "campagne", WIDE).await;
    photographer.sees("/pilotage/syntheses/53/2025", "synthese", WIDE).await;
    let list = answered(manager, "AAP-2026", LISTED, b"").await;
    photographer.sees(&list, "eligibilite", WIDE).await;
    let number = certified(manager, RENNES, "AAP-2026").await;
    let certificate = format!("/pilotage/eligibilite/attestations/{number}");
    photographer.draws(&manager.get(&format!("{certificate}/pdf")).await.bytes, "attestation-pdf");
}

/// What the ministry asks of the collectivity, as its agent reads it.
async fn asked(photographer: &Photographer, test: &TestApp, siren: &str) {
    let (siren, flow_year) = (siren.parse().unwrap(), "2025".parse().unwrap());
    let text = "Cette subvention a-t-elle été versée en une seule fois\u{a0}?";
    let new = New { siren, flow_year, reference: None, text };
    let question = question::ask(&test.app, &people::manager(), new).await.unwrap();
    photographer.sees(&format!("/espace/{siren}/questions"), "questions", WIDE).await;
    photographer.sees(&format!("/espace/{siren}/questions/{question}"), "question", WIDE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_pages_are_photographed() {
    let made = prepared(Engine::Sqlite, Profile::Demo, "photographed", NOW, async |test: &TestApp| {
        let config = Config::from_toml(&test.instance.toml()).unwrap();
        let package = register::read_package(Path::new(&real())).unwrap();
        demo::build(config, &package).await.unwrap();
    })
    .await;
    let test = TestApp::copy_of(&made, NOW).await;
    let app = &test.app;
    let operator = operator::identify(app, "essai").await.unwrap();
    let accounts = accounts::renew(app, &operator).await.unwrap();
    let agent = &accounts[0];
    let thrown_away = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("EAPD_SCREENSHOTS").map_or_else(
        || thrown_away.path().to_owned(),
        |folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
    );
    std::fs::create_dir_all(&folder).unwrap();
    let photographer = Photographer { browser: Browser::open(app).await, folder };
    let browser = &photographer.browser;

    photographer.sees("/", "accueil", WIDE).await;
    photographer.takes("accueil-telephone", PHONE).await;
    photographer.sees("/collectivites?q=saint+etienne", "recherche", WIDE).await;
    photographer.sees(&format!("/collectivites/{}", agent.siren), "collectivite", WIDE).await;
    photographer.sees("/aide", "aide", DARK).await;
    photographer.sees("/inscription", "inscription", WIDE).await;
    browser.go("/connexion").await;
    photographer.takes("connexion", WIDE).await;
    browser.fill("courriel", agent.email).await;
    browser.fill("mot-de-passe", &agent.password).await;
    browser.press("form[action='/connexion'] button[type='submit']").await;
    let base = format!("/espace/{}/2025", agent.siren);
    browser.comes_to(&base).await;
    photographer.takes("declaration", WIDE).await;
    photographer.takes("declaration-telephone", PHONE).await;
    browser.go(&format!("{base}/lignes/nouvelle?cas=autre")).await;
    browser.fill("secteur", "eau").await;
    photographer.takes("ligne-precisions", PHONE).await;
    browser.go(&format!("{base}/lignes/nouvelle?cas=association_ici")).await;
    browser.fill("organisme", "Association fictive (démonstration)").await;
    browser.fill("pays", "guin").await;
    photographer.takes("ligne-choix", WIDE).await;
    photographer.takes("ligne-choix-sombre", DARK).await;
    browser.chooses("pays", "Mali").await;
    browser.chooses("theme", "Eau").await;
    browser.fill("montant_verse", "3 200 €").await;
    photographer.takes("ligne", WIDE).await;
    photographer.takes("ligne-telephone", PHONE).await;
    browser.press("button[value='enregistrer']").await;
    browser.comes_to(&format!("{base}/recapitulatif")).await;
    photographer.takes("recapitulatif", WIDE).await;
    browser.go(&format!("{base}/import")).await;
    photographer.takes("import", WIDE).await;
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(LINES.as_bytes()).unwrap();
    let field = browser.client.find(Locator::Id("fichier")).await.unwrap();
    field.send_keys(file.path().to_str().unwrap()).await.unwrap();
    browser.press("label[for='mode-add']").await;
    browser.press("#formulaire button[type='submit']").await;
    browser.comes_to(&format!("{base}/import/")).await;
    photographer.takes("import-apercu", WIDE).await;
    browser.go(&format!("{base}/recapitulatif")).await;
    browser.press("main a[href$='/signature']").await;
    browser.comes_to(&format!("{base}/signature")).await;
    browser.press("#formulaire button[type='submit']").await;
    browser.comes_to(&format!("{base}/signature")).await;
    photographer.takes("signature-erreur", WIDE).await;
    for label in ["verifie", "atteste"] {
        if browser.has(&format!("label[for='{label}']")).await {
            browser.press(&format!("label[for='{label}']")).await;
        }
    }
    browser.press("#formulaire button[type='submit']").await;
    browser.comes_to(&format!("{base}/recepisses/")).await;
    photographer.takes("recepisse", WIDE).await;
    let number = browser.client.current_url().await.unwrap().path().rsplit('/').next().unwrap().to_owned();
    photographer.draws_receipt(&test, &number).await;
    photographer.sees(&format!("{base}/historique"), "historique", WIDE).await;
    photographer.sees(&format!("/espace/{}/agents", agent.siren), "agents", WIDE).await;
    asked(&photographer, &test, agent.siren).await;
    let post = Post::of(&app.config).unwrap().unwrap();
    deliver(app, &post, || true).await.unwrap();
    photographer.sees("/demo/courriels", "courriels", WIDE).await;
    let manager = staff(&test, AccountRole::Manager).await;
    browser.holds(manager.cookie()).await;
    follow_up(&photographer).await;
    deciding(&photographer, &manager).await;
    photographer.browser.close().await;
}
