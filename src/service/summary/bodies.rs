//! The bodies of a territory: what each did, and its eligibility for the calls that require the year.

use std::collections::HashMap;

use crate::app::App;
use crate::domain::call::Call;
use crate::domain::eligibility::Verdict;
use crate::domain::role::Actor;
use crate::domain::scope::Scope;
use crate::domain::siren::Siren;
use crate::domain::summary::Listed;
use crate::domain::text::fold;
use crate::domain::year::FlowYear;
use crate::service::eligibility::{self, BATCH_MAX};
use crate::service::{Result, call, summary};
use crate::store::Tx;

/// The bodies of a territory by département and name, and the calls that their verdicts are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bodies {
    /// The calls that require the flow year.
    pub calls: Vec<Call>,
    /// The bodies.
    pub listed: Vec<Listed>,
}

/// The bodies of a territory that the actor follows, with their verdicts for the calls of these codes.
///
/// # Errors
/// As [`summary::of`].
pub async fn of(
    app: &App,
    actor: &Actor,
    word: &str,
    flow_year: FlowYear,
    calls: Vec<Call>,
) -> Result<Bodies> {
    let scope = summary::scope(app, actor, word)?;
    let mut listed = within(app, &mut app.db.snapshot().await?, &scope, flow_year).await?;
    let sirens: Vec<Siren> = listed.iter().map(|body| body.siren).collect();
    let at = app.now();
    for call in &calls {
        let mut verdicts: HashMap<Siren, Verdict> = HashMap::with_capacity(sirens.len());
        for part in sirens.chunks(BATCH_MAX) {
            let found = eligibility::of_list(app, call.code().as_str(), part, Some(at)).await?;
            verdicts.extend(part.iter().copied().zip(found.verdicts));
        }
        for body in &mut listed {
            body.verdicts.extend(verdicts.remove(&body.siren));
        }
    }
    Ok(Bodies { calls, listed })
}

/// The bodies of a territory in a snapshot, without verdicts.
pub(super) async fn within(
    app: &App,
    tx: &mut Tx<'_>,
    scope: &Scope,
    flow_year: FlowYear,
) -> Result<Vec<Listed>> {
    let read = summary::known(app, tx, flow_year).await?.ok_or_else(|| summary::unknown(flow_year))?;
    let listed = read.year.bodies(scope, &app.codes).map(|(siren, known)| Listed {
        siren,
        name: known.name.to_string(),
        departement: known.departement.to_string(),
        did: known.did(),
        sum: known.figures.total,
        verdicts: vec![],
    });
    let mut listed: Vec<Listed> = listed.collect();
    listed.sort_by_cached_key(|body| (body.departement.clone(), fold(&body.name), body.siren));
    Ok(listed)
}

/// The calls that require a flow year.
pub async fn calls(app: &App, flow_year: FlowYear) -> Result<Vec<Call>> {
    let mut calls = call::list(app).await?;
    calls.retain(|call| call.required_years().contains(&flow_year));
    Ok(calls)
}
