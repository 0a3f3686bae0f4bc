//! Questions to collectivities: only ever added to, but for texts that are forgotten.

use sqlx::FromRow;

use crate::domain::instant::Instant;
use crate::domain::question::{Asker, End, Message, Outcome, Question};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

#[derive(FromRow)]
struct Row {
    id: String,
    siren: Siren,
    flow_year: FlowYear,
    reference: Option<String>,
    asked_as: String,
    asked_at: Instant,
    body: Option<String>,
    written_by: String,
    written_at: Instant,
    outcome: Option<String>,
    derogation: Option<i32>,
    version: Option<i32>,
    closed_by: Option<String>,
    closed_at: Option<Instant>,
}

/// Questions with everything written, `$body` telling the words, before the condition; rows of one follow each other.
macro_rules! questions {
    ($body:literal, $condition:literal) => {
        concat!(
            "SELECT q.id, q.siren, q.flow_year, q.reference, q.asked_as, q.asked_at, ",
            $body,
            " AS body, m.written_by, m.written_at, e.outcome, e.derogation, e.version, e.closed_by, e.closed_at \
             FROM question q JOIN question_message m ON m.question = q.id \
             LEFT JOIN question_end e ON e.question = q.id ",
            $condition,
            " ORDER BY q.asked_at DESC, q.id, m.rank"
        )
    };
}

/// The words of the table, which are English.
const fn word(asker: Asker) -> &'static str {
    match asker {
        Asker::Ministry => "ministry",
        Asker::Sgar => "sgar",
    }
}

fn end_of(row: &Row) -> Result<Option<End>> {
    let (Some(outcome), Some(by), Some(at)) = (&row.outcome, &row.closed_by, row.closed_at) else {
        return Ok(None);
    };
    let version = row.version.and_then(|version| u32::try_from(version).ok());
    let outcome = match (outcome.as_str(), row.derogation, version) {
        ("none", None, None) => Outcome::Nothing,
        ("derogation", Some(number), None) => Outcome::Derogation(number),
        ("version", None, Some(number)) => Outcome::Version(number),
        _ => return Err(StoreError::Inconsistent { table: "question_end", detail: row.id.clone() }),
    };
    Ok(Some(End { outcome, by: by.clone(), at }))
}

fn gather(rows: Vec<Row>) -> Result<Vec<Question>> {
    let mut gathered: Vec<Question> = Vec::new();
    for row in rows {
        let end = end_of(&row)?;
        let message = Message { body: row.body, by: row.written_by, at: row.written_at };
        match gathered.last_mut() {
            Some(last) if last.id == row.id => last.messages.push(message),
            _ => {
                let asker = Asker::ALL.into_iter().find(|asker| word(*asker) == row.asked_as);
                let unknown = || StoreError::Inconsistent { table: "question", detail: row.id.clone() };
                gathered.push(Question {
                    asker: asker.ok_or_else(unknown)?,
                    id: row.id,
                    siren: row.siren,
                    flow_year: row.flow_year,
                    reference: row.reference,
                    asked_at: row.asked_at,
                    messages: vec![message],
                    end,
                });
            }
        }
    }
    Ok(gathered)
}

/// Keeps a question with its first message.
pub async fn insert(tx: &mut Tx<'_>, question: &Question) -> Result<()> {
    let touched = execute!(
        &mut *tx,
        "INSERT INTO question (id, siren, flow_year, reference, asked_as, asked_at) VALUES ($1, $2, $3, $4, $5, $6)",
        question.id.as_str(),
        question.siren,
        question.flow_year,
        question.reference.as_deref(),
        word(question.asker),
        question.asked_at,
    )?;
    expect_rows("question", 1, touched)?;
    for message in &question.messages {
        add(tx, &question.id, message).await?;
    }
    Ok(())
}

/// Adds what is written next, if the question is not closed.
pub async fn add(tx: &mut Tx<'_>, id: &str, message: &Message) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO question_message (question, rank, body, written_by, written_at) \
         SELECT $1, 1 + COALESCE(MAX(rank), 0), $2, $3, $4 FROM question_message WHERE question = $1",
        id,
        message.body.as_deref(),
        message.by.as_str(),
        message.at,
    )?;
    expect_rows("question_message", 1, touched)
}

