//! The contacts of a collectivity, as its agents keep and confirm them.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};

use crate::app::App;
use crate::domain::account::{Email, Identity};
use crate::domain::contact::MOST;
use crate::domain::refusal::Because;
use crate::domain::siren::Siren;
use crate::service::ServiceError;
use crate::service::account::Current;
use crate::service::contact::{self, Contact, Told, View};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see, typed_before};

#[derive(Template)]
#[template(path = "account/contacts.html")]
struct Contacts {
    layout: Layout,
    form: Form,
    siren: Siren,
    rows: Vec<Row>,
    /// The campaign that is open, and whether it waits for the contacts.
    campaign: Option<String>,
    waits: bool,
    is_full: bool,
    most: usize,
    /// For how many days a contact is kept that nobody tells or confirms.
    days: u32,
}

#[derive(Template)]
#[template(path = "account/contact.html")]
struct One {
    layout: Layout,
    form: Form,
    siren: Siren,
    row: Row,
}

/// A contact, as pages show it.
pub(in crate::web::pages) struct Row {
    pub(in crate::web::pages) id: String,
    /// The name, or the address of a mailbox without one.
    pub(in crate::web::pages) called: String,
    pub(in crate::web::pages) name: String,
    pub(in crate::web::pages) function: String,
    pub(in crate::web::pages) email: String,
    pub(in crate::web::pages) origin: &'static str,
    /// Whether codes that attach an agent may go there.
    pub(in crate::web::pages) takes_codes: bool,
    pub(in crate::web::pages) source: String,
    pub(in crate::web::pages) confirmed: String,
}

impl Row {
    pub(in crate::web::pages) fn of(contact: &Contact, view: &View) -> Self {
        let confirmed = contact.confirmed.as_ref().map(|confirmed| {
            let by = view.persons.get(&confirmed.by).map(|name| format!(" par {name}")).unwrap_or_default();
            let campaign = confirmed.campaign.map(|year| format!(", campagne {year}")).unwrap_or_default();
            format!("le {}{by}{campaign}", text::long_day(confirmed.at.day_in_paris()))
        });
        let email = contact.email.as_str().to_owned();
        Self {
            id: contact.id.clone(),
            called: contact.name.clone().unwrap_or_else(|| email.clone()),
            name: contact.name.clone().unwrap_or_default(),
            function: contact.function.clone().unwrap_or_default(),
            email,
            origin: contact.origin.label(),
            takes_codes: contact.origin == crate::domain::contact::Origin::Imported,
            source: contact.source.clone(),
            confirmed: confirmed.unwrap_or_else(|| "jamais".to_owned()),
        }
    }
}

/// Answers `GET /espace/{siren}/contacts`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    agent: Agent,
    headers: HeaderMap,
    Path(siren): Path<String>,
) -> Answer {
    let siren = read(&siren)?;
    let typed = typed_before(&app, &agent, &headers, &address(siren)).await?.unwrap_or_default();
    page(&contacts(&app, frame, &agent.0, siren, Form::of(typed)).await?)
}

/// Answers `POST /espace/{siren}/contacts`: adds a contact, or confirms those that were seen.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    Path(siren): Path<String>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let siren = read(&siren)?;
    let mut form = Form::of(typed);
    let done = match form.value("action") {
        "confirmer" => {
            let seen: Vec<String> = form.typed.all("contact").map(str::to_owned).collect();
            contact::confirm(&app, &current.actor, siren, &seen).await?;
            true
        }
        "ajouter" => match told(&mut form) {
            Some(told) => mended(contact::add(&app, &current.actor, siren, &told).await, &mut form)?,
            None => false,
        },
        _ => return Err(PageRefused::unreadable_form()),
    };
    if done {
        return Ok(see(&address(siren)));
    }
    let page = contacts(&app, frame, &current, siren, form).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &Contacts { layout: page.layout.led_by("Erreur"), ..page })
}

