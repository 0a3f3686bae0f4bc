//! Writes a report: the database is read here, the file is written on a thread of its own.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Returned, Sender as Returns};

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::sync::mpsc;

use crate::app::App;
use crate::domain::declaration::FiledLine;
use crate::domain::expected::ExpectedBody;
use crate::reports::iati::{IatiActivities, IatiOrganisation};
use crate::reports::lines::{LinesCsv, LinesWorkbook};
use crate::reports::open_data::{OpenData, PublicBody};
use crate::reports::quality::Review;
use crate::reports::tresor::{TresorWorkbook, TresorXml};
use crate::reports::{self, Context, Format, LineReport, ReportError, ReportName, Written, non_declarants};
use crate::service::publication::put_titles;
use crate::service::report::source::Source;
use crate::service::report::{Progress, crs, open_data};
use crate::service::{Result, quality, summary};
use crate::store;

/// Lines that pass to the writer at once, and how many such batches may wait.
const BATCH: usize = 256;
const WAITING: usize = 8;

type Batch = Vec<FiledLine>;
type Outcome = std::result::Result<Written, ReportError>;

/// Writes one report into `out`, from its beginning.
pub(super) async fn write(
    app: &App,
    source: &mut Source,
    context: Context,
    (name, format): (ReportName, Format),
    out: &File,
    progress: Progress<'_>,
) -> Result<Written> {
    if matches!(name, ReportName::NationalSummary | ReportName::RegionalSummary) {
        return summary::report(app, &mut source.tx, &context, format, out).await;
    }
    let out = out.try_clone().map_err(ReportError::from)?;
    let folder = app.config.reports.temporary();
    if name == ReportName::NonDeclarants {
        let expected = store::follow_up::bodies(&mut source.tx, source.flow_year, app.now()).await?;
        let job = move || write_bodies(&expected, &context, format, folder.as_deref(), out);
        return Ok(finished(tokio::task::spawn_blocking(job).await)?);
    }
    if name == ReportName::Quality {
        let (bodies, scope, codes) =
            (Arc::clone(&context.bodies), context.scope.clone(), Arc::clone(&app.codes));
        let within = move |siren| bodies.get(&siren).is_none_or(|body| scope.holds(&body.region, &codes));
        let review =
            quality::of_year(app, &mut source.tx, source.flow_year, &context.bodies, &within).await?;
        let job = move || write_review(&review, &context, format, folder.as_deref(), out);
        return Ok(finished(tokio::task::spawn_blocking(job).await)?);
    }
    if crs::is_crs(name) {
        return crs::write(app, source, context, (name, format), out, progress).await;
    }
    let bodies = match name {
        ReportName::OpenData => open_data::bodies(source).await?,
        _ => vec![],
    };
    let total = context.filings.lines;
    let (send, receive) = mpsc::channel(WAITING);
    let (give_back, written) = std::sync::mpsc::channel();
    let job =
        move || write_lines((context, bodies), (name, format), folder.as_deref(), out, (receive, give_back));
    let writer = tokio::task::spawn_blocking(job);
    let streamed = stream(source, name, (&send, written), total, progress).await;
    // The writer ends its file when nothing more can come.
    drop(send);
    let written = finished(writer.await);
    streamed?;
    Ok(written?)
}

/// Reads the effective lines to the writer, until it has enough of them or the last one. What is written comes back:
/// a line costs less to free on the thread that made it.
async fn stream(
    source: &mut Source,
    name: ReportName,
    (send, written): (&mpsc::Sender<Batch>, Returned<Batch>),
    total: u64,
    progress: Progress<'_>,
) -> Result<()> {
    let Source { tx, titles, flow_year, .. } = source;
    let mut lines = if name.reads_public_fields() {
        store::line::stream_public(tx, *flow_year)
    } else {
        store::line::stream_effective(tx, *flow_year)
    };
    let mut batch = Vec::with_capacity(BATCH);
    let mut done = 0_u64;
    while let Some(line) = lines.try_next().await? {
        batch.push(line);
        if batch.len() == BATCH {
            done = done.saturating_add(u64::try_from(BATCH).unwrap_or_default());
            progress(done.min(total), total);
            put_titles(titles, &mut batch);
            let mut next = written.try_recv().unwrap_or_else(|_none| Vec::with_capacity(BATCH));
            next.clear();
            if send.send(std::mem::replace(&mut batch, next)).await.is_err() {
                return Ok(());
            }
        }
    }
    put_titles(titles, &mut batch);
    // A writer that is gone tells why itself.
    let _ = send.send(batch).await;
    progress(total, total);
    Ok(())
}

