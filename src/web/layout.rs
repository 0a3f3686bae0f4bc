//! What every page shows around its content: header, navigation, breadcrumb, banner of the demonstration, footer.

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;

use crate::app::App;
use crate::config::Profile;
use crate::service::account::Current;

use super::assets::{DSFR, OWN};
use super::text;

/// A step of the breadcrumb before the page itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Where it leads.
    pub address: String,
    /// Its name.
    pub name: String,
}

/// A section of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// Where it leads.
    pub address: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// The navigation of everyone.
pub const SECTIONS: &[Section] = &[
    Section { address: "/", name: "Accueil" },
    Section { address: "/collectivites", name: "Chercher une collectivité" },
    Section { address: "/recepisses", name: "Vérifier un récépissé" },
    Section { address: "/aide", name: "Aide" },
];

/// What is around a page: made of the request, before its content.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Path of the page.
    path: String,
    /// The banner of a demonstration: its instant.
    demonstration: Option<String>,
    /// The mention of accessibility.
    accessibility: &'static str,
    /// Name of who signed in.
    name: Option<String>,
}

/// The frame of a page with its title and its breadcrumb.
#[derive(Debug, Clone)]
pub struct Layout {
    /// What the browser calls the page, without the name of the service.
    pub title: String,
    /// The way to the page, its own name left out.
    pub trail: Vec<Crumb>,
    /// What the browser tells before the title: "Erreur", or what was found.
    pub lead: Option<String>,
    /// What the visitor must know on each page of a space, before its content.
    pub notice: Option<String>,
    frame: Frame,
}

/// The frame that `visitor::know` made of the request.
impl FromRequestParts<App> for Frame {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let known = parts.extensions.get::<Self>().cloned();
        Ok(known.unwrap_or_else(|| Self::of(app, &parts.uri, None)))
    }
}

impl Frame {
    /// The frame of the page at an address.
    pub fn of(app: &App, address: &Uri, current: Option<&Current>) -> Self {
        let demonstration = (app.config.profile == Profile::Demo).then(|| text::minute(app.now()));
        let accessibility = app.config.about.accessibility.label();
        let name = current.map(|current| current.name.clone());
        Self { path: address.path().to_owned(), demonstration, accessibility, name }
    }

    /// The frame of a page of this title, under the home page.
    pub fn titled(self, title: impl Into<String>) -> Layout {
        Layout { title: title.into(), trail: vec![], lead: None, notice: None, frame: self }
    }
}

impl Layout {
    /// The page is reached by another one.
    pub fn under(mut self, address: impl Into<String>, name: impl Into<String>) -> Self {
        self.trail.push(Crumb { address: address.into(), name: name.into() });
        self
    }

    /// The browser tells this before the title of the page.
    pub fn led_by(mut self, lead: impl Into<String>) -> Self {
        self.lead = Some(lead.into());
        self
    }

    /// Tells this before the content of the page.
    pub fn noticed(self, notice: Option<String>) -> Self {
        Self { notice, ..self }
    }

    /// Whether the page is the home page.
    pub fn is_home(&self) -> bool {
        self.frame.path == "/"
    }

    /// The banner of a demonstration: its instant.
    pub fn demonstration(&self) -> Option<&str> {
        self.frame.demonstration.as_deref()
    }

    /// Name of who signed in.
    pub fn name(&self) -> Option<&str> {
        self.frame.name.as_deref()
    }

    /// The mention of accessibility.
    pub const fn accessibility(&self) -> &'static str {
        self.frame.accessibility
    }

    /// The sections of the navigation, and whether the page is in each.
    pub fn sections(&self) -> impl Iterator<Item = (Section, Place)> + '_ {
        SECTIONS.iter().map(|section| (*section, self.place(section.address)))
    }

    fn place(&self, address: &str) -> Place {
        let path = self.frame.path.as_str();
        if path == address {
            Place::Here
        } else if address != "/" && path.strip_prefix(address).is_some_and(|rest| rest.starts_with('/')) {
            Place::Within
        } else {
            Place::Elsewhere
        }
    }

    /// Where the files of the design system are.
    #[expect(clippy::unused_self, reason = "templates name what they show by the layout")]
    pub const fn dsfr(&self) -> &'static str {
        DSFR
    }

    /// Where our own files are.
    #[expect(clippy::unused_self, reason = "templates name what they show by the layout")]
    pub const fn own(&self) -> &'static str {
        OWN
    }
}

/// Where a page is, seen from a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is its first page.
    Here,
    /// It is one of its other pages.
    Within,
    /// It is in another section.
    Elsewhere,
}

impl Place {
    /// The `aria-current` of the section's link, where it has one.
    pub const fn current(self) -> Option<&'static str> {
        match self {
            Self::Here => Some("page"),
            Self::Within => Some("true"),
            Self::Elsewhere => None,
        }
    }
}
