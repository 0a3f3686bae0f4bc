//! The styles of cells, as those of the workbooks (`reports/xlsx/style.rs`).

use std::io::{self, Write};

use crate::reports::xlsx::Style;
use crate::reports::xml::{Attribute, Xml};

/// The colours of the workbooks.
const BLUE: &str = "#000091";
const PALE: &str = "#e3e3fd";
const WHITE: &str = "#ffffff";

/// The name of a style in the document.
pub(super) fn name(style: Style) -> String {
    format!("ce-{style:?}")
}

/// How numbers of a style are written, by the name of a data style.
const fn data(style: Style) -> Option<&'static str> {
    match style {
        Style::Whole | Style::TotalWhole | Style::GrandWhole => Some("n-whole"),
        Style::Euros | Style::TotalEuros | Style::GrandEuros => Some("n-euros"),
        Style::PlainEuros => Some("n-plain"),
        Style::Percent => Some("n-percent"),
        Style::Day => Some("n-day"),
        Style::Code | Style::Remark => Some("n-text"),
        _ => None,
    }
}

/// Numbers are shown as in France, whatever the language of the program.
const FRENCH: [Attribute<'static>; 2] = [("number:language", "fr"), ("number:country", "FR")];
const BOLD: Attribute<'static> = ("fo:font-weight", "bold");

/// The properties of the text, of the cell and of the paragraph.
const fn properties(
    style: Style,
) -> (&'static [Attribute<'static>], &'static [Attribute<'static>], &'static [Attribute<'static>]) {
    match style {
        Style::Title => (&[BOLD, ("fo:font-size", "14pt"), ("fo:color", BLUE)], &[], &[]),
        Style::Note => (&[("fo:color", "#666666")], &[], &[]),
        Style::Alert => (&[BOLD, ("fo:color", "#b34000")], &[], &[]),
        Style::Header => (
            &[BOLD, ("fo:color", WHITE)],
            &[
                ("fo:background-color", BLUE),
                ("fo:wrap-option", "wrap"),
                ("style:vertical-align", "middle"),
                ("fo:border", "0.5pt solid #c0c0c0"),
            ],
            &[("fo:text-align", "center")],
        ),
        Style::OptionalHeader => (
            &[BOLD, ("fo:color", BLUE)],
            &[("fo:background-color", PALE), ("fo:wrap-option", "wrap")],
            &[("fo:text-align", "center")],
        ),
        Style::Section => (&[BOLD, ("fo:color", BLUE)], &[("fo:border-bottom", "0.5pt solid #000000")], &[]),
        Style::SectionRight => (
            &[BOLD, ("fo:color", BLUE)],
            &[("fo:border-bottom", "0.5pt solid #000000")],
            &[("fo:text-align", "end")],
        ),
        Style::Area => (&[BOLD, ("fo:color", BLUE)], &[], &[]),
        Style::Wrapped | Style::Remark => {
            (&[], &[("fo:wrap-option", "wrap"), ("style:vertical-align", "top")], &[])
        }
        Style::TotalText | Style::TotalWhole | Style::TotalEuros => {
            (&[BOLD], &[("fo:background-color", PALE)], &[])
        }
        Style::GrandText | Style::GrandWhole | Style::GrandEuros => {
            (&[BOLD, ("fo:color", WHITE)], &[("fo:background-color", BLUE)], &[])
        }
        Style::Text
        | Style::Code
        | Style::Whole
        | Style::Euros
        | Style::Percent
        | Style::PlainEuros
        | Style::Day => (&[], &[], &[]),
    }
}

/// Writes the data styles, which all books share.
pub(super) fn data_styles<W: Write>(xml: &mut Xml<W>) -> io::Result<()> {
    for (name, decimals, grouping) in [
        ("n-whole", "0", "true"),
        ("n-euros", "2", "true"),
        ("n-plain", "2", "false"),
        ("n-percent", "1", "false"),
    ] {
        xml.open("number:number-style", &[("style:name", name), FRENCH[0], FRENCH[1]])?;
        let of = [
            ("number:decimal-places", decimals),
            ("number:min-decimal-places", decimals),
            ("number:min-integer-digits", "1"),
            ("number:grouping", grouping),
        ];
        xml.empty("number:number", &of)?;
        xml.close("number:number-style")?;
    }
    xml.open("number:date-style", &[("style:name", "n-day")])?;
    xml.empty("number:day", &[("number:style", "long")])?;
    xml.element("number:text", &[], "/")?;
    xml.empty("number:month", &[("number:style", "long")])?;
    xml.element("number:text", &[], "/")?;
    xml.empty("number:year", &[("number:style", "long")])?;
    xml.close("number:date-style")?;
    xml.open("number:text-style", &[("style:name", "n-text")])?;
    xml.empty("number:text-content", &[])?;
    xml.close("number:text-style")
}

/// Writes a style.
pub(super) fn style<W: Write>(xml: &mut Xml<W>, style: Style) -> io::Result<()> {
    let name = name(style);
    let mut of = vec![("style:name", name.as_str()), ("style:family", "table-cell")];
    of.extend([("style:parent-style-name", "Default")]);
    of.extend(data(style).map(|data| ("style:data-style-name", data)));
    xml.open("style:style", &of)?;
    let (text, cell, paragraph) = properties(style);
    // The standard wants them in this order.
    for (element, of) in [
        ("style:table-cell-properties", cell),
        ("style:paragraph-properties", paragraph),
        ("style:text-properties", text),
    ] {
        if !of.is_empty() {
            xml.empty(element, of)?;
        }
    }
    xml.close("style:style")
}
