//! Unpacking that counts what comes out, whatever the archive declares.

use std::cell::Cell;
use std::io::{self, Read};

/// Unpacks a part and counts what comes out, whatever its header says.
pub(super) struct Bounded<'p> {
    inner: Box<dyn Read + 'p>,
    /// What may still come out of this part.
    allowed: u64,
    /// What may still come out of the whole archive.
    budget: &'p Cell<u64>,
}

/// Marks the error of [`Bounded`] on its way through the XML reader.
#[derive(Debug, thiserror::Error)]
#[error("more bytes than a workbook may unpack to")]
struct Bomb;

impl<'p> Bounded<'p> {
    /// At most `allowed` bytes of `inner`, taken from what the archive has left.
    pub(super) fn new(inner: impl Read + 'p, allowed: u64, budget: &'p Cell<u64>) -> Self {
        Self { inner: Box::new(inner), allowed, budget }
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let bytes = u64::try_from(count).unwrap_or(u64::MAX);
        match (self.allowed.checked_sub(bytes), self.budget.get().checked_sub(bytes)) {
            (Some(allowed), Some(budget)) => {
                self.allowed = allowed;
                self.budget.set(budget);
                Ok(count)
            }
            _ => Err(io::Error::other(Bomb)),
        }
    }
}

/// Whether the error is that of [`Bounded`].
pub(super) fn bombed(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Bomb>()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_what_a_part_and_the_archive_may_unpack_to() {
        for (allowed, budget, read) in [(10, 100, 10), (100, 10, 10), (0, 0, 0)] {
            let budget = Cell::new(budget);
            let mut bounded = Bounded::new(io::repeat(b' '), allowed, &budget);
            let mut buffer = [0; 5];
            let mut count = 0;
            let error = loop {
                match bounded.read(&mut buffer) {
                    Ok(n) => count += n,
                    Err(error) => break error,
                }
            };
            assert!(bombed(&error) && count == read);
        }
    }
}
