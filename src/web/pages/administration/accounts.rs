//! The accounts: who comes in, what for, and since when nobody has seen them.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::app::App;
use crate::domain::token::RoleName;
use crate::service::account::{self, Account, Current, Search, Standing};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pager::Pager;
use crate::web::pages::{Answer, page};
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{ACCOUNTS, told};

/// The filters of an address; anything unreadable is as if it were not there. Words of a name are sent by a form: no
/// name stands in an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    role: String,
    etat: String,
    facteur: String,
    connexion: String,
    page: String,
}

#[derive(Template)]
#[template(path = "administration/accounts.html")]
struct Accounts {
    layout: Layout,
    form: Form,
    choices: Vec<Choice>,
    counted: String,
    /// Some that match are not shown.
    is_cut: bool,
    rows: Vec<Row>,
    pager: Pager,
}

/// A filter of the list: its field, its name, its values.
struct Choice {
    field: &'static str,
    name: &'static str,
    values: Vec<(&'static str, &'static str)>,
}

struct Row {
    id: String,
    name: String,
    function: String,
    email: String,
    role: String,
    standing: &'static str,
    second_factor: &'static str,
    seen: String,
}

/// Days without a sign-in that can be asked for.
const UNSEEN: [(&str, &str); 3] =
    [("90", "pas depuis 3 mois"), ("180", "pas depuis 6 mois"), ("365", "pas depuis un an")];

/// The fields of the filters.
const FILTERS: [&str; 4] = ["role", "etat", "facteur", "connexion"];

/// Answers `GET /administration/comptes`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    let Asked { role, etat, facteur, connexion, page } = asked;
    let typed = FILTERS.into_iter().zip([role, etat, facteur, connexion]);
    let form = Form::of(typed.fold(Typed::default(), |typed, (name, value)| typed.with(name, value.trim())));
    list(&app, frame, &current, form, page.trim().parse().unwrap_or(1).max(1)).await
}

/// Answers `POST /administration/comptes`: with words of a name, what matches; else the address of the filters.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let form = Form::of(typed);
    if form.value("q").is_empty() {
        return Ok(see(&format!("{}?{}", ACCOUNTS.0, query(&form))));
    }
    list(&app, frame, &current, form, 1).await
}

async fn list(app: &App, frame: Frame, current: &Current, form: Form, number: usize) -> Answer {
    let days = UNSEEN.iter().find(|(days, _)| *days == form.value("connexion"));
    let days = days.and_then(|(days, _)| days.parse::<i64>().ok());
    let search = Search {
        words: form.value("q").to_owned(),
        role: form.value("role").parse().ok(),
        standing: Standing::ALL.into_iter().find(|standing| standing.code() == form.value("etat")),
        has_second_factor: match form.value("facteur") {
            "oui" => Some(true),
            "non" => Some(false),
            _ => None,
        },
        not_seen_since: days.map(|days| app.now().plus_seconds(days.saturating_mul(-86_400))),
        page: number,
    };
    let found = account::search(app, &current.actor, &search).await?;
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let is_cut = !search.words.is_empty() && found.pages > 1;
    // Pages of an address hold no name: what a name finds is on one page.
    let pages = if search.words.is_empty() { found.pages } else { 1 };
    page(&Accounts {
        layout: frame.titled(ACCOUNTS.1),
        choices: choices(),
        counted: text::count(u64::try_from(found.total).unwrap_or_default(), "compte", "comptes"),
        is_cut,
        rows: found.accounts.iter().map(|account| row(app, account)).collect(),
        pager: Pager { page: number(search.page), pages: number(pages), query: query(&form) },
        form,
    })
}

fn query(form: &Form) -> String {
    let filled =
        FILTERS.map(|name| (name, form.value(name))).into_iter().filter(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish()
}

fn choices() -> Vec<Choice> {
    let (roles, standings) = (RoleName::ALL.map(|role| (role.code(), role.label())), Standing::ALL);
    vec![
        Choice { field: "role", name: "Rôle", values: roles.to_vec() },
        Choice {
            field: "etat",
            name: "État",
            values: standings.map(|standing| (standing.code(), standing.label())).to_vec(),
        },
        Choice {
            field: "facteur",
            name: "Double authentification",
            values: vec![("oui", "active"), ("non", "absente")],
        },
        Choice { field: "connexion", name: "Dernière connexion", values: UNSEEN.to_vec() },
    ]
}

fn row(app: &App, account: &Account) -> Row {
    Row {
        id: account.person.clone(),
        name: account.name.clone(),
        function: account.function.clone(),
        email: account.email.as_str().to_owned(),
        role: told(app, &account.role),
        standing: Standing::of(account).label(),
        second_factor: second_factor(account),
        seen: account.signed_in_at.map_or_else(|| "jamais".to_owned(), text::minute),
    }
}

/// Whether an account has a second factor, in a word.
pub(super) const fn second_factor(account: &Account) -> &'static str {
    match (account.second_factor_at, account.role.is_privileged()) {
        (Some(_), _) => "active",
        (None, true) => "à préparer",
        (None, false) => "non demandée",
    }
}
