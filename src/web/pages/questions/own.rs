//! The questions to a collectivity, in its space: read and answered by its agents.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::campaign::CampaignState;
use crate::domain::question::{Act, Question, State as Standing};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::service::ServiceError;
use crate::service::declaration::overview::{Overview, overview};
use crate::service::question::{self, Thread};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::managing::{Ask, Kind, Opened, mend};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{Entry, ended, entries, facts, standing};

#[derive(Template)]
#[template(path = "questions/own.html")]
struct OwnPage {
    layout: Layout,
    rows: Vec<Row>,
}

struct Row {
    address: String,
    asked: String,
    year: String,
    about: String,
    standing: String,
    /// Whether it waits for an answer.
    waits: bool,
}

#[derive(Template)]
#[template(path = "questions/answer.html")]
struct AnswerPage {
    layout: Layout,
    form: Form,
    address: String,
    facts: Vec<(&'static str, String)>,
    entries: Vec<Entry>,
    ended: Option<String>,
    /// What an answer is asked for by, where one is awaited.
    answer: Option<Ask>,
    /// What can be done about the declaration.
    possible: Option<String>,
    declaration: String,
    year: String,
}

fn base(siren: Siren) -> String {
    format!("/espace/{siren}/questions")
}

fn read(siren: &str) -> Result<Siren, PageRefused> {
    siren.parse().map_err(|_invalid| PageRefused::nothing_here())
}

/// Who is not an agent of the collectivity is told how to be.
fn refused(error: ServiceError) -> PageRefused {
    match error {
        ServiceError::Refused(refusal) if refusal.because == Because::Forbidden => {
            PageRefused::not_attached()
        }
        error => error.into(),
    }
}

/// Answers `GET /espace/{siren}/questions`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(siren): Path<String>,
    Agent(current): Agent,
) -> Answer {
    let siren = read(&siren)?;
    let (name, questions) = question::own(&app, &current.actor, siren).await.map_err(refused)?;
    page(&OwnPage {
        layout: frame.titled(format!("Questions à {name}")).under("/espace", "Mon espace"),
        rows: questions.iter().map(row).collect(),
    })
}

fn row(question: &Question) -> Row {
    Row {
        address: format!("{}/{}", base(question.siren), question.id),
        asked: format!("le {} par {}", text::minute(question.asked_at), question.asker.label()),
        year: question.flow_year.to_string(),
        about: question.reference.clone().unwrap_or_else(|| "toute la déclaration".to_owned()),
        standing: standing(question),
        waits: question.state() == Standing::Asked,
    }
}

/// Answers `GET /espace/{siren}/questions/{question}`.
pub(in crate::web) async fn one(
    State(app): State<App>,
    frame: Frame,
    Path((siren, id)): Path<(String, String)>,
    Opened { agent, typed }: Opened,
) -> Answer {
    let (siren, form) = (read(&siren)?, Form::of(typed.unwrap_or_default()));
    shown(&app, &agent.0.actor, frame, (siren, &id), form, StatusCode::OK).await
}

/// Answers `POST /espace/{siren}/questions/{question}`.
pub(in crate::web) async fn answer(
    State(app): State<App>,
    frame: Frame,
    Path((siren, id)): Path<(String, String)>,
    Posted { agent, typed }: Posted,
) -> Answer {
    let (siren, actor) = (read(&siren)?, &agent.0.actor);
    let mut form = Form::of(typed);
    match question::answer(&app, actor, siren, &id, form.value("texte")).await {
        Ok(()) => Ok(see(&format!("{}/{id}", base(siren)))),
        Err(ServiceError::Refused(refusal)) if refusal.because == Because::Forbidden => {
            Err(PageRefused::not_attached())
        }
        Err(error) => {
            let status = mend(&mut form, error, "texte")?;
            shown(&app, actor, frame, (siren, &id), form, status).await
        }
    }
}

async fn shown(
    app: &App,
    actor: &Actor,
    frame: Frame,
    (siren, id): (Siren, &str),
    form: Form,
    status: StatusCode,
) -> Answer {
    let thread = question::own_one(app, actor, siren, id).await.map_err(refused)?;
    let Thread { question, name, .. } = &thread;
    let year = question.flow_year;
    let is_open = Act::Close.follows(question.state());
    let possible = if is_open { possible(&overview(app, actor, siren, year).await?) } else { None };
    let title = format!("Question sur les versements de {year}");
    let mut layout = frame.titled(title).under("/espace", "Mon espace");
    layout = layout.under(base(siren), format!("Questions à {name}"));
    if !form.faults.is_empty() {
        layout = layout.led_by("Erreur");
    }
    let hint = "2\u{202f}000 caractères au plus. Elle n’est pas publique et ne se modifie plus une fois envoyée. Ne nommez personne.";
    let asked = Ask::new("texte", "Votre réponse, au nom de la collectivité", hint, Kind::Area);
    page_with(
        status,
        &AnswerPage {
            address: format!("{}/{id}", base(siren)),
            facts: facts(&thread),
            entries: entries(&thread, false),
            ended: ended(question),
            answer: Act::Answer.follows(question.state()).then_some(asked),
            possible,
            declaration: format!("/espace/{siren}/{year}"),
            year: year.to_string(),
            layout,
            form,
        },
    )
}

/// What can be done about a declaration that is questioned.
fn possible(overview: &Overview) -> Option<String> {
    let campaign = overview.campaign.as_ref()?;
    if overview.takes_filings {
        let last = overview.reopened_until.unwrap_or_else(|| campaign.closes_on(overview.at));
        let last = last.max(campaign.closes_on(overview.at));
        return Some(format!(
            "S’il y a une erreur, corrigez la déclaration\u{a0}: vous pouvez déposer une nouvelle version jusqu’au {} à 23\u{a0}h\u{a0}59.",
            text::long_day(last)
        ));
    }
    match campaign.state(overview.at) {
        CampaignState::Over => Some(
            "La fenêtre de télédéclaration est fermée. S’il y a une erreur, dites dans votre réponse ce qui est à \
             corriger\u{a0}: le ministère peut vous permettre un dépôt tardif, par une dérogation, ou rectifier \
             lui-même la déclaration."
                .to_owned(),
        ),
        CampaignState::Settled | CampaignState::Published => Some(
            "Les chiffres sont arrêtés. S’il y a une erreur, dites dans votre réponse ce qui est à corriger\u{a0}: \
             seul le ministère peut encore rectifier la déclaration."
                .to_owned(),
        ),
        CampaignState::Planned | CampaignState::Open | CampaignState::Cancelled => None,
    }
}
