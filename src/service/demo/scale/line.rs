//! A fictitious line: an activity that goes on for three years, and what is paid
//! for it in one of them.

use rand::{Rng, RngExt};

use crate::domain::euros::Euros;
use crate::domain::field::{Field, RawLine};
use crate::domain::siren::Siren;
use crate::service::demo::scale::draw::{cents, key, per_mille, pick, source};
use crate::service::demo::scale::palette::{Choices, Palette};
use crate::service::demo::scale::texts::Texts;

/// Flow years that an activity lasts.
const ACTIVITY: u16 = 3;
/// Fictitious SIREN that receive money: no département has the number 99.
const RECEIVERS: [&str; 3] = ["219900016", "219900024", "219900032"];

/// Whose lines are made, and from what.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// What everything is drawn from.
    pub seed: u64,
    /// What may be said.
    pub palette: &'a Palette<'a>,
    /// The texts.
    pub texts: &'a Texts,
    /// Whose lines.
    pub siren: Siren,
    /// Usual amount of a line, centimes.
    pub usual_cents: i64,
}

impl Author<'_> {
    /// The lines of a version: those of another one are the same activities with other amounts.
    pub fn lines(&self, version: u64, count: u32) -> Vec<RawLine> {
        (1..=count).map(|rank| self.line(version, rank)).collect()
    }

    fn line(&self, version: u64, rank: u32) -> RawLine {
        let (siren, year) = (key(self.siren), self.palette.year.get());
        // Activities begin in different years.
        let age = (u32::from(year) + rank + u32::from(self.siren.as_str().bytes().fold(0, u8::wrapping_add)))
            % u32::from(ACTIVITY);
        let began = year.saturating_sub(u16::try_from(age).unwrap_or_default());
        let mut activity = source(self.seed, &[siren, u64::from(rank), u64::from(began)]);
        let mut payment = source(self.seed, &[siren, u64::from(rank), u64::from(year), version]);
        let mut line = RawLine::default();
        line.set(Field::Reference, format!("D{began}-{rank:04}"));
        if let Some(choices) = self.palette.choose(&mut activity) {
            self.identity(&mut activity, choices, &mut line);
            self.dates(&mut activity, &mut payment, began, &mut line);
        }
        self.screening(&mut activity, &mut line);
        self.amounts(&mut payment, &mut line);
        line
    }

    /// What is paid for, where and through whom.
    fn identity(&self, rng: &mut impl Rng, choices: &Choices<'_>, line: &mut RawLine) {
        let (Some((theme, purpose)), Some(recipient), Some(channel)) =
            (choices.purpose(rng), choices.recipient(rng), choices.channel(rng))
        else {
            return;
        };
        line.set(Field::Nature, choices.nature);
        line.set(Field::Purpose, purpose);
        line.set(Field::Recipient, recipient.code);
        line.set(Field::Channel, channel);
        line.set(Field::Title, self.texts.title(rng, theme, recipient.country));
        if per_mille(rng, 200)
            && let Some(aid_type) = pick(rng, &choices.aid_types)
        {
            line.set(Field::AidType, *aid_type);
        }
        if !matches!(choices.nature, "bourses" | "refugies" | "frais_de_service") && per_mille(rng, 750) {
            line.set(Field::Organisation, self.texts.organisation(rng));
            if per_mille(rng, 80) {
                line.set(Field::OrganisationSiren, pick(rng, &RECEIVERS).copied().unwrap_or_default());
            }
        }
        if per_mille(rng, 300) {
            line.set(Field::Description, self.texts.description(rng, theme));
        }
        if recipient.country.is_some() && per_mille(rng, 350) {
            line.set(Field::Place, self.texts.place(rng));
        }
        let law = match purpose {
            "14050" => "dechets",
            purpose if purpose.starts_with("140") => "eau",
            purpose if purpose.starts_with("23") => "energie",
            _ => "",
        };
        if !law.is_empty() && per_mille(rng, 450) {
            line.set(Field::OnePercentLaw, law);
        }
    }

    fn dates(&self, activity: &mut impl Rng, payment: &mut impl Rng, began: u16, line: &mut RawLine) {
        let mut day = |year: u16| {
            let (month, day) = (activity.random_range(1..=12_u8), activity.random_range(1..=28_u8));
            format!("{day:02}/{month:02}/{year}")
        };
        let (starts, ends) = (day(began), day(began.saturating_add(ACTIVITY)));
        let crs = activity.random_range(0..1_000_000_u32);
        if per_mille(activity, 400) {
            line.set(Field::StartsOn, starts);
            line.set(Field::EndsOn, ends);
        }
        let year = self.palette.year;
        if year.get() > began && per_mille(activity, 120) {
            line.set(Field::CrsProject, format!("{began}{crs:06}"));
        }
        if per_mille(payment, 600) {
            let (month, day) = (payment.random_range(1..=12_u8), payment.random_range(1..=28_u8));
            line.set(Field::PaidOn, format!("{year}-{month:02}-{day:02}"));
        }
    }

    /// Markers and goals: a third of the lines are screened.
    fn screening(&self, rng: &mut impl Rng, line: &mut RawLine) {
        if per_mille(rng, 350) {
            for (field, most) in &self.palette.markers {
                if per_mille(rng, 700) {
                    // Most activities do not aim at it.
                    let score = rng.random_range(0..=*most).min(rng.random_range(0..=*most));
                    line.set(*field, score.to_string());
                }
            }
        }
        if per_mille(rng, 400) {
            let goals: Vec<&str> = (0..rng.random_range(1..=3_u8))
                .filter_map(|_goal| pick(rng, &self.palette.sdg).copied())
                .collect();
            line.set(Field::Sdg, goals.join("|"));
        }
    }

    fn amounts(&self, rng: &mut impl Rng, line: &mut RawLine) {
        let paid = cents(rng, self.usual_cents);
        line.set(Field::AmountPaid, cell(paid));
        if per_mille(rng, 350) {
            let received = match rng.random_range(0..20_u8) {
                0 => paid,
                _ => (paid / 100 * rng.random_range(5..=80)).max(1),
            };
            let state = received / 100 * rng.random_range(0..=100);
            let collectivities = (received - state) / 100 * rng.random_range(0..=100);
            let parts = [
                (Field::CofinancingState, state),
                (Field::CofinancingCollectivities, collectivities),
                (Field::CofinancingOthers, received - state - collectivities),
            ];
            match rng.random_range(0..4_u8) {
                // The whole alone, or with its three parts, or one payer, or the parts alone.
                0 => line.set(Field::CofinancingReceived, cell(received)),
                1 => {
                    line.set(Field::CofinancingReceived, cell(received));
                    line.set(Field::CofinancingState, cell(received));
                }
                whole => {
                    if whole == 2 {
                        line.set(Field::CofinancingReceived, cell(received));
                    }
                    for (field, part) in parts {
                        line.set(field, cell(part));
                    }
                }
            }
        }
        if per_mille(rng, 120) {
            line.set(Field::ServiceCosts, cell(paid / 100 * rng.random_range(1..=12)));
        }
        if per_mille(rng, 200) {
            line.set(Field::AmountCommitted, cell(paid / 100 * rng.random_range(100..=300) + paid % 100));
        }
    }
}

