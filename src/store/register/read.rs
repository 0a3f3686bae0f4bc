//! What bodies are in a flow year.

use std::collections::HashMap;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sqlx::{FromRow, QueryBuilder};

use crate::domain::collectivity::{Collectivity, CollectivityKind};
use crate::domain::day::Day;
use crate::domain::eligibility::DescentKind;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, Tx, on};

use super::{KEYS_A_STATEMENT, after_year, before_year, load};

#[derive(FromRow)]
pub(super) struct Row {
    id: String,
    siren: Option<Siren>,
    kind: CollectivityKind,
    code: String,
    name: String,
    departement: Option<String>,
    region: String,
    population: Option<i64>,
    exists_from: Option<Day>,
    exists_until: Option<Day>,
}

impl TryFrom<Row> for Collectivity {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            siren: row.siren,
            kind: row.kind,
            code: row.code,
            name: row.name,
            departement: row.departement,
            region: row.region,
            population: load::population(row.population)?,
            exists_from: row.exists_from,
            exists_until: row.exists_until,
        })
    }
}

/// Columns of [`Row`].
macro_rules! columns {
    () => {
        "c.id, c.siren, s.kind, s.code, s.name, s.departement, s.region, s.population, c.exists_from, c.exists_until"
    };
}
pub(super) use columns;

/// A body before or after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// Its SIREN.
    pub siren: Siren,
    /// Its current name.
    pub name: String,
    /// First day of the new state of things.
    pub on: Day,
    /// Merger or split.
    pub kind: DescentKind,
    /// Why.
    pub reason: String,
}

/// The body with this SIREN, as it is in a flow year.
pub async fn find(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Option<Collectivity>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM collectivity c JOIN collectivity_state s ON ",
            before_year!(),
            "$1",
            after_year!(),
            " WHERE c.siren = $2"
        ))
        .bind(year)
        .bind(siren)
        .fetch_optional(conn)
        .await
    })?;
    row.map(Collectivity::try_from).transpose()
}

/// Those of these SIREN that the register holds, as they are in a flow year.
pub async fn find_all(
    tx: &mut Tx<'_>,
    sirens: &[Siren],
    year: FlowYear,
) -> Result<HashMap<Siren, Collectivity>> {
    let mut found = HashMap::with_capacity(sirens.len());
    for chunk in sirens.chunks(KEYS_A_STATEMENT) {
        let rows: Vec<Row> = on!(&mut *tx, |conn| {
            let mut query = QueryBuilder::new(concat!(
                "SELECT ",
                columns!(),
                " FROM collectivity c JOIN collectivity_state s ON ",
                before_year!()
            ));
            query.push_bind(year).push(concat!(after_year!(), " WHERE c.siren IN ("));
            let mut list = query.separated(", ");
            for siren in chunk {
                list.push_bind(*siren);
            }
            list.push_unseparated(")");
            query.build_query_as::<Row>().fetch_all(conn).await
        })?;
        for row in rows {
            if let Some(siren) = row.siren {
                found.insert(siren, row.try_into()?);
            }
        }
    }
    Ok(found)
}

/// Every body with a SIREN, as it is in a flow year, by SIREN; those that did
/// not exist in it too ([`Collectivity::existed_between`] tells).
pub fn stream_of_year<'t>(tx: &'t mut Tx<'_>, year: FlowYear) -> BoxStream<'t, Result<Collectivity>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, Row>(concat!(
            "SELECT ",
            columns!(),
            " FROM collectivity c JOIN collectivity_state s ON ",
            before_year!(),
            "$1",
            after_year!(),
            " WHERE c.siren IS NOT NULL ORDER BY c.siren"
        ))
        .bind(year)
        .fetch(conn)
        .map(|row| row.map_err(StoreError::from).and_then(Collectivity::try_from))
        .boxed()
    })
}

/// [`stream_of_year`], gathered.
pub async fn of_year(tx: &mut Tx<'_>, year: FlowYear) -> Result<HashMap<Siren, Collectivity>> {
    stream_of_year(tx, year)
        .try_filter_map(async |body| Ok(body.siren.map(|siren| (siren, body))))
        .try_collect()
        .await
}

