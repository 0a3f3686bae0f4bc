//! Looking a body up, and finding one.

use std::collections::HashMap;

use crate::app::App;
use crate::domain::codes::CodeLists;
use crate::domain::collectivity::CollectivityKind;
use crate::domain::register::Body;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::{Result, this_year};
use crate::store;
use crate::store::register::{Found, Relative, Search};

/// Bodies on a page of a search.
pub const PAGE: u32 = 20;
/// Characters of a query that are looked at.
const LONGEST_QUERY: usize = 200;

/// Everything the register knows of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The body with its history.
    pub body: Body,
    /// Who it directly follows.
    pub predecessors: Vec<Relative>,
    /// Who directly follows it.
    pub successors: Vec<Relative>,
}

/// The body with this SIREN, if the register holds it.
pub async fn show(app: &App, siren: Siren) -> Result<Option<Sheet>> {
    let mut tx = app.db.snapshot().await?;
    let ledger = store::register::ledger_of(&mut tx, &[siren.to_string()]).await?;
    let Some(body) = ledger.get(siren.as_str()).cloned() else { return Ok(None) };
    let predecessors = store::register::predecessors(&mut tx, siren).await?;
    let successors = store::register::successors(&mut tx, siren).await?;
    Ok(Some(Sheet { body, predecessors, successors }))
}

/// The names, as they are now, of those of these SIREN that the register holds.
pub async fn names(app: &App, sirens: &[Siren]) -> Result<HashMap<Siren, String>> {
    let mut tx = app.db.snapshot().await?;
    let held = store::register::find_all(&mut tx, sirens, this_year(app)?).await?;
    Ok(held.into_iter().map(|(siren, body)| (siren, body.name)).collect())
}

/// The bodies that match what a person typed, in the state of a flow year; a
/// present region finds what was in the ones that it holds now (rule 10).
pub async fn search(
    app: &App,
    query: &str,
    region: Option<&str>,
    kind: Option<CollectivityKind>,
    year: FlowYear,
    page: u32,
) -> Result<Found> {
    let search = Search {
        query: query.chars().take(LONGEST_QUERY).collect(),
        regions: region.map(|region| regions_read_by(&app.codes, region)).unwrap_or_default(),
        kind,
        year,
        page: page.max(1),
        size: PAGE,
    };
    let mut tx = app.db.read().await?;
    let found = store::register::search(&mut tx, &search).await?;
    tx.done();
    Ok(found)
}

/// A region with the former ones that it holds now (rule 10).
#[must_use]
pub fn regions_read_by(codes: &CodeLists, region: &str) -> Vec<String> {
    let former = codes.regions().iter().filter(|row| row.successor.as_deref() == Some(region));
    std::iter::once(region.to_owned()).chain(former.map(|row| row.code.to_string())).collect()
}
