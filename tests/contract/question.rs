//! Questions to collectivities: in turns, closed once, texts forgotten alone.

use eapd::domain::account::AccountRole;
use eapd::domain::filing::FilingKind;
use eapd::domain::question::{Asker, End, Message, Outcome, Question, State};
use eapd::store::derogation::{self, Scope};
use eapd::store::{StoreError, attachment, question};

use super::account::agent;
use super::ground::{body, campaign, day, file, ground, read, short_line, version, write, year};
use crate::support::{TestApp, at, contract};

const NOON: &str = "2014-05-20T10:00:00Z";
const LATER: &str = "2014-05-20T11:00:00Z";
const LAST: &str = "2014-05-20T12:00:00Z";

fn message(text: &str, by: &str, now: &str) -> Message {
    Message { body: Some(text.to_owned()), by: by.to_owned(), at: at(now) }
}

fn asked(id: &str, alias: &str, asker: Asker) -> Question {
    Question {
        id: id.to_owned(),
        siren: body(alias),
        flow_year: year(2013),
        reference: (asker == Asker::Sgar).then(|| "L-1".to_owned()),
        asker,
        asked_at: at(NOON),
        messages: vec![message("Pourquoi\u{a0}?", "P1", NOON)],
        end: None,
    }
}

async fn ask(app: &TestApp, asked: &Question) -> Result<(), StoreError> {
    write(app, async |tx| question::insert(tx, asked).await).await
}

async fn add(app: &TestApp, id: &str, told: &Message) -> Result<(), StoreError> {
    write(app, async |tx| question::add(tx, id, told).await).await
}

async fn close(app: &TestApp, id: &str, outcome: Outcome, now: &str) -> Result<(), StoreError> {
    let end = End { outcome, by: "P1".to_owned(), at: at(now) };
    write(app, async |tx| question::close(tx, id, &end).await).await
}

async fn find(app: &TestApp, id: &str) -> Option<Question> {
    read(app, async |tx| question::find(tx, id).await).await
}

fn is_out_of_turn(refused: &StoreError) {
    assert_eq!(refused.guard_code(), Some("EAPD-G23"), "{refused}");
}

async fn each_side_reads_back_in_its_turn(app: TestApp) {
    let (mut first, second) = (asked("Q1", "A", Asker::Ministry), asked("Q2", "B", Asker::Sgar));
    for question in [&first, &second] {
        ask(&app, question).await.unwrap();
        assert_eq!(find(&app, &question.id).await.as_ref(), Some(question));
    }
    assert_eq!(find(&app, "Q9").await, None);
    let again = ask(&app, &first).await.unwrap_err();
    assert!(matches!(again, StoreError::Exists) || again.guard_code() == Some("EAPD-G03"), "{again}");
    let nowhere = Question { flow_year: year(2009), ..asked("Q3", "A", Asker::Ministry) };
    assert_eq!(ask(&app, &nowhere).await.unwrap_err().guard_code(), Some("EAPD-G09"));

    let waiting = async |alias| read(&app, async |tx| question::waiting(tx, body(alias)).await).await;
    assert_eq!((waiting("A").await, waiting("B").await, waiting("C").await), (1, 1, 0));
    let answer = message("Parce que.", "P2", LATER);
    add(&app, "Q1", &answer).await.unwrap();
    first.messages.push(answer);
    assert_eq!(find(&app, "Q1").await.as_ref(), Some(&first));
    assert_eq!((first.state(), waiting("A").await), (State::Answered, 0));
    is_out_of_turn(&add(&app, "Q1", &message("Trop tôt.", "P1", NOON)).await.unwrap_err());
    let further = message("Mais encore\u{a0}?", "P3", LATER);
    add(&app, "Q1", &further).await.unwrap();
    first.messages.push(further);
    assert_eq!((find(&app, "Q1").await.as_ref(), waiting("A").await), (Some(&first), 1));
    assert!(add(&app, "Q9", &message("À personne.", "P1", LATER)).await.is_err());

    let all = async |of| read(&app, async |tx| question::all(tx, of).await).await;
    let silent = |mut question: Question| {
        question.messages.iter_mut().for_each(|message| message.body = None);
        question
    };
    assert_eq!(all(None).await, [silent(first.clone()), silent(second.clone())]);
    assert_eq!(all(Some(year(2013))).await.len(), 2);
    assert_eq!(all(Some(year(2012))).await, []);
    assert_eq!(read(&app, async |tx| question::of_body(tx, body("B")).await).await, [silent(second)]);
    assert_eq!(read(&app, async |tx| question::years(tx).await).await, [year(2013)]);
}

