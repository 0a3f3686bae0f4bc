//! A file chosen to be imported, and the template to start from.

use std::io::Cursor;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::domain::refusal::RefusalKind;
use crate::service::ServiceError;
use crate::service::declaration::export::{self, Form as FileForm};
use crate::service::declaration::line::present;
use crate::service::declaration::preview::Mode;
use crate::service::declaration::upload::{self, Refused};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page_with};
use crate::web::received::{FILE, File, LOST, PostedFile};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, see};

use super::filed::{CSV, XLSX, download};
use super::{Desk, Place};

const TITLE: &str = "Importer un fichier";
/// Faults of a file that its page tells.
const TOLD: usize = 30;

#[derive(Template)]
#[template(path = "declare/import.html")]
struct ImportPage {
    layout: Layout,
    base: String,
    year: String,
    form: Form,
    takes_drafts: bool,
    /// The largest file that is taken.
    largest: String,
    /// How many lines there are.
    present: Option<String>,
    /// Whether a version can be downloaded.
    has_filed: bool,
    /// A file was sent when the session had ended.
    is_lost: bool,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    fichier: String,
    format: String,
}

/// Answers `GET …/import`.
pub(in crate::web) async fn form(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    agent: Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let mut page = import_page(&app, &desk, frame, Form::default()).await?;
    page.is_lost = asked.fichier == LOST;
    page_with(StatusCode::OK, &page)
}

/// Answers `POST …/import`: keeps the file and leads to its preview.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    PostedFile { agent, typed, file }: PostedFile,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let mut form = Form::of(typed);
    if !desk.overview.takes_drafts() {
        form.faults.add(
            "formulaire",
            "on ne peut pas changer les lignes maintenant\u{a0}: le fichier n’a pas été gardé",
        );
        return refused(&app, &desk, frame, form, StatusCode::CONFLICT).await;
    }
    let mode = mode(form.value("mode"));
    if mode.is_none() {
        form.faults.add("mode-replace", "choisissez ce qu’il faut faire des lignes du fichier");
    }
    let content = match file {
        File::Bytes(content) => content,
        File::Empty => {
            form.faults.add(FILE, "choisissez un fichier\u{a0}: aucun n’a été choisi, ou il est vide");
            vec![]
        }
        File::TooLarge => {
            let message = format!(
                "le fichier est trop gros\u{a0}: {} au plus. Retirez les images et les feuilles inutiles, ou enregistrez-le en CSV",
                largest(&app)
            );
            form.faults.add(FILE, message);
            vec![]
        }
    };
    let (Some(mode), true) = (mode, form.faults.is_empty()) else {
        return refused(&app, &desk, frame, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match upload::keep(&app, &desk.agent.actor, desk.key(), mode, content).await {
        Ok(id) => Ok(see(&desk.address(&format!("import/{id}")))),
        Err(ServiceError::File(why)) => {
            add(&mut form, &why);
            refused(&app, &desk, frame, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(ServiceError::Refused(refusal)) if refusal.because.kind() == RefusalKind::Invalid => {
            form.faults.add(FILE, refusal.message);
            refused(&app, &desk, frame, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Answers `GET …/modele`.
pub(in crate::web) async fn template(
    State(app): State<App>,
    place: Place,
    agent: Agent,
    Query(asked): Query<Asked>,
) -> Result<Response, PageRefused> {
    let desk = Desk::open(&app, &place, &agent).await?;
    let (form, kind) = match asked.format.as_str() {
        "csv" => (FileForm::Csv, CSV),
        "" | "xlsx" => (FileForm::Xlsx, XLSX),
        _ => return Err(PageRefused::nothing_here()),
    };
    let mut out = Cursor::new(Vec::new());
    export::template(&app, desk.year, form, &mut out)?;
    download(&format!("modele-lignes-{}", desk.year), kind, out.into_inner())
}

/// What is to be done with the lines, as the form names it.
fn mode(chosen: &str) -> Option<Mode> {
    match chosen {
        "remplacer" => Some(Mode::Replace),
        "ajouter" => Some(Mode::Add),
        _ => None,
    }
}

/// The size of the largest file that is taken, in words.
fn largest(app: &App) -> String {
    format!("{}\u{a0}Mo", upload::largest(app) >> 20)
}

/// What is wrong with the file as a whole, or with its headers.
fn add(form: &mut Form, why: &Refused) {
    let file = why.file.iter().map(ToString::to_string);
    let cells = why.cells.iter().map(ToString::to_string);
    for told in file.chain(cells).take(TOLD) {
        form.faults.add(FILE, told);
    }
    if why.len() > TOLD {
        form.faults.add(FILE, format!("et {} autres erreurs", why.len().saturating_sub(TOLD)));
    }
}

async fn refused(app: &App, desk: &Desk, frame: Frame, form: Form, status: StatusCode) -> Answer {
    let mut page = import_page(app, desk, frame, form).await?;
    page.layout = page.layout.led_by("Erreur");
    page_with(status, &page)
}

async fn import_page(app: &App, desk: &Desk, frame: Frame, form: Form) -> Result<ImportPage, PageRefused> {
    let present = present(app, &desk.agent.actor, desk.siren, desk.year).await?.lines.len();
    let count = u64::try_from(present).unwrap_or_default();
    Ok(ImportPage {
        layout: desk.layout(frame, TITLE),
        base: desk.base(),
        year: desk.year.to_string(),
        form,
        takes_drafts: desk.overview.takes_drafts(),
        largest: largest(app),
        present: (present > 0).then(|| text::count(count, "ligne", "lignes")),
        has_filed: !desk.overview.versions.is_empty(),
        is_lost: false,
    })
}
