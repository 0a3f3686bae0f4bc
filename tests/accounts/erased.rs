//! An agent is forgotten: no trace of name or address in a dump, the journal stays valid, the data of the collectivity too.

use eapd::domain::account::Identity;
use eapd::domain::refusal::Because;
use eapd::domain::year::FlowYear;
use eapd::service::account::{self, SignUp};
use eapd::service::attachment::{self, Decision};
use eapd::service::declaration::Signatory;
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::journal::verify;
use eapd::service::{campaign, operator, verification};

use super::world::{
    NOW, OTHER, PASSWORD, attached, dump, email, form, from, here, link, opened, refused, siren, told, who,
    world,
};
use crate::support::lines::well;
use crate::support::people::manager;
use crate::support::{TestApp, contract};

const NAME: &str = "AGENT-À-OUBLIER";
const FUNCTION: &str = "FONCTION-À-OUBLIER";
const ADDRESS: &str = "agent-a-oublier@ville.example";
const MESSAGE: &str = "MESSAGE-À-OUBLIER";

async fn an_erased_agent_leaves_no_trace(test: TestApp) {
    let app = &test.app;
    let peer = who(app, &attached(&test, "reste@ville.example", "A").await).await;
    let form = SignUp {
        identity: Identity::new(NAME, FUNCTION).unwrap(),
        message: Some(MESSAGE.to_owned()),
        ..form(ADDRESS, "A")
    };
    account::sign_up(app, &form, PASSWORD, &here()).await.unwrap();
    let secret = link(app, "confirm_email").await;
    let session = account::confirm(app, &secret, PASSWORD, &here()).await.unwrap();
    let agent = who(app, &session).await;
    attachment::decide(app, &manager(), &agent.awaited[0].attachment, Decision::Accept).await.unwrap();
    attachment::ask(app, &agent.actor, siren("B"), Some(MESSAGE)).await.unwrap();
    account::forgotten(app, &email(ADDRESS), &here()).await.unwrap();
    let _wrong = account::sign_in(app, ADDRESS, OTHER, &from("203.0.113.7")).await;
    account::stash::keep(app, "/x", MESSAGE.as_bytes(), Some(&session.secret)).await.unwrap();

    let before = dump(&test);
    for mark in [NAME, FUNCTION, ADDRESS] {
        assert_eq!(before.matches(mark).count(), 1, "{mark} stands in one place");
    }
    assert!(before.contains(MESSAGE));
    refused(account::erase(app, &peer.actor, &agent.actor.person).await, Because::Forbidden);
    account::erase(app, &agent.actor, &agent.actor.person).await.unwrap();
    assert_eq!(told(app).await, "person.erase");
    let after = dump(&test);
    let hash = session.secret.sha256().unwrap();
    for mark in [NAME, FUNCTION, ADDRESS, MESSAGE, &hash] {
        assert!(!after.contains(mark), "{mark} is still there");
    }
    assert!(after.contains(&agent.actor.person), "what he did is still his, by id");
    assert!(verify(app, &[]).await.unwrap().is_ok());
    assert_eq!(account::current(app, &session.secret).await.unwrap(), None);
    refused(account::sign_in(app, ADDRESS, PASSWORD, &from("198.51.100.2")).await, Because::WrongCredentials);
    let listed = attachment::of_siren(app, &peer.actor, siren("A")).await.unwrap();
    let gone = listed.iter().find(|listed| listed.attachment.person == agent.actor.person).unwrap();
    assert_eq!((&gone.agent, gone.attachment.steps.len()), (&None, 2));
    assert!(attachment::awaited(app, &manager()).await.unwrap().is_empty());

    // Whoever comes back with the same address is another person.
    account::sign_up(app, &form, PASSWORD, &from("198.51.100.3")).await.unwrap();
    let secret = link(app, "confirm_email").await;
    let again = account::confirm(app, &secret, PASSWORD, &from("198.51.100.3")).await.unwrap();
    assert_ne!(who(app, &again).await.actor.person, agent.actor.person);
    opened(account::sign_in(app, ADDRESS, PASSWORD, &from("198.51.100.3")).await.unwrap());
}

/// Who signs what one files is named twice: both go, and what the receipt proves stays.
async fn an_erased_signatory_leaves_a_receipt_that_holds(test: TestApp) {
    let app = &test.app;
    let (year, operator) =
        (FlowYear::new(2013).unwrap(), operator::identify(app, "exploitant").await.unwrap());
    test.set_clock("2014-01-10T09:00:00Z");
    campaign::create(app, &operator, year.campaign(), None, true).await.unwrap();
    test.set_clock(NOW);
    let form = SignUp { identity: Identity::new(NAME, FUNCTION).unwrap(), ..form(ADDRESS, "A") };
    account::sign_up(app, &form, PASSWORD, &here()).await.unwrap();
    let session = account::confirm(app, &link(app, "confirm_email").await, PASSWORD, &here()).await.unwrap();
    let asked = who(app, &session).await.awaited[0].attachment.clone();
    attachment::decide(app, &manager(), &asked, Decision::Accept).await.unwrap();
    let agent = who(app, &session).await;
    let request = |name: &str| Request {
        siren: siren("A"),
        flow_year: year,
        content: Content::Lines(vec![well("L-1", "1500,00")]),
        signatory: Signatory { name: name.to_owned(), function: FUNCTION.to_owned() },
        document: None,
        received_at: app.now(),
        idempotency: None,
    };
    file(app, &agent.actor, &request("Maire Imaginaire")).await.unwrap();
    let given = file(app, &agent.actor, &request("agent à oublier")).await.unwrap();
    let before = verification::verify(app, &given.number).await.unwrap();
    account::erase(app, &operator, &agent.actor.person).await.unwrap();
    let after = dump(&test);
    for mark in [NAME, "agent à oublier", ADDRESS] {
        assert!(!after.contains(mark), "{mark} is still there");
    }
    assert!(after.contains("Maire Imaginaire"), "who else signed stays");
    assert!(verify(app, &[]).await.unwrap().is_ok());
    assert_eq!(verification::verify(app, &given.number).await.unwrap(), before);
}

async fn an_administrator_erases_too_and_the_last_agent_as_well(test: TestApp) {
    let app = &test.app;
    let last = who(app, &attached(&test, ADDRESS, "A").await).await;
    let operator = operator::identify(app, "exploitant").await.unwrap();
    refused(account::erase(app, &operator, "RIEN").await, Because::UnknownPerson);
    account::erase(app, &operator, &last.actor.person).await.unwrap();
    refused(account::erase(app, &operator, &last.actor.person).await, Because::UnknownPerson);
    assert!(!dump(&test).contains(ADDRESS));
    assert!(verify(app, &[]).await.unwrap().is_ok());
}

contract!(with world, "2014-05-20T08:00:00Z":
    an_erased_agent_leaves_no_trace,
    an_erased_signatory_leaves_a_receipt_that_holds,
    an_administrator_erases_too_and_the_last_agent_as_well,
);
