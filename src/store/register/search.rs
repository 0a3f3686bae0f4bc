//! Finding bodies by what people type.

use sqlx::{FromRow, QueryBuilder};

use crate::domain::collectivity::{Collectivity, CollectivityKind};
use crate::domain::register::words::{Query, after};
use crate::domain::year::FlowYear;
use crate::store::{Result, Tx, on};

use super::read::{Row, columns};
use super::{after_year, before_year};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Search {
    /// Words of the name, SIREN, INSEE code, postcode; everything where empty.
    pub query: String,
    /// Regions of attachment in [`Search::year`]; all of them where empty.
    pub regions: Vec<String>,
    /// Kind.
    pub kind: Option<CollectivityKind>,
    /// The year of names, kinds and regions.
    pub year: FlowYear,
    /// Page, from 1.
    pub page: u32,
    /// Bodies a page.
    pub size: u32,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Bodies on all pages.
    pub total: u64,
    /// Those of the page asked for.
    pub bodies: Vec<Collectivity>,
}

#[derive(FromRow)]
struct FoundRow {
    total: i64,
    #[sqlx(flatten)]
    body: Row,
}

/// The bodies that match, the best first: the very name, then names that begin
/// so, then the others, each by name, the most inhabitants first.
pub async fn search(tx: &mut Tx<'_>, search: &Search) -> Result<Found> {
    let offset = i64::from(search.page.saturating_sub(1)) * i64::from(search.size);
    let mut rows = page(tx, search, i64::from(search.size), offset).await?;
    let total = match rows.first() {
        Some(row) => row.total,
        // Past the last page the total is still known.
        None if offset > 0 => page(tx, search, 1, 0).await?.first().map_or(0, |row| row.total),
        None => 0,
    };
    let bodies = rows.drain(..).map(|row| Collectivity::try_from(row.body)).collect::<Result<_>>()?;
    Ok(Found { total: u64::try_from(total).unwrap_or_default(), bodies })
}

/// The bodies are counted and ordered by their keys alone; what they are is looked up for those of the page.
async fn page(tx: &mut Tx<'_>, search: &Search, limit: i64, offset: i64) -> Result<Vec<FoundRow>> {
    let query = Query::read(&search.query);
    Ok(on!(tx, |conn| {
        let mut sql = QueryBuilder::new(
            "WITH matched AS MATERIALIZED (SELECT c.id AS id, c.sort_key AS sort_key FROM collectivity c",
        );
        let is_filtered = !search.regions.is_empty() || search.kind.is_some();
        if is_filtered {
            sql.push(concat!(" JOIN collectivity_state s ON ", before_year!()));
            sql.push_bind(search.year).push(after_year!());
        }
        // A body that another one took the place of has no key to be sorted by.
        sql.push(" WHERE c.sort_key > ''");
        for word in &query.words {
            let end = after(word);
            sql.push(" AND c.id IN (SELECT collectivity FROM collectivity_word WHERE word >= ")
                .push_bind(word.as_str())
                .push(" AND word < ")
                .push_bind(end.as_str());
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                sql.push(" UNION ALL SELECT id FROM collectivity WHERE id >= ")
                    .push_bind(word.as_str())
                    .push(" AND id < ")
                    .push_bind(end.as_str());
            }
            sql.push(")");
        }
        if !search.regions.is_empty() {
            sql.push(" AND s.region IN (");
            let mut list = sql.separated(", ");
            for region in &search.regions {
                list.push_bind(region.as_str());
            }
            list.push_unseparated(")");
        }
        if let Some(kind) = search.kind {
            sql.push(" AND s.kind = ").push_bind(kind);
        }
        sql.push("), paged AS (SELECT m.id AS id, CASE WHEN m.sort_key = ")
            .push_bind(query.text.as_str())
            .push(" THEN 0 WHEN m.sort_key >= ")
            .push_bind(query.text.as_str())
            .push(" AND m.sort_key < ")
            .push_bind(after(&query.text))
            .push(
                " THEN 1 ELSE 2 END AS place, m.sort_key AS sort_key, COALESCE((SELECT t.population \
                 FROM collectivity_state t WHERE t.collectivity = m.id \
                 ORDER BY t.from_year DESC, t.revision DESC LIMIT 1), 0) AS population FROM matched m \
                 ORDER BY place, sort_key, population DESC, id LIMIT ",
            )
            .push_bind(limit)
            .push(" OFFSET ")
            .push_bind(offset)
            .push(concat!(
                ") SELECT (SELECT COUNT(*) FROM matched) AS total, ",
                columns!(),
                " FROM paged p JOIN collectivity c ON c.id = p.id JOIN collectivity_state s ON ",
                before_year!()
            ))
            .push_bind(search.year)
            .push(concat!(after_year!(), " ORDER BY p.place, p.sort_key, p.population DESC, p.id"));
        sql.build_query_as::<FoundRow>().fetch_all(conn).await
    })?)
}
