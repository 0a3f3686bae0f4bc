//! The ministry's file of declarations received on paper: all of them filed, or none.

use crate::app::App;
use crate::domain::declaration::Receipt;
use crate::domain::field::RawLine;
use crate::domain::line::Line;
use crate::domain::role::{Actor, Role};
use crate::domain::rules::{self, Checked};
use crate::domain::year::CampaignYear;
use crate::imports::bulk::{self, BulkContent, BulkDeclaration};
use crate::imports::{CellError, Limits, Refused};
use crate::service::declaration::Signatory;
use crate::service::declaration::file::{Content, Request, file_in};
use crate::service::declaration::preview::cell;
use crate::service::{Result, ServiceError, require_manager};

/// What a bulk file gives, or would give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    /// One a declaration, in the order of the file; empty after a dry run.
    pub receipts: Vec<Receipt>,
    /// Declarations in the file.
    pub declarations: usize,
    /// Lines in the file.
    pub lines: usize,
    /// What deserves a look.
    pub warnings: Vec<CellError>,
}

/// Files every declaration of the file, each signed as its columns say, with its document.
pub async fn file_all(
    app: &App,
    actor: &Actor,
    campaign: CampaignYear,
    bytes: &[u8],
    dry_run: bool,
) -> Result<Bulk> {
    require_manager(actor)?;
    let declarations = bulk::read(bytes, &Limits::default())?;
    let (mut accepted, mut cells, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    for declaration in &declarations {
        let (lines, faults, remarks) = check(app, campaign, declaration);
        cells.extend(faults);
        warnings.extend(remarks);
        accepted.push(lines);
    }
    if !cells.is_empty() {
        return Err(ServiceError::File(Refused { file: vec![], cells }));
    }
    let lines = accepted.iter().map(Vec::len).sum();
    let count = declarations.len();
    // The ministry's agent acts for each collectivity: the paper says so.
    let on_behalf = Actor { person: actor.person.clone(), role: Role::Operator };
    let received_at = app.now();
    let (mut receipts, mut refused) = (Vec::with_capacity(count), Vec::new());
    let mut tx = app.db.begin().await?;
    for (declaration, lines) in declarations.iter().zip(&accepted) {
        let request = Request {
            siren: declaration.siren,
            flow_year: campaign.flow_year(),
            content: content(declaration),
            signatory: Signatory {
                name: declaration.signatory_name.clone(),
                function: declaration.signatory_function.clone(),
            },
            document: Some(declaration.document.clone()),
            received_at,
            idempotency: None,
        };
        match file_in(app, &mut tx, &on_behalf, &request, lines).await {
            Ok(receipt) => receipts.push(receipt),
            Err(ServiceError::Refused(refusal)) => refused.push(CellError::new(
                refusal.because.code(),
                (declaration.row, "siren"),
                declaration.siren.as_str(),
                refusal.message,
                "corrigez ou retirez cette déclaration du fichier",
            )),
            Err(error) => return Err(error),
        }
    }
    if !refused.is_empty() {
        return Err(ServiceError::File(Refused { file: vec![], cells: refused }));
    }
    if dry_run {
        receipts.clear();
    } else {
        tx.commit().await?;
    }
    Ok(Bulk { receipts, declarations: count, lines, warnings })
}

fn content(declaration: &BulkDeclaration) -> Content {
    match &declaration.content {
        BulkContent::Nil => Content::Nil,
        BulkContent::Lines(lines) => Content::Lines(lines.iter().map(|(_, line)| line.clone()).collect()),
    }
}

fn check(
    app: &App,
    campaign: CampaignYear,
    declaration: &BulkDeclaration,
) -> (Vec<Line>, Vec<CellError>, Vec<CellError>) {
    let BulkContent::Lines(numbered) = &declaration.content else { return (vec![], vec![], vec![]) };
    let (rows, raw): (Vec<u32>, Vec<RawLine>) = numbered.iter().cloned().unzip();
    let Checked { lines, issues } = rules::check_lines(&app.codes, campaign.flow_year(), &raw);
    let place = |line: usize| rows.get(line).copied().unwrap_or(declaration.row);
    let (errors, remarks): (Vec<_>, Vec<_>) = issues.iter().partition(|issue| issue.is_error());
    let told =
        |issues: Vec<&rules::Issue>| issues.into_iter().map(|issue| cell(issue, place(issue.line))).collect();
    (lines, told(errors), told(remarks))
}
