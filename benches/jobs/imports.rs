//! Import of a file of 5,000 lines with 500 errors, all of them found; import of the register.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::Result;
use crate::support::bench::{Bench, root};
use crate::support::contest::{Contender, Sample, contest};
use crate::support::dataset::command;
use crate::support::line::{Goal, Line, Unit};
use crate::support::process;

/// Lines of the file.
const LINES: u32 = 5_000;
/// One line in so many has an error.
const WRONG: u32 = 10;
/// The body that imports them: Rennes Métropole.
const BODY: &str = "243500139";

/// Both imports; the lines go into the database that the register was imported into.
pub fn run(bench: &mut Bench) -> Result<()> {
    let home = bench.scratch().join("imports");
    std::fs::create_dir_all(&home)?;
    let database = register(bench, &home)?;
    lines(bench, &home, &database)
}

fn lines(bench: &mut Bench, home: &Path, database: &Path) -> Result<()> {
    let file = home.join("lignes.csv");
    std::fs::write(&file, csv())?;
    let minute = Duration::from_mins(1);
    process::run(&mut command(database, &["campaign", "create", "2026"]), minute)?;
    let ours = || -> Result<Sample> {
        let mut command = command(database, &["declare", "import"]);
        command.arg(&file).args(["--siren", BODY, "--campaign", "2026", "--dry-run"]);
        let started = Instant::now();
        let output = command.output()?;
        let value = started.elapsed().as_secs_f64();
        let complaints = String::from_utf8_lossy(&output.stderr);
        let found = complaints.matches("EAPD-L").count();
        if output.status.code() != Some(1) || found != usize::try_from(LINES / WRONG)? {
            return Err(format!("{} errors found, {}: {complaints}", found, output.status).into());
        }
        Ok(Sample { value, ..Sample::default() })
    };
    let standings = contest(bench, bench.options.rounds, vec![Contender::new("import", ours)])?;
    let figure = standings.first().ok_or("no import")?.figure();
    let what = format!("import of {LINES} lines with {} errors, dry run", LINES / WRONG);
    let note = "the whole command; every error is told with its line, column, value and remedy";
    bench.add(Line::alone(what, Unit::Seconds, figure, Goal::Shown).with_note(note));
    Ok(())
}

/// Five kinds of errors, one every ten lines.
fn csv() -> String {
    let mut text = String::from("reference;titre;pays;secteur;canal;nature;montant_verse;date_versement\n");
    for rank in 1..=LINES {
        let (mut country, mut sector, mut channel, mut amount, mut day) =
            ("MLI", "14030", "22000", format!("{},50", 1_000 + rank), "2025-05-20");
        if rank % WRONG == 0 {
            match rank / WRONG % 5 {
                0 => country = "ZZZ",
                1 => sector = "99999",
                2 => channel = "Canal inconnu",
                3 => "1.234".clone_into(&mut amount),
                _ => day = "2024-05-20",
            }
        }
        let written = writeln!(
            text,
            "L{rank:05};Forage n°\u{a0}{rank} (fictif);{country};{sector};{channel};projet;{amount};{day}"
        );
        debug_assert!(written.is_ok(), "writing to a string does not fail");
    }
    text
}

fn register(bench: &mut Bench, home: &Path) -> Result<PathBuf> {
    let (empty, ours, bare) = (home.join("empty.db"), home.join("ours.db"), home.join("bare.db"));
    process::run(&mut command(&empty, &["migrate"]), Duration::from_mins(1))?;
    let fresh = |file: &Path| -> Result<()> {
        for suffix in ["-wal", "-shm"] {
            // Left by the round before, or not there.
            let _gone = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
        std::fs::copy(&empty, file)?;
        Ok(())
    };
    let import = || -> Result<Sample> {
        fresh(&ours)?;
        let mut command = command(&ours, &["register", "import"]);
        command.arg(root().join("node_modules/@etalab/decoupage-administratif"));
        let ran = process::run(&mut command, Duration::from_mins(1))?;
        Ok(Sample { value: ran.seconds, ..Sample::default() })
    };
    let reference = || -> Result<Sample> {
        fresh(&bare)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["reference", "register"]).args([&bare, &ours]);
        let ran = process::run(&mut command, Duration::from_mins(1))?;
        Ok(Sample { value: ran.output.trim().parse()?, ..Sample::default() })
    };
    let contenders =
        vec![Contender::new("import", import), Contender::new("one bare transaction", reference)];
    let standings = contest(bench, bench.options.rounds, contenders)?;
    let imported = ours.clone();
    let [ours, bare] = standings.as_slice() else { return Err("two contenders".into()) };
    let what = "import of the register into an empty database";
    let line = Line::beside(what, Unit::Seconds, ours, bare, Goal::AtMost(2.0));
    let note = "ours: the whole command, from the files of the package; beside: the same rows from memory";
    bench.add(line.with_note(note));
    Ok(imported)
}