/// Answers `GET /espace/{siren}/contacts/{contact}`.
pub(in crate::web) async fn edit(
    State(app): State<App>,
    frame: Frame,
    agent: Agent,
    headers: HeaderMap,
    Path((siren, id)): Path<(String, String)>,
) -> Answer {
    let siren = read(&siren)?;
    let path = format!("{}/{id}", address(siren));
    let typed = typed_before(&app, &agent, &headers, &path).await?;
    page(&one(&app, frame, &agent.0, (siren, &id), typed.map(Form::of)).await?)
}

/// Answers `POST /espace/{siren}/contacts/{contact}`: corrects it or removes it.
pub(in crate::web) async fn change(
    State(app): State<App>,
    frame: Frame,
    Path((siren, id)): Path<(String, String)>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let siren = read(&siren)?;
    let mut form = Form::of(typed);
    let done = match form.value("action") {
        "retirer" => {
            contact::remove(&app, &current.actor, (siren, &id)).await?;
            true
        }
        "corriger" => match told(&mut form) {
            Some(told) => {
                mended(contact::correct(&app, &current.actor, (siren, &id), &told).await, &mut form)?
            }
            None => false,
        },
        _ => return Err(PageRefused::unreadable_form()),
    };
    if done {
        return Ok(see(&address(siren)));
    }
    let page = one(&app, frame, &current, (siren, &id), Some(form)).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &One { layout: page.layout.led_by("Erreur"), ..page })
}

/// What was typed as a contact, or every fault of it.
fn told(form: &mut Form) -> Option<Told> {
    let Form { typed, faults } = form;
    let identity = match Identity::new(typed.get("nom"), typed.get("fonction")) {
        Ok(identity) => Some(identity),
        Err(errors) => {
            for error in errors {
                faults.add(error.field(), error.of_another());
            }
            None
        }
    };
    let email = faults.take("courriel", typed.get("courriel").parse::<Email>());
    Some(Told { identity: identity?, email: email? })
}

/// Whether it is done; what the form can mend goes to its field.
fn mended(outcome: Result<(), ServiceError>, form: &mut Form) -> Result<bool, PageRefused> {
    match outcome {
        Ok(()) => Ok(true),
        Err(ServiceError::Refused(refusal)) if refusal.because == Because::ContactExists => {
            form.faults.add("courriel", &refusal.message);
            Ok(false)
        }
        Err(ServiceError::Refused(refusal)) if refusal.because == Because::TooManyContacts => {
            form.faults.add("contacts", &refusal.message);
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

async fn contacts(
    app: &App,
    frame: Frame,
    current: &Current,
    siren: Siren,
    form: Form,
) -> Result<Contacts, PageRefused> {
    let view = contact::of_siren(app, &current.actor, siren).await?;
    Ok(Contacts {
        layout: frame.titled(title(&view)).under("/espace", "Mon espace"),
        form,
        siren,
        rows: view.contacts.iter().map(|contact| Row::of(contact, &view)).collect(),
        campaign: view.campaign.map(|year| year.to_string()),
        waits: view.waits(),
        is_full: view.contacts.len() >= MOST,
        most: MOST,
        days: app.config.retention.contacts_days,
    })
}

async fn one(
    app: &App,
    frame: Frame,
    current: &Current,
    (siren, id): (Siren, &str),
    form: Option<Form>,
) -> Result<One, PageRefused> {
    let view = contact::of_siren(app, &current.actor, siren).await?;
    let contact = view.contacts.iter().find(|contact| contact.id == id);
    let row = contact.map(|contact| Row::of(contact, &view)).ok_or_else(PageRefused::nothing_here)?;
    let form = form.unwrap_or_else(|| {
        let typed = Typed::default().with("nom", &row.name).with("fonction", &row.function);
        Form::of(typed.with("courriel", &row.email))
    });
    let layout = frame.titled("Corriger un contact").under("/espace", "Mon espace");
    Ok(One { layout: layout.under(address(siren), title(&view)), form, siren, row })
}

fn title(view: &View) -> String {
    format!("Contacts\u{a0}: {}", view.name)
}

fn address(siren: Siren) -> String {
    format!("/espace/{siren}/contacts")
}

fn read(siren: &str) -> Result<Siren, PageRefused> {
    siren.parse().map_err(|_invalid| PageRefused::nothing_here())
}
