//! Lines in the headers of the import (rule 8): what was filed last, or the draft's lines where nothing was.

use std::io::{Seek, Write};

use crate::app::App;
use crate::domain::line::Line;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::reports::{line_export, line_template};
use crate::service::Result;
use crate::service::declaration::read;

/// The forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Semicolons, decimal commas.
    Csv,
    /// The sheet « Lignes », with help and codes beside it.
    Xlsx,
}

/// Writes the lines of the version that counts and gives their number.
pub async fn export(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    form: Form,
    out: impl Write + Seek + Send,
) -> Result<usize> {
    export_version(app, actor, (siren, year), None, form, out).await
}

/// [`export()`] of one version, by its number.
pub async fn export_version(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    version: Option<u32>,
    form: Form,
    out: impl Write + Seek + Send,
) -> Result<usize> {
    let version = match version {
        None => read::effective(app, actor, siren, year).await?,
        Some(number) => read::version(app, actor, (siren, year), number).await?,
    };
    let lines: Vec<&Line> = version.lines.iter().map(|filed| &filed.line).collect();
    let count = lines.len();
    match form {
        Form::Csv => line_export::csv(lines, out)?,
        Form::Xlsx => {
            let (at, temporary) = (version.filing.filed_at, app.config.reports.temporary());
            line_export::xlsx(lines, year, at, &app.codes, temporary.as_deref(), out)?;
        }
    }
    Ok(count)
}

/// Writes the file to start an import from: the headers and, in a workbook, the codes of the flow year.
pub fn template(app: &App, year: FlowYear, form: Form, out: impl Write + Seek + Send) -> Result<()> {
    match form {
        Form::Csv => line_template::csv(out)?,
        Form::Xlsx => {
            let temporary = app.config.reports.temporary();
            line_template::xlsx((year, &app.codes), app.now(), temporary.as_deref(), out)?;
        }
    }
    Ok(())
}
