//! How a report is written: workbooks, XML and CSV, from what was filed.
//!
//! No SQL and no clock here. A report is begun with a [`Context`], is given every
//! effective line in turn, and is finished into any seekable writer: memory does
//! not grow with the number of lines. The same context and the same lines give
//! the same bytes (rule 12).
//!
//! | file | what it holds |
//! |---|---|
//! | [`catalogue`] | the reports, their formats, who may have them |
//! | [`context`] | what a report is given besides its lines |
//! | [`resolved`] | a line with the names of its codes |
//! | [`summary`] | the workbook of a region or of the nation |
//! | [`tresor`] | the DG Trésor workbook and its XML |
//! | [`lines`] | the open data of the lines |
//! | [`follow_up`] | the list of expected bodies that a page shows |
//! | [`non_declarants`] | the expected bodies that have not filed |
//! | [`aggregates`] | totals of the CRS++ lines for the OECD |
//! | [`crs`] | the CRS++ lines, one by one or grouped |
//! | [`sdmx`] | the CRS++ lines summed as SDMX |
//! | [`iati`] | activities and organisation, IATI 2.03 |
//! | [`open_data`] | everything public of a year, as a Data Package |
//! | [`line_export`] | lines in the headers of the import |
//! | [`line_template`] | the file to start an import from |
//! | [`line_annotated`] | a file of lines given back with what is wrong |
//! | [`xlsx`] | workbooks with constant memory and a digest of their content |
//! | [`ods`] | the same sheets as an OpenDocument |
//! | [`pdf`] | tagged documents: headings, paragraphs, tables of facts |
//! | [`receipt`] | the receipt as a document |
//! | [`journal`] | entries of the journal |
//! | [`table`] | small tables of text in several formats |
//! | [`text`] | the border where texts become XML |
//! | [`xml`] | XML, element by element |

pub mod aggregates;
pub mod catalogue;
pub mod certificate;
pub mod context;
pub mod crs;
pub mod error;
pub mod follow_up;
pub mod iati;
pub mod journal;
pub mod line_annotated;
pub mod line_export;
pub mod line_template;
pub mod lines;
pub mod non_declarants;
pub mod ods;
pub mod open_data;
pub mod pdf;
pub mod quality;
pub mod receipt;
pub mod resolved;
pub mod sdmx;
pub mod summary;
pub mod table;
pub mod text;
pub mod tresor;
pub mod xlsx;
pub mod xml;

pub use catalogue::{Format, Reads, ReportName};
pub use context::{Bodies, Context, FilingCounts, Status, Unit};
pub use error::ReportError;

use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;

/// The result of writing.
pub type Result<T> = std::result::Result<T, ReportError>;

/// What a report says of itself once it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// SHA-256 of what the workbook or the archive of an edition says, hexadecimal; none of other formats, which say their bytes.
    pub content_sha256: Option<String>,
    /// Lines, or bodies for a list of them.
    pub rows: u64,
    /// Own resources of the lines, exact.
    pub total_own: Euros,
}

/// A report that takes the effective lines of a flow year, by SIREN and position.
pub trait LineReport: Send {
    /// Takes one line; those outside the scope are passed over.
    ///
    /// # Errors
    /// When it cannot be written, or contradicts the context.
    fn line(&mut self, line: &FiledLine) -> Result<()>;

    /// Writes what follows from all lines and ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(self: Box<Self>) -> Result<Written>;
}
