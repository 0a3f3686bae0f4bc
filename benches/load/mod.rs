//! `make load`: the last evening of a campaign, by the pages, up to the second after its end.
//!
//! An hour is pressed into minutes: no declarant thinks, and static files are not fetched, which browsers keep. Arrivals
//! rise in a straight line to the end. On SQLite everybody signs in; on PostgreSQL sessions are there before, since
//! 36,000 hashes of passwords in minutes would measure argon2id and nothing else.

mod evening;
mod ground;
mod pages;
mod table;

use std::time::Duration;

use crate::support::Result;
use crate::support::cluster::Cluster;
use crate::support::machine::Machine;

use evening::{Evening, Seen};

/// What is asked of one evening.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Declarants.
    pub declarants: usize,
    /// Seconds from the first arrival to the end of the campaign.
    pub seconds: u64,
    /// Instances of the program.
    pub instances: usize,
    /// Whether everybody signs in, or comes with a session.
    pub signs_in: bool,
}

/// `load [--document] [--sqlite N SECONDS] [--postgres N SECONDS]`; says whether nobody met an error.
pub fn run(arguments: &[String]) -> Result<bool> {
    let mut sqlite = Asked { declarants: 2_000, seconds: 100, instances: 1, signs_in: true };
    let mut postgres = Asked { declarants: 36_000, seconds: 330, instances: 2, signs_in: false };
    let (mut document, mut rest) = (false, arguments.iter());
    while let Some(argument) = rest.next() {
        let asked = match argument.as_str() {
            "--document" => {
                document = true;
                continue;
            }
            "--sqlite" => &mut sqlite,
            "--postgres" => &mut postgres,
            other => {
                return Err(format!(
                    "{other}? load [--document] [--sqlite N SECONDS] [--postgres N SECONDS]"
                )
                .into());
            }
        };
        asked.declarants = rest.next().ok_or("how many declarants?")?.parse()?;
        asked.seconds = rest.next().ok_or("in how many seconds?")?.parse()?;
    }
    let machine = Machine::look()?;
    println!("{machine}");
    let mut seen = vec![];
    if sqlite.declarants > 0 {
        seen.push(("SQLite", sqlite, on_sqlite(sqlite)?));
    }
    if postgres.declarants > 0 {
        seen.push(("PostgreSQL", postgres, on_postgres(postgres)?));
    }
    let text = table::text(&machine, &seen);
    println!("\n{text}");
    let is_flawless = seen.iter().all(|(_, asked, seen)| seen.is_flawless(*asked));
    if document && is_flawless {
        table::write(&text)?;
    }
    Ok(is_flawless)
}

fn on_sqlite(asked: Asked) -> Result<Seen> {
    let home = tempfile::Builder::new().prefix("eapd-load-").tempdir()?;
    let url = format!("sqlite://{}", home.path().join("eapd.db").display());
    let ground = ground::prepare(&url, None, asked)?;
    Evening::begin(&url, home.path(), ground, asked)?.spend()
}

fn on_postgres(asked: Asked) -> Result<Seen> {
    let home = tempfile::Builder::new().prefix("eapd-load-").tempdir()?;
    let cluster = Cluster::start()?;
    let (url, owner) = (cluster.url("eapd_app"), cluster.url("eapd_owner"));
    let ground = ground::prepare(&url, Some(&owner), asked)?;
    Evening::begin(&url, home.path(), ground, asked)?.spend()
}

/// The rank-th of so many arrivals, which rise in a straight line over `length`.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "ranks far below 2^52")]
pub fn arrival(rank: usize, of: usize, length: Duration) -> Duration {
    length.mul_f64((rank as f64 / of.max(1) as f64).sqrt())
}
