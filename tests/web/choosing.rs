//! Long lists are chosen by typing where scripts run, and are plain lists where they do not.

use serde_json::{Value, json};

use super::desk::{BASE, FIRST, NOW, PASSWORD, desk};
use crate::support::browser::{Browser, Look};
use crate::support::{Engine, TestApp};

/// The keys, as `WebDriver` writes them.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const UP: &str = "\u{e013}";
const DOWN: &str = "\u{e015}";
const BACKSPACE: &str = "\u{e003}";

struct Person(Browser);

impl Person {
    /// Signed in, before the form at an address of the declaration.
    async fn at(app: &TestApp, scripts: bool, path: &str) -> Self {
        let browser = Browser::open(&app.app).await;
        browser.scripts(scripts).await;
        browser.go(BASE).await;
        browser.fill("courriel", FIRST).await;
        browser.fill("mot-de-passe", PASSWORD).await;
        browser.press("form[action='/connexion'] button[type='submit']").await;
        browser.comes_to(BASE).await;
        browser.go(&format!("{BASE}{path}")).await;
        Self(browser)
    }

    async fn keys(&self, keys: &str) {
        self.0.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    async fn focuses(&self, id: &str) {
        self.0.run("document.getElementById(arguments[0]).focus()", &[json!(id)]).await;
    }

    /// What is shown in the field, what would be sent, whether the list is open, which choice the keys are on.
    async fn field(&self, id: &str) -> Value {
        let script = "const at = document.getElementById(arguments[0]); \
                      const on = document.getElementById(at.getAttribute('aria-activedescendant')); \
                      return [at.value, new FormData(at.form).get(arguments[0]), at.getAttribute('aria-expanded'), \
                              on && on.textContent]";
        self.0.run(script, &[json!(id)]).await
    }

    /// The choices that are open, in the order in which they are read.
    async fn choices(&self, id: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(`#${arguments[0]}-liste [role=option]`)].map(at => at.textContent)";
        let found = self.0.run(script, &[json!(id)]).await;
        found.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    }

