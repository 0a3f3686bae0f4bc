//! What summaries are made from: who filed for a flow year, and the codes and own resources of their lines.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sqlx::FromRow;

use crate::domain::codes::{AidTypeCode, ChannelCode, NatureCode, PurposeCode, RecipientCode};
use crate::domain::collectivity::CollectivityKind;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::line::OnePercentLaw;
use crate::domain::siren::Siren;
use crate::domain::summary::Payment;
use crate::domain::year::FlowYear;
use crate::store::register::{after_year, before_year};
use crate::store::{Result, StoreError, Tx, by_place, on};

/// A version that counts, or a yearly amount from before the service, with its body as it is in the flow year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declarant {
    /// Who.
    pub siren: Siren,
    /// Which version; 0 is an amount from before the service.
    pub version: u32,
    /// What it states.
    pub kind: FilingKind,
    /// When it was filed, or recorded.
    pub at: Instant,
    /// Lines that it seals.
    pub lines: u32,
    /// Own resources that it seals.
    pub own: Euros,
    /// What the body is.
    pub body_kind: CollectivityKind,
    /// Its name.
    pub name: String,
    /// Its département.
    pub departement: Option<String>,
    /// Its region of attachment.
    pub region: String,
    /// Its population.
    pub population: Option<u32>,
}

#[derive(FromRow)]
struct DeclarantRow {
    siren: Siren,
    version: i32,
    kind: FilingKind,
    at: Instant,
    line_count: i32,
    total_own: Euros,
    body_kind: CollectivityKind,
    name: String,
    departement: Option<String>,
    region: String,
    population: Option<i64>,
}

impl TryFrom<DeclarantRow> for Declarant {
    type Error = StoreError;

    fn try_from(row: DeclarantRow) -> Result<Self> {
        let odd = |error: std::num::TryFromIntError| StoreError::Inconsistent {
            table: "filing",
            detail: format!("{}: {error}", row.siren),
        };
        Ok(Self {
            siren: row.siren,
            version: u32::try_from(row.version).map_err(odd)?,
            kind: row.kind,
            at: row.at,
            lines: u32::try_from(row.line_count).map_err(odd)?,
            own: row.total_own,
            body_kind: row.body_kind,
            name: row.name,
            departement: row.departement,
            region: row.region,
            population: row.population.map(u32::try_from).transpose().map_err(odd)?,
        })
    }
}

by_place! {
    struct Row {
        l.siren: Siren,
        l.position: i32,
        l.recipient: RecipientCode,
        l.purpose: PurposeCode,
        l.channel: ChannelCode,
        l.nature: NatureCode,
        l.aid_type: AidTypeCode,
        l.one_percent_law: Option<OnePercentLaw>,
        l.own_resources: Euros,
    }
    const OF_YEAR = "FROM effective_filing f CROSS JOIN line l \
        WHERE f.flow_year = $1 AND l.flow_year = f.flow_year AND l.siren = f.siren AND l.version = f.version \
        ORDER BY f.siren, f.version, l.position";
    const OF_VERSION = "FROM line l WHERE l.flow_year = $1 AND l.siren = $2 AND l.version = $3 ORDER BY l.position";
}

impl TryFrom<Row> for Payment {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let position = u32::try_from(row.position).map_err(|error| StoreError::Inconsistent {
            table: "line",
            detail: format!("{}: {error}", row.siren),
        })?;
        Ok(Self {
            position,
            recipient: row.recipient,
            purpose: row.purpose,
            channel: row.channel,
            nature: row.nature,
            aid_type: row.aid_type,
            law: row.one_percent_law,
            own: row.own_resources,
        })
    }
}

