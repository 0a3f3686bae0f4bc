//! The agents of a collectivity: who acts for it, who asks to; the code sent to the collectivity.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::attachment::State as Standing;
use crate::domain::siren::Siren;
use crate::service::ServiceError;
use crate::service::account::Current;
use crate::service::attachment::{self, Decision, Listed, MaskedContact};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

#[derive(Template)]
#[template(path = "account/agents.html")]
struct Agents {
    layout: Layout,
    form: Form,
    siren: Siren,
    attached: Vec<Row>,
    awaited: Vec<Row>,
}

/// An agent, or someone who asks to be one.
struct Row {
    id: String,
    name: String,
    function: String,
    email: String,
    asked_at: String,
    message: Option<String>,
    /// What the agent filed sous réserve: of which payments, until when.
    filings: Vec<(String, String)>,
    is_self: bool,
}

#[derive(Template)]
#[template(path = "account/code.html")]
struct Code {
    layout: Layout,
    form: Form,
    siren: Siren,
    name: String,
    contacts: Vec<MaskedContact>,
    sent_to: Option<String>,
}

/// Answers `GET /espace/{siren}/agents`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(siren): Path<String>,
) -> Answer {
    let siren = read(&siren)?;
    page(&agents(&app, frame, &current, siren, Form::default()).await?)
}

/// Answers `POST /espace/{siren}/agents`: accepts, refuses or detaches.
pub(in crate::web) async fn decide(
    State(app): State<App>,
    frame: Frame,
    Path(siren): Path<String>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let siren = read(&siren)?;
    let (id, why) = (typed.get("demande").to_owned(), typed.get("motif").to_owned());
    let done = match typed.get("action") {
        "accepter" => attachment::decide(&app, &current.actor, &id, Decision::Accept).await,
        "refuser" => attachment::decide(&app, &current.actor, &id, Decision::Refuse(&why)).await,
        "detacher" => {
            let why = Some(why.as_str()).filter(|why| !why.is_empty());
            attachment::detach(&app, &current.actor, &id, why).await
        }
        _ => return Err(PageRefused::unreadable_form()),
    };
    match done {
        // Who detached oneself sees nothing here any more.
        Ok(()) if typed.get("action") == "detacher" => Ok(see("/espace")),
        Ok(()) => Ok(see(&format!("/espace/{siren}/agents"))),
        Err(ServiceError::Refused(refusal)) => {
            let mut form = Form::of(typed);
            form.faults.add(format!("demande-{id}"), &refusal.message);
            let page = agents(&app, frame, &current, siren, form).await?;
            let page = Agents { layout: page.layout.led_by("Erreur"), ..page };
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

async fn agents(
    app: &App,
    frame: Frame,
    current: &Current,
    siren: Siren,
    form: Form,
) -> Result<Agents, PageRefused> {
    let listed = attachment::of_siren(app, &current.actor, siren).await?;
    let name =
        listed.iter().find_map(|listed| listed.collectivity.clone()).unwrap_or_else(|| siren.to_string());
    let of_state = |state: Standing| {
        let rows = listed.iter().filter(move |listed| listed.attachment.state() == state);
        rows.map(|listed| row(listed, current)).collect::<Vec<_>>()
    };
    Ok(Agents {
        layout: frame.titled(format!("Agents de {name}")).under("/espace", "Mon espace"),
        attached: of_state(Standing::Attached),
        awaited: of_state(Standing::Awaited),
        form,
        siren,
    })
}

fn row(listed: &Listed, current: &Current) -> Row {
    let agent = listed.agent.as_ref();
    let told = |text: Option<&str>| text.unwrap_or("(effacé)").to_owned();
    Row {
        id: listed.attachment.id.clone(),
        name: told(agent.map(|agent| agent.name.as_str())),
        function: told(agent.map(|agent| agent.function.as_str())),
        email: told(agent.map(|agent| agent.email.as_str())),
        asked_at: text::minute(listed.attachment.asked_at),
        message: listed.attachment.message.clone(),
        filings: listed
            .filings
            .iter()
            .map(|filed| (filed.flow_year.to_string(), text::long_instant(filed.until)))
            .collect(),
        is_self: listed.attachment.person == current.actor.person,
    }
}

const CODE_TITLE: &str = "Se rattacher avec un code";

/// Answers `GET /espace/{siren}/code`.
pub(in crate::web) async fn code(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(siren): Path<String>,
) -> Answer {
    page(&code_page(&app, frame, &current, read(&siren)?, Form::default()).await?)
}

/// Answers `POST /espace/{siren}/code`: sends a code to an address of the collectivity, or uses the one that came.
pub(in crate::web) async fn use_code(
    State(app): State<App>,
    frame: Frame,
    Path(siren): Path<String>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let siren = read(&siren)?;
    let mut form = Form::of(typed);
    let contact = form.value("adresse").to_owned();
    let refused = if contact.is_empty() {
        match attachment::use_code(&app, &current.actor, siren, form.value("code")).await {
            Ok(()) => return Ok(see("/espace")),
            Err(error) => ("code", error),
        }
    } else {
        match attachment::send_code(&app, &current.actor, siren, &contact).await {
            Ok(sent) => {
                let page_of = code_page(&app, frame, &current, siren, Form::default()).await?;
                return page(&Code { sent_to: Some(sent.masked), ..page_of });
            }
            Err(error) => ("adresse", error),
        }
    };
    match refused {
        (field, ServiceError::Refused(refusal)) => form.faults.add(field, &refusal.message),
        (_, other) => return Err(other.into()),
    }
    let page = code_page(&app, frame, &current, siren, form).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &Code { layout: page.layout.led_by("Erreur"), ..page })
}

async fn code_page(
    app: &App,
    frame: Frame,
    current: &Current,
    siren: Siren,
    form: Form,
) -> Result<Code, PageRefused> {
    let contacts = attachment::contacts(app, &current.actor, siren).await?;
    let mine = attachment::mine(app, &current.actor).await?;
    let name = mine.iter().find(|listed| listed.attachment.siren == siren);
    let name = name.and_then(|listed| listed.collectivity.clone()).unwrap_or_else(|| siren.to_string());
    let layout = frame.titled(CODE_TITLE).under("/espace", "Mon espace");
    let form = Form { typed: Typed::default().with("code", form.value("code")), ..form };
    Ok(Code { layout, form, siren, name, contacts, sent_to: None })
}

fn read(siren: &str) -> Result<Siren, PageRefused> {
    siren.parse().map_err(|_invalid| PageRefused::nothing_here())
}
