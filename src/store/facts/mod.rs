//! What is on file about bodies, for verdicts on eligibility (rule 9), and who asks: lists
//! of any length, in one statement.

mod statement;
mod told;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sqlx::FromRow;

use crate::domain::call::{Call, CallCode};
use crate::domain::day::Day;
use crate::domain::eligibility::{Body, Facts};
use crate::domain::siren::Siren;
use crate::domain::token::Token;
use crate::store::{Result, Tx, on};

/// All that verdicts for a call may look at.
#[derive(Debug, Clone)]
pub struct OnFile {
    /// The call.
    pub call: Call,
    /// What is on file about the bodies and those they descend from, in the years of the call.
    pub facts: Facts,
}

/// What one request asks of the database before it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    /// The hash of the secret that it shows.
    pub secret_sha256: Option<String>,
    /// What it asks about.
    pub about: Option<About>,
}

/// One body, for a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The code of the call.
    pub call: CallCode,
    /// The body.
    pub siren: Siren,
}

/// The answer to a [`Question`].
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The token of the secret, whether it serves or not.
    pub token: Option<Token>,
    /// What is on file about the body, among others, if there is such a call.
    pub on_file: Option<Arc<OnFile>>,
}

/// What one statement found.
#[derive(Debug, Default)]
struct Found {
    on_file: Option<Arc<OnFile>>,
    tokens: HashMap<String, Token>,
}

/// The answers to questions of several requests, in their order: one statement a
/// call that they name, which tells the tokens as well. The token is found by the hash of
/// its secret, 256 random bits: how long the comparison takes tells nothing of it.
pub async fn answer(tx: &mut Tx<'_>, questions: &[Question]) -> Result<Vec<Answer>> {
    let mut secrets: Vec<&str> =
        questions.iter().filter_map(|asked| asked.secret_sha256.as_deref()).collect();
    secrets.sort_unstable();
    secrets.dedup();
    let mut by_call: BTreeMap<Option<&CallCode>, Vec<Siren>> = BTreeMap::new();
    for about in questions.iter().filter_map(|asked| asked.about.as_ref()) {
        by_call.entry(Some(&about.call)).or_default().push(about.siren);
    }
    if by_call.is_empty() {
        by_call.insert(None, vec![]);
    }
    let (mut on_file, mut tokens) = (BTreeMap::new(), HashMap::new());
    for (call, mut sirens) in by_call {
        sirens.sort_unstable();
        sirens.dedup();
        let found = read(tx, call, &sirens, &std::mem::take(&mut secrets)).await?;
        on_file.insert(call, found.on_file);
        tokens.extend(found.tokens);
    }
    let answer = |asked: &Question| Answer {
        token: asked.secret_sha256.as_ref().and_then(|secret| tokens.get(secret).cloned()),
        on_file: asked.about.as_ref().and_then(|about| on_file.get(&Some(&about.call)).cloned().flatten()),
    };
    Ok(questions.iter().map(answer).collect())
}

/// What is on file about these bodies for a call, if there is such a call. One
/// statement: it needs no snapshot around it.
pub async fn load(tx: &mut Tx<'_>, call: &CallCode, sirens: &[Siren]) -> Result<Option<Arc<OnFile>>> {
    Ok(read(tx, Some(call), sirens, &[]).await?.on_file)
}

async fn read(tx: &mut Tx<'_>, call: Option<&CallCode>, sirens: &[Siren], secrets: &[&str]) -> Result<Found> {
    let (sirens, secrets) = (serde_json::json!(sirens).to_string(), serde_json::json!(secrets).to_string());
    let told: Option<String> = match tx {
        Tx::Sqlite(tx) => {
            let asked = sqlx::query_scalar(statement::SQLITE).bind(sirens).bind(call).bind(secrets);
            asked.fetch_one(&mut **tx).await?
        }
        Tx::Postgres(tx) => {
            let asked = sqlx::query_scalar(statement::POSTGRES).bind(sirens).bind(call).bind(secrets);
            asked.fetch_one(&mut **tx).await?
        }
    };
    told.map_or_else(|| Ok(Found::default()), |told| told::read(&told))
}

#[derive(FromRow)]
struct BodyRow {
    name: String,
    exists_from: Option<Day>,
    exists_until: Option<Day>,
}

/// The register's row of one body, if it holds the SIREN.
pub async fn body(tx: &mut Tx<'_>, siren: Siren) -> Result<Option<Body>> {
    let row: Option<BodyRow> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT s.name, c.exists_from, c.exists_until FROM collectivity c \
             JOIN collectivity_state s ON s.collectivity = c.id WHERE c.siren = $1 \
             ORDER BY s.from_year DESC, s.revision DESC LIMIT 1",
        )
        .bind(siren)
        .fetch_optional(conn)
        .await
    })?;
    let body =
        |row: BodyRow| Body { name: row.name, exists_from: row.exists_from, exists_until: row.exists_until };
    Ok(row.map(body))
}

/// Whether one of `sirens` follows `ancestor`, by mergers or splits.
pub async fn descends_from(tx: &mut Tx<'_>, sirens: &[Siren], ancestor: Siren) -> Result<bool> {
    let heirs: Vec<String> = on!(tx, |conn| {
        sqlx::query_scalar("SELECT collectivity FROM lineage WHERE ancestor = $1")
            .bind(ancestor)
            .fetch_all(conn)
            .await
    })?;
    Ok(heirs.iter().any(|heir| sirens.iter().any(|siren| siren.as_str() == heir)))
}
