//! What was filed: the receipt on screen, the versions with their differences, the lines to download.

use std::io::Cursor;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use serde::Deserialize;

use crate::app::App;
use crate::domain::field::{Field, RawLine};
use crate::domain::receipt::{Fact, FactKind, Reader, Sheet, states};
use crate::domain::reservation::Standing;
use crate::service::declaration::export::{self, Form};
use crate::service::declaration::overview::{self, Filed, Step};
use crate::service::receipt::document;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::Agent;

use super::readable::readable;
use super::{Desk, Place};

#[derive(Template)]
#[template(path = "declare/receipt.html")]
struct ReceiptPage {
    layout: Layout,
    base: String,
    number: String,
    standing: Standing,
    /// The version that counts, if the agent may see it.
    latest: Option<u32>,
    facts: Vec<Fact>,
    /// Of the document.
    size: String,
    takes_filings: bool,
}

/// Answers `GET …/recepisses/{numero}`.
pub(in crate::web) async fn receipt(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    agent: Agent,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let (sheet, standing) = sheet(&desk, &place.name)?;
    let size = u64::try_from(document(&app, &sheet, standing)?.len()).unwrap_or_default().div_ceil(1_000);
    let versions = &desk.overview.versions;
    let latest = versions.iter().find(|filed| filed.standing.is_in_force()).map(|filed| filed.filing.version);
    page(&ReceiptPage {
        layout: desk.layout(frame, format!("Récépissé de la version {}", sheet.filing.version)),
        base: desk.base(),
        number: place.name.clone(),
        standing,
        latest,
        facts: sheet.facts(Reader::Agent, &app.config.server.public_url),
        size: format!("{size}\u{a0}ko"),
        takes_filings: desk.overview.takes_filings,
    })
}

/// Answers `GET …/recepisses/{numero}/pdf`: the same as a document.
pub(in crate::web) async fn receipt_pdf(State(app): State<App>, place: Place, agent: Agent) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let (sheet, standing) = sheet(&desk, &place.name)?;
    download(sheet.file_name().trim_end_matches(".pdf"), PDF, document(&app, &sheet, standing)?)
}

/// What the receipt of a number says, and where its version stands.
fn sheet(desk: &Desk, number: &str) -> Result<(Sheet, Standing), PageRefused> {
    for Filed { filing, receipt, by, signatory, standing } in &desk.overview.versions {
        let Some(receipt) = receipt.as_ref().filter(|receipt| receipt.number == number) else { continue };
        let sheet = Sheet {
            collectivity: Some(desk.overview.name.clone()),
            receipt: receipt.clone(),
            filing: filing.clone(),
            filed_by: by.clone(),
            signatory: signatory.clone(),
        };
        return Ok((sheet, *standing));
    }
    Err(PageRefused::nothing_here())
}

#[derive(Template)]
#[template(path = "declare/history.html")]
struct HistoryPage {
    layout: Layout,
    base: String,
    versions: Vec<VersionShown>,
}

/// A version and what it changed.
struct VersionShown {
    version: u32,
    standing: Standing,
    kind: String,
    told: String,
    total: String,
    reason: Option<String>,
    receipt: Option<String>,
    is_first: bool,
    summary: String,
    changes: Vec<(&'static str, String, Vec<String>)>,
}

/// Answers `GET …/historique`.
pub(in crate::web) async fn history(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    agent: Agent,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let steps = overview::history(&app, &desk.agent.actor, desk.siren, desk.year).await?;
    let versions = steps.iter().map(|step| shown(&app, &desk, step)).collect();
    page(&HistoryPage { layout: desk.layout(frame, "Historique"), base: desk.base(), versions })
}

fn shown(app: &App, desk: &Desk, step: &Step) -> VersionShown {
    let Step { filed, changes, is_first } = step;
    let filing = &filed.filing;
    let read = |field, text: &str| readable(app, desk.year, field, text);
    let named = |line: &RawLine| {
        let paid = read(Field::AmountPaid, line.get(Field::AmountPaid));
        format!("{} – {paid}", line.get(Field::Title))
    };
    let mut told = vec![];
    told.extend(changes.added.iter().map(|line| ("Ajoutée", named(line), vec![])));
    for line in &changes.changed {
        let fields = line.fields.iter().map(|change| {
            let (new, old) = (read(change.field, &change.new), read(change.field, &change.old));
            format!("{}\u{a0}: {new} au lieu de {old}", change.field.label())
        });
        told.push(("Modifiée", line.reference.clone(), fields.collect()));
    }
    told.extend(changes.removed.iter().map(|line| ("Retirée", named(line), vec![])));
    let by = filed.by.as_ref().map(|name| format!(" par {name}")).unwrap_or_default();
    let signed = filed.signatory.as_ref().map(|(name, _)| format!(", signée par {name}")).unwrap_or_default();
    VersionShown {
        version: filing.version,
        standing: filed.standing,
        kind: crate::domain::text::sentence(states(filing.kind)).trim_end_matches('.').to_owned(),
        told: format!("{}{by}{signed}", text::long_instant(filing.filed_at)),
        total: text::euros(filing.total_own),
        reason: filing.reason.clone(),
        receipt: filed
            .receipt
            .as_ref()
            .map(|receipt| desk.address(&format!("recepisses/{}", receipt.number))),
        is_first: *is_first,
        summary: changes.to_string(),
        changes: told,
    }
}

/// What is to be downloaded.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    format: String,
    version: String,
}

/// Answers `GET …/export`: the lines of a version, of the one that counts where none is named.
pub(in crate::web) async fn export(
    State(app): State<App>,
    place: Place,
    agent: Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let version = match asked.version.as_str() {
        "" => None,
        number => Some(number.parse().map_err(|_unreadable| PageRefused::nothing_here())?),
    };
    let (form, kind) = match asked.format.as_str() {
        "csv" => (Form::Csv, CSV),
        "" | "xlsx" => (Form::Xlsx, XLSX),
        _ => return Err(PageRefused::nothing_here()),
    };
    let mut out = Cursor::new(Vec::new());
    export::export_version(&app, &desk.agent.actor, desk.key(), version, form, &mut out).await?;
    let counts = desk.overview.versions.iter().find(|filed| filed.standing.is_in_force());
    let number = version.or_else(|| counts.map(|filed| filed.filing.version));
    let name = format!("lignes-{}-{}-v{}", desk.siren, desk.year, number.unwrap_or_default());
    download(&name, kind, out.into_inner())
}

/// A kind of file: its media type and the end of its name.
pub(in crate::web::pages) type Kind = (&'static str, &'static str);
/// CSV, UTF-8.
pub(in crate::web::pages) const CSV: Kind = ("text/csv; charset=utf-8", "csv");
/// A workbook.
pub(super) const XLSX: Kind = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx");
/// A document.
const PDF: Kind = ("application/pdf", "pdf");

/// A file to download, under a name of ours.
pub(in crate::web::pages) fn download(name: &str, (media, extension): Kind, content: Vec<u8>) -> Answer {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}.{extension}\""));
    let disposition = disposition.map_err(|error| PageRefused::internal(error.to_string()))?;
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(media)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, content).into_response())
}
