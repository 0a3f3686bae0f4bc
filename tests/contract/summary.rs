//! What summaries read: who filed, and the codes and own resources of lines.

use eapd::domain::collectivity::CollectivityKind;
use eapd::domain::declaration::PastAmount;
use eapd::domain::filing::FilingKind;
use eapd::domain::line::{Line, OnePercentLaw};
use eapd::domain::siren::Siren;
use eapd::domain::summary::Payment;
use eapd::domain::year::FlowYear;
use eapd::store::past_amount;
use eapd::store::summary::{self, Declarant};
use futures_util::TryStreamExt;

use super::ground::{YEAR, body, cents, code, file, ground, read, short_line, version, write, year};
use crate::support::{TestApp, contract};

fn own(line: &Line, position: u32) -> Payment {
    Payment {
        position,
        recipient: code("236"),
        purpose: code("14030"),
        channel: code("22000"),
        nature: code("projet"),
        aid_type: code("C01"),
        law: line.one_percent_law,
        own: line.own_resources(),
    }
}

async fn declarants_are_those_whose_version_counts(app: TestApp) {
    let now = app.app.now();
    let (first, last) = ([short_line("a", 100)], [short_line("a", 300), short_line("b", 1)]);
    write(&app, async |tx| {
        file(tx, &version("A", 1, FilingKind::Declared, &first, now), &first).await?;
        file(tx, &version("A", 2, FilingKind::Rectified, &last, now), &last).await?;
        file(tx, &version("B", 1, FilingKind::Nil, &[], now), &[]).await?;
        file(tx, &version("C", 1, FilingKind::Declared, &first, now), &first).await?;
        file(tx, &version("C", 2, FilingKind::Annulled, &[], now), &[]).await
    })
    .await
    .unwrap();
    let declarant = |alias: &str, version, kind, lines, own| Declarant {
        siren: body(alias),
        version,
        kind,
        at: now,
        lines,
        own: cents(own),
        body_kind: CollectivityKind::Commune,
        name: format!("Commune {alias}"),
        departement: None,
        region: "84".to_owned(),
        population: None,
    };
    let found = read(&app, async |tx| summary::declarants(tx, year(YEAR)).await).await;
    let expected = [
        declarant("A", 2, FilingKind::Rectified, 2, 301),
        declarant("B", 1, FilingKind::Nil, 0, 0),
        declarant("C", 2, FilingKind::Annulled, 0, 0),
    ];
    assert_eq!(found, expected);
    assert_eq!(read(&app, async |tx| summary::declarants(tx, year(2012)).await).await, []);
    let one = async |alias: &str, of| {
        let siren = body(alias);
        read(&app, async |tx| summary::declarant(tx, siren, year(of)).await).await
    };
    let [rectified, ..] = expected;
    assert_eq!((one("A", YEAR).await, one("A", 2012).await), (Some(rectified), None));
}

async fn payments_are_those_of_the_versions_that_count(app: TestApp) {
    let now = app.app.now();
    let mut water = short_line("a", 500);
    water.one_percent_law = Some(OnePercentLaw::Water);
    water.amounts.cofinancing_received = cents(200);
    let (first, last) = ([short_line("a", 100)], [water.clone(), short_line("b", 7)]);
    write(&app, async |tx| {
        file(tx, &version("A", 1, FilingKind::Declared, &first, now), &first).await?;
        file(tx, &version("A", 2, FilingKind::Declared, &last, now), &last).await?;
        file(tx, &version("B", 1, FilingKind::Declared, &first, now), &first).await
    })
    .await
    .unwrap();
    let found: Vec<(Siren, Payment)> =
        read(&app, async |tx| summary::stream_of_year(tx, year(YEAR)).try_collect().await).await;
    let expected =
        [(body("A"), own(&water, 1)), (body("A"), own(&last[1], 2)), (body("B"), own(&first[0], 1))];
    assert_eq!(found, expected);
    let of = async |alias: &str, version| {
        let siren = body(alias);
        read(&app, async |tx| summary::of_version(tx, siren, year(YEAR), version).await).await
    };
    assert_eq!(of("A", 1).await, [own(&first[0], 1)]);
    assert_eq!(of("A", 2).await, [own(&water, 1), own(&last[1], 2)]);
    assert_eq!(of("A", 3).await, []);
    let at = async |position| {
        read(&app, async |tx| summary::title_at(tx, body("A"), year(YEAR), (2, position)).await).await
    };
    assert_eq!(at(2).await, Some(("Puits".to_owned(), code("236"))));
    assert_eq!(at(3).await, None);
}

async fn amounts_from_before_the_service_are_declarants_too(app: TestApp) {
    let now = app.app.now();
    for (alias, amount) in [("A", Some(123)), ("B", None)] {
        let past = PastAmount {
            siren: body(alias),
            flow_year: year(2010),
            amount: amount.map(cents),
            filed_on: None,
            source: "Atlas".to_owned(),
        };
        write(&app, async |tx| past_amount::add(tx, &past, None, "P1", now).await).await.unwrap();
    }
    let found = read(&app, async |tx| summary::past(tx, year(2010)).await).await;
    let told: Vec<_> = found.iter().map(|past| (past.siren, past.version, past.kind, past.own)).collect();
    let expected =
        [(body("A"), 0, FilingKind::Declared, cents(123)), (body("B"), 0, FilingKind::Nil, cents(0))];
    assert_eq!(told, expected);
    assert_eq!(read(&app, async |tx| summary::past(tx, year(2011)).await).await, []);
    let years: Vec<FlowYear> = read(&app, async |tx| summary::years(tx).await).await;
    assert_eq!(years, [year(YEAR), year(2010)]);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    declarants_are_those_whose_version_counts,
    payments_are_those_of_the_versions_that_count,
    amounts_from_before_the_service_are_declarants_too,
);
