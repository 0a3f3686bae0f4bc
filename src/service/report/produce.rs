//! Produces a report: the stored edition where there is one, else the figures as they are, and says which.

use std::fs::File;
use std::io::{Seek, Write};

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::release::Release;
use crate::domain::scope::Scope;
use crate::reports::{ReportError, ReportName, Status};
use crate::service::report::source::Source;
use crate::service::report::{Audience, Progress, Request, public, write};
use crate::service::{Result, ServiceError};
use crate::store::replica::Origin;
use crate::store::{self, Tx};

/// What was produced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Produced {
    /// How final its figures are.
    pub status: Status,
    /// Lines, or bodies for a list of them.
    pub rows: u64,
}

/// Writes a report into `out`, from its beginning. A stored edition is given as stored;
/// before settlement the file says PROVISOIRE (rule 12).
///
/// # Errors
/// When there is no such report for this audience, or it cannot be written.
pub async fn produce(app: &App, request: &Request, out: &File, progress: Progress<'_>) -> Result<Produced> {
    check(app, request)?;
    // Before the snapshot: who waits holds no connection.
    let Some(_place) = app.load.report(request.audience == Audience::Public).await else {
        let message = "trop de fichiers sont produits en ce moment\u{a0}: réessayez dans une minute";
        return Err(ServiceError::refused(Because::ReportsBusy, message));
    };
    let (tx, origin) = app.replica.snapshot(&app.db).await?;
    match from(app, request, tx, out, progress).await {
        // A standby ends reads that are in the way of what it replays, and may go away: the primary is read instead.
        Err(error) if origin == Origin::Replica && !matches!(error, ServiceError::Refused(_)) => {
            app.replica.broke_off();
            let mut anew = out;
            anew.rewind().and_then(|()| anew.set_len(0)).map_err(ReportError::from)?;
            from(app, request, app.db.snapshot().await?, out, progress).await
        }
        produced => produced,
    }
}

/// The same from one snapshot.
async fn from(
    app: &App,
    request: &Request,
    tx: Tx<'static>,
    out: &File,
    progress: Progress<'_>,
) -> Result<Produced> {
    let mut source = Source::on(tx, request.name, request.flow_year).await?;
    if request.audience == Audience::Public
        && !(request.name.is_public() && source.campaign.published_at.is_some())
    {
        // What is not public is not known to exist.
        return Err(unknown(format!("pas de rapport public de l’exercice {}", request.flow_year)));
    }
    let mut stored = store::report::of_year(&mut source.tx, request.name.code(), request.flow_year).await?;
    if request.audience == Audience::Public {
        let decided = store::public_title::last_decided(&mut source.tx, request.flow_year).await?;
        stored.retain(|release| public::has_last_titles(release, decided));
    }
    let of_format = || stored.iter().filter(|release| release.format == request.format.code());
    let wanted = match request.edition {
        Some(edition) => Some(of_format().find(|release| release.edition == edition).ok_or_else(|| {
            unknown(format!(
                "pas d’édition {edition} de «\u{a0}{}\u{a0}» pour l’exercice {}",
                request.name, request.flow_year
            ))
        })?),
        None if request.is_whole() => of_format().next_back(),
        None => None,
    };
    if let Some(release) = wanted {
        return serve(&mut source, release, out).await;
    }
    let status = if source.is_settled() { Status::Settled } else { Status::Provisional };
    let scope = request.region.clone().map_or(Scope::National, Scope::Region);
    let context = source.context(app, status, scope, request.unit.unwrap_or(request.name.unit()))?;
    let file = (request.name, request.format);
    let written = write::write(app, &mut source, context, file, out, progress).await?;
    Ok(Produced { status, rows: written.rows })
}

/// Gives the stored bytes.
async fn serve(source: &mut Source, release: &Release, mut out: &File) -> Result<Produced> {
    let bytes = store::report::bytes(&mut source.tx, release).await?;
    let bytes = bytes.ok_or_else(|| unknown("cette édition n’a plus de contenu".to_owned()))?;
    out.write_all(&bytes).map_err(ReportError::from)?;
    let status = Status::Edition { number: release.edition, released_at: release.released_at };
    Ok(Produced { status, rows: release.line_count })
}

fn check(app: &App, request: &Request) -> Result<()> {
    let invalid = |message: String| Err(ServiceError::refused(Because::Invalid, message));
    let (name, format) = (request.name, request.format);
    if !name.formats().contains(&format) {
        let formats: Vec<&str> = name.formats().iter().map(|format| format.code()).collect();
        return invalid(format!(
            "«\u{a0}{name}\u{a0}» n’existe pas en {format}\u{a0}: {}",
            formats.join(", ")
        ));
    }
    if request.unit.is_some() && !name.has_unit() {
        return invalid(format!("«\u{a0}{name}\u{a0}» est toujours en euros\u{a0}: retirez l’unité"));
    }
    if request.edition.is_some() && !request.is_whole() {
        return invalid(format!(
            "une édition est nationale et en {}\u{a0}: retirez la région et l’unité",
            name.unit().label()
        ));
    }
    match (name, &request.region) {
        (ReportName::RegionalSummary, None) => {
            return invalid("dites de quelle région\u{a0}: son code INSEE, ou HORS".to_owned());
        }
        (ReportName::NationalSummary, Some(_)) => {
            return invalid(format!(
                "«\u{a0}{name}\u{a0}» est de tout le pays\u{a0}: demandez «\u{a0}{}\u{a0}»",
                ReportName::RegionalSummary
            ));
        }
        _ => {}
    }
    match &request.region {
        Some(region) if app.codes.regions().latest(region).is_none() => invalid(format!(
            "région inconnue\u{a0}: «\u{a0}{}\u{a0}»",
            crate::domain::text::excerpt(region, 10)
        )),
        _ => Ok(()),
    }
}

fn unknown(message: String) -> ServiceError {
    ServiceError::refused(Because::UnknownReport, message)
}
