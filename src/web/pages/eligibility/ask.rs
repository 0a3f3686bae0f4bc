//! Asking: one body by name or SIREN, a list pasted or sent.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::domain::refusal::RefusalKind;
use crate::domain::scope::Scope;
use crate::domain::siren::parse_siren_or_siret;
use crate::service::declaration::upload;
use crate::service::eligibility::list::{self, MOST};
use crate::service::{ServiceError, access, register, require_follower, this_year};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page_with};
use crate::web::received::{FILE, File, LOST, PostedFile};
use crate::web::text;
use crate::web::visitor::{Agent, see};

use super::{BASE, CallChoice, NAME, choices, chosen};

/// Faults of a file that its page tells.
const TOLD: usize = 30;

#[derive(Template)]
#[template(path = "eligibility/ask.html")]
struct AskPage {
    layout: Layout,
    form: Form,
    calls: Vec<CallChoice>,
    typed: String,
    found: Option<Found>,
    largest: String,
    most: String,
    /// Whether who asks examines dossiers.
    is_ministry: bool,
    /// A file was sent when the session had ended.
    is_lost: bool,
}

struct Found {
    counted: String,
    /// Some are not shown.
    is_cut: bool,
    bodies: Vec<FoundBody>,
}

struct FoundBody {
    address: Option<String>,
    name: String,
    kind: &'static str,
    siren: String,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    q: String,
    appel: String,
    fichier: String,
}

/// Answers `GET /pilotage/eligibilite`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    agent: Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    let mut page = ask_page(&app, &agent, frame, Form::default(), &asked.appel).await?;
    page.is_lost = asked.fichier == LOST;
    page.typed = asked.q.trim().to_owned();
    if page.typed.is_empty() {
        return page_with(StatusCode::OK, &page);
    }
    let call = chosen(&page.calls).unwrap_or_default().to_owned();
    if let Ok(siren) = parse_siren_or_siret(&page.typed) {
        return Ok(see(&format!("{BASE}/{siren}?appel={call}")));
    }
    let region = match require_follower(&agent.0.actor)? {
        Scope::National => None,
        Scope::Region(region) => Some(region),
    };
    let found = register::search(&app, &page.typed, region.as_deref(), None, this_year(&app)?, 1).await?;
    let counted = text::count(found.total, "collectivité trouvée", "collectivités trouvées");
    let is_cut = found.total > u64::try_from(found.bodies.len()).unwrap_or_default();
    let body = |body: crate::domain::collectivity::Collectivity| FoundBody {
        address: body.siren.map(|siren| format!("{BASE}/{siren}?appel={call}")),
        name: body.name,
        kind: body.kind.label(),
        siren: body.siren.map_or_else(|| "inconnu".to_owned(), |siren| siren.to_string()),
    };
    page.layout = page.layout.led_by(counted.clone());
    page.found = Some(Found { counted, is_cut, bodies: found.bodies.into_iter().map(body).collect() });
    page_with(StatusCode::OK, &page)
}

/// Answers `POST /pilotage/eligibilite`: keeps the list and leads to its answers.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    PostedFile { agent, typed, file }: PostedFile,
) -> Answer {
    access::require_eligibility_staff(&agent.0.actor)?;
    let mut form = Form::of(typed);
    let pasted = form.value("sirens").to_owned();
    let content = match (file, pasted.is_empty()) {
        (File::TooLarge, _) => {
            form.faults.add(
                FILE,
                format!(
                    "c’est trop gros\u{a0}: {} au plus. Gardez les colonnes utiles, ou enregistrez en CSV",
                    largest(&app)
                ),
            );
            vec![]
        }
        (File::Bytes(content), true) => content,
        (File::Bytes(_), false) => {
            form.faults.add(
                "sirens",
                "vous avez collé des numéros et choisi un fichier\u{a0}: gardez l’un des deux",
            );
            vec![]
        }
        (File::Empty, false) => list::pasted(&pasted),
        (File::Empty, true) => {
            form.faults.add(
                "sirens",
                "collez des SIREN, ou choisissez un fichier\u{a0}: il n’y a ni l’un ni l’autre",
            );
            vec![]
        }
    };
    let call = form.value("appel").to_owned();
    if form.faults.is_empty() {
        let field = if pasted.is_empty() { FILE } else { "sirens" };
        match list::keep(&app, &agent.0.actor, &call, content).await {
            Ok(id) => return Ok(see(&format!("{BASE}/listes/{id}"))),
            Err(ServiceError::File(why)) => {
                let told =
                    why.file.iter().map(ToString::to_string).chain(why.cells.iter().map(ToString::to_string));
                for told in told.take(TOLD) {
                    form.faults.add(field, told);
                }
            }
            Err(ServiceError::Refused(refusal)) => match refusal.because.kind() {
                RefusalKind::Invalid => form.faults.add(field, refusal.message),
                RefusalKind::NotFound => form.faults.add("appel", refusal.message),
                _ => return Err(ServiceError::Refused(refusal).into()),
            },
            Err(error) => return Err(error.into()),
        }
    }
    let mut page = ask_page(&app, &agent, frame, form, &call).await?;
    page.layout = page.layout.led_by("Erreur");
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The size of the largest file that is taken, in words.
fn largest(app: &App) -> String {
    format!("{}\u{a0}Mo", upload::largest(app) >> 20)
}

async fn ask_page(
    app: &App,
    Agent(agent): &Agent,
    frame: Frame,
    form: Form,
    call: &str,
) -> Result<AskPage, ServiceError> {
    access::require_eligibility_staff(&agent.actor)?;
    Ok(AskPage {
        layout: frame.titled(NAME).under("/pilotage", "Pilotage"),
        form,
        calls: choices(app, call).await?,
        typed: String::new(),
        found: None,
        largest: largest(app),
        most: text::thousands(u64::try_from(MOST).unwrap_or_default()),
        is_ministry: agent.actor.role.reads_everything(),
        is_lost: false,
    })
}
