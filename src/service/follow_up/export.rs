//! The list that a page shows, as a file.

use std::io::Cursor;

use crate::app::App;
use crate::domain::follow_up::{Filter, Order};
use crate::reports::ReportError;
use crate::reports::follow_up::{About, csv, xlsx};
use crate::service::follow_up::View;
use crate::service::{Result, ServiceError};

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A workbook.
    Xlsx,
    /// Values separated by semicolons.
    Csv,
}

/// Writes the bodies that a filter leaves, in an order.
pub async fn export(app: &App, view: View, filter: Filter, order: Order, form: Form) -> Result<Vec<u8>> {
    let app = app.clone();
    // A national list takes a while to write: on a thread of its own.
    let written = tokio::task::spawn_blocking(move || {
        let mut rows = filter.select(view.survey().rows(), view.year);
        order.sort(&mut rows, &app.codes);
        let about = About { year: view.year, at: view.at, codes: &app.codes };
        let mut out = Cursor::new(Vec::new());
        match form {
            Form::Csv => csv(&rows, about, &mut out)?,
            Form::Xlsx => xlsx(&rows, about, app.config.reports.temporary().as_deref(), &mut out)?,
        }
        Ok::<_, ReportError>(out.into_inner())
    });
    let written = written.await.map_err(|error| ServiceError::Report(std::io::Error::other(error).into()))?;
    Ok(written?)
}
