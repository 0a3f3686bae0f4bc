//! Lines: inserted before the filing that seals them, read back as they were filed.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::domain::codes::{AidTypeCode, BiMulti, ChannelCode, NatureCode, PurposeCode, RecipientCode};
use crate::domain::crs::{CrsId, CrsLine, Submission, Told};
use crate::domain::day::Day;
use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::line::{Amounts, Line, Markers, OnePercentLaw};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::draft::Key;
use crate::store::writes::{self, Writes};
use crate::store::{Result, StoreError, Tx, by_place, on};

/// 38 values a row: below the 32,766 parameters that SQLite takes.
const ROWS_A_STATEMENT: usize = 500;

/// As [`tell`] tells them, after the key.
const COLUMNS: &str = "flow_year, siren, version, position, reference, title, recipient, purpose, channel, nature, \
    aid_type, bi_multi, amount_paid, cofinancing_received, cofinancing_state, cofinancing_collectivities, \
    cofinancing_others, own_resources, service_costs, amount_committed, paid_on, organisation, organisation_siren, \
    description, place, starts_on, ends_on, one_percent_law, marker_gender, marker_environment, \
    marker_biodiversity, marker_mitigation, marker_adaptation, marker_desertification, marker_nutrition, \
    marker_inclusion, sdg, crs_project";

/// A line as it is read: what open data shows of it, and what is never public.
macro_rules! rows {
    (
        public { $($open_table:ident.$open:ident: $open_type:ty,)+ }
        private { $($table:ident.$column:ident: $type:ty,)+ }
        effective $effective:literal
        version $version:literal
        crs $crs:literal
        withdrawn $withdrawn:literal
    ) => {
        by_place! {
            struct Row { $($open_table.$open: $open_type,)+ $($table.$column: $type,)+ }
            const EFFECTIVE = $effective;
            const OF_VERSION = $version;
            const CRS = $crs;
            const WITHDRAWN = $withdrawn;
        }

        by_place! {
            struct PublicRow { $($open_table.$open: $open_type,)+ }
            const PUBLIC = $effective;
        }

        impl From<PublicRow> for Row {
            fn from(public: PublicRow) -> Self {
                Self { $($open: public.$open,)+ $($column: None,)+ }
            }
        }
    };
}

