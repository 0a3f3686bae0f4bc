//! One's own account: identity, password, sessions, the collectivities one acts for.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;

use crate::app::App;
use crate::domain::attachment::State as Standing;
use crate::domain::siren::{Siren, parse_siren_or_siret};
use crate::service::account;
use crate::service::attachment::{self, Listed};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see, typed_before};

use super::mendable;

#[derive(Template)]
#[template(path = "account/own.html")]
struct Own {
    layout: Layout,
    facts: Vec<(&'static str, String)>,
    sessions: Vec<SessionRow>,
}

struct SessionRow {
    id: String,
    browser: String,
    since: String,
    seen: String,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    layout: Layout,
    form: Form,
}

#[derive(Template)]
#[template(path = "account/space.html")]
struct Space {
    layout: Layout,
    name: String,
    attached: Vec<Body>,
    awaited: Vec<Body>,
    years: Vec<String>,
}

/// A collectivity of an agent.
struct Body {
    siren: String,
    name: String,
    asked_at: String,
}

#[derive(Template)]
#[template(path = "account/attach.html")]
struct Attach {
    layout: Layout,
    form: Form,
}

#[derive(Template)]
#[template(path = "account/left.html")]
struct Left {
    layout: Layout,
}

const PASSWORD_TITLE: &str = "Changer de mot de passe";
const ATTACH_TITLE: &str = "Demander une autre collectivité";

/// Answers `GET /compte`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Agent(current): Agent) -> Answer {
    let facts = vec![
        ("Nom", current.name.clone()),
        ("Fonction", current.function.clone()),
        ("Adresse électronique", current.email.as_str().to_owned()),
    ];
    let sessions = account::sessions(&app, &current).await?;
    let sessions = sessions.into_iter().map(|listed| SessionRow {
        browser: listed.session.browser.clone(),
        since: text::long_instant(listed.session.created_at),
        seen: text::long_instant(listed.session.seen_at),
        is_current: listed.is_current,
        id: listed.session.id,
    });
    page(&Own { layout: frame.titled("Mon compte"), facts, sessions: sessions.collect() })
}

/// Answers `POST /compte/sessions`: ends the session named, or every other one.
pub(in crate::web) async fn end_sessions(
    State(app): State<App>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    match typed.get("session") {
        "autres" => {
            account::end_other_sessions(&app, &current).await?;
        }
        id => {
            account::end_session(&app, &current, id).await?;
        }
    }
    Ok(see("/compte"))
}

/// Answers `GET /compte/mot-de-passe`.
pub(in crate::web) async fn password(frame: Frame, Agent(_current): Agent) -> Answer {
    let layout = frame.titled(PASSWORD_TITLE).under("/compte", "Mon compte");
    page(&PasswordPage { layout, form: Form::default() })
}

/// Answers `POST /compte/mot-de-passe`.
pub(in crate::web) async fn change_password(
    State(app): State<App>,
    frame: Frame,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    match account::change_password(&app, &current, typed.raw("ancien"), typed.raw("nouveau")).await {
        Ok(()) => Ok(see("/compte")),
        Err(error) => {
            let mut form = Form::default();
            let field = if is_about_old(&error) { "ancien" } else { "nouveau" };
            mendable(error, &mut form.faults, field)?;
            let layout = frame.titled(PASSWORD_TITLE).led_by("Erreur").under("/compte", "Mon compte");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &PasswordPage { layout, form })
        }
    }
}

fn is_about_old(error: &crate::service::ServiceError) -> bool {
    use crate::domain::refusal::Because;
    matches!(error, crate::service::ServiceError::Refused(refusal) if matches!(refusal.because, Because::WrongCredentials | Because::TooOften))
}

/// Answers `GET /espace`.
pub(in crate::web) async fn space(State(app): State<App>, frame: Frame, Agent(current): Agent) -> Answer {
    let mine = attachment::mine(&app, &current.actor).await?;
    let of_state =
        |state: Standing| mine.iter().filter(move |listed| listed.attachment.state() == state).map(body);
    let now = app.now();
    let campaigns = crate::service::campaign::list(&app).await?;
    let years = campaigns.iter().rev().filter(|campaign| {
        use crate::domain::campaign::CampaignState;
        !matches!(campaign.state(now), CampaignState::Planned | CampaignState::Cancelled)
    });
    page(&Space {
        layout: frame.titled("Mon espace"),
        name: current.name.clone(),
        attached: of_state(Standing::Attached).collect(),
        awaited: of_state(Standing::Awaited).collect(),
        years: years.map(|campaign| campaign.year.flow_year().to_string()).collect(),
    })
}

fn body(listed: &Listed) -> Body {
    Body {
        siren: listed.attachment.siren.to_string(),
        name: listed.collectivity.clone().unwrap_or_else(|| listed.attachment.siren.to_string()),
        asked_at: text::long_instant(listed.attachment.asked_at),
    }
}

/// Answers `GET /espace/rattachement`.
pub(in crate::web) async fn attach(
    State(app): State<App>,
    frame: Frame,
    agent: Agent,
    headers: HeaderMap,
) -> Answer {
    let typed = typed_before(&app, &agent, &headers, "/espace/rattachement").await?.unwrap_or_default();
    page(&Attach { layout: frame.titled(ATTACH_TITLE).under("/espace", "Mon espace"), form: Form::of(typed) })
}

/// Answers `POST /espace/rattachement`.
pub(in crate::web) async fn ask_attachment(
    State(app): State<App>,
    frame: Frame,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let mut form = Form::of(typed);
    let siren: Option<Siren> = form.faults.take("siren", parse_siren_or_siret(form.typed.get("siren")));
    if let Some(siren) = siren {
        let message = Some(form.value("message")).filter(|message| !message.is_empty());
        match attachment::ask(&app, &current.actor, siren, message).await {
            Ok(_id) => return Ok(see("/espace")),
            Err(error) => attachable(error, &mut form)?,
        }
    }
    let layout = frame.titled(ATTACH_TITLE).led_by("Erreur").under("/espace", "Mon espace");
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &Attach { layout, form })
}

/// Anything that is refused about a collectivity can be mended by naming another one.
fn attachable(
    error: crate::service::ServiceError,
    form: &mut Form,
) -> Result<(), crate::web::refusal::PageRefused> {
    match error {
        crate::service::ServiceError::Refused(refusal) => {
            form.faults.add("siren", &refusal.message);
            Ok(())
        }
        other => Err(other.into()),
    }
}

/// Answers `GET /deconnexion`: says so; leaving is a form.
pub(in crate::web) async fn leaving(frame: Frame, Agent(_current): Agent) -> Answer {
    Ok(page(&Left { layout: frame.titled("Se déconnecter") })?.into_response())
}
