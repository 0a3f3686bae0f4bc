//! The register of collectivities: written by imports and decisions, read by everything.

mod load;
mod read;
mod search;
mod write;

pub use load::{ledger, ledger_of};
pub use read::{
    Relative, associated_of_year, associated_regions, filed_of_year, find, find_all, millesime, of_year,
    predecessors, stream_of_year, successors,
};
pub use search::{Found, Search, search};
pub use write::{rows, write};

/// Rows a statement asks about or inserts at most by key: enough for a batch, few enough for a plan.
const KEYS_A_STATEMENT: usize = 500;

/// SQL before and after the flow year that makes of `s` the state of `c` in
/// that year: the last one that began by then, else the first one.
macro_rules! before_year {
    () => {
        "s.collectivity = c.id AND s.from_year = COALESCE((SELECT MAX(t.from_year) FROM collectivity_state t \
         WHERE t.collectivity = c.id AND t.from_year <= "
    };
}
macro_rules! after_year {
    () => {
        "), (SELECT MIN(t.from_year) FROM collectivity_state t WHERE t.collectivity = c.id)) \
         AND s.revision = (SELECT MAX(t.revision) FROM collectivity_state t \
         WHERE t.collectivity = c.id AND t.from_year = s.from_year)"
    };
}
pub(super) use {after_year, before_year};
