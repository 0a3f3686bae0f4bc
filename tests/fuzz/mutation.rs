//! Inputs made of good ones by chance, the same for the same seed.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::readers::Reader;

/// Inputs that are kept to be changed further: what chance made of a seed leads deeper than the seed.
const KEPT: usize = 200;

/// The inputs of a reader, one after the other.
pub struct Inputs {
    random: ChaCha8Rng,
    pool: Vec<Vec<u8>>,
    words: &'static [&'static str],
    longest: usize,
    seeds: usize,
}

impl Inputs {
    pub fn of(reader: &Reader, seed: u64) -> Self {
        let pool = (reader.seeds)();
        let random = ChaCha8Rng::seed_from_u64(seed);
        Self { random, seeds: pool.len(), pool, words: reader.words, longest: reader.longest }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.random.random_range(0..bound.max(1))
    }

    /// One change of a kind that breaks readers.
    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        let length = 1 + self.below(bytes.len().saturating_sub(at).min(64));
        let end = (at + length).min(bytes.len());
        match self.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            1 if at < bytes.len() => bytes[at] = self.random.next_u32().to_le_bytes()[0],
            2 => bytes.insert(at, self.random.next_u32().to_le_bytes()[0]),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                let times = 1 + self.below(4);
                drop(bytes.splice(at..at, piece.repeat(times)));
            }
            5 => {
                let other = self.below(self.pool.len());
                let from = self.below(self.pool[other].len());
                let to = (from + 1 + self.below(200)).min(self.pool[other].len());
                let piece = self.pool[other][from..to].to_vec();
                drop(bytes.splice(at..end, piece));
            }
            6 => bytes.truncate(at),
            _ => {
                let word = self.words[self.below(self.words.len())].as_bytes();
                let replaced = if self.below(2) == 0 { end } else { at };
                drop(bytes.splice(at..replaced, word.iter().copied()));
            }
        }
    }
}

impl Iterator for Inputs {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let from = self.below(self.pool.len());
        let mut bytes = self.pool[from].clone();
        for _ in 0..=self.below(5) {
            self.change(&mut bytes);
        }
        bytes.truncate(self.longest);
        if self.below(50) == 0 {
            if self.pool.len() < self.seeds + KEPT {
                self.pool.push(bytes.clone());
            } else {
                let place = self.seeds + self.below(KEPT);
                self.pool[place].clone_from(&bytes);
            }
        }
        Some(bytes)
    }
}
