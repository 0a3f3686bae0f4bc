//! A year, read once and kept: what it is made from never changes but for what is added to it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures_util::TryStreamExt;

use crate::app::App;
use crate::domain::codes::CodeLists;
use crate::domain::collectivity::{Collectivity, CollectivityKind};
use crate::domain::siren::Siren;
use crate::domain::summary::{Body, Figures, Index, Payment, Year};
use crate::domain::year::FlowYear;
use crate::reports::ReportError;
use crate::service::Result;
use crate::store::summary::Declarant;
use crate::store::{self, Tx};

/// Versions that are read one by one; more are read with the whole year.
const FEW: usize = 1_000;
/// The category of a body that is in none.
const UNCATEGORISED: &str = "sans_categorie";

/// A year as the snapshot of `tx` sees it.
pub(super) async fn read(
    app: &App,
    tx: &mut Tx<'_>,
    flow_year: FlowYear,
    has_campaign: bool,
) -> Result<Arc<Year>> {
    let head = store::journal::head(tx).await?;
    let year = match app.summaries.find(flow_year) {
        Some((seen, year)) if seen == head => return Ok(year),
        Some((seen, year)) => match store::journal::filed_since(tx, &seen, flow_year).await? {
            Some(filed) if filed.is_empty() => year,
            Some(filed) if filed.len() <= FEW => Arc::new(follow(app, tx, &year, filed).await?),
            _ => Arc::new(build(app, tx, flow_year, has_campaign, Some(&year)).await?),
        },
        None => Arc::new(build(app, tx, flow_year, has_campaign, None).await?),
    };
    app.summaries.keep(head, Arc::clone(&year));
    Ok(year)
}

/// The year with what some bodies filed since.
async fn follow(
    app: &App,
    tx: &mut Tx<'_>,
    earlier: &Year,
    filed: impl IntoIterator<Item = Siren>,
) -> Result<Year> {
    let mut year = earlier.clone();
    for siren in filed {
        match store::summary::declarant(tx, siren, year.flow_year).await? {
            Some(declarant) => {
                let mut figures =
                    figures(app, tx, &mut year, std::slice::from_ref(&declarant), Some(earlier)).await?;
                put(&mut year, &declarant, figures.remove(&siren).unwrap_or_default(), &app.codes)?;
            }
            None => year.forget(siren),
        }
    }
    year.sum();
    Ok(year)
}

fn put(year: &mut Year, declarant: &Declarant, figures: Arc<Figures>, codes: &CodeLists) -> Result<()> {
    check(declarant, &figures)?;
    let body = body(declarant, codes);
    year.add(&body, declarant.version, declarant.kind, declarant.at, figures);
    Ok(())
}

async fn build(
    app: &App,
    tx: &mut Tx<'_>,
    flow_year: FlowYear,
    has_campaign: bool,
    earlier: Option<&Year>,
) -> Result<Year> {
    let index = earlier.map(|year| year.index.clone()).unwrap_or_default();
    let mut year = Year::new(flow_year, index);
    if !has_campaign {
        for past in store::summary::past(tx, flow_year).await? {
            let figures = Figures::undetailed(past.own, &mut year.index);
            year.add(&body(&past, &app.codes), 0, past.kind, past.at, Arc::new(figures));
        }
        year.sum();
        return Ok(year);
    }
    let declarants = store::summary::declarants(tx, flow_year).await?;
    let mut figures = figures(app, tx, &mut year, &declarants, earlier).await?;
    for declarant in &declarants {
        let figures = figures.remove(&declarant.siren).unwrap_or_default();
        put(&mut year, declarant, figures, &app.codes)?;
    }
    expect(app, tx, &mut year).await?;
    year.sum();
    Ok(year)
}

