//! What the ministry published on a year, beside what the service finds.

use crate::domain::codes::{CodeLists, Published, PublishedUnit};
use crate::domain::summary::Summary;
use crate::domain::summary::published::{Beside, beside};
use crate::service::summary::NATIONAL;
use crate::web::text;

/// A figure as it is shown.
pub(super) struct PublishedRow {
    pub name: String,
    pub note: Option<String>,
    pub published: String,
    pub ours: String,
    pub difference: String,
    pub source: String,
    /// The site of the source.
    pub site: String,
}

/// What was published on the year of a summary; nothing but of the nation.
pub(super) fn rows(summary: &Summary, codes: &CodeLists) -> Vec<PublishedRow> {
    if summary.word() == NATIONAL { beside(summary, codes).iter().map(row).collect() } else { vec![] }
}

fn row(beside: &Beside<'_>) -> PublishedRow {
    let published = beside.published;
    let absent = || "–".to_owned();
    PublishedRow {
        name: beside.name.clone(),
        note: published.note_fr.as_ref().map(ToString::to_string),
        published: shown(published.tenths, published),
        ours: beside.tenths.map_or_else(absent, |ours| shown(ours, published)),
        difference: beside.difference().map_or_else(absent, |difference| match difference {
            0 => "aucune".to_owned(),
            more @ 1.. => format!("+{}", shown(more, published)),
            less => shown(less, published),
        }),
        source: published.source.to_string(),
        site: site(&published.source),
    }
}

/// Tenths with as many decimals as were printed, and the unit; what is counted is named beside the figure.
fn shown(tenths: i64, published: &Published) -> String {
    let unit = match published.unit {
        PublishedUnit::Millions => "\u{a0}M€",
        PublishedUnit::Percents => "\u{a0}%",
        PublishedUnit::Count => "",
    };
    let (sign, size) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    let whole = text::thousands(size / 10);
    let part = if published.has_decimal { format!(",{}", size % 10) } else { String::new() };
    format!("{sign}{whole}{part}{unit}")
}

/// The host of an address, without what every one begins with.
fn site(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_scheme, rest)| rest);
    let host = rest.split('/').next().unwrap_or(rest);
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}
