//! Reminders: what went to which collectivity, to whom they go, and who cannot be reached.

use crate::domain::day::Day;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::mail::Recipient;
use crate::domain::reminder::Step;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::store::{Result, StoreError, Tx, execute, on};

/// A reminder to one collectivity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// In which campaign.
    pub campaign: CampaignYear,
    /// To which collectivity.
    pub siren: Siren,
    /// Which step.
    pub step: Step,
    /// For which last day.
    pub closes_on: Day,
    /// How many mails.
    pub mails: u32,
}

/// Records a reminder, unless it was sent before. Says whether it is now: of two who send it at once, one does.
pub async fn mark(tx: &mut Tx<'_>, sent: &Sent, by: &str, at: Instant) -> Result<bool> {
    let touched = execute!(
        tx,
        "INSERT INTO reminder (campaign, siren, step, closes_on, mails, sent_by, sent_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (campaign, siren, step, closes_on) DO NOTHING",
        sent.campaign,
        sent.siren,
        sent.step.code(),
        sent.closes_on,
        i32::try_from(sent.mails).unwrap_or(i32::MAX),
        by,
        at,
    )?;
    Ok(touched == 1)
}

/// The reminders of a campaign for a last day: to which collectivity, which step.
pub async fn sent(tx: &mut Tx<'_>, campaign: CampaignYear, closes_on: Day) -> Result<Vec<(Siren, Step)>> {
    let rows: Vec<(Siren, String)> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT siren, step FROM reminder WHERE campaign = $1 AND closes_on = $2 ORDER BY siren, step",
        )
        .bind(campaign)
        .bind(closes_on)
        .fetch_all(conn)
        .await
    })?;
    let wrong = |error: crate::domain::reminder::StepError| StoreError::Inconsistent {
        table: "reminder",
        detail: error.to_string(),
    };
    rows.into_iter().map(|(siren, step)| Ok((siren, step.parse().map_err(wrong)?))).collect()
}

/// To whom a reminder to each collectivity goes: the agents who act for it, or for one that it became, and can sign
/// in; and the contacts that are known of it, but for those whose address is already that of such an agent.
pub async fn recipients(tx: &mut Tx<'_>) -> Result<Vec<(Siren, Recipient)>> {
    let rows: Vec<(Siren, String, String)> = on!(tx, |conn| {
        sqlx::query_as(
            "WITH acting AS (SELECT a.siren, a.person FROM attachment a JOIN account c ON c.person = a.person \
             AND c.confirmed_at IS NOT NULL AND c.disabled_at IS NULL \
             WHERE (SELECT s.step FROM attachment_step s WHERE s.attachment = a.id \
             ORDER BY s.revision DESC LIMIT 1) = 'accepted'), \
             reached AS (SELECT siren, person FROM acting \
             UNION SELECT l.ancestor, acting.person FROM lineage l \
             JOIN acting ON acting.siren = l.collectivity JOIN collectivity c ON c.siren = l.ancestor) \
             SELECT siren, 'person' AS to_kind, person AS to_id FROM reached \
             UNION SELECT k.siren, 'contact', k.id FROM contact k \
             WHERE NOT EXISTS (SELECT 1 FROM reached r JOIN person p ON p.id = r.person \
             WHERE r.siren = k.siren AND p.email = k.email) ORDER BY siren, to_kind, to_id",
        )
        .fetch_all(conn)
        .await
    })?;
    let read = |(siren, kind, id): (Siren, String, String)| Some((siren, Recipient::read(&kind, &id)?));
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Those to whom the last mail could not be delivered: it was given up, and not because it was overtaken, and none
/// arrived since.
pub async fn unreachable(tx: &mut Tx<'_>) -> Result<Vec<Recipient>> {
    let rows: Vec<(String, String)> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT DISTINCT m.to_kind, m.to_id FROM mail m WHERE m.given_up_at IS NOT NULL AND m.data <> '' \
             AND m.to_kind IN ('person', 'contact') AND NOT EXISTS (SELECT 1 FROM mail l \
             WHERE l.to_kind = m.to_kind AND l.to_id = m.to_id AND l.sent_at >= m.given_up_at)",
        )
        .fetch_all(conn)
        .await
    })?;
    Ok(rows.iter().filter_map(|(kind, id)| Recipient::read(kind, id)).collect())
}

/// Whether something counts of what a collectivity filed.
pub async fn has_filed(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<bool> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM effective_filing WHERE flow_year = $1 AND siren = $2 AND kind <> $3)",
        )
        .bind(year)
        .bind(siren)
        .bind(FilingKind::Annulled)
        .fetch_one(conn)
        .await
    })?)
}
