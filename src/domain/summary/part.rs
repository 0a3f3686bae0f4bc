//! The sums of one region of attachment, and of several put together.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::siren::Siren;

use super::{Cut, Known, NAMED, Sum};

/// A body that filed, as the register holds it in the flow year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Who.
    pub siren: Siren,
    /// Its name.
    pub name: String,
    /// Class of [`Cut::Category`].
    pub category: String,
    /// Class of [`Cut::Departement`].
    pub departement: String,
    /// Region of attachment.
    pub region: String,
}

/// Bodies by what they did; an annulled version counts as not declared (rule 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Declared payments, those taken over included.
    pub declared: u64,
    /// Signed that they paid nothing.
    pub nil: u64,
    /// Are expected (rule 11).
    pub expected: u64,
    /// Are expected and did not declare.
    pub silent: u64,
}

impl Counts {
    /// All that declared.
    #[must_use]
    pub const fn declarants(self) -> u64 {
        self.declared.saturating_add(self.nil)
    }

    fn add(&mut self, other: Self) {
        self.declared = self.declared.saturating_add(other.declared);
        self.nil = self.nil.saturating_add(other.nil);
        self.expected = self.expected.saturating_add(other.expected);
        self.silent = self.silent.saturating_add(other.silent);
    }
}

/// A body and what it paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributor {
    /// Who.
    pub siren: Siren,
    /// Its name.
    pub name: String,
    /// What it paid.
    pub sum: Sum,
}

impl Contributor {
    fn rank(&self) -> (Reverse<Euros>, Siren) {
        (Reverse(self.sum.without_refugees()), self.siren)
    }
}

/// Where a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Whose.
    pub siren: Siren,
    /// In which version.
    pub version: u32,
    /// At which place of it.
    pub position: u32,
    /// Its own resources.
    pub own: Euros,
}

impl Place {
    fn rank(&self) -> (Reverse<Euros>, Siren, u32) {
        (Reverse(self.own), self.siren, self.position)
    }
}

/// Puts more among the largest, and keeps the first ones.
fn largest<T, K: Ord>(kept: &mut Vec<T>, rank: impl Fn(&T) -> K, more: impl IntoIterator<Item = T>) {
    let before = kept.len();
    kept.extend(more);
    if kept.len() > before {
        kept.sort_by_key(rank);
        kept.truncate(NAMED);
    }
}

/// The sums of a region, or of several.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// The whole.
    pub total: Sum,
    /// Lines without own resources, in no sum.
    pub left_out: u64,
    /// Bodies.
    pub counts: Counts,
    /// Those who paid most but for refugees, the first one first.
    pub contributors: Vec<Contributor>,
    /// The largest lines but for refugees, the first one first.
    pub largest: Vec<Place>,
    /// The sum of each class of lines, by number.
    classes: Vec<Sum>,
    /// The sum of each class of bodies, and how many declared.
    bodies: BTreeMap<(Cut, String), (Sum, u64)>,
}

impl Part {
    /// Adds a body: what its version that counts says, if there is one that is not annulled.
    pub fn add(&mut self, siren: Siren, known: &Known) {
        if known.is_expected {
            self.counts.add(Counts {
                expected: 1,
                silent: u64::from(!known.declared()),
                ..Counts::default()
            });
        }
        match known.kind {
            None | Some(FilingKind::Annulled) => return,
            Some(FilingKind::Nil) => self.counts.nil = self.counts.nil.saturating_add(1),
            Some(FilingKind::Declared | FilingKind::Rectified | FilingKind::TakenOver) => {
                self.counts.declared = self.counts.declared.saturating_add(1);
            }
        }
        let figures = &known.figures;
        self.total.add(figures.total);
        self.left_out = self.left_out.saturating_add(figures.left_out);
        for (class, sum) in &figures.classes {
            self.of_lines(*class, *sum);
        }
        let cuts = [
            (Cut::Category, &known.category),
            (Cut::Region, &known.region),
            (Cut::Departement, &known.departement),
        ];
        for (cut, class) in cuts {
            self.bodies_of(cut, class, figures.total, 1);
        }
        if figures.total.without_refugees().is_zero() {
            return;
        }
        let one = || Contributor { siren, name: known.name.to_string(), sum: figures.total };
        let last = self.contributors.get(NAMED.saturating_sub(1));
        if last.is_none_or(|last| last.sum.without_refugees() <= figures.total.without_refugees()) {
            largest(&mut self.contributors, Contributor::rank, [one()]);
        }
        let place = |(position, own): &(u32, Euros)| Place {
            siren,
            version: known.version,
            position: *position,
            own: *own,
        };
        largest(&mut self.largest, Place::rank, figures.largest.iter().map(place));
    }

    /// Puts another part beside this one.
    pub fn merge(&mut self, other: &Self) {
        self.total.add(other.total);
        self.left_out = self.left_out.saturating_add(other.left_out);
        self.counts.add(other.counts);
        for (class, sum) in other.classes.iter().enumerate() {
            self.of_lines(class, *sum);
        }
        for ((cut, class), (sum, count)) in &other.bodies {
            self.bodies_of(*cut, class, *sum, *count);
        }
        largest(&mut self.contributors, Contributor::rank, other.contributors.iter().cloned());
        largest(&mut self.largest, Place::rank, other.largest.iter().copied());
    }

    fn of_lines(&mut self, number: usize, sum: Sum) {
        if self.classes.len() <= number {
            self.classes.resize(number.saturating_add(1), Sum::default());
        }
        if let Some(known) = self.classes.get_mut(number) {
            known.add(sum);
        }
    }

    fn bodies_of(&mut self, cut: Cut, class: &str, sum: Sum, count: u64) {
        let (known, counted) = self.bodies.entry((cut, class.to_owned())).or_default();
        known.add(sum);
        *counted = counted.saturating_add(count);
    }

    /// The sum of a class of lines.
    #[must_use]
    pub fn of_class(&self, number: usize) -> Sum {
        self.classes.get(number).copied().unwrap_or_default()
    }

    /// The classes of bodies of a cut, with their sums and how many declared.
    pub fn of_bodies(&self, cut: Cut) -> impl Iterator<Item = (&str, Sum, u64)> {
        let own = self.bodies.iter().filter(move |((own, _), _)| *own == cut);
        own.map(|((_, class), (sum, count))| (class.as_str(), *sum, *count))
    }
}
