//! Questions to a collectivity: asked from a finding, answered in its space, mailed both ways, closed, never public.

use axum::http::StatusCode;
use eapd::config::Profile;
use eapd::domain::account::{AccountRole, Email};
use eapd::domain::question::{LONGEST, Outcome};
use eapd::domain::siren::Siren;
use eapd::domain::year::CampaignYear;
use eapd::service::declaration::version::{Decision, decide};
use eapd::service::journal::verify;
use eapd::service::mail::{Post, deliver};
use eapd::service::question::{self, New};
use eapd::service::{account, derogation, operator};
use eapd::store;

use super::desk::{self, FIRST, NOW, OTHER, OWN, SECOND, Signed, value};
use super::managing::filed;
use super::staff::{enlist, session, staff};
use super::world::{Page, get};
use crate::accounts::world::{all_sent, mails};
use crate::support::browser::Browser;
use crate::support::people::manager as somebody;
use crate::support::{Engine, Role as DatabaseRole, TestApp, contract};

contract!(with desk::desk, "2014-05-20T10:00:00+02:00":
    a_finding_is_asked_about_answered_and_closed,
    it_is_closed_by_a_derogation_or_by_a_version,
    each_role_does_what_is_its_own,
    what_is_refused_says_why_and_keeps_what_was_typed,
    a_script_is_text,
    who_is_erased_leaves_no_word,
    a_long_list_is_filtered_and_has_pages,
);

const LIST: &str = "/pilotage/questions";
const NEW: &str = "/pilotage/questions/nouvelle";
/// The region of the bodies.
const REGION: &str = "84";

/// Sends a form that is taken; gives where it leads.
async fn sends(signed: &Signed<'_>, path: &str, fields: &[(&str, &str)]) -> String {
    let page = signed.on_path(path, fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{path} {}", page.words());
    page.header("location").to_owned()
}

/// Asks [`OWN`] about the payments of 2012; gives the page of the question.
async fn asks(signed: &Signed<'_>, text: &str) -> String {
    sends(signed, NEW, &[("siren", OWN), ("exercice", "2012"), ("texte", text)]).await
}

/// The same question in the space of the collectivity.
fn in_space(asked: &str) -> String {
    format!("/espace/{OWN}/questions/{}", asked.rsplit('/').next().unwrap())
}

fn says(page: &Page, told: &[&str]) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.words());
    for told in told {
        assert!(page.words().contains(told), "{told}: {}", page.words());
    }
}

fn refused(page: &Page, status: u16, says: &str) {
    assert_eq!(page.status.as_u16(), status, "{}", page.words());
    assert!(page.words().contains(says), "{says}: {}", page.words());
}

/// The persons to whom mails of a kind wait to be sent.
async fn told(test: &TestApp, kind: &str) -> Vec<String> {
    let waiting = mails(&test.app).await;
    waiting.into_iter().filter(|mail| mail.kind == kind).map(|mail| mail.to_id).collect()
}

async fn person(test: &TestApp, address: &str) -> String {
    let mut tx = test.app.db.snapshot().await.unwrap();
    let email = address.parse::<Email>().unwrap();
    store::account::by_email(&mut tx, &email).await.unwrap().unwrap().person
}

/// Everything that the database holds, as text, but for what is told of refusals.
fn dump(test: &TestApp) -> String {
    let outcome = match test.engine() {
        Engine::Sqlite => test.instance.sql(".dump"),
        Engine::Postgres => {
            test.instance.sql_as(DatabaseRole::Owner, "SELECT schema_to_xml('public', true, true, '');")
        }
    };
    assert!(outcome.done() && outcome.stdout.contains("Commune"), "{outcome}");
    crate::support::instance::without_refusals(&outcome.stdout)
}

