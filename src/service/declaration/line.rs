//! One line of the draft: put, doubled, taken out. What another agent did to the other lines meanwhile
//! is kept; what they did to the same line is told, and nothing is lost.

use sha2::{Digest, Sha256};

use crate::app::App;
use crate::domain::field::{Field, RawLine};
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::rules;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::declaration::draft::{self, Draft};
use crate::service::declaration::footing::{Footing, require_footing};
use crate::service::declaration::import::lines_filed_by;
use crate::service::{Result, ServiceError};
use crate::store;

/// How often a save that lost a race begins again.
const TRIES: usize = 5;

/// What became of a change to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// It is saved, under this reference.
    Saved(String),
    /// Someone changed the line meanwhile: nothing was saved.
    Meanwhile(Box<Theirs>),
}

/// What someone else made of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theirs {
    /// The line as it is now; `None` where it was taken out, or the draft was filed.
    pub line: Option<RawLine>,
    /// Name of who saved the draft last, if known.
    pub by: Option<String>,
    /// When they did.
    pub at: Option<Instant>,
}

/// What a line looked like, in one word: two lines that say the same have the same one.
#[must_use]
pub fn fingerprint(line: &RawLine) -> String {
    let mut hash = Sha256::new();
    for (field, text) in line.filled() {
        for part in [field.header(), "\0", text, "\0"] {
            hash.update(part.as_bytes());
        }
    }
    hex::encode(hash.finalize()).split_off(32)
}

/// The lines that a declaration has now: the draft's, else those filed last, which a draft begins from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// The lines as typed.
    pub lines: Vec<RawLine>,
    /// The draft, where there is one.
    pub draft: Option<Draft>,
    /// In whose name it is prepared.
    pub footing: Footing,
}

impl Present {
    /// The line of a reference.
    #[must_use]
    pub fn line(&self, reference: &str) -> Option<&RawLine> {
        self.lines.iter().find(|line| line.get(Field::Reference) == reference)
    }
}

/// The lines that a declaration has now.
pub async fn present(app: &App, actor: &Actor, siren: Siren, year: FlowYear) -> Result<Present> {
    let mut tx = app.db.snapshot().await?;
    let footing = require_footing(&mut tx, actor, siren, year).await?;
    let draft = store::draft::find(&mut tx, footing.key(actor, (siren, year))).await?;
    let lines = match &draft {
        Some(draft) => draft.lines.clone(),
        None => lines_filed_by(&mut tx, &footing, (siren, year)).await?,
    };
    Ok(Present { lines, draft, footing })
}

/// Adds a line at the end; without a reference it gets one that no version used.
pub async fn add(
    app: &App,
    actor: &Actor,
    key: (Siren, FlowYear),
    lines: Vec<RawLine>,
) -> Result<Vec<String>> {
    let count = lines.len();
    let saved = change(app, actor, key, |present| {
        let mut all = present.lines.clone();
        all.extend(lines.iter().cloned());
        refuse_repeated(&all)?;
        Ok(Step::Save(all))
    });
    match saved.await? {
        Outcome::Saved(all) => {
            let new = all.iter().skip(all.len().saturating_sub(count));
            Ok(new.map(|line| line.get(Field::Reference).to_owned()).collect())
        }
        Outcome::Stopped(_) => Ok(vec![]),
    }
}

/// Puts a line in place of the one of `reference`, which looked like `seen` when it was read.
pub async fn put(
    app: &App,
    actor: &Actor,
    key: (Siren, FlowYear),
    (reference, seen): (&str, &str),
    line: &RawLine,
) -> Result<Changed> {
    let wanted = match line.get(Field::Reference) {
        "" => line.clone().with(Field::Reference, reference),
        _ => line.clone(),
    };
    replace(app, actor, key, (reference, seen), Some(&wanted)).await
}

/// Takes a line out, which looked like `seen` when it was read.
pub async fn remove(
    app: &App,
    actor: &Actor,
    key: (Siren, FlowYear),
    (reference, seen): (&str, &str),
) -> Result<Changed> {
    replace(app, actor, key, (reference, seen), None).await
}

/// Adds a copy of a line under a reference of its own, without what identifies one payment.
pub async fn double(app: &App, actor: &Actor, key: (Siren, FlowYear), reference: &str) -> Result<String> {
    let present = present(app, actor, key.0, key.1).await?;
    let line = present.line(reference).ok_or_else(|| no_line(reference))?;
    let copy = line.clone().with(Field::Reference, "").with(Field::CrsProject, "").with(Field::PaidOn, "");
    Ok(add(app, actor, key, vec![copy]).await?.pop().unwrap_or_default())
}

