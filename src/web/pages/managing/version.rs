//! A manager's version: what it would change is shown in words before it is filed, with a reason and a document.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::domain::field::{Field, RawLine};
use crate::domain::filing::FilingKind;
use crate::domain::guide::Guide;
use crate::service::ServiceError;
use crate::service::declaration::version::propose::{self, Desk, Proposal};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::declare::inputs::{Look, Section, all, line_of, name_of, typed_of};
use crate::web::pages::declare::preview::{Changed, Listed, Told, changed, faulty, listed, sums, told};
use crate::web::pages::declare::{LineRow, Place, encoded};
use crate::web::pages::{Answer, page_with};
use crate::web::received::{FILE, File, LOST, PostedFile};
use crate::web::refusal::PageRefused;
use crate::web::visitor::{Agent, Posted, see};

use super::declaration::base_of;
use super::{Ask, Decision, Opened, mend};

#[derive(Template)]
#[template(path = "managing/version.html")]
struct VersionPage {
    layout: Layout,
    form: Form,
    base: String,
    /// Where the lines that count are downloaded.
    exported: String,
    year: String,
    /// What other lines would be, in words.
    kind: Option<FilingKind>,
    why_not: Option<String>,
    can_annul: bool,
    lines: Vec<LineRow>,
    is_lost: bool,
}

#[derive(Template)]
#[template(path = "managing/version_line.html")]
struct LinePage {
    layout: Layout,
    form: Form,
    address: String,
    base: String,
    sections: Vec<Section>,
}

#[derive(Template)]
#[template(path = "managing/proposal.html")]
struct ProposalPage {
    layout: Layout,
    form: Form,
    address: String,
    base: String,
    kind: Option<FilingKind>,
    why_not: Option<String>,
    summary: String,
    sums: Vec<(&'static str, String, String)>,
    faulty: Option<String>,
    file_errors: Vec<String>,
    errors: Listed<Told>,
    warnings: Listed<Told>,
    added: Listed<LineRow>,
    changed: Listed<Changed>,
    removed: Listed<LineRow>,
    can_confirm: bool,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    fichier: String,
}

fn layout(frame: Frame, place: &Place, desk: &Desk, title: &str) -> Layout {
    let name = format!("{}, versements de {}", desk.name, place.year);
    frame.titled(title).under("/pilotage", "Pilotage").under(base_of(place), name)
}

/// What is refused, as a sentence.
fn why(refusal: &crate::domain::refusal::Refusal) -> String {
    crate::domain::text::sentence(&refusal.message)
}

/// Answers `GET …/version`: what can be decided.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Agent(current): Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    let desk = propose::desk(&app, &current.actor, (place.siren, place.year)).await?;
    let page = version_page(&app, frame, &place, &desk, Form::default());
    page_with(StatusCode::OK, &VersionPage { is_lost: asked.fichier == LOST, ..page })
}

fn version_page(app: &App, frame: Frame, place: &Place, desk: &Desk, form: Form) -> VersionPage {
    let base = format!("{}/version", base_of(place));
    let row = |line: &RawLine| LineRow::under(app, place.year, &base, line, None);
    VersionPage {
        layout: layout(frame, place, desk, "Version du ministère"),
        form,
        exported: format!("{}/export", base_of(place)),
        year: place.year.to_string(),
        kind: desk.other_lines.as_ref().ok().copied(),
        why_not: desk.other_lines.as_ref().err().map(why),
        can_annul: desk.annulment.is_ok(),
        lines: desk.lines.iter().map(row).collect(),
        base,
        is_lost: false,
    }
}

