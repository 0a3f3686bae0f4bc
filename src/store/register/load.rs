//! The register as a ledger, to be changed: whole, or the bodies that some decisions name.

use std::collections::BTreeMap;

use sqlx::{FromRow, QueryBuilder};

use crate::domain::collectivity::CollectivityKind;
use crate::domain::day::Day;
use crate::domain::eligibility::DescentKind;
use crate::domain::register::{Association, Attributes, Body, Ledger, Reason, Source, State, Succession};
use crate::domain::siren::Siren;
use crate::store::{Result, StoreError, Tx, on};

use super::KEYS_A_STATEMENT;

#[derive(FromRow)]
struct BodyRow {
    id: String,
    siren: Option<Siren>,
    exists_from: Option<Day>,
    exists_until: Option<Day>,
    millesime: i32,
    source: String,
}

#[derive(FromRow)]
struct StateRow {
    collectivity: String,
    from_year: i32,
    revision: i32,
    kind: CollectivityKind,
    code: String,
    name: String,
    departement: Option<String>,
    region: String,
    population: Option<i64>,
    reason: String,
}

#[derive(FromRow)]
struct AssociationRow {
    collectivity: String,
    region: String,
    from_year: i32,
    to_year: Option<i32>,
}

#[derive(FromRow)]
struct SuccessionRow {
    predecessor: Siren,
    successor: Siren,
    on_day: Day,
    kind: String,
    reason: String,
}

/// Selects every row, or those of some keys.
macro_rules! select {
    ($tx:expr, $row:ty, $ids:expr, $all:literal, $key:literal) => {{
        let mut rows: Vec<$row> = Vec::new();
        match $ids {
            None => rows = on!(&mut *$tx, |conn| sqlx::query_as($all).fetch_all(conn).await)?,
            Some(ids) => {
                for chunk in ids.chunks(KEYS_A_STATEMENT) {
                    let found: Vec<$row> = on!(&mut *$tx, |conn| {
                        let mut query = QueryBuilder::new($all);
                        query.push(concat!(" WHERE ", $key, " IN ("));
                        let mut list = query.separated(", ");
                        for id in chunk {
                            list.push_bind(id.as_str());
                        }
                        list.push_unseparated(")");
                        query.build_query_as::<$row>().fetch_all(conn).await
                    })?;
                    rows.extend(found);
                }
            }
        }
        rows
    }};
}

/// The whole register.
pub async fn ledger(tx: &mut Tx<'_>) -> Result<Ledger> {
    load(tx, None).await
}

/// The bodies with these keys, and every succession.
pub async fn ledger_of(tx: &mut Tx<'_>, ids: &[String]) -> Result<Ledger> {
    load(tx, Some(ids)).await
}

async fn load(tx: &mut Tx<'_>, ids: Option<&[String]>) -> Result<Ledger> {
    let bodies = select!(
        tx,
        BodyRow,
        ids,
        "SELECT id, siren, exists_from, exists_until, millesime, source FROM collectivity",
        "id"
    );
    let states = select!(
        tx,
        StateRow,
        ids,
        "SELECT collectivity, from_year, revision, kind, code, name, departement, region, population, reason \
         FROM collectivity_state",
        "collectivity"
    );
    let associations = select!(
        tx,
        AssociationRow,
        ids,
        "SELECT collectivity, region, from_year, to_year FROM associated_region",
        "collectivity"
    );
    let successions: Vec<SuccessionRow> = on!(tx, |conn| {
        sqlx::query_as("SELECT predecessor, successor, on_day, kind, reason FROM succession")
            .fetch_all(conn)
            .await
    })?;
    let mut found = BTreeMap::new();
    for row in bodies {
        let body = Body::try_from(row)?;
        found.insert(body.id.clone(), body);
    }
    for row in states {
        let (id, state) = row.read()?;
        if let Some(body) = found.get_mut(&id) {
            body.states.push(state);
        }
    }
    for row in associations {
        if let Some(body) = found.get_mut(&row.collectivity) {
            body.associations.push(Association {
                region: row.region,
                from_year: year("associated_region", row.from_year)?,
                to_year: row.to_year.map(|to| year("associated_region", to)).transpose()?,
            });
        }
    }
    for body in found.values_mut() {
        body.states.sort_by_key(|state| (state.from_year, state.revision));
    }
    Ok(Ledger::new(found.into_values().collect(), successions.into_iter().map(Succession::from).collect()))
}

fn year(table: &'static str, number: i32) -> Result<u16> {
    u16::try_from(number)
        .map_err(|_error| StoreError::Inconsistent { table, detail: format!("year {number}") })
}

pub(super) fn population(number: Option<i64>) -> Result<Option<u32>> {
    number
        .map(u32::try_from)
        .transpose()
        .map_err(|error| StoreError::Inconsistent { table: "collectivity_state", detail: error.to_string() })
}

impl TryFrom<BodyRow> for Body {
    type Error = StoreError;

    fn try_from(row: BodyRow) -> Result<Self> {
        let unknown = || StoreError::Inconsistent {
            table: "collectivity",
            detail: format!("{}: source {}", row.id, row.source),
        };
        let source = match row.source.split_once(':') {
            Some(("replaced", siren)) => Source::Replaced(siren.parse().map_err(|_error| unknown())?),
            None if row.source == "package" => Source::Package,
            // Written by hand: nothing that a millésime may close.
            _ => Source::Csv,
        };
        Ok(Self {
            siren: row.siren,
            exists_from: row.exists_from,
            exists_until: row.exists_until,
            millesime: year("collectivity", row.millesime)?,
            source,
            states: vec![],
            associations: vec![],
            id: row.id,
        })
    }
}

impl StateRow {
    fn read(self) -> Result<(String, State)> {
        let state = State {
            from_year: year("collectivity_state", self.from_year)?,
            revision: year("collectivity_state", self.revision)?,
            attributes: Attributes {
                kind: self.kind,
                code: self.code,
                name: self.name,
                departement: self.departement,
                region: self.region,
                population: population(self.population)?,
            },
            reason: Reason::read(&self.reason),
        };
        Ok((self.collectivity, state))
    }
}

impl From<SuccessionRow> for Succession {
    fn from(row: SuccessionRow) -> Self {
        let kind = if row.kind == "split" { DescentKind::Split } else { DescentKind::Merger };
        Self {
            predecessor: row.predecessor,
            successor: row.successor,
            on: row.on_day,
            kind,
            reason: row.reason,
        }
    }
}
