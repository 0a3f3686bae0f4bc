//! A file of decisions or a new millésime: sent, looked at, then applied.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::refusal::RefusalKind;
use crate::service::ServiceError;
use crate::service::register::upload::{self, RegisterFileKind, Shown};
use crate::service::require_manager;
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::received::{FILE, File, PostedFile};
use crate::web::refusal::PageRefused;
use crate::web::visitor::{Agent, Posted, see};

use super::foreseen::Foreseen;
use super::{HOME, NAME};

const TITLE: &str = "Importer un millésime ou des décisions";
/// Faults of a file that its page tells.
const TOLD: usize = 100;

#[derive(Template)]
#[template(path = "register/file.html")]
struct FilePage {
    layout: Layout,
    form: Form,
    largest: String,
}

#[derive(Template)]
#[template(path = "register/preview.html")]
struct PreviewPage {
    layout: Layout,
    address: String,
    title: String,
    faults: Vec<String>,
    more: usize,
    foreseen: Option<Foreseen>,
}

/// Answers `GET /pilotage/registre/fichier`.
pub(in crate::web) async fn form(State(app): State<App>, frame: Frame, Agent(current): Agent) -> Answer {
    require_manager(&current.actor)?;
    page(&file_page(&app, frame, Form::default()))
}

/// Answers `POST /pilotage/registre/fichier`: keeps the file and leads to what it changes.
pub(in crate::web) async fn send(State(app): State<App>, frame: Frame, posted: PostedFile) -> Answer {
    let PostedFile { agent: Agent(current), typed, file } = posted;
    require_manager(&current.actor)?;
    let mut form = Form::of(typed);
    let kind = match form.value("nature") {
        "decisions" => Some(RegisterFileKind::Decisions),
        "millesime" => Some(RegisterFileKind::Package),
        _ => None,
    };
    if kind.is_none() {
        form.faults.add("nature-millesime", "dites ce que contient le fichier");
    }
    match file {
        File::Empty => {
            form.faults.add(FILE, "choisissez un fichier\u{a0}: aucun n’a été choisi, ou il est vide");
        }
        File::TooLarge => {
            form.faults.add(FILE, format!("le fichier est trop gros\u{a0}: {} au plus", largest(&app)));
        }
        File::Bytes(content) => {
            if let Some(kind) = kind {
                match upload::keep(&app, &current.actor, kind, content).await {
                    Ok(id) => return Ok(see(&format!("{HOME}/fichier/{id}"))),
                    Err(ServiceError::Refused(refusal)) if refusal.because.kind() == RefusalKind::Invalid => {
                        form.faults.add(FILE, refusal.message);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    let of_page = file_page(&app, frame, form);
    let layout = of_page.layout.led_by("Erreur");
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &FilePage { layout, ..of_page })
}

/// Answers `GET /pilotage/registre/fichier/{apercu}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(id): Path<String>,
) -> Answer {
    let Shown { kind, millesime, foreseen } = upload::show(&app, &current.actor, &id).await?;
    let title = match (kind, millesime) {
        (RegisterFileKind::Package, Some(year)) => format!("Ce que change le millésime {year}"),
        _ => "Ce que changent ces décisions".to_owned(),
    };
    let (foreseen, faults) = match foreseen {
        Ok(foreseen) => (Some(Foreseen::of(&foreseen)), vec![]),
        Err(faults) => (None, faults),
    };
    page(&PreviewPage {
        layout: frame
            .titled(&title)
            .under("/pilotage", "Pilotage")
            .under(HOME, NAME)
            .under(format!("{HOME}/fichier"), TITLE),
        address: format!("{HOME}/fichier/{id}"),
        title,
        more: faults.len().saturating_sub(TOLD),
        faults: faults.iter().take(TOLD).map(ToString::to_string).collect(),
        foreseen,
    })
}

/// Answers `POST /pilotage/registre/fichier/{apercu}`: applies the file, or drops it.
pub(in crate::web) async fn end(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    match typed.get("action") {
        "appliquer" => upload::apply(&app, &current.actor, &id).await?,
        "abandonner" => upload::forget(&app, &current.actor, &id).await?,
        _ => return Err(PageRefused::unreadable_form()),
    }
    Ok(see(HOME))
}

fn largest(app: &App) -> String {
    format!("{}\u{a0}Mo", crate::service::declaration::upload::largest(app) >> 20)
}

fn file_page(app: &App, frame: Frame, form: Form) -> FilePage {
    let layout = frame.titled(TITLE).under("/pilotage", "Pilotage").under(HOME, NAME);
    FilePage { layout, form, largest: largest(app) }
}
