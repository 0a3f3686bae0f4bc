//! Lines in the headers of the import (rule 8): exported and imported unchanged, they give the same lines.

use std::io::{Seek, Write};
use std::path::Path;

use crate::domain::codes::{CodeLists, Declarable, Row};
use crate::domain::euros::Euros;
use crate::domain::field::Field;
use crate::domain::instant::Instant;
use crate::domain::line::Line;
use crate::domain::spreadsheet::{neutralise, restore};
use crate::domain::year::FlowYear;
use crate::reports::Result;
use crate::reports::lines::csv::csv_writer;
use crate::reports::xlsx::Book;
use crate::reports::xlsx::Style;
use crate::reports::xlsx::{Cell, Sheet};

/// Writes the lines as CSV: semicolons, decimal commas, days `AAAA-MM-JJ`.
///
/// # Errors
/// When it cannot be written.
pub fn csv<'a>(lines: impl IntoIterator<Item = &'a Line>, out: impl Write) -> Result<()> {
    let mut csv = csv_writer(out)?;
    csv.write_record(Field::ALL.iter().map(|field| field.header()))?;
    for line in lines {
        csv.write_record(Field::ALL.iter().map(|field| {
            let cell = line.cell(*field);
            if look(*field) == Look::Amount { cell } else { neutralise(&cell).into_owned() }
        }))?;
    }
    Ok(csv.flush()?)
}

/// Writes the lines as a workbook: the sheet « Lignes » that the import reads, a help sheet and the
/// codes of the flow year. Codes are text, amounts numbers, days days.
///
/// # Errors
/// When it cannot be written.
pub fn xlsx<'a>(
    lines: impl IntoIterator<Item = &'a Line>,
    year: FlowYear,
    data_at: Instant,
    codes: &CodeLists,
    temporary: Option<&Path>,
    out: impl Write + Seek + Send,
) -> Result<()> {
    let title = format!("Lignes de versement, exercice {year}");
    let mut book = Book::new(&title, data_at, temporary)?;
    let mut sheet = book.sheet("Lignes")?;
    sheet.columns(Field::ALL.iter().map(|field| (width(*field), style(*field))))?;
    sheet.header(0, Field::ALL.iter().map(|field| field.header()))?;
    sheet.freeze(1, 2)?;
    let mut place = 0_u32;
    for line in lines {
        place = place.saturating_add(1);
        for (column, field) in (0_u16..).zip(Field::ALL) {
            write(&mut sheet, place, column, *field, line)?;
        }
    }
    let last = u16::try_from(Field::ALL.len()).unwrap_or_default().saturating_sub(1);
    sheet.filter(0, place, last)?;
    book.push(sheet);
    let help = help(&mut book)?;
    book.push(help);
    let codes = self::codes(&mut book, codes, year)?;
    book.push(codes);
    book.save(out)?;
    Ok(())
}

/// What the cells of a field hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Text,
    Amount,
    Day,
    Mark,
}

pub(super) const fn look(field: Field) -> Look {
    match field {
        Field::AmountPaid
        | Field::CofinancingReceived
        | Field::CofinancingState
        | Field::CofinancingCollectivities
        | Field::CofinancingOthers
        | Field::ServiceCosts
        | Field::AmountCommitted => Look::Amount,
        Field::PaidOn | Field::StartsOn | Field::EndsOn => Look::Day,
        Field::MarkerGender
        | Field::MarkerEnvironment
        | Field::MarkerBiodiversity
        | Field::MarkerMitigation
        | Field::MarkerAdaptation
        | Field::MarkerDesertification
        | Field::MarkerNutrition
        | Field::MarkerInclusion => Look::Mark,
        _ => Look::Text,
    }
}

pub(super) const fn style(field: Field) -> Style {
    match look(field) {
        Look::Amount => Style::PlainEuros,
        Look::Day => Style::Day,
        Look::Text | Look::Mark => Style::Code,
    }
}

pub(super) const fn width(field: Field) -> u16 {
    match field {
        Field::Title | Field::Description => 46,
        Field::Organisation | Field::Place | Field::Nature => 28,
        _ => 18,
    }
}

fn write(sheet: &mut Sheet, row: u32, column: u16, field: Field, line: &Line) -> Result<()> {
    let amount = |amount: Option<Euros>| amount.map_or(Cell::Blank, Cell::Euros);
    let amounts = &line.amounts;
    let cell = match field {
        Field::AmountPaid => Cell::Euros(amounts.paid),
        Field::CofinancingReceived => Cell::Euros(amounts.cofinancing_received),
        Field::CofinancingState => amount(amounts.cofinancing_state),
        Field::CofinancingCollectivities => amount(amounts.cofinancing_collectivities),
        Field::CofinancingOthers => amount(amounts.cofinancing_others),
        Field::ServiceCosts => amount(amounts.service_costs),
        Field::AmountCommitted => amount(amounts.committed),
        Field::PaidOn => line.paid_on.map_or(Cell::Blank, Cell::Day),
        Field::StartsOn => line.starts_on.map_or(Cell::Blank, Cell::Day),
        Field::EndsOn => line.ends_on.map_or(Cell::Blank, Cell::Day),
        _ => {
            let text = line.cell(field);
            // The import takes an apostrophe before a formula for one of ours: a text
            // that begins so by itself gets ours too.
            let text = if restore(&text) == text { text } else { neutralise(&text).into_owned() };
            return sheet.cell(row, column, Cell::Text(&text));
        }
    };
    sheet.cell(row, column, cell)
}

