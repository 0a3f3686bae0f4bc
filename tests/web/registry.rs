//! The register as managers see it: found, corrected, merged, and a new millésime, each looked at first.

use axum::http::StatusCode;
use eapd::domain::account::AccountRole;

use super::desk::{self, BOUNDARY, OTHER, OWN, Signed, multipart};
use super::staff::{enlist, session, staff};
use super::world::Page;
use crate::contract::register::package::Made;
use crate::support::browser::Browser;
use crate::support::{Engine, TestApp, contract};

const HOME: &str = "/pilotage/registre";

contract!(with desk::desk, "2014-05-20T10:00:00+02:00":
    a_body_is_found_and_corrected_from_a_year_on,
    a_merger_is_looked_at_then_taken,
    what_is_wrong_with_a_decision_is_told_beside_its_field,
    a_file_of_decisions_is_looked_at_then_applied,
    a_millesime_is_looked_at_then_applied,
    a_file_of_another_manager_is_not_there,
    others_stay_out,
);

async fn manager(test: &TestApp) -> Signed<'_> {
    staff(test, AccountRole::Manager).await
}

fn states(test: &TestApp) -> String {
    test.instance.must("SELECT COUNT(*) FROM collectivity_state;").trim().to_owned()
}

async fn a_body_is_found_and_corrected_from_a_year_on(test: TestApp) {
    let manager = manager(&test).await;
    let found = manager.get(&format!("{HOME}?q=essai")).await;
    assert!(found.words().contains("1\u{a0}organisme trouvé Organisme"), "{}", found.words());
    assert!(found.text.contains(&format!("{HOME}/{OWN}")));
    let sheet = manager.get(&format!("{HOME}/{OWN}")).await;
    assert!(sheet.words().contains("Commune d’Essai") && sheet.words().contains("depuis toujours"));

    let path = format!("{HOME}/decision/modification");
    let form = manager.get(&format!("{path}?siren={OWN}")).await;
    assert!(form.words().contains("aujourd’hui\u{a0}: Commune d’Essai"), "{}", form.words());
    let fields =
        [("siren", OWN), ("nom", "Essai-la-Fictive"), ("date", "01/01/2013"), ("motif", "décret fictif")];
    let before = states(&test);
    let look = manager.on_path(&path, &fields).await;
    let told = "nom\u{a0}: «\u{a0}Commune d’Essai\u{a0}» devient «\u{a0}Essai-la-Fictive\u{a0}», à partir de l’exercice 2013";
    assert!(look.words().contains(told), "{}", look.words());
    assert_eq!(states(&test), before, "looked at only");

    let sure = [&fields[..], &[("confirmer", "oui")]].concat();
    let done = manager.on_path(&path, &sure).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, format!("{HOME}/{OWN}").as_str()));
    let words = manager.get(&format!("{HOME}/{OWN}")).await.words();
    assert!(
        words.contains("depuis 2013 Essai-la-Fictive") && words.contains("depuis toujours Commune d’Essai")
    );
    assert!(words.contains("décret fictif"), "{words}");
    let told = test.instance.must("SELECT action || ' ' || subject FROM journal ORDER BY seq DESC LIMIT 1;");
    assert_eq!(told.trim(), format!("register.decide {OWN}"));

    let again = manager.on_path(&path, &fields).await;
    assert!(again.words().contains("le registre ne changerait pas"), "{}", again.words());
    assert!(!again.text.contains("value=\"oui\""), "there is nothing to be sure of");
}

async fn a_merger_is_looked_at_then_taken(test: TestApp) {
    let manager = manager(&test).await;
    let path = format!("{HOME}/decision/absorption");
    let fields = [("siren", OTHER), ("vers", OWN), ("date", "2014-01-01"), ("motif", "arrêté fictif")];
    let look = manager.on_path(&path, &fields).await;
    let words = look.words();
    assert!(words.contains("disparaît\u{a0}; dernier jour\u{a0}: 31\u{a0}décembre\u{a0}2013"), "{words}");
    assert!(
        words.contains(&format!("fusion\u{a0}: {OWN} lui succède le 1er\u{a0}janvier\u{a0}2014")),
        "{words}"
    );
    let done = manager.on_path(&path, &[&fields[..], &[("confirmer", "oui")]].concat()).await;
    assert_eq!(done.header("location"), format!("{HOME}/{OWN}"));
    let words = manager.get(&format!("{HOME}/{OWN}")).await.words();
    assert!(words.contains("Succède à Commune voisine"), "{words}");
}

