//! A list of SIREN or of dossiers, asked about from a page: kept for a day, answered anew at each look, given back
//! with its own columns and the answers beside them.

use std::collections::{HashMap, HashSet};

use crate::app::App;
use crate::domain::call::Call;
use crate::domain::eligibility::{Identity, Status, Verdict};
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::imports::dossiers::{Dossier, Role};
use crate::imports::eligibility::{Batch, Entry, examine};
use crate::imports::{Limits, Table};
use crate::reports::ReportError;
use crate::service::eligibility::batch::{Answers, Asked, of_asked, of_dossiers};
use crate::service::eligibility::document::{DossierAnswer, verdict_cells};
use crate::service::eligibility::{BATCH_MAX, refuse_too_many};
use crate::service::{Result, ServiceError, access, apart, call};
use crate::store;
use crate::store::asked_list::AskedList;

pub use crate::imports::eligibility::pasted;
pub use crate::reports::table::TextTable;

/// Seconds for which a list is kept.
pub const KEPT_FOR: i64 = 86_400;
/// Lists of a person that are kept: the oldest goes.
const EACH: i64 = 5;

/// A list with its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The call that was asked about.
    pub call: Call,
    /// The instant of the answers.
    pub at: Instant,
    /// The headers of the list.
    pub headers: Vec<String>,
    /// Its rows, in their order.
    pub rows: Vec<Row>,
    /// The answers on its dossiers, in their order, where it has dossiers.
    pub dossiers: Option<Vec<DossierAnswer>>,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file.
    pub line: u32,
    /// Its cells, as typed.
    pub cells: Vec<String>,
    /// The number or the name that was asked about.
    pub typed: String,
    /// The part that it takes in its dossier, in a word of the contract.
    pub role: Option<&'static str>,
    /// Which of the dossiers it is of.
    pub dossier: Option<usize>,
    /// The answer.
    pub told: Told,
}

/// The answer on a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// On a French collectivity.
    Verdict(Box<Verdict>),
    /// A partner abroad, an association.
    NotConcerned,
    /// Why there is none.
    Error(String),
}

/// Word of a row or a dossier that cannot be answered.
pub const ERROR: &str = "erreur";

impl Told {
    /// The word of the contract: a status, or [`ERROR`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Verdict(verdict) => verdict.status.code(),
            Self::NotConcerned => Status::NotConcerned.code(),
            Self::Error(_) => ERROR,
        }
    }
}

/// The word of the contract on a dossier.
#[must_use]
pub fn dossier_code(answer: &DossierAnswer) -> &'static str {
    answer.verdict.as_ref().map_or(ERROR, |group| group.status.code())
}

/// Keeps a list, and gives the id of its answers.
///
/// # Errors
/// What prevents it from being read, more than 5,000 rows, a call that does not exist, dossiers asked about by a
/// prefecture; nothing is kept then.
pub async fn keep(app: &App, actor: &Actor, call_name: &str, content: Vec<u8>) -> Result<String> {
    access::require_eligibility_staff(actor)?;
    let call = call::resolve(app, call_name).await?;
    let (content, examined) = apart(move || {
        let examined = examine(&content, &Limits::default());
        (content, examined)
    })
    .await?;
    let (table, batch) = examined?;
    refuse_too_many(table.rows.len())?;
    if matches!(batch, Batch::Dossiers(_)) {
        access::require_ministry(actor)?;
    }
    let now = app.now();
    let list = AskedList {
        id: app.random.identifier(),
        person: actor.person.clone(),
        call: call.code().clone(),
        content,
        kept_at: now,
    };
    let mut tx = app.db.begin().await?;
    store::asked_list::purge(&mut tx, now.plus_seconds(-KEPT_FOR)).await?;
    store::asked_list::keep_latest(&mut tx, &actor.person, EACH.saturating_sub(1)).await?;
    store::asked_list::insert(&mut tx, &list).await?;
    tx.commit().await?;
    Ok(list.id)
}

/// The answers now on a list, for who sent it.
pub async fn show(app: &App, actor: &Actor, id: &str) -> Result<Answered> {
    access::require_eligibility_staff(actor)?;
    let list = own(app, actor, id).await?;
    let at = app.now();
    let call = call::resolve(app, list.call.as_str()).await?;
    let (table, batch) = apart(move || examine(&list.content, &Limits::default())).await??;
    let (rows, dossiers) = match batch {
        Batch::Sirens(entries) => (of_entries(app, actor, &call, &table, entries, at).await?, None),
        Batch::Dossiers(dossiers) => {
            access::require_ministry(actor)?;
            let (rows, answers) = of_groups(app, &call, &table, &dossiers, at).await?;
            (rows, Some(answers))
        }
    };
    let headers = table.headers.into_iter().map(|header| header.text).collect();
    Ok(Answered { call, at, headers, rows, dossiers })
}

/// The list of who asks.
async fn own(app: &App, actor: &Actor, id: &str) -> Result<AskedList> {
    let mut tx = app.db.read().await?;
    let found = store::asked_list::find(&mut tx, id).await?;
    tx.done();
    let is_theirs =
        |list: &AskedList| list.person == actor.person && app.now().seconds_since(list.kept_at) < KEPT_FOR;
    found.filter(is_theirs).ok_or_else(|| {
        let message = "cette liste n’existe pas, ou n’existe plus\u{a0}: une liste est oubliée au bout de \
             24\u{a0}heures, ou après vos cinq listes suivantes. Envoyez-la de nouveau";
        ServiceError::refused(Because::UnknownUpload, message)
    })
}

