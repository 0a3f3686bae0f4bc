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

/// A section of the navigation, and for whom it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// Where it leads.
    pub address: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What one does there, for the page that introduces the sections.
    pub about: &'static str,
    /// The roles that see it; [`ANYONE`] is nobody known.
    roles: &'static [&'static str],
}

/// Who has no session.
pub const ANYONE: &str = "anonyme";

macro_rules! sections {
    ($($address:literal $name:literal $about:literal [$($role:expr),+];)+) => {
        /// The navigation, by role.
        pub const SECTIONS: &[Section] = &[$(Section {
            address: $address, name: $name, about: $about, roles: &[$($role),+],
        }),+];
    };
}

sections! {
    "/" "Accueil" "" [ANYONE, "declarant"];
    "/pilotage" "Pilotage" "" ["sgar", "instructeur", "gestionnaire", "observateur", "administrateur"];
    "/pilotage/suivi" "Suivi de la campagne"
        "Qui a déclaré, qui manque, et où en était-on l’an dernier au même moment."
        ["sgar", "instructeur", "gestionnaire"];
    "/pilotage/eligibilite" "Éligibilité" "Qui peut candidater aux appels à projets, et le certifier."
        ["sgar", "instructeur", "gestionnaire"];
    "/pilotage/relances" "Relances"
        "Écrire à celles qui n’ont pas déclaré, et voir à qui aucun message n’arrive."
        ["sgar", "gestionnaire"];
    "/pilotage/campagnes" "Campagnes" "Préparer, proroger, arrêter, publier\u{a0}; dérogations de dépôt." ["gestionnaire"];
    "/pilotage/qualite" "Qualité" "Ce qui mérite d’être relu\u{a0}: écarts, doubles, marqueurs absents." ["gestionnaire"];
    "/pilotage/questions" "Questions"
        "Ce qui est demandé aux collectivités sur leurs déclarations, et ce qu’elles répondent."
        ["sgar", "instructeur", "gestionnaire"];
    "/pilotage/appels" "Appels à projets" "Ce que chaque appel exige\u{a0}; dérogations d’éligibilité." ["gestionnaire"];
    "/pilotage/registre" "Registre" "Chercher, corriger, ajouter, fusionner\u{a0}; un nouveau millésime." ["gestionnaire"];
    "/pilotage/syntheses" "Synthèses" "Ce qu’une région ou le pays a versé, à lire, à imprimer et à télécharger."
        ["sgar", "instructeur", "gestionnaire"];
    "/pilotage/rapports" "Rapports" "Les fichiers pour la DG Trésor, l’OCDE et les données ouvertes, et leurs éditions."
        ["gestionnaire", "observateur"];
    "/pilotage/rattachements" "Rattachements" "Qui demande à déclarer pour une collectivité, et qui attend une réponse."
        ["sgar", "gestionnaire"];
    "/administration/comptes" "Comptes" "Inviter, changer un rôle, fermer ou rouvrir un compte, réinitialiser la double authentification."
        ["administrateur"];
    "/administration/journal" "Journal" "Qui a fait quoi, quand\u{a0}; vérifier que rien n’a été changé."
        ["gestionnaire", "administrateur"];
    "/administration/taches" "Tâches" "Ce que le service fait seul, à heure dite\u{a0}: ce qui est fait, ce qui a échoué."
        ["administrateur"];
    "/collectivites" "Chercher une collectivité" "Ce que chaque collectivité a déclaré et qui est publié."
        [ANYONE, "declarant", "sgar", "instructeur", "gestionnaire"];
    "/donnees-ouvertes" "Données ouvertes" "Les fichiers des années publiées, à télécharger et à réutiliser."
        [ANYONE, "declarant", "observateur"];
    "/recepisses" "Vérifier un document" "" [ANYONE, "declarant"];
    "/aide" "Aide" "" [ANYONE, "declarant", "sgar", "instructeur", "gestionnaire", "observateur", "administrateur"];
}

/// What one does rarely: where a role has several of them, one title unfolds them, or else the row of sections would
/// not hold the rest.
const RARE: [&str; 6] = [
    "/pilotage/qualite",
    "/pilotage/appels",
    "/pilotage/registre",
    "/pilotage/rattachements",
    "/administration/comptes",
    "/administration/journal",
];
/// So many of them are unfolded by a title.
const UNFOLDED: usize = 3;

/// The navigation of who looks: sections in their order, those that a title unfolds, the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Navigation {
    /// Before the title.
    pub first: Vec<(Section, Place)>,
    /// Under the title.
    pub unfolded: Vec<(Section, Place)>,
    /// After it.
    pub last: Vec<(Section, Place)>,
}

impl Navigation {
    /// Whether the page is in a section under the title.
    pub fn is_unfolded_here(&self) -> bool {
        self.unfolded.iter().any(|(_section, place)| *place != Place::Elsewhere)
    }
}

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
    /// The role of who signed in, or [`ANYONE`].
    role: &'static str,
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
        let role = current.map_or(ANYONE, |current| current.actor.role.code());
        Self { path: address.path().to_owned(), demonstration, accessibility, name, role }
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

    /// The sections of the navigation for who looks, and whether the page is in each.
    pub fn sections(&self) -> impl Iterator<Item = (Section, Place)> + '_ {
        let own = || SECTIONS.iter().filter(|section| section.roles.contains(&self.frame.role));
        // Of a section and one within it, the page is in the inner one.
        let inner = own().filter(|section| self.holds(section)).max_by_key(|section| section.address.len());
        own().map(move |section| {
            let place = match inner {
                Some(found) if found == section && section.address == self.frame.path => Place::Here,
                Some(found) if found == section => Place::Within,
                _ => Place::Elsewhere,
            };
            (*section, place)
        })
    }

    /// The same, as the navigation shows them.
    pub fn navigation(&self) -> Navigation {
        let is_rare = |(section, _place): &(Section, Place)| RARE.contains(&section.address);
        let all: Vec<_> = self.sections().collect();
        let rare = all.iter().filter(|one| is_rare(one)).count();
        if rare < UNFOLDED {
            return Navigation { first: all, unfolded: vec![], last: vec![] };
        }
        let (unfolded, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_rare);
        let (first, last) =
            others.into_iter().partition(|(section, _place)| section.address.starts_with("/pilotage"));
        Navigation { first, unfolded, last }
    }

    fn holds(&self, section: &Section) -> bool {
        let path = self.frame.path.as_str();
        let within = |rest: &str| section.address != "/" && rest.starts_with('/');
        path == section.address || path.strip_prefix(section.address).is_some_and(within)
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
