//! Certificates and their revocations.

use eapd::domain::call::{Call, CallCode};
use eapd::domain::certificate::{Certificate, Revocation};
use eapd::store::{StoreError, call, certificate};

use super::ground::{body, campaign, code, ground, read, write};
use crate::support::{TestApp, at, contract};

const ISSUED: &str = "2014-05-20T10:00:00Z";

/// A certificate on A.
pub fn certified(call: CallCode, number: &str, rank: u32) -> Certificate {
    Certificate {
        number: number.to_owned(),
        siren: body("A"),
        call,
        rank,
        facts: "{\"x\":\"é\"}".to_owned(),
        sha256: "00ff".repeat(16),
        journal_head: "bb".to_owned(),
        issued_by: "P1".to_owned(),
        issued_at: at(ISSUED),
    }
}

async fn with_the_call(app: &TestApp) -> CallCode {
    let aap = Call::default_for(campaign(2014));
    write(app, async |tx| call::create(tx, &aap, "P1", app.app.now()).await).await.unwrap();
    code("AAP-2014")
}

async fn insert(app: &TestApp, certificate: &Certificate) -> Result<(), StoreError> {
    write(app, async |tx| certificate::insert(tx, certificate).await).await
}

async fn each_reads_back_and_ranks_follow(app: TestApp) {
    let call = with_the_call(&app).await;
    let (siren, asked) = (body("A"), call.clone());
    let last = async || read(&app, async |tx| certificate::last(tx, siren, &asked).await).await;
    assert_eq!(last().await, None);
    let first = certified(call.clone(), "C-1", 1);
    let second = Certificate { issued_at: at("2014-05-20T10:00:01Z"), ..certified(call.clone(), "C-2", 2) };
    insert(&app, &first).await.unwrap();
    let superseded =
        async |of: &Certificate| read(&app, async |tx| certificate::superseded_at(tx, of).await).await;
    assert_eq!(superseded(&first).await, None);
    insert(&app, &second).await.unwrap();
    assert_eq!(superseded(&first).await, Some(second.issued_at));
    assert_eq!(superseded(&second).await, None);
    assert_eq!(last().await, Some((2, second.issued_at)));
    let find = async |number: &'static str| read(&app, async |tx| certificate::find(tx, number).await).await;
    assert_eq!(find("C-1").await.as_ref(), Some(&first));
    assert_eq!(find("c-1").await, None);
    let of_body =
        async |alias: &'static str| read(&app, async |tx| certificate::of_body(tx, body(alias)).await).await;
    assert_eq!(of_body("A").await, [second, first]);
    assert_eq!(of_body("B").await, []);
    for wrong in
        [certified(call.clone(), "C-3", 2), certified(call.clone(), "C-3", 4), certified(call, "C-1", 3)]
    {
        let refused = insert(&app, &wrong).await.unwrap_err();
        assert!(
            matches!(refused, StoreError::Exists) || refused.guard_code() == Some("EAPD-G03"),
            "{refused}"
        );
    }
    assert!(insert(&app, &certified(code("AUTRE"), "C-4", 1)).await.is_err(), "no such call");
}

async fn a_revocation_comes_once_and_after_its_certificate(app: TestApp) {
    let call = with_the_call(&app).await;
    insert(&app, &certified(call, "C-1", 1)).await.unwrap();
    let revoke = async |number: &'static str, instant: &'static str| {
        write(&app, async |tx| certificate::revoke(tx, number, "erreur", "P1", at(instant)).await).await
    };
    let revocation = async || read(&app, async |tx| certificate::revocation(tx, "C-1").await).await;
    assert_eq!(revoke("C-1", "2014-05-20T09:59:59Z").await.unwrap_err().guard_code(), Some("EAPD-G07"));
    assert!(revoke("C-9", "2014-05-20T10:00:00Z").await.is_err());
    assert_eq!(revocation().await, None);
    revoke("C-1", "2014-05-20T10:00:00Z").await.unwrap();
    let expected = Revocation { reason: "erreur".to_owned(), decided_at: at(ISSUED) };
    assert_eq!(revocation().await, Some(expected));
    let again = revoke("C-1", "2014-05-20T10:00:01Z").await.unwrap_err();
    assert!(matches!(again, StoreError::Exists) || again.guard_code() == Some("EAPD-G03"), "{again}");
}

contract!(with ground, "2014-05-20T10:00:00Z":
    each_reads_back_and_ranks_follow,
    a_revocation_comes_once_and_after_its_certificate,
);
