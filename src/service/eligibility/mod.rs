//! Eligibility for a call (rule 9): one SIREN, a list, groups. Page, API, batch,
//! command line and certificate all ask here.

pub mod batch;
pub mod document;

use std::collections::HashMap;

use crate::app::App;
use crate::domain::call::Call;
use crate::domain::eligibility::{
    GroupError, GroupVerdict, Identity, Member, MemberRole, Verdict, decide, decide_group,
};
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::siren::Siren;
use crate::service::{Result, ServiceError, call};
use crate::store::{self, Tx};

/// Bodies and groups that one question may name.
pub const BATCH_MAX: usize = 5_000;

/// A member of a group as asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedMember {
    /// Its part in the project.
    pub role: MemberRole,
    /// A French collectivity by SIREN, or anyone else by name.
    pub identity: AskedIdentity,
}

/// Who a member is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedIdentity {
    /// A French collectivity.
    French(Siren),
    /// A partner abroad, an association, a company.
    Other(String),
}

/// The verdicts on a list, in its order, duplicates included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts {
    /// The call that was asked about.
    pub call: Call,
    /// One a SIREN asked about.
    pub verdicts: Vec<Verdict>,
}

/// The verdict on each SIREN, in order, for the call named by its code or year, as of `at` (now where none).
pub async fn of_list(app: &App, call_name: &str, sirens: &[Siren], at: Option<Instant>) -> Result<Verdicts> {
    refuse_too_many(sirens.len())?;
    let at = at.unwrap_or_else(|| app.now());
    let mut tx = app.db.snapshot().await?;
    let call = call::resolve_in(&mut tx, call_name).await?;
    let known = verdicts(&mut tx, &call, sirens, at).await?;
    let verdicts = sirens.iter().filter_map(|siren| known.get(siren).cloned()).collect();
    Ok(Verdicts { call, verdicts })
}

/// The verdict on each group, in order.
pub async fn of_groups(
    app: &App,
    call_name: &str,
    groups: &[Vec<AskedMember>],
    at: Option<Instant>,
) -> Result<(Call, Vec<std::result::Result<GroupVerdict, GroupError>>)> {
    let sirens: Vec<Siren> = groups.iter().flatten().filter_map(AskedMember::siren).collect();
    refuse_too_many(groups.len().max(sirens.len()))?;
    let at = at.unwrap_or_else(|| app.now());
    let mut tx = app.db.snapshot().await?;
    let call = call::resolve_in(&mut tx, call_name).await?;
    let known = verdicts(&mut tx, &call, &sirens, at).await?;
    let judge = |group: &Vec<AskedMember>| {
        let members: Vec<Member> = group.iter().filter_map(|asked| asked.judged(&known)).collect();
        decide_group(call.group_rule(), &members)
    };
    let judged = groups.iter().map(judge).collect();
    Ok((call, judged))
}

impl AskedMember {
    fn siren(&self) -> Option<Siren> {
        match &self.identity {
            AskedIdentity::French(siren) => Some(*siren),
            AskedIdentity::Other(_) => None,
        }
    }

    fn judged(&self, known: &HashMap<Siren, Verdict>) -> Option<Member> {
        let identity = match &self.identity {
            AskedIdentity::French(siren) => Identity::French(Box::new(known.get(siren)?.clone())),
            AskedIdentity::Other(name) => Identity::NotConcerned(name.clone()),
        };
        Some(Member { role: self.role, identity })
    }
}

async fn verdicts(
    tx: &mut Tx<'_>,
    call: &Call,
    sirens: &[Siren],
    at: Instant,
) -> Result<HashMap<Siren, Verdict>> {
    let mut distinct = sirens.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let facts = store::facts::load(tx, &distinct, call.required_years()).await?;
    Ok(distinct.into_iter().map(|siren| (siren, decide(siren, call, &facts, at))).collect())
}

fn refuse_too_many(count: usize) -> Result<()> {
    if count <= BATCH_MAX {
        return Ok(());
    }
    let message = format!(
        "{count} collectivités demandées\u{a0}: 5\u{202f}000 au plus à la fois, faites plusieurs envois"
    );
    Err(ServiceError::refused(Because::Invalid, message))
}
