//! A declaration as whoever follows the collectivity reads it: every version, its lines, what deserves a look.

use crate::app::App;
use crate::domain::field::RawLine;
use crate::domain::role::Actor;
use crate::domain::rules::{self, Issue};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::access::require_reader;
use crate::service::declaration::footing::Footing;
use crate::service::declaration::overview::{Step, steps};
use crate::service::{Result, registered, require_follower};

/// A declaration with all its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Name of the collectivity.
    pub name: String,
    /// Its versions, the last one first.
    pub steps: Vec<Step>,
    /// The version whose lines are told: the one asked for, else the one that counts, else the last one.
    pub shown: Option<u32>,
    /// Its lines.
    pub lines: Vec<RawLine>,
    /// What the rules say of them today, by index.
    pub issues: Vec<Issue>,
}

/// Every version of a declaration, with the lines of one.
///
/// # Errors
/// Refuses whoever does not follow the collectivity.
pub async fn followed(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    version: Option<u32>,
) -> Result<Followed> {
    require_follower(actor)?;
    let mut tx = app.db.snapshot().await?;
    require_reader(app, &mut tx, actor, siren, year).await?;
    let name = registered(&mut tx, siren).await?.name;
    let steps = steps(&mut tx, &Footing::Attached, (siren, year), app.now()).await?;
    let numbers = || steps.iter().map(|step| step.filed.filing.version);
    let counts = steps.iter().find(|step| step.filed.standing.is_in_force());
    let shown = numbers().find(|number| Some(*number) == version);
    let shown = shown.or_else(|| counts.map(|step| step.filed.filing.version)).or_else(|| numbers().next());
    let lines = match shown {
        Some(number) => crate::store::line::of_version(&mut tx, siren, year, number).await?,
        None => vec![],
    };
    let lines: Vec<RawLine> = lines.iter().map(|filed| filed.line.to_raw()).collect();
    let issues = rules::check_lines(&app.codes, year, &lines).issues;
    Ok(Followed { name, steps, shown, lines, issues })
}
