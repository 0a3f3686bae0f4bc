//! The contacts of a collectivity: kept by its agents, confirmed at each campaign, written to, never public, forgotten;
//! and no code ever goes to an address that agents typed.

mod written_to;

use axum::http::StatusCode;
use eapd::domain::account::AccountRole;
use eapd::domain::mail::{Message, Recipient};
use eapd::domain::refusal::Because;
use eapd::domain::role::Actor;
use eapd::domain::siren::Siren;
use eapd::domain::year::CampaignYear;
use eapd::service::{account, attachment, contact, expected, journal, operator};
use eapd::store;
use eapd::store::contact::Contact;

use super::desk::{self, BASE, FIRST, NOW, OTHER, OWN, SECOND, Signed};
use super::staff::staff;
use super::world::Page;
use crate::accounts::world::{data, mails, refused};
use crate::mail::sink::{Sink, posting};
use crate::support::browser::Browser;
use crate::support::instance::without_refusals;
use crate::support::people::{manager, newcomer};
use crate::support::{Engine, Role as DatabaseRole, TestApp, contract};

contract!(with desk::desk, "2014-05-20T10:00:00+02:00":
    agents_keep_the_list_of_their_collectivity,
    what_is_wrong_comes_back_as_it_was_typed,
    a_list_has_an_end,
    an_address_that_agents_keep_never_receives_a_code,
    what_waits_for_an_address_never_goes_to_the_next_one,
    an_imported_address_leaves_in_sight_of_all,
    they_are_confirmed_for_the_open_campaign,
    nobody_else_sees_them,
    they_are_forgotten_in_time_and_on_demand,
);

const LIST: &str = "/espace/219900107/contacts";
const FOLLOWED: &str = "/pilotage/contacts/219900107";
const NAME: &str = "Élue Imaginaire";
const ADDRESS: &str = "elue.imaginaire@commune.example";
const HALL: &str = "mairie@commune.example";

fn own() -> Siren {
    OWN.parse().unwrap()
}

fn year() -> CampaignYear {
    CampaignYear::new(2014).unwrap()
}

/// The form that adds a contact, or corrects one.
fn fields<'a>(action: &'a str, name: &'a str, email: &'a str) -> [(&'a str, &'a str); 4] {
    [("action", action), ("nom", name), ("fonction", "adjointe au maire"), ("courriel", email)]
}

/// A first agent of [`OWN`]. The ids of a copy begin again where those of its template began: they are passed over.
async fn agent(test: &TestApp) -> Signed<'_> {
    for _taken in 0..60 {
        drop(test.app.random.identifier());
    }
    Signed::as_(test, FIRST).await
}

async fn adds(agent: &Signed<'_>, name: &str, email: &str) {
    let page = agent.on_path(LIST, &fields("ajouter", name, email)).await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, LIST), "{}", page.words());
}

/// The ministry's file brings addresses.
async fn imported(test: &TestApp, rows: &str) {
    let file = format!("siren;courriel;source;nom;fonction\n{rows}");
    contact::import(&test.app, &manager(), file.as_bytes(), false).await.unwrap();
}

async fn of(test: &TestApp, siren: &str) -> Vec<Contact> {
    let mut tx = test.app.db.snapshot().await.unwrap();
    store::contact::of_siren(&mut tx, siren.parse().unwrap()).await.unwrap()
}

async fn id_of(test: &TestApp, email: &str) -> String {
    let found = of(test, OWN).await.into_iter().find(|contact| contact.email.as_str() == email);
    found.unwrap_or_else(|| panic!("no {email}")).id
}

/// Everything that the database holds, but for refusals told to the journal.
fn dump(test: &TestApp) -> String {
    let outcome = match test.engine() {
        Engine::Sqlite => test.instance.sql(".dump"),
        Engine::Postgres => {
            test.instance.sql_as(DatabaseRole::Owner, "SELECT schema_to_xml('public', true, true, '');")
        }
    };
    assert!(outcome.done() && outcome.stdout.contains("Commune voisine"), "{outcome}");
    without_refusals(&outcome.stdout)
}

fn says(page: &Page, all: &[&str]) {
    let words = page.words();
    for told in all {
        assert!(words.contains(told), "{told}: {words}");
    }
}

