//! The result: a table on the terminal, the same in Markdown, the charts beside it.

use std::fmt::Write as _;

use super::Result;
use super::bench::{Bench, root};
use super::contest::Figure;
use super::line::{Goal, Line, Reference, Unit};

/// Between these lines `docs/performance.md` holds what the bench wrote.
const BEGIN: &str = "<!-- written by make bench: begin -->";
const END: &str = "<!-- written by make bench: end -->";

/// A line of the terminal.
pub fn text(line: &Line) -> String {
    let ours = line.ours.map_or_else(|| "–".to_owned(), |figure| spread(line.unit, figure));
    let beside = line.reference.as_ref().map(|Reference { name, figure, ratio }| {
        format!("  | {name} {}  = {}", spread(line.unit, *figure), spread(Unit::Times, *ratio))
    });
    let note = if line.note.is_empty() { String::new() } else { format!("\n      {}", line.note) };
    format!(
        "{:<8}{}: {ours}{}  (to reach: {}){note}",
        verdict(line),
        line.what,
        beside.unwrap_or_default(),
        line.goal.show(line.unit)
    )
}

fn verdict(line: &Line) -> &'static str {
    match (line.ours, line.goal, line.is_reached()) {
        (Some(_), Goal::Shown, _) => "shown",
        (_, _, true) => "reached",
        _ => "SHORT",
    }
}

fn spread(unit: Unit, figure: Figure) -> String {
    if figure.least.to_bits() == figure.most.to_bits() {
        return unit.show(figure.median);
    }
    format!("{} [{} – {}]", unit.show(figure.median), unit.show(figure.least), unit.show(figure.most))
}

/// Writes the result and says whether every line reached what it had to.
pub fn write(bench: &Bench) -> Result<bool> {
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder)?;
    let table = markdown(bench)?;
    std::fs::write(folder.join("result.md"), &table)?;
    for chart in &bench.charts {
        chart.draw(&folder.join(chart.file_name()))?;
    }
    println!("\nwritten: {}", folder.display());
    if bench.options.document {
        document(bench, &table)?;
    }
    let short: Vec<&Line> = bench.lines.iter().filter(|line| !line.is_reached()).collect();
    let reached = bench.lines.iter().filter(|line| line.goal != Goal::Shown && line.is_reached()).count();
    println!("{reached} lines reached, {} short:", short.len());
    for line in &short {
        println!("{}", text(line));
    }
    Ok(short.is_empty())
}

fn markdown(bench: &Bench) -> Result<String> {
    let mut text = String::new();
    writeln!(text, "{}.", bench.machine)?;
    writeln!(
        text,
        "{} effective lines in the data, {} rounds.\n",
        bench.national.lines, bench.options.rounds
    )?;
    writeln!(text, "| job | ours | beside | theirs | ratio | to reach | |\n|---|---|---|---|---|---|---|")?;
    for line in &bench.lines {
        let ours = line.ours.map_or_else(|| "–".to_owned(), |figure| spread(line.unit, figure));
        let (name, theirs, ratio) = line.reference.as_ref().map_or_else(Default::default, |beside| {
            let ratio = spread(Unit::Times, beside.ratio);
            (beside.name.clone(), spread(line.unit, beside.figure), ratio)
        });
        let (goal, verdict) = (line.goal.show(line.unit), verdict(line));
        writeln!(text, "| {} | {ours} | {name} | {theirs} | {ratio} | {goal} | {verdict} |", line.what)?;
    }
    let mut notes = bench.lines.iter().filter(|line| !line.note.is_empty()).peekable();
    if notes.peek().is_some() {
        writeln!(text)?;
    }
    for line in notes {
        writeln!(text, "- {}: {}", line.what, line.note)?;
    }
    for chart in &bench.charts {
        writeln!(text, "\n![{}](images/{})", chart.title, chart.file_name())?;
    }
    Ok(text)
}

/// Replaces what an earlier run wrote into `docs/performance.md`, and its charts.
fn document(bench: &Bench, table: &str) -> Result<()> {
    let page = root().join("docs/performance.md");
    let text = std::fs::read_to_string(&page)?;
    let (before, rest) = text.split_once(BEGIN).ok_or("docs/performance.md has no place for the table")?;
    let (_old, after) = rest.split_once(END).ok_or("docs/performance.md has no end of the table")?;
    std::fs::write(&page, format!("{before}{BEGIN}\n{table}{END}{after}"))?;
    for chart in &bench.charts {
        chart.draw(&root().join("docs/images").join(chart.file_name()))?;
    }
    Ok(())
}
