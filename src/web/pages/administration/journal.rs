//! The journal: who did what, when, with what before and after; whether nothing was changed since.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::app::App;
use crate::domain::day::Day;
use crate::domain::journal::{JournalEntry, actions};
use crate::domain::siren::parse_siren_or_siret;
use crate::service::account::Current;
use crate::service::journal::{self, Page, Search};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::declare::filed::{CSV, download};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

/// What was asked, by ids alone: no name stands in an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    siren: String,
    acteur: String,
    action: String,
    du: String,
    au: String,
    avant: String,
}

#[derive(Template)]
#[template(path = "administration/journal.html")]
struct JournalPage {
    layout: Layout,
    form: Form,
    actions: Vec<(&'static str, &'static str)>,
    /// The name of the person whose acts are shown.
    actor: Option<String>,
    entries: Vec<Row>,
    /// The address of the next page.
    next: Option<String>,
    is_first: bool,
    verified: Option<Result<String, String>>,
}

struct Row {
    seq: String,
    at: String,
    who: String,
    label: String,
    code: String,
    subject: String,
    before: Vec<(String, String)>,
    after: Vec<(String, String)>,
}

const PATH: &str = "/administration/journal";
const FIELDS: [&str; 5] = ["siren", "acteur", "action", "du", "au"];

/// Answers `GET /administration/journal`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    let Asked { siren, acteur, action, du, au, avant } = asked;
    let typed = FIELDS.into_iter().zip([siren, acteur, action, du, au]);
    let mut form =
        Form::of(typed.fold(Typed::default(), |typed, (name, value)| typed.with(name, value.trim())));
    let search = Search { before: avant.trim().parse().ok(), ..read(&mut form) };
    let status = if form.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with(status, &journal_page(&app, frame, &current, form, &search).await?)
}

