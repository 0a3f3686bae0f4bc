//! What deserves a look in what was declared for a year: the rules run again, and what only the whole shows. Nothing
//! here is an error: each is for someone to read, and perhaps to ask about.

mod completeness;
mod unusual;

pub use completeness::{Completeness, Count, Part};

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::codes::{CodeLists, RecipientCode};
use crate::domain::euros::Euros;
use crate::domain::field::RawLine;
use crate::domain::line::Line;
use crate::domain::quality::unusual::Amounts;
use crate::domain::rules;
use crate::domain::siren::Siren;
use crate::domain::text::{excerpt, fold};
use crate::domain::year::FlowYear;

/// A body's total that moved by this factor from one year to the next is looked at: programmes double or halve as
/// they begin and end, they seldom triple.
const FACTOR: i64 = 3;
/// Below this difference a move is not worth a question: 50,000 euros, half of what a small project costs.
const LEAST_MOVE_CENTS: i64 = 5_000_000;
/// Characters of a title or a name that a finding quotes.
const QUOTED: usize = 60;

/// What was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Warnings of the rules.
    Warning,
    /// A total far from that of the year before.
    Outlier,
    /// What a body paid to a country, far from the year before.
    Country,
    /// A line far above the others of its nature.
    Amount,
    /// A line without any marker.
    Markers,
    /// One organisation under two names, or two under one.
    Organisation,
    /// A project that two bodies declare.
    Double,
}

impl Check {
    /// Every check, in order.
    pub const ALL: [Self; 7] = [
        Self::Warning,
        Self::Outlier,
        Self::Country,
        Self::Amount,
        Self::Markers,
        Self::Organisation,
        Self::Double,
    ];

    /// Its word in an address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Warning => "avertissements",
            Self::Outlier => "ecarts",
            Self::Country => "ecarts-pays",
            Self::Amount => "montants",
            Self::Markers => "marqueurs",
            Self::Organisation => "organismes",
            Self::Double => "doubles-comptes",
        }
    }

    /// Its French name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Warning => "Avertissements des règles",
            Self::Outlier => "Écarts avec l’année d’avant",
            Self::Country => "Écarts par pays avec l’année d’avant",
            Self::Amount => "Montants inhabituels",
            Self::Markers => "Lignes sans aucun marqueur",
            Self::Organisation => "Organismes peut-être en double",
            Self::Double => "Doubles comptes possibles",
        }
    }
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What was looked for.
    pub check: Check,
    /// Whose declaration.
    pub siren: Siren,
    /// Which line, where it is about one.
    pub reference: Option<String>,
    /// What was found, in French.
    pub told: String,
}

/// A line by whose and which it is.
type Place = (Siren, String);

/// A line that may be declared by another body too.
struct Shared {
    place: Place,
    paid: Euros,
    /// Part that other collectivities bore.
    borne: bool,
}

/// Looks at the declarations of a year, one after the other, each once.
#[derive(Default)]
pub struct Reviewer {
    findings: Vec<Finding>,
    /// Names of each organisation, folded and as first written.
    names: BTreeMap<Siren, BTreeMap<String, (String, Place)>>,
    /// SIREN of each name, folded.
    sirens: BTreeMap<String, BTreeMap<Siren, Place>>,
    /// Lines by recipient and title, folded.
    projects: BTreeMap<(String, String), Vec<Shared>>,
    amounts: Amounts,
}

