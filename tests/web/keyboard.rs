//! Keys alone, from sign-in to the receipt: nothing is pressed that Tab does not reach.

use serde_json::{Value, json};

use super::desk::{BASE, FIRST, NOW, OWN, PASSWORD, Signed, desk};
use crate::support::browser::Browser;
use crate::support::{Engine, TestApp};

/// The keys, as `WebDriver` writes them.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
/// More stops than any page has.
const STOPS: usize = 200;

struct Keys(Browser);

impl Keys {
    async fn press(&self, keys: &str) {
        self.0.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Goes from stop to stop until the one that a selector names, which must show that it is there.
    async fn tab_to(&self, selector: &str) {
        for _stop in 0..STOPS {
            self.press(TAB).await;
            let script = "const at = document.activeElement; \
                          const shown = getComputedStyle(at).outlineStyle !== 'none' || at.matches('[type=checkbox],[type=radio]'); \
                          return [at.matches(arguments[0]), shown]";
            let Value::Array(found) = self.0.run(script, &[json!(selector)]).await else {
                panic!("two values")
            };
            if found[0] == json!(true) {
                assert_eq!(found[1], json!(true), "{selector} does not show the focus");
                return;
            }
        }
        panic!("{selector} is not reached");
    }

    async fn types(&self, selector: &str, text: &str) {
        self.tab_to(selector).await;
        self.press(text).await;
    }

    /// Presses a link or a button.
    async fn enters(&self, selector: &str) {
        self.tab_to(selector).await;
        self.press(ENTER).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_is_filed_by_keys_alone() {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let keys = Keys(Browser::open(&app.app).await);
    keys.0.go(BASE).await;
    // The first stop leads past the header.
    keys.enters("a[href='#contenu']").await;
    keys.types("#courriel", FIRST).await;
    keys.types("#mot-de-passe", PASSWORD).await;
    keys.press(ENTER).await;
    keys.0.comes_to(BASE).await;
    keys.enters("a[href$='cas=association_ici']").await;
    keys.0.comes_to(&format!("{BASE}/lignes/nouvelle")).await;
    keys.types("#organisme", "Association fictive").await;
    keys.types("#pays", "Mali").await;
    keys.types("#theme", "Eau").await;
    keys.types("#montant_verse", "3 200").await;
    keys.enters("button[value='enregistrer']").await;
    keys.0.comes_to(&format!("{BASE}/recapitulatif")).await;
    keys.enters("main a[href$='/signature']").await;
    keys.0.comes_to(&format!("{BASE}/signature")).await;
    keys.tab_to("#atteste").await;
    keys.press(" ").await;
    keys.enters("#formulaire button[type='submit']").await;
    keys.0.comes_to(&format!("{BASE}/recepisses/")).await;
    keys.0.close().await;
    assert_eq!(app.instance.must("SELECT total_own FROM filing;").trim(), "320000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_is_mended_by_keys_alone() {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let keys = Keys(Browser::open(&app.app).await);
    keys.0.go("/connexion").await;
    keys.types("#courriel", FIRST).await;
    keys.types("#mot-de-passe", "ce n’est pas lui").await;
    keys.press(ENTER).await;
    // The summary is read first, and leads to the field.
    let told = "return document.activeElement.id";
    for _try in 0..50 {
        if keys.0.run(told, &[]).await == json!("erreurs") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(keys.0.run(told, &[]).await, json!("erreurs"));
    keys.enters("#erreurs a").await;
    assert_eq!(keys.0.run(told, &[]).await, json!("courriel"));
    keys.0.close().await;
}

/// Bytes of a first view, everything that the page asks for included, in a browser that holds nothing yet.
async fn weight(app: &TestApp, path: &str) -> u64 {
    let browser = Browser::open(&app.app).await;
    browser.holds(Signed::as_(app, FIRST).await.cookie()).await;
    browser.go(path).await;
    let script = "const done = arguments[0]; document.fonts.ready.then(() => done( \
                  ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind)) \
                  .map(entry => [entry.name, entry.transferSize])))";
    let sizes = browser.client.execute_async(script, vec![]).await.unwrap();
    assert!(browser.has("main h1").await && !browser.has("main form[action='/connexion']").await, "{path}");
    browser.close().await;
    let sizes = sizes.as_array().unwrap();
    let bytes: u64 = sizes.iter().map(|entry| entry[1].as_u64().unwrap()).sum();
    assert!(sizes.len() > 8 && bytes > 100_000, "the fonts and the sheets are counted: {sizes:?}");
    assert!(bytes < 400_000, "{path}, {bytes}: {sizes:?}");
    bytes
}

/// The home page, the page of a body, the form of a line, and the same with every list of codes.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_view_is_light() {
    let app = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let line = format!("{BASE}/lignes/nouvelle?cas=");
    let mut weights = vec![];
    for path in
        ["/", &format!("/collectivites/{OWN}"), &format!("{line}association_ici"), &format!("{line}autre")]
    {
        weights.push(weight(&app, path).await);
    }
    assert!(weights[3] > weights[2], "lists weigh: {weights:?}");
}
