//! What was filed: the receipt on screen, the versions with their differences, the lines to download.

use std::io::Cursor;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use serde::Deserialize;

use crate::app::App;
use crate::domain::filing::FilingKind;
use crate::service::declaration::export::{self, Form};
use crate::service::declaration::overview::{self, Filed, Step};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::Agent;

use super::{Desk, Place};

#[derive(Template)]
#[template(path = "declare/receipt.html")]
struct ReceiptPage {
    layout: Layout,
    base: String,
    number: String,
    counts: bool,
    latest: u32,
    facts: Vec<(&'static str, String)>,
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
    let of_number =
        |filed: &&Filed| filed.receipt.as_ref().is_some_and(|receipt| receipt.number == place.name);
    let versions = &desk.overview.versions;
    let filed = versions.iter().find(of_number).ok_or_else(PageRefused::nothing_here)?;
    let latest = versions.last().map_or(0, |last| last.filing.version);
    page(&ReceiptPage {
        layout: desk.layout(frame, format!("Récépissé de la version {}", filed.filing.version)),
        base: desk.base(),
        number: place.name.clone(),
        counts: filed.filing.version == latest,
        latest,
        facts: facts(&desk, filed),
        takes_filings: desk.overview.takes_filings,
    })
}

fn facts(desk: &Desk, filed: &Filed) -> Vec<(&'static str, String)> {
    let Filed { filing, receipt, by, signatory } = filed;
    let mut facts = vec![
        ("Collectivité", format!("{}, SIREN {}", desk.overview.name, desk.siren)),
        ("Versements de", desk.year.to_string()),
        ("Version", format!("{}\u{a0}({})", filing.version, kind(filing.kind))),
        ("Reçue le", text::long_instant(filing.filed_at)),
    ];
    if let Some(by) = by {
        facts.push(("Déposée par", by.clone()));
    }
    if let Some((name, function)) = signatory {
        facts.push((
            "Signée par",
            function.as_ref().map_or_else(|| name.clone(), |function| format!("{name}, {function}")),
        ));
    }
    if !matches!(filing.kind, FilingKind::Nil | FilingKind::Annulled) {
        facts.push(("Lignes", text::thousands(filing.line_count.into())));
        facts.push(("Montant versé", text::euros(filing.total_paid)));
        facts.push(("Ressources propres", text::euros(filing.total_own)));
    }
    if let Some(receipt) = receipt {
        facts.push(("Empreinte SHA-256", receipt.sha256.clone()));
        facts.push(("Tête du journal", receipt.journal_head.clone()));
    }
    facts
}

/// What a version states, in words.
const fn kind(kind: FilingKind) -> &'static str {
    match kind {
        FilingKind::Declared => "déclaration",
        FilingKind::Nil => "déclaration néant",
        FilingKind::Rectified => "rectifiée par le ministère",
        FilingKind::Annulled => "annulée par le ministère",
        FilingKind::TakenOver => "reçue hors délai, reprise par le ministère",
    }
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
    counts: bool,
    kind: &'static str,
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
    let latest = steps.first().map_or(0, |step| step.filed.filing.version);
    let versions = steps.iter().map(|step| shown(&desk, step, latest)).collect();
    page(&HistoryPage { layout: desk.layout(frame, "Historique"), base: desk.base(), versions })
}

fn shown(desk: &Desk, step: &Step, latest: u32) -> VersionShown {
    let Step { filed, changes } = step;
    let filing = &filed.filing;
    let named = |line: &crate::domain::field::RawLine| {
        use crate::domain::field::Field;
        format!("{} – {} €", line.get(Field::Title), line.get(Field::AmountPaid))
    };
    let mut told = vec![];
    told.extend(changes.added.iter().map(|line| ("Ajoutée", named(line), vec![])));
    for line in &changes.changed {
        let fields = line.fields.iter().map(|change| {
            let text = |text: &str| {
                if text.is_empty() { "rien".to_owned() } else { format!("«\u{a0}{text}\u{a0}»") }
            };
            format!("{}\u{a0}: {} au lieu de {}", change.field.label(), text(&change.new), text(&change.old))
        });
        told.push(("Modifiée", line.reference.clone(), fields.collect()));
    }
    told.extend(changes.removed.iter().map(|line| ("Retirée", named(line), vec![])));
    let by = filed.by.as_ref().map(|name| format!(" par {name}")).unwrap_or_default();
    let signed = filed.signatory.as_ref().map(|(name, _)| format!(", signée par {name}")).unwrap_or_default();
    VersionShown {
        version: filing.version,
        counts: filing.version == latest,
        kind: kind(filing.kind),
        told: format!("{}{by}{signed}", text::long_instant(filing.filed_at)),
        total: text::euros(filing.total_own),
        reason: filing.reason.clone(),
        receipt: filed
            .receipt
            .as_ref()
            .map(|receipt| desk.address(&format!("recepisses/{}", receipt.number))),
        is_first: filing.version == 1,
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
    let (form, media, extension) = match asked.format.as_str() {
        "csv" => (Form::Csv, "text/csv; charset=utf-8", "csv"),
        "" | "xlsx" => {
            (Form::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
        }
        _ => return Err(PageRefused::nothing_here()),
    };
    let mut out = Cursor::new(Vec::new());
    export::export_version(&app, &desk.agent.actor, desk.key(), version, form, &mut out).await?;
    let number = version.or_else(|| desk.overview.versions.last().map(|filed| filed.filing.version));
    let name = format!("lignes-{}-{}-v{}.{extension}", desk.siren, desk.year, number.unwrap_or_default());
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let disposition = disposition.map_err(|error| PageRefused::internal(error.to_string()))?;
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(media)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, out.into_inner()).into_response())
}
