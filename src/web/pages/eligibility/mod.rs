//! Eligibility: asked about one body or a list, certified; the dossiers put to a call.
//!
//! | file | addresses under `/pilotage/eligibilite` |
//! |---|---|
//! | `ask` | itself |
//! | `list` | `/listes/{liste}`, `/listes/{liste}/fichier` |
//! | `body` | `/{siren}`, `/{siren}/attestations` |
//! | `certificate` | `/attestations/{attestation}`, `/attestations/{attestation}/pdf` |
//! | `pending` | `/appels/{appel}/en-attente`, `/appels/{appel}/en-attente/export` |
//! | `own` | `/espace/{siren}/eligibilite`, for agents |

pub(in crate::web) mod ask;
pub(in crate::web) mod body;
pub(in crate::web) mod certificate;
pub(in crate::web) mod list;
pub(in crate::web) mod own;
pub(in crate::web) mod pending;

use crate::app::App;
use crate::domain::call::Call;
use crate::domain::eligibility::{Status, Verdict, YearState};
use crate::domain::text::sentence;
use crate::service::eligibility::list::{TextTable, written};
use crate::service::{ServiceError, call};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::Answer;
use crate::web::pages::declare::filed::{CSV, Kind, XLSX, download};
use crate::web::refusal::PageRefused;

/// Where the pages of the ministry begin.
const BASE: &str = "/pilotage/eligibilite";
const NAME: &str = "Éligibilité";

fn layout(frame: Frame, title: impl Into<String>) -> Layout {
    frame.titled(title).under("/pilotage", "Pilotage").under(BASE, NAME)
}

/// A call to choose.
struct CallChoice {
    code: String,
    title: String,
    is_chosen: bool,
}

/// The calls to choose from, those that run first, then the latest ones first; `typed` is chosen, or else the first.
async fn choices(app: &App, typed: &str) -> Result<Vec<CallChoice>, ServiceError> {
    let today = app.now().day_in_paris();
    let mut calls = call::list(app).await?;
    calls.sort_by_key(|call| {
        let last = call.required_years().last().copied();
        (!call.runs_on(today), std::cmp::Reverse(last), call.code().clone())
    });
    let is_known = calls.iter().any(|call| call.code().as_str() == typed);
    let choice = |(place, call): (usize, &Call)| CallChoice {
        is_chosen: if is_known { call.code().as_str() == typed } else { place == 0 },
        code: call.code().to_string(),
        title: call.title().to_owned(),
    };
    Ok(calls.iter().enumerate().map(choice).collect())
}

/// The one that is chosen, if there is a call at all.
fn chosen(choices: &[CallChoice]) -> Option<&str> {
    choices.iter().find(|choice| choice.is_chosen).map(|choice| choice.code.as_str())
}

/// How an answer is shown: its word, and the colour that goes with it.
struct Badge {
    label: String,
    class: &'static str,
}

impl Badge {
    fn of(status: Status) -> Self {
        let class = match status {
            Status::Eligible => "success",
            Status::Ineligible => "error",
            Status::Pending => "warning",
            Status::Undetermined | Status::NotConcerned => "info",
        };
        Self { label: status.label().to_owned(), class }
    }

    fn of_state(state: YearState) -> Self {
        let class = match state {
            YearState::Satisfied => "success",
            YearState::Missed => "error",
            YearState::Pending => "warning",
            YearState::Unknown => "info",
        };
        Self { label: state.label().to_owned(), class }
    }

    fn of_code(code: &str) -> Self {
        Status::from_code(code).map_or(Self { label: "erreur".to_owned(), class: "error" }, Self::of)
    }
}

/// A required year, as it is shown.
struct YearShown {
    year: String,
    badge: Badge,
    sentence: String,
    /// Receipt, instant or source.
    proof: Vec<String>,
    predecessors: Vec<String>,
}

impl YearShown {
    fn all(verdict: &Verdict) -> Vec<Self> {
        let shown = |year: &crate::domain::eligibility::YearVerdict| Self {
            year: year.year.to_string(),
            badge: Badge::of_state(year.state),
            sentence: year.sentence.clone(),
            proof: proof(year.receipt.as_deref(), year.source.as_deref()),
            predecessors: year
                .predecessors
                .iter()
                .map(|one| {
                    let proof = proof(one.receipt.as_deref(), one.source.as_deref());
                    let told = [
                        vec![format!("{} (SIREN {})", one.name, one.siren), one.reason.label().to_owned()],
                        proof,
                    ];
                    sentence(&told.concat().join(", "))
                })
                .collect(),
        };
        verdict.years.iter().map(shown).collect()
    }
}

fn proof(receipt: Option<&str>, source: Option<&str>) -> Vec<String> {
    let receipt = receipt.map(|number| format!("récépissé {number}"));
    receipt.into_iter().chain(source.map(|source| format!("source\u{a0}: {source}"))).collect()
}

/// A choice among the answers, as a link that filters them.
struct Filter {
    address: String,
    label: String,
    is_chosen: bool,
}

/// The links that filter answers by their word, with how many have it.
fn filters(base: &str, chosen: &str, total: usize, counts: &[(&'static str, usize)]) -> Vec<Filter> {
    let of = |code: &str, label: String| Filter {
        address: if code.is_empty() { base.to_owned() } else { format!("{base}?verdict={code}") },
        label,
        is_chosen: code == chosen,
    };
    let all = of("", format!("Toutes\u{a0}: {total}"));
    let each = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(code, count)| of(code, format!("{}\u{a0}: {count}", Badge::of_code(code).label)));
    std::iter::once(all).chain(each).collect()
}

/// A word of the contract typed in an address; empty where it is none.
fn filter(typed: &str) -> &'static str {
    let words = crate::service::eligibility::pending::Looked::CODES;
    words.into_iter().find(|word| *word == typed.trim()).unwrap_or_default()
}

/// A table as a file in the form that the address asks for.
async fn table(name: &str, format: &str, table: TextTable) -> Answer {
    let kind: Kind = match format {
        "csv" => CSV,
        "" | "xlsx" => XLSX,
        _ => return Err(PageRefused::nothing_here()),
    };
    let bytes = written(table, format == "csv").await?;
    download(name, kind, bytes)
}