async fn it_ends_once_by_what_is_of_it(app: TestApp) {
    for id in ["Q1", "Q2", "Q3"] {
        ask(&app, &asked(id, "A", Asker::Ministry)).await.unwrap();
    }
    let scope = |until| Scope::Filing { campaign: campaign(2014), until: day(until) };
    for alias in ["A", "B"] {
        let decided = async |tx: &mut eapd::store::Tx<'_>| {
            derogation::decide(tx, body(alias), &scope("2014-07-10"), "crue", "P1", at(NOON)).await
        };
        write(&app, decided).await.unwrap();
    }
    let lines = [short_line("L-1", 100)];
    for (number, kind, now) in [(1, FilingKind::Declared, NOON), (2, FilingKind::Declared, LATER)] {
        let filed = version("A", number, kind, &lines, at(now));
        write(&app, async |tx| file(tx, &filed, &lines).await).await.unwrap();
    }
    is_out_of_turn(&close(&app, "Q1", Outcome::Nothing, "2014-05-20T09:59:59Z").await.unwrap_err());
    for wrong in [Outcome::Derogation(2), Outcome::Derogation(9), Outcome::Version(1), Outcome::Version(9)] {
        is_out_of_turn(&close(&app, "Q1", wrong, LAST).await.unwrap_err());
    }
    for (id, outcome) in
        [("Q1", Outcome::Nothing), ("Q2", Outcome::Derogation(1)), ("Q3", Outcome::Version(2))]
    {
        close(&app, id, outcome, LAST).await.unwrap();
        let closed = find(&app, id).await.unwrap();
        assert_eq!(closed.end, Some(End { outcome, by: "P1".to_owned(), at: at(LAST) }));
        assert_eq!(closed.state(), State::Closed);
        is_out_of_turn(&close(&app, id, Outcome::Nothing, LAST).await.unwrap_err());
        is_out_of_turn(&add(&app, id, &message("Trop tard.", "P2", LAST)).await.unwrap_err());
    }
    assert_eq!(read(&app, async |tx| question::waiting(tx, body("A")).await).await, 0);
}

async fn texts_are_forgotten_and_nothing_else(app: TestApp) {
    agent(&app, "P2", "b@ville.example", AccountRole::Declarant).await;
    let joins = async |tx: &mut eapd::store::Tx<'_>| {
        attachment::insert(tx, "A1", ("P2", body("B")), None, at(NOON)).await
    };
    write(&app, joins).await.unwrap();
    for (id, alias) in [("Q1", "A"), ("Q2", "B"), ("Q3", "C")] {
        ask(&app, &asked(id, alias, Asker::Ministry)).await.unwrap();
    }
    add(&app, "Q1", &message("Parce que.", "P2", LATER)).await.unwrap();
    let near = async || read(&app, async |tx| question::texts_near(tx, "P2").await).await;
    let text = |id: &str| (id.to_owned(), 1, "Pourquoi\u{a0}?".to_owned());
    assert_eq!(near().await, [text("Q1"), text("Q2")], "where P2 wrote, and to the collectivity of P2");

    let forget = async || write(&app, async |tx| question::forget_messages(tx, "P2").await).await.unwrap();
    assert_eq!((forget().await, forget().await), (1, 0));
    write(&app, async |tx| question::forget_text(tx, "Q2", 1).await).await.unwrap();
    assert!(write(&app, async |tx| question::forget_text(tx, "Q2", 1).await).await.is_err(), "once");
    assert_eq!(near().await, [text("Q1")]);
    let kept = find(&app, "Q1").await.unwrap();
    let bodies: Vec<_> = kept.messages.iter().map(|message| message.body.is_some()).collect();
    assert_eq!((bodies, kept.messages[1].by.as_str()), (vec![true, false], "P2"));

    close(&app, "Q1", Outcome::Nothing, LATER).await.unwrap();
    let purge = async |before: &'static str| {
        write(&app, async |tx| question::purge(tx, at(before)).await).await.unwrap()
    };
    assert_eq!((purge(LATER).await, purge(LAST).await, purge(LAST).await), (0, 1, 0));
    assert!(find(&app, "Q3").await.unwrap().messages[0].body.is_some(), "open: kept");
    assert_eq!(find(&app, "Q1").await.unwrap().state(), State::Closed);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    each_side_reads_back_in_its_turn,
    it_ends_once_by_what_is_of_it,
    texts_are_forgotten_and_nothing_else,
);
