//! The cells of a sheet, row by row.

use quick_xml::events::{BytesStart, Event};

use super::date::{self, NoDay};
use super::package::Package;
use super::strings::{Strings, rich_text, unescaped};
use super::styles::Format;
use super::xml::{Part, add_text, attribute, attributes};
use super::{column_name, damaged, number};
use crate::domain::day::Day;
use crate::imports::catalogue;
use crate::imports::error::{FileError, quoted};
use crate::imports::limits::Limits;
use crate::imports::table::{Builder, Content, Unusable};

/// What the cells of a sheet refer to.
#[derive(Debug)]
pub(super) struct Context<'w> {
    pub strings: &'w Strings,
    pub formats: &'w [Format],
    pub from_1904: bool,
}

/// The largest row and column numbers of the format, from 1.
const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: u32 = 16_384;

pub(super) fn read(
    package: &mut Package<'_>,
    name: &str,
    context: &Context<'_>,
    limits: &Limits,
    builder: &mut Builder<'_>,
) -> Result<(), FileError> {
    let mut part = package.part(name)?.ok_or_else(|| damaged("feuille introuvable"))?;
    let mut row = 0_u32;
    let mut cells: Vec<Content> = Vec::new();
    let mut next_column = 0_u32;
    loop {
        match part.next()? {
            Event::Start(element) if element.local_name().as_ref() == "row" => {
                let number = match attribute(&element, "r")? {
                    Some(text) => text.trim().parse().map_err(|_error| damaged("numéro de ligne"))?,
                    None => row.saturating_add(1),
                };
                if number <= row || number > LAST_ROW {
                    return Err(damaged("lignes en désordre"));
                }
                (row, next_column) = (number, 0);
                cells.clear();
            }
            Event::Start(element) if element.local_name().as_ref() == "c" => {
                let cell = Cell::of(&element, row)?;
                let column = cell.column.unwrap_or(next_column);
                if column < next_column || column >= LAST_COLUMN {
                    return Err(damaged("cellules en désordre"));
                }
                next_column = column.saturating_add(1);
                let found = cell.read(&mut part, context, (row, column))?;
                put(&mut cells, column, found, limits);
            }
            Event::End(element) if element.local_name().as_ref() == "row" => {
                builder.push(row, std::mem::take(&mut cells))?;
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Keeps the place of a cell, except beyond the columns a table may have:
/// there one place is enough to say that the row holds too much.
fn put(cells: &mut Vec<Content>, column: u32, content: Content, limits: &Limits) {
    if matches!(&content, Content::Text(text) if text.is_empty()) {
        return;
    }
    let column = usize::try_from(column).unwrap_or(usize::MAX).min(limits.columns);
    if column >= cells.len() {
        cells.resize_with(column, || Content::Text(String::new()));
        cells.push(content);
    }
}

/// The column, from 0, of an address such as `AB12`, whose row is known.
fn column_of(reference: &str, row: u32) -> Option<u32> {
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = reference.split_at(digits);
    if number.parse::<u32>().ok()? != row || letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let value = letter.to_ascii_uppercase().checked_sub(b'A').filter(|value| *value < 26)?;
        column = column.checked_mul(26)?.checked_add(u32::from(value))?.checked_add(1)?;
    }
    column.checked_sub(1)
}

/// The types that a cell may declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    /// The number of a text that cells share.
    Shared,
    /// A text in the cell itself.
    Inline,
    /// The text that a formula gave.
    Computed,
    Day,
    Boolean,
    Error,
}

/// The attributes of a cell.
struct Cell {
    column: Option<u32>,
    kind: Kind,
    style: usize,
}

impl Cell {
    fn of(element: &BytesStart<'_>, row: u32) -> Result<Self, FileError> {
        let [reference, style, kind] = attributes(element, ["r", "s", "t"])?;
        let place = |text: &str| column_of(text, row).ok_or_else(|| damaged("adresse de cellule"));
        Ok(Self {
            column: reference.as_deref().map(place).transpose()?,
            kind: match kind.as_deref() {
                None | Some("n") => Kind::Number,
                Some("s") => Kind::Shared,
                Some("inlineStr") => Kind::Inline,
                Some("str") => Kind::Computed,
                Some("d") => Kind::Day,
                Some("b") => Kind::Boolean,
                Some("e") => Kind::Error,
                Some(_) => return Err(damaged("type de cellule inconnu")),
            },
            style: style.and_then(|style| style.trim().parse().ok()).unwrap_or_default(),
        })
    }

    /// Reads up to the end of the cell.
    fn read(&self, part: &mut Part<'_>, context: &Context<'_>, at: (u32, u32)) -> Result<Content, FileError> {
        let (mut value, mut inline, mut formula, mut has_value) = (String::new(), None, false, false);
        let mut in_value = false;
        loop {
            let event = part.next()?;
            match &event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "v" => (in_value, has_value) = (true, true),
                    "f" => formula = true,
                    "is" => {
                        drop(event);
                        inline = Some(rich_text(part, "is")?);
                    }
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "v" => in_value = false,
                    "c" => break,
                    _ => {}
                },
                Event::Eof => return Err(damaged("cellule inachevée")),
                event if in_value => add_text(&mut value, event)?,
                _ => {}
            }
        }
        if let Some(inline) = inline {
            return Ok(Content::Text(inline));
        }
        // A formula may well give an empty text; without a value it was never computed.
        if formula && value.is_empty() && !(has_value && self.kind == Kind::Computed) {
            let message = format!("la cellule {} contient une formule sans résultat enregistré", address(at));
            let hint = "ouvrez le fichier dans un tableur et enregistrez-le, ou écrivez la valeur";
            return Ok(unusable(catalogue::NO_CACHED_VALUE, "", message, hint));
        }
        self.content(value, context, at)
    }

    fn content(&self, value: String, context: &Context<'_>, at: (u32, u32)) -> Result<Content, FileError> {
        let shown = value.trim();
        if shown.is_empty() && self.kind != Kind::Computed {
            return Ok(Content::Text(String::new()));
        }
        Ok(match self.kind {
            Kind::Shared => {
                let index = shown.parse().map_err(|_error| damaged("numéro de texte"))?;
                let text = context.strings.get(index).ok_or_else(|| damaged("texte introuvable"))?;
                Content::Text(text.to_owned())
            }
            Kind::Number => self.number(shown, context, at),
            Kind::Day => day(date::of_iso(shown), shown, at),
            Kind::Boolean => {
                let shown = if matches!(shown, "1" | "true") { "VRAI" } else { "FAUX" };
                let message = format!(
                    "la cellule {} contient {shown}, une valeur logique et non un texte",
                    address(at)
                );
                unusable(catalogue::BOOLEAN, shown, message, "écrivez la valeur attendue en toutes lettres")
            }
            Kind::Error => {
                let message = format!("la cellule {} affiche l’erreur {}", address(at), quoted(shown));
                unusable(catalogue::ERROR_VALUE, shown, message, "corrigez la formule ou écrivez la valeur")
            }
            // Already read, or repeated beside the text it stands for.
            Kind::Inline | Kind::Computed => Content::Text(unescaped(value)),
        })
    }

    fn number(&self, shown: &str, context: &Context<'_>, at: (u32, u32)) -> Content {
        let format = context.formats.get(self.style).copied().unwrap_or(Format::Number);
        let parsed = shown.parse::<f64>().ok();
        let Some((value, text)) = parsed.and_then(|value| Some((value, number::to_text(value)?))) else {
            let message = format!("la cellule {} n’est pas un nombre\u{a0}: {}", address(at), quoted(shown));
            return unusable(catalogue::NUMBER_CELL, shown, message, "écrivez-la de nouveau");
        };
        match format {
            Format::Number => Content::Text(text),
            Format::Date => day(date::of_serial(value, context.from_1904), &text, at),
            Format::Duration => day(Err(NoDay::Time), &text, at),
        }
    }
}

