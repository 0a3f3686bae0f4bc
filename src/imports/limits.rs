//! How large a file may be: every bound is checked before or while reading, never after.

/// The bounds within which a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as received.
    pub bytes: usize,
    /// Rows that hold something, the header not counted.
    pub rows: usize,
    /// Columns with a header.
    pub columns: usize,
    /// Bytes of text in one cell.
    pub cell_bytes: usize,
    /// Bytes of text in the whole table: a workbook may refer to one long text
    /// from every cell.
    pub text_bytes: usize,
    /// Bytes of a workbook once unpacked.
    pub unpacked_bytes: u64,
    /// How many times larger than its packed form a part of a workbook may be.
    pub ratio: u64,
    /// Parts in a workbook.
    pub parts: usize,
    /// Cells in error after which reading stops.
    pub errors: usize,
}

impl Limits {
    /// Parts smaller than this may be packed at any ratio: an empty sheet
    /// formatted to the last row compresses very well.
    pub(super) const RATIO_FLOOR: u64 = 1 << 20;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 10 << 20,
            rows: 20_000,
            columns: 200,
            cell_bytes: 64 << 10,
            text_bytes: 64 << 20,
            unpacked_bytes: 200 << 20,
            ratio: 200,
            parts: 1_000,
            errors: 100_000,
        }
    }
}
