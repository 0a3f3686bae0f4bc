//! `eapd call …`: calls for projects.

use clap::{Args, Subcommand};

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::domain::call::{Call, CallCode, CallDates, GroupRule};
use crate::domain::day::Day;
use crate::domain::year::FlowYear;
use crate::service::call;

/// What to do with calls.
#[derive(Debug, Subcommand)]
pub enum CallCommand {
    /// Crée un appel à projets
    Create(NewCall),
    /// Liste les appels à projets
    List,
    /// Montre un appel à projets
    Show {
        /// Code ou année de l’appel
        call: String,
    },
}

/// A call to create.
#[derive(Debug, Args)]
pub struct NewCall {
    /// Code, par exemple AAP-2026
    code: CallCode,
    /// Titre
    #[arg(long)]
    title: String,
    /// Exercices dont la déclaration est exigée, séparés par des virgules
    #[arg(long, value_delimiter = ',', required = true)]
    years: Vec<FlowYear>,
    /// Règle des groupes : `tous`, ou `chef_de_file`
    #[arg(long, default_value = "tous")]
    rule: GroupRule,
    /// Texte qui fonde l’exigence, cité dans chaque réponse
    #[arg(long)]
    founding_text: String,
    /// Jour d’ouverture
    #[arg(long)]
    opens: Option<Day>,
    /// Jour de clôture
    #[arg(long)]
    closes: Option<Day>,
    /// Jour d’examen des dossiers
    #[arg(long)]
    examined: Option<Day>,
}

/// Runs one of them.
pub async fn run(command: CallCommand) -> Result<(), CliError> {
    let (app, actor) = context::open().await?;
    match command {
        CallCommand::Create(new) => {
            let dates = CallDates { opens_on: new.opens, closes_on: new.closes, examined_on: new.examined };
            let call = Call::new(new.code, &new.title, dates, new.years, new.rule, &new.founding_text)
                .map_err(|error| CliError::Refused(error.to_string()))?;
            call::create(&app, &actor, &call).await?;
            say(describe(&call));
        }
        CallCommand::List => {
            for call in call::list(&app).await? {
                say(describe(&call));
            }
        }
        CallCommand::Show { call } => {
            let call = call::resolve(&app, &call).await?;
            say(describe(&call));
            say(call.founding_text());
        }
    }
    Ok(())
}

fn describe(call: &Call) -> String {
    let years: Vec<String> = call.required_years().iter().map(ToString::to_string).collect();
    format!(
        "{}\u{a0}: {} (exercices exigés\u{a0}: {}\u{a0}; {})",
        call.code(),
        call.title(),
        years.join(", "),
        call.group_rule().label()
    )
}
