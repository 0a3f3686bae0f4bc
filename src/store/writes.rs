//! Rows that a transaction inserts, told to the engine together: on SQLite by one trip, since under the lock of its
//! one writer each trip keeps the others waiting; on PostgreSQL a statement each, since it refuses several in one.
//! The COMMIT goes with the last ones: SQLite does nothing of a text after what it refuses of it.

use std::sync::Arc;

use futures_util::TryStreamExt;
use sqlx::error::BoxDynError;
use sqlx::{
    Arguments, AssertSqlSafe, Database, Either, Encode, Executor, Postgres, Sqlite, Type, query_with,
};

use crate::store::engine::OnSqlite;
use crate::store::{Result, Tx, expect_rows};

/// INSERTs in the order in which they are to be done. Nothing of them is there before [`Writes::send`].
#[derive(Debug)]
pub struct Writes {
    texts: Texts,
    /// Of each statement the table and the number of its rows.
    rows: Vec<(&'static str, u64)>,
    /// Of the INSERT that was begun last the text of its first row, and how many values it has.
    first_row: (String, usize),
    /// Why a value cannot be sent, if one cannot.
    failed: Option<BoxDynError>,
}

#[derive(Debug)]
enum Texts {
    /// One text: the places of values are counted through all its statements.
    Sqlite(Text<Sqlite>),
    /// A text for each statement.
    Postgres(Vec<Text<Postgres>>),
}

#[derive(Debug)]
struct Text<DB: Database> {
    sql: String,
    values: DB::Arguments,
}

/// A row whose values are being told, in the order of the columns.
#[derive(Debug)]
pub struct Row<'w> {
    writes: &'w mut Writes,
    /// How many values were told.
    values: usize,
    /// Whether its text is that of the first row, in which SQLite's places have no number.
    is_again: bool,
}

/// A value that either engine takes.
pub trait Value: Encode<'static, Sqlite> + Type<Sqlite> + Encode<'static, Postgres> + Type<Postgres> {}

impl<T> Value for T where
    T: Encode<'static, Sqlite> + Type<Sqlite> + Encode<'static, Postgres> + Type<Postgres>
{
}

impl<DB: Database> Text<DB> {
    fn new() -> Self {
        Self { sql: String::new(), values: DB::Arguments::default() }
    }

    fn bind<T: Encode<'static, DB> + Type<DB>>(&mut self, value: T) -> std::result::Result<(), BoxDynError> {
        self.values.add(value)?;
        Ok(self.values.format_placeholder(&mut self.sql)?)
    }
}

impl Writes {
    /// None yet, for the engine of a transaction.
    #[must_use]
    pub fn of(tx: &Tx<'_>) -> Self {
        let texts = match tx {
            Tx::Sqlite(_) => Texts::Sqlite(Text::new()),
            Tx::Postgres(_) => Texts::Postgres(vec![]),
        };
        Self { texts, rows: vec![], first_row: Default::default(), failed: None }
    }

    /// Begins an INSERT into a table: its columns, then the [rows](Self::row).
    pub fn into(&mut self, table: &'static str, columns: &'static str) -> &mut Self {
        if let Texts::Postgres(texts) = &mut self.texts {
            texts.push(Text::new());
        } else if !self.rows.is_empty() {
            self.push("; ");
        }
        for part in ["INSERT INTO ", table, " (", columns, ") VALUES "] {
            self.push(part);
        }
        self.rows.push((table, 0));
        self
    }

