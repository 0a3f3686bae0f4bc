//! One's own account: identity, password, sessions, the collectivities one acts for.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;

use crate::app::App;
use crate::domain::attachment::State as Standing;
use crate::domain::refusal::{Because, RefusalKind};
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::service::ServiceError;
use crate::service::account::{self, Wanted};
use crate::service::attachment::{self, Listed};
use crate::service::question;
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see, typed_before};

use super::mendable;
use super::wanted::{self, Offered};

#[derive(Template)]
#[template(path = "account/own.html")]
struct Own {
    layout: Layout,
    facts: Vec<(&'static str, String)>,
    /// Whether the account needs a second factor.
    is_privileged: bool,
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
    /// Questions that wait for its answer, where there are.
    questions: Option<String>,
}

#[derive(Template)]
#[template(path = "account/attach.html")]
struct Attach {
    layout: Layout,
    form: Form,
    /// Where a name has several bodies.
    offered: Vec<Offered>,
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
        since: text::minute(listed.session.created_at),
        seen: text::minute(listed.session.seen_at),
        is_current: listed.is_current,
        id: listed.session.id,
    });
    let is_privileged = !matches!(current.actor.role, Role::Declarant(_));
    page(&Own { layout: frame.titled("Mon compte"), facts, is_privileged, sessions: sessions.collect() })
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

const fn is_about_old(error: &ServiceError) -> bool {
    let ServiceError::Refused(refusal) = error else { return false };
    matches!(refusal.because, Because::WrongCredentials | Because::TooOften)
}

/// Answers `GET /espace`.
pub(in crate::web) async fn space(State(app): State<App>, frame: Frame, Agent(current): Agent) -> Answer {
    if !matches!(current.actor.role, Role::Declarant(_)) {
        return Ok(see("/pilotage"));
    }
    let mine = attachment::mine(&app, &current.actor).await?;
    let of_state =
        |state: Standing| mine.iter().filter(move |listed| listed.attachment.state() == state).map(body);
    let now = app.now();
    let campaigns = crate::service::campaign::list(&app).await?;
    let years = campaigns.iter().rev().filter(|campaign| {
        use crate::domain::campaign::CampaignState;
        !matches!(campaign.state(now), CampaignState::Planned | CampaignState::Cancelled)
    });
    let mut attached: Vec<Body> = of_state(Standing::Attached).collect();
    for (body, siren) in attached.iter_mut().zip(sirens(&mine)) {
        body.questions = waiting(&app, &current.actor, siren).await?;
    }
    page(&Space {
        layout: frame.titled("Mon espace"),
        name: current.name.clone(),
        attached,
        awaited: of_state(Standing::Awaited).collect(),
        years: years.map(|campaign| campaign.year.flow_year().to_string()).collect(),
    })
}

/// The collectivities that an agent acts for.
fn sirens(mine: &[Listed]) -> impl Iterator<Item = Siren> + '_ {
    let attached = mine.iter().filter(|listed| listed.attachment.state() == Standing::Attached);
    attached.map(|listed| listed.attachment.siren)
}

/// How many questions wait for the answer of a collectivity, where there are.
pub(in crate::web::pages) async fn waiting(
    app: &App,
    actor: &Actor,
    siren: Siren,
) -> Result<Option<String>, ServiceError> {
    let count = question::waiting(app, actor, siren).await?;
    let words = || text::count(count, "question attend votre réponse", "questions attendent votre réponse");
    Ok((count > 0).then(words))
}

fn body(listed: &Listed) -> Body {
    Body {
        siren: listed.attachment.siren.to_string(),
        name: listed.collectivity.clone().unwrap_or_else(|| listed.attachment.siren.to_string()),
        asked_at: text::minute(listed.attachment.asked_at),
        questions: None,
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
    let layout = frame.titled(ATTACH_TITLE).under("/espace", "Mon espace");
    page(&Attach { layout, form: Form::of(typed), offered: vec![] })
}

/// Answers `POST /espace/rattachement`.
pub(in crate::web) async fn ask_attachment(
    State(app): State<App>,
    frame: Frame,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let layout = frame.titled(ATTACH_TITLE).under("/espace", "Mon espace");
    let mut form = Form::of(typed);
    if wanted::is_turned(&mut form) {
        return page(&Attach { layout, form, offered: vec![] });
    }
    let (wanted, offered) = wanted::read(&app, &mut form).await?;
    if let Some(wanted) = wanted {
        let asked = match &wanted {
            Wanted::Registered(siren) => {
                let message = Some(form.value("message")).filter(|message| !message.is_empty());
                attachment::ask(&app, &current.actor, *siren, message).await
            }
            Wanted::Missing(told) => account::missing(&app, &current.actor, told).await,
        };
        match (asked, wanted) {
            (Ok(_id), _) => return Ok(see("/espace")),
            // What is refused about a collectivity is mended by naming another one.
            (Err(ServiceError::Refused(refusal)), Wanted::Registered(_))
                if refusal.because.kind() != RefusalKind::Forbidden =>
            {
                form.faults.add("collectivite", &refusal.message);
            }
            (Err(error), _) => mendable(error, &mut form.faults, "absente-nom")?,
        }
    }
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &Attach { layout: layout.led_by("Erreur"), form, offered })
}

/// Answers `GET /deconnexion`: says so; leaving is a form.
pub(in crate::web) async fn leaving(frame: Frame, Agent(_current): Agent) -> Answer {
    Ok(page(&Left { layout: frame.titled("Se déconnecter") })?.into_response())
}
