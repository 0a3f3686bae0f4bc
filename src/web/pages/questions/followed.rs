//! A question for who follows the collectivity: what was written; asking further, closing.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::question::{Act, Outcome};
use crate::domain::role::Actor;
use crate::service::question::{self, Endings};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::managing::{Ask, Kind, Opened, mend};
use crate::web::pages::{Answer, page_with};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Posted, see};

use super::{Entry, QUESTIONS, ended, entries, facts};

#[derive(Template)]
#[template(path = "questions/followed.html")]
struct QuestionPage {
    layout: Layout,
    form: Form,
    address: String,
    facts: Vec<(&'static str, String)>,
    entries: Vec<Entry>,
    ended: Option<String>,
    closed_by: Option<String>,
    /// What is asked of who may ask further.
    further: Option<Ask>,
    /// How who may close can close: word, name.
    issues: Option<Vec<(String, String)>>,
    /// The declaration.
    declaration: String,
    /// Where a manager decides: a derogation, a version.
    decisions: Option<(String, String)>,
}

/// Answers `GET /pilotage/questions/{question}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Opened { agent, typed }: Opened,
) -> Answer {
    let form = Form::of(typed.unwrap_or_default());
    shown(&app, &agent.0.actor, frame, &id, form, StatusCode::OK).await
}

/// Answers `POST /pilotage/questions/{question}`: asks further, or closes.
pub(in crate::web) async fn act(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Posted { agent, typed }: Posted,
) -> Answer {
    let actor = &agent.0.actor;
    question::require_asker(actor)?;
    let mut form = Form::of(typed);
    let (field, done) = match form.value("action") {
        "poursuivre" => ("texte", question::ask_further(&app, actor, &id, form.value("texte")).await),
        "clore" => {
            let Some(outcome) = outcome(form.value("issue")) else {
                form.faults.add("issue", "choisissez comment la question se termine");
                return shown(&app, actor, frame, &id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
            };
            ("issue", question::close(&app, actor, &id, outcome).await)
        }
        _ => return Err(PageRefused::unreadable_form()),
    };
    match done {
        Ok(()) => Ok(see(&format!("{}/{id}", QUESTIONS.0))),
        Err(error) => {
            let status = mend(&mut form, error, field)?;
            shown(&app, actor, frame, &id, form, status).await
        }
    }
}

/// The word of a way to close.
fn word(outcome: Outcome) -> String {
    match outcome {
        Outcome::Nothing => "sans-suite".to_owned(),
        Outcome::Derogation(number) => format!("derogation-{number}"),
        Outcome::Version(number) => format!("version-{number}"),
    }
}

fn outcome(word: &str) -> Option<Outcome> {
    match word.split_once('-')? {
        ("sans", "suite") => Some(Outcome::Nothing),
        ("derogation", number) => number.parse().ok().map(Outcome::Derogation),
        ("version", number) => number.parse().ok().map(Outcome::Version),
        _ => None,
    }
}

fn issues(endings: &Endings) -> Vec<(String, String)> {
    let mut issues = vec![(word(Outcome::Nothing), "Sans suite".to_owned())];
    issues.extend(endings.derogations.iter().map(|(number, until)| {
        let name = format!("Par la dérogation n°\u{a0}{number}, jusqu’au {}", text::long_day(*until));
        (word(Outcome::Derogation(*number)), name)
    }));
    issues.extend(endings.versions.iter().map(|filing| {
        let name = format!("Par la version {}, du {}", filing.version, text::minute(filing.filed_at));
        (word(Outcome::Version(filing.version)), name)
    }));
    issues
}

async fn shown(app: &App, actor: &Actor, frame: Frame, id: &str, form: Form, status: StatusCode) -> Answer {
    let question::Followed { thread, endings } = question::followed(app, actor, id).await?;
    let state = thread.question.state();
    let may = |act: Act| endings.as_ref().filter(|_| act.follows(state));
    let mut layout = frame.titled(format!("Question à {}", thread.name)).under("/pilotage", "Pilotage");
    layout = layout.under(QUESTIONS.0, QUESTIONS.1);
    if !form.faults.is_empty() {
        layout = layout.led_by("Erreur");
    }
    let (siren, year) = (thread.question.siren, thread.question.flow_year);
    let declaration = format!("/pilotage/declarations/{siren}/{year}");
    let decisions = || {
        let derogations = format!("/pilotage/campagnes/{}/derogations?siren={siren}", year.campaign());
        (derogations, format!("{declaration}/version"))
    };
    let further =
        |_endings| Ask::new("texte", "Votre message", "2\u{202f}000 caractères au plus.", Kind::Area);
    let is_open = Act::Close.follows(state);
    let page = QuestionPage {
        layout,
        form,
        address: format!("{}/{id}", QUESTIONS.0),
        facts: facts(&thread),
        entries: entries(&thread, true),
        ended: ended(&thread.question),
        closed_by: thread.closed_by,
        further: may(Act::AskFurther).map(further),
        issues: may(Act::Close).map(issues),
        decisions: (actor.role.manages() && is_open).then(decisions),
        declaration,
    };
    page_with(status, &page)
}
