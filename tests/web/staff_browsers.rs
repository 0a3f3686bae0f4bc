//! A prefecture and an instructor at real browsers: what they see, what is refused, the files that they keep.

use std::fmt::Write as _;
use std::path::Path;

use calamine::{Reader, Xlsx, open_workbook};
use eapd::domain::account::AccountRole;
use fantoccini::Locator;
use serde_json::{Value, json};

use super::eligibility::{BASE, NGO, dossiers, numbers};
use super::staff::staff;
use crate::api::world::{FAR, NOW, OTHER, OWN, world};
use crate::reports::documents::{one_space, read, spoken};
use crate::reports::tools;
use crate::support::browser::Browser;
use crate::support::register::{Entry, How, Link, register};
use crate::support::{Engine, TestApp};

/// A fictitious commune that was gone before the year that the call requires.
const MERGED: &str = "219900149";

/// Somebody of a role at a browser, on the world of the API's tests.
async fn browser(test: &TestApp, role: AccountRole) -> Browser {
    let signed = staff(test, role).await;
    let browser = Browser::open(&test.app).await;
    browser.holds(signed.cookie()).await;
    browser
}

/// How the page that is open was answered.
async fn status(browser: &Browser) -> u64 {
    let script = "return performance.getEntriesByType('navigation')[0].responseStatus";
    browser.run(script, &[]).await.as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prefecture_reads_its_region_and_keeps_its_workbook() {
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    let browser = browser(&test, AccountRole::Sgar("11".to_owned())).await;
    browser.go("/pilotage").await;
    browser.press("nav a[href='/pilotage/syntheses']").await;
    browser.comes_to("/pilotage/syntheses/11/2013").await;
    assert_eq!(status(&browser).await, 200);
    assert_eq!(browser.text("h1").await, "Synthèse 2013 : Île-de-France");
    assert!(browser.text("main").await.contains("1 265,44 €"));
    let path = browser.downloads("main a[href='/pilotage/syntheses/11/2013/xlsx']").await;
    assert_eq!(path.file_name().unwrap(), "synthese-11-2013.xlsx");
    let found: Value = serde_json::from_str(&tools::python("summary_check.py", &[&path])).unwrap();
    assert_eq!(found["total"], 126_544);
    assert_eq!(found["bodies"], json!([[OWN, "déclarée"], [OTHER, "non déclarée"]]));

    for refused in [
        "/pilotage/syntheses/76/2013",
        "/pilotage/syntheses/nationale/2013",
        "/pilotage/suivi/2014?region=76",
        "/pilotage/suivi/2014/collectivites?region=HORS",
        &format!("{BASE}/{FAR}?appel=AAP-2014"),
    ] {
        browser.go(refused).await;
        assert_eq!(status(&browser).await, 403, "{refused}");
        let words = browser.text("main").await;
        assert!(!words.contains(&format!("Commune fictive {FAR}")) && !words.contains("265,44"), "{words}");
    }
    browser.go("/pilotage/suivi/2014/collectivites").await;
    let listed = browser.text("main table").await;
    assert!(listed.contains(OWN) && listed.contains(OTHER) && !listed.contains(FAR), "{listed}");
    browser.close().await;
}

impl Browser {
    /// Fills a field at once, as a paste leaves it: thousands of lines typed one by one take a browser a minute.
    async fn pastes(&self, id: &str, text: &str) {
        let script = "document.getElementById(arguments[0]).value = arguments[1]";
        self.run(script, &[json!(id), json!(text)]).await;
    }

    /// Chooses a call in the form of a list and sends it.
    async fn asks(&self) {
        self.press("#appel option[value='AAP-2014']").await;
        self.press("#formulaire button[type='submit']").await;
        self.comes_to(&format!("{BASE}/listes/")).await;
    }
}

/// The cells of the sheet of answers.
fn answers(path: &Path) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let sheet = book.worksheet_range("Éligibilité").unwrap();
    sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instructor_pastes_five_thousand_numbers() {
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    let browser = browser(&test, AccountRole::Instructor).await;
    let mut pasted = numbers(4_997).join("\n");
    write!(pasted, "\n{OWN}\n{OTHER}\n{FAR}").unwrap();
    browser.go(BASE).await;
    browser.pastes("sirens", &pasted).await;
    browser.asks().await;
    let words = browser.text("main").await;
    for told in ["5 000 lignes", "éligible : 2", "en attente : 1"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    browser.press(".fr-tags-group a[href*='verdict=en_attente']").await;
    browser.comes_to(&format!("{BASE}/listes/")).await;
    let shown = browser.text("main tbody").await;
    assert!(shown.contains(OTHER) && !shown.contains(OWN), "{shown}");
    let path = browser.downloads("main a[href$='/fichier?format=xlsx']").await;
    let rows = answers(&path);
    assert_eq!(rows.len(), 5_001);
    let told = |row: usize| (rows[row][0].as_str(), rows[row][1].as_str());
    assert_eq!(told(4_998), (OWN, "eligible"));
    assert_eq!(told(4_999), (OTHER, "en_attente"));
    assert_eq!(told(5_000), (FAR, "eligible"));
    assert!(rows[1..4_998].iter().all(|row| row[1] == "indetermine"));
    browser.close().await;
}

/// [`MERGED`] was absorbed by [`OTHER`], which has not declared.
async fn absorbed(test: &TestApp) {
    let (from, into) = (MERGED.parse().unwrap(), OTHER.parse().unwrap());
    let link = Link { from, into, on: "2012-01-01".parse().unwrap(), how: How::Absorption };
    register(test, &[Entry::named(from, "Commune absorbée (fictive)")], &[link], &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instructor_sends_dossiers_and_certifies() {
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    absorbed(&test).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dossiers.csv");
    // The first partner of the last dossier is the commune that is gone.
    let merged = format!("D299;partenaire;{MERGED};\nD299;partenaire;");
    let list = dossiers().replacen(&format!("D299;partenaire;{FAR};\nD299;partenaire;"), &merged, 1);
    assert!(list.contains(MERGED) && list.lines().count() == 1_101);
    std::fs::write(&file, list).unwrap();

    let browser = browser(&test, AccountRole::Instructor).await;
    browser.go(BASE).await;
    let field = browser.finds(Locator::Id("fichier")).await;
    field.send_keys(file.to_str().unwrap()).await.unwrap();
    browser.asks().await;
    let words = browser.text("main").await;
    for told in ["300 dossiers, 1 100 membres", "éligible : 298", "en attente : 1"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    // An association is no body of the register: it holds nobody up.
    let first = browser.text("main tbody tr:first-child").await.to_lowercase();
    assert!(first.contains(&format!("partenaire : {NGO} non concerné")), "{first}");
    let address = browser.client.current_url().await.unwrap().path().to_owned();
    browser.go(&format!("{address}?page=3")).await;
    let last = browser.text("main tbody tr:last-child").await;
    let heir = format!("Lui succède : Commune fictive {OTHER}");
    assert!(last.contains("n’existait plus en 2013") && last.contains(&heir), "{last}");
    let path = browser.downloads("main a[href$='/fichier?format=xlsx']").await;
    let rows = answers(&path);
    assert_eq!(rows.len(), 1_101);
    let answer = |siren: &str| rows.iter().find(|row| row[2] == siren).unwrap()[7].clone();
    assert_eq!((answer(NGO).as_str(), answer(MERGED).as_str()), ("non_concerne", "eligible"));

    // Who took over answers for itself, one press away.
    browser.press(&format!("main tbody a[href*='/{MERGED}']")).await;
    browser.comes_to(&format!("{BASE}/{MERGED}")).await;
    let kin = browser.text(&format!("main li:has(a[href*='/{OTHER}'])")).await.to_lowercase();
    assert!(kin.contains("a pour successeur") && kin.contains("en attente"), "{kin}");
    browser.press(&format!("main li a[href*='/{OTHER}']")).await;
    browser.comes_to(&format!("{BASE}/{OTHER}")).await;
    assert_eq!(browser.text("h3.fr-alert__title").await, "Réponse : en attente");

    browser.press("form[action$='/attestations'] button").await;
    browser.comes_to(&format!("{BASE}/attestations/")).await;
    let number = browser.client.current_url().await.unwrap().path().rsplit('/').next().unwrap().to_owned();
    let pdf = browser.downloads("main a[href$='/pdf']").await;
    let title = "Attestation d’éligibilité en attente";
    let (told, spoken) = (read(&pdf), spoken(&pdf));
    assert!(one_space(told["title"].as_str().unwrap()).starts_with(title), "{told}");
    let verification = told["links"][0]["address"].as_str().unwrap();
    for told in [OTHER, &number, verification] {
        assert!(spoken.contains(&one_space(told)), "{told} in {spoken}");
    }
    let (_, path) = verification.split_once("/recepisses").unwrap();
    browser.go(&format!("/recepisses{path}")).await;
    let public = browser.text("main").await;
    for told in ["Cette attestation est authentique", OTHER, title] {
        assert!(public.contains(told), "{told}: {public}");
    }
    browser.close().await;
}
