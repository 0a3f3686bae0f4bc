//! The fictitious lines of a demonstration: plausible shapes, every text marked.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

use crate::domain::euros::Euros;
use crate::domain::field::{Field, RawLine};
use crate::domain::year::FlowYear;

/// How much a body spends and on how many lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Means {
    /// Usual amount of a line, centimes.
    pub usual_cents: i64,
    /// Fewest lines.
    pub fewest: usize,
    /// Most lines.
    pub most: usize,
    /// Whether the body also pays for refugees on a large scale.
    pub shelters: bool,
}

/// A kind of line: how often it comes, and what it may be.
struct Pattern {
    weight: u32,
    nature: &'static str,
    title: &'static str,
    purposes: &'static [&'static str],
    channels: &'static [&'static str],
    recipients: &'static [&'static str],
    organisation: Option<&'static str>,
    one_percent: &'static str,
}

/// Partner countries, the usual ones more often.
const COUNTRIES: &[&str] = &[
    "SEN", "SEN", "MLI", "MDG", "MDG", "BFA", "BEN", "MAR", "TUN", "CMR", "TGO", "NER", "HTI", "VNM", "PSE",
    "LBN", "ARM", "KHM", "GIN", "CIV", "PER", "UKR",
];
const NONE: &[&str] = &[""];

const PATTERNS: &[Pattern] = &[
    Pattern {
        weight: 22,
        nature: "projet",
        title: "Appui à une collectivité partenaire",
        purposes: &["15112", "43030", "16061", "11220", "12230"],
        channels: &["12002"],
        recipients: COUNTRIES,
        organisation: Some("Commune partenaire (fictive)"),
        one_percent: "",
    },
    Pattern {
        weight: 16,
        nature: "projet",
        title: "Accès à l’eau potable et à l’assainissement",
        purposes: &["14030", "14031", "14032"],
        channels: &["22000", "12002"],
        recipients: COUNTRIES,
        organisation: Some("Association Eau fictive"),
        one_percent: "eau",
    },
    Pattern {
        weight: 3,
        nature: "projet",
        title: "Collecte et tri des déchets",
        purposes: &["14050"],
        channels: &["12002"],
        recipients: COUNTRIES,
        organisation: Some("Commune partenaire (fictive)"),
        one_percent: "dechets",
    },
    Pattern {
        weight: 3,
        nature: "projet",
        title: "Éclairage solaire d’équipements publics",
        purposes: &["23230", "23231"],
        channels: &["22000"],
        recipients: COUNTRIES,
        organisation: Some("Association Énergie fictive"),
        one_percent: "energie",
    },
    Pattern {
        weight: 24,
        nature: "subvention_association",
        title: "Subvention à une association de solidarité",
        purposes: &["11220", "12220", "15160", "31120", "16020"],
        channels: &["22000", "23000"],
        recipients: COUNTRIES,
        organisation: Some("Association de jumelage fictive"),
        one_percent: "",
    },
    Pattern {
        weight: 5,
        nature: "soutien_association",
        title: "Soutien au fonctionnement d’une association",
        purposes: &["43010"],
        channels: &["22000"],
        recipients: &["998", "SEN", "MDG"],
        organisation: Some("Association de solidarité fictive"),
        one_percent: "",
    },
    Pattern {
        weight: 4,
        nature: "cooperation_technique",
        title: "Mission d’experts territoriaux",
        purposes: &["15112", "43030"],
        channels: &["11002"],
        recipients: COUNTRIES,
        organisation: None,
        one_percent: "",
    },
    Pattern {
        weight: 5,
        nature: "humanitaire",
        title: "Aide d’urgence après une catastrophe",
        purposes: &["72010", "72050"],
        channels: &["22000", "41122"],
        recipients: &["UKR", "TUR", "MAR", "HTI", "LBN", "PSE"],
        organisation: Some("Organisation humanitaire fictive"),
        one_percent: "",
    },
    Pattern {
        weight: 3,
        nature: "faceco",
        title: "Contribution au FACECO",
        purposes: NONE,
        channels: NONE,
        recipients: &["UKR", "LBN", "998"],
        organisation: None,
        one_percent: "",
    },
    Pattern {
        weight: 2,
        nature: "multilateral",
        title: "Contribution à une organisation internationale",
        purposes: NONE,
        channels: &["41122", "41114"],
        recipients: NONE,
        organisation: None,
        one_percent: "",
    },
    Pattern {
        weight: 2,
        nature: "multilateral_affecte",
        title: "Contribution affectée à un programme",
        purposes: &["12220", "11220"],
        channels: &["41122"],
        recipients: COUNTRIES,
        organisation: None,
        one_percent: "",
    },
    Pattern {
        weight: 5,
        nature: "bourses",
        title: "Bourses d’étudiants",
        purposes: NONE,
        channels: NONE,
        recipients: &["SEN", "MDG", "TUN", "998"],
        organisation: None,
        one_percent: "",
    },
    Pattern {
        weight: 5,
        nature: "sensibilisation",
        title: "Festival des solidarités",
        purposes: NONE,
        channels: &["22000", ""],
        recipients: NONE,
        organisation: Some("Collectif d’éducation à la solidarité (fictif)"),
        one_percent: "",
    },
    Pattern {
        weight: 6,
        nature: "refugies",
        title: "Hébergement de demandeurs d’asile",
        purposes: NONE,
        channels: &["22000", ""],
        recipients: &["998", "UKR", "SYR", "AFG"],
        organisation: None,
        one_percent: "",
    },
    Pattern {
        weight: 4,
        nature: "frais_de_service",
        title: "Suivi des projets par le service",
        purposes: NONE,
        channels: NONE,
        recipients: NONE,
        organisation: None,
        one_percent: "",
    },
];

