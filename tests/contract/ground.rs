//! What the cases stand on: three bodies and the campaign of 2014, open at noon
//! of 20 May, and the values that they write and read back.

use std::str::FromStr;

use eapd::config::Profile;
use eapd::domain::codes::BiMulti;
use eapd::domain::day::Day;
use eapd::domain::declaration::{Filing, Receipt};
use eapd::domain::euros::Euros;
use eapd::domain::filing::FilingKind;
use eapd::domain::instant::Instant;
use eapd::domain::line::{Amounts, Line, Markers};
use eapd::domain::siren::Siren;
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::store::writes::Writes;
use eapd::store::{Result, Tx, filing, line};

use crate::support::register::{Entry, register};
use crate::support::scenario::Alias;
use crate::support::template::{Made, prepared};
use crate::support::{Engine, TestApp, sql};

/// The clock of the cases: noon in Paris, in the window.
pub const NOON: &str = "2014-05-20T10:00:00Z";
/// The flow year of the campaign.
pub const YEAR: u16 = 2013;

/// Bodies A, B and C and the campaign of 2014 with its default window.
pub async fn ground(engine: Engine) -> Made {
    prepared(engine, Profile::Demo, "ground", NOON, async |app: &TestApp| {
        let entries = ["A", "B", "C"].map(|alias| Entry::named(body(alias), &format!("Commune {alias}")));
        register(app, &entries, &[], &[]).await;
        let script = sql::campaign(2014, "2014-01-01T00:00:00Z")
            + &sql::dates(2014, 1, "2014-04-15", "2014-06-15", "2014-01-01T00:00:00Z");
        app.instance.must(&(sql::opening(engine).to_owned() + &sql::transaction(&script)));
    })
    .await
}

/// The SIREN of a fictitious body.
pub fn body(alias: &str) -> Siren {
    alias.parse::<Alias>().and_then(Alias::siren).unwrap()
}

/// A flow year.
pub fn year(year: u16) -> FlowYear {
    FlowYear::new(year).unwrap()
}

/// A campaign.
pub fn campaign(year: u16) -> CampaignYear {
    CampaignYear::new(year).unwrap()
}

/// A day, ISO.
pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// An amount.
pub fn cents(cents: i64) -> Euros {
    Euros::from_cents(cents).unwrap()
}

/// Writes in one transaction, committed unless `run` fails.
pub async fn write<T>(app: &TestApp, run: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
    let mut tx = app.app.db.begin().await?;
    let done = run(&mut tx).await?;
    tx.commit().await?;
    Ok(done)
}

/// Reads in one snapshot.
pub async fn read<T>(app: &TestApp, run: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> T {
    let mut tx = app.app.db.snapshot().await.unwrap();
    run(&mut tx).await.unwrap()
}

/// A line with nothing but what is mandatory.
pub fn short_line(reference: &str, paid: i64) -> Line {
    Line {
        reference: reference.to_owned(),
        title: "Puits".to_owned(),
        recipient: code("236"),
        purpose: code("14030"),
        channel: code("22000"),
        nature: code("projet"),
        aid_type: code("C01"),
        bi_multi: BiMulti::Bilateral,
        amounts: Amounts {
            paid: cents(paid),
            cofinancing_received: Euros::ZERO,
            cofinancing_state: None,
            cofinancing_collectivities: None,
            cofinancing_others: None,
            service_costs: None,
            committed: None,
        },
        paid_on: None,
        organisation: None,
        organisation_siren: None,
        description: None,
        place: None,
        starts_on: None,
        ends_on: None,
        one_percent_law: None,
        markers: Markers::default(),
        sdg: vec![],
        crs_project: None,
    }
}

/// A code of one of the lists.
pub fn code<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

/// A version with `lines`, signed or decided as its kind needs.
pub fn version(alias: &str, version: u32, kind: FilingKind, lines: &[Line], filed_at: Instant) -> Filing {
    let managers = kind.is_managers();
    let total = |amount: fn(&Line) -> Euros| Euros::checked_sum(lines.iter().map(amount)).unwrap();
    Filing {
        siren: body(alias),
        flow_year: year(YEAR),
        version,
        kind,
        filed_at,
        filed_by: "P1".to_owned(),
        signatory: (!managers).then(|| "P2".to_owned()),
        reason: managers.then(|| "erreur relevée au contrôle".to_owned()),
        document: managers.then(|| "courrier du 3 juin".to_owned()),
        line_count: u32::try_from(lines.len()).unwrap(),
        total_paid: total(|line| line.amounts.paid),
        total_own: total(Line::own_resources),
    }
}

/// Files a version: its lines, then the version that seals them.
pub async fn file(tx: &mut Tx<'_>, filed: &Filing, lines: &[Line]) -> Result<()> {
    let mut writes = Writes::of(tx);
    line::insert(tx, &mut writes, (filed.siren, filed.flow_year, filed.version), lines).await?;
    filing::insert(&mut writes, filed);
    writes.send(tx).await
}

/// Sends rows alone.
pub async fn sent(tx: &mut Tx<'_>, tell: impl FnOnce(&mut Writes)) -> Result<()> {
    let mut writes = Writes::of(tx);
    tell(&mut writes);
    writes.send(tx).await
}

/// The receipt of a version.
pub fn receipt_of(filed: &Filing, number: &str) -> Receipt {
    Receipt {
        number: number.to_owned(),
        siren: filed.siren,
        flow_year: filed.flow_year,
        version: filed.version,
        sha256: "00ff".repeat(16),
        journal_head: "ff00".repeat(16),
        issued_at: filed.filed_at,
    }
}
