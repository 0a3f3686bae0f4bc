//! Persons: the one mutable, purgeable place that names them (rule 14).

use serde_json::json;

use crate::domain::instant::Instant;
use crate::random::Random;
use crate::store::journal::{Told, append};
use crate::store::{Result, Tx, execute, expect_rows, on};

/// The random id of the operator who logs in as `login`, if the register of persons has one.
pub async fn find_operator(tx: &mut Tx<'_>, login: &str) -> Result<Option<String>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT id FROM person WHERE kind = 'operator' AND name = $1 AND erased_at IS NULL \
             ORDER BY created_at, id LIMIT 1",
        )
        .bind(login)
        .fetch_optional(conn)
        .await
    })?)
}

/// The random id of the operator who logs in as `login`; records the person
/// the first time, which the journal tells by id alone.
pub async fn operator(tx: &mut Tx<'_>, login: &str, now: Instant, random: &Random) -> Result<String> {
    if let Some(id) = find_operator(tx, login).await? {
        return Ok(id);
    }
    let id = random.identifier();
    let touched = execute!(
        &mut *tx,
        "INSERT INTO person (id, kind, name, created_at) VALUES ($1, 'operator', $2, $3)",
        id.as_str(),
        login,
        now,
    )?;
    expect_rows("person", 1, touched)?;
    let after = json!({"sorte": "operator"}).to_string();
    let told = Told {
        at: now,
        actor: &id,
        action: "person.create",
        subject: &id,
        before: None,
        after: Some(&after),
    };
    append(tx, told).await?;
    Ok(id)
}
