//! The digest of what a sheet says: each cell, and where.

use sha2::digest::Output;
use sha2::{Digest, Sha256};

use crate::domain::figures::Figures;
use crate::reports::xlsx::cell::Cell;

/// Bytes that the digest takes at once.
const TOLD_AT_ONCE: usize = 1 << 14;

/// What a sheet said so far.
pub(super) struct Said {
    digest: Sha256,
    // What the digest takes next: many small pieces cost more than one large one.
    told: Vec<u8>,
}

impl Said {
    /// A sheet of this name, which says nothing yet.
    pub(super) fn new(name: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(name.as_bytes());
        Self { digest, told: Vec::with_capacity(TOLD_AT_ONCE) }
    }

    /// The SHA-256 of all that was said.
    pub(super) fn end(mut self) -> Output<Sha256> {
        self.digest.update(&self.told);
        self.digest.finalize()
    }

    /// Adds what the cell says, and where, to the digest; looks do not count.
    pub(super) fn note(&mut self, row: u32, column: u16, cell: Cell<'_>) {
        let mut feed = |kind: u8, what: &[u8]| {
            let [r0, r1, r2, r3] = row.to_be_bytes();
            let [c0, c1] = column.to_be_bytes();
            let [l0, l1, l2, l3, l4, l5, l6, l7] = what.len().to_be_bytes();
            let head = [r0, r1, r2, r3, c0, c1, kind, l0, l1, l2, l3, l4, l5, l6, l7];
            self.told.extend_from_slice(&head);
            self.told.extend_from_slice(what);
        };
        match cell {
            Cell::Blank | Cell::Text("") => {}
            Cell::Text(text) => feed(b't', text.as_bytes()),
            Cell::Number(text) => feed(b'n', text.as_bytes()),
            Cell::Whole(value) => feed(b'n', whole(value).as_str().as_bytes()),
            Cell::Euros(amount) => feed(b'n', amount.plain().as_str().as_bytes()),
            Cell::Day(day) => feed(b'd', day.iso().as_str().as_bytes()),
            Cell::Formula(text, value) => {
                feed(b'f', text.as_bytes());
                feed(b'v', value.as_bytes());
            }
        }
        if self.told.len() >= TOLD_AT_ONCE {
            self.digest.update(&self.told);
            self.told.clear();
        }
    }
}

/// The text of a whole number.
fn whole(value: i64) -> Figures<20> {
    let text = Figures::new().digits(value.unsigned_abs(), 1);
    if value < 0 { text.before(b'-') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_written_as_ever() {
        for value in [0, 1, -1, 42, i64::MAX, i64::MIN] {
            assert_eq!(whole(value).as_str(), value.to_string());
        }
    }
}
