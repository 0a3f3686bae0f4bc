//! Writes `docs/rules.md` from the catalogues, so that it never says other than the program.

use std::fmt::Write;

use super::design::DESIGN_RULES;
use super::entry::RuleEntry;
use super::{CATALOGUE, check_lines};
use crate::domain::codes::CodeLists;
use crate::domain::refusal::{Because, RefusalKind};
use crate::domain::year::FlowYear;

const INTRODUCTION: &str = "\
# Rules

Generated from the code (`src/domain/rules`, `src/domain/refusal.rs`): do not edit. To write it again,
run `EAPD_BLESS=1 cargo test --lib rules::`. Numbers such as “rule 6” in the code refer to section 1.
French from here on: sections 1 and 2 say what users read.
";

/// The text of `docs/rules.md`: the rules of the design, those of a line with an example of each message,
/// and the refusals of a request.
#[must_use]
pub fn document(codes: &CodeLists) -> String {
    let mut out = String::from(INTRODUCTION);
    out.push_str("\n## 1. Les règles du service\n\n");
    for (number, (name, summary)) in (1_u32..).zip(DESIGN_RULES) {
        line(&mut out, format_args!("{number}. **{name}.** {}", spaced(summary)));
    }
    out.push_str("\n## 2. Les contrôles d’une ligne\n\n");
    line(
        &mut out,
        format_args!(
            "{}",
            spaced(
                "Toutes les fautes de toutes les lignes sont dites à la fois. Une erreur empêche le dépôt, un avertissement demande seulement de vérifier. Un code n’est jamais donné à une autre règle. Message et remède sont ceux d’un exemple, pour l’exercice indiqué."
            )
        ),
    );
    out.push_str("\n| Code | Niveau | Règle | Exemple de message | Comment corriger | Exercice |\n|---|---|---|---|---|---|\n");
    for entry in CATALOGUE {
        line(&mut out, format_args!("{}", row(entry, codes)));
    }
    out.push_str("\n### Pourquoi\n\n| Code | Explication | Repose sur |\n|---|---|---|\n");
    for entry in CATALOGUE {
        line(
            &mut out,
            format_args!("| {} | {} | {} |", entry.code, cell(entry.explanation_fr), cell(entry.rests_on)),
        );
    }
    out.push_str("\n## 3. Les refus d’une demande\n\n");
    line(
        &mut out,
        format_args!(
            "Chaque refus porte une phrase qui dit quoi, où et comment corriger\u{a0}; ici, sa raison (en anglais, comme dans le code)."
        ),
    );
    out.push_str("\n| Code | Genre | Raison |\n|---|---|---|\n");
    for because in Because::ALL {
        let kind = kind(because.kind());
        line(&mut out, format_args!("| {} | {kind} | {} |", because.code(), cell(because.doc().trim())));
    }
    out
}

fn row(entry: &RuleEntry, codes: &CodeLists) -> String {
    // The example is what the program really says of the fixture.
    let issue = FlowYear::new(entry.flow_year).ok().and_then(|year| {
        let issues = check_lines(codes, year, &entry.lines()).issues;
        issues.into_iter().find(|issue| issue.rule == entry.rule)
    });
    let (message, hint) = issue.map(|issue| (issue.message, issue.hint)).unwrap_or_default();
    format!(
        "| {} | {} | {} | {} | {} | {} |",
        entry.code,
        entry.severity.label(),
        cell(entry.title_fr),
        cell(&message),
        cell(&hint),
        entry.flow_year
    )
}

fn kind(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::NotFound => "introuvable",
        RefusalKind::Closed => "hors délai",
        RefusalKind::Conflict => "contradiction",
        RefusalKind::Stale => "dépassé",
        RefusalKind::Forbidden => "interdit",
        RefusalKind::Invalid => "invalide",
        RefusalKind::TooOften => "trop d’essais",
    }
}

/// A text inside a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

/// The space before `: ; ? !` that does not break.
fn spaced(text: &str) -> String {
    [':', ';', '?', '!']
        .into_iter()
        .fold(text.to_owned(), |text, mark| text.replace(&format!(" {mark}"), &format!("\u{a0}{mark}")))
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _written = writeln!(out, "{text}");
}
