//! `eapd migrate-engine`: from the embedded engine to the server.

use clap::Args;

use crate::cli::output::{CliError, say};
use crate::domain::text::thousands;
use crate::service::upkeep::engine;

/// From where to where.
#[derive(Debug, Args)]
pub struct MigrateEngine {
    /// Base à copier : un fichier sqlite://… (arrêtez d’abord le service)
    #[arg(long)]
    from: String,
    /// Base vide, créée par « eapd migrate » : postgres://… (le rôle qui possède les tables)
    #[arg(long)]
    to: String,
    /// Ne copie rien : compare seulement les deux bases
    #[arg(long)]
    compare: bool,
}

/// Copies, and proves.
pub async fn run(asked: MigrateEngine) -> Result<(), CliError> {
    let bar = indicatif::ProgressBar::new_spinner();
    let proof = engine::migrate(&asked.from, &asked.to, asked.compare, |table| bar.set_message(table)).await;
    bar.finish_and_clear();
    let proof = proof?;
    let content = &proof.content;
    let rows = thousands(proof.rows);
    say(format_args!(
        "Les deux bases sont égales\u{a0}: {} tables, {rows} enregistrements comparés un à un.",
        content.tables.len()
    ));
    for (year, sum) in &content.ressources_propres {
        say(format_args!("Ressources propres de {year}\u{a0}: {sum}\u{a0}€"));
    }
    say(format_args!("Journal intègre\u{a0}: {} {}", content.journal.numero, content.journal.empreinte));
    Ok(())
}
