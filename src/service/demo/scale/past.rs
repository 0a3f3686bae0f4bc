//! Past amounts, from before the first campaign: as a file that the service imports.

use std::fmt::Write as _;

use rand::RngExt;

use crate::domain::euros::Euros;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::demo::scale::declarants::Declarant;
use crate::service::demo::scale::draw::{cents, key, per_mille, source};

/// Flow years before the first campaign that hold past amounts.
const YEARS: u16 = 4;
/// Effective lines of the whole for one body with past amounts, and the fewest bodies.
const LINES_A_BODY: u32 = 160;
const FEWEST: u32 = 40;

/// The files, each short enough for an import.
pub fn files(declarants: &[Declarant], seed: u64, lines: u32, first: CampaignYear) -> Vec<String> {
    let count = usize::try_from((lines / LINES_A_BODY).max(FEWEST)).unwrap_or_default();
    let years: Vec<FlowYear> = (1..=YEARS)
        .filter_map(|back| FlowYear::new(first.flow_year().get().saturating_sub(back)).ok())
        .collect();
    let existed = |declarant: &&Declarant| {
        years.iter().all(|year| declarant.from.is_none_or(|from| from <= year.first_day()))
    };
    let with_past: Vec<&Declarant> = declarants.iter().filter(existed).take(count).collect();
    with_past.chunks(3_000).map(|part| file(part, &years, seed)).collect()
}

fn file(declarants: &[&Declarant], years: &[FlowYear], seed: u64) -> String {
    let mut text = "siren;exercice;montant;neant;date_depot;source\n".to_owned();
    for declarant in declarants {
        for year in years {
            let mut rng = source(seed, &[2, key(declarant.siren), u64::from(year.get())]);
            // Two in three had something on file, of which one in ten a nil.
            if per_mille(&mut rng, 333) {
                continue;
            }
            let lines = i64::from(declarant.lines / 20 + 1);
            let amount = cents(&mut rng, declarant.usual_cents).saturating_mul(lines);
            let amount = Euros::from_cents(amount).ok().filter(|_| !per_mille(&mut rng, 100));
            let (month, day) = (rng.random_range(4..=6_u8), rng.random_range(1..=28_u8));
            let (amount, nil) =
                amount.map_or_else(|| (String::new(), "oui"), |amount| (amount.to_cell(), ""));
            let _written = writeln!(
                text,
                "{};{year};{amount};{nil};{}-{month:02}-{day:02};Montant fictif de démonstration",
                declarant.siren,
                year.campaign()
            );
        }
    }
    text
}