impl Reviewer {
    /// Looks at the lines of a body that count.
    pub fn body(&mut self, codes: &CodeLists, year: FlowYear, siren: Siren, lines: &[Line]) {
        let raw: Vec<RawLine> = lines.iter().map(Line::to_raw).collect();
        for issue in rules::check_lines(codes, year, &raw).issues {
            let reference = lines.get(issue.line).map(|line| line.reference.clone());
            let told = format!("{} ({})", issue.message, issue.rule.code());
            self.add(Check::Warning, siren, reference, told);
        }
        for line in lines {
            let place = (siren, line.reference.clone());
            if line.markers.values().iter().all(Option::is_none) {
                let title = excerpt(&line.title, QUOTED);
                self.add(
                    Check::Markers,
                    siren,
                    Some(line.reference.clone()),
                    format!("«\u{a0}{title}\u{a0}»"),
                );
            }
            self.amounts.add(siren, line);
            self.keep_organisation(line, &place);
            let borne = line.amounts.cofinancing_collectivities.is_some_and(|amount| !amount.is_zero());
            let key = (line.recipient.as_str().to_owned(), fold(&line.title));
            self.projects.entry(key).or_default().push(Shared { place, paid: line.amounts.paid, borne });
        }
    }

    fn keep_organisation(&mut self, line: &Line, place: &Place) {
        let (Some(name), Some(siren)) = (&line.organisation, line.organisation_siren) else { return };
        let folded = fold(name);
        let names = self.names.entry(siren).or_default();
        names.entry(folded.clone()).or_insert_with(|| (name.clone(), place.clone()));
        self.sirens.entry(folded).or_default().entry(siren).or_insert_with(|| place.clone());
    }

    /// Looks at the total of a body beside that of the year before.
    pub fn total(&mut self, siren: Siren, before: Euros, now: Euros) {
        if is_outlier(before, now) {
            let told = format!("{now} de ressources propres, {before} l’année d’avant");
            self.add(Check::Outlier, siren, None, told);
        }
    }

    /// Looks at what a body that declared both years paid to each country, beside the year before (centimes).
    pub fn countries(
        &mut self,
        codes: &CodeLists,
        year: FlowYear,
        before: &BTreeMap<(Siren, RecipientCode), i64>,
        declared_both: impl Fn(Siren) -> bool,
    ) {
        let now = self.amounts.by_country().clone();
        let places: BTreeSet<&(Siren, RecipientCode)> = now.keys().chain(before.keys()).collect();
        for place in places {
            let (siren, recipient) = place;
            let amount =
                |of: &BTreeMap<_, i64>| Euros::from_cents(of.get(place).copied().unwrap_or_default());
            let (Ok(before), Ok(now)) = (amount(before), amount(&now)) else { continue };
            if declared_both(*siren) && is_outlier(before, now) {
                let found = codes.recipients().nearest(recipient.as_str(), year.get());
                let name = found.map_or_else(|| recipient.as_str(), |found| &found.name_fr);
                let told = format!("{name}\u{a0}: {now} de ressources propres, {before} l’année d’avant");
                self.add(Check::Country, *siren, None, told);
            }
        }
    }

    /// What was found, by check, then by body.
    #[must_use]
    pub fn finish(mut self) -> Vec<Finding> {
        for (siren, reference, own, median) in self.amounts.large() {
            let told =
                format!("{own} de ressources propres, quand la médiane de cette nature est de {median}");
            self.add(Check::Amount, siren, Some(reference), told);
        }
        for (siren, names) in std::mem::take(&mut self.names) {
            if names.len() < 2 {
                continue;
            }
            let written: Vec<String> = names.values().map(|(name, _)| quoted(name)).collect();
            let told = format!("le SIREN {siren} porte plusieurs noms\u{a0}: {}", written.join(", "));
            for (_, (body, reference)) in names.into_values() {
                self.add(Check::Organisation, body, Some(reference), told.clone());
            }
        }
        for (name, sirens) in std::mem::take(&mut self.sirens) {
            if sirens.len() < 2 {
                continue;
            }
            let listed: Vec<String> = sirens.keys().map(ToString::to_string).collect();
            let told = format!("{} a plusieurs SIREN\u{a0}: {}", quoted(&name), listed.join(", "));
            for (body, reference) in sirens.into_values() {
                self.add(Check::Organisation, body, Some(reference), told.clone());
            }
        }
        for ((_recipient, _title), lines) in std::mem::take(&mut self.projects) {
            self.doubles(&lines);
        }
        self.findings.sort();
        self.findings
    }

