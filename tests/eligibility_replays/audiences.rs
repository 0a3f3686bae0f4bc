//! One question, asked in every way: the answers are the same.

use std::collections::BTreeMap;
use std::io::Cursor;

use axum::body::Body;
use axum::http::Request;
use calamine::{Reader, Xlsx};
use eapd::domain::account::AccountRole;
use eapd::domain::eligibility::{Status, YearState};
use eapd::domain::siren::Siren;
use eapd::domain::token::{RoleName, Scope};
use eapd::service::eligibility::batch::of_file;
use eapd::service::eligibility::document::of_verdict;
use eapd::service::eligibility::of_list;
use http_body_util::BodyExt;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::api::world::insert_token;
use crate::support::TestApp;
use crate::support::scenario::Alias;
use crate::support::truth_table::{Case, Expected};
use crate::web::eligibility;
use crate::web::staff::{enlist, session};

/// Asks about each row, and says where an answer is another than expected.
pub async fn ask(app: &TestApp, cases: &[Case]) -> Vec<String> {
    let mut wrong = Vec::new();
    let instructor = enlist(app, AccountRole::Instructor).await;
    for case in cases {
        let answers = [
            ("one", one(app, case).await),
            ("a list", list(app, case).await),
            ("a CSV file, answered in CSV", csv_file(app, case).await),
            ("a workbook, answered by one", workbook(app, case).await),
            ("the command line", command(app, case)),
            ("the API", api(app, case).await),
            ("the API, a list", api_list(app, case).await),
            ("the page", page(app, case, &instructor).await),
            ("a list of the pages", page_list(app, case, &instructor).await),
            ("the certificate", certified(app, case, &instructor).await),
        ];
        for (audience, found) in answers {
            match found {
                Ok(()) => {}
                Err(found) => wrong.push(format!(
                    "{} {} ({audience})\n  expected {:?}\n  found    {found}",
                    case.id, case.story, case.expected
                )),
            }
        }
    }
    wrong
}

/// Everyone of the table, the one asked about twice, others around.
fn everyone(case: &Case) -> Vec<Siren> {
    let siren = case.siren.siren().unwrap();
    std::iter::once(siren).chain(Alias::all().map(|alias| alias.siren().unwrap())).chain([siren]).collect()
}

/// Now, as the clock stands at the instant of the row.
async fn one(app: &TestApp, case: &Case) -> Result<(), String> {
    app.clock.set(case.at);
    let siren = case.siren.siren()?;
    let verdicts =
        of_list(&app.app, case.call.as_str(), &[siren], None).await.map_err(|error| error.to_string())?;
    let [verdict] = verdicts.verdicts.as_slice() else { return Err("no answer".to_owned()) };
    matches(case, &serde_json::to_value(of_verdict(verdict)).unwrap())
}

/// Later, as of the instant of the row: every body, each as when asked alone.
async fn list(app: &TestApp, case: &Case) -> Result<(), String> {
    app.set_clock("2030-01-01T00:00:00Z");
    let sirens = everyone(case);
    let answers = of_list(&app.app, case.call.as_str(), &sirens, Some(case.at)).await;
    let verdicts = answers.map_err(|error| error.to_string())?.verdicts;
    let asked: Vec<Siren> = verdicts.iter().map(|verdict| verdict.siren).collect();
    if asked != sirens {
        return Err(format!("answers in another order: {asked:?}"));
    }
    for place in [0, sirens.len() - 1] {
        matches(case, &serde_json::to_value(of_verdict(&verdicts[place])).unwrap())?;
    }
    Ok(())
}

async fn csv_file(app: &TestApp, case: &Case) -> Result<(), String> {
    let rows = everyone(case).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let answers =
        of_file(&app.app, case.call.as_str(), format!("siren\n{rows}").as_bytes(), Some(case.at)).await;
    let csv = answers.map_err(|error| error.to_string())?.to_csv().map_err(|error| error.to_string())?;
    let text = csv.strip_prefix(b"\xef\xbb\xbf").ok_or("no BOM")?;
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text);
    let rows: Result<Vec<csv::StringRecord>, _> = reader.records().collect();
    let rows: Vec<Vec<String>> = rows
        .map_err(|error| error.to_string())?
        .iter()
        .map(|row| row.iter().map(str::to_owned).collect())
        .collect();
    in_table(case, &rows)
}

