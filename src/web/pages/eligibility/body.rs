//! One body and one call: the answer, what it rests on, its certificates.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::app::App;
use crate::domain::siren::Siren;
use crate::service::derogation::{self, Derogation, Scope};
use crate::service::eligibility::of_one;
use crate::service::{self, access, certificate, register};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{BASE, Badge, CallChoice, YearShown, choices, chosen, layout};

#[derive(Template)]
#[template(path = "eligibility/body.html")]
struct BodyPage {
    layout: Layout,
    siren: String,
    name: String,
    is_registered: bool,
    calls: Vec<CallChoice>,
    no_fault: Option<&'static str>,
    answer: Option<AnswerShown>,
    kin: Vec<Relative>,
    derogations: Vec<DerogationShown>,
    certificates: Vec<CertificateShown>,
    /// Whether who asks may issue a certificate.
    is_ministry: bool,
}

/// A body that this one succeeds, or that succeeds it.
struct Relative {
    told: String,
    /// Its own page and its answer, for who reads everything.
    answer: Option<(String, Badge)>,
}

/// An answer, as it is shown.
pub(super) struct AnswerShown {
    pub(super) call: String,
    pub(super) title: String,
    pub(super) badge: Badge,
    pub(super) sentence: String,
    pub(super) reason: &'static str,
    pub(super) at: String,
    pub(super) founding_text: String,
    pub(super) years: Vec<YearShown>,
}

struct DerogationShown {
    what: String,
    reason: String,
    decided: String,
    revoked: Option<String>,
}

struct CertificateShown {
    number: String,
    call: String,
    title: String,
    at: String,
    standing: &'static str,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    appel: String,
}

/// Answers `GET /pilotage/eligibilite/{siren}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(agent): Agent,
    Path(siren): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let Ok(siren) = siren.parse::<Siren>() else { return Err(PageRefused::nothing_here()) };
    let actor = &agent.actor;
    access::require_eligibility_staff(actor)?;
    access::require_eligibility_reader(&app, actor, siren).await?;
    let sheet = register::show(&app, siren).await?;
    let calls = choices(&app, asked.appel.trim()).await?;
    let answer = match chosen(&calls) {
        Some(call) => {
            let title =
                calls.iter().find(|one| one.is_chosen).map(|one| one.title.clone()).unwrap_or_default();
            Some(AnswerShown::of(&of_one(&app, call, siren, None, None).await?, title))
        }
        None => None,
    };
    let name = sheet.as_ref().map_or_else(|| format!("SIREN {siren}"), |sheet| sheet.body.name().to_owned());
    let is_ministry = actor.role.reads_everything();
    let kin = match &sheet {
        Some(sheet) => relatives(&app, sheet, chosen(&calls).filter(|_call| is_ministry)).await?,
        None => vec![],
    };
    let derogations = derogation::of_body(&app, actor, siren).await?;
    let certificates = certificate::of_body(&app, actor, siren).await?;
    page(&BodyPage {
        layout: layout(frame, name.clone()),
        siren: siren.to_string(),
        name,
        is_registered: sheet.is_some(),
        calls,
        no_fault: None,
        answer,
        kin,
        derogations: derogations.iter().map(DerogationShown::of).collect(),
        certificates: certificates.iter().map(CertificateShown::of).collect(),
        is_ministry,
    })
}

/// Whom a body succeeds and who succeeds it, with the answers on a call where one is named.
async fn relatives(app: &App, sheet: &register::Sheet, call: Option<&str>) -> service::Result<Vec<Relative>> {
    let before = sheet.predecessors.iter().map(|one| ("Succède à", one));
    let after = sheet.successors.iter().map(|one| ("A pour successeur", one));
    let mut kin = vec![];
    for (verb, one) in before.chain(after) {
        let answer = match call {
            Some(call) => {
                let verdict = of_one(app, call, one.siren, None, None).await?;
                Some((format!("{BASE}/{}?appel={call}", one.siren), Badge::of(verdict.status)))
            }
            None => None,
        };
        let told = format!("{verb} {} (SIREN {}), le {}", one.name, one.siren, text::long_day(one.on));
        kin.push(Relative { told, answer });
    }
    Ok(kin)
}

/// Answers `POST /pilotage/eligibilite/{siren}/attestations`: issues a certificate and leads to it.
pub(in crate::web) async fn certify(
    State(app): State<App>,
    Path(siren): Path<String>,
    Posted { agent, typed }: Posted,
) -> Answer {
    let Ok(siren) = siren.parse::<Siren>() else { return Err(PageRefused::nothing_here()) };
    let proof = certificate::issue(&app, &agent.0.actor, siren, typed.get("appel")).await?;
    Ok(see(&format!("{BASE}/attestations/{}", proof.certificate.number)))
}

impl AnswerShown {
    pub(super) fn of(verdict: &crate::domain::eligibility::Verdict, title: String) -> Self {
        Self {
            call: verdict.call.to_string(),
            title,
            badge: Badge::of(verdict.status),
            sentence: verdict.sentence.clone(),
            reason: verdict.reason.code(),
            at: text::long_instant(verdict.at),
            founding_text: verdict.founding_text.clone(),
            years: YearShown::all(verdict),
        }
    }
}

impl DerogationShown {
    fn of(derogation: &Derogation) -> Self {
        let what = match &derogation.scope {
            Scope::Filing { campaign, until } => {
                format!("Dépôt permis dans la campagne {campaign} jusqu’au {}", text::long_day(*until))
            }
            Scope::Eligibility { call } => format!("Éligibilité à l’appel {call}"),
        };
        Self {
            what,
            reason: derogation.reason.clone(),
            decided: text::minute(derogation.decided_at),
            revoked: derogation.revoked_at.map(text::minute),
        }
    }
}

impl CertificateShown {
    fn of(proof: &certificate::Proof) -> Self {
        use crate::domain::certificate::Standing;
        Self {
            number: proof.certificate.number.clone(),
            call: proof.certificate.call.to_string(),
            title: crate::domain::certificate::title(&proof.attested.verdict),
            at: text::minute(proof.certificate.issued_at),
            standing: match proof.standing {
                Standing::Latest => "la dernière",
                Standing::Superseded { .. } => "remplacée",
                Standing::Revoked { .. } => "révoquée",
            },
        }
    }
}
