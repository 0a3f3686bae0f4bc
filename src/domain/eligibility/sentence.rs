//! The French sentences of a verdict, in plain words, with the days that matter.
//!
//! Bodies are named without article, since their gender is unknown; verbs are
//! chosen so that no participle agrees with them.

use crate::domain::call::Call;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

use super::facts::Facts;
use super::finding::Finding;
use super::on_file::{EndedDerogation, FilingVersion};
use super::verdict::{PredecessorYear, Status, YearState, YearVerdict};

/// The body asked about, at the head of a sentence.
pub(super) const SELF: &str = "La collectivité";

/// `Nom (SIREN 123456782)`, or the SIREN alone outside the register.
pub(super) fn named(siren: Siren, name: &str) -> String {
    if name.is_empty() { format!("SIREN\u{a0}{siren}") } else { format!("{name} (SIREN\u{a0}{siren})") }
}

/// What `finding` means for `subject` and `year`.
pub(super) fn of_finding(subject: &str, year: FlowYear, finding: Finding<'_>) -> String {
    let campaign = year.campaign();
    match finding {
        Finding::Filed(filing) => of_filing(subject, year, filing),
        Finding::PastAmount(past) => {
            let source = &past.source;
            let what = past.amount.map_or_else(
                || format!("n’avoir rien versé en {year}"),
                |amount| format!("{amount} pour {year}"),
            );
            format!("{subject} a déclaré {what}, avant l’ouverture de ce service (source\u{a0}: {source}).")
        }
        Finding::Awaiting { since } => format!(
            "{subject} a remis le {since} une déclaration pour {year}, qui comptera quand le rattachement \
             de son agent aura été validé."
        ),
        Finding::WindowNotOver { opens_on: Some(opens_on), until, void: _ } => format!(
            "{subject} pourra déclarer ses versements de {year} pendant la campagne {campaign}, \
             du {} au {} inclus.",
            opens_on.to_long(),
            until.to_long()
        ),
        Finding::WindowNotOver { opens_on: None, until, void } => format!(
            "{}\u{a0}: {} jusqu’au {} inclus.",
            lacking(subject, year, void, "n’a pas encore déclaré"),
            if void.is_some() { "une nouvelle peut être déposée" } else { "c’est possible" },
            until.to_long()
        ),
        Finding::Derogation { until, void } => format!(
            "{}\u{a0}; une dérogation permet encore un dépôt jusqu’au {} inclus.",
            lacking(subject, year, void, "n’a pas déclaré"),
            until.to_long()
        ),
        Finding::Missed { over, void, ended } => {
            let lacking = lacking(subject, year, void, "n’a pas déclaré");
            let closed = over.map_or_else(
                || "aucun montant n’a été repris pour cette année, antérieure à ce service".to_owned(),
                |over| format!("la campagne {campaign} s’est terminée le {}", over.closed_on.to_long()),
            );
            format!("{lacking}\u{a0}: {closed}{}.", after_derogation(ended))
        }
        Finding::YearUnknown { cancelled: false } => format!(
            "Le service ne sait rien des versements de {year}\u{a0}: aucune campagne ni aucun montant \
             antérieur n’y est enregistré."
        ),
        Finding::YearUnknown { cancelled: true } => format!(
            "La campagne {campaign} a été annulée\u{a0}: les versements de {year} n’ont pas pu être déclarés."
        ),
        Finding::OutsideRegister => outside_register(subject),
    }
}

fn of_filing(subject: &str, year: FlowYear, filing: &FilingVersion) -> String {
    let (filed_at, receipt) = (filing.filed_at, receipt(filing));
    match filing.kind {
        FilingKind::Nil => {
            format!("{subject} a déclaré le {filed_at} n’avoir rien versé en {year}{receipt}.")
        }
        FilingKind::Rectified => format!(
            "{subject} a pour {year} une déclaration rectifiée par le ministère le {filed_at}{receipt}."
        ),
        _ => format!("{subject} a déclaré le {filed_at} ses versements de {year}{receipt}."),
    }
}

fn receipt(filing: &FilingVersion) -> String {
    filing.receipt.as_ref().map(|number| format!(" (récépissé {number})")).unwrap_or_default()
}

/// That nothing counts for the year, and which version does not.
fn lacking(subject: &str, year: FlowYear, void: Option<&FilingVersion>, verb: &str) -> String {
    match void {
        Some(filing) if filing.kind == FilingKind::Annulled => format!(
            "{subject} n’a plus de déclaration valable pour {year} (annulée par le ministère le {})",
            filing.filed_at
        ),
        Some(filing) if filing.kind == FilingKind::TakenOver => format!(
            "{subject} n’a pour {year} qu’une déclaration reçue hors délai, qui compte dans les totaux \
             mais ne suffit pas"
        ),
        _ => format!("{subject} {verb} ses versements de {year}"),
    }
}

fn after_derogation(ended: Option<EndedDerogation>) -> String {
    match ended {
        None => String::new(),
        Some(EndedDerogation::Lapsed(until)) => {
            format!(", et la dérogation de dépôt le {}", until.to_long())
        }
        Some(EndedDerogation::Revoked(at)) => {
            format!(", et la dérogation de dépôt a été révoquée le {at}")
        }
    }
}

/// That the body was not there yet, nor anyone before it.
pub(super) fn not_born(year: FlowYear, has_predecessors: bool) -> String {
    let nor = if has_predecessors { ", ni celles auxquelles elle succède" } else { "" };
    format!("{SELF} n’existait pas encore en {year}{nor}\u{a0}: rien n’était à déclarer.")
}

