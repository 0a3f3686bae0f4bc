//! The answers on a list: counted, filtered, downloaded.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::app::App;
use crate::domain::eligibility::{Identity, MemberRole, MemberVerdict, Reason, Status};
use crate::domain::siren::Siren;
use crate::service::eligibility::document::DossierAnswer;
use crate::service::eligibility::list::{self, Answered, Told, dossier_code, show as answered};
use crate::service::eligibility::pending::Looked;
use crate::service::register;
use crate::web::layout::{Frame, Layout};
use crate::web::pager::Pager;
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::Agent;

use super::{BASE, Badge, Filter, filter, filters, layout, proof, table};

/// Rows on a page.
const SIZE: usize = 100;

#[derive(Template)]
#[template(path = "eligibility/list.html")]
struct ListPage {
    layout: Layout,
    id: String,
    base: String,
    call: String,
    title: String,
    at: String,
    counted: String,
    filters: Vec<Filter>,
    rows: Vec<RowShown>,
    dossiers: Vec<DossierShown>,
    has_dossiers: bool,
    address: String,
    pager: Pager,
}

struct RowShown {
    line: u32,
    typed: String,
    name: Option<String>,
    address: Option<String>,
    badge: Badge,
    reason: &'static str,
    sentence: String,
    proof: Vec<String>,
}

/// A dossier, as it is shown.
pub(super) struct DossierShown {
    pub(super) name: String,
    pub(super) badge: Badge,
    pub(super) sentence: String,
    pub(super) members: Vec<MemberShown>,
}

/// A member of a dossier, as it is shown.
pub(super) struct MemberShown {
    pub(super) role: &'static str,
    pub(super) name: String,
    pub(super) address: Option<String>,
    pub(super) badge: Badge,
    pub(super) sentence: String,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    pub(super) verdict: String,
    pub(super) page: String,
    pub(super) format: String,
}

/// Answers `GET /pilotage/eligibilite/listes/{liste}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(agent): Agent,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = answered(&app, &agent.actor, &id).await?;
    let (base, chosen) = (format!("{BASE}/listes/{id}"), filter(&asked.verdict));
    let code = found.call.code().to_string();
    let layout = layout(frame, format!("Réponses pour l’appel {code}"));
    let counts = counts(&found);
    let total = found.dossiers.as_ref().map_or(found.rows.len(), Vec::len);
    let listed = if chosen.is_empty() {
        total
    } else {
        counts.iter().find(|(word, _)| *word == chosen).map_or(0, |(_, count)| *count)
    };
    let (pager, before) = Pager::of(&asked.page, listed, SIZE, format!("verdict={chosen}"));
    let is_listed = |word: &str| chosen.is_empty() || word == chosen;
    let rows: Vec<&list::Row> = match &found.dossiers {
        None => found.rows.iter().filter(|row| is_listed(row.told.code())).skip(before).take(SIZE).collect(),
        Some(_) => vec![],
    };
    let groups: Vec<&DossierAnswer> = found.dossiers.iter().flatten().collect();
    let groups: Vec<&DossierAnswer> =
        groups.into_iter().filter(|answer| is_listed(dossier_code(answer))).skip(before).take(SIZE).collect();
    let names = register::names(&app, &sirens(&rows, &groups)).await?;
    let number = |count: usize| u64::try_from(count).unwrap_or_default();
    let counted = match &found.dossiers {
        None => text::count(number(total), "ligne", "lignes"),
        Some(_) => format!(
            "{}, {}",
            text::count(number(total), "dossier", "dossiers"),
            text::count(number(found.rows.len()), "membre", "membres")
        ),
    };
    page(&ListPage {
        layout,
        filters: filters(&base, chosen, total, &counts),
        address: base.clone(),
        base,
        id,
        call: code.clone(),
        title: found.call.title().to_owned(),
        at: text::long_instant(found.at),
        counted,
        rows: rows.into_iter().map(|row| RowShown::of(row, &names, &code)).collect(),
        dossiers: groups.into_iter().map(|answer| DossierShown::of(answer, &names, &code)).collect(),
        has_dossiers: found.dossiers.is_some(),
        pager,
    })
}

/// Answers `GET …/fichier`: the list as it came, with the answers beside.
pub(in crate::web) async fn file(
    State(app): State<App>,
    Agent(agent): Agent,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = answered(&app, &agent.actor, &id).await?;
    if !["", "csv", "xlsx"].contains(&asked.format.as_str()) {
        return Err(PageRefused::nothing_here());
    }
    table(&format!("eligibilite-{}", found.call.code()), &asked.format, found.to_table()).await
}

