//! A campaign from its opening to its publication, at real browsers: the manager's, and an agent's between.

use eapd::domain::account::AccountRole;
use eapd::domain::filing::FilingKind;
use eapd::service::mail::{Post, deliver};
use eapd::service::{attachment, operator};
use eapd::store;
use serde_json::Value;

use super::desk::{self, FIRST, NOW, OTHER, OWN, PASSWORD, SECOND};
use super::managing::{FILED, LAST, OPEN, counting, filed, versions};
use super::staff::{enlist, session};
use crate::reports::documents::one_space;
use crate::support::browser::Browser;
use crate::support::{Engine, TestApp};

/// Thirty days before the last one of the extended campaign.
const MONTH_BEFORE: &str = "2014-05-23T10:00:00+02:00";
const SEND: &str = "#formulaire button[type='submit']";
const ROLE: AccountRole = AccountRole::Manager;

/// In March the next campaign, in June a week more, reminders and a derogation that serves; in July settled,
/// rectified, annulled, published.
#[tokio::test(flavor = "multi_thread")]
async fn a_manager_leads_a_campaign_to_its_publication() {
    let test = TestApp::copy_of(&desk::desk(Engine::Sqlite).await, NOW).await;
    filed(&test).await;
    serves_both(&test).await;
    let person = enlist(&test, ROLE).await;
    let mut faults = vec![];

    finds_the_window_closed(&test).await;
    let manager = Manager::at(&test, &person).await;
    faults.extend(manager.opens_extends_and_reopens().await);
    test.set_clock(MONTH_BEFORE);
    let manager = Manager::at(&test, &person).await;
    faults.extend(manager.reminds(&test).await);
    faults.extend(corrects_thanks_to_the_derogation(&test).await);
    let manager = Manager::at(&test, &person).await;
    faults.extend(manager.settles_rectifies_and_publishes().await);
    assert!(faults.is_empty(), "{}", faults.join("\n"));

    let kinds: Vec<FilingKind> = versions(&test, OWN).await.iter().map(|filing| filing.kind).collect();
    assert_eq!(kinds, [FilingKind::Declared, FilingKind::Declared, FilingKind::Rectified]);
    assert_eq!(counting(&test).await[0].1, "255");
    let other = versions(&test, OTHER).await.pop().unwrap();
    assert_eq!(other.kind, FilingKind::Annulled);
    let page = super::world::get(&test, "/api/v1/rapports/lignes/2012/csv").await;
    assert!(page.text.contains("Bourse d’études") && !page.text.contains("Inventée"), "{}", page.text);
    assert!(page.text.contains("215.44"), "the correction is what became public: {}", page.text);
}

/// The first agent of [`OWN`] acts for [`OTHER`] too.
async fn serves_both(test: &TestApp) {
    let mut tx = test.app.db.snapshot().await.unwrap();
    let address = FIRST.parse().unwrap();
    let account = store::account::by_email(&mut tx, &address).await.unwrap().unwrap();
    drop(tx);
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    attachment::attach(&test.app, &operator, &account.person, OTHER.parse().unwrap()).await.unwrap();
}

/// The subject of a reminder about the extended campaign.
fn reminded(name: &str) -> String {
    format!("À déclarer au plus tard le 22 juin 2014 : aide publique au développement de 2013, {name}")
}

