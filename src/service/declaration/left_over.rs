//! What an agent prepared alone before the attachment, once there is a declaration of the collectivity beside it:
//! its lines are added to it, or dropped.

use crate::app::App;
use crate::domain::field::{Field, RawLine};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::rules;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::declaration::draft::{LINES_MAX, save_in};
use crate::service::declaration::footing::require_agent;
use crate::service::declaration::import::filed_lines;
use crate::service::{Result, ServiceError};
use crate::store;
use crate::store::draft::Key;

/// Adds the lines to the collectivity's draft, which begins from what counts where there is none; a reference that
/// is there already gets a fresh one. Gives how many there were.
pub async fn add(app: &App, actor: &Actor, (siren, year): (Siren, FlowYear)) -> Result<usize> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    require_agent(&mut tx, actor, siren, year).await?;
    let own = Key { siren, year, author: Some(&actor.person) };
    let Some(left) = store::draft::find(&mut tx, own).await? else { return Ok(0) };
    let shared = store::draft::find(&mut tx, (siren, year)).await?;
    let based_on = shared.as_ref().map(|draft| draft.revision);
    let mut lines = match shared {
        Some(draft) => draft.lines,
        None => filed_lines(&mut tx, siren, year).await?,
    };
    let count = left.lines.len();
    let known: Vec<String> = lines.iter().map(|line| line.get(Field::Reference).to_owned()).collect();
    lines.extend(left.lines.into_iter().map(|line| fresh(line, &known)));
    if lines.len() > LINES_MAX {
        let message = format!("{} lignes\u{a0}: 20\u{202f}000 au plus dans une déclaration", lines.len());
        return Err(ServiceError::refused(Because::Invalid, message));
    }
    let used = store::line::references(&mut tx, (siren, year)).await?;
    let used: Vec<&str> = used.iter().map(String::as_str).collect();
    let lines = rules::check_draft_reserving(&app.codes, year, &lines, &used).lines;
    save_in(&mut tx, actor, (siren, year), based_on, &lines, now).await?;
    store::draft::remove(&mut tx, own).await?;
    tx.commit().await?;
    Ok(count)
}

/// Drops them.
pub async fn drop(app: &App, actor: &Actor, (siren, year): (Siren, FlowYear)) -> Result<()> {
    let mut tx = app.db.begin().await?;
    require_agent(&mut tx, actor, siren, year).await?;
    store::draft::remove(&mut tx, Key { siren, year, author: Some(&actor.person) }).await?;
    tx.commit().await?;
    Ok(())
}

fn fresh(line: RawLine, known: &[String]) -> RawLine {
    if known.iter().any(|known| known == line.get(Field::Reference)) {
        line.with(Field::Reference, "")
    } else {
        line
    }
}
