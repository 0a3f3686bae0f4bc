//! Who is expected in a campaign.

use eapd::store::StoreError;
use eapd::store::expected::{self, Expectation, Origin};

use super::ground::{body, campaign, ground, read, write};
use crate::support::{TestApp, contract};

fn expectation(expected: bool, origin: Origin, reason: &str) -> Expectation {
    Expectation { expected, origin, reason: reason.to_owned() }
}

async fn decide(app: &TestApp, alias: &str, year: u16, told: &Expectation) -> Result<(), StoreError> {
    let (siren, now) = (body(alias), app.app.now());
    write(app, async |tx| expected::decide(tx, campaign(year), siren, told, "P1", now).await).await
}

async fn last(app: &TestApp, alias: &str, year: u16) -> Option<Expectation> {
    let siren = body(alias);
    read(app, async |tx| expected::last(tx, campaign(year), siren).await).await
}

async fn the_last_decision_counts(app: TestApp) {
    assert_eq!(last(&app, "A", 2014).await, None);
    for told in [
        expectation(true, Origin::List, "liste de l’Atlas"),
        expectation(false, Origin::Sgar, "n’a plus d’action extérieure"),
        expectation(true, Origin::Manager, "dossier d’appel déposé"),
        // The same again: decided in the same second, it is one more decision.
        expectation(true, Origin::Manager, "dossier d’appel déposé"),
    ] {
        decide(&app, "A", 2014, &told).await.unwrap();
        assert_eq!(last(&app, "A", 2014).await, Some(told));
    }
    assert_eq!(last(&app, "B", 2014).await, None);
    assert_eq!(last(&app, "A", 2015).await, None);
    let by_persons = read(&app, async |tx| expected::by_persons(tx, campaign(2014), 2).await).await;
    let told: Vec<_> = by_persons.iter().map(|decided| (decided.siren, decided.told.origin)).collect();
    assert_eq!(told, [(body("A"), Origin::Manager); 2], "the latest first, no list");
}

async fn a_decision_names_a_body_a_campaign_and_a_reason(app: TestApp) {
    let told = expectation(true, Origin::List, "liste");
    assert!(decide(&app, "Z", 2014, &told).await.is_err(), "not in the register");
    assert!(decide(&app, "A", 2015, &told).await.is_err(), "no campaign");
    assert!(decide(&app, "A", 2014, &expectation(true, Origin::List, " ")).await.is_err(), "no reason");
    assert_eq!(last(&app, "A", 2014).await, None);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    the_last_decision_counts,
    a_decision_names_a_body_a_campaign_and_a_reason,
);
