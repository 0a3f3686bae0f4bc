//! The pages of administrators, the journal, the requests that wait: what they say, and who may not.

use axum::http::StatusCode;
use eapd::domain::account::AccountRole;
use eapd::service::mail::{Post, deliver};
use fantoccini::Locator;

use super::desk::{self, NOW, OTHER, OWN, PASSWORD, Signed};
use super::staff::staff;
use super::world::Page;
use crate::accounts::world::{all_sent, last};
use crate::support::browser::Browser;
use crate::support::people::{key, newcomer};
use crate::support::{Engine, TestApp, contract};

const ACCOUNTS: &str = "/administration/comptes";
const JOURNAL: &str = "/administration/journal";
const TASKS: &str = "/administration/taches";
const ATTACHMENTS: &str = "/pilotage/rattachements";
const ADDRESS: &str = "sgar.normandie@prefecture.example";

fn went_to(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.words());
    page.header("location").to_owned()
}

const INVITED: [(&str, &str); 5] = [
    ("nom", "Préfète Inventée"),
    ("fonction", "chargée de mission"),
    ("courriel", ADDRESS),
    ("role", "sgar"),
    ("region", "28"),
];

async fn an_administrator_sees_what_the_service_does_alone(mut test: TestApp) {
    let folder = tempfile::tempdir().unwrap();
    // A file stands where the folder would be: the digest of the journal fails.
    std::fs::write(folder.path().join("empreintes"), "").unwrap();
    let path = folder.path().to_owned();
    test.configure(|config| config.data.dir = path);
    let admin = staff(&test, AccountRole::Administrator).await;
    let before = admin.get(TASKS).await.words();
    assert!(before.contains("Jamais exécutée") && before.contains("chaque jour à"), "{before}");
    let (_stop, mut stopping) = tokio::sync::watch::channel(false);
    eapd::jobs::schedule::look(&test.app, "A", &mut stopping).await;
    let after = admin.get(TASKS).await.words();
    assert!(after.contains("Une tâche a échoué") && after.contains("Échec, nouvel essai"), "{after}");
    assert!(after.contains("Faite") && !after.contains("Jamais exécutée"), "{after}");
    // PostgreSQL archives its log: copies are taken by the schedule where the configuration asks for it.
    assert_eq!(after.contains("Non planifiée"), test.engine() == Engine::Postgres, "{after}");
}

