//! A millésime of the npm package into the register.

use serde_json::json;

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::register::package::millesime_of;
use crate::domain::register::{Package, Summary, millesime, territory};
use crate::domain::role::Actor;
use crate::domain::year::FlowYear;
use crate::service::{Result, ServiceError, require_manager};
use crate::store;

use super::{Foreseen, Mode, Progress, Tale, finish};

/// Imports a millésime, that of the package's version where none is given; in
/// one transaction, all or nothing. The same one twice changes nothing and
/// leaves no trace in the journal.
///
/// # Errors
/// Refuses an unknown version, a package with a wrong row, an older millésime
/// than the register's, and one that lacks a tenth of it.
pub async fn import(
    app: &App,
    actor: &Actor,
    package: &Package,
    given: Option<u16>,
    progress: &dyn Progress,
) -> Result<(u16, Summary)> {
    let (year, outcome) = weigh(app, actor, package, given, Mode::Write(progress)).await?;
    Ok((year, outcome.summary))
}

/// What a millésime would change; nothing is written.
///
/// # Errors
/// As [`import`].
pub async fn foresee_package(app: &App, actor: &Actor, package: &Package) -> Result<(u16, Foreseen)> {
    weigh(app, actor, package, None, Mode::Look).await
}

async fn weigh(
    app: &App,
    actor: &Actor,
    package: &Package,
    given: Option<u16>,
    mode: Mode<'_>,
) -> Result<(u16, Foreseen)> {
    require_manager(actor)?;
    let year = match given {
        Some(year) => year,
        None => millesime_of(&package.version).map_err(|error| invalid(error.to_string()))?,
    };
    FlowYear::new(year).map_err(|error| invalid(format!("millésime\u{a0}: {error}")))?;
    let listing = territory::list(package, &app.codes, year).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        invalid(format!("le paquet est refusé, rien n’a été écrit\u{a0}:\n{}", lines.join("\n")))
    })?;
    let mut tx = app.db.begin().await?;
    tx.hold_register().await?;
    let mut ledger = store::register::ledger(&mut tx).await?;
    let before = ledger.clone();
    let summary =
        millesime::absorb(&mut ledger, listing, year).map_err(|error| invalid(error.to_string()))?;
    let tale = Tale {
        action: "register.import",
        subject: &format!("millesime {year}"),
        origin: json!({"version": package.version, "sha256": package.digest}),
    };
    Ok((year, finish(tx, app, actor, (&before, ledger), summary, tale, mode).await?))
}

fn invalid(message: String) -> ServiceError {
    ServiceError::refused(Because::Invalid, message)
}
