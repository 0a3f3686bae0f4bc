//! Decisions about the register: a CSV of them, or one merger.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::app::App;
use crate::domain::day::Day;
use crate::domain::refusal::Because;
use crate::domain::register::body::placeholder;
use crate::domain::register::decision::{Decision, Fault, Form, Numbered};
use crate::domain::register::{Summary, apply, row};
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::service::{Result, ServiceError, require_manager, require_reason};
use crate::store;

use super::{DecisionFile, Progress, Tale, finish};

/// Takes the decisions of a file; all or nothing, and nothing the second time.
///
/// # Errors
/// Refuses the file with every fault: line, column, value, how to mend it.
pub async fn decide(
    app: &App,
    actor: &Actor,
    file: &DecisionFile,
    progress: &dyn Progress,
) -> Result<Summary> {
    require_manager(actor)?;
    let (mut decisions, mut faults, mut doubtful) = (vec![], vec![], BTreeSet::new());
    for line in &file.rows {
        match row::read(line) {
            Ok(decision) => decisions.push(decision),
            Err(of_row) => {
                // What an illegible row would have brought is not missed a second time below.
                doubtful.extend(line.cells.get("siren").and_then(|siren| siren.parse::<Siren>().ok()));
                faults.extend(of_row);
            }
        }
    }
    let origin = json!({"lignes": file.rows.len(), "sha256": file.digest});
    let check = Check { faults, doubtful, told: Fault::to_string };
    apply_all(app, actor, &decisions, check, "decisions", origin, progress).await
}

/// Bodies that merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merger {
    /// Who ends.
    pub from: Vec<Siren>,
    /// Who takes over.
    pub into: Siren,
    /// First day of the new state of things.
    pub on: Day,
    /// Whether the one who takes over was there before; it begins that day else.
    pub absorbs: bool,
    /// Why.
    pub reason: String,
}

/// Merges bodies into one.
///
/// # Errors
/// Refuses a SIREN that the register does not hold, dates that contradict it, and circles.
pub async fn merge(app: &App, actor: &Actor, merger: &Merger) -> Result<Summary> {
    require_manager(actor)?;
    let reason = require_reason(&merger.reason)?;
    let form = if merger.absorbs { Form::Absorption } else { Form::Merger };
    let one = |(place, siren): (usize, &Siren)| Numbered {
        line: u32::try_from(place).unwrap_or_default().saturating_add(1),
        decision: Decision::Succeed {
            siren: *siren,
            into: merger.into,
            on: merger.on,
            form,
            reason: reason.to_owned(),
        },
    };
    let decisions: Vec<Numbered> = merger.from.iter().enumerate().map(one).collect();
    let origin = json!({"siren": merger.from, "vers": merger.into, "date": merger.on, "motif": reason});
    // A command has no lines: the SIREN says which merger it is.
    let told = |fault: &Fault| {
        let named = Some(fault.value.as_str()).filter(|value| !value.is_empty());
        named.map(|value| format!("{value}\u{a0}: ")).unwrap_or_default() + &fault.message
    };
    let check = Check { faults: vec![], doubtful: BTreeSet::new(), told };
    apply_all(app, actor, &decisions, check, merger.into.as_str(), origin, &()).await
}

/// What reading the rows has found already.
struct Check {
    faults: Vec<Fault>,
    /// SIREN named by rows that could not be read.
    doubtful: BTreeSet<Siren>,
    /// How a fault is told.
    told: fn(&Fault) -> String,
}

async fn apply_all(
    app: &App,
    actor: &Actor,
    decisions: &[Numbered],
    check: Check,
    subject: &str,
    origin: Value,
    progress: &dyn Progress,
) -> Result<Summary> {
    let mut tx = app.db.begin().await?;
    tx.hold_register().await?;
    let mut ledger = store::register::ledger_of(&mut tx, &named(decisions)).await?;
    let applied = apply::apply(&mut ledger, decisions, &app.codes);
    let Check { mut faults, doubtful, told } = check;
    let summary = match applied {
        Ok(summary) if faults.is_empty() => summary,
        Ok(_) => return Err(refused(faults, told)),
        Err(others) => {
            let is_known = |fault: &Fault| fault.value.parse().is_ok_and(|siren| doubtful.contains(&siren));
            faults.extend(others.into_iter().filter(|fault| !is_known(fault)));
            return Err(refused(faults, told));
        }
    };
    let tale = Tale { action: "register.decide", subject, origin };
    finish(tx, app, actor, ledger, &summary, tale, progress).await?;
    Ok(summary)
}

fn refused(mut faults: Vec<Fault>, told: fn(&Fault) -> String) -> ServiceError {
    faults.sort();
    let lines: Vec<String> = faults.iter().map(told).collect();
    let count = if lines.len() == 1 { "une erreur".to_owned() } else { format!("{} erreurs", lines.len()) };
    ServiceError::refused(
        Because::Invalid,
        format!("{count}, rien n’a été écrit\u{a0}:\n{}", lines.join("\n")),
    )
}

/// The keys of every body that a decision names.
fn named(decisions: &[Numbered]) -> Vec<String> {
    let mut keys = BTreeSet::new();
    for Numbered { decision, .. } in decisions {
        match decision {
            Decision::Create(creation) => {
                keys.extend(creation.siren.map(|siren| siren.to_string()));
                keys.insert(placeholder(creation.kind, &creation.code));
            }
            Decision::Succeed { siren, into, .. } => {
                keys.extend([siren.to_string(), into.to_string()]);
            }
            Decision::Complete { siren, kind, code } => {
                keys.extend([siren.to_string(), placeholder(*kind, code)]);
            }
            Decision::Attach { siren, .. }
            | Decision::Associate { siren, .. }
            | Decision::Begin { siren, .. }
            | Decision::End { siren, .. }
            | Decision::Amend { siren, .. } => {
                keys.insert(siren.to_string());
            }
        }
    }
    keys.into_iter().collect()
}
