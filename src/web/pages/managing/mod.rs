//! Managing campaigns: calls, derogations, versions of managers, publication. For managers alone, but for what was
//! filed, which whoever follows the body reads.
//!
//! | file | addresses under `/pilotage` |
//! |---|---|
//! | `campaigns` | `/campagnes`, `/campagnes/nouvelle` |
//! | `campaign` | `/campagnes/{annee}` |
//! | `steps` | `/campagnes/{annee}/dates`, `/prorogation`, `/annonce`, `/arret`, `/annulation` |
//! | `publication` | `/campagnes/{annee}/publication`, `/titre` |
//! | `quality` | `/qualite`, `/qualite/{annee}`, its `/export` |
//! | `calls` | `/appels`, `/appels/nouveau`, `/appels/{code}` |
//! | `derogations` | `/campagnes/{annee}/derogations`, `/appels/{code}/derogations`, `/derogations/{numero}` |
//! | `declaration` | `/declarations/{siren}/{exercice}`, its `/export` |
//! | `version` | `/declarations/{siren}/{exercice}/version`, its `/annulation`, `/neant`, `/lignes/{reference}`, `/{apercu}` |

pub(in crate::web) mod calls;
pub(in crate::web) mod campaign;
pub(in crate::web) mod campaigns;
pub(in crate::web) mod declaration;
pub(in crate::web) mod derogations;
pub(in crate::web) mod publication;
pub(in crate::web) mod quality;
pub(in crate::web) mod steps;
pub(in crate::web) mod version;

use askama::Template;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::app::App;
use crate::domain::refusal::{Because, RefusalKind};
use crate::domain::year::CampaignYear;
use crate::service::ServiceError;
use crate::web::form::{Form, Typed};
use crate::web::layout::Layout;
use crate::web::pages::{Answer, page_with};
use crate::web::refusal::PageRefused;
use crate::web::visitor::{Agent, typed_before};

/// The page that lists the campaigns.
const CAMPAIGNS: &str = "/pilotage/campagnes";
/// The page that lists the calls.
const CALLS: &str = "/pilotage/appels";

/// The campaign that an address names.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Year(CampaignYear);

impl Year {
    /// The address of the campaign.
    fn base(self) -> String {
        format!("{CAMPAIGNS}/{}", self.0)
    }

    /// The address of a page under it.
    fn address(self, rest: &str) -> String {
        format!("{CAMPAIGNS}/{}/{rest}", self.0)
    }

    /// The breadcrumb of a page under it.
    fn trail(self, layout: Layout) -> Layout {
        layout.under(CAMPAIGNS, "Campagnes").under(self.base(), format!("Campagne {}", self.0))
    }
}

impl FromRequestParts<App> for Year {
    type Rejection = PageRefused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageRefused> {
        let year = Path::<String>::from_request_parts(parts, app).await.ok();
        let year = year.and_then(|Path(year)| year.parse().ok());
        year.map(Self).ok_or_else(PageRefused::nothing_here)
    }
}

/// Someone who opens a form, and what they had typed in it before their session ended.
pub(in crate::web) struct Opened {
    pub(in crate::web::pages) agent: Agent,
    pub(in crate::web::pages) typed: Option<Typed>,
}

impl FromRequestParts<App> for Opened {
    type Rejection = axum::response::Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let agent = Agent::from_request_parts(parts, app).await?;
        let typed = typed_before(app, &agent, &parts.headers, parts.uri.path()).await;
        let typed = typed.map_err(axum::response::IntoResponse::into_response)?;
        Ok(Self { agent, typed })
    }
}

/// The page of a decision: what it does, what it asks, and why it is not possible where it is not.
#[derive(Template)]
#[template(path = "managing/decision.html")]
struct Decision {
    layout: Layout,
    form: Form,
    /// Where the form is sent.
    address: String,
    /// Where one goes without deciding.
    back: String,
    /// What the decision does, a paragraph each.
    about: Vec<String>,
    /// What it is about.
    facts: Vec<(&'static str, String)>,
    fields: Vec<Ask>,
    /// Told back as they were.
    hidden: Vec<&'static str>,
    /// Why it is not possible now.
    why_not: Option<String>,
    /// What the button says.
    send: String,
}

/// What a decision asks.
pub(in crate::web::pages) struct Ask {
    pub(in crate::web::pages) name: &'static str,
    pub(in crate::web::pages) label: String,
    pub(in crate::web::pages) hint: String,
    pub(in crate::web::pages) kind: Kind,
}

/// How it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::pages) enum Kind {
    /// A line, which may have to be filled in.
    Text { required: bool },
    /// Several lines.
    Area,
    /// A box to tick.
    Check,
    /// One of several: value, name.
    Choice(Vec<(&'static str, String)>),
}

impl Ask {
    pub(in crate::web::pages) fn new(
        name: &'static str,
        label: impl Into<String>,
        hint: impl Into<String>,
        kind: Kind,
    ) -> Self {
        Self { name, label: label.into(), hint: hint.into(), kind }
    }

    /// A text that is needed.
    pub(in crate::web::pages) fn text(
        name: &'static str,
        label: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(name, label, hint, Kind::Text { required: true })
    }

    /// A day that is needed.
    fn day(name: &'static str, label: impl Into<String>) -> Self {
        Self::text(name, label, "Au format JJ/MM/AAAA. Exemple\u{a0}: 15/06/2026")
    }

    /// Why.
    fn reason() -> Self {
        Self::new("motif", "Motif", "Il reste dans l’historique. Ne nommez personne.", Kind::Area)
    }

    /// The year to type, for what cannot be undone.
    fn year(year: CampaignYear) -> Self {
        let label = format!("Pour confirmer, recopiez l’année de la campagne\u{a0}: {year}");
        Self::text("annee", label, "Cette décision ne peut pas être reprise.")
    }
}

impl Decision {
    fn new(layout: Layout, form: Form, address: String, back: String, send: &str) -> Self {
        let (about, facts, fields, hidden) = (vec![], vec![], vec![], vec![]);
        let send = send.to_owned();
        Self { layout, form, address, back, about, facts, fields, hidden, why_not: None, send }
    }

    /// The page, with this status.
    fn shown(mut self, status: StatusCode) -> Answer {
        if !self.form.faults.is_empty() {
            self.layout = self.layout.led_by("Erreur");
        }
        page_with(status, &self)
    }
}

/// Puts a refusal into the form it is about: by its reason, else in `field`. Gives the status of the page.
///
/// # Errors
/// What no form can mend.
pub(in crate::web::pages) fn mend(
    form: &mut Form,
    error: ServiceError,
    field: &'static str,
) -> Result<StatusCode, PageRefused> {
    let ServiceError::Refused(refusal) = error else { return Err(error.into()) };
    let kind = refusal.because.kind();
    if matches!(kind, RefusalKind::Forbidden) {
        return Err(ServiceError::Refused(refusal).into());
    }
    let field = match refusal.because {
        Because::ReasonNeeded => "motif",
        Because::DocumentNeeded => "piece",
        _ => field,
    };
    form.faults.add(field, &refusal.message);
    let is_invalid = matches!(kind, RefusalKind::Invalid | RefusalKind::NotFound);
    Ok(if is_invalid { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT })
}

/// Whether the year was typed to confirm; a fault where it was not.
fn is_confirmed(form: &mut Form, year: CampaignYear) -> bool {
    let is_typed = form.value("annee") == year.to_string();
    if !is_typed {
        form.faults.add("annee", format!("recopiez l’année {year} pour confirmer\u{a0}: rien n’a été fait"));
    }
    is_typed
}
