//! Public titles put in place of those declared: until the campaign is published, and of lines that were filed.

use eapd::domain::filing::FilingKind;
use eapd::domain::publication::{Replaced, title_sha256};
use eapd::store::campaign::{self, Step};
use eapd::store::{Result, line, public_title};

use super::ground::{YEAR, body, campaign as of, file, ground, read, short_line, version, write, year};
use crate::support::{TestApp, at, contract};

async fn put(app: &TestApp, alias: &str, reference: &str, title: &str) -> Result<()> {
    let replaced = Replaced { declared_sha256: title_sha256("Puits"), title: title.to_owned() };
    let (siren, now) = (body(alias), app.app.now());
    let line = (siren, year(YEAR), reference);
    write(app, async |tx| public_title::put(tx, line, &replaced, "nomme une personne", "P1", now).await).await
}

async fn filed(app: &TestApp, number: u32, title: &str) {
    let lines = [short_line("A-1", 100), short_line("A-2", 200)]
        .map(|line| eapd::domain::line::Line { title: title.to_owned(), ..line });
    let version = version("A", number, FilingKind::Declared, &lines, app.app.now());
    write(app, async |tx| file(tx, &version, &lines).await).await.unwrap();
}

async fn the_last_one_counts_for_the_title_it_was_put_in_place_of(app: TestApp) {
    filed(&app, 1, "Puits").await;
    assert!(read(&app, async |tx| public_title::of_year(tx, year(YEAR)).await).await.is_empty());
    let last = async || read(&app, async |tx| public_title::last_decided(tx, year(YEAR)).await).await;
    assert_eq!(last().await, None);
    put(&app, "A", "A-1", "Un puits").await.unwrap();
    let first = app.app.now();
    assert_eq!(last().await, Some(first));
    app.set_clock("2014-05-20T10:00:01Z");
    put(&app, "A", "A-1", "Un autre puits").await.unwrap();
    assert_eq!(last().await, Some(first.plus_seconds(1)));
    let titles = read(&app, async |tx| public_title::of_year(tx, year(YEAR)).await).await;
    let shown = async |number: u32| {
        let lines = read(&app, async |tx| line::of_version(tx, body("A"), year(YEAR), number).await).await;
        lines.iter().map(|line| titles.of(line).map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(shown(1).await, [Some("Un autre puits".to_owned()), None]);
    filed(&app, 2, "École").await;
    assert_eq!(shown(2).await, [None, None], "another title was declared");
    assert!(read(&app, async |tx| public_title::of_year(tx, year(YEAR - 1)).await).await.is_empty());
}

async fn only_lines_that_were_filed_and_before_publication(app: TestApp) {
    filed(&app, 1, "Puits").await;
    let none = put(&app, "A", "A-9", "Un puits").await.unwrap_err();
    assert_eq!(none.guard_code(), Some("EAPD-G22"));
    assert_eq!(put(&app, "B", "A-1", "Un puits").await.unwrap_err().guard_code(), Some("EAPD-G22"));
    app.set_clock("2014-07-01T10:00:00Z");
    for step in [Step::Settled, Step::Published] {
        put(&app, "A", "A-1", "Un puits").await.unwrap();
        let now = at("2014-07-01T10:00:00Z");
        write(&app, async |tx| campaign::take_step(tx, of(2014), step, "", "P1", now).await).await.unwrap();
    }
    let late = put(&app, "A", "A-1", "Un puits").await.unwrap_err();
    assert_eq!(late.guard_code(), Some("EAPD-G22"));
}

contract!(with ground, "2014-05-20T10:00:00Z":
    the_last_one_counts_for_the_title_it_was_put_in_place_of,
    only_lines_that_were_filed_and_before_publication,
);
