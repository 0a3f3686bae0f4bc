//! What the statement tells, read from its JSON.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::domain::call::CallCode;
use crate::domain::campaign::FilingDerogation;
use crate::domain::day::Day;
use crate::domain::eligibility::{
    AwaitingFiling, Body, Descent, DescentKind, EligibilityDerogation, Facts, FilingVersion, PastAmount,
    YearOnFile,
};
use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::token::Token;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::store::{Result, StoreError, call, campaign, codec, reservation, token};

use super::{Found, OnFile};

/// One thing on file: `{"name of the arm": [its columns, in this order]}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Call {
        code: Text<CallCode>,
        title: String,
        opens_on: Option<Text<Day>>,
        closes_on: Option<Text<Day>>,
        examined_on: Option<Text<Day>>,
        group_rule: String,
        founding_text: String,
    },
    Year {
        year: Year,
        opens_on: Option<Text<Day>>,
        closes_on: Option<Text<Day>>,
        past_amounts_since: Option<Text<Instant>>,
    },
    Extension {
        year: Year,
        revision: i32,
        closes_on: Text<Day>,
        reason: String,
        decided_at: Text<Instant>,
    },
    Step {
        year: Year,
        step: String,
        decided_at: Text<Instant>,
    },
    Body {
        siren: Text<Siren>,
        name: String,
        from: Option<Text<Day>>,
        until: Option<Text<Day>>,
    },
    Descent {
        predecessor: Text<Siren>,
        successor: Text<Siren>,
        on: Text<Day>,
        kind: String,
    },
    Filing {
        siren: Text<Siren>,
        year: Year,
        version: u32,
        kind: String,
        filed_at: Text<Instant>,
        receipt: Option<String>,
        reserved: Option<Reserved>,
    },
    PastAmount {
        siren: Text<Siren>,
        year: Year,
        revision: i32,
        cents: Option<i64>,
        source: String,
        recorded_at: Text<Instant>,
    },
    Derogation {
        siren: Text<Siren>,
        campaign: Option<u16>,
        until: Option<Text<Day>>,
        call: Option<Text<CallCode>>,
        decided_at: Text<Instant>,
        revoked_at: Option<Text<Instant>>,
    },
    Token {
        secret_sha256: String,
        id: String,
        person: String,
        role: String,
        scopes: String,
        sirens: String,
        region: Option<String>,
        created_at: Text<Instant>,
        expires_at: Text<Instant>,
        revoked_at: Option<Text<Instant>>,
    },
}

/// Of a filing sous réserve: until when an answer is awaited, what it was, when; an array of these.
#[derive(Deserialize)]
struct Reserved {
    until: Text<Instant>,
    outcome: Option<String>,
    decided_at: Option<Text<Instant>>,
}

/// A value that is stored as its text.
struct Text<T>(T);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

struct Year(FlowYear);

impl<'de> Deserialize<'de> for Year {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        FlowYear::new(u16::deserialize(deserializer)?).map(Self).map_err(D::Error::custom)
    }
}

/// The call and what is on file, if there is such a call, and the tokens shown.
pub(super) fn read(json: &str) -> Result<Found> {
    let mut gathered = Gathered::default();
    for told in serde_json::from_str::<Vec<Told>>(json).map_err(inconsistent)? {
        gathered.take(told)?;
    }
    gathered.finish()
}

fn inconsistent(detail: impl Display) -> StoreError {
    StoreError::Inconsistent { table: "facts", detail: detail.to_string() }
}

fn bare<T>(text: Option<Text<T>>) -> Option<T> {
    text.map(|Text(value)| value)
}

/// What must be put in order before it is a fact, beside the facts.
#[derive(Default)]
struct Gathered {
    facts: Facts,
    call: Option<call::Row>,
    years: Vec<(FlowYear, Option<Instant>)>,
    windows: Vec<campaign::Row>,
    extensions: Vec<(i32, campaign::ExtensionRow)>,
    steps: Vec<campaign::StepRow>,
    past_amounts: Vec<(i32, Siren, FlowYear, PastAmount)>,
    tokens: HashMap<String, Token>,
}

