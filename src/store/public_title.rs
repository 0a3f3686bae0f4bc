//! The public titles put in place of those declared (rule 15): only ever added to, until the campaign is published.

use std::collections::HashMap;

use crate::domain::instant::Instant;
use crate::domain::publication::{PublicTitles, Replaced};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, Tx, execute, expect_rows, on};

/// Puts a title in place of the one that a line declares.
pub async fn put(
    tx: &mut Tx<'_>,
    (siren, year, reference): (Siren, FlowYear, &str),
    replaced: &Replaced,
    reason: &str,
    by: &str,
    at: Instant,
) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO public_title (flow_year, siren, reference, revision, declared_sha256, title, reason, \
         decided_by, decided_at) \
         SELECT CAST($1 AS INTEGER), CAST($2 AS TEXT), CAST($3 AS TEXT), 1 + COALESCE(MAX(revision), 0), \
         $4, $5, $6, $7, $8 FROM public_title WHERE flow_year = $1 AND siren = $2 AND reference = $3",
        year,
        siren,
        reference,
        replaced.declared_sha256.as_str(),
        replaced.title.as_str(),
        reason,
        by,
        at,
    )?;
    expect_rows("public_title", 1, touched)
}

/// When a public title of a flow year was last decided, if one was.
pub async fn last_decided(tx: &mut Tx<'_>, year: FlowYear) -> Result<Option<Instant>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT decided_at FROM public_title WHERE flow_year = $1 ORDER BY decided_at DESC LIMIT 1",
        )
        .bind(year)
        .fetch_optional(conn)
        .await
    })?)
}

/// The last decision about each line of a flow year.
pub async fn of_year(tx: &mut Tx<'_>, year: FlowYear) -> Result<PublicTitles> {
    let rows: Vec<(Siren, String, String, String)> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT t.siren, t.reference, t.declared_sha256, t.title FROM public_title t WHERE t.flow_year = $1 \
             AND t.revision = (SELECT MAX(l.revision) FROM public_title l WHERE l.flow_year = t.flow_year \
             AND l.siren = t.siren AND l.reference = t.reference)",
        )
        .bind(year)
        .fetch_all(conn)
        .await
    })?;
    let read = |(siren, reference, declared_sha256, title)| {
        ((siren, reference), Replaced { declared_sha256, title })
    };
    Ok(PublicTitles::new(rows.into_iter().map(read).collect::<HashMap<_, _>>()))
}
