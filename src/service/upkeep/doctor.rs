//! `eapd doctor`: the whole installation, point by point, and what to mend.

use std::path::Path;

use crate::app::{App, StartError};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Profile, Transport};
use crate::domain::codes::CodeLists;
use crate::domain::instant::Instant;
use crate::domain::text::thousands;
use crate::service::journal;
use crate::service::mail::Post;
use crate::service::upkeep::{backup, manifest::Manifest, restore};
use crate::store::{Db, StoreError, upkeep};

/// Free space below this is too little, MiB.
const LEAST_FREE: u64 = 1024;
/// A database whose clock is off by more refuses filings; half of that is time to act.
const MOST_APART: i64 = 60;
/// A backup older than this is no protection, seconds.
const OLDEST_BACKUP: i64 = 86_400;

/// How a point stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// As it should be.
    Good,
    /// To mend.
    Wrong,
    /// It could not be reached at all.
    Unreachable,
}

/// A point that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What.
    pub name: &'static str,
    /// How it stands.
    pub standing: Standing,
    /// What was found, and what to mend.
    pub found: String,
}

/// Every point, in order. A database that cannot be opened ends what depends on it.
pub async fn examine(config: &Config) -> Vec<Point> {
    let mut points = vec![
        point(
            "Configuration",
            config
                .can_serve()
                .map(|()| "lue, valeurs acceptées".to_owned())
                .map_err(|error| error.to_string()),
        ),
        point("Adresse publique", public_url(config)),
        point("Dossier des données", writable(&config.data.dir)),
        point("Place libre", free(&config.data.dir)),
        point("Tables de codes", codes()),
        reached("Courriels", mails(config).await),
    ];
    match App::open(config.clone()).await {
        Err(error) => points.push(Point {
            name: "Base de données",
            standing: match error {
                StartError::Store(_) => Standing::Unreachable,
                _ => Standing::Wrong,
            },
            found: error.to_string(),
        }),
        Ok(app) => {
            points.push(point("Base de données", Ok("joignable, schéma à jour".to_owned())));
            points.push(looked("Rôle de la base", role(&app).await));
            points.push(looked("Garde-fous", guards(&app).await));
            points.push(looked("Horloge", clock(&app).await));
            points.push(looked("Registre", register(&app).await));
            points.push(chain(&app).await);
            app.db.close().await;
        }
    }
    points.push(point("Sauvegardes", backups(config, SystemClock.now()).await));
    points
}

fn point(name: &'static str, found: Result<String, String>) -> Point {
    match found {
        Ok(found) => Point { name, standing: Standing::Good, found },
        Err(found) => Point { name, standing: Standing::Wrong, found },
    }
}

fn reached(name: &'static str, found: Result<String, String>) -> Point {
    let mut point = point(name, found);
    if point.standing == Standing::Wrong {
        point.standing = Standing::Unreachable;
    }
    point
}

fn looked(name: &'static str, found: Result<Result<String, String>, StoreError>) -> Point {
    match found {
        Ok(found) => point(name, found),
        Err(error) => reached(name, Err(error.to_string())),
    }
}

fn public_url(config: &Config) -> Result<String, String> {
    let url = &config.server.public_url;
    if config.profile == Profile::Production && !url.starts_with("https://") {
        return Err(format!(
            "{url}\u{a0}: en production les navigateurs ont besoin de https\u{a0}; corrigez server.public_url"
        ));
    }
    Ok(url.clone())
}

fn writable(folder: &Path) -> Result<String, String> {
    let mended = |error: std::io::Error| {
        format!(
            "{}\u{a0}: {error}\u{a0}; donnez ce dossier au compte du service (data.dir)",
            folder.display()
        )
    };
    std::fs::create_dir_all(folder).map_err(mended)?;
    tempfile::NamedTempFile::new_in(folder).map_err(mended)?;
    Ok(format!("{} s’écrit", folder.display()))
}