async fn a_finding_is_asked_about_answered_and_closed(test: TestApp) {
    filed(&test).await;
    let manager = staff(&test, AccountRole::Manager).await;
    let found = manager.get("/pilotage/qualite/2013?controle=marqueurs&q=A-1").await;
    let (_, link) = found.text.split_once("href=\"/pilotage/questions/nouvelle?").unwrap();
    let query = link.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let form = manager.get(&format!("{NEW}?{query}")).await;
    says(&form, &["Commune d’Essai", "A-1, «\u{a0}Adduction d’eau (fictive)\u{a0}»", "jamais publiques"]);
    assert!(form.words().contains("Lignes sans aucun marqueur"), "{}", form.words());
    assert_eq!(
        [value(&form, "siren"), value(&form, "exercice"), value(&form, "ligne")],
        [OWN, "2012", "A-1"]
    );
    let fields = [("siren", OWN), ("exercice", "2012"), ("ligne", "A-1"), ("texte", "Quel marqueur\u{a0}?")];
    let asked = sends(&manager, NEW, &fields).await;
    let space = in_space(&asked);
    let mut agents = vec![person(&test, FIRST).await, person(&test, SECOND).await];
    agents.sort();
    assert_eq!(
        told(&test, "question_asked").await.into_iter().collect::<std::collections::BTreeSet<_>>(),
        agents.into_iter().collect()
    );
    assert!(mails(&test.app).await.iter().all(|mail| !mail.data.contains("marqueur")), "no words in a mail");
    says(&manager.get(LIST).await, &["1\u{a0}question", "Commune d’Essai", "posée le 20\u{a0}mai\u{a0}2014"]);
    let declaration = manager.get(super::managing::FILED).await;
    says(&declaration, &["Question sur ligne A-1, posée le"]);

    // The mail leads to the question; what it says is in the folder of the demonstration.
    let post = Post::of(&test.app.config).unwrap().unwrap();
    while deliver(&test.app, &post, || true).await.unwrap().sent > 0 {}
    let sent = get(&test, "/demo/courriels").await;
    assert!(sent.text.contains(&format!("href=\"{space}\"")), "{}", sent.text);
    assert!(sent.words().contains("Question sur votre déclaration"), "{}", sent.words());

    let agent = Signed::as_(&test, FIRST).await;
    says(&agent.get("/espace").await, &["1\u{a0}question attend votre réponse"]);
    says(&agent.get(desk::BASE).await, &["1\u{a0}question attend votre réponse"]);
    says(&agent.get(&format!("/espace/{OWN}/questions")).await, &["par le ministère", "A-1", "Répondre"]);
    let page = agent.get(&space).await;
    says(&page, &["Question du ministère, le 20\u{a0}mai\u{a0}2014", "Quel marqueur\u{a0}?", "Répondre"]);
    says(&page, &["par une dérogation, ou rectifier"]);
    assert!(!page.words().contains("Agent Inventé"), "who asks is the ministry");
    let answer = [("texte", "Genre\u{a0}: objectif secondaire.")];
    assert_eq!(sends(&agent, &space, &answer).await, space);
    refused(&agent.on_path(&space, &answer).await, 409, "a déjà sa réponse");
    assert!(!agent.get("/espace").await.words().contains("attend votre réponse"));
    let asker = person(&test, "gestionnaire@service.example").await;
    assert_eq!(told(&test, "question_answered").await, [asker]);
    while deliver(&test.app, &post, || true).await.unwrap().sent > 0 {}
    assert!(get(&test, "/demo/courriels").await.text.contains(&format!("href=\"{asked}\"")));

    says(
        &manager.get(&asked).await,
        &["Réponse de la collectivité (Agente Inventée)", "objectif secondaire"],
    );
    let further = [("action", "poursuivre"), ("texte", "Et le climat\u{a0}?")];
    assert_eq!(sends(&manager, &asked, &further).await, asked);
    refused(&manager.on_path(&asked, &further).await, 409, "attend déjà la réponse");
    assert_eq!(told(&test, "question_asked").await.len(), 2);
    sends(&Signed::as_(&test, SECOND).await, &space, &[("texte", "Non visé.")]).await;
    says(&manager.get(&asked).await, &["Et le climat\u{a0}?", "(Agent Imaginaire)", "Non visé."]);
    sends(&manager, &asked, &[("action", "clore"), ("issue", "sans-suite")]).await;

    let closed = manager.get(&asked).await;
    says(&closed, &["Close le 20\u{a0}mai\u{a0}2014", "sans suite.", "(Agent Inventé)"]);
    assert!(!closed.text.contains("<textarea") && !closed.text.contains("name=\"issue\""), "{}", closed.text);
    let read = agent.get(&space).await;
    says(&read, &["Close le", "Non visé."]);
    assert!(!read.text.contains("<textarea"), "{}", read.text);
    let before = dump(&test);
    refused(&manager.on_path(&asked, &further).await, 409, "est close");
    refused(
        &manager.on_path(&asked, &[("action", "clore"), ("issue", "sans-suite")]).await,
        409,
        "est close",
    );
    refused(&agent.on_path(&space, &answer).await, 409, "est close");
    assert!(dump(&test) == before, "closed, and something was written");
    assert!(verify(&test.app, &[]).await.unwrap().is_ok());
}

