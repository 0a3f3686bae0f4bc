//! The layout of the DG Trésor table: recipients by area, sub-totals, and the lines that have no country.
//!
//! Cells are rounded from exact sums, margins add the rounded cells (rule 12).

use crate::domain::codes::{Area, Recipient, RecipientKind};
use crate::domain::euros::Euros;
use crate::domain::text::fold;
use crate::reports::tresor::tally::Tally;
use crate::reports::{Context, ReportError, Result, Unit};

/// What a row of the table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Title of an area; no figures.
    Area,
    /// A country or territory.
    Country,
    /// Several countries of an area: non ventilé.
    Unallocated,
    /// Sub-total of an area.
    Subtotal,
    /// Refugees in France.
    Refugees,
    /// Multilateral contributions.
    Multilateral,
    /// Total of several areas.
    Total,
}

impl Kind {
    /// The word of the XML.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Area => "zone",
            Self::Country => "pays",
            Self::Unallocated => "non-ventile",
            Self::Subtotal => "sous-total",
            Self::Refugees => "refugies",
            Self::Multilateral => "multilateral",
            Self::Total => "total",
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub kind: Kind,
    /// DAC code, or ours for totals.
    pub code: String,
    /// French name.
    pub label: String,
    /// How deep in the areas, from 0.
    pub level: u8,
    /// Exact sums, one a column; `None` where no line is.
    pub exact: Vec<Option<Euros>>,
    /// What the cells hold, in the unit of the table.
    pub shown: Vec<Option<i64>>,
    /// Sum of `shown`.
    pub shown_total: i64,
    /// The rows that a total adds.
    pub adds: Vec<usize>,
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its rows.
    pub rows: Vec<Row>,
    /// The unit of its cells.
    pub unit: Unit,
}

/// Code of the grand total.
pub const GRAND_TOTAL: &str = "TOTAL";

impl Table {
    /// Lays out the sums.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn new(tally: &Tally, context: &Context) -> Result<Self> {
        let mut layout = Layout { tally, context, rows: Vec::new() };
        let tops = context.codes.areas().iter().filter(|area| area.parent.is_none());
        let mut bilateral = Vec::new();
        for area in tops {
            bilateral.push(layout.area(area, 0)?);
        }
        let countries = layout.total("TOTAL_PAYS", "Total par bénéficiaire", 0, bilateral)?;
        let refugees =
            layout.cells(Kind::Refugees, "REFUGIES", "Réfugiés dans le pays donneur", 0, tally.refugees());
        let bilateral = layout.total("TOTAL_BILATERAL", "Total bilatéral", 0, vec![countries, refugees])?;
        let multilateral = layout.cells(
            Kind::Multilateral,
            "MULTILATERAL",
            "Contributions multilatérales",
            0,
            tally.multilateral(),
        );
        layout.total(GRAND_TOTAL, "Total général", 0, vec![bilateral, multilateral])?;
        Ok(Self { rows: layout.rows, unit: context.unit })
    }

    /// The last row.
    #[must_use]
    pub fn grand_total(&self) -> Option<&Row> {
        self.rows.last()
    }
}

struct Layout<'a> {
    tally: &'a Tally,
    context: &'a Context,
    rows: Vec<Row>,
}