async fn replace(
    app: &App,
    actor: &Actor,
    key: (Siren, FlowYear),
    (reference, seen): (&str, &str),
    line: Option<&RawLine>,
) -> Result<Changed> {
    let saved = change(app, actor, key, |present| {
        let found = present.lines.iter().position(|line| line.get(Field::Reference) == reference);
        let theirs = found.and_then(|place| present.lines.get(place));
        if theirs.map(fingerprint).as_deref() != Some(seen) {
            return Ok(Step::Stop(theirs.cloned().map(Box::new)));
        }
        let mut all = present.lines.clone();
        if let Some(place) = found {
            match line {
                Some(line) => {
                    if let Some(old) = all.get_mut(place) {
                        *old = line.clone();
                    }
                }
                None => drop(all.remove(place)),
            }
        }
        refuse_repeated(&all)?;
        Ok(Step::Save(all))
    });
    Ok(match saved.await? {
        Outcome::Saved(_) => {
            let reference = line.map_or(reference, |line| line.get(Field::Reference));
            Changed::Saved(reference.to_owned())
        }
        Outcome::Stopped(theirs) => Changed::Meanwhile(theirs),
    })
}

/// What to do with the lines there are.
enum Step {
    Save(Vec<RawLine>),
    /// Nothing: the line is another one by now.
    Stop(Option<Box<RawLine>>),
}

enum Outcome {
    Saved(Vec<RawLine>),
    Stopped(Box<Theirs>),
}

/// Changes the lines there are. Where another save came between, the change is made again on what it left.
async fn change(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    step: impl Fn(&Present) -> Result<Step>,
) -> Result<Outcome> {
    let mut tries = 0_usize;
    loop {
        tries = tries.saturating_add(1);
        let present = present(app, actor, siren, year).await?;
        let lines = match step(&present)? {
            Step::Save(lines) => lines,
            Step::Stop(line) => {
                let theirs = told(app, &present, line.map(|line| *line)).await?;
                return Ok(Outcome::Stopped(Box::new(theirs)));
            }
        };
        let of = present.footing.key(actor, (siren, year));
        let used = store::line::references(&mut app.db.snapshot().await?, of).await?;
        let used: Vec<&str> = used.iter().map(String::as_str).collect();
        let lines = rules::check_draft_reserving(&app.codes, year, &lines, &used).lines;
        let based_on = present.draft.as_ref().map(|draft| draft.revision);
        match draft::save(app, actor, siren, year, based_on, &lines).await {
            Ok(_saved) => return Ok(Outcome::Saved(lines)),
            Err(ServiceError::Refused(refusal))
                if refusal.because == Because::StaleDraft && tries < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

async fn told(app: &App, present: &Present, line: Option<RawLine>) -> Result<Theirs> {
    let Some(draft) = &present.draft else { return Ok(Theirs { line, by: None, at: None }) };
    let person = store::person::find(&mut app.db.snapshot().await?, &draft.updated_by).await?;
    let by = person.and_then(|(name, _function)| name);
    Ok(Theirs { line, by, at: Some(draft.updated_at) })
}

fn refuse_repeated(lines: &[RawLine]) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    let mut references = lines.iter().map(|line| line.get(Field::Reference)).filter(|text| !text.is_empty());
    match references.find(|reference| !seen.insert(*reference)) {
        None => Ok(()),
        Some(repeated) => {
            let message = format!(
                "la référence «\u{a0}{}\u{a0}» désigne déjà une autre ligne\u{a0}: changez-la, ou laissez-la vide",
                crate::domain::text::excerpt(repeated, 40)
            );
            Err(ServiceError::refused(Because::ReferenceExists, message))
        }
    }
}

fn no_line(reference: &str) -> ServiceError {
    let message = format!(
        "il n’y a pas de ligne «\u{a0}{}\u{a0}» dans cette déclaration\u{a0}: elle a peut-être été retirée",
        crate::domain::text::excerpt(reference, 40)
    );
    ServiceError::refused(Because::UnknownLine, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_says_the_same_looks_the_same() {
        let line = RawLine::default().with(Field::Title, "Puits").with(Field::AmountPaid, "12");
        assert_eq!(fingerprint(&line), fingerprint(&line.clone().with(Field::AmountPaid, " 12 ")));
        assert_ne!(fingerprint(&line), fingerprint(&line.clone().with(Field::AmountPaid, "13")));
        let moved = RawLine::default().with(Field::Title, "Puits").with(Field::ServiceCosts, "12");
        assert_ne!(fingerprint(&line), fingerprint(&moved));
        assert_eq!(fingerprint(&line).len(), 32);
    }
}
