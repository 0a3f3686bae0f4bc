//! An agent signs up: one form, the collectivity asked for at once.

use serde_json::json;

use crate::app::App;
use crate::domain::account::{AccountRole, Email, Identity, PasswordHash, Purpose};
use crate::domain::attachment::{self, How, Step, StepKind};
use crate::domain::mail::{Message, Recipient};
use crate::domain::missing::MissingCollectivity;
use crate::domain::refusal::Because;
use crate::domain::siren::Siren;
use crate::service::account::{
    Origin, about_person, draw_link, hashed, is_invited, limits, missing, name_of, tell,
};
use crate::service::{Result, ServiceError, mail, registered};
use crate::store::{self, Tx};

/// What the form holds, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// Name and function.
    pub identity: Identity,
    /// Address.
    pub email: Email,
    /// For which collectivity the agent wants to act.
    pub wanted: Wanted,
    /// What the agent says to those who answer.
    pub message: Option<String>,
}

/// For which collectivity an agent wants to act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// One of the register.
    Registered(Siren),
    /// One that is not in the list.
    Missing(MissingCollectivity),
}

/// Signs up. The answer is the same whether the address has an account or not: who
/// has one gets a mail that says so, the others a link to confirm the address.
///
/// An account whose address was never confirmed is overwritten: only the last
/// form counts, and its link asks for its password.
pub async fn sign_up(app: &App, form: &SignUp, password: &str, origin: &Origin) -> Result<()> {
    let message = attachment::text(form.message.as_deref())
        .map_err(|fault| ServiceError::refused(Because::Invalid, fault))?;
    limits::count_form(app, &origin.address).await?;
    let mut about = about_person(form.identity.name(), &form.email);
    match &form.wanted {
        Wanted::Registered(siren) => {
            let mut tx = app.db.read().await?;
            registered(&mut tx, *siren).await?;
            about.extend(name_of(&mut tx, app, *siren).await?);
            tx.done();
        }
        Wanted::Missing(told) => about.push(told.name.clone()),
    }
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let hash = hashed(app, password, AccountRole::Declarant.shortest_password(), &about).await?;
    match keep(app, form, message.as_deref(), &hash).await {
        // Another form with this address came first: its mail is on its way.
        Err(ServiceError::Refused(refusal)) if refusal.because == Because::FiledMeanwhile => Ok(()),
        done => done,
    }
}

async fn keep(app: &App, form: &SignUp, message: Option<&str>, hash: &PasswordHash) -> Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let known = store::account::by_email(&mut tx, &form.email).await?;
    let may_write = limits::count_mail(&mut tx, app, form.email.as_str()).await?;
    let person = match known {
        Some(account) if account.confirmed_at.is_some() || is_invited(&account) => {
            if may_write {
                let to = Recipient::Person(account.person.clone());
                mail::queue(&mut tx, app, &to, &Message::AddressKnown).await?;
            }
            account.person
        }
        Some(account) => {
            store::person::rename(&mut tx, &account.person, &form.identity).await?;
            store::account::set_password(&mut tx, &account.person, hash, now).await?;
            want(&mut tx, app, &account.person, &form.wanted, message).await?;
            write(&mut tx, app, &account.person, may_write).await?;
            account.person
        }
        None => {
            let person = app.random.identifier();
            store::person::insert_agent(&mut tx, &person, (&form.email, &form.identity), now).await?;
            store::account::insert(&mut tx, &person, hash, &AccountRole::Declarant, now).await?;
            want(&mut tx, app, &person, &form.wanted, message).await?;
            write(&mut tx, app, &person, may_write).await?;
            person
        }
    };
    let siren = match &form.wanted {
        Wanted::Registered(siren) => Some(*siren),
        Wanted::Missing(_) => None,
    };
    tell(&mut tx, now, &person, "account.sign_up", &person, &json!({"siren": siren})).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends a link to confirm the address, unless the mailbox had enough of them.
pub(super) async fn write(tx: &mut Tx<'_>, app: &App, person: &str, may_write: bool) -> Result<()> {
    if !may_write {
        return Ok(());
    }
    let (secret, expires_at) = draw_link(tx, app, person, Purpose::Confirm).await?;
    let message = Message::ConfirmEmail { secret, expires_at };
    mail::queue(tx, app, &Recipient::Person(person.to_owned()), &message).await
}

/// Keeps what the agent wants to act for; who may answer is told once the address is confirmed.
async fn want(
    tx: &mut Tx<'_>,
    app: &App,
    person: &str,
    wanted: &Wanted,
    message: Option<&str>,
) -> Result<()> {
    match wanted {
        Wanted::Missing(told) => missing::keep(tx, app, person, told).await.map(drop),
        Wanted::Registered(siren) => {
            tx.hold_attachments().await?;
            let now = app.now();
            let asked = store::attachment::of_person(tx, person).await?;
            let mut is_asked = false;
            // Only the last form counts: what an earlier one asked for is taken back.
            for earlier in asked.into_iter().filter(|asked| asked.state().is_open()) {
                if earlier.siren == *siren {
                    is_asked = true;
                    continue;
                }
                let (by, at) = (person.to_owned(), earlier.not_before_the_last(now));
                let step = Step { kind: StepKind::Withdrawn, how: How::Own, at, by, reason: None };
                store::attachment::add_step(tx, &earlier.id, &step).await?;
            }
            if is_asked {
                return Ok(());
            }
            let id = app.random.identifier();
            Ok(store::attachment::insert(tx, &id, (person, *siren), message, now).await?)
        }
    }
}
