//! A small fictitious campaign that covers every nature of expenditure and every edge of the reports.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use eapd::domain::codes::{AidTypeCode, ChannelCode, CodeLists, NatureCode, PurposeCode, RecipientCode};
use eapd::domain::collectivity::{Collectivity, CollectivityKind};
use eapd::domain::declaration::{FiledLine, Filing};
use eapd::domain::euros::Euros;
use eapd::domain::filing::FilingKind;
use eapd::domain::instant::Instant;
use eapd::domain::line::{Amounts, Line, Markers, OnePercentLaw};
use eapd::domain::scope::Scope;
use eapd::domain::siren::Siren;
use eapd::domain::year::FlowYear;
use eapd::reports::{Bodies, Context, FilingCounts, LineReport, Status, Unit, Written};

/// The first SIREN with these eight digits.
pub fn siren(base: u32) -> Siren {
    (0..10).find_map(|key| format!("{base:08}{key}").parse().ok()).unwrap()
}

pub fn euros(cents: i64) -> Euros {
    Euros::from_cents(cents).unwrap()
}

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub fn year(year: u16) -> FlowYear {
    FlowYear::new(year).unwrap()
}

/// A minimal line of a nature; 1,000.00 € paid unless changed.
pub fn line(codes: &CodeLists, year: FlowYear, nature: &str, reference: &str) -> Line {
    let nature = codes.nature(nature, year.get()).unwrap();
    let minimal = nature.minimal_line_codes(year.get()).unwrap();
    Line {
        reference: reference.to_owned(),
        title: format!("Action fictive {reference}"),
        recipient: RecipientCode::new(minimal.recipient).unwrap(),
        purpose: PurposeCode::new(minimal.purpose).unwrap(),
        channel: ChannelCode::new(minimal.channel).unwrap(),
        nature: NatureCode::new(nature.code.as_str()).unwrap(),
        aid_type: AidTypeCode::new(minimal.aid_type).unwrap(),
        bi_multi: nature.bi_multi,
        amounts: Amounts {
            paid: euros(100_000),
            cofinancing_received: Euros::ZERO,
            cofinancing_state: None,
            cofinancing_collectivities: None,
            cofinancing_others: None,
            service_costs: None,
            committed: None,
        },
        paid_on: None,
        organisation: None,
        organisation_siren: None,
        description: None,
        place: None,
        starts_on: None,
        ends_on: None,
        one_percent_law: None,
        markers: Markers::default(),
        sdg: Vec::new(),
        crs_project: None,
    }
}

pub struct Campaign {
    pub year: FlowYear,
    pub codes: Arc<CodeLists>,
    pub bodies: Bodies,
    pub filings: Vec<Filing>,
    pub lines: Vec<FiledLine>,
}

impl Campaign {
    pub fn new(year: FlowYear) -> Self {
        let codes = Arc::new(CodeLists::embedded().unwrap());
        Self { year, codes, bodies: HashMap::new(), filings: Vec::new(), lines: Vec::new() }
    }

    /// Adds a body, and its version of a kind with these lines.
    pub fn file(&mut self, body: Collectivity, kind: FilingKind, lines: Vec<Line>) {
        let siren = body.siren.unwrap();
        self.bodies.insert(siren, body);
        self.filings.push(Filing {
            siren,
            flow_year: self.year,
            version: 1,
            kind,
            filed_at: at("2017-05-02T08:00:00Z"),
            filed_by: "p1".to_owned(),
            signatory: None,
            reason: None,
            document: None,
            line_count: u32::try_from(lines.len()).unwrap(),
            total_paid: lines.iter().map(|line| line.amounts.paid).sum(),
            total_own: lines.iter().map(Line::own_resources).sum(),
        });
        for (position, line) in (1..).zip(lines) {
            let flow_year = self.year;
            self.lines.push(FiledLine { siren, flow_year, version: 1, kind, position, line });
        }
    }

    pub fn context(&self, status: Status, scope: Scope, unit: Unit) -> Context {
        let in_scope = |filing: &&Filing| scope.holds(&self.bodies[&filing.siren].region, &self.codes);
        Context {
            flow_year: self.year,
            status,
            data_at: at("2017-06-16T09:30:00Z"),
            filings: FilingCounts::of(self.filings.iter().filter(in_scope).map(Filing::seal)).unwrap(),
            scope,
            unit,
            codes: Arc::clone(&self.codes),
            bodies: Arc::new(self.bodies.clone()),
        }
    }

    pub fn national(&self) -> Context {
        self.context(Status::Provisional, Scope::National, Unit::Thousand)
    }

    /// Writes a report of all lines.
    pub fn write<'o>(&self, mut report: Box<dyn LineReport + 'o>) -> Written {
        for line in &self.lines {
            report.line(line).unwrap();
        }
        report.finish().unwrap()
    }
}

/// Where a report is written, to be read afterwards.
pub fn buffer() -> Cursor<Vec<u8>> {
    Cursor::new(Vec::new())
}

