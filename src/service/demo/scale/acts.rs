//! What declarants and managers do in a campaign: who files what, when, in the
//! order of time. Every line that is to be effective is planned exactly.

use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use crate::domain::instant::Instant;
use crate::service::demo::scale::declarants::{Declarant, shared};

/// One thing that is done about one declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Instant,
    /// By whom, or for whom.
    pub who: Declarant,
    /// What.
    pub what: What,
    /// How many lines of it stay effective.
    pub effective: u32,
}

/// What is done, with the number of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A first filing, or another version.
    File {
        /// Which set of amounts.
        version: u64,
        /// Lines; none is a nil.
        lines: u32,
    },
    /// A draft that is not filed.
    Draft(u32),
    /// A manager's version in place of what was filed.
    Rectify(u32),
    /// What was filed counts as not declared.
    Annul,
    /// Received too late: a manager takes it over.
    TakeOver(u32),
}

/// When things happen in a campaign.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// The window opens.
    pub opens: Instant,
    /// It closes, or the demonstration stops there.
    pub closes: Instant,
    /// From when on a filing derogation is used, for two days.
    pub late: Instant,
    /// From when on managers correct, for ten weeks; none where the campaign is open.
    pub corrects: Option<Instant>,
}

/// Everything done in a campaign, in three parts, each in the order of time.
#[derive(Debug, Default)]
pub struct Acts {
    /// In the window.
    pub in_time: Vec<Act>,
    /// By those that have a filing derogation.
    pub late: Vec<Act>,
    /// By managers, after the publication.
    pub corrections: Vec<Act>,
}

/// Lines of a declaration, on average.
const LINES: u32 = 14;
/// Filing derogations a campaign.
const DEROGATIONS: usize = 25;

/// Plans a campaign on exactly `lines` effective lines.
pub fn plan(rng: &mut impl Rng, pool: &[Declarant], lines: u32, times: Times) -> Acts {
    let available = u32::try_from(pool.len()).unwrap_or(u32::MAX);
    let declaring = (lines / LINES).clamp(1, (available / 100 * 85).max(1));
    let (with_lines, without) = pool.split_at(usize::try_from(declaring).unwrap_or_default().min(pool.len()));
    let mut acts = Acts::default();
    let mut declarations: Vec<(Declarant, u32)> =
        with_lines.iter().copied().zip(shared(with_lines, lines)).collect();
    // So that what follows falls on the large and the small alike.
    declarations.shuffle(rng);
    for (rank, (who, lines)) in declarations.into_iter().enumerate() {
        let plan = Planned { who, lines, times };
        match (rank % 100, times.corrects) {
            (13, Some(from)) => plan.rectified(rng, from, &mut acts),
            (31, Some(from)) => plan.taken_over(rng, from, lines, &mut acts),
            (rank, Some(_)) if rank % 40 == 3 && acts.late.len() < DEROGATIONS => plan.late(rng, &mut acts),
            (rank, _) if rank % 20 == 7 => plan.in_two_versions(rng, lines, &mut acts),
            _ => plan.once(rng, lines, &mut acts),
        }
    }
    let counts = Counts::of(declaring, times.corrects.is_some());
    let mut others = without.iter().copied();
    for (rank, who) in others.by_ref().take(counts.nil).enumerate() {
        let plan = Planned { who, lines: 0, times };
        if rank % 20 == 5 { plan.in_two_versions(rng, 0, &mut acts) } else { plan.once(rng, 0, &mut acts) }
    }
    for (rank, who) in others.by_ref().take(counts.odd).enumerate() {
        let plan = Planned { who, lines: 0, times };
        match times.corrects {
            Some(from) if rank % 3 == 2 => plan.taken_over(rng, from, 0, &mut acts),
            Some(from) => plan.annulled(rng, from, &mut acts),
            None => plan.draft(rng, &mut acts),
        }
    }
    for part in [&mut acts.in_time, &mut acts.late, &mut acts.corrections] {
        part.sort_by_key(|act| (act.at, act.who.siren));
    }
    acts
}

