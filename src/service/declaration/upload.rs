//! A file sent by a page: kept for a day while its preview is looked at, then applied or dropped.
//! The draft is not touched before it is applied.

use std::io::Cursor;

use crate::app::App;
use crate::domain::field::RawLine;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::imports::Limits;
use crate::imports::lines::{self, Examined};
use crate::imports::preview::diff;
use crate::service::declaration::annotate::annotate;
use crate::service::declaration::draft;
use crate::service::declaration::line::{Present, fingerprint, present};
use crate::service::declaration::preview::{Ground, Mode, Preview, preview};
use crate::service::{Result, ServiceError, apart};
use crate::store;
use crate::store::upload::Upload;

pub use crate::imports::preview::{ChangedLine, Changes};
pub use crate::imports::{CellError, Form, Refused};

/// Seconds for which a file is kept.
pub const KEPT_FOR: i64 = 86_400;
/// Files of a person that are kept: the oldest goes.
pub const EACH: i64 = 3;
/// Files that are kept at once.
const MOST: i64 = 2_000;
/// How often an application that lost a race begins again.
const TRIES: usize = 5;

/// What an agent sees before a file is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it would change, now.
    pub preview: Preview,
    /// What others changed since it was sent.
    pub since: Changes,
    /// The lines that the preview was made on, in one word: told back when it is applied.
    pub seen: String,
}

/// What became of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// The draft holds the lines.
    Done,
    /// The declaration is not what was seen any more, or the file has errors: nothing was written.
    Not(Box<Shown>),
}

/// A file to give back, with what is wrong beside each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotated {
    /// Its form: that of the file.
    pub form: Form,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// What there is of a declaration, and the references that no new line takes.
struct Now {
    present: Present,
    used: Vec<String>,
}

/// Bytes of the largest file that is taken.
#[must_use]
pub fn largest(app: &App) -> usize {
    app.config.server.max_body_bytes.min(Limits::default().bytes)
}

/// Keeps a file, and gives the id of its preview.
///
/// # Errors
/// What prevents it from being read as lines, all at once; nothing is kept then.
pub async fn keep(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    mode: Mode,
    content: Vec<u8>,
) -> Result<String> {
    let there = present(app, actor, siren, year).await?;
    keep_beside(app, actor, (siren, year), (mode, there.lines), content).await
}

/// [`keep()`], beside these lines; who may is asked before.
pub(super) async fn keep_beside(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    (mode, present): (Mode, Vec<RawLine>),
    content: Vec<u8>,
) -> Result<String> {
    let (content, examined) = apart(move || {
        let examined = lines::examine(&content, &Limits::default()).map(|_readable| ());
        (content, examined)
    })
    .await?;
    examined?;
    let now = app.now();
    let upload = Upload {
        id: app.random.identifier(),
        person: actor.person.clone(),
        siren,
        year,
        adds: mode == Mode::Add,
        present,
        content,
        kept_at: now,
    };
    let mut tx = app.db.begin().await?;
    store::upload::purge(&mut tx, now.plus_seconds(-KEPT_FOR)).await?;
    store::upload::keep_latest(&mut tx, &actor.person, EACH.saturating_sub(1)).await?;
    if store::upload::count(&mut tx).await? >= MOST {
        let message =
            "le service ne peut pas garder votre fichier pour l’instant\u{a0}: renvoyez-le dans une heure";
        return Err(ServiceError::refused(Because::NotKept, message));
    }
    store::upload::insert(&mut tx, &upload).await?;
    tx.commit().await?;
    Ok(upload.id)
}

/// What a file would change now, for who sent it.
pub async fn show(app: &App, actor: &Actor, key: (Siren, FlowYear), id: &str) -> Result<Shown> {
    let upload = own(app, actor, key, id).await?;
    Ok(shown(app, actor, upload).await?.0)
}

