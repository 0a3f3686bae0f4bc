//! A scenario, made by the operations that people use, with the clock moved along.

use std::collections::{BTreeMap, BTreeSet};

use eapd::domain::call::{Call, CallCode, CallDates, GroupRule};
use eapd::domain::day::Day;
use eapd::domain::filing::FilingKind;
use eapd::domain::instant::Instant;
use eapd::domain::refusal::{Because, RefusalKind};
use eapd::domain::role::Actor;
use eapd::domain::year::FlowYear;
use eapd::service::attachment::{self, Decision as Answer};
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::declaration::version::{Decision, decide};
use eapd::service::{ServiceError, call, campaign, derogation, history};

use crate::support::TestApp;
use crate::support::lines::well;
use crate::support::people::{agent, manager, newcomer, signatory};
use crate::support::register::{Entry, How, Link, register};
use crate::support::scenario::{Alias, Scenario, Step};
use crate::support::truth_table::Case;

/// Why a scenario cannot be made.
pub struct Broken {
    /// A rule refuses a step.
    pub is_refusal: bool,
    pub message: String,
}

impl From<ServiceError> for Broken {
    fn from(error: ServiceError) -> Self {
        Self { is_refusal: matches!(error, ServiceError::Refused(_)), message: error.to_string() }
    }
}

/// Makes the scenario that `cases` share, and the calls they ask about.
pub async fn build(app: &TestApp, cases: &[Case]) -> Result<(), Broken> {
    let scenario = &cases[0].scenario;
    bodies(app, scenario).await;
    calls(app, cases).await?;
    let mut steps: Vec<&Step> = scenario.steps.iter().collect();
    // Steps without instant come before all others; those of one instant in the order of telling.
    steps.sort_by_key(|step| instant(step));
    let mut made = Made { app, heirs: heirs(scenario), granted: BTreeMap::new(), awaiting: BTreeMap::new() };
    for step in steps {
        made.take(step)
            .await
            .map_err(|broken| Broken { message: format!("{step:?}: {}", broken.message), ..broken })?;
    }
    Ok(())
}

fn instant(step: &Step) -> Option<Instant> {
    match step {
        Step::Exists { .. } | Step::Merger { .. } | Step::Split { .. } | Step::Campaign { .. } => None,
        Step::PastAmount { at, .. } => *at,
        Step::Extension { at, .. }
        | Step::Settle { at, .. }
        | Step::Cancel { at, .. }
        | Step::File { at, .. }
        | Step::Refused { at, .. }
        | Step::FilingDerogation { at, .. }
        | Step::FilingRevocation { at, .. }
        | Step::EligibilityDerogation { at, .. }
        | Step::EligibilityRevocation { at, .. }
        | Step::Awaiting { at, .. }
        | Step::Attachment { at, .. } => Some(*at),
    }
}

/// Takes the bodies into the register; in a merger or a split, who is told by
/// `existe` was there before, and who is on both sides goes on.
async fn bodies(app: &TestApp, scenario: &Scenario) {
    let mut days: BTreeMap<Alias, (Option<Day>, Option<Day>)> = BTreeMap::new();
    let (mut links, mut ends) = (Vec::new(), Vec::new());
    let told: BTreeSet<Alias> = scenario
        .steps
        .iter()
        .filter_map(|step| if let Step::Exists { who, .. } = step { Some(who) } else { None })
        .flatten()
        .copied()
        .collect();
    for step in &scenario.steps {
        match step {
            Step::Exists { who, from, until } => {
                days.extend(who.iter().map(|alias| (*alias, (*from, *until))));
            }
            Step::Merger { from, into, on } | Step::Split { from, into, on } => {
                let is_split = matches!(step, Step::Split { .. });
                for (predecessor, successor) in
                    from.iter().flat_map(|from| into.iter().map(move |into| (from, into)))
                {
                    days.entry(*successor).or_default();
                    if predecessor == successor {
                        continue;
                    }
                    let how = match (is_split, told.contains(successor)) {
                        (true, _) => How::Split,
                        (false, true) => How::Absorption,
                        (false, false) => How::Merger,
                    };
                    let (from, into) = (siren(*predecessor), siren(*successor));
                    links.push(Link { from, into, on: *on, how });
                }
                if is_split {
                    let ended = from.iter().filter(|alias| !into.contains(alias));
                    ends.extend(ended.map(|alias| (siren(*alias), on.previous())));
                }
            }
            _ => {}
        }
    }
    let entry = |(alias, (from, until)): (&Alias, &(Option<Day>, Option<Day>))| Entry {
        from: *from,
        until: *until,
        ..Entry::named(siren(*alias), &alias.name())
    };
    let entries: Vec<Entry> = days.iter().map(entry).collect();
    if !entries.is_empty() {
        register(app, &entries, &links, &ends).await;
    }
}

