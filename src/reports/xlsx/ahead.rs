//! The cells of a long sheet, written on a thread of their own: the library takes as long for a row as all
//! that comes before it.

use std::borrow::Cow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};

use crate::domain::day::Day;
use crate::reports::xlsx::cell::{Cell, Look, Ready};
use crate::reports::xlsx::pen::Pen;
use crate::reports::xlsx::sheet::{Sheet, Told};
use crate::reports::{ReportError, Result};

/// Cells that pass to the thread at once, the bytes that their texts seldom exceed, and how many such batches may
/// wait: few enough to stay in the caches of the processor.
const BATCH: usize = 1024;
const TEXTS: usize = 1 << 15;
const WAITING: usize = 4;

/// A sheet whose cells are written by a thread; [`Self::end`] tells what became of them.
pub struct Ahead {
    told: Told,
    batch: Batch,
    send: SyncSender<Batch>,
    written: Receiver<Batch>,
    // None once it told why it ended before the last cell.
    thread: Option<JoinHandle<Result<Pen>>>,
}

/// Cells in the order in which they are written, their texts one after another.
struct Batch {
    cells: Vec<Placed>,
    texts: String,
}

struct Placed {
    row: u32,
    column: u16,
    look: Option<Look>,
    kept: Kept,
}

/// A cell; a text is as long as this says.
enum Kept {
    Blank,
    Text(usize),
    Number(f64),
    Day(Day),
    // Rare, and kept small for the others.
    Formula(Box<(usize, usize)>),
}

impl Ahead {
    pub(super) fn begin(pen: Pen, told: Told) -> Result<Self> {
        let (send, batches) = sync_channel(WAITING);
        let (give_back, written) = channel();
        let follow = move || follow(pen, &batches, &give_back);
        let thread = Builder::new().name("eapd-cells".to_owned()).spawn(follow)?;
        Ok(Self { told, batch: Batch::new(), send, written, thread: Some(thread) })
    }

    /// Writes a cell in the look of its column.
    ///
    /// # Errors
    /// When this cell or one before it could not be written.
    pub fn cell(&mut self, row: u32, column: u16, cell: Cell<'_>) -> Result<()> {
        if let Some((cell, look)) = self.told.ready(row, column, cell, None) {
            self.batch.push(row, column, &cell, look);
            if self.batch.cells.len() >= BATCH {
                let next = self.written.try_recv().unwrap_or_else(|_none| Batch::new());
                let full = std::mem::replace(&mut self.batch, next);
                if self.send.send(full).is_err() {
                    ended(self.thread.take())?;
                }
            }
        }
        Ok(())
    }

    /// The sheet, once every cell is written.
    ///
    /// # Errors
    /// When one could not be written.
    pub fn end(self) -> Result<Sheet> {
        // A thread that is gone tells why itself.
        let _sent = self.send.send(self.batch);
        drop(self.send);
        Ok(Sheet::back(ended(self.thread)?, self.told))
    }
}

/// What became of the cells. The library panics where its temporary file cannot be written.
fn ended(thread: Option<JoinHandle<Result<Pen>>>) -> Result<Pen> {
    let failed = |why: &str| Err(ReportError::Io(std::io::Error::other(why)));
    match thread.map(JoinHandle::join) {
        Some(Ok(outcome)) => outcome,
        Some(Err(panic)) => failed(panic.downcast_ref::<String>().map_or("fichier temporaire", |why| why)),
        None => failed("fichier temporaire"),
    }
}

/// Writes what comes, until nothing more can; a written batch goes back, to be filled again.
fn follow(mut pen: Pen, batches: &Receiver<Batch>, give_back: &Sender<Batch>) -> Result<Pen> {
    for mut batch in batches {
        batch.write(&mut pen)?;
        batch.cells.clear();
        batch.texts.clear();
        // Nobody fills it again after the last cell.
        let _given = give_back.send(batch);
    }
    Ok(pen)
}

impl Batch {
    fn new() -> Self {
        Self { cells: Vec::with_capacity(BATCH), texts: String::with_capacity(TEXTS) }
    }

