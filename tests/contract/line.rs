//! Lines: read back as they were filed, to the cent.

use eapd::domain::codes::BiMulti;
use eapd::domain::declaration::FiledLine;
use eapd::domain::euros::Euros;
use eapd::domain::filing::FilingKind;
use eapd::domain::line::{Amounts, Line, Markers, OnePercentLaw};
use eapd::store::writes::Writes;
use eapd::store::{Result, line};
use futures_util::TryStreamExt;

use super::ground::{YEAR, body, cents, code, day, file, ground, read, short_line, version, write, year};
use crate::support::{TestApp, at, contract};

/// A line with every field.
fn full_line(reference: &str) -> Line {
    Line {
        title: "Forages, « puits » & pompes ; phase \"2\"".to_owned(),
        channel: code("41122"),
        nature: code("multilateral_affecte"),
        aid_type: code("B03"),
        bi_multi: BiMulti::BilateralCore,
        amounts: Amounts {
            paid: cents(1_234_567),
            cofinancing_received: cents(234_567),
            cofinancing_state: Some(cents(200_000)),
            cofinancing_collectivities: Some(cents(34_567)),
            cofinancing_others: Some(Euros::ZERO),
            service_costs: Some(cents(1)),
            committed: Some(cents(9_999_999)),
        },
        paid_on: Some(day("2013-12-31")),
        organisation: Some("Association fictive « Été »".to_owned()),
        organisation_siren: Some(body("F")),
        description: Some("Ligne 1\nLigne 2\t\u{202f}fin".to_owned()),
        place: Some("Kayes, Médine".to_owned()),
        starts_on: Some(day("2012-02-29")),
        ends_on: Some(day("2016-01-01")),
        one_percent_law: Some(OnePercentLaw::Water),
        markers: Markers::new([Some(0), Some(1), Some(2), None, Some(0), Some(3), Some(1), Some(2)]),
        sdg: vec!["6".to_owned(), "6.1".to_owned()],
        crs_project: Some("2011000123".to_owned()),
        ..short_line(reference, 1)
    }
}

async fn of_version(app: &TestApp, alias: &str, number: u32) -> Vec<FiledLine> {
    let siren = body(alias);
    read(app, async |tx| line::of_version(tx, siren, year(YEAR), number).await).await
}

async fn effective(app: &TestApp) -> Vec<FiledLine> {
    let mut tx = app.app.db.snapshot().await.unwrap();
    line::stream_effective(&mut tx, year(YEAR)).try_collect().await.unwrap()
}

async fn filed(app: &TestApp, alias: &str, number: u32, kind: FilingKind, lines: &[Line]) -> Result<()> {
    let version = version(alias, number, kind, lines, app.app.now());
    write(app, async |tx| file(tx, &version, lines).await).await
}

fn expected(alias: &str, number: u32, kind: FilingKind, lines: &[Line]) -> Vec<FiledLine> {
    let filed = |(position, line): (u32, &Line)| FiledLine {
        siren: body(alias),
        flow_year: year(YEAR),
        version: number,
        kind,
        position,
        line: line.clone(),
    };
    (1..).zip(lines).map(filed).collect()
}

async fn every_field_reads_back_and_every_absence(app: TestApp) {
    let laws =
        OnePercentLaw::ALL.map(|law| Line { one_percent_law: Some(law), ..short_line(law.code(), 100) });
    let multilateral = Line { bi_multi: BiMulti::Multilateral, ..short_line("m", 100) };
    let markers = Line { markers: Markers::new([Some(0); 8]), ..short_line("k", 100) };
    let unpaid = Line {
        amounts: Amounts { cofinancing_received: cents(500), ..short_line("z", 500).amounts },
        ..short_line("z", 500)
    };
    let mut lines = vec![full_line("é-1"), short_line("Z-2", 100), multilateral, markers, unpaid];
    lines.extend(laws);
    filed(&app, "A", 1, FilingKind::Declared, &lines).await.unwrap();
    assert_eq!(of_version(&app, "A", 1).await, expected("A", 1, FilingKind::Declared, &lines));
    assert_eq!(effective(&app).await, expected("A", 1, FilingKind::Declared, &lines));
}

/// The lines of one filing go in several statements: none is lost or misplaced between them.
async fn many_lines_keep_their_order_and_their_sum(app: TestApp) {
    let mut lines: Vec<Line> =
        (1..=1_198).map(|number| short_line(&format!("L{number}"), 10_000 + number * 37 % 991)).collect();
    lines.push(short_line("petite", 1));
    lines.push(short_line("grande", 99_999_999_999));
    let sum = Euros::checked_sum(lines.iter().map(Line::own_resources)).unwrap();
    filed(&app, "A", 1, FilingKind::Declared, &lines).await.unwrap();
    let found = of_version(&app, "A", 1).await;
    assert_eq!(found.len(), 1_200);
    assert!(found == expected("A", 1, FilingKind::Declared, &lines), "some line differs");
    let streamed = effective(&app).await;
    assert_eq!(Euros::checked_sum(streamed.iter().map(|filed| filed.line.own_resources())), Some(sum));
    assert!(streamed == found, "the stream differs");
}