async fn it_is_closed_by_a_derogation_or_by_a_version(test: TestApp) {
    filed(&test).await;
    let manager = staff(&test, AccountRole::Manager).await;
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let (own, other): (Siren, Siren) = (OWN.parse().unwrap(), OTHER.parse().unwrap());
    let (first, second) = (asks(&manager, "Première").await, asks(&manager, "Seconde").await);
    let page = manager.get(&first).await;
    says(&page, &["accorder la dérogation", "rectifier la déclaration", "Sans suite"]);
    assert!(!page.text.contains("value=\"derogation-") && !page.text.contains("value=\"version-"));
    let year = CampaignYear::new(2013).unwrap();
    let until = "2014-05-30".parse().unwrap();
    for siren in [other, own, own] {
        derogation::grant_filing(&test.app, &operator, siren, year, until, "crue").await.unwrap();
    }
    derogation::revoke(&test.app, &operator, 3, "erreur").await.unwrap();
    test.set_clock("2014-05-20T10:00:05+02:00");
    let flow_year = year.flow_year();
    decide(&test.app, &somebody(), own, flow_year, &Decision::Annul, "mauvais SIREN", "courrier")
        .await
        .unwrap();
    let page = manager.get(&first).await;
    says(&page, &["Par la dérogation n°\u{a0}2, jusqu’au 30\u{a0}mai\u{a0}2014", "Par la version 2, du"]);
    let before = dump(&test);
    for wrong in ["", "derogation-1", "derogation-3", "derogation-9", "version-1", "version-9", "autre-chose"]
    {
        let page = manager.on_path(&first, &[("action", "clore"), ("issue", wrong)]).await;
        assert!([409, 422].contains(&page.status.as_u16()), "{wrong} {}", page.words());
        assert!(page.text.contains("<title>Erreur"), "{wrong}");
    }
    assert!(dump(&test) == before, "refused, and something was written");
    for (asked, issue, told) in [
        (&first, "derogation-2", "par la dérogation n°\u{a0}2."),
        (&second, "version-2", "par la version 2."),
    ] {
        sends(&manager, asked, &[("action", "clore"), ("issue", issue)]).await;
        says(&manager.get(asked).await, &["Close le", told]);
    }
    says(&manager.get(&format!("{LIST}?etat=close")).await, &["2\u{a0}questions", "par la version 2"]);
}

