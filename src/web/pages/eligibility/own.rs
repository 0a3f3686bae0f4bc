//! What an agent's own collectivity may apply to, and what to do next.

use askama::Template;
use axum::extract::{Path, State};

use crate::app::App;
use crate::domain::certificate::what_next;
use crate::domain::eligibility::{Status, Verdict, YearState};
use crate::domain::refusal::Because;
use crate::domain::siren::Siren;
use crate::service::eligibility::of_one;
use crate::service::{ServiceError, access, call, register};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::visitor::Agent;

use super::body::AnswerShown;

#[derive(Template)]
#[template(path = "eligibility/own.html")]
struct OwnPage {
    layout: Layout,
    name: String,
    answers: Vec<OwnAnswer>,
}

/// The answer for a call, and what to do.
struct OwnAnswer {
    title: String,
    shown: AnswerShown,
    next: String,
    /// Declarations that can still be made: their address and their name.
    steps: Vec<(String, String)>,
}

/// Answers `GET /espace/{siren}/eligibilite`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(agent): Agent,
    Path(siren): Path<String>,
) -> Answer {
    let Ok(siren) = siren.parse::<Siren>() else { return Err(PageRefused::nothing_here()) };
    match access::require_eligibility_reader(&app, &agent.actor, siren).await {
        Ok(()) => {}
        Err(ServiceError::Refused(refusal)) if refusal.because == Because::Forbidden => {
            return Err(PageRefused::not_attached());
        }
        Err(error) => return Err(error.into()),
    }
    let name = register::show(&app, siren).await?.map(|sheet| sheet.body.name().to_owned());
    let name = name.unwrap_or_else(|| format!("SIREN {siren}"));
    let today = app.now().day_in_paris();
    let mut answers = vec![];
    for call in call::list(&app).await?.iter().rev().filter(|call| call.runs_on(today)) {
        let verdict = of_one(&app, call.code().as_str(), siren, None, None).await?;
        answers.push(OwnAnswer {
            title: title(verdict.status).to_owned(),
            next: what_next(verdict.status, &app.config.about.support_email).unwrap_or_else(|| {
                "Rien de plus n’est à faire ici\u{a0}: vous pouvez candidater.".to_owned()
            }),
            steps: steps(&verdict),
            shown: AnswerShown::of(&verdict, call.title().to_owned()),
        });
    }
    let layout = frame.titled(format!("{name}\u{a0}: éligibilité")).under("/espace", "Mon espace");
    page(&OwnPage { layout, name, answers })
}

const fn title(status: Status) -> &'static str {
    match status {
        Status::Eligible => "Votre collectivité peut candidater et être aidée",
        Status::Pending => "Votre collectivité peut candidater, mais il reste à déclarer",
        Status::Ineligible => "Votre collectivité ne peut pas être aidée en l’état",
        Status::Undetermined | Status::NotConcerned => "Le service ne peut pas répondre",
    }
}

/// The declarations that are awaited, of the body itself or of those that it follows.
fn steps(verdict: &Verdict) -> Vec<(String, String)> {
    let mut steps = vec![];
    for year in verdict.years.iter().filter(|year| year.state == YearState::Pending) {
        let pending = year.predecessors.iter().filter(|one| one.state == YearState::Pending);
        let of_predecessors: Vec<(String, String)> = pending
            .map(|one| {
                let what = format!("Déclarer les versements de {} pour {}", year.year, one.name);
                (format!("/espace/{}/{}", one.siren, year.year), what)
            })
            .collect();
        if of_predecessors.is_empty() {
            let what = format!("Déclarer les versements de {}", year.year);
            steps.push((format!("/espace/{}/{}", year.of, year.year), what));
        }
        steps.extend(of_predecessors);
    }
    steps
}
