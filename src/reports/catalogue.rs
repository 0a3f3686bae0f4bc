//! The reports, their formats, and who may have them.

use std::fmt;
use std::str::FromStr;

use crate::reports::Unit;

/// A report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportName {
    /// The table of DG Trésor, with its lines and controls.
    Tresor,
    /// The open data of the lines.
    Lines,
    /// The expected bodies that have not filed.
    NonDeclarants,
    /// What the ministry asks about before it sends the figures on.
    Quality,
    /// The payments as IATI activities.
    IatiActivities,
    /// What was paid in the year as IATI tells it of an organisation.
    IatiOrganisation,
    /// The CRS++ lines, one a payment.
    Crs,
    /// The CRS++ lines, payments of one kind together.
    CrsGroups,
    /// Totals of the CRS++ lines by type of aid and by recipient.
    Aggregates,
    /// The CRS++ lines summed on the dimensions that the OECD publishes on.
    Sdmx,
    /// Everything that is public of a year, with what describes it.
    OpenData,
    /// What the whole country paid: key figures, cuts, who paid most, each body.
    NationalSummary,
    /// The same of one region.
    RegionalSummary,
}

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A workbook.
    Xlsx,
    /// XML against the schema of the report.
    Xml,
    /// Comma-separated values, with semicolons.
    Csv,
    /// An archive of several files.
    Zip,
    /// An OpenDocument spreadsheet.
    Ods,
}

/// A text that names no report, or no format of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{text}\u{a0}» n’est pas {what}\u{a0}: {allowed}")]
pub struct NameError {
    text: String,
    what: &'static str,
    allowed: String,
}

impl ReportName {
    /// Every report.
    pub const ALL: [Self; 13] = [
        Self::Tresor,
        Self::Lines,
        Self::NonDeclarants,
        Self::Quality,
        Self::IatiActivities,
        Self::IatiOrganisation,
        Self::Crs,
        Self::CrsGroups,
        Self::Aggregates,
        Self::Sdmx,
        Self::OpenData,
        Self::NationalSummary,
        Self::RegionalSummary,
    ];

