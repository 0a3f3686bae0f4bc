//! Verifies what was released: the stored bytes, and the last edition written again (rule 12).

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::release::Release;
use crate::domain::year::FlowYear;
use crate::reports::{Format, ReportName, Status};
use crate::service::report::release::{artifact, last_edition};
use crate::service::report::source::Source;
use crate::service::report::{Progress, write};
use crate::service::{Result, ServiceError};
use crate::store;

/// What was found about a stored file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The stored bytes have their hash, and writing them again gives the same.
    Same,
    /// The stored bytes have their hash; a list of bodies to follow is not written again,
    /// since drafts and contacts live on.
    Intact,
    /// The stored bytes have their hash; a later edition replaces them.
    Replaced,
    /// The stored bytes have their hash; a version was filed since, and a new edition can be released.
    DataChanged,
    /// The stored bytes have their hash, but writing them again gives something else.
    Differs,
    /// The stored bytes do not have their hash.
    Damaged,
}

impl Finding {
    /// Whether something is wrong.
    #[must_use]
    pub const fn is_wrong(self) -> bool {
        matches!(self, Self::Differs | Self::Damaged)
    }

    /// The French sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Same => "conforme\u{a0}: le fichier recalculé est le même",
            Self::Intact => "intact\u{a0}; une liste de suivi n’est pas recalculée",
            Self::Replaced => "intact\u{a0}; remplacé par une édition suivante",
            Self::DataChanged => {
                "intact\u{a0}; une version a été déposée depuis, une nouvelle édition peut être publiée"
            }
            Self::Differs => {
                "intact, mais le fichier recalculé diffère\u{a0}: le registre, la liste des collectivités attendues, les titres publics, les tables de codes ou le programme ont changé"
            }
            Self::Damaged => "ALTÉRÉ\u{a0}: les octets stockés n’ont pas l’empreinte enregistrée",
        }
    }
}

/// A stored file and what was found about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The file.
    pub release: Release,
    /// The finding.
    pub finding: Finding,
}

/// Verifies every stored file of a report and flow year. XML and CSV are compared by
/// their bytes, workbooks and archives by what they say.
///
/// # Errors
/// When nothing was released, or a file cannot be written again.
pub async fn verify(
    app: &App,
    name: ReportName,
    flow_year: FlowYear,
    progress: Progress<'_>,
) -> Result<Vec<Checked>> {
    let mut source = Source::open(app, name, flow_year).await?;
    let stored = store::report::of_year(&mut source.tx, name.code(), flow_year).await?;
    if stored.is_empty() {
        let message = format!("«\u{a0}{name}\u{a0}» n’a pas d’édition pour l’exercice {flow_year}");
        return Err(ServiceError::refused(Because::UnknownReport, message));
    }
    let last = last_edition(&stored);
    let mut checked = Vec::new();
    for release in stored {
        let bytes = store::report::bytes(&mut source.tx, &release).await?.unwrap_or_default();
        let finding = if write::sha256(&bytes) != release.sha256 {
            Finding::Damaged
        } else if !last.contains(&release) {
            Finding::Replaced
        } else if name == ReportName::NonDeclarants {
            Finding::Intact
        } else if is_same(app, &mut source, name, &release, progress).await? {
            Finding::Same
        } else if source.filings.iter().any(|filing| filing.filed_at >= release.released_at) {
            Finding::DataChanged
        } else {
            Finding::Differs
        };
        checked.push(Checked { release, finding });
    }
    Ok(checked)
}

/// Whether the file, written again under its own edition and date, is the same.
async fn is_same(
    app: &App,
    source: &mut Source,
    name: ReportName,
    release: &Release,
    progress: Progress<'_>,
) -> Result<bool> {
    let Ok(format) = release.format.parse::<Format>() else { return Ok(false) };
    let status = Status::Edition { number: release.edition, released_at: release.released_at };
    let again = artifact(app, source, (name, format), status, progress).await?;
    Ok(again.says(&release.content_sha256))
}
