//! Why a report could not be written.

use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

/// An error while writing a report; `Display` is French.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The file cannot be written.
    #[error("écriture impossible\u{a0}: {0}")]
    Io(#[from] std::io::Error),
    /// The workbook cannot be written.
    #[error("classeur impossible à écrire\u{a0}: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The CSV cannot be written.
    #[error("CSV impossible à écrire\u{a0}: {0}")]
    Csv(#[from] csv::Error),
    /// The document cannot be written, or would not be PDF/UA.
    #[error("document PDF impossible à écrire\u{a0}: {0}")]
    Pdf(String),
    /// A sum leaves the range of `NUMERIC(15,2)`.
    #[error("une somme dépasse 9\u{202f}999\u{202f}999\u{202f}999\u{202f}999,99\u{a0}€")]
    OutOfRange,
    /// A line of a body that the register does not know in that year.
    #[error("le SIREN {0} a déposé des lignes mais le registre ne le connaît pas pour cet exercice")]
    UnknownBody(Siren),
    /// A year has given all its identifiers.
    #[error(
        "l’exercice {0} n’a plus d’identifiant CRS à attribuer\u{a0}: publiez plutôt le rapport regroupé"
    )]
    Numbers(FlowYear),
    /// The lines do not add up to the filings that seal them.
    #[error(
        "les lignes ne correspondent pas aux versions déposées\u{a0}: {lines} ligne(s) et {sum} lues, {filed_lines} et {filed_sum} scellées"
    )]
    Unsealed {
        /// Lines read.
        lines: u64,
        /// Their own resources.
        sum: String,
        /// Lines that the filings seal.
        filed_lines: u64,
        /// Own resources that the filings seal.
        filed_sum: String,
    },
}
