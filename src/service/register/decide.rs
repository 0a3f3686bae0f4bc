//! Decisions about the register: a CSV of them, or one merger.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::app::App;
use crate::domain::day::Day;
use crate::domain::refusal::Because;
use crate::domain::register::body::placeholder;
use crate::domain::register::decision::{Decision, Fault, Form, Numbered, Row};
use crate::domain::register::{Summary, apply, row};
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::service::{Result, ServiceError, require_manager, require_reason};
use crate::store;

use super::{DecisionFile, Foreseen, Mode, Progress, Tale, finish};

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
    let outcome = weigh(app, actor, file, Mode::Write(progress)).await?;
    outcome.map(|outcome| outcome.summary).map_err(|faults| refused(&faults, Fault::to_string))
}

/// What the decisions of a file would change; nothing is written. Every fault, where there is one.
pub async fn foresee(
    app: &App,
    actor: &Actor,
    file: &DecisionFile,
) -> Result<std::result::Result<Foreseen, Vec<Fault>>> {
    weigh(app, actor, file, Mode::Look).await
}

/// Takes one decision, written in a form. Every fault, where there is one.
pub async fn decide_one(
    app: &App,
    actor: &Actor,
    row: Row,
) -> Result<std::result::Result<Foreseen, Vec<Fault>>> {
    let file = DecisionFile { rows: vec![row], digest: String::new() };
    weigh(app, actor, &file, Mode::Write(&())).await
}

async fn weigh(
    app: &App,
    actor: &Actor,
    file: &DecisionFile,
    mode: Mode<'_>,
) -> Result<std::result::Result<Foreseen, Vec<Fault>>> {
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
    let origin = match file.rows.as_slice() {
        // One decision of a form says itself what it is.
        [row] if file.digest.is_empty() => json!(row.cells),
        rows => json!({"lignes": rows.len(), "sha256": file.digest}),
    };
    let subject = file.rows.first().filter(|_| file.digest.is_empty()).and_then(|row| row.cells.get("siren"));
    let subject = subject.map_or("decisions", String::as_str);
    apply_all(app, actor, &decisions, Check { faults, doubtful }, subject, origin, mode).await
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
    let subject = merger.into.as_str();
    let outcome =
        apply_all(app, actor, &decisions, Check::default(), subject, origin, Mode::Write(&())).await?;
    outcome.map(|outcome| outcome.summary).map_err(|faults| refused(&faults, told))
}

/// What reading the rows has found already.
#[derive(Default)]
struct Check {
    faults: Vec<Fault>,
    /// SIREN named by rows that could not be read.
    doubtful: BTreeSet<Siren>,
}

async fn apply_all(
    app: &App,
    actor: &Actor,
    decisions: &[Numbered],
    check: Check,
    subject: &str,
    origin: Value,
    mode: Mode<'_>,
) -> Result<std::result::Result<Foreseen, Vec<Fault>>> {
    let mut tx = app.db.begin().await?;
    tx.hold_register().await?;
    let mut ledger = store::register::ledger_of(&mut tx, &named(decisions)).await?;
    let before = ledger.clone();
    let applied = apply::apply(&mut ledger, decisions, &app.codes);
    let Check { mut faults, doubtful } = check;
    let summary = match applied {
        Ok(summary) if faults.is_empty() => summary,
        Ok(_) => return Ok(Err(sorted(faults))),
        Err(others) => {
            let is_known = |fault: &Fault| fault.value.parse().is_ok_and(|siren| doubtful.contains(&siren));
            faults.extend(others.into_iter().filter(|fault| !is_known(fault)));
            return Ok(Err(sorted(faults)));
        }
    };
    let tale = Tale { action: "register.decide", subject, origin };
    Ok(Ok(finish(tx, app, actor, (&before, ledger), summary, tale, mode).await?))
}

fn sorted(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort();
    faults
}

fn refused(faults: &[Fault], told: fn(&Fault) -> String) -> ServiceError {
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
