//! Expected bodies that a list or a person names (rule 11).

use serde_json::json;

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::scope::Scope;
use crate::domain::siren::Siren;
use crate::domain::year::CampaignYear;
use crate::imports::expected;
use crate::imports::{CellError, Limits, Refused};
use crate::service::account::tell;
use crate::service::campaign::{existing, refuse_settled};
use crate::service::register::regions_read_by;
use crate::service::{
    Result, ServiceError, refusals, registered, require_follower, require_manager, require_reason,
    unregistered,
};
use crate::store;
use crate::store::expected::Expectation;
use crate::store::journal::Told;

pub use crate::store::expected::{Decided, Origin};

/// Characters of a reason: it is kept for ever.
const LONGEST_REASON: usize = 300;

/// What an import of expected bodies did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Listed {
    /// Bodies expected from now on.
    pub added: usize,
    /// Bodies that were expected already.
    pub unchanged: usize,
}

/// Decisions that a page shows.
const SHOWN: i64 = 200;

/// What an import of expected bodies would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// Bodies expected from then on: SIREN, name, reason.
    pub added: Vec<(Siren, String, String)>,
    /// Bodies that the list adds for the same reason already.
    pub unchanged: usize,
}

/// Adds one body to those that a campaign expects, or takes it off, with a reason: a manager anywhere, a SGAR in its
/// region. The decisions before stay, each with who took it.
pub async fn decide(
    app: &App,
    actor: &Actor,
    year: CampaignYear,
    siren: Siren,
    expected: bool,
    reason: &str,
) -> Result<()> {
    let outcome = decide_once(app, actor, year, siren, (expected, reason)).await;
    refusals::told(app, actor, "expected.decide", format!("{siren}/{year}"), outcome).await
}

async fn decide_once(
    app: &App,
    actor: &Actor,
    year: CampaignYear,
    siren: Siren,
    (expected, reason): (bool, &str),
) -> Result<()> {
    let followed = match &actor.role {
        Role::Sgar(region) => Some(regions_read_by(&app.codes, region)),
        _ => require_manager(actor).map(|()| None)?,
    };
    let reason = require_reason(reason)?;
    if reason.chars().count() > LONGEST_REASON {
        let message = format!("le motif est trop long\u{a0}: {LONGEST_REASON} caractères au plus");
        return Err(ServiceError::refused(Because::Invalid, message));
    }
    let (now, origin) = (app.now(), if followed.is_some() { Origin::Sgar } else { Origin::Manager });
    let mut tx = app.db.begin().await?;
    tx.share_campaign(year).await?;
    refuse_settled(&existing(&mut tx, year).await?, now)?;
    let body = store::register::find(&mut tx, siren, year.flow_year()).await?;
    let body = body.ok_or_else(|| unregistered(siren))?;
    if followed.is_some_and(|regions| !regions.contains(&body.region)) {
        let message =
            "chaque préfecture décide pour sa région\u{a0}: cette collectivité est comptée dans une autre";
        return Err(ServiceError::refused(Because::Forbidden, message));
    }
    let (first, last) = (year.flow_year().first_day(), year.flow_year().last_day());
    if expected && !body.existed_between(first, last) {
        let message =
            format!("{} n’existait pas en {}\u{a0}: elle n’a rien à déclarer", body.name, year.flow_year());
        return Err(ServiceError::refused(Because::DidNotExist, message));
    }
    let expectation = Expectation { expected, origin, reason: reason.to_owned() };
    store::expected::decide(&mut tx, year, siren, &expectation, &actor.person, now).await?;
    let after = json!({"attendue": expected, "origine": origin.code(), "motif": reason});
    tell(&mut tx, now, &actor.person, "expected.decide", &format!("{siren}/{year}"), &after).await?;
    tx.commit().await?;
    Ok(())
}

/// The last decisions that persons took about single bodies, the latest first, with the names of the bodies.
pub async fn decided(app: &App, actor: &Actor, year: CampaignYear) -> Result<Vec<(Decided, String)>> {
    let regions = match require_follower(actor)? {
        Scope::National => None,
        Scope::Region(region) => Some(regions_read_by(&app.codes, &region)),
    };
    let mut tx = app.db.snapshot().await?;
    existing(&mut tx, year).await?;
    let decided = store::expected::by_persons(&mut tx, year, SHOWN).await?;
    let sirens: Vec<Siren> = decided.iter().map(|decided| decided.siren).collect();
    let bodies = store::register::find_all(&mut tx, &sirens, year.flow_year()).await?;
    let seen = |decided: Decided| {
        let body = bodies.get(&decided.siren)?;
        let is_seen = regions.as_ref().is_none_or(|regions| regions.contains(&body.region));
        is_seen.then(|| (decided, body.name.clone()))
    };
    Ok(decided.into_iter().filter_map(seen).collect())
}

