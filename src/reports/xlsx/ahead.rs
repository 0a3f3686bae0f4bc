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

/// Cells that pass to the thread at once, and how many such batches may wait.
const BATCH: usize = 8192;
const WAITING: usize = 2;

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
#[derive(Default)]
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
    Formula(usize, usize),
}

impl Ahead {
    pub(super) fn begin(pen: Pen, told: Told) -> Result<Self> {
        let (send, batches) = sync_channel(WAITING);
        let (give_back, written) = channel();
        let follow = move || follow(pen, &batches, &give_back);
        let thread = Builder::new().name("eapd-cells".to_owned()).spawn(follow)?;
        Ok(Self { told, batch: Batch::default(), send, written, thread: Some(thread) })
    }

    /// Writes a cell in the look of its column.
    ///
    /// # Errors
    /// When this cell or one before it could not be written.
    pub fn cell(&mut self, row: u32, column: u16, cell: Cell<'_>) -> Result<()> {
        if let Some((cell, look)) = self.told.ready(row, column, cell, None) {
            self.batch.push(row, column, &cell, look);
            if self.batch.cells.len() >= BATCH {
                let next = self.written.try_recv().unwrap_or_default();
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
    fn push(&mut self, row: u32, column: u16, cell: &Ready<'_>, look: Option<Look>) {
        let kept = match cell {
            Ready::Blank => Kept::Blank,
            Ready::Text(text) => Kept::Text(self.keep(text)),
            Ready::Number(number) => Kept::Number(*number),
            Ready::Day(day) => Kept::Day(*day),
            Ready::Formula(text, value) => Kept::Formula(self.keep(text), self.keep(value)),
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
                Kept::Formula(text, value) => Ready::Formula(next(*text), next(*value)),
            };
            pen.put(*row, *column, &cell, *look)?;
        }
        Ok(())
    }
}
