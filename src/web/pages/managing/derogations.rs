//! Derogations: listed, granted, revoked. Two decisions, never one for the other (rule 4).

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::domain::call::Call;
use crate::domain::campaign::Act;
use crate::domain::day::Day;
use crate::domain::filing::FilingKind;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::derogation::follow::{self, Listed, Of, Scope};
use crate::service::{call, campaign, derogation, eligibility, register, require_manager, this_year};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page_with};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{Ask, CALLS, CAMPAIGNS, Decision, Kind, Opened, Year, mend};

#[derive(Template)]
#[template(path = "managing/derogations.html")]
struct Derogations {
    layout: Layout,
    form: Form,
    address: String,
    about: &'static str,
    rows: Vec<Row>,
    why_not: Option<String>,
    /// What was searched for, and what was found: SIREN, name, where.
    searched: String,
    found: Vec<(String, String, String)>,
    /// The collectivity chosen, and what is on file about it.
    facts: Vec<(&'static str, String)>,
    fields: Vec<Ask>,
}

struct Row {
    id: i32,
    siren: String,
    name: String,
    what: String,
    granted: String,
    reason: String,
    ended: Option<String>,
    is_running: bool,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    q: String,
    siren: String,
}

/// What derogations are asked about: a campaign or a call.
enum Subject {
    Campaign(Year),
    Call(Call),
}

impl Subject {
    fn address(&self) -> String {
        match self {
            Self::Campaign(year) => year.address("derogations"),
            Self::Call(call) => format!("{CALLS}/{}/derogations", call.code()),
        }
    }

    fn layout(&self, frame: Frame) -> Layout {
        match self {
            Self::Campaign(year) => {
                year.trail(frame.titled(format!("Dérogations de dépôt\u{a0}: campagne {}", year.0)))
            }
            Self::Call(call) => frame
                .titled(format!("Dérogations d’éligibilité\u{a0}: appel {}", call.code()))
                .under(CALLS, "Appels à projets")
                .under(format!("{CALLS}/{}", call.code()), format!("Appel {}", call.code())),
        }
    }

    const fn about(&self) -> &'static str {
        match self {
            Self::Campaign(_) => {
                "Une dérogation de dépôt rouvre la fenêtre pour une seule collectivité, jusqu’à un jour. Elle ne rend pas éligible\u{a0}: pendant qu’elle court, l’éligibilité est «\u{a0}en attente\u{a0}»."
            }
            Self::Call(_) => {
                "Une dérogation d’éligibilité rend une collectivité éligible à cet appel seulement, qu’elle ait déclaré ou non. Elle ne rouvre pas la fenêtre de dépôt."
            }
        }
    }

    fn fields(&self) -> Vec<Ask> {
        let mut fields = vec![Ask::text(
            "siren",
            "SIREN de la collectivité",
            "Cherchez-la ci-dessus, ou tapez ses neuf chiffres.",
        )];
        if matches!(self, Self::Campaign(_)) {
            fields.push(Ask::day("jusqu-au", "Dernier jour pour déposer, compris"));
        }
        fields.push(Ask::reason());
        fields
    }

    /// Why no derogation can be granted now.
    async fn why_not(&self, app: &App) -> Result<Option<String>, PageRefused> {
        let Self::Campaign(year) = self else { return Ok(None) };
        let standing = campaign::standing(app, year.0).await?;
        let refused = standing.campaign.admits(Act::Derogate, standing.filings, standing.at).err();
        Ok(refused.map(|refusal| crate::domain::text::sentence(&refusal.message)))
    }

    async fn listed(&self, app: &App, actor: &Actor) -> Result<Vec<Listed>, PageRefused> {
        let of = match self {
            Self::Campaign(year) => Of::Campaign(year.0),
            Self::Call(call) => Of::Call(call.code()),
        };
        Ok(follow::list(app, actor, of).await?)
    }

