//! A question to a collectivity: the form, with the words of what was found.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::domain::question::LONGEST;
use crate::domain::refusal::{Because, RefusalKind};
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::text::excerpt;
use crate::domain::year::FlowYear;
use crate::service::ServiceError;
use crate::service::question::{self, New};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::managing::{Ask, Kind, Opened, mend};
use crate::web::pages::{Answer, page_with};
use crate::web::visitor::{Posted, see};

use super::{QUESTIONS, about};

#[derive(Template)]
#[template(path = "questions/ask.html")]
struct AskPage {
    layout: Layout,
    form: Form,
    /// What the question is about, where it is known.
    facts: Vec<(&'static str, String)>,
    fields: Vec<Ask>,
}

/// What an address proposes: where it was found, and its words.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Proposed {
    siren: String,
    exercice: String,
    ligne: String,
    texte: String,
}

/// The address of the form for a line or the whole, with words to start from.
pub(in crate::web::pages) fn address(
    (siren, year): (Siren, FlowYear),
    reference: Option<&str>,
    words: &str,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("siren", &siren.to_string()).append_pair("exercice", &year.to_string());
    if let Some(reference) = reference {
        query.append_pair("ligne", reference);
    }
    if !words.is_empty() {
        query.append_pair("texte", &excerpt(words, LONGEST / 2));
    }
    format!("{}/nouvelle?{}", QUESTIONS.0, query.finish())
}

/// Answers `GET /pilotage/questions/nouvelle`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(proposed): Query<Proposed>,
    Opened { agent, typed }: Opened,
) -> Answer {
    let Proposed { siren, exercice, ligne, texte } = proposed;
    let proposed =
        || [("siren", siren), ("exercice", exercice), ("ligne", ligne), ("texte", texte)].into_iter();
    let typed = typed
        .unwrap_or_else(|| proposed().fold(Typed::default(), |typed, (name, value)| typed.with(name, value)));
    shown(&app, &agent.0.actor, frame, Form::of(typed), StatusCode::OK).await
}

/// Answers `POST /pilotage/questions/nouvelle`.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    Posted { agent, typed }: Posted,
) -> Answer {
    let actor = &agent.0.actor;
    question::require_asker(actor)?;
    let mut form = Form::of(typed);
    let siren = form.typed.get("siren").replace(' ', "").parse::<Siren>();
    let siren = form.faults.take("siren", siren);
    let year = form.typed.get("exercice").parse::<FlowYear>();
    let year = form.faults.take("exercice", year);
    let (Some(siren), Some(flow_year)) = (siren, year) else {
        return shown(&app, actor, frame, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let reference = Some(form.value("ligne")).filter(|reference| !reference.is_empty());
    let new = New { siren, flow_year, reference, text: form.value("texte") };
    match question::ask(&app, actor, new).await {
        Ok(id) => Ok(see(&format!("{}/{id}", QUESTIONS.0))),
        Err(error) => {
            let field = match &error {
                ServiceError::Refused(refusal) => match refusal.because {
                    Because::UnknownSiren => "siren",
                    Because::UnknownCampaign => "exercice",
                    Because::UnknownLine => "ligne",
                    _ => "texte",
                },
                _ => "texte",
            };
            let status = mend(&mut form, error, field)?;
            shown(&app, actor, frame, form, status).await
        }
    }
}

async fn shown(app: &App, actor: &Actor, frame: Frame, form: Form, status: StatusCode) -> Answer {
    question::require_asker(actor)?;
    let mut layout = frame.titled("Poser une question").under("/pilotage", "Pilotage");
    layout = layout.under(QUESTIONS.0, QUESTIONS.1);
    if !form.faults.is_empty() {
        layout = layout.led_by("Erreur");
    }
    let facts = known(app, actor, &form).await?;
    let fields = vec![
        Ask::text("siren", "SIREN de la collectivité", "Neuf chiffres."),
        Ask::text("exercice", "Année des versements", "Celle de la déclaration. Exemple\u{a0}: 2025"),
        Ask::new(
            "ligne",
            "Référence de la ligne",
            "Laissez vide pour interroger sur toute la déclaration.",
            Kind::Text { required: false },
        ),
        Ask::new(
            "texte",
            "Votre question",
            "2\u{202f}000 caractères au plus. Les agents de la collectivité la lisent dans leur espace. Ne nommez personne.",
            Kind::Area,
        ),
    ];
    page_with(status, &AskPage { layout, form, facts, fields })
}

/// What the form names, where it is readable and there.
async fn known(app: &App, actor: &Actor, form: &Form) -> Result<Vec<(&'static str, String)>, ServiceError> {
    let (Ok(siren), Ok(year)) =
        (form.value("siren").parse::<Siren>(), form.value("exercice").parse::<FlowYear>())
    else {
        return Ok(vec![]);
    };
    let reference = Some(form.value("ligne")).filter(|reference| !reference.is_empty());
    match question::subject(app, actor, (siren, year), reference).await {
        Ok((name, title)) => Ok(vec![
            ("Collectivité", format!("{name} ({siren})")),
            ("Versements de", year.to_string()),
            ("Ligne", about(reference, title.as_deref())),
        ]),
        // Said beside its field, once it is sent.
        Err(ServiceError::Refused(refusal)) if refusal.because.kind() == RefusalKind::NotFound => Ok(vec![]),
        Err(error) => Err(error),
    }
}
