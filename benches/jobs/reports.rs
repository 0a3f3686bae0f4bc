//! Reports: from the database to the file, beside the bare writers with the same cells in memory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::references::Timed;
use crate::support::Result;
use crate::support::bench::Bench;
use crate::support::chart::Chart;
use crate::support::contest::{Contender, Figure, Output, Sample, Standing, contest};
use crate::support::dataset::{SIZES, Sized, command};
use crate::support::line::{Goal, Line, Unit};
use crate::support::{process, read_back, script};

/// At most, for one file by anyone.
const LIMIT: Duration = Duration::from_mins(2);
/// The size at which ours stands beside the others.
const MIDDLE: Sized = SIZES[1];
/// The memory that a report may take above an idle process, MiB.
const MEMORY: f64 = 64.0;

/// A report in one format.
#[derive(Debug, Clone, Copy)]
struct File {
    what: &'static str,
    name: &'static str,
    format: &'static str,
    read_back: fn(&Path) -> Result<Output>,
}

const CSV: File = File { what: "lines CSV", name: "lignes", format: "csv", read_back: read_back::csv };
const LINES: File =
    File { what: "lines workbook", name: "lignes", format: "xlsx", read_back: read_back::workbook };
const TRESOR: File =
    File { what: "Trésor workbook", name: "tresor", format: "xlsx", read_back: read_back::workbook };
const XML: File =
    File { what: "Trésor XML", name: "tresor", format: "xml", read_back: read_back::tresor_xml };
const IATI: File =
    File { what: "IATI XML", name: "iati-activites", format: "xml", read_back: read_back::iati };

const CRS: File =
    File { what: "CRS++ workbook", name: "ocde-crs", format: "xlsx", read_back: read_back::workbook };
const GROUPS: File = File {
    what: "grouped CRS++ workbook",
    name: "ocde-crs-regroupe",
    format: "xlsx",
    read_back: read_back::workbook,
};
const PACKAGE: File =
    File { what: "Data Package", name: "donnees-ouvertes", format: "zip", read_back: read_back::package };

/// Runs the job.
pub fn run(bench: &mut Bench) -> Result<()> {
    let idle = idle_kib(bench)?;
    for file in [LINES, TRESOR, XML, IATI, CRS, GROUPS, PACKAGE, CSV] {
        grow(bench, file, idle)?;
    }
    beside(bench, LINES, &["workbook", "lines"], CSV, Some(1.15))?;
    beside(bench, TRESOR, &["workbook", "tresor"], TRESOR, None)?;
    beside(bench, XML, &["xml"], XML, None)?;
    beside(bench, IATI, &["xml"], IATI, None)?;
    beside(bench, CRS, &["workbook", "crs"], CRS, None)?;
    beside(bench, PACKAGE, &["package"], PACKAGE, None)?;
    for asked in &PYTHON {
        beside_python(bench, asked)?;
    }
    Ok(())
}

/// The peak of a process that opened the same database and loaded its code lists, no more.
fn idle_kib(bench: &Bench) -> Result<u64> {
    let mut peak = 0;
    for _time in 0..3 {
        let ran = process::run(&mut command(&bench.national.file, &["report", "list"]), LIMIT)?;
        peak = peak.max(ran.peak_kib);
    }
    Ok(peak)
}

/// Where a contender writes; each has its own file.
fn path(bench: &Bench, who: &str, size: Sized, file: File) -> PathBuf {
    bench.scratch().join(format!("{who}-{}-{}.{}", file.name, size.flow_year, file.format))
}

/// Ours once: the whole program, from its start to the file.
fn ours(bench: &Bench, size: Sized, file: File) -> Result<Sample> {
    let out = path(bench, "eapd", size, file);
    let (year, text) = (size.flow_year.to_string(), out.display().to_string());
    let asked = ["report", file.name, "--flow-year", &year, "--format", file.format, "--out", &text];
    let ran = process::run(&mut command(&bench.national.file, &asked), LIMIT)?;
    Ok(Sample { value: ran.seconds, output: Some((file.read_back)(&out)?), peak_kib: Some(ran.peak_kib) })
}

fn mib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
}

/// Ours at the three sizes, in turns: time, memory above idle, what ten times the lines cost.
fn grow(bench: &mut Bench, file: File, idle: u64) -> Result<()> {
    bench.has_time_for(file.what, 40)?;
    let mut grown = SIZES.map(|size| (size, Standing { name: "eapd".to_owned(), samples: vec![] }));
    for round in 0..bench.options.rounds {
        for (size, standing) in &mut grown {
            // The largest takes long and tells the same each time.
            if size.share < 500 || round < 2 {
                standing.samples.push(ours(bench, *size, file)?);
            }
        }
    }
    let above = |standing: &Standing| mib(standing.peak_kib().unwrap_or_default().saturating_sub(idle));
    let mut points = vec![];
    for (size, standing) in &grown {
        let count = bench.national.lines_of(*size);
        let (figure, peak) = (standing.figure(), above(standing));
        points.push((f64::from(count), figure.median));
        let note = format!("{peak:.1} MiB above an idle process, which has {:.1} MiB", mib(idle));
        let what = format!("{}, {count} lines", file.what);
        bench.add(Line::alone(&what, Unit::Seconds, figure, Goal::Shown).with_note(note));
        if size.share >= MIDDLE.share {
            let what = format!("{what}: memory above idle");
            bench.add(Line::alone(what, Unit::MebiBytes, Figure::one(peak), Goal::AtMost(MEMORY)));
        }
    }
    for pair in grown.windows(2) {
        let [(less, before), (more, after)] = pair else { continue };
        let (less, more) = (bench.national.lines_of(*less), bench.national.lines_of(*more));
        let times = after.figure().median / before.figure().median;
        // A short run measures the start of a process.
        let goal = if bench.options.is_quick() { Goal::Shown } else { Goal::AtMost(11.0) };
        let what = format!("{}: {more} lines take … times {less}", file.what);
        bench.add(Line::alone(what, Unit::Times, Figure::one(times), goal));
    }
    if let Some((_, standing)) = grown.iter().find(|(size, _)| size.share == MIDDLE.share)
        && file.format == "xml"
    {
        let bytes = std::fs::metadata(path(bench, "eapd", MIDDLE, file))?.len();
        let megabytes = f64::from(u32::try_from(bytes)?) / 1e6;
        let rate = Figure::of(standing.samples.iter().map(|sample| megabytes / sample.value));
        let what = format!("{}: output, {megabytes:.0} MB", file.what);
        let goal = if bench.options.is_quick() { Goal::Shown } else { Goal::AtLeast(100.0) };
        bench.add(Line::alone(what, Unit::MegaBytesPerSecond, rate, goal));
    }
    let name = format!("report-{}-{}", file.name, file.format);
    let curves = vec![("eapd".to_owned(), points)];
    bench.charts.push(Chart { name, title: file.what.to_owned(), vertical: "seconds".to_owned(), curves });
    Ok(())
}

