//! The dossiers put to a call: answered anew at each look, with what changed since somebody last noted it (rule 11
//! makes their bodies expected).

use std::collections::HashMap;

use serde_json::json;

use crate::app::App;
use crate::domain::call::{Call, CallCode};
use crate::domain::eligibility::{GroupVerdict, Identity, MemberRole};
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::reports::table::TextTable;
use crate::service::account::tell;
use crate::service::eligibility::document::{DossierAnswer, dossier_table};
use crate::service::eligibility::list::{self, ERROR, dossier_code};
use crate::service::eligibility::{AskedIdentity, AskedMember, of_groups, refuse_too_many};
use crate::service::refusals::told;
use crate::service::{Result, ServiceError, access, call};
use crate::store;
use crate::store::call_dossier::{CallDossier, DossierMember, Noted};

/// Characters of the longest name of a dossier.
const LONGEST: usize = 200;

/// The dossiers of a call, now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The call.
    pub call: Call,
    /// The instant of the answers.
    pub at: Instant,
    /// Each dossier, by name.
    pub dossiers: Vec<LookedDossier>,
}

/// A dossier, now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedDossier {
    /// The answer now.
    pub answer: DossierAnswer,
    /// When it was put.
    pub put_at: Instant,
    /// The answer that was last noted.
    pub noted: Noted,
}

impl LookedDossier {
    /// Whether the answer is another one than was noted.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        let (status, reason) = codes(&self.answer);
        (self.noted.status.as_str(), self.noted.reason.as_str()) != (status, reason)
    }
}

fn codes(answer: &DossierAnswer) -> (&'static str, &'static str) {
    (dossier_code(answer), answer.verdict.as_ref().map_or("", |group| group.reason.code()))
}

/// The dossiers of a call as they are now.
pub async fn look(app: &App, actor: &Actor, call_name: &str) -> Result<Looked> {
    access::require_ministry(actor)?;
    let at = app.now();
    let call = call::resolve(app, call_name).await?;
    let mut tx = app.db.snapshot().await?;
    let found = store::call_dossier::of_call(&mut tx, call.code()).await?;
    drop(tx);
    let asked: Vec<Vec<AskedMember>> =
        found.iter().map(|dossier| dossier.members.iter().map(asked).collect()).collect();
    let (call, judged) = of_groups(app, call.code().as_str(), &asked, Some(at)).await?;
    let dossier = |(dossier, verdict): (CallDossier, std::result::Result<GroupVerdict, _>)| {
        let verdict =
            verdict.map_err(|error: crate::domain::eligibility::GroupError| vec![error.to_string()]);
        let answer = DossierAnswer { name: dossier.name, verdict };
        LookedDossier { answer, put_at: dossier.put_at, noted: dossier.noted }
    };
    let dossiers = found.into_iter().zip(judged).map(dossier).collect();
    Ok(Looked { call, at, dossiers })
}

fn asked(member: &DossierMember) -> AskedMember {
    AskedMember {
        role: if member.leads { MemberRole::Lead } else { MemberRole::Partner },
        identity: match &member.who {
            Ok(siren) => AskedIdentity::French(*siren),
            Err(name) => AskedIdentity::Other(name.clone()),
        },
    }
}

/// Puts the dossiers of a list to its call, in the place of those of the same name; says how many, and to which.
///
/// # Errors
/// A list without dossiers, or with one that cannot be judged as described: nothing is put then.
pub async fn put(app: &App, actor: &Actor, list_id: &str) -> Result<(CallCode, usize)> {
    let outcome = put_now(app, actor, list_id).await;
    told(app, actor, "call.dossiers.put", list_id, outcome).await
}

async fn put_now(app: &App, actor: &Actor, list_id: &str) -> Result<(CallCode, usize)> {
    access::require_ministry(actor)?;
    let answered = list::show(app, actor, list_id).await?;
    let invalid = |message: String| ServiceError::refused(Because::Invalid, message);
    let Some(answers) = &answered.dossiers else {
        return Err(invalid(
            "cette liste n’a pas de dossiers\u{a0}: il lui faut les colonnes dossier, role et siren"
                .to_owned(),
        ));
    };
    let (now, code) = (answered.at, answered.call.code());
    let dossiers: Vec<CallDossier> =
        answers.iter().map(|answer| to_put(answer, now).map_err(invalid)).collect::<Result<_>>()?;
    let mut tx = app.db.begin().await?;
    for dossier in &dossiers {
        store::call_dossier::put(&mut tx, code, dossier, &actor.person).await?;
    }
    let there = store::call_dossier::of_call(&mut tx, code).await?;
    refuse_too_many(there.iter().map(|dossier| dossier.members.len()).sum())?;
    let members: usize = dossiers.iter().map(|dossier| dossier.members.len()).sum();
    let after = json!({"dossiers": dossiers.len(), "membres": members});
    tell(&mut tx, now, &actor.person, "call.dossiers.put", code.as_str(), &after).await?;
    tx.commit().await?;
    Ok((code.clone(), dossiers.len()))
}