/// The versions that count of a flow year with their bodies, before a further condition.
macro_rules! declarants {
    ($condition:literal) => {
        concat!(
            "SELECT f.siren, f.version, f.kind, f.filed_at AS at, f.line_count, f.total_own, \
             s.kind AS body_kind, s.name, s.departement, s.region, s.population \
             FROM effective_filing f JOIN collectivity c ON c.siren = f.siren JOIN collectivity_state s ON ",
            before_year!(),
            "$1",
            after_year!(),
            " WHERE f.flow_year = $1",
            $condition,
            " ORDER BY f.siren"
        )
    };
}

/// Who filed for a flow year, by SIREN, those whose version was annulled too.
pub async fn declarants(tx: &mut Tx<'_>, year: FlowYear) -> Result<Vec<Declarant>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, DeclarantRow>(declarants!(""))
            .bind(year)
            .fetch(conn)
            .map(|row| Declarant::try_from(row?))
            .boxed()
    })
    .try_collect()
    .await
}

/// What a body filed for a flow year, if a version of it counts.
pub async fn declarant(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Option<Declarant>> {
    let row: Option<DeclarantRow> = on!(tx, |conn| {
        sqlx::query_as(declarants!(" AND f.siren = $2")).bind(year).bind(siren).fetch_optional(conn).await
    })?;
    row.map(Declarant::try_from).transpose()
}

/// Who has a yearly amount of a flow year from before the service, by SIREN.
pub async fn past(tx: &mut Tx<'_>, year: FlowYear) -> Result<Vec<Declarant>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, DeclarantRow>(concat!(
            "SELECT p.siren, 0 AS version, CASE WHEN p.nil THEN 'nil' ELSE 'declared' END AS kind, \
             p.recorded_at AS at, 0 AS line_count, p.amount AS total_own, \
             s.kind AS body_kind, s.name, s.departement, s.region, s.population \
             FROM effective_past_amount p JOIN collectivity c ON c.siren = p.siren JOIN collectivity_state s ON ",
            before_year!(),
            "$1",
            after_year!(),
            " WHERE p.flow_year = $1 ORDER BY p.siren"
        ))
        .bind(year)
        .fetch(conn)
        .map(|row| Declarant::try_from(row?))
        .boxed()
    })
    .try_collect()
    .await
}

/// The payments of every version that counts in a flow year, by SIREN and position.
pub fn stream_of_year<'t>(tx: &'t mut Tx<'_>, year: FlowYear) -> BoxStream<'t, Result<(Siren, Payment)>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, Row>(OF_YEAR)
            .bind(year)
            .fetch(conn)
            .map(|row| {
                let row = row?;
                Ok((row.siren, row.try_into()?))
            })
            .boxed()
    })
}

/// The payments of one version, by position.
pub async fn of_version(tx: &mut Tx<'_>, siren: Siren, year: FlowYear, version: u32) -> Result<Vec<Payment>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(OF_VERSION).bind(year).bind(siren).bind(i64::from(version)).fetch_all(conn).await
    })?;
    rows.into_iter().map(Payment::try_from).collect()
}

/// Title and recipient of the line at a place of a version.
pub async fn title_at(
    tx: &mut Tx<'_>,
    siren: Siren,
    year: FlowYear,
    (version, position): (u32, u32),
) -> Result<Option<(String, RecipientCode)>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT title, recipient FROM line WHERE flow_year = $1 AND siren = $2 AND version = $3 AND position = $4",
        )
        .bind(year)
        .bind(siren)
        .bind(i64::from(version))
        .bind(i64::from(position))
        .fetch_optional(conn)
        .await
    })?)
}

/// The flow years of which something is known, the last one first: campaigns that were not cancelled, and amounts
/// from before the service.
pub async fn years(tx: &mut Tx<'_>) -> Result<Vec<FlowYear>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT c.year - 1 AS flow_year FROM campaign c WHERE NOT EXISTS (SELECT 1 FROM campaign_step s \
             WHERE s.campaign = c.year AND s.step = 'cancelled') \
             UNION SELECT flow_year FROM past_amount ORDER BY flow_year DESC",
        )
        .fetch_all(conn)
        .await
    })?)
}
