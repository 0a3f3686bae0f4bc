//! A summary as a file, written on a thread of its own.

use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use crate::app::App;
use crate::domain::call::Call;
use crate::domain::role::Actor;
use crate::domain::summary::{Listed, Summary};
use crate::domain::year::FlowYear;
use crate::reports::summary::{self as report, Form};
use crate::reports::{Context, Format, ReportError, Written};
use crate::service::Result;
use crate::service::summary::{self, bodies};
use crate::store::Tx;

/// Writes the summary of a territory into `out`, with the eligibility of its bodies.
///
/// # Errors
/// As [`summary::of`]; and when it cannot be written.
pub async fn write(
    app: &App,
    actor: &Actor,
    (word, flow_year): (&str, FlowYear),
    format: Format,
    out: &File,
) -> Result<()> {
    let summary = summary::of(app, actor, word, flow_year).await?;
    let calls = bodies::calls(app, flow_year).await?;
    let found = bodies::of(app, actor, word, flow_year, calls).await?;
    let form = Form::now(&summary, format);
    written(app, summary, (found.calls, found.listed), form, out).await?;
    Ok(())
}

/// Writes the summary of the territory of a report into `out`: what was filed, without verdicts, which change with
/// the day.
pub(in crate::service) async fn report(
    app: &App,
    tx: &mut Tx<'_>,
    context: &Context,
    format: Format,
    out: &File,
) -> Result<Written> {
    let summary = summary::within(app, tx, context.scope.clone(), context.flow_year).await?;
    let listed = bodies::within(app, tx, &context.scope, context.flow_year).await?;
    let total_own = summary.total.own;
    context.check_sealed(context.filings.lines, total_own)?;
    let form = Form { format, status: context.status };
    let content_sha256 = written(app, summary, (vec![], listed), form, out).await?;
    Ok(Written { content_sha256, rows: context.filings.lines, total_own })
}

async fn written(
    app: &App,
    summary: Summary,
    (calls, listed): (Vec<Call>, Vec<Listed>),
    form: Form,
    out: &File,
) -> Result<Option<String>> {
    let out = out.try_clone().map_err(ReportError::from)?;
    let (codes, folder) = (Arc::clone(&app.codes), app.config.reports.temporary());
    let job = move || {
        report::write(&summary, (&calls, &listed), &codes, form, folder.as_deref(), BufWriter::new(out))
    };
    let written = tokio::task::spawn_blocking(job).await;
    Ok(written.unwrap_or_else(|error| Err(ReportError::Io(std::io::Error::other(error))))?)
}
