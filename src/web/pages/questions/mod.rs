//! Questions to collectivities: asked and followed by the ministry and the prefectures, answered in the space of the
//! collectivity. No page of them is public.
//!
//! | file | addresses |
//! |---|---|
//! | `ask` | `/pilotage/questions/nouvelle` |
//! | `list` | `/pilotage/questions` |
//! | `followed` | `/pilotage/questions/{question}` |
//! | `own` | `/espace/{siren}/questions`, `/espace/{siren}/questions/{question}` |

pub(in crate::web) mod ask;
pub(in crate::web) mod followed;
pub(in crate::web) mod list;
pub(in crate::web) mod own;

use crate::domain::question::{Asker, Outcome, Question, asks};
use crate::service::question::Thread;
use crate::web::text;

/// The list for who follows: its address and its name.
const QUESTIONS: (&str, &str) = ("/pilotage/questions", "Questions");

/// A message as it is shown.
struct Entry {
    /// Who wrote it, and when.
    heading: String,
    /// Its paragraphs; nothing once it is forgotten.
    paragraphs: Option<Vec<String>>,
}

/// The messages of a question; `named` tells by which persons.
fn entries(thread: &Thread, named: bool) -> Vec<Entry> {
    let entry = |(place, written): (usize, &crate::service::question::Written)| {
        let side = match (asks(place), thread.question.asker) {
            (true, Asker::Ministry) => "Question du ministère",
            (true, Asker::Sgar) => "Question de la préfecture de région",
            (false, _) => "Réponse de la collectivité",
        };
        let by = written.by.as_ref().filter(|_| named).map(|name| format!(" ({name})")).unwrap_or_default();
        let body = written.message.body.as_ref();
        let paragraphs = body.map(|body| {
            body.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        });
        Entry { heading: format!("{side}{by}, le {}", text::minute(written.message.at)), paragraphs }
    };
    thread.written.iter().enumerate().map(entry).collect()
}

/// What a question is about.
fn facts(thread: &Thread) -> Vec<(&'static str, String)> {
    let Thread { question, name, title, .. } = thread;
    vec![
        ("Collectivité", format!("{name} ({})", question.siren)),
        ("Versements de", question.flow_year.to_string()),
        ("Ligne", about(question.reference.as_deref(), title.as_deref())),
    ]
}

/// The line, by its reference and its title where it is in the version that counts; or the whole.
fn about(reference: Option<&str>, title: Option<&str>) -> String {
    match (reference, title) {
        (None, _) => "toute la déclaration".to_owned(),
        (Some(reference), Some(title)) => format!("{reference}, «\u{a0}{title}\u{a0}»"),
        (Some(reference), None) => format!("{reference}, absente de la version qui compte"),
    }
}

/// How a question ended, as a sentence goes on.
fn ending(outcome: Outcome) -> String {
    match outcome {
        Outcome::Nothing => "sans suite".to_owned(),
        Outcome::Derogation(number) => format!("par la dérogation n°\u{a0}{number}"),
        Outcome::Version(number) => format!("par la version {number}"),
    }
}

/// When and how a question was closed.
fn ended(question: &Question) -> Option<String> {
    let end = question.end.as_ref()?;
    Some(format!("Close le {}, {}.", text::minute(end.at), ending(end.outcome)))
}

/// Where a question stands, in a list.
pub(in crate::web::pages) fn standing(question: &Question) -> String {
    if let Some(end) = &question.end {
        return format!("close le {}, {}", text::minute(end.at), ending(end.outcome));
    }
    let at = question.messages.last().map_or(question.asked_at, |message| message.at);
    format!("{} le {}", question.state().label(), text::minute(at))
}
