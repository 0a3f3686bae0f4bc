//! What decisions change of the register: each is checked against what is held
//! and against the rows before it; every fault is collected.

use crate::domain::codes::CodeLists;
use crate::domain::collectivity::HORS;
use crate::domain::day::Day;
use crate::domain::eligibility::DescentKind;
use crate::domain::siren::Siren;

use super::body::{ALWAYS, Association, Body, Cause, Reason, Source, State, Succession, placeholder};
use super::decision::{Creation, Decision, Fault, Form, Numbered};
use super::ledger::Ledger;
use super::patch::Patch;
use super::summary::Summary;
use super::{attachment, lineage};

mod create;

/// Applies decisions in their order.
///
/// # Errors
/// Every fault; the ledger is of no use then.
pub fn apply(ledger: &mut Ledger, decisions: &[Numbered], codes: &CodeLists) -> Result<Summary, Vec<Fault>> {
    let mut summary = Summary::default();
    let mut faults = vec![];
    for Numbered { line, decision } in decisions {
        let mut step = Step { ledger, codes, summary: &mut summary };
        match step.take(decision) {
            Ok(Done::Created) => summary.created += 1,
            Ok(Done::Changed) => summary.changed += 1,
            Ok(Done::Closed) => summary.closed += 1,
            Ok(Done::Nothing) => summary.unchanged += 1,
            Err((column, value, message)) => faults.push(Fault { line: *line, column, value, message }),
        }
    }
    if faults.is_empty() { Ok(summary) } else { Err(faults) }
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Created,
    Changed,
    Closed,
    Nothing,
}

impl Done {
    const fn changed(is_new: bool) -> Self {
        if is_new { Self::Changed } else { Self::Nothing }
    }
}

/// Column, cell and message of a fault.
type Wrong = (&'static str, String, String);

fn wrong<T>(
    column: &'static str,
    value: &(impl ToString + ?Sized),
    message: impl Into<String>,
) -> Result<T, Wrong> {
    Err((column, value.to_string(), message.into()))
}

/// The flow year in which a decision of that day begins to hold, as a whole.
fn year_of(day: Day) -> u16 {
    u16::try_from(day.year()).unwrap_or(ALWAYS)
}

/// Another day than the one on record needs a reason.
fn need_reason(held: Option<Day>, on: Day, reason: &str) -> Result<(), Wrong> {
    match held.filter(|held| *held != on && reason.is_empty()) {
        Some(held) => {
            wrong("motif", "", format!("le registre porte déjà le {held}\u{a0}: dites pourquoi il change"))
        }
        None => Ok(()),
    }
}

struct Step<'a> {
    ledger: &'a mut Ledger,
    codes: &'a CodeLists,
    summary: &'a mut Summary,
}

