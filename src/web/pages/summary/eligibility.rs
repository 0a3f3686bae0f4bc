//! The bodies of a region and their eligibility for a call, on the page of its summary.

use std::collections::BTreeMap;

use crate::app::App;
use crate::domain::role::Actor;
use crate::domain::summary::Cut;
use crate::domain::year::FlowYear;
use crate::service::ServiceError;
use crate::service::summary::bodies;
use crate::web::text;

/// Bodies shown on the page; the workbook has all.
const SHOWN: usize = 300;

/// What a page shows of eligibility.
pub(super) struct Eligibility {
    /// The calls that require the year: code and title.
    pub calls: Vec<(String, String)>,
    /// The call that was chosen.
    pub chosen: String,
    /// How many bodies have each answer.
    pub counts: Vec<(&'static str, String)>,
    /// The bodies.
    pub rows: Vec<Body>,
    /// How many more the workbook has.
    pub more: usize,
}

/// A body and its verdict.
pub(super) struct Body {
    pub siren: String,
    pub name: String,
    pub departement: String,
    pub did: &'static str,
    pub status: &'static str,
    pub sentence: String,
}

/// The calls, and the verdicts for the one that was chosen.
pub(super) async fn eligibility(
    app: &App,
    actor: &Actor,
    word: &str,
    flow_year: FlowYear,
    chosen: &str,
) -> Result<Eligibility, ServiceError> {
    let calls = bodies::calls(app, flow_year).await?;
    let mut shown = Eligibility {
        calls: calls.iter().map(|call| (call.code().to_string(), call.title().to_owned())).collect(),
        chosen: String::new(),
        counts: vec![],
        rows: vec![],
        more: 0,
    };
    let Some(call) = calls.into_iter().find(|call| call.code().as_str() == chosen) else { return Ok(shown) };
    shown.chosen = call.code().to_string();
    let found = bodies::of(app, actor, word, flow_year, vec![call]).await?;
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    for verdict in found.listed.iter().flat_map(|body| &body.verdicts) {
        *counts.entry(verdict.status.label()).or_default() += 1;
    }
    shown.counts = counts.into_iter().map(|(status, count)| (status, text::thousands(count))).collect();
    shown.more = found.listed.len().saturating_sub(SHOWN);
    let rows = found.listed.into_iter().take(SHOWN).filter_map(|body| {
        let verdict = body.verdicts.into_iter().next()?;
        Some(Body {
            siren: body.siren.to_string(),
            name: body.name,
            departement: Cut::Departement.name(&body.departement, &app.codes, flow_year.get()),
            did: body.did,
            status: verdict.status.label(),
            sentence: verdict.sentence,
        })
    });
    shown.rows = rows.collect();
    Ok(shown)
}
