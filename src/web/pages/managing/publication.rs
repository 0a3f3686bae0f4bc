//! What becomes public of a campaign: counted, listed by title, each title replaceable; then the publication.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::domain::campaign::CampaignState;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::service::campaign;
use crate::service::publication::{self, Only, PAGE, Titled, Wanted};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pager::Pager;
use crate::web::pages::{Answer, page_with};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{Ask, Decision, Kind, Opened, Year, is_confirmed, mend};

#[derive(Template)]
#[template(path = "managing/publication.html")]
struct PublicationPage {
    layout: Layout,
    form: Form,
    address: String,
    facts: Vec<(&'static str, String)>,
    wanted: Asked,
    choices: Vec<(&'static str, String)>,
    found: String,
    rows: Vec<Row>,
    pager: Pager,
    ask: Ask,
    /// Whether it can be published now, and whether titles can be replaced.
    is_settled: bool,
    is_published: bool,
}

/// A line by its titles.
struct Row {
    address: String,
    name: String,
    siren: String,
    public: String,
    /// The title declared, where it is another one.
    declared: Option<String>,
    hints: String,
    own: String,
}

/// Which lines are looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    q: String,
    titres: String,
    page: String,
}

impl Asked {
    fn wanted(&self) -> Wanted {
        let only = match self.titres.as_str() {
            "douteux" => Only::Doubtful,
            "remplaces" => Only::Replaced,
            _ => Only::All,
        };
        Wanted { words: self.q.trim().to_owned(), only, page: self.page.parse().unwrap_or(1) }
    }

    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", self.q.trim()).append_pair("titres", &self.titres).finish()
    }
}

/// Answers `GET /pilotage/campagnes/{annee}/publication`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Agent(current): Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    let page = publication_page(&app, &current.actor, frame, year, asked, Form::default()).await?;
    page_with(StatusCode::OK, &page)
}

/// Answers `POST /pilotage/campagnes/{annee}/publication`.
pub(in crate::web) async fn publish(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let mut form = Form::of(typed);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if is_confirmed(&mut form, year.0) {
        match campaign::publish(&app, &current.actor, year.0).await {
            Ok(_campaign) => return Ok(see(&year.base())),
            Err(error) => status = mend(&mut form, error, "formulaire")?,
        }
    }
    let page = publication_page(&app, &current.actor, frame, year, Asked::default(), form).await?;
    page_with(status, &PublicationPage { layout: page.layout.led_by("Erreur"), ..page })
}

async fn publication_page(
    app: &App,
    actor: &Actor,
    frame: Frame,
    year: Year,
    asked: Asked,
    form: Form,
) -> Result<PublicationPage, PageRefused> {
    let wanted = asked.wanted();
    let preview = publication::preview(app, actor, year.0, &wanted).await?;
    let count = |number: usize| u64::try_from(number).unwrap_or_default();
    let told = |number: usize| text::thousands(count(number));
    let facts = vec![
        ("État de la campagne", preview.state.label().to_owned()),
        ("Collectivités qui déclarent un montant", told(preview.declared)),
        ("Collectivités qui déclarent «\u{a0}néant\u{a0}»", told(preview.nil)),
        ("Lignes", told(preview.lines)),
        ("Ressources propres", text::euros(preview.own)),
        ("Titres à relire", told(preview.doubtful)),
        ("Titres remplacés", told(preview.replaced)),
    ];
    let choices = vec![
        ("", "Toutes les lignes".to_owned()),
        ("douteux", format!("Titres à relire ({})", told(preview.doubtful))),
        ("remplaces", format!("Titres remplacés ({})", told(preview.replaced))),
    ];
    let (pager, _before) = Pager::of(&asked.page, preview.found, PAGE, asked.query());
    Ok(PublicationPage {
        layout: year.trail(frame.titled(format!("Ce qui devient public\u{a0}: campagne {}", year.0))),
        form,
        address: year.address("publication"),
        facts,
        choices,
        found: text::count(count(preview.found), "ligne", "lignes"),
        rows: preview.rows.into_iter().map(|line| row(year, line)).collect(),
        pager,
        wanted: asked,
        ask: Ask::year(year.0),
        is_settled: preview.state == CampaignState::Settled,
        is_published: preview.state == CampaignState::Published,
    })
}

