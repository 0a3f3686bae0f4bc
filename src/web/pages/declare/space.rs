//! Where the declaration of a collectivity stands, and what to do next.

use askama::Template;
use axum::extract::State;

use crate::app::App;
use crate::domain::campaign::CampaignState;
use crate::domain::filing::FilingKind;
use crate::domain::rules;
use crate::service::contact;
use crate::service::declaration::footing::Footing;
use crate::service::declaration::line::{Present, present};
use crate::service::declaration::overview::Filed;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::account::own::waiting;
use crate::web::pages::{Answer, page};
use crate::web::text;
use crate::web::visitor::Agent;

use super::{Desk, LineRow, Place};

#[derive(Template)]
#[template(path = "declare/space.html")]
struct SpacePage {
    layout: Layout,
    base: String,
    name: String,
    year: String,
    standing: Standing,
    /// Whether the agent awaits the attachment.
    awaits: bool,
    counts: Option<Counted>,
    /// A version sous réserve: one's own, or one that an agent of the collectivity can answer.
    reserved: Option<Counted>,
    /// Lines that the agent prepared before the attachment and are not here.
    left_over: Option<String>,
    /// When and by whom the draft was saved, where there is one.
    drafted: Option<String>,
    lines: Vec<LineRow>,
    cases: Vec<CaseChoice>,
    takes_filings: bool,
    takes_drafts: bool,
    versions: usize,
    siren: String,
    /// Questions that wait for the answer of the collectivity, where there are.
    questions: Option<String>,
    /// The contacts of the collectivity, for an agent who keeps them.
    contacts: Option<Contacts>,
}

/// How the contacts of the collectivity stand.
struct Contacts {
    /// The campaign that waits for them to be confirmed, if one does.
    waiting: Option<String>,
}

/// What the campaign allows, in words.
struct Standing {
    title: String,
    text: String,
    /// What can still be done, where nothing can be filed.
    still: Option<&'static str>,
}

/// The version that counts.
struct Counted {
    version: u32,
    nil: bool,
    told: String,
    total: String,
    receipt: Option<String>,
    /// Where it stands.
    sentence: String,
}

/// A case to choose.
pub(super) struct CaseChoice {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) hint: String,
}

/// Answers `GET /espace/{siren}/{exercice}`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, place: Place, agent: Agent) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let Present { lines, draft, .. } = present(&app, &desk.agent.actor, desk.siren, desk.year).await?;
    let issues = rules::check_lines(&app.codes, desk.year, &lines).issues;
    let fault = |place: usize| {
        let first = issues.iter().find(|issue| issue.line == place && issue.is_error());
        first.map(|issue| issue.message.clone())
    };
    let rows = lines.iter().enumerate().map(|(place, line)| LineRow::of(&app, &desk, line, fault(place)));
    let overview = &desk.overview;
    let contacts = match overview.footing {
        Footing::Attached => contact::standing(&app, &desk.agent.actor, desk.siren).await?,
        Footing::Awaiting { .. } => None,
    };
    let drafted = draft.as_ref().map(|draft| {
        let by = overview.draft_by.as_ref().map(|name| format!(" par {name}")).unwrap_or_default();
        format!("enregistré le {}{by}", text::minute(draft.updated_at))
    });
    let name = format!("{}, versements de {}", overview.name, desk.year);
    let questions = waiting(&app, &desk.agent.actor, desk.siren).await?;
    page(&SpacePage {
        layout: frame.titled(name).under("/espace", "Mon espace").noticed(desk.notice()),
        base: desk.base(),
        name: overview.name.clone(),
        year: desk.year.to_string(),
        standing: standing(&desk),
        awaits: overview.footing.awaited().is_some(),
        counts: overview.effective().map(|filed| counted(&desk, filed)),
        reserved: match overview.footing {
            Footing::Attached => overview.reserved(),
            Footing::Awaiting { .. } => overview.versions.last(),
        }
        .map(|filed| counted(&desk, filed)),
        left_over: overview.left_over.as_ref().map(|draft| {
            text::count(u64::try_from(draft.lines.len()).unwrap_or_default(), "ligne", "lignes")
        }),
        siren: desk.siren.to_string(),
        questions,
        drafted,
        lines: rows.collect(),
        cases: cases(&app, &desk),
        takes_filings: overview.takes_filings,
        takes_drafts: overview.takes_drafts(),
        versions: overview.versions.len(),
        contacts: contacts.map(|view| {
            let waits = view.campaign.filter(|year| view.waits() && year.flow_year() == desk.year);
            Contacts { waiting: waits.map(|year| year.to_string()) }
        }),
    })
}