pub fn body(base: u32, kind: CollectivityKind, name: &str, region: &str, population: u32) -> Collectivity {
    let siren = siren(base);
    Collectivity {
        id: siren.to_string(),
        siren: Some(siren),
        kind,
        code: siren.to_string(),
        name: name.to_owned(),
        departement: (region != "HORS").then(|| "75".to_owned()),
        region: region.to_owned(),
        population: Some(population),
        exists_from: None,
        exists_until: None,
    }
}

/// The campaign of the golden files: flow year 2016.
pub fn golden() -> Campaign {
    let year = year(2016);
    let mut campaign = Campaign::new(year);
    let codes = Arc::clone(&campaign.codes);
    let made = |nature: &str, reference: &str, cents: i64| {
        let mut line = line(&codes, year, nature, reference);
        line.amounts.paid = euros(cents);
        line
    };

    // A region: every nature.
    let natures: Vec<&str> =
        codes.natures().keys().filter(|code| codes.nature(code, year.get()).is_some()).collect();
    let mut lines: Vec<Line> = natures
        .iter()
        .zip(1_i64..)
        .map(|(nature, n)| made(nature, &format!("R-{n}"), 1_234_549 + n * 10_000_001))
        .collect();
    for line in &mut lines {
        line.organisation = Some("Association fictive".to_owned());
        line.organisation_siren = Some(siren(50_000_000));
        line.description = Some("CANARI description".to_owned());
        line.place = Some("CANARI lieu".to_owned());
    }
    campaign.file(
        body(23_000_001, CollectivityKind::Region, "Région fictive", "11", 12_000_000),
        FilingKind::Declared,
        lines,
    );

    // A commune: cofinancing, nothing of its own, markers, dates, hostile text.
    let mut shared = made("projet", "C-1", 5_000_050);
    shared.amounts.cofinancing_received = euros(2_500_025);
    shared.amounts.cofinancing_state = Some(euros(2_500_025));
    shared.amounts.service_costs = Some(euros(100_000));
    shared.amounts.committed = Some(euros(9_000_000));
    shared.paid_on = Some("2016-03-27".parse().unwrap());
    shared.starts_on = Some("2016-01-01".parse().unwrap());
    shared.ends_on = Some("2018-12-31".parse().unwrap());
    shared.one_percent_law = Some(OnePercentLaw::Water);
    shared.markers = Markers::new([Some(2), Some(1), Some(0), None, Some(1), Some(3), None, Some(0)]);
    shared.sdg = vec!["6".to_owned(), "6.1".to_owned()];
    shared.crs_project = Some("2014000123".to_owned());
    let mut none_own = made("projet", "C-2", 7_777_777);
    none_own.amounts.cofinancing_received = none_own.amounts.paid;
    let mut hostile = made("projet", "=C-3", 50_000);
    hostile.title = "=cmd|' /C calc'!A0 <b>&amp;\u{1}\u{ffff} 🏫 l’école ; \"Saint-Étienne\"".to_owned();
    hostile.recipient = RecipientCode::new("269").unwrap();
    let mut below = made("projet", "C-4", 49_999);
    below.recipient = RecipientCode::new("269").unwrap();
    below.title = "-5 % de fuites".to_owned();
    campaign.file(
        body(21_000_002, CollectivityKind::Commune, "Commune fictive", "11", 90_000),
        FilingKind::Declared,
        vec![shared, none_own, hostile, below],
    );

    // Smallest and largest amounts; a former region code does not exist in 2016.
    let cent = made("projet", "E-1", 1);
    let mut large = made("subvention_association", "E-2", 99_999_999_999);
    large.recipient = RecipientCode::new("298").unwrap();
    campaign.file(
        body(24_000_003, CollectivityKind::Metropole, "Métropole fictive", "93", 1_000_000),
        FilingKind::Rectified,
        vec![cent, large],
    );

    // Outside the regions, taken over; a big commune.
    let com = made("projet", "H-1", 12_345_678);
    campaign.file(
        body(22_000_004, CollectivityKind::Com, "Collectivité d’outre-mer fictive", "HORS", 30_000),
        FilingKind::TakenOver,
        vec![com],
    );
    let city = made("refugies", "V-1", 150_050_000);
    campaign.file(
        body(21_000_005, CollectivityKind::Commune, "Ville fictive", "32", 200_000),
        FilingKind::Declared,
        vec![city],
    );

    // Nothing to count.
    campaign.file(
        body(21_000_006, CollectivityKind::Commune, "Commune fictive sans versement", "53", 900),
        FilingKind::Nil,
        Vec::new(),
    );
    campaign.file(
        body(21_000_007, CollectivityKind::Departement, "Département fictif annulé", "53", 400_000),
        FilingKind::Annulled,
        Vec::new(),
    );
    campaign.lines.sort_by_key(|line| (line.siren, line.position));
    campaign
}
