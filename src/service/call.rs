//! Calls for projects: created once, then read (rule 9).

use serde_json::json;

use crate::app::App;
use crate::domain::call::{Call, CallCode};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::year::CampaignYear;
use crate::service::{Result, ServiceError, require_manager};
use crate::store::journal::Told;
use crate::store::{self, Tx};

/// Creates a call.
pub async fn create(app: &App, actor: &Actor, call: &Call) -> Result<()> {
    require_manager(actor)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if store::call::find(&mut tx, call.code()).await?.is_some() {
        let message = format!("l’appel {} existe déjà", call.code());
        return Err(ServiceError::refused(Because::CallExists, message));
    }
    store::call::create(&mut tx, call, &actor.person, now).await?;
    let after = json!({"exercices": call.required_years(), "regle": call.group_rule().code()}).to_string();
    let told = Told {
        at: now,
        actor: &actor.person,
        action: "call.create",
        subject: call.code().as_str(),
        before: None,
        after: Some(&after),
    };
    store::journal::append(&mut tx, told).await?;
    tx.commit().await?;
    Ok(())
}

/// Every call, by code.
pub async fn list(app: &App) -> Result<Vec<Call>> {
    let mut tx = app.db.snapshot().await?;
    Ok(store::call::all(&mut tx).await?)
}

/// The call that `text` names: its code, or a year that exactly one call bears.
pub async fn resolve(app: &App, text: &str) -> Result<Call> {
    let mut tx = app.db.snapshot().await?;
    resolve_in(&mut tx, text).await
}

/// The same inside a transaction.
pub(crate) async fn resolve_in(tx: &mut Tx<'_>, text: &str) -> Result<Call> {
    let unknown = |detail: String| ServiceError::refused(Because::UnknownCall, detail);
    if let Ok(code) = text.trim().parse::<CallCode>()
        && let Some(call) = store::call::find(tx, &code).await?
    {
        return Ok(call);
    }
    let shown = crate::domain::text::excerpt(text.trim(), 40);
    let Ok(year) = text.trim().parse::<CampaignYear>() else {
        return Err(unknown(format!("il n’y a pas d’appel à projets «\u{a0}{shown}\u{a0}»")));
    };
    let ending = format!("-{year}");
    let mut bearing: Vec<Call> = store::call::all(tx).await?;
    bearing.retain(|call| call.code().as_str().contains(&ending));
    match (bearing.pop(), bearing.is_empty()) {
        (Some(call), true) => Ok(call),
        (Some(last), false) => {
            let codes: Vec<&str> = bearing.iter().chain([&last]).map(|call| call.code().as_str()).collect();
            Err(unknown(format!(
                "plusieurs appels portent l’année {year} ({})\u{a0}: donnez le code de l’un d’eux",
                codes.join(", ")
            )))
        }
        (None, _) => Err(unknown(format!("aucun appel à projets ne porte l’année {year}"))),
    }
}
