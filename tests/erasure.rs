//! Rule 14: a person is erased without a trace of the name, and everything that
//! rests on the person's id still holds.

use eapd::config::Profile;
use eapd::domain::siren::Siren;
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::service::declaration::Signatory;
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::declaration::read::versions;
use eapd::service::declaration::version::{Decision, decide};
use eapd::service::journal::verify;
use eapd::service::token::{self, NewToken};
use eapd::service::{campaign, document, operator};
use eapd::store::person;

use crate::support::lines::well;
use crate::support::people::{agent, manager};
use crate::support::register::{Entry, register};
use crate::support::scenario::Alias;
use crate::support::{Engine, Role, TestApp, contract};

/// Who is to be forgotten: marks that nothing else holds.
const NAME: &str = "SIGNATAIRE-À-OUBLIER";
const FUNCTION: &str = "FONCTION-À-OUBLIER";
const HOLDER: &str = "DÉTENTEUR-À-OUBLIER";
const LOGIN: &str = "EXPLOITANT-À-OUBLIER";

/// Every row of every table, as text.
fn dump(app: &TestApp) -> String {
    let outcome = match app.engine() {
        Engine::Sqlite => app.instance.sql(".dump"),
        Engine::Postgres => {
            app.instance.sql_as(Role::Owner, "SELECT schema_to_xml('public', true, true, '');")
        }
    };
    assert!(outcome.done() && outcome.stdout.contains("Commune fictive"), "{outcome}");
    outcome.stdout
}

async fn an_erased_person_leaves_no_trace(app: TestApp) {
    let siren: Siren = "A".parse::<Alias>().and_then(Alias::siren).unwrap();
    let year = FlowYear::new(2013).unwrap();
    let operator = operator::identify(&app.app, LOGIN).await.unwrap();
    register(&app, &[Entry::named(siren, "Commune fictive")], &[], &[]).await;
    campaign::create(&app.app, &operator, CampaignYear::new(2014).unwrap(), None, true).await.unwrap();
    let holder = HOLDER.to_owned();
    let new = NewToken {
        holder,
        role: agent(siren).role,
        scopes: vec![eapd::domain::token::Scope::File],
        days: token::DAYS_DEFAULT,
    };
    let token = token::create(&app.app, &operator, &new).await.unwrap().token;
    app.set_clock("2014-05-20T10:00:00+02:00");
    let request = Request {
        siren,
        flow_year: year,
        content: Content::Lines(vec![well("L-1", "1500,00")]),
        signatory: Signatory { name: NAME.to_owned(), function: FUNCTION.to_owned() },
        document: None,
        received_at: app.app.now(),
        idempotency: None,
    };
    file(&app.app, &operator, &request).await.unwrap();
    decide(&app.app, &manager(), siren, year, &Decision::Annul, "décision fictive", "courrier")
        .await
        .unwrap();

    let before = dump(&app);
    for mark in [NAME, FUNCTION, HOLDER, LOGIN] {
        assert_eq!(before.matches(mark).count(), 1, "{mark} stands in one place");
    }
    let filed = versions(&app.app, &operator, siren, year).await.unwrap();
    let signatory = filed[0].filing.signatory.clone().expect("who signed");
    for id in [signatory.as_str(), token.person.as_str(), operator.person.as_str()] {
        assert!(before.matches(id).count() > 1, "others hold the id of {id}");
        let mut tx = app.app.db.begin().await.unwrap();
        person::erase(&mut tx, id, app.app.now()).await.unwrap();
        tx.commit().await.unwrap();
    }
    let after = dump(&app);
    for mark in [NAME, FUNCTION, HOLDER, LOGIN] {
        assert!(!after.contains(mark), "{mark} is still there");
    }
    for id in [&signatory, &token.person, &operator.person] {
        assert_eq!(after.matches(id.as_str()).count(), before.matches(id.as_str()).count(), "{id}");
    }

    let head = verify(&app.app, &[]).await.unwrap();
    assert!(head.is_ok(), "{head:?}");
    // What was filed reads as before, and its receipt still proves it.
    let again = versions(&app.app, &manager(), siren, year).await.unwrap();
    assert_eq!(again, filed);
    for version in again {
        let proof = document::sha256(&document::of_filed(&version.filing, &version.lines)).unwrap();
        assert_eq!(Some(proof), version.receipt.map(|receipt| receipt.sha256));
    }
    // Whoever comes back under the same login is another person.
    let new = operator::identify(&app.app, LOGIN).await.unwrap();
    assert_ne!(new.person, operator.person);
}

contract!(Profile::Demo, "2014-01-06T09:00:00Z": an_erased_person_leaves_no_trace);
