//! A manager at a real browser: a campaign from its opening to its publication.

use eapd::domain::account::AccountRole;
use eapd::domain::filing::FilingKind;
use fantoccini::Locator;

use super::desk::{self, NOW, OTHER};
use super::managing::{FILED, LAST, OPEN, counting, filed, versions};
use super::staff::staff;
use crate::support::browser::Browser;
use crate::support::{Engine, TestApp};

/// In March the next campaign, in June a week more and a derogation, in July settled, rectified, annulled, published.
#[tokio::test(flavor = "multi_thread")]
async fn a_manager_leads_a_campaign_to_its_publication() {
    let test = TestApp::copy_of(&desk::desk(Engine::Sqlite).await, NOW).await;
    filed(&test).await;
    let manager = staff(&test, AccountRole::Manager).await;
    let browser = Browser::open(&test.app).await;
    browser.holds(manager.cookie()).await;
    let mut faults = vec![];
    let mut look = async |name: &str| faults.extend(browser.faults(name).await);
    let send = "#formulaire button[type='submit']";

    browser.go("/pilotage/campagnes/nouvelle").await;
    look("nouvelle").await;
    browser.press(send).await;
    browser.comes_to("/pilotage/campagnes/2015").await;
    look("campagne").await;
    browser.go("/pilotage/campagnes").await;
    look("campagnes").await;
    browser.go(&format!("{OPEN}/prorogation")).await;
    browser.press(send).await;
    browser.comes_to(&format!("{OPEN}/prorogation")).await;
    look("prorogation refusée").await;
    browser.fill("motif", "crue").await;
    browser.press(send).await;
    browser.comes_to(&format!("{OPEN}/annonce")).await;
    look("annonce").await;
    browser.go(&format!("{LAST}/derogations?siren={OTHER}")).await;
    browser.fill("jusqu-au", "30/05/2014").await;
    browser.fill("motif", "mairie inondée").await;
    browser.press(send).await;
    browser.comes_to(&format!("{LAST}/derogations")).await;
    look("dérogations").await;
    browser.go("/pilotage/derogations/1").await;
    look("révocation").await;
    browser.go("/pilotage/appels/AAP-2014/derogations").await;
    look("dérogations d’éligibilité").await;
    for page in ["/pilotage/appels", "/pilotage/appels/AAP-2014", "/pilotage/appels/nouveau"] {
        browser.go(page).await;
        look(page).await;
    }
    browser.go(&format!("{LAST}/arret")).await;
    look("arrêt").await;
    browser.fill("annee", "2013").await;
    browser.press(send).await;
    browser.comes_to(LAST).await;

    for check in ["avertissements", "marqueurs"] {
        browser.go(&format!("/pilotage/qualite/2013?controle={check}")).await;
        look(check).await;
    }
    browser.go(FILED).await;
    look("déclaration").await;
    browser.go(&format!("{FILED}/version")).await;
    look("version").await;
    browser.go(&format!("{FILED}/version/lignes/A-1")).await;
    look("ligne").await;
    let country = browser.finds(Locator::Id("pays")).await;
    country.select_by_value("255").await.unwrap();
    browser.press(send).await;
    browser.comes_to(&format!("{FILED}/version/")).await;
    look("différence").await;
    browser.fill("motif", "pays corrigé").await;
    browser.fill("piece", "courrier du 3 mai").await;
    browser.press("#formulaire button[value='deposer']").await;
    browser.comes_to(FILED).await;
    look("déclaration rectifiée").await;
    browser.go(&format!("/pilotage/declarations/{OTHER}/2012/version/annulation")).await;
    look("annulation").await;
    browser.fill("motif", "mauvais SIREN").await;
    browser.fill("piece", "courriel du 2 mai").await;
    browser.press(send).await;
    browser.comes_to(&format!("/pilotage/declarations/{OTHER}/2012")).await;

    browser.go(&format!("{LAST}/publication?titres=douteux")).await;
    look("publication").await;
    browser.press("table a").await;
    browser.comes_to(&format!("{LAST}/titre")).await;
    look("titre").await;
    browser.fill("titre", "Bourse d’études").await;
    browser.fill("motif", "nomme une personne").await;
    browser.press(send).await;
    browser.comes_to(&format!("{LAST}/publication")).await;
    browser.fill("annee", "2013").await;
    browser.press(send).await;
    browser.comes_to(LAST).await;
    look("campagne publiée").await;
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(counting(&test).await[0].1, "255");
    let other = versions(&test, OTHER).await.pop().unwrap();
    assert_eq!(other.kind, FilingKind::Annulled);
    let page = super::world::get(&test, "/api/v1/rapports/lignes/2012/csv").await;
    assert!(page.text.contains("Bourse d’études") && !page.text.contains("Inventée"), "{}", page.text);
}
