//! The ministry's file of paper declarations: `siren;signataire_nom;signataire_fonction;piece;neant;…`
//! then the columns of the lines, for many collectivities at once.

use std::collections::HashMap;

use crate::domain::field::{Field, RawLine};
use crate::domain::siren::Siren;
use crate::imports::catalogue;
use crate::imports::columns::{self, Column, Record, Selection};
use crate::imports::error::{CellError, Refused, quoted};
use crate::imports::read::{RowReader, each_row};
use crate::imports::{Limits, lines, read_table};

const SIREN: usize = 0;
const SIGNATORY: usize = 1;
const FUNCTION: usize = 2;
const DOCUMENT: usize = 3;
const NIL: usize = 4;
const FIRST_FIELD: usize = 5;

/// The declaration of one collectivity in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkDeclaration {
    /// The collectivity.
    pub siren: Siren,
    /// Its first line in the file.
    pub row: u32,
    /// Name of the person who signed the paper.
    pub signatory_name: String,
    /// Function of that person.
    pub signatory_function: String,
    /// Reference of the paper.
    pub document: String,
    /// What it declares.
    pub content: BulkContent,
}

/// What a paper declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkContent {
    /// "We paid nothing" (rule 5).
    Nil,
    /// Lines as typed, with their numbers in the file.
    Lines(Vec<(u32, RawLine)>),
}

/// The columns of the file.
#[must_use]
pub fn columns() -> Vec<Column> {
    let own = ["siren", "signataire_nom", "signataire_fonction", "piece", "neant"].map(Column::mandatory);
    // A file of nil declarations alone needs no column of the lines.
    let fields = Field::ALL.iter().map(|field| Column::optional(field.header()));
    own.into_iter().chain(fields).collect()
}

/// Reads the file; declarations come in the order in which their SIREN first
/// appears, and the rows of one SIREN need not be adjacent.
///
/// # Errors
/// Everything wrong with the file, its columns and its own cells; the rules of
/// the lines are checked later.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<BulkDeclaration>, Refused> {
    let table = read_table(bytes, limits)?;
    let columns = columns();
    let selection = columns::select(&table, &columns)?;
    let mut declarations: Vec<BulkDeclaration> = Vec::new();
    let mut by_siren: HashMap<Siren, usize> = HashMap::new();
    let mut lines_present = false;
    let mut refused = each_row(&selection, &columns, |reader| {
        let siren = reader.siren(SIREN);
        let content = content(reader);
        lines_present = lines_present || matches!(content, Some(BulkContent::Lines(_)));
        let (Some(siren), Some(content)) = (siren, content) else { return };
        if let Some(declaration) = by_siren.get(&siren).and_then(|at| declarations.get_mut(*at)) {
            join(declaration, content, reader);
        } else {
            by_siren.insert(siren, declarations.len());
            declarations.push(first(siren, content, reader.record));
        }
    });
    if lines_present {
        refused.file.extend(missing_fields(&selection));
    }
    for declaration in &declarations {
        refused.cells.extend(unsigned(declaration));
    }
    refused.or(declarations)
}

/// What one row declares: néant and nothing else, or a line.
fn content(reader: &mut RowReader<'_, '_>) -> Option<BulkContent> {
    let nil = reader.yes_no(NIL)?;
    let line = lines::line(reader.record, FIRST_FIELD);
    let filled = line.filled().next().map(|(field, text)| (field, quoted(text)));
    match (nil, filled) {
        (true, None) => Some(BulkContent::Nil),
        (false, Some(_)) => Some(BulkContent::Lines(vec![(reader.record.row(), line)])),
        (true, Some((field, text))) => {
            let message = format!("la ligne déclare néant et remplit la colonne {field}\u{a0}: {text}");
            let hint = "videz les colonnes du versement, ou écrivez non dans la colonne neant";
            reader.refuse(catalogue::NIL_CONFLICT, NIL, &message, hint);
            None
        }
        (false, None) => {
            let message = "la ligne ne déclare ni néant ni versement";
            let hint = "écrivez oui dans la colonne neant, ou remplissez les colonnes du versement";
            reader.refuse(catalogue::NIL_CONFLICT, NIL, message, hint);
            None
        }
    }
}

fn first(siren: Siren, content: BulkContent, record: Record<'_>) -> BulkDeclaration {
    BulkDeclaration {
        siren,
        row: record.row(),
        signatory_name: record.get(SIGNATORY).to_owned(),
        signatory_function: record.get(FUNCTION).to_owned(),
        document: record.get(DOCUMENT).to_owned(),
        content,
    }
}

/// Adds a later row of the same SIREN, which may leave the signatory out but not change it.
fn join(declaration: &mut BulkDeclaration, content: BulkContent, reader: &mut RowReader<'_, '_>) {
    let record = reader.record;
    let first_row = declaration.row;
    for (index, what, kept) in [
        (SIGNATORY, "le signataire", &mut declaration.signatory_name),
        (FUNCTION, "la fonction du signataire", &mut declaration.signatory_function),
        (DOCUMENT, "la pièce", &mut declaration.document),
    ] {
        let given = record.get(index);
        if kept.is_empty() {
            given.clone_into(kept);
        } else if !given.is_empty() && given != kept {
            let message =
                format!("{what} est {} ici et {} en ligne\u{a0}{first_row}", quoted(given), quoted(kept));
            let hint = "une déclaration n’a qu’un signataire et qu’une pièce\u{a0}: gardez les mêmes sur toutes ses lignes";
            reader.refuse(catalogue::GROUP_CONFLICT, index, &message, hint);
        }
    }
    if let (BulkContent::Lines(lines), BulkContent::Lines(more)) = (&mut declaration.content, content) {
        lines.extend(more);
    } else {
        let message = format!("ce SIREN déclare néant et a une autre ligne, la ligne\u{a0}{first_row}");
        let hint = "une déclaration néant tient sur une seule ligne\u{a0}: supprimez l’une ou l’autre";
        reader.refuse(catalogue::NIL_CONFLICT, NIL, &message, hint);
    }
}

