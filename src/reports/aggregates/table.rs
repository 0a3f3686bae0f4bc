//! The rows of both tables. Cells are rounded from exact sums, totals add the rounded cells (rule 12).

use std::collections::BTreeMap;

use crate::domain::codes::{Area, RecipientKind};
use crate::domain::text::fold;
use crate::reports::aggregates::tally::{Sums, Tally};
use crate::reports::{Context, ReportError, Result};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A type of aid or a recipient.
    Item,
    /// Total of the rows before it that belong together.
    Subtotal,
    /// Total of subtotals.
    Total,
}

impl Kind {
    /// The word of the CSV.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Item => "detail",
            Self::Subtotal => "sous-total",
            Self::Total => "total",
        }
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub kind: Kind,
    /// Code of the type of aid, the recipient or the area; ours for totals.
    pub code: String,
    /// French name.
    pub label: String,
    /// Exact sums.
    pub sums: Sums,
    /// What the cells hold, in the unit.
    pub shown: [i64; 4],
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The word of the CSV.
    pub code: &'static str,
    /// Name of the sheet.
    pub name: &'static str,
    /// Its rows; the last one is the whole.
    pub rows: Vec<Row>,
}

/// Code of the last row of each table.
pub const WHOLE: &str = "TOTAL";

struct Layout<'a> {
    context: &'a Context,
    rows: Vec<Row>,
}

impl Table {
    /// Totals by type of aid.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn by_aid_type(tally: &Tally, context: &Context) -> Result<Self> {
        let mut layout = Layout { context, rows: Vec::new() };
        let bilateral = layout.aid_types(&tally.bilateral)?;
        let bilateral = layout.total(Kind::Total, "BILATERAL", "Total bilatéral", &bilateral)?;
        let multilateral = layout.aid_types(&tally.multilateral)?;
        let multilateral = layout.total(Kind::Total, "MULTILATERAL", "Total multilatéral", &multilateral)?;
        layout.total(Kind::Total, WHOLE, "Total APD", &[bilateral, multilateral])?;
        Ok(Self { code: "types", name: "Types d’aide (CAD 1)", rows: layout.rows })
    }

    /// Totals by recipient.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn by_recipient(tally: &Tally, context: &Context) -> Result<Self> {
        let mut layout = Layout { context, rows: Vec::new() };
        let mut tops = Vec::new();
        for area in context.codes.areas().iter().filter(|area| area.parent.is_none()) {
            tops.extend(layout.area(area, tally)?);
        }
        let bilateral = layout.total(Kind::Total, "BILATERAL", "Total bilatéral", &tops)?;
        let mut sums = Sums::default();
        for added in tally.multilateral.values() {
            sums.add(added)?;
        }
        let multilateral = layout.item("MULTILATERAL", "Contributions multilatérales", sums);
        layout.total(Kind::Total, WHOLE, "Total APD", &[bilateral, multilateral])?;
        Ok(Self { code: "beneficiaires", name: "Bénéficiaires (CAD 2a)", rows: layout.rows })
    }

    /// The last row.
    #[must_use]
    pub fn whole(&self) -> Option<&Row> {
        self.rows.last()
    }
}

impl Layout<'_> {
    /// The types of aid by family; gives the sub-totals.
    fn aid_types(&mut self, types: &BTreeMap<String, Sums>) -> Result<Vec<usize>> {
        let codes = std::sync::Arc::clone(&self.context.codes);
        let year = self.context.flow_year.get();
        let name =
            |code: &str| codes.aid_types().nearest(code, year).map_or("", |row| &row.name_fr).to_owned();
        let mut families: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut subtotals = Vec::new();
        for (code, sums) in types {
            let family = code.get(..1).unwrap_or_default();
            if !families.contains_key(family) {
                subtotals.extend(self.family(families.pop_last(), name)?);
            }
            let item = self.item(code, &name(code), *sums);
            families.entry(family).or_default().push(item);
        }
        subtotals.extend(self.family(families.pop_last(), name)?);
        Ok(subtotals)
    }

    fn family(
        &mut self,
        ended: Option<(&str, Vec<usize>)>,
        name: impl Fn(&str) -> String,
    ) -> Result<Option<usize>> {
        let Some((code, items)) = ended else { return Ok(None) };
        self.total(Kind::Subtotal, code, &format!("Total {}", name(code)), &items).map(Some)
    }

    /// The recipients of an area that have something, its parts first; gives the row that stands for it.
    fn area(&mut self, area: &Area, tally: &Tally) -> Result<Option<usize>> {
        let codes = std::sync::Arc::clone(&self.context.codes);
        let mut rows = Vec::new();
        for part in codes.areas().iter().filter(|part| part.parent.as_deref() == Some(&*area.code)) {
            rows.extend(self.area(part, tally)?);
        }
        let year = self.context.flow_year.get();
        let of_area = |(code, sums): (&String, &Sums)| {
            let row = codes.recipients().nearest(code, year).filter(|row| row.area == area.code)?;
            Some((row.kind != RecipientKind::Country, fold(&row.name_fr), row, *sums))
        };
        let mut found: Vec<_> = tally.recipients.iter().filter_map(of_area).collect();
        found.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
        for (_, _, recipient, sums) in found {
            rows.push(self.item(recipient.code.as_str(), &recipient.name_fr, sums));
        }
        match rows.as_slice() {
            [] => Ok(None),
            // 998 is an area of its own.
            [only] if area.code.as_ref() == "998" => Ok(Some(*only)),
            rows => {
                self.total(Kind::Subtotal, &area.code, &format!("Total {}", area.name_fr), rows).map(Some)
            }
        }
    }

    fn item(&mut self, code: &str, label: &str, sums: Sums) -> usize {
        let shown = sums.exact.map(|exact| self.context.unit.shown(exact));
        self.push(Kind::Item, code, label, (sums, shown))
    }

    fn total(&mut self, kind: Kind, code: &str, label: &str, rows: &[usize]) -> Result<usize> {
        let (mut sums, mut shown) = (Sums::default(), [0_i64; 4]);
        for row in rows.iter().filter_map(|index| self.rows.get(*index)) {
            sums.add(&row.sums)?;
            for (sum, added) in shown.iter_mut().zip(row.shown) {
                *sum = sum.checked_add(added).ok_or(ReportError::OutOfRange)?;
            }
        }
        Ok(self.push(kind, code, label, (sums, shown)))
    }

    fn push(&mut self, kind: Kind, code: &str, label: &str, (sums, shown): (Sums, [i64; 4])) -> usize {
        self.rows.push(Row { kind, code: code.to_owned(), label: label.to_owned(), sums, shown });
        self.rows.len().saturating_sub(1)
    }
}
