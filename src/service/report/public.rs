//! What anyone may download (rule 15): the editions of public reports, of published years.

use std::collections::HashMap;

use crate::app::App;
use crate::domain::instant::Instant;
use crate::domain::release::Release;
use crate::domain::year::FlowYear;
use crate::reports::ReportName;
use crate::service::Result;
use crate::store;

/// A published year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicYear {
    /// Of which payments.
    pub flow_year: FlowYear,
    /// When its campaign was published.
    pub published_at: Instant,
    /// The stored files: by report, the last edition first.
    pub files: Vec<PublicFile>,
}

/// A stored file that anyone may download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicFile {
    /// The file.
    pub release: Release,
    /// Of which report.
    pub name: ReportName,
    /// Its length in bytes.
    pub bytes: u64,
    /// Whether no later edition replaces it.
    pub is_last: bool,
}

/// Whether an edition shows the public titles as they are now: one from before the last decision may tell what was
/// replaced so that it would not be public.
pub(super) fn has_last_titles(release: &Release, decided: Option<Instant>) -> bool {
    decided.is_none_or(|decided| decided < release.released_at)
}

/// The published years with their files, the last one first.
pub async fn published(app: &App) -> Result<Vec<PublicYear>> {
    let (mut tx, _origin) = app.replica.snapshot(&app.db).await?;
    let campaigns = store::campaign::all(&mut tx).await?;
    let releases = store::report::all(&mut tx).await?;
    let sizes = store::report::sizes(&mut tx).await?;
    let sizes: HashMap<_, _> = sizes
        .into_iter()
        .map(|(name, year, format, edition, bytes)| ((name, year, format, edition), bytes))
        .collect();
    let mut years = vec![];
    for campaign in campaigns.iter().rev().filter(|campaign| campaign.cancelled_at.is_none()) {
        let Some(published_at) = campaign.published_at else { continue };
        let flow_year = campaign.year.flow_year();
        let decided = store::public_title::last_decided(&mut tx, flow_year).await?;
        let mut files = vec![];
        for name in ReportName::ALL.into_iter().filter(|name| name.is_public()) {
            let own = releases.iter().rev().filter(|release| {
                release.name == name.code()
                    && release.flow_year == flow_year
                    && has_last_titles(release, decided)
            });
            let last = own.clone().map(|release| release.edition).max();
            files.extend(own.map(|release| {
                let edition = i32::try_from(release.edition).unwrap_or_default();
                let key = (release.name.clone(), flow_year, release.format.clone(), edition);
                let bytes = sizes.get(&key).copied().unwrap_or_default();
                PublicFile {
                    release: release.clone(),
                    name,
                    bytes: u64::try_from(bytes).unwrap_or_default(),
                    is_last: Some(release.edition) == last,
                }
            }));
        }
        years.push(PublicYear { flow_year, published_at, files });
    }
    Ok(years)
}