impl Layout<'_> {
    /// Lays out an area and gives the row that stands for it in a total.
    fn area(&mut self, area: &Area, level: u8) -> Result<usize> {
        let recipients = self.recipients(area);
        if let [only] = recipients.as_slice()
            && only.kind == RecipientKind::Unspecified
        {
            return Ok(self.recipient(only, level));
        }
        self.push(Kind::Area, &area.code, &area.name_fr, level, vec![None; self.columns()]);
        let inside = level.saturating_add(1);
        let mut adds = Vec::new();
        let codes = std::sync::Arc::clone(&self.context.codes);
        for part in codes.areas().iter().filter(|part| part.parent.as_deref() == Some(&*area.code)) {
            adds.push(self.area(part, inside)?);
        }
        for recipient in recipients {
            adds.push(self.recipient(&recipient, inside));
        }
        self.total(&area.code, &format!("Total {}", area.name_fr), level, adds)
    }

    /// The recipients of an area on the list of the year, or with figures: countries by name, then regions by code.
    fn recipients(&self, area: &Area) -> Vec<Recipient> {
        let (codes, year) = (&self.context.codes, self.context.flow_year.get());
        let listed = codes.recipients().keys().filter_map(|code| {
            codes
                .recipients()
                .at(code, year)
                .or_else(|| self.tally.recipient(code).and_then(|_| codes.recipients().nearest(code, year)))
        });
        let mut found: Vec<Recipient> = listed.filter(|row| row.area == area.code).cloned().collect();
        found.sort_by_cached_key(|row| match row.kind {
            RecipientKind::Country => (0, fold(&row.name_fr)),
            RecipientKind::Region | RecipientKind::Unspecified => {
                (if row.code.as_str() == &*area.code { 2 } else { 1 }, fold(&row.name_fr))
            }
        });
        found
    }

    fn recipient(&mut self, recipient: &Recipient, level: u8) -> usize {
        let empty = vec![None; self.columns()];
        let cells = self.tally.recipient(recipient.code.as_str()).unwrap_or(&empty);
        match recipient.kind {
            RecipientKind::Country => {
                self.cells(Kind::Country, recipient.code.as_str(), &recipient.name_fr, level, cells)
            }
            RecipientKind::Region | RecipientKind::Unspecified => {
                let name = recipient.name_fr.replace(", régional", "").replace(", non spécifié", "");
                let label = format!("{name}, non ventilé");
                self.cells(Kind::Unallocated, recipient.code.as_str(), &label, level, cells)
            }
        }
    }

    fn cells(&mut self, kind: Kind, code: &str, label: &str, level: u8, cells: &[Option<Euros>]) -> usize {
        self.push(kind, code, label, level, cells.to_vec())
    }

    fn push(&mut self, kind: Kind, code: &str, label: &str, level: u8, exact: Vec<Option<Euros>>) -> usize {
        let unit = self.context.unit;
        let shown: Vec<Option<i64>> = exact.iter().map(|cell| cell.map(|cell| unit.shown(cell))).collect();
        let shown_total = shown.iter().flatten().fold(0_i64, |sum, cell| sum.saturating_add(*cell));
        self.rows.push(Row {
            kind,
            code: code.to_owned(),
            label: label.to_owned(),
            level,
            exact,
            shown,
            shown_total,
            adds: Vec::new(),
        });
        self.rows.len().saturating_sub(1)
    }

    fn total(&mut self, code: &str, label: &str, level: u8, adds: Vec<usize>) -> Result<usize> {
        let mut exact = vec![Some(Euros::ZERO); self.columns()];
        let mut shown = vec![Some(0_i64); self.columns()];
        for row in adds.iter().filter_map(|index| self.rows.get(*index)) {
            for (sum, cell) in exact.iter_mut().flatten().zip(&row.exact) {
                let cell = cell.unwrap_or_default();
                *sum = sum.checked_add(cell).ok_or(ReportError::OutOfRange)?;
            }
            for (sum, cell) in shown.iter_mut().flatten().zip(&row.shown) {
                *sum = sum.checked_add(cell.unwrap_or_default()).ok_or(ReportError::OutOfRange)?;
            }
        }
        let shown_total = shown.iter().flatten().fold(0_i64, |sum, cell| sum.saturating_add(*cell));
        let is_whole = code == GRAND_TOTAL || code.starts_with("TOTAL_");
        let kind = if is_whole { Kind::Total } else { Kind::Subtotal };
        let (code, label) = (code.to_owned(), label.to_owned());
        self.rows.push(Row { kind, code, label, level, exact, shown, shown_total, adds });
        Ok(self.rows.len().saturating_sub(1))
    }

    fn columns(&self) -> usize {
        self.context.codes.tresor_columns().len()
    }
}