/// How many bodies declare nothing, and how many are annulled, taken over or only at their draft.
struct Counts {
    nil: usize,
    odd: usize,
}

impl Counts {
    fn of(declaring: u32, settled: bool) -> Self {
        let many = |count: u32| usize::try_from(count).unwrap_or_default();
        Self { nil: many(declaring.div_ceil(9)), odd: many(1 + declaring / if settled { 250 } else { 10 }) }
    }
}

/// One declaration, whose ways differ.
#[derive(Clone, Copy)]
struct Planned {
    who: Declarant,
    lines: u32,
    times: Times,
}

impl Planned {
    fn act(self, at: Instant, what: What, effective: u32) -> Act {
        Act { at, who: self.who, what, effective }
    }

    /// Most file in the last weeks.
    fn instant(self, rng: &mut impl Rng) -> Instant {
        let seconds = self.times.closes.seconds_since(self.times.opens).max(4);
        let at = rng.random_range(0..seconds / 2).max(rng.random_range(0..seconds / 2));
        // The second half of the window is for those who file again.
        self.times.opens.plus_seconds(at)
    }

    fn once(self, rng: &mut impl Rng, lines: u32, acts: &mut Acts) {
        let seconds = self.times.closes.seconds_since(self.times.opens).max(1);
        let at = rng.random_range(0..seconds).max(rng.random_range(0..seconds));
        let file = What::File { version: 1, lines };
        acts.in_time.push(self.act(self.times.opens.plus_seconds(at), file, lines));
    }

    /// What was filed first said something else, nothing now and then.
    fn in_two_versions(self, rng: &mut impl Rng, lines: u32, acts: &mut Acts) {
        let first = if lines > 0 && rng.random_range(0..4_u8) == 0 { 0 } else { self.other_count(rng) };
        let at = self.instant(rng);
        acts.in_time.push(self.act(at, What::File { version: 1, lines: first }, 0));
        let seconds = self.times.closes.seconds_since(at).max(2);
        let again = at.plus_seconds(rng.random_range(1..seconds));
        acts.in_time.push(self.act(again, What::File { version: 2, lines }, lines));
    }

    fn late(self, rng: &mut impl Rng, acts: &mut Acts) {
        let at = self.times.late.plus_seconds(rng.random_range(0..2 * 86_400));
        acts.late.push(self.act(at, What::File { version: 1, lines: self.lines }, self.lines));
    }

    fn draft(self, rng: &mut impl Rng, acts: &mut Acts) {
        let lines = self.other_count(rng);
        acts.in_time.push(self.act(self.instant(rng), What::Draft(lines), 0));
    }

    fn rectified(self, rng: &mut impl Rng, from: Instant, acts: &mut Acts) {
        let lines = self.other_count(rng);
        acts.in_time.push(self.act(self.instant(rng), What::File { version: 1, lines }, 0));
        acts.corrections.push(self.act(correction(rng, from), What::Rectify(self.lines), self.lines));
    }

    fn annulled(self, rng: &mut impl Rng, from: Instant, acts: &mut Acts) {
        let lines = self.other_count(rng);
        acts.in_time.push(self.act(self.instant(rng), What::File { version: 1, lines }, 0));
        acts.corrections.push(self.act(correction(rng, from), What::Annul, 0));
    }

    fn taken_over(self, rng: &mut impl Rng, from: Instant, lines: u32, acts: &mut Acts) {
        acts.corrections.push(self.act(correction(rng, from), What::TakeOver(lines), lines));
    }

    /// How many lines a version has that does not stay.
    fn other_count(self, rng: &mut impl Rng) -> u32 {
        let usual = if self.lines == 0 { 2 } else { self.lines };
        (usual * rng.random_range(80..=105_u32) / 100).clamp(1, 2_000)
    }
}

/// Managers correct in the ten weeks that follow.
fn correction(rng: &mut impl Rng, from: Instant) -> Instant {
    from.plus_seconds(rng.random_range(0..70 * 86_400))
}