fn cell(cents: i64) -> String {
    Euros::from_cents(cents).map(Euros::to_cell).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::codes::CodeLists;
    use crate::domain::rules::{Severity, check_lines};
    use crate::domain::year::FlowYear;

    #[test]
    fn no_line_breaks_a_rule() {
        let (codes, texts) = (CodeLists::embedded().unwrap(), Texts::embedded());
        let (mut warned, mut filled) = (BTreeMap::new(), BTreeMap::new());
        for year in 2016..2026 {
            let palette = Palette::new(&codes, &texts, FlowYear::new(year).unwrap());
            let siren = RECEIVERS[0].parse().unwrap();
            let author = Author { seed: 1, palette: &palette, texts: &texts, siren, usual_cents: 500_000 };
            let lines = author.lines(1, 200);
            let checked = check_lines(&codes, palette.year, &lines);
            for issue in &checked.issues {
                assert!(issue.rule.severity() == Severity::Warning, "{year} {issue:?}");
                *warned.entry(issue.rule.code()).or_insert(0) += 1;
            }
            assert_eq!(checked.lines.len(), 200);
            for (field, _) in lines.iter().flat_map(RawLine::filled) {
                *filled.entry(field).or_insert(0) += 1;
            }
        }
        for field in Field::ALL {
            assert!(filled.get(field).is_some_and(|times| *times >= 5), "{field} {filled:?}");
        }
        assert!(warned.values().sum::<u32>() < 2_000 / 20, "{warned:?}");
    }

    #[test]
    fn an_activity_goes_on_with_other_amounts() {
        let (codes, texts) = (CodeLists::embedded().unwrap(), Texts::embedded());
        let siren = RECEIVERS[0].parse().unwrap();
        let lines = |year, version| {
            let palette = Palette::new(&codes, &texts, FlowYear::new(year).unwrap());
            let author = Author { seed: 1, palette: &palette, texts: &texts, siren, usual_cents: 500_000 };
            author.lines(version, 30)
        };
        let (before, after, again) = (lines(2022, 1), lines(2023, 1), lines(2023, 2));
        let same = |field: Field, one: &[RawLine], other: &[RawLine]| {
            one.iter().zip(other).filter(|(one, other)| one.get(field) == other.get(field)).count()
        };
        assert_eq!(same(Field::Reference, &before, &after), 20);
        assert!(same(Field::Title, &before, &after) >= 18);
        assert_eq!(same(Field::Title, &after, &again), 30);
        assert!(same(Field::AmountPaid, &after, &again) < 5);
        assert_eq!(lines(2023, 2), again);
    }
}
