//! The years of summaries, kept between requests with the head of the journal that their snapshot saw: every write
//! adds an entry in its transaction (rule 13), so the entries that follow tell what to read again. The sums of versions,
//! which never change, are taken from one keeping to the next.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::journal::JournalHead;
use crate::domain::summary::Year;
use crate::domain::year::FlowYear;

/// Years kept at most: all that the service has seen, and those of before that one looks at.
const YEARS: usize = 24;

/// A year as it was when the journal ended so.
#[derive(Debug, Clone)]
struct Entry {
    head: JournalHead,
    year: Arc<Year>,
}

/// The years that were asked for last.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Vec<Entry>>);

impl Kept {
    /// A year as it was when the journal ended so.
    #[must_use]
    pub fn find(&self, flow_year: FlowYear) -> Option<(JournalHead, Arc<Year>)> {
        let entries = self.entries();
        let found = entries.iter().find(|entry| entry.year.flow_year == flow_year)?;
        Some((found.head.clone(), Arc::clone(&found.year)))
    }

    /// Keeps a year, in place of its earlier state; the one that was kept first makes room.
    pub fn keep(&self, head: JournalHead, year: Arc<Year>) {
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