async fn workbook(app: &TestApp, case: &Case) -> Result<(), String> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "SIREN").unwrap();
    for (row, siren) in (1_u32..).zip(everyone(case)) {
        sheet.write_string(row, 0, siren.as_str()).unwrap();
    }
    let asked = book.save_to_buffer().unwrap();
    let answers = of_file(&app.app, case.call.as_str(), &asked, Some(case.at)).await;
    let bytes = answers.map_err(|error| error.to_string())?.to_xlsx().map_err(|error| error.to_string())?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let range = book.worksheet_range("Éligibilité").map_err(|error| error.to_string())?;
    let rows: Vec<Vec<String>> =
        range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    in_table(case, &rows)
}

/// The program itself, on its own connection.
fn command(app: &TestApp, case: &Case) -> Result<(), String> {
    let (siren, at) = (case.siren.siren()?, case.at.to_rfc3339());
    let args = ["eligibility", siren.as_str(), "--call", case.call.as_str(), "--at", &at, "--format", "json"];
    let outcome = app.instance.eapd(None, &args);
    if !outcome.done() {
        return Err(outcome.to_string());
    }
    let answers: Value = serde_json::from_str(&outcome.stdout).map_err(|error| error.to_string())?;
    matches(case, answers.get(0).ok_or("no answer")?)
}

/// Now, over HTTP, as an instructor.
async fn api(app: &TestApp, case: &Case) -> Result<(), String> {
    app.clock.set(case.at);
    let path = format!("/api/v1/eligibilite/{}?appel={}", case.siren.siren()?, case.call);
    matches(case, &answer(app, Request::get(path).body(Body::empty())).await?)
}

/// Later, as of the instant of the row, over HTTP: everyone at once.
async fn api_list(app: &TestApp, case: &Case) -> Result<(), String> {
    app.set_clock("2030-01-01T00:00:00Z");
    let asked = json!({"appel": case.call.as_str(), "au": case.at.to_rfc3339(), "sirens": everyone(case)});
    let request = Request::post("/api/v1/eligibilite").header("content-type", "application/json");
    let answers = answer(app, request.body(Body::from(asked.to_string()))).await?;
    let answers = answers["reponses"].as_array().ok_or("no list")?;
    if answers.len() != everyone(case).len() {
        return Err(format!("{} answers", answers.len()));
    }
    matches(case, &answers[0])?;
    matches(case, &answers[answers.len() - 1])
}

