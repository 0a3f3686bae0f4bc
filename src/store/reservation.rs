//! Filings sous réserve: what each awaits, and what became of it. Only ever inserted.

use sqlx::FromRow;

use crate::domain::declaration::Filing;
use crate::domain::instant::Instant;
use crate::domain::reservation::{Outcome, Reservation};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::writes::Writes;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// The word of a reservation that was lifted.
pub(super) const ACCEPTED: &str = "accepted";
/// The word of one that came to nothing by an answer.
const REFUSED: &str = "refused";

#[derive(FromRow)]
struct Row {
    version: i32,
    attachment: String,
    until_at: Instant,
    outcome: Option<String>,
    decided_at: Option<Instant>,
}

/// A version whose reservation has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unanswered {
    /// Whose.
    pub siren: Siren,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// Which version.
    pub version: u32,
    /// When it was filed.
    pub filed_at: Instant,
    /// The last instant at which an answer can make it count.
    pub until: Instant,
}

#[derive(FromRow)]
struct UnansweredRow {
    siren: Siren,
    flow_year: FlowYear,
    version: i32,
    filed_at: Instant,
    until_at: Instant,
}

fn number(version: i32) -> Result<u32> {
    u32::try_from(version)
        .map_err(|error| StoreError::Inconsistent { table: "reservation", detail: error.to_string() })
}

/// Inserts the reservation of a version; it comes before the version, in the same transaction.
pub fn insert(writes: &mut Writes, filing: &Filing, reservation: &Reservation) {
    writes.into("reservation", "flow_year, siren, version, attachment, until_at").row(|row| {
        row.bind(filing.flow_year)
            .bind(filing.siren)
            .bind(i64::from(filing.version))
            .text(&reservation.attachment)
            .bind(reservation.until);
    });
}

/// The reservations of a declaration, by version.
pub async fn of_declaration(
    tx: &mut Tx<'_>,
    siren: Siren,
    year: FlowYear,
) -> Result<Vec<(u32, Reservation)>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT r.version, r.attachment, r.until_at, o.outcome, o.decided_at FROM reservation r \
             LEFT JOIN reservation_outcome o ON o.flow_year = r.flow_year AND o.siren = r.siren \
             AND o.version = r.version WHERE r.flow_year = $1 AND r.siren = $2 ORDER BY r.version",
        )
        .bind(year)
        .bind(siren)
        .fetch_all(conn)
        .await
    })?;
    let read = |row: Row| {
        let outcome = match (row.outcome.as_deref(), row.decided_at) {
            (Some(ACCEPTED), Some(at)) => Some(Outcome::Accepted { at }),
            (Some(_), Some(at)) => Some(Outcome::Refused { at }),
            _ => None,
        };
        let reservation = Reservation { attachment: row.attachment, until: row.until_at, outcome };
        Ok((number(row.version)?, reservation))
    };
    rows.into_iter().map(read).collect()
}

/// What was filed under a request and has no answer, whether its time is over or not; the oldest first.
pub async fn unanswered(tx: &mut Tx<'_>, attachment: &str) -> Result<Vec<Unanswered>> {
    let rows: Vec<UnansweredRow> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT r.siren, r.flow_year, r.version, f.filed_at, r.until_at FROM reservation r \
             JOIN filing f ON f.flow_year = r.flow_year AND f.siren = r.siren AND f.version = r.version \
             LEFT JOIN reservation_outcome o ON o.flow_year = r.flow_year AND o.siren = r.siren \
             AND o.version = r.version WHERE r.attachment = $1 AND o.outcome IS NULL \
             ORDER BY r.flow_year, r.version",
        )
        .bind(attachment)
        .fetch_all(conn)
        .await
    })?;
    let read = |row: UnansweredRow| {
        Ok(Unanswered {
            siren: row.siren,
            flow_year: row.flow_year,
            version: number(row.version)?,
            filed_at: row.filed_at,
            until: row.until_at,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Answers a reservation, once.
pub async fn decide(tx: &mut Tx<'_>, reserved: &Unanswered, outcome: Outcome, by: &str) -> Result<()> {
    let (word, at) = match outcome {
        Outcome::Accepted { at } => (ACCEPTED, at),
        Outcome::Refused { at } => (REFUSED, at),
    };
    let touched = execute!(
        tx,
        "INSERT INTO reservation_outcome (flow_year, siren, version, outcome, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        reserved.flow_year,
        reserved.siren,
        i64::from(reserved.version),
        word,
        by,
        at,
    )?;
    expect_rows("reservation_outcome", 1, touched)
}