fn help(book: &mut Book) -> Result<Sheet> {
    let mut sheet = book.sheet("Aide")?;
    sheet.columns([(30, Style::Code), (36, Style::Text), (14, Style::Text), (90, Style::Text)])?;
    sheet.header(0, ["Colonne", "Ce qu’elle contient", "Obligatoire", "Forme"])?;
    sheet.freeze(1, 0)?;
    for (row, field) in (1_u32..).zip(Field::ALL) {
        sheet.cell(row, 0, Cell::Text(field.header()))?;
        sheet.cell(row, 1, Cell::Text(field.label()))?;
        let is_mandatory = Field::MANDATORY.contains(field);
        sheet.cell(row, 2, Cell::Text(if is_mandatory { "oui" } else { "non" }))?;
        sheet.cell(row, 3, Cell::Text(form(*field)))?;
    }
    Ok(sheet)
}

/// How to fill in a field, in French.
pub(super) const fn form(field: Field) -> &'static str {
    match field {
        Field::Reference => {
            "Votre clé de l’activité, 40 caractères au plus, unique dans la déclaration\u{a0}; donnée par e-APD si vide"
        }
        Field::Title => "Titre public de l’activité",
        Field::Recipient => "Code CAD, code ISO à trois lettres ou nom français (voir la liste)",
        Field::Purpose => {
            "Code-objet à cinq chiffres ou libellé (voir la liste)\u{a0}; déduit de la nature si elle le permet"
        }
        Field::Channel => {
            "Code du canal à cinq chiffres ou libellé (voir la liste)\u{a0}; déduit de la nature si elle le permet"
        }
        Field::Nature => "Code ou libellé de la nature de dépense (voir la liste)",
        Field::AidType => "Code du type d’aide\u{a0}; déduit de la nature si vide",
        Field::AmountPaid => "Euros versés dans l’exercice, deux décimales au plus, supérieur à 0",
        Field::CofinancingReceived => {
            "Euros supportés par d’autres que la collectivité, au plus le montant versé"
        }
        Field::CofinancingState | Field::CofinancingCollectivities | Field::CofinancingOthers => {
            "Euros\u{a0}; les trois parts font ensemble les cofinancements reçus"
        }
        Field::ServiceCosts => "Euros, compris dans le montant versé",
        Field::AmountCommitted => "Euros\u{a0}; le montant versé si vide",
        Field::PaidOn => "AAAA-MM-JJ ou JJ/MM/AAAA, dans l’exercice",
        Field::StartsOn | Field::EndsOn => "AAAA-MM-JJ ou JJ/MM/AAAA",
        Field::Organisation => "Nom de l’organisme qui a reçu le versement",
        Field::OrganisationSiren => "SIREN (9 chiffres) ou SIRET (14 chiffres)",
        Field::Description => "20\u{202f}000 caractères au plus\u{a0}; jamais publiée",
        Field::Place => "100 caractères au plus\u{a0}; jamais publiée",
        Field::OnePercentLaw => "eau, dechets, energie, ou vide",
        Field::MarkerDesertification => "0, 1, 2, 3, ou vide si non examiné",
        Field::MarkerGender
        | Field::MarkerEnvironment
        | Field::MarkerBiodiversity
        | Field::MarkerMitigation
        | Field::MarkerAdaptation
        | Field::MarkerNutrition
        | Field::MarkerInclusion => "0 non visé, 1 significatif, 2 principal, ou vide si non examiné",
        Field::Sdg => "Objectifs (6) ou cibles (6.1), séparés par «\u{a0}|\u{a0}»",
        Field::CrsProject => "Identifiant CRS d’une année antérieure",
    }
}

fn codes(book: &mut Book, codes: &CodeLists, year: FlowYear) -> Result<Sheet> {
    let mut sheet = book.sheet("Codes")?;
    sheet.columns([(22, Style::Text), (28, Style::Code), (90, Style::Text)])?;
    sheet.header(0, ["Colonne", "Code", "Libellé"])?;
    sheet.freeze(1, 0)?;
    let number = year.get();
    let mut place = 0_u32;
    let mut entry = |field: Field, code: &str, name: &str| -> Result<()> {
        place = place.saturating_add(1);
        sheet.cell(place, 0, Cell::Text(field.header()))?;
        sheet.cell(place, 1, Cell::Text(code))?;
        sheet.cell(place, 2, Cell::Text(name))
    };
    for row in codes.natures().iter().filter(|row| row.years().contains(number)) {
        entry(Field::Nature, row.code.as_str(), &row.name_fr)?;
    }
    for row in codes.recipients().iter().filter(|row| row.years().contains(number)) {
        entry(Field::Recipient, row.code.as_str(), &row.name_fr)?;
    }
    for row in codes.purposes().iter().filter(|row| is_declared(*row, number)) {
        entry(Field::Purpose, row.code.as_str(), &row.name_fr)?;
    }
    for row in codes.channels().iter().filter(|row| is_declared(*row, number)) {
        entry(Field::Channel, row.code.as_str(), &row.name_fr)?;
    }
    for row in codes.aid_types().iter().filter(|row| is_declared(*row, number)) {
        entry(Field::AidType, row.code.as_str(), &row.name_fr)?;
    }
    sheet.filter(0, place, 2)?;
    Ok(sheet)
}

pub(super) fn is_declared(row: &impl Declarable, year: u16) -> bool {
    row.years().contains(year) && row.is_declarable(year)
}
