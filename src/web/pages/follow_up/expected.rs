//! Who is expected: one body added or taken off with a reason, or a list of them.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::domain::role::Role;
use crate::domain::siren::{Siren, parse_siren_or_siret};
use crate::domain::year::CampaignYear;
use crate::service::account::Current;
use crate::service::declaration::upload;
use crate::service::expected::{self, Preview};
use crate::service::{ServiceError, follow_up};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::received::{FILE, File, LOST, PostedFile};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{NAME, base, read};

/// Faults of a file, and bodies of a preview, that a page tells.
const TOLD: usize = 100;

#[derive(Template)]
#[template(path = "follow_up/expected.html")]
struct ExpectedPage {
    layout: Layout,
    base: String,
    form: Form,
    decides: bool,
    imports: bool,
    is_lost: bool,
    done: Option<String>,
    decisions: Vec<Decision>,
}

struct Decision {
    siren: Siren,
    name: String,
    what: &'static str,
    by: &'static str,
    reason: String,
    at: String,
}

#[derive(Template)]
#[template(path = "follow_up/import.html")]
struct ImportPage {
    layout: Layout,
    base: String,
    counted: String,
    unchanged: Option<String>,
    shown: Vec<(Siren, String, String)>,
    more: Option<String>,
    /// The rows, sent back when they are confirmed.
    list: String,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    fichier: String,
    fait: String,
}

/// Answers `GET /pilotage/suivi/{annee}/attendues`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let year = read(&year)?;
    let mut found = expected_page(&app, frame, &current, year, Form::default()).await?;
    found.is_lost = asked.fichier == LOST;
    found.done = match asked.fait.as_str() {
        "ajoutee" => Some("La collectivité est attendue.".to_owned()),
        "retiree" => Some("La collectivité n’est plus attendue.".to_owned()),
        "liste" => Some("Les collectivités de la liste sont attendues.".to_owned()),
        _ => None,
    };
    page(&found)
}

/// Answers `POST /pilotage/suivi/{annee}/attendues`: adds or takes off one body, or takes a list that was looked at.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    Path(year): Path<String>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let year = read(&year)?;
    let mut form = Form::of(typed);
    let adds = match form.value("action") {
        "ajouter" => true,
        "retirer" => false,
        "importer" => {
            let list = form.typed.raw("liste").as_bytes();
            expected::import(&app, &current.actor, year, list).await?;
            return Ok(see(&format!("{}/attendues?fait=liste", base(year))));
        }
        _ => return Err(PageRefused::unreadable_form()),
    };
    follow_up::territory(&current.actor)?;
    let siren = form.faults.take("siren", parse_siren_or_siret(form.typed.get("siren")));
    if form.value("motif").is_empty() {
        form.faults.add("motif", "indiquez le motif\u{a0}: il est gardé avec la décision");
    }
    if let (Some(siren), true) = (siren, form.faults.is_empty()) {
        match expected::decide(&app, &current.actor, year, siren, adds, form.value("motif")).await {
            Ok(()) => {
                let done = if adds { "ajoutee" } else { "retiree" };
                return Ok(see(&format!("{}/attendues?fait={done}", base(year))));
            }
            Err(ServiceError::Refused(refusal)) if is_mended_here(&refusal) => {
                form.faults.add("siren", refusal.message);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let found = expected_page(&app, frame, &current, year, form).await?;
    page_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &ExpectedPage { layout: found.layout.led_by("Erreur"), ..found },
    )
}

/// Answers `POST /pilotage/suivi/{annee}/attendues/import`: what a list would add, with nothing added yet.
pub(in crate::web) async fn preview(
    State(app): State<App>,
    frame: Frame,
    Path(year): Path<String>,
    PostedFile { agent: Agent(current), typed, file }: PostedFile,
) -> Answer {
    let year = read(&year)?;
    let mut form = Form::of(typed);
    let largest = format!("{}\u{a0}Mo", upload::largest(&app) >> 20);
    match file {
        File::Empty => {
            form.faults.add(FILE, "choisissez un fichier\u{a0}: aucun n’a été choisi, ou il est vide");
        }
        File::TooLarge => form.faults.add(FILE, format!("le fichier est trop gros\u{a0}: {largest} au plus")),
        File::Bytes(content) => match expected::preview(&app, &current.actor, year, &content).await {
            Ok(preview) => return page(&import_page(frame, year, preview)),
            Err(ServiceError::File(why)) => {
                let told = why.file.iter().map(ToString::to_string);
                for told in told.chain(why.cells.iter().map(ToString::to_string)).take(TOLD) {
                    form.faults.add(FILE, told);
                }
            }
            Err(error) => return Err(error.into()),
        },
    }
    let found = expected_page(&app, frame, &current, year, form).await?;
    page_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &ExpectedPage { layout: found.layout.led_by("Erreur"), ..found },
    )
}

/// Whether another SIREN or reason mends it.
fn is_mended_here(refusal: &crate::domain::refusal::Refusal) -> bool {
    use crate::domain::refusal::Because;
    matches!(
        refusal.because,
        Because::UnknownSiren | Because::DidNotExist | Because::Invalid | Because::ReasonNeeded
    )
}

async fn expected_page(
    app: &App,
    frame: Frame,
    current: &Current,
    year: CampaignYear,
    form: Form,
) -> Result<ExpectedPage, PageRefused> {
    let decided = expected::decided(app, &current.actor, year).await?;
    let decision = |(decided, name): (expected::Decided, String)| Decision {
        siren: decided.siren,
        name,
        what: if decided.told.expected { "ajoutée" } else { "retirée" },
        by: if decided.told.origin == expected::Origin::Sgar { "son SGAR" } else { "le ministère" },
        reason: decided.told.reason,
        at: text::minute(decided.at),
    };
    let imports = current.actor.role.manages();
    Ok(ExpectedPage {
        layout: frame
            .titled(format!("Qui est attendu en {year}"))
            .under("/pilotage", "Pilotage")
            .under(base(year), NAME),
        base: base(year),
        decides: imports || matches!(current.actor.role, Role::Sgar(_)),
        imports,
        is_lost: false,
        done: None,
        decisions: decided.into_iter().map(decision).collect(),
        form,
    })
}

fn import_page(frame: Frame, year: CampaignYear, preview: Preview) -> ImportPage {
    let count = |count: usize, one: &str, many: &str| {
        text::count(u64::try_from(count).unwrap_or_default(), one, many)
    };
    let added = preview.added.len();
    let mut list = "siren;motif\n".to_owned();
    for (siren, _name, reason) in &preview.added {
        // Writing to a text cannot fail.
        let _written = writeln!(list, "{siren};\"{}\"", reason.replace('"', "\"\""));
    }
    ImportPage {
        layout: frame
            .titled("Aperçu de la liste")
            .under("/pilotage", "Pilotage")
            .under(base(year), NAME)
            .under(format!("{}/attendues", base(year)), "Qui est attendu"),
        base: base(year),
        counted: count(added, "collectivité à ajouter", "collectivités à ajouter"),
        unchanged: (preview.unchanged > 0)
            .then(|| count(preview.unchanged, "ligne ne change rien", "lignes ne changent rien")),
        more: (added > TOLD).then(|| count(added.saturating_sub(TOLD), "autre", "autres")),
        shown: preview.added.into_iter().take(TOLD).collect(),
        list,
    }
}