fn day(day: Result<Day, NoDay>, shown: &str, at: (u32, u32)) -> Content {
    let what = match day {
        Ok(day) => return Content::Text(day.to_iso()),
        Err(NoDay::Time) => "contient une heure ou une durée",
        Err(NoDay::Unknown) => "est au format date et ne correspond à aucun jour",
    };
    let message = format!("la cellule {} {what}", address(at));
    unusable(catalogue::DATE_CELL, shown, message, "écrivez le jour seul, par exemple 12/05/2013")
}

fn unusable(code: &'static str, value: &str, message: String, hint: &'static str) -> Content {
    Content::Unusable(Unusable { code, value: value.to_owned(), message, hint })
}

/// The address as the spreadsheet shows it.
fn address((row, column): (u32, u32)) -> String {
    format!("{}{row}", column_name(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_and_refuses_false_ones() {
        assert_eq!(column_of("A1", 1), Some(0));
        assert_eq!(column_of("ab12", 12), Some(27));
        assert_eq!(column_of("XFD3", 3), Some(16_383));
        for wrong in ["", "A", "1", "A2", "AAAA1", "É1", "A1B", "A99999999999"] {
            assert_eq!(column_of(wrong, 1), None, "{wrong}");
        }
        assert_eq!(address((12, 27)), "AB12");
    }
}