async fn what_is_wrong_with_a_decision_is_told_beside_its_field(test: TestApp) {
    let manager = manager(&test).await;
    let before = states(&test);
    for sure in ["", "oui"] {
        let fields = [("siren", "219900108"), ("vers", OWN), ("date", "demain"), ("confirmer", sure)];
        let page = manager.on_path(&format!("{HOME}/decision/fusion"), &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["siren", "date", "motif"] {
            assert!(page.text.contains(&format!("<li><a href=\"#{field}\">")), "{field} {}", page.text);
        }
        assert!(page.text.contains("value=\"demain\""), "what was typed stays");
    }
    // Right by itself, wrong for the register.
    let fields = [("siren", "219900131"), ("date", "2013-12-31"), ("confirmer", "oui")];
    let page = manager.on_path(&format!("{HOME}/decision/fin"), &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("href=\"#siren\""), "{}", page.words());
    assert_eq!(states(&test), before);
    assert_eq!(manager.get(&format!("{HOME}/decision/danse")).await.status, StatusCode::NOT_FOUND);
}

async fn sends(manager: &Signed<'_>, kind: &str, file: &[u8]) -> Page {
    let body = multipart(&[("nature", None, kind.as_bytes()), ("fichier", Some("fichier"), file)]);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    manager.sends_to(&format!("{HOME}/fichier"), &kind, body).await
}

async fn a_file_of_decisions_is_looked_at_then_applied(test: TestApp) {
    let manager = manager(&test).await;
    let wrong = sends(&manager, "decisions", b"siren;nom\n1;2\n").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.words().contains("operation"), "{}", wrong.words());
    let nothing = sends(&manager, "autre", b"").await;
    assert!(
        nothing.text.contains("href=\"#fichier\"") && nothing.text.contains("href=\"#nature-millesime\"")
    );

    let faulty = sends(&manager, "decisions", b"operation;siren;date\nfin;219900131;2013-12-31\n").await;
    let preview = manager.get(faulty.header("location")).await;
    assert!(preview.words().contains("ligne 2, colonne «\u{a0}siren\u{a0}»"), "{}", preview.words());
    assert!(!preview.text.contains("value=\"appliquer\""));

    let file = format!("operation;siren;date;motif\nfin;{OTHER};2013-12-31;arrêté fictif\n");
    let sent = sends(&manager, "decisions", file.as_bytes()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    let address = sent.header("location");
    let preview = manager.get(address).await;
    assert!(preview.words().contains("Commune voisine 219900115 disparaît"), "{}", preview.words());
    let done = manager.on_path(address, &[("action", "appliquer")]).await;
    assert_eq!(done.header("location"), HOME);
    let words = manager.get(&format!("{HOME}/{OTHER}")).await.words();
    assert!(words.contains("A existé jusqu’au 31\u{a0}décembre\u{a0}2013"), "{words}");
    assert_eq!(manager.get(address).await.status, StatusCode::NOT_FOUND, "applied once");
}

async fn a_millesime_is_looked_at_then_applied(test: TestApp) {
    let manager = manager(&test).await;
    for (file, told) in [(&b"PK"[..], "archive"), (&[][..], "Choisissez")] {
        let wrong = sends(&manager, "millesime", file).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.words().contains(told), "{}", wrong.words());
    }
    let before = states(&test);
    let sent = sends(&manager, "millesime", &Made::new("6.0.0").archive()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    let address = sent.header("location");
    let words = manager.get(address).await.words();
    assert!(words.contains("Ce que change le millésime 2026"), "{words}");
    assert!(
        words.contains("Saint-Étienne-la-Fictive") && words.contains("ajout\u{a0}: commune, code 65902"),
        "{words}"
    );
    assert_eq!(states(&test), before, "looked at only");
    assert_eq!(manager.on_path(address, &[("action", "appliquer")]).await.header("location"), HOME);
    assert!(manager.get(&format!("{HOME}?q=65902")).await.words().contains("Saint-Étienne-la-Fictive"));

    // The next one renames a commune, and loses another.
    let mut next = Made::new("7.0.0").without_commune("68901");
    next.commune_mut("65902")["nom"] = "Saint-Étienne-Nouvelle".into();
    next.commune_mut("65901")["population"] = 3_100.into();
    let sent = sends(&manager, "millesime", &next.archive()).await;
    let words = manager.get(sent.header("location")).await.words();
    assert!(
        words.contains("devient «\u{a0}Saint-Étienne-Nouvelle\u{a0}», à partir de l’exercice 2027"),
        "{words}"
    );
    assert!(words.contains("Commune fictive D") && words.contains("disparaît"), "{words}");
    assert!(words.contains("de population seulement"), "{words}");
    assert_eq!(
        manager.on_path(sent.header("location"), &[("action", "abandonner")]).await.header("location"),
        HOME
    );
    assert!(
        manager.get(&format!("{HOME}?q=65902")).await.words().contains("Saint-Étienne-la-Fictive"),
        "dropped"
    );
}

async fn a_file_of_another_manager_is_not_there(test: TestApp) {
    let manager = manager(&test).await;
    let file = format!("operation;siren;date\nfin;{OTHER};2013-12-31\n");
    let address = sends(&manager, "decisions", file.as_bytes()).await.header("location").to_owned();
    let person = enlist(&test, AccountRole::Instructor).await;
    test.instance.must(&format!("UPDATE account SET role = 'manager' WHERE person = '{person}';"));
    let other = session(&test, &person, &AccountRole::Manager).await;
    assert_eq!(other.get(HOME).await.status, StatusCode::OK);
    assert_eq!(other.get(&address).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.on_path(&address, &[("action", "appliquer")]).await.status, StatusCode::NOT_FOUND);
}

async fn others_stay_out(test: TestApp) {
    for role in [AccountRole::Sgar("84".to_owned()), AccountRole::Instructor, AccountRole::Administrator] {
        let signed = staff(&test, role).await;
        for path in [HOME.to_owned(), format!("{HOME}/{OWN}"), format!("{HOME}/fichier")] {
            assert_eq!(signed.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_the_register_has_a_fault_that_axe_knows() {
    let test = TestApp::copy_of(&desk::desk(Engine::Sqlite).await, desk::NOW).await;
    let manager = manager(&test).await;
    let file = format!("operation;siren;date\nfin;{OTHER};2013-12-31\nfin;219900131;2013-12-31\n");
    let preview = sends(&manager, "decisions", file.as_bytes()).await.header("location").to_owned();
    let browser = Browser::open(&test.app).await;
    browser.holds(manager.cookie()).await;
    let mut faults = vec![];
    for path in [
        HOME.to_owned(),
        format!("{HOME}?q=commune"),
        format!("{HOME}/{OWN}"),
        format!("{HOME}/decision/modification?siren={OWN}"),
        format!("{HOME}/decision/creation"),
        format!("{HOME}/fichier"),
        preview,
    ] {
        browser.go(&path).await;
        faults.extend(browser.faults(&path).await);
    }
    // A form that is to be mended, then what it would change.
    browser.go(&format!("{HOME}/decision/fin?siren={OTHER}")).await;
    browser.press("#formulaire button[type='submit']").await;
    browser.comes_to(&format!("{HOME}/decision/fin")).await;
    faults.extend(browser.faults("a decision with a fault").await);
    browser.fill("date", "31/12/2013").await;
    browser.press("#formulaire button[type='submit']").await;
    browser.comes_to(&format!("{HOME}/decision/fin")).await;
    faults.extend(browser.faults("what a decision changes").await);
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