/// Every body that filed for a flow year, as it is in that year: what a report of its lines needs of the register.
pub async fn filed_of_year(tx: &mut Tx<'_>, year: FlowYear) -> Result<HashMap<Siren, Collectivity>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, Row>(concat!(
            "SELECT ",
            columns!(),
            " FROM collectivity c JOIN collectivity_state s ON ",
            before_year!(),
            "$1",
            after_year!(),
            " WHERE c.siren IN (SELECT f.siren FROM filing f WHERE f.flow_year = $1)"
        ))
        .bind(year)
        .fetch(conn)
        .map(|row| row.map_err(StoreError::from).and_then(Collectivity::try_from))
        .boxed()
    })
    .try_filter_map(async |body| Ok(body.siren.map(|siren| (siren, body))))
    .try_collect()
    .await
}

/// The regions to which a body is associated in a flow year, by code; not its own.
pub async fn associated_regions(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Vec<String>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT DISTINCT region FROM associated_region WHERE collectivity = $1 \
             AND from_year <= $2 AND (to_year IS NULL OR to_year >= $2) ORDER BY region",
        )
        .bind(siren)
        .bind(year)
        .fetch_all(conn)
        .await
    })?)
}

/// Every body associated to a region in a flow year, by SIREN and region.
pub async fn associated_of_year(tx: &mut Tx<'_>, year: FlowYear) -> Result<Vec<(Siren, String)>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT DISTINCT c.siren, a.region FROM associated_region a JOIN collectivity c ON c.id = a.collectivity \
             WHERE c.siren IS NOT NULL AND a.from_year <= $1 AND (a.to_year IS NULL OR a.to_year >= $1) \
             ORDER BY c.siren, a.region",
        )
        .bind(year)
        .fetch_all(conn)
        .await
    })?)
}

#[derive(FromRow)]
struct RelativeRow {
    siren: Siren,
    name: String,
    on_day: Day,
    kind: String,
    reason: String,
}

impl From<RelativeRow> for Relative {
    fn from(row: RelativeRow) -> Self {
        let kind = if row.kind == "split" { DescentKind::Split } else { DescentKind::Merger };
        Self { siren: row.siren, name: row.name, on: row.on_day, kind, reason: row.reason }
    }
}

/// Who a body directly follows.
pub async fn predecessors(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<Relative>> {
    let rows: Vec<RelativeRow> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT r.predecessor AS siren, s.name, r.on_day, r.kind, r.reason FROM succession r \
             JOIN collectivity_state s ON s.collectivity = r.predecessor AND (s.from_year, s.revision) = \
             (SELECT t.from_year, t.revision FROM collectivity_state t WHERE t.collectivity = r.predecessor \
              ORDER BY t.from_year DESC, t.revision DESC LIMIT 1) \
             WHERE r.successor = $1 ORDER BY r.on_day, r.predecessor",
        )
        .bind(siren)
        .fetch_all(conn)
        .await
    })?;
    Ok(rows.into_iter().map(Relative::from).collect())
}

/// Who directly follows a body.
pub async fn successors(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<Relative>> {
    let rows: Vec<RelativeRow> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT r.successor AS siren, s.name, r.on_day, r.kind, r.reason FROM succession r \
             JOIN collectivity_state s ON s.collectivity = r.successor AND (s.from_year, s.revision) = \
             (SELECT t.from_year, t.revision FROM collectivity_state t WHERE t.collectivity = r.successor \
              ORDER BY t.from_year DESC, t.revision DESC LIMIT 1) \
             WHERE r.predecessor = $1 ORDER BY r.on_day, r.successor",
        )
        .bind(siren)
        .fetch_all(conn)
        .await
    })?;
    Ok(rows.into_iter().map(Relative::from).collect())
}

/// The last millésime imported; none where the register has none.
pub async fn millesime(tx: &mut Tx<'_>) -> Result<Option<u16>> {
    let number: Option<i32> = on!(tx, |conn| {
        sqlx::query_scalar("SELECT MAX(millesime) FROM collectivity WHERE source = 'package'")
            .fetch_one(conn)
            .await
    })?;
    Ok(number.and_then(|number| u16::try_from(number).ok()))
}
