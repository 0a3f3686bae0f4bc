//! Plays the acts of a campaign: one task draws and checks the lines, another
//! one writes what is ready, in transactions of many filings. What is written is
//! in the order of the acts, whoever is ahead.

use tokio::sync::mpsc;

use crate::app::App;
use crate::domain::field::RawLine;
use crate::domain::filing::FilingKind;
use crate::domain::line::Line;
use crate::domain::role::Actor;
use crate::domain::rules::{self, Checked, Issue};
use crate::domain::year::FlowYear;
use crate::service::declaration::file::{Content, Request, file_in};
use crate::service::declaration::version::{Decided, decide_in};
use crate::service::declaration::{Signatory, draft};
use crate::service::demo::scale::acts::{Act, What};
use crate::service::demo::scale::line::Author;
use crate::service::demo::scale::palette::Palette;
use crate::service::demo::scale::texts::Texts;
use crate::service::register::Progress;
use crate::service::{Result, ServiceError};
use crate::store::Tx;

/// Lines that are handed over at once.
const LINES_A_BATCH: usize = 2_000;
/// Filings without lines count too.
const ACTS_A_BATCH: usize = 500;
/// Batches that wait for the writer: the memory that is held.
const BATCHES_AHEAD: usize = 3;
/// Batches that are made durable together.
const BATCHES_A_TRANSACTION: usize = 10;
/// Why managers change what was filed, in turn.
const REASONS: [&str; 4] = [
    "Erreur de saisie signalée par la collectivité (fictif)",
    "Versement d’un autre exercice (fictif)",
    "Déclaration reçue hors délai, par courrier (fictif)",
    "Doublon avec l’intercommunalité & double compte (fictif)",
];
/// As what people sign.
const FUNCTIONS: [&str; 5] =
    ["maire", "présidente", "directeur général des services", "adjointe au maire", "cheffe du service"];

/// An act with its lines, checked.
struct Ready {
    act: Act,
    lines: Vec<Line>,
    /// Of a draft, as typed.
    raw: Vec<RawLine>,
}

/// Where acts are played.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    /// The application; its clock is not asked.
    pub app: &'a App,
    /// Who acts for everybody.
    pub actor: &'a Actor,
    /// What everything is drawn from.
    pub seed: u64,
    /// Of which payments.
    pub year: FlowYear,
    /// Who is told of the lines that are there.
    pub progress: &'a dyn Progress,
}

/// Plays acts in their order.
///
/// # Errors
/// When a use case refuses one, or a line breaks a rule: nothing of the last
/// transaction is written then.
pub async fn play(stage: Stage<'_>, acts: Vec<Act>) -> Result<()> {
    let (sender, mut ready) = mpsc::channel(BATCHES_AHEAD);
    let (codes, seed, year) = (stage.app.codes.clone(), stage.seed, stage.year);
    let drawing = tokio::task::spawn_blocking(move || {
        let texts = Texts::embedded();
        let palette = Palette::new(&codes, &texts, year);
        let mut batch = Batch::default();
        for act in acts {
            let author = Author {
                seed,
                palette: &palette,
                texts: &texts,
                siren: act.who.siren,
                usual_cents: act.who.usual_cents,
            };
            let made = made(&author, act, |lines| rules::check_lines(&codes, year, lines));
            let failed = made.is_err();
            batch.push(made);
            if failed {
                break;
            }
            // The other task has ended where nobody receives any more.
            if batch.is_full() && sender.blocking_send(std::mem::take(&mut batch)).is_err() {
                return;
            }
        }
        let _received = sender.blocking_send(batch);
    });
    write_all(stage, &mut ready).await?;
    drawing.await.map_err(|error| internal(error.to_string()))
}

#[derive(Default)]
struct Batch {
    ready: Vec<Result<Ready>>,
    lines: usize,
}

