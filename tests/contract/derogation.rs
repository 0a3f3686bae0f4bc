//! Derogations and their revocations.

use eapd::domain::call::Call;
use eapd::domain::campaign::FilingDerogation;
use eapd::store::derogation::{self, Derogation, Scope};
use eapd::store::{StoreError, call};

use super::ground::{body, campaign, code, day, ground, read, write};
use crate::support::{TestApp, at, contract};

const DECIDED: &str = "2014-06-20T10:00:00Z";

fn to_file(until: &str) -> Scope {
    Scope::Filing { campaign: campaign(2014), until: day(until) }
}

async fn decide(app: &TestApp, alias: &str, scope: &Scope, decided_at: &str) -> Result<i32, StoreError> {
    let siren = body(alias);
    write(app, async |tx| derogation::decide(tx, siren, scope, "crue", "P1", at(decided_at)).await).await
}

async fn revoke(app: &TestApp, id: i32, decided_at: &str) -> Result<(), StoreError> {
    write(app, async |tx| derogation::revoke(tx, id, "erreur", "P1", at(decided_at)).await).await
}

async fn with_the_call(app: &TestApp) {
    let aap = Call::default_for(campaign(2014));
    write(app, async |tx| call::create(tx, &aap, "P1", app.app.now()).await).await.unwrap();
}

async fn each_scope_reads_back_and_numbers_follow(app: TestApp) {
    with_the_call(&app).await;
    let scopes =
        [to_file("2014-07-10"), Scope::Eligibility { call: code("AAP-2014") }, to_file("2014-07-20")];
    for (number, scope) in (1..).zip(&scopes) {
        assert_eq!(decide(&app, "A", scope, DECIDED).await.unwrap(), number);
        let found = read(&app, async |tx| derogation::find(tx, number).await).await;
        let expected = Derogation {
            id: number,
            siren: body("A"),
            scope: scope.clone(),
            reason: "crue".to_owned(),
            decided_at: at(DECIDED),
            revoked_at: None,
        };
        assert_eq!(found, Some(expected));
    }
    assert_eq!(read(&app, async |tx| derogation::find(tx, 4).await).await, None);
}

async fn a_revocation_acts_once_and_after_its_derogation(app: TestApp) {
    let id = decide(&app, "A", &to_file("2014-07-10"), DECIDED).await.unwrap();
    let before = revoke(&app, id, "2014-06-20T09:59:59Z").await.unwrap_err();
    assert_eq!(before.guard_code(), Some("EAPD-G07"));
    revoke(&app, id, "2014-06-25T10:00:00Z").await.unwrap();
    let found = read(&app, async |tx| derogation::find(tx, id).await).await.unwrap();
    assert_eq!(found.revoked_at, Some(at("2014-06-25T10:00:00Z")));
    let again = revoke(&app, id, "2014-06-26T10:00:00Z").await.unwrap_err();
    assert!(matches!(again, StoreError::Exists) || again.guard_code() == Some("EAPD-G03"), "{again}");
    assert!(revoke(&app, 99, "2014-06-26T10:00:00Z").await.is_err());
}

async fn none_is_granted_for_a_day_that_is_past(app: TestApp) {
    let late = decide(&app, "A", &to_file("2014-06-19"), DECIDED).await.unwrap_err();
    assert_eq!(late.guard_code(), Some("EAPD-G07"));
    assert!(decide(&app, "Z", &to_file("2014-07-10"), DECIDED).await.is_err(), "not in the register");
}

async fn those_of_a_campaign_are_listed_with_their_end(app: TestApp) {
    with_the_call(&app).await;
    decide(&app, "B", &to_file("2014-07-10"), DECIDED).await.unwrap();
    decide(&app, "A", &Scope::Eligibility { call: code("AAP-2014") }, DECIDED).await.unwrap();
    let revoked = decide(&app, "A", &to_file("2014-07-20"), DECIDED).await.unwrap();
    revoke(&app, revoked, "2014-06-25T10:00:00Z").await.unwrap();
    let listed = read(&app, async |tx| derogation::of_campaign(tx, campaign(2014)).await).await;
    let of =
        |until: &str, revoked_at| FilingDerogation { until: day(until), decided_at: at(DECIDED), revoked_at };
    let expected = [
        (body("B"), of("2014-07-10", None)),
        (body("A"), of("2014-07-20", Some(at("2014-06-25T10:00:00Z")))),
    ];
    assert_eq!(listed, expected);
    assert_eq!(read(&app, async |tx| derogation::of_campaign(tx, campaign(2013)).await).await, []);
}

async fn who_decided_is_told_by_campaign_by_call_or_by_number(app: TestApp) {
    with_the_call(&app).await;
    let filing = decide(&app, "B", &to_file("2014-07-10"), DECIDED).await.unwrap();
    let eligible = decide(&app, "A", &Scope::Eligibility { call: code("AAP-2014") }, DECIDED).await.unwrap();
    revoke(&app, eligible, "2014-06-25T10:00:00Z").await.unwrap();
    let (year, call) = (campaign(2014), code("AAP-2014"));
    let of_year = read(&app, async |tx| derogation::decided(tx, Some(year), None, None).await).await;
    let of_call = read(&app, async |tx| derogation::decided(tx, None, Some(&call), None).await).await;
    let of_number = read(&app, async |tx| derogation::decided(tx, None, None, Some(eligible)).await).await;
    assert_eq!(of_call, of_number);
    let told = |found: &[derogation::Decided]| {
        let of = |decided: &derogation::Decided| {
            (decided.derogation.id, decided.by.clone(), decided.revocation.clone())
        };
        found.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(told(&of_year), [(filing, "P1".to_owned(), None)]);
    let revoked = ("erreur".to_owned(), "P1".to_owned());
    assert_eq!(told(&of_call), [(eligible, "P1".to_owned(), Some(revoked))]);
    let found = read(&app, async |tx| derogation::find(tx, eligible).await).await.unwrap();
    assert_eq!(of_call[0].derogation, found);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    each_scope_reads_back_and_numbers_follow,
    a_revocation_acts_once_and_after_its_derogation,
    none_is_granted_for_a_day_that_is_past,
    those_of_a_campaign_are_listed_with_their_end,
    who_decided_is_told_by_campaign_by_call_or_by_number,
);
