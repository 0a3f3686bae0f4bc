//! Calls for projects.

use eapd::domain::call::{Call, CallDates, GroupRule};
use eapd::store::{StoreError, call};

use super::ground::{campaign, code, day, ground, read, write, year};
use crate::support::{TestApp, contract};

fn climate() -> Call {
    let dates = CallDates {
        opens_on: Some(day("2014-01-06")),
        closes_on: Some(day("2014-03-30")),
        examined_on: Some(day("2014-10-26")),
    };
    let years = vec![year(2013), year(2011), year(2012)];
    Call::new(
        code("CLIMAT-2014"),
        "Climat, « énergie » & forêts",
        dates,
        years,
        GroupRule::Lead,
        "Texte n° 1",
    )
    .unwrap()
}

async fn a_call_reads_back_with_its_years_in_order(app: TestApp) {
    let (dated, bare) = (climate(), Call::default_for(campaign(2014)));
    for call in [&dated, &bare] {
        write(&app, async |tx| call::create(tx, call, "P1", app.app.now()).await).await.unwrap();
    }
    for call in [&dated, &bare] {
        let found = read(&app, async |tx| call::find(tx, call.code()).await).await;
        assert_eq!(found.as_ref(), Some(call));
    }
    assert_eq!(dated.required_years(), [year(2011), year(2012), year(2013)]);
    assert_eq!(bare.dates(), CallDates::default());
}

async fn calls_are_listed_by_code(app: TestApp) {
    assert_eq!(read(&app, async |tx| call::all(tx).await).await, []);
    let (first, last) = (Call::default_for(campaign(2014)), climate());
    for call in [&last, &first] {
        write(&app, async |tx| call::create(tx, call, "P1", app.app.now()).await).await.unwrap();
    }
    assert_eq!(read(&app, async |tx| call::all(tx).await).await, [first, last]);
}

async fn an_absent_call_is_none(app: TestApp) {
    let absent = code("AAP-1999");
    assert_eq!(read(&app, async |tx| call::find(tx, &absent).await).await, None);
}

async fn a_call_is_created_once(app: TestApp) {
    let call = climate();
    let create = async || write(&app, async |tx| call::create(tx, &call, "P1", app.app.now()).await).await;
    create().await.unwrap();
    let again = create().await.unwrap_err();
    assert_eq!(again.guard_code(), Some("EAPD-G03"), "{again}");
    // With other years too: they are sealed by the call.
    let wider =
        Call::new(call.code().clone(), "T", CallDates::default(), vec![year(2010)], GroupRule::All, "F")
            .unwrap();
    let error =
        write(&app, async |tx| call::create(tx, &wider, "P1", app.app.now()).await).await.unwrap_err();
    assert!(matches!(error, StoreError::Guard(_)), "{error}");
    assert_eq!(read(&app, async |tx| call::find(tx, call.code()).await).await, Some(call));
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_call_reads_back_with_its_years_in_order,
    calls_are_listed_by_code,
    an_absent_call_is_none,
    a_call_is_created_once,
);
