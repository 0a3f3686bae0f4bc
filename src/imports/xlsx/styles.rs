//! Which formats show a number as a date: nothing else in a workbook tells.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::package::Package;
use super::xml::{attribute, attributes};
use crate::imports::error::FileError;

/// What a number format shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Number,
    Date,
    Duration,
}

/// The formats by the number that cells refer to.
pub(super) fn read(package: &mut Package<'_>, name: Option<&str>) -> Result<Vec<Format>, FileError> {
    let mut formats = Vec::new();
    let Some(name) = name else { return Ok(formats) };
    let Some(mut part) = package.part(name)? else { return Ok(formats) };
    let mut custom: HashMap<u32, Format> = HashMap::new();
    let mut in_cells = false;
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "cellXfs" => in_cells = true,
                "numFmt" => {
                    let [id, code] = attributes(&element, ["numFmtId", "formatCode"])?;
                    let id = id.and_then(|id| id.trim().parse().ok());
                    if let (Some(id), Some(code)) = (id, code) {
                        custom.insert(id, of_code(&code));
                    }
                }
                "xf" if in_cells => {
                    let id = attribute(&element, "numFmtId")?.and_then(|id| id.trim().parse().ok());
                    let id: u32 = id.unwrap_or_default();
                    formats.push(custom.get(&id).copied().unwrap_or_else(|| built_in(id)));
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}

/// The formats that every spreadsheet knows by number (ECMA-376, 18.8.30).
fn built_in(id: u32) -> Format {
    match id {
        46 => Format::Duration,
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Format::Date,
        _ => Format::Number,
    }
}

/// What a format code shows: a date where its first section has a letter of
/// date or time outside quotes, escapes and brackets; a duration where brackets
/// hold hours, minutes or seconds.
fn of_code(code: &str) -> Format {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => break,
            // What follows is shown, skipped over or repeated as it is.
            '\\' | '_' | '*' => {
                letters.next();
            }
            '"' => {
                letters.find(|c| *c == '"');
            }
            '[' => {
                let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                let inside = inside.to_ascii_lowercase();
                if !inside.is_empty() && ['h', 'm', 's'].iter().any(|u| inside.chars().all(|c| c == *u)) {
                    return Format::Duration;
                }
            }
            letter if matches!(letter.to_ascii_lowercase(), 'd' | 'm' | 'y' | 'h' | 's') => {
                return Format::Date;
            }
            _ => {}
        }
    }
    Format::Number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_dates_from_amounts() {
        for code in
            ["dd/mm/yyyy", "[$-40C]d mmmm yyyy;@", "yyyy\\-mm\\-dd", "h:mm", "*-yyyy", "m\"M\"d\"D\";@"]
        {
            assert_eq!(of_code(code), Format::Date, "{code}");
        }
        for code in [
            "General",
            "#,##0.00\\ \"€\"",
            "#,##0.00\\ [$€-40C];[Red]\\-#,##0.00\\ [$€-40C]",
            "_-* #,##0.00\\ _€_-;\\-* #,##0.00\\ _€_-",
            "0.00\" jours\"",
            "\\Y000000",
            "#,##0*y",
            "0%",
            "0.00E+00",
            "@",
            "[>=100][Magenta]General",
            "0;\"dd/mm\"",
        ] {
            assert_eq!(of_code(code), Format::Number, "{code}");
        }
        for code in ["[h]:mm:ss", "[mm]", "[Blue]\\+[h]:mm"] {
            assert_eq!(of_code(code), Format::Duration, "{code}");
        }
        assert_eq!(
            (built_in(14), built_in(2), built_in(46)),
            (Format::Date, Format::Number, Format::Duration)
        );
    }
}