impl Step<'_> {
    fn take(&mut self, decision: &Decision) -> Result<Done, Wrong> {
        match decision {
            Decision::Create(creation) => self.create(creation),
            Decision::Succeed { siren, into, on, form, reason } => {
                self.succeed(*siren, *into, *on, *form, reason)
            }
            Decision::Attach { siren, region, from, reason } => self.attach(*siren, region, *from, reason),
            Decision::Associate { siren, region, from, until, reason } => {
                self.associate(*siren, region, *from, *until, reason)
            }
            Decision::Begin { siren, on, reason } => self.begin(*siren, *on, reason),
            Decision::End { siren, on, reason } => self.end(*siren, *on, reason),
            Decision::Complete { siren, kind, code } => self.complete(*siren, &placeholder(*kind, code)),
            Decision::Amend { siren, kind, code, name, departement, population, from, reason } => {
                let id = self.held("siren", *siren)?.id.clone();
                let patch = Patch {
                    kind: *kind,
                    code: code.clone(),
                    name: name.clone(),
                    departement: departement.clone().map(Some),
                    region: None,
                    population: population.map(Some),
                };
                let reason = Reason::new(Cause::Amendment, reason);
                Ok(Done::changed(self.ledger.amend(&id, year_of(*from), &patch, &reason)))
            }
        }
    }

    fn held(&self, column: &'static str, siren: Siren) -> Result<&Body, Wrong> {
        match self.ledger.get(siren.as_str()) {
            Some(body) => Ok(body),
            None => wrong(
                column,
                &siren,
                "ce SIREN n’est pas au registre\u{a0}: importez le millésime, ou ajoutez au-dessus une ligne «\u{a0}creation\u{a0}»",
            ),
        }
    }

    /// A region that exists in a flow year, or at all where none is given.
    fn region(&self, code: &str, year: Option<u16>) -> Result<(), Wrong> {
        let regions = self.codes.regions();
        if regions.latest(code).is_none() {
            return wrong(
                "region",
                code,
                format!(
                    "ce code de région n’existe pas\u{a0}: donnez le code INSEE, par exemple 11, ou {HORS}"
                ),
            );
        }
        match year {
            Some(year) if regions.at(code, year).is_none() => wrong(
                "region",
                code,
                format!("cette région n’existe pas en {year}\u{a0}: vérifiez le code et la date"),
            ),
            _ => Ok(()),
        }
    }

    fn attach(&mut self, siren: Siren, region: &str, from: Option<Day>, reason: &str) -> Result<Done, Wrong> {
        self.region(region, from.map(year_of))?;
        let body = self.held("siren", siren)?;
        let (id, is_decided) = (body.id.clone(), body.is_decided(Cause::Attachment));
        let row = self.codes.regions().latest(region);
        let began = row.and_then(|row| row.years.first).unwrap_or(ALWAYS);
        let year = from.map_or(began, year_of);
        let before = body.at(year).map(|state| state.attributes.region.clone()).unwrap_or_default();
        let was_associated = body.associated_in(year).contains(&region);
        let reason = Reason::new(Cause::Attachment, reason);
        let patch = Patch { region: Some(region.to_owned()), ..Patch::default() };
        let is_new = self.ledger.amend(&id, year, &patch, &reason);
        if !is_new && !is_decided {
            // The decision confirms what was computed: from now on it stands.
            self.ledger.record(&id, year, &reason);
        }
        if is_new && was_associated {
            // The body goes on lying in both: the other one is the associated one now.
            self.ledger.dissociate(&id, region, year.saturating_sub(1));
            self.ledger.associate(&id, Association { region: before, from_year: year, to_year: None });
        }
        // A region that ended since hands on to the one that holds it now.
        if let Some((last, next)) = row.and_then(|row| Some((row.years.last?, row.successor.as_deref()?))) {
            let next_year = last.saturating_add(1);
            let held = self.ledger.get(&id).and_then(|body| body.at(next_year));
            if held.is_some_and(|state| state.attributes.region == region) {
                let patch = Patch { region: Some(next.to_owned()), ..Patch::default() };
                self.ledger.amend(&id, next_year, &patch, &reason);
            }
        }
        Ok(Done::changed(is_new || !is_decided))
    }

    fn associate(
        &mut self,
        siren: Siren,
        region: &str,
        from: Option<Day>,
        until: Option<Day>,
        reason: &str,
    ) -> Result<Done, Wrong> {
        self.region(region, from.or(until).map(year_of))?;
        let body = self.held("siren", siren)?;
        let id = body.id.clone();
        let began = self.codes.regions().latest(region).and_then(|row| row.years.first).unwrap_or(ALWAYS);
        let year = from.map_or(began, year_of);
        if body.at(year).is_some_and(|state| state.attributes.region == region) {
            return wrong(
                "region",
                region,
                "c’est déjà sa région de rattachement\u{a0}: une région associée en est une autre",
            );
        }
        let last = until.map(year_of);
        if last.is_none() && body.associated_in(year).contains(&region) {
            return Ok(Done::Nothing);
        }
        // An association that runs is ended; another one is added.
        let is_new = match last {
            Some(last) if body.associated_in(last).contains(&region) => {
                self.ledger.dissociate(&id, region, last)
            }
            to_year => {
                let association = Association { region: region.to_owned(), from_year: year, to_year };
                self.ledger.associate(&id, association)
            }
        };
        if is_new {
            self.ledger.record(&id, year, &Reason::new(Cause::Association, reason));
        }
        Ok(Done::changed(is_new))
    }

    fn begin(&mut self, siren: Siren, on: Day, reason: &str) -> Result<Done, Wrong> {
        let body = self.held("siren", siren)?;
        let (id, from, until) = (body.id.clone(), body.exists_from, body.exists_until);
        if let Some(until) = until.filter(|until| *until < on) {
            return wrong(
                "date",
                &on,
                format!("le dernier jour au registre est le {until}\u{a0}: vérifiez la date"),
            );
        }
        need_reason(from, on, reason)?;
        Ok(Done::changed(self.ledger.set_existence(&id, Some(on), until)))
    }

    fn end(&mut self, siren: Siren, on: Day, reason: &str) -> Result<Done, Wrong> {
        let body = self.held("siren", siren)?;
        let (id, from, until) = (body.id.clone(), body.exists_from, body.exists_until);
        if let Some(from) = from.filter(|from| on < *from) {
            return wrong(
                "date",
                &on,
                format!("le premier jour au registre est le {from}\u{a0}: vérifiez la date"),
            );
        }
        need_reason(until, on, reason)?;
        let is_new = self.ledger.set_existence(&id, from, Some(on));
        Ok(if is_new { Done::Closed } else { Done::Nothing })
    }

    fn succeed(
        &mut self,
        siren: Siren,
        into: Siren,
        on: Day,
        form: Form,
        reason: &str,
    ) -> Result<Done, Wrong> {
        let kind = if form == Form::Split { DescentKind::Split } else { DescentKind::Merger };
        let (leaver, heir) = (self.held("siren", siren)?, self.held("vers", into)?);
        let known =
            self.ledger.successions().iter().find(|held| (held.predecessor, held.successor) == (siren, into));
        if let Some(known) = known {
            if (known.on, known.kind) == (on, kind) {
                return Ok(Done::Nothing);
            }
            let message =
                format!("cette succession est déjà enregistrée au {}\u{a0}: elle ne change plus", known.on);
            return wrong("date", &on, message);
        }
        if let Some(path) = lineage::path(self.ledger.successions(), into, siren) {
            let names: Vec<String> = path
                .iter()
                .chain([&into])
                .map(|siren| self.ledger.get(siren.as_str()).map_or_else(|| siren.to_string(), Body::named))
                .collect();
            let message = format!(
                "la succession tournerait en rond\u{a0}: {}\u{a0}; vérifiez «\u{a0}siren\u{a0}» et «\u{a0}vers\u{a0}»",
                names.join(" → ")
            );
            return wrong("vers", &into, message);
        }
        let last = on.previous();
        let (leaver_from, leaver_until) = (leaver.exists_from, leaver.exists_until);
        if let Some(from) = leaver_from.filter(|from| last < *from) {
            return wrong(
                "date",
                &on,
                format!("la collectivité qui disparaît n’existe que depuis le {from}"),
            );
        }
        if let Some(until) = leaver_until.filter(|until| *until < last) {
            return wrong(
                "date",
                &on,
                format!("la collectivité qui disparaît n’existe plus depuis le {until}"),
            );
        }
        if let Some(until) = heir.exists_until.filter(|until| *until < on) {
            return wrong(
                "vers",
                &into,
                format!("la collectivité d’arrivée n’existe plus depuis le {until}"),
            );
        }
        let (heir_from, heir_until) = (heir.exists_from, heir.exists_until);
        match (form, heir_from) {
            (Form::Absorption, Some(from)) if from >= on => {
                return wrong(
                    "vers",
                    &into,
                    format!(
                        "la collectivité d’arrivée n’existe que depuis le {from}\u{a0}: écrivez «\u{a0}fusion\u{a0}»"
                    ),
                );
            }
            (Form::Merger, Some(from)) if from < on => {
                return wrong(
                    "vers",
                    &into,
                    format!(
                        "la collectivité d’arrivée existe depuis le {from}\u{a0}: écrivez «\u{a0}absorption\u{a0}»"
                    ),
                );
            }
            (Form::Merger | Form::Split, Some(from)) if from != on => {
                return wrong(
                    "date",
                    &on,
                    format!("la collectivité d’arrivée existe depuis le {from}\u{a0}: vérifiez la date"),
                );
            }
            _ => {}
        }
        if form != Form::Split {
            self.ledger.set_existence(siren.as_str(), leaver_from, Some(last));
        }
        if form != Form::Absorption && heir_from.is_none() {
            self.ledger.set_existence(into.as_str(), Some(on), heir_until);
            let named = self.ledger.get(into.as_str()).map(Body::named).unwrap_or_default();
            self.summary.notices.push(format!("{named}\u{a0}: son premier jour est désormais le {on}"));
        }
        self.ledger.succeed(Succession {
            predecessor: siren,
            successor: into,
            on,
            kind,
            reason: reason.to_owned(),
        });
        Ok(if form == Form::Split { Done::Changed } else { Done::Closed })
    }
}
