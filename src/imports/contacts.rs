//! Contacts of collectivities: `siren;courriel;source`, and `nom` and `fonction` where they are known.

use std::fmt;

use crate::domain::account::identity::{function_if_any, name_if_any};
use crate::domain::account::{Email, IdentityError};
use crate::domain::siren::Siren;
use crate::imports::columns::Column;
use crate::imports::error::Refused;
use crate::imports::read::RowReader;
use crate::imports::{Limits, catalogue, read};

/// The columns of the file.
pub const COLUMNS: &[Column] = &[
    Column::mandatory("siren"),
    Column::mandatory("courriel"),
    Column::mandatory("source"),
    Column::optional("nom"),
    Column::optional("fonction"),
];

/// A contact of a collectivity. `Debug` hides who it is.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// The line of the file.
    pub row: u32,
    /// The collectivity.
    pub siren: Siren,
    /// The address.
    pub email: Email,
    /// Where it comes from.
    pub source: String,
    /// The name, where the file has one.
    pub name: Option<String>,
    /// The function, where the file has one.
    pub function: Option<String>,
}

impl fmt::Debug for ContactRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactRow")
            .field("row", &self.row)
            .field("siren", &self.siren)
            .finish_non_exhaustive()
    }
}

/// Reads the file, in its order.
///
/// # Errors
/// Everything wrong with the file, its columns and its cells.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<ContactRow>, Refused> {
    read::rows(bytes, limits, COLUMNS, |reader| {
        let (siren, email, source) = (reader.siren(0), reader.email(1), reader.required(2));
        let (name, function) = (line(reader, 3, name_if_any), line(reader, 4, function_if_any));
        Some(ContactRow {
            row: reader.record.row(),
            siren: siren?,
            email: email?,
            source: source?.to_owned(),
            name,
            function,
        })
    })
}

/// A cell that may be empty, on one line; a fault of it refuses the file.
fn line(
    reader: &mut RowReader<'_, '_>,
    index: usize,
    read: fn(&str) -> Result<Option<String>, IdentityError>,
) -> Option<String> {
    if reader.record.is_unusable(index) {
        return None;
    }
    match read(reader.record.get(index)) {
        Ok(line) => line,
        Err(error) => {
            reader.refuse(catalogue::NAME, index, &error.to_string(), "raccourcissez-la");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_and_tells_every_wrong_cell() {
        let rows = read(b"siren;courriel;source\n217500016;Mairie@Exemple.FR;annuaire\n", &Limits::default());
        let rows = rows.unwrap();
        assert_eq!(
            (rows[0].row, rows[0].email.as_str(), rows[0].source.as_str()),
            (2, "mairie@exemple.fr", "annuaire")
        );
        assert_eq!((&rows[0].name, &rows[0].function), (&None, &None), "an old file");
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

    #[test]
    fn names_and_functions_are_read_where_they_are_there() {
        let file = "fonction;nom;siren;courriel;source\n adjointe  au maire ;Élue Inventée;217500016;e@ville.example;liste\n\
                    ;;217500016;m@ville.example;liste\n";
        let rows = read(file.as_bytes(), &Limits::default()).unwrap();
        let told = |index: usize| (rows[index].name.as_deref(), rows[index].function.as_deref());
        assert_eq!(told(0), (Some("Élue Inventée"), Some("adjointe au maire")));
        assert_eq!(told(1), (None, None));
        assert!(!format!("{rows:?}").contains("Inventée"));
        let long =
            format!("siren;courriel;source;nom\n217500016;e@ville.example;liste;{}\n", "n".repeat(121));
        let refused = read(long.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(refused.codes().collect::<Vec<_>>(), [catalogue::NAME]);
        let unknown = read(b"siren;courriel;source;prenom\n", &Limits::default()).unwrap_err();
        assert!(unknown.codes().any(|code| code == catalogue::UNKNOWN_COLUMN), "as in any file");
    }
}
