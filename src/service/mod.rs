//! Use cases, shared by the command line, the API, the pages and the jobs: one file per verb of the business.
//!
//! A use case takes the [`App`](crate::app::App), who acts, and values of the
//! domain; it opens its transaction, asks the pure rules, writes, tells the
//! journal and commits.

pub mod access;
pub mod account;
pub mod attachment;
pub mod call;
pub mod campaign;
pub mod certificate;
pub mod contact;
pub mod declaration;
pub mod demo;
pub mod derogation;
pub mod document;
pub mod eligibility;
pub mod error;
pub mod expected;
pub mod figures;
pub mod follow_up;
pub mod history;
pub mod job;
pub mod journal;
pub mod mail;
pub mod operator;
pub mod publication;
pub mod quality;
pub mod question;
pub mod receipt;
mod refusals;
pub mod register;
pub mod reminder;
pub mod report;
mod seal;
pub mod summary;
pub mod token;
pub mod upkeep;
pub mod verification;

pub use error::ServiceError;

use crate::app::App;
use crate::domain::eligibility::Body;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::scope::Scope;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{self, Tx};

/// The result of a use case.
pub type Result<T> = std::result::Result<T, ServiceError>;

/// The present civil year, as a year of the register.
///
/// # Errors
/// Refused where the clock is out of order.
pub fn this_year(app: &App) -> Result<FlowYear> {
    let year = u16::try_from(app.now().day_in_paris().year()).unwrap_or_default();
    FlowYear::new(year)
        .map_err(|_error| ServiceError::refused(Because::Invalid, "l’horloge du service est déréglée"))
}

/// Refuses whoever does not manage campaigns.
///
/// # Errors
/// [`Because::Forbidden`].
pub fn require_manager(actor: &Actor) -> Result<()> {
    if actor.role.manages() {
        return Ok(());
    }
    Err(ServiceError::refused(Because::Forbidden, "cette décision revient aux gestionnaires du ministère"))
}

/// The territory that the actor follows.
///
/// # Errors
/// Refuses whoever follows none.
pub fn require_follower(actor: &Actor) -> Result<Scope> {
    actor.role.follows().ok_or_else(|| {
        let message = "le suivi des campagnes revient au ministère et aux préfectures de région";
        ServiceError::refused(Because::Forbidden, message)
    })
}

/// A decision says why.
pub(crate) fn require_reason(reason: &str) -> Result<&str> {
    match reason.trim() {
        "" => Err(ServiceError::refused(Because::ReasonNeeded, "indiquez le motif de cette décision")),
        reason => Ok(reason),
    }
}

/// The body of the register with this SIREN, or the refusal that says where to ask.
pub(crate) async fn registered(tx: &mut Tx<'_>, siren: Siren) -> Result<Body> {
    store::facts::body(tx, siren).await?.ok_or_else(|| unregistered(siren))
}

/// The refusal of a SIREN that the register does not hold.
pub(crate) fn unregistered(siren: Siren) -> ServiceError {
    let message = format!(
        "le SIREN {siren} n’est pas dans le registre\u{a0}: vérifiez-le, ou demandez au ministère d’ajouter la collectivité"
    );
    ServiceError::refused(Because::UnknownSiren, message)
}

/// Works on a thread that answers nobody else meanwhile: reading a file takes a while.
pub(crate) async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| ServiceError::Report(std::io::Error::other(error).into()))
}
