//! The table of an evening, for the screen and for `docs/operations.md`.

use std::fmt::Write;

use super::Asked;
use super::evening::{STEPS, Seen};
use super::ground::EDGES;
use crate::support::Result;
use crate::support::bench::root;
use crate::support::machine::Machine;

const BEGIN: &str = "<!-- make load -->\n";
const END: &str = "<!-- end of make load -->";

/// Markdown.
pub fn text(machine: &Machine, all: &[(&str, Asked, Seen)]) -> String {
    let mut out = format!("{machine}\n");
    for (engine, asked, seen) in all {
        let _ = table(&mut out, engine, *asked, seen);
    }
    out
}

fn table(out: &mut String, engine: &str, asked: Asked, seen: &Seen) -> std::fmt::Result {
    let Asked { declarants, seconds, instances, signs_in } = asked;
    let sessions = if signs_in { "everybody signs in" } else { "sessions opened before" };
    writeln!(
        out,
        "\n**{engine}**, {declarants} declarants in {seconds} s, {instances} instance(s), {sessions}:\n"
    )?;
    writeln!(out, "| step | p50 | p99 | max |\n|---|---|---|---|")?;
    for (step, times) in STEPS.iter().zip(&seen.steps).filter(|(_, times)| !times.is_empty()) {
        row(out, step, times)?;
    }
    row(out, "de l’arrivée au récépissé", &seen.whole)?;
    let (accepted, refused) = seen.edges;
    writeln!(
        out,
        "\nReceipts: {}, versions in the database: {}, errors: {}. Filed in the last minute: {}. Of {EDGES} signatures \
         sent from a second and a half before the end to as long after it, {accepted} were accepted, the last one at {}, and \
         {refused} refused from 00:00:00 on, with their lines still in the draft.",
        seen.receipts,
        seen.kept,
        seen.errors.len(),
        seen.last_minute,
        seen.last
    )?;
    for error in seen.errors.iter().take(5) {
        writeln!(out, "- {error}")?;
    }
    Ok(())
}

fn row(out: &mut String, name: &str, times: &[f64]) -> std::fmt::Result {
    let at = |hundredths: usize| {
        let place = (times.len().saturating_sub(1) * hundredths).div_ceil(100);
        times.get(place).copied().unwrap_or(f64::NAN)
    };
    writeln!(out, "| {name} | {:.0} ms | {:.0} ms | {:.0} ms |", at(50), at(99), at(100))
}

/// Replaces the tables of `docs/operations.md`.
pub fn write(text: &str) -> Result<()> {
    let path = root().join("docs/operations.md");
    let old = std::fs::read_to_string(&path)?;
    let (before, rest) = old.split_once(BEGIN).ok_or("no place for the table in docs/operations.md")?;
    let (_, after) = rest.split_once(END).ok_or("no end of the table in docs/operations.md")?;
    std::fs::write(&path, format!("{before}{BEGIN}{text}{END}{after}"))?;
    Ok(())
}
