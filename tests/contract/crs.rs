//! Identifiers of the CRS: given with an edition, stable, never another's; what an edition told of each line.

use std::collections::BTreeMap;

use eapd::domain::crs::{CrsId, CrsLine, Given, GroupKey, Submission, Told, ToldLine};
use eapd::domain::filing::FilingKind;
use eapd::domain::line::Line;
use eapd::domain::release::Release;
use eapd::store::campaign::{self, Step};
use eapd::store::{Result, crs, line, report};
use futures_util::TryStreamExt;

use super::ground::{
    YEAR, body, campaign as of, cents, file, ground, read, short_line, version, write, year,
};
use crate::support::register::{How, Link, register};
use crate::support::{TestApp, at, contract};

fn id(number: u32) -> CrsId {
    CrsId::of(year(YEAR), number).unwrap()
}

/// What an edition tells of a line.
fn told(alias: &str, reference: &str, number: u32) -> ToldLine {
    ToldLine {
        siren: body(alias),
        reference: reference.to_owned(),
        id: id(number),
        version: 1,
        submission: Submission::Derived,
        digest: format!("d-{reference}"),
        is_new_name: true,
    }
}

fn key(recipient: &str) -> GroupKey {
    GroupKey {
        recipient: recipient.to_owned(),
        purpose: "14030".to_owned(),
        channel: "22000".to_owned(),
        aid_type: "C01".to_owned(),
    }
}

async fn filed(app: &TestApp, alias: &str, number: u32, lines: &[Line]) {
    let kind = if number == 1 { FilingKind::Declared } else { FilingKind::Rectified };
    let version = version(alias, number, kind, lines, app.app.now());
    write(app, async |tx| file(tx, &version, lines).await).await.unwrap();
}

async fn settled(app: &TestApp) {
    app.set_clock("2014-07-01T10:00:00Z");
    let now = app.app.now();
    write(app, async |tx| campaign::take_step(tx, of(2014), Step::Settled, "", "P1", now).await)
        .await
        .unwrap();
}

async fn released(app: &TestApp, name: &str, edition: u32) {
    let release = Release {
        name: name.to_owned(),
        flow_year: year(YEAR),
        format: "csv".to_owned(),
        edition,
        sha256: "ab".repeat(32),
        content_sha256: "ab".repeat(32),
        line_count: 1,
        total_own: cents(100),
        journal_head: "ef".repeat(32),
        released_by: "P1".to_owned(),
        released_at: at("2014-07-01T10:00:00Z"),
    };
    write(app, async |tx| report::insert(tx, &release, b"x").await).await.unwrap();
}

async fn insert(app: &TestApp, edition: u32, lines: &[ToldLine]) -> Result<u64> {
    let lines = lines.iter().cloned().map(Ok);
    write(app, async |tx| crs::insert_lines(tx, (year(YEAR), edition), lines).await).await
}

async fn lines(app: &TestApp, edition: u32) -> Vec<CrsLine> {
    let mut tx = app.app.db.snapshot().await.unwrap();
    line::stream_crs(&mut tx, year(YEAR), edition).try_collect().await.unwrap()
}

async fn withdrawn(app: &TestApp, edition: u32) -> Vec<CrsLine> {
    let mut tx = app.app.db.snapshot().await.unwrap();
    line::stream_withdrawn(&mut tx, year(YEAR), edition).try_collect().await.unwrap()
}

async fn given(app: &TestApp) -> Given {
    read(app, async |tx| crs::given(tx, year(YEAR)).await).await
}