    /// A row of the INSERT that was begun last; `tell` gives its values.
    pub fn row(&mut self, tell: impl FnOnce(&mut Row<'_>)) -> &mut Self {
        let Some((_table, count)) = self.rows.last_mut() else { return self };
        let is_first = *count == 0;
        *count = count.saturating_add(1);
        self.push(if is_first { "(" } else { ", (" });
        let begun = self.text().len();
        let is_again = !is_first && matches!(self.texts, Texts::Sqlite(_));
        let mut row = Row { writes: self, values: 0, is_again };
        tell(&mut row);
        let values = row.values;
        if is_again {
            let (text, of_first) = std::mem::take(&mut self.first_row);
            self.push(&text);
            if values != of_first {
                self.failed.get_or_insert_with(|| "a row of another length than the first".into());
            }
            self.first_row = (text, of_first);
        } else if is_first {
            self.first_row = (self.text().get(begun..).unwrap_or_default().to_owned(), values);
        }
        self.push(")");
        self
    }

    /// Sends what there is and makes the transaction durable: on SQLite by one trip.
    ///
    /// # Errors
    /// When a value, a row or the transaction is refused: nothing of it stays.
    pub async fn commit(mut self, tx: Tx<'_>) -> Result<()> {
        let (writing, Text { mut sql, values }) = match (tx, self.texts) {
            (Tx::Sqlite(OnSqlite::Writing(writing)), Texts::Sqlite(text)) if !self.rows.is_empty() => {
                (writing, text)
            }
            (mut tx, texts) => {
                self.texts = texts;
                self.send(&mut tx).await?;
                return tx.commit().await;
            }
        };
        if let Some(error) = self.failed {
            return Err(sqlx::Error::Encode(error).into());
        }
        sql.push_str("; COMMIT");
        let last = query_with(AssertSqlSafe(sql), values);
        let touched = writing.commit_with(last, self.rows.len()).await?;
        // An INSERT of VALUES inserts every row or is refused: what is counted after the COMMIT is the program.
        let mut counted = self.rows.into_iter().zip(touched);
        counted.try_for_each(|((table, expected), touched)| expect_rows(table, expected, touched))
    }

    /// Sends what there is; none is left.
    ///
    /// # Errors
    /// When a value or a row is refused: the transaction is of no more use.
    pub async fn send(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        if let Some(error) = self.failed.take() {
            return Err(sqlx::Error::Encode(error).into());
        }
        match (&mut self.texts, tx) {
            (Texts::Sqlite(text), Tx::Sqlite(conn)) => {
                let Text { sql, values } = std::mem::replace(text, Text::new());
                let mut done = conn.fetch_many(query_with(AssertSqlSafe(sql), values));
                for (table, expected) in rows {
                    let touched = match done.try_next().await? {
                        Some(Either::Left(done)) => done.rows_affected(),
                        Some(Either::Right(_)) | None => 0,
                    };
                    expect_rows(table, expected, touched)?;
                }
            }
            (Texts::Postgres(texts), Tx::Postgres(conn)) => {
                for (Text { sql, values }, (table, expected)) in std::mem::take(texts).into_iter().zip(rows) {
                    let done = query_with(AssertSqlSafe(sql), values).execute(&mut **conn).await?;
                    expect_rows(table, expected, done.rows_affected())?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&self) -> &str {
        match &self.texts {
            Texts::Sqlite(text) => &text.sql,
            Texts::Postgres(texts) => texts.last().map_or("", |text| &text.sql),
        }
    }

    fn push(&mut self, part: &str) {
        match &mut self.texts {
            Texts::Sqlite(text) => text.sql.push_str(part),
            Texts::Postgres(texts) => {
                if let Some(text) = texts.last_mut() {
                    text.sql.push_str(part);
                }
            }
        }
    }
}

impl Row<'_> {
    /// The next value.
    pub fn bind(&mut self, value: impl Value) -> &mut Self {
        if self.values > 0 && !self.is_again {
            self.writes.push(", ");
        }
        self.values = self.values.saturating_add(1);
        let bound = match &mut self.writes.texts {
            Texts::Sqlite(text) if self.is_again => text.values.add(value),
            Texts::Sqlite(text) => text.bind(value),
            Texts::Postgres(texts) => texts.last_mut().map_or(Ok(()), |text| text.bind(value)),
        };
        if let Err(error) = bound {
            self.writes.failed.get_or_insert(error);
        }
        self
    }

    /// The next value, a text: SQLite takes one that is shared without another copy.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bind(Arc::<str>::from(text))
    }

    /// The next value, a text if there is one.
    pub fn some_text(&mut self, text: Option<&str>) -> &mut Self {
        self.bind(text.map(Arc::<str>::from))
    }
}
