//! The signature: who signs, what they attest, what they confirm; lines, or an explicit nil.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::domain::refusal::RefusalKind;
use crate::service::ServiceError;
use crate::service::declaration::Signatory;
use crate::service::declaration::file::{Content, Idempotency, Request, file};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page_with};
use crate::web::refusal::PageRefused;
use crate::web::visitor::{Agent, Posted, see, typed_before};

use super::recap::{Points, Sums, reviewed};
use super::{Desk, Place};

#[derive(Template)]
#[template(path = "declare/sign.html")]
struct SignPage {
    layout: Layout,
    base: String,
    address: String,
    year: String,
    name: String,
    form: Form,
    /// What is signed; none for a nil.
    signed: Option<(Sums, Points)>,
    /// Lines of the draft that a nil takes the place of.
    replaced: usize,
    takes_filings: bool,
    /// Whether the filing would await the attachment of the agent.
    is_reserved: bool,
}

/// What a page signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Draft,
    Nil,
}

impl What {
    /// What the page of an address signs.
    fn at(place: &Place) -> Self {
        if place.path.ends_with("/neant") { Self::Nil } else { Self::Draft }
    }
}

/// Answers `GET …/signature` and `GET …/neant`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    agent: Agent,
    headers: HeaderMap,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let typed = match typed_before(&app, &agent, &headers, &place.path).await? {
        Some(typed) => typed,
        None => Typed::default()
            .with("nom", desk.agent.name.as_str())
            .with("fonction", desk.agent.function.as_str())
            .with("cle", app.random.identifier()),
    };
    let typed = typed.with("revision", revision(&desk).to_string());
    answer(&app, &desk, frame, What::at(&place), Form::of(typed), StatusCode::OK).await
}

/// Answers `POST …/signature` and `POST …/neant`.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Posted { agent, typed }: Posted,
) -> Answer {
    // The whole request has been read: this is the instant that counts.
    let received_at = app.now();
    let (app, what) = (&app, What::at(&place));
    let desk = Desk::open(app, &place, &agent).await?;
    let mut form = Form::of(typed);
    let content = match what {
        What::Nil => Content::Nil,
        What::Draft => Content::Draft(form.value("revision").parse().unwrap_or_default()),
    };
    let confirms = to_confirm(app, &desk, what).await?;
    for (field, message) in missing(&form, confirms) {
        form.faults.add(field, message);
    }
    if !form.faults.is_empty() {
        return answer(app, &desk, frame, what, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let signatory =
        Signatory { name: form.value("nom").to_owned(), function: form.value("fonction").to_owned() };
    let request = Request {
        siren: desk.siren,
        flow_year: desk.year,
        idempotency: Some(idempotency(&desk, &form, what)),
        content,
        signatory,
        document: None,
        received_at,
    };
    match file(app, &desk.agent.actor, &request).await {
        Ok(receipt) => Ok(see(&desk.address(&format!("recepisses/{}", receipt.number)))),
        // It was filed, or dropped, by someone else.
        Err(ServiceError::Refused(refusal)) if what == What::Draft && desk.overview.draft.is_none() => {
            Err(ServiceError::Refused(refusal).into())
        }
        Err(ServiceError::Refused(refusal)) => {
            let (status, field) = match refusal.because.kind() {
                RefusalKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "nom"),
                RefusalKind::Forbidden | RefusalKind::NotFound => {
                    return Err(ServiceError::Refused(refusal).into());
                }
                _ => (StatusCode::CONFLICT, "formulaire"),
            };
            form.faults.add(field, &refusal.message);
            // What was read again is what is signed next, under another key.
            let typed =
                form.typed.with("revision", revision(&desk).to_string()).with("cle", app.random.identifier());
            form.typed = typed;
            answer(app, &desk, frame, what, form, status).await
        }
        Err(ServiceError::Lines(_)) => Ok(see(&desk.address("recapitulatif"))),
        Err(error) => Err(error.into()),
    }
}

/// The revision of the draft that is signed; 0 where there is none.
fn revision(desk: &Desk) -> u32 {
    desk.overview.draft.as_ref().map_or(0, |draft| draft.revision)
}

/// Whether the page asks for a confirmation beyond the attestation: points to be verified, a draft that goes.
async fn to_confirm(app: &App, desk: &Desk, what: What) -> Result<bool, PageRefused> {
    let Some(draft) = &desk.overview.draft else { return Ok(false) };
    match what {
        What::Nil => Ok(!draft.lines.is_empty()),
        What::Draft => Ok(!reviewed(app, desk, draft).await?.1.warnings.is_empty()),
    }
}

fn missing(form: &Form, confirms: bool) -> Vec<(&'static str, &'static str)> {
    let mut missing = vec![];
    for (field, message) in [
        ("nom", "Indiquez le nom de la personne qui signe."),
        ("fonction", "Indiquez la fonction de la personne qui signe."),
    ] {
        if form.value(field).is_empty() {
            missing.push((field, message));
        }
    }
    for (field, long) in [
        ("nom", "Le nom a 200 caractères au plus, sur une ligne."),
        ("fonction", "La fonction a 200 caractères au plus, sur une ligne."),
    ] {
        let text = form.value(field);
        if text.chars().count() > 200 || text.chars().any(char::is_control) {
            missing.push((field, long));
        }
    }
    if confirms && form.value("verifie") != "oui" {
        missing.push(("verifie", "Cochez la case qui confirme les points signalés."));
    }
    if form.value("atteste") != "oui" {
        missing.push(("atteste", "Cochez l’attestation pour signer."));
    }
    missing
}

/// A form that is sent twice files once.
fn idempotency(desk: &Desk, form: &Form, what: What) -> Idempotency {
    let mut hash = Sha256::new();
    let subject = format!("{}/{}/{what:?}", desk.siren, desk.year);
    for part in [subject.as_str(), form.value("revision"), form.value("nom"), form.value("fonction")] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    Idempotency {
        scope: format!("web:{}", desk.agent.actor.person),
        key: crate::domain::text::excerpt(form.value("cle"), 60),
        request_sha256: hex::encode(hash.finalize()),
    }
}

async fn answer(app: &App, desk: &Desk, frame: Frame, what: What, form: Form, status: StatusCode) -> Answer {
    let (title, path) = match what {
        What::Draft => ("Signer et déposer", "signature"),
        What::Nil => ("Déclarer «\u{a0}néant\u{a0}»", "neant"),
    };
    let signed = match (&desk.overview.draft, what) {
        (Some(draft), What::Draft) => Some(reviewed(app, desk, draft).await?),
        // Nothing to sign: the page of the declaration says what to do.
        (None, What::Draft) => return Ok(see(&desk.base())),
        _ => None,
    };
    if signed.as_ref().is_some_and(|(_, points)| !points.faults.is_empty()) {
        return Ok(see(&desk.address("recapitulatif")));
    }
    let replaced = desk.overview.draft.as_ref().map_or(0, |draft| draft.lines.len());
    let layout = desk.layout(frame, title);
    let layout = if form.faults.is_empty() { layout } else { layout.led_by("Erreur") };
    page_with(
        status,
        &SignPage {
            layout,
            base: desk.base(),
            address: desk.address(path),
            year: desk.year.to_string(),
            name: desk.overview.name.clone(),
            form,
            signed,
            replaced: if what == What::Nil { replaced } else { 0 },
            takes_filings: desk.overview.takes_filings,
            is_reserved: desk.overview.footing.awaited().is_some(),
        },
    )
}
