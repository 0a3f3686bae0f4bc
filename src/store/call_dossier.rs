//! Dossiers put to a call: groups that apply together, as long as they wait to be examined (rule 11).

use std::collections::BTreeMap;

use sqlx::FromRow;

use crate::domain::call::CallCode;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, Tx, execute, expect_rows, on};

/// A dossier with what was last noted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallDossier {
    /// Its number or name, once a call.
    pub name: String,
    /// When it was put.
    pub put_at: Instant,
    /// The answer that was last noted.
    pub noted: Noted,
    /// Its members, in their order.
    pub members: Vec<DossierMember>,
}

/// An answer as somebody noted it, in the codes of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Code of the status.
    pub status: String,
    /// Code of the reason.
    pub reason: String,
    /// When it was noted.
    pub at: Instant,
}

/// A member of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierMember {
    /// Whether it leads.
    pub leads: bool,
    /// A French collectivity by its SIREN, anyone else by a name.
    pub who: std::result::Result<Siren, String>,
}

#[derive(FromRow)]
struct Row {
    name: String,
    put_at: Instant,
    noted_status: String,
    noted_reason: String,
    noted_at: Instant,
}

#[derive(FromRow)]
struct MemberRow {
    dossier: String,
    role: String,
    siren: Option<Siren>,
    name: Option<String>,
}

/// Puts a dossier to a call, in the place of the one of the same name.
pub async fn put(tx: &mut Tx<'_>, call: &CallCode, dossier: &CallDossier, by: &str) -> Result<()> {
    withdraw(tx, call, &dossier.name).await?;
    let touched = execute!(
        &mut *tx,
        "INSERT INTO call_dossier (call, name, put_by, put_at, noted_status, noted_reason, noted_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        call,
        dossier.name.as_str(),
        by,
        dossier.put_at,
        dossier.noted.status.as_str(),
        dossier.noted.reason.as_str(),
        dossier.noted.at,
    )?;
    expect_rows("call_dossier", 1, touched)?;
    for (rank, member) in (1_i32..).zip(&dossier.members) {
        let touched = execute!(
            &mut *tx,
            "INSERT INTO call_dossier_member (call, dossier, rank, role, siren, name) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            call,
            dossier.name.as_str(),
            rank,
            if member.leads { "lead" } else { "partner" },
            member.who.as_ref().ok().copied(),
            member.who.as_ref().err().map(String::as_str),
        )?;
        expect_rows("call_dossier_member", 1, touched)?;
    }
    Ok(())
}

/// Takes a dossier off a call, with its members; says whether it was there.
pub async fn withdraw(tx: &mut Tx<'_>, call: &CallCode, name: &str) -> Result<bool> {
    Ok(execute!(&mut *tx, "DELETE FROM call_dossier WHERE call = $1 AND name = $2", call, name)? == 1)
}

/// Notes the answer on a dossier.
pub async fn note(tx: &mut Tx<'_>, call: &CallCode, name: &str, noted: &Noted) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE call_dossier SET noted_status = $3, noted_reason = $4, noted_at = $5 WHERE call = $1 AND name = $2",
        call,
        name,
        noted.status.as_str(),
        noted.reason.as_str(),
        noted.at,
    )?;
    expect_rows("call_dossier", 1, touched)
}

/// The dossiers put to a call, by name.
pub async fn of_call(tx: &mut Tx<'_>, call: &CallCode) -> Result<Vec<CallDossier>> {
    let rows: Vec<Row> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "SELECT name, put_at, noted_status, noted_reason, noted_at FROM call_dossier WHERE call = $1 \
             ORDER BY name",
        )
        .bind(call)
        .fetch_all(conn)
        .await
    })?;
    let members: Vec<MemberRow> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "SELECT dossier, role, siren, name FROM call_dossier_member WHERE call = $1 ORDER BY dossier, rank",
        )
        .bind(call)
        .fetch_all(conn)
        .await
    })?;
    let mut by_dossier: BTreeMap<String, Vec<DossierMember>> = BTreeMap::new();
    for row in members {
        let who = row.siren.ok_or_else(|| row.name.unwrap_or_default());
        by_dossier.entry(row.dossier).or_default().push(DossierMember { leads: row.role == "lead", who });
    }
    let read = |row: Row| CallDossier {
        members: by_dossier.remove(&row.name).unwrap_or_default(),
        name: row.name,
        put_at: row.put_at,
        noted: Noted { status: row.noted_status, reason: row.noted_reason, at: row.noted_at },
    };
    Ok(rows.into_iter().map(read).collect())
}

/// The bodies of dossiers put to a call that requires a flow year, each with the code of such a call.
pub async fn bodies(tx: &mut Tx<'_>, year: FlowYear) -> Result<BTreeMap<Siren, CallCode>> {
    let rows: Vec<(Siren, CallCode)> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT m.siren, m.call FROM call_dossier_member m JOIN call_year y ON y.call = m.call \
             WHERE y.flow_year = $1 AND m.siren IN (SELECT c.siren FROM collectivity c) ORDER BY m.siren, m.call",
        )
        .bind(year)
        .fetch_all(conn)
        .await
    })?;
    Ok(rows.into_iter().collect())
}
