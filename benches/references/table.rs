//! Rows of a table as the service wrote them, to be written again.

use std::path::Path;

use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Row, TypeInfo, ValueRef};

use crate::support::Result;

/// Values that one statement binds at most.
const VALUES_A_STATEMENT: usize = 30_000;

/// A value of a row.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number, an amount in centimes.
    Integer(i64),
    /// A text, a day, an instant.
    Text(String),
}

/// Rows of one table.
#[derive(Debug)]
pub struct Table {
    /// Inserts as many rows as one statement takes, and the rest of them.
    whole: &'static str,
    rest: &'static str,
    rows_a_statement: usize,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// Opens a file as the service does.
pub async fn open(file: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .disable_statement_logging();
    Ok(options.connect().await?)
}

impl Table {
    /// The rows of a table, those of a condition where one is given; at least one.
    pub async fn read(
        conn: &mut SqliteConnection,
        name: &str,
        condition: &str,
        value: Option<&str>,
    ) -> Result<Self> {
        // Without the columns that the engine makes itself.
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1) ORDER BY cid")
            .bind(name)
            .fetch_all(&mut *conn)
            .await?;
        let sql = format!("SELECT {} FROM {name}{condition}", columns.join(", "));
        let found: Vec<SqliteRow> = sqlx::query(AssertSqlSafe(sql)).bind(value).fetch_all(conn).await?;
        if found.is_empty() {
            return Err(format!("{name}: no row").into());
        }
        let rows = found.iter().map(cells).collect::<Result<Vec<_>>>()?;
        let rows_a_statement = (VALUES_A_STATEMENT / columns.len()).min(rows.len());
        let insert = |count: usize| -> &'static str {
            let row = format!("({})", vec!["?"; columns.len()].join(", "));
            let values = vec![row; count].join(", ");
            // Kept for as long as the process runs, as a statement of the service is.
            format!("INSERT INTO {name} ({}) VALUES {values}", columns.join(", ")).leak()
        };
        let (whole, rest) = (insert(rows_a_statement), insert((rows.len() % rows_a_statement).max(1)));
        Ok(Self { whole, rest, rows_a_statement, columns, rows })
    }

    /// The first row's value of a column, where it is a number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        let place = self.columns.iter().position(|column| column == name)?;
        match self.rows.first()?.get(place)? {
            Cell::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// Inserts the rows, some columns replaced.
    pub async fn insert(
        &self,
        conn: &mut SqliteConnection,
        replaced: impl Fn(&str) -> Option<Cell> + Send,
    ) -> Result<()> {
        let fixed: Vec<Option<Cell>> = self.columns.iter().map(|column| replaced(column)).collect();
        for chunk in self.rows.chunks(self.rows_a_statement) {
            let sql = if chunk.len() == self.rows_a_statement { self.whole } else { self.rest };
            let mut query = sqlx::query::<sqlx::Sqlite>(sql);
            for row in chunk {
                for (cell, fixed) in row.iter().zip(&fixed) {
                    query = bind(query, fixed.as_ref().unwrap_or(cell));
                }
            }
            query.execute(&mut *conn).await?;
        }
        Ok(())
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, SqliteArguments>;

fn bind<'q>(query: Query<'q>, cell: &'q Cell) -> Query<'q> {
    match cell {
        Cell::Null => query.bind(None::<i64>),
        Cell::Integer(value) => query.bind(*value),
        Cell::Text(text) => query.bind(text.as_str()),
    }
}

fn cells(row: &SqliteRow) -> Result<Vec<Cell>> {
    let cell = |place: usize| -> Result<Cell> {
        let raw = row.try_get_raw(place)?;
        Ok(match raw.type_info().name() {
            _ if raw.is_null() => Cell::Null,
            "INTEGER" => Cell::Integer(row.try_get(place)?),
            _ => Cell::Text(row.try_get(place)?),
        })
    };
    (0..row.len()).map(cell).collect()
}
