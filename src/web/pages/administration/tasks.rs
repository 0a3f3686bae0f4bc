//! What the service does alone, at its time: what was done, what failed and is tried again, what is due next.

use askama::Template;
use axum::extract::State;

use crate::app::App;
use crate::domain::instant::Instant;
use crate::domain::job::{Due, Outcome, Run};
use crate::service::job::{self, Standing};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::visitor::Agent;

#[derive(Template)]
#[template(path = "administration/tasks.html")]
struct TasksPage {
    layout: Layout,
    failing: usize,
    tasks: Vec<Task>,
}

struct Task {
    label: &'static str,
    purpose: &'static str,
    rhythm: String,
    next: Option<String>,
    runs: Vec<Shown>,
}

struct Shown {
    due: String,
    badge: &'static str,
    state: String,
    attempts: u32,
    told: String,
}

/// Answers `GET /administration/taches`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Agent(current): Agent) -> Answer {
    let standings = job::standings(&app, &current.actor).await?;
    let now = app.now();
    let failing = standings.iter().filter(|standing| standing.runs.first().is_some_and(failed)).count();
    let tasks = standings.into_iter().map(|standing| task(standing, now)).collect();
    page(&TasksPage { layout: frame.titled("Tâches"), failing, tasks })
}

/// Whether its last try did not do it.
fn failed(run: &Run) -> bool {
    match run.end {
        Some((_at, outcome)) => outcome == Outcome::Failed,
        None => !run.told.is_empty(),
    }
}

fn task(Standing { job, runs, due, next }: Standing, now: Instant) -> Task {
    Task {
        label: job.label(),
        purpose: job.purpose(),
        rhythm: due.map(Due::label).unwrap_or_default(),
        next: next.map(Instant::to_minute),
        runs: runs.into_iter().map(|run| shown(run, now)).collect(),
    }
}

fn shown(run: Run, now: Instant) -> Shown {
    let (badge, state) = match run.end {
        Some((at, Outcome::Done)) => ("fr-badge--success", format!("Faite le {}", at.to_minute())),
        Some((at, Outcome::Failed)) => ("fr-badge--error", format!("Abandonnée le {}", at.to_minute())),
        Some((_at, Outcome::Superseded)) => ("fr-badge--warning", "Remplacée par la suivante".to_owned()),
        None if run.told.is_empty() && run.free_at > now => {
            ("fr-badge--info", format!("En cours depuis le {}", run.started_at.to_minute()))
        }
        None if run.told.is_empty() => ("fr-badge--warning", "Interrompue, sera reprise".to_owned()),
        None => ("fr-badge--error", format!("Échec, nouvel essai le {}", run.free_at.to_minute())),
    };
    Shown { due: run.due_at.to_minute(), badge, state, attempts: run.attempts, told: run.told }
}