    /// The same title and recipient by two bodies: of one amount, or one says that collectivities bore a part.
    fn doubles(&mut self, lines: &[Shared]) {
        let bodies: BTreeSet<Siren> = lines.iter().map(|line| line.place.0).collect();
        if bodies.len() < 2 {
            return;
        }
        for line in lines {
            let others = || lines.iter().filter(|other| other.place.0 != line.place.0);
            let same = others().any(|other| other.paid == line.paid);
            if !same && !line.borne && !others().any(|other| other.borne) {
                continue;
            }
            let also: BTreeSet<String> = others().map(|other| other.place.0.to_string()).collect();
            let how =
                if same { "pour le même montant" } else { "avec un cofinancement entre collectivités" };
            let listed = also.into_iter().collect::<Vec<_>>().join(", ");
            let told = format!("le même projet, dans le même pays, est déclaré {how} par {listed}");
            let (siren, reference) = line.place.clone();
            self.add(Check::Double, siren, Some(reference), told);
        }
    }

    fn add(&mut self, check: Check, siren: Siren, reference: Option<String>, told: String) {
        self.findings.push(Finding { check, siren, reference, told });
    }
}

/// Whether a total moved far from that of the year before, either way.
#[must_use]
pub fn is_outlier(before: Euros, now: Euros) -> bool {
    let (low, high) = (before.cents().min(now.cents()), before.cents().max(now.cents()));
    high.saturating_sub(low) >= LEAST_MOVE_CENTS && high >= low.saturating_mul(FACTOR)
}