async fn the_stream_gives_the_last_versions_by_siren_and_position(app: TestApp) {
    let first = [short_line("b", 100), short_line("a", 200)];
    let second = [short_line("c", 300)];
    // Filed in another order than read.
    filed(&app, "B", 1, FilingKind::Declared, &first).await.unwrap();
    filed(&app, "A", 1, FilingKind::Declared, &first).await.unwrap();
    filed(&app, "A", 2, FilingKind::Declared, &second).await.unwrap();
    filed(&app, "C", 1, FilingKind::Declared, &first).await.unwrap();
    filed(&app, "C", 2, FilingKind::Annulled, &[]).await.unwrap();
    let lines =
        [expected("A", 2, FilingKind::Declared, &second), expected("B", 1, FilingKind::Declared, &first)];
    assert_eq!(effective(&app).await, lines.concat());
    filed(&app, "C", 3, FilingKind::TakenOver, &second).await.unwrap();
    filed(&app, "B", 2, FilingKind::Nil, &[]).await.unwrap();
    let lines =
        [expected("A", 2, FilingKind::Declared, &second), expected("C", 3, FilingKind::TakenOver, &second)];
    assert_eq!(effective(&app).await, lines.concat());
    // Every version stays readable.
    assert_eq!(of_version(&app, "A", 1).await, expected("A", 1, FilingKind::Declared, &first));
    assert_eq!(of_version(&app, "B", 2).await, []);
    assert_eq!(of_version(&app, "A", 3).await, []);
}

async fn what_is_public_of_a_line_is_all_that_is_read_of_it(app: TestApp) {
    let lines = [full_line("a"), short_line("b", 100)];
    filed(&app, "A", 1, FilingKind::Declared, &lines).await.unwrap();
    let public = |line: Line| Line {
        description: None,
        place: None,
        crs_project: None,
        amounts: Amounts {
            cofinancing_state: None,
            cofinancing_collectivities: None,
            cofinancing_others: None,
            service_costs: None,
            committed: None,
            ..line.amounts
        },
        ..line
    };
    let mut tx = app.app.db.snapshot().await.unwrap();
    let found: Vec<_> = line::stream_public(&mut tx, year(YEAR)).try_collect().await.unwrap();
    assert_eq!(found, expected("A", 1, FilingKind::Declared, &lines.map(public)));
}

async fn references_of_every_version_are_told_once(app: TestApp) {
    let lines = |references: &[&str]| -> Vec<Line> {
        references.iter().map(|reference| short_line(reference, 100)).collect()
    };
    filed(&app, "A", 1, FilingKind::Declared, &lines(&["b", "É", "a", "B"])).await.unwrap();
    filed(&app, "A", 2, FilingKind::Declared, &lines(&["c", "a"])).await.unwrap();
    filed(&app, "B", 1, FilingKind::Declared, &lines(&["d"])).await.unwrap();
    let found = read(&app, async |tx| line::references(tx, (body("A"), year(YEAR))).await).await;
    assert_eq!(found, ["B", "a", "b", "c", "É"], "in the order of their bytes on both engines");
    assert_eq!(read(&app, async |tx| line::references(tx, (body("C"), year(YEAR))).await).await, [""; 0]);
}

async fn lines_are_sealed_by_their_filing(app: TestApp) {
    let lines = [short_line("a", 100)];
    filed(&app, "A", 1, FilingKind::Declared, &lines).await.unwrap();
    let insert = async |number: u32, lines: &[Line]| {
        write(&app, async |tx| {
            let mut writes = Writes::of(tx);
            line::insert(tx, &mut writes, (body("A"), year(YEAR), number), lines).await?;
            writes.send(tx).await
        })
        .await
    };
    let under_a_filing = insert(1, &[short_line("b", 100)]).await.unwrap_err();
    assert_eq!(under_a_filing.guard_code(), Some("EAPD-G08"));
    let skipping = insert(3, &lines).await.unwrap_err();
    assert_eq!(skipping.guard_code(), Some("EAPD-G08"));
    assert!(insert(2, &lines).await.is_err(), "lines without their filing are refused at the commit");
    assert!(insert(2, &[short_line("b", 100), short_line("b", 200)]).await.is_err(), "one reference twice");
    insert(2, &[]).await.unwrap();
    // The filing counts and adds up what it seals.
    let mut short = version("A", 2, FilingKind::Declared, &lines, at("2014-05-20T10:00:00Z"));
    short.total_own = cents(99);
    let cheated = write(&app, async |tx| file(tx, &short, &lines).await).await.unwrap_err();
    assert_eq!(cheated.guard_code(), Some("EAPD-G13"));
    assert_eq!(effective(&app).await, expected("A", 1, FilingKind::Declared, &lines));
}

contract!(with ground, "2014-05-20T10:00:00Z":
    every_field_reads_back_and_every_absence,
    many_lines_keep_their_order_and_their_sum,
    the_stream_gives_the_last_versions_by_siren_and_position,
    what_is_public_of_a_line_is_all_that_is_read_of_it,
    references_of_every_version_are_told_once,
    lines_are_sealed_by_their_filing,
);
