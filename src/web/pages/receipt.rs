//! Verifying a receipt or a certificate by its number: it tells its own facts, and whether it still counts.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::domain::certificate::{self, NO_DECISION};
use crate::domain::receipt::{Fact, Reader, Sheet};
use crate::domain::refusal::RefusalKind;
use crate::domain::reservation::Standing;
use crate::service::eligibility::of_one;
use crate::service::verification::{Verified, verify};
use crate::service::{ServiceError, certificate as certified, receipt, register};
use crate::web::layout::{Frame, Layout};
use crate::web::visitor::Visitor;

use super::{Answer, page, page_with};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    numero: String,
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct Verification {
    layout: Layout,
    typed: String,
    fault: Option<String>,
    proof: Option<Shown>,
}

/// A document, as told to anyone who has its number.
enum Shown {
    Receipt { standing: Standing, facts: Vec<Fact> },
    Certificate(Box<CertificateShown>),
}

/// A certificate, as told to anyone who has its number.
struct CertificateShown {
    title: String,
    sentence: String,
    standing: certificate::Standing,
    facts: Vec<Fact>,
    no_decision: &'static str,
    /// Today's answer, for who examines applications.
    today: Option<String>,
}

const TITLE: &str = "Vérifier un récépissé ou une attestation";

/// Answers `/recepisses`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Answer {
    let typed = asked.numero.trim().to_owned();
    if typed.is_empty() {
        return page(&Verification { layout: frame.titled(TITLE), typed, fault: None, proof: None });
    }
    let proof = match verify(&app, &typed).await {
        Ok(Verified::Receipt(proof)) => {
            let body = register::show(&app, proof.receipt.siren).await?;
            of_receipt(&app, *proof, body.map(|sheet| sheet.body.name().to_owned()))
        }
        Ok(Verified::Certificate(proof)) => of_certificate(&app, &visitor, *proof).await?,
        Err(ServiceError::Refused(refusal)) if refusal.because.kind() == RefusalKind::NotFound => {
            let fault = Some(crate::domain::text::sentence(&refusal.message));
            let layout = frame.titled(TITLE).led_by("Erreur");
            let page = Verification { layout, typed, fault, proof: None };
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        Err(error) => return Err(error.into()),
    };
    page(&Verification { layout: frame.titled(TITLE), typed, fault: None, proof: Some(proof) })
}

fn of_receipt(app: &App, proof: receipt::Proof, collectivity: Option<String>) -> Shown {
    let receipt::Proof { receipt, filing, standing } = proof;
    let sheet = Sheet { collectivity, receipt, filing, filed_by: None, signatory: None };
    Shown::Receipt { standing, facts: sheet.facts(Reader::Public, &app.config.server.public_url) }
}

/// Its facts are those of its day; today's answer is nobody's business but of who examines applications.
async fn of_certificate(
    app: &App,
    Visitor(visitor): &Visitor,
    proof: certified::Proof,
) -> Result<Shown, ServiceError> {
    let certified::Proof { certificate, attested, standing, revocation: _ } = proof;
    let today = match visitor {
        Some(current) if current.actor.role.reads_everything() => {
            Some(of_one(app, certificate.call.as_str(), certificate.siren, None, None).await?.sentence)
        }
        _ => None,
    };
    Ok(Shown::Certificate(Box::new(CertificateShown {
        title: certificate::title(&attested.verdict),
        sentence: attested.verdict.sentence.clone(),
        standing,
        facts: attested.facts(&certificate, &app.config.server.public_url),
        no_decision: NO_DECISION,
        today,
    })))
}
