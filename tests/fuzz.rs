//! The readers of what people send, on a few thousand spoiled inputs each: `make fuzz` runs a million.

mod mutation;
mod readers;
mod tables;
mod values;
mod workbooks;

use mutation::Inputs;

/// The seed where `EAPD_FUZZ_SEED` gives none: that of scripts/fuzz.
const SEED: u64 = 20_140_415;
/// Inputs of each reader: seconds in an unoptimised build.
const RUNS: usize = 1_500;

#[expect(clippy::print_stdout, reason = "shown where a reader fails: the seed, and the input it failed on")]
fn spoil(name: &str) {
    let reader = readers::named(name).unwrap();
    let seed = std::env::var("EAPD_FUZZ_SEED").map_or(SEED, |seed| seed.parse().unwrap());
    println!("{}: {RUNS} inputs by mutation, EAPD_FUZZ_SEED={seed}", reader.name);
    for bytes in (reader.seeds)() {
        (reader.read)(&bytes);
    }
    for bytes in Inputs::of(reader, seed).take(RUNS) {
        // Said before it is read: what stops the program is the last line.
        println!("{}", bytes.escape_ascii());
        (reader.read)(&bytes);
    }
}

#[test]
fn csv_files() {
    spoil("csv");
}

#[test]
fn archives() {
    spoil("xlsx");
}

#[test]
fn parts_of_a_workbook() {
    spoil("xml");
}

#[test]
fn amounts() {
    spoil("montant");
}

#[test]
fn numbers_of_bodies() {
    spoil("siren");
}

#[test]
fn bodies_of_requests() {
    spoil("json");
}

#[test]
fn every_reader_is_spoiled_and_reads_its_seeds() {
    let text = include_str!("fuzz.rs");
    for reader in &readers::ALL {
        assert!(text.contains(&format!("spoil(\"{}\")", reader.name)), "{}", reader.name);
        assert!((reader.seeds)().iter().all(|seed| seed.len() <= reader.longest), "{}", reader.name);
    }
}

#[test]
fn the_same_seed_makes_the_same_inputs() {
    let reader = readers::named("xml").unwrap();
    let inputs = |seed| Inputs::of(reader, seed).take(50).collect::<Vec<_>>();
    assert_eq!(inputs(1), inputs(1));
    assert_ne!(inputs(1), inputs(2));
}
