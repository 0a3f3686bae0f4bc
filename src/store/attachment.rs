//! Which agents act for which collectivity: requests, and steps that are only ever added.

use sqlx::FromRow;

use crate::domain::attachment::{Attachment, How, Step, StepKind};
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

#[derive(FromRow)]
struct Row {
    id: String,
    person: String,
    siren: Siren,
    asked_at: Instant,
    message: Option<String>,
    step: Option<String>,
    how: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<Instant>,
    reason: Option<String>,
}

/// Every attachment with each of its steps, before the condition.
macro_rules! attachments {
    ($condition:literal) => {
        concat!(
            "SELECT a.id, a.person, a.siren, a.asked_at, a.message, s.step, s.how, s.decided_by, s.decided_at, s.reason \
             FROM attachment a LEFT JOIN attachment_step s ON s.attachment = a.id WHERE ",
            $condition,
            " ORDER BY a.asked_at, a.id, s.revision"
        )
    };
}

/// The words of the table, which are English.
const fn step_word(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Accepted => "accepted",
        StepKind::Refused => "refused",
        StepKind::Withdrawn => "withdrawn",
        StepKind::Detached => "detached",
    }
}

const fn how_word(how: How) -> &'static str {
    match how {
        How::Peer => "peer",
        How::Sgar => "sgar",
        How::Ministry => "ministry",
        How::Code => "code",
        How::Own => "own",
        How::Operator => "operator",
    }
}

fn step_of(row: &Row) -> Result<Option<Step>> {
    let (Some(step), Some(how), Some(by), Some(at)) = (&row.step, &row.how, &row.decided_by, row.decided_at)
    else {
        return Ok(None);
    };
    let wrong =
        || StoreError::Inconsistent { table: "attachment_step", detail: format!("{}: {step} {how}", row.id) };
    Ok(Some(Step {
        kind: StepKind::ALL.into_iter().find(|kind| step_word(*kind) == step).ok_or_else(wrong)?,
        how: How::ALL.into_iter().find(|known| how_word(*known) == how).ok_or_else(wrong)?,
        at,
        by: by.clone(),
        reason: row.reason.clone(),
    }))
}

/// Rows of one attachment follow each other.
fn gather(rows: Vec<Row>) -> Result<Vec<Attachment>> {
    let mut gathered: Vec<Attachment> = Vec::new();
    for row in rows {
        let step = step_of(&row)?;
        match gathered.last_mut() {
            Some(last) if last.id == row.id => last.steps.extend(step),
            _ => gathered.push(Attachment {
                id: row.id,
                person: row.person,
                siren: row.siren,
                asked_at: row.asked_at,
                message: row.message,
                steps: step.into_iter().collect(),
            }),
        }
    }
    Ok(gathered)
}

/// Keeps a request. [`Exists`](StoreError::Exists) or a guard where another one of this person for this collectivity is open.
pub async fn insert(
    tx: &mut Tx<'_>,
    id: &str,
    (person, siren): (&str, Siren),
    message: Option<&str>,
    at: Instant,
) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO attachment (id, person, siren, ordinal, asked_at, message) \
         SELECT $1, $2, $3, 1 + COALESCE(MAX(ordinal), 0), $4, $5 FROM attachment WHERE person = $2 AND siren = $3",
        id,
        person,
        siren,
        at,
        message,
    )?;
    expect_rows("attachment", 1, touched)
}

/// Adds a step, if it may follow the last one.
pub async fn add_step(tx: &mut Tx<'_>, id: &str, step: &Step) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO attachment_step (attachment, revision, step, how, decided_by, decided_at, reason) \
         SELECT $1, 1 + COALESCE(MAX(revision), 0), $2, $3, $4, $5, $6 FROM attachment_step WHERE attachment = $1",
        id,
        step_word(step.kind),
        how_word(step.how),
        step.by.as_str(),
        step.at,
        step.reason.as_deref(),
    )?;
    expect_rows("attachment_step", 1, touched)
}

/// The attachment of an id.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Attachment>> {
    let rows = on!(tx, |conn| sqlx::query_as(attachments!("a.id = $1")).bind(id).fetch_all(conn).await)?;
    Ok(gather(rows)?.pop())
}

/// Everything that a person asked for, the oldest first.
pub async fn of_person(tx: &mut Tx<'_>, person: &str) -> Result<Vec<Attachment>> {
    let rows =
        on!(tx, |conn| sqlx::query_as(attachments!("a.person = $1")).bind(person).fetch_all(conn).await)?;
    gather(rows)
}

/// What a person who can sign in asked for about a collectivity and is not ended: awaited or granted.
pub async fn open(tx: &mut Tx<'_>, person: &str, siren: Siren) -> Result<Option<Attachment>> {
    let rows = on!(tx, |conn| {
        sqlx::query_as(attachments!(
            "a.person = $1 AND a.siren = $2 AND EXISTS (SELECT 1 FROM account c WHERE c.person = a.person \
             AND c.confirmed_at IS NOT NULL AND c.disabled_at IS NULL)"
        ))
        .bind(person)
        .bind(siren)
        .fetch_all(conn)
        .await
    })?;
    Ok(gather(rows)?.into_iter().find(|attachment| attachment.state().is_open()))
}

/// Everything that was asked for about a collectivity, the oldest first.
pub async fn of_siren(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<Attachment>> {
    let rows =
        on!(tx, |conn| sqlx::query_as(attachments!("a.siren = $1")).bind(siren).fetch_all(conn).await)?;
    gather(rows)
}

/// What nobody has answered, of agents whose address is confirmed, the oldest first.
pub async fn awaited(tx: &mut Tx<'_>) -> Result<Vec<Attachment>> {
    let rows = on!(tx, |conn| {
        sqlx::query_as(attachments!(
            "s.attachment IS NULL AND EXISTS (SELECT 1 FROM account c WHERE c.person = a.person \
             AND c.confirmed_at IS NOT NULL AND c.disabled_at IS NULL)"
        ))
        .fetch_all(conn)
        .await
    })?;
    gather(rows)
}

/// Ids of the persons who act for a collectivity and can sign in, in order.
pub async fn attached_persons(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<String>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT DISTINCT a.person FROM attachment a JOIN account c ON c.person = a.person \
             AND c.confirmed_at IS NOT NULL AND c.disabled_at IS NULL \
             WHERE a.siren = $1 AND (SELECT s.step FROM attachment_step s WHERE s.attachment = a.id \
             ORDER BY s.revision DESC LIMIT 1) = 'accepted' ORDER BY a.person",
        )
        .bind(siren)
        .fetch_all(conn)
        .await
    })?)
}

/// Ids of the persons who act for a collectivity, or for one that it became, and can sign in, in order.
pub async fn acting(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<String>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT DISTINCT a.person FROM attachment a JOIN account c ON c.person = a.person \
             AND c.confirmed_at IS NOT NULL AND c.disabled_at IS NULL \
             WHERE a.siren IN (SELECT CAST($1 AS TEXT) UNION ALL SELECT l.collectivity FROM lineage l \
             WHERE l.ancestor = $1) AND (SELECT s.step FROM attachment_step s WHERE s.attachment = a.id \
             ORDER BY s.revision DESC LIMIT 1) = 'accepted' ORDER BY a.person",
        )
        .bind(siren)
        .fetch_all(conn)
        .await
    })?)
}

/// Forgets what a person wrote.
pub async fn forget_messages(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(
        tx,
        "UPDATE attachment SET message = NULL WHERE person = $1 AND message IS NOT NULL",
        person
    )?)
}
