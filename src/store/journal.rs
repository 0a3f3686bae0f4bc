//! The journal: appended inside the transaction that it tells of.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use sqlx::FromRow;

use crate::domain::instant::Instant;
use crate::domain::journal::effect::Effect;
use crate::domain::journal::{JournalEntry, JournalHead};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::writes::Writes;
use crate::store::{Result, StoreError, Tx, on};

/// Entries that are followed one by one: a minute of the last evening of the whole country.
const FOLLOWED: i64 = 10_000;

/// What is to be told; the journal adds its number and its hashes.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// When.
    pub at: Instant,
    /// Random id of the person who acts.
    pub actor: &'a str,
    /// What is done, one word per use case.
    pub action: &'a str,
    /// To what.
    pub subject: &'a str,
    /// JSON before.
    pub before: Option<&'a str>,
    /// JSON after.
    pub after: Option<&'a str>,
}

#[derive(FromRow)]
struct Row {
    seq: i64,
    at: Instant,
    actor: String,
    action: String,
    subject: String,
    before: Option<String>,
    after: Option<String>,
    previous: String,
    hash: String,
}

impl From<Row> for JournalEntry {
    fn from(row: Row) -> Self {
        Self {
            seq: row.seq,
            at: row.at,
            actor: row.actor,
            action: row.action,
            subject: row.subject,
            before: row.before,
            after: row.after,
            previous: row.previous,
            hash: row.hash,
        }
    }
}

/// The end of the chain.
pub async fn head(tx: &mut Tx<'_>) -> Result<JournalHead> {
    let row: Option<(i64, String)> = on!(tx, |conn| {
        sqlx::query_as("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetch_optional(conn).await
    })?;
    let (seq, hash) = row.unwrap_or_default();
    Ok(JournalHead { seq, hash })
}

/// The bodies that filed for a flow year since an end of the chain, as the entries that follow it tell. None where
/// anything else may have changed: an entry that moves more, too many entries, or an end that is not in the chain.
pub async fn filed_since(
    tx: &mut Tx<'_>,
    head: &JournalHead,
    year: FlowYear,
) -> Result<Option<BTreeSet<Siren>>> {
    let is_there: bool = on!(&mut *tx, |conn| {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM journal WHERE seq = $1 AND hash = $2)")
            .bind(head.seq)
            .bind(head.hash.as_str())
            .fetch_one(conn)
            .await
    })?;
    if !is_there {
        return Ok(None);
    }
    let entries: Vec<(String, String)> = on!(tx, |conn| {
        sqlx::query_as("SELECT action, subject FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(head.seq)
            .bind(FOLLOWED)
            .fetch_all(conn)
            .await
    })?;
    if i64::try_from(entries.len()).is_ok_and(|read| read >= FOLLOWED) {
        return Ok(None);
    }
    let mut filed = BTreeSet::new();
    for (action, subject) in &entries {
        match Effect::of(action, subject, year) {
            Effect::Nothing => {}
            Effect::Filed(siren) => drop(filed.insert(siren)),
            Effect::Anything => return Ok(None),
        }
    }
    Ok(Some(filed))
}

/// Appends an entry and gives the new end. It holds the end of the journal
/// until the transaction ends: call it last.
pub async fn append(tx: &mut Tx<'_>, told: Told<'_>) -> Result<JournalHead> {
    let mut writes = Writes::of(tx);
    let head = hold(tx, &mut writes, None).await?;
    let head = follow(&mut writes, head, told)?;
    writes.send(tx).await?;
    Ok(head)
}

/// Gives the end of the chain, which no other transaction moves any more. On PostgreSQL that takes the lock which
/// orders all who write, so that what is to be written without it is sent before. On SQLite whoever writes is
/// alone: the end is the one `seen` since the transaction began, if it was.
pub async fn hold(tx: &mut Tx<'_>, writes: &mut Writes, seen: Option<JournalHead>) -> Result<JournalHead> {
    if let (Tx::Sqlite(_), Some(seen)) = (&*tx, seen) {
        return Ok(seen);
    }
    writes.send(tx).await?;
    tx.hold_journal().await?;
    head(tx).await
}

/// Inserts the entry that follows the end of the chain, which is [held](hold), and gives the new end.
pub fn follow(writes: &mut Writes, head: JournalHead, told: Told<'_>) -> Result<JournalHead> {
    let mut entry = JournalEntry {
        seq: head.seq.saturating_add(1),
        at: told.at,
        actor: told.actor.to_owned(),
        action: told.action.to_owned(),
        subject: told.subject.to_owned(),
        before: told.before.map(str::to_owned),
        after: told.after.map(str::to_owned),
        previous: head.hash,
        hash: String::new(),
    };
    entry.hash = entry
        .compute_hash()
        .map_err(|error| StoreError::Inconsistent { table: "journal", detail: error.to_string() })?;
    writes.into("journal", "seq, at, actor, action, subject, before, after, previous, hash").row(|row| {
        row.bind(entry.seq)
            .bind(entry.at)
            .text(&entry.actor)
            .text(&entry.action)
            .text(&entry.subject)
            .some_text(entry.before.as_deref())
            .some_text(entry.after.as_deref())
            .text(&entry.previous)
            .text(&entry.hash);
    });
    Ok(JournalHead { seq: entry.seq, hash: entry.hash })
}

/// Every entry, in order.
pub fn stream<'t>(tx: &'t mut Tx<'_>) -> BoxStream<'t, Result<JournalEntry>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, Row>(
            "SELECT seq, at, actor, action, subject, before, after, previous, hash FROM journal ORDER BY seq",
        )
        .fetch(conn)
        .map(|row| row.map(JournalEntry::from).map_err(StoreError::from))
        .boxed()
    })
}

