//! Eligibility as the least that could answer: a bare axum handler, one point
//! query by primary key, the same document.
//!
//! It looks at the last version filed and at nothing else: no token, no log, neither
//! the register and its mergers, nor amounts of before the service, nor
//! derogations. What it says of the campaign it read once, when it started.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use eapd::domain::day::Day;
use eapd::domain::instant::Instant;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::ConnectOptions;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use crate::support::{Error, Result, process};

/// By the primary keys of both tables.
const POINT_QUERY: &str = "SELECT f.kind, f.filed_at, r.number FROM filing f \
     LEFT JOIN receipt r ON r.flow_year = f.flow_year AND r.siren = f.siren AND r.version = f.version \
     WHERE f.flow_year = $1 AND f.siren = $2 ORDER BY f.version DESC LIMIT 1";

const YEAR: &str = "SELECT c.code, c.founding_text, \
     COALESCE((SELECT MAX(e.closes_on) FROM extension e WHERE e.campaign = w.campaign), w.closes_on), \
     EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = w.campaign AND s.step = 'settled') \
     FROM call c JOIN campaign_window w ON c.code = 'AAP-' || w.campaign WHERE w.campaign = $1 + 1";

/// The required year, as it was when the program started.
struct Required {
    flow_year: i32,
    call: String,
    founding_text: String,
    closes_on: Day,
    settled: bool,
    at: Instant,
}

#[derive(Clone)]
struct Shared {
    pool: SqlitePool,
    year: Arc<Required>,
}

#[derive(Deserialize)]
struct Asked {
    exercice: i32,
}

/// `DATABASE LISTEN FLOW_YEAR INSTANT`: serves until its standard input ends.
pub fn run(arguments: &[&str]) -> Result<()> {
    let [database, listen, year, at] = arguments else {
        return Err("point-query DATABASE LISTEN FLOW_YEAR INSTANT".into());
    };
    let (database, listen, year, at) = (database.into(), listen.parse()?, year.parse()?, at.parse()?);
    // The runtime of `#[tokio::main]`, as the service has it.
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve(database, listen, year, at))
}

async fn serve(database: PathBuf, listen: SocketAddr, flow_year: i32, at: Instant) -> Result<()> {
    // The service's own options, and a pool that does not ask a connection whether it lives before each use.
    let options = SqliteConnectOptions::from_str(&format!("sqlite://{}", database.display()))?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging()
        .read_only(true);
    let pool = SqlitePoolOptions::new()
        .max_connections(8)
        .min_connections(8)
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    let (call, founding_text, closes_on, settled): (String, String, String, bool) =
        sqlx::query_as(YEAR).bind(flow_year).fetch_one(&pool).await?;
    let year = Required { flow_year, call, founding_text, closes_on: closes_on.parse()?, settled, at };
    let shared = Shared { pool, year: Arc::new(year) };
    let router = Router::new().route("/eligibilite/{siren}", get(show)).with_state(shared);
    let listener = tokio::net::TcpListener::bind(listen).await?;
    process::end_with_standard_input();
    println!("ready");
    axum::serve(listener, router).await.map_err(Error::from)
}

async fn show(
    State(shared): State<Shared>,
    Path(siren): Path<String>,
    Query(asked): Query<Asked>,
) -> std::result::Result<Json<Value>, StatusCode> {
    if asked.exercice != shared.year.flow_year {
        return Err(StatusCode::NOT_FOUND);
    }
    let filed: std::result::Result<Option<(String, String, Option<String>)>, _> =
        sqlx::query_as(POINT_QUERY).bind(asked.exercice).bind(&siren).fetch_optional(&shared.pool).await;
    let filed = filed.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    document(&siren, &shared.year, filed).map(Json).ok_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The document of the service, in its words.
fn document(siren: &str, year: &Required, filed: Option<(String, String, Option<String>)>) -> Option<Value> {
    let (kind, filed_at, receipt) =
        filed.map_or((None, None, None), |(kind, at, number)| (Some(kind), Some(at), number));
    let proof = receipt.as_ref().map(|number| format!(" (récépissé {number})")).unwrap_or_default();
    let at = || filed_at.as_deref()?.parse::<Instant>().ok();
    let flow_year = year.flow_year;
    let pending = year.at < year.closes_on.ends_at();
    let (status, state, reason, found) = match kind.as_deref() {
        Some("declared") => {
            let found = format!("a déclaré le {} ses versements de {flow_year}{proof}.", at()?);
            ("eligible", "satisfait", "A_DECLARE", found)
        }
        Some("nil") => {
            let found = format!("a déclaré le {} n’avoir rien versé en {flow_year}{proof}.", at()?);
            ("eligible", "satisfait", "A_DECLARE_NEANT", found)
        }
        Some("rectified") => {
            let found =
                format!("a pour {flow_year} une déclaration rectifiée par le ministère le {}{proof}.", at()?);
            ("eligible", "satisfait", "DECLARATION_RECTIFIEE", found)
        }
        void => {
            let (missing, lacking) = match void {
                Some("annulled") => (
                    "DECLARATION_ANNULEE",
                    format!(
                        "n’a plus de déclaration valable pour {flow_year} (annulée par le ministère le {})",
                        at()?
                    ),
                ),
                Some(_) => (
                    "DECLARATION_HORS_DELAI",
                    format!(
                        "n’a pour {flow_year} qu’une déclaration reçue hors délai, qui compte dans les totaux mais ne suffit pas"
                    ),
                ),
                None if pending => {
                    ("NON_DECLARE", format!("n’a pas encore déclaré ses versements de {flow_year}"))
                }
                None => ("NON_DECLARE", format!("n’a pas déclaré ses versements de {flow_year}")),
            };
            let day = year.closes_on.to_long();
            if pending {
                let possible =
                    if void.is_some() { "une nouvelle peut être déposée" } else { "c’est possible" };
                let found = format!("{lacking}\u{a0}: {possible} jusqu’au {day} inclus.");
                ("en_attente", "en_attente", "FENETRE_OUVERTE", found)
            } else {
                let found =
                    format!("{lacking}\u{a0}: la campagne {} s’est terminée le {day}.", flow_year + 1);
                ("ineligible", "manquant", missing, found)
            }
        }
    };
    let sentence = format!("La collectivité {found}");
    let call = &year.call;
    let (head, remedy) = match status {
        "eligible" => (format!("Éligible à l’appel {call}."), ""),
        "en_attente" => {
            (format!("Peut candidater à l’appel {call}, mais ne peut rien obtenir pour l’instant."), "")
        }
        _ if year.settled => (
            format!("Inéligible à l’appel {call}."),
            " Seule une dérogation d’éligibilité, à demander au ministère, peut y remédier.",
        ),
        _ => (
            format!("Inéligible à l’appel {call}."),
            " Le ministère peut encore, sur demande motivée, permettre un dépôt tardif ou accorder une dérogation d’éligibilité.",
        ),
    };
    Some(json!({
        "appel": call,
        "au": year.at.to_rfc3339(),
        "exercices": [{
            "campagne": flow_year + 1,
            "date_depot": filed_at,
            "etat": state,
            "exercice": flow_year,
            "explication": sentence,
            "motif": reason,
            "predecesseurs": [],
            "recepisse": receipt,
            "siren": siren,
            "source": null,
        }],
        "explication": format!("{head} {sentence}{remedy}"),
        "motif": reason,
        "siren": siren,
        "statut": status,
        "texte_fondateur": year.founding_text,
    }))
}