fn quoted(name: &str) -> String {
    format!("«\u{a0}{}\u{a0}»", excerpt(name, QUOTED))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::field::Field;

    const A: &str = "200000008";
    const B: &str = "200000016";

    pub fn line(reference: &str, changes: &[(Field, &str)]) -> Line {
        let fields = [
            (Field::Reference, reference),
            (Field::Title, "Puits"),
            (Field::Recipient, "SEN"),
            (Field::Purpose, "14030"),
            (Field::Channel, "22000"),
            (Field::Nature, "projet"),
            (Field::AmountPaid, "1000"),
            (Field::MarkerGender, "0"),
        ];
        let raw = fields
            .iter()
            .chain(changes)
            .fold(RawLine::default(), |raw, (field, text)| raw.with(*field, *text));
        let checked =
            rules::check_lines(&CodeLists::embedded().unwrap(), FlowYear::new(2013).unwrap(), &[raw]);
        checked.lines.into_iter().next().unwrap_or_else(|| panic!("{:?}", checked.issues))
    }

    fn found(check: Check, bodies: &[(&str, Vec<Line>)]) -> Vec<(String, Option<String>)> {
        let (codes, mut reviewer) = (CodeLists::embedded().unwrap(), Reviewer::default());
        for (siren, lines) in bodies {
            reviewer.body(&codes, FlowYear::new(2013).unwrap(), siren.parse().unwrap(), lines);
        }
        let found = reviewer.finish().into_iter().filter(|finding| finding.check == check);
        found.map(|finding| (finding.siren.to_string(), finding.reference)).collect()
    }

    fn at(siren: &str, reference: &str) -> (String, Option<String>) {
        (siren.to_owned(), Some(reference.to_owned()))
    }

    #[test]
    fn a_total_that_tripled_or_fell_to_a_third_is_looked_at() {
        let euros = |euros: i64| Euros::from_cents(euros * 100).unwrap();
        for (before, now, is) in [
            (30_000, 90_000, true),
            (90_000, 30_000, true),
            (0, 50_000, true),
            (50_000, 0, true),
            (30_000, 89_999, false),
            (1_000, 50_999, false),
            (1_000_000, 1_500_000, false),
            (10, 1_000, false),
            (0, 0, false),
        ] {
            assert_eq!(is_outlier(euros(before), euros(now)), is, "{before} {now}");
        }
    }

    #[test]
    fn a_line_far_above_the_others_of_its_nature_is_found() {
        let of = |number: usize, amount: &str| line(&format!("A-{number}"), &[(Field::AmountPaid, amount)]);
        let usual = |many: usize| (0..many).map(|number| of(number, "5000"));
        let with = |many: usize, amount: &str| vec![(A, usual(many).chain([of(99, amount)]).collect())];
        assert_eq!(found(Check::Amount, &with(19, "100000")), [at(A, "A-99")]);
        assert_eq!(found(Check::Amount, &with(19, "99999,99")), [], "less than twenty times");
        assert_eq!(found(Check::Amount, &with(18, "100000")), [], "too few to have a usual amount");
    }

    #[test]
    fn a_country_that_came_or_went_is_found() {
        let (codes, year) = (CodeLists::embedded().unwrap(), FlowYear::new(2013).unwrap());
        let (a, b): (Siren, Siren) = (A.parse().unwrap(), B.parse().unwrap());
        let mali: RecipientCode = "255".parse().unwrap();
        let told = |both: bool| {
            let mut reviewer = Reviewer::default();
            reviewer.body(&codes, year, a, &[line("A-1", &[(Field::AmountPaid, "60000")])]);
            let before = [((a, mali.clone()), 5_000_000), ((b, mali.clone()), 4_999_999)].into();
            reviewer.countries(&codes, year, &before, |_siren| both);
            let found = reviewer.finish().into_iter().filter(|finding| finding.check == Check::Country);
            found.map(|finding| finding.told).collect::<Vec<_>>()
        };
        let came =
            "Sénégal\u{a0}: 60\u{202f}000,00\u{a0}€ de ressources propres, 0,00\u{a0}€ l’année d’avant";
        let went = "Mali\u{a0}: 0,00\u{a0}€ de ressources propres, 50\u{202f}000,00\u{a0}€ l’année d’avant";
        assert_eq!(told(true), [went, came]);
        assert!(told(false).is_empty());
    }

    #[test]
    fn a_line_without_any_marker_is_found() {
        let bare = line("A-2", &[(Field::MarkerGender, "")]);
        assert_eq!(found(Check::Markers, &[(A, vec![line("A-1", &[]), bare])]), [at(A, "A-2")]);
    }

    #[test]
    fn one_organisation_under_two_names_or_two_under_one_is_found() {
        let named = |reference: &str, name: &str, siren: &str| {
            line(reference, &[(Field::Organisation, name), (Field::OrganisationSiren, siren)])
        };
        let bodies = |name: &str, siren: &str| {
            [(A, vec![named("A-1", "Association Été", A)]), (B, vec![named("B-1", name, siren)])]
        };
        let both = [at(A, "A-1"), at(B, "B-1")];
        assert_eq!(found(Check::Organisation, &bodies("ASSOCIATION ETE", A)), []);
        assert_eq!(found(Check::Organisation, &bodies("Autre nom", A)), both);
        assert_eq!(found(Check::Organisation, &bodies("association été", B)), both);
    }

    #[test]
    fn a_project_that_two_bodies_declare_is_found() {
        let of = |amount: &str, borne: &str| {
            let more = [
                (Field::AmountPaid, amount),
                (Field::CofinancingReceived, borne),
                (Field::CofinancingCollectivities, borne),
            ];
            [(A, vec![line("A-1", &[])]), (B, vec![line("B-1", &more)])]
        };
        let both = [at(A, "A-1"), at(B, "B-1")];
        assert_eq!(found(Check::Double, &of("1000", "0")), both);
        assert_eq!(found(Check::Double, &of("900", "0")), []);
        assert_eq!(found(Check::Double, &of("900", "100")), both);
        let twice = [(A, vec![line("A-1", &[]), line("A-2", &[])])];
        assert_eq!(found(Check::Double, &twice), [], "one body may pay twice");
    }
}
