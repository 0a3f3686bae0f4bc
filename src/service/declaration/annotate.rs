//! What is wrong with a file, led back to its rows and columns.

use std::collections::HashSet;
use std::io::{Seek, Write};

use crate::app::App;
use crate::domain::year::FlowYear;
use crate::imports::lines::{ANOMALIES, Examined};
use crate::imports::{CellError, Form};
use crate::reports::line_annotated::{self, Annotated, Remark, Severity};
use crate::service::Result;
use crate::service::declaration::preview::Preview;

/// Writes the file again, in its own form, with a column that says what is wrong with each row.
pub(super) fn annotate(
    app: &App,
    year: FlowYear,
    examined: &Examined,
    preview: &Preview,
    out: impl Write + Seek + Send,
) -> Result<()> {
    let table = &examined.table;
    let remark = |error: &CellError, severity| Remark {
        row: error.row,
        column: examined.place(&error.column),
        severity,
        label: if error.column.is_empty() { None } else { Some(error.column.clone()) },
        text: format!("{} {}", error.message, error.hint).trim().to_owned(),
    };
    let unusable: HashSet<(u32, &str)> =
        examined.problems.iter().map(|error| (error.row, error.column.as_str())).collect();
    let errors = preview.errors.cells.iter().map(|error| {
        let is_unusable = unusable.contains(&(error.row, error.column.as_str()));
        remark(error, if is_unusable { Severity::Unusable } else { Severity::Error })
    });
    let warnings = preview.warnings.iter().map(|error| remark(error, Severity::Warning));
    let mut remarks: Vec<Remark> = errors.chain(warnings).collect();
    remarks.sort_by_key(|remark| (remark.row, remark.severity));
    let annotated = Annotated {
        header_row: table.header_row,
        headers: table.headers.iter().map(|header| header.text.as_str()).collect(),
        fields: (0..table.headers.len()).map(|place| examined.field(place)).collect(),
        column: examined.place(ANOMALIES),
        title: ANOMALIES,
        rows: table.rows.iter().map(|row| (row.number, row.cells.as_slice())).collect(),
        remarks,
    };
    match table.form {
        Form::Csv => line_annotated::csv(&annotated, out)?,
        Form::Workbook => {
            let (at, temporary) = (app.now(), app.config.reports.temporary());
            line_annotated::xlsx(&annotated, (year, &app.codes), at, temporary.as_deref(), out)?;
        }
    }
    Ok(())
}
