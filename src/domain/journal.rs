//! The journal (rule 13): a chain of entries, each covering the one before by its hash.

pub mod actions;
pub mod effect;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::instant::Instant;

/// An entry of the journal, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JournalEntry {
    /// Position in the chain, from 1.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Random id of the person who acted (rule 14).
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what: a SIREN and year, a campaign, a report.
    pub subject: String,
    /// State before, as JSON, where it matters.
    pub before: Option<String>,
    /// State after, as JSON.
    pub after: Option<String>,
    /// Hash of the entry before; empty for the first.
    pub previous: String,
    /// SHA-256 of everything above, hexadecimal.
    #[serde(skip)]
    pub hash: String,
}

/// The end of the chain: what a receipt, a report or a digest carries as an anchor.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct JournalHead {
    /// Number of entries.
    pub seq: i64,
    /// Hash of the last one; empty when there is none.
    pub hash: String,
}

/// The first entry that does not hold, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalFault {
    /// A number is missing or out of order.
    #[error("l’entrée {expected} manque\u{a0}: la suivante porte le numéro {found}")]
    Gap {
        /// Number that had to come.
        expected: i64,
        /// Number found.
        found: i64,
    },
    /// The entry was changed.
    #[error("l’entrée {0} a été modifiée\u{a0}: son empreinte ne correspond plus à son contenu")]
    Changed(i64),
    /// The entry does not follow the one before.
    #[error("l’entrée {0} ne suit pas la précédente")]
    Unchained(i64),
    /// An anchor says that the chain was longer or different.
    #[error(
        "l’ancre n°\u{a0}{seq} ne se retrouve pas dans le journal\u{a0}: la fin a été coupée ou réécrite"
    )]
    Anchor {
        /// Position that the anchor gives.
        seq: i64,
    },
    /// A receipt or a released report carries a head that the chain does not have.
    #[error(
        "l’empreinte portée par {0} ne se retrouve pas dans le journal\u{a0}: la fin a été coupée ou réécrite"
    )]
    Carried(String),
}

impl JournalEntry {
    /// The hash that the entry must carry: SHA-256 of its canonical JSON (RFC 8785).
    ///
    /// # Errors
    /// Never for entries of this type; the error of the serializer otherwise.
    pub fn compute_hash(&self) -> Result<String, serde_json::Error> {
        Ok(hex::encode(Sha256::digest(serde_json_canonicalizer::to_vec(self)?)))
    }
}

/// Checks that `entry` follows `head`.
///
/// # Errors
/// The fault, naming the entry.
pub fn verify_next(head: &JournalHead, entry: &JournalEntry) -> Result<JournalHead, JournalFault> {
    let expected = head.seq.saturating_add(1);
    if entry.seq != expected {
        return Err(JournalFault::Gap { expected, found: entry.seq });
    }
    if entry.previous != head.hash {
        return Err(JournalFault::Unchained(entry.seq));
    }
    match entry.compute_hash() {
        Ok(hash) if hash == entry.hash => Ok(JournalHead { seq: entry.seq, hash }),
        _ => Err(JournalFault::Changed(entry.seq)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seq: i64, previous: &str) -> JournalEntry {
        let mut entry = JournalEntry {
            seq,
            at: "2014-05-20T07:00:00Z".parse().unwrap(),
            actor: "A".to_owned(),
            action: "file".to_owned(),
            subject: "217500016/2013".to_owned(),
            before: None,
            after: Some("{}".to_owned()),
            previous: previous.to_owned(),
            hash: String::new(),
        };
        entry.hash = entry.compute_hash().unwrap();
        entry
    }

    #[test]
    fn finds_a_gap_a_change_and_a_rewritten_chain() {
        let start = JournalHead { seq: 0, hash: String::new() };
        let first = entry(1, "");
        let head = verify_next(&start, &first).unwrap();
        let second = entry(2, &head.hash);
        assert!(verify_next(&head, &second).is_ok());
        assert_eq!(verify_next(&start, &second), Err(JournalFault::Gap { expected: 1, found: 2 }));
        let mut changed = second.clone();
        changed.subject = "other".to_owned();
        assert_eq!(verify_next(&head, &changed), Err(JournalFault::Changed(2)));
        assert_eq!(verify_next(&head, &entry(2, "elsewhere")), Err(JournalFault::Unchained(2)));
    }
}
