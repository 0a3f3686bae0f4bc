//! Search by name, as people type: whole names, beginnings of words, words of a name in any order.

use crate::support::Result;
use crate::support::bench::Bench;
use crate::support::contest::{Contender, Figure, Sample, contest};
use crate::support::http::Client;
use crate::support::line::{Goal, Line, Unit};
use crate::support::service::{Service, spread, told};
use crate::support::wrk::{self, Load};

/// Names that are searched for.
const NAMES: usize = 3_000;

/// Adds the lines of search.
pub fn run(bench: &mut Bench) -> Result<()> {
    let folder = tempfile::tempdir_in(bench.scratch())?;
    let service = Service::start(bench, folder.path())?;
    let names =
        told(&service.database, "SELECT DISTINCT sort_key FROM collectivity WHERE sort_key > '' ORDER BY 1")?;
    let names = spread(&names, NAMES);
    let mut client = Client::connect(service.server.address, None)?;
    for name in names.iter().take(200) {
        let found = client.get(&path(name))?.json;
        if found.get("total").and_then(serde_json::Value::as_u64).is_none_or(|total| total == 0) {
            return Err(format!("nobody is called {name}").into());
        }
    }
    bench.has_time_for("search by name", 60)?;
    let load = Load { connections: 4, seconds: if bench.options.is_quick() { 1 } else { 5 } };
    let kinds = [("search by a whole name", usize::MAX), ("search by the beginning of a name", 4)];
    for (what, letters) in kinds {
        let file = folder.path().join("paths");
        let lines: Vec<String> =
            names.iter().map(|name| path(&name.chars().take(letters).collect::<String>())).collect();
        std::fs::write(&file, lines.join("\n"))?;
        let mut tails = vec![];
        let contender = Contender::new(what, || {
            let seen = wrk::ask(service.server.address, &file, None, load)?;
            tails.push(seen.p99_us / 1_000.0);
            Ok(Sample { value: seen.per_second(), ..Sample::default() })
        });
        let standings = contest(bench, bench.options.rounds, vec![contender])?;
        for standing in &standings {
            bench.add(Line::alone(what, Unit::PerSecond, standing.figure(), Goal::Shown));
        }
        let tail = Figure::of(tails.into_iter());
        bench.add(Line::alone(format!("{what}, p99"), Unit::Milliseconds, tail, Goal::Shown));
    }
    service.server.stop().map(|_status| ())
}

/// What a form sends: spaces as `+`, everything else of a folded name as it is.
fn path(typed: &str) -> String {
    let query: String = typed.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '+' }).collect();
    format!("/api/v1/collectivites?q={query}")
}
