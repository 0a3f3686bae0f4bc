//! Releases a report: every format written, validated and stored as the next edition (rule 12).

use serde_json::json;

use crate::app::App;
use crate::domain::campaign::Campaign;
use crate::domain::refusal::Because;
use crate::domain::release::Release;
use crate::domain::role::Actor;
use crate::domain::scope::Scope;
use crate::domain::year::FlowYear;
use crate::reports::{Format, ReportError, ReportName, Status};
use crate::service::refusals::told;
use crate::service::report::source::Source;
use crate::service::report::write::{self, Artifact};
use crate::service::report::{Progress, crs, validate};
use crate::service::{Result, ServiceError, require_manager};
use crate::store;
use crate::store::journal::Told;

/// What a release did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Released {
    /// A new edition; one file a format.
    Edition(Vec<Release>),
    /// Nothing has changed since the last edition, which stays.
    Unchanged(Vec<Release>),
}

/// Releases a report of a settled campaign. Nothing is stored where nothing changed
/// since the last edition, and nothing where a file is not valid.
///
/// # Errors
/// When the campaign is not settled, a file is not valid, or something was filed meanwhile.
pub async fn release(
    app: &App,
    actor: &Actor,
    name: ReportName,
    flow_year: FlowYear,
    progress: Progress<'_>,
) -> Result<Released> {
    let outcome = release_now(app, actor, name, flow_year, progress).await;
    told(app, actor, "report.release", format!("{name}/{flow_year}"), outcome).await
}

async fn release_now(
    app: &App,
    actor: &Actor,
    name: ReportName,
    flow_year: FlowYear,
    progress: Progress<'_>,
) -> Result<Released> {
    require_manager(actor)?;
    require_released(name)?;
    let now = app.now();
    let mut source = Source::open(app, name, flow_year).await?;
    require_settled(&source.campaign)?;
    let stored = store::report::of_year(&mut source.tx, name.code(), flow_year).await?;
    let last = last_edition(&stored);
    // All files are one progress; to compare them with the last edition takes as long again.
    let formats = u64::try_from(name.formats().len()).unwrap_or(1);
    let steps = if last.is_empty() { formats } else { 2 * formats };
    let step = |step: u64| move |done: u64, total: u64| progress(step * total + done, steps * total);
    if !last.is_empty() && is_unchanged(app, &mut source, name, &last, &step).await? {
        return Ok(Released::Unchanged(last));
    }
    let number = last.first().map_or(1, |release| release.edition.saturating_add(1));
    let status = Status::Edition { number, released_at: now };
    crs::open(&mut source, name).await?;
    let mut files = Vec::new();
    for (at, format) in (steps - formats..).zip(name.formats()) {
        let file = artifact(app, &mut source, (name, *format), status, &step(at)).await?;
        validate::validate(name, *format, file.path()).await?;
        files.push((*format, file));
    }

    // The file was written from a snapshot: nothing may have been filed since.
    let mut tx = app.db.begin().await?;
    tx.hold_campaign(flow_year.campaign()).await?;
    // Nor may a filing sous réserve be confirmed.
    tx.hold_attachments().await?;
    if store::filing::effective_of_year(&mut tx, flow_year).await? != source.filings {
        let message = "une version a été déposée pendant l’établissement du rapport\u{a0}: recommencez";
        return Err(ServiceError::refused(Because::FiledMeanwhile, message));
    }
    crs::require_alone(&mut tx, &source).await?;
    let subject = format!("{name}/{flow_year}/{number}");
    let told: Vec<_> = files
        .iter()
        .map(|(format, file)| {
            json!({
                "format": format.code(),
                "sha256": file.sha256,
                "contenu_sha256": file.content_sha256,
                "lignes": file.written.rows,
                "ressources_propres": file.written.total_own,
            })
        })
        .collect();
    let after = json!({ "fichiers": told }).to_string();
    let told = Told {
        at: now,
        actor: &actor.person,
        action: "report.release",
        subject: &subject,
        before: None,
        after: Some(&after),
    };
    let head = store::journal::append(&mut tx, told).await?;
    let mut releases = Vec::new();
    for (format, file) in &files {
        let release = Release {
            name: name.code().to_owned(),
            flow_year,
            format: format.code().to_owned(),
            edition: number,
            sha256: file.sha256.clone(),
            content_sha256: file.content_sha256.clone(),
            line_count: file.written.rows,
            total_own: file.written.total_own,
            journal_head: head.hash.clone(),
            released_by: actor.person.clone(),
            released_at: now,
        };
        store::report::insert(&mut tx, &release, &file.bytes).await?;
        releases.push(release);
    }
    crs::keep(&mut tx, &mut source, (flow_year, number)).await?;
    tx.commit().await?;
    Ok(Released::Edition(releases))
}

/// Refuses a campaign whose figures may still change.
pub(super) fn require_settled(campaign: &Campaign) -> Result<()> {
    if campaign.settled_at.is_some() {
        return Ok(());
    }
    let message =
        format!("la campagne {} n’est pas arrêtée\u{a0}: un rapport ne se publie qu’ensuite", campaign.year);
    Err(ServiceError::refused(Because::NotSettled, message))
}

/// Refuses a report of which no edition is stored.
pub(super) fn require_released(name: ReportName) -> Result<()> {
    if name.is_released() {
        return Ok(());
    }
    let message =
        format!("«\u{a0}{name}\u{a0}» s’établit à la demande\u{a0}: une édition est de tout le pays");
    Err(ServiceError::refused(Because::Invalid, message))
}

/// The files of the last edition.
pub(super) fn last_edition(stored: &[Release]) -> Vec<Release> {
    let last = stored.iter().map(|release| release.edition).max();
    stored.iter().filter(|release| Some(release.edition) == last).cloned().collect()
}

/// Whether the last edition, written again under its own number and date, says the same.
async fn is_unchanged<P: Fn(u64, u64) + Send + Sync>(
    app: &App,
    source: &mut Source,
    name: ReportName,
    last: &[Release],
    step: impl Fn(u64) -> P,
) -> Result<bool> {
    for (at, format) in (0..).zip(name.formats()) {
        let Some(release) = last.iter().find(|release| release.format == format.code()) else {
            return Ok(false);
        };
        let status = Status::Edition { number: release.edition, released_at: release.released_at };
        let again = artifact(app, source, (name, *format), status, &step(at)).await?;
        if !again.says(&release.content_sha256) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes one file of an edition and reads it back.
pub(super) async fn artifact(
    app: &App,
    source: &mut Source,
    file: (ReportName, Format),
    status: Status,
    progress: Progress<'_>,
) -> Result<Artifact> {
    let temporary = match app.config.reports.temporary() {
        Some(folder) => tempfile::NamedTempFile::new_in(folder),
        None => tempfile::NamedTempFile::new(),
    };
    let temporary = temporary.map_err(ReportError::from)?;
    let context = source.context(app, status, Scope::National, file.0.unit())?;
    let written = write::write(app, source, context, file, temporary.as_file(), progress).await?;
    write::read_back(temporary, written)
}
