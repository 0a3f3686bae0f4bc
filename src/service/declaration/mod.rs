//! Declarations: the draft, the filing by a declarant, the versions of a manager (rules 3 to 8).

mod annotate;
pub mod bulk;
pub mod carry_over;
pub mod draft;
pub mod export;
pub mod file;
pub mod followed;
pub mod footing;
pub mod import;
pub mod left_over;
pub mod line;
pub mod overview;
pub mod preview;
pub mod public;
pub mod read;
pub(in crate::service) mod reserve;
pub mod upload;
pub mod version;

use crate::app::App;
use crate::domain::declaration::{Filing, Receipt};
use crate::domain::eligibility::Body;
use crate::domain::euros::Euros;
use crate::domain::field::RawLine;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::journal::JournalHead;
use crate::domain::line::Line;
use crate::domain::refusal::Because;
use crate::domain::reservation::{Reservation, Standing};
use crate::domain::rules::{self, Checked};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::declaration::file::Idempotency;
use crate::service::receipt::Proof;
use crate::service::seal::Seal;
use crate::service::{Result, ServiceError, registered};
use crate::store::admission::Last;
use crate::store::draft::Key;
use crate::store::idempotency::Answered;
use crate::store::journal::Told;
use crate::store::person::PersonKind;
use crate::store::writes::Writes;
use crate::store::{self, Tx};

/// Who signs a declaration (rule 1: the amounts were paid in the flow year).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// Name.
    pub name: String,
    /// Function, such as "directeur général des services".
    pub function: String,
}

/// A version about to be filed.
struct Version<'a> {
    siren: Siren,
    year: FlowYear,
    kind: FilingKind,
    lines: &'a [Line],
    filed_at: Instant,
    filed_by: &'a str,
    signatory: Option<&'a Signatory>,
    reason: Option<&'a str>,
    document: Option<&'a str>,
    /// Key of the request, whose answer is remembered.
    idempotency: Option<&'a Idempotency>,
}

/// What was read in the transaction that a version is written in.
struct Before {
    /// The version that counts.
    last: Option<Last>,
    /// The number of the highest version, whether it counts or not.
    highest: u32,
    /// The end of the journal, if it was read.
    journal: Option<JournalHead>,
    /// What the version awaits, where its agent is not attached yet.
    reserved: Option<Reservation>,
}

/// A version with all that needs no lock: made before the one writer is asked for.
struct Ready<'a> {
    version: Version<'a>,
    /// Its number and its signatory are still to come.
    filing: Filing,
    seal: Seal,
}

impl<'a> Version<'a> {
    fn ready(self) -> Result<Ready<'a>> {
        let filing = Filing {
            siren: self.siren,
            flow_year: self.year,
            version: 0,
            kind: self.kind,
            filed_at: self.filed_at,
            filed_by: self.filed_by.to_owned(),
            signatory: None,
            reason: self.reason.map(str::to_owned),
            document: self.document.map(str::to_owned),
            line_count: u32::try_from(self.lines.len()).unwrap_or(u32::MAX),
            total_paid: total(self.lines.iter().map(|line| line.amounts.paid))?,
            total_own: total(self.lines.iter().map(Line::own_resources))?,
        };
        let seal = Seal::of(&filing, self.lines)?;
        Ok(Ready { version: self, filing, seal })
    }
}

/// The lines as accepted, or every fault of every line. A line without
/// reference gets one that no earlier version used (rule 8).
pub(crate) async fn accept(app: &App, of: Key<'_>, lines: &[RawLine]) -> Result<Vec<Line>> {
    let year = of.year;
    let used = if rules::some_lack_reference(lines) {
        store::line::references(&mut app.db.snapshot().await?, of).await?
    } else {
        vec![]
    };
    let used: Vec<&str> = used.iter().map(String::as_str).collect();
    let Checked { lines, issues } = rules::check_lines_reserving(&app.codes, year, lines, &used);
    if issues.iter().any(rules::Issue::is_error) {
        return Err(ServiceError::Lines(issues));
    }
    Ok(lines)
}