fn missing_fields(selection: &Selection<'_>) -> Option<crate::imports::FileError> {
    let absent: Vec<&str> = Field::ALL
        .iter()
        .enumerate()
        .filter(|(index, field)| {
            Field::MANDATORY.contains(field) && !selection.has(FIRST_FIELD.saturating_add(*index))
        })
        .map(|(_, field)| field.header())
        .collect();
    (!absent.is_empty()).then(|| columns::missing(&absent).at(selection.header_row()))
}

/// A paper that nobody signed, or that bears no reference.
fn unsigned(declaration: &BulkDeclaration) -> impl Iterator<Item = CellError> {
    let absent = [
        ("signataire_nom", &declaration.signatory_name, "le nom du signataire manque"),
        ("signataire_fonction", &declaration.signatory_function, "la fonction du signataire manque"),
        ("piece", &declaration.document, "la référence de la pièce manque"),
    ];
    let row = declaration.row;
    absent.into_iter().filter(|(_, given, _)| given.is_empty()).map(move |(column, given, message)| {
        let hint = "complétez-la sur la première ligne de ce SIREN";
        CellError::new(catalogue::EMPTY_CELL, (row, column), given, message, hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "siren;signataire_nom;signataire_fonction;piece;neant;titre;pays;secteur;canal;nature;montant_verse\n";

    fn read_rows(rows: &str) -> Result<Vec<BulkDeclaration>, Refused> {
        read(format!("{HEADER}{rows}").as_bytes(), &Limits::default())
    }

    fn codes(rows: &str) -> Vec<&'static str> {
        read_rows(rows).unwrap_err().codes().collect()
    }

    #[test]
    fn groups_by_siren_in_order_of_appearance() {
        let declarations = read_rows(
            "217500016;A;maire;P1;non;Eau;Mali;14030;22000;projet;10\n\
             213105554;B;maire;P2;oui;;;;;;\n\
             21750001600019;;;;;École;Togo;11220;22000;projet;20\n",
        )
        .unwrap();
        assert_eq!(declarations.len(), 2);
        let BulkContent::Lines(lines) = &declarations[0].content else { panic!("lines") };
        assert_eq!(lines.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(declarations[0].document, "P1");
        assert_eq!((declarations[1].row, &declarations[1].content), (3, &BulkContent::Nil));
    }

    #[test]
    fn forgives_the_forms_of_yes_and_no() {
        for yes in ["oui", "OUI", "o", "1", "x", "X"] {
            let read = read_rows(&format!("217500016;A;maire;P1;{yes};;;;;;\n")).unwrap();
            assert_eq!(read[0].content, BulkContent::Nil, "{yes}");
        }
        for no in ["non", "N", "0", ""] {
            let read =
                read_rows(&format!("217500016;A;maire;P1;{no};Eau;Mali;14030;22000;projet;1\n")).unwrap();
            assert!(matches!(read[0].content, BulkContent::Lines(_)), "{no}");
        }
        assert_eq!(codes("217500016;A;maire;P1;peut-être;;;;;;\n"), [catalogue::YES_NO]);
        assert_eq!(codes("217500016;A;maire;P1;!;;;;;;\n"), [catalogue::YES_NO]);
    }

    #[test]
    fn refuses_what_contradicts_itself() {
        assert_eq!(codes("217500016;A;maire;P1;oui;Eau;;;;;\n"), [catalogue::NIL_CONFLICT]);
        assert_eq!(codes("217500016;A;maire;P1;;;;;;;\n"), [catalogue::NIL_CONFLICT]);
        let line = "217500016;A;maire;P1;;Eau;Mali;14030;22000;projet;1\n";
        assert_eq!(codes(&format!("{line}217500016;A;maire;P1;oui;;;;;;\n")), [catalogue::NIL_CONFLICT]);
        assert_eq!(
            codes("217500016;A;maire;P;x;;;;;;\n217500016;A;maire;P;x;;;;;;\n"),
            [catalogue::NIL_CONFLICT]
        );
        let other = "217500016;B;adjointe;P2;;Eau;Mali;14030;22000;projet;1\n";
        assert_eq!(codes(&format!("{line}{other}")), [catalogue::GROUP_CONFLICT; 3]);
    }

    #[test]
    fn a_paper_is_signed_and_has_a_reference() {
        assert_eq!(codes("217500016;;;;x;;;;;;\n"), [catalogue::EMPTY_CELL; 3]);
        assert_eq!(codes("217500017;A;maire;P;x;;;;;;\n"), [catalogue::SIREN]);
    }

    #[test]
    fn nil_declarations_alone_need_no_column_of_the_lines() {
        let own = "siren;signataire_nom;signataire_fonction;piece;neant";
        let read = |rows: &str| read(format!("{own}{rows}").as_bytes(), &Limits::default());
        assert_eq!(read("\n217500016;A;maire;P;oui\n").unwrap().len(), 1);
        let refused = read(";titre\n217500016;A;maire;P;;Eau\n").unwrap_err();
        assert_eq!(refused.codes().collect::<Vec<_>>(), [catalogue::MISSING_COLUMN]);
    }
}
