//! The open data of the lines (rule 15): public fields only, and the Table Schema that describes them.

use std::io::Write;

use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;
use crate::domain::line::Markers;
use crate::domain::spreadsheet::neutralise;
use crate::reports::resolved::Resolved;
use crate::reports::text::xml_text;
use crate::reports::{Context, LineReport, ReportError, Result, Written};

/// The natures whose organisation is never public: it would say who was helped.
const NEVER_NAMED: [&str; 2] = ["bourses", "refugies"];

/// The columns; those of SCDL Subventions bear its names.
pub const HEADERS: [&str; 32] = [
    "nomAttribuant",
    "idAttribuant",
    "exercice",
    "natureAttribuant",
    "departementAttribuant",
    "regionAttribuant",
    "objet",
    "codePays",
    "pays",
    "codeSecteur",
    "secteur",
    "codeCanal",
    "canal",
    "codeNatureDepense",
    "natureDepense",
    "codeTypeAide",
    "typeAide",
    "montant",
    "datesPeriodeVersement",
    "nomBeneficiaire",
    "idBeneficiaire",
    "dateDebut",
    "dateFin",
    "loi1pct",
    "marqueurGenre",
    "marqueurEnvironnement",
    "marqueurBiodiversite",
    "marqueurAttenuation",
    "marqueurAdaptation",
    "marqueurDesertification",
    "marqueurNutrition",
    "marqueurInclusion",
];
/// The last column: goals and targets separated by `|`.
const SDG: &str = "odd";

/// The CSV being written.
pub struct LinesCsv<W: Write> {
    context: Context,
    csv: csv::Writer<W>,
    rows: u64,
    total_own: Euros,
}

/// A CSV writer of the house: UTF-8 with its mark, semicolons, lines ended as RFC 4180 says.
pub(crate) fn csv_writer<W: Write>(mut out: W) -> Result<csv::Writer<W>> {
    out.write_all("\u{feff}".as_bytes())?;
    let terminator = csv::Terminator::CRLF;
    Ok(csv::WriterBuilder::new().delimiter(b';').terminator(terminator).from_writer(out))
}

/// A text as a cell: what XML forbids made visible, as in the other formats, and nothing a formula.
pub(crate) fn cell(text: &str) -> String {
    neutralise(&xml_text(text)).into_owned()
}

impl<W: Write + Send> LinesCsv<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(context: Context, out: W) -> Result<Self> {
        let mut csv = csv_writer(out)?;
        csv.write_record(HEADERS.iter().chain([&SDG]))?;
        Ok(Self { context, csv, rows: 0, total_own: Euros::ZERO })
    }
}

impl<W: Write + Send> LineReport for LinesCsv<W> {
    fn line(&mut self, line: &FiledLine) -> Result<()> {
        let Some(row) = Resolved::new(line, &self.context)? else { return Ok(()) };
        self.rows = self.rows.saturating_add(1);
        self.total_own = self.total_own.checked_add(row.own).ok_or(ReportError::OutOfRange)?;
        let line = row.line();
        let day = |day: Option<crate::domain::day::Day>| {
            day.map(super::super::domain::day::Day::to_iso).unwrap_or_default()
        };
        let is_named = !NEVER_NAMED.contains(&line.nature.as_str());
        let organisation = line.organisation.as_deref().filter(|_| is_named).unwrap_or_default();
        let organisation_siren = line.organisation_siren.filter(|_| is_named);
        let year = self.context.flow_year.to_string();
        let csv = &mut self.csv;
        csv.write_field(cell(&row.body.name).as_bytes())?;
        csv.write_field(row.filed.siren.as_str())?;
        csv.write_field(&year)?;
        csv.write_field(row.body.kind.code())?;
        csv.write_field(row.body.departement.as_deref().unwrap_or_default())?;
        csv.write_field(&row.body.region)?;
        csv.write_field(cell(&line.title).as_bytes())?;
        csv.write_field(line.recipient.as_str())?;
        csv.write_field(row.recipient_name())?;
        csv.write_field(line.purpose.as_str())?;
        csv.write_field(row.purpose_name())?;
        csv.write_field(line.channel.as_str())?;
        csv.write_field(row.channel_name())?;
        csv.write_field(line.nature.as_str())?;
        csv.write_field(row.nature_name())?;
        csv.write_field(line.aid_type.as_str())?;
        csv.write_field(row.aid_type_name())?;
        csv.write_field(row.own.to_plain())?;
        csv.write_field(day(line.paid_on))?;
        csv.write_field(cell(organisation).as_bytes())?;
        csv.write_field(organisation_siren.map(|siren| siren.to_string()).unwrap_or_default())?;
        csv.write_field(day(line.starts_on))?;
        csv.write_field(day(line.ends_on))?;
        csv.write_field(line.one_percent_law.map_or("", |law| law.code()))?;
        for field in Markers::FIELDS {
            csv.write_field(line.markers.get(field).map(|value| value.to_string()).unwrap_or_default())?;
        }
        csv.write_field(line.sdg.join("|"))?;
        Ok(csv.write_record(None::<&[u8]>)?)
    }

    fn finish(mut self: Box<Self>) -> Result<Written> {
        self.context.check_sealed(self.rows, self.total_own)?;
        self.csv.flush()?;
        Ok(Written { content_sha256: None, rows: self.rows, total_own: self.total_own })
    }
}
