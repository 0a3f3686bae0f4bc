//! `content.xml`: the styles in use, the sheets, what can be filtered.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rust_xlsxwriter::utility::row_col_to_cell;

use crate::reports::ods::formula::open_formula;
use crate::reports::ods::grid::{Grid, Held, Said};
use crate::reports::ods::{NAMESPACES, looks};
use crate::reports::xlsx::Style;
use crate::reports::xml::{Attribute, Xml};

/// Points of a row of one line.
const HEIGHT: u16 = 13;
/// Millimetres of a character of a column.
const CHARACTER: u16 = 2;

/// The part.
pub(super) fn content(grids: &[Grid]) -> io::Result<Vec<u8>> {
    let mut out = vec![];
    let mut xml = Xml::on_one_line(&mut out)?;
    xml.open("office:document-content", &NAMESPACES)?;
    xml.open("office:automatic-styles", &[])?;
    styles(&mut xml, grids)?;
    xml.close("office:automatic-styles")?;
    xml.open("office:body", &[])?;
    xml.open("office:spreadsheet", &[])?;
    for (index, grid) in grids.iter().enumerate() {
        table(&mut xml, index, grid)?;
    }
    filters(&mut xml, grids)?;
    xml.close("office:spreadsheet")?;
    xml.close("office:body")?;
    xml.close("office:document-content")?;
    xml.end()?;
    Ok(out)
}

fn styles<W: Write>(xml: &mut Xml<W>, grids: &[Grid]) -> io::Result<()> {
    let mut widths: Vec<u16> = grids.iter().flat_map(|grid| &grid.columns).map(|(width, _)| *width).collect();
    widths.sort_unstable();
    widths.dedup();
    for width in widths {
        let (name, millimetres) = (format!("co-{width}"), format!("{}mm", width.saturating_mul(CHARACTER)));
        xml.open("style:style", &[("style:name", &name), ("style:family", "table-column")])?;
        xml.empty("style:table-column-properties", &[("style:column-width", &millimetres)])?;
        xml.close("style:style")?;
    }
    let mut heights: Vec<u16> = grids.iter().flat_map(|grid| grid.heights.values().copied()).collect();
    heights.push(HEIGHT);
    heights.sort_unstable();
    heights.dedup();
    for points in heights {
        let (name, height) = (format!("ro-{points}"), format!("{points}pt"));
        let is_optimal = if points == HEIGHT { "true" } else { "false" };
        xml.open("style:style", &[("style:name", &name), ("style:family", "table-row")])?;
        let of = [("style:row-height", &*height), ("style:use-optimal-row-height", is_optimal)];
        xml.empty("style:table-row-properties", &of)?;
        xml.close("style:style")?;
    }
    for index in 0..grids.len() {
        let (name, page) = (format!("ta-{index}"), format!("page-{index}"));
        let of = [("style:name", &*name), ("style:family", "table"), ("style:master-page-name", &page)];
        xml.open("style:style", &of)?;
        xml.empty("style:table-properties", &[("table:display", "true")])?;
        xml.close("style:style")?;
    }
    looks::data_styles(xml)?;
    let of_columns = grids.iter().flat_map(|grid| &grid.columns).map(|(_, style)| *style);
    let of_cells =
        grids.iter().flat_map(|grid| grid.rows.values()).flat_map(|row| row.values().map(|held| held.style));
    let used: BTreeMap<String, Style> =
        of_columns.chain(of_cells).map(|style| (looks::name(style), style)).collect();
    for style in used.into_values() {
        looks::style(xml, style)?;
    }
    Ok(())
}

fn table<W: Write>(xml: &mut Xml<W>, index: usize, grid: &Grid) -> io::Result<()> {
    let style = format!("ta-{index}");
    xml.open("table:table", &[("table:name", &grid.name), ("table:style-name", &style)])?;
    for (width, style) in &grid.columns {
        let (width, style) = (format!("co-{width}"), looks::name(*style));
        let of = [("table:style-name", &*width), ("table:default-cell-style-name", &style)];
        xml.empty("table:table-column", &of)?;
    }
    let end = grid.rows.keys().next_back().map_or(0, |last| last.saturating_add(1));
    let repeated = grid.repeated.filter(|(first, last)| first <= last && *last < end);
    match repeated {
        Some((first, last)) => {
            rows(xml, grid, 0, first)?;
            xml.open("table:table-header-rows", &[])?;
            rows(xml, grid, first, last.saturating_add(1))?;
            xml.close("table:table-header-rows")?;
            rows(xml, grid, last.saturating_add(1), end)?;
        }
        None => rows(xml, grid, 0, end)?,
    }
    xml.close("table:table")
}

