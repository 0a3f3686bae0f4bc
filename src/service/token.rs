//! Tokens of the API: made, listed, revoked, and recognised when they come back.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::domain::collectivity::HORS;
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::token::{RoleName, Scope, Token};
use crate::service::eligibility::{self, About, Ahead};
use crate::service::{Result, ServiceError, registered};
use crate::store;
use crate::store::facts::{Answer, Question};
use crate::store::journal::Told;
use crate::store::person::PersonKind;

/// How a secret begins, so that a leaked one is recognised.
pub const PREFIX: &str = "eapd_";
/// Days that a token serves where none are given.
pub const DAYS_DEFAULT: u16 = 90;
/// Days that a token serves at most.
pub const DAYS_MAX: u16 = 366;

/// A token asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Who holds it: kept apart, purgeable (rule 14).
    pub holder: String,
    /// On what it may act.
    pub role: Role,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// For how many days.
    pub days: u16,
}

/// A token just made, with the secret that is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Made {
    /// The token.
    pub token: Token,
    /// What its holder sends; only its hash is kept.
    pub secret: String,
}

/// A token with the name of its holder, unless erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The token.
    pub token: Token,
    /// The name of its holder.
    pub holder: Option<String>,
}

/// Makes a token.
pub async fn create(app: &App, actor: &Actor, new: &NewToken) -> Result<Made> {
    require_administrator(actor)?;
    let holder = new.holder.trim();
    if holder.is_empty() || holder.chars().count() > 200 {
        return Err(invalid(
            "indiquez qui détient le jeton\u{a0}: une personne ou un logiciel, 200 caractères au plus",
        ));
    }
    if !(1..=DAYS_MAX).contains(&new.days) {
        return Err(invalid(format!("un jeton dure de 1 à {DAYS_MAX} jours")));
    }
    let scopes = scopes_of(&new.role, &new.scopes)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    match &new.role {
        Role::Declarant(sirens) if sirens.is_empty() => {
            return Err(invalid("indiquez au moins un SIREN pour un jeton de déclarant"));
        }
        Role::Declarant(sirens) => {
            for siren in sirens {
                registered(&mut tx, *siren).await?;
            }
        }
        Role::Sgar(region) => {
            let known = app.codes.regions().latest(region);
            if region == HORS || known.is_none_or(|known| known.successor.is_some()) {
                let shown = crate::domain::text::excerpt(region, 20);
                return Err(invalid(format!(
                    "«\u{a0}{shown}\u{a0}» n’est pas le code INSEE d’une région d’aujourd’hui, par exemple 11"
                )));
            }
        }
        _ => {}
    }
    // Twice 130 random bits.
    let secret = format!("{PREFIX}{}{}", app.random.identifier(), app.random.identifier());
    let person = app.random.identifier();
    store::person::insert(&mut tx, &person, PersonKind::Token, holder, None, now).await?;
    let token = Token {
        id: app.random.identifier(),
        person,
        role: new.role.clone(),
        scopes,
        created_at: now,
        expires_at: now.plus_seconds(i64::from(new.days).saturating_mul(86_400)),
        revoked_at: None,
    };
    store::token::insert(&mut tx, &token, &hash(&secret)).await?;
    let after = json!({
        "personne": token.person,
        "role": token.role.code(),
        "perimetre": perimeter(&token.role),
        "portees": token.scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>(),
        "expire_le": token.expires_at,
    });
    tell(&mut tx, actor, now, "token.create", &token.id, &after).await?;
    tx.commit().await?;
    Ok(Made { token, secret })
}

/// Every token, the oldest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Listed>> {
    require_administrator(actor)?;
    let mut tx = app.db.snapshot().await?;
    let tokens = store::token::all(&mut tx).await?;
    let mut listed = Vec::with_capacity(tokens.len());
    for token in tokens {
        let holder = store::person::find(&mut tx, &token.person).await?.and_then(|(name, _)| name);
        listed.push(Listed { token, holder });
    }
    Ok(listed)
}

/// Ends a token at once.
pub async fn revoke(app: &App, actor: &Actor, id: &str) -> Result<()> {
    require_administrator(actor)?;
    let (now, shown) = (app.now(), crate::domain::text::excerpt(id, 30));
    let mut tx = app.db.begin().await?;
    let Some(token) = store::token::find(&mut tx, id).await? else {
        let message = format!("il n’y a pas de jeton «\u{a0}{shown}\u{a0}»");
        return Err(ServiceError::refused(Because::UnknownToken, message));
    };
    if token.revoked_at.is_some() {
        let message = format!("le jeton {shown} est déjà révoqué");
        return Err(ServiceError::refused(Because::RevokedAlready, message));
    }
    store::token::revoke(&mut tx, id, now).await?;
    tell(&mut tx, actor, now, "token.revoke", id, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// The token that a secret opens now, if it does, and what is on file about what the
/// request asks, told by the same trip.
pub async fn recognise(
    app: &App,
    secret: &str,
    about: Option<About>,
) -> Result<Option<(Token, Option<Ahead>)>> {
    if !secret.starts_with(PREFIX) {
        return Ok(None);
    }
    let question = Question { secret_sha256: Some(hash(secret)), about: about.clone() };
    let Answer { token, on_file } = eligibility::ask(app, question).await?;
    let ahead = about.map(|about| Ahead { about, on_file });
    Ok(token.filter(|token| token.serves(app.now())).map(|token| (token, ahead)))
}

/// On what a role may act, in one word or list.
#[must_use]
pub fn perimeter(role: &Role) -> String {
    match role {
        Role::Declarant(sirens) => sirens.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Role::Sgar(region) => format!("région {region}"),
        _ => "tout".to_owned(),
    }
}

fn scopes_of(role: &Role, asked: &[Scope]) -> Result<Vec<Scope>> {
    let Some(name) = RoleName::of(role) else {
        return Err(invalid("l’exploitant agit sur la machine\u{a0}: il n’a pas de jeton"));
    };
    let mut scopes = asked.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(invalid("indiquez au moins une portée"));
    }
    match scopes.iter().find(|scope| !scope.roles().contains(&name)) {
        None => Ok(scopes),
        Some(scope) => {
            let allowed: Vec<&str> = Scope::ALL
                .into_iter()
                .filter(|scope| scope.roles().contains(&name))
                .map(Scope::code)
                .collect();
            Err(invalid(format!(
                "la portée {scope} n’est pas ouverte au rôle {name}\u{a0}: choisissez parmi {}",
                allowed.join(", ")
            )))
        }
    }
}

fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::refused(Because::Invalid, message)
}

fn require_administrator(actor: &Actor) -> Result<()> {
    match actor.role {
        Role::Administrator | Role::Operator => Ok(()),
        _ => Err(ServiceError::refused(Because::Forbidden, "les jetons reviennent aux administrateurs")),
    }
}

async fn tell(
    tx: &mut store::Tx<'_>,
    actor: &Actor,
    at: Instant,
    action: &str,
    id: &str,
    after: &serde_json::Value,
) -> Result<()> {
    let after = after.to_string();
    let told = Told { at, actor: &actor.person, action, subject: id, before: None, after: Some(&after) };
    store::journal::append(tx, told).await?;
    Ok(())
}