#[cfg(target_os = "linux")]
fn free(folder: &Path) -> Result<String, String> {
    let disk = rustix::fs::statvfs(folder).map_err(|error| format!("{}\u{a0}: {error}", folder.display()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize) >> 20;
    if free < LEAST_FREE {
        return Err(format!(
            "{free}\u{a0}Mio seulement sur le disque de {}\u{a0}: libérez-en, {LEAST_FREE} sont le minimum",
            folder.display()
        ));
    }
    Ok(format!("{}\u{a0}Mio", thousands(free)))
}

#[cfg(not(target_os = "linux"))]
fn free(_folder: &Path) -> Result<String, String> {
    Ok(format!("non mesurée sur ce système\u{a0}; {LEAST_FREE}\u{a0}Mio sont le minimum"))
}

fn codes() -> Result<String, String> {
    CodeLists::embedded().map(|_lists| "cohérentes".to_owned()).map_err(|faults| faults.to_string())
}

async fn mails(config: &Config) -> Result<String, String> {
    match (config.mail.transport, config.profile) {
        (Transport::None, Profile::Production) => {
            return Err("aucun courriel ne part\u{a0}: remplissez la section [mail]".to_owned());
        }
        (Transport::None, Profile::Demo) => {
            return Ok("aucun ne part, comme la configuration le veut".to_owned());
        }
        (Transport::Folder, _) => return Ok("écrits dans un dossier".to_owned()),
        (Transport::Smtp, _) => {}
    }
    let host = &config.mail.host;
    match Post::of(config)? {
        Some(post) if post.answers().await => Ok(format!("{host} répond")),
        _ => Err(format!(
            "{host} ne répond pas ou refuse la connexion\u{a0}: vérifiez mail.host, mail.port, mail.security et le mot de passe"
        )),
    }
}

type Looked = Result<Result<String, String>, StoreError>;

async fn role(app: &App) -> Looked {
    let mut tx = app.db.snapshot().await?;
    let owned = upkeep::owned(&mut tx).await?;
    Ok(match (&app.db, owned) {
        (Db::Sqlite { .. }, _) => {
            Ok("SQLite n’a pas de rôles\u{a0}: les droits sont ceux du fichier".to_owned())
        }
        (_, 0) => Ok("ne possède aucune table".to_owned()),
        (_, owned) => Err(format!(
            "celui de database.url possède {owned} tables, ou peut tout\u{a0}: servez avec un autre que celui de database.owner_url"
        )),
    })
}

async fn guards(app: &App) -> Looked {
    let mut tx = app.db.snapshot().await?;
    let there = upkeep::guarded(&mut tx).await?;
    let missing: Vec<&str> =
        upkeep::GUARDED.into_iter().filter(|table| !there.iter().any(|found| found == table)).collect();
    Ok(if missing.is_empty() {
        Ok(format!("{} tables protégées", upkeep::GUARDED.len()))
    } else {
        Err(format!(
            "absents ou désactivés sur {}\u{a0}: quelqu’un a modifié le schéma\u{a0}; vérifiez le journal et restaurez",
            missing.join(", ")
        ))
    })
}

async fn clock(app: &App) -> Looked {
    let database = upkeep::now(&mut app.db.snapshot().await?).await?;
    let apart = database.seconds_since(SystemClock.now()).abs();
    Ok(if apart > MOST_APART {
        Err(format!(
            "{apart}\u{a0}s d’écart avec celle de la base\u{a0}: mettez les deux machines à l’heure (NTP), les dépôts seraient refusés"
        ))
    } else {
        Ok("celle de la machine et celle de la base s’accordent".to_owned())
    })
}

async fn register(app: &App) -> Looked {
    let bodies = upkeep::bodies(&mut app.db.snapshot().await?).await?;
    Ok(if bodies == 0 {
        Err("vide\u{a0}: chargez-le par «\u{a0}eapd register import\u{a0}»".to_owned())
    } else {
        Ok(format!("{} collectivités", thousands(bodies.unsigned_abs())))
    })
}

async fn chain(app: &App) -> Point {
    match journal::verify(app, &[]).await {
        Ok(Ok(head)) => {
            point("Journal", Ok(format!("intègre, {} entrées", thousands(head.seq.unsigned_abs()))))
        }
        Ok(Err(fault)) => point(
            "Journal",
            Err(format!("{fault}\u{a0}; comparez avec la dernière sauvegarde et prévenez le ministère")),
        ),
        Err(error) => reached("Journal", Err(error.to_string())),
    }
}

async fn backups(config: &Config, now: Instant) -> Result<String, String> {
    let folder = backup::folder(config);
    let all = backup::all(&folder).map_err(|error| error.to_string())?;
    let none = || format!("aucune dans {}\u{a0}: lancez «\u{a0}eapd backup\u{a0}»", folder.display());
    let last = all.last().ok_or_else(none)?;
    let manifest: Manifest =
        restore::read(last).await.map_err(|error| format!("{}\u{a0}: {error}", last.display()))?;
    let taken: Instant = manifest.prise_le.parse().map_err(|_error| "manifeste illisible".to_owned())?;
    let age = now.seconds_since(taken);
    if age > OLDEST_BACKUP {
        let hours = age / 3_600;
        return Err(format!(
            "la dernière a {hours}\u{a0}h\u{a0}: lancez «\u{a0}eapd backup\u{a0}», et vérifiez pourquoi elles ont cessé"
        ));
    }
    Ok(format!("{}, la dernière du {taken}, entière", all.len()))
}
