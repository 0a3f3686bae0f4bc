//! The cross-checks of the OECD's form (domain facts 2.2 and 2.3), run on each row: an error keeps an edition from being
//! released, a warning is only shown.

use crate::domain::codes::{Declarable, RecipientKind};
use crate::domain::crs::CrsLine;
use crate::domain::field::Field;
use crate::domain::text::excerpt;
use crate::reports::Context;
use crate::reports::crs::record::{LONGEST_DESCRIPTION, Record};
use crate::reports::resolved::Resolved;

/// Faults that are told one by one; all are counted.
const TOLD: usize = 1_000;

/// A check.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Stable code.
    pub code: &'static str,
    /// What must hold, in French.
    pub label: &'static str,
    /// Whether a row that fails keeps the edition back.
    pub is_error: bool,
    /// What is wrong with a row, in French; none where it holds.
    run: fn(&Row<'_>) -> Option<String>,
}

/// What a check looks at.
struct Row<'a> {
    line: &'a Resolved<'a>,
    record: &'a Record<'a>,
    declared: &'a CrsLine,
    context: &'a Context,
}

/// A row that fails a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Code of the check.
    pub code: &'static str,
    /// Whether it keeps the edition back.
    pub is_error: bool,
    /// SIREN of the body.
    pub siren: String,
    /// Reference of the line.
    pub reference: String,
    /// The sentence, which names the line.
    pub message: String,
}

/// What the checks found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Rows looked at.
    pub rows: u64,
    /// Rows that fail, in the order of [`CHECKS`].
    pub counts: [u64; CHECKS.len()],
    /// The first faults.
    pub faults: Vec<Fault>,
}

/// The checks, in the order in which they are listed.
pub const CHECKS: [Check; 16] = [
    error("V01", "Le bénéficiaire est sur la liste du CAD de l’exercice", |row| {
        let recipients = row.context.codes.recipients();
        let found = recipients.at(row.record.recipient, row.context.flow_year.get());
        (found.is_none())
            .then(|| format!("le bénéficiaire {} n’est pas sur la liste du CAD", row.record.recipient))
    }),
    error("V02", "Le code-objet est en vigueur et n’est pas une rubrique", |row| {
        let found = row.context.codes.purposes().at(row.record.purpose, row.context.flow_year.get());
        declarable(found, row, "le code-objet", row.record.purpose)
    }),
    error("V03", "Le canal est en vigueur et n’est pas une tête de rubrique", |row| {
        let found = row.context.codes.channels().at(row.record.channel, row.context.flow_year.get());
        declarable(found, row, "le canal", row.record.channel)
    }),
    error("V04", "Le type d’aide est en vigueur et ne se divise pas", |row| {
        let found = row.context.codes.aid_types().at(row.record.aid_type, row.context.flow_year.get());
        declarable(found, row, "le type d’aide", row.record.aid_type)
    }),
    error("V05", "Type d’aide B01\u{a0}: canal 2xxxx", |row| family(row, &["B01"], '2')),
    error("V06", "Types d’aide B02, B021 et B022\u{a0}: canal 4xxxx", |row| {
        family(row, &["B02", "B021", "B022"], '4')
    }),
    error("V07", "Bi/multi\u{a0}: 3 pour B01, 2 pour B02, 1 pour les autres types d’aide", |row| {
        let expected = match row.record.aid_type {
            "B01" => 3,
            "B02" | "B021" | "B022" => 2,
            _ => 1,
        };
        (row.record.bi_multi != expected).then(|| {
            let Record { aid_type, bi_multi, .. } = row.record;
            format!("le type d’aide {aid_type} demande le code bi/multi {expected}, et non {bi_multi}")
        })
    }),
    error("V08", "Type d’aide H01 (sensibilisation)\u{a0}: code-objet 99820", |row| {
        purpose(row, &["H01"], "99820")
    }),
    error("V09", "Types d’aide H02 à H06 (réfugiés)\u{a0}: codes-objet 930xx", |row| {
        purpose(row, &["H02", "H03", "H04", "H05", "H06"], "930")
    }),
    error("V10", "Type d’aide G01 (frais administratifs)\u{a0}: code-objet 91010", |row| {
        purpose(row, &["G01"], "91010")
    }),
    error("V11", "Sensibilisation et contributions multilatérales\u{a0}: bénéficiaire 998", |row| {
        let is_unspecified =
            row.line.recipient.is_some_and(|recipient| recipient.kind == RecipientKind::Unspecified);
        let must = matches!(row.record.aid_type, "H01" | "B02" | "B021" | "B022");
        (must && !is_unspecified).then(|| {
            let Record { aid_type, recipient, .. } = row.record;
            format!("le type d’aide {aid_type} demande le bénéficiaire 998, et non {recipient}")
        })
    }),
    error("V12", "Marqueurs\u{a0}: 0, 1, 2 ou vide\u{a0}; 3 pour la désertification seule", |row| {
        let markers = crate::domain::line::Markers::FIELDS.into_iter().zip(row.record.markers.values());
        let limit = |field| if field == Field::MarkerDesertification { 3 } else { 2 };
        let mut wrong = markers.filter(|(field, value)| value.is_some_and(|value| value > limit(*field)));
        wrong.next().map(|(field, value)| {
            format!("le champ {} porte la note {}", field.header(), value.unwrap_or_default())
        })
    }),
    error("V13", "Le projet commence avant de finir", |row| {
        let dates = row.record.starts_on.zip(row.record.ends_on);
        dates
            .filter(|(start, end)| start > end)
            .map(|(start, end)| format!("le projet finit le {end}, avant de commencer le {start}"))
    }),
    error("V14", "Titre présent et de 150 caractères au plus\u{a0}; zone de 100 au plus", |row| {
        let (title, place) = (row.record.title.chars().count(), row.record.place.chars().count());
        (row.record.title.trim().is_empty() || title > 150 || place > 100)
            .then(|| format!("le titre compte {title} caractères et la zone {place}"))
    }),
    warning("A01", "L’identifiant CRS déclaré est connu pour cette collectivité", |row| {
        let named = row.declared.filed.line.crs_project.as_deref()?;
        let is_known = row.declared.known.is_some_and(|id| id.as_str() == named);
        (!is_known).then(|| {
            format!(
                "l’identifiant déclaré {} n’a pas été attribué à cette collectivité, ni à une collectivité dont \
                 elle a pris la suite\u{a0}: il n’est pas repris",
                excerpt(named, 20)
            )
        })
    }),
    warning("A02", "La description tient dans 20\u{202f}000 caractères, nom et SIREN compris", |row| {
        let length = row.record.description.chars().count();
        (length >= LONGEST_DESCRIPTION)
            .then(|| "la description est coupée à 20\u{202f}000 caractères".to_owned())
    }),
];