fn write_lines(
    (context, bodies): (Context, Vec<PublicBody>),
    (name, format): (ReportName, Format),
    folder: Option<&Path>,
    out: File,
    (mut lines, give_back): (mpsc::Receiver<Batch>, Returns<Batch>),
) -> Outcome {
    let out = BufWriter::with_capacity(1 << 16, out);
    let mut report: Box<dyn LineReport> = match (name, format) {
        (ReportName::Lines, Format::Xlsx) => Box::new(LinesWorkbook::begin(context, folder, out)?),
        (ReportName::Lines, _) => Box::new(LinesCsv::begin(context, out)?),
        (ReportName::IatiActivities, _) => Box::new(IatiActivities::begin(context, out)?),
        (ReportName::IatiOrganisation, _) => Box::new(IatiOrganisation::begin(context, out)),
        (ReportName::OpenData, _) => Box::new(OpenData::begin(context, bodies, folder, out)?),
        (_, Format::Xml) => Box::new(TresorXml::begin(context, out)?),
        (_, Format::Xlsx | Format::Csv | Format::Zip | Format::Ods) => {
            Box::new(TresorWorkbook::begin(context, folder, out)?)
        }
    };
    while let Some(batch) = lines.blocking_recv() {
        for line in &batch {
            report.line(line)?;
        }
        // Nobody fills it again after the last line.
        let _given = give_back.send(batch);
    }
    report.finish()
}

fn write_bodies(
    expected: &[ExpectedBody],
    context: &Context,
    format: Format,
    folder: Option<&Path>,
    out: File,
) -> Outcome {
    let rows = non_declarants::select(expected, context);
    let out = BufWriter::new(out);
    match format {
        Format::Csv => non_declarants::csv(&rows, context, out),
        Format::Xlsx | Format::Xml | Format::Zip | Format::Ods => {
            non_declarants::xlsx(&rows, context, folder, out)
        }
    }
}

fn write_review(
    review: &Review,
    context: &Context,
    format: Format,
    folder: Option<&Path>,
    out: File,
) -> Outcome {
    let out = BufWriter::new(out);
    match format {
        Format::Csv => reports::quality::report_csv(review, context, out),
        Format::Xlsx | Format::Xml | Format::Zip | Format::Ods => {
            reports::quality::xlsx(review, context, folder, out)
        }
    }
}

/// The outcome of the thread; one that panicked or was cancelled has none.
fn finished(joined: std::result::Result<Outcome, tokio::task::JoinError>) -> Outcome {
    joined.unwrap_or_else(|error| Err(ReportError::Io(std::io::Error::other(error))))
}

/// A written file, read back whole.
pub(super) struct Artifact {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their SHA-256.
    pub sha256: String,
    /// SHA-256 of what they say.
    pub content_sha256: String,
    /// What it says of itself.
    pub written: Written,
    file: NamedTempFile,
}

impl Artifact {
    /// Where the bytes are, as long as this value lives.
    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Whether two files of the same format say the same.
    pub(super) fn says(&self, content_sha256: &str) -> bool {
        self.content_sha256 == content_sha256
    }
}

/// Reads back what [`write`] wrote.
pub(super) fn read_back(mut file: NamedTempFile, written: Written) -> Result<Artifact> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(ReportError::from)?;
    file.read_to_end(&mut bytes).map_err(ReportError::from)?;
    let sha256 = sha256(&bytes);
    let content_sha256 = written.content_sha256.clone().unwrap_or_else(|| sha256.clone());
    Ok(Artifact { bytes, sha256, content_sha256, written, file })
}

/// SHA-256 of bytes, hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
