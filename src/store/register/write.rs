//! What a ledger changed, written in few statements.

use sqlx::QueryBuilder;

use crate::domain::day::Day;
use crate::domain::eligibility::DescentKind;
use crate::domain::instant::Instant;
use crate::domain::register::{Changes, Identity, Source};
use crate::store::{Result, Tx, execute, expect_rows, on};

/// Rows of one INSERT: times at most eleven columns, below the 32,766 values
/// that SQLite binds and the 65,535 of PostgreSQL.
const ROWS_A_STATEMENT: usize = 2_000;

/// Inserts `$rows` into `$table ($columns)`, each bound by `$bind`; `$end` closes the statement.
macro_rules! insert_all {
    ($tx:expr, $what:literal, $into:literal, $rows:expr, |$row:ident, $tuple:ident| $bind:block, $end:literal, $exact:literal, $progress:expr) => {
        for chunk in $rows.chunks(ROWS_A_STATEMENT) {
            let touched = on!(&mut *$tx, |conn| {
                let mut query = QueryBuilder::new($into);
                query.push_values(chunk, |mut $tuple, $row| $bind);
                query.push($end);
                query.build().execute(conn).await.map(|done| done.rows_affected())
            })?;
            let rows = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            if $exact {
                expect_rows($what, rows, touched)?;
            }
            $progress(rows);
        }
    };
}

