//! The years of summaries, kept between requests by the head of the journal: every write of what they are made
//! from adds an entry in its transaction (rule 13), so a year kept under the head that a snapshot sees is the year
//! of that snapshot. The sums of versions, which never change, are taken from one keeping to the next.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::summary::Year;
use crate::domain::year::FlowYear;

/// Years kept at most: the one looked at and the one before it, for two who look at different ones.
const YEARS: usize = 4;

/// A year as it was when the journal ended so.
#[derive(Debug, Clone)]
struct Entry {
    head: String,
    year: Arc<Year>,
}

/// The years that were asked for last.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Vec<Entry>>);

impl Kept {
    /// A year, and whether it is the one of this head; else it is an earlier state of it.
    #[must_use]
    pub fn find(&self, flow_year: FlowYear, head: &str) -> Option<(Arc<Year>, bool)> {
        let entries = self.entries();
        let found = entries.iter().find(|entry| entry.year.flow_year == flow_year)?;
        Some((Arc::clone(&found.year), found.head == head))
    }

    /// Keeps a year, in place of its earlier state; the one that was kept first makes room.
    pub fn keep(&self, head: String, year: Arc<Year>) {
        let mut entries = self.entries();
        entries.retain(|entry| entry.year.flow_year != year.flow_year);
        if entries.len() >= YEARS {
            entries.remove(0);
        }
        entries.push(Entry { head, year });
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
