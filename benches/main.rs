//! Measures the service beside its references, in one go: `make bench`.
//!
//! See `benches/README.md` for how to read and extend it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a bench tells what it measures")]
#![expect(clippy::float_arithmetic, reason = "times and ratios; no amount is ever a float here either")]

mod jobs;
mod load;
mod references;
mod support;

use std::process::ExitCode;

use support::bench::{Bench, Options};
use support::{Result, report};

fn main() -> ExitCode {
    // As the program does: a reference must not lose by it.
    eapd::memory::take_small_pages();
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let done = match arguments.split_first() {
        // A reference runs in a process of its own: this program, started anew.
        Some((first, rest)) if first == "reference" => references::run(rest).map(|()| true),
        Some((first, rest)) if first == "load" => load::run(rest),
        _ => Options::parse(&arguments).and_then(measure),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::from(2)
        }
    }
}

/// Runs every job and says whether each line reached what it had to.
fn measure(options: Options) -> Result<bool> {
    let mut bench = Bench::prepare(options)?;
    for (name, job) in jobs::ALL {
        if !bench.options.wants(name) {
            continue;
        }
        println!("\n== {name} ({:.0} s left)", bench.time_left().as_secs_f64());
        let before = bench.lines.len();
        if let Err(error) = job(&mut bench) {
            // A job that fails is a line that falls short, not the end of the others.
            bench.failed(name, &error.to_string());
        }
        for line in bench.lines.iter().skip(before) {
            println!("{}", report::text(line));
        }
    }
    report::write(&bench)
}
