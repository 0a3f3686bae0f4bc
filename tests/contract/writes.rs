//! Rows told to the engine together: all of them, in order, or none.

use eapd::domain::filing::FilingKind;
use eapd::store::idempotency::{self, Answered};
use eapd::store::person::{self, PersonKind};
use eapd::store::writes::Writes;
use eapd::store::{StoreError, filing, line};

use super::ground::{YEAR, body, ground, read, receipt_of, sent, short_line, version, write, year};
use crate::support::{TestApp, contract};

fn answered(receipt: &str) -> Answered {
    Answered { request_sha256: "cd".repeat(32), receipt: receipt.to_owned() }
}

async fn rows_of_several_tables_each_have_their_own_values(app: TestApp) {
    let now = app.app.now();
    let lines = [short_line("L1", 1_000), short_line("L2", 2_550)];
    let filed = version("A", 1, FilingKind::Declared, &lines, now);
    let receipt = receipt_of(&filed, "R-A");
    write(&app, async |tx| {
        let mut writes = Writes::of(tx);
        person::add(&mut writes, "P2", PersonKind::Signatory, ("Fictive", Some("maire")), now);
        line::insert(tx, &mut writes, (filed.siren, filed.flow_year, 1), &lines).await?;
        filing::insert(&mut writes, &filed);
        filing::insert_receipt(&mut writes, &receipt);
        idempotency::remember(&mut writes, ("T1", "clé"), &answered("R-A"), now);
        // Nothing is there yet.
        assert_eq!(filing::receipt(tx, "R-A").await?, None);
        writes.send(tx).await?;
        // And nothing is left to be sent.
        writes.send(tx).await
    })
    .await
    .unwrap();
    let person = read(&app, async |tx| person::find(tx, "P2").await).await;
    assert_eq!(person, Some((Some("Fictive".to_owned()), Some("maire".to_owned()))));
    let found = read(&app, async |tx| line::of_version(tx, body("A"), year(YEAR), 1).await).await;
    assert_eq!(found.into_iter().map(|filed| filed.line).collect::<Vec<_>>(), lines);
    assert_eq!(read(&app, async |tx| filing::effective(tx, body("A"), year(YEAR)).await).await, Some(filed));
    assert_eq!(read(&app, async |tx| filing::receipt(tx, "R-A").await).await, Some(receipt));
    let remembered = read(&app, async |tx| idempotency::find(tx, "T1", "clé").await).await;
    assert_eq!(remembered, Some(answered("R-A")));
}

async fn one_that_is_refused_takes_all_with_it(app: TestApp) {
    let now = app.app.now();
    let remember = |writes: &mut Writes, key: &str| {
        idempotency::remember(writes, ("T1", key), &answered("R"), now);
    };
    write(&app, async |tx| sent(tx, |writes| remember(writes, "prise")).await).await.unwrap();
    for order in [["avant", "prise", "après"], ["prise", "avant", "après"], ["avant", "après", "prise"]] {
        let tell = |writes: &mut Writes| order.iter().for_each(|key| remember(writes, key));
        let error = write(&app, async |tx| sent(tx, tell).await).await.unwrap_err();
        assert!(matches!(error, StoreError::Exists), "{error}");
        for key in ["avant", "après"] {
            let found = read(&app, async |tx| idempotency::find(tx, "T1", key).await).await;
            assert_eq!(found, None, "{key}");
        }
    }
}

contract!(with ground, "2014-05-20T10:00:00Z":
    rows_of_several_tables_each_have_their_own_values,
    one_that_is_refused_takes_all_with_it,
);