rows! {
    public {
        l.siren: Siren,
        l.flow_year: FlowYear,
        l.version: i32,
        f.kind: FilingKind,
        l.position: i32,
        l.reference: String,
        l.title: String,
        l.recipient: RecipientCode,
        l.purpose: PurposeCode,
        l.channel: ChannelCode,
        l.nature: NatureCode,
        l.aid_type: AidTypeCode,
        l.bi_multi: BiMulti,
        l.amount_paid: Euros,
        l.cofinancing_received: Euros,
        l.paid_on: Option<Day>,
        l.organisation: Option<String>,
        l.organisation_siren: Option<Siren>,
        l.starts_on: Option<Day>,
        l.ends_on: Option<Day>,
        l.one_percent_law: Option<OnePercentLaw>,
        l.marker_gender: Option<i32>,
        l.marker_environment: Option<i32>,
        l.marker_biodiversity: Option<i32>,
        l.marker_mitigation: Option<i32>,
        l.marker_adaptation: Option<i32>,
        l.marker_desertification: Option<i32>,
        l.marker_nutrition: Option<i32>,
        l.marker_inclusion: Option<i32>,
        l.sdg: Option<String>,
    }
    private {
        l.cofinancing_state: Option<Euros>,
        l.cofinancing_collectivities: Option<Euros>,
        l.cofinancing_others: Option<Euros>,
        l.service_costs: Option<Euros>,
        l.amount_committed: Option<Euros>,
        l.description: Option<String>,
        l.place: Option<String>,
        l.crs_project: Option<String>,
    }
    effective "FROM effective_filing f CROSS JOIN line l \
        WHERE f.flow_year = $1 AND l.flow_year = f.flow_year AND l.siren = f.siren AND l.version = f.version \
        ORDER BY f.siren, f.version, l.position"
    version "FROM filing f \
        JOIN line l ON l.flow_year = f.flow_year AND l.siren = f.siren AND l.version = f.version \
        WHERE f.flow_year = $1 AND f.siren = $2 AND f.version = $3 ORDER BY l.position"
    crs ", COALESCE( \
        (SELECT a.crs_id FROM crs_activity a WHERE a.crs_id = l.crs_project AND (a.siren = l.siren OR EXISTS \
            (SELECT 1 FROM lineage g WHERE g.collectivity = l.siren AND g.ancestor = a.siren)) LIMIT 1), \
        (SELECT a.crs_id FROM crs_activity a WHERE a.siren = l.siren AND a.reference = l.reference)) AS known, \
        EXISTS (SELECT 1 FROM crs_activity a WHERE a.siren = l.siren AND a.reference = l.reference) AS is_named, \
        p.nature AS told_nature, p.digest AS told_digest \
        FROM effective_filing f CROSS JOIN line l \
        LEFT JOIN crs_release_line p ON p.flow_year = l.flow_year AND p.edition = $2 AND p.siren = l.siren \
        AND p.reference = l.reference AND p.crs_id = COALESCE( \
        (SELECT a.crs_id FROM crs_activity a WHERE a.crs_id = l.crs_project AND (a.siren = l.siren OR EXISTS \
            (SELECT 1 FROM lineage g WHERE g.collectivity = l.siren AND g.ancestor = a.siren)) LIMIT 1), \
        (SELECT a.crs_id FROM crs_activity a WHERE a.siren = l.siren AND a.reference = l.reference)) \
        WHERE f.flow_year = $1 AND l.flow_year = f.flow_year AND l.siren = f.siren AND l.version = f.version \
        ORDER BY f.siren, f.version, l.position"
    withdrawn ", p.crs_id AS known, (1 = 1) AS is_named, p.nature AS told_nature, p.digest AS told_digest \
        FROM crs_release_line p \
        JOIN filing f ON f.flow_year = p.flow_year AND f.siren = p.siren AND f.version = p.version \
        JOIN line l ON l.flow_year = p.flow_year AND l.siren = p.siren AND l.version = p.version \
        AND l.reference = p.reference \
        WHERE p.flow_year = $1 AND p.edition = $2 AND NOT EXISTS ( \
            SELECT 1 FROM effective_filing e JOIN line n \
            ON n.flow_year = e.flow_year AND n.siren = e.siren AND n.version = e.version AND n.reference = p.reference \
            WHERE e.flow_year = p.flow_year AND e.siren = p.siren AND n.own_resources > 0 AND p.crs_id = COALESCE( \
            (SELECT a.crs_id FROM crs_activity a WHERE a.crs_id = n.crs_project AND (a.siren = n.siren OR EXISTS \
                (SELECT 1 FROM lineage g WHERE g.collectivity = n.siren AND g.ancestor = a.siren)) LIMIT 1), \
            (SELECT a.crs_id FROM crs_activity a WHERE a.siren = n.siren AND a.reference = n.reference))) \
        ORDER BY p.siren, p.reference, p.crs_id"
}

/// A line with what is on record about it.
struct CrsRow {
    line: Row,
    known: Option<CrsId>,
    is_named: bool,
    nature: Option<i32>,
    digest: Option<String>,
}

macro_rules! crs_row {
    ($driver:ty) => {
        impl sqlx::FromRow<'_, $driver> for CrsRow {
            fn from_row(row: &$driver) -> sqlx::Result<Self> {
                use sqlx::Row as _;
                Ok(Self {
                    line: Row::from_row(row)?,
                    known: row.try_get("known")?,
                    is_named: row.try_get("is_named")?,
                    nature: row.try_get("told_nature")?,
                    digest: row.try_get("told_digest")?,
                })
            }
        }
    };
}
crs_row!(sqlx::sqlite::SqliteRow);
crs_row!(sqlx::postgres::PgRow);

impl CrsRow {
    fn read(self, is_withdrawn: bool) -> Result<CrsLine> {
        let told = match self.nature.zip(self.digest) {
            Some((nature, digest)) => {
                let submission =
                    Submission::from_code(nature).ok_or_else(|| super::crs::unknown_nature(nature))?;
                Some(Told { submission, digest })
            }
            None => None,
        };
        let filed = FiledLine::try_from(self.line)?;
        Ok(CrsLine { filed, known: self.known, is_named: self.is_named, told, is_withdrawn })
    }
}

