//! Verifying a receipt by its number: it tells its own facts, and whether it still counts.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::domain::filing::FilingKind;
use crate::domain::refusal::RefusalKind;
use crate::service::receipt::{self, Proof};
use crate::service::{ServiceError, register};
use crate::web::layout::{Frame, Layout};
use crate::web::text;

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
    in_force: bool,
    facts: Vec<(&'static str, String)>,
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
            let proof = Some(shown(&proof, name));
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

fn shown(proof: &Proof, name: Option<String>) -> Shown {
    let Proof { receipt, filing, in_force } = proof;
    let mut facts = vec![
        ("Numéro", receipt.number.clone()),
        (
            "Collectivité",
            match name {
                Some(name) => format!("{name}, SIREN {}", receipt.siren),
                None => format!("SIREN {}", receipt.siren),
            },
        ),
        ("Versements de", receipt.flow_year.to_string()),
        ("Version", format!("{}\u{a0}({})", filing.version, kind(filing.kind))),
        ("Reçue le", text::long_instant(filing.filed_at)),
    ];
    if filing.kind != FilingKind::Nil && filing.kind != FilingKind::Annulled {
        facts.push(("Lignes", text::thousands(filing.line_count.into())));
        facts.push(("Montant versé", text::euros(filing.total_paid)));
        facts.push(("Ressources propres", text::euros(filing.total_own)));
    }
    facts.push(("Empreinte SHA-256", receipt.sha256.clone()));
    facts.push(("Tête du journal", receipt.journal_head.clone()));
    Shown { in_force: *in_force, facts }
}

/// What a version states, in words.
const fn kind(kind: FilingKind) -> &'static str {
    match kind {
        FilingKind::Declared => "déclaration",
        FilingKind::Nil => "déclaration néant",
        FilingKind::Rectified => "rectifiée par le ministère",
        FilingKind::Annulled => "annulée par le ministère",
        FilingKind::TakenOver => "reçue hors délai, reprise par le ministère",
    }
}