fn row(year: Year, line: Titled) -> Row {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("siren", line.siren.as_str()).append_pair("reference", &line.reference);
    let address = format!("{}?{}", year.address("titre"), query.finish());
    let hints: Vec<&str> = line.hints.iter().map(|hint| hint.label()).collect();
    let (public, declared) = match line.public {
        Some(public) => (public, Some(line.declared)),
        None => (line.declared, None),
    };
    Row {
        address,
        name: line.name,
        siren: line.siren.to_string(),
        public,
        declared,
        hints: hints.join(", "),
        own: text::euros(line.own),
    }
}

/// Which line's title is replaced.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Line {
    siren: String,
    reference: String,
}

/// Answers `GET /pilotage/campagnes/{annee}/titre`.
pub(in crate::web) async fn title(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Opened { agent, typed }: Opened,
    Query(line): Query<Line>,
) -> Answer {
    let proposed = || Typed::default().with("siren", line.siren).with("reference", line.reference);
    let form = Form::of(typed.unwrap_or_else(proposed));
    title_page(&app, &agent.0.actor, frame, year, form).await?.shown(StatusCode::OK)
}

/// Answers `POST /pilotage/campagnes/{annee}/titre`.
pub(in crate::web) async fn replace(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Posted { agent, typed }: Posted,
) -> Answer {
    let actor = &agent.0.actor;
    let mut form = Form::of(typed);
    let key = (siren_of(&form)?, year.0.flow_year());
    let (reference, title) = (form.value("reference").to_owned(), form.value("titre").to_owned());
    let reason = form.value("motif").to_owned();
    match publication::replace_title(&app, actor, key, &reference, (&title, &reason)).await {
        Ok(()) => Ok(see(&format!("{}?titres=remplaces", year.address("publication")))),
        Err(error) => {
            let status = mend(&mut form, error, "titre")?;
            title_page(&app, actor, frame, year, form).await?.shown(status)
        }
    }
}

fn siren_of(form: &Form) -> Result<Siren, PageRefused> {
    form.value("siren").parse().map_err(|_unreadable| PageRefused::nothing_here())
}

async fn title_page(
    app: &App,
    actor: &Actor,
    frame: Frame,
    year: Year,
    form: Form,
) -> Result<Decision, PageRefused> {
    crate::service::require_manager(actor)?;
    let key = (siren_of(&form)?, year.0.flow_year());
    let line = publication::one(app, actor, key, form.value("reference")).await?;
    let back = year.address("publication");
    let layout = year.trail(frame.titled("Remplacer un titre public")).under(&back, "Ce qui devient public");
    let mut decision = Decision::new(layout, form, year.address("titre"), back, "Remplacer le titre public");
    decision.about.push(
        "Le titre public remplace le titre déclaré sur le site, dans les données ouvertes et dans les rapports. La déclaration elle-même ne change pas.".to_owned(),
    );
    decision.facts = vec![
        ("Collectivité", format!("{} ({})", line.name, line.siren)),
        ("Ligne", line.reference),
        ("Titre déclaré", line.declared),
        ("Titre public aujourd’hui", line.public.unwrap_or_else(|| "le titre déclaré".to_owned())),
        ("Ressources propres", text::euros(line.own)),
    ];
    let standing = campaign::standing(app, year.0).await?;
    if standing.state == CampaignState::Published {
        decision.why_not = Some(
            "La campagne est publiée\u{a0}: un titre ne se remplace plus. Rectifiez la ligne par une version du ministère.".to_owned(),
        );
    }
    let hint = format!("{} caractères au plus. Il ne doit nommer personne.", publication::TITLE_MAX);
    decision.hidden = vec!["siren", "reference"];
    decision.fields = vec![
        Ask::text("titre", "Titre public", hint),
        Ask::new("motif", "Motif", "Il reste dans l’historique. N’y recopiez pas le nom.", Kind::Area),
    ];
    Ok(decision)
}
