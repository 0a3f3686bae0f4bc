//! An account, and what an administrator may do with it: never one's own.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::refusal::RefusalKind;
use crate::service::ServiceError;
use crate::service::account::{self, Account, Current, Standing};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::accounts::second_factor;
use super::{ACCOUNTS, Roles, role, told};

#[derive(Template)]
#[template(path = "administration/account.html")]
struct Sheet {
    layout: Layout,
    form: Form,
    id: String,
    name: String,
    facts: Vec<(&'static str, String)>,
    standing: Standing,
    is_own: bool,
    is_privileged: bool,
    has_second_factor: bool,
    choices: Roles,
}

/// Answers `GET /administration/comptes/{personne}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(person): Path<String>,
) -> Answer {
    page(&sheet(&app, frame, &current, &person, None).await?)
}

/// Answers `POST /administration/comptes/{personne}`: does what the button pressed says.
pub(in crate::web) async fn act(
    State(app): State<App>,
    frame: Frame,
    Path(person): Path<String>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let (actor, action) = (&current.actor, typed.get("action").to_owned());
    let mut form = Form::of(typed);
    let done = match action.as_str() {
        "role" => match role(&mut form) {
            Some(role) => account::change_role(&app, actor, &person, &role, form.value("motif")).await,
            None => Ok(()),
        },
        "relancer" => account::resend(&app, actor, &person).await,
        "annuler" => {
            account::cancel(&app, actor, &person).await?;
            return Ok(see(ACCOUNTS.0));
        }
        "fermer" => account::disable(&app, actor, &person).await,
        "ouvrir" => account::enable(&app, actor, &person).await,
        "facteur" => account::reset_second_factor(&app, actor, &person).await,
        "sessions" => account::end_all_sessions(&app, actor, &person).await.map(drop),
        _ => return Err(PageRefused::unreadable_form()),
    };
    match done {
        Ok(()) if form.faults.is_empty() => return Ok(see(&format!("{}/{person}", ACCOUNTS.0))),
        Ok(()) => {}
        Err(ServiceError::Refused(refusal)) if refusal.because.kind() == RefusalKind::Invalid => {
            form.faults.add("motif", &refusal.message);
        }
        Err(error) => return Err(error.into()),
    }
    let page = sheet(&app, frame, &current, &person, Some(form)).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &Sheet { layout: page.layout.led_by("Erreur"), ..page })
}

async fn sheet(
    app: &App,
    frame: Frame,
    current: &Current,
    person: &str,
    form: Option<Form>,
) -> Result<Sheet, PageRefused> {
    let (account, sessions) = account::sheet(app, &current.actor, person).await?;
    let form = form.unwrap_or_else(|| {
        let typed = crate::web::form::Typed::default().with("role", account.role.name().code());
        Form::of(typed.with("region", account.role.region().unwrap_or_default()))
    });
    Ok(Sheet {
        layout: frame.titled(&account.name).under(ACCOUNTS.0, ACCOUNTS.1),
        form,
        facts: facts(app, &account, sessions),
        standing: Standing::of(&account),
        is_own: current.actor.person == person,
        is_privileged: account.role.is_privileged(),
        has_second_factor: account.second_factor_at.is_some(),
        choices: Roles::of(app),
        id: account.person,
        name: account.name,
    })
}

fn facts(app: &App, account: &Account, sessions: usize) -> Vec<(&'static str, String)> {
    let sessions = u64::try_from(sessions).unwrap_or_default();
    let mut facts = vec![
        ("Fonction", account.function.clone()),
        ("Adresse électronique", account.email.as_str().to_owned()),
        ("Rôle", told(app, &account.role)),
        ("État", Standing::of(account).label().to_owned()),
        ("Double authentification", second_factor(account).to_owned()),
        ("Créé le", text::minute(account.created_at)),
        ("Dernière connexion", account.signed_in_at.map_or_else(|| "jamais".to_owned(), text::minute)),
        ("Sessions ouvertes", text::count(sessions, "session", "sessions")),
        ("Identifiant au journal", account.person.clone()),
    ];
    facts.extend(account.disabled_at.map(|at| ("Fermé le", text::minute(at))));
    facts
}
