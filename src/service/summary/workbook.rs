//! The workbook of a summary, written on a thread of its own.

use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use crate::app::App;
use crate::domain::role::Actor;
use crate::domain::year::FlowYear;
use crate::reports::{ReportError, summary as report};
use crate::service::Result;
use crate::service::summary::{self, bodies};

/// Writes the workbook of a territory into `out`.
///
/// # Errors
/// As [`summary::of`]; and when it cannot be written.
pub async fn write(app: &App, actor: &Actor, word: &str, flow_year: FlowYear, out: &File) -> Result<()> {
    let summary = summary::of(app, actor, word, flow_year).await?;
    let calls = bodies::calls(app, flow_year).await?;
    let found = bodies::of(app, actor, word, flow_year, calls).await?;
    let out = out.try_clone().map_err(ReportError::from)?;
    let (codes, folder) = (Arc::clone(&app.codes), app.config.reports.temporary());
    let job = move || {
        let told = (found.calls.as_slice(), found.listed.as_slice());
        report::xlsx(&summary, told, &codes, folder.as_deref(), BufWriter::new(out))
    };
    let written = tokio::task::spawn_blocking(job).await;
    Ok(written.unwrap_or_else(|error| Err(ReportError::Io(std::io::Error::other(error))))?)
}
