//! The list behind a number: filtered, sorted, by pages, and as a file.

use askama::Template;
use axum::extract::{Path, Query, State};

use crate::app::App;
use crate::domain::codes::CodeLists;
use crate::domain::follow_up::{Axis, Band, Class, Column, Order, Row, Why};
use crate::domain::scope::{Scope, region_name};
use crate::domain::text::fold;
use crate::domain::year::FlowYear;
use crate::service::contact;
use crate::service::follow_up::{self, Form, View};
use crate::web::layout::{Frame, Layout};
use crate::web::pager::Pager;
use crate::web::pages::declare::filed::{CSV, XLSX, download};
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::Agent;

use super::{Asked, NAME, base, query, read};

/// Bodies on a page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "follow_up/list.html")]
struct ListPage {
    layout: Layout,
    base: String,
    asked: Asked,
    counted: String,
    associated: Option<String>,
    choices: Vec<Choice>,
    columns: Vec<Header>,
    rows: Vec<Shown>,
    address: String,
    pager: Pager,
    /// Whether who looks may see the contacts of a body.
    sees_contacts: bool,
}

/// A field of the filter: name, label, what can be chosen.
struct Choice {
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String, bool)>,
}

struct Header {
    label: &'static str,
    address: String,
    /// `ascending` or `descending`, where the list is sorted by it.
    sorted: Option<&'static str>,
    is_number: bool,
}

struct Shown {
    siren: String,
    name: String,
    /// The region that counts it, where it is seen only.
    counted_in: Option<String>,
    kind: &'static str,
    departement: String,
    region: String,
    population: String,
    class: &'static str,
    corrects: bool,
    filed: String,
    own: String,
    why: String,
    last: String,
    is_reachable: bool,
}

/// Answers `GET /pilotage/suivi/{annee}/collectivites`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let year = read(&year)?;
    let own = follow_up::territory(&current.actor)?;
    let view = follow_up::look(&app, &current.actor, year, asked.region()).await?;
    let (filter, order) = (asked.filter(), asked.order());
    let mut rows = filter.select(view.survey().rows(), view.year);
    order.sort(&mut rows, &app.codes);
    let associated = rows.iter().filter(|row| row.is_associated).count();
    let total = u64::try_from(rows.len().saturating_sub(associated)).unwrap_or_default();
    let (pager, before) = Pager::of(&asked.page, rows.len(), PAGE, sorted_query(&asked, order));
    let shown = rows.iter().skip(before).take(PAGE);
    let shown = shown.map(|row| Shown::of(row, view.year, &app.codes)).collect();
    let counted = text::count(total, "collectivité attendue", "collectivités attendues");
    let title = format!("Collectivités attendues en {year}");
    let layout = frame.titled(title).under("/pilotage", "Pilotage").under(base(year), NAME);
    page(&ListPage {
        layout: layout.led_by(counted.clone()),
        base: base(year),
        counted,
        associated: (associated > 0)
            .then(|| text::count(u64::try_from(associated).unwrap_or_default(), "autre", "autres")),
        choices: choices(&view, &asked, &app.codes, own == Scope::National),
        columns: Column::ALL.map(|column| Header::of(column, order, &asked, &base(year))).into(),
        rows: shown,
        address: format!("{}/collectivites", base(year)),
        pager,
        sees_contacts: contact::sees(&current.actor),
        asked,
    })
}

/// Answers `GET /pilotage/suivi/{annee}/export`: the same list as a file.
pub(in crate::web) async fn export(
    State(app): State<App>,
    Agent(current): Agent,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let year = read(&year)?;
    let (form, kind) = match asked.format.as_str() {
        "csv" => (Form::Csv, CSV),
        "" | "xlsx" => (Form::Xlsx, XLSX),
        _ => return Err(PageRefused::nothing_here()),
    };
    let view = follow_up::look(&app, &current.actor, year, asked.region()).await?;
    let name = format!("suivi-{year}-{}", view.scope.code());
    let content = follow_up::export(&app, view, asked.filter(), asked.order(), form).await?;
    download(&name, kind, content)
}