async fn a_line_has_what_was_put_on_record_of_it(app: TestApp) {
    assert_eq!(given(&app).await, Given { names: 0, groups: 0, next_activity: 1, next_group: 900_000 });
    filed(&app, "A", 1, &[short_line("a", 100), short_line("b", 200)]).await;
    filed(&app, "B", 1, &[short_line("a", 300)]).await;
    assert!(lines(&app, 0).await.iter().all(|line| line.known.is_none() && !line.is_named));
    settled(&app).await;
    released(&app, "ocde-crs", 1).await;
    assert_eq!(insert(&app, 1, &[told("A", "a", 7), told("B", "a", 41)]).await.unwrap(), 2);
    assert_eq!(given(&app).await, Given { names: 2, groups: 0, next_activity: 42, next_group: 900_000 });

    let told_of_a = Told { submission: Submission::Derived, digest: "d-a".to_owned() };
    let known = |lines: &[CrsLine]| -> Vec<(String, Option<CrsId>, bool, Option<Told>)> {
        let of = |line: &CrsLine| {
            (line.filed.line.reference.clone(), line.known, line.is_named, line.told.clone())
        };
        lines.iter().map(of).collect()
    };
    let expected = [
        ("a".to_owned(), Some(id(7)), true, Some(told_of_a.clone())),
        ("b".to_owned(), None, false, None),
        ("a".to_owned(), Some(id(41)), true, Some(told_of_a)),
    ];
    let found = lines(&app, 1).await;
    assert_eq!(known(&found), expected);
    let own: Vec<i64> = found.iter().map(|line| line.filed.line.own_resources().cents()).collect();
    assert_eq!(own, [100, 200, 300], "each line once, by SIREN and position");
    // Another edition told nothing.
    assert!(lines(&app, 2).await.iter().all(|line| line.told.is_none()));
    assert_eq!(withdrawn(&app, 1).await, []);

    // Reordered, one gone: it is told as it was, with its identifier.
    filed(&app, "A", 2, &[short_line("b", 200)]).await;
    let gone = withdrawn(&app, 1).await;
    assert_eq!(gone.len(), 1);
    assert_eq!((gone[0].known, gone[0].filed.version, gone[0].is_withdrawn), (Some(id(7)), 1, true));
    assert_eq!(gone[0].filed.line, short_line("a", 100));
    // Borne by others entirely: it counts no more either.
    let unpaid = Line {
        amounts: eapd::domain::line::Amounts {
            cofinancing_received: cents(300),
            ..short_line("a", 300).amounts
        },
        ..short_line("a", 300)
    };
    filed(&app, "B", 2, &[unpaid]).await;
    let gone: Vec<_> = withdrawn(&app, 1).await.into_iter().map(|line| line.known).collect();
    assert_eq!(gone, [Some(id(7)), Some(id(41))]);
    filed(&app, "B", 3, &[short_line("a", 300)]).await;
    filed(&app, "A", 3, &[short_line("b", 200), short_line("a", 101)]).await;
    assert_eq!(withdrawn(&app, 1).await, []);
}

/// They go in several statements: none is lost between them.
async fn many_lines_go_on_record(app: TestApp) {
    let references: Vec<String> = (1..=4_501).map(|number| format!("L{number}")).collect();
    let declared: Vec<Line> = references.iter().map(|reference| short_line(reference, 100)).collect();
    filed(&app, "A", 1, &declared).await;
    settled(&app).await;
    released(&app, "ocde-crs", 1).await;
    let all: Vec<ToldLine> = (1..).zip(&references).map(|(id, reference)| told("A", reference, id)).collect();
    assert_eq!(insert(&app, 1, &all).await.unwrap(), 4_501);
    let found = lines(&app, 1).await;
    assert_eq!(found.len(), 4_501);
    for (number, line) in (1..).zip(&found) {
        assert_eq!((line.known, line.told.is_some()), (Some(id(number)), true), "{number}");
    }
}

/// The identifier that a line names counts where it is its own, or a predecessor's.
async fn a_successor_goes_on_with_what_it_names(app: TestApp) {
    let naming =
        |reference: &str| Line { crs_project: Some(id(1).to_string()), ..short_line(reference, 100) };
    filed(&app, "A", 1, &[short_line("a", 100)]).await;
    filed(&app, "B", 1, &[naming("n")]).await;
    settled(&app).await;
    released(&app, "ocde-crs", 1).await;
    insert(&app, 1, &[told("A", "a", 1)]).await.unwrap();
    assert_eq!(lines(&app, 0).await[1].known, None, "it is another's");
    let stolen = insert(&app, 1, &[told("B", "n", 1)]).await.unwrap_err();
    assert_eq!(stolen.guard_code(), Some("EAPD-G24"));

    let link =
        Link { from: body("A"), into: body("B"), on: "2014-01-01".parse().unwrap(), how: How::Absorption };
    register(&app, &[], &[link], &[]).await;
    let found = lines(&app, 0).await;
    assert_eq!((found[1].known, found[1].is_named), (Some(id(1)), false));
    insert(&app, 1, &[told("B", "n", 1)]).await.unwrap();
    // From now on it need not be named.
    filed(&app, "B", 2, &[short_line("n", 100)]).await;
    let found = lines(&app, 1).await;
    assert_eq!((found[1].known, found[1].is_named), (Some(id(1)), true));
    // What one names of its own comes before what it is called.
    filed(&app, "A", 2, &[naming("z"), short_line("a", 5)]).await;
    assert_eq!(lines(&app, 1).await.iter().filter(|line| line.known == Some(id(1))).count(), 3);
}

