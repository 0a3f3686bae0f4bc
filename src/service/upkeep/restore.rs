//! `eapd restore`: a backup onto an empty place, refused where it is damaged, verified once it is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::service::journal;
use crate::service::upkeep::backup::{hashed, synced};
use crate::service::upkeep::manifest::{self, Content, Manifest};
use crate::service::upkeep::{Result, UpkeepError, at, encryption, postgres, presence};
use crate::store::engine::{is_sqlite, last_migration};
use crate::store::{Db, Tx, upkeep};

/// Puts the backup of the folder `path` into the database `into`: a new file of SQLite, or an empty database
/// of PostgreSQL, as the role that will own its tables. Nothing is there afterwards where it failed.
///
/// # Errors
/// Refuses a damaged backup, one of a newer program or of the other engine, one that is encrypted for other keys than
/// those of the file `identity`, and a place that is not empty.
pub async fn restore(config: &Config, path: &Path, into: &str, identity: Option<&Path>) -> Result<Manifest> {
    let manifest = read(path).await?;
    let engine = if is_sqlite(into) { "sqlite" } else { "postgres" };
    if manifest.moteur != engine {
        return Err(UpkeepError::Refused(format!(
            "cette sauvegarde est celle d’une base {} et --into nomme une base {engine}\u{a0}: restaurez-la sur le même moteur, puis «\u{a0}eapd migrate-engine\u{a0}»",
            manifest.moteur
        )));
    }
    let copy = Copy { path: path.join(&manifest.copie.fichier), identity: keys_for(&manifest, identity)? };
    if engine == "sqlite" {
        into_file(&manifest, &copy, into).await?;
    } else {
        let db = Db::open(into).await?;
        let there = upkeep::tables(&mut db.snapshot().await?).await?;
        if !there.is_empty() {
            return Err(occupied());
        }
        let plain = tempfile::NamedTempFile::new().map_err(at(&std::env::temp_dir()))?;
        let file = copy.plain(&plain).await?;
        postgres::restore(&config.backup.postgres_programs, into, &file).await?;
        let verified = async {
            let mut tx = db.snapshot().await?;
            tx.take_time().await?;
            verify(&manifest, &mut tx).await
        };
        let verified = verified.await;
        // Nobody is to take for good what is not.
        if let Err(fault) = verified {
            let emptied = upkeep::empty_postgres(&db).await;
            db.close().await;
            let left = match emptied {
                Ok(()) => "rien n’y est resté".to_owned(),
                Err(error) => format!("elle n’a pas pu être vidée ({error})\u{a0}: supprimez-la"),
            };
            return Err(UpkeepError::Refused(format!("{fault}\u{a0}; {left}")));
        }
        db.close().await;
    }
    Ok(manifest)
}

/// The copy of a backup, and what opens it where it is encrypted.
struct Copy {
    path: PathBuf,
    identity: Option<PathBuf>,
}

impl Copy {
    /// The file as it was before it was encrypted: written into `into` where it was.
    async fn plain(&self, into: &tempfile::NamedTempFile) -> Result<PathBuf> {
        let Some(identity) = self.identity.clone() else { return Ok(self.path.clone()) };
        let file = into.as_file().try_clone().map_err(at(into.path()))?;
        let from = self.path.clone();
        crate::service::apart(move || encryption::decrypt(&from, &file, &identity)).await??;
        Ok(into.path().to_owned())
    }
}

/// The file of private keys, where the copy is encrypted.
fn keys_for(manifest: &Manifest, identity: Option<&Path>) -> Result<Option<PathBuf>> {
    match (manifest.copie.fichier.ends_with(encryption::SUFFIX), identity) {
        (true, None) => Err(UpkeepError::Refused(
            "cette sauvegarde est chiffrée\u{a0}: donnez le fichier de sa clé privée par --identity"
                .to_owned(),
        )),
        (true, Some(identity)) => Ok(Some(identity.to_owned())),
        (false, _) => Ok(None),
    }
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
    let plain = manifest.copie.fichier.trim_end_matches(encryption::SUFFIX);
    if !["base.sqlite", "base.pgdump"].contains(&plain) {
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
async fn into_file(manifest: &Manifest, copy: &Copy, into: &str) -> Result<()> {
    let target = presence::file_of(into);
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
    let (from, to) = (copy.plain(&partial).await?, partial.path().to_owned());
    if from != to {
        crate::service::apart(move || fs::copy(&from, &to).map_err(at(&to))).await??;
    }
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
