//! What the bodies of the register are in a flow year, all at once.

use std::collections::HashMap;

use sqlx::FromRow;

use crate::domain::collectivity::{Collectivity, CollectivityKind};
use crate::domain::day::Day;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, Tx, on};

#[derive(FromRow)]
struct Row {
    siren: Siren,
    kind: CollectivityKind,
    code: String,
    name: String,
    departement: Option<String>,
    region: String,
    population: Option<i64>,
    exists_from: Option<Day>,
    exists_until: Option<Day>,
}

/// Every body with a SIREN, in its state of the flow year: the last revision of the last state that began.
pub async fn of_year(tx: &mut Tx<'_>, year: FlowYear) -> Result<HashMap<Siren, Collectivity>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT c.siren, s.kind, s.code, s.name, s.departement, s.region, CAST(s.population AS BIGINT) AS population, \
             c.exists_from, c.exists_until \
             FROM collectivity c JOIN collectivity_state s ON s.collectivity = c.id \
             WHERE c.siren IS NOT NULL \
             AND s.from_year = (SELECT MAX(l.from_year) FROM collectivity_state l \
                                WHERE l.collectivity = c.id AND l.from_year <= $1) \
             AND s.revision = (SELECT MAX(l.revision) FROM collectivity_state l \
                               WHERE l.collectivity = c.id AND l.from_year = s.from_year)",
        )
        .bind(year)
        .fetch_all(conn)
        .await
    })?;
    let body = |row: Row| -> Result<(Siren, Collectivity)> {
        let population =
            row.population.map(u32::try_from).transpose().map_err(|error| StoreError::Inconsistent {
                table: "collectivity_state",
                detail: format!("{}: {error}", row.siren),
            })?;
        let collectivity = Collectivity {
            id: row.siren.to_string(),
            siren: Some(row.siren),
            kind: row.kind,
            code: row.code,
            name: row.name,
            departement: row.departement,
            region: row.region,
            population,
            exists_from: row.exists_from,
            exists_until: row.exists_until,
        };
        Ok((row.siren, collectivity))
    };
    rows.into_iter().map(body).collect()
}
