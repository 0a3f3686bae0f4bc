//! Filed versions and their receipts.

use eapd::domain::declaration::Filing;
use eapd::domain::filing::FilingKind;
use eapd::store::{Result, StoreError, filing, register};

use super::ground::{
    YEAR, body, cents, file, ground, read, receipt_of, sent, short_line, version, write, year,
};
use crate::support::{TestApp, at, contract};

/// Files a version with lines of these amounts.
async fn filed(
    app: &TestApp,
    alias: &str,
    number: u32,
    kind: FilingKind,
    cents: &[i64],
    now: &str,
) -> Result<Filing> {
    let lines: Vec<_> =
        (1..).zip(cents).map(|(number, paid)| short_line(&format!("L{number}"), *paid)).collect();
    let version = version(alias, number, kind, &lines, at(now));
    write(app, async |tx| file(tx, &version, &lines).await).await?;
    Ok(version)
}

const DAYS: [&str; 5] = [
    "2014-05-20T10:00:00Z",
    "2014-05-20T10:00:00Z",
    "2014-05-20T10:00:01Z",
    "2014-07-01T10:00:00Z",
    "2014-07-02T10:00:00Z",
];

/// One version of every kind, two of them in the same second: the number decides.
async fn every_kind_reads_back_and_the_last_version_counts(app: TestApp) {
    let kinds = [
        FilingKind::Declared,
        FilingKind::Nil,
        FilingKind::Rectified,
        FilingKind::Annulled,
        FilingKind::TakenOver,
    ];
    let mut versions = Vec::new();
    for ((number, kind), now) in (1..).zip(kinds).zip(DAYS) {
        let amounts: &[i64] =
            if matches!(kind, FilingKind::Nil | FilingKind::Annulled) { &[] } else { &[99_999_999_999, 1] };
        versions.push(filed(&app, "A", number, kind, amounts, now).await.unwrap());
        let effective = read(&app, async |tx| filing::effective(tx, body("A"), year(YEAR)).await).await;
        assert_eq!(effective.as_ref(), versions.last());
    }
    assert_eq!(versions[0].total_paid, cents(100_000_000_000));
    assert_eq!(read(&app, async |tx| filing::versions(tx, body("A"), year(YEAR)).await).await, versions);
    assert_eq!(read(&app, async |tx| filing::count_of_year(tx, year(YEAR)).await).await, 5);
}

async fn a_nil_needs_no_lines_and_a_declaration_does(app: TestApp) {
    let declared = version("A", 1, FilingKind::Declared, &[], at(DAYS[0]));
    let empty = write(&app, async |tx| sent(tx, |writes| filing::insert(writes, &declared)).await).await;
    assert!(empty.is_err(), "silence is no declaration");
    let unsigned = Filing { reason: None, ..version("A", 1, FilingKind::TakenOver, &[], at(DAYS[0])) };
    assert!(
        write(&app, async |tx| sent(tx, |writes| filing::insert(writes, &unsigned)).await).await.is_err(),
        "why is not said"
    );
    let nil = Filing { signatory: None, ..version("A", 1, FilingKind::Nil, &[], at(DAYS[0])) };
    write(&app, async |tx| sent(tx, |writes| filing::insert(writes, &nil)).await).await.unwrap();
    let found = read(&app, async |tx| filing::effective(tx, body("A"), year(YEAR)).await).await;
    assert_eq!(found, Some(nil));
}

async fn nothing_filed_is_none(app: TestApp) {
    assert_eq!(read(&app, async |tx| filing::effective(tx, body("A"), year(YEAR)).await).await, None);
    assert_eq!(read(&app, async |tx| filing::versions(tx, body("A"), year(YEAR)).await).await, []);
    assert_eq!(read(&app, async |tx| filing::effective_of_year(tx, year(YEAR)).await).await, []);
    assert_eq!(read(&app, async |tx| filing::count_of_year(tx, year(YEAR)).await).await, 0);
    assert_eq!(read(&app, async |tx| filing::receipt(tx, "R").await).await, None);
    assert_eq!(read(&app, async |tx| filing::receipts(tx, body("A"), year(YEAR)).await).await, []);
}

