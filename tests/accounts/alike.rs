//! Nobody learns who has an account: same answer, same work, same shape of journal.

use eapd::service::account;

use super::world::{OTHER, PASSWORD, email, form, from, here, join, journal, world};
use crate::support::{TestApp, contract};

const KNOWN: &str = "connu@ville.example";
const UNCONFIRMED: &str = "a.confirmer@ville.example";
const UNKNOWN: &str = "inconnu@ville.example";

/// What an outsider can see of a use case, and what it left behind: answer, hashes, actions.
async fn seen(
    test: &TestApp,
    run: impl AsyncFnOnce() -> eapd::service::Result<String>,
) -> (String, u64, Vec<String>) {
    let (hashes, rows) = (test.app.passwords.count(), journal(&test.app).await.len());
    let answer = run().await.unwrap_or_else(|error| error.to_string());
    let actions = journal(&test.app).await.into_iter().skip(rows).map(|(action, _)| action);
    (answer, test.app.passwords.count() - hashes, actions.collect())
}

async fn people(test: &TestApp) {
    join(test, KNOWN, "A").await;
    account::sign_up(&test.app, &form(UNCONFIRMED, "A"), PASSWORD, &from("198.51.100.1")).await.unwrap();
}

async fn a_wrong_password_and_an_unknown_address(test: TestApp) {
    people(&test).await;
    let mut all = Vec::new();
    for (rank, address) in [KNOWN, UNCONFIRMED, UNKNOWN, "pas une adresse", ""].into_iter().enumerate() {
        let origin = from(&format!("203.0.113.{rank}"));
        let run = async || account::sign_in(&test.app, address, OTHER, &origin).await.map(|_| String::new());
        all.push(seen(&test, run).await);
    }
    assert_eq!((all[0].1, all[0].2.as_slice()), (1, &["session.refused".to_owned()][..]));
    assert!(all.iter().all(|one| *one == all[0]), "{all:#?}");
    let long = "é".repeat(5_000);
    let run = async || {
        account::sign_in(&test.app, KNOWN, &long, &from("203.0.113.99")).await.map(|_| String::new())
    };
    assert_eq!(seen(&test, run).await, all[0], "the work is done for what can be no password too");
}

async fn a_form_with_an_address_that_is_known(test: TestApp) {
    people(&test).await;
    let mut all = Vec::new();
    for address in [KNOWN, UNCONFIRMED, UNKNOWN] {
        let form = form(address, "B");
        let run =
            async || account::sign_up(&test.app, &form, PASSWORD, &here()).await.map(|()| String::new());
        all.push(seen(&test, run).await);
    }
    assert_eq!((all[0].1, all[0].2.as_slice()), (1, &["account.sign_up".to_owned()][..]));
    assert!(all.iter().all(|one| *one == all[0]), "{all:#?}");
}

async fn a_known_address_keeps_its_password_and_name(test: TestApp) {
    people(&test).await;
    account::sign_up(&test.app, &form(KNOWN, "B"), OTHER, &from("203.0.113.7")).await.unwrap();
    let session = super::world::sign_in(&test.app, KNOWN).await;
    let current = super::world::who(&test.app, &session).await;
    assert_eq!(current.awaited.len(), 1, "nothing was asked in its name");
    assert_eq!(super::world::last(&test.app, "address_known").await.to_id, current.actor.person);
}

async fn a_forgotten_password_of_nobody(test: TestApp) {
    people(&test).await;
    let mut all = Vec::new();
    for address in [KNOWN, UNCONFIRMED, UNKNOWN] {
        let address = email(address);
        let run = async || account::forgotten(&test.app, &address, &here()).await.map(|()| String::new());
        all.push(seen(&test, run).await);
    }
    assert_eq!(all[0].2, ["account.forgotten"]);
    assert!(all.iter().all(|one| *one == all[0]), "{all:#?}");
}

/// No address, no password, no secret in the journal, whatever happened.
async fn the_journal_names_nobody(test: TestApp) {
    people(&test).await;
    let _refused = account::sign_in(&test.app, KNOWN, OTHER, &here()).await;
    account::forgotten(&test.app, &email(KNOWN), &here()).await.unwrap();
    let rows = test.instance.must("SELECT * FROM journal; SELECT * FROM attempt;");
    for mark in ["ville.example", PASSWORD, OTHER, "Inventé", "192.0.2.1"] {
        assert!(!rows.contains(mark), "{mark} in\n{rows}");
    }
}

contract!(with world, "2014-05-20T08:00:00Z":
    a_wrong_password_and_an_unknown_address,
    a_form_with_an_address_that_is_known,
    a_known_address_keeps_its_password_and_name,
    a_forgotten_password_of_nobody,
    the_journal_names_nobody,
);