/// The fictitious lines of one body for a flow year.
pub fn lines(rng: &mut impl Rng, means: Means, year: FlowYear) -> Vec<RawLine> {
    let count = rng.random_range(means.fewest..=means.most);
    let mut lines: Vec<RawLine> = (1..=count).map(|rank| line(rng, means, year, rank)).collect();
    if means.shelters {
        let pattern = PATTERNS.iter().find(|pattern| pattern.nature == "refugies");
        if let Some(pattern) = pattern {
            let amount = means.usual_cents.saturating_mul(rng.random_range(8..30));
            lines.push(from_pattern(rng, pattern, amount, year, count.saturating_add(1)));
        }
    }
    lines
}

fn line(rng: &mut impl Rng, means: Means, year: FlowYear, rank: usize) -> RawLine {
    // Few large payments and many small ones: the product of two draws.
    let spread = rng.random_range(5..=200_i64).saturating_mul(rng.random_range(5..=200));
    let amount = means.usual_cents.saturating_mul(spread) / 10_000;
    // Most people type round amounts.
    let amount = match rng.random_range(0..3) {
        0 => amount,
        _ => (amount / 10_000).max(1).saturating_mul(10_000),
    };
    match PATTERNS.choose_weighted(rng, |pattern| pattern.weight) {
        Ok(pattern) => from_pattern(rng, pattern, amount, year, rank),
        Err(_no_pattern) => RawLine::default(),
    }
}

fn from_pattern(rng: &mut impl Rng, pattern: &Pattern, cents: i64, year: FlowYear, rank: usize) -> RawLine {
    let mut pick = |values: &[&'static str]| values.choose(&mut *rng).copied().unwrap_or_default();
    let mut line = RawLine::default()
        .with(Field::Reference, format!("DEMO-{rank:03}"))
        .with(Field::Nature, pattern.nature)
        .with(Field::Recipient, pick(pattern.recipients))
        .with(Field::Purpose, pick(pattern.purposes))
        .with(Field::Channel, pick(pattern.channels))
        .with(Field::Title, format!("{} (donnée fictive)", pattern.title))
        .with(Field::AmountPaid, plain(cents.max(1)));
    if let Some(organisation) = pattern.organisation {
        line.set(Field::Organisation, organisation);
    }
    if !pattern.one_percent.is_empty() && rng.random_range(0..2) == 0 {
        line.set(Field::OnePercentLaw, pattern.one_percent);
    }
    let borne_by_others = match rng.random_range(0..10) {
        0..=6 => 0,
        7..=8 => cents / 100 * rng.random_range(10..60),
        _ => cents,
    };
    if borne_by_others > 0 {
        line.set(Field::CofinancingReceived, plain(borne_by_others));
        line.set(Field::CofinancingState, plain(borne_by_others));
    }
    if rng.random_range(0..3) == 0 {
        let (month, day) = (rng.random_range(1..=12_u8), rng.random_range(1..=28_u8));
        line.set(Field::PaidOn, format!("{day:02}/{month:02}/{year}"));
    }
    if rng.random_range(0..2) == 0 {
        line.set(Field::MarkerGender, rng.random_range(0..=2).to_string());
        line.set(Field::MarkerEnvironment, rng.random_range(0..=2).to_string());
    }
    line
}

fn plain(cents: i64) -> String {
    Euros::from_cents(cents).map(Euros::to_cell).unwrap_or_default()
}
