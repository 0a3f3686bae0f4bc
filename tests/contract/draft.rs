//! Drafts: the only mutable part of a declaration.

use eapd::domain::field::{Field, RawLine};
use eapd::store::draft::{self, Draft};

use super::attachment::agents_around;
use super::ground::{YEAR, body, ground, read, write, year};
use crate::support::{TestApp, at, contract};

const FIRST: &str = "2014-05-20T10:00:00Z";
const LATER: &str = "2014-05-21T10:00:00Z";

fn lines(titles: &[&str]) -> Vec<RawLine> {
    titles.iter().map(|title| RawLine::default().with(Field::Title, *title)).collect()
}

async fn save(app: &TestApp, alias: &str, based_on: Option<u32>, titles: &[&str], now: &str) -> Option<u32> {
    let (siren, lines) = (body(alias), lines(titles));
    write(app, async |tx| draft::save(tx, (siren, year(YEAR)), based_on, &lines, "P1", at(now)).await)
        .await
        .unwrap()
}

async fn find(app: &TestApp, alias: &str) -> Option<Draft> {
    let siren = body(alias);
    read(app, async |tx| draft::find(tx, (siren, year(YEAR))).await).await
}

fn draft(revision: u32, titles: &[&str], updated_at: &str) -> Draft {
    Draft { revision, lines: lines(titles), updated_by: "P1".to_owned(), updated_at: at(updated_at) }
}

async fn a_draft_reads_back_as_typed(app: TestApp) {
    assert_eq!(find(&app, "A").await, None);
    let every_field = Field::ALL.iter().fold(RawLine::default(), |line, field| {
        line.with(*field, format!("« {field} » \"'\\;\n\t𝕏 ﬁ 1\u{202f}234,5"))
    });
    let typed = [RawLine::default(), every_field];
    write(&app, async |tx| draft::save(tx, (body("A"), year(YEAR)), None, &typed, "P1", at(FIRST)).await)
        .await
        .unwrap();
    let found = find(&app, "A").await.unwrap();
    assert_eq!((found.revision, found.lines.as_slice(), found.updated_at), (1, typed.as_slice(), at(FIRST)));
    assert_eq!(found.updated_by, "P1");
    assert_eq!(find(&app, "B").await, None);
    assert_eq!(read(&app, async |tx| draft::find(tx, (body("A"), year(2012))).await).await, None);
}

async fn the_first_to_save_wins(app: TestApp) {
    assert_eq!(save(&app, "A", None, &["un"], FIRST).await, Some(1));
    assert_eq!(save(&app, "A", None, &["autre"], LATER).await, None, "there is one already");
    assert_eq!(save(&app, "A", Some(1), &["deux"], LATER).await, Some(2));
    assert_eq!(save(&app, "A", Some(1), &["trop tard"], LATER).await, None, "it was at 2");
    assert_eq!(save(&app, "A", Some(3), &["jamais vu"], LATER).await, None);
    assert_eq!(find(&app, "A").await, Some(draft(2, &["deux"], LATER)));
    assert_eq!(save(&app, "B", Some(1), &["aucun"], LATER).await, None, "there is none");
    assert_eq!(find(&app, "B").await, None);
}

/// Ten agents who read the same revision: exactly one of them saves.
async fn one_of_those_who_save_at_once_wins(app: TestApp) {
    save(&app, "A", None, &["un"], FIRST).await;
    let saves = (0..10).map(async |number| save(&app, "A", Some(1), &[&format!("n° {number}")], LATER).await);
    let revisions = futures_util::future::join_all(saves).await;
    assert_eq!(revisions.iter().flatten().collect::<Vec<_>>(), [&2]);
    assert_eq!(find(&app, "A").await.unwrap().revision, 2);
}

async fn a_removed_draft_is_gone_and_the_others_stay(app: TestApp) {
    save(&app, "A", None, &["un"], FIRST).await;
    save(&app, "B", None, &["un"], FIRST).await;
    for _twice in 0..2 {
        write(&app, async |tx| draft::remove(tx, (body("A"), year(YEAR))).await).await.unwrap();
        assert_eq!(find(&app, "A").await, None);
    }
    assert_eq!(find(&app, "B").await, Some(draft(1, &["un"], FIRST)));
    assert_eq!(save(&app, "A", None, &["à nouveau"], LATER).await, Some(1));
}

async fn a_draft_is_taken_once_at_its_revision(app: TestApp) {
    save(&app, "A", None, &["un"], FIRST).await;
    save(&app, "A", Some(1), &["deux"], LATER).await;
    save(&app, "B", None, &["un"], FIRST).await;
    let take = async |alias: &'static str, revision: u32| {
        write(&app, async |tx| draft::take(tx, (body(alias), year(YEAR)), revision).await).await.unwrap()
    };
    assert!(!take("A", 1).await, "it is at 2");
    assert!(!take("C", 1).await, "there is none");
    assert!(take("A", 2).await);
    assert!(!take("A", 2).await, "it is gone");
    assert_eq!(find(&app, "A").await, None);
    assert_eq!(find(&app, "B").await, Some(draft(1, &["un"], FIRST)));
}

/// Ten who file the same draft: exactly one of them takes it.
async fn one_of_those_who_take_at_once_wins(app: TestApp) {
    save(&app, "A", None, &["un"], FIRST).await;
    let takes = (0..10).map(async |_| {
        write(&app, async |tx| draft::take(tx, (body("A"), year(YEAR)), 1).await).await.unwrap()
    });
    let taken = futures_util::future::join_all(takes).await;
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
}

async fn an_empty_draft_is_a_draft(app: TestApp) {
    save(&app, "A", None, &[], FIRST).await;
    assert_eq!(find(&app, "A").await, Some(draft(1, &[], FIRST)));
}

async fn what_is_not_filed_is_listed_with_whom_it_concerns(app: TestApp) {
    agents_around(&app).await;
    let unfiled = async || read(&app, async |tx| draft::unfiled(tx, year(YEAR)).await).await;
    assert_eq!(unfiled().await, []);
    for alias in ["A", "C"] {
        save(&app, alias, None, &["un"], FIRST).await;
    }
    let mut expected =
        [("A", "P1"), ("A", "P2"), ("C", "P2")].map(|(alias, person)| (body(alias), person.to_owned()));
    expected.sort_unstable();
    assert_eq!(unfiled().await, expected);
    assert_eq!(read(&app, async |tx| draft::unfiled(tx, year(2012)).await).await, []);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_draft_reads_back_as_typed,
    the_first_to_save_wins,
    one_of_those_who_save_at_once_wins,
    a_removed_draft_is_gone_and_the_others_stay,
    a_draft_is_taken_once_at_its_revision,
    one_of_those_who_take_at_once_wins,
    an_empty_draft_is_a_draft,
    what_is_not_filed_is_listed_with_whom_it_concerns,
);
