//! What a declaration amounts to, and what deserves a second look beside last year's.

use std::collections::HashMap;

use crate::domain::codes::CodeLists;
use crate::domain::euros::Euros;
use crate::domain::line::Line;
use crate::domain::year::FlowYear;

/// From this many times last year's amount, or below its reciprocal, thousands may have been meant.
const TIMES: i64 = 10;

/// A sum under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subtotal {
    /// French name of the country or of the sector.
    pub name: String,
    /// Number of lines.
    pub lines: usize,
    /// Paid.
    pub paid: Euros,
    /// Own resources: what counts.
    pub own: Euros,
}

/// The sums of a declaration: exact, and each breakdown adds up to the whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recap {
    /// Paid.
    pub paid: Euros,
    /// Own resources: what counts.
    pub own: Euros,
    /// By recipient, the largest own resources first.
    pub by_recipient: Vec<Subtotal>,
    /// By three-digit sector, the largest own resources first.
    pub by_sector: Vec<Subtotal>,
}

/// The sums of checked lines, whose total the rules have bounded.
#[must_use]
pub fn recap(codes: &CodeLists, year: FlowYear, lines: &[Line]) -> Recap {
    let recipient = |line: &Line| {
        let row = codes.recipients().nearest(line.recipient.as_str(), year.get());
        row.map_or_else(|| line.recipient.to_string(), |row| row.name_fr.to_string())
    };
    let sector = |line: &Line| {
        let purpose = codes.purposes().nearest(line.purpose.as_str(), year.get());
        let category = purpose.and_then(|row| codes.purpose_category(&row.category));
        category.map_or_else(|| line.purpose.to_string(), |row| row.name_fr.to_string())
    };
    Recap {
        paid: lines.iter().map(|line| line.amounts.paid).sum(),
        own: lines.iter().map(Line::own_resources).sum(),
        by_recipient: subtotals(lines, recipient),
        by_sector: subtotals(lines, sector),
    }
}

fn subtotals(lines: &[Line], name: impl Fn(&Line) -> String) -> Vec<Subtotal> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<Subtotal> = vec![];
    for line in lines {
        let name = name(line);
        let place = *places.entry(name.clone()).or_insert(all.len());
        if place == all.len() {
            all.push(Subtotal { name, lines: 0, paid: Euros::ZERO, own: Euros::ZERO });
        }
        if let Some(sum) = all.get_mut(place) {
            sum.lines = sum.lines.saturating_add(1);
            sum.paid = [sum.paid, line.amounts.paid].into_iter().sum();
            sum.own = [sum.own, line.own_resources()].into_iter().sum();
        }
    }
    all.sort_by(|left, right| (right.own, &left.name).cmp(&(left.own, &right.name)));
    all
}

/// Something to confirm before signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Reference of the line; none for the declaration as a whole.
    pub reference: Option<String>,
    /// French sentence.
    pub message: String,
}

/// Amounts ten times larger or smaller than last year's: of the same reference, and of the whole.
#[must_use]
pub fn beside_last_year(before: &[Line], now: &[Line]) -> Vec<Remark> {
    let amounts: HashMap<&str, Euros> =
        before.iter().map(|line| (line.reference.as_str(), line.amounts.paid)).collect();
    let mut remarks: Vec<Remark> = now
        .iter()
        .filter_map(|line| {
            let then = *amounts.get(line.reference.as_str())?;
            let how = compared(then, line.amounts.paid)?;
            let message = format!(
                "«\u{a0}{}\u{a0}»\u{a0}: {} cette année, {then} l’an dernier. {how}",
                crate::domain::text::excerpt(&line.title, 60),
                line.amounts.paid
            );
            Some(Remark { reference: Some(line.reference.clone()), message })
        })
        .collect();
    let total = |lines: &[Line]| -> Euros { lines.iter().map(|line| line.amounts.paid).sum() };
    if let Some(how) = compared(total(before), total(now)) {
        let message = format!("Le total est de {}, contre {} l’an dernier. {how}", total(now), total(before));
        remarks.push(Remark { reference: None, message });
    }
    remarks
}

