//! One decision about the register, written in a form: looked at, then taken.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::collectivity::CollectivityKind;
use crate::domain::register::decision::Row;
use crate::domain::register::{Fault, Operation};
use crate::domain::siren::Siren;
use crate::service::register::{self, DecisionFile};
use crate::service::require_manager;
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::visitor::{Agent, Posted, see};

use super::foreseen::Foreseen;
use super::{HOME, NAME};

/// The label of each column, and what helps to fill it.
const COLUMNS: [(&str, &str, &str); 11] = [
    ("siren", "SIREN", "9 chiffres"),
    ("vers", "SIREN de celui qui succède", "9 chiffres"),
    ("nom", "Nom", ""),
    ("type", "Type", ""),
    ("code", "Code INSEE", "pour un groupement, son SIREN"),
    ("departement", "Département", "code INSEE, par exemple 01, 2A ou 974"),
    ("region", "Région", ""),
    ("population", "Population", "nombre d’habitants"),
    ("date", "Date", "premier jour du nouvel état, par exemple 01/01/2026"),
    ("fin", "Dernier jour", "inclus"),
    ("motif", "Motif", "par exemple l’arrêté et sa date"),
];

#[derive(Template)]
#[template(path = "register/decision.html")]
struct DecisionPage {
    layout: Layout,
    operation: &'static Operation,
    form: Form,
    fields: Vec<Field>,
    /// The bodies named, where the register holds them.
    named: Vec<String>,
    /// What it would change, once it can be taken.
    foreseen: Option<Foreseen>,
}

struct Field {
    name: &'static str,
    label: &'static str,
    hint: String,
    is_needed: bool,
    /// Choices, where it is one of some.
    choices: Vec<(String, String)>,
}

/// Answers `GET /pilotage/registre/decision/{operation}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(operation): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    require_manager(&current.actor)?;
    let typed = Typed::urlencoded(query.unwrap_or_default().as_bytes());
    page(&decision_page(&app, frame, &operation, Form::of(typed)).await?)
}

/// Answers `POST /pilotage/registre/decision/{operation}`: shows what would change, or takes the decision.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    Path(name): Path<String>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let operation = Operation::named(&name).ok_or_else(PageRefused::nothing_here)?;
    let row = row(operation, &typed);
    let is_sure = typed.get("confirmer") == "oui";
    let outcome = if is_sure {
        register::decide_one(&app, &current.actor, row).await?
    } else {
        let file = DecisionFile { rows: vec![row], digest: String::new() };
        register::foresee(&app, &current.actor, &file).await?
    };
    let mut form = Form::of(typed);
    match outcome {
        Ok(_done) if is_sure => {
            let siren = ["vers", "siren"].map(|field| form.value(field).replace([' ', '\u{a0}'], ""));
            let body = siren.into_iter().find(|siren| siren.parse::<Siren>().is_ok());
            Ok(see(&body.map_or_else(|| HOME.to_owned(), |siren| format!("{HOME}/{siren}"))))
        }
        Ok(foreseen) => {
            let of_page = decision_page(&app, frame, &name, form).await?;
            page(&DecisionPage { foreseen: Some(Foreseen::of(&foreseen)), ..of_page })
        }
        Err(faults) => {
            for Fault { column, message, .. } in faults {
                // What is wrong with the operation itself has no field of its own.
                let field = if operation.columns.contains(&column) { column } else { first(operation) };
                form.faults.add(field, message);
            }
            let of_page = decision_page(&app, frame, &name, form).await?;
            let layout = of_page.layout.led_by("Erreur");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &DecisionPage { layout, ..of_page })
        }
    }
}

fn first(operation: &Operation) -> &'static str {
    operation.columns.first().copied().unwrap_or("siren")
}

/// The decision as a row of a file.
fn row(operation: &Operation, typed: &Typed) -> Row {
    let cells = operation.columns.iter().map(|column| ((*column).to_owned(), typed.get(column).to_owned()));
    let cells = cells.filter(|(_, cell)| !cell.is_empty());
    let named = ("operation".to_owned(), operation.name.to_owned());
    Row { line: 1, cells: cells.chain([named]).collect() }
}

async fn decision_page(app: &App, frame: Frame, name: &str, form: Form) -> Result<DecisionPage, PageRefused> {
    let operation = Operation::named(name).ok_or_else(PageRefused::nothing_here)?;
    let mut named = vec![];
    let mut current = None;
    for column in ["siren", "vers"] {
        let Ok(siren) = form.value(column).parse::<Siren>() else { continue };
        let Some(sheet) = register::show(app, siren).await? else { continue };
        named.push(sheet.body.named());
        if column == "siren" {
            current = sheet.body.current().map(|state| state.attributes.clone());
        }
    }
    let field = |column: &&'static str| {
        let (name, label, hint) = *COLUMNS.iter().find(|(name, ..)| name == column)?;
        let held =
            current.as_ref().filter(|_| operation.name == "modification").and_then(|held| match name {
                "nom" => Some(held.name.clone()),
                "type" => Some(held.kind.label().to_owned()),
                "code" => Some(held.code.clone()),
                "departement" => held.departement.clone(),
                "population" => held.population.map(|people| people.to_string()),
                _ => None,
            });
        let held = held.map(|held| format!("aujourd’hui\u{a0}: {held}"));
        let hints = [Some(hint.to_owned()).filter(|hint| !hint.is_empty()), held];
        Some(Field {
            name,
            label,
            hint: hints.into_iter().flatten().collect::<Vec<_>>().join("\u{a0}; "),
            is_needed: operation.needed.contains(column),
            choices: choices(app, name),
        })
    };
    let fields = operation.columns.iter().filter_map(field).collect();
    let layout = frame.titled(operation.label).under("/pilotage", "Pilotage").under(HOME, NAME);
    Ok(DecisionPage { layout, operation, form, fields, named, foreseen: None })
}

fn choices(app: &App, column: &str) -> Vec<(String, String)> {
    match column {
        "type" => {
            let of = |kind: CollectivityKind| (kind.code().to_owned(), kind.label().to_owned());
            CollectivityKind::ALL.map(of).to_vec()
        }
        "region" => {
            let codes = app.codes.regions();
            let of = |code: &str| Some((code.to_owned(), codes.latest(code)?.name_fr.to_string()));
            codes.keys().filter_map(of).collect()
        }
        _ => vec![],
    }
}
