//! Verifies the journal from end to end (rule 13).

use futures_util::TryStreamExt;

use crate::app::App;
use crate::domain::journal::{JournalFault, JournalHead, verify_next};
use crate::service::Result;
use crate::store::{self, Tx};

/// A head of the journal known from elsewhere: a receipt, a released report, a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Number of entries at that time.
    pub seq: i64,
    /// Hash of the last one.
    pub hash: String,
}

/// Reads the whole chain, then looks for each anchor and for the head that each receipt carries.
pub async fn verify(app: &App, anchors: &[Anchor]) -> Result<std::result::Result<JournalHead, JournalFault>> {
    verify_in(&mut app.db.snapshot().await?, anchors).await
}

/// The same, on a snapshot of any database: one that was restored, or brought over from the other engine.
pub async fn verify_in(
    tx: &mut Tx<'_>,
    anchors: &[Anchor],
) -> Result<std::result::Result<JournalHead, JournalFault>> {
    let mut missing: Vec<&Anchor> = anchors.iter().collect();
    let mut heads = store::journal::carried_heads(tx).await?;
    let mut head = JournalHead { seq: 0, hash: String::new() };
    {
        let mut entries = store::journal::stream(tx);
        while let Some(entry) = entries.try_next().await? {
            head = match verify_next(&head, &entry) {
                Ok(head) => head,
                Err(fault) => return Ok(Err(fault)),
            };
            missing.retain(|anchor| anchor.seq != head.seq || anchor.hash != head.hash);
            heads.remove(&head.hash);
        }
    }
    if let Some(anchor) = missing.first() {
        return Ok(Err(JournalFault::Anchor { seq: anchor.seq }));
    }
    if let Some(carrier) = heads.into_values().next() {
        return Ok(Err(JournalFault::Carried(carrier)));
    }
    Ok(Ok(head))
}