async fn an_administrator_keeps_accounts(test: TestApp) {
    let admin = staff(&test, AccountRole::Administrator).await;
    let observer = staff(&test, AccountRole::Observer).await;
    let all = admin.get(ACCOUNTS).await;
    assert!(all.words().contains("4\u{a0}comptes") && all.words().contains("observateur@service.example"));
    assert!(admin.get(&format!("{ACCOUNTS}?role=observateur")).await.words().contains("1\u{a0}compte"));
    let found = admin.on_path(ACCOUNTS, &[("q", "imaginaire")]).await.words();
    assert!(found.contains("1\u{a0}compte") && found.contains(desk::SECOND), "{found}");
    let way = went_to(&admin.on_path(ACCOUNTS, &[("q", ""), ("role", "sgar")]).await);
    assert_eq!(way, "/administration/comptes?role=sgar");

    let path = "/administration/comptes/invitation";
    let empty = admin.on_path(path, &[("role", "declarant")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["nom", "fonction", "courriel", "role"] {
        assert!(empty.text.contains(&format!("<a href=\"#{field}\">")), "{field}: {}", empty.words());
    }
    let without = admin.on_path(path, &INVITED[..4]).await;
    assert!(without.text.contains("<a href=\"#region\">"), "{}", without.words());
    let sheet = went_to(&admin.on_path(path, &INVITED).await);
    let words = admin.get(&sheet).await.words();
    assert!(words.contains("invitation en attente") && words.contains("Normandie"), "{words}");
    assert_eq!(last(&test.app, "invited").await.to_id, sheet.rsplit('/').next().unwrap());
    let again = admin.on_path(path, &INVITED).await;
    assert!(again.text.contains("<a href=\"#courriel\">"), "{}", again.words());
    went_to(&admin.on_path(&sheet, &[("action", "relancer")]).await);
    assert_eq!(went_to(&admin.on_path(&sheet, &[("action", "annuler")]).await), ACCOUNTS);
    assert_eq!(admin.get(&sheet).await.status, StatusCode::NOT_FOUND);

    let id = |name: &str| test.instance.must(&format!("SELECT person FROM account WHERE role = '{name}';"));
    let theirs = format!("{ACCOUNTS}/{}", id("observer").trim());
    assert!(admin.get(&theirs).await.words().contains("1\u{a0}session"));
    let nameless = [("action", "role"), ("role", "instructeur"), ("motif", "")];
    assert_eq!(admin.on_path(&theirs, &nameless).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let change = [("action", "role"), ("role", "instructeur"), ("motif", "nouvelles fonctions")];
    assert_eq!(went_to(&admin.on_path(&theirs, &change).await), theirs);
    assert_eq!(observer.get("/pilotage").await.status, StatusCode::SEE_OTHER, "the session ended");
    for (action, told) in [("facteur", "à préparer"), ("fermer", "Rouvrir"), ("ouvrir", "Fermer ce compte")]
    {
        assert_eq!(went_to(&admin.on_path(&theirs, &[("action", action)]).await), theirs);
        let words = admin.get(&theirs).await.words();
        assert!(words.contains(told), "{action}: {words}");
    }
    let mine = format!("{ACCOUNTS}/{}", id("administrator").trim());
    assert!(admin.get(&mine).await.words().contains("Ce compte est le vôtre"));
    assert_eq!(admin.on_path(&mine, &change).await.status, StatusCode::FORBIDDEN);
    // Nothing of an administrator's pages leads to an amount.
    for page in [ACCOUNTS, &theirs, "/pilotage"] {
        let page = admin.get(page).await;
        assert!(
            !page.text.contains("href=\"/espace/") && !page.text.contains("href=\"/collectivites"),
            "{}",
            page.words()
        );
    }
    assert_eq!(admin.get(desk::BASE).await.status, StatusCode::FORBIDDEN);
}

async fn the_journal_is_searched_verified_and_taken_out(test: TestApp) {
    let admin = staff(&test, AccountRole::Administrator).await;
    Signed::as_(&test, desk::FIRST).await;
    let (agent, _asked) = newcomer(&test, "attente@commune.example", OWN.parse().unwrap()).await;
    let all = admin.get(JOURNAL).await.words();
    // The labels are choices of the form too: the words of the journal itself stand in its rows alone.
    assert!(all.contains("attachment.ask") && all.contains("session.open"), "{all}");
    let of_siren = admin.get(&format!("{JOURNAL}?siren={OWN}&action=attachment.ask")).await.words();
    assert!(of_siren.contains(&format!("siren\u{a0}: {OWN}")), "{of_siren}");
    let other = admin.get(&format!("{JOURNAL}?siren={OTHER}")).await.words();
    assert!(other.contains("Aucune entrée ne correspond"), "{other}");
    // A name becomes an id: none stands in an address.
    let way = went_to(
        &admin.on_path(JOURNAL, &[("faire", "chercher"), ("acteur", "attente@commune.example")]).await,
    );
    assert_eq!(way, format!("{JOURNAL}?acteur={}", agent.person));
    let acts = admin.get(&way).await;
    assert!(acts.words().contains("Actes de Agent Inventé") && acts.words().contains("attachment.ask"));
    let both = admin.on_path(JOURNAL, &[("faire", "chercher"), ("acteur", "agent")]).await;
    assert_eq!(both.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(both.words().contains("Plusieurs comptes correspondent"), "{}", both.words());
    let nobody = admin.on_path(JOURNAL, &[("faire", "chercher"), ("acteur", "personne d’ici")]).await;
    assert!(nobody.text.contains("<a href=\"#acteur\">"));
    let wrong = admin.get(&format!("{JOURNAL}?siren=12&du=hier")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("<a href=\"#siren\">") && wrong.text.contains("<a href=\"#du\">"));
    // By day, in Paris.
    let on =
        async |from: &str, until: &str| admin.get(&format!("{JOURNAL}?du={from}&au={until}")).await.words();
    assert!(on("2014-05-20", "2014-05-20").await.contains("attachment.ask"));
    assert!(on("2014-05-21", "").await.contains("Aucune entrée"));
    let before = on("", "2013-12-31").await;
    assert!(before.contains("campaign.create") && !before.contains("attachment.ask"), "{before}");

    let file =
        admin.on_path(JOURNAL, &[("faire", "exporter"), ("siren", OWN), ("action", "attachment.ask")]).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let rows: Vec<&str> = file.text.lines().collect();
    assert_eq!(rows.len(), 2, "{}", file.text);
    assert!(rows[0].contains("numero;instant;acteur;action") && rows[1].contains(&agent.person));
    assert!(!file.text.contains("Inventé"), "persons stand by their id");
    let told = admin.get(&format!("{JOURNAL}?action=journal.export")).await.words();
    assert!(told.contains("journal.export") && told.contains("entrees\u{a0}: 1"), "{told}");

    let whole = admin.on_path(JOURNAL, &[("faire", "verifier")]).await.words();
    assert!(whole.contains("Le journal est intègre"), "{whole}");
    let instructor = staff(&test, AccountRole::Instructor).await;
    assert_eq!(instructor.get(JOURNAL).await.status, StatusCode::FORBIDDEN);
    assert_eq!(instructor.on_path(JOURNAL, &[("faire", "exporter")]).await.status, StatusCode::FORBIDDEN);
}

async fn pages_of_the_journal_follow_each_other(test: TestApp) {
    let admin = staff(&test, AccountRole::Administrator).await;
    let mut tx = test.app.db.begin().await.unwrap();
    for number in 0..120 {
        let subject = format!("objet {number}");
        let told = eapd::store::journal::Told {
            at: test.app.now(),
            actor: "P1",
            action: "call.create",
            subject: &subject,
            before: None,
            after: None,
        };
        eapd::store::journal::append(&mut tx, told).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut path = format!("{JOURNAL}?action=call.create&acteur=P1");
    let mut seen = vec![];
    for rank in 0..3 {
        let page = admin.get(&path).await;
        let objects =
            page.text.split("objet ").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
        seen.extend(objects);
        let next = page
            .text
            .split("href=\"")
            .find(|link| link.contains("avant="))
            .map(|link| link.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&"));
        match next {
            Some(next) => path = next,
            None => assert_eq!(rank, 2),
        }
    }
    let expected: Vec<String> = (0..120).rev().map(|number: usize| number.to_string()).collect();
    assert_eq!(seen, expected);
}

async fn requests_that_wait_are_answered(test: TestApp) {
    let (agent, asked) = newcomer(&test, "attente@commune.example", OWN.parse().unwrap()).await;
    let (_, other) = newcomer(&test, "autre@commune.example", OWN.parse().unwrap()).await;
    let manager = staff(&test, AccountRole::Manager).await;
    let page = manager.get(ATTACHMENTS).await;
    assert!(page.words().contains("attente@commune.example") && page.words().contains("Commune d’Essai"));
    let send = async |fields: &[(&str, &str)]| manager.on_path(ATTACHMENTS, fields).await;
    let refused = send(&[("demande", &asked), ("action", "refuser"), ("motif", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&format!("<a href=\"#motif-{asked}\">")), "{}", refused.words());
    let why = [("demande", asked.as_str()), ("action", "refuser"), ("motif", "inconnu en mairie")];
    assert_eq!(went_to(&send(&why).await), ATTACHMENTS);
    assert_eq!(send(&why).await.status, StatusCode::CONFLICT, "answered already");
    assert_eq!(went_to(&send(&[("demande", &other), ("action", "accepter")]).await), ATTACHMENTS);
    assert!(manager.get(ATTACHMENTS).await.words().contains("Aucune demande n’attend"));
    assert_eq!(last(&test.app, "attachment_refused").await.to_id, agent.person);
    // A collectivity that is not in the list.
    all_sent(&test).await;
    let told = eapd::domain::missing::MissingCollectivity {
        name: "Syndicat fictif".to_owned(),
        kind: eapd::domain::collectivity::CollectivityKind::Cc,
        siren: None,
        departement: "35".to_owned(),
        successor_of: vec![],
        message: None,
    };
    let request = eapd::service::account::missing(&test.app, &agent, &told).await.unwrap();
    assert!(manager.get(ATTACHMENTS).await.words().contains("Syndicat fictif"));
    let silent = send(&[("demande", &request), ("action", "repondre"), ("motif", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    send(&[("demande", &request), ("action", "repondre"), ("motif", "Il est au registre.")]).await;
    assert!(last(&test.app, "missing_answered").await.data.contains("Il est au registre."));
    assert!(!manager.get(ATTACHMENTS).await.words().contains("Syndicat fictif"));
    for role in [AccountRole::Instructor, AccountRole::Administrator] {
        let signed = staff(&test, role).await;
        assert_eq!(signed.get(ATTACHMENTS).await.status, StatusCode::FORBIDDEN);
    }
}

/// The body of the desk is in region 84: its prefecture sees the request, another one does not.
async fn a_prefecture_sees_its_region_alone(test: TestApp) {
    let (_, asked) = newcomer(&test, "attente@commune.example", OWN.parse().unwrap()).await;
    let sgar = staff(&test, AccountRole::Sgar("53".to_owned())).await;
    let page = sgar.get(ATTACHMENTS).await;
    assert!(
        page.words().contains("Aucune demande n’attend") && !page.words().contains("absentes de la liste")
    );
    let tried = sgar.on_path(ATTACHMENTS, &[("demande", &asked), ("action", "accepter")]).await;
    assert_eq!(tried.status, StatusCode::FORBIDDEN);
    test.instance.must("UPDATE account SET region = '84' WHERE role = 'sgar';");
    assert!(sgar.get(ATTACHMENTS).await.words().contains("attente@commune.example"));
    let done = sgar.on_path(ATTACHMENTS, &[("demande", &asked), ("action", "accepter")]).await;
    assert_eq!(went_to(&done), ATTACHMENTS);
}

contract!(with desk::desk, "2014-05-20T10:00:00+02:00":
    an_administrator_sees_what_the_service_does_alone,
    an_administrator_keeps_accounts,
    the_journal_is_searched_verified_and_taken_out,
    pages_of_the_journal_follow_each_other,
    requests_that_wait_are_answered,
    a_prefecture_sees_its_region_alone,
);

/// From the invitation to the first page, at a browser, with nothing that axe finds on the way.
#[tokio::test(flavor = "multi_thread")]
async fn someone_is_invited_and_comes_in() {
    let test = TestApp::copy_of(&desk::desk(Engine::Sqlite).await, NOW).await;
    staff(&test, AccountRole::Administrator).await;
    newcomer(&test, "attente@commune.example", OWN.parse().unwrap()).await;
    let browser = Browser::open(&test.app).await;
    let mut faults = vec![];
    browser.go("/connexion").await;
    browser.fill("courriel", "administrateur@service.example").await;
    browser.fill("mot-de-passe", PASSWORD).await;
    browser.press("form[action='/connexion'] button[type='submit']").await;
    browser.comes_to("/connexion/code").await;
    faults.extend(browser.faults("code").await);
    browser.fill("code-unique", &key().code_at(test.app.now())).await;
    browser.press("main form button[type='submit']").await;
    browser.comes_to("/pilotage").await;
    for path in [ACCOUNTS, JOURNAL, TASKS, "/compte/double-authentification", "/demo/codes"] {
        browser.go(path).await;
        faults.extend(browser.faults(path).await);
    }
    browser.go(ACCOUNTS).await;
    browser.press("main a[href$='/invitation']").await;
    browser.comes_to("/administration/comptes/invitation").await;
    faults.extend(browser.faults("invitation").await);
    for (field, text) in &INVITED[..3] {
        browser.fill(field, text).await;
    }
    browser.press("#role option[value='sgar']").await;
    browser.press("#region option[value='28']").await;
    browser.press("main form button[type='submit']").await;
    browser.comes_to(ACCOUNTS).await;
    faults.extend(browser.faults("invited").await);
    browser.go("/deconnexion").await;
    browser.press("main form[action='/deconnexion'] button[type='submit']").await;
    browser.comes_to("/").await;

    let post = Post::of(&test.app.config).unwrap().unwrap();
    deliver(&test.app, &post, || true).await.unwrap();
    browser.go("/demo/courriels").await;
    browser.press("main a[href^='/invitation']").await;
    browser.comes_to("/invitation").await;
    faults.extend(browser.faults("accepting").await);
    browser.fill("mot-de-passe", "pluie citron tambour 48 lierre").await;
    browser.press("main form button[type='submit']").await;
    browser.comes_to("/connexion/code").await;
    faults.extend(browser.faults("setting up").await);
    let shown = browser.finds(Locator::Css("dd.app-code")).await.text().await.unwrap();
    let shared = eapd::domain::account::Key::from_base32(&shown.replace(' ', "")).unwrap();
    browser.fill("code-unique", &shared.code_at(test.app.now())).await;
    browser.press("main form button[type='submit']").await;
    browser.finds(Locator::Css("main li.app-code")).await;
    faults.extend(browser.faults("printed").await);
    browser.press("main a.fr-btn").await;
    browser.comes_to("/pilotage").await;
    browser.go(ATTACHMENTS).await;
    faults.extend(browser.faults("prefecture").await);
    browser.close().await;

    // The ministry has something to answer.
    let manager = staff(&test, AccountRole::Manager).await;
    assert_eq!(manager.get(ATTACHMENTS).await.status, StatusCode::OK);
    let browser = Browser::open(&test.app).await;
    browser.go("/connexion").await;
    browser.fill("courriel", "gestionnaire@service.example").await;
    browser.fill("mot-de-passe", PASSWORD).await;
    browser.press("form[action='/connexion'] button[type='submit']").await;
    browser.comes_to("/connexion/code").await;
    browser.fill("code-unique", &key().code_at(test.app.now())).await;
    browser.press("main form button[type='submit']").await;
    browser.comes_to("/pilotage").await;
    browser.go(ATTACHMENTS).await;
    faults.extend(browser.faults("ministry").await);
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
