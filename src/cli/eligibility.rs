//! `eapd eligibility …`: verdicts for a call, one SIREN or thousands (rule 9).

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::app::App;
use crate::cli::context;
use crate::cli::declare::read;
use crate::cli::output::{CliError, say};
use crate::domain::eligibility::{GroupError, GroupVerdict, MemberRole, Verdict};
use crate::domain::instant::Instant;
use crate::domain::siren::{Siren, parse_siren_or_siret};
use crate::imports::dossiers::{Body, Dossier, Role};
use crate::imports::eligibility::{Batch, Entry};
use crate::imports::{Limits, eligibility as list};
use crate::service::ServiceError;
use crate::service::eligibility::{self, AskedIdentity, AskedMember, BATCH_MAX};
use crate::service::verdict_document::{self, Answer};

/// A question.
#[derive(Debug, Args)]
pub struct Question {
    /// SIREN ou SIRET
    #[arg(required_unless_present = "from", conflicts_with = "from")]
    sirens: Vec<String>,
    /// Code de l’appel, ou son année s’il est seul à la porter
    #[arg(long)]
    call: String,
    /// Instant auquel la question se rapporte (RFC 3339), maintenant par défaut
    #[arg(long)]
    at: Option<Instant>,
    /// Fichier de SIREN (colonne siren) ou de dossiers (dossier;role;siren)
    #[arg(long)]
    from: Option<PathBuf>,
    /// Format de la réponse
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Fichier de la réponse, obligatoire pour xlsx
    #[arg(long)]
    out: Option<PathBuf>,
}

/// The forms of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Csv,
    Xlsx,
}

/// Answers the question.
pub async fn run(question: Question) -> Result<(), CliError> {
    if question.format == Some(Format::Xlsx) && question.out.is_none() {
        return Err(CliError::Usage("indiquez le fichier de la réponse avec --out".to_owned()));
    }
    let batch = match &question.from {
        Some(path) => list::read(&read(path)?, &Limits::default()).map_err(ServiceError::from)?,
        None => Batch::Sirens(typed(&question.sirens)?),
    };
    let (app, _actor) = context::open().await?;
    match batch {
        Batch::Sirens(entries) => of_list(&app, &question, &entries).await,
        Batch::Dossiers(dossiers) => of_dossiers(&app, &question, &dossiers).await,
    }
}

fn typed(texts: &[String]) -> Result<Vec<Entry>, CliError> {
    let entry = |(index, text): (usize, &String)| {
        let siren = parse_siren_or_siret(text).map_err(|error| CliError::Refused(error.to_string()))?;
        let row = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        Ok(Entry { row, text: text.clone(), siren: Ok(siren) })
    };
    texts.iter().enumerate().map(entry).collect()
}

async fn of_list(app: &App, question: &Question, entries: &[Entry]) -> Result<(), CliError> {
    let sirens: Vec<Siren> = entries.iter().filter_map(|entry| entry.siren.as_ref().ok().copied()).collect();
    let mut answered: Vec<Verdict> = Vec::with_capacity(sirens.len());
    let at = question.at.unwrap_or_else(|| app.now());
    for part in sirens.chunks(BATCH_MAX) {
        answered.extend(eligibility::of_list(app, &question.call, part, Some(at)).await?.verdicts);
    }
    if sirens.is_empty() {
        // The call is checked all the same: a wrong one is not an empty answer.
        eligibility::of_list(app, &question.call, &[], Some(at)).await?;
    }
    let mut verdicts = answered.iter();
    let rows: Vec<Answer<'_>> = entries
        .iter()
        .filter_map(|entry| {
            let verdict = match &entry.siren {
                Ok(_) => Ok(verdicts.next()?),
                Err(error) => Err(error.to_string()),
            };
            Some(Answer { row: entry.row, text: &entry.text, verdict })
        })
        .collect();
    match question.format {
        None => {
            for row in &rows {
                match &row.verdict {
                    Ok(verdict) => say(format_args!(
                        "{}\u{a0}: {} ({}). {}",
                        verdict.siren,
                        verdict.status.label(),
                        verdict.reason.code(),
                        verdict.sentence
                    )),
                    Err(error) => say(error),
                }
            }
            Ok(())
        }
        Some(Format::Json) => {
            let values: Vec<Value> = rows.iter().map(Answer::to_json).collect();
            write(question.out.as_deref(), format!("{:#}\n", Value::Array(values)).as_bytes())
        }
        Some(Format::Csv) => {
            write(question.out.as_deref(), &verdict_document::table(&rows).to_csv().map_err(environment)?)
        }
        Some(Format::Xlsx) => {
            let bytes = verdict_document::table(&rows).to_xlsx("Éligibilité").map_err(environment)?;
            write(question.out.as_deref(), &bytes)
        }
    }
}

