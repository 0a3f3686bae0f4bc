//! Addresses of collectivities: `siren;courriel;source`.

use crate::domain::account::Email;
use crate::domain::siren::Siren;
use crate::imports::columns::Column;
use crate::imports::error::Refused;
use crate::imports::{Limits, read};

/// The columns of the file.
pub const COLUMNS: &[Column] =
    &[Column::mandatory("siren"), Column::mandatory("courriel"), Column::mandatory("source")];

/// An address of a collectivity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// The line of the file.
    pub row: u32,
    /// The collectivity.
    pub siren: Siren,
    /// The address.
    pub email: Email,
    /// Where it comes from.
    pub source: String,
}

/// Reads the file, in its order.
///
/// # Errors
/// Everything wrong with the file, its columns and its cells.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<ContactRow>, Refused> {
    read::rows(bytes, limits, COLUMNS, |reader| {
        let (siren, email, source) = (reader.siren(0), reader.email(1), reader.required(2));
        Some(ContactRow {
            row: reader.record.row(),
            siren: siren?,
            email: email?,
            source: source?.to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::catalogue;

    #[test]
    fn reads_addresses_and_tells_every_wrong_cell() {
        let rows = read(b"siren;courriel;source\n217500016;Mairie@Exemple.FR;annuaire\n", &Limits::default());
        let rows = rows.unwrap();
        assert_eq!(
            (rows[0].row, rows[0].email.as_str(), rows[0].source.as_str()),
            (2, "mairie@exemple.fr", "annuaire")
        );
        let refused = read(
            b"siren;courriel;source\n217500017;mairie@exemple.fr;annuaire\n217500016;mairie;annuaire\n217500016;;\n",
            &Limits::default(),
        )
        .unwrap_err();
        let expected = [catalogue::SIREN, catalogue::EMAIL, catalogue::EMPTY_CELL, catalogue::EMPTY_CELL];
        assert_eq!(refused.codes().collect::<Vec<_>>(), expected);
        let places: Vec<_> = refused.cells.iter().map(|cell| (cell.row, cell.column.as_str())).collect();
        assert_eq!(places, [(2, "siren"), (3, "courriel"), (4, "courriel"), (4, "source")]);
    }
}