fn siren(alias: Alias) -> eapd::domain::siren::Siren {
    alias.siren().unwrap()
}

/// Who follows whom: a successor's agents file for a predecessor (rule 9).
fn heirs(scenario: &Scenario) -> BTreeMap<Alias, (Day, Alias)> {
    let mut heirs = BTreeMap::new();
    for step in &scenario.steps {
        if let Step::Merger { from, into, on } | Step::Split { from, into, on } = step {
            heirs.extend(
                from.iter().filter(|alias| !into.contains(alias)).map(|alias| (*alias, (*on, into[0]))),
            );
        }
    }
    heirs
}

async fn calls(app: &TestApp, cases: &[Case]) -> Result<(), Broken> {
    let mut calls: BTreeMap<CallCode, Vec<FlowYear>> = BTreeMap::new();
    for step in &cases[0].scenario.steps {
        if let Step::EligibilityDerogation { call, .. } = step {
            calls.insert(call.clone(), vec![FlowYear::new(2013).unwrap()]);
        }
    }
    for case in cases {
        calls.insert(case.call.clone(), case.years.clone());
    }
    for (code, years) in calls {
        let call = Call::new(code, "Appel", CallDates::default(), years, GroupRule::All, "Texte").unwrap();
        call::create(&app.app, &manager(), &call).await?;
    }
    Ok(())
}

struct Made<'a> {
    app: &'a TestApp,
    heirs: BTreeMap<Alias, (Day, Alias)>,
    /// Derogations that run, by body and what they are for.
    granted: BTreeMap<(Alias, String), i32>,
    /// Agents who await their attachment, with the request.
    awaiting: BTreeMap<(Alias, FlowYear), (Actor, String)>,
}