fn to_put(answer: &DossierAnswer, now: Instant) -> std::result::Result<CallDossier, String> {
    let name = answer.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST {
        return Err(format!("le nom d’un dossier a de 1 à {LONGEST} caractères"));
    }
    let Ok(group) = &answer.verdict else {
        return Err(format!(
            "le dossier «\u{a0}{name}\u{a0}» ne peut pas être jugé\u{a0}: corrigez-le dans la liste, puis renvoyez-la"
        ));
    };
    let member = |member: &crate::domain::eligibility::MemberVerdict| DossierMember {
        leads: member.member.role == MemberRole::Lead,
        who: match &member.member.identity {
            Identity::French(verdict) => Ok(verdict.siren),
            Identity::NotConcerned(name) => Err(name.clone()),
        },
    };
    let (status, reason) = codes(answer);
    Ok(CallDossier {
        name: name.to_owned(),
        put_at: now,
        noted: Noted { status: status.to_owned(), reason: reason.to_owned(), at: now },
        members: group.members.iter().map(member).collect(),
    })
}

/// Takes a dossier off a call.
pub async fn withdraw(app: &App, actor: &Actor, call_name: &str, name: &str) -> Result<()> {
    let outcome = withdraw_now(app, actor, call_name, name).await;
    told(app, actor, "call.dossiers.withdraw", call_name, outcome).await
}

async fn withdraw_now(app: &App, actor: &Actor, call_name: &str, name: &str) -> Result<()> {
    access::require_ministry(actor)?;
    let call = call::resolve(app, call_name).await?;
    let mut tx = app.db.begin().await?;
    if !store::call_dossier::withdraw(&mut tx, call.code(), name).await? {
        let message = "ce dossier n’est pas, ou n’est plus, dans la liste de l’appel";
        return Err(ServiceError::refused(Because::UnknownDocument, message));
    }
    let after = json!({"dossiers": 1});
    tell(&mut tx, app.now(), &actor.person, "call.dossiers.withdraw", call.code().as_str(), &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes the answers as they are now: what changes from here on is told. Says how many changed since before.
pub async fn note(app: &App, actor: &Actor, call_name: &str) -> Result<usize> {
    let outcome = note_now(app, actor, call_name).await;
    told(app, actor, "call.dossiers.note", call_name, outcome).await
}

async fn note_now(app: &App, actor: &Actor, call_name: &str) -> Result<usize> {
    let looked = look(app, actor, call_name).await?;
    let code = looked.call.code();
    let mut tx = app.db.begin().await?;
    let there = store::call_dossier::of_call(&mut tx, code).await?;
    let there: HashMap<&str, &CallDossier> =
        there.iter().map(|dossier| (dossier.name.as_str(), dossier)).collect();
    let mut changed = 0_usize;
    // One that somebody put anew or took off meanwhile is not what was looked at.
    let same = |dossier: &&LookedDossier| {
        there.get(dossier.answer.name.as_str()).is_some_and(|there| there.put_at == dossier.put_at)
    };
    for dossier in looked.dossiers.iter().filter(same) {
        let (status, reason) = codes(&dossier.answer);
        changed = changed.saturating_add(usize::from(dossier.has_changed()));
        let noted = Noted { status: status.to_owned(), reason: reason.to_owned(), at: looked.at };
        store::call_dossier::note(&mut tx, code, &dossier.answer.name, &noted).await?;
    }
    let after = json!({"changements": changed, "dossiers": looked.dossiers.len()});
    tell(&mut tx, looked.at, &actor.person, "call.dossiers.note", code.as_str(), &after).await?;
    tx.commit().await?;
    Ok(changed)
}

impl Looked {
    /// A table: one row a member, the group's answer repeated, with what was noted before.
    #[must_use]
    pub fn to_table(&self) -> TextTable {
        let mut table = TextTable::default();
        for dossier in &self.dossiers {
            let of_one = dossier_table(std::slice::from_ref(&dossier.answer));
            if table.headers.is_empty() {
                let added = ["note_avant", "note_le", "a_change", "appel", "au"].map(str::to_owned);
                table.headers = of_one.headers.into_iter().chain(added).collect();
            }
            let added = [
                dossier.noted.status.clone(),
                dossier.noted.at.to_rfc3339(),
                if dossier.has_changed() { "oui" } else { "non" }.to_owned(),
                self.call.code().to_string(),
                self.at.to_rfc3339(),
            ];
            table
                .rows
                .extend(of_one.rows.into_iter().map(|row| row.into_iter().chain(added.clone()).collect()));
        }
        table
    }

    /// How many dossiers have this word of the contract.
    #[must_use]
    pub fn count(&self, code: &str) -> usize {
        self.dossiers.iter().filter(|dossier| dossier_code(&dossier.answer) == code).count()
    }

    /// The words of the contract that its dossiers can have.
    pub const CODES: [&'static str; 6] =
        ["eligible", "en_attente", "ineligible", "indetermine", "non_concerne", ERROR];
}
