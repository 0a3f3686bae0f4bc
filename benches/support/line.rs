//! A line of the result.

use super::contest::{Figure, Standing};

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Requests, filings a second.
    PerSecond,
    /// Mebibytes.
    MebiBytes,
    /// Megabytes a second.
    MegaBytesPerSecond,
    /// How many times.
    Times,
    /// How many.
    Count,
}

/// What is to be reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// Ours over the reference, at least.
    RatioAtLeast(f64),
    /// Ours over the reference, at most.
    RatioAtMost(f64),
    /// Ours, at least.
    AtLeast(f64),
    /// Ours, at most.
    AtMost(f64),
    /// Nothing: shown to be known.
    Shown,
}

/// Beside whom ours was measured.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Its name.
    pub name: String,
    /// How it did.
    pub figure: Figure,
    /// Ours over it, round by round: what slows the machine for a while slows both sides of a round.
    pub ratio: Figure,
}

/// A line of the result.
#[derive(Debug, Clone)]
pub struct Line {
    /// What was done.
    pub what: String,
    /// How ours did; `None` when it was not measured.
    pub ours: Option<Figure>,
    /// Unit of the figures.
    pub unit: Unit,
    /// Beside whom.
    pub reference: Option<Reference>,
    /// What is to be reached.
    pub goal: Goal,
    /// What a reader must know to believe it.
    pub note: String,
}

impl Line {
    /// Ours alone.
    pub fn alone(what: impl Into<String>, unit: Unit, ours: Figure, goal: Goal) -> Self {
        Self { what: what.into(), ours: Some(ours), unit, reference: None, goal, note: String::new() }
    }

    /// Ours beside a reference that worked in the same rounds.
    pub fn beside(
        what: impl Into<String>,
        unit: Unit,
        ours: &Standing,
        theirs: &Standing,
        goal: Goal,
    ) -> Self {
        let rounds = ours.samples.iter().zip(&theirs.samples);
        let ratio = Figure::of(rounds.map(|(ours, theirs)| ours.value / theirs.value));
        let reference = Some(Reference { name: theirs.name.clone(), figure: theirs.figure(), ratio });
        let (what, ours) = (what.into(), Some(ours.figure()));
        Self { what, ours, unit, reference, goal, note: String::new() }
    }

    /// What could not be measured, and why: it falls short.
    pub fn unmeasured(what: impl Into<String>, goal: Goal, why: &str) -> Self {
        let (unit, note) = (Unit::Count, format!("not measured: {why}"));
        Self { what: what.into(), ours: None, unit, reference: None, goal, note }
    }

    /// With a note.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Ours over the reference: the median of the rounds.
    pub fn ratio(&self) -> Option<f64> {
        self.reference.as_ref().map(|reference| reference.ratio.median)
    }

    /// Whether what is to be reached is.
    pub fn is_reached(&self) -> bool {
        let Some(ours) = self.ours else { return false };
        match self.goal {
            Goal::RatioAtLeast(least) => self.ratio().is_some_and(|ratio| ratio >= least),
            Goal::RatioAtMost(most) => self.ratio().is_some_and(|ratio| ratio <= most),
            Goal::AtLeast(least) => ours.median >= least,
            Goal::AtMost(most) => ours.median <= most,
            Goal::Shown => true,
        }
    }
}

impl Unit {
    /// A value in words.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Seconds if value < 1.0 => format!("{:.0} ms", value * 1_000.0),
            Self::Seconds => format!("{value:.2} s"),
            Self::Milliseconds => format!("{value:.1} ms"),
            Self::PerSecond => format!("{value:.0} /s"),
            Self::MebiBytes => format!("{value:.1} MiB"),
            Self::MegaBytesPerSecond => format!("{value:.0} MB/s"),
            Self::Times => format!("{value:.2} ×"),
            Self::Count => format!("{value:.0}"),
        }
    }
}

impl Goal {
    /// In words; `unit` is that of the figures.
    pub fn show(self, unit: Unit) -> String {
        match self {
            Self::RatioAtLeast(least) => format!("≥ {least} ×"),
            Self::RatioAtMost(most) => format!("≤ {most} ×"),
            Self::AtLeast(least) => format!("≥ {}", unit.show(least)),
            Self::AtMost(most) => format!("≤ {}", unit.show(most)),
            Self::Shown => "–".to_owned(),
        }
    }
}