/// Writes the rows from `first` to before `end`, those without a cell included.
fn rows<W: Write>(xml: &mut Xml<W>, grid: &Grid, first: u32, end: u32) -> io::Result<()> {
    let mut next = first;
    for (row, cells) in grid.rows.range(first..end) {
        empty_rows(xml, row.saturating_sub(next))?;
        let height = format!("ro-{}", grid.heights.get(row).copied().unwrap_or(HEIGHT));
        xml.open("table:table-row", &[("table:style-name", &height)])?;
        let mut column = 0_u16;
        for (at, held) in cells {
            let gap = at.saturating_sub(column);
            if gap > 0 {
                xml.empty("table:table-cell", &[("table:number-columns-repeated", &gap.to_string())])?;
            }
            cell(xml, held)?;
            column = at.saturating_add(1);
        }
        xml.close("table:table-row")?;
        next = row.saturating_add(1);
    }
    empty_rows(xml, end.saturating_sub(next))
}

fn empty_rows<W: Write>(xml: &mut Xml<W>, count: u32) -> io::Result<()> {
    if count == 0 {
        return Ok(());
    }
    let (count, height) = (count.to_string(), format!("ro-{HEIGHT}"));
    xml.open("table:table-row", &[("table:style-name", &height), ("table:number-rows-repeated", &count)])?;
    xml.empty("table:table-cell", &[])?;
    xml.close("table:table-row")
}

fn cell<W: Write>(xml: &mut Xml<W>, Held { said, style }: &Held) -> io::Result<()> {
    let style = looks::name(*style);
    let styled = ("table:style-name", style.as_str());
    match said {
        Said::Blank => xml.empty("table:table-cell", &[styled]),
        Said::Text(text) => {
            xml.open("table:table-cell", &[styled, ("office:value-type", "string")])?;
            xml.element("text:p", &[], text)?;
            xml.close("table:table-cell")
        }
        Said::Number(value) => number(xml, &[styled, FLOAT, ("office:value", value)], value),
        Said::Day(day) => {
            let day = day.to_iso();
            let of = [styled, ("office:value-type", "date"), ("office:date-value", &day)];
            number(xml, &of, &day)
        }
        Said::Formula(formula, value) => {
            let formula = open_formula(formula);
            let of = [styled, ("table:formula", &formula), FLOAT, ("office:value", value)];
            number(xml, &of, value)
        }
    }
}

const FLOAT: Attribute<'static> = ("office:value-type", "float");

fn number<W: Write>(xml: &mut Xml<W>, of: &[Attribute<'_>], shown: &str) -> io::Result<()> {
    xml.open("table:table-cell", of)?;
    xml.element("text:p", &[], shown)?;
    xml.close("table:table-cell")
}

fn filters<W: Write>(xml: &mut Xml<W>, grids: &[Grid]) -> io::Result<()> {
    let filtered: Vec<_> = grids.iter().filter_map(|grid| Some((grid, grid.filtered?))).collect();
    if filtered.is_empty() {
        return Ok(());
    }
    xml.open("table:database-ranges", &[])?;
    for (index, (grid, (header, last_row, last_column))) in filtered.into_iter().enumerate() {
        let (first, last) = (row_col_to_cell(header, 0), row_col_to_cell(last_row, last_column));
        let range = format!("'{0}'.{first}:'{0}'.{last}", grid.name);
        let name = format!("filtre_{index}");
        let of = [
            ("table:name", &*name),
            ("table:target-range-address", &range),
            ("table:display-filter-buttons", "true"),
        ];
        xml.empty("table:database-range", &of)?;
    }
    xml.close("table:database-ranges")
}
