//! Who was expected: what may be said of a silence. The same bodies as the follow-up finds.

use eapd::domain::declaration::PastAmount;
use eapd::domain::filing::FilingKind;
use eapd::store::expected::{Expectation, Origin};
use eapd::store::{expected, follow_up, past_amount, publication};

use super::ground::{YEAR, body, campaign, cents, file, ground, read, version, write, year};
use crate::support::{TestApp, contract};

/// Whether each body is expected for a year, asked one by one and all at once.
async fn expected_in(app: &TestApp, flow_year: u16) -> Vec<&'static str> {
    let mut found = Vec::new();
    let now = app.app.now();
    let all = read(app, async |tx| follow_up::bodies(tx, year(flow_year), now).await).await;
    let at_once = read(app, async |tx| publication::expected_of_year(tx, year(flow_year)).await).await;
    for alias in ["A", "B", "C"] {
        let siren = body(alias);
        let is = read(app, async |tx| publication::was_expected(tx, siren, year(flow_year)).await).await;
        assert_eq!(is, all.iter().any(|expected| expected.siren == siren), "{alias} {flow_year}");
        assert_eq!(is, at_once.contains(&siren), "{alias} {flow_year}, all at once");
        if is {
            found.push(alias);
        }
    }
    found
}

async fn decide(app: &TestApp, alias: &str, is_expected: bool) {
    let told = Expectation { expected: is_expected, origin: Origin::Manager, reason: "essai".to_owned() };
    let (siren, now) = (body(alias), app.app.now());
    write(app, async |tx| expected::decide(tx, campaign(2014), siren, &told, "P1", now).await).await.unwrap();
}

async fn by_decision_or_by_the_five_years_before(app: TestApp) {
    assert_eq!(expected_in(&app, YEAR).await, [""; 0]);
    let past = PastAmount {
        siren: body("B"),
        flow_year: year(2008),
        amount: Some(cents(100)),
        filed_on: None,
        source: "Atlas".to_owned(),
    };
    let now = app.app.now();
    write(&app, async |tx| past_amount::add(tx, &past, None, "P1", now).await).await.unwrap();
    assert_eq!(expected_in(&app, 2013).await, ["B"]);
    assert_eq!(expected_in(&app, 2014).await, [""; 0], "six years later");
    assert_eq!(expected_in(&app, 2008).await, [""; 0], "the year itself is not before it");
    decide(&app, "A", true).await;
    assert_eq!(expected_in(&app, 2013).await, ["A", "B"]);
    decide(&app, "A", false).await;
    decide(&app, "B", false).await;
    assert_eq!(expected_in(&app, 2013).await, [""; 0], "the last decision counts, whatever the past");
}

async fn a_filing_counts_until_it_is_annulled(app: TestApp) {
    let nil = version("C", 1, FilingKind::Nil, &[], app.app.now());
    write(&app, async |tx| file(tx, &nil, &[]).await).await.unwrap();
    assert_eq!(expected_in(&app, 2013).await, [""; 0]);
    assert_eq!(expected_in(&app, 2014).await, ["C"]);
    let annulled = version("C", 2, FilingKind::Annulled, &[], app.app.now());
    write(&app, async |tx| file(tx, &annulled, &[]).await).await.unwrap();
    assert_eq!(expected_in(&app, 2014).await, [""; 0]);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    by_decision_or_by_the_five_years_before,
    a_filing_counts_until_it_is_annulled,
);
