//! A certificate: what it says, where it stands, its document, its revocation.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::certificate::title;
use crate::domain::receipt::{Fact, FactKind};
use crate::domain::refusal::Because;
use crate::service::certificate::{self, Proof};
use crate::service::{ServiceError, eligibility};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::declare::filed::{PDF, download};
use crate::web::pages::{Answer, page_with};
use crate::web::visitor::{Agent, Posted, see};

use super::{BASE, layout};

#[derive(Template)]
#[template(path = "eligibility/certificate.html")]
struct CertificatePage {
    layout: Layout,
    form: Form,
    number: String,
    siren: String,
    call: String,
    title: String,
    sentence: String,
    standing: String,
    is_latest: bool,
    /// Why it was revoked.
    revoked: Option<String>,
    facts: Vec<Fact>,
    /// Of the document.
    size: String,
    /// The answer today.
    today: String,
    may_revoke: bool,
}

/// Answers `GET /pilotage/eligibilite/attestations/{attestation}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    agent: Agent,
    Path(number): Path<String>,
) -> Answer {
    let page = certificate_page(&app, &agent, frame, &number, Form::default()).await?;
    page_with(StatusCode::OK, &page)
}

/// Answers `POST` on the same: revokes it.
pub(in crate::web) async fn revoke(
    State(app): State<App>,
    frame: Frame,
    Path(number): Path<String>,
    Posted { agent, typed }: Posted,
) -> Answer {
    let mut form = Form::of(typed);
    match certificate::revoke(&app, &agent.0.actor, &number, form.value("motif")).await {
        Ok(()) => Ok(see(&format!("{BASE}/attestations/{number}"))),
        Err(ServiceError::Refused(refusal)) if refusal.because == Because::ReasonNeeded => {
            form.faults.add("motif", refusal.message);
            let mut page = certificate_page(&app, &agent, frame, &number, form).await?;
            page.layout = page.layout.led_by("Erreur");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// Answers `GET …/pdf`: the same as a document.
pub(in crate::web) async fn pdf(
    State(app): State<App>,
    Agent(agent): Agent,
    Path(number): Path<String>,
) -> Answer {
    let proof = certificate::show(&app, &agent.actor, &number).await?;
    download(&proof.certificate.file_name(), PDF, certificate::pdf(&app, &proof)?)
}

async fn certificate_page(
    app: &App,
    Agent(agent): &Agent,
    frame: Frame,
    number: &str,
    form: Form,
) -> Result<CertificatePage, ServiceError> {
    let actor = &agent.actor;
    let proof = certificate::show(app, actor, number).await?;
    let size = u64::try_from(certificate::pdf(app, &proof)?.len()).unwrap_or_default().div_ceil(1_000);
    let Proof { certificate, attested, standing, revocation } = proof;
    let call = certificate.call.to_string();
    let today = eligibility::of_one(app, &call, certificate.siren, None, None).await?;
    let is_theirs = actor.role.manages() || certificate.issued_by == actor.person;
    let title = title(&attested.verdict);
    Ok(CertificatePage {
        layout: layout(frame, format!("{title}, {}", attested.whose()))
            .under(format!("{BASE}/{}?appel={call}", certificate.siren), attested.whose()),
        form,
        number: certificate.number.clone(),
        siren: certificate.siren.to_string(),
        call,
        title,
        sentence: attested.verdict.sentence.clone(),
        standing: standing.sentence(),
        is_latest: standing == crate::domain::certificate::Standing::Latest,
        may_revoke: revocation.is_none() && actor.role.reads_everything() && is_theirs,
        revoked: revocation.map(|revocation| revocation.reason),
        facts: attested.facts(&certificate, &app.config.server.public_url),
        size: format!("{size}\u{a0}ko"),
        today: today.sentence,
    })
}
