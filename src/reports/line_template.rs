//! The file to start an import from: its headers, the codes of the flow year to choose from, how to fill it in.

use std::io::{Seek, Write};
use std::path::Path;

use crate::domain::codes::{CodeLists, Row};
use crate::domain::field::Field;
use crate::domain::instant::Instant;
use crate::domain::year::FlowYear;
use crate::reports::line_export::{form, is_declared, style, width};
use crate::reports::lines::csv::csv_writer;
use crate::reports::xlsx::{Book, Cell, Sheet, Style};
use crate::reports::{ReportError, Result};

/// The sheet of the codes.
const LISTS: &str = "Listes";
/// The last row that offers a choice: as many lines as a declaration may hold.
const LAST_ROW: u32 = 20_000;

/// The headers alone, as CSV.
///
/// # Errors
/// When it cannot be written.
pub fn csv(out: impl Write) -> Result<()> {
    let mut csv = csv_writer(out)?;
    csv.write_record(Field::ALL.iter().map(|field| field.header()))?;
    Ok(csv.flush()?)
}

/// The workbook: the sheet « Lignes » to fill in, the lists of the flow year, how to go about it. The example
/// stands in the last one alone: it cannot be sent by mistake.
///
/// # Errors
/// When it cannot be written.
pub fn xlsx(
    (year, codes): (FlowYear, &CodeLists),
    at: Instant,
    temporary: Option<&Path>,
    out: impl Write + Seek + Send,
) -> Result<()> {
    let mut book = Book::new(&format!("Modèle de lignes de versement, exercice {year}"), at, temporary)?;
    let mut sheet = book.sheet("Lignes")?;
    sheet.columns(Field::ALL.iter().map(|field| (width(*field), style(*field))))?;
    for (column, field) in (0_u16..).zip(Field::ALL) {
        let is_mandatory = Field::MANDATORY.contains(field);
        let style = if is_mandatory { Style::Header } else { Style::OptionalHeader };
        sheet.put(0, column, Cell::Text(field.header()), style)?;
        let asked = if is_mandatory { "Obligatoire" } else { "Facultatif" };
        sheet.comment(0, column, &format!("{}. {asked}.\n{}", field.label(), form(*field)))?;
    }
    sheet.freeze(1, 2)?;
    sheet.print_on(3);
    let places: Vec<(u16, Field)> = (0_u16..).zip(Field::ALL.iter().copied()).collect();
    choices(&mut sheet, &places, 1, (codes, year))?;
    book.push(sheet);
    let lists = lists(&mut book, codes, year)?;
    book.push(lists);
    let guide = guide(&mut book, year)?;
    book.push(guide);
    book.save(out)?;
    Ok(())
}

/// A list to choose from: the field, and each entry with its code. A name that means one code alone stands as itself.
struct List {
    field: Field,
    entries: Vec<(String, String)>,
}

impl List {
    fn new<'a>(
        field: Field,
        rows: impl Iterator<Item = (&'a str, &'a str)>,
        means: impl Fn(&str) -> Option<&'a str>,
    ) -> Self {
        let entry = |(code, name): (&'a str, &'a str)| {
            let shown = if means(name) == Some(code) { name } else { code };
            (shown.to_owned(), code.to_owned())
        };
        Self { field, entries: rows.map(entry).collect() }
    }
}