async fn answer(app: &TestApp, request: axum::http::Result<Request<Body>>) -> Result<Value, String> {
    let secret = format!("eapd_{}", app.app.random.identifier());
    let expires_at = crate::support::at("2031-01-01T00:00:00Z");
    insert_token(&app.app, RoleName::Instructor, vec![Scope::Eligibility], &secret, expires_at).await;
    let mut request = request.map_err(|error| error.to_string())?;
    let bearer = format!("Bearer {secret}").parse().map_err(|_| "a header".to_owned())?;
    request.headers_mut().insert("authorization", bearer);
    let response = eapd::api::router(&app.app).oneshot(request).await.map_err(|error| error.to_string())?;
    let status = response.status();
    let bytes = response.into_body().collect().await.map_err(|error| error.to_string())?.to_bytes();
    if !status.is_success() {
        return Err(format!("{status} {}", String::from_utf8_lossy(&bytes)));
    }
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

/// Now, on the page of an instructor: the answer, its reason, its years.
async fn page(app: &TestApp, case: &Case, instructor: &str) -> Result<(), String> {
    app.clock.set(case.at);
    let signed = session(app, instructor, &AccountRole::Instructor).await;
    let page =
        signed.get(&format!("/pilotage/eligibilite/{}?appel={}", case.siren.siren()?, case.call)).await;
    let words = page.words();
    let status = Status::from_code(&case.expected.status).ok_or("no such status")?.label();
    let mut told =
        vec![format!("Réponse\u{a0}: {status}"), format!("Motif\u{a0}: {}.", case.expected.reason)];
    for year in &case.expected.years {
        let mut parts = year.split(':');
        let (year, state) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        told.push(format!("{year} {} ", YearState::from_code(state).ok_or("no such state")?.label()));
    }
    match told.iter().find(|told| !words.contains(*told)) {
        None => Ok(()),
        Some(missing) => Err(format!("no {missing:?} in {words}")),
    }
}

/// Now, pasted on the page of an instructor: the file that it gives back.
async fn page_list(app: &TestApp, case: &Case, instructor: &str) -> Result<(), String> {
    app.clock.set(case.at);
    let signed = session(app, instructor, &AccountRole::Instructor).await;
    let pasted: Vec<String> = everyone(case).iter().map(ToString::to_string).collect();
    let address = eligibility::answered(&signed, case.call.as_str(), &pasted.join("\n"), b"").await;
    let mut rows = eligibility::rows(&signed.get(&format!("{address}/fichier?format=csv")).await);
    if let Some(status) = rows[0].iter_mut().find(|header| *header == "verdict") {
        "statut".clone_into(status);
    }
    in_table(case, &rows)
}

/// Certified by an instructor now, verified by its number long after.
async fn certified(app: &TestApp, case: &Case, instructor: &str) -> Result<(), String> {
    app.clock.set(case.at);
    let signed = session(app, instructor, &AccountRole::Instructor).await;
    let number = eligibility::certified(&signed, case.siren.siren()?.as_str(), case.call.as_str()).await;
    app.set_clock("2030-01-01T00:00:00Z");
    let document =
        answer(app, Request::get(format!("/api/v1/documents/{number}")).body(Body::empty())).await?;
    matches(case, &document["reponse"])
}

/// A document against the row.
fn matches(case: &Case, document: &Value) -> Result<(), String> {
    let aliases: BTreeMap<String, Alias> =
        Alias::all().map(|alias| (alias.siren().unwrap().to_string(), alias)).collect();
    let text = |value: &Value, key: &str| match value.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => format!("no {key}"),
    };
    let year = |year: &Value| {
        let of = aliases.get(&text(year, "siren")).map(Alias::to_string).unwrap_or_default();
        format!("{}:{}:{}:{of}", text(year, "exercice"), text(year, "etat"), text(year, "motif"))
    };
    let found = Expected {
        status: text(document, "statut"),
        reason: text(document, "motif"),
        years: document.get("exercices").and_then(Value::as_array).into_iter().flatten().map(year).collect(),
    };
    let siren = case.siren.siren()?;
    let about = (text(document, "siren"), text(document, "appel"), text(document, "au"));
    if about != (siren.to_string(), case.call.to_string(), case.at.to_rfc3339()) {
        return Err(format!("an answer about {about:?}"));
    }
    if found == case.expected { Ok(()) } else { Err(format!("{found:?}")) }
}

/// The first and the last row of a table, which are about the one body.
fn in_table(case: &Case, rows: &[Vec<String>]) -> Result<(), String> {
    let headers = rows.first().ok_or("an empty file")?;
    let column =
        |header: &str| headers.iter().position(|found| found == header).ok_or(format!("no {header}"));
    let (siren, status, reason, years) =
        (column("siren")?, column("statut")?, column("motif")?, column("exercices")?);
    if rows.len() != everyone(case).len() + 1 {
        return Err(format!("{} rows", rows.len()));
    }
    let of_row: Vec<String> = case
        .expected
        .years
        .iter()
        .map(|year| year.split(':').take(2).collect::<Vec<_>>().join("="))
        .collect();
    let expected = [
        case.siren.siren()?.to_string(),
        case.expected.status.clone(),
        case.expected.reason.clone(),
        of_row.join(" | "),
    ];
    for row in [&rows[1], &rows[rows.len() - 1]] {
        let found = [siren, status, reason, years].map(|place| row.get(place).cloned().unwrap_or_default());
        if found != expected {
            return Err(format!("{found:?}"));
        }
    }
    Ok(())
}
