//! `eapd journal verify`: the chain holds from its first entry to its last (rule 13).

use std::path::PathBuf;

use clap::Subcommand;

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::service::journal::{self, Anchor};

/// What to do with the journal.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Vérifie le journal ; nomme la première entrée fausse
    Verify {
        /// Fichier d’ancres : une ligne « numéro empreinte » par ancre connue
        #[arg(long)]
        anchor: Option<PathBuf>,
    },
}

/// Runs it.
pub async fn run(command: JournalCommand) -> Result<(), CliError> {
    let JournalCommand::Verify { anchor } = command;
    let anchors = match anchor {
        Some(path) => read_anchors(&path)?,
        None => vec![],
    };
    let (app, _actor) = context::open().await?;
    let head = journal::verify(&app, &anchors).await?;
    match head {
        Ok(head) => {
            say(format_args!("Journal intègre\u{a0}: {} entrée(s), dernière empreinte\u{a0}:", head.seq));
            say(format_args!("{} {}", head.seq, head.hash));
            Ok(())
        }
        Err(fault) => Err(CliError::Refused(fault.to_string())),
    }
}

fn read_anchors(path: &std::path::Path) -> Result<Vec<Anchor>, CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| CliError::Environment(format!("{}\u{a0}: {error}", path.display())))?;
    let read = |(index, line): (usize, &str)| {
        let unreadable = || {
            CliError::Refused(format!(
                "{}, ligne {}\u{a0}: attendu «\u{a0}numéro empreinte\u{a0}»",
                path.display(),
                index.saturating_add(1)
            ))
        };
        let (seq, hash) = line.trim().split_once(' ').ok_or_else(unreadable)?;
        let seq = seq.parse().map_err(|_error| unreadable())?;
        Ok(Anchor { seq, hash: hash.trim().to_owned() })
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}
