//! What a file would change: looked at, applied or dropped. The page stays at its address until then.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::field::{Field, RawLine};
use crate::domain::year::FlowYear;
use crate::service::declaration::preview::{Mode, Preview, Sums};
use crate::service::declaration::upload::{
    self, Applied, CellError, ChangedLine, Changes, Form as FileForm, Shown,
};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page_with};
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::filed::{CSV, XLSX, download};
use super::readable::readable;
use super::{Desk, LineRow, Place};

/// Rows of a table that the page shows; the annotated file has all of them.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "declare/preview.html")]
struct PreviewPage {
    layout: Layout,
    base: String,
    /// Where the form is sent: the address of the page.
    address: String,
    is_replacing: bool,
    seen: String,
    summary: String,
    sums: Vec<(&'static str, String, String)>,
    faulty: Option<String>,
    file_errors: Vec<String>,
    errors: Listed<Told>,
    warnings: Listed<Told>,
    added: Listed<LineRow>,
    changed: Listed<Changed>,
    removed: Listed<LineRow>,
    meanwhile: Option<Meanwhile>,
    can_apply: bool,
    takes_drafts: bool,
}

/// The beginning of a list, and how many more there are.
pub(in crate::web::pages) struct Listed<T> {
    pub(in crate::web::pages) rows: Vec<T>,
    pub(in crate::web::pages) count: String,
    pub(in crate::web::pages) more: Option<String>,
}

/// What is said of a cell.
pub(in crate::web::pages) struct Told {
    pub(in crate::web::pages) row: u32,
    pub(in crate::web::pages) column: String,
    pub(in crate::web::pages) value: String,
    pub(in crate::web::pages) message: String,
    pub(in crate::web::pages) hint: String,
    pub(in crate::web::pages) code: &'static str,
}

/// A line that would change.
pub(in crate::web::pages) struct Changed {
    pub(in crate::web::pages) reference: String,
    pub(in crate::web::pages) title: String,
    /// Field, before, after.
    pub(in crate::web::pages) fields: Vec<(&'static str, String, String)>,
}

/// What others did since the file was sent.
struct Meanwhile {
    who: Option<String>,
    summary: String,
    changes: Vec<String>,
    /// It was found when the file was to be applied.
    is_refusal: bool,
}

/// Answers `GET …/import/{apercu}`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, place: Place, agent: Agent) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let shown = upload::show(&app, &desk.agent.actor, desk.key(), &place.name).await?;
    preview_page(&app, &desk, &place, frame, &shown, StatusCode::OK)
}

/// Answers `POST …/import/{apercu}`: applies the file or forgets it.
pub(in crate::web) async fn end(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Posted { agent, typed }: Posted,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let (actor, key) = (&desk.agent.actor, desk.key());
    if typed.get("action") == "abandonner" {
        upload::discard(&app, actor, key, &place.name).await?;
        return Ok(see(&desk.address("import")));
    }
    match upload::apply(&app, actor, key, &place.name, typed.get("vue")).await? {
        Applied::Done => Ok(see(&desk.address("recapitulatif"))),
        Applied::Not(shown) => {
            let is_faulty = !shown.preview.errors.is_empty();
            let status = if is_faulty { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
            // What others did came before this page was asked for.
            let desk = Desk::open(&app, &place, &agent).await?;
            preview_page(&app, &desk, &place, frame, &shown, status)
        }
    }
}

/// Answers `GET …/import/{apercu}/annote`: the file, with what is wrong beside each row.
pub(in crate::web) async fn annotated(State(app): State<App>, place: Place, agent: Agent) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let file = upload::annotated(&app, &desk.agent.actor, desk.key(), &place.name).await?;
    let kind = match file.form {
        FileForm::Csv => CSV,
        FileForm::Workbook => XLSX,
    };
    download(&format!("import-annote-{}-{}", desk.siren, desk.year), kind, file.content)
}

fn preview_page(
    app: &App,
    desk: &Desk,
    place: &Place,
    frame: Frame,
    shown: &Shown,
    status: StatusCode,
) -> Answer {
    let Shown { preview, since, seen } = shown;
    let changes = &preview.changes;
    let is_conflict = status == StatusCode::CONFLICT;
    let is_wrong = !preview.errors.is_empty();
    let line = |line: &RawLine| LineRow::of(app, desk, line, None);
    let mut errors = listed(&preview.errors.cells, ("erreur", "erreurs"), told);
    errors.count = text::count(number(preview.errors.len()), "erreur", "erreurs");
    let mut layout = desk.layout(frame, "Vérifier l’import");
    layout = layout.under(desk.address("import"), "Importer un fichier");
    if is_wrong {
        layout = layout.led_by("Erreur");
    } else if is_conflict {
        layout = layout.led_by("Modifié entre-temps");
    }
    let takes_drafts = desk.overview.takes_drafts();
    page_with(
        status,
        &PreviewPage {
            layout,
            base: desk.base(),
            address: desk.address(&format!("import/{}", place.name)),
            is_replacing: preview.mode == Mode::Replace,
            seen: seen.clone(),
            summary: changes.to_string(),
            sums: sums(preview.before, preview.after),
            faulty: faulty(preview.after.faulty),
            file_errors: preview.errors.file.iter().map(ToString::to_string).collect(),
            errors,
            warnings: listed(&preview.warnings, ("point", "points"), told),
            added: listed(&changes.added, ("ligne", "lignes"), line),
            changed: listed(&changes.changed, ("ligne", "lignes"), |line| {
                changed(app, desk.year, preview, line)
            }),
            removed: listed(&changes.removed, ("ligne", "lignes"), line),
            meanwhile: meanwhile(desk, since, is_conflict),
            can_apply: takes_drafts && !is_wrong && !changes.is_empty(),
            takes_drafts,
        },
    )
}

/// A line that would change, field by field.
pub(in crate::web::pages) fn changed(
    app: &App,
    year: FlowYear,
    preview: &Preview,
    line: &ChangedLine,
) -> Changed {
    let known = preview.lines.iter().find(|known| known.get(Field::Reference) == line.reference);
    let read = |field, text: &str| readable(app, year, field, text);
    let fields = line.fields.iter();
    let fields = fields.map(|change| {
        (change.field.label(), read(change.field, &change.old), read(change.field, &change.new))
    });
    Changed {
        title: known.map_or_else(String::new, |known| known.get(Field::Title).to_owned()),
        reference: line.reference.clone(),
        fields: fields.collect(),
    }
}

/// The beginning of a list as the page shows it.
pub(in crate::web::pages) fn listed<T, U>(
    all: &[T],
    (one, many): (&str, &str),
    of: impl Fn(&T) -> U,
) -> Listed<U> {
    let more = all.len().checked_sub(MOST).filter(|more| *more > 0);
    Listed {
        rows: all.iter().take(MOST).map(of).collect(),
        count: text::count(number(all.len()), one, many),
        more: more.map(|more| text::count(number(more), one, many)),
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// What is said of a cell.
pub(in crate::web::pages) fn told(cell: &CellError) -> Told {
    Told {
        row: cell.row,
        column: cell.column.clone(),
        value: cell.value.clone(),
        message: cell.message.clone(),
        hint: cell.hint.clone(),
        code: cell.code,
    }
}

/// What the declaration amounts to, before and after.
pub(in crate::web::pages) fn sums(before: Sums, after: Sums) -> Vec<(&'static str, String, String)> {
    let lines = |sums: Sums| text::thousands(number(sums.lines));
    vec![
        ("Lignes", lines(before), lines(after)),
        ("Montant versé", text::euros(before.paid), text::euros(after.paid)),
        ("Ressources propres, ce qui compte", text::euros(before.own), text::euros(after.own)),
    ]
}

/// What the sums leave out.
pub(in crate::web::pages) fn faulty(lines: usize) -> Option<String> {
    match number(lines) {
        0 => None,
        1 => Some("Une ligne en erreur ou incomplète n’est pas dans ces sommes.".to_owned()),
        many => Some(format!(
            "{} lignes en erreur ou incomplètes ne sont pas dans ces sommes.",
            text::thousands(many)
        )),
    }
}

/// Who changed what since the file was sent; nothing where nobody did.
fn meanwhile(desk: &Desk, since: &Changes, is_refusal: bool) -> Option<Meanwhile> {
    if since.is_empty() && !is_refusal {
        return None;
    }
    let overview = &desk.overview;
    let told = |by: Option<&String>, at| {
        let by = by.map_or("une autre personne", String::as_str);
        format!("{by}, le {}", text::long_instant(at))
    };
    let who = match (&overview.draft, overview.effective()) {
        (Some(draft), _) => Some(told(overview.draft_by.as_ref(), draft.updated_at)),
        (None, Some(filed)) => Some(told(filed.by.as_ref(), filed.filing.filed_at)),
        (None, None) => None,
    };
    let line = |line: &RawLine| {
        let title = Some(line.get(Field::Title)).filter(|title| !title.is_empty()).unwrap_or("Sans titre");
        format!("{title} ({})", line.get(Field::Reference))
    };
    let added = since.added.iter().map(|new| format!("ajoutée\u{a0}: {}", line(new)));
    let changed = since.changed.iter().map(|changed| {
        let fields: Vec<&str> = changed.fields.iter().map(|change| change.field.label()).collect();
        format!("modifiée\u{a0}: {} ({})", changed.reference, fields.join(", "))
    });
    let removed = since.removed.iter().map(|old| format!("retirée\u{a0}: {}", line(old)));
    let changes = added.chain(changed).chain(removed).take(MOST).collect();
    Some(Meanwhile { who, summary: since.to_string(), changes, is_refusal })
}