impl TryFrom<Row> for FiledLine {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let small =
            |value: i32| u32::try_from(value).map_err(|error| inconsistent(row.siren, row.flow_year, error));
        let markers = [
            row.marker_gender,
            row.marker_environment,
            row.marker_biodiversity,
            row.marker_mitigation,
            row.marker_adaptation,
            row.marker_desertification,
            row.marker_nutrition,
            row.marker_inclusion,
        ];
        let line = Line {
            reference: row.reference,
            title: row.title,
            recipient: row.recipient,
            purpose: row.purpose,
            channel: row.channel,
            nature: row.nature,
            aid_type: row.aid_type,
            bi_multi: row.bi_multi,
            amounts: Amounts {
                paid: row.amount_paid,
                cofinancing_received: row.cofinancing_received,
                cofinancing_state: row.cofinancing_state,
                cofinancing_collectivities: row.cofinancing_collectivities,
                cofinancing_others: row.cofinancing_others,
                service_costs: row.service_costs,
                committed: row.amount_committed,
            },
            paid_on: row.paid_on,
            organisation: row.organisation,
            organisation_siren: row.organisation_siren,
            description: row.description,
            place: row.place,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            one_percent_law: row.one_percent_law,
            markers: Markers::new(markers.map(|value| value.and_then(|value| u8::try_from(value).ok()))),
            sdg: row.sdg.map(|codes| codes.split('|').map(str::to_owned).collect()).unwrap_or_default(),
            crs_project: row.crs_project,
        };
        Ok(Self {
            siren: row.siren,
            flow_year: row.flow_year,
            version: small(row.version)?,
            kind: row.kind,
            position: small(row.position)?,
            line,
        })
    }
}

fn inconsistent(siren: Siren, year: FlowYear, error: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent { table: "line", detail: format!("{siren}/{year}: {error}") }
}

fn sdg(line: &Line) -> Option<String> {
    Some(line.sdg.join("|")).filter(|codes| !codes.is_empty())
}

/// Inserts the lines of the version to come: the filing must follow in the same transaction. The last ones wait
/// among the `writes`, to be sent with it.
pub async fn insert(
    tx: &mut Tx<'_>,
    writes: &mut Writes,
    (siren, year, version): (Siren, FlowYear, u32),
    lines: &[Line],
) -> Result<()> {
    let siren = Arc::<str>::from(siren.as_str());
    let mut position = 0_i64;
    for chunk in lines.chunks(ROWS_A_STATEMENT) {
        writes.into("line", COLUMNS);
        for line in chunk {
            position = position.saturating_add(1);
            writes.row(|row| {
                row.bind(year).bind(Arc::clone(&siren)).bind(i64::from(version)).bind(position);
                tell(row, line);
            });
        }
        // So that a declaration of any size takes little memory.
        if chunk.len() == ROWS_A_STATEMENT {
            writes.send(tx).await?;
        }
    }
    Ok(())
}

fn tell(row: &mut writes::Row<'_>, line: &Line) {
    row.text(&line.reference)
        .text(&line.title)
        .text(line.recipient.as_str())
        .text(line.purpose.as_str())
        .text(line.channel.as_str())
        .text(line.nature.as_str())
        .text(line.aid_type.as_str())
        .bind(line.bi_multi)
        .bind(line.amounts.paid)
        .bind(line.amounts.cofinancing_received)
        .bind(line.amounts.cofinancing_state)
        .bind(line.amounts.cofinancing_collectivities)
        .bind(line.amounts.cofinancing_others)
        .bind(line.own_resources())
        .bind(line.amounts.service_costs)
        .bind(line.amounts.committed)
        .bind(line.paid_on)
        .some_text(line.organisation.as_deref())
        .bind(line.organisation_siren)
        .some_text(line.description.as_deref())
        .some_text(line.place.as_deref())
        .bind(line.starts_on)
        .bind(line.ends_on)
        .bind(line.one_percent_law);
    for marker in line.markers.values() {
        row.bind(marker.map(i32::from));
    }
    row.bind(sdg(line)).some_text(line.crs_project.as_deref());
}

