//! Declaring: the space of a collectivity for a flow year, its lines, what is signed, what was filed.
//!
//! | file | addresses under `/espace/{siren}/{exercice}` |
//! |---|---|
//! | `space` | itself, `/est-ce-de-l-apd` |
//! | `line` | `/lignes/nouvelle`, `/lignes/{reference}`; `inputs` has their fields |
//! | `carry_over` | `/reprise` |
//! | `left_over` | `/brouillon-d-avant` |
//! | `import` | `/import`, `/modele` |
//! | `preview` | `/import/{apercu}`, `/import/{apercu}/annote` |
//! | `readable` | how the text of a field reads, on several of them |
//! | `recap` | `/recapitulatif` |
//! | `sign` | `/signature`, `/neant` |
//! | `filed` | `/recepisses/{numero}`, `/historique`, `/export` |

pub(in crate::web) mod carry_over;
pub(in crate::web) mod filed;
pub(in crate::web) mod import;
pub(in crate::web::pages) mod inputs;
pub(in crate::web) mod left_over;
pub(in crate::web) mod line;
pub(in crate::web) mod preview;
mod readable;
pub(in crate::web) mod recap;
pub(in crate::web) mod sign;
pub(in crate::web) mod space;

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::app::App;
use crate::domain::codes::Row;
use crate::domain::field::{Field, RawLine};
use crate::domain::refusal::Because;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::ServiceError;
use crate::service::account::Current;
use crate::service::declaration::overview::{Overview, overview};
use crate::web::layout::{Frame, Layout};
use crate::web::refusal::PageRefused;
use crate::web::visitor::Agent;

/// Whose declaration an address is about, and on which year.
#[derive(Debug, Clone)]
pub(in crate::web) struct Place {
    pub(in crate::web::pages) siren: Siren,
    pub(in crate::web::pages) year: FlowYear,
    /// The last variable part of the address: a reference, a number.
    pub(in crate::web::pages) name: String,
    /// The whole path.
    path: String,
}

impl FromRequestParts<App> for Place {
    type Rejection = PageRefused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageRefused> {
        let parameters = RawPathParams::from_request_parts(parts, app).await;
        let parameters = parameters.map_err(|_unreadable| PageRefused::nothing_here())?;
        let (mut siren, mut year, mut name) = (None, None, String::new());
        for (key, value) in &parameters {
            match key {
                "siren" => siren = value.parse().ok(),
                "exercice" => year = value.parse().ok(),
                _ => value.clone_into(&mut name),
            }
        }
        let (Some(siren), Some(year)) = (siren, year) else { return Err(PageRefused::nothing_here()) };
        Ok(Self { siren, year, name, path: parts.uri.path().to_owned() })
    }
}

/// An agent before the declaration of a collectivity on a year.
pub(in crate::web) struct Desk {
    agent: Arc<Current>,
    siren: Siren,
    year: FlowYear,
    overview: Overview,
}

impl Desk {
    /// Opens the declaration for its agent, or for who awaits the answer to be; anyone else is told how to be.
    async fn open(app: &App, place: &Place, Agent(agent): &Agent) -> Result<Self, PageRefused> {
        let Place { siren, year, .. } = *place;
        match overview(app, &agent.actor, siren, year).await {
            Ok(overview) => Ok(Self { agent: Arc::clone(agent), siren, year, overview }),
            Err(ServiceError::Refused(refusal)) if refusal.because == Because::Forbidden => {
                Err(PageRefused::not_attached())
            }
            Err(error) => Err(error.into()),
        }
    }

    const fn key(&self) -> (Siren, FlowYear) {
        (self.siren, self.year)
    }

    /// The address of the declaration, and of what is under it.
    fn base(&self) -> String {
        format!("/espace/{}/{}", self.siren, self.year)
    }

    fn address(&self, rest: &str) -> String {
        format!("{}/{rest}", self.base())
    }

    /// The frame of a page under the declaration.
    fn layout(&self, frame: Frame, title: impl Into<String>) -> Layout {
        let name = format!("{}, versements de {}", self.overview.name, self.year);
        frame.titled(title).under("/espace", "Mon espace").under(self.base(), name).noticed(self.notice())
    }

    /// What an agent who awaits the attachment must know on each page.
    fn notice(&self) -> Option<String> {
        self.overview.footing.awaited().map(|_awaited| {
            format!(
                "Votre rattachement à {} est en attente. Vous pouvez préparer et déposer\u{a0}: le dépôt sera \
                 «\u{a0}sous réserve\u{a0}». Il comptera avec l’instant de son dépôt si vous êtes rattaché dans \
                 les 30\u{a0}jours\u{a0}; sinon, il restera sans effet. En attendant, vous ne voyez que ce que \
                 vous préparez et déposez vous-même.",
                self.overview.name
            )
        })
    }
}

/// A line as a row of a table.
pub(in crate::web::pages) struct LineRow {
    pub(in crate::web::pages) address: String,
    pub(in crate::web::pages) reference: String,
    pub(in crate::web::pages) title: String,
    pub(in crate::web::pages) recipient: String,
    pub(in crate::web::pages) amount: String,
    pub(in crate::web::pages) magnitude: String,
    /// First thing to be mended, if any.
    pub(in crate::web::pages) fault: Option<String>,
}

impl LineRow {
    fn of(app: &App, desk: &Desk, line: &RawLine, fault: Option<String>) -> Self {
        Self::under(app, desk.year, &desk.base(), line, fault)
    }

    /// The row of a line whose own page is under `base`.
    pub(in crate::web::pages) fn under(
        app: &App,
        year: FlowYear,
        base: &str,
        line: &RawLine,
        fault: Option<String>,
    ) -> Self {
        let reference = line.get(Field::Reference).to_owned();
        let paid = crate::domain::amount::parse_amount(line.get(Field::AmountPaid)).ok();
        let recipient = app.codes.find_recipient(line.get(Field::Recipient));
        Self {
            address: format!("{base}/lignes/{}", encoded(&reference)),
            title: Some(line.get(Field::Title))
                .filter(|title| !title.is_empty())
                .unwrap_or("Sans titre")
                .to_owned(),
            recipient: recipient.map_or_else(
                || line.get(Field::Recipient).to_owned(),
                |row| {
                    app.codes.recipients().nearest(row.key(), year.get()).unwrap_or(row).name_fr.to_string()
                },
            ),
            amount: paid.map_or_else(|| line.get(Field::AmountPaid).to_owned(), crate::web::text::euros),
            magnitude: paid
                .filter(|paid| !paid.is_negative())
                .map(crate::web::text::magnitude)
                .unwrap_or_default(),
            reference,
            fault,
        }
    }
}

/// A reference as a part of an address.
pub(in crate::web::pages) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