/// Ours beside the bare engine, which reads `from` into its memory before its time begins.
fn beside(bench: &mut Bench, file: File, reference: &[&str], from: File, most: Option<f64>) -> Result<()> {
    let standings = {
        let bench = &*bench;
        let source = path(bench, "eapd", MIDDLE, from);
        let bare = move || {
            let out = path(bench, "bare", MIDDLE, file);
            let mut command = Command::new(std::env::current_exe()?);
            command.arg("reference").args(reference).args([&source, &out]);
            let ran = process::run(&mut command, LIMIT)?;
            let timed: Timed = serde_json::from_str(ran.output.trim())?;
            Ok(Sample { value: timed.seconds, output: Some((file.read_back)(&out)?), peak_kib: None })
        };
        let contenders = vec![
            Contender::new("eapd", || ours(bench, MIDDLE, file)),
            Contender::new("the bare library, from memory", bare),
        ];
        // The shortest times need the most rounds.
        contest(bench, bench.options.rounds.saturating_mul(3), contenders)?
    };
    let [ours, bare] = standings.as_slice() else { return Err("two contenders".into()) };
    let goal = match most {
        Some(most) if !bench.options.is_quick() => Goal::RatioAtMost(most),
        _ => Goal::Shown,
    };
    let what = format!("{} beside its writer, {} lines", file.what, bench.national.lines_of(MIDDLE));
    let line = Line::beside(what, Unit::Seconds, ours, bare, goal);
    bench.add(
        line.with_note("ours from the database, process start and seals included; theirs the cells alone"),
    );
    Ok(())
}

/// A script of `benches/python`, its tool, the size, and which file of ours holds the same lines.
struct Script {
    file: &'static str,
    tool: &'static str,
    size: Sized,
    writes: &'static str,
    ours: File,
}

const PYTHON: [Script; 5] = [
    Script { file: "workbook.py", tool: "rustpy-xlsxwriter", size: MIDDLE, writes: "xlsx", ours: LINES },
    Script { file: "workbook.py", tool: "xlsxwriter", size: MIDDLE, writes: "xlsx", ours: LINES },
    Script { file: "workbook.py", tool: "openpyxl", size: MIDDLE, writes: "xlsx", ours: LINES },
    Script { file: "workbook.py", tool: "pandas-openpyxl", size: MIDDLE, writes: "xlsx", ours: LINES },
    Script { file: "lines_xml.py", tool: "lxml", size: MIDDLE, writes: "xml", ours: XML },
];

/// Ours beside what one would use otherwise, from our CSV of the same lines. What Python
/// does with a workbook must be slower; XML of flat rows is other work, and shown.
fn beside_python(bench: &mut Bench, asked: &Script) -> Result<()> {
    let rounds = if asked.size.share > MIDDLE.share { 1 } else { bench.options.rounds.min(2) };
    bench.has_time_for(asked.tool, 40)?;
    let mut told = String::new();
    let standings = {
        let bench = &*bench;
        let told = &mut told;
        let source = path(bench, "eapd", asked.size, CSV);
        let out = bench.scratch().join(format!("{}.{}", asked.tool, asked.writes));
        let theirs = move || {
            let said = script::run(asked.file, asked.tool, (&source, &out), LIMIT)?;
            *told = format!(
                "both the whole program; theirs from our CSV, {:.2} s of it writing; {}; {:.0} MiB",
                said.seconds,
                said.version,
                mib(said.peak_kib)
            );
            Ok(said.sample())
        };
        let contenders = vec![
            Contender::new("eapd", || ours(bench, asked.size, asked.ours)),
            Contender::new(asked.tool, theirs),
        ];
        contest(bench, rounds, contenders)?
    };
    let [ours, theirs] = standings.as_slice() else { return Err("two contenders".into()) };
    let must = asked.writes == "xlsx" && !bench.options.is_quick();
    let goal = if must { Goal::RatioAtMost(1.0) } else { Goal::Shown };
    let lines = bench.national.lines_of(asked.size);
    let what = format!("{} beside {}, {lines} lines", asked.ours.what, asked.tool);
    let line = Line::beside(what, Unit::Seconds, ours, theirs, goal);
    bench.add(line.with_note(told));
    Ok(())
}
