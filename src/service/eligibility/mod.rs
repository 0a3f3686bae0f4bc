//! Eligibility for a call (rule 9): one SIREN, a list, groups. Page, API, batch,
//! command line and certificate all ask here.

pub mod batch;
pub mod document;
pub mod list;
pub mod pending;

use std::sync::Arc;

use crate::app::App;
use crate::domain::call::{Call, CallCode};
use crate::domain::eligibility::{
    GroupError, GroupVerdict, Identity, Member, MemberRole, Reason, Verdict, decide, decide_group,
};
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::siren::Siren;
use crate::service::{Result, ServiceError, call};
use crate::store;
pub use crate::store::facts::About;
use crate::store::facts::{Answer, OnFile, Question};

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

/// What was found before a verdict was asked for, by the trip that found who asks.
#[derive(Debug, Clone)]
pub struct Ahead {
    /// What was asked about.
    pub about: About,
    /// What is on file, if there is such a call.
    pub on_file: Option<Arc<OnFile>>,
}

/// What a question about a body for the call of this name may find ahead.
#[must_use]
pub fn about(call_name: &str, siren: Siren) -> Option<About> {
    code_of(call_name).map(|call| About { call, siren })
}

/// The verdict on one body for the call named by its code or year, as of `at` (now where none); `ahead` is what was
/// found already, where something was.
pub async fn of_one(
    app: &App,
    call_name: &str,
    siren: Siren,
    at: Option<Instant>,
    ahead: Option<Ahead>,
) -> Result<Verdict> {
    let at = at.unwrap_or_else(|| app.now());
    let known = ahead.filter(|ahead| about(call_name, siren).as_ref() == Some(&ahead.about));
    let on_file = match known.and_then(|ahead| ahead.on_file) {
        Some(on_file) => on_file,
        None => on_file(app, call_name, &[siren]).await?,
    };
    Ok(decide(siren, &on_file.call, &on_file.facts, at))
}

/// The verdict on each SIREN, in order, for the call named by its code or year, as of `at` (now where none).
pub async fn of_list(app: &App, call_name: &str, sirens: &[Siren], at: Option<Instant>) -> Result<Verdicts> {
    refuse_too_many(sirens.len())?;
    let at = at.unwrap_or_else(|| app.now());
    let on_file = on_file(app, call_name, sirens).await?;
    let OnFile { call, facts } = &*on_file;
    let verdicts = sirens.iter().map(|siren| decide(*siren, call, facts, at)).collect();
    Ok(Verdicts { call: call.clone(), verdicts })
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
    let on_file = on_file(app, call_name, &sirens).await?;
    let judge = |group: &Vec<AskedMember>| {
        let members: Vec<Member> = group.iter().map(|asked| asked.judged(&on_file, at)).collect();
        decide_group(on_file.call.group_rule(), &members)
    };
    let judged = groups.iter().map(judge).collect();
    Ok((on_file.call.clone(), judged))
}

impl AskedMember {
    fn siren(&self) -> Option<Siren> {
        match &self.identity {
            AskedIdentity::French(siren) => Some(*siren),
            AskedIdentity::Other(_) => None,
        }
    }

    fn judged(&self, on_file: &OnFile, at: Instant) -> Member {
        let identity = match &self.identity {
            AskedIdentity::French(siren) => {
                let verdict = decide(*siren, &on_file.call, &on_file.facts, at);
                // The SIREN of an association or a company: the register does not hold it, nor ever will.
                if verdict.reason == Reason::OutsideRegister && !siren.may_be_public() {
                    Identity::NotConcerned(siren.to_string())
                } else {
                    Identity::French(Box::new(verdict))
                }
            }
            AskedIdentity::Other(name) => Identity::NotConcerned(name.clone()),
        };
        Member { role: self.role, identity }
    }
}

/// What is on file about these bodies for the call of this name, in one statement
/// where the name is a code.
async fn on_file(app: &App, call_name: &str, sirens: &[Siren]) -> Result<Arc<OnFile>> {
    let named = match (code_of(call_name), sirens) {
        (Some(call), [siren]) => {
            let about = Some(About { call, siren: *siren });
            ask(app, Question { secret_sha256: None, about }).await?.on_file
        }
        (Some(code), _) => load(app, &code, sirens).await?,
        (None, _) => None,
    };
    if let Some(found) = named {
        return Ok(found);
    }
    // Calls never change: the one that a year names is still there in the next statement.
    let call = call::resolve(app, call_name).await?;
    let found = load(app, call.code(), sirens).await?;
    found.ok_or_else(|| ServiceError::refused(Because::UnknownCall, "cet appel à projets n’existe pas"))
}

/// The answer to a question, by a trip that answers others as well.
pub(super) async fn ask(app: &App, question: Question) -> Result<Answer> {
    let answers = async |questions: Vec<Question>| {
        let mut tx = app.db.read().await?;
        let answers = store::facts::answer(&mut tx, &questions).await?;
        tx.done();
        Ok(answers)
    };
    app.asked.ask(question, answers).await
}

async fn load(app: &App, code: &CallCode, sirens: &[Siren]) -> Result<Option<Arc<OnFile>>> {
    let mut asked = sirens.to_vec();
    asked.sort_unstable();
    asked.dedup();
    let mut tx = app.db.read().await?;
    let found = store::facts::load(&mut tx, code, &asked).await?;
    tx.done();
    Ok(found)
}

/// The code that a call is named by, unless it is named by its year.
fn code_of(call_name: &str) -> Option<CallCode> {
    call_name.trim().parse().ok()
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