/// What is looked for in the journal; an empty text is anything.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'a> {
    /// SIREN of the collectivity.
    pub siren: &'a str,
    /// Random id of who acted.
    pub actor: &'a str,
    /// What was done.
    pub action: &'a str,
    /// From this instant on.
    pub from: Instant,
    /// Before this one.
    pub until: Instant,
    /// Numbers after this one.
    pub after: i64,
    /// Numbers before this one.
    pub before: i64,
    /// At most so many entries.
    pub limit: i64,
}

/// Each statement begins with what leads to the fewest entries, which has an index; by instant entries are in order.
macro_rules! sought {
    ($lead:literal) => {
        concat!(
            "SELECT seq, at, actor, action, subject, before, after, previous, hash FROM journal WHERE ",
            $lead,
            " AND seq > $1 AND seq < $2 AND at >= $6 AND at < $7 ORDER BY seq DESC LIMIT $8"
        )
    };
}

/// The entries that match, the newest first.
pub async fn search(tx: &mut Tx<'_>, sought: Sought<'_>) -> Result<Vec<JournalEntry>> {
    let statement = match (sought.siren, sought.actor, sought.action) {
        ("", "", "") => sought!("$3 = '' AND $4 = '' AND $5 = ''"),
        ("", "", _) => sought!("$3 = '' AND $4 = '' AND action = $5"),
        ("", ..) => sought!("$3 = '' AND actor = $4 AND ($5 = '' OR action = $5)"),
        _ => sought!("siren = $3 AND ($4 = '' OR actor = $4) AND ($5 = '' OR action = $5)"),
    };
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(statement)
            .bind(sought.after)
            .bind(sought.before)
            .bind(sought.siren)
            .bind(sought.actor)
            .bind(sought.action)
            .bind(sought.from)
            .bind(sought.until)
            .bind(sought.limit)
            .fetch_all(conn)
            .await
    })?;
    Ok(rows.into_iter().map(JournalEntry::from).collect())
}

/// What is told of the declarations and titles of a flow year between two entries, which are named by their action
/// and subjects: none where one of them is not there.
pub async fn told_between(
    tx: &mut Tx<'_>,
    action: &str,
    (first, last): &(String, String),
    year: FlowYear,
) -> Result<Vec<JournalEntry>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT seq, at, actor, action, subject, before, after, previous, hash FROM journal \
             WHERE seq > (SELECT MIN(f.seq) FROM journal f WHERE f.action = $1 AND f.subject = $2) \
               AND seq < (SELECT MIN(l.seq) FROM journal l WHERE l.action = $1 AND l.subject = $3) \
               AND action IN ('declaration.file', 'declaration.reserve.accept', 'title.replace') \
               AND substr(subject, 10) = $4 ORDER BY seq",
        )
        .bind(action)
        .bind(first.as_str())
        .bind(last.as_str())
        .bind(format!("/{year}"))
        .fetch_all(conn)
        .await
    })?;
    Ok(rows.into_iter().map(JournalEntry::from).collect())
}

/// The instant of an entry, if there is one of this number.
pub async fn instant_of(tx: &mut Tx<'_>, seq: i64) -> Result<Option<Instant>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT at FROM journal WHERE seq = $1").bind(seq).fetch_optional(conn).await
    })?)
}

/// The heads that receipts, certificates and released reports carry, each with its carrier in French.
pub async fn carried_heads(tx: &mut Tx<'_>) -> Result<BTreeMap<String, String>> {
    let receipts: Vec<(String, String)> = on!(&mut *tx, |conn| {
        sqlx::query_as("SELECT journal_head, number FROM receipt").fetch_all(conn).await
    })?;
    let reports: Vec<(String, String, i32, String)> = on!(&mut *tx, |conn| {
        sqlx::query_as("SELECT journal_head, name, flow_year, format FROM report_release")
            .fetch_all(conn)
            .await
    })?;
    let certificates: Vec<(String, String)> = on!(&mut *tx, |conn| {
        sqlx::query_as("SELECT journal_head, number FROM certificate").fetch_all(conn).await
    })?;
    let mut heads: BTreeMap<String, String> =
        receipts.into_iter().map(|(head, number)| (head, format!("le récépissé {number}"))).collect();
    heads.extend(
        reports
            .into_iter()
            .map(|(head, name, year, format)| (head, format!("le rapport {name} {year} ({format})"))),
    );
    heads.extend(certificates.into_iter().map(|(head, number)| (head, format!("l’attestation {number}"))));
    heads.retain(|head, _| !head.is_empty());
    Ok(heads)
}

/// Whether the journal tells of an action.
pub async fn tells(tx: &mut Tx<'_>, action: &str) -> Result<bool> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM journal WHERE action = $1)")
            .bind(action)
            .fetch_one(conn)
            .await
    })?)
}

/// The last entry that tells of an action, if there is one.
pub async fn last_of(tx: &mut Tx<'_>, action: &str) -> Result<Option<JournalEntry>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT seq, at, actor, action, subject, before, after, previous, hash FROM journal \
             WHERE action = $1 ORDER BY seq DESC LIMIT 1",
        )
        .bind(action)
        .fetch_optional(conn)
        .await
    })?;
    Ok(row.map(JournalEntry::from))
}

/// The instant of the last entry, if there is one.
pub async fn last_instant(tx: &mut Tx<'_>) -> Result<Option<Instant>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT at FROM journal ORDER BY seq DESC LIMIT 1").fetch_optional(conn).await
    })?)
}
