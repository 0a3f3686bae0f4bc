//! An account is closed, or its person forgotten (rule 14).

use serde_json::json;

use crate::app::App;
use crate::domain::account::Purpose;
use crate::domain::attachment::{How, State, Step, StepKind};
use crate::domain::contact::Origin;
use crate::domain::instant::Instant;
use crate::domain::role::{Actor, Role};
use crate::domain::text::fold;
use crate::service::account::list::{require_keeper, require_keeper_of_others, unknown};
use crate::service::account::{limits, tell};
use crate::service::declaration::reserve;
use crate::service::{Result, question, refusals};
use crate::store::account::Account;
use crate::store::{self, Tx};

/// Closes an account: its sessions end, nobody signs in any more; who it was stays known.
pub async fn disable(app: &App, actor: &Actor, person: &str) -> Result<()> {
    refusals::told(app, actor, "account.disable", person, require_keeper_of_others(actor, person)).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let account = store::account::find(&mut tx, person).await?;
    account.filter(|account| account.disabled_at.is_none()).ok_or_else(unknown)?;
    store::account::disable(&mut tx, person, now).await?;
    store::session::end_others(&mut tx, person, None, now).await?;
    store::single_use::end_all(&mut tx, person, Purpose::Step, None, now).await?;
    tell(&mut tx, now, &actor.person, "account.disable", person, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets a person, at their own request, at an administrator's, or when the
/// time to keep them is over. The id stays where it acted; everything open ends;
/// the data of the collectivity stays (rule 16).
pub async fn erase(app: &App, actor: &Actor, person: &str) -> Result<()> {
    if actor.person != person {
        refusals::told(app, actor, "person.erase", person, require_keeper(actor)).await?;
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let account = store::account::find(&mut tx, person).await?.ok_or_else(unknown)?;
    forget(&mut tx, actor, &account, now).await?;
    tell(&mut tx, now, &actor.person, "person.erase", person, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn forget(tx: &mut Tx<'_>, actor: &Actor, account: &Account, now: Instant) -> Result<()> {
    let person = account.person.as_str();
    let how = match actor.role {
        _ if actor.person == person => How::Own,
        Role::Operator => How::Operator,
        _ => How::Ministry,
    };
    limits::forget(tx, account.email.as_str()).await?;
    tx.hold_attachments().await?;
    let mut answered = vec![];
    for attachment in store::attachment::of_person(tx, person).await? {
        let kind = match attachment.state() {
            State::Awaited => StepKind::Withdrawn,
            State::Attached => StepKind::Detached,
            _ => continue,
        };
        let at = attachment.not_before_the_last(now);
        let step = Step { kind, how, at, by: actor.person.clone(), reason: None };
        store::attachment::add_step(tx, &attachment.id, &step).await?;
        if kind == StepKind::Withdrawn {
            answered.push(reserve::answer(tx, &attachment, kind, &actor.person, at).await?);
        }
    }
    store::draft::forget(tx, person).await?;
    store::attachment::forget_messages(tx, person).await?;
    store::missing::forget_messages(tx, person).await?;
    question::forget(tx, account).await?;
    store::mail::forget(tx, person).await?;
    store::single_use::forget(tx, person).await?;
    store::session::forget(tx, person).await?;
    store::stash::forget(tx, person).await?;
    store::upload::forget(tx, person).await?;
    store::asked_list::forget(tx, person).await?;
    store::second_factor::forget(tx, person).await?;
    store::account::remove(tx, person).await?;
    forget_contacts(tx, account).await?;
    // Who signs what one files stands there once more, as a signatory.
    let own = fold(&account.name);
    for (signatory, name) in store::person::signatories_near(tx, person).await? {
        if fold(&name) == own {
            store::person::erase(tx, &signatory, now).await?;
        }
    }
    store::person::erase(tx, person, now).await?;
    for answered in answered {
        answered.tell(tx, &actor.person, now).await?;
    }
    Ok(())
}

/// Who keeps the list of contacts may stand in it: by the address, whatever the collectivity, and by the name in those
/// that they asked to act for. An address that the ministry brought is that of the collectivity: its name goes alone.
async fn forget_contacts(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    store::contact::forget(tx, &account.email).await?;
    let own = fold(&account.name);
    for contact in store::contact::near(tx, &account.person).await? {
        if contact.name.as_deref().map(fold) != Some(own.clone()) {
            continue;
        }
        match contact.origin {
            Origin::Imported => store::contact::unname(tx, &contact.id).await?,
            Origin::Kept => store::contact::remove(tx, &contact.id).await?,
        }
    }
    store::mail::forget_contacts(tx).await?;
    Ok(())
}
