//! `eapd eligibility …`: verdicts for a call, one SIREN or thousands (rule 9).

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::app::App;
use crate::cli::context;
use crate::cli::files;
use crate::cli::output::{CliError, print, say};
use crate::domain::certificate::title;
use crate::domain::instant::Instant;
use crate::domain::role::Actor;
use crate::domain::siren::parse_siren_or_siret;
use crate::service::certificate;
use crate::service::eligibility::batch::{Answers, Asked, of_asked, of_file};
use crate::service::eligibility::document::DossierAnswer;

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
    /// Fichier de la réponse, obligatoire pour xlsx et pour une attestation
    #[arg(long)]
    out: Option<PathBuf>,
    /// Délivre une attestation de la réponse d’aujourd’hui, en PDF
    #[arg(long, requires = "out", conflicts_with_all = ["from", "at", "format"])]
    certificate: bool,
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
    for text in &question.sirens {
        parse_siren_or_siret(text).map_err(|error| CliError::Refused(error.to_string()))?;
    }
    let bytes = question.from.as_deref().map(files::read).transpose()?;
    let (app, actor) = context::open().await?;
    if question.certificate {
        return certify(&app, &actor, &question).await;
    }
    let answers = match bytes {
        Some(bytes) => of_file(&app, &question.call, &bytes, question.at).await?,
        None => {
            let asked = question.sirens.iter().enumerate().map(|(rank, text)| Asked::typed(rank, text));
            of_asked(&app, &question.call, asked.collect(), question.at).await?
        }
    };
    let out = question.out.as_deref();
    match question.format {
        None => {
            tell(&answers);
            Ok(())
        }
        Some(Format::Json) => {
            let mut json = serde_json::to_vec_pretty(&answers).map_err(environment)?;
            json.push(b'\n');
            write(out, &json)
        }
        Some(Format::Csv) => write(out, &answers.to_csv().map_err(environment)?),
        Some(Format::Xlsx) => write(out, &answers.to_xlsx().map_err(environment)?),
    }
}

/// Issues a certificate on the one body asked about.
async fn certify(app: &App, actor: &Actor, question: &Question) -> Result<(), CliError> {
    let [siren] = question.sirens.as_slice() else {
        return Err(CliError::Usage("une attestation porte sur une seule collectivité".to_owned()));
    };
    let siren = parse_siren_or_siret(siren).map_err(|error| CliError::Refused(error.to_string()))?;
    let proof = certificate::issue(app, actor, siren, &question.call).await?;
    write(question.out.as_deref(), &certificate::pdf(app, &proof)?)?;
    say(format_args!("{} {}", title(&proof.attested.verdict), proof.certificate.number));
    Ok(())
}

fn tell(answers: &Answers) {
    match answers {
        Answers::List(answers) => {
            for answer in answers {
                match &answer.verdict {
                    Ok(verdict) => {
                        let (status, reason) = (verdict.status.label(), verdict.reason.code());
                        say(format_args!(
                            "{}\u{a0}: {status} ({reason}). {}",
                            verdict.siren, verdict.sentence
                        ));
                    }
                    Err(error) => say(error),
                }
            }
        }
        Answers::Dossiers(answers) => {
            for DossierAnswer { name, verdict } in answers {
                match verdict {
                    Ok(group) => {
                        say(format_args!("{name}\u{a0}: {} {}", group.status.code(), group.sentence));
                    }
                    Err(errors) => {
                        say(format_args!("{name}\u{a0}:"));
                        for error in errors {
                            say(format_args!("  {error}"));
                        }
                    }
                }
            }
        }
    }
}

fn write(path: Option<&Path>, bytes: &[u8]) -> Result<(), CliError> {
    match path {
        Some(path) => files::write(path, bytes),
        None => print(bytes).map_err(environment),
    }
}

fn environment(error: impl std::fmt::Display) -> CliError {
    CliError::Environment(error.to_string())
}
