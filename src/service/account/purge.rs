//! What is over is removed, by the periods of the configuration (rule 14).

use serde_json::json;

use crate::app::App;
use crate::domain::account::pace;
use crate::domain::role::Actor;
use crate::service::Result;
use crate::service::account::create::require_operator;
use crate::service::account::{erase, stash, tell};
use crate::service::declaration::upload;
use crate::service::eligibility::list;
use crate::store;

const DAY: i64 = 86_400;

/// What a purge removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Sessions.
    pub sessions: u64,
    /// Links and codes.
    pub links: u64,
    /// Counts of failures.
    pub attempts: u64,
    /// Bodies kept for after a sign-in.
    pub stashed: u64,
    /// Files whose import was neither applied nor dropped.
    pub uploads: u64,
    /// Contacts of collectivities that nobody told or confirmed for too long.
    pub contacts: u64,
    /// Mails that were sent or given up.
    pub mails: u64,
    /// Texts of questions that were closed.
    pub questions: u64,
    /// Persons erased: never confirmed, or not seen for too long.
    pub persons: usize,
}

/// Removes what has been over for longer than the configuration says. It may run at any time, twice too.
pub async fn purge(app: &App, actor: &Actor) -> Result<Purged> {
    require_operator(actor)?;
    let (now, keep) = (app.now(), &app.config.retention);
    let before = |days: u32| now.plus_seconds(i64::from(days).saturating_mul(-DAY));
    let mut tx = app.db.begin().await?;
    let mut purged = Purged {
        sessions: store::session::purge(&mut tx, before(keep.sessions_days)).await?,
        links: store::single_use::purge(&mut tx, before(keep.sessions_days)).await?,
        attempts: store::attempt::purge(
            &mut tx,
            now.plus_seconds(-pace::ALL_FORGOTTEN),
            now.plus_seconds(-pace::KNOWN_FOR),
        )
        .await?,
        stashed: store::stash::purge(&mut tx, now.plus_seconds(-stash::KEPT_FOR)).await?,
        uploads: store::upload::purge(&mut tx, now.plus_seconds(-upload::KEPT_FOR))
            .await?
            .saturating_add(store::asked_list::purge(&mut tx, now.plus_seconds(-list::KEPT_FOR)).await?),
        contacts: store::contact::purge(&mut tx, before(keep.contacts_days)).await?,
        mails: store::mail::purge(&mut tx, before(keep.mails_days)).await?,
        questions: store::question::purge(&mut tx, before(keep.questions_days)).await?,
        persons: 0,
    };
    store::mail::forget_contacts(&mut tx).await?;
    let mut gone = store::account::unconfirmed_before(&mut tx, before(keep.unconfirmed_days)).await?;
    gone.extend(store::account::inactive_since(&mut tx, before(keep.inactive_days)).await?);
    gone.sort_unstable();
    gone.dedup();
    if purged != Purged::default() {
        let after = json!({
            "sessions": purged.sessions,
            "liens": purged.links,
            "essais": purged.attempts,
            "fichiers": purged.uploads,
            "contacts": purged.contacts,
            "courriels": purged.mails,
            "questions": purged.questions,
        });
        tell(&mut tx, now, &actor.person, "account.purge", "comptes", &after).await?;
    }
    tx.commit().await?;
    for person in gone {
        erase(app, actor, &person).await?;
        purged.persons = purged.persons.saturating_add(1);
    }
    Ok(purged)
}