    /// What is known of the collectivity, before it is granted one.
    async fn facts(
        &self,
        app: &App,
        actor: &Actor,
        siren: Siren,
    ) -> Result<Vec<(&'static str, String)>, PageRefused> {
        let year = match self {
            Self::Campaign(year) => year.0.flow_year(),
            Self::Call(call) => call.required_years().last().copied().map_or_else(|| this_year(app), Ok)?,
        };
        let subject = follow::subject(app, actor, siren, year).await?;
        let mut facts = vec![
            ("Collectivité", format!("{} ({siren})", subject.name)),
            ("Au dossier", on_file(subject.counts, year)),
        ];
        if let Some(until) = subject.reopened_until {
            facts.push(("Dérogation de dépôt qui court", format!("jusqu’au {}", text::long_day(until))));
        }
        if let Self::Call(call) = self {
            let verdict = eligibility::of_one(app, call.code().as_str(), siren, None, None).await?;
            facts.push(("Aujourd’hui", verdict.sentence));
        }
        Ok(facts)
    }
}

fn on_file(counts: Option<(u32, FilingKind)>, year: FlowYear) -> String {
    match counts {
        Some((version, kind)) => format!("version {version} pour {year}\u{a0}: {kind}"),
        None => format!("rien n’est déclaré pour {year}"),
    }
}

/// Answers `GET /pilotage/campagnes/{annee}/derogations`.
pub(in crate::web) async fn of_campaign(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    opened: Opened,
    Query(asked): Query<Asked>,
) -> Answer {
    show(&app, frame, &Subject::Campaign(year), opened, asked).await
}

/// Answers `GET /pilotage/appels/{code}/derogations`.
pub(in crate::web) async fn of_call(
    State(app): State<App>,
    frame: Frame,
    Path(code): Path<String>,
    opened: Opened,
    Query(asked): Query<Asked>,
) -> Answer {
    require_manager(&opened.agent.0.actor)?;
    let call = call::resolve(&app, &code).await?;
    show(&app, frame, &Subject::Call(call), opened, asked).await
}

async fn show(app: &App, frame: Frame, subject: &Subject, opened: Opened, asked: Asked) -> Answer {
    let actor = &opened.agent.0.actor;
    require_manager(actor)?;
    let typed = opened.typed.unwrap_or_else(|| Typed::default().with("siren", asked.siren.trim()));
    let page = derogations(app, actor, frame, subject, Form::of(typed), asked.q.trim()).await?;
    page_with(StatusCode::OK, &page)
}

async fn derogations(
    app: &App,
    actor: &Actor,
    frame: Frame,
    subject: &Subject,
    form: Form,
    searched: &str,
) -> Result<Derogations, PageRefused> {
    let mut found = vec![];
    if !searched.is_empty() {
        let bodies = register::search(app, searched, None, None, this_year(app)?, 1).await?.bodies;
        found.extend(bodies.into_iter().filter_map(|body| {
            let place = body.departement.map(|code| format!("département {code}")).unwrap_or_default();
            Some((body.siren?.to_string(), body.name, place))
        }));
    }
    let facts = match form.value("siren").parse::<Siren>() {
        Ok(siren) => subject.facts(app, actor, siren).await.unwrap_or_default(),
        Err(_none) => vec![],
    };
    Ok(Derogations {
        layout: subject.layout(frame),
        address: subject.address(),
        about: subject.about(),
        rows: subject.listed(app, actor).await?.iter().map(row).collect(),
        why_not: subject.why_not(app).await?,
        searched: searched.to_owned(),
        found,
        facts,
        fields: subject.fields(),
        form,
    })
}

fn row(listed: &Listed) -> Row {
    let Listed { derogation, name, revocation, is_running, .. } = listed;
    let by = |by: &Option<String>| by.clone().unwrap_or_else(|| "un compte effacé".to_owned());
    let ended = revocation.as_ref().zip(derogation.revoked_at).map(|((why, who), at)| {
        format!("Révoquée le {} par {}. Motif\u{a0}: {why}", text::minute(at), by(who))
    });
    Row {
        id: derogation.id,
        siren: derogation.siren.to_string(),
        name: name.clone(),
        what: match &derogation.scope {
            Scope::Filing { until, .. } => format!("jusqu’au {}", text::long_day(*until)),
            Scope::Eligibility { call } => format!("éligible à {call}"),
        },
        granted: format!("{}, par {}", text::minute(derogation.decided_at), by(&listed.by)),
        reason: derogation.reason.clone(),
        ended,
        is_running: *is_running,
    }
}

