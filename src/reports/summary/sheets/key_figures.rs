//! Sheet 1: what is said first of a territory, beside the year before.

use crate::domain::summary::{Counts, Share, Sum, Summary};
use crate::reports::summary::TITLE;
use crate::reports::summary::sheets::{Amount, euros, share};
use crate::reports::xlsx::{Book, Cell, Sheet, Style};
use crate::reports::{Context, Result};

/// Writes the key figures.
///
/// # Errors
/// When a cell cannot be written.
pub fn key_figures(book: &mut Book, summary: &Summary, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Synthèse")?;
    sheet.columns([
        (58, Style::Text),
        (20, Style::Euros),
        (20, Style::Euros),
        (20, Style::Euros),
        (14, Style::Text),
    ])?;
    let mut row = sheet.title(TITLE, "euros", context)?;
    sheet.print((row, row), TITLE, context)?;
    let before = summary.flow_year.get().saturating_sub(1).to_string();
    let now = summary.flow_year.to_string();
    sheet.header(row, ["Montants", &now, &before, "Évolution", "Évolution (%)"])?;
    let amounts: [(&str, Amount); 3] = [
        ("Ressources propres, aide aux réfugiés comprise", |sum| sum.own),
        ("dont accueil de réfugiés en France", |sum| sum.refugees),
        ("Ressources propres hors aide aux réfugiés", Sum::without_refugees),
    ];
    for (label, amount) in amounts {
        row = row.saturating_add(1);
        let (now, before) = (amount(summary.total), summary.before.map(amount));
        sheet.cell(row, 0, Cell::Text(label))?;
        sheet.cell(row, 1, Cell::Euros(now))?;
        euros(&mut sheet, row, 2, before)?;
        euros(&mut sheet, row, 3, before.and_then(|before| now.checked_sub(before)))?;
        share(&mut sheet, row, 4, before.and_then(|before| Share::change(before, now)))?;
    }
    row = row.saturating_add(2);
    sheet.header(row, ["Collectivités", &now, &before])?;
    let (counts, counts_before) = (summary.counts, summary.counts_before);
    for (label, now, before) in [
        ("Ont déclaré", counts.declarants(), counts_before.map(Counts::declarants)),
        ("dont n’ont rien versé (néant)", counts.nil, counts_before.map(|counts| counts.nil)),
        ("Attendues", counts.expected, counts_before.map(|counts| counts.expected)),
        ("Attendues qui n’ont pas déclaré", counts.silent, counts_before.map(|counts| counts.silent)),
    ] {
        row = row.saturating_add(1);
        sheet.cell(row, 0, Cell::Text(label))?;
        sheet.put(row, 1, Cell::count(now), Style::Whole)?;
        if let Some(before) = before {
            sheet.put(row, 2, Cell::count(before), Style::Whole)?;
        }
    }
    row = row.saturating_add(1);
    let (answered, answered_before) = summary.answered();
    sheet.cell(row, 0, Cell::Text("Part des attendues qui ont déclaré (%)"))?;
    share(&mut sheet, row, 1, answered)?;
    share(&mut sheet, row, 2, answered_before)?;
    row = row.saturating_add(2);
    sheet.header(row, ["Bénéficiaires", &now])?;
    row = row.saturating_add(1);
    sheet.cell(row, 0, Cell::Text("Pays bénéficiaires"))?;
    sheet.put(row, 1, Cell::count(summary.countries), Style::Whole)?;
    row = row.saturating_add(1);
    sheet.cell(row, 0, Cell::Text("Pays du Sahel, hors aide aux réfugiés"))?;
    sheet.cell(row, 1, Cell::Euros(summary.sahel.without_refugees()))?;
    Ok(sheet)
}