    fn push(&mut self, row: u32, column: u16, cell: &Ready<'_>, look: Option<Look>) {
        let kept = match cell {
            Ready::Blank => Kept::Blank,
            Ready::Text(text) => Kept::Text(self.keep(text)),
            Ready::Number(number) => Kept::Number(*number),
            Ready::Day(day) => Kept::Day(*day),
            Ready::Formula(text, value) => Kept::Formula(Box::new((self.keep(text), self.keep(value)))),
        };
        self.cells.push(Placed { row, column, look, kept });
    }

    fn keep(&mut self, text: &str) -> usize {
        self.texts.push_str(text);
        text.len()
    }

    fn write(&self, pen: &mut Pen) -> Result<()> {
        let mut texts = self.texts.as_str();
        let mut next = |length: usize| {
            let (text, rest) = texts.split_at_checked(length).unwrap_or((texts, ""));
            texts = rest;
            text
        };
        for Placed { row, column, look, kept } in &self.cells {
            let cell = match kept {
                Kept::Blank => Ready::Blank,
                Kept::Text(length) => Ready::Text(Cow::Borrowed(next(*length))),
                Kept::Number(number) => Ready::Number(*number),
                Kept::Day(day) => Ready::Day(*day),
                Kept::Formula(lengths) => Ready::Formula(next(lengths.0), next(lengths.1)),
            };
            pen.put(*row, *column, &cell, *look)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::domain::euros::Euros;
    use crate::reports::xlsx::{Book, Style};

    const CELLS: [Cell<'static>; 10] = [
        Cell::Text("École & <co>"),
        Cell::Text("=1+1"),
        Cell::Text(""),
        Cell::Blank,
        Cell::Text("a\u{0}b"),
        Cell::Number("12.50"),
        Cell::Whole(-7),
        Cell::Euros(Euros::ZERO),
        Cell::Formula("=SUM(F1:F2)", "25"),
        Cell::Text("dernière"),
    ];
    /// More than all batches hold.
    const ROWS: u32 = 2_000;

    fn book() -> (Book, Sheet) {
        let mut book = Book::new("Essai", "2014-05-20T08:00:00Z".parse().unwrap(), None).unwrap();
        let mut sheet = book.sheet("Lignes").unwrap();
        let styles = [Style::Text, Style::Code, Style::Text, Style::Text, Style::Text, Style::Euros];
        sheet.columns(styles.map(|style| (10, style))).unwrap();
        (book, sheet)
    }

    fn saved(mut book: Book, sheet: Sheet) -> Vec<u8> {
        book.push(sheet);
        let mut bytes = Cursor::new(vec![]);
        assert_eq!(book.save(&mut bytes).unwrap(), None, "only an edition takes note of what it says");
        bytes.into_inner()
    }

    #[test]
    fn a_thread_writes_the_same_file() {
        let (book_here, mut here) = book();
        let (book_ahead, sheet) = book();
        let mut ahead = sheet.ahead().unwrap();
        let day = Cell::Day("2014-05-20".parse().unwrap());
        for row in 0..ROWS {
            for (column, cell) in (0_u16..).zip(CELLS.into_iter().chain([day])) {
                here.cell(row, column, cell).unwrap();
                ahead.cell(row, column, cell).unwrap();
            }
        }
        assert!(saved(book_here, here) == saved(book_ahead, ahead.end().unwrap()));
    }

    #[test]
    fn a_cell_that_cannot_be_written_is_told() {
        let (_book, sheet) = book();
        let mut ahead = sheet.ahead().unwrap();
        ahead.cell(0, u16::MAX, Cell::Text("x")).unwrap();
        assert!(matches!(ahead.end(), Err(ReportError::Workbook(_))));

        let (_book, sheet) = book();
        let mut ahead = sheet.ahead().unwrap();
        let mut rows = 0..1_000_000;
        let told = rows.find_map(|row| ahead.cell(row, u16::MAX, Cell::Text("x")).err());
        assert!(matches!(told, Some(ReportError::Workbook(_))));
    }
}