/// The sums of every version that counts: those of versions known already are theirs for ever.
async fn figures(
    app: &App,
    tx: &mut Tx<'_>,
    year: &mut Year,
    declarants: &[Declarant],
    earlier: Option<&Year>,
) -> Result<HashMap<Siren, Arc<Figures>>> {
    let flow_year = year.flow_year;
    let mut found: HashMap<Siren, Arc<Figures>> = HashMap::with_capacity(declarants.len());
    let mut missing: Vec<&Declarant> = vec![];
    for declarant in declarants.iter().filter(|declarant| declarant.lines > 0) {
        let known = earlier.and_then(|year| year.body(declarant.siren));
        match known.filter(|known| known.version == declarant.version) {
            Some(known) => drop(found.insert(declarant.siren, Arc::clone(&known.figures))),
            None => missing.push(declarant),
        }
    }
    if missing.len() <= FEW {
        for declarant in missing {
            let version = declarant.version;
            let payments = store::summary::of_version(tx, declarant.siren, flow_year, version).await?;
            found.insert(declarant.siren, of(&payments, &mut year.index, &app.codes, flow_year));
        }
        return Ok(found);
    }
    let missing: HashSet<Siren> = missing.iter().map(|declarant| declarant.siren).collect();
    let mut lines = store::summary::stream_of_year(tx, flow_year);
    let mut payments: Vec<Payment> = vec![];
    let mut whose: Option<Siren> = None;
    while let Some((siren, payment)) = lines.try_next().await? {
        if let Some(ended) = whose.replace(siren).filter(|ended| *ended != siren) {
            found.insert(ended, of(&payments, &mut year.index, &app.codes, flow_year));
            payments.clear();
        }
        if missing.contains(&siren) {
            payments.push(payment);
        } else {
            whose = None;
        }
    }
    if let Some(ended) = whose {
        found.insert(ended, of(&payments, &mut year.index, &app.codes, flow_year));
    }
    Ok(found)
}

fn of(payments: &[Payment], index: &mut Index, codes: &CodeLists, flow_year: FlowYear) -> Arc<Figures> {
    Arc::new(Figures::of(payments, index, codes, flow_year.get()))
}

/// The lines must be those that the version seals.
fn check(declarant: &Declarant, figures: &Figures) -> Result<()> {
    if figures.lines() == u64::from(declarant.lines) && figures.total.own == declarant.own {
        return Ok(());
    }
    Err(ReportError::Unsealed {
        lines: figures.lines(),
        sum: figures.total.own.to_string(),
        filed_lines: u64::from(declarant.lines),
        filed_sum: declarant.own.to_string(),
    }
    .into())
}

/// Counts the expected bodies; one that did not exist in the flow year is not expected.
async fn expect(app: &App, tx: &mut Tx<'_>, year: &mut Year) -> Result<()> {
    let flow_year = year.flow_year;
    let expected = store::follow_up::bodies(tx, flow_year, app.now()).await?;
    let sirens: Vec<Siren> = expected.iter().map(|body| body.siren).collect();
    let found = store::register::find_all(tx, &sirens, flow_year).await?;
    let (first, last) = (flow_year.first_day(), flow_year.last_day());
    for siren in sirens {
        if let Some(found) = found.get(&siren).filter(|found| found.existed_between(first, last)) {
            year.expect(&of_register(siren, found, &app.codes));
        }
    }
    Ok(())
}

fn body(declarant: &Declarant, codes: &CodeLists) -> Body {
    Body {
        siren: declarant.siren,
        name: declarant.name.clone(),
        category: category(declarant.body_kind, declarant.population, codes),
        departement: departement(declarant.departement.as_deref()),
        region: declarant.region.clone(),
    }
}

fn of_register(siren: Siren, found: &Collectivity, codes: &CodeLists) -> Body {
    Body {
        siren,
        name: found.name.clone(),
        category: category(found.kind, found.population, codes),
        departement: departement(found.departement.as_deref()),
        region: found.region.clone(),
    }
}

fn category(kind: CollectivityKind, population: Option<u32>, codes: &CodeLists) -> String {
    codes.category(kind.code(), population).map_or(UNCATEGORISED, |row| &row.code).to_owned()
}

fn departement(code: Option<&str>) -> String {
    code.unwrap_or(crate::domain::summary::cut::NONE).to_owned()
}
