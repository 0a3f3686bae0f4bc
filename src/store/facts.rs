//! What is on file about bodies, for verdicts on eligibility (rule 9): lists of
//! any length, in one snapshot.

use std::collections::BTreeSet;

use sqlx::{FromRow, QueryBuilder};

use crate::domain::call::CallCode;
use crate::domain::campaign::FilingDerogation;
use crate::domain::day::Day;
use crate::domain::eligibility::{
    Body, Descent, DescentKind, EligibilityDerogation, Facts, FilingVersion, PastAmount, YearOnFile,
};
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::store::{Result, Tx, campaign, on};

/// Bodies a statement asks about: enough for a batch, few enough for a plan.
const BODIES_A_STATEMENT: usize = 500;

/// Selects `$sql … IN (bodies) AND … IN (years)` into rows, for every chunk of bodies.
macro_rules! select_in {
    ($tx:expr, $row:ty, $bodies:expr, $sql:literal $(, $and:literal, $values:expr)? ; $end:literal) => {{
        let mut rows: Vec<$row> = Vec::new();
        for chunk in $bodies.chunks(BODIES_A_STATEMENT) {
            let found: Vec<$row> = on!(&mut *$tx, |conn| {
                let mut query = QueryBuilder::new($sql);
                {
                    let mut list = query.separated(", ");
                    for body in chunk {
                        list.push_bind(*body);
                    }
                }
                $(
                    query.push($and);
                    {
                        let mut list = query.separated(", ");
                        for value in $values {
                            list.push_bind(*value);
                        }
                    }
                )?
                query.push($end);
                query.build_query_as::<$row>().fetch_all(conn).await
            })?;
            rows.extend(found);
        }
        rows
    }};
}

#[derive(FromRow)]
struct BodyRow {
    siren: Siren,
    name: String,
    exists_from: Option<Day>,
    exists_until: Option<Day>,
}

#[derive(FromRow)]
struct DescentRow {
    predecessor: Siren,
    successor: Siren,
    on_day: Day,
    kind: String,
}

#[derive(FromRow)]
struct FilingRow {
    siren: Siren,
    flow_year: FlowYear,
    version: i32,
    kind: FilingKind,
    filed_at: Instant,
    receipt: Option<String>,
}

#[derive(FromRow)]
struct PastAmountRow {
    siren: Siren,
    flow_year: FlowYear,
    nil: bool,
    amount: Euros,
    source: String,
    recorded_at: Instant,
}

#[derive(FromRow)]
struct DerogationRow {
    siren: Siren,
    campaign: Option<CampaignYear>,
    call: Option<CallCode>,
    until_on: Option<Day>,
    decided_at: Instant,
    revoked_at: Option<Instant>,
}

/// Everything a verdict on these bodies may look at, their ancestors included.
pub async fn load(tx: &mut Tx<'_>, sirens: &[Siren], years: &[FlowYear]) -> Result<Facts> {
    let mut facts = Facts::new();
    if years.is_empty() {
        return Ok(facts);
    }
    let family = with_ancestors(tx, sirens).await?;
    bodies(tx, &family, &mut facts).await?;
    filings(tx, &family, years, &mut facts).await?;
    derogations(tx, &family, &mut facts).await?;
    for year in years {
        let since: Option<Instant> = on!(&mut *tx, |conn| {
            sqlx::query_scalar("SELECT MIN(recorded_at) FROM past_amount WHERE flow_year = $1")
                .bind(*year)
                .fetch_one(conn)
                .await
        })?;
        let campaign = campaign::find(tx, year.campaign()).await?;
        facts.set_year(*year, YearOnFile { campaign, past_amounts_since: since });
    }
    Ok(facts)
}

/// The register's row of one body, if it holds the SIREN.
pub async fn body(tx: &mut Tx<'_>, siren: Siren) -> Result<Option<Body>> {
    let asked = [siren];
    Ok(body_rows(tx, &asked).await?.pop().map(Body::from))
}

/// The bodies asked about and all they descend from, each once, in order.
async fn with_ancestors(tx: &mut Tx<'_>, sirens: &[Siren]) -> Result<Vec<Siren>> {
    let rows = select_in!(
        tx, (Siren,), sirens,
        "SELECT ancestor FROM lineage WHERE collectivity IN ("; ")"
    );
    let family: BTreeSet<Siren> = sirens.iter().copied().chain(rows.into_iter().map(|row| row.0)).collect();
    Ok(family.into_iter().collect())
}