    /// Waits until the field says something to those who hear it.
    async fn hears(&self, id: &str, words: &str) {
        let script = "return document.getElementById(arguments[0]).parentNode.querySelector('[role=status]').textContent";
        let mut told = json!(null);
        for _try in 0..50 {
            told = self.0.run(script, &[json!(id)]).await;
            if told == json!(words) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("{words} expected, {told} said");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_country_is_found_by_a_few_letters() {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let person = Person::at(&app, true, "/lignes/nouvelle?cas=association_ici").await;
    person.focuses("pays").await;
    // Accents, hyphens and case are forgiven; what begins so comes first.
    person.keys("cote-D ivoire").await;
    assert_eq!(person.choices("pays").await, ["Côte d’Ivoire"]);
    person.hears("pays", "1 résultat").await;
    person.keys(ENTER).await;
    assert_eq!(person.field("pays").await, json!(["Côte d’Ivoire", "247", "false", null]));
    // Several choices: the keys go from one to the next, around the end, and Escape leaves what was typed.
    person.0.fill("pays", "guin").await;
    let guineas = person.choices("pays").await;
    assert_eq!(guineas, ["Guinée", "Guinée-Bissau", "Guinée équatoriale", "Papouasie-Nouvelle-Guinée"]);
    person.hears("pays", "4 résultats").await;
    person.keys(UP).await;
    assert_eq!(person.field("pays").await[3], json!(guineas[3]));
    person.keys(DOWN).await;
    person.keys(DOWN).await;
    assert_eq!(person.field("pays").await[3], json!("Guinée-Bissau"));
    let faults = person.0.faults("an open list").await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    person.keys(ESCAPE).await;
    assert_eq!(person.field("pays").await.as_array().unwrap()[2..], [json!("false"), json!(null)]);
    person.keys(&format!("{DOWN}{DOWN}{ENTER}")).await;
    assert_eq!(person.field("pays").await[0], json!("Guinée-Bissau"));
    // The code is a name too; one leaves the field by Tab, and the name that fits is taken.
    for (typed, name, code) in
        [("255", "Mali", "255"), ("NIGER", "Niger", "260"), ("madag", "Madagascar", "252")]
    {
        person.0.fill("pays", typed).await;
        person.keys(TAB).await;
        assert_eq!(person.field("pays").await, json!([name, code, "false", null]), "{typed}");
    }
    // A click chooses as well.
    person.0.fill("pays", "togo").await;
    person.0.press("#pays-liste [role=option]").await;
    assert_eq!(person.field("pays").await, json!(["Togo", "283", "false", null]));
    person.0.fill("pays", "a").await;
    person.keys(BACKSPACE).await;
    person.keys(TAB).await;
    assert_eq!(person.field("pays").await[1], json!(""), "what is emptied is not chosen");
    person.0.close().await;
}

/// What is in no list is refused by the service, which keeps it; the summary leads to the field.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_no_list_is_kept_and_refused() {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let person = Person::at(&app, true, "/lignes/nouvelle?cas=association_ici").await;
    person.0.fill("organisme", "Association fictive").await;
    person.0.fill("pays", "Atlantide").await;
    assert!(person.0.shows(".app-combobox__none").await);
    person.keys(ENTER).await;
    person.0.chooses("theme", "eau").await;
    person.0.fill("montant_verse", "3 200").await;
    person.0.press("button[value='enregistrer']").await;
    person.0.comes_to(&format!("{BASE}/lignes/nouvelle")).await;
    let faults = person.0.faults("a list that is refused").await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(person.0.text("#erreurs").await.contains("Atlantide"), "{}", person.0.text("#erreurs").await);
    assert_eq!(person.field("pays").await, json!(["Atlantide", "Atlantide", "false", null]));
    assert_eq!(person.field("theme").await[1], json!("eau"));
    person.0.press("#erreurs a[href='#pays']").await;
    assert_eq!(person.0.run("return document.activeElement.id", &[]).await, json!("pays"));
    person.0.chooses("pays", "mali").await;
    person.0.press("button[value='enregistrer']").await;
    person.0.comes_to(&format!("{BASE}/recapitulatif")).await;
    person.0.close().await;
}

/// Precise codes are found by their number and by their words, and nothing is wider than a small screen.
#[tokio::test(flavor = "multi_thread")]
async fn precise_codes_are_typed_too() {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let person = Person::at(&app, true, "/lignes/nouvelle?cas=autre").await;
    for (field, typed, code) in [
        ("secteur", "14030", "14030"),
        ("secteur", "equipements scolaires", "11120"),
        ("canal", "22000", "22000"),
        ("type_aide", "c01", "C01"),
    ] {
        person.0.chooses(field, typed).await;
        assert_eq!(person.field(field).await[1], json!(code), "{typed}");
    }
    person.focuses("secteur").await;
    person.0.fill("secteur", "e").await;
    for look in Look::ALL {
        person.0.look(look).await;
        assert!(person.0.shows("#secteur-liste").await && person.0.overflow().await == 0, "{look:?}");
    }
    person.0.close().await;
}

/// Without scripts the list is a list; scripts are off indeed.
#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_list_is_plain() {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let person = Person::at(&app, false, "/lignes/nouvelle?cas=autre").await;
    assert!(!person.0.has("html[data-app-js]").await && !person.0.has("[role=combobox]").await);
    for field in ["pays", "secteur", "canal", "type_aide", "nature"] {
        assert!(person.0.shows(&format!("select#{field}[name={field}]")).await, "{field}");
    }
    person.0.chooses("pays", "Mali").await;
    assert_eq!(
        person.0.client.find(fantoccini::Locator::Css("#pays")).await.unwrap().prop("value").await.unwrap(),
        Some("255".to_owned())
    );
    person.0.close().await;
}