impl Gathered {
    fn take(&mut self, told: Told) -> Result<()> {
        match told {
            Told::Call { code, title, opens_on, closes_on, examined_on, group_rule, founding_text } => {
                self.call = Some(call::Row {
                    code: code.0,
                    title,
                    opens_on: bare(opens_on),
                    closes_on: bare(closes_on),
                    examined_on: bare(examined_on),
                    group_rule,
                    founding_text,
                });
            }
            Told::Year { year: Year(year), opens_on, closes_on, past_amounts_since } => {
                self.years.push((year, bare(past_amounts_since)));
                if let (Some(Text(opens_on)), Some(Text(closes_on))) = (opens_on, closes_on) {
                    self.windows.push(campaign::Row { campaign: year.campaign(), opens_on, closes_on });
                }
            }
            Told::Extension { year, revision, closes_on, reason, decided_at } => {
                let (campaign, closes_on, decided_at) = (year.0.campaign(), closes_on.0, decided_at.0);
                let row = campaign::ExtensionRow { campaign, closes_on, reason, decided_at };
                self.extensions.push((revision, row));
            }
            Told::Step { year, step, decided_at } => {
                let (campaign, decided_at) = (year.0.campaign(), decided_at.0);
                self.steps.push(campaign::StepRow { campaign, step, decided_at });
            }
            Told::Body { siren, name, from, until } => {
                let body = Body { name, exists_from: bare(from), exists_until: bare(until) };
                self.facts.add_body(siren.0, body);
            }
            Told::Descent { predecessor, successor, on, kind } => {
                let kind = if kind == "split" { DescentKind::Split } else { DescentKind::Merger };
                let (predecessor, successor, on) = (predecessor.0, successor.0, on.0);
                self.facts.add_descent(Descent { predecessor, successor, on, kind });
            }
            Told::Filing { siren, year, version, kind, filed_at, receipt, reserved } => {
                let kind = codec::filing_kind(&kind).ok_or_else(|| inconsistent(kind))?;
                let mut filing =
                    FilingVersion { version, kind, filed_at: filed_at.0, confirmed_at: None, receipt };
                if let Some(Reserved { until: Text(until), outcome, decided_at }) = reserved {
                    // Void from the second after, unless it was answered in time.
                    let answered_at = bare(decided_at);
                    let decided_at = Some(answered_at.unwrap_or_else(|| until.plus_seconds(1)));
                    let awaiting = AwaitingFiling { since: filing.filed_at, decided_at };
                    self.facts.add_awaiting_filing(siren.0, year.0, awaiting);
                    if outcome.as_deref() != Some(reservation::ACCEPTED) {
                        return Ok(());
                    }
                    filing.confirmed_at = answered_at;
                }
                self.facts.add_filing(siren.0, year.0, filing);
            }
            Told::PastAmount { siren, year, revision, cents, source, recorded_at } => {
                let amount = cents.map(Euros::from_cents).transpose().map_err(inconsistent)?;
                let past = PastAmount { amount, source, recorded_at: recorded_at.0 };
                self.past_amounts.push((revision, siren.0, year.0, past));
            }
            Told::Derogation { siren, campaign, until, call, decided_at, revoked_at } => {
                let (decided_at, revoked_at) = (decided_at.0, bare(revoked_at));
                if let (Some(campaign), Some(Text(until))) = (campaign, until) {
                    let campaign = CampaignYear::new(campaign).map_err(inconsistent)?;
                    let derogation = FilingDerogation { until, decided_at, revoked_at };
                    self.facts.add_filing_derogation(siren.0, campaign.flow_year(), derogation);
                }
                if let Some(Text(call)) = call {
                    let derogation = EligibilityDerogation { call, decided_at, revoked_at };
                    self.facts.add_eligibility_derogation(siren.0, derogation);
                }
            }
            Told::Token {
                secret_sha256,
                id,
                person,
                role,
                scopes,
                sirens,
                region,
                created_at,
                expires_at,
                revoked_at,
            } => {
                let (created_at, expires_at, revoked_at) = (created_at.0, expires_at.0, bare(revoked_at));
                let row = token::Row {
                    id,
                    person,
                    role,
                    scopes,
                    sirens,
                    region,
                    created_at,
                    expires_at,
                    revoked_at,
                };
                self.tokens.insert(secret_sha256, row.try_into()?);
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Found> {
        let tokens = self.tokens;
        let Some(call) = self.call else { return Ok(Found { on_file: None, tokens }) };
        // Of amounts recorded in the same second the last revision counts.
        self.past_amounts.sort_by_key(|(revision, ..)| *revision);
        for (_, siren, year, past) in self.past_amounts {
            self.facts.add_past_amount(siren, year, past);
        }
        self.extensions.sort_by_key(|(revision, _)| *revision);
        let extensions = self.extensions.into_iter().map(|(_, row)| row).collect();
        let mut campaigns = campaign::assemble(self.windows, extensions, self.steps)?;
        for (year, past_amounts_since) in &self.years {
            let place = campaigns.iter().position(|campaign| campaign.year == year.campaign());
            let campaign = place.map(|place| campaigns.swap_remove(place));
            self.facts.set_year(*year, YearOnFile { campaign, past_amounts_since: *past_amounts_since });
        }
        let years = self.years.into_iter().map(|(year, _)| year).collect();
        let on_file = OnFile { call: call::read(years, call)?, facts: self.facts };
        Ok(Found { on_file: Some(Arc::new(on_file)), tokens })
    }
}