async fn each_role_does_what_is_its_own(test: TestApp) {
    filed(&test).await;
    let prefecture = staff(&test, AccountRole::Sgar(REGION.to_owned())).await;
    let asked = asks(&prefecture, "MOTS-JAMAIS-PUBLICS").await;
    let space = in_space(&asked);
    says(&prefecture.get(LIST).await, &["1\u{a0}question", "par la préfecture de région"]);
    says(&Signed::as_(&test, FIRST).await.get(&space).await, &["Question de la préfecture de région"]);
    let declaration = prefecture.get(super::managing::FILED).await;
    says(&declaration, &["Poser une question à la collectivité"]);
    assert!(!prefecture.get(&asked).await.words().contains("accorder la dérogation"), "managers decide");

    let instructor = staff(&test, AccountRole::Instructor).await;
    let page = instructor.get(&asked).await;
    says(&page, &["MOTS-JAMAIS-PUBLICS"]);
    assert!(!page.text.contains("<form action=\"/pilotage/questions"), "{}", page.text);
    assert!(!instructor.get(super::managing::FILED).await.words().contains("Poser une question"));
    let (_, elsewhere) = (prefecture, enlist(&test, AccountRole::Observer).await);
    let observer = session(&test, &elsewhere, &AccountRole::Observer).await;
    let administrator = staff(&test, AccountRole::Administrator).await;
    let agent = Signed::as_(&test, SECOND).await;
    let before = dump(&test);
    let ask = [("siren", OWN), ("exercice", "2012"), ("texte", "Autre")];
    let close = [("action", "clore"), ("issue", "sans-suite")];
    for (signed, reads) in [(&instructor, true), (&observer, false), (&administrator, false), (&agent, false)]
    {
        for path in [LIST, asked.as_str()] {
            assert_eq!(signed.get(path).await.status == StatusCode::OK, reads, "{path}");
        }
        assert_eq!(signed.get(NEW).await.status, StatusCode::FORBIDDEN);
        assert_eq!(signed.on_path(NEW, &ask).await.status, StatusCode::FORBIDDEN);
        assert_eq!(signed.on_path(&asked, &close).await.status, StatusCode::FORBIDDEN);
    }
    for signed in [&instructor, &observer, &administrator] {
        assert_eq!(signed.get(&space).await.status, StatusCode::FORBIDDEN);
        assert_eq!(signed.on_path(&space, &[("texte", "Non")]).await.status, StatusCode::FORBIDDEN);
    }
    // Under another collectivity's address it is not there.
    let elsewhere = space.replace(OWN, OTHER);
    assert_eq!(agent.get(&elsewhere).await.status, StatusCode::FORBIDDEN);
    assert_eq!(agent.get(&format!("/espace/{OWN}/questions/AUTRE")).await.status, StatusCode::NOT_FOUND);
    assert!(dump(&test) == before, "refused, and something was written");
    for path in
        ["/", &format!("/collectivites/{OWN}"), &format!("/api/v1/declarations/{OWN}/2012"), LIST, &space]
    {
        assert!(!get(&test, path).await.text.contains("MOTS-JAMAIS-PUBLICS"), "{path}");
    }
}