/// The lists that are valid in a flow year.
fn all(codes: &CodeLists, year: FlowYear) -> Vec<List> {
    let number = year.get();
    let natures = codes.natures().iter().filter(|row| row.years().contains(number));
    let recipients = codes.recipients().iter().filter(|row| row.years().contains(number));
    let purposes = codes.purposes().iter().filter(|row| is_declared(*row, number));
    let channels = codes.channels().iter().filter(|row| is_declared(*row, number));
    let aid_types = codes.aid_types().iter().filter(|row| is_declared(*row, number));
    let laws = [("eau", "eau"), ("dechets", "dechets"), ("energie", "energie")];
    vec![
        List::new(Field::Nature, natures.map(|row| (row.key(), &*row.name_fr)), |name| {
            codes.find_nature(name, number).map(Row::key)
        }),
        List::new(Field::Recipient, recipients.map(|row| (row.key(), &*row.name_fr)), |name| {
            codes.find_recipient(name).map(Row::key)
        }),
        List::new(Field::Purpose, purposes.map(|row| (row.key(), &*row.name_fr)), |name| {
            codes.find_purpose(name, number).map(Row::key)
        }),
        List::new(Field::Channel, channels.map(|row| (row.key(), &*row.name_fr)), |name| {
            codes.find_channel(name, number).map(Row::key)
        }),
        List::new(Field::AidType, aid_types.map(|row| (row.key(), &*row.name_fr)), |name| {
            codes.find_aid_type(name, number).map(Row::key)
        }),
        List::new(Field::OnePercentLaw, laws.into_iter(), |name| {
            laws.into_iter().find(|(code, _)| *code == name).map(|(code, _)| code)
        }),
    ]
}

/// The sheet of the lists: for each, the names to choose from beside their codes.
///
/// # Errors
/// When it cannot be written.
pub(super) fn lists(book: &mut Book, codes: &CodeLists, year: FlowYear) -> Result<Sheet> {
    let lists = all(codes, year);
    let mut sheet = book.sheet(LISTS)?;
    sheet.columns(lists.iter().flat_map(|_list| [(48, Style::Code), (22, Style::Code)]))?;
    let headers: Vec<String> = lists
        .iter()
        .flat_map(|list| [list.field.header().to_owned(), format!("code de {}", list.field.header())])
        .collect();
    sheet.header(0, headers.iter().map(String::as_str))?;
    sheet.freeze(1, 0)?;
    sheet.print_on(1);
    let longest = lists.iter().map(|list| list.entries.len()).max().unwrap_or_default();
    for (row, place) in (1_u32..).zip(0..longest) {
        for (list, column) in lists.iter().zip((0_u16..).step_by(2)) {
            let Some((shown, code)) = list.entries.get(place) else { continue };
            sheet.cell(row, column, Cell::Text(shown))?;
            sheet.cell(row, column.saturating_add(1), Cell::Text(code))?;
        }
    }
    Ok(sheet)
}

/// Offers the lists in the columns of their fields. Whatever else is typed is let through: the import says
/// what is wrong with it.
///
/// # Errors
/// When a column is out of range.
pub(super) fn choices(
    sheet: &mut Sheet,
    places: &[(u16, Field)],
    first_row: u32,
    (codes, year): (&CodeLists, FlowYear),
) -> Result<()> {
    for (list, letter) in all(codes, year).iter().zip(('A'..='Z').step_by(2)) {
        let Some((column, _)) = places.iter().find(|(_, field)| *field == list.field) else { continue };
        let last = list.entries.len().saturating_add(1);
        let entries = format!("={LISTS}!${letter}$2:${letter}${last}");
        sheet.choice(*column, (first_row, LAST_ROW.max(first_row)), &entries)?;
    }
    Ok(())
}

const STEPS: [&str; 8] = [
    "1. Dans la feuille «\u{a0}Lignes\u{a0}», remplissez une ligne par versement payé dans l’année. Une activité payée en plusieurs fois peut tenir sur une seule ligne.",
    "2. Les en-têtes foncés sont obligatoires, les en-têtes clairs facultatifs. L’ordre des colonnes est libre, et celles qui ne vous servent pas peuvent être supprimées.",
    "3. Les listes proposées viennent de la feuille «\u{a0}Listes\u{a0}»\u{a0}: ce sont les codes valables pour cette année. Vous pouvez aussi écrire le code lui-même.",
    "4. Les montants sont en euros, avec au plus deux décimales\u{a0}: 3200 ou 3200,50. Les dates s’écrivent 12/05/2013.",
    "5. Les cofinancements reçus sont la part du versement que votre collectivité n’a pas payée elle-même. Ce qui reste, vos ressources propres, est ce qui compte.",
    "6. La référence est la vôtre\u{a0}: gardez-la d’une année sur l’autre. Si elle est vide, le service en donne une.",
    "7. Enregistrez, puis choisissez le fichier sur la page «\u{a0}Importer un fichier\u{a0}». Rien n’est enregistré avant que vous ayez vu ce qui change et l’ayez confirmé.",
    "8. L’exemple ci-dessous est fictif\u{a0}: il montre comment remplir une ligne, il n’est jamais importé.",
];

