//! Verifying a receipt by its number: it tells its own facts, and whether it still counts.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::domain::receipt::{Fact, Reader, Sheet};
use crate::domain::refusal::RefusalKind;
use crate::domain::reservation::Standing;
use crate::service::receipt::{self, Proof};
use crate::service::{ServiceError, register};
use crate::web::layout::{Frame, Layout};

use super::{Answer, page, page_with};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    numero: String,
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct Receipts {
    layout: Layout,
    typed: String,
    fault: Option<String>,
    proof: Option<Shown>,
}

/// A receipt, as told to anyone who has its number.
struct Shown {
    standing: Standing,
    facts: Vec<Fact>,
}

/// Answers `/recepisses`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Query(asked): Query<Asked>) -> Answer {
    let typed = asked.numero.trim().to_owned();
    let title = "Vérifier un récépissé";
    if typed.is_empty() {
        return page(&Receipts { layout: frame.titled(title), typed, fault: None, proof: None });
    }
    match receipt::verify(&app, &typed).await {
        Ok(proof) => {
            let body = register::show(&app, proof.receipt.siren).await?;
            let name = body.map(|sheet| sheet.body.name().to_owned());
            let proof = Some(shown(&app, proof, name));
            page(&Receipts { layout: frame.titled(title), typed, fault: None, proof })
        }
        Err(ServiceError::Refused(refusal)) if refusal.because.kind() == RefusalKind::NotFound => {
            let fault = Some(crate::domain::text::sentence(&refusal.message));
            let layout = frame.titled(title).led_by("Erreur");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &Receipts { layout, typed, fault, proof: None })
        }
        Err(error) => Err(error.into()),
    }
}

fn shown(app: &App, proof: Proof, collectivity: Option<String>) -> Shown {
    let Proof { receipt, filing, standing } = proof;
    let sheet = Sheet { collectivity, receipt, filing, filed_by: None, signatory: None };
    Shown { standing, facts: sheet.facts(Reader::Public, &app.config.server.public_url) }
}