/// To whom the mails of the demonstration went, and about what.
fn in_the_folder(test: &TestApp) -> Vec<(String, String)> {
    let folder = std::fs::read_dir(test.app.config.data.dir.join("courriels")).unwrap();
    let told = folder.map(|entry| {
        let mail: Value = serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
        let text = |key: &str| one_space(mail[key].as_str().unwrap());
        (text("to"), text("subject"))
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

/// The manager's browser, and what axe finds on the way.
struct Manager {
    browser: Browser,
    faults: Vec<String>,
}

impl Manager {
    async fn at(test: &TestApp, person: &str) -> Self {
        let signed = session(test, person, &ROLE).await;
        let browser = Browser::open(&test.app).await;
        browser.holds(signed.cookie()).await;
        Self { browser, faults: vec![] }
    }

    async fn look(&mut self, name: &str) {
        let found = self.browser.faults(name).await;
        self.faults.extend(found);
    }

    /// Opens a page and looks at it.
    async fn sees(&mut self, path: &str) {
        self.browser.go(path).await;
        self.look(path).await;
    }

    /// Sends the form and comes to a page.
    async fn sends(&mut self, to: &str) {
        self.browser.press(SEND).await;
        self.browser.comes_to(to).await;
    }

    async fn opens_extends_and_reopens(mut self) -> Vec<String> {
        self.sees("/pilotage/campagnes/nouvelle").await;
        self.sends("/pilotage/campagnes/2015").await;
        self.look("campagne").await;
        self.sees("/pilotage/campagnes").await;
        self.browser.go(&format!("{OPEN}/prorogation")).await;
        self.sends(&format!("{OPEN}/prorogation")).await;
        self.look("prorogation refusée").await;
        self.browser.fill("motif", "crue").await;
        self.sends(&format!("{OPEN}/annonce")).await;
        self.look("annonce").await;
        self.browser.go(&format!("{LAST}/derogations?siren={OWN}")).await;
        self.browser.fill("jusqu-au", "30/05/2014").await;
        self.browser.fill("motif", "mairie inondée").await;
        self.sends(&format!("{LAST}/derogations")).await;
        self.look("dérogations").await;
        for page in
            ["derogations/1", "appels/AAP-2014/derogations", "appels/AAP-2014", "appels/nouveau", "appels"]
        {
            self.sees(&format!("/pilotage/{page}")).await;
        }
        self.browser.close().await;
        self.faults
    }

    /// Sends the step of the day, and reads in the folder of the demonstration what left.
    async fn reminds(mut self, test: &TestApp) -> Vec<String> {
        self.browser.go("/pilotage/relances").await;
        self.browser.comes_to("/pilotage/relances/2014").await;
        self.browser.press("form[action='/pilotage/relances/2014'][method='post'] button").await;
        self.browser.comes_to("/pilotage/relances/2014").await;
        self.look("relances envoyées").await;
        let told = self.browser.text(".fr-alert--success").await;
        assert_eq!(told, "2 collectivités relancées : 3 courriels en file d’envoi.");

        let post = Post::of(&test.app.config).unwrap().unwrap();
        deliver(&test.app, &post, || true).await.unwrap();
        let (ours, other) = (
            reminded(&format!("Commune d’Essai (SIREN {OWN})")),
            reminded(&format!("Commune voisine (SIREN {OTHER})")),
        );
        let mut left: Vec<(String, String)> = in_the_folder(test);
        left.retain(|(_to, subject)| subject.starts_with("À déclarer au plus tard"));
        let all = [(FIRST, &ours), (FIRST, &other), (SECOND, &ours)];
        assert_eq!(left, all.map(|(to, subject)| (to.to_owned(), subject.clone())));
        self.sees("/demo/courriels").await;
        let mails = self.browser.text("main").await;
        for (subject, times) in [(&ours, 2), (&other, 1)] {
            assert_eq!(mails.matches(subject).count(), times, "{subject}: {mails}");
        }
        self.browser.close().await;
        self.faults
    }

    async fn settles_rectifies_and_publishes(mut self) -> Vec<String> {
        self.sees(&format!("{LAST}/arret")).await;
        self.browser.fill("annee", "2013").await;
        self.sends(LAST).await;
        for check in ["avertissements", "marqueurs"] {
            self.sees(&format!("/pilotage/qualite/2013?controle={check}")).await;
        }
        self.sees(FILED).await;
        self.sees(&format!("{FILED}/version")).await;
        self.sees(&format!("{FILED}/version/lignes/A-1")).await;
        self.browser.chooses("pays", "Mali").await;
        self.sends(&format!("{FILED}/version/")).await;
        self.look("différence").await;
        self.browser.fill("motif", "pays corrigé").await;
        self.browser.fill("piece", "courrier du 3 mai").await;
        self.browser.press("#formulaire button[value='deposer']").await;
        self.browser.comes_to(FILED).await;
        self.look("déclaration rectifiée").await;
        self.sees(&format!("/pilotage/declarations/{OTHER}/2012/version/annulation")).await;
        self.browser.fill("motif", "mauvais SIREN").await;
        self.browser.fill("piece", "courriel du 2 mai").await;
        self.sends(&format!("/pilotage/declarations/{OTHER}/2012")).await;

        self.sees(&format!("{LAST}/publication?titres=douteux")).await;
        self.browser.press("table a").await;
        self.browser.comes_to(&format!("{LAST}/titre")).await;
        self.look("titre").await;
        self.browser.fill("titre", "Bourse d’études").await;
        self.browser.fill("motif", "nomme une personne").await;
        self.sends(&format!("{LAST}/publication")).await;
        self.browser.fill("annee", "2013").await;
        self.sends(LAST).await;
        self.look("campagne publiée").await;
        self.browser.close().await;
        self.faults
    }
}

/// The agent signs in and comes to a declaration of a year ago.
async fn agent(test: &TestApp, siren: &str) -> Browser {
    let browser = Browser::open(&test.app).await;
    browser.go(&format!("/espace/{siren}/2012")).await;
    browser.fill("courriel", FIRST).await;
    browser.fill("mot-de-passe", PASSWORD).await;
    browser.press("form[action='/connexion'] button[type='submit']").await;
    browser.comes_to(&format!("/espace/{siren}/2012")).await;
    browser
}

/// What the page of a declaration says first, and whether it offers to correct what was filed.
async fn standing(browser: &Browser) -> (String, bool) {
    let is_open = browser.text("main").await.contains("cela prépare une nouvelle version");
    (browser.text(".fr-callout__title").await, is_open)
}

async fn finds_the_window_closed(test: &TestApp) {
    let browser = agent(test, OWN).await;
    assert_eq!(standing(&browser).await, ("La campagne 2013 est terminée".to_owned(), false));
    browser.close().await;
}

/// Changes the amount of a line and files, to the receipt; the other body of the same agent stays closed.
async fn corrects_thanks_to_the_derogation(test: &TestApp) -> Vec<String> {
    let browser = agent(test, OTHER).await;
    assert_eq!(standing(&browser).await, ("La campagne 2013 est terminée".to_owned(), false));
    let base = format!("/espace/{OWN}/2012");
    browser.go(&base).await;
    assert_eq!(standing(&browser).await, ("Un dépôt tardif vous est permis".to_owned(), true));
    let mut faults = browser.faults("une déclaration rouverte").await;
    browser.press("main a[href$='/lignes/A-2']").await;
    browser.comes_to(&format!("{base}/lignes/A-2")).await;
    browser.fill("montant_verse", "250").await;
    browser.press("button[value='enregistrer']").await;
    browser.comes_to(&format!("{base}/recapitulatif")).await;
    browser.press("main a[href$='/signature']").await;
    browser.comes_to(&format!("{base}/signature")).await;
    for attested in ["verifie", "atteste"] {
        browser.press(&format!("label[for='{attested}']")).await;
    }
    browser.press(SEND).await;
    browser.comes_to(&format!("{base}/recepisses/")).await;
    faults.extend(browser.faults("le récépissé d’une correction").await);
    assert_eq!(browser.text(".fr-alert__title").await, "Votre déclaration est déposée");
    let facts = browser.text(".app-facts").await;
    let last = versions(test, OWN).await.pop().unwrap();
    assert_eq!(last.version, 2);
    for told in ["Commune d’Essai", "1 415,44", "23 mai 2014"] {
        assert!(facts.contains(told), "{told}: {facts}");
    }
    browser.close().await;
    faults
}