fn guide(book: &mut Book, year: FlowYear) -> Result<Sheet> {
    let mut sheet = book.sheet("Mode d’emploi")?;
    sheet.columns([
        (30, Style::Code),
        (36, Style::Wrapped),
        (13, Style::Wrapped),
        (110, Style::Wrapped),
        (44, Style::Wrapped),
    ])?;
    sheet.print_on(1);
    let title = format!("Déclarer par un fichier les versements de {year}");
    sheet.put(0, 0, Cell::Text(&title), Style::Title)?;
    for (row, step) in (2_u32..).zip(STEPS) {
        sheet.put(row, 0, Cell::Text(step), Style::Text)?;
    }
    let table = u32::try_from(STEPS.len()).map_err(|_error| ReportError::OutOfRange)?.saturating_add(3);
    let headers =
        ["Colonne", "Ce qu’elle contient", "Obligatoire", "Forme", "Exemple fictif, jamais importé"];
    sheet.header(table, headers)?;
    for (row, field) in (table.saturating_add(1)..).zip(Field::ALL) {
        let is_mandatory = Field::MANDATORY.contains(field);
        sheet.cell(row, 0, Cell::Text(field.header()))?;
        sheet.cell(row, 1, Cell::Text(field.label()))?;
        sheet.cell(row, 2, Cell::Text(if is_mandatory { "oui" } else { "non" }))?;
        sheet.cell(row, 3, Cell::Text(form(*field)))?;
        sheet.cell(row, 4, Cell::Text(example(*field)))?;
    }
    Ok(sheet)
}

/// A fictitious line, valid in every flow year.
#[must_use]
pub const fn example(field: Field) -> &'static str {
    match field {
        Field::Reference => "PUITS-1",
        Field::Title => "Deux puits dans un village (exemple fictif)",
        Field::Recipient => "Mali",
        Field::Purpose => "14030",
        Field::Channel => "22000",
        Field::Nature => "Subvention à une association pour un projet",
        Field::AmountPaid => "3200,50",
        Field::CofinancingReceived | Field::CofinancingState => "1000",
        Field::Organisation => "Association fictive",
        Field::OnePercentLaw => "eau",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::RawLine;
    use crate::domain::rules::check_lines;

    #[test]
    fn every_choice_means_its_code() {
        let codes = CodeLists::embedded().unwrap();
        for number in [2008, 2013, 2024, 2025] {
            let year = FlowYear::new(number).unwrap();
            for List { field, entries } in all(&codes, year) {
                assert!(!entries.is_empty(), "{field} {number}");
                for (shown, code) in entries {
                    let found = match field {
                        Field::Nature => codes.find_nature(&shown, number).map(Row::key),
                        Field::Recipient => codes.find_recipient(&shown).map(Row::key),
                        Field::Purpose => codes.find_purpose(&shown, number).map(Row::key),
                        Field::Channel => codes.find_channel(&shown, number).map(Row::key),
                        Field::AidType => codes.find_aid_type(&shown, number).map(Row::key),
                        _ => Some(shown.as_str()),
                    };
                    assert_eq!(found, Some(code.as_str()), "{field} {shown} {number}");
                }
            }
        }
    }

    #[test]
    fn the_example_is_a_lawful_line_of_every_year() {
        let codes = CodeLists::embedded().unwrap();
        let line = |line: RawLine, field: &Field| line.with(*field, example(*field));
        let line = Field::ALL.iter().fold(RawLine::default(), line);
        for number in 2008..=2025 {
            let checked = check_lines(&codes, FlowYear::new(number).unwrap(), std::slice::from_ref(&line));
            assert!(checked.is_accepted(), "{number} {:?}", checked.issues);
        }
    }

    #[test]
    fn the_csv_is_a_line_of_headers() {
        let mut out = Vec::new();
        csv(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("\u{feff}reference;titre;pays;") && text.ends_with(";projet_crs\r\n"));
        assert_eq!(text.lines().count(), 1);
    }
}
