//! `eapd migrate-engine`: an SQLite instance into PostgreSQL, and the proof that both hold the same.

use crate::service::journal;
use crate::service::upkeep::manifest::Content;
use crate::service::upkeep::{Result, UpkeepError, presence};
use crate::store::engine::is_sqlite;
use crate::store::{Db, StoreError, moving};

/// What was proven equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What both hold, counted on PostgreSQL.
    pub content: Content,
    /// Rows that were compared one by one.
    pub rows: u64,
}

/// Copies every table of `from` into the empty migrated database `to`, as its owner, and proves that both
/// hold the same. With `only_compare` nothing is copied.
///
/// # Errors
/// Refuses other engines and a place that is not empty, and names every table that differs.
pub async fn migrate(from: &str, to: &str, only_compare: bool, seen: impl Fn(&'static str)) -> Result<Proof> {
    if !is_sqlite(from) || is_sqlite(to) {
        let message = "--from attend une base sqlite:// et --to une base postgres://";
        return Err(UpkeepError::Refused(message.to_owned()));
    }
    // Comparing may be done at any time: it says what differs.
    let _not_served = if only_compare { None } else { Some(presence::not_served(from)?) };
    let (from, to) = (Db::open(from).await?, Db::open(to).await?);
    from.check_schema().await?;
    to.check_schema().await?;
    // One snapshot of the old instance, for the copy and for the proof.
    let mut old = from.snapshot().await?;
    let mut new = to.snapshot().await?;
    new.take_time().await?;
    let (before, there) = (Content::of(&mut old).await?, Content::of(&mut new).await?);
    if before.migration != there.migration {
        return Err(UpkeepError::Refused(format!(
            "les deux bases n’ont pas la même version ({} et {})\u{a0}: lancez «\u{a0}eapd migrate\u{a0}» sur chacune",
            before.migration, there.migration
        )));
    }
    if !only_compare {
        if !moving::is_empty(&mut new).await? {
            let message = "la base de --to n’est pas vide\u{a0}: donnez-en une neuve, créée par «\u{a0}eapd migrate\u{a0}»";
            return Err(UpkeepError::Refused(message.to_owned()));
        }
        drop(new);
        moving::fill(&mut old, &to, &seen).await.map_err(unmoved)?;
        new = to.snapshot().await?;
        new.take_time().await?;
    }
    let content = Content::of(&mut new).await?;
    let mut differences = before.differences(&content);
    let compared = moving::compare(&mut old, &to, &seen).await?;
    differences.extend(
        compared
            .iter()
            .filter(|table| table.from != table.to)
            .map(|table| format!("le contenu de la table {} diffère", table.table)),
    );
    if let Err(fault) = journal::verify_in(&mut new, &[]).await? {
        differences.push(fault.to_string());
    }
    drop((old, new));
    from.close().await;
    to.close().await;
    if differences.is_empty() {
        let rows = compared.iter().fold(0_u64, |sum, table| sum.saturating_add(table.to.rows));
        return Ok(Proof { content, rows });
    }
    Err(UpkeepError::Refused(format!("les deux bases diffèrent\u{a0}: {}", differences.join("\u{a0}; "))))
}

/// The tables belong to a role, which alone may turn their guards off.
fn unmoved(error: StoreError) -> UpkeepError {
    if error.is_denied() {
        return UpkeepError::Refused(
            "--to doit nommer le rôle qui possède les tables (celui de database.owner_url)".to_owned(),
        );
    }
    error.into()
}
