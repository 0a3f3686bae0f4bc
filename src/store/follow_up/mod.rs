//! The bodies that a campaign follows (rule 11): found from what was filed before, and from decisions.

mod watch;

pub use watch::{Ground, Watch};

use std::collections::{BTreeMap, HashSet};

use sqlx::FromRow;

use crate::domain::euros::Euros;
use crate::domain::expected::{ExpectedBody, ExpectedOrigin, LastDeclared, Progress};
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, Tx, call_dossier, on};

#[derive(FromRow)]
struct Declared {
    siren: Siren,
    flow_year: FlowYear,
    amount: Euros,
    is_past_amount: bool,
}

#[derive(FromRow)]
struct Decided {
    siren: Siren,
    expected: bool,
    origin: String,
    reason: String,
}

/// Every body expected for the campaign of a flow year, by SIREN: those with an effective
/// declaration or a past amount in one of the five years before, those of dossiers that wait for a
/// call that requires the year, and those that a decision adds; the last decision on a body counts, also when it takes it off. `at` tells which
/// tokens still give a contact.
pub async fn bodies(tx: &mut Tx<'_>, year: FlowYear, at: Instant) -> Result<Vec<ExpectedBody>> {
    let mut found = expected(tx, year).await?;
    let drafts: HashSet<Siren> = in_preparation(tx, year, at).await?.into_iter().collect();
    let contacts: HashSet<Siren> = contacts(tx, at).await?.into_iter().collect();
    for body in found.values_mut() {
        body.has_contact = contacts.contains(&body.siren);
        if drafts.contains(&body.siren) {
            body.progress = Progress::Draft;
        }
    }
    for (siren, kind) in filed(tx, year).await? {
        if let Some(body) = found.get_mut(&siren) {
            body.progress = match kind {
                FilingKind::Annulled => body.progress,
                FilingKind::Nil => Progress::Nil,
                FilingKind::Declared | FilingKind::Rectified | FilingKind::TakenOver => Progress::Declared,
            };
        }
    }
    Ok(found.into_values().collect())
}

/// The bodies that are expected, by SIREN, each as if it had done nothing yet.
async fn expected(tx: &mut Tx<'_>, year: FlowYear) -> Result<BTreeMap<Siren, ExpectedBody>> {
    let mut found: BTreeMap<Siren, ExpectedBody> = BTreeMap::new();
    let body = |siren| ExpectedBody {
        siren,
        decision: None,
        last: None,
        progress: Progress::Nothing,
        has_contact: false,
    };
    // Oldest first: the last one stays.
    for past in declared_before(tx, year).await? {
        let last = LastDeclared {
            flow_year: past.flow_year,
            amount: past.amount,
            is_past_amount: past.is_past_amount,
        };
        found.entry(past.siren).or_insert_with(|| body(past.siren)).last = Some(last);
    }
    let mut taken_off = HashSet::new();
    for decision in decided(tx, year).await? {
        if !decision.expected {
            found.remove(&decision.siren);
            taken_off.insert(decision.siren);
            continue;
        }
        let origin = ExpectedOrigin::from_code(&decision.origin).ok_or_else(|| StoreError::Inconsistent {
            table: "expected",
            detail: format!("{}: {}", decision.siren, decision.origin),
        })?;
        let entry = found.entry(decision.siren).or_insert_with(|| body(decision.siren));
        entry.decision = Some((origin, decision.reason));
    }
    for (siren, call) in call_dossier::bodies(tx, year).await? {
        if !taken_off.contains(&siren) {
            let reason = format!("dossier en attente de l’appel {call}");
            let entry = found.entry(siren).or_insert_with(|| body(siren));
            entry.decision.get_or_insert((ExpectedOrigin::Manager, reason));
        }
    }
    found.retain(|_, body| body.decision.is_some() || body.by_its_past(year));
    Ok(found)
}