/// The effective lines of a flow year (rule 3), by SIREN and position: the one
/// source of every report, total and page. They come in the order of the keys,
/// without being gathered first: `CROSS JOIN` keeps SQLite from beginning with the
/// lines, which it would have to sort.
pub fn stream_effective<'t>(tx: &'t mut Tx<'_>, year: FlowYear) -> BoxStream<'t, Result<FiledLine>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, Row>(EFFECTIVE)
            .bind(year)
            .fetch(conn)
            .map(|row| FiledLine::try_from(row?))
            .boxed()
    })
}

/// As [`stream_effective`], for what anyone may read: what is never public does not leave the database. Each value
/// that a row has takes time on its way to a report.
pub fn stream_public<'t>(tx: &'t mut Tx<'_>, year: FlowYear) -> BoxStream<'t, Result<FiledLine>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, PublicRow>(PUBLIC)
            .bind(year)
            .fetch(conn)
            .map(|row| FiledLine::try_from(Row::from(row?)))
            .boxed()
    })
}

/// As [`stream_effective`], with the identifier of the CRS that each line has and what an edition told of it.
pub fn stream_crs<'t>(tx: &'t mut Tx<'_>, year: FlowYear, edition: u32) -> BoxStream<'t, Result<CrsLine>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, CrsRow>(CRS)
            .bind(year)
            .bind(i64::from(edition))
            .fetch(conn)
            .map(|row| row?.read(false))
            .boxed()
    })
}

/// The lines that an edition told and that count no more, as they were told, by SIREN and reference.
pub fn stream_withdrawn<'t>(
    tx: &'t mut Tx<'_>,
    year: FlowYear,
    edition: u32,
) -> BoxStream<'t, Result<CrsLine>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, CrsRow>(WITHDRAWN)
            .bind(year)
            .bind(i64::from(edition))
            .fetch(conn)
            .map(|row| row?.read(true))
            .boxed()
    })
}

/// The lines of one version, by position.
pub async fn of_version(
    tx: &mut Tx<'_>,
    siren: Siren,
    year: FlowYear,
    version: u32,
) -> Result<Vec<FiledLine>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(OF_VERSION).bind(year).bind(siren).bind(i64::from(version)).fetch_all(conn).await
    })?;
    rows.into_iter().map(FiledLine::try_from).collect()
}

/// Every reference that a version of the declaration used; of an agent who prepares alone, the versions that
/// they filed sous réserve.
pub async fn references(tx: &mut Tx<'_>, of: impl Into<Key<'_>>) -> Result<Vec<String>> {
    let Key { siren, year, author } = of.into();
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT DISTINCT l.reference FROM line l WHERE l.flow_year = $1 AND l.siren = $2 \
             AND ($3 IS NULL OR EXISTS (SELECT 1 FROM reservation r JOIN attachment a ON a.id = r.attachment \
             WHERE r.flow_year = l.flow_year AND r.siren = l.siren AND r.version = l.version AND a.person = $3)) \
             ORDER BY l.reference",
        )
        .bind(year)
        .bind(siren)
        .bind(author)
        .fetch_all(conn)
        .await
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Db, engine};

    #[tokio::test]
    async fn the_lines_of_a_year_are_not_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("plan.db").display());
        engine::migrate(&url, None, true, "2014-05-20T08:00:00Z".parse().unwrap()).await.unwrap();
        let db = Db::open(&url).await.unwrap();
        let Tx::Sqlite(mut tx) = db.snapshot().await.unwrap() else { panic!("SQLite") };
        for statement in [EFFECTIVE, CRS] {
            let plan: Vec<(i32, i32, i32, String)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "EXPLAIN QUERY PLAN {}",
                statement.replace("$1", "2013").replace("$2", "1")
            )))
            .fetch_all(&mut *tx)
            .await
            .unwrap();
            let steps: Vec<&str> = plan.iter().map(|(_, _, _, step)| step.as_str()).collect();
            assert!(steps[0].starts_with("SEARCH f USING PRIMARY KEY"), "{steps:?}");
            assert!(
                !steps.iter().any(|step| step.contains("TEMP B-TREE") || step.starts_with("SCAN")),
                "{steps:?}"
            );
        }
    }
}
