//! `eapd backup` and `eapd restore`: copies of the whole instance.

use std::path::PathBuf;

use clap::Args;

use crate::app::App;
use crate::cli::output::{CliError, say};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::amount::parse_amount;
use crate::domain::instant::Instant;
use crate::domain::text::thousands;
use crate::service::upkeep::manifest::Manifest;
use crate::service::upkeep::{backup, restore};

/// Where to copy to.
#[derive(Debug, Args)]
pub struct Backup {
    /// Dossier des sauvegardes ; backup.dir sans cette option
    #[arg(long)]
    into: Option<PathBuf>,
}

/// What to restore, and where.
#[derive(Debug, Args)]
pub struct Restore {
    /// Dossier de la sauvegarde
    path: PathBuf,
    /// Base vide qui la reçoit : un fichier sqlite://…, ou postgres://… avec le rôle qui possédera les tables
    #[arg(long)]
    into: String,
    /// Fichier de la clé privée d’une sauvegarde chiffrée (age)
    #[arg(long)]
    identity: Option<PathBuf>,
}

/// Takes a backup.
pub async fn take(asked: Backup) -> Result<(), CliError> {
    let app = App::open(Config::load()?).await?;
    let folder = asked.into.unwrap_or_else(|| backup::folder(&app.config));
    let taken = backup::take(&app, &folder, SystemClock.now()).await?;
    say(format_args!("Sauvegarde prise\u{a0}: {}", taken.path.display()));
    tell(&taken.manifest);
    app.db.close().await;
    Ok(())
}

/// Restores one.
pub async fn put_back(asked: Restore) -> Result<(), CliError> {
    let config = Config::load()?;
    let manifest = restore::restore(&config, &asked.path, &asked.into, asked.identity.as_deref()).await?;
    let taken = manifest.prise_le.parse::<Instant>();
    let taken = taken.map_or_else(|_other| manifest.prise_le.clone(), |taken| taken.to_string());
    say(format_args!("Sauvegarde du {taken}, restaurée et vérifiée."));
    tell(&manifest);
    Ok(())
}

fn tell(manifest: &Manifest) {
    let content = &manifest.contenu;
    let rows = content
        .tables
        .values()
        .fold(0_u64, |sum, rows| sum.saturating_add(u64::try_from(*rows).unwrap_or(0)));
    let tables = content.tables.len();
    say(format_args!(
        "Migration {}, {tables} tables, {} enregistrements",
        content.migration,
        thousands(rows)
    ));
    for (year, sum) in &content.ressources_propres {
        let sum = parse_amount(sum).map_or_else(|_other| sum.clone(), |sum| sum.to_string());
        say(format_args!("Ressources propres de {year}\u{a0}: {sum}"));
    }
    say(format_args!("Rapports publiés\u{a0}: {} fichier(s)", content.rapports.len()));
    say(format_args!("Journal\u{a0}: {} {}", content.journal.numero, content.journal.empreinte));
    let copy = &manifest.copie;
    say(format_args!(
        "Copie\u{a0}: {}, {} octets, SHA-256 {}",
        copy.fichier,
        thousands(copy.octets),
        copy.sha256
    ));
}