impl Shown {
    fn of(row: &Row<'_>, year: FlowYear, codes: &CodeLists) -> Self {
        let body = row.body;
        let last = body.last.map(|last| {
            let amount =
                if last.amount.is_zero() { "néant".to_owned() } else { text::magnitude(last.amount) };
            format!("{} ({amount})", last.flow_year)
        });
        let region = region_name(&body.region, codes);
        Self {
            siren: body.siren.to_string(),
            name: body.name.clone(),
            counted_in: row.is_associated.then(|| region.clone()),
            kind: body.kind.label(),
            departement: body.departement.clone().unwrap_or_default(),
            region,
            population: body.population.map(|count| text::thousands(count.into())).unwrap_or_default(),
            class: Class::of(row.progress).label(),
            corrects: row.corrects,
            filed: row.filed.map(|filed| filed.first_on.to_string()).unwrap_or_default(),
            own: row.filed.map(|filed| text::euros(filed.own)).unwrap_or_default(),
            why: body.why(year),
            last: last.unwrap_or_default(),
            is_reachable: row.is_reachable,
        }
    }
}

impl Header {
    /// A header leads to the list sorted by it, the other way round where it is already.
    fn of(column: Column, order: Order, asked: &Asked, base: &str) -> Self {
        let is_sorted = order.column == column;
        let next = Order { column, is_reversed: is_sorted && !order.is_reversed };
        Self {
            label: column.label(),
            address: format!("{base}/collectivites?{}", sorted_query(asked, next)),
            sorted: is_sorted.then_some(if order.is_reversed { "descending" } else { "ascending" }),
            is_number: column.is_number(),
        }
    }
}

/// The filters with an order.
fn sorted_query(asked: &Asked, order: Order) -> String {
    let sorted =
        query(&[("tri", order.column.code()), ("sens", if order.is_reversed { "desc" } else { "" })]);
    let kept = asked.query();
    if kept.is_empty() { sorted } else { format!("{kept}&{sorted}") }
}

/// The fields of the filter, each with what the bodies of the territory have.
fn choices(view: &View, asked: &Asked, codes: &CodeLists, is_national: bool) -> Vec<Choice> {
    let choice = |name, label, any: &str, options: Vec<(String, String)>, chosen: &str| {
        let any = (String::new(), any.to_owned(), chosen.is_empty());
        let options = options.into_iter().map(|(code, label)| {
            let is_chosen = code == chosen;
            (code, label, is_chosen)
        });
        Choice { name, label, options: std::iter::once(any).chain(options).collect() }
    };
    let coded = |code: &str, label: &str| (code.to_owned(), label.to_owned());
    let mut regions: Vec<(String, String)> = codes
        .regions()
        .iter()
        .filter(|region| region.successor.is_none())
        .map(|region| (region.code.to_string(), region_name(&region.code, codes)))
        .collect();
    regions.sort_by_cached_key(|(_, name)| fold(name));
    regions.dedup();
    let mut departements: Vec<&str> =
        view.survey().rows().map(|row| Axis::Departement.code_of(&row)).collect();
    departements.sort_unstable();
    departements.dedup();
    let departements =
        departements.into_iter().map(|code| (code.to_owned(), Axis::Departement.name_of(code, codes)));
    let categories = codes.categories().iter().map(|category| coded(&category.code, &category.name_fr));
    let mut choices = vec![choice(
        "classe",
        "Situation",
        "toutes",
        Class::ALL.map(|class| coded(class.code(), class.label())).into(),
        &asked.classe,
    )];
    if is_national {
        choices.push(choice("region", "Région", "toutes", regions, &asked.region));
    }
    choices.extend([
        choice("departement", "Département", "tous", departements.collect(), &asked.departement),
        choice("categorie", "Catégorie", "toutes", categories.collect(), &asked.categorie),
        choice(
            "strate",
            "Population",
            "toutes",
            Band::ALL.map(|band| coded(band.code(), band.label())).into(),
            &asked.strate,
        ),
        choice(
            "motif",
            "Attendue parce que",
            "peu importe",
            Why::ALL.map(|why| coded(why.code(), why.label())).into(),
            &asked.motif,
        ),
        choice(
            "contact",
            "Contact",
            "peu importe",
            vec![coded("non", "aucun contact connu")],
            &asked.contact,
        ),
    ]);
    choices
}