/// Answers `POST /administration/journal`: finds whom a name means, takes entries out, or verifies all of it.
pub(in crate::web) async fn act(
    State(app): State<App>,
    frame: Frame,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let action = typed.get("faire").to_owned();
    let mut form = Form::of(typed);
    match action.as_str() {
        "chercher" => {
            name_one(&app, &current, &mut form).await?;
            let search = read(&mut form);
            if form.faults.is_empty() {
                return Ok(see(&format!("{PATH}?{}", query(&form))));
            }
            let page = journal_page(&app, frame, &current, form, &search).await?;
            let page = JournalPage { layout: page.layout.led_by("Erreur"), ..page };
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        "exporter" => {
            let search = read(&mut form);
            let file = journal::export(&app, &current.actor, &search).await?;
            download("journal", CSV, file)
        }
        "verifier" => {
            let search = read(&mut form);
            // Who may not read it may not have it verified either.
            let shown = journal_page(&app, frame, &current, form, &search).await?;
            let verified = match journal::verify(&app, &[]).await? {
                Ok(head) => Ok(format!(
                    "{}. Empreinte de la dernière\u{a0}: {}",
                    text::count(
                        u64::try_from(head.seq).unwrap_or_default(),
                        "entrée vérifiée",
                        "entrées vérifiées"
                    ),
                    head.hash
                )),
                Err(fault) => Err(crate::domain::text::sentence(&fault.to_string())),
            };
            page(&JournalPage { verified: Some(verified), ..shown })
        }
        _ => Err(PageRefused::unreadable_form()),
    }
}

/// Puts the id of the person meant in place of a name or an address.
async fn name_one(app: &App, current: &Current, form: &mut Form) -> Result<(), PageRefused> {
    let who = form.value("acteur").to_owned();
    if who.is_empty() {
        return Ok(());
    }
    match journal::actor(app, &current.actor, &who).await?.as_slice() {
        [] => form.faults.add("acteur", "aucun compte ne porte ce nom, cette adresse ou cet identifiant"),
        [one] => form.typed = std::mem::take(&mut form.typed).with("acteur", one.person.clone()),
        several => {
            let told = |one: &journal::FoundActor| format!("{} ({})", one.name, one.person);
            let told = several.iter().map(told).collect::<Vec<_>>().join(", ");
            let fault = format!(
                "plusieurs comptes correspondent, recopiez l’identifiant de l’un d’eux\u{a0}: {told}"
            );
            form.faults.add("acteur", fault);
        }
    }
    Ok(())
}

/// What is asked by a form, and the faults that it tells.
fn read(form: &mut Form) -> Search {
    let Form { typed, faults } = form;
    let some = |name: &str| Some(typed.get(name).to_owned()).filter(|text| !text.is_empty());
    let siren = faults.take("siren", some("siren").map(|text| parse_siren_or_siret(&text)).transpose());
    let mut day = |name: &str| {
        let read = some(name).map(|text| text.parse::<Day>());
        faults
            .take(name, read.transpose().map_err(|_error| "écrivez le jour ainsi\u{a0}: 2026-05-20"))
            .flatten()
    };
    let (from, until) = (day("du"), day("au"));
    Search {
        siren: siren.flatten(),
        actor: some("acteur"),
        action: some("action"),
        from,
        until,
        before: None,
    }
}

fn query(form: &Form) -> String {
    let filled =
        FIELDS.map(|name| (name, form.value(name))).into_iter().filter(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish()
}

async fn journal_page(
    app: &App,
    frame: Frame,
    current: &Current,
    form: Form,
    search: &Search,
) -> Result<JournalPage, PageRefused> {
    let Page { entries, names, next } = journal::search(app, &current.actor, search).await?;
    let actor = match search.actor.as_deref().filter(|_id| form.faults.is_empty()) {
        Some(id) => journal::actor(app, &current.actor, id).await?.into_iter().next().map(|one| one.name),
        None => None,
    };
    let query = query(&form);
    let next =
        next.map(|seq| format!("{PATH}?{query}{}avant={seq}", if query.is_empty() { "" } else { "&" }));
    let mut known = actions::ACTIONS.to_vec();
    known.sort_by_key(|(_, label)| crate::domain::text::fold(label));
    let row = |entry: &JournalEntry| {
        let name = names.get(&entry.actor).cloned();
        row(entry, name)
    };
    Ok(JournalPage {
        layout: frame.titled("Journal"),
        actions: known,
        actor,
        entries: entries.iter().map(row).collect(),
        next,
        is_first: search.before.is_none(),
        verified: None,
        form,
    })
}

fn row(entry: &JournalEntry, name: Option<String>) -> Row {
    Row {
        seq: text::thousands(u64::try_from(entry.seq).unwrap_or_default()),
        at: text::long_instant(entry.at),
        who: name.unwrap_or_else(|| entry.actor.clone()),
        label: actions::label(&entry.action),
        code: entry.action.clone(),
        subject: entry.subject.clone(),
        before: facts(entry.before.as_deref()),
        after: facts(entry.after.as_deref()),
    }
}

/// The members of an object as people read them; another value as it is.
fn facts(json: Option<&str>) -> Vec<(String, String)> {
    let Some(json) = json else { return vec![] };
    match serde_json::from_str::<Value>(json) {
        Ok(Value::Object(members)) => {
            members.iter().map(|(name, value)| (name.replace('_', " "), told(value))).collect()
        }
        Ok(other) => vec![("valeur".to_owned(), told(&other))],
        Err(_unreadable) => vec![("valeur".to_owned(), json.to_owned())],
    }
}

fn told(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(yes) => if *yes { "oui" } else { "non" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(told).collect::<Vec<_>>().join(", "),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_before_and_after_reads_as_facts() {
        let of = |json| {
            facts(Some(json)).into_iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>()
        };
        assert_eq!(
            of(r#"{"role":"sgar","region":null,"sessions":2,"sirens":["1","2"],"a_jour":true}"#),
            ["a jour = oui", "region = –", "role = sgar", "sessions = 2", "sirens = 1, 2"]
        );
        assert_eq!(of("[1,2]"), ["valeur = 1, 2"]);
        assert_eq!(of("pas du JSON"), ["valeur = pas du JSON"]);
        assert!(facts(None).is_empty() && facts(Some("{}")).is_empty());
    }
}
