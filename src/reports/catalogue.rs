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

/// What a report is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// The effective lines.
    Lines,
    /// What anyone may read of them (rule 15): the rest does not leave the database for it.
    PublicLines,
    /// The effective lines with what is on record of them in the CRS (ADR 18).
    CrsLines,
    /// The expected bodies.
    Expected,
    /// What there is to look at.
    Findings,
    /// Sums of a territory.
    Sums,
}

/// What is to be known of a report.
struct Entry {
    code: &'static str,
    title: &'static str,
    formats: &'static [Format],
    reads: Reads,
    is_public: bool,
    is_released: bool,
    has_unit: bool,
    unit: Unit,
    caution: Option<&'static str>,
    schema: Option<(&'static str, &'static str)>,
}

impl Entry {
    /// What holds of a report that says nothing else.
    const USUAL: Self = Self {
        code: "",
        title: "",
        formats: &[],
        reads: Reads::Lines,
        is_public: false,
        is_released: true,
        has_unit: false,
        unit: Unit::Thousand,
        caution: None,
        schema: None,
    };
}

/// Of reports on the same payments that DG Trésor publishes elsewhere.
const AGREEMENT: &str = "Ne le publiez pas au registre de l’IATI sans l’accord de la DG Trésor\u{a0}: elle y déclare déjà \
                         l’aide de la France, et les mêmes versements seraient comptés deux fois.";