fn compared(then: Euros, now: Euros) -> Option<&'static str> {
    let (then, now) = (then.cents(), now.cents());
    if then <= 0 || now <= 0 {
        return None;
    }
    if now >= then.saturating_mul(TIMES) {
        Some("C’est au moins dix fois plus\u{a0}: les montants sont en euros.")
    } else if then >= now.saturating_mul(TIMES) {
        Some("C’est au moins dix fois moins\u{a0}: les montants sont en euros, pas en milliers.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::{Field, RawLine};
    use crate::domain::rules;
    use proptest::prelude::*;

    fn year() -> FlowYear {
        FlowYear::new(2025).unwrap()
    }

    fn line(codes: &CodeLists, reference: &str, cents: i64, recipient: &str, purpose: &str) -> Line {
        let raw = RawLine::default()
            .with(Field::Reference, reference)
            .with(Field::Title, reference)
            .with(Field::Nature, "projet")
            .with(Field::Channel, "22000")
            .with(Field::Recipient, recipient)
            .with(Field::Purpose, purpose)
            .with(Field::AmountPaid, Euros::from_cents(cents).unwrap().to_cell());
        rules::check_lines(codes, year(), &[raw]).lines.pop().unwrap()
    }

    #[test]
    fn sums_by_country_and_sector_the_largest_first() {
        let codes = CodeLists::embedded().unwrap();
        let lines = [
            line(&codes, "A", 100_001, "MLI", "14030"),
            line(&codes, "B", 500_000, "SEN", "14020"),
            line(&codes, "C", 100_002, "MLI", "11220"),
        ];
        let recap = recap(&codes, year(), &lines);
        let told = |sums: &[Subtotal]| -> Vec<(String, usize, i64)> {
            sums.iter().map(|sum| (sum.name.clone(), sum.lines, sum.own.cents())).collect()
        };
        assert_eq!(recap.paid.cents(), 700_003);
        assert_eq!(
            told(&recap.by_recipient),
            [("Sénégal".to_owned(), 1, 500_000), ("Mali".to_owned(), 2, 200_003)]
        );
        assert_eq!(recap.by_sector.len(), 2);
        assert_eq!(recap.by_sector[0].own.cents(), 600_001);
    }

    #[test]
    fn ten_times_more_or_less_is_told_nine_times_is_not() {
        let codes = CodeLists::embedded().unwrap();
        let of = |cents| vec![line(&codes, "A", cents, "MLI", "14030")];
        for (then, now, remarks) in
            [(320_000, 3_200_000, 2), (320_000, 3_199_999, 0), (3_200_000, 320_000, 2), (320_000, 330_000, 0)]
        {
            assert_eq!(beside_last_year(&of(then), &of(now)).len(), remarks, "{then} {now}");
        }
        let other = vec![line(&codes, "B", 99_900_000, "MLI", "14030")];
        let remarks = beside_last_year(&of(100_000), &other);
        assert_eq!(remarks.len(), 1, "another reference is another activity: the whole alone is compared");
        assert_eq!(beside_last_year(&[], &of(1_000_000_000)), []);
    }

    proptest! {
        #[test]
        fn every_breakdown_adds_up_to_the_whole(amounts in proptest::collection::vec((1_i64..10_000_000, 0_usize..3, 0_usize..3), 1..40)) {
            let codes = CodeLists::embedded().unwrap();
            let lines: Vec<Line> = amounts
                .iter()
                .enumerate()
                .map(|(place, (cents, country, purpose))| {
                    let country = ["MLI", "SEN", "MAR"][*country];
                    line(&codes, &format!("R{place}"), *cents, country, ["14030", "11220", "12220"][*purpose])
                })
                .collect();
            let recap = recap(&codes, year(), &lines);
            for part in [&recap.by_recipient, &recap.by_sector] {
                prop_assert_eq!(part.iter().map(|sum| sum.own).sum::<Euros>(), recap.own);
                prop_assert_eq!(part.iter().map(|sum| sum.paid).sum::<Euros>(), recap.paid);
                prop_assert_eq!(part.iter().map(|sum| sum.lines).sum::<usize>(), lines.len());
            }
        }
    }
}
