//! Which real collectivities take part in a demonstration, and with what means.

use rand::Rng;
use rand::seq::IndexedRandom;

use crate::domain::collectivity::{Collectivity, CollectivityKind};
use crate::domain::siren::Siren;
use crate::service::demo::lines::Means;

/// A body of the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Participant {
    /// Who.
    pub siren: Siren,
    /// How much it spends.
    pub means: Means,
}

/// A part of the register: which bodies, how many of them, with what means.
struct Group {
    takes: fn(&Collectivity) -> bool,
    most: usize,
    means: Means,
}

const fn means(usual_euros: i64, fewest: usize, most: usize, shelters: bool) -> Means {
    Means { usual_cents: usual_euros.saturating_mul(100), fewest, most, shelters }
}

fn population(body: &Collectivity) -> u32 {
    body.population.unwrap_or(0)
}

/// The amounts follow the orders of magnitude that the ministry has published
/// for régions, départements, cities and groupings.
const GROUPS: [Group; 7] = [
    Group {
        takes: |body| matches!(body.kind, CollectivityKind::Region | CollectivityKind::Ctu),
        most: 20,
        means: means(75_000, 14, 36, false),
    },
    Group {
        takes: |body| body.kind == CollectivityKind::Departement,
        most: 70,
        means: means(30_000, 4, 14, true),
    },
    Group {
        takes: |body| body.kind == CollectivityKind::Commune && population(body) > 100_000,
        most: 42,
        means: means(45_000, 6, 20, true),
    },
    Group {
        takes: |body| matches!(body.kind, CollectivityKind::Metropole | CollectivityKind::Cu),
        most: 36,
        means: means(60_000, 4, 14, false),
    },
    Group {
        takes: |body| {
            matches!(body.kind, CollectivityKind::Ca | CollectivityKind::Cc | CollectivityKind::Ept)
        },
        most: 90,
        means: means(9_000, 1, 6, false),
    },
    Group {
        takes: |body| {
            body.kind == CollectivityKind::Commune && (10_000..=100_000).contains(&population(body))
        },
        most: 140,
        means: means(6_000, 1, 6, false),
    },
    Group {
        takes: |body| body.kind == CollectivityKind::Commune && population(body) < 10_000,
        most: 120,
        means: means(900, 1, 3, false),
    },
];

/// The participants, drawn from the register: the same for the same randomness.
pub fn draw(rng: &mut impl Rng, register: &[Collectivity]) -> Vec<Participant> {
    let mut participants = Vec::new();
    for group in &GROUPS {
        let members: Vec<&Collectivity> =
            register.iter().filter(|body| body.siren.is_some() && (group.takes)(body)).collect();
        let mut drawn: Vec<Participant> = members
            .sample(rng, group.most)
            .filter_map(|body| Some(Participant { siren: body.siren?, means: group.means }))
            .collect();
        drawn.sort_unstable_by_key(|participant| participant.siren);
        participants.extend(drawn);
    }
    participants
}