/// How many rows, or dossiers where there are some, have each word.
fn counts(found: &Answered) -> Vec<(&'static str, usize)> {
    let words: Vec<&'static str> = match &found.dossiers {
        None => found.rows.iter().map(|row| row.told.code()).collect(),
        Some(dossiers) => dossiers.iter().map(dossier_code).collect(),
    };
    let count = |code: &'static str| (code, words.iter().filter(|word| **word == code).count());
    Looked::CODES.into_iter().map(count).collect()
}

fn sirens(rows: &[&list::Row], groups: &[&DossierAnswer]) -> Vec<Siren> {
    let of_row = rows.iter().filter_map(|row| match &row.told {
        Told::Verdict(verdict) => Some(verdict.siren),
        Told::NotConcerned | Told::Error(_) => None,
    });
    let members =
        groups.iter().filter_map(|answer| answer.verdict.as_ref().ok()).flat_map(|group| &group.members);
    let of_member = members.filter_map(|member| match &member.member.identity {
        Identity::French(verdict) => Some(verdict.siren),
        Identity::NotConcerned(_) => None,
    });
    of_row.chain(of_member).collect()
}

impl RowShown {
    fn of(row: &list::Row, names: &HashMap<Siren, String>, call: &str) -> Self {
        let blank = Self {
            line: row.line,
            typed: row.typed.clone(),
            name: None,
            address: None,
            badge: Badge::of_code(row.told.code()),
            reason: "",
            sentence: String::new(),
            proof: vec![],
        };
        match &row.told {
            Told::Verdict(verdict) => Self {
                typed: verdict.siren.to_string(),
                name: names.get(&verdict.siren).cloned(),
                address: Some(format!("{BASE}/{}?appel={call}", verdict.siren)),
                reason: verdict.reason.code(),
                sentence: verdict.sentence.clone(),
                proof: verdict
                    .years
                    .iter()
                    .flat_map(|year| proof(year.receipt.as_deref(), year.source.as_deref()))
                    .collect(),
                ..blank
            },
            Told::NotConcerned => blank,
            Told::Error(error) => Self { sentence: crate::domain::text::sentence(error), ..blank },
        }
    }
}

impl DossierShown {
    pub(super) fn of(answer: &DossierAnswer, names: &HashMap<Siren, String>, call: &str) -> Self {
        let (sentence, members) = match &answer.verdict {
            Ok(group) => {
                let member = |member: &MemberVerdict| MemberShown::of(member, names, call);
                (group.sentence.clone(), group.members.iter().map(member).collect())
            }
            Err(errors) => (
                errors.iter().map(|error| crate::domain::text::sentence(error)).collect::<Vec<_>>().join(" "),
                vec![],
            ),
        };
        Self { name: answer.name.clone(), badge: Badge::of_code(dossier_code(answer)), sentence, members }
    }
}

impl MemberShown {
    fn of(member: &MemberVerdict, names: &HashMap<Siren, String>, call: &str) -> Self {
        let (name, address, sentence) = match &member.member.identity {
            Identity::French(verdict) => {
                let siren = verdict.siren;
                let name = names.get(&siren).map(|name| format!("{name}, "));
                (
                    format!("{}{siren}", name.unwrap_or_default()),
                    Some(format!("{BASE}/{siren}?appel={call}")),
                    // What is in order needs no words among dozens: its own page has them. That a body is gone, and
                    // who took over, does.
                    match (verdict.status, verdict.reason) {
                        (Status::Eligible, reason) if reason != Reason::DidNotExist => String::new(),
                        _ => verdict.sentence.clone(),
                    },
                )
            }
            Identity::NotConcerned(name) if name.is_empty() => ("sans nom".to_owned(), None, String::new()),
            Identity::NotConcerned(name) => (name.clone(), None, String::new()),
        };
        let role = match member.member.role {
            MemberRole::Lead => "Chef de file",
            MemberRole::Partner => "Partenaire",
        };
        Self { role, name, address, badge: Badge::of(member.status), sentence }
    }
}

/// The bodies of these dossiers by name, for other pages that show dossiers.
pub(super) async fn names_of(
    app: &App,
    groups: &[&DossierAnswer],
) -> Result<HashMap<Siren, String>, crate::service::ServiceError> {
    register::names(app, &sirens(&[], groups)).await
}
