//! The open data: the files of the published years, and what is to be known to use them.

use askama::Template;
use axum::extract::State;

use crate::app::App;
use crate::service::report::{self, LICENCE_ADDRESS, LICENCE_NAME, PublicFile, PublicYear, ReportName};
use crate::web::layout::{Frame, Layout};
use crate::web::text;

use super::{Answer, page};

#[derive(Template)]
#[template(path = "open_data.html")]
struct OpenData {
    layout: Layout,
    licence: &'static str,
    licence_address: &'static str,
    years: Vec<Year>,
}

/// A published year.
struct Year {
    of: String,
    published: String,
    files: Vec<File>,
    /// What has no edition yet, made when it is asked for.
    made: Vec<Made>,
}

/// A file of an edition.
struct File {
    title: &'static str,
    format: String,
    edition: u32,
    is_last: bool,
    released: String,
    size: String,
    lines: String,
    sha256: String,
    address: String,
}

/// A file that is made when it is asked for.
struct Made {
    title: &'static str,
    format: &'static str,
    address: String,
}

/// Answers `/donnees-ouvertes`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame) -> Answer {
    let years = report::published(&app).await?;
    page(&OpenData {
        layout: frame.titled("Données ouvertes"),
        licence: LICENCE_NAME,
        licence_address: LICENCE_ADDRESS,
        years: years.into_iter().map(Year::of).collect(),
    })
}

impl Year {
    fn of(of: PublicYear) -> Self {
        let year = of.flow_year;
        let reports = ReportName::ALL.into_iter().filter(|name| name.is_public());
        let missing = reports.filter(|name| !of.files.iter().any(|file| file.name == *name));
        let made = missing.flat_map(|name| {
            name.formats().iter().map(move |format| Made {
                title: name.title(),
                format: format.code(),
                address: format!("/api/v1/rapports/{name}/{year}/{format}"),
            })
        });
        Self {
            of: year.to_string(),
            published: text::long_day(of.published_at.day_in_paris()),
            made: made.collect(),
            files: of.files.into_iter().map(File::of).collect(),
        }
    }
}

impl File {
    fn of(PublicFile { release, name, bytes, is_last }: PublicFile) -> Self {
        let (year, edition) = (release.flow_year, release.edition);
        Self {
            title: name.title(),
            edition,
            is_last,
            released: text::long_day(release.released_at.day_in_paris()),
            size: text::size(bytes),
            lines: text::thousands(release.line_count),
            sha256: release.sha256,
            address: format!("/api/v1/rapports/{name}/{year}/{}?edition={edition}", release.format),
            format: release.format,
        }
    }
}
