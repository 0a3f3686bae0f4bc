//! Certificates: issued on what the rule answers now, read, revoked; never changed.

use serde_json::{Value, json};

use crate::app::App;
use crate::config::{Config, Profile};
use crate::domain::certificate::{Attested, Certificate, Revocation, Standing};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::reports;
use crate::service::account::tell;
use crate::service::eligibility::document::{of_verdict, read};
use crate::service::eligibility::of_one;
use crate::service::refusals::told;
use crate::service::{Result, ServiceError, access, call, document, require_reason};
use crate::store::journal::Told;
use crate::store::{self, StoreError, Tx};

/// A certificate with what it says and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The certificate.
    pub certificate: Certificate,
    /// What it says.
    pub attested: Attested,
    /// Where it stands today.
    pub standing: Standing,
    /// Why it was revoked, where it was: for the ministry.
    pub revocation: Option<Revocation>,
}

/// Issues a certificate of what the rule answers now on a body for the call named by its code or year.
///
/// # Errors
/// Refused to all but instructors and managers.
pub async fn issue(app: &App, actor: &Actor, siren: Siren, call_name: &str) -> Result<Proof> {
    let outcome = issue_now(app, actor, siren, call_name).await;
    told(app, actor, "certificate.issue", siren, outcome).await
}

async fn issue_now(app: &App, actor: &Actor, siren: Siren, call_name: &str) -> Result<Proof> {
    access::require_ministry(actor)?;
    let (now, number) = (app.now(), app.random.identifier());
    let call = call::resolve(app, call_name).await?;
    let verdict = of_one(app, call.code().as_str(), siren, Some(now), None).await?;
    let mut tx = app.db.begin().await?;
    let collectivity = store::facts::body(&mut tx, siren).await?.map(|body| body.name);
    let facts = json!({
        "appel_intitule": call.title(),
        "collectivite": collectivity,
        "delivree_le": now,
        "numero": number,
        "reponse": of_verdict(&verdict),
    });
    let sha256 = document::sha256(&facts)?;
    let rank = store::certificate::last(&mut tx, siren, call.code()).await?.map_or(0, |(rank, _at)| rank);
    let (subject, after) = (
        siren.to_string(),
        json!({"appel": call.code(), "numero": number, "sha256": sha256, "statut": verdict.status.code()})
            .to_string(),
    );
    let entry = Told {
        at: now,
        actor: &actor.person,
        action: "certificate.issue",
        subject: &subject,
        before: None,
        after: Some(&after),
    };
    let head = store::journal::append(&mut tx, entry).await?;
    let certificate = Certificate {
        number,
        siren,
        call: call.code().clone(),
        rank: rank.saturating_add(1),
        facts: canonical(&facts)?,
        sha256,
        journal_head: head.hash,
        issued_by: actor.person.clone(),
        issued_at: now,
    };
    store::certificate::insert(&mut tx, &certificate).await?;
    tx.commit().await?;
    let attested = Attested { collectivity, call_title: call.title().to_owned(), verdict };
    Ok(Proof { certificate, attested, standing: Standing::Latest, revocation: None })
}

/// Ends a certificate from now on: a manager, or the instructor who issued it.
pub async fn revoke(app: &App, actor: &Actor, number: &str, reason: &str) -> Result<()> {
    let outcome = revoke_now(app, actor, number, reason).await;
    told(app, actor, "certificate.revoke", number, outcome).await
}

