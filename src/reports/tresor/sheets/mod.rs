//! The sheets around the lines: table, breakdown, controls, dictionary.

mod breakdown;
mod controls;
mod dictionary;
mod table;

pub use breakdown::breakdown;
pub use controls::controls;
pub use dictionary::dictionary;
pub use table::table;

use rust_xlsxwriter::utility::row_col_to_cell;

/// The sum of cells of one column, as a formula: a range where they follow each other.
fn sum_of(rows: &[u32], column: u16) -> String {
    let follows = rows.windows(2).all(|pair| matches!(pair, [a, b] if a.saturating_add(1) == *b));
    match (rows, follows) {
        ([first, .., last], true) => {
            format!("=SUM({}:{})", row_col_to_cell(*first, column), row_col_to_cell(*last, column))
        }
        ([], _) => "=0".to_owned(),
        _ => {
            let cells: Vec<String> = rows.iter().map(|row| row_col_to_cell(*row, column)).collect();
            format!("={}", cells.join("+"))
        }
    }
}

/// The sum of a row from one column to another, as a formula.
fn sum_across(row: u32, first: u16, last: u16) -> String {
    format!("=SUM({}:{})", row_col_to_cell(row, first), row_col_to_cell(row, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_ranges_where_rows_follow_each_other() {
        assert_eq!(sum_of(&[6, 7, 8], 2), "=SUM(C7:C9)");
        assert_eq!(sum_of(&[6, 9], 2), "=C7+C10");
        assert_eq!(sum_of(&[6], 2), "=C7");
        assert_eq!(sum_across(6, 2, 4), "=SUM(C7:E7)");
    }
}
