//! Fictitious people of the ministry, of a prefecture and of the observers, one a role; and the codes of their
//! applications, which a demonstration shows.

use crate::app::App;
use crate::config::Profile;
use crate::domain::account::{AccountRole, Email, Identity, Key};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::token::RoleName;
use crate::service::account::{NewAccount, create};
use crate::service::demo::DemoError;
use crate::service::demo::accounts::renew_password;
use crate::service::{Result, ServiceError};
use crate::store;

/// Address, name, function, role, and the region of a prefecture.
type Member = (&'static str, &'static str, &'static str, RoleName, Option<&'static str>);

const MEMBERS: [Member; 5] = [
    (
        "sgar.bretagne@demonstration.example",
        "SGAR fictif de Bretagne",
        "chargée de mission (fictive)",
        RoleName::Sgar,
        Some("53"),
    ),
    (
        "instructeur@demonstration.example",
        "Instructeur fictif",
        "instructeur des appels à projets (fictif)",
        RoleName::Instructor,
        None,
    ),
    (
        "gestionnaire@demonstration.example",
        "Gestionnaire fictive",
        "cheffe de bureau (fictive)",
        RoleName::Manager,
        None,
    ),
    (
        "observateur@demonstration.example",
        "Observateur fictif",
        "statisticien (fictif)",
        RoleName::Observer,
        None,
    ),
    (
        "administrateur@demonstration.example",
        "Administratrice fictive",
        "administratrice du service (fictive)",
        RoleName::Administrator,
        None,
    ),
];

/// An account of the demonstration.
#[derive(Clone, PartialEq, Eq)]
pub struct DemoMember {
    /// What its owner signs in with.
    pub email: &'static str,
    /// The password, drawn at this start.
    pub password: String,
    /// What the account is for.
    pub role: RoleName,
}

/// The code that the application of a fictitious person shows.
#[derive(Clone, PartialEq, Eq)]
pub struct DemoCode {
    /// What the person signs in with.
    pub email: &'static str,
    /// What the account is for.
    pub role: RoleName,
    /// The code now.
    pub code: String,
}

/// Makes the accounts with their application, or gives those of an earlier start another password.
pub async fn renew(app: &App, actor: &Actor) -> std::result::Result<Vec<DemoMember>, DemoError> {
    if app.config.profile != Profile::Demo {
        return Err(DemoError::NotDemo);
    }
    let mut made = Vec::with_capacity(MEMBERS.len());
    for (email, name, function, role, region) in MEMBERS {
        let password = app.random.identifier();
        let address = address(email)?;
        let mut tx = app.db.snapshot().await?;
        let known = store::account::by_email(&mut tx, &address).await?;
        drop(tx);
        let (person, has_application) = match known {
            Some(account) => {
                renew_password(app, &account.person, &password).await?;
                (account.person, account.second_factor_at.is_some())
            }
            None => {
                let identity = Identity::new(name, function).map_err(|_faults| fictitious())?;
                let account = AccountRole::of(role, region.map(str::to_owned)).ok_or_else(fictitious)?;
                let new = NewAccount { identity, email: address, role: account };
                (create(app, actor, &new, &password).await?, false)
            }
        };
        if !has_application {
            let (key, mut tx) = (Key::new(app.random.bytes()), app.db.begin().await?);
            store::second_factor::prepare(&mut tx, &person, &key).await?;
            store::second_factor::confirm(&mut tx, &person, &key, 0, app.now()).await?;
            let done = serde_json::json!({"demonstration": true});
            crate::service::account::tell(
                &mut tx,
                app.now(),
                &person,
                "account.second_factor",
                &person,
                &done,
            )
            .await?;
            tx.commit().await?;
        }
        made.push(DemoMember { email, password, role });
    }
    Ok(made)
}

/// The codes of the fictitious people now; nothing outside a demonstration.
pub async fn codes(app: &App) -> Result<Option<Vec<DemoCode>>> {
    if app.config.profile != Profile::Demo {
        return Ok(None);
    }
    let mut tx = app.db.snapshot().await?;
    let mut codes = Vec::with_capacity(MEMBERS.len());
    for (email, _name, _function, role, _region) in MEMBERS {
        let Some(account) = store::account::by_email(&mut tx, &address(email)?).await? else { continue };
        let factor = store::second_factor::find(&mut tx, &account.person).await?;
        // Who has none yet is about to set it up, as the first time.
        if let Some(key) = factor.and_then(|factor| factor.key.or(factor.next_key)) {
            codes.push(DemoCode { email, role, code: key.code_at(app.now()) });
        }
    }
    tx.done();
    Ok(Some(codes))
}

fn address(email: &str) -> Result<Email> {
    email.parse().map_err(|_invalid| fictitious())
}

fn fictitious() -> ServiceError {
    ServiceError::refused(Because::Invalid, "compte fictif")
}