async fn agents_keep_the_list_of_their_collectivity(test: TestApp) {
    let agent = agent(&test).await;
    says(&agent.get("/espace").await, &["Contacts"]);
    says(&agent.get(LIST).await, &["Aucun contact n’est connu", "jamais publiées", "1095\u{a0}jours"]);
    adds(&agent, NAME, " Elue.Imaginaire@commune.example ").await;
    imported(&test, &format!("{OWN};{HALL};annuaire;;\n")).await;
    says(
        &agent.get(LIST).await,
        &[
            NAME,
            "adjointe au maire",
            ADDRESS,
            "saisi par la collectivité",
            "le 20\u{a0}mai\u{a0}2014 par Agente Inventée, campagne 2014",
            "(sans nom)",
            "importé par le ministère annuaire jamais",
        ],
    );
    // A colleague corrects who an imported one is: it stays imported, under the same id.
    let colleague = Signed::as_(&test, SECOND).await;
    let path = format!("{LIST}/{}", id_of(&test, HALL).await);
    assert_eq!(desk::value(&colleague.get(&path).await, "courriel"), HALL);
    let done = colleague.on_path(&path, &fields("corriger", "Secrétariat Inventé", HALL)).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, LIST));
    assert!(path.ends_with(&id_of(&test, HALL).await));
    says(
        &agent.get(LIST).await,
        &["Secrétariat Inventé", "importé par le ministère", "par Agent Imaginaire"],
    );
    let path = format!("{LIST}/{}", id_of(&test, ADDRESS).await);
    assert_eq!(colleague.on_path(&path, &[("action", "retirer")]).await.status, StatusCode::SEE_OTHER);
    assert!(!dump(&test).contains(ADDRESS), "nothing of it is left, the journal included");
    for gone in [&colleague.get(&path).await, &colleague.on_path(&path, &[("action", "retirer")]).await] {
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    }
    let journal = crate::accounts::world::journal(&test.app).await;
    let told: Vec<_> = journal
        .iter()
        .map(|(action, _)| action.as_str())
        .filter(|action| action.starts_with("contact"))
        .collect();
    assert_eq!(told, ["contact.add", "contacts.import", "contact.correct", "contact.remove"]);
    let entries = test.instance.must("SELECT * FROM journal;");
    for mark in [NAME, "Secrétariat", "@commune.example"] {
        assert!(!entries.contains(mark), "{mark}");
    }
    assert!(journal::verify(&test.app, &[]).await.unwrap().is_ok());
}

async fn what_is_wrong_comes_back_as_it_was_typed(test: TestApp) {
    let agent = agent(&test).await;
    adds(&agent, NAME, ADDRESS).await;
    adds(&agent, "Autre Inventé", HALL).await;
    let untouched = dump(&test);
    let own = format!("{LIST}/{}", id_of(&test, HALL).await);
    let long = "n".repeat(121);
    for (path, action) in [(LIST, "ajouter"), (own.as_str(), "corriger")] {
        for (name, email, fault) in [
            (" ", "a@commune.example", "Indiquez le nom et le prénom de la personne."),
            (&long, "a@commune.example", "tient sur une ligne"),
            ("Nom Typé", "pas une adresse", "ne contient ni espace"),
            ("Nom Typé", "a@b", "n’est pas complète"),
            ("Nom Typé", "", "indiquez une adresse"),
            ("Nom Typé", "ELUE.imaginaire@Commune.example", "déjà celle d’un contact"),
        ] {
            let page = agent.on_path(path, &fields(action, name, email)).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{action} {name} {email}");
            assert!(page.words().to_lowercase().contains(&fault.to_lowercase()), "{fault}: {}", page.words());
            assert!(page.text.contains("id=\"erreurs\"") && page.words().contains("Erreur"), "{}", page.text);
            assert_eq!(desk::value(&page, "courriel"), email, "kept as it was typed");
            assert_eq!(desk::value(&page, "nom"), name.trim());
        }
        let odd = agent.on_path(path, &[("action", "vendre")]).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    }
    let both = agent.on_path(LIST, &[("action", "ajouter")]).await;
    assert!(both.words().contains("3 erreurs sont à corriger"), "{}", both.words());
    assert!(dump(&test) == untouched, "a refusal wrote");
}