/// What a list would add, without adding it.
///
/// # Errors
/// Everything wrong with the file, row by row.
pub async fn preview(app: &App, actor: &Actor, year: CampaignYear, bytes: &[u8]) -> Result<Preview> {
    require_manager(actor)?;
    let rows = expected::read(bytes, &Limits::default())?;
    let mut tx = app.db.snapshot().await?;
    refuse_settled(&existing(&mut tx, year).await?, app.now())?;
    let sirens: Vec<Siren> = rows.iter().map(|row| row.siren).collect();
    let bodies = store::register::find_all(&mut tx, &sirens, year.flow_year()).await?;
    let mut preview = Preview::default();
    let mut faults = vec![];
    for row in rows {
        let Some(body) = bodies.get(&row.siren) else {
            faults.push(unknown_row(row.row, row.siren));
            continue;
        };
        let told = Expectation { expected: true, origin: Origin::List, reason: row.reason.clone() };
        if store::expected::last(&mut tx, year, row.siren).await?.as_ref() == Some(&told) {
            preview.unchanged = preview.unchanged.saturating_add(1);
        } else {
            preview.added.push((row.siren, body.name.clone(), row.reason));
        }
    }
    if faults.is_empty() {
        Ok(preview)
    } else {
        Err(ServiceError::File(Refused { file: vec![], cells: faults }))
    }
}

/// The fault of a row whose body the register does not hold.
fn unknown_row(row: u32, siren: Siren) -> CellError {
    let hint = "corrigez le numéro, ou complétez d’abord le registre";
    let message = "ce SIREN n’est pas dans le registre";
    CellError::new(Because::UnknownSiren.code(), (row, "siren"), siren.as_str(), message.to_owned(), hint)
}

/// Makes every body of the list expected in a campaign, or none.
pub async fn import(app: &App, actor: &Actor, year: CampaignYear, bytes: &[u8]) -> Result<Listed> {
    let outcome = import_once(app, actor, year, bytes).await;
    refusals::told(app, actor, "expected.import", year, outcome).await
}

async fn import_once(app: &App, actor: &Actor, year: CampaignYear, bytes: &[u8]) -> Result<Listed> {
    require_manager(actor)?;
    let rows = expected::read(bytes, &Limits::default())?;
    let now = app.now();
    let (mut listed, mut faults) = (Listed::default(), Vec::new());
    let mut tx = app.db.begin().await?;
    tx.share_campaign(year).await?;
    refuse_settled(&existing(&mut tx, year).await?, now)?;
    for row in &rows {
        match registered(&mut tx, row.siren).await {
            Ok(_body) => {}
            Err(ServiceError::Refused(refusal)) => {
                let hint = "corrigez le numéro, ou complétez d’abord le registre";
                let value = row.siren.to_string();
                faults.push(CellError::new(
                    refusal.because.code(),
                    (row.row, "siren"),
                    &value,
                    refusal.message,
                    hint,
                ));
                continue;
            }
            Err(error) => return Err(error),
        }
        let expectation = Expectation { expected: true, origin: Origin::List, reason: row.reason.clone() };
        if store::expected::last(&mut tx, year, row.siren).await?.as_ref() == Some(&expectation) {
            listed.unchanged = listed.unchanged.saturating_add(1);
            continue;
        }
        store::expected::decide(&mut tx, year, row.siren, &expectation, &actor.person, now).await?;
        listed.added = listed.added.saturating_add(1);
    }
    if !faults.is_empty() {
        return Err(ServiceError::File(Refused { file: vec![], cells: faults }));
    }
    if listed.added > 0 {
        let (subject, after) = (year.to_string(), json!({"ajouts": listed.added}).to_string());
        let told = Told {
            at: now,
            actor: &actor.person,
            action: "expected.import",
            subject: &subject,
            before: None,
            after: Some(&after),
        };
        store::journal::append(&mut tx, told).await?;
        tx.commit().await?;
    }
    Ok(listed)
}