impl Made<'_> {
    async fn take(&mut self, step: &Step) -> Result<(), Broken> {
        let (app, manager) = (&self.app.app, manager());
        if let Some(at) = instant(step) {
            self.app.clock.set(at);
        }
        match step {
            Step::Exists { .. } | Step::Merger { .. } | Step::Split { .. } => {}
            Step::Campaign { year, window } => {
                campaign::create(app, &manager, *year, Some(*window), false).await?;
            }
            Step::Extension { year, closes_on, .. } => {
                campaign::extend(app, &manager, *year, *closes_on, "retards").await?;
            }
            Step::Settle { year, .. } => drop(campaign::settle(app, &manager, *year).await?),
            Step::Cancel { year, .. } => drop(campaign::cancel(app, &manager, *year, "erreur").await?),
            Step::File { who, year, kind, at } => self.file(*who, *year, *kind, *at).await?,
            Step::Refused { who, year, at } => self.refused(*who, *year, *at).await?,
            Step::FilingDerogation { who, campaign, until, .. } => {
                let id =
                    derogation::grant_filing(app, &manager, siren(*who), *campaign, *until, "crue").await?;
                self.granted.insert((*who, campaign.to_string()), id);
            }
            Step::EligibilityDerogation { who, call, .. } => {
                let code = call.as_str();
                let id = derogation::grant_eligibility(app, &manager, siren(*who), code, "avis").await?;
                self.granted.insert((*who, code.to_owned()), id);
            }
            Step::FilingRevocation { who, campaign, .. } => self.revoke(*who, campaign.to_string()).await?,
            Step::EligibilityRevocation { who, call, .. } => self.revoke(*who, call.to_string()).await?,
            Step::PastAmount { who, year, amount, .. } => {
                let (cents, nil) =
                    (amount.map(eapd::domain::euros::Euros::to_plain).unwrap_or_default(), amount.is_none());
                let nil = if nil { "oui" } else { "" };
                let file = format!(
                    "siren;exercice;montant;neant;date_depot;source;motif\n{};{year};{cents};{nil};;enquête de 2011;relu\n",
                    siren(*who)
                );
                history::import(app, &manager, file.as_bytes()).await?;
            }
            Step::Awaiting { who, year, at } => self.await_attachment(*who, *year, *at).await?,
            Step::Attachment { who, year, is_accepted, .. } => {
                let Some((_, asked)) = self.awaiting.get(&(*who, *year)) else {
                    return Err(Broken { is_refusal: false, message: "nobody asked".to_owned() });
                };
                let answer = if *is_accepted { Answer::Accept } else { Answer::Refuse("inconnu en mairie") };
                attachment::decide(app, &manager, asked, answer).await?;
            }
        }
        Ok(())
    }

    async fn file(&self, who: Alias, year: FlowYear, kind: FilingKind, at: Instant) -> Result<(), Broken> {
        let lines = vec![well("P1", "1500,00"), well("P2", "0,01")];
        let (reason, piece) = ("décision fictive", "courrier fictif");
        let decision = match kind {
            FilingKind::Declared => return Ok(self.ask(who, year, Content::Lines(lines), at).await?),
            FilingKind::Nil => return Ok(self.ask(who, year, Content::Nil, at).await?),
            FilingKind::Rectified => Decision::Rectify(lines),
            FilingKind::Annulled => Decision::Annul,
            FilingKind::TakenOver => Decision::TakeOver(lines),
        };
        decide(&self.app.app, &manager(), siren(who), year, &decision, reason, piece).await?;
        Ok(())
    }

    /// An agent files; of a body that is gone, one of its successor.
    async fn ask(
        &self,
        who: Alias,
        year: FlowYear,
        content: Content,
        at: Instant,
    ) -> Result<(), ServiceError> {
        let heir = self.heirs.get(&who).filter(|(on, _)| *on <= at.day_in_paris()).map(|(_, heir)| *heir);
        let request = Request {
            siren: siren(who),
            flow_year: year,
            content,
            signatory: signatory(),
            document: None,
            received_at: at,
            idempotency: None,
        };
        file(&self.app.app, &agent(siren(heir.unwrap_or(who))), &request).await.map(drop)
    }

    /// Somebody whom nobody knows files.
    async fn await_attachment(&mut self, who: Alias, year: FlowYear, at: Instant) -> Result<(), Broken> {
        let address = format!("agent{}@commune.example", self.awaiting.len());
        let (agent, asked) = newcomer(self.app, &address, siren(who)).await;
        let request = Request {
            siren: siren(who),
            flow_year: year,
            content: Content::Lines(vec![well("P1", "1500,00")]),
            signatory: signatory(),
            document: None,
            received_at: at,
            idempotency: None,
        };
        file(&self.app.app, &agent, &request).await?;
        self.awaiting.insert((who, year), (agent, asked));
        Ok(())
    }

    /// The window refuses lines and a nil alike.
    async fn refused(&self, who: Alias, year: FlowYear, at: Instant) -> Result<(), Broken> {
        for content in [Content::Lines(vec![well("P1", "1")]), Content::Nil] {
            match self.ask(who, year, content, at).await {
                Err(ServiceError::Refused(refusal)) if is_closed(refusal.because) => {}
                other => {
                    let message = format!("the window had to refuse, and answered {other:?}");
                    return Err(Broken { is_refusal: false, message });
                }
            }
        }
        Ok(())
    }

    async fn revoke(&mut self, who: Alias, of: String) -> Result<(), Broken> {
        let Some(id) = self.granted.remove(&(who, of)) else {
            return Err(Broken { is_refusal: false, message: "there is nothing to revoke".to_owned() });
        };
        Ok(derogation::revoke(&self.app.app, &manager(), id, "erreur").await?)
    }
}

fn is_closed(because: Because) -> bool {
    because.kind() == RefusalKind::Closed
}