async fn identifiers_are_given_once_with_their_edition(app: TestApp) {
    filed(&app, "A", 1, &[short_line("a", 100), short_line("b", 200)]).await;
    let early = insert(&app, 1, &[told("A", "a", 1)]).await.unwrap_err();
    assert_eq!(early.guard_code(), Some("EAPD-G24"), "no edition tells it");
    settled(&app).await;
    released(&app, "ocde-crs", 1).await;
    let of_other_year = ToldLine { id: "2012000001".parse().unwrap(), ..told("A", "a", 1) };
    assert_eq!(insert(&app, 1, &[of_other_year]).await.unwrap_err().guard_code(), Some("EAPD-G24"));
    insert(&app, 1, &[told("A", "a", 1)]).await.unwrap();
    assert!(insert(&app, 1, &[told("A", "a", 2)]).await.is_err(), "it has one");
    let unnamed = ToldLine { is_new_name: false, ..told("A", "b", 3) };
    assert_eq!(insert(&app, 1, &[unnamed]).await.unwrap_err().guard_code(), Some("EAPD-G24"));
    released(&app, "ocde-crs", 2).await;
    let old = insert(&app, 1, &[told("A", "b", 3)]).await.unwrap_err();
    assert_eq!(old.guard_code(), Some("EAPD-G24"), "an edition that was replaced tells no more");
    insert(&app, 2, &[ToldLine { is_new_name: false, ..told("A", "a", 1) }, told("A", "b", 2)])
        .await
        .unwrap();
}

async fn groups_have_identifiers_of_their_own(app: TestApp) {
    settled(&app).await;
    released(&app, "ocde-crs-regroupe", 1).await;
    let put = async |groups: &[(GroupKey, CrsId)]| {
        write(&app, async |tx| crs::insert_groups(tx, (year(YEAR), 1), groups).await).await
    };
    put(&[(key("255"), id(900_000)), (key("269"), id(900_001))]).await.unwrap();
    let found = read(&app, async |tx| crs::groups(tx, year(YEAR)).await).await;
    assert_eq!(found, BTreeMap::from([(key("255"), id(900_000)), (key("269"), id(900_001))]));
    assert_eq!(given(&app).await, Given { names: 0, groups: 2, next_activity: 1, next_group: 900_002 });
    assert!(read(&app, async |tx| crs::groups(tx, year(2012)).await).await.is_empty());
    assert!(put(&[(key("255"), id(900_002))]).await.is_err(), "the group has one");
    assert!(put(&[(key("238"), id(900_001))]).await.is_err(), "another group has it");
    let foreign = put(&[(key("238"), "2012900000".parse().unwrap())]).await.unwrap_err();
    assert_eq!(foreign.guard_code(), Some("EAPD-G24"));
}

async fn no_row_is_changed(app: TestApp) {
    filed(&app, "A", 1, &[short_line("a", 100)]).await;
    settled(&app).await;
    released(&app, "ocde-crs", 1).await;
    released(&app, "ocde-crs-regroupe", 1).await;
    insert(&app, 1, &[told("A", "a", 1)]).await.unwrap();
    let groups = [(key("255"), id(900_000))];
    write(&app, async |tx| crs::insert_groups(tx, (year(YEAR), 1), &groups).await).await.unwrap();
    let taken = [(key("269"), id(1))];
    let taken =
        write(&app, async |tx| crs::insert_groups(tx, (year(YEAR), 1), &taken).await).await.unwrap_err();
    assert_eq!(taken.guard_code(), Some("EAPD-G24"), "an activity has it");
    for statement in [
        "UPDATE crs_activity SET crs_id = '2013000009'",
        "DELETE FROM crs_activity",
        "UPDATE crs_group SET crs_id = '2013900009'",
        "DELETE FROM crs_group",
        "UPDATE crs_release_line SET nature = 2",
        "DELETE FROM crs_release_line",
    ] {
        let mut tx = app.app.db.begin().await.unwrap();
        let done = match &mut tx {
            eapd::store::Tx::Sqlite(tx) => sqlx::query(statement).execute(&mut **tx).await.map(|_| ()),
            eapd::store::Tx::Postgres(tx) => sqlx::query(statement).execute(&mut **tx).await.map(|_| ()),
        };
        assert!(done.is_err(), "{statement}");
    }
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_line_has_what_was_put_on_record_of_it,
    many_lines_go_on_record,
    a_successor_goes_on_with_what_it_names,
    identifiers_are_given_once_with_their_edition,
    groups_have_identifiers_of_their_own,
    no_row_is_changed,
);
