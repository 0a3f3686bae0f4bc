//! A line with its place in the published breakdowns.

use std::ops::Deref;

use crate::domain::codes::{CollectivityCategory, TresorColumn};
use crate::domain::declaration::FiledLine;
use crate::reports::resolved::Resolved;
use crate::reports::{Context, Result};

/// A line, and where the Trésor report counts it.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    line: Resolved<'a>,
    /// The published category of the body.
    pub category: Option<&'a CollectivityCategory>,
    /// Column of the table; none for a line without own resources, which is left out of it (rule 6).
    pub column: Option<&'a TresorColumn>,
}

impl<'a> Counted<'a> {
    /// Resolves a line; `None` outside the scope of the report.
    ///
    /// # Errors
    /// [`crate::reports::ReportError::UnknownBody`] where the register has no such body.
    pub fn new(filed: &'a FiledLine, context: &'a Context) -> Result<Option<Self>> {
        let codes = &*context.codes;
        let Some(line) = Resolved::new(filed, context)? else { return Ok(None) };
        let filed = line.line();
        let column =
            || codes.tresor_column(filed.aid_type.as_str(), filed.purpose.as_str(), filed.channel.as_str());
        Ok(Some(Self {
            category: codes.category(line.body.kind.code(), line.body.population),
            column: if line.own.is_zero() { None } else { column() },
            line,
        }))
    }
}

impl<'a> Deref for Counted<'a> {
    type Target = Resolved<'a>;

    fn deref(&self) -> &Resolved<'a> {
        &self.line
    }
}
