//! The sums of the largest flow year, three ways: ours out of the Trésor XML, pandas and DuckDB out of
//! our CSV. Every sum by recipient, nature, region and declarant is the same to the cent, or the job fails.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::support::Result;
use crate::support::bench::Bench;
use crate::support::contest::{Contender, Output, Sample, contest};
use crate::support::dataset::{SIZES, command};
use crate::support::line::{Goal, Line, Unit};
use crate::support::{process, script};

/// At most, for one of them.
const LIMIT: Duration = Duration::from_mins(1);
/// The element and attribute of the XML that hold a key, and the column of the CSV that does.
const GROUPS: [(&str, &str, &str); 4] = [
    ("beneficiaire", "code", "codePays"),
    ("nature", "code", "codeNatureDepense"),
    ("collectivite", "region", "regionAttribuant"),
    ("collectivite", "siren", "idAttribuant"),
];

/// Centimes by group and key.
type Sums = BTreeMap<(String, String), i64>;

/// Runs the job.
pub fn run(bench: &mut Bench) -> Result<()> {
    bench.has_time_for("the sums", 60)?;
    let [.., size] = SIZES;
    let lines = bench.national.lines_of(size);
    let year = size.flow_year.to_string();
    let file = |name: &str| bench.scratch().join(name);
    let (csv, xml) = (file("sums.csv"), file("sums.xml"));
    let produce = |name: &str, format: &str, out: &Path| {
        let text = out.display().to_string();
        let asked = ["report", name, "--flow-year", &year, "--format", format, "--out", &text];
        process::run(&mut command(&bench.national.file, &asked), LIMIT)
    };
    produce("lignes", "csv", &csv)?;
    let mut ours: Option<(Sums, Output)> = None;
    let standings = contest(
        bench,
        bench.options.rounds.min(2),
        vec![
            Contender::new("eapd", || {
                let ran = produce("tresor", "xml", &xml)?;
                let (_, output) = ours.insert(read(&xml)?);
                Ok(Sample { value: ran.seconds, output: Some(output.clone()), peak_kib: Some(ran.peak_kib) })
            }),
            Contender::new("pandas", || {
                Ok(script::run("aggregates.py", "pandas", (&csv, &file("pandas.json")), LIMIT)?.sample())
            }),
            Contender::new("DuckDB", || {
                Ok(script::run("aggregates.py", "duckdb", (&csv, &file("duckdb.json")), LIMIT)?.sample())
            }),
        ],
    )?;
    let (sums, output) = ours.ok_or("ours gave no sums")?;
    for name in ["pandas.json", "duckdb.json"] {
        same(name, &sums, &told(&file(name))?)?;
    }
    let [eapd, others @ ..] = standings.as_slice() else { return Err("no contenders".into()) };
    for other in others {
        let what =
            format!("Trésor XML with its table beside the sums alone of {}, {lines} lines", other.name);
        let note = format!(
            "{} sums by recipient, nature, region and declarant equal to the cent, {} € in all; \
             ours writes the file from the database, theirs adds up our CSV",
            sums.len(),
            output.sum
        );
        bench.lines.push(Line::beside(what, Unit::Seconds, eapd, other, Goal::Shown).with_note(note));
    }
    Ok(())
}

/// The sums of the lines of our XML.
fn read(xml: &Path) -> Result<(Sums, Output)> {
    let mut reader = Reader::from_file(xml)?;
    let (mut sums, mut rows, mut total) = (Sums::new(), 0, 0);
    let (mut keys, mut in_line, mut in_amount) = (vec![], false, false);
    let mut buffer = vec![];
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Start(element) => match element.name().as_ref() {
                "ligne" => (in_line, keys) = (true, vec![]),
                "ressourcesPropres" if in_line => in_amount = true,
                name if in_line => {
                    for (own, attribute, column) in GROUPS {
                        if own == name
                            && let Some(key) = element.try_get_attribute(attribute)?
                        {
                            let key = key.value.into_owned();
                            keys.push((column.to_owned(), key));
                        }
                    }
                }
                _ => {}
            },
            Event::Text(text) if in_amount => {
                let cents = cents(&text)?;
                (rows, total, in_amount) = (rows + 1, total + cents, false);
                for key in keys.drain(..) {
                    *sums.entry(key).or_default() += cents;
                }
            }
            Event::End(element) if element.name().as_ref() == "ligne" => in_line = false,
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    Ok((sums, Output { rows, sum: decimal(total) }))
}

/// The sums that a script wrote.
fn told(json: &Path) -> Result<Sums> {
    let document: serde_json::Value = serde_json::from_reader(std::fs::File::open(json)?)?;
    let mut sums = Sums::new();
    for (_, _, column) in GROUPS {
        let group = document.get(column).and_then(serde_json::Value::as_object);
        for (key, sum) in group.ok_or_else(|| format!("no sums by {column}"))? {
            let sum = sum.as_str().ok_or("a sum that is no text")?;
            sums.insert((column.to_owned(), key.clone()), cents(sum)?);
        }
    }
    Ok(sums)
}

fn same(name: &str, ours: &Sums, theirs: &Sums) -> Result<()> {
    if ours == theirs {
        return Ok(());
    }
    let differs = |(key, sum): &(&(String, String), &i64)| theirs.get(*key) != Some(*sum);
    let first = ours.iter().find(differs);
    Err(format!("{name}: {} sums and ours {}; the first that differs: {first:?}", theirs.len(), ours.len())
        .into())
}

fn cents(decimal: &str) -> Result<i64> {
    let (_, fraction) = decimal.split_once('.').ok_or_else(|| format!("{decimal}: not two decimals"))?;
    if fraction.len() != 2 {
        return Err(format!("{decimal}: not two decimals").into());
    }
    Ok(decimal.replace('.', "").parse()?)
}

fn decimal(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