/// Of two reports that tell the same payments.
const ONE_OF_TWO: &str = "Envoyez à la DG Trésor soit le rapport ligne à ligne, soit le rapport regroupé, jamais les deux\u{a0}: \
                          les mêmes versements seraient comptés deux fois.";

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

    /// What is to be known of it.
    #[expect(clippy::too_many_lines, reason = "a table, a row a report")]
    const fn entry(self) -> &'static Entry {
        match self {
            Self::Tresor => &Entry {
                code: "tresor",
                title: "Tableau de la DG Trésor, lignes et contrôles",
                formats: &[Format::Xlsx, Format::Xml],
                reads: Reads::Lines,
                has_unit: true,
                schema: Some(("tresor-1.0.xsd", include_str!("../../reports/tresor/tresor-1.0.xsd"))),
                ..Entry::USUAL
            },
            Self::Lines => &Entry {
                code: "lignes",
                title: "Lignes de versement, données ouvertes",
                formats: &[Format::Xlsx, Format::Csv],
                reads: Reads::PublicLines,
                is_public: true,
                schema: Some(("schema.json", include_str!("../../reports/lignes/schema.json"))),
                ..Entry::USUAL
            },
            Self::NonDeclarants => &Entry {
                code: "non-declarants",
                title: "Collectivités attendues qui n’ont pas déclaré",
                formats: &[Format::Xlsx, Format::Csv],
                reads: Reads::Expected,
                schema: Some(("schema.json", include_str!("../../reports/non-declarants/schema.json"))),
                ..Entry::USUAL
            },
            Self::Quality => &Entry {
                code: "qualite",
                title: "Qualité des déclarations, points à regarder",
                formats: &[Format::Xlsx, Format::Csv],
                reads: Reads::Findings,
                schema: Some(("schema.json", include_str!("../../reports/qualite/schema.json"))),
                ..Entry::USUAL
            },
            Self::IatiActivities => &Entry {
                code: "iati-activites",
                title: "IATI 2.03, activités",
                formats: &[Format::Xml],
                reads: Reads::PublicLines,
                caution: Some(AGREEMENT),
                schema: Some((
                    "iati-activites-1.0.xsd",
                    include_str!("../../reports/iati-activites/iati-activites-1.0.xsd"),
                )),
                ..Entry::USUAL
            },
            Self::IatiOrganisation => &Entry {
                code: "iati-organisation",
                title: "IATI 2.03, organisation",
                formats: &[Format::Xml],
                reads: Reads::PublicLines,
                caution: Some(AGREEMENT),
                schema: Some((
                    "iati-organisation-1.0.xsd",
                    include_str!("../../reports/iati-organisation/iati-organisation-1.0.xsd"),
                )),
                ..Entry::USUAL
            },
            Self::Crs => &Entry {
                code: "ocde-crs",
                title: "OCDE, notification CRS++ ligne à ligne",
                formats: &[Format::Xlsx, Format::Csv],
                reads: Reads::CrsLines,
                unit: Unit::Euro,
                has_unit: true,
                caution: Some(ONE_OF_TWO),
                schema: Some(("items.csv", include_str!("../../reports/ocde-crs/items.csv"))),
                ..Entry::USUAL
            },
            Self::CrsGroups => &Entry {
                code: "ocde-crs-regroupe",
                title: "OCDE, notification CRS++ regroupée",
                formats: &[Format::Xlsx, Format::Csv],
                reads: Reads::CrsLines,
                unit: Unit::Euro,
                has_unit: true,
                caution: Some(ONE_OF_TWO),
                schema: Some(("items.csv", include_str!("../../reports/ocde-crs/items.csv"))),
                ..Entry::USUAL
            },
            Self::Aggregates => &Entry {
                code: "ocde-agregats",
                title: "OCDE, agrégats par type d’aide et par bénéficiaire",
                formats: &[Format::Xlsx, Format::Csv],
                reads: Reads::CrsLines,
                unit: Unit::Euro,
                has_unit: true,
                schema: Some(("schema.json", include_str!("../../reports/ocde-agregats/schema.json"))),
                ..Entry::USUAL
            },
            // SDMX has the standard's own schemas, of several files.
            Self::Sdmx => &Entry {
                code: "ocde-sdmx",
                title: "OCDE, agrégats SDMX sur les dimensions du SNPC",
                formats: &[Format::Csv, Format::Xml],
                reads: Reads::CrsLines,
                unit: Unit::Euro,
                ..Entry::USUAL
            },
            // Each table has a schema, in the descriptor.
            Self::OpenData => &Entry {
                code: "donnees-ouvertes",
                title: "Données ouvertes de l’exercice, Data Package",
                formats: &[Format::Zip],
                reads: Reads::PublicLines,
                is_public: true,
                ..Entry::USUAL
            },
            Self::NationalSummary => &Entry {
                code: "synthese-nationale",
                title: "Synthèse nationale",
                formats: &[Format::Xlsx, Format::Ods],
                reads: Reads::Sums,
                ..Entry::USUAL
            },
            Self::RegionalSummary => &Entry {
                code: "synthese-regionale",
                title: "Synthèse d’une région",
                formats: &[Format::Xlsx, Format::Ods],
                reads: Reads::Sums,
                is_released: false,
                ..Entry::USUAL
            },
        }
    }

    /// The word of the command line, of the API and of `reports/`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.entry().code
    }

    /// The French title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.entry().title
    }

    /// The formats it is written in.
    #[must_use]
    pub const fn formats(self) -> &'static [Format] {
        self.entry().formats
    }

    /// What it is made from.
    #[must_use]
    pub const fn reads(self) -> Reads {
        self.entry().reads
    }

    /// Whether anyone may have it once the campaign is published (rule 15).
    #[must_use]
    pub const fn is_public(self) -> bool {
        self.entry().is_public
    }

    /// Whether editions of it are stored: an edition is national (rule 12).
    #[must_use]
    pub const fn is_released(self) -> bool {
        self.entry().is_released
    }

    /// Whether its tables have a unit to choose.
    #[must_use]
    pub const fn has_unit(self) -> bool {
        self.entry().has_unit
    }

    /// The unit of its editions, and of what is produced where none is chosen.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.entry().unit
    }

    /// What is to be known before it is handed on, if anything.
    #[must_use]
    pub const fn caution(self) -> Option<&'static str> {
        self.entry().caution
    }

    /// The schema of the machine format, as it is published beside the file.
    #[must_use]
    pub const fn schema(self) -> Option<(&'static str, &'static str)> {
        self.entry().schema
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
