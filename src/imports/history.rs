//! Yearly amounts from before the service: `siren;exercice;montant;neant;date_depot;source` (rule 5).

use std::collections::HashMap;

use crate::domain::day::Day;
use crate::domain::euros::Euros;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::imports::catalogue;
use crate::imports::columns::{self, Column};
use crate::imports::error::{Refused, quoted};
use crate::imports::read::{RowReader, each_row};
use crate::imports::{Limits, read_table};

const SIREN: usize = 0;
const YEAR: usize = 1;
const AMOUNT: usize = 2;
const NIL: usize = 3;
const FILED_ON: usize = 4;
const SOURCE: usize = 5;
const REASON: usize = 6;

/// The columns of the file; `motif` is asked for where an amount already known changes.
pub const COLUMNS: &[Column] = &[
    Column::mandatory("siren"),
    Column::mandatory("exercice"),
    Column::mandatory("montant"),
    Column::mandatory("neant"),
    Column::mandatory("date_depot"),
    Column::mandatory("source"),
    Column::optional("motif"),
];

/// What one collectivity declared for one year, before the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRow {
    /// The line of the file.
    pub row: u32,
    /// The collectivity.
    pub siren: Siren,
    /// The year of the payments.
    pub flow_year: FlowYear,
    /// The amount; `None` for a nil declaration.
    pub amount: Option<Euros>,
    /// The day of the declaration, where it is known.
    pub filed_on: Option<Day>,
    /// Where the amount comes from, in place of a receipt.
    pub source: String,
    /// Why it differs from an amount already known.
    pub reason: Option<String>,
}

/// Reads the file; a row repeated word for word is kept once.
///
/// # Errors
/// Everything wrong with the file, its columns and its cells.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<PastRow>, Refused> {
    let table = read_table(bytes, limits)?;
    let selection = columns::select(&table, COLUMNS)?;
    let mut rows: Vec<PastRow> = Vec::new();
    let mut last: HashMap<(Siren, FlowYear), usize> = HashMap::new();
    let refused = each_row(&selection, COLUMNS, |reader| {
        let Some(row) = past_row(reader) else { return };
        let key = (row.siren, row.flow_year);
        if let Some(known) = last.get(&key).and_then(|at| rows.get(*at)) {
            if (PastRow { row: known.row, ..row.clone() }) == *known {
                return;
            }
            if known.amount != row.amount && row.reason.is_none() {
                let shown = known.amount.map_or_else(|| "néant".to_owned(), |amount| amount.to_string());
                let message =
                    format!("la ligne\u{a0}{} donne {} pour cet exercice", known.row, quoted(&shown));
                let hint = "gardez la bonne ligne, ou ajoutez une colonne motif qui explique la correction";
                reader.refuse(catalogue::PAST_CONFLICT, AMOUNT, &message, hint);
            }
        }
        last.insert(key, rows.len());
        rows.push(row);
    });
    refused.or(rows)
}

fn past_row(reader: &mut RowReader<'_, '_>) -> Option<PastRow> {
    let siren = reader.siren(SIREN);
    let year = reader.year(YEAR);
    let declared = declared(reader);
    let filed_on = reader.day(FILED_ON);
    let source = reader.required(SOURCE);
    let reason = Some(reader.record.get(REASON)).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    Some(PastRow {
        row: reader.record.row(),
        siren: siren?,
        flow_year: year?,
        amount: match declared? {
            Declared::Nil => None,
            Declared::Paid(amount) => Some(amount),
        },
        filed_on,
        source: source?.to_owned(),
        reason,
    })
}

/// What the columns of amount and néant say together.
enum Declared {
    Nil,
    Paid(Euros),
}

/// An amount, or a nil declaration: never both, never neither (rule 5).
fn declared(reader: &mut RowReader<'_, '_>) -> Option<Declared> {
    let nil = reader.yes_no(NIL)?;
    let text = reader.record.get(AMOUNT);
    if nil && text.is_empty() {
        return Some(Declared::Nil);
    }
    if !nil && text.is_empty() && !reader.record.is_unusable(AMOUNT) {
        let message = "la ligne ne donne ni montant ni néant";
        let hint = "indiquez le montant, ou écrivez oui dans la colonne neant";
        reader.refuse(catalogue::NIL_CONFLICT, AMOUNT, message, hint);
        return None;
    }
    let amount = reader.amount(AMOUNT)?;
    match (nil, amount.is_zero()) {
        (true, true) => Some(Declared::Nil),
        (false, false) => Some(Declared::Paid(amount)),
        (true, false) => {
            let message = format!("la ligne déclare néant et un montant de {amount}");
            let hint = "videz le montant, ou écrivez non dans la colonne neant";
            reader.refuse(catalogue::NIL_CONFLICT, AMOUNT, &message, hint);
            None
        }
        (false, true) => {
            let message = "le montant est zéro sans que la ligne déclare néant";
            let hint = "écrivez oui dans la colonne neant si rien n’a été versé";
            reader.refuse(catalogue::NIL_CONFLICT, AMOUNT, message, hint);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "siren;exercice;montant;neant;date_depot;source;motif\n";

    fn read_rows(rows: &str) -> Result<Vec<PastRow>, Refused> {
        read(format!("{HEADER}{rows}").as_bytes(), &Limits::default())
    }

    fn codes(rows: &str) -> Vec<&'static str> {
        read_rows(rows).unwrap_err().codes().collect()
    }

    #[test]
    fn reads_amounts_and_nil() {
        let rows = read_rows(
            "217500016;2012;1 234,50;;30/06/2013;tableau 2013\n\
             213105554;2012;;oui;;tableau 2013\n\
             213105554;2011;0,00;oui;2012-06-01;tableau 2012\n",
        )
        .unwrap();
        assert_eq!(rows[0].amount.map(Euros::cents), Some(123_450));
        assert_eq!(rows[0].filed_on.map(Day::to_iso).as_deref(), Some("2013-06-30"));
        assert_eq!((rows[1].amount, rows[1].filed_on, rows[1].row), (None, None, 3));
        assert_eq!(rows[2].amount, None);
    }

    #[test]
    fn silence_is_not_zero() {
        for row in ["100;oui", ";", ";non", "0;", "0,00;non"] {
            assert_eq!(codes(&format!("217500016;2012;{row};;s\n")), [catalogue::NIL_CONFLICT], "{row}");
        }
    }

    #[test]
    fn collects_every_error_of_a_row() {
        assert_eq!(
            codes("217500017;12;1.234;;31/02/2013;\n217500016;2012;-5;peut-être;;s\n"),
            [
                catalogue::SIREN,
                catalogue::YEAR,
                catalogue::AMOUNT,
                catalogue::DAY,
                catalogue::EMPTY_CELL,
                catalogue::YES_NO
            ]
        );
        assert_eq!(codes("217500016;2012;-5;;;s\n"), [catalogue::AMOUNT]);
    }

    #[test]
    fn one_row_a_year_unless_a_reason_is_given() {
        let row = "217500016;2012;100;;;s\n";
        assert_eq!(read_rows(&format!("{row}{row}")).unwrap().len(), 1, "a repeated row changes nothing");
        assert_eq!(codes(&format!("{row}217500016;2012;200;;;s\n")), [catalogue::PAST_CONFLICT]);
        let corrected = read_rows(&format!("{row}217500016;2012;200;;;s;erreur de saisie\n")).unwrap();
        assert_eq!(corrected[1].reason.as_deref(), Some("erreur de saisie"));
    }
}
