//! The reports of the CRS: lines with what is on record of them, and what goes on record with an edition (ADR 18).

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use crate::app::App;
use crate::domain::crs::{CrsId, CrsLine, Given, GroupKey};
use crate::domain::refusal::Because;
use crate::domain::year::FlowYear;
use crate::reports::aggregates::Aggregates;
use crate::reports::crs::numbering::Ledger;
use crate::reports::crs::{CrsGroups, CrsLines, CrsReport, CrsWritten, Identifiers};
use crate::reports::sdmx::Sdmx;
use crate::reports::{Context, Format, Reads, ReportError, ReportName, Status, Written};
use crate::service::report::Progress;
use crate::service::report::feed::{self, Feed, Outlet, finished};
use crate::service::report::source::Source;
use crate::service::{Result, ServiceError};
use crate::store::{self, StoreError, Tx};

/// What a release keeps of the files it writes, until it stores them.
#[derive(Debug)]
pub(super) struct Numbers {
    /// How far identifiers were given when the snapshot was opened.
    given: Given,
    ledger: Option<Ledger>,
    new_groups: Vec<(GroupKey, CrsId)>,
}

/// Lets what is written from now on give identifiers, where the report has some.
pub(super) async fn open(source: &mut Source, name: ReportName) -> Result<()> {
    if name.reads() == Reads::CrsLines {
        let given = store::crs::given(&mut source.tx, source.flow_year).await?;
        source.numbers = Some(Numbers { given, ledger: None, new_groups: Vec::new() });
    }
    Ok(())
}

/// Writes a report of the CRS into `out`. While identifiers are given, a row that fails a check refuses the file.
pub(super) async fn write(
    app: &App,
    source: &mut Source,
    context: Context,
    (name, format): (ReportName, Format),
    out: File,
    progress: Progress<'_>,
) -> Result<Written> {
    let folder = app.config.reports.temporary();
    let edition = compared_with(source, context.status).await?;
    let mut identifiers = Identifiers::default();
    if name == ReportName::CrsGroups {
        identifiers.groups = store::crs::groups(&mut source.tx, source.flow_year).await?;
    }
    if let Some(numbers) = &source.numbers {
        identifiers.next_activity = Some(numbers.given.next_activity);
        identifiers.next_group = Some(numbers.given.next_group);
    }
    let (mut feed, lines) = feed::feed(context.filings.lines, progress);
    let job = move || write_lines(context, identifiers, (name, format), folder.as_deref(), out, lines);
    let writer = tokio::task::spawn_blocking(job);
    let streamed = stream(source, edition, &mut feed).await;
    feed.end();
    let written = finished(writer).await;
    streamed?;
    let CrsWritten { written, faults, fault_count, ledger, new_groups } = written?;
    if let Some(numbers) = &mut source.numbers {
        require_sound(&faults, fault_count)?;
        numbers.ledger = ledger;
        numbers.new_groups = new_groups;
    }
    Ok(written)
}

/// Refuses rows that DG Trésor and the OECD could not load.
fn require_sound(faults: &[String], count: u64) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    let more = match count.saturating_sub(u64::try_from(faults.len()).unwrap_or_default()) {
        0 => String::new(),
        more => format!(
            " | et {more} autre(s), dans la feuille «\u{a0}Vérifications\u{a0}» du rapport provisoire"
        ),
    };
    let message =
        format!("le rapport n’est pas publié\u{a0}: {count} défaut(s)\u{a0}: {}{more}", faults.join(" | "));
    Err(ServiceError::refused(Because::NotValidated, message))
}

/// The edition of the lines that a file is compared with: the one before its own, or the last one; 0 where none is.
async fn compared_with(source: &mut Source, status: Status) -> Result<u32> {
    if let Status::Edition { number, .. } = status {
        return Ok(number.saturating_sub(1));
    }
    let stored = store::report::of_year(&mut source.tx, ReportName::Crs.code(), source.flow_year).await?;
    Ok(stored.iter().map(|release| release.edition).max().unwrap_or_default())
}

/// Reads the effective lines to the writer, then those that count no more.
async fn stream(source: &mut Source, edition: u32, feed: &mut Feed<'_, CrsLine>) -> Result<()> {
    let Source { tx, titles, flow_year, .. } = source;
    let put_title = |line: &mut CrsLine| titles.put(&mut line.filed);
    feed.put(store::line::stream_crs(tx, *flow_year, edition), put_title).await?;
    feed.put(store::line::stream_withdrawn(tx, *flow_year, edition), put_title).await
}

fn write_lines(
    context: Context,
    identifiers: Identifiers,
    (name, format): (ReportName, Format),
    folder: Option<&Path>,
    out: File,
    lines: Outlet<CrsLine>,
) -> std::result::Result<CrsWritten, ReportError> {
    let out = BufWriter::with_capacity(1 << 16, out);
    let mut report: Box<dyn CrsReport> = match name {
        ReportName::CrsGroups => Box::new(CrsGroups::begin(context, identifiers, format, folder, out)?),
        ReportName::Sdmx => Box::new(Sdmx::begin(context, format, out)),
        ReportName::Aggregates => Box::new(Aggregates::begin(context, format, folder, out)),
        _ => Box::new(CrsLines::begin(context, &identifiers, format, folder, out)?),
    };
    lines.each(|line| report.line(line))?;
    report.finish()
}

/// Refuses to store an edition where identifiers were given since its snapshot.
pub(super) async fn require_alone(tx: &mut Tx<'_>, source: &Source) -> Result<()> {
    let Some(numbers) = &source.numbers else { return Ok(()) };
    tx.hold_crs().await?;
    if store::crs::given(tx, source.flow_year).await? == numbers.given {
        return Ok(());
    }
    let message = "un autre rapport a attribué des identifiants CRS entre-temps\u{a0}: recommencez";
    Err(ServiceError::refused(Because::FiledMeanwhile, message))
}

/// Puts on record what the edition tells, once its files are stored.
pub(super) async fn keep(tx: &mut Tx<'_>, source: &mut Source, of: (FlowYear, u32)) -> Result<()> {
    let Some(numbers) = source.numbers.take() else { return Ok(()) };
    if let Some(ledger) = numbers.ledger {
        let lines = ledger.lines()?.map(|line| line.map_err(|error| StoreError::Unusable(error.to_string())));
        store::crs::insert_lines(tx, of, lines).await?;
    }
    store::crs::insert_groups(tx, of, &numbers.new_groups).await?;
    Ok(())
}