async fn of_dossiers(app: &App, question: &Question, dossiers: &[Dossier]) -> Result<(), CliError> {
    let mut groups = Vec::with_capacity(dossiers.len());
    for dossier in dossiers {
        let unreadable: Vec<String> = dossier
            .members
            .iter()
            .filter_map(|member| member.entry.as_ref().err().map(ToString::to_string))
            .collect();
        let members =
            dossier.members.iter().filter_map(|member| member.entry.as_ref().ok().map(asked)).collect();
        groups.push((unreadable, members));
    }
    let readable: Vec<Vec<AskedMember>> = groups
        .iter()
        .filter(|(unreadable, _)| unreadable.is_empty())
        .map(|(_, members)| members)
        .cloned()
        .collect();
    let (_call, judged) = eligibility::of_groups(app, &question.call, &readable, question.at).await?;
    let mut judged = judged.into_iter();
    let answers: Vec<Value> = dossiers
        .iter()
        .zip(&groups)
        .map(|(dossier, (unreadable, _))| {
            if unreadable.is_empty() {
                group_document(&dossier.name, judged.next())
            } else {
                json!({"dossier": dossier.name, "erreurs": unreadable})
            }
        })
        .collect();
    match question.format {
        Some(Format::Csv | Format::Xlsx) => {
            let table = verdict_document::dossier_table(&answers);
            let bytes = match question.format {
                Some(Format::Csv) => table.to_csv().map_err(environment)?,
                _ => table.to_xlsx("Dossiers").map_err(environment)?,
            };
            write(question.out.as_deref(), &bytes)
        }
        Some(Format::Json) => {
            write(question.out.as_deref(), format!("{:#}\n", Value::Array(answers)).as_bytes())
        }
        None => {
            for answer in &answers {
                let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                say(format_args!("{}\u{a0}: {} {}", text("dossier"), text("statut"), text("explication")));
                for error in answer.get("erreurs").and_then(Value::as_array).into_iter().flatten() {
                    say(format_args!("  {}", error.as_str().unwrap_or_default()));
                }
            }
            Ok(())
        }
    }
}

fn group_document(name: &str, judged: Option<Result<GroupVerdict, GroupError>>) -> Value {
    match judged {
        Some(Ok(group)) => verdict_document::of_group(name, &group),
        Some(Err(error)) => json!({"dossier": name, "erreurs": [error.to_string()]}),
        None => json!({"dossier": name, "erreurs": []}),
    }
}

fn asked((role, body): &(Role, Body)) -> AskedMember {
    AskedMember {
        role: match role {
            Role::Lead => MemberRole::Lead,
            Role::Partner => MemberRole::Partner,
        },
        identity: match body {
            Body::Siren(siren) => AskedIdentity::French(*siren),
            Body::Other(name) => AskedIdentity::Other(name.clone()),
        },
    }
}

fn write(path: Option<&Path>, bytes: &[u8]) -> Result<(), CliError> {
    match path {
        Some(path) => std::fs::write(path, bytes)
            .map_err(|error| CliError::Environment(format!("{}\u{a0}: {error}", path.display()))),
        None => crate::cli::output::print(bytes).map_err(|error| CliError::Environment(error.to_string())),
    }
}

fn environment(error: impl std::fmt::Display) -> CliError {
    CliError::Environment(error.to_string())
}
