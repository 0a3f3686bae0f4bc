//! Groups that apply together: `dossier;role;siren` (rule 9).

use std::collections::HashMap;

use crate::domain::siren::{Siren, parse_siren_or_siret};
use crate::domain::text;
use crate::imports::catalogue;
use crate::imports::columns::{self, Column};
use crate::imports::error::{CellError, Refused, quoted};
use crate::imports::read::{RowReader, each_row_alone};
use crate::imports::{Limits, Table, read_table};

const DOSSIER: usize = 0;
const ROLE: usize = 1;
const SIREN: usize = 2;

/// The columns of the file.
pub const COLUMNS: &[Column] =
    &[Column::mandatory("dossier"), Column::mandatory("role"), Column::mandatory("siren")];

/// The part that a body takes in a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `chef_de_file`.
    Lead,
    /// `partenaire`.
    Partner,
}

/// Who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A body with a SIREN.
    Siren(Siren),
    /// A partner without one: abroad, or an association known by its name only; may be empty.
    Other(String),
}

/// One row of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The line of the file.
    pub row: u32,
    /// What was typed in the column `siren`.
    pub text: String,
    /// Role and body, or why the row cannot be read.
    pub entry: Result<(Role, Body), CellError>,
}

/// The rows of one dossier, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// Its number or name, as typed; empty where the column is.
    pub name: String,
    /// Its members.
    pub members: Vec<Member>,
}

/// Reads the file; dossiers come in the order in which they first appear.
///
/// # Errors
/// Only what prevents the file or its columns from being read: an unreadable
/// row is kept in its place.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Dossier>, Refused> {
    from_table(&read_table(bytes, limits)?)
}

pub(super) fn from_table(table: &Table) -> Result<Vec<Dossier>, Refused> {
    let selection = columns::select(table, COLUMNS)?;
    let mut dossiers: Vec<Dossier> = Vec::new();
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    for (record, entry) in each_row_alone(&selection, COLUMNS, entry) {
        let member = Member { row: record.row(), text: record.get(SIREN).to_owned(), entry };
        let name = record.get(DOSSIER);
        if let Some(dossier) = by_name.get(name).and_then(|at| dossiers.get_mut(*at)) {
            dossier.members.push(member);
        } else {
            by_name.insert(name, dossiers.len());
            dossiers.push(Dossier { name: name.to_owned(), members: vec![member] });
        }
    }
    Ok(dossiers)
}

fn entry(reader: &mut RowReader<'_, '_>) -> Option<(Role, Body)> {
    reader.required(DOSSIER)?;
    let role = role(reader)?;
    let typed = reader.record.get(SIREN);
    // Digits alone are a number that someone mistyped, not a name.
    let is_name = typed.is_empty() || typed.chars().any(char::is_alphabetic);
    let body = match role {
        Role::Partner if is_name => Body::Other(typed.to_owned()),
        Role::Partner | Role::Lead => Body::Siren(match parse_siren_or_siret(typed) {
            Ok(siren) if !is_name => siren,
            _ => reader.siren(SIREN)?,
        }),
    };
    Some((role, body))
}

fn role(reader: &mut RowReader<'_, '_>) -> Option<Role> {
    match text::fold(reader.required(ROLE)?).as_str() {
        "chef de file" => Some(Role::Lead),
        "partenaire" => Some(Role::Partner),
        _ => {
            let message = format!("le rôle {} est inconnu", quoted(reader.record.get(ROLE)));
            reader.refuse(catalogue::ROLE, ROLE, &message, "écrivez chef_de_file ou partenaire");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dossiers(rows: &str) -> Vec<Dossier> {
        read(format!("dossier;role;siren\n{rows}").as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn keeps_partners_that_have_no_siren() {
        let read = dossiers(
            "D1;chef_de_file;217500016\nD2;Chef de file;213105554\nD1;partenaire;Commune de Kayes (Mali)\n\
             D1;partenaire;\nD2;PARTENAIRE;21750001600019\n",
        );
        assert_eq!(read.iter().map(|dossier| dossier.name.as_str()).collect::<Vec<_>>(), ["D1", "D2"]);
        let bodies: Vec<_> = read[0].members.iter().map(|member| member.entry.clone().unwrap()).collect();
        assert_eq!(bodies[0], (Role::Lead, Body::Siren("217500016".parse().unwrap())));
        assert_eq!(bodies[1], (Role::Partner, Body::Other("Commune de Kayes (Mali)".to_owned())));
        assert_eq!(bodies[2], (Role::Partner, Body::Other(String::new())));
        assert_eq!(read[1].members[1].entry, Ok((Role::Partner, Body::Siren("217500016".parse().unwrap()))));
    }

    #[test]
    fn an_unreadable_row_stays_in_its_place() {
        let read = dossiers(
            "D1;porteur;217500016\nD1;chef_de_file;Paris\nD1;partenaire;217500017\n;partenaire;217500016\n",
        );
        let codes: Vec<_> = read
            .iter()
            .flat_map(|dossier| &dossier.members)
            .map(|m| m.entry.as_ref().unwrap_err().code)
            .collect();
        assert_eq!(codes, [catalogue::ROLE, catalogue::SIREN, catalogue::SIREN, catalogue::EMPTY_CELL]);
        assert_eq!(read[0].members.iter().map(|member| member.row).collect::<Vec<_>>(), [2, 3, 4]);
    }
}