    /// The word of the command line, of the API and of `reports/`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Tresor => "tresor",
            Self::Lines => "lignes",
            Self::NonDeclarants => "non-declarants",
            Self::Quality => "qualite",
            Self::IatiActivities => "iati-activites",
            Self::IatiOrganisation => "iati-organisation",
            Self::Crs => "ocde-crs",
            Self::CrsGroups => "ocde-crs-regroupe",
            Self::Aggregates => "ocde-agregats",
            Self::Sdmx => "ocde-sdmx",
            Self::OpenData => "donnees-ouvertes",
            Self::NationalSummary => "synthese-nationale",
            Self::RegionalSummary => "synthese-regionale",
        }
    }

    /// The French title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tresor => "Tableau de la DG Trésor, lignes et contrôles",
            Self::Lines => "Lignes de versement, données ouvertes",
            Self::NonDeclarants => "Collectivités attendues qui n’ont pas déclaré",
            Self::Quality => "Qualité des déclarations, points à regarder",
            Self::IatiActivities => "IATI 2.03, activités",
            Self::IatiOrganisation => "IATI 2.03, organisation",
            Self::Crs => "OCDE, notification CRS++ ligne à ligne",
            Self::CrsGroups => "OCDE, notification CRS++ regroupée",
            Self::Aggregates => "OCDE, agrégats par type d’aide et par bénéficiaire",
            Self::Sdmx => "OCDE, agrégats SDMX sur les dimensions du SNPC",
            Self::OpenData => "Données ouvertes de l’exercice, Data Package",
            Self::NationalSummary => "Synthèse nationale",
            Self::RegionalSummary => "Synthèse d’une région",
        }
    }

    /// The formats it is written in.
    #[must_use]
    pub const fn formats(self) -> &'static [Format] {
        match self {
            Self::Tresor => &[Format::Xlsx, Format::Xml],
            Self::Lines
            | Self::NonDeclarants
            | Self::Quality
            | Self::Crs
            | Self::CrsGroups
            | Self::Aggregates => &[Format::Xlsx, Format::Csv],
            Self::Sdmx => &[Format::Csv, Format::Xml],
            Self::IatiActivities | Self::IatiOrganisation => &[Format::Xml],
            Self::OpenData => &[Format::Zip],
            Self::NationalSummary | Self::RegionalSummary => &[Format::Xlsx, Format::Ods],
        }
    }

    /// Whether anyone may have it once the campaign is published (rule 15).
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Lines | Self::OpenData)
    }

    /// Whether editions of it are stored: an edition is national (rule 12).
    #[must_use]
    pub const fn is_released(self) -> bool {
        !matches!(self, Self::RegionalSummary)
    }

    /// Whether its tables have a unit to choose.
    #[must_use]
    pub const fn has_unit(self) -> bool {
        matches!(self, Self::Tresor | Self::Crs | Self::CrsGroups | Self::Aggregates)
    }

    /// The unit of its editions, and of what is produced where none is chosen.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Crs | Self::CrsGroups | Self::Aggregates | Self::Sdmx => Unit::Euro,
            _ => Unit::Thousand,
        }
    }

    /// Whether it holds no more of a line than anyone may read (rule 15): the rest does not leave the database for it.
    #[must_use]
    pub const fn reads_public_fields(self) -> bool {
        matches!(self, Self::Lines | Self::IatiActivities | Self::IatiOrganisation | Self::OpenData)
    }

    /// What is to be known before it is handed on, if anything.
    #[must_use]
    pub const fn caution(self) -> Option<&'static str> {
        match self {
            Self::IatiActivities | Self::IatiOrganisation => Some(
                "Ne le publiez pas au registre de l’IATI sans l’accord de la DG Trésor\u{a0}: elle y déclare déjà \
                 l’aide de la France, et les mêmes versements seraient comptés deux fois.",
            ),
            Self::Crs | Self::CrsGroups => Some(
                "Envoyez à la DG Trésor soit le rapport ligne à ligne, soit le rapport regroupé, jamais les deux\u{a0}: \
                 les mêmes versements seraient comptés deux fois.",
            ),
            Self::Tresor
            | Self::Lines
            | Self::NonDeclarants
            | Self::Quality
            | Self::Aggregates
            | Self::Sdmx
            | Self::OpenData
            | Self::NationalSummary
            | Self::RegionalSummary => None,
        }
    }

    /// The schema of the machine format, as it is published beside the file.
    #[must_use]
    pub const fn schema(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Tresor => Some(("tresor-1.0.xsd", include_str!("../../reports/tresor/tresor-1.0.xsd"))),
            Self::Lines => Some(("schema.json", include_str!("../../reports/lignes/schema.json"))),
            Self::NonDeclarants => {
                Some(("schema.json", include_str!("../../reports/non-declarants/schema.json")))
            }
            Self::Quality => Some(("schema.json", include_str!("../../reports/qualite/schema.json"))),
            Self::IatiActivities => Some((
                "iati-activites-1.0.xsd",
                include_str!("../../reports/iati-activites/iati-activites-1.0.xsd"),
            )),
            Self::IatiOrganisation => Some((
                "iati-organisation-1.0.xsd",
                include_str!("../../reports/iati-organisation/iati-organisation-1.0.xsd"),
            )),
            Self::Crs | Self::CrsGroups => {
                Some(("items.csv", include_str!("../../reports/ocde-crs/items.csv")))
            }
            Self::Aggregates => {
                Some(("schema.json", include_str!("../../reports/ocde-agregats/schema.json")))
            }
            // SDMX has the standard's own, of several files; each table of the open data has one, in its descriptor;
            // summaries are read by people.
            Self::Sdmx | Self::OpenData | Self::NationalSummary | Self::RegionalSummary => None,
        }
    }
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Xlsx, Self::Xml, Self::Csv, Self::Zip, Self::Ods];

    /// The word, which is the extension too.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xml => "xml",
            Self::Csv => "csv",
            Self::Zip => "zip",
            Self::Ods => "ods",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xml => "application/xml",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Zip => "application/zip",
            Self::Ods => crate::reports::ods::MEDIA_TYPE,
        }
    }
}

impl fmt::Display for ReportName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

fn unknown(text: &str, what: &'static str, allowed: &[&str]) -> NameError {
    NameError { text: crate::domain::text::excerpt(text, 40), what, allowed: allowed.join(", ") }
}

impl FromStr for ReportName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let found = Self::ALL.into_iter().find(|name| name.code() == text);
        found.ok_or_else(|| unknown(text, "un rapport", &Self::ALL.map(Self::code)))
    }
}

impl FromStr for Format {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let found = Self::ALL.into_iter().find(|format| format.code() == text);
        found.ok_or_else(|| unknown(text, "un format", &Self::ALL.map(Self::code)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for name in ReportName::ALL {
            assert_eq!(name.code().parse(), Ok(name));
        }
        let error = "tresors".parse::<ReportName>().unwrap_err().to_string();
        assert!(error.ends_with("donnees-ouvertes, synthese-nationale, synthese-regionale"), "{error}");
    }
}