const fn error(code: &'static str, label: &'static str, run: fn(&Row<'_>) -> Option<String>) -> Check {
    Check { code, label, is_error: true, run }
}

const fn warning(code: &'static str, label: &'static str, run: fn(&Row<'_>) -> Option<String>) -> Check {
    Check { code, label, is_error: false, run }
}

fn declarable<T: Declarable>(found: Option<&T>, row: &Row<'_>, what: &str, code: &str) -> Option<String> {
    let year = row.context.flow_year;
    let holds = found.is_some_and(|found| found.is_declarable(year.get()));
    (!holds).then(|| format!("{what} {code} ne se notifie pas pour l’exercice {year}"))
}

/// The family of the channel of these types of aid begins with a digit.
fn family(row: &Row<'_>, aid_types: &[&str], beginning: char) -> Option<String> {
    let Record { aid_type, channel, .. } = row.record;
    let family = row.line.channel.map_or(*channel, |channel| channel.family.as_str());
    (aid_types.contains(aid_type) && !family.starts_with(beginning))
        .then(|| format!("le type d’aide {aid_type} demande un canal {beginning}xxxx, et non {channel}"))
}

/// The purpose of these types of aid begins with these digits.
fn purpose(row: &Row<'_>, aid_types: &[&str], beginning: &str) -> Option<String> {
    let Record { aid_type, purpose, .. } = row.record;
    (aid_types.contains(aid_type) && !purpose.starts_with(beginning))
        .then(|| format!("le type d’aide {aid_type} demande le code-objet {beginning:x<5}, et non {purpose}"))
}

impl Checked {
    /// Runs every check on a row.
    pub fn run(&mut self, line: &Resolved<'_>, record: &Record<'_>, declared: &CrsLine, context: &Context) {
        self.rows = self.rows.saturating_add(1);
        let row = Row { line, record, declared, context };
        for (check, count) in CHECKS.iter().zip(&mut self.counts) {
            let Some(what) = (check.run)(&row) else { continue };
            *count = count.saturating_add(1);
            if self.faults.len() < TOLD {
                let (name, siren) = (&line.body.name, line.filed.siren.to_string());
                let reference = line.line().reference.clone();
                let message = format!(
                    "{name} (SIREN {siren}), ligne «\u{a0}{reference}\u{a0}»\u{a0}: {what} (contrôle {})",
                    check.code
                );
                let (code, is_error) = (check.code, check.is_error);
                self.faults.push(Fault { code, is_error, siren, reference, message });
            }
        }
    }

    /// How many times an error was found.
    #[must_use]
    pub fn errors(&self) -> u64 {
        CHECKS.iter().zip(self.counts).filter(|(check, _)| check.is_error).map(|(_, count)| count).sum()
    }

    /// The sentences of the first errors.
    #[must_use]
    pub fn first_errors(&self, most: usize) -> Vec<String> {
        let errors = self.faults.iter().filter(|fault| fault.is_error);
        errors.take(most).map(|fault| fault.message.clone()).collect()
    }
}
