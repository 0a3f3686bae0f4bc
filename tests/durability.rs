//! A filing is acknowledged only when it is durable: the program is killed at
//! random instants while agents file, on PostgreSQL the server too. What was
//! acknowledged is there, whole; what was not is there whole or not at all.

mod agents;
mod checks;
mod outages;
mod place;
pub mod server;

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::support::Engine;
use agents::{Acknowledged, Agents};
use place::Place;

/// Kills of one test; `EAPD_KILLS` says another number.
fn rounds() -> u32 {
    let usual = if std::env::var_os("EAPD_LONG").is_some() { 100 } else { 3 };
    std::env::var("EAPD_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(usual)
}

/// Of how many bodies one is looked at in most rounds.
const SLICES: usize = 6;

/// `with_server`: the database server is killed with the program.
async fn nothing_acknowledged_is_lost(engine: Engine, with_server: bool) {
    let mut place = Place::prepared(engine).await;
    let seed = std::env::var("EAPD_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2014);
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let mut known: BTreeMap<String, Acknowledged> = BTreeMap::new();
    for round in 0..rounds() {
        let program = place.serve();
        let agents = Agents::at_work(&program, &place.secrets, round);
        // Not before something was acknowledged: a kill of an idle program proves nothing.
        agents.wait_for_one();
        std::thread::sleep(std::time::Duration::from_millis(rng.random_range(20..500)));
        if with_server {
            place.kill_server();
        }
        program.kill();
        let (acknowledged, cut) = agents.stopped();
        assert!(!acknowledged.is_empty(), "round {round} of seed {seed}");
        // Each agent had a request under way, or was about to send it.
        assert!(cut.len() >= 50, "round {round} of seed {seed}: {} in flight", cut.len());
        if with_server {
            place.restart_server();
        }
        let (told, unknown) = (acknowledged.len(), cut.len());
        eapd::cli::output::say(format_args!(
            "{engine:?}, round {round}: {told} filings acknowledged, {unknown} requests cut"
        ));
        known.extend(acknowledged.into_iter().map(|one| (one.number.clone(), one)));
        let (first, is_full) =
            (usize::try_from(round).unwrap() % SLICES, round + 1 == rounds() || round % 10 == 0);
        let look = async |known: &BTreeMap<String, Acknowledged>| {
            if is_full {
                checks::hold(&place, known).await;
            } else {
                // Every receipt, and every version of some bodies; all of it every tenth round and at the end.
                checks::all_or_some(&place, known, SLICES, first).await;
            }
        };
        look(&known).await;
        known.extend(repeated(&place, &known, &cut));
        look(&known).await;
    }
    let (rounds, receipts) = (rounds(), known.len());
    eapd::cli::output::say(format_args!(
        "{engine:?}: {rounds} kills, {receipts} receipts, none lost, none half"
    ));
}

/// A request that was cut is sent again with its key: it is filed once, whether
/// it had been or not. One that was acknowledged gets its first answer.
fn repeated(
    place: &Place,
    known: &BTreeMap<String, Acknowledged>,
    cut: &[agents::Asked],
) -> BTreeMap<String, Acknowledged> {
    let program = place.serve();
    let before: BTreeMap<&str, &str> =
        known.values().map(|one| (one.asked.key.as_str(), one.number.as_str())).collect();
    let mut found = BTreeMap::new();
    for one in known.values().take(3) {
        let again = agents::ask(&program, &one.asked).expect("an answer");
        assert_eq!(again.number, one.number, "one key, one receipt");
    }
    let answers: Vec<Acknowledged> = std::thread::scope(|scope| {
        let ask = |asked| {
            let first = agents::ask(&program, asked).expect("an answer");
            let second = agents::ask(&program, asked).expect("an answer");
            assert_eq!(first.number, second.number, "one key, one receipt");
            first
        };
        let asking: Vec<_> = cut.iter().map(|asked| scope.spawn(move || ask(asked))).collect();
        asking.into_iter().map(|asking| asking.join().unwrap()).collect()
    });
    for first in answers {
        assert!(!before.contains_key(first.asked.key.as_str()));
        found.insert(first.number.clone(), first);
    }
    program.kill();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    nothing_acknowledged_is_lost(Engine::Sqlite, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    nothing_acknowledged_is_lost(Engine::Postgres, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_killed_too() {
    nothing_acknowledged_is_lost(Engine::Postgres, true).await;
}