/// Closes a question, once.
pub async fn close(tx: &mut Tx<'_>, id: &str, end: &End) -> Result<()> {
    let (outcome, derogation, version) = match end.outcome {
        Outcome::Nothing => ("none", None, None),
        Outcome::Derogation(number) => ("derogation", Some(number), None),
        Outcome::Version(number) => ("version", None, Some(i32::try_from(number).unwrap_or(i32::MAX))),
    };
    let touched = execute!(
        tx,
        "INSERT INTO question_end (question, outcome, derogation, version, closed_by, closed_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        id,
        outcome,
        derogation,
        version,
        end.by.as_str(),
        end.at,
    )?;
    expect_rows("question_end", 1, touched)
}

/// The question of an id.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Question>> {
    let rows = on!(tx, |conn| sqlx::query_as(questions!("m.body", "WHERE q.id = $1"))
        .bind(id)
        .fetch_all(conn)
        .await)?;
    Ok(gather(rows)?.pop())
}

/// Every question without its words, or those on a flow year; the last one first.
pub async fn all(tx: &mut Tx<'_>, year: Option<FlowYear>) -> Result<Vec<Question>> {
    let rows = match year {
        Some(year) => on!(tx, |conn| {
            sqlx::query_as(questions!("CAST(NULL AS TEXT)", "WHERE q.flow_year = $1"))
                .bind(year)
                .fetch_all(conn)
                .await
        })?,
        None => on!(tx, |conn| sqlx::query_as(questions!("CAST(NULL AS TEXT)", "")).fetch_all(conn).await)?,
    };
    gather(rows)
}

/// Those to a collectivity, without their words, the last one first.
pub async fn of_body(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<Question>> {
    let rows = on!(tx, |conn| {
        sqlx::query_as(questions!("CAST(NULL AS TEXT)", "WHERE q.siren = $1"))
            .bind(siren)
            .fetch_all(conn)
            .await
    })?;
    gather(rows)
}

/// Flow years about which something was asked, the last one first.
pub async fn years(tx: &mut Tx<'_>) -> Result<Vec<FlowYear>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT DISTINCT flow_year FROM question ORDER BY flow_year DESC")
            .fetch_all(conn)
            .await
    })?)
}

/// How many questions wait for the answer of a collectivity.
pub async fn waiting(tx: &mut Tx<'_>, siren: Siren) -> Result<i64> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT COUNT(*) FROM question q WHERE q.siren = $1 \
             AND NOT EXISTS (SELECT 1 FROM question_end e WHERE e.question = q.id) \
             AND (SELECT MAX(m.rank) FROM question_message m WHERE m.question = q.id) % 2 = 1",
        )
        .bind(siren)
        .fetch_one(conn)
        .await
    })?)
}

/// Texts that others wrote near a person: in a question in which the person wrote, or to a collectivity that the
/// person asked to act for; with the question and the rank.
pub async fn texts_near(tx: &mut Tx<'_>, person: &str) -> Result<Vec<(String, i32, String)>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT m.question, m.rank, m.body FROM question_message m JOIN question q ON q.id = m.question \
             WHERE m.body IS NOT NULL AND m.written_by <> $1 \
             AND (EXISTS (SELECT 1 FROM question_message o WHERE o.question = q.id AND o.written_by = $1) \
             OR q.siren IN (SELECT a.siren FROM attachment a WHERE a.person = $1)) ORDER BY m.question, m.rank",
        )
        .bind(person)
        .fetch_all(conn)
        .await
    })?)
}

/// Forgets one text.
pub async fn forget_text(tx: &mut Tx<'_>, question: &str, rank: i32) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE question_message SET body = NULL WHERE question = $1 AND rank = $2 AND body IS NOT NULL",
        question,
        rank,
    )?;
    expect_rows("question_message", 1, touched)
}

/// Forgets what a person wrote.
pub async fn forget_messages(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(
        tx,
        "UPDATE question_message SET body = NULL WHERE written_by = $1 AND body IS NOT NULL",
        person
    )?)
}

/// Forgets the texts of what was closed before `at`.
pub async fn purge(tx: &mut Tx<'_>, at: Instant) -> Result<u64> {
    Ok(execute!(
        tx,
        "UPDATE question_message SET body = NULL WHERE body IS NOT NULL \
         AND question IN (SELECT e.question FROM question_end e WHERE e.closed_at < $1)",
        at
    )?)
}
