//! What administrators do with the accounts of others; never with their own, and never with amounts.

use serde_json::json;

use crate::app::App;
use crate::domain::account::{AccountRole, Purpose};
use crate::domain::attachment;
use crate::domain::instant::Instant;
use crate::domain::mail::FactorChange;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::service::account::list::{require_keeper_of_others, require_region, unknown};
use crate::service::account::{second_factor, tell};
use crate::service::{Result, ServiceError, refusals, require_reason};
use crate::store::account::Account;
use crate::store::journal::{self, Told};
use crate::store::{self, Tx};

/// Gives an account another role, for a reason; its sessions end. Agents of collectivities have theirs by attachment:
/// none becomes of another role, nor the reverse.
pub async fn change_role(
    app: &App,
    actor: &Actor,
    person: &str,
    role: &AccountRole,
    why: &str,
) -> Result<()> {
    let allowed = require_keeper_of_others(actor, person);
    refusals::told(app, actor, "account.role", person, allowed).await?;
    require_region(app, role)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let account = known(&mut tx, person).await?;
    if !account.role.is_privileged() || !role.is_privileged() {
        let message = "un agent de collectivité garde ce rôle\u{a0}: pour un autre, invitez la personne à son adresse de service";
        return Err(ServiceError::refused(Because::Invalid, message));
    }
    let why = reason(&account, why)?;
    store::account::set_role(&mut tx, person, role).await?;
    let ended = end_everything(&mut tx, person, now).await?;
    let said = |role: &AccountRole| json!({"role": role.name().code(), "region": role.region()});
    let before = said(&account.role).to_string();
    let mut after = said(role);
    if let Some(after) = after.as_object_mut() {
        after.extend([("motif".to_owned(), json!(why)), ("sessions".to_owned(), json!(ended))]);
    }
    let after = after.to_string();
    let told = Told {
        at: now,
        actor: &actor.person,
        action: "account.role",
        subject: person,
        before: Some(&before),
        after: Some(&after),
    };
    journal::append(&mut tx, told).await?;
    tx.commit().await?;
    Ok(())
}

/// Opens an account that was closed.
pub async fn enable(app: &App, actor: &Actor, person: &str) -> Result<()> {
    let allowed = require_keeper_of_others(actor, person);
    refusals::told(app, actor, "account.enable", person, allowed).await?;
    let mut tx = app.db.begin().await?;
    let account = known(&mut tx, person).await?;
    account.disabled_at.ok_or_else(unknown)?;
    store::account::enable(&mut tx, person).await?;
    tell(&mut tx, app.now(), &actor.person, "account.enable", person, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends every session of a person; says how many.
pub async fn end_all_sessions(app: &App, actor: &Actor, person: &str) -> Result<u64> {
    let allowed = require_keeper_of_others(actor, person);
    refusals::told(app, actor, "account.sessions", person, allowed).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    known(&mut tx, person).await?;
    let ended = end_everything(&mut tx, person, now).await?;
    tell(&mut tx, now, &actor.person, "account.sessions", person, &json!({"sessions": ended})).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Takes the second factor of a person away, who lost it: the password alone leads to set another one up. The person
/// is told by mail.
pub async fn reset_second_factor(app: &App, actor: &Actor, person: &str) -> Result<()> {
    let allowed = require_keeper_of_others(actor, person);
    refusals::told(app, actor, "account.second_factor.reset", person, allowed).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    known(&mut tx, person).await?;
    if !store::second_factor::forget(&mut tx, person).await? {
        let message = "ce compte n’a pas de double authentification à réinitialiser";
        return Err(ServiceError::refused(Because::StepTaken, message));
    }
    let ended = end_everything(&mut tx, person, now).await?;
    second_factor::told_by_mail(&mut tx, app, person, FactorChange::Reset).await?;
    let after = json!({"sessions": ended});
    tell(&mut tx, now, &actor.person, "account.second_factor.reset", person, &after).await?;
    tx.commit().await?;
    Ok(())
}

async fn known(tx: &mut Tx<'_>, person: &str) -> Result<Account> {
    store::account::find(tx, person).await?.ok_or_else(unknown)
}

/// Ends the sessions of a person, and what a password opened that waits for a code; says how many sessions.
async fn end_everything(tx: &mut Tx<'_>, person: &str, now: Instant) -> Result<u64> {
    store::single_use::end_all(tx, person, Purpose::Step, None, now).await?;
    Ok(store::session::end_others(tx, person, None, now).await?)
}

/// A reason stays for ever: it is short, and names nobody (rule 14).
fn reason(account: &Account, why: &str) -> Result<String> {
    let invalid = |fault: String| ServiceError::refused(Because::Invalid, fault);
    let why = attachment::text(Some(require_reason(why)?)).map_err(invalid)?.unwrap_or_default();
    if attachment::names(&why, &[&account.name, account.email.as_str()]) {
        let fault = "le motif reste au journal\u{a0}: écrivez-le sans le nom ni l’adresse de la personne";
        return Err(invalid(fault.to_owned()));
    }
    Ok(why)
}
