//! Derogations and their revocation (rule 4); `follow` lists them.

pub mod follow;

use serde_json::json;

use crate::app::App;
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::CampaignYear;
use crate::service::campaign::{existing, refuse_settled};
use crate::service::refusals::told;
use crate::service::{Result, ServiceError, access, call, registered, require_manager, require_reason};
pub use crate::store::derogation::{Derogation, Scope};
use crate::store::journal::Told;
use crate::store::{self, Tx};

/// Lets one collectivity file until a day, inclusive, before the campaign is settled. Gives its number.
pub async fn grant_filing(
    app: &App,
    actor: &Actor,
    siren: Siren,
    year: CampaignYear,
    until: Day,
    reason: &str,
) -> Result<i32> {
    let outcome = grant_filing_now(app, actor, siren, year, until, reason).await;
    told(app, actor, "derogation.filing", siren, outcome).await
}

async fn grant_filing_now(
    app: &App,
    actor: &Actor,
    siren: Siren,
    year: CampaignYear,
    until: Day,
    reason: &str,
) -> Result<i32> {
    require_manager(actor)?;
    let (now, reason) = (app.now(), require_reason(reason)?);
    let mut tx = app.db.begin().await?;
    tx.share_campaign(year).await?;
    let campaign = existing(&mut tx, year).await?;
    refuse_settled(&campaign, now)?;
    if until.ends_at() <= now {
        let message = format!("le {} est passé\u{a0}: donnez un jour à venir", until.to_long());
        return Err(ServiceError::refused(Because::NotLater, message));
    }
    let scope = Scope::Filing { campaign: year, until };
    let id = decide(&mut tx, actor, siren, &scope, reason, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Makes one collectivity eligible for one call, named by its code or year. Gives its number.
pub async fn grant_eligibility(
    app: &App,
    actor: &Actor,
    siren: Siren,
    call_name: &str,
    reason: &str,
) -> Result<i32> {
    let outcome = grant_eligibility_now(app, actor, siren, call_name, reason).await;
    told(app, actor, "derogation.eligibility", siren, outcome).await
}

async fn grant_eligibility_now(
    app: &App,
    actor: &Actor,
    siren: Siren,
    call_name: &str,
    reason: &str,
) -> Result<i32> {
    require_manager(actor)?;
    let (now, reason) = (app.now(), require_reason(reason)?);
    let mut tx = app.db.begin().await?;
    let call = call::resolve_in(&mut tx, call_name).await?;
    let scope = Scope::Eligibility { call: call.code().clone() };
    let id = decide(&mut tx, actor, siren, &scope, reason, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Every decision on a body, the last one first, for the ministry and the prefecture of its region.
pub async fn of_body(app: &App, actor: &Actor, siren: Siren) -> Result<Vec<Derogation>> {
    access::require_eligibility_staff(actor)?;
    access::require_eligibility_reader(app, actor, siren).await?;
    let mut tx = app.db.snapshot().await?;
    Ok(store::derogation::of_body(&mut tx, siren).await?)
}

/// Ends a derogation from now on.
pub async fn revoke(app: &App, actor: &Actor, id: i32, reason: &str) -> Result<()> {
    let outcome = revoke_now(app, actor, id, reason).await;
    told(app, actor, "derogation.revoke", id, outcome).await
}

async fn revoke_now(app: &App, actor: &Actor, id: i32, reason: &str) -> Result<()> {
    require_manager(actor)?;
    let (now, reason) = (app.now(), require_reason(reason)?);
    let mut tx = app.db.begin().await?;
    let Some(derogation) = store::derogation::find(&mut tx, id).await? else {
        let message = format!("il n’y a pas de dérogation n°\u{a0}{id}");
        return Err(ServiceError::refused(Because::UnknownDerogation, message));
    };
    if derogation.revoked_at.is_some() {
        let message = format!("la dérogation n°\u{a0}{id} est déjà révoquée");
        return Err(ServiceError::refused(Because::RevokedAlready, message));
    }
    store::derogation::revoke(&mut tx, id, reason, &actor.person, now).await?;
    let (subject, after) = (id.to_string(), json!({"motif": reason}).to_string());
    let told = Told {
        at: now,
        actor: &actor.person,
        action: "derogation.revoke",
        subject: &subject,
        before: None,
        after: Some(&after),
    };
    store::journal::append(&mut tx, told).await?;
    tx.commit().await?;
    Ok(())
}

async fn decide(
    tx: &mut Tx<'_>,
    actor: &Actor,
    siren: Siren,
    scope: &Scope,
    reason: &str,
    now: Instant,
) -> Result<i32> {
    registered(tx, siren).await?;
    let id = store::derogation::decide(tx, siren, scope, reason, &actor.person, now).await?;
    let (action, after) = match scope {
        Scope::Filing { campaign, until } => (
            "derogation.filing",
            json!({"numero": id, "campagne": campaign, "jusqu_au": until, "motif": reason}),
        ),
        Scope::Eligibility { call } => {
            ("derogation.eligibility", json!({"numero": id, "appel": call, "motif": reason}))
        }
    };
    let (subject, after) = (siren.to_string(), after.to_string());
    let told =
        Told { at: now, actor: &actor.person, action, subject: &subject, before: None, after: Some(&after) };
    store::journal::append(tx, told).await?;
    Ok(id)
}