async fn of_entries(
    app: &App,
    actor: &Actor,
    call: &Call,
    table: &Table,
    entries: Vec<Entry>,
    at: Instant,
) -> Result<Vec<Row>> {
    let sirens: Vec<Siren> = entries.iter().filter_map(|entry| entry.siren.as_ref().ok().copied()).collect();
    let readable: HashSet<Siren> = access::eligibility_readable(app, actor, &sirens).await?;
    let allowed = |siren: Siren| {
        let message = "cette collectivité n’est pas de votre région";
        readable.contains(&siren).then_some(siren).ok_or_else(|| message.to_owned())
    };
    let asked = entries.into_iter().map(|entry| Asked {
        row: entry.row,
        text: entry.text,
        siren: entry.siren.map_err(|error| error.to_string()).and_then(allowed),
    });
    let Answers::List(answers) = of_asked(app, call.code().as_str(), asked.collect(), Some(at)).await? else {
        return Ok(vec![]);
    };
    let rows = answers.into_iter().zip(&table.rows).map(|(answer, row)| Row {
        line: answer.row,
        cells: row.cells.clone(),
        typed: answer.text,
        role: None,
        dossier: None,
        told: answer.verdict.map_or_else(Told::Error, Told::Verdict),
    });
    Ok(rows.collect())
}

async fn of_groups(
    app: &App,
    call: &Call,
    table: &Table,
    dossiers: &[Dossier],
    at: Instant,
) -> Result<(Vec<Row>, Vec<DossierAnswer>)> {
    let answers = of_dossiers(app, call.code().as_str(), dossiers, at).await?;
    let mut by_line: HashMap<u32, Row> = HashMap::with_capacity(table.rows.len());
    for (place, (dossier, answer)) in dossiers.iter().zip(&answers).enumerate() {
        for (rank, member) in dossier.members.iter().enumerate() {
            let judged = answer.verdict.as_ref().ok().and_then(|group| group.members.get(rank));
            let told = match (&member.entry, judged.map(|judged| &judged.member.identity)) {
                (Err(error), _) => Told::Error(error.to_string()),
                (Ok(_), Some(Identity::French(verdict))) => Told::Verdict(verdict.clone()),
                (Ok(_), Some(Identity::NotConcerned(_))) => Told::NotConcerned,
                (Ok(_), None) => {
                    Told::Error("le dossier ne peut pas être jugé tel qu’il est décrit".to_owned())
                }
            };
            let role = member.entry.as_ref().ok().map(|(role, _)| match role {
                Role::Lead => "chef_de_file",
                Role::Partner => "partenaire",
            });
            let typed = member.text.clone();
            let row = Row { line: member.row, cells: vec![], typed, role, dossier: Some(place), told };
            by_line.insert(member.row, row);
        }
    }
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        if let Some(found) = by_line.remove(&row.number) {
            rows.push(Row { cells: row.cells.clone(), ..found });
        }
    }
    Ok((rows, answers))
}

/// Columns that the answers add.
const ADDED: [&str; 6] = ["verdict", "motif", "explication", "exercices", "recepisses", "au"];
/// Those of the dossier, before them.
const OF_DOSSIER: [&str; 3] = ["verdict_dossier", "motif_dossier", "explication_dossier"];

impl Answered {
    /// The list as it came, in its order, with the answers beside each row.
    #[must_use]
    pub fn to_table(&self) -> TextTable {
        let width = self.headers.len();
        let of_dossier: &[&str] = if self.dossiers.is_some() { &OF_DOSSIER } else { &[] };
        let added = of_dossier.iter().chain(&ADDED).map(|header| (*header).to_owned());
        let headers = self.headers.iter().cloned().chain(added).collect();
        let rows = self.rows.iter().map(|row| {
            let mut cells = row.cells.clone();
            cells.resize(width, String::new());
            if let Some(dossiers) = &self.dossiers {
                cells.extend(
                    row.dossier
                        .and_then(|place| dossiers.get(place))
                        .map_or_else(Default::default, dossier_cells),
                );
            }
            cells.extend(self.added(&row.told));
            cells
        });
        TextTable { headers, rows: rows.collect() }
    }

    fn added(&self, told: &Told) -> [String; ADDED.len()] {
        let (motif, explanation, years, receipts) = match told {
            Told::Verdict(verdict) => {
                let (years, receipts) = verdict_cells(verdict);
                (verdict.reason.code().to_owned(), verdict.sentence.clone(), years, receipts)
            }
            Told::NotConcerned => ("NON_CONCERNE".to_owned(), String::new(), String::new(), String::new()),
            Told::Error(error) => (String::new(), error.clone(), String::new(), String::new()),
        };
        [told.code().to_owned(), motif, explanation, years, receipts, self.at.to_rfc3339()]
    }
}

fn dossier_cells(answer: &DossierAnswer) -> [String; OF_DOSSIER.len()] {
    let code = dossier_code(answer).to_owned();
    match &answer.verdict {
        Ok(group) => [code, group.reason.code().to_owned(), group.sentence.clone()],
        Err(errors) => [code, String::new(), errors.join(" | ")],
    }
}

/// Rows that a list may have.
pub const MOST: usize = BATCH_MAX;

/// A table as a file: CSV, or a workbook.
pub async fn written(table: TextTable, is_csv: bool) -> Result<Vec<u8>> {
    let bytes = apart(move || {
        if is_csv {
            table.to_csv().map_err(ReportError::from)
        } else {
            table.to_xlsx("Éligibilité").map_err(ReportError::from)
        }
    });
    Ok(bytes.await??)
}