/// That the body was there no more, and who took over.
pub(super) fn ended(siren: Siren, year: FlowYear, facts: &Facts) -> String {
    let last_day = facts.body(siren).and_then(|body| body.exists_until);
    let since = last_day.map(|day| format!(" (dernier jour\u{a0}: {})", day.to_long())).unwrap_or_default();
    let heirs: Vec<String> = facts
        .descents_from(siren)
        .iter()
        .map(|descent| {
            let name = facts.body(descent.successor).map_or("", |body| body.name.as_str());
            named(descent.successor, name)
        })
        .collect();
    let ask =
        if heirs.is_empty() { String::new() } else { format!(" Lui succède\u{a0}: {}.", heirs.join(", ")) };
    format!("{SELF} n’existait plus en {year}{since}\u{a0}: rien n’était à déclarer.{ask}")
}

/// Rule 9: a successor's agents may file for a predecessor.
const WHO_FILES: &str = " Les agents de la nouvelle collectivité peuvent déclarer pour les anciennes.";

/// What the predecessors mean for a year in which the body was not born.
/// `deciding` are those of the gravest state; they are named, all of them.
pub(super) fn inherited(year: FlowYear, deciding: &[(PredecessorYear, Finding<'_>)]) -> String {
    let head = format!("{SELF} n’existait pas encore en {year}.");
    if let [(only, finding)] = deciding {
        let subject = format!("{}, à qui elle succède,", named(only.siren, &only.name));
        let who = if only.state == YearState::Pending { WHO_FILES } else { "" };
        return format!("{head} {}{who}", of_finding(&subject, year, *finding));
    }
    let names: Vec<String> =
        deciding.iter().map(|(predecessor, _)| named(predecessor.siren, &predecessor.name)).collect();
    let names = names.join(", ");
    let state = deciding.first().map_or(YearState::Satisfied, |(predecessor, _)| predecessor.state);
    match state {
        YearState::Satisfied => {
            format!("{head} Toutes celles auxquelles elle succède ont déclaré\u{a0}: {names}.")
        }
        YearState::Pending => {
            format!(
                "{head} Parmi celles auxquelles elle succède, peuvent encore déclarer\u{a0}: {names}.{WHO_FILES}"
            )
        }
        YearState::Unknown => {
            format!(
                "{head} Le service ne sait rien de cette année pour celles auxquelles elle succède\u{a0}: {names}."
            )
        }
        YearState::Missed => {
            format!("{head} Parmi celles auxquelles elle succède, n’ont pas déclaré\u{a0}: {names}.")
        }
    }
}

/// The sentence of the whole: the answer, the years that decide, what can be done.
pub(super) fn of_verdict(
    call: &Call,
    status: Status,
    deciding: &[&YearVerdict],
    facts: &Facts,
    at: Instant,
) -> String {
    let code = call.code();
    let mut sentence = match status {
        Status::Eligible => format!("Éligible à l’appel {code}."),
        Status::Ineligible => format!("Inéligible à l’appel {code}."),
        Status::Pending => {
            format!("Peut candidater à l’appel {code}, mais ne peut rien obtenir pour l’instant.")
        }
        Status::Undetermined | Status::NotConcerned => unanswered(call),
    };
    for year in deciding {
        sentence.push(' ');
        sentence.push_str(&year.sentence);
    }
    sentence.push_str(match status {
        Status::Ineligible => remedy(deciding, facts, at),
        Status::Undetermined => " Signalez-le au ministère, qui peut compléter ce qui manque.",
        Status::Eligible | Status::Pending | Status::NotConcerned => "",
    });
    sentence
}

/// That a derogation makes eligible.
pub(super) fn exempted(call: &Call, decided_at: Instant) -> String {
    format!("Éligible à l’appel {} par une dérogation du ministère décidée le {decided_at}.", call.code())
}

/// That the register does not know the SIREN.
pub(super) fn unregistered(siren: Siren, call: &Call) -> String {
    format!("{} {}", unanswered(call), outside_register(&named(siren, "")))
}

fn unanswered(call: &Call) -> String {
    format!("Le service ne peut pas répondre pour l’appel {}.", call.code())
}

fn outside_register(subject: &str) -> String {
    format!(
        "{subject} ne figure pas dans le registre des collectivités\u{a0}: \
         vérifiez le numéro, puis demandez au ministère de l’ajouter."
    )
}

/// What remains possible when years were missed: a late filing while none of
/// their campaigns is settled, a past amount where there was no campaign, a
/// derogation in any case.
fn remedy(missed: &[&YearVerdict], facts: &Facts, at: Instant) -> &'static str {
    let settled =
        |year: &YearVerdict| facts.campaign(year.year, at).is_some_and(|(_, state)| state.is_settled());
    if missed.iter().all(|year| year.campaign.is_some() && !settled(year)) {
        " Le ministère peut encore, sur demande motivée, permettre un dépôt tardif \
         ou accorder une dérogation d’éligibilité."
    } else if missed.iter().all(|year| year.campaign.is_none()) {
        " Si la déclaration a été faite à l’époque, le ministère peut la reprendre sur justificatif\u{a0}; \
         sinon, seule une dérogation d’éligibilité, à lui demander, peut y remédier."
    } else {
        " Seule une dérogation d’éligibilité, à demander au ministère, peut y remédier."
    }
}