async fn body_rows(tx: &mut Tx<'_>, family: &[Siren]) -> Result<Vec<BodyRow>> {
    Ok(select_in!(
        tx, BodyRow, family,
        "SELECT c.siren, s.name, c.exists_from, c.exists_until FROM collectivity c \
         JOIN collectivity_state s ON s.collectivity = c.id \
         WHERE NOT EXISTS (SELECT 1 FROM collectivity_state l WHERE l.collectivity = s.collectivity \
             AND (l.from_year > s.from_year OR (l.from_year = s.from_year AND l.revision > s.revision))) \
         AND c.id IN ("; ")"
    ))
}

impl From<BodyRow> for Body {
    fn from(row: BodyRow) -> Self {
        Self { name: row.name, exists_from: row.exists_from, exists_until: row.exists_until }
    }
}

async fn bodies(tx: &mut Tx<'_>, family: &[Siren], facts: &mut Facts) -> Result<()> {
    for row in body_rows(tx, family).await? {
        facts.add_body(row.siren, row.into());
    }
    let descents = select_in!(
        tx, DescentRow, family,
        "SELECT predecessor, successor, on_day, kind FROM succession WHERE successor IN ("; ")"
    );
    let onwards = select_in!(
        tx, DescentRow, family,
        "SELECT predecessor, successor, on_day, kind FROM succession WHERE predecessor IN ("; ")"
    );
    // A body that ended names its heirs: only their own rows are needed, not what they have on file.
    let heirs: BTreeSet<Siren> = onwards.iter().map(|row| row.successor).collect();
    let heirs: Vec<Siren> = heirs.into_iter().filter(|heir| family.binary_search(heir).is_err()).collect();
    for row in body_rows(tx, &heirs).await? {
        facts.add_body(row.siren, row.into());
    }
    for row in descents.into_iter().chain(onwards) {
        let kind = if row.kind == "split" { DescentKind::Split } else { DescentKind::Merger };
        let (predecessor, successor) = (row.predecessor, row.successor);
        facts.add_descent(Descent { predecessor, successor, on: row.on_day, kind });
    }
    Ok(())
}

async fn filings(tx: &mut Tx<'_>, family: &[Siren], years: &[FlowYear], facts: &mut Facts) -> Result<()> {
    let rows = select_in!(
        tx, FilingRow, family,
        "SELECT f.siren, f.flow_year, f.version, f.kind, f.filed_at, r.number AS receipt FROM filing f \
         LEFT JOIN receipt r ON r.flow_year = f.flow_year AND r.siren = f.siren AND r.version = f.version \
         WHERE f.siren IN (",
        ") AND f.flow_year IN (", years; ")"
    );
    for row in rows {
        let version = u32::try_from(row.version).unwrap_or_default();
        let filing = FilingVersion { version, kind: row.kind, filed_at: row.filed_at, receipt: row.receipt };
        facts.add_filing(row.siren, row.flow_year, filing);
    }
    let rows = select_in!(
        tx, PastAmountRow, family,
        "SELECT siren, flow_year, nil, amount, source, recorded_at FROM past_amount WHERE siren IN (",
        ") AND flow_year IN (", years; ") ORDER BY siren, flow_year, revision"
    );
    for row in rows {
        let amount = (!row.nil).then_some(row.amount);
        let past = PastAmount { amount, source: row.source, recorded_at: row.recorded_at };
        facts.add_past_amount(row.siren, row.flow_year, past);
    }
    Ok(())
}

async fn derogations(tx: &mut Tx<'_>, family: &[Siren], facts: &mut Facts) -> Result<()> {
    let rows = select_in!(
        tx, DerogationRow, family,
        "SELECT d.siren, d.campaign, d.call, d.until_on, d.decided_at, r.decided_at AS revoked_at \
         FROM derogation d LEFT JOIN revocation r ON r.derogation = d.id WHERE d.siren IN ("; ") ORDER BY d.id"
    );
    for row in rows {
        let (decided_at, revoked_at) = (row.decided_at, row.revoked_at);
        match (row.campaign, row.until_on, row.call) {
            (Some(campaign), Some(until), _) => {
                let derogation = FilingDerogation { until, decided_at, revoked_at };
                facts.add_filing_derogation(row.siren, campaign.flow_year(), derogation);
            }
            (_, _, Some(call)) => {
                let derogation = EligibilityDerogation { call, decided_at, revoked_at };
                facts.add_eligibility_derogation(row.siren, derogation);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether one of `sirens` follows `ancestor`, by mergers or splits.
pub async fn descends_from(tx: &mut Tx<'_>, sirens: &[Siren], ancestor: Siren) -> Result<bool> {
    let rows = select_in!(
        tx, (Siren,), sirens,
        "SELECT ancestor FROM lineage WHERE collectivity IN ("; ")"
    );
    Ok(rows.iter().any(|row| row.0 == ancestor))
}