/// Puts the lines of a file into the draft, if the declaration is still what was seen.
pub async fn apply(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    id: &str,
    seen: &str,
) -> Result<Applied> {
    let mut tries = 0_usize;
    loop {
        tries = tries.saturating_add(1);
        let upload = own(app, actor, (siren, year), id).await?;
        let (shown, based_on) = shown(app, actor, upload).await?;
        if shown.seen != seen || !shown.preview.errors.is_empty() {
            return Ok(Applied::Not(Box::new(shown)));
        }
        let now = app.now();
        let mut tx = app.db.begin().await?;
        if !store::upload::remove(&mut tx, id).await? {
            return Err(gone());
        }
        let lines = &shown.preview.lines;
        match draft::save_in(&mut tx, actor, (siren, year), based_on, lines, now).await {
            Ok(_revision) => {
                tx.commit().await?;
                return Ok(Applied::Done);
            }
            // Saved by someone else a moment ago: the next round tells what.
            Err(ServiceError::Refused(refusal))
                if refusal.because == Because::StaleDraft && tries < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

/// Forgets a file that is not wanted.
pub async fn discard(app: &App, actor: &Actor, key: (Siren, FlowYear), id: &str) -> Result<()> {
    let upload = own(app, actor, key, id).await?;
    let mut tx = app.db.begin().await?;
    store::upload::remove(&mut tx, &upload.id).await?;
    tx.commit().await?;
    Ok(())
}

/// The file with what is wrong beside each row, in its own form.
pub async fn annotated(app: &App, actor: &Actor, key: (Siren, FlowYear), id: &str) -> Result<Annotated> {
    let upload = own(app, actor, key, id).await?;
    let year = upload.year;
    let now = now(app, actor, &upload).await?;
    let run = app.clone();
    let written = apart(move || {
        let (examined, preview) = look(&run, &upload, &now.present.lines, &now.used)?;
        let form = examined.table.form;
        let mut out = Cursor::new(Vec::new());
        annotate(&run, year, &examined, &preview, &mut out)?;
        Ok::<_, ServiceError>(Annotated { form, content: out.into_inner() })
    });
    written.await?
}

/// The file of who asks, on the declaration that is asked about.
pub(super) async fn own(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    id: &str,
) -> Result<Upload> {
    let mut tx = app.db.read().await?;
    let found = store::upload::find(&mut tx, id).await?;
    tx.done();
    let is_theirs = |upload: &Upload| {
        upload.person == actor.person
            && (upload.siren, upload.year) == (siren, year)
            && app.now().seconds_since(upload.kept_at) < KEPT_FOR
    };
    found.filter(is_theirs).ok_or_else(gone)
}

fn gone() -> ServiceError {
    let message = "cet aperçu n’existe pas, ou n’existe plus\u{a0}: un fichier est oublié quand il a été importé ou abandonné, après vos trois fichiers suivants, ou au bout de 24\u{a0}heures. Pour importer, renvoyez le fichier";
    ServiceError::refused(Because::UnknownUpload, message)
}

async fn now(app: &App, actor: &Actor, upload: &Upload) -> Result<Now> {
    let present = present(app, actor, upload.siren, upload.year).await?;
    let key = present.footing.key(actor, (upload.siren, upload.year));
    let used = store::line::references(&mut app.db.snapshot().await?, key).await?;
    Ok(Now { present, used })
}

/// What it would change now, and the revision of the draft that this was made on.
async fn shown(app: &App, actor: &Actor, upload: Upload) -> Result<(Shown, Option<u32>)> {
    let now = now(app, actor, &upload).await?;
    let based_on = now.present.draft.as_ref().map(|draft| draft.revision);
    let run = app.clone();
    let shown = apart(move || {
        let (_examined, preview) = look(&run, &upload, &now.present.lines, &now.used)?;
        let since = diff(&upload.present, &now.present.lines);
        Ok::<_, ServiceError>(Shown { preview, since, seen: word(&now.present.lines) })
    });
    Ok((shown.await??, based_on))
}

/// A file beside the lines there are, and the references that no new line takes.
pub(super) fn look(
    app: &App,
    upload: &Upload,
    present: &[RawLine],
    used: &[String],
) -> Result<(Examined, Preview)> {
    let examined = lines::examine(&upload.content, &Limits::default())?;
    let ground = Ground { codes: &app.codes, year: upload.year, present, used };
    let mode = if upload.adds { Mode::Add } else { Mode::Replace };
    let preview = preview(ground, &examined, mode);
    Ok((examined, preview))
}

/// A list of lines in one word.
fn word(lines: &[RawLine]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(fingerprint(line));
    }
    hex::encode(hash.finalize()).split_off(32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::Field;

    #[test]
    fn two_lists_that_say_the_same_have_the_same_word() {
        let line = |title: &str| RawLine::default().with(Field::Title, title);
        let lists = [vec![], vec![line("a"), line("b")], vec![line("b"), line("a")], vec![line("ab")]];
        for (place, list) in lists.iter().enumerate() {
            assert_eq!(word(list), word(&list.clone()));
            assert!(lists[..place].iter().all(|other| word(other) != word(list)));
        }
    }
}
