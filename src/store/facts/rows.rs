//! What the rows of the statement say, by their tag.

use sqlx::FromRow;

use crate::domain::campaign::FilingDerogation;
use crate::domain::day::Day;
use crate::domain::eligibility::{
    Body, Descent, DescentKind, EligibilityDerogation, Facts, FilingVersion, PastAmount, YearOnFile,
};
use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, call, campaign, codec};

use super::OnFile;

/// A row of any arm: which columns an arm fills is said where they are read.
#[derive(FromRow)]
pub(super) struct Row {
    tag: String,
    about: Option<String>,
    other: Option<String>,
    year: Option<FlowYear>,
    /// Number of a version, a revision or a decision: what is on file is told in its order.
    rank: i32,
    word: Option<String>,
    text: Option<String>,
    day: Option<Day>,
    last_day: Option<Day>,
    third_day: Option<Day>,
    at: Option<Instant>,
    end_at: Option<Instant>,
    amount: Option<Euros>,
}

/// The call and what is on file, if there is such a call.
pub(super) fn read(mut rows: Vec<Row>) -> Result<Option<OnFile>> {
    rows.sort_by_key(|row| row.rank);
    let mut gathered = Gathered::default();
    for row in rows {
        let told = format!("{} {}", row.tag, row.about.as_deref().unwrap_or_default());
        gathered.take(row).ok_or(StoreError::Inconsistent { table: "facts", detail: told })?;
    }
    gathered.finish()
}

/// Rows sorted by what they tell.
#[derive(Default)]
struct Gathered {
    facts: Facts,
    call: Option<call::Row>,
    years: Vec<(FlowYear, Option<Instant>)>,
    windows: Vec<campaign::Row>,
    extensions: Vec<campaign::ExtensionRow>,
    steps: Vec<campaign::StepRow>,
}

impl Gathered {
    /// Takes a row in; none where it misses what its tag announces.
    fn take(&mut self, row: Row) -> Option<()> {
        match row.tag.as_str() {
            "call" => {
                self.call = Some(call::Row {
                    code: row.about?.parse().ok()?,
                    title: row.text?,
                    opens_on: row.day,
                    closes_on: row.last_day,
                    examined_on: row.third_day,
                    group_rule: row.word?,
                    founding_text: row.other?,
                });
            }
            "year" => {
                let (year, since) = (row.year?, row.at);
                self.years.push((year, since));
                if let (Some(opens_on), Some(closes_on)) = (row.day, row.last_day) {
                    self.windows.push(campaign::Row { campaign: year.campaign(), opens_on, closes_on });
                }
            }
            "extension" => self.extensions.push(campaign::ExtensionRow {
                campaign: row.year?.campaign(),
                closes_on: row.last_day?,
                reason: row.text?,
                decided_at: row.at?,
            }),
            "step" => {
                let campaign = row.year?.campaign();
                self.steps.push(campaign::StepRow { campaign, step: row.word?, decided_at: row.at? });
            }
            _ => self.take_of_body(row)?,
        }
        Some(())
    }

    /// The same for rows about a body.
    fn take_of_body(&mut self, row: Row) -> Option<()> {
        let siren: Siren = row.about?.parse().ok()?;
        match row.tag.as_str() {
            "body" => {
                let body = Body { name: row.text?, exists_from: row.day, exists_until: row.last_day };
                self.facts.add_body(siren, body);
            }
            "descent" => self.facts.add_descent(Descent {
                predecessor: row.other?.parse().ok()?,
                successor: siren,
                on: row.day?,
                kind: if row.word? == "split" { DescentKind::Split } else { DescentKind::Merger },
            }),
            "filing" => {
                let filing = FilingVersion {
                    version: u32::try_from(row.rank).ok()?,
                    kind: codec::filing_kind(&row.word?)?,
                    filed_at: row.at?,
                    receipt: row.other,
                };
                self.facts.add_filing(siren, row.year?, filing);
            }
            "past amount" => {
                let amount = row.amount.filter(|_| row.word.is_none());
                let past = PastAmount { amount, source: row.text?, recorded_at: row.at? };
                self.facts.add_past_amount(siren, row.year?, past);
            }
            "derogation" => {
                let (decided_at, revoked_at) = (row.at?, row.end_at);
                if let (Some(year), Some(until)) = (row.year, row.last_day) {
                    let derogation = FilingDerogation { until, decided_at, revoked_at };
                    self.facts.add_filing_derogation(siren, year, derogation);
                } else {
                    let call = row.other?.parse().ok()?;
                    let derogation = EligibilityDerogation { call, decided_at, revoked_at };
                    self.facts.add_eligibility_derogation(siren, derogation);
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn finish(mut self) -> Result<Option<OnFile>> {
        let Some(call) = self.call else { return Ok(None) };
        let mut campaigns = campaign::assemble(self.windows, self.extensions, self.steps)?;
        for (year, past_amounts_since) in &self.years {
            let place = campaigns.iter().position(|campaign| campaign.year == year.campaign());
            let campaign = place.map(|place| campaigns.swap_remove(place));
            self.facts.set_year(*year, YearOnFile { campaign, past_amounts_since: *past_amounts_since });
        }
        let years = self.years.into_iter().map(|(year, _)| year).collect();
        Ok(Some(OnFile { call: call::read(years, call)?, facts: self.facts }))
    }
}