/// The cases of the year.
pub(super) fn cases(app: &App, desk: &Desk) -> Vec<CaseChoice> {
    let of = |case: &crate::domain::codes::Case| CaseChoice {
        code: case.code.to_string(),
        name: case.name_fr.to_string(),
        hint: case.hint_fr.to_string(),
    };
    app.codes.cases(desk.year.get()).map(of).collect()
}

fn counted(desk: &Desk, filed: &Filed) -> Counted {
    let filing = &filed.filing;
    let by = filed.by.as_ref().map(|name| format!(" par {name}")).unwrap_or_default();
    Counted {
        version: filing.version,
        nil: filing.line_count == 0,
        sentence: filed.standing.sentence(),
        told: format!("{}{by}", text::long_instant(filing.filed_at)),
        total: format!(
            "{}, {} de ressources propres",
            text::count(filing.line_count.into(), "ligne", "lignes"),
            text::euros(filing.total_own)
        ),
        receipt: filed
            .receipt
            .as_ref()
            .map(|receipt| desk.address(&format!("recepisses/{}", receipt.number))),
    }
}

const WRITE: &str = "Si votre collectivité n’a pas pu déclarer à temps, écrivez au ministère\u{a0}: il peut encore, sur demande motivée, permettre un dépôt tardif.";
const RECTIFY: &str = "Pour corriger ce qui est déposé, écrivez au ministère\u{a0}: lui seul peut encore rectifier une déclaration.";

fn standing(desk: &Desk) -> Standing {
    let (overview, year) = (&desk.overview, desk.year);
    let Some(campaign) = &overview.campaign else {
        let text = format!("Aucune campagne ne recueille les versements de {year} pour l’instant.");
        return Standing { title: "Pas de campagne".to_owned(), text, still: None };
    };
    let number = campaign.year;
    if !overview.existed {
        let text = format!(
            "{} n’existait pas en {year}\u{a0}: pour cette année, ce sont les collectivités qui existaient alors qui déclarent.",
            overview.name
        );
        return Standing { title: "Rien à déclarer pour cette année".to_owned(), text, still: None };
    }
    let closes = text::long_day(campaign.closes_on(overview.at));
    match campaign.state(overview.at) {
        CampaignState::Planned => Standing {
            title: format!("La campagne {number} n’est pas encore ouverte"),
            text: format!(
                "Vous pourrez déposer du {} au {closes} à 23\u{a0}h\u{a0}59, heure de Paris. Vous pouvez déjà préparer vos lignes.",
                text::long_day(campaign.window.opens_on())
            ),
            still: None,
        },
        CampaignState::Open => Standing {
            title: format!("La campagne {number} est ouverte"),
            text: format!(
                "Vous pouvez déposer et corriger jusqu’au {closes} à 23\u{a0}h\u{a0}59, heure de Paris. {}",
                text::time_left(overview.at, campaign.closes_at(overview.at))
            ),
            still: None,
        },
        CampaignState::Over => match overview.reopened_until {
            Some(until) => Standing {
                title: "Un dépôt tardif vous est permis".to_owned(),
                text: format!(
                    "La campagne {number} est terminée depuis le {closes} à minuit, mais le ministère vous permet de déposer jusqu’au {} à 23\u{a0}h\u{a0}59.",
                    text::long_day(until)
                ),
                still: None,
            },
            None => Standing {
                title: format!("La campagne {number} est terminée"),
                text: format!(
                    "On ne peut plus déposer depuis le {closes} à minuit\u{a0}: les dates sont les mêmes pour toutes les collectivités."
                ),
                still: Some(if overview.effective().is_some() { RECTIFY } else { WRITE }),
            },
        },
        CampaignState::Settled | CampaignState::Published => Standing {
            title: format!("La campagne {number} est arrêtée"),
            text: format!("La fenêtre s’est fermée le {closes} à minuit et les chiffres ont été arrêtés."),
            still: Some(RECTIFY),
        },
        CampaignState::Cancelled => Standing {
            title: format!("La campagne {number} a été annulée"),
            text: format!("Les versements de {year} ne se déclarent pas dans cette campagne."),
            still: None,
        },
    }
}

#[derive(Template)]
#[template(path = "declare/is_it.html")]
struct IsItPage {
    layout: Layout,
    base: String,
    year: String,
    takes_filings: bool,
    takes_drafts: bool,
    has_filed: bool,
}

/// Answers `GET …/est-ce-de-l-apd`.
pub(in crate::web) async fn is_it(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    agent: Agent,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let filed = desk.overview.effective().map(|filed| filed.filing.kind);
    page(&IsItPage {
        layout: desk.layout(frame, "Est-ce de l’APD\u{a0}?"),
        base: desk.base(),
        year: desk.year.to_string(),
        takes_filings: desk.overview.takes_filings,
        takes_drafts: desk.overview.takes_drafts(),
        has_filed: filed.is_some_and(|kind| kind != FilingKind::Nil),
    })
}
