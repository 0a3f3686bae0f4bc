//! A territory beside the year before: what pages, workbooks and JSON show.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::domain::codes::{CodeLists, RecipientKind};
use crate::domain::collectivity::HORS;
use crate::domain::eligibility::Verdict;
use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::scope::Scope;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

use super::{Contributor, Counts, Cut, Part, Share, Sum, Year};

/// How final the figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The campaign is not settled.
    Provisional,
    /// The campaign is settled.
    Settled,
    /// Yearly amounts from before the service.
    Past,
}

impl Standing {
    /// Contract form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Provisional => "provisoire",
            Self::Settled => "arrete",
            Self::Past => "reprise",
        }
    }

    /// What is said of it above the figures.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Provisional => {
                "PROVISOIRE\u{a0}: la campagne n’est pas arrêtée, les chiffres peuvent changer."
            }
            Self::Settled => "Campagne arrêtée.",
            Self::Past => "Montants annuels repris d’avant l’ouverture du service, sans détail par ligne.",
        }
    }
}

/// A class of a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its code.
    pub class: String,
    /// French name.
    pub name: String,
    /// Its sum.
    pub now: Sum,
    /// Its sum of the year before; none where nothing is known of that year.
    pub before: Option<Sum>,
    /// How many bodies of the class declared; none for a class of lines.
    pub declarants: Option<u64>,
}

/// A cut, whose rows add up to the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Which.
    pub cut: Cut,
    /// Its classes with something in one of both years.
    pub rows: Vec<Row>,
}

impl Table {
    /// The sum of its rows.
    #[must_use]
    pub fn total(&self) -> Sum {
        self.rows.iter().map(|row| row.now).sum()
    }
}

/// One of the largest lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Whose.
    pub siren: Siren,
    /// Name of whose.
    pub name: String,
    /// Its title.
    pub title: String,
    /// French name of who benefits.
    pub recipient: String,
    /// Own resources.
    pub own: Euros,
}

/// A body of another region that is associated to this one: outside its totals (rule 10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Associated {
    /// Who.
    pub siren: Siren,
    /// Its name.
    pub name: String,
    /// Its region of attachment, whose totals it is in.
    pub region: String,
    /// What it paid.
    pub sum: Sum,
}

/// A body that filed or is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Who.
    pub siren: Siren,
    /// Its name.
    pub name: String,
    /// Class of [`Cut::Departement`].
    pub departement: String,
    /// What it did, in French.
    pub did: &'static str,
    /// What it paid.
    pub sum: Sum,
    /// Its verdicts for calls, in their order.
    pub verdicts: Vec<Verdict>,
}

/// What a territory declared of a flow year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Of which territory.
    pub scope: Scope,
    /// French name of the territory.
    pub name: String,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// How final the figures are.
    pub standing: Standing,
    /// The last filing or the settlement, whichever is later.
    pub data_at: Instant,
    /// The whole.
    pub total: Sum,
    /// The whole of the year before; none where nothing is known of it.
    pub before: Option<Sum>,
    /// Bodies.
    pub counts: Counts,
    /// Bodies of the year before.
    pub counts_before: Option<Counts>,
    /// Lines without own resources, in no sum.
    pub left_out: u64,
    /// Countries that benefit.
    pub countries: u64,
    /// What the countries of the Sahel receive.
    pub sahel: Sum,
    /// Every cut, in order.
    pub tables: Vec<Table>,
    /// Those who paid most but for refugees.
    pub contributors: Vec<Contributor>,
    /// The largest lines but for refugees.
    pub projects: Vec<Project>,
    /// Bodies of other regions.
    pub associated: Vec<Associated>,
}

