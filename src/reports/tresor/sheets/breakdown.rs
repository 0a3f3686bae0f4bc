//! Sheet 2: own resources by region and category of collectivities, exact euros.

use crate::domain::codes::Row;
use crate::domain::collectivity::HORS;
use crate::domain::euros::Euros;
use crate::domain::scope::region_name;
use crate::reports::tresor::TITLE;
use crate::reports::tresor::sheets::{sum_across, sum_of};
use crate::reports::tresor::tally::Tally;
use crate::reports::xlsx::Book;
use crate::reports::xlsx::Style;
use crate::reports::xlsx::{Cell, Sheet};
use crate::reports::{Context, ReportError, Result};

/// Columns before the categories: code and name of the region.
const BEFORE: u16 = 2;

/// Writes the breakdown; `HORS` is a region among the others (rule 10).
///
/// # Errors
/// When a cell cannot be written, or a sum leaves the range.
pub fn breakdown(book: &mut Book, tally: &Tally, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Catégories et régions")?;
    // A body of no category has a column of its own, so that nothing is lost.
    let mut categories: Vec<(&str, &str)> =
        context.codes.categories().iter().map(|category| (&*category.code, &*category.name_fr)).collect();
    if tally.regions().any(|region| tally.breakdown("", region).is_some()) {
        categories.push(("", "Sans catégorie"));
    }
    let count = u16::try_from(categories.len()).unwrap_or_default();
    let regions = regions(tally, context);

    let numbers = (0..=count).map(|_| (19, Style::Euros));
    sheet.columns([(9, Style::Code), (30, Style::Text)].into_iter().chain(numbers))?;
    let title = format!("{TITLE}\u{a0}: ressources propres par région et catégorie");
    let header = sheet.title(&title, "euros", context)?;
    sheet.height(header, 48)?;
    let names = ["Code", "Région"].into_iter().chain(categories.iter().map(|(_, name)| *name));
    sheet.header(header, names.chain(["Total"]))?;
    let first = header.saturating_add(1);
    sheet.freeze(first, BEFORE)?;
    sheet.print((header, header), &title, context)?;

    let total_column = BEFORE.saturating_add(count);
    let mut by_category = vec![Euros::ZERO; categories.len()];
    let mut place = first;
    for region in &regions {
        sheet.cell(place, 0, Cell::Text(region))?;
        sheet.cell(place, 1, Cell::Text(&region_name(region, &context.codes)))?;
        let mut of_region = Euros::ZERO;
        for ((column, (category, _)), sum) in (BEFORE..).zip(&categories).zip(&mut by_category) {
            let Some(cell) = tally.breakdown(category, region) else { continue };
            sheet.cell(place, column, Cell::Euros(cell))?;
            of_region = of_region.checked_add(cell).ok_or(ReportError::OutOfRange)?;
            *sum = sum.checked_add(cell).ok_or(ReportError::OutOfRange)?;
        }
        let formula = sum_across(place, BEFORE, total_column.saturating_sub(1));
        sheet.put(place, total_column, Cell::Formula(&formula, &of_region.to_plain()), Style::TotalEuros)?;
        place = place.saturating_add(1);
    }
    let rows: Vec<u32> = (first..place).collect();
    sheet.put(place, 0, Cell::Blank, Style::GrandText)?;
    sheet.put(place, 1, Cell::Text("Total"), Style::GrandText)?;
    let whole = Euros::checked_sum(by_category.iter().copied()).ok_or(ReportError::OutOfRange)?;
    for (column, sum) in (BEFORE..).zip(by_category.into_iter().chain([whole])) {
        let formula = sum_of(&rows, column);
        sheet.put(place, column, Cell::Formula(&formula, &sum.to_plain()), Style::GrandEuros)?;
    }
    Ok(sheet)
}

/// The regions of the flow year that the scope holds, and any other with a figure; `HORS` last.
fn regions(tally: &Tally, context: &Context) -> Vec<String> {
    let year = context.flow_year.get();
    let of_year = context.codes.regions().iter().filter(|region| region.years().contains(year));
    let mut codes: Vec<String> = of_year
        .map(|region| region.code.to_string())
        .filter(|code| context.scope.holds(code, &context.codes))
        .chain(tally.regions().map(str::to_owned))
        .collect();
    codes.sort_by_key(|code| (code == HORS, code.clone()));
    codes.dedup();
    codes
}