async fn the_year_has_the_last_version_of_each_body_by_siren(app: TestApp) {
    let c = filed(&app, "C", 1, FilingKind::Nil, &[], DAYS[0]).await.unwrap();
    filed(&app, "A", 1, FilingKind::Declared, &[100], DAYS[0]).await.unwrap();
    let b = filed(&app, "B", 1, FilingKind::Declared, &[300], DAYS[0]).await.unwrap();
    let a = filed(&app, "A", 2, FilingKind::Declared, &[100, 200], DAYS[0]).await.unwrap();
    let found = read(&app, async |tx| filing::effective_of_year(tx, year(YEAR)).await).await;
    assert_eq!(found, [a.seal(), b.seal(), c.seal()]);
    assert_eq!(read(&app, async |tx| filing::effective_of_year(tx, year(2012)).await).await, []);
    assert_eq!(read(&app, async |tx| filing::count_of_year(tx, year(2012)).await).await, 0);
}

/// A body once, however many versions it filed, a nil one too; as the register holds it.
async fn the_register_of_a_year_without_those_who_did_not_file(app: TestApp) {
    filed(&app, "C", 1, FilingKind::Nil, &[], DAYS[0]).await.unwrap();
    filed(&app, "A", 1, FilingKind::Declared, &[100], DAYS[0]).await.unwrap();
    filed(&app, "A", 2, FilingKind::Nil, &[], DAYS[1]).await.unwrap();
    let whole = read(&app, async |tx| register::of_year(tx, year(YEAR)).await).await;
    let found = read(&app, async |tx| register::filed_of_year(tx, year(YEAR)).await).await;
    assert_eq!(found.len(), 2);
    for alias in ["A", "C"] {
        assert_eq!(found.get(&body(alias)), whole.get(&body(alias)), "{alias}");
        assert!(found.contains_key(&body(alias)));
    }
    assert!(whole.len() > 2);
    assert!(read(&app, async |tx| register::filed_of_year(tx, year(2012)).await).await.is_empty());
}

async fn a_receipt_reads_back_by_number_and_by_declaration(app: TestApp) {
    let first = filed(&app, "A", 1, FilingKind::Declared, &[100], DAYS[0]).await.unwrap();
    let second = filed(&app, "A", 2, FilingKind::Nil, &[], DAYS[1]).await.unwrap();
    // Numbers are random: the second may sort before the first.
    let receipts = [receipt_of(&first, "ZZ9"), receipt_of(&second, "0A1")];
    for receipt in &receipts {
        write(&app, async |tx| sent(tx, |writes| filing::insert_receipt(writes, receipt)).await)
            .await
            .unwrap();
    }
    for receipt in &receipts {
        let found = read(&app, async |tx| filing::receipt(tx, &receipt.number).await).await;
        assert_eq!(found.as_ref(), Some(receipt));
    }
    assert_eq!(read(&app, async |tx| filing::receipts(tx, body("A"), year(YEAR)).await).await, receipts);
    assert_eq!(read(&app, async |tx| filing::receipts(tx, body("B"), year(YEAR)).await).await, []);
    let same_version = receipt_of(&first, "AUTRE");
    let same_number = receipt_of(&version("B", 1, FilingKind::Nil, &[], at(DAYS[0])), "ZZ9");
    for twice in [same_version, same_number] {
        let error = write(&app, async |tx| sent(tx, |writes| filing::insert_receipt(writes, &twice)).await)
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::Exists) || error.guard_code() == Some("EAPD-G03"), "{error}");
    }
}

async fn versions_follow_and_the_window_holds(app: TestApp) {
    filed(&app, "A", 1, FilingKind::Declared, &[100], DAYS[0]).await.unwrap();
    for (number, now, guard) in [
        (1, DAYS[0], "EAPD-G03"),
        (3, DAYS[0], "EAPD-G03"),
        (2, "2014-05-20T09:59:59Z", "EAPD-G03"),
        (2, "2014-06-15T22:00:00Z", "EAPD-G12"),
    ] {
        let error = filed(&app, "A", number, FilingKind::Nil, &[], now).await.unwrap_err();
        assert_eq!(error.guard_code(), Some(guard), "version {number} at {now}");
    }
    assert_eq!(read(&app, async |tx| filing::count_of_year(tx, year(YEAR)).await).await, 1);
    filed(&app, "A", 2, FilingKind::Nil, &[], "2014-06-15T21:59:59Z").await.unwrap();
}

contract!(with ground, "2014-05-20T10:00:00Z":
    every_kind_reads_back_and_the_last_version_counts,
    a_nil_needs_no_lines_and_a_declaration_does,
    nothing_filed_is_none,
    the_year_has_the_last_version_of_each_body_by_siren,
    the_register_of_a_year_without_those_who_did_not_file,
    a_receipt_reads_back_by_number_and_by_declaration,
    versions_follow_and_the_window_holds,
);