async fn declared_before(tx: &mut Tx<'_>, year: FlowYear) -> Result<Vec<Declared>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT siren, flow_year, total_own AS amount, FALSE AS is_past_amount FROM effective_filing \
             WHERE flow_year < $1 AND kind <> $2 \
             UNION ALL \
             SELECT siren, flow_year, amount, TRUE AS is_past_amount FROM effective_past_amount \
             WHERE flow_year < $1 \
             ORDER BY flow_year, siren",
        )
        .bind(year)
        .bind(FilingKind::Annulled)
        .fetch_all(conn)
        .await
    })?)
}

async fn decided(tx: &mut Tx<'_>, year: FlowYear) -> Result<Vec<Decided>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT e.siren, e.expected, e.origin, e.reason FROM expected e WHERE e.campaign = $1 \
             AND e.revision = (SELECT MAX(l.revision) FROM expected l \
                               WHERE l.campaign = e.campaign AND l.siren = e.siren) \
             ORDER BY e.siren",
        )
        .bind(year.campaign())
        .fetch_all(conn)
        .await
    })?)
}

async fn filed(tx: &mut Tx<'_>, year: FlowYear) -> Result<Vec<(Siren, FilingKind)>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as("SELECT siren, kind FROM effective_filing WHERE flow_year = $1 ORDER BY siren")
            .bind(year)
            .fetch_all(conn)
            .await
    })?)
}

/// The bodies with a draft, and those for which a filing awaits the attachment of its agent: it is not declared
/// yet. What such an agent prepares alone is nobody's declaration.
pub async fn in_preparation(tx: &mut Tx<'_>, year: FlowYear, at: Instant) -> Result<Vec<Siren>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT siren FROM draft WHERE flow_year = $1 AND author = '' \
             UNION SELECT r.siren FROM reservation r LEFT JOIN reservation_outcome o ON o.flow_year = r.flow_year \
             AND o.siren = r.siren AND o.version = r.version \
             WHERE r.flow_year = $1 AND r.until_at >= $2 AND o.outcome IS NULL",
        )
        .bind(year)
        .bind(at)
        .fetch_all(conn)
        .await
    })?)
}

/// The bodies that a reminder reaches: an agent acts for them, or for one that they became, and can sign in; or an
/// address of theirs is known.
pub async fn reachable(tx: &mut Tx<'_>) -> Result<Vec<Siren>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "WITH acting AS (SELECT a.siren FROM attachment a JOIN account c ON c.person = a.person \
             AND c.confirmed_at IS NOT NULL AND c.disabled_at IS NULL \
             WHERE (SELECT s.step FROM attachment_step s WHERE s.attachment = a.id \
             ORDER BY s.revision DESC LIMIT 1) = 'accepted') \
             SELECT siren FROM acting UNION SELECT siren FROM contact \
             UNION SELECT l.ancestor FROM lineage l JOIN acting ON acting.siren = l.collectivity \
             JOIN collectivity c ON c.siren = l.ancestor",
        )
        .fetch_all(conn)
        .await
    })?)
}

/// The bodies for which somebody can be written to: a person with an address who filed
/// for them, or who holds a token for them that still runs. Who filed sous réserve is none until accepted.
async fn contacts(tx: &mut Tx<'_>, at: Instant) -> Result<Vec<Siren>> {
    let mut found: Vec<Siren> = on!(&mut *tx, |conn| {
        sqlx::query_scalar(
            "SELECT DISTINCT f.siren FROM filing f JOIN person p ON p.id = f.filed_by OR p.id = f.signatory \
             WHERE p.email IS NOT NULL AND p.erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM reservation r \
             WHERE r.flow_year = f.flow_year AND r.siren = f.siren AND r.version = f.version AND NOT EXISTS \
             (SELECT 1 FROM reservation_outcome o WHERE o.flow_year = r.flow_year AND o.siren = r.siren \
             AND o.version = r.version AND o.outcome = 'accepted'))",
        )
        .fetch_all(conn)
        .await
    })?;
    let held: Vec<String> = on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT t.sirens FROM token t JOIN person p ON p.id = t.person \
             WHERE p.email IS NOT NULL AND p.erased_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > $1",
        )
        .bind(at)
        .fetch_all(conn)
        .await
    })?;
    let listed = held.iter().flat_map(|sirens| sirens.split(' '));
    found.extend(listed.filter_map(|siren| siren.parse::<Siren>().ok()));
    Ok(found)
}