async fn revoke_now(app: &App, actor: &Actor, number: &str, reason: &str) -> Result<()> {
    access::require_ministry(actor)?;
    let (now, reason) = (app.now(), require_reason(reason)?);
    let mut tx = app.db.begin().await?;
    let certificate = store::certificate::find(&mut tx, number).await?.ok_or_else(unknown)?;
    if !actor.role.manages() && certificate.issued_by != actor.person {
        let message = "une attestation est révoquée par qui l’a délivrée ou par un gestionnaire";
        return Err(ServiceError::refused(Because::Forbidden, message));
    }
    if store::certificate::revocation(&mut tx, number).await?.is_some() {
        return Err(ServiceError::refused(Because::RevokedAlready, "cette attestation est déjà révoquée"));
    }
    store::certificate::revoke(&mut tx, number, reason, &actor.person, now).await?;
    let after = json!({"motif": reason, "siren": certificate.siren});
    tell(&mut tx, now, &actor.person, "certificate.revoke", number, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// The certificate of a number, for the ministry and the prefecture of the region.
pub async fn show(app: &App, actor: &Actor, number: &str) -> Result<Proof> {
    access::require_eligibility_staff(actor)?;
    let proof = find(&mut app.db.snapshot().await?, number).await?.ok_or_else(unknown)?;
    access::require_eligibility_reader(app, actor, proof.certificate.siren).await?;
    Ok(proof)
}

/// Those on a body, the last one first, for whoever may ask about its eligibility.
pub async fn of_body(app: &App, actor: &Actor, siren: Siren) -> Result<Vec<Proof>> {
    access::require_eligibility_reader(app, actor, siren).await?;
    let mut tx = app.db.snapshot().await?;
    let mut proofs = vec![];
    for certificate in store::certificate::of_body(&mut tx, siren).await? {
        proofs.push(proof(&mut tx, certificate).await?);
    }
    Ok(proofs)
}

/// The certificate of a number, if there is one.
pub(crate) async fn find(tx: &mut Tx<'_>, number: &str) -> Result<Option<Proof>> {
    match store::certificate::find(tx, number).await? {
        Some(certificate) => proof(tx, certificate).await.map(Some),
        None => Ok(None),
    }
}

async fn proof(tx: &mut Tx<'_>, certificate: Certificate) -> Result<Proof> {
    let revocation = store::certificate::revocation(tx, &certificate.number).await?;
    let superseded_at = store::certificate::superseded_at(tx, &certificate).await?;
    let standing = match (&revocation, superseded_at) {
        (Some(revocation), _) => Standing::Revoked { at: revocation.decided_at },
        (None, Some(at)) => Standing::Superseded { at },
        (None, None) => Standing::Latest,
    };
    Ok(Proof { attested: attested(&certificate)?, certificate, standing, revocation })
}

/// The certificate as a tagged PDF: the same bytes whenever it is asked for.
pub fn pdf(app: &App, proof: &Proof) -> Result<Vec<u8>> {
    let Config { server, about, profile, .. } = &*app.config;
    let place = reports::certificate::Place {
        public_url: &server.public_url,
        contact: &about.support_email,
        is_demonstration: *profile == Profile::Demo,
    };
    Ok(reports::certificate::document(&proof.certificate, &proof.attested, &place)?)
}

/// What a certificate says, read back from its facts.
fn attested(certificate: &Certificate) -> Result<Attested> {
    let inconsistent = |detail: String| StoreError::Inconsistent { table: "certificate", detail };
    let facts: Value = serde_json::from_str(&certificate.facts)
        .map_err(|error| inconsistent(format!("{}: {error}", certificate.number)))?;
    let text = |key: &str| facts.get(key).and_then(Value::as_str).map(str::to_owned);
    let verdict = facts.get("reponse").and_then(read);
    let verdict = verdict.ok_or_else(|| inconsistent(format!("{}: reponse", certificate.number)))?;
    Ok(Attested {
        collectivity: text("collectivite"),
        call_title: text("appel_intitule").unwrap_or_default(),
        verdict,
    })
}

fn canonical(facts: &Value) -> Result<String> {
    let detail = |error| StoreError::Inconsistent { table: "certificate", detail: format!("{error}") };
    Ok(serde_json_canonicalizer::to_string(facts).map_err(detail)?)
}

fn unknown() -> ServiceError {
    ServiceError::refused(Because::UnknownDocument, "aucune attestation ne porte ce numéro")
}