/// Answers `POST /pilotage/campagnes/{annee}/derogations`.
pub(in crate::web) async fn grant_filing(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let actor = &current.actor;
    let subject = Subject::Campaign(year);
    let mut form = Form::of(typed);
    let siren = form.faults.take("siren", form.typed.get("siren").parse::<Siren>());
    let until = form.faults.take("jusqu-au", form.typed.get("jusqu-au").parse::<Day>());
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let (Some(siren), Some(until)) = (siren, until) {
        let reason = form.value("motif").to_owned();
        match derogation::grant_filing(&app, actor, siren, year.0, until, &reason).await {
            Ok(_number) => return Ok(see(&subject.address())),
            Err(error) => status = mend(&mut form, error, "siren")?,
        }
    }
    refused(&app, actor, frame, &subject, form, status).await
}

/// Answers `POST /pilotage/appels/{code}/derogations`.
pub(in crate::web) async fn grant_eligibility(
    State(app): State<App>,
    frame: Frame,
    Path(code): Path<String>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let actor = &current.actor;
    require_manager(actor)?;
    let subject = Subject::Call(call::resolve(&app, &code).await?);
    let mut form = Form::of(typed);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(siren) = form.faults.take("siren", form.typed.get("siren").parse::<Siren>()) {
        let reason = form.value("motif").to_owned();
        match derogation::grant_eligibility(&app, actor, siren, &code, &reason).await {
            Ok(_number) => return Ok(see(&subject.address())),
            Err(error) => status = mend(&mut form, error, "siren")?,
        }
    }
    refused(&app, actor, frame, &subject, form, status).await
}

async fn refused(
    app: &App,
    actor: &Actor,
    frame: Frame,
    subject: &Subject,
    form: Form,
    status: StatusCode,
) -> Answer {
    require_manager(actor)?;
    let page = derogations(app, actor, frame, subject, form, "").await?;
    page_with(status, &Derogations { layout: page.layout.led_by("Erreur"), ..page })
}

/// Answers `GET /pilotage/derogations/{numero}`.
pub(in crate::web) async fn revocation(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Opened { agent, typed }: Opened,
) -> Answer {
    let form = Form::of(typed.unwrap_or_default());
    revocation_page(&app, &agent.0.actor, frame, number(&id)?, form).await?.shown(StatusCode::OK)
}

/// Answers `POST /pilotage/derogations/{numero}`.
pub(in crate::web) async fn revoke(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Posted { agent, typed }: Posted,
) -> Answer {
    let (id, actor) = (number(&id)?, &agent.0.actor);
    let mut form = Form::of(typed);
    let reason = form.value("motif").to_owned();
    match derogation::revoke(&app, actor, id, &reason).await {
        Ok(()) => {
            let listed = follow::one(&app, actor, id).await?;
            Ok(see(&list_of(&listed)))
        }
        Err(error) => {
            let status = mend(&mut form, error, "formulaire")?;
            revocation_page(&app, actor, frame, id, form).await?.shown(status)
        }
    }
}

fn number(id: &str) -> Result<i32, PageRefused> {
    id.parse().map_err(|_unreadable| PageRefused::nothing_here())
}

/// The page that lists the derogation.
fn list_of(listed: &Listed) -> String {
    match &listed.derogation.scope {
        Scope::Filing { campaign, .. } => format!("{CAMPAIGNS}/{campaign}/derogations"),
        Scope::Eligibility { call } => format!("{CALLS}/{call}/derogations"),
    }
}

async fn revocation_page(
    app: &App,
    actor: &Actor,
    frame: Frame,
    id: i32,
    form: Form,
) -> Result<Decision, PageRefused> {
    let listed = follow::one(app, actor, id).await?;
    let layout = frame.titled(format!("Révoquer la dérogation n°\u{a0}{id}"));
    let layout = layout.under("/pilotage", "Pilotage").under(list_of(&listed), "Dérogations");
    let address = format!("/pilotage/derogations/{id}");
    let mut decision = Decision::new(layout, form, address, list_of(&listed), "Révoquer la dérogation");
    let row = row(&listed);
    decision.about.push(
        "La dérogation n’a plus d’effet à partir de maintenant. Ce qui a été déposé pendant qu’elle courait reste déposé.".to_owned(),
    );
    decision.facts = vec![
        ("Collectivité", format!("{} ({})", row.name, row.siren)),
        ("Dérogation", row.what),
        ("Accordée", row.granted),
        ("Motif", row.reason),
    ];
    decision.why_not = row.ended;
    decision.fields =
        vec![Ask::new("motif", "Motif de la révocation", "Il reste dans l’historique.", Kind::Area)];
    Ok(decision)
}
