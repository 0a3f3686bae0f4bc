//! What a random campaign is: stories of bodies, lines of centimes, and the
//! sums that follow, added up without the program.

use std::collections::{BTreeMap, BTreeSet};

use eapd::domain::siren::Siren;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::support::scenario::Alias;

/// What has to have occurred, or the test proves less than it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    Cofinancing,
    NoOwnResources,
    SecondVersion,
    Nil,
    Annulled,
    TakenOver,
    Rectified,
    Merged,
    Hors,
    Unspecified,
    OneCent,
    Largest,
    ReservedAccepted,
    ReservedRefused,
    ReservedUnanswered,
}

impl Edge {
    pub const ALL: [Self; 15] = [
        Self::Cofinancing,
        Self::NoOwnResources,
        Self::SecondVersion,
        Self::Nil,
        Self::Annulled,
        Self::TakenOver,
        Self::Rectified,
        Self::Merged,
        Self::Hors,
        Self::Unspecified,
        Self::OneCent,
        Self::Largest,
        Self::ReservedAccepted,
        Self::ReservedRefused,
        Self::ReservedUnanswered,
    ];
}

/// One payment, in centimes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    pub nature: &'static str,
    pub paid: i64,
    pub cofinanced: i64,
}

/// What a body does, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Draft(Vec<Payment>),
    Declare(Vec<Payment>),
    Nil,
    /// By an agent who awaits the attachment; whether they are accepted, if anyone answers.
    Reserve(Vec<Payment>, Option<bool>),
    // By the ministry, once the window is over.
    Rectify(Vec<Payment>),
    Annul,
    TakeOver(Vec<Payment>),
}

/// A body with its region and what it does.
#[derive(Debug, Clone)]
pub struct Story {
    pub siren: Siren,
    pub region: &'static str,
    /// Whether the campaign expects it.
    pub is_expected: bool,
    pub acts: Vec<Act>,
}

/// A campaign.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub stories: Vec<Story>,
}

/// Bodies that merged after the flow year: their successor's agents declare for them.
pub const MERGED: usize = 2;
const REGIONS: [&str; 4] = ["11", "84", "HORS", "53"];
const NATURES: [&str; 8] = [
    "projet",
    "subvention_association",
    "humanitaire",
    "multilateral",
    "refugies",
    "bourses",
    "sensibilisation",
    "frais_de_service",
];
/// Natures without a country, and the edge they stand for.
const UNSPECIFIED: [&str; 4] = ["multilateral", "refugies", "sensibilisation", "frais_de_service"];
const LARGEST: i64 = 99_999_999_999;

impl Drawn {
    /// The campaign of a seed: every kind of story, random payments, edges strewn in.
    pub fn of_seed(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let stories = Alias::all()
            .take(24)
            .enumerate()
            .map(|(place, alias)| Story {
                siren: alias.siren().unwrap(),
                region: REGIONS[rng.random_range(0..REGIONS.len())],
                // One kind of story after the other, so that each is told of both.
                is_expected: (place / 13 + place) % 2 == 0,
                acts: acts(place, &mut rng),
            })
            .collect();
        let mut drawn = Self { stories };
        // A body of the third story outside the regions, so that one is there whatever was drawn.
        drawn.stories[2].region = "HORS";
        drawn
    }

    /// What counts of a body: `None` where nothing does.
    pub fn effective(story: &Story) -> Option<&[Payment]> {
        let mut standing = None;
        for act in &story.acts {
            standing = match act {
                // Accepted after all that agents do, each counts in its place among the versions.
                Act::Draft(_) | Act::Reserve(_, None | Some(false)) => standing,
                Act::Declare(lines)
                | Act::Rectify(lines)
                | Act::TakeOver(lines)
                | Act::Reserve(lines, Some(true)) => Some(lines.as_slice()),
                Act::Nil => Some(&[][..]),
                Act::Annul => None,
            };
        }
        standing
    }

    /// Own resources that count, of the bodies that `choose` keeps.
    pub fn own(&self, choose: impl Fn(&Story) -> bool) -> i64 {
        self.payments(choose).map(|payment| payment.paid - payment.cofinanced).sum()
    }

    /// Amounts paid that count.
    pub fn paid(&self) -> i64 {
        self.payments(|_| true).map(|payment| payment.paid).sum()
    }

    /// Every payment that counts.
    pub fn payments(&self, choose: impl Fn(&Story) -> bool) -> impl Iterator<Item = Payment> {
        let chosen = self.stories.iter().filter(move |story| choose(story));
        chosen.filter_map(Self::effective).flatten().copied()
    }

    /// Own resources of each body whose version counts, 0 of a nil.
    pub fn by_body(&self) -> BTreeMap<Siren, i64> {
        let own = |lines: &[Payment]| lines.iter().map(|payment| payment.paid - payment.cofinanced).sum();
        self.stories.iter().filter_map(|story| Some((story.siren, own(Self::effective(story)?)))).collect()
    }