async fn what_is_refused_says_why_and_keeps_what_was_typed(test: TestApp) {
    filed(&test).await;
    let manager = staff(&test, AccountRole::Manager).await;
    let asked = asks(&manager, "Une question").await;
    let agent = Signed::as_(&test, FIRST).await;
    all_sent(&test).await;
    let before = dump(&test);
    let long = "x".repeat(LONGEST + 1);
    let form =
        |siren, year, line, text| [("siren", siren), ("exercice", year), ("ligne", line), ("texte", text)];
    for (fields, field, why) in [
        (form("123", "2012", "", "Q"), "siren", "123"),
        (form("219900131", "2012", "", "Q"), "siren", "n’est pas dans le registre"),
        (form(OWN, "hier", "", "Q"), "exercice", "hier"),
        (form(OWN, "2009", "", "Q"), "exercice", "pas de campagne 2010"),
        (form(OWN, "2012", "Z-9", "Q"), "ligne", "Z-9"),
        (form(OWN, "2012", "A-1", " "), "texte", "Écrivez votre message"),
        (form(OWN, "2012", "A-1", &long), "texte", "raccourcissez-le"),
    ] {
        let page = manager.on_path(NEW, &fields).await;
        refused(&page, 422, why);
        assert!(page.text.contains(&format!("<a href=\"#{field}\">")), "{why}: {}", page.text);
        assert_eq!(value(&page, "ligne"), fields[2].1, "typed values stay");
        assert!(page.text.contains(&format!(">{}</textarea>", fields[3].1.trim())), "{why}");
    }
    for (signed, path, action) in [(&agent, in_space(&asked), ""), (&manager, asked.clone(), "clore")] {
        let page = signed.on_path(&path, &[("action", action), ("texte", " ")]).await;
        refused(&page, 422, if action.is_empty() { "Écrivez votre message" } else { "Choisissez" });
    }
    let page = agent.on_path(&in_space(&asked), &[("texte", &long)]).await;
    refused(&page, 422, "raccourcissez-le");
    assert!(page.text.contains(&format!(">{long}</textarea>")) && page.text.contains("<title>Erreur"));
    assert_eq!(manager.on_path(&asked, &[("action", "autre")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(manager.get(&format!("{LIST}/INCONNUE")).await.status, StatusCode::NOT_FOUND);
    assert!(dump(&test) == before, "refused, and something was written");
}

async fn a_script_is_text(test: TestApp) {
    filed(&test).await;
    let manager = staff(&test, AccountRole::Manager).await;
    let trick = "</textarea><script>alert(1)</script>\n\"><b>x</b>";
    let asked = asks(&manager, trick).await;
    let agent = Signed::as_(&test, FIRST).await;
    sends(&agent, &in_space(&asked), &[("texte", trick)]).await;
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("siren", OWN), ("exercice", "2012"), ("ligne", trick), ("texte", trick)])
        .extend_pairs([("campagne", trick), ("etat", trick), ("page", trick)])
        .finish();
    for page in [
        manager.get(&asked).await,
        manager.get(&format!("{NEW}?{query}")).await,
        manager.on_path(NEW, &[("siren", trick), ("ligne", trick), ("texte", trick)]).await,
        manager.get(&format!("{LIST}?{query}")).await,
        agent.get(&in_space(&asked)).await,
    ] {
        assert!(!page.text.contains("<script>alert") && !page.text.contains("<b>x"), "{}", page.text);
    }
    assert!(manager.get(&asked).await.text.contains("&#60;script&#62;alert(1)"), "it is shown as text");
}

async fn who_is_erased_leaves_no_word(test: TestApp) {
    filed(&test).await;
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let asker = enlist(&test, AccountRole::Manager).await;
    let manager = session(&test, &asker, &AccountRole::Manager).await;
    let (first, second) =
        (asks(&manager, "MOTS-DE-LA-QUESTION").await, asks(&manager, "Que dit Agente INVENTÉE\u{a0}?").await);
    let agent = Signed::as_(&test, FIRST).await;
    sends(&agent, &in_space(&first), &[("texte", "MOTS-DE-LA-RÉPONSE, Agente Inventée")]).await;
    let agents = person(&test, FIRST).await;
    account::erase(&test.app, &operator, &agents).await.unwrap();
    let after = dump(&test);
    for gone in ["MOTS-DE-LA-RÉPONSE", "Agente Inventée", "Agente INVENTÉE", FIRST] {
        assert!(!after.contains(gone), "{gone} is still there");
    }
    assert!(after.contains("MOTS-DE-LA-QUESTION") && after.contains(&agents), "what others wrote stays");
    says(&manager.get(&first).await, &["MOTS-DE-LA-QUESTION", "Ce texte a été effacé."]);
    assert!(verify(&test.app, &[]).await.unwrap().is_ok());

    // Who asked is gone: the answer is kept, and nobody is written to.
    all_sent(&test).await;
    account::erase(&test.app, &operator, &asker).await.unwrap();
    assert!(!dump(&test).contains("MOTS-DE-LA-QUESTION"));
    sends(&Signed::as_(&test, SECOND).await, &in_space(&second), &[("texte", "Réponse tardive")]).await;
    assert_eq!(told(&test, "question_answered").await, Vec::<String>::new());
    let another = enlist(&test, AccountRole::Manager).await;
    let manager = session(&test, &another, &AccountRole::Manager).await;
    says(&manager.get(LIST).await, &["2\u{a0}questions", "répondue le"]);
    says(&manager.get(&second).await, &["Réponse tardive"]);
    let third = asks(&manager, "MOTS-TROP-ANCIENS").await;
    sends(&manager, &third, &[("action", "clore"), ("issue", "sans-suite")]).await;

    // What was closed five years ago has no words any more; that it was closed stays.
    let purged = async || account::purge(&test.app, &operator).await.unwrap().questions;
    test.set_clock("2019-05-20T10:00:00+02:00");
    assert_eq!(purged().await, 0);
    test.set_clock("2019-05-20T10:00:01+02:00");
    assert_eq!((purged().await, purged().await), (1, 0));
    let after = dump(&test);
    assert!(!after.contains("MOTS-TROP-ANCIENS") && after.contains("question_end"));
    assert!(verify(&test.app, &[]).await.unwrap().is_ok());
}

async fn a_long_list_is_filtered_and_has_pages(test: TestApp) {
    filed(&test).await;
    let (own, other): (Siren, Siren) = (OWN.parse().unwrap(), OTHER.parse().unwrap());
    for place in 0..51 {
        let siren = if place == 0 { other } else { own };
        let new = New { siren, flow_year: "2012".parse().unwrap(), reference: None, text: "Q" };
        let id = question::ask(&test.app, &somebody(), new).await.unwrap();
        if place == 1 {
            question::close(&test.app, &somebody(), &id, Outcome::Nothing).await.unwrap();
        }
    }
    let year = New { siren: own, flow_year: "2013".parse().unwrap(), reference: None, text: "Q" };
    question::ask(&test.app, &somebody(), year).await.unwrap();
    let manager = staff(&test, AccountRole::Manager).await;
    let rows = |page: &Page| page.text.matches("href=\"/pilotage/questions/").count();
    for (query, counted, shown) in [
        ("", "52\u{a0}questions", 50),
        ("?page=2", "52\u{a0}questions", 2),
        ("?campagne=2013", "51\u{a0}questions", 50),
        ("?campagne=2013&page=2", "51\u{a0}questions", 1),
        ("?campagne=2014", "1\u{a0}question", 1),
        ("?etat=close", "1\u{a0}question", 1),
        ("?campagne=2013&etat=posee", "50\u{a0}questions", 50),
        ("?etat=repondue", "0\u{a0}question", 0),
        ("?campagne=x&etat=y&page=z", "52\u{a0}questions", 50),
    ] {
        let page = manager.get(&format!("{LIST}{query}")).await;
        says(&page, &[counted]);
        // The button that asks one leads there too.
        assert_eq!(rows(&page), shown + 1, "{query}");
    }
    assert!(manager.get(&format!("{LIST}?campagne=2013")).await.text.contains("campagne=2013&amp;page=2"));
    let elsewhere = staff(&test, AccountRole::Sgar("53".to_owned())).await;
    says(&elsewhere.get(LIST).await, &["0\u{a0}question"]);
    let new = [("siren", OWN), ("exercice", "2012"), ("texte", "Q")];
    assert_eq!(elsewhere.on_path(NEW, &new).await.status, StatusCode::FORBIDDEN);
}

/// A manager asks about a finding, an agent answers, the manager closes: at a real browser.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_goes_its_way_at_a_browser() {
    let test = TestApp::copy_of(&desk::desk(Engine::Sqlite).await, NOW).await;
    assert_eq!(test.app.config.profile, Profile::Demo);
    filed(&test).await;
    let manager = staff(&test, AccountRole::Manager).await;
    let agent = Signed::as_(&test, FIRST).await;
    let browser = Browser::open(&test.app).await;
    let mut faults = vec![];
    let mut look = async |name: &str| faults.extend(browser.faults(name).await);
    browser.holds(manager.cookie()).await;
    browser.go("/pilotage/qualite/2013?controle=marqueurs").await;
    look("constats").await;
    browser.press("table a.fr-btn").await;
    browser.comes_to(NEW).await;
    look("poser").await;
    browser.fill("texte", " ").await;
    browser.press("#formulaire button[type='submit']").await;
    browser.comes_to(NEW).await;
    look("poser, refusée").await;
    browser.fill("texte", "Pourquoi aucun marqueur ?").await;
    browser.press("#formulaire button[type='submit']").await;
    browser.comes_to("/pilotage/questions/").await;
    look("question posée").await;
    let asked = browser.client.current_url().await.unwrap().path().to_owned();

    browser.holds(agent.cookie()).await;
    browser.go("/espace").await;
    look("espace").await;
    browser.go(desk::BASE).await;
    look("déclaration").await;
    browser.press("a[href$='/questions']").await;
    browser.comes_to(&format!("/espace/{OWN}/questions")).await;
    look("questions de la collectivité").await;
    browser.press("table a").await;
    browser.comes_to(&in_space(&asked)).await;
    look("répondre").await;
    browser.fill("texte", "Aucun objectif visé.").await;
    browser.press("main form button[type='submit']").await;
    browser.comes_to(&in_space(&asked)).await;
    look("répondu").await;

    browser.holds(manager.cookie()).await;
    browser.go(LIST).await;
    look("liste").await;
    browser.press("table a").await;
    browser.comes_to(&asked).await;
    look("question répondue").await;
    let issue = browser.finds(fantoccini::Locator::Id("issue")).await;
    issue.select_by_value("sans-suite").await.unwrap();
    browser.press("main form:last-of-type button[type='submit']").await;
    browser.comes_to(&asked).await;
    look("question close").await;
    assert!(!browser.has("textarea").await);
    browser.go(super::managing::FILED).await;
    look("déclaration du ministère").await;
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
