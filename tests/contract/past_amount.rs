//! Yearly amounts from before the service.

use eapd::domain::declaration::PastAmount;
use eapd::store::{StoreError, past_amount};

use super::ground::{body, cents, day, ground, read, write, year};
use crate::support::{TestApp, contract};

fn amount(alias: &str, cents_of: Option<i64>, source: &str) -> PastAmount {
    PastAmount {
        siren: body(alias),
        flow_year: year(2010),
        amount: cents_of.map(cents),
        filed_on: None,
        source: source.to_owned(),
    }
}

async fn add(app: &TestApp, amount: &PastAmount, reason: Option<&str>) -> Result<(), StoreError> {
    let now = app.app.now();
    write(app, async |tx| past_amount::add(tx, amount, reason, "P1", now).await).await
}

async fn effective(app: &TestApp, alias: &str) -> Option<PastAmount> {
    let siren = body(alias);
    read(app, async |tx| past_amount::effective(tx, siren, year(2010)).await).await
}

async fn amounts_read_back_to_the_cent(app: TestApp) {
    assert_eq!(effective(&app, "A").await, None);
    let dated =
        PastAmount { filed_on: Some(day("2011-06-30")), ..amount("A", Some(99_999_999_999), "Atlas") };
    let smallest = amount("B", Some(1), "enquête");
    let nil = amount("C", None, "courrier");
    for past in [&dated, &smallest, &nil] {
        add(&app, past, None).await.unwrap();
    }
    assert_eq!(effective(&app, "A").await, Some(dated));
    assert_eq!(effective(&app, "B").await, Some(smallest));
    assert_eq!(effective(&app, "C").await, Some(nil));
    assert_eq!(read(&app, async |tx| past_amount::effective(tx, body("A"), year(2009)).await).await, None);
}

async fn the_years_of_a_body_are_told_once_in_order(app: TestApp) {
    let of = |year_of: u16, cents: i64| PastAmount {
        flow_year: year(year_of),
        ..amount("A", Some(cents), "Atlas")
    };
    for past in [of(2011, 100), of(2009, 200), amount("B", Some(300), "Atlas")] {
        add(&app, &past, None).await.unwrap();
    }
    add(&app, &of(2011, 150), Some("erreur de saisie")).await.unwrap();
    let years = read(&app, async |tx| past_amount::years_of(tx, body("A")).await).await;
    assert_eq!(years, [year(2009), year(2011)]);
    assert_eq!(read(&app, async |tx| past_amount::years_of(tx, body("C")).await).await, []);
}

async fn the_last_revision_counts_and_has_a_reason(app: TestApp) {
    add(&app, &amount("A", Some(100), "Atlas"), None).await.unwrap();
    let second = amount("A", Some(250), "Atlas, corrigé");
    assert!(add(&app, &second, None).await.is_err(), "a correction says why");
    assert_eq!(effective(&app, "A").await, Some(amount("A", Some(100), "Atlas")));
    add(&app, &second, Some("erreur de saisie")).await.unwrap();
    let third = amount("A", None, "courrier");
    add(&app, &third, Some("c’était un néant")).await.unwrap();
    assert_eq!(effective(&app, "A").await, Some(third));
}

async fn a_year_with_a_campaign_takes_none(app: TestApp) {
    let declared_here = PastAmount { flow_year: year(2013), ..amount("A", Some(100), "Atlas") };
    let error = add(&app, &declared_here, None).await.unwrap_err();
    assert_eq!(error.guard_code(), Some("EAPD-G14"));
}

/// Zero is a nil, and silence is not zero (rule 5).
async fn an_amount_of_zero_is_refused(app: TestApp) {
    assert!(add(&app, &amount("A", Some(0), "Atlas"), None).await.is_err());
    assert!(add(&app, &amount("A", Some(100), "  "), None).await.is_err(), "no source");
}

contract!(with ground, "2014-05-20T10:00:00Z":
    amounts_read_back_to_the_cent,
    the_years_of_a_body_are_told_once_in_order,
    the_last_revision_counts_and_has_a_reason,
    a_year_with_a_campaign_takes_none,
    an_amount_of_zero_is_refused,
);