/// Answers `POST …/version`: keeps a file of lines and leads to its preview.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    PostedFile { agent: Agent(current), typed, file }: PostedFile,
) -> Answer {
    let (actor, key) = (&current.actor, (place.siren, place.year));
    let desk = propose::desk(&app, actor, key).await?;
    let mut form = Form::of(typed);
    let status = match file {
        File::Bytes(content) => match propose::propose(&app, actor, key, content).await {
            Ok(id) => return Ok(see(&format!("{}/version/{id}", base_of(&place)))),
            Err(ServiceError::File(faults)) => {
                form.faults.add(FILE, faults.to_string());
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Err(error) => mend(&mut form, error, FILE)?,
        },
        File::Empty | File::TooLarge => {
            form.faults.add(FILE, "choisissez un fichier de lignes, CSV ou XLSX, de la taille permise");
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    let page = version_page(&app, frame, &place, &desk, form);
    page_with(status, &VersionPage { layout: page.layout.led_by("Erreur"), ..page })
}

/// Answers `GET …/version/lignes/{reference}`: every field of one line that counts.
pub(in crate::web) async fn line(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Opened { agent: Agent(current), typed }: Opened,
) -> Answer {
    let desk = propose::desk(&app, &current.actor, (place.siren, place.year)).await?;
    let line = there(&desk, &place)?;
    let typed = typed.unwrap_or_else(|| typed_of(&app.codes, place.year, line, None));
    page_with(StatusCode::OK, &line_page(&app, frame, &place, &desk, Form::of(typed)))
}

/// Answers `POST …/version/lignes/{reference}`: keeps the lines with this one changed, and leads to the preview.
pub(in crate::web) async fn change(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let (actor, key) = (&current.actor, (place.siren, place.year));
    let desk = propose::desk(&app, actor, key).await?;
    let line = line_of(&typed, &all(&app.codes, place.year), there(&desk, &place)?.clone());
    let mut form = Form::of(typed);
    for fault in Guide::new(&app.codes, place.year).faults_of_fields(&line) {
        form.faults.add(name_of(fault.place), fault.message);
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if form.faults.is_empty() {
        match propose::propose_line(&app, actor, key, &place.name, &line).await {
            Ok(id) => return Ok(see(&format!("{}/version/{id}", base_of(&place)))),
            Err(ServiceError::Lines(issues)) => {
                for issue in issues.iter().filter(|issue| issue.is_error()) {
                    form.faults.add(issue.field.map_or("formulaire", Field::header), &*issue.message);
                }
            }
            Err(error) => status = mend(&mut form, error, "formulaire")?,
        }
    }
    let page = line_page(&app, frame, &place, &desk, form);
    page_with(status, &LinePage { layout: page.layout.led_by("Erreur"), ..page })
}

fn there<'d>(desk: &'d Desk, place: &Place) -> Result<&'d RawLine, PageRefused> {
    let found = desk.lines.iter().find(|line| line.get(Field::Reference) == place.name);
    found.ok_or_else(PageRefused::nothing_here)
}

fn line_page(app: &App, frame: Frame, place: &Place, desk: &Desk, form: Form) -> LinePage {
    let base = format!("{}/version", base_of(place));
    let mut sections = all(&app.codes, place.year);
    for section in &mut sections {
        // The reference says which line it is.
        section.inputs.retain(|input| input.name != Field::Reference.header());
    }
    LinePage {
        layout: layout(frame, place, desk, &format!("Ligne {}", place.name))
            .under(&base, "Version du ministère"),
        form,
        address: format!("{base}/lignes/{}", encoded(&place.name)),
        base,
        sections,
    }
}

/// Answers `GET …/version/{apercu}`: what it would change.
pub(in crate::web) async fn proposal(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Opened { agent: Agent(current), typed }: Opened,
) -> Answer {
    let shown = propose::shown(&app, &current.actor, (place.siren, place.year), &place.name).await?;
    let form = Form::of(typed.unwrap_or_default().with("vue", shown.desk.highest.to_string()));
    page_with(StatusCode::OK, &proposal_page(&app, frame, &place, &shown, form))
}

/// Answers `POST …/version/{apercu}`: files it, or forgets it.
pub(in crate::web) async fn confirm(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let (actor, key) = (&current.actor, (place.siren, place.year));
    if typed.get("action") == "abandonner" {
        propose::discard(&app, actor, key, &place.name).await?;
        return Ok(see(&format!("{}/version", base_of(&place))));
    }
    let mut form = Form::of(typed);
    let seen = form.value("vue").parse().map_err(|_unreadable| PageRefused::unreadable_form())?;
    let (reason, document) = (form.value("motif").to_owned(), form.value("piece").to_owned());
    let status = match propose::confirm(&app, actor, key, &place.name, seen, (&reason, &document)).await {
        Ok(_receipt) => return Ok(see(&base_of(&place))),
        Err(ServiceError::File(faults)) => {
            form.faults.add("formulaire", faults.to_string());
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(error) => mend(&mut form, error, "formulaire")?,
    };
    let shown = propose::shown(&app, actor, key, &place.name).await?;
    // What came meanwhile is seen by now.
    let form = Form { typed: form.typed.with("vue", shown.desk.highest.to_string()), ..form };
    let page = proposal_page(&app, frame, &place, &shown, form);
    page_with(status, &ProposalPage { layout: page.layout.led_by("Erreur"), ..page })
}

fn proposal_page(app: &App, frame: Frame, place: &Place, shown: &Proposal, form: Form) -> ProposalPage {
    let Proposal { desk, preview } = shown;
    let base = format!("{}/version", base_of(place));
    let row = |line: &RawLine| LineRow::under(app, place.year, &base, line, None);
    let changes = &preview.changes;
    let lines = ("ligne", "lignes");
    ProposalPage {
        layout: layout(frame, place, desk, "Vérifier la version du ministère")
            .under(&base, "Version du ministère"),
        form,
        address: format!("{base}/{}", place.name),
        kind: desk.other_lines.as_ref().ok().copied(),
        why_not: desk.other_lines.as_ref().err().map(why),
        summary: changes.to_string(),
        sums: sums(preview.before, preview.after),
        faulty: faulty(preview.after.faulty),
        file_errors: preview.errors.file.iter().map(ToString::to_string).collect(),
        errors: listed(&preview.errors.cells, ("erreur", "erreurs"), told),
        warnings: listed(&preview.warnings, ("point", "points"), told),
        added: listed(&changes.added, lines, row),
        changed: listed(&changes.changed, lines, |line| changed(app, place.year, preview, line)),
        removed: listed(&changes.removed, lines, row),
        can_confirm: preview.errors.is_empty() && desk.other_lines.is_ok() && !changes.is_empty(),
        base,
    }
}

/// A version without lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Without {
    /// What counts is annulled.
    Annulled,
    /// A nil is taken over.
    Nil,
}

impl Without {
    const fn kind(self) -> FilingKind {
        match self {
            Self::Annulled => FilingKind::Annulled,
            Self::Nil => FilingKind::TakenOver,
        }
    }

    /// Title, last part of the address, button, what it does.
    const fn words(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Annulled => (
                "Annuler la déclaration",
                "annulation",
                "Annuler la déclaration",
                "L’année comptera comme non déclarée. Ce qui a été déposé reste dans l’historique\u{a0}; une déclaration annulée par erreur peut être rétablie par une rectification.",
            ),
            Self::Nil => (
                "Reprendre une déclaration «\u{a0}néant\u{a0}»",
                "neant",
                "Reprendre «\u{a0}néant\u{a0}»",
                "La collectivité a fait savoir hors délai qu’elle n’a rien versé. Reprise, cette déclaration compte dans les totaux\u{a0}; elle ne rend pas éligible à elle seule.",
            ),
        }
    }

    fn page(self, frame: Frame, place: &Place, desk: &Desk, form: Form) -> Decision {
        let (title, rest, send, about) = self.words();
        let base = base_of(place);
        let (address, back) = (format!("{base}/version/{rest}"), format!("{base}/version"));
        let layout = layout(frame, place, desk, title).under(&back, "Version du ministère");
        let mut decision = Decision::new(layout, form, address, back, send);
        decision.about.push(about.to_owned());
        decision.facts = vec![
            ("Collectivité", format!("{} ({})", desk.name, place.siren)),
            ("Versements de", place.year.to_string()),
            ("Lignes qui comptent", desk.lines.len().to_string()),
        ];
        decision.why_not = match (self, &desk.other_lines) {
            (Self::Annulled, _) => desk.annulment.as_ref().err().map(why),
            (Self::Nil, Ok(FilingKind::TakenOver)) => None,
            (Self::Nil, Ok(_)) => {
                Some("Une déclaration est déposée\u{a0}: rectifiez-la ou annulez-la.".to_owned())
            }
            (Self::Nil, Err(refusal)) => Some(why(refusal)),
        };
        decision.hidden = vec!["vue"];
        decision.fields = vec![Ask::reason(), document()];
        decision
    }
}

/// Which document the version rests on.
fn document() -> Ask {
    Ask::text("piece", "Pièce", "La référence du courrier, du courriel ou de la délibération qui la fonde.")
}

/// Answers `GET …/version/annulation`.
pub(in crate::web) async fn annulment(
    state: State<App>,
    frame: Frame,
    place: Place,
    opened: Opened,
) -> Answer {
    without(state, frame, place, opened, Without::Annulled).await
}

/// Answers `GET …/version/neant`.
pub(in crate::web) async fn nil(state: State<App>, frame: Frame, place: Place, opened: Opened) -> Answer {
    without(state, frame, place, opened, Without::Nil).await
}

async fn without(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Opened { agent: Agent(current), typed }: Opened,
    what: Without,
) -> Answer {
    let desk = propose::desk(&app, &current.actor, (place.siren, place.year)).await?;
    let form = Form::of(typed.unwrap_or_else(|| Typed::default().with("vue", desk.highest.to_string())));
    what.page(frame, &place, &desk, form).shown(StatusCode::OK)
}

/// Answers `POST …/version/annulation`.
pub(in crate::web) async fn annul(state: State<App>, frame: Frame, place: Place, posted: Posted) -> Answer {
    decide(state, frame, place, posted, Without::Annulled).await
}

/// Answers `POST …/version/neant`.
pub(in crate::web) async fn take_nil(
    state: State<App>,
    frame: Frame,
    place: Place,
    posted: Posted,
) -> Answer {
    decide(state, frame, place, posted, Without::Nil).await
}

async fn decide(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Posted { agent: Agent(current), typed }: Posted,
    what: Without,
) -> Answer {
    let (actor, key) = (&current.actor, (place.siren, place.year));
    let mut form = Form::of(typed);
    let seen = form.value("vue").parse().map_err(|_unreadable| PageRefused::unreadable_form())?;
    let (reason, document) = (form.value("motif").to_owned(), form.value("piece").to_owned());
    let told = (reason.as_str(), document.as_str());
    match propose::decide_without_lines(&app, actor, key, what.kind(), seen, told).await {
        Ok(_receipt) => Ok(see(&base_of(&place))),
        Err(error) => {
            let status = mend(&mut form, error, "formulaire")?;
            let desk = propose::desk(&app, actor, key).await?;
            let form = Form { typed: form.typed.with("vue", desk.highest.to_string()), ..form };
            what.page(frame, &place, &desk, form).shown(status)
        }
    }
}
