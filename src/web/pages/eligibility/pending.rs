//! The dossiers put to a call, as they are now, and what changed.

use askama::Template;
use axum::extract::{Path, Query, State};

use crate::app::App;
use crate::service::eligibility::document::DossierAnswer;
use crate::service::eligibility::list::dossier_code;
use crate::service::eligibility::pending::{self, Looked, LookedDossier};
use crate::web::layout::{Frame, Layout};
use crate::web::pager::Pager;
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::list::{Asked, DossierShown, names_of};
use super::{BASE, Badge, Filter, filter, filters, layout, table};

/// Dossiers on a page.
const SIZE: usize = 100;

#[derive(Template)]
#[template(path = "eligibility/pending.html")]
struct PendingPage {
    layout: Layout,
    call: String,
    title: String,
    at: String,
    /// When the call is examined.
    examined: Option<String>,
    total: usize,
    changed: usize,
    counted: String,
    filters: Vec<Filter>,
    dossiers: Vec<PendingShown>,
    address: String,
    pager: Pager,
}

struct PendingShown {
    dossier: DossierShown,
    /// What was noted before, where it is another answer.
    before: Option<Badge>,
    noted: String,
}

/// Answers `GET /pilotage/eligibilite/appels/{appel}/en-attente`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(agent): Agent,
    Path(call): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let looked = pending::look(&app, &agent.actor, &call).await?;
    let code = looked.call.code().to_string();
    let (address, chosen) = (address(&code), filter(&asked.verdict));
    let counts: Vec<(&'static str, usize)> =
        Looked::CODES.into_iter().map(|word| (word, looked.count(word))).collect();
    let total = looked.dossiers.len();
    let listed: Vec<&LookedDossier> = looked
        .dossiers
        .iter()
        .filter(|dossier| chosen.is_empty() || dossier_code(&dossier.answer) == chosen)
        .collect();
    let (pager, before) = Pager::of(&asked.page, listed.len(), SIZE, format!("verdict={chosen}"));
    let listed: Vec<&LookedDossier> = listed.into_iter().skip(before).take(SIZE).collect();
    let answers: Vec<&DossierAnswer> = listed.iter().map(|dossier| &dossier.answer).collect();
    let names = names_of(&app, &answers).await?;
    let shown = |dossier: &LookedDossier| PendingShown {
        before: dossier.has_changed().then(|| Badge::of_code(&dossier.noted.status)),
        noted: text::minute(dossier.noted.at),
        dossier: DossierShown::of(&dossier.answer, &names, &code),
    };
    page(&PendingPage {
        layout: layout(frame, format!("Dossiers en attente de l’appel {code}")),
        title: looked.call.title().to_owned(),
        at: text::long_instant(looked.at),
        examined: looked.call.dates().examined_on.map(text::long_day),
        total,
        changed: looked.dossiers.iter().filter(|dossier| dossier.has_changed()).count(),
        counted: text::count(u64::try_from(total).unwrap_or_default(), "dossier", "dossiers"),
        filters: filters(&address, chosen, total, &counts),
        dossiers: listed.into_iter().map(shown).collect(),
        call: code,
        address,
        pager,
    })
}

/// Answers `POST` on the same: puts the dossiers of a list, takes one off, or notes what is there.
pub(in crate::web) async fn send(
    State(app): State<App>,
    Path(call): Path<String>,
    Posted { agent, typed }: Posted,
) -> Answer {
    let actor = &agent.0.actor;
    match typed.get("action") {
        "ajouter" => {
            let (code, _count) = pending::put(&app, actor, typed.get("liste")).await?;
            return Ok(see(&address(code.as_str())));
        }
        "retirer" => pending::withdraw(&app, actor, &call, typed.get("dossier")).await?,
        "noter" => {
            pending::note(&app, actor, &call).await?;
        }
        _ => return Err(PageRefused::unreadable_form()),
    }
    Ok(see(&address(&crate::service::call::resolve(&app, &call).await?.code().to_string())))
}

/// Answers `GET …/export`.
pub(in crate::web) async fn export(
    State(app): State<App>,
    Agent(agent): Agent,
    Path(call): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let looked = pending::look(&app, &agent.actor, &call).await?;
    table(&format!("dossiers-{}", looked.call.code()), &asked.format, looked.to_table()).await
}

fn address(call: &str) -> String {
    format!("{BASE}/appels/{call}/en-attente")
}
