//! By mutation, where the compiler gives no coverage; and what the guided run needs to start from.
//!
//! `mutation names` lists the readers; `mutation seeds NAME FOLDER` writes its seeds and its words;
//! `mutation run NAME COUNT SEED FILE` reads COUNT inputs, each kept in FILE while it is read.

#[path = "../../tests/fuzz/mutation.rs"]
mod mutation;
#[path = "../../tests/fuzz/readers.rs"]
mod readers;
#[path = "../../tests/fuzz/tables.rs"]
mod tables;
#[path = "../../tests/fuzz/values.rs"]
mod values;
#[path = "../../tests/fuzz/workbooks.rs"]
mod workbooks;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use readers::Reader;

/// No input takes longer: a reader that does is a way to stop the service.
const LONGEST: Duration = Duration::from_secs(5);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["names"] => readers::ALL.iter().for_each(|reader| println!("{}", reader.name)),
        ["seeds", name, folder] => seeds(reader(name), Path::new(folder)),
        ["run", name, count, seed, file] => run(reader(name), number(count), number(seed), Path::new(file)),
        _ => panic!("names | seeds NAME FOLDER | run NAME COUNT SEED FILE"),
    }
}

fn reader(name: &str) -> &'static Reader {
    readers::named(name).unwrap_or_else(|| panic!("no reader {name}"))
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A file a seed, and the words in the form of libFuzzer.
fn seeds(reader: &Reader, folder: &Path) {
    fs::create_dir_all(folder.join("seeds")).unwrap();
    for (number, seed) in (reader.seeds)().iter().enumerate() {
        fs::write(folder.join(format!("seeds/{number}")), seed).unwrap();
    }
    let mut words = String::new();
    for word in reader.words {
        let escaped: String = word.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
        writeln!(words, "\"{escaped}\"").unwrap();
    }
    fs::write(folder.join("words"), words).unwrap();
    fs::write(folder.join("longest"), reader.longest.to_string()).unwrap();
}

fn run(reader: &Reader, count: u64, seed: u64, file: &Path) {
    let mut kept = File::create(file).unwrap();
    let (started, mut slowest) = (Instant::now(), Duration::ZERO);
    for (bytes, _) in mutation::Inputs::of(reader, seed).zip(0..count) {
        kept.set_len(0).unwrap();
        kept.rewind().unwrap();
        kept.write_all(&bytes).unwrap();
        let begun = Instant::now();
        (reader.read)(&bytes);
        slowest = slowest.max(begun.elapsed());
        assert!(slowest < LONGEST, "{slowest:?} for {}", file.display());
    }
    drop(kept);
    fs::remove_file(file).unwrap();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    println!(
        "{};mutation;{count};{};{};{};{seed}",
        reader.name,
        started.elapsed().as_secs(),
        slowest.as_millis(),
        peak.unwrap_or(0) / 1024
    );
}