/// Refuses a body that is not in the register, or that did not exist in the year.
async fn declaring(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<()> {
    refuse_absent(&registered(tx, siren).await?, year)
}

/// Refuses a body that did not exist in the year.
fn refuse_absent(body: &Body, year: FlowYear) -> Result<()> {
    if body.existed_in(year) {
        return Ok(());
    }
    let message = format!(
        "{} n’existait pas en {year}\u{a0}: pour cet exercice, déclarez avec le SIREN des collectivités qui existaient alors",
        body.name
    );
    Err(ServiceError::refused(Because::DidNotExist, message))
}

/// Tells a version after the last one, with its lines, its receipt and its entry in the journal. It is written
/// once what is told is sent.
async fn tell(app: &App, tx: &mut Tx<'_>, ready: Ready<'_>, before: Before) -> Result<(Proof, Writes)> {
    let Ready { version, mut filing, seal } = ready;
    let Version { siren, year, .. } = version;
    let Before { last, highest, journal, reserved } = before;
    let mut writes = Writes::of(tx);
    filing.version = highest.saturating_add(1);
    // The lines take longest: what is told after them is done while whoever waits for it wakes up.
    store::line::insert(tx, &mut writes, (siren, year, filing.version), version.lines).await?;
    if let Some(signatory) = version.signatory {
        let id = app.random.identifier();
        let named = (signatory.name.trim(), Some(signatory.function.trim()));
        store::person::add(&mut writes, &id, PersonKind::Signatory, named, version.filed_at);
        filing.signatory = Some(id);
    }
    if let Some(reservation) = &reserved {
        store::reservation::insert(&mut writes, &filing, reservation);
    }
    store::filing::insert(&mut writes, &filing);
    let sha256 = seal.of_version(filing.version);
    let receipt_number = app.random.identifier();
    let summary = |told: Last| {
        serde_json::json!({
            "version": told.version,
            "nature": told.kind.code(),
            "lignes": told.line_count,
            "ressources_propres": told.total_own,
        })
    };
    let mut after = summary(Last::from(&filing));
    if let Some(map) = after.as_object_mut() {
        map.insert("recepisse".to_owned(), receipt_number.clone().into());
        map.insert("sha256".to_owned(), sha256.clone().into());
        if reserved.is_some() {
            map.insert("sous_reserve".to_owned(), true.into());
        }
    }
    let (subject, after) = (format!("{siren}/{year}"), after.to_string());
    let before = last.map(|last| summary(last).to_string());
    let told = Told {
        at: version.filed_at,
        actor: version.filed_by,
        action: "declaration.file",
        subject: &subject,
        before: before.as_deref(),
        after: Some(&after),
    };
    let head = store::journal::hold(tx, &mut writes, journal).await?;
    let head = store::journal::follow(&mut writes, head, told)?;
    let receipt = Receipt {
        number: receipt_number,
        siren,
        flow_year: year,
        version: filing.version,
        sha256,
        journal_head: head.hash,
        issued_at: version.filed_at,
    };
    store::filing::insert_receipt(&mut writes, &receipt);
    if let Some(Idempotency { scope, key, request_sha256 }) = version.idempotency {
        let answered = Answered { request_sha256: request_sha256.clone(), receipt: receipt.number.clone() };
        store::idempotency::remember(&mut writes, (scope, key), &answered, version.filed_at);
    }
    Ok((Proof { receipt, filing, standing: Standing::just_filed(reserved.as_ref()) }, writes))
}

fn total(amounts: impl Iterator<Item = Euros>) -> Result<Euros> {
    Euros::checked_sum(amounts).ok_or_else(|| {
        ServiceError::refused(
            Because::Invalid,
            "le total de la déclaration dépasse ce que le service peut tenir",
        )
    })
}
