//! The cuts of a summary as a page shows them: the largest classes, the others together, a bar beside each.

use crate::domain::summary::{Cut, Row, Share, Sum, Summary};
use crate::web::text;

/// Classes shown of a long cut; the others are one row, and all are in the files.
const SHOWN: usize = 10;
/// Départements of the largest region.
const DEPARTEMENTS: usize = 13;
/// Width of the longest bar.
const BAR: i64 = 100;

/// A cut as it is shown.
pub(super) struct ShownTable {
    pub code: &'static str,
    pub title: &'static str,
    pub header: &'static str,
    pub has_declarants: bool,
    pub rows: Vec<ShownRow>,
    pub total: ShownRow,
}

/// A class as it is shown.
pub(super) struct ShownRow {
    pub name: String,
    pub own: String,
    pub refugees: String,
    pub without: String,
    pub part: String,
    pub bar: i64,
    pub change: String,
    pub declarants: String,
}

/// A cut; none where it would tell nothing: a region cut by regions that it never had.
pub(super) fn shown(summary: &Summary, cut: Cut) -> Option<ShownTable> {
    let table = summary.table(cut)?;
    let is_national = summary.word() == crate::service::summary::NATIONAL;
    let is_shown = match cut {
        Cut::Region => is_national || table.rows.len() > 1,
        _ => true,
    };
    if !is_shown || table.rows.is_empty() {
        return None;
    }
    let most = match cut {
        Cut::Recipient | Cut::Sector => SHOWN,
        Cut::Departement => DEPARTEMENTS,
        _ => usize::MAX,
    };
    let whole = summary.total.without_refugees();
    let part = |sum: Sum| Share::of(sum.without_refugees(), whole);
    let longest = table.rows.iter().filter_map(|row| part(row.now)).max().map_or(1, Share::tenths).max(1);
    let row = |row: &Row| ShownRow {
        name: row.name.clone(),
        own: text::euros(row.now.own),
        refugees: if row.now.refugees.is_zero() { "–".to_owned() } else { text::euros(row.now.refugees) },
        without: text::euros(row.now.without_refugees()),
        part: part(row.now).map(|share| share.to_string()).unwrap_or_default(),
        bar: part(row.now).map_or(0, |share| share.tenths().saturating_mul(BAR) / longest).min(BAR),
        change: row.before.map(|before| change(before, row.now)).unwrap_or_default(),
        declarants: row.declarants.map(text::thousands).unwrap_or_default(),
    };
    // One row more than is shown says more than « Autres (1) ».
    let cut_at = if table.rows.len() > most.saturating_add(1) { most } else { table.rows.len() };
    let (first, others) = table.rows.split_at_checked(cut_at).unwrap_or((&table.rows, &[]));
    let mut rows: Vec<ShownRow> = first.iter().map(row).collect();
    if !others.is_empty() {
        rows.push(row(&together(others, &format!("Autres ({})", others.len()))));
    }
    Some(ShownTable {
        code: cut.code(),
        title: cut.title(),
        header: cut.header(),
        has_declarants: !Cut::OF_LINES.contains(&cut),
        rows,
        total: row(&together(&table.rows, "Total")),
    })
}

/// Several classes as one.
fn together(rows: &[Row], name: &str) -> Row {
    Row {
        class: String::new(),
        name: name.to_owned(),
        now: rows.iter().map(|row| row.now).sum(),
        before: rows
            .iter()
            .map(|row| row.before)
            .collect::<Option<Vec<Sum>>>()
            .map(|sums| sums.into_iter().sum()),
        declarants: rows.iter().map(|row| row.declarants).sum(),
    }
}

/// The change but for refugees: a percentage, « nouveau », or nothing where nothing was nor is.
fn change(before: Sum, now: Sum) -> String {
    let (before, now) = (before.without_refugees(), now.without_refugees());
    match Share::change(before, now) {
        Some(share) => share.signed(),
        None if now.is_zero() => "–".to_owned(),
        None => "nouveau".to_owned(),
    }
}
