//! Bodies and their mergers and splits, taken into the register of a test as
//! a file of decisions.

use std::fmt::Write as _;

use eapd::app::App;
use eapd::domain::day::Day;
use eapd::domain::siren::Siren;
use eapd::service::register::{decide, decisions};

use super::TestApp;
use super::people::manager;

/// A body with its days, first and last, inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub siren: Siren,
    pub name: String,
    pub from: Option<Day>,
    pub until: Option<Day>,
    /// The region that it is attached to.
    pub region: String,
}

impl Entry {
    /// A body that has always been.
    pub fn named(siren: Siren, name: &str) -> Self {
        Self { siren, name: name.to_owned(), from: None, until: None, region: "84".to_owned() }
    }
}

/// How one body hands on to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Both end what they were: a new body begins.
    Merger,
    /// The other one was there before.
    Absorption,
    /// The new body leaves this one.
    Split,
}

impl How {
    const fn operation(self) -> &'static str {
        match self {
            Self::Merger => "fusion",
            Self::Absorption => "absorption",
            Self::Split => "scission",
        }
    }
}

/// One body handing on to another from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub from: Siren,
    pub into: Siren,
    pub on: Day,
    pub how: How,
}

/// Takes bodies into the register, then what they hand on, then last days of those that a split ended.
pub async fn register(app: &TestApp, entries: &[Entry], links: &[Link], ends: &[(Siren, Day)]) {
    register_in(&app.app, entries, links, ends).await;
}

/// The same without the rest of a test.
pub async fn register_in(app: &App, entries: &[Entry], links: &[Link], ends: &[(Siren, Day)]) {
    let iso = |day: Option<Day>| day.map(Day::to_iso).unwrap_or_default();
    let mut file = "operation;siren;type;code;nom;region;date;fin;vers;motif\n".to_owned();
    for Entry { siren, name, from, until, region } in entries {
        let (from, until) = (iso(*from), iso(*until));
        writeln!(file, "creation;{siren};commune;{siren};{name};{region};{from};{until};;essai").unwrap();
    }
    for Link { from, into, on, how } in links {
        writeln!(file, "{};{from};;;;;{on};;{into};essai", how.operation(), on = on.to_iso()).unwrap();
    }
    for (siren, last) in ends {
        writeln!(file, "fin;{siren};;;;;{};;;essai", last.to_iso()).unwrap();
    }
    let file = decisions(file.as_bytes()).unwrap();
    decide(app, &manager(), &file, &()).await.unwrap();
}
