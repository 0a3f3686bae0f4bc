//! `eapd restore`: a backup onto an empty place, refused where it is damaged, verified once it is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::service::journal;
use crate::service::upkeep::backup::{hashed, synced};
use crate::service::upkeep::manifest::{self, Content, Manifest};
use crate::service::upkeep::{Result, UpkeepError, at, postgres};
use crate::store::engine::{is_sqlite, last_migration};
use crate::store::{Db, Tx, upkeep};

/// Puts the backup of the folder `path` into the database `into`: a new file of SQLite, or an empty database
/// of PostgreSQL, as the role that will own its tables. Nothing is there afterwards where it failed.
///
/// # Errors
/// Refuses a damaged backup, one of a newer program or of the other engine, and a place that is not empty.
pub async fn restore(config: &Config, path: &Path, into: &str) -> Result<Manifest> {
    let manifest = read(path).await?;
    let engine = if is_sqlite(into) { "sqlite" } else { "postgres" };
    if manifest.moteur != engine {
        return Err(UpkeepError::Refused(format!(
            "cette sauvegarde est celle d’une base {} et --into nomme une base {engine}\u{a0}: restaurez-la sur le même moteur, puis «\u{a0}eapd migrate-engine\u{a0}»",
            manifest.moteur
        )));
    }
    let copy = path.join(&manifest.copie.fichier);
    if engine == "sqlite" {
        into_file(&manifest, &copy, into).await?;
    } else {
        let db = Db::open(into).await?;
        let there = upkeep::tables(&mut db.snapshot().await?).await?;
        if !there.is_empty() {
            return Err(occupied());
        }
        postgres::restore(&config.backup.postgres_programs, into, &copy).await?;
        let mut tx = db.snapshot().await?;
        tx.take_time().await?;
        verify(&manifest, &mut tx).await?;
        tx.done();
        db.close().await;
    }
    Ok(manifest)
}

/// The manifest of a backup whose copy is what it says.
///
/// # Errors
/// Refuses a folder that is no backup, is damaged, or comes from a newer program.
pub async fn read(path: &Path) -> Result<Manifest> {
    let note = path.join(manifest::FILE);
    let text = match fs::read(&note) {
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) =>
        {
            return Err(UpkeepError::Refused(format!(
                "{} n’est pas une sauvegarde entière\u{a0}: {} manque",
                path.display(),
                manifest::FILE
            )));
        }
        text => text.map_err(at(&note))?,
    };
    let damaged =
        |what: String| UpkeepError::Refused(format!("sauvegarde abîmée, {what}\u{a0}: prenez-en une autre"));
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| damaged(format!("son manifeste ne se lit pas ({error})")))?;
    if manifest.version != manifest::VERSION || manifest.contenu.migration > last_migration() {
        return Err(UpkeepError::Refused(format!(
            "cette sauvegarde vient d’un programme plus récent (version {}, migration {})\u{a0}: restaurez-la avec celui-là",
            manifest.programme, manifest.contenu.migration
        )));
    }
    if !["base.sqlite", "base.pgdump"].contains(&manifest.copie.fichier.as_str()) {
        return Err(damaged("son manifeste nomme un autre fichier".to_owned()));
    }
    let copy = path.join(&manifest.copie.fichier);
    if !copy.is_file() {
        return Err(damaged(format!("{} manque", manifest.copie.fichier)));
    }
    let (size, sha256) = hashed(copy).await?;
    if (size, sha256.as_str()) != (manifest.copie.octets, manifest.copie.sha256.as_str()) {
        return Err(damaged(format!(
            "{} n’a pas la taille ou l’empreinte de son manifeste ({size} octets, {sha256})",
            manifest.copie.fichier
        )));
    }
    Ok(manifest)
}

fn occupied() -> UpkeepError {
    UpkeepError::Refused("la base de --into n’est pas vide, et une restauration n’écrase rien\u{a0}: donnez un fichier qui n’existe pas, ou une base neuve".to_owned())
}

/// Beside its place first: it has its name once it was verified.
async fn into_file(manifest: &Manifest, copy: &Path, into: &str) -> Result<()> {
    let target = into.strip_prefix("sqlite://").or_else(|| into.strip_prefix("sqlite:")).unwrap_or(into);
    let target = PathBuf::from(target.split('?').next().unwrap_or(target));
    let beside = |end: &str| PathBuf::from(format!("{}{end}", target.display()));
    // A write-ahead log that is left would be applied to the restored file.
    if [target.clone(), beside("-wal"), beside("-journal")]
        .iter()
        .any(|file| file.metadata().is_ok_and(|found| found.len() > 0))
    {
        return Err(occupied());
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(at(folder))?;
    let partial = tempfile::NamedTempFile::new_in(folder).map_err(at(folder))?;
    let (from, to) = (copy.to_owned(), partial.path().to_owned());
    crate::service::apart(move || fs::copy(&from, &to).map_err(at(&to))).await??;
    let mut tx = upkeep::snapshot_of(partial.path()).await?;
    verify(manifest, &mut tx).await?;
    drop(tx);
    synced(partial.path())?;
    partial.persist(&target).map_err(|error| at(&target)(error.error))?;
    synced(folder)
}

/// What is there is what the manifest says, and the journal holds.
async fn verify(manifest: &Manifest, tx: &mut Tx<'_>) -> Result<()> {
    let different = |what: String| {
        UpkeepError::Refused(format!("la base restaurée n’est pas celle de la sauvegarde\u{a0}: {what}"))
    };
    if !upkeep::is_sound(tx).await? {
        return Err(different("son fichier est abîmé".to_owned()));
    }
    let found = Content::of(tx).await?;
    let differences = manifest.contenu.differences(&found);
    if !differences.is_empty() {
        return Err(different(differences.join("\u{a0}; ")));
    }
    for release in crate::store::report::all(tx).await? {
        let name = format!("{}/{}/{}/{}", release.name, release.flow_year, release.edition, release.format);
        if found.rapports.get(&name) != Some(&release.sha256) {
            return Err(different(format!("le rapport publié {name} n’a pas l’empreinte enregistrée")));
        }
    }
    match journal::verify_in(tx, &[]).await? {
        Ok(_head) => Ok(()),
        Err(fault) => Err(different(fault.to_string())),
    }
}