impl Summary {
    /// The figures of a territory; projects and associated bodies are added by who reads them.
    #[must_use]
    pub fn new(
        codes: &CodeLists,
        scope: Scope,
        (standing, data_at): (Standing, Instant),
        now: (&Year, &Part),
        before: Option<(&Year, &Part)>,
    ) -> Self {
        let (year, part) = now;
        let tables: Vec<Table> = Cut::ALL.into_iter().map(|cut| table(cut, now, before, codes)).collect();
        let recipients = tables.iter().find(|table| table.cut == Cut::Recipient);
        let recipients = || recipients.into_iter().flat_map(|table| &table.rows);
        let is_country = |row: &&Row| {
            let found = codes.recipients().nearest(&row.class, year.flow_year.get());
            !row.now.own.is_zero() && found.is_some_and(|found| found.kind == RecipientKind::Country)
        };
        Self {
            name: scope.name(codes),
            scope,
            flow_year: year.flow_year,
            standing,
            data_at,
            total: part.total,
            before: before.map(|(_, part)| part.total),
            counts: part.counts,
            counts_before: before.map(|(_, part)| part.counts),
            left_out: part.left_out,
            countries: u64::try_from(recipients().filter(is_country).count()).unwrap_or_default(),
            sahel: recipients().filter(|row| codes.is_sahel(&row.class)).map(|row| row.now).sum(),
            tables,
            contributors: part.contributors.clone(),
            projects: vec![],
            associated: vec![],
        }
    }

    /// The table of a cut.
    #[must_use]
    pub fn table(&self, cut: Cut) -> Option<&Table> {
        self.tables.iter().find(|table| table.cut == cut)
    }

    /// The share of the expected bodies that declared, this year and the year before.
    #[must_use]
    pub fn answered(&self) -> (Option<Share>, Option<Share>) {
        let share =
            |counts: Counts| Share::of_counts(counts.expected.saturating_sub(counts.silent), counts.expected);
        (share(self.counts), self.counts_before.and_then(share))
    }

    /// The word of addresses: the code of the region, or `nationale`.
    #[must_use]
    pub fn word(&self) -> &str {
        match &self.scope {
            Scope::National => "nationale",
            Scope::Region(code) => code,
        }
    }
}

/// A cut with its classes in order: that of the list, else the largest first; what is not detailed comes last.
fn table(cut: Cut, now: (&Year, &Part), before: Option<(&Year, &Part)>, codes: &CodeLists) -> Table {
    let year = now.0.flow_year.get();
    let mut classes: BTreeMap<String, (Sum, u64, Sum)> = BTreeMap::new();
    for (class, sum, count) in sums(cut, now) {
        classes.insert(class, (sum, count, Sum::default()));
    }
    let then: Option<Vec<(String, Sum, u64)>> = before.map(|before| sums(cut, before));
    // A year without lines says nothing of the classes of lines.
    let then = then.filter(|then| !then.iter().any(|(class, ..)| class == super::cut::UNDETAILED));
    let is_known = then.is_some();
    for (class, sum, _) in then.into_iter().flatten() {
        classes.entry(class).or_default().2 = sum;
    }
    let row = |(class, (now, declarants, then)): (String, (Sum, u64, Sum))| Row {
        name: cut.name(&class, codes, year),
        class,
        now,
        before: is_known.then_some(then),
        declarants: (!Cut::OF_LINES.contains(&cut)).then_some(declarants),
    };
    let mut rows: Vec<Row> = classes.into_iter().map(row).collect();
    rows.sort_by_cached_key(|row| {
        let rest = [super::cut::NONE, super::cut::UNDETAILED, HORS];
        let last =
            rest.iter().position(|class| *class == row.class).map_or(0, |place| place.saturating_add(1));
        (
            last,
            cut.order(&row.class, codes),
            Reverse((row.now.without_refugees(), row.now.own)),
            row.class.clone(),
        )
    });
    Table { cut, rows }
}

/// The classes of a cut with something in them.
fn sums(cut: Cut, (year, part): (&Year, &Part)) -> Vec<(String, Sum, u64)> {
    if Cut::OF_LINES.contains(&cut) {
        let own = year.index.classes().filter(|(_, own, _)| *own == cut);
        let sums = own.map(|(number, _, class)| (class.to_owned(), part.of_class(number), 0));
        return sums.filter(|(_, sum, _)| !sum.own.is_zero()).collect();
    }
    part.of_bodies(cut).map(|(class, sum, count)| (class.to_owned(), sum, count)).collect()
}
