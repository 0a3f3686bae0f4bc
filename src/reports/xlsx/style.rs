//! The formats of cells: few, the same in every workbook.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Title of a sheet.
    Title,
    /// What stands under a title.
    Note,
    /// What must be seen: PROVISOIRE.
    Alert,
    /// Header of a column.
    Header,
    /// Header of a column that may stay empty.
    OptionalHeader,
    /// Title of a section.
    Section,
    /// Title of a column of figures in a section.
    SectionRight,
    /// Name of an area.
    Area,
    /// Text.
    Text,
    /// Text over several lines.
    Wrapped,
    /// What is said of a row.
    Remark,
    /// Text that stays text when a person types over it: codes, SIREN.
    Code,
    /// Whole number.
    Whole,
    /// Euros and cents.
    Euros,
    /// Percents with one decimal.
    Percent,
    /// Euros and cents, for files that are edited: no separator of thousands.
    PlainEuros,
    /// Day.
    Day,
    /// Text of a total.
    TotalText,
    /// Whole number of a total.
    TotalWhole,
    /// Euros and cents of a total.
    TotalEuros,
    /// Text of the grand total.
    GrandText,
    /// Whole number of the grand total.
    GrandWhole,
    /// Euros and cents of the grand total.
    GrandEuros,
}

/// What a colour says of a cell; a text says it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// It is wrong.
    Error,
    /// It deserves a look.
    Warning,
}

impl Mark {
    /// The colour behind the cell; dark text stays readable on it.
    pub(super) const fn colour(self) -> Color {
        match self {
            Self::Error => Color::RGB(0x00FF_CCCC),
            Self::Warning => Color::RGB(0x00FF_EEAA),
        }
    }
}

const BLUE: Color = Color::RGB(0x0000_0091);
const PALE: Color = Color::RGB(0x00E3_E3FD);
const GREY: Color = Color::RGB(0x0066_6666);
const RED: Color = Color::RGB(0x00B3_4000);
const RULE: Color = Color::RGB(0x00C0_C0C0);

// A workbook stores formats in the notation of the United States; a French
// spreadsheet shows `1 234,56`.
const WHOLE: &str = "#,##0";
const EUROS: &str = "#,##0.00";

impl Style {
    /// The format in the workbook.
    #[must_use]
    pub fn format(self) -> Format {
        let plain = Format::new();
        let total = || Format::new().set_bold().set_background_color(PALE);
        let grand = || Format::new().set_bold().set_background_color(BLUE).set_font_color(Color::White);
        match self {
            Self::Title => plain.set_bold().set_font_size(14).set_font_color(BLUE),
            Self::Note => plain.set_font_color(GREY),
            Self::Alert => plain.set_bold().set_font_color(RED),
            Self::Header => plain
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(BLUE)
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_border(FormatBorder::Thin)
                .set_border_color(RULE),
            Self::OptionalHeader => Self::Header.format().set_font_color(BLUE).set_background_color(PALE),
            Self::Wrapped => plain.set_text_wrap().set_align(FormatAlign::Top),
            Self::Remark => plain.set_num_format("@").set_text_wrap().set_align(FormatAlign::Top),
            Self::Section => plain.set_bold().set_font_color(BLUE).set_border_bottom(FormatBorder::Thin),
            Self::SectionRight => Self::Section.format().set_align(FormatAlign::Right),
            Self::Area => plain.set_bold().set_font_color(BLUE),
            Self::Text => plain,
            Self::Code => plain.set_num_format("@").set_indent(1),
            Self::Whole => plain.set_num_format(WHOLE),
            Self::Euros => plain.set_num_format(EUROS),
            Self::Percent => plain.set_num_format("0.0"),
            Self::PlainEuros => plain.set_num_format("0.00"),
            Self::Day => plain.set_num_format("dd/mm/yyyy").set_indent(1),
            Self::TotalText => total(),
            Self::TotalWhole => total().set_num_format(WHOLE),
            Self::TotalEuros => total().set_num_format(EUROS),
            Self::GrandText => grand(),
            Self::GrandWhole => grand().set_num_format(WHOLE),
            Self::GrandEuros => grand().set_num_format(EUROS),
        }
    }
}