/// Rows that [`write`] will tell its progress of.
#[must_use]
pub fn rows(changes: &Changes) -> u64 {
    let count = changes.created.len()
        + changes.amended.len()
        + changes.states.len()
        + changes.associations.len()
        + changes.words.len();
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Writes changes; `progress` is told of rows as they are written. The caller
/// holds the register ([`Tx::hold_register`]).
pub async fn write(
    tx: &mut Tx<'_>,
    changes: &Changes,
    at: Instant,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<()> {
    create(tx, &changes.created, progress).await?;
    for identity in &changes.amended {
        amend(tx, identity).await?;
        progress(1);
    }
    states(tx, changes, at, progress).await?;
    associations(tx, changes, progress).await?;
    words(tx, changes, progress).await?;
    for (placeholder, siren) in &changes.replaced {
        replace(tx, placeholder, siren.as_str()).await?;
    }
    lineage(tx, changes, at).await?;
    if let Some(millesime) = changes.confirmed {
        confirm(tx, millesime).await?;
    }
    Ok(())
}

/// The word of the table, which is English.
pub(super) fn source_word(source: Source) -> String {
    match source {
        Source::Package => "package".to_owned(),
        Source::Csv => "csv".to_owned(),
        Source::Replaced(siren) => format!("replaced:{siren}"),
    }
}

async fn create(tx: &mut Tx<'_>, created: &[Identity], progress: &(dyn Fn(u64) + Send + Sync)) -> Result<()> {
    insert_all!(
        tx,
        "collectivity",
        "INSERT INTO collectivity (id, siren, exists_from, exists_until, millesime, source, sort_key) ",
        created,
        |row, tuple| {
            tuple
                .push_bind(row.id.as_str())
                .push_bind(row.siren)
                .push_bind(row.exists_from)
                .push_bind(row.exists_until)
                .push_bind(i32::from(row.millesime))
                .push_bind(source_word(row.source))
                .push_bind(row.sort_key.as_str());
        },
        "",
        true,
        progress
    );
    Ok(())
}

async fn amend(tx: &mut Tx<'_>, identity: &Identity) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE collectivity SET exists_from = $1, exists_until = $2, millesime = $3, source = $4, sort_key = $5 \
         WHERE id = $6",
        identity.exists_from,
        identity.exists_until,
        i32::from(identity.millesime),
        source_word(identity.source),
        identity.sort_key.as_str(),
        identity.id.as_str(),
    )?;
    expect_rows("collectivity", 1, touched)
}

async fn states(
    tx: &mut Tx<'_>,
    changes: &Changes,
    at: Instant,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<()> {
    insert_all!(
        tx,
        "collectivity_state",
        "INSERT INTO collectivity_state (collectivity, from_year, revision, kind, code, name, departement, \
         region, population, reason, recorded_at) ",
        changes.states,
        |row, tuple| {
            let (id, state) = row;
            let attributes = &state.attributes;
            tuple
                .push_bind(id.as_str())
                .push_bind(i32::from(state.from_year))
                .push_bind(i32::from(state.revision))
                .push_bind(attributes.kind)
                .push_bind(attributes.code.as_str())
                .push_bind(attributes.name.as_str())
                .push_bind(attributes.departement.as_deref())
                .push_bind(attributes.region.as_str())
                .push_bind(attributes.population.map(i64::from))
                .push_bind(state.reason.to_string())
                .push_bind(at);
        },
        "",
        true,
        progress
    );
    Ok(())
}

async fn associations(
    tx: &mut Tx<'_>,
    changes: &Changes,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<()> {
    insert_all!(
        tx,
        "associated_region",
        "INSERT INTO associated_region (collectivity, region, from_year, to_year) ",
        changes.associations,
        |row, tuple| {
            let (id, association) = row;
            tuple
                .push_bind(id.as_str())
                .push_bind(association.region.as_str())
                .push_bind(i32::from(association.from_year))
                .push_bind(association.to_year.map(i32::from));
        },
        " ON CONFLICT (collectivity, region, from_year) DO UPDATE SET to_year = excluded.to_year",
        true,
        progress
    );
    Ok(())
}

async fn words(tx: &mut Tx<'_>, changes: &Changes, progress: &(dyn Fn(u64) + Send + Sync)) -> Result<()> {
    // A body that changes its name is still found by the old one.
    insert_all!(
        tx,
        "collectivity_word",
        "INSERT INTO collectivity_word (word, collectivity) ",
        changes.words,
        |row, tuple| {
            tuple.push_bind(row.0.as_str()).push_bind(row.1.as_str());
        },
        " ON CONFLICT (word, collectivity) DO NOTHING",
        false,
        progress
    );
    Ok(())
}

/// What found the body without SIREN finds the one that took its place.
async fn replace(tx: &mut Tx<'_>, placeholder: &str, siren: &str) -> Result<()> {
    execute!(
        &mut *tx,
        "INSERT INTO collectivity_word (word, collectivity) \
         SELECT word, CAST($1 AS TEXT) FROM collectivity_word WHERE collectivity = $2 \
         ON CONFLICT (word, collectivity) DO NOTHING",
        siren,
        placeholder,
    )?;
    execute!(tx, "DELETE FROM collectivity_word WHERE collectivity = $1", placeholder)?;
    Ok(())
}

async fn lineage(tx: &mut Tx<'_>, changes: &Changes, at: Instant) -> Result<()> {
    let silent = |_rows: u64| {};
    insert_all!(
        tx,
        "succession",
        "INSERT INTO succession (predecessor, successor, on_day, kind, reason, recorded_at) ",
        changes.successions,
        |row, tuple| {
            let kind = if row.kind == DescentKind::Split { "split" } else { "merge" };
            tuple
                .push_bind(row.predecessor)
                .push_bind(row.successor)
                .push_bind(row.on)
                .push_bind(kind)
                .push_bind(row.reason.as_str())
                .push_bind(at);
        },
        "",
        true,
        silent
    );
    let Some(pairs) = &changes.lineage else { return Ok(()) };
    execute!(&mut *tx, "DELETE FROM lineage")?;
    insert_all!(
        tx,
        "lineage",
        "INSERT INTO lineage (collectivity, ancestor) ",
        pairs,
        |row, tuple| {
            tuple.push_bind(row.0).push_bind(row.1);
        },
        "",
        true,
        silent
    );
    Ok(())
}

/// A millésime held every body of the package that lasted into its year.
async fn confirm(tx: &mut Tx<'_>, millesime: u16) -> Result<()> {
    execute!(
        tx,
        "UPDATE collectivity SET millesime = $1 WHERE source = 'package' AND millesime < $1 \
         AND (exists_until IS NULL OR exists_until >= $2)",
        i32::from(millesime),
        Day::first_of(millesime),
    )?;
    Ok(())
}
