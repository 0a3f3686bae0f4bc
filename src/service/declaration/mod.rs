//! Declarations: the draft, the filing by a declarant, the versions of a manager (rules 3 to 8).

pub mod bulk;
pub mod draft;
pub mod export;
pub mod file;
pub mod import;
pub mod public;
pub mod read;
pub mod version;

use crate::app::App;
use crate::domain::declaration::{Filing, Receipt};
use crate::domain::euros::Euros;
use crate::domain::field::RawLine;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::line::Line;
use crate::domain::refusal::Because;
use crate::domain::rules::{self, Checked};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::{Result, ServiceError, document, registered};
use crate::store::journal::Told;
use crate::store::person::PersonKind;
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
}

/// The lines as accepted, or every fault of every line. A line without
/// reference gets one that no earlier version used (rule 8).
pub(crate) async fn accept(app: &App, siren: Siren, year: FlowYear, lines: &[RawLine]) -> Result<Vec<Line>> {
    let used = {
        let mut tx = app.db.snapshot().await?;
        store::line::references(&mut tx, siren, year).await?
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
    let body = registered(tx, siren).await?;
    if body.existed_in(year) {
        return Ok(());
    }
    let message = format!(
        "{} n’existait pas en {year}\u{a0}: pour cet exercice, déclarez avec le SIREN des collectivités qui existaient alors",
        body.name
    );
    Err(ServiceError::refused(Because::DidNotExist, message))
}

/// Writes a version with its lines, its receipt and its entry in the journal.
async fn insert(app: &App, tx: &mut Tx<'_>, version: Version<'_>) -> Result<Receipt> {
    let Version { siren, year, .. } = version;
    let before = store::filing::effective(tx, siren, year).await?;
    let number = before.as_ref().map_or(0, |filing| filing.version).saturating_add(1);
    let signatory = match version.signatory {
        Some(signatory) => {
            let id = app.random.identifier();
            let (name, function) = (signatory.name.trim(), Some(signatory.function.trim()));
            store::person::insert(tx, &id, PersonKind::Signatory, name, function, version.filed_at).await?;
            Some(id)
        }
        None => None,
    };
    let filing = Filing {
        siren,
        flow_year: year,
        version: number,
        kind: version.kind,
        filed_at: version.filed_at,
        filed_by: version.filed_by.to_owned(),
        signatory,
        reason: version.reason.map(str::to_owned),
        document: version.document.map(str::to_owned),
        line_count: u32::try_from(version.lines.len()).unwrap_or(u32::MAX),
        total_paid: total(version.lines.iter().map(|line| line.amounts.paid))?,
        total_own: total(version.lines.iter().map(Line::own_resources))?,
    };
    store::line::insert(tx, siren, year, number, version.lines).await?;
    store::filing::insert(tx, &filing).await?;
    let sha256 = document::sha256(&document::of_filing(&filing, version.lines))?;
    let receipt_number = app.random.identifier();
    let summary = |filing: &Filing| {
        serde_json::json!({
            "version": filing.version,
            "nature": filing.kind.code(),
            "lignes": filing.line_count,
            "ressources_propres": filing.total_own,
        })
    };
    let mut after = summary(&filing);
    if let Some(map) = after.as_object_mut() {
        map.insert("recepisse".to_owned(), receipt_number.clone().into());
        map.insert("sha256".to_owned(), sha256.clone().into());
    }
    let (subject, after) = (format!("{siren}/{year}"), after.to_string());
    let before = before.as_ref().map(|filing| summary(filing).to_string());
    let told = Told {
        at: version.filed_at,
        actor: version.filed_by,
        action: "declaration.file",
        subject: &subject,
        before: before.as_deref(),
        after: Some(&after),
    };
    let head = store::journal::append(tx, told).await?;
    let receipt = Receipt {
        number: receipt_number,
        siren,
        flow_year: year,
        version: number,
        sha256,
        journal_head: head.hash,
        issued_at: version.filed_at,
    };
    store::filing::insert_receipt(tx, &receipt).await?;
    Ok(receipt)
}

fn total(amounts: impl Iterator<Item = Euros>) -> Result<Euros> {
    Euros::checked_sum(amounts).ok_or_else(|| {
        ServiceError::refused(
            Because::Invalid,
            "le total de la déclaration dépasse ce que le service peut tenir",
        )
    })
}
