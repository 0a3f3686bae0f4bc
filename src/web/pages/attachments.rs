//! Requests to be attached that wait, for the prefecture of a region and for the ministry; and collectivities that
//! agents do not find in the list, for the ministry.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::role::Role;
use crate::service::ServiceError;
use crate::service::account::{self, Current, MissingRequest};
use crate::service::attachment::{self, Decision, Listed};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{Answer, page, page_with};

#[derive(Template)]
#[template(path = "attachments.html")]
struct Attachments {
    layout: Layout,
    form: Form,
    awaited: Vec<Asked>,
    /// Nothing for a prefecture, which keeps no register.
    missing: Option<Vec<Missing>>,
}

/// Someone who asks to act for a collectivity.
struct Asked {
    id: String,
    name: String,
    function: String,
    email: String,
    siren: String,
    collectivity: String,
    since: String,
    message: Option<String>,
    /// What was filed sous réserve: of which payments, until when an answer makes it count.
    filings: Vec<(String, String)>,
}

/// A collectivity that is not in the list.
struct Missing {
    id: String,
    name: String,
    facts: Vec<(&'static str, String)>,
    message: Option<String>,
}

const PATH: &str = "/pilotage/rattachements";

/// Answers `GET /pilotage/rattachements`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Agent(current): Agent) -> Answer {
    page(&attachments(&app, frame, &current, Form::default()).await?)
}

/// Answers `POST /pilotage/rattachements`: answers a request of the list.
pub(in crate::web) async fn decide(
    State(app): State<App>,
    frame: Frame,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    require_answerer(&current)?;
    let (id, words) = (typed.get("demande").to_owned(), typed.get("motif").to_owned());
    let done = match typed.get("action") {
        "accepter" => attachment::decide(&app, &current.actor, &id, Decision::Accept).await,
        "refuser" => attachment::decide(&app, &current.actor, &id, Decision::Refuse(&words)).await,
        "repondre" => account::answer_missing(&app, &current.actor, &id, &words).await,
        _ => return Err(PageRefused::unreadable_form()),
    };
    match done {
        Ok(()) => Ok(see(PATH)),
        Err(ServiceError::Refused(refusal)) => {
            // Who may not answer may not see the list either, and is told so.
            let mut page = attachments(&app, frame, &current, Form::of(typed)).await?;
            let is_listed = page.has(&id);
            if !is_listed {
                return Err(ServiceError::Refused(refusal).into());
            }
            page.form.faults.add(format!("motif-{id}"), &refusal.message);
            page.layout = page.layout.led_by("Erreur");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// An agent answers on the page of the collectivity.
fn require_answerer(current: &Current) -> Result<(), PageRefused> {
    match current.actor.role {
        Role::Sgar(_) | Role::Manager => Ok(()),
        _ => {
            let message = "ces demandes reviennent à la préfecture de région et au ministère";
            Err(ServiceError::refused(Because::Forbidden, message).into())
        }
    }
}

impl Attachments {
    /// Whether a request is still in the list.
    fn has(&self, id: &str) -> bool {
        let missing = self.missing.iter().flatten().map(|request| &request.id);
        self.awaited.iter().map(|asked| &asked.id).chain(missing).any(|known| known == id)
    }

    /// What was typed about a request.
    fn typed(&self, id: &str) -> &str {
        if self.form.value("demande") == id { self.form.value("motif") } else { "" }
    }
}

async fn attachments(
    app: &App,
    frame: Frame,
    current: &Current,
    form: Form,
) -> Result<Attachments, PageRefused> {
    let awaited = attachment::awaited(app, &current.actor).await?;
    let missing = if current.actor.role.manages() {
        let requests = account::missing_requests(app, &current.actor).await?;
        Some(requests.into_iter().map(missing).collect())
    } else {
        None
    };
    let layout = frame.titled("Demandes de rattachement").under("/pilotage", "Pilotage");
    Ok(Attachments { layout, form, awaited: awaited.iter().map(asked).collect(), missing })
}

fn asked(listed: &Listed) -> Asked {
    let agent = listed.agent.as_ref();
    let told = |text: Option<&str>| text.unwrap_or("(effacé)").to_owned();
    let siren = listed.attachment.siren.to_string();
    Asked {
        id: listed.attachment.id.clone(),
        name: told(agent.map(|agent| agent.name.as_str())),
        function: told(agent.map(|agent| agent.function.as_str())),
        email: told(agent.map(|agent| agent.email.as_str())),
        collectivity: listed.collectivity.clone().unwrap_or_else(|| siren.clone()),
        siren,
        since: text::minute(listed.attachment.asked_at),
        message: listed.attachment.message.clone(),
        filings: listed
            .filings
            .iter()
            .map(|filed| (filed.flow_year.to_string(), text::long_instant(filed.until)))
            .collect(),
    }
}

fn missing(request: MissingRequest) -> Missing {
    let told = request.told;
    let mut facts = vec![("Type", told.kind.label().to_owned()), ("Département", told.departement.clone())];
    facts.extend(told.siren.map(|siren| ("SIREN", siren.to_string())));
    let before: Vec<String> = told.successor_of.iter().map(ToString::to_string).collect();
    if !before.is_empty() {
        facts.push(("Remplace", before.join(", ")));
    }
    facts.push(("Demandée le", text::minute(request.asked_at)));
    Missing { id: request.id, name: told.name, facts, message: told.message }
}
