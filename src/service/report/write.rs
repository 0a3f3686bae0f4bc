//! Writes a report: the database is read here, the file is written on a thread of its own.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::app::App;
use crate::domain::declaration::FiledLine;
use crate::domain::expected::ExpectedBody;
use crate::reports::iati::{IatiActivities, IatiOrganisation};
use crate::reports::lines::{LinesCsv, LinesWorkbook};
use crate::reports::open_data::{OpenData, PublicBody};
use crate::reports::quality::Review;
use crate::reports::tresor::{TresorWorkbook, TresorXml};
use crate::reports::{
    self, Context, Format, LineReport, Reads, ReportError, ReportName, Written, non_declarants,
};
use crate::service::report::feed::{self, Feed, Outlet, finished};
use crate::service::report::source::Source;
use crate::service::report::{Progress, crs, open_data};
use crate::service::{Result, quality, summary};
use crate::store;

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
    if name.reads() == Reads::Sums {
        return summary::report(app, &mut source.tx, &context, format, out).await;
    }
    let out = out.try_clone().map_err(ReportError::from)?;
    let folder = app.config.reports.temporary();
    match name.reads() {
        Reads::Expected => {
            let expected = store::follow_up::bodies(&mut source.tx, source.flow_year, app.now()).await?;
            let job = move || write_bodies(&expected, &context, format, folder.as_deref(), out);
            Ok(finished(tokio::task::spawn_blocking(job)).await?)
        }
        Reads::Findings => {
            let review = review(app, source, &context).await?;
            let job = move || write_review(&review, &context, format, folder.as_deref(), out);
            Ok(finished(tokio::task::spawn_blocking(job)).await?)
        }
        Reads::CrsLines => crs::write(app, source, context, (name, format), out, progress).await,
        Reads::Lines | Reads::PublicLines | Reads::Sums => {
            let bodies = match name {
                ReportName::OpenData => open_data::bodies(source).await?,
                _ => vec![],
            };
            let (mut feed, lines) = feed::feed(context.filings.lines, progress);
            let job = move || write_lines((context, bodies), (name, format), folder.as_deref(), out, lines);
            let writer = tokio::task::spawn_blocking(job);
            let streamed = stream(source, name, &mut feed).await;
            feed.end();
            let written = finished(writer).await;
            streamed?;
            Ok(written?)
        }
    }
}

/// What there is to look at among the bodies of the scope.
async fn review(app: &App, source: &mut Source, context: &Context) -> Result<Review> {
    let bodies = Arc::clone(&context.bodies);
    let within = |siren| bodies.get(&siren).is_none_or(|body| context.scope.holds(&body.region, &app.codes));
    quality::of_year(app, &mut source.tx, source.flow_year, &context.bodies, &within).await
}

/// Reads the effective lines to the writer.
async fn stream(source: &mut Source, name: ReportName, feed: &mut Feed<'_, FiledLine>) -> Result<()> {
    let Source { tx, titles, flow_year, .. } = source;
    let lines = if name.reads() == Reads::PublicLines {
        store::line::stream_public(tx, *flow_year)
    } else {
        store::line::stream_effective(tx, *flow_year)
    };
    feed.put(lines, |line| titles.put(line)).await
}

fn write_lines(
    (context, bodies): (Context, Vec<PublicBody>),
    (name, format): (ReportName, Format),
    folder: Option<&Path>,
    out: File,
    lines: Outlet<FiledLine>,
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
    lines.each(|line| report.line(line))?;
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
