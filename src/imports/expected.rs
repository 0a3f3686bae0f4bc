//! Bodies that a campaign expects: `siren;motif` (rule 11).

use crate::domain::siren::Siren;
use crate::imports::columns::Column;
use crate::imports::error::Refused;
use crate::imports::{Limits, read};

/// The columns of the file.
pub const COLUMNS: &[Column] = &[Column::mandatory("siren"), Column::mandatory("motif")];

/// A body to expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedRow {
    /// The line of the file.
    pub row: u32,
    /// The body.
    pub siren: Siren,
    /// Why it is expected.
    pub reason: String,
}

/// Reads the file, in its order, repeated bodies included.
///
/// # Errors
/// Everything wrong with the file, its columns and its cells.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<ExpectedRow>, Refused> {
    read::rows(bytes, limits, COLUMNS, |reader| {
        let (siren, reason) = (reader.siren(0), reader.required(1));
        Some(ExpectedRow { row: reader.record.row(), siren: siren?, reason: reason?.to_owned() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::catalogue;

    #[test]
    fn reads_bodies_with_their_reasons() {
        let rows = read("Motif\tSIREN\nAtlas 2013\t217 500 016\n".as_bytes(), &Limits::default()).unwrap();
        assert_eq!((rows[0].siren.as_str(), rows[0].reason.as_str()), ("217500016", "Atlas 2013"));
        let refused = read(b"siren;motif\n217500016;\n;Atlas\n", &Limits::default()).unwrap_err();
        assert_eq!(refused.codes().collect::<Vec<_>>(), [catalogue::EMPTY_CELL; 2]);
    }
}