async fn a_list_has_an_end(test: TestApp) {
    let agent = agent(&test).await;
    for number in 0..20 {
        adds(&agent, NAME, &format!("elue{number}@commune.example")).await;
    }
    let untouched = dump(&test);
    let page = agent.on_path(LIST, &fields("ajouter", NAME, "une.de.trop@commune.example")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&page, &["20 contacts au plus"]);
    assert!(!page.text.contains("id=\"ajouter\""), "no form that cannot be sent");
    assert!(dump(&test) == untouched);
    // A full list stops no file of the ministry.
    imported(&test, &format!("{OWN};{HALL};annuaire;;\n")).await;
    assert_eq!(of(&test, OWN).await.len(), 21);
}

/// Somebody who asks to act for [`OWN`] and awaits the answer.
async fn asker(test: &TestApp) -> Actor {
    newcomer(test, "demandeuse@ailleurs.example", own()).await.0
}

/// To which addresses a code can be sent.
async fn offered(test: &TestApp, actor: &Actor) -> Vec<String> {
    let offered = attachment::contacts(&test.app, actor, own()).await.unwrap();
    offered.into_iter().map(|contact| contact.id).collect()
}

async fn an_address_that_agents_keep_never_receives_a_code(test: TestApp) {
    let agent = agent(&test).await;
    imported(&test, &format!("{OWN};{HALL};annuaire;;\n")).await;
    // An agent attached for a day types the address of an accomplice.
    adds(&agent, "Complice Inventé", "complice@ailleurs.example").await;
    let accomplice = id_of(&test, "complice@ailleurs.example").await;
    let (actor, hall) = (asker(&test).await, id_of(&test, HALL).await);
    assert_eq!(offered(&test, &actor).await, std::slice::from_ref(&hall));
    let asker = Signed::as_(&test, "demandeuse@ailleurs.example").await;
    let page = asker.get(&format!("/espace/{OWN}/code")).await;
    assert!(page.text.contains(&hall) && !page.text.contains(&accomplice) && !page.text.contains("complice"));
    let untouched = dump(&test);
    let forged = asker.on_path(&format!("/espace/{OWN}/code"), &[("adresse", &accomplice)]).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused(attachment::send_code(&test.app, &actor, own(), &accomplice).await, Because::UnknownContact);
    assert!(dump(&test) == untouched, "no code was made, none was queued");
    // Typing it over an imported contact gives it no more.
    let path = format!("{LIST}/{hall}");
    let done = agent.on_path(&path, &fields("corriger", "Complice Inventé", "autre@ailleurs.example")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(offered(&test, &actor).await, Vec::<String>::new());
    // Nor does taking it off and typing it anew, nor confirming it.
    adds(&agent, "Mairie Inventée", HALL).await;
    let ids: Vec<_> = of(&test, OWN).await.into_iter().map(|contact| contact.id).collect();
    let confirm: Vec<_> = ids.iter().map(|id| ("contact", id.as_str())).collect();
    let confirm = [&confirm[..], &[("action", "confirmer")]].concat();
    assert_eq!(agent.on_path(LIST, &confirm).await.status, StatusCode::SEE_OTHER);
    assert_eq!(offered(&test, &actor).await, Vec::<String>::new());
    // The ministry vouches for an address again by its file.
    imported(&test, &format!("{OWN};{HALL};annuaire;;\n")).await;
    assert_eq!(offered(&test, &actor).await, [id_of(&test, HALL).await]);
}

async fn what_waits_for_an_address_never_goes_to_the_next_one(test: TestApp) {
    let agent = agent(&test).await;
    imported(&test, &format!("{OWN};{HALL};annuaire;;\n")).await;
    let (actor, hall) = (asker(&test).await, id_of(&test, HALL).await);
    test.instance.must("DELETE FROM mail;");
    attachment::send_code(&test.app, &actor, own(), &hall).await.unwrap();
    let path = format!("{LIST}/{hall}");
    agent.on_path(&path, &fields("corriger", "Complice Inventé", "complice@ailleurs.example")).await;
    assert!(mails(&test.app).await.iter().all(|mail| mail.kind != "attachment_code"), "it is dropped");
    // Even a code queued for it in any other way does not leave.
    let accomplice = Recipient::Contact(id_of(&test, "complice@ailleurs.example").await);
    test.instance.must("DELETE FROM mail;");
    let code = Message::AttachmentCode {
        code: eapd::domain::account::Secret::new("K7QM-2F9X"),
        person: actor.person.clone(),
        siren: own(),
        expires_at: test.app.now().plus_seconds(600),
    };
    let mut tx = test.app.db.begin().await.unwrap();
    store::mail::queue(&mut tx, "FORGED", &accomplice, &code, test.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    eapd::service::mail::deliver(&app, &post, || true).await.unwrap();
    assert_eq!(sink.taken().len(), 0);
}

async fn an_imported_address_leaves_in_sight_of_all(test: TestApp) {
    let agent = agent(&test).await;
    imported(&test, &format!("{OWN};{HALL};annuaire;;\n{OWN};b@commune.example;annuaire;;\n")).await;
    adds(&agent, NAME, ADDRESS).await;
    test.instance.must("DELETE FROM mail;");
    agent.on_path(&format!("{LIST}/{}", id_of(&test, ADDRESS).await), &[("action", "retirer")]).await;
    assert_eq!(mails(&test.app).await.len(), 0, "of what agents typed nobody is told");
    let hall = id_of(&test, HALL).await;
    agent.on_path(&format!("{LIST}/{hall}"), &[("action", "retirer")]).await;
    let told = mails(&test.app).await;
    let mut to: Vec<_> = told.iter().map(|mail| (mail.kind.as_str(), mail.to_kind.as_str())).collect();
    to.sort_unstable();
    assert_eq!(to, [("contact_removed", "person"), ("contact_removed", "region")]);
    for mail in &told {
        assert_eq!(data(mail)["masked"], "ma…@commune.example");
        assert!(!mail.data.contains(HALL));
    }
    let entry = test.instance.must(&format!("SELECT after FROM journal WHERE subject = '{hall}';"));
    assert!(entry.contains("imported"), "{entry}");
    let sink = Sink::open().await;
    let (app, post) = posting(&test, sink.address);
    eapd::service::mail::deliver(&app, &post, || true).await.unwrap();
    let taken = sink.taken();
    let to_colleague = taken.iter().find(|mail| mail.to.contains(SECOND)).expect("the colleague is told");
    let body = to_colleague.body().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        body.contains("Agente Inventée") && body.contains("a retiré l’adresse ma…@commune.example"),
        "{body}"
    );
    test.instance.must("DELETE FROM mail;");
    let other = format!("{LIST}/{}", id_of(&test, "b@commune.example").await);
    agent.on_path(&other, &fields("corriger", NAME, "c@commune.example")).await;
    assert!(mails(&test.app).await.iter().all(|mail| data(mail)["is_replaced"] == true));
    assert_eq!(mails(&test.app).await.len(), 2);
}

async fn they_are_confirmed_for_the_open_campaign(test: TestApp) {
    let agent = agent(&test).await;
    let waits = "Les contacts de la collectivité ne sont pas confirmés pour la campagne 2014";
    says(&agent.open("").await, &[waits, "Cela n’empêche pas de déposer"]);
    let empty = agent.on_path(LIST, &[("action", "confirmer")]).await;
    assert_eq!(empty.status, StatusCode::CONFLICT);
    imported(&test, &format!("{OWN};{HALL};annuaire;;\n{OWN};b@commune.example;annuaire;;\n")).await;
    adds(&agent, NAME, ADDRESS).await;
    let page = agent.get(LIST).await;
    says(&page, &["À confirmer pour la campagne 2014", "Confirmer les contacts pour la campagne 2014"]);
    let seen: Vec<_> = of(&test, OWN).await.into_iter().map(|contact| contact.id).collect();
    assert!(seen.iter().all(|id| page.text.contains(&format!("name=\"contact\" value=\"{id}\""))));
    // What came in after the look is not confirmed with the rest.
    imported(&test, &format!("{OWN};c@commune.example;annuaire;;\n")).await;
    let press = async |ids: &[String]| {
        let mut fields: Vec<_> = ids.iter().map(|id| ("contact", id.as_str())).collect();
        fields.push(("action", "confirmer"));
        agent.on_path(LIST, &fields).await.status
    };
    assert_eq!(press(&seen).await, StatusCode::SEE_OTHER);
    says(&agent.open("").await, &[waits]);
    assert_eq!(press(&[id_of(&test, "c@commune.example").await]).await, StatusCode::SEE_OTHER);
    says(&agent.get(LIST).await, &["Les contacts sont confirmés pour la campagne 2014"]);
    let page = agent.open("").await;
    assert!(!page.words().contains(waits) && page.text.contains(LIST), "{}", page.words());
    // Those of another collectivity are not one's own to confirm.
    imported(&test, &format!("{OTHER};d@voisine.example;annuaire;;\n")).await;
    let theirs = of(&test, OTHER).await[0].id.clone();
    assert_eq!(press(&[theirs]).await, StatusCode::CONFLICT);
    assert_eq!(of(&test, OTHER).await[0].confirmed, None);
    // Once the window is closed nothing waits.
    test.set_clock("2014-06-16T10:00:00+02:00");
    let agent = Signed::as_(&test, FIRST).await;
    assert!(!agent.get(LIST).await.words().contains("Confirmer les contacts"));
    let late = agent.on_path(LIST, &[("action", "confirmer"), ("contact", &seen[0])]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

async fn nobody_else_sees_them(test: TestApp) {
    let agent = agent(&test).await;
    adds(&agent, NAME, ADDRESS).await;
    let id = id_of(&test, ADDRESS).await;
    asker(&test).await;
    let awaiting = Signed::as_(&test, "demandeuse@ailleurs.example").await;
    let mut hidden = vec![];
    for role in [AccountRole::Instructor, AccountRole::Observer, AccountRole::Administrator] {
        let signed = staff(&test, role).await;
        hidden.extend([signed.get(FOLLOWED).await, signed.get(LIST).await]);
    }
    let untouched = dump(&test);
    hidden.extend([awaiting.get(LIST).await, awaiting.get(FOLLOWED).await, agent.get(FOLLOWED).await]);
    hidden.push(awaiting.on_path(LIST, &fields("ajouter", NAME, "x@ailleurs.example")).await);
    hidden.push(awaiting.on_path(&format!("{LIST}/{id}"), &[("action", "retirer")]).await);
    // An agent of another collectivity, who names a contact of this one under their own.
    let theirs = format!("/espace/{OTHER}/contacts");
    hidden.extend([agent.get(&theirs).await, agent.get(&format!("{theirs}/{id}")).await]);
    hidden.push(agent.on_path(&theirs, &fields("ajouter", NAME, "x@ailleurs.example")).await);
    hidden.push(agent.on_path(&format!("{theirs}/{id}"), &[("action", "retirer")]).await);
    for page in &hidden {
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.words());
        assert!(!page.text.contains(ADDRESS) && !page.text.contains(NAME));
    }
    assert!(dump(&test) == untouched, "a refusal wrote");
    // Those who follow the collectivity read, and write nothing.
    let manager = staff(&test, AccountRole::Manager).await;
    let prefecture = staff(&test, AccountRole::Sgar("84".to_owned())).await;
    for signed in [&manager, &prefecture] {
        says(&signed.get(FOLLOWED).await, &[NAME, ADDRESS, "a confirmé ses contacts pour la campagne 2014"]);
        assert_eq!(signed.get(LIST).await.status, StatusCode::FORBIDDEN);
    }
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let list = format!("siren;motif\n{OWN};essai\n");
    expected::import(&test.app, &operator, year(), list.as_bytes()).await.unwrap();
    assert!(manager.get("/pilotage/suivi/2014/collectivites").await.text.contains(FOLLOWED));
    let elsewhere =
        Actor { person: "SGAR".to_owned(), role: eapd::domain::role::Role::Sgar("76".to_owned()) };
    refused(contact::followed(&test.app, &elsewhere, own()).await, Because::Forbidden);
    // What everyone reads says nothing of them.
    for path in [
        format!("/collectivites/{OWN}"),
        format!("/api/v1/collectivites/{OWN}"),
        "/api/openapi.json".to_owned(),
        "/pilotage/contacts/219900107".to_owned(),
    ] {
        let page = super::world::get(&test, &path).await;
        assert!(!page.text.contains(ADDRESS) && !page.text.contains(NAME), "{path}");
    }
}

async fn they_are_forgotten_in_time_and_on_demand(test: TestApp) {
    let agent = agent(&test).await;
    adds(&agent, NAME, ADDRESS).await;
    // The second agent stands in the list by address, by name in a mailbox of the ministry's file, and by another address.
    adds(&agent, "Cadre Inventé", SECOND).await;
    adds(&agent, "Agent Imaginaire", "agent.imaginaire@prive.example").await;
    imported(&test, &format!("{OWN};{HALL};annuaire;AGENT IMAGINAIRE;directeur\n{OTHER};{SECOND};liste;;\n"))
        .await;
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let second = account::find(&test.app, &operator, SECOND).await.unwrap().person;
    account::erase(&test.app, &operator, &second).await.unwrap();
    let after = dump(&test).to_lowercase();
    for mark in [SECOND, "agent imaginaire", "agent.imaginaire@prive.example"] {
        assert!(!after.contains(mark), "{mark} is still there");
    }
    let left: Vec<_> = of(&test, OWN).await.iter().map(|contact| contact.email.as_str().to_owned()).collect();
    assert_eq!(left, [ADDRESS, HALL], "the mailbox of the collectivity stays, without the name");
    // At the request of who reads an address.
    refused(contact::forget(&test.app, &manager(), &HALL.parse().unwrap()).await, Because::Forbidden);
    assert_eq!(contact::forget(&test.app, &operator, &HALL.parse().unwrap()).await.unwrap(), 1);
    assert_eq!(contact::forget(&test.app, &operator, &HALL.parse().unwrap()).await.unwrap(), 0);
    // Three years after the last word.
    imported(&test, &format!("{OWN};{HALL};annuaire;;\n")).await;
    test.set_clock("2015-05-20T10:00:00+02:00");
    imported(&test, &format!("{OWN};{HALL};annuaire;;\n")).await;
    let purged = async |now: &str| {
        test.set_clock(now);
        account::purge(&test.app, &operator).await.unwrap().contacts
    };
    assert_eq!(purged("2017-05-19T09:59:59+02:00").await, 0);
    assert_eq!(purged("2017-05-19T10:00:01+02:00").await, 1);
    assert!(!dump(&test).contains(ADDRESS) && !dump(&test).contains(NAME));
    assert_eq!(of(&test, OWN).await.len(), 1, "a file told it again a year later");
    assert_eq!(purged("2018-05-20T10:00:01+02:00").await, 1);
    assert!(journal::verify(&test.app, &[]).await.unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_contacts_has_a_fault_that_axe_knows() {
    let test = TestApp::copy_of(&desk::desk(Engine::Sqlite).await, NOW).await;
    let agent = agent(&test).await;
    let browser = Browser::open(&test.app).await;
    browser.holds(agent.cookie()).await;
    browser.go(LIST).await;
    let mut faults = browser.faults("liste vide").await;
    browser.fill("nom", NAME).await;
    browser.fill("fonction", "adjointe au maire").await;
    browser.fill("courriel", "elue@commune").await;
    browser.press("#ajouter button").await;
    browser.comes_to(LIST).await;
    faults.extend(browser.faults("ajout refusé").await);
    assert!(browser.has("#erreurs").await);
    browser.fill("courriel", ADDRESS).await;
    browser.press("#ajouter button").await;
    browser.comes_to(LIST).await;
    imported(&test, &format!("{OWN};{HALL};annuaire;;\n")).await;
    browser.go(LIST).await;
    faults.extend(browser.faults("liste à confirmer").await);
    browser.press("#confirmer button").await;
    browser.comes_to(LIST).await;
    assert!(browser.has("#confirmes").await);
    faults.extend(browser.faults("liste confirmée").await);
    for path in [format!("{LIST}/{}", id_of(&test, HALL).await), BASE.to_owned(), "/espace".to_owned()] {
        browser.go(&path).await;
        faults.extend(browser.faults(&path).await);
    }
    let manager = staff(&test, AccountRole::Manager).await;
    browser.holds(manager.cookie()).await;
    browser.go(FOLLOWED).await;
    faults.extend(browser.faults(FOLLOWED).await);
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(of(&test, OWN).await.len(), 2);
}