impl Batch {
    fn push(&mut self, made: Result<Ready>) {
        self.lines += made.as_ref().map_or(0, |made| made.lines.len() + made.raw.len());
        self.ready.push(made);
    }

    const fn is_full(&self) -> bool {
        self.lines >= LINES_A_BATCH || self.ready.len() >= ACTS_A_BATCH
    }
}

fn made(author: &Author<'_>, act: Act, check: impl Fn(&[RawLine]) -> Checked) -> Result<Ready> {
    let (version, count) = match act.what {
        What::File { version, lines } => (version, lines),
        What::Draft(lines) => (1, lines),
        What::Rectify(lines) | What::TakeOver(lines) => (3, lines),
        What::Annul => (3, 0),
    };
    let raw = author.lines(version, count);
    let Checked { lines, issues } = check(&raw);
    if issues.iter().any(Issue::is_error) {
        return Err(ServiceError::Lines(issues));
    }
    Ok(match act.what {
        What::Draft(_) => Ready { act, lines: vec![], raw },
        _ => Ready { act, lines, raw: vec![] },
    })
}

async fn write_all(stage: Stage<'_>, ready: &mut mpsc::Receiver<Batch>) -> Result<()> {
    while let Some(first) = ready.recv().await {
        let mut tx = stage.app.db.begin().await?;
        let mut effective = write(stage, &mut tx, first).await?;
        for _batch in 1..BATCHES_A_TRANSACTION {
            let Some(batch) = ready.recv().await else { break };
            effective += write(stage, &mut tx, batch).await?;
        }
        tx.commit().await?;
        stage.progress.advance(effective);
    }
    Ok(())
}

/// Writes a batch; gives the number of its effective lines.
async fn write(stage: Stage<'_>, tx: &mut Tx<'_>, batch: Batch) -> Result<u64> {
    let mut effective = 0;
    for ready in batch.ready {
        let ready = ready?;
        effective += u64::from(ready.act.effective);
        perform(stage, tx, &ready).await?;
    }
    Ok(effective)
}

async fn perform(stage: Stage<'_>, tx: &mut Tx<'_>, ready: &Ready) -> Result<()> {
    let Stage { app, actor, year, .. } = stage;
    let Act { at, who, what, .. } = ready.act;
    // A digit of the SIREN varies what people are called and say.
    let turn = usize::from(who.siren.as_str().as_bytes().get(7).copied().unwrap_or_default());
    let one_of = |texts: &[&'static str]| texts.get(turn % texts.len().max(1)).copied().unwrap_or_default();
    let kind = match what {
        What::File { lines, .. } => {
            // The lines are checked already: the content only says whether there are any.
            let content = if lines == 0 { Content::Nil } else { Content::Lines(vec![]) };
            let signatory = Signatory {
                name: format!("Signataire fictif n°\u{a0}{}", who.siren),
                function: one_of(&FUNCTIONS).to_owned(),
            };
            let request = Request {
                siren: who.siren,
                flow_year: year,
                content,
                signatory,
                document: None,
                received_at: at,
                idempotency: None,
            };
            file_in(app, tx, actor, &request, &ready.lines).await?;
            return Ok(());
        }
        What::Draft(_) => {
            draft::save_in(tx, actor, (who.siren, year), None, &ready.raw, at).await?;
            return Ok(());
        }
        What::Rectify(_) => FilingKind::Rectified,
        What::Annul => FilingKind::Annulled,
        What::TakeOver(_) => FilingKind::TakenOver,
    };
    let document = format!("Courrier fictif du {}", at.day_in_paris());
    let decided = Decided {
        siren: who.siren,
        year,
        kind,
        at,
        reason: one_of(&REASONS),
        document: &document,
        seen: None,
    };
    decide_in(app, tx, actor, decided, &ready.lines).await?;
    Ok(())
}

/// A task that ended as none should.
fn internal(detail: String) -> ServiceError {
    ServiceError::Store(crate::store::StoreError::Inconsistent { table: "line", detail })
}