    /// Where the expected bodies that `choose` keeps stand at the end: with amounts, with a nil, with a draft, with
    /// nothing; those that filed and left a draft; then how many others filed.
    pub fn standings(&self, choose: impl Fn(&Story) -> bool) -> ([u32; 4], u32, u32) {
        let (mut classes, mut correcting, mut others) = ([0; 4], 0, 0);
        for story in self.stories.iter().filter(|story| choose(story)) {
            let effective = Self::effective(story);
            if !story.is_expected {
                others += u32::from(effective.is_some());
                continue;
            }
            let has_draft = matches!(story.acts.last(), Some(Act::Draft(_)));
            correcting += u32::from(has_draft && effective.is_some());
            classes[match effective {
                Some([_, ..]) => 0,
                Some([]) => 1,
                None if has_draft => 2,
                None => 3,
            }] += 1;
        }
        (classes, correcting, others)
    }

    /// What occurs in it; edges of payments only where they count.
    pub fn edges(&self) -> BTreeSet<Edge> {
        let mut edges = BTreeSet::new();
        for (place, story) in self.stories.iter().enumerate() {
            let filed = story.acts.iter().filter(|act| matches!(act, Act::Declare(_) | Act::Nil)).count();
            if filed > 1 {
                edges.insert(Edge::SecondVersion);
            }
            for act in &story.acts {
                edges.extend(match act {
                    Act::Nil => Some(Edge::Nil),
                    Act::Annul => Some(Edge::Annulled),
                    Act::TakeOver(_) => Some(Edge::TakenOver),
                    Act::Rectify(_) => Some(Edge::Rectified),
                    Act::Reserve(_, Some(true)) => Some(Edge::ReservedAccepted),
                    Act::Reserve(_, Some(false)) => Some(Edge::ReservedRefused),
                    Act::Reserve(_, None) => Some(Edge::ReservedUnanswered),
                    Act::Draft(_) | Act::Declare(_) => None,
                });
            }
            for payment in Self::effective(story).into_iter().flatten() {
                let occurs = [
                    (payment.cofinanced > 0, Edge::Cofinancing),
                    (payment.cofinanced == payment.paid, Edge::NoOwnResources),
                    (place < MERGED, Edge::Merged),
                    (story.region == "HORS", Edge::Hors),
                    (UNSPECIFIED.contains(&payment.nature), Edge::Unspecified),
                    (payment.paid == 1, Edge::OneCent),
                    (payment.paid == LARGEST, Edge::Largest),
                ];
                edges.extend(occurs.into_iter().filter(|(occurs, _)| *occurs).map(|(_, edge)| edge));
            }
        }
        edges
    }
}

/// The story of a place; every kind comes once in eight bodies.
fn acts(place: usize, rng: &mut ChaCha20Rng) -> Vec<Act> {
    let declare = |rng: &mut ChaCha20Rng| Act::Declare(payments(rng));
    let reserve = |rng: &mut ChaCha20Rng, accepted| Act::Reserve(payments(rng), accepted);
    match place % 13 {
        0 => vec![declare(rng)],
        1 => vec![declare(rng), Act::Draft(payments(rng))],
        2 => vec![declare(rng), declare(rng), declare(rng)],
        3 => vec![declare(rng), Act::Nil],
        4 => vec![Act::Nil, declare(rng), Act::Annul],
        5 => vec![Act::TakeOver(payments(rng))],
        6 => vec![declare(rng), Act::Rectify(payments(rng))],
        7 => vec![Act::Draft(payments(rng))],
        8 => vec![reserve(rng, Some(true))],
        9 => vec![declare(rng), reserve(rng, Some(true))],
        10 => vec![declare(rng), reserve(rng, Some(false)), Act::Rectify(payments(rng))],
        11 => vec![reserve(rng, None), reserve(rng, Some(true)), declare(rng)],
        _ => vec![Act::Nil, reserve(rng, None)],
    }
}

/// Up to 30 payments, the edges among them.
fn payments(rng: &mut ChaCha20Rng) -> Vec<Payment> {
    let count = rng.random_range(4..30);
    let mut payments: Vec<Payment> = (0..count).map(|_| payment(rng)).collect();
    payments[0].paid = 1;
    payments[0].cofinanced = rng.random_range(0..=1);
    payments[1] = Payment { nature: "multilateral", paid: LARGEST, cofinanced: rng.random_range(0..LARGEST) };
    payments[2].cofinanced = payments[2].paid;
    payments
}

fn payment(rng: &mut ChaCha20Rng) -> Payment {
    let largest = [99, 49_999, 50_000, 50_001, 10_000_000, LARGEST][rng.random_range(0..6)];
    let paid = rng.random_range(1..=largest);
    let cofinanced = if rng.random_bool(0.4) { rng.random_range(0..=paid) } else { 0 };
    Payment { nature: NATURES[rng.random_range(0..NATURES.len())], paid, cofinanced }
}
