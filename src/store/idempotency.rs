//! Answers already given: a repeated request gets the first one.

use crate::domain::instant::Instant;
use crate::store::writes::Writes;
use crate::store::{Result, Tx, on};

/// What a key was used for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Answered {
    /// SHA-256 of the request that it served.
    pub request_sha256: String,
    /// Number of the receipt that was given.
    pub receipt: String,
}

/// What `key` was used for in `scope`, if it was.
pub async fn find(tx: &mut Tx<'_>, scope: &str, key: &str) -> Result<Option<Answered>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as("SELECT request_sha256, receipt FROM idempotency WHERE scope = $1 AND key = $2")
            .bind(scope)
            .bind(key)
            .fetch_optional(conn)
            .await
    })?)
}

/// Remembers the answer given; the key must be new in its scope.
pub fn remember(writes: &mut Writes, (scope, key): (&str, &str), answered: &Answered, at: Instant) {
    writes.into("idempotency", "scope, key, request_sha256, receipt, created_at").row(|row| {
        row.text(scope).text(key).text(&answered.request_sha256).text(&answered.receipt).bind(at);
    });
}
