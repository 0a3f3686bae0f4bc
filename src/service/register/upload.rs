//! A file about the register sent by a page: kept for a day while what it changes is looked at, then applied or
//! dropped. The register is not touched before it is applied.

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::register::Fault;
use crate::domain::role::Actor;
use crate::service::{Result, ServiceError, apart, require_manager};
use crate::store;
use crate::store::register_file::RegisterFile;

pub use crate::store::register_file::RegisterFileKind;

use super::{Foreseen, InputError, decide, decisions, foresee, foresee_package, import, read_archive};

/// Seconds for which a file is kept.
pub const KEPT_FOR: i64 = 86_400;

/// A file with what it would change now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it holds.
    pub kind: RegisterFileKind,
    /// The millésime, of a package.
    pub millesime: Option<u16>,
    /// What it would change, or every fault.
    pub foreseen: std::result::Result<Foreseen, Vec<Fault>>,
}

/// Keeps a file, and gives its id.
///
/// # Errors
/// What prevents it from being read; nothing is kept then.
pub async fn keep(app: &App, actor: &Actor, kind: RegisterFileKind, content: Vec<u8>) -> Result<String> {
    require_manager(actor)?;
    let file = RegisterFile {
        id: app.random.identifier(),
        person: actor.person.clone(),
        kind,
        content,
        kept_at: app.now(),
    };
    let file = match kind {
        RegisterFileKind::Decisions => decisions(&file.content).map(|_readable| file),
        RegisterFileKind::Package => apart(move || read_archive(&file.content).map(|_readable| file)).await?,
    };
    let file = file.map_err(|error| unreadable(&error))?;
    let mut tx = app.db.begin().await?;
    store::register_file::purge(&mut tx, app.now().plus_seconds(-KEPT_FOR)).await?;
    store::register_file::insert(&mut tx, &file).await?;
    tx.commit().await?;
    Ok(file.id)
}

/// What a file would change, now.
pub async fn show(app: &App, actor: &Actor, id: &str) -> Result<Shown> {
    let file = own(app, actor, id).await?;
    match file.kind {
        RegisterFileKind::Decisions => {
            let file = decisions(&file.content).map_err(|error| unreadable(&error))?;
            let foreseen = foresee(app, actor, &file).await?;
            Ok(Shown { kind: RegisterFileKind::Decisions, millesime: None, foreseen })
        }
        RegisterFileKind::Package => {
            let package =
                apart(move || read_archive(&file.content)).await?.map_err(|error| unreadable(&error))?;
            let (millesime, foreseen) = foresee_package(app, actor, &package).await?;
            Ok(Shown { kind: RegisterFileKind::Package, millesime: Some(millesime), foreseen: Ok(foreseen) })
        }
    }
}

/// Applies a file, which is gone afterwards; a file with faults changes nothing and stays.
pub async fn apply(app: &App, actor: &Actor, id: &str) -> Result<()> {
    let file = own(app, actor, id).await?;
    match file.kind {
        RegisterFileKind::Decisions => {
            let file = decisions(&file.content).map_err(|error| unreadable(&error))?;
            decide(app, actor, &file, &()).await?;
        }
        RegisterFileKind::Package => {
            let package =
                apart(move || read_archive(&file.content)).await?.map_err(|error| unreadable(&error))?;
            import(app, actor, &package, None, &()).await?;
        }
    }
    forget(app, actor, id).await
}

/// Drops a file.
pub async fn forget(app: &App, actor: &Actor, id: &str) -> Result<()> {
    own(app, actor, id).await?;
    let mut tx = app.db.begin().await?;
    store::register_file::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// The file of who asks: that of others is not there for them.
async fn own(app: &App, actor: &Actor, id: &str) -> Result<RegisterFile> {
    require_manager(actor)?;
    let oldest = app.now().plus_seconds(-KEPT_FOR);
    let mut tx = app.db.snapshot().await?;
    let found = store::register_file::find(&mut tx, id).await?;
    found.filter(|file| file.person == actor.person && file.kept_at > oldest).ok_or_else(|| {
        let message = "ce fichier a déjà été appliqué, abandonné, ou attend depuis plus d’un jour\u{a0}: envoyez-le de nouveau";
        ServiceError::refused(Because::UnknownUpload, message)
    })
}

fn unreadable(error: &InputError) -> ServiceError {
    ServiceError::refused(Because::Invalid, error.to_string())
}
