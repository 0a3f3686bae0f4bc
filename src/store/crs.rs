//! Identifiers of the CRS and what each edition told (ADR 18): only ever added to, with the edition that tells them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::crs::{CrsId, Given, GroupKey, ToldLine};
use crate::domain::year::FlowYear;
use crate::store::writes::Writes;
use crate::store::{Result, StoreError, Tx, on};

/// 8 values a row: below the parameters that SQLite takes.
const ROWS_A_STATEMENT: usize = 2_000;

/// How far the identifiers of a year are given.
pub async fn given(tx: &mut Tx<'_>, year: FlowYear) -> Result<Given> {
    let (first, last) = (format!("{:04}000000", year.get()), format!("{:04}999999", year.get()));
    let (names, groups, activity, group): (i64, i64, Option<CrsId>, Option<CrsId>) = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM crs_activity), (SELECT COUNT(*) FROM crs_group), \
             (SELECT MAX(crs_id) FROM crs_activity WHERE crs_id BETWEEN $1 AND $2), \
             (SELECT MAX(crs_id) FROM crs_group WHERE crs_id BETWEEN $1 AND $2)",
        )
        .bind(first)
        .bind(last)
        .fetch_one(conn)
        .await
    })?;
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    let after = |last: Option<CrsId>, first: u32| last.map_or(first, |id| id.number().saturating_add(1));
    Ok(Given {
        names: count(names),
        groups: count(groups),
        next_activity: after(activity, 1),
        next_group: after(group, CrsId::FIRST_OF_GROUPS),
    })
}

/// The groups of a year that have an identifier.
pub async fn groups(tx: &mut Tx<'_>, year: FlowYear) -> Result<BTreeMap<GroupKey, CrsId>> {
    let rows: Vec<(String, String, String, String, CrsId)> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT recipient, purpose, channel, aid_type, crs_id FROM crs_group WHERE flow_year = $1",
        )
        .bind(year)
        .fetch_all(conn)
        .await
    })?;
    let read = |(recipient, purpose, channel, aid_type, id)| {
        (GroupKey { recipient, purpose, channel, aid_type }, id)
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Puts on record what an edition tells, in the order in which it comes: names first, then what was told of each line.
pub async fn insert_lines(
    tx: &mut Tx<'_>,
    (year, edition): (FlowYear, u32),
    lines: impl Iterator<Item = Result<ToldLine>>,
) -> Result<u64> {
    let (mut count, mut waiting) = (0_u64, Vec::new());
    for line in lines {
        waiting.push(line?);
        count = count.saturating_add(1);
        if waiting.len() == ROWS_A_STATEMENT {
            send_lines(tx, (year, edition), &waiting).await?;
            waiting.clear();
        }
    }
    send_lines(tx, (year, edition), &waiting).await?;
    Ok(count)
}

async fn send_lines(tx: &mut Tx<'_>, (year, edition): (FlowYear, u32), lines: &[ToldLine]) -> Result<()> {
    let writes = &mut Writes::of(tx);
    let names: Vec<&ToldLine> = lines.iter().filter(|line| line.is_new_name).collect();
    if !names.is_empty() {
        writes.into("crs_activity", "siren, reference, crs_id, flow_year, edition");
        for line in names {
            writes.row(|row| {
                row.text(line.siren.as_str())
                    .text(&line.reference)
                    .text(line.id.as_str())
                    .bind(year)
                    .bind(i64::from(edition));
            });
        }
    }
    if !lines.is_empty() {
        writes.into(
            "crs_release_line",
            "flow_year, edition, siren, reference, crs_id, version, nature, digest",
        );
        for line in lines {
            writes.row(|row| {
                row.bind(year)
                    .bind(i64::from(edition))
                    .text(line.siren.as_str())
                    .text(&line.reference)
                    .text(line.id.as_str())
                    .bind(i64::from(line.version))
                    .bind(i64::from(line.submission.code()))
                    .text(&line.digest);
            });
        }
    }
    writes.send(tx).await
}

/// Puts on record the identifiers of groups.
pub async fn insert_groups(
    tx: &mut Tx<'_>,
    (year, edition): (FlowYear, u32),
    groups: &[(GroupKey, CrsId)],
) -> Result<()> {
    for chunk in groups.chunks(ROWS_A_STATEMENT) {
        let writes = &mut Writes::of(tx);
        writes.into("crs_group", "flow_year, recipient, purpose, channel, aid_type, crs_id, edition");
        for (key, id) in chunk {
            writes.row(|row| {
                row.bind(year)
                    .text(&key.recipient)
                    .text(&key.purpose)
                    .text(&key.channel)
                    .text(&key.aid_type)
                    .bind(Arc::<str>::from(id.as_str()))
                    .bind(i64::from(edition));
            });
        }
        writes.send(tx).await?;
    }
    Ok(())
}

/// A stored nature that the program does not know.
pub(super) fn unknown_nature(nature: i32) -> StoreError {
    StoreError::Inconsistent { table: "crs_release_line", detail: format!("nature {nature}") }
}

#[cfg(test)]
mod tests {
    use crate::store::{Db, Tx, engine};

    /// Each row that goes on record asks for the last edition: files of many megabytes must not be read for it.
    #[tokio::test]
    async fn the_last_edition_is_found_without_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("plan.db").display());
        engine::migrate(&url, None, true, "2014-05-20T08:00:00Z".parse().unwrap()).await.unwrap();
        let db = Db::open(&url).await.unwrap();
        let Tx::Sqlite(mut tx) = db.snapshot().await.unwrap() else { panic!("SQLite") };
        let steps: Vec<(i32, i32, i32, String)> = sqlx::query_as(
            "EXPLAIN QUERY PLAN SELECT MAX(r.edition) FROM report_release r \
             WHERE r.name = 'ocde-crs' AND r.flow_year = 2013",
        )
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        assert!(steps[0].3.starts_with("SEARCH r USING COVERING INDEX"), "{steps:?}");
    }
}
