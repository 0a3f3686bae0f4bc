//! Contenders doing the same work in turns, so that what slows the machine slows them all.

use super::Result;
use super::bench::Bench;

/// What one run of a contender gave.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Seconds, or requests a second: what the contest is about.
    pub value: f64,
    /// What was written, to be the same for all.
    pub output: Option<Output>,
    /// Peak of the process, KiB.
    pub peak_kib: Option<u64>,
}

/// What a file says of itself, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Rows.
    pub rows: u64,
    /// Sum of the own resources, decimal text with two digits.
    pub sum: String,
}

/// One who does the work.
pub struct Contender<'a> {
    /// Its name.
    pub name: String,
    /// Does it once.
    pub work: Box<dyn FnMut() -> Result<Sample> + 'a>,
}

impl<'a> Contender<'a> {
    /// A contender.
    pub fn new(name: &str, work: impl FnMut() -> Result<Sample> + 'a) -> Self {
        Self { name: name.to_owned(), work: Box::new(work) }
    }
}

/// How a contender did.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its name.
    pub name: String,
    /// One a round.
    pub samples: Vec<Sample>,
}

impl Standing {
    /// The median, the least and the most of the values.
    pub fn figure(&self) -> Figure {
        Figure::of(self.samples.iter().map(|sample| sample.value))
    }

    /// The highest peak, KiB.
    pub fn peak_kib(&self) -> Option<u64> {
        self.samples.iter().filter_map(|sample| sample.peak_kib).max()
    }
}

/// A median with its spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Median.
    pub median: f64,
    /// Least.
    pub least: f64,
    /// Most.
    pub most: f64,
}

impl Figure {
    /// Of some values; not a number where there is none.
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
        let half = values.len() / 2;
        let median = if values.len().is_multiple_of(2) {
            f64::midpoint(at(half.wrapping_sub(1)), at(half))
        } else {
            at(half)
        };
        Self { median, least: at(0), most: at(values.len().wrapping_sub(1)) }
    }

    /// One value.
    pub const fn one(value: f64) -> Self {
        Self { median: value, least: value, most: value }
    }
}

/// Lets the contenders work in turns, each round beginning with another one,
/// and refuses one whose output is not that of the first: a faster wrong file loses.
pub fn contest(bench: &Bench, rounds: usize, contenders: Vec<Contender<'_>>) -> Result<Vec<Standing>> {
    let mut contenders = contenders;
    let mut standings: Vec<Standing> = contenders
        .iter()
        .map(|contender| Standing { name: contender.name.clone(), samples: vec![] })
        .collect();
    let count = contenders.len();
    let mut expected: Option<(String, Output)> = None;
    for round in 0..rounds.max(1) {
        for turn in 0..count {
            let place = (turn + round) % count;
            let (Some(contender), Some(standing)) = (contenders.get_mut(place), standings.get_mut(place))
            else {
                continue;
            };
            bench.has_time_for(&contender.name, 5)?;
            let sample = (contender.work)().map_err(|error| format!("{}: {error}", contender.name))?;
            if let Some(output) = &sample.output {
                match &expected {
                    None => expected = Some((contender.name.clone(), output.clone())),
                    Some((_, first)) if first == output => {}
                    Some((other, first)) => {
                        let both = format!("{other} {first:?}, {} {output:?}", contender.name);
                        return Err(format!("the outputs differ: {both}").into());
                    }
                }
            }
            standing.samples.push(sample);
        }
    }
    Ok(standings)
}
