use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::campaign::{Campaign, Extension};
use crate::domain::codes::CodeLists;
use crate::domain::collectivity::{Collectivity, CollectivityKind, HORS};
use crate::domain::euros::Euros;
use crate::domain::expected::{ExpectedOrigin, LastDeclared, Progress};
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::scope::Scope;
use crate::domain::siren::Siren;
use crate::domain::window::Window;
use crate::domain::year::{CampaignYear, FlowYear};

static CODES: LazyLock<CodeLists> = LazyLock::new(|| CodeLists::embedded().unwrap());

fn year() -> FlowYear {
    FlowYear::new(2024).unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn siren(number: u32) -> Siren {
    let body = format!("{:08}", 20_000_000 + number);
    let found = (0..10).find_map(|key| format!("{body}{key}").parse().ok());
    found.unwrap()
}

fn collectivity(number: u32, name: &str, region: &str, population: Option<u32>) -> Collectivity {
    let siren = siren(number);
    Collectivity {
        id: siren.to_string(),
        siren: Some(siren),
        kind: CollectivityKind::Commune,
        code: siren.to_string(),
        name: name.to_owned(),
        departement: (region != HORS).then(|| region.to_owned()),
        region: region.to_owned(),
        population,
        exists_from: None,
        exists_until: None,
    }
}

fn body(number: u32, region: &str, associated: &[&str]) -> Followed {
    let codes = &CODES;
    let associated: Vec<String> = associated.iter().map(|region| (*region).to_owned()).collect();
    let body = collectivity(number, &format!("Commune {number}"), region, Some(number * 1_000));
    Followed::new(siren(number), &body, &associated, codes)
}

fn filed(first_at: &str, kind: FilingKind, cents: i64) -> Filed {
    Filed::of(&[(at(first_at), kind, Euros::from_cents(cents).unwrap())]).unwrap()
}

#[test]
fn a_former_region_is_counted_by_the_one_that_holds_it_now() {
    let straddling = body(1, "42", &["41", "27", "43"]);
    assert_eq!(
        (straddling.region.as_str(), straddling.associated.as_slice()),
        ("44", &["27".to_owned()][..])
    );
    assert_eq!(body(2, HORS, &[]).region, HORS);
}

#[test]
fn what_counts_is_the_last_version_and_the_first_day() {
    let own = |cents| Euros::from_cents(cents).unwrap();
    let versions = [
        // Half past eleven in London, the next day in Paris.
        (at("2025-05-01T22:30:00Z"), FilingKind::Nil, Euros::ZERO),
        (at("2025-05-20T10:00:00Z"), FilingKind::Declared, own(500)),
    ];
    let counted = Filed::of(&versions).unwrap();
    assert_eq!(
        (counted.first_on.to_iso().as_str(), counted.kind, counted.own),
        ("2025-05-02", FilingKind::Declared, own(500))
    );
    let annulled = [versions[0], (at("2025-07-20T10:00:00Z"), FilingKind::Annulled, Euros::ZERO)];
    assert_eq!(Filed::of(&annulled), None);
    assert_eq!(Filed::of(&[]), None);
}

/// A few bodies over three regions, one of which two see.
struct Ground {
    bodies: Vec<Followed>,
    filed: HashMap<Siren, Filed>,
    preparing: HashSet<Siren>,
}

impl Ground {
    fn small() -> Self {
        let mut bodies = vec![
            body(1, "53", &[]),
            body(2, "53", &[]),
            body(3, "52", &["53"]),
            body(4, HORS, &[]),
            body(120, "53", &[]),
        ];
        bodies[3].kind = CollectivityKind::Com;
        bodies[0].decision = Some((ExpectedOrigin::Sgar, "connue".to_owned()));
        let last = |year| LastDeclared {
            flow_year: FlowYear::new(year).unwrap(),
            amount: Euros::ZERO,
            is_past_amount: false,
        };
        bodies[1].last = Some(last(2023));
        bodies[2].last = Some(last(2012));
        let filed = HashMap::from([
            (siren(1), filed("2025-05-02T10:00:00Z", FilingKind::Nil, 0)),
            (siren(3), filed("2025-05-03T10:00:00Z", FilingKind::TakenOver, 700)),
            (siren(120), filed("2025-05-04T10:00:00Z", FilingKind::Rectified, 300)),
        ]);
        Self { bodies, filed, preparing: HashSet::from([siren(1), siren(2)]) }
    }

    fn survey<'a>(&'a self, scope: &'a Scope) -> Survey<'a> {
        Survey {
            bodies: &self.bodies,
            filed: &self.filed,
            preparing: &self.preparing,
            reachable: &self.preparing,
            scope,
        }
    }
}

#[test]
fn each_body_stands_in_one_class_and_counts_in_one_region() {
    let ground = Ground::small();
    let brittany = Scope::Region("53".to_owned());
    let survey = ground.survey(&brittany);
    let classes: Vec<_> = survey.rows().map(|row| (row.progress, row.corrects, row.is_associated)).collect();
    assert_eq!(
        classes,
        [
            (Progress::Nil, true, false),
            (Progress::Draft, false, false),
            (Progress::Declared, false, true),
            (Progress::Declared, false, false),
        ]
    );
    let tally = Tally::of(survey.own_rows(), []);
    assert_eq!((tally.expected, tally.filed(), tally.missing(), tally.correcting), (3, 2, 1, 1));
    assert_eq!((tally.rate(), tally.own), (Some(66), Euros::from_cents(300).ok()));
    assert_eq!(Tally::default().rate(), None);
    // Who filed without being expected is in the amount, and in no class.
    let with_others = Tally::of(survey.own_rows(), ground.survey(&Scope::National).rows());
    let own = Euros::from_cents(300 + 1_000).ok();
    assert_eq!(with_others, Tally { others: 3, own, ..tally });
}

#[test]
fn parts_stand_in_the_order_of_their_axis() {
    let (ground, codes) = (Ground::small(), &*CODES);
    let survey = ground.survey(&Scope::National);
    let names = |axis: Axis| -> Vec<(String, u32)> {
        let groups = axis.groups(survey.own_rows(), std::iter::empty(), codes);
        groups.into_iter().map(|group| (group.name, group.tally.expected)).collect()
    };
    let told = |names: &[(&str, u32)]| -> Vec<(String, u32)> {
        names.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    };
    assert_eq!(names(Axis::Region), told(&[("Bretagne", 3), ("Pays de la Loire", 1), ("Hors région", 1)]));
    assert_eq!(
        names(Axis::Departement),
        told(&[("52 Haute-Marne", 1), ("53 Mayenne", 3), ("non renseigné", 1)])
    );
    assert_eq!(
        names(Axis::Category),
        told(&[
            ("Communes de plus de 100\u{202f}000 habitants", 1),
            ("Communes de 100\u{202f}000 habitants et moins", 4)
        ])
    );
    let bands: Vec<u32> = names(Axis::Band).into_iter().map(|(_, count)| count).collect();
    assert_eq!(bands, [1, 1, 3]);
}

#[test]
fn a_filter_leaves_what_is_asked_for() {
    let ground = Ground::small();
    let survey = ground.survey(&Scope::National);
    let left = |filter: Filter| -> Vec<u32> {
        let rows = filter.select(survey.rows(), year());
        let number = |row: &Row<'_>| row.body.name.trim_start_matches("Commune ").parse().unwrap();
        rows.iter().map(number).collect()
    };
    let class = |class| left(Filter { class: Some(class), ..Filter::default() });
    assert_eq!(class(Class::Declared), [3, 120]);
    assert_eq!(class(Class::Nil), [1]);
    assert_eq!(class(Class::Filed), [1, 3, 120]);
    assert_eq!(class(Class::Draft), [2]);
    assert_eq!(class(Class::Nothing), [4]);
    assert_eq!(class(Class::Missing), [2, 4]);
    assert_eq!(class(Class::Correcting), [1]);
    let reason = |reason| left(Filter { reason: Some(reason), ..Filter::default() });
    assert_eq!(reason(Why::Past), [2]);
    assert_eq!(reason(Why::Decided(ExpectedOrigin::Sgar)), [1]);
    assert_eq!(left(Filter { is_unreachable: true, ..Filter::default() }), [3, 4, 120]);
    assert_eq!(
        left(Filter { codes: vec![(Axis::Departement, "53".to_owned())], ..Filter::default() }),
        [1, 2, 120]
    );
    let query = |query: &str| left(Filter { query: query.to_owned(), ..Filter::default() });
    assert_eq!(query("COMMUNE 12"), [120]);
    assert_eq!(query(&siren(4).to_string()), [4]);
    assert_eq!(query("12commune"), [0; 0]);
}

#[test]
fn each_column_sorts_both_ways() {
    let (ground, codes) = (Ground::small(), &*CODES);
    let survey = ground.survey(&Scope::National);
    for column in Column::ALL {
        let sorted = |is_reversed| {
            let mut rows: Vec<_> = survey.rows().collect();
            Order { column, is_reversed }.sort(&mut rows, codes);
            rows.iter().map(|row| row.body.siren).collect::<Vec<_>>()
        };
        assert_eq!(sorted(false).len(), 5);
        assert_ne!(sorted(false), sorted(true), "{column:?}");
    }
    let mut rows: Vec<_> = survey.rows().collect();
    Order { column: Column::Population, is_reversed: true }.sort(&mut rows, codes);
    assert_eq!(rows.first().map(|row| row.body.siren), Some(siren(120)));
}

fn campaign(year: u16, opens: &str, closes: &str) -> Campaign {
    Campaign {
        year: CampaignYear::new(year).unwrap(),
        window: Window::new(opens.parse().unwrap(), closes.parse().unwrap()).unwrap(),
        extensions: vec![],
        settled_at: None,
        published_at: None,
        cancelled_at: None,
    }
}

#[test]
fn campaigns_are_compared_by_what_is_left() {
    let mut before = campaign(2024, "2024-04-15", "2024-05-31");
    let now = campaign(2025, "2025-04-15", "2025-06-15");
    // Ten days before the last one, at a quarter past nine.
    let at_ten = at("2025-06-05T09:15:00+02:00");
    assert_eq!(days_left(&now, at_ten), 10);
    assert_eq!(same_moment(&now, &before, at_ten), at("2024-05-21T09:15:00+02:00"));
    before.extensions.push(Extension {
        closes_on: "2024-06-10".parse().unwrap(),
        reason: "retards".to_owned(),
        decided_at: at("2024-05-30T10:00:00Z"),
    });
    assert_eq!(same_moment(&now, &before, at_ten), at("2024-05-31T09:15:00+02:00"));
    // A week after the end, a week after the other end.
    assert_eq!(same_moment(&now, &before, at("2025-06-22T00:00:00+02:00")), at("2024-06-17T00:00:00+02:00"));
}

#[test]
fn the_pace_adds_up_by_days_of_paris() {
    let ground = Ground::small();
    let now = campaign(2025, "2025-05-01", "2025-05-05");
    let before = campaign(2024, "2024-05-01", "2024-05-07");
    let rows = || ground.survey(&Scope::National).rows();
    let pace = Pace::of((&now, rows()), Some((&before, rows())), at("2025-05-03T23:00:00+02:00"));
    let points: Vec<_> = pace.points.iter().map(|point| (point.left, point.filed, point.before)).collect();
    let expected = [
        (6, None, Some(0)),
        (5, None, Some(0)),
        (4, Some(0), Some(0)),
        (3, Some(1), Some(0)),
        (2, Some(2), Some(0)),
        (1, None, Some(0)),
        (0, None, Some(0)),
    ];
    assert_eq!(points, expected);
    assert_eq!(pace.highest(), 2);
}

proptest! {
    /// Rule 11: the classes exclude each other, and the parts of each axis are the whole.
    #[test]
    fn the_classes_add_up_to_the_expected_bodies(
        drawn in proptest::collection::vec((0_usize..5, 0_usize..6, any::<bool>(), 0_u32..200), 0..60),
        region in 0_usize..5,
    ) {
        let codes = &*CODES;
        let regions = ["53", "52", "84", "11", HORS];
        let kinds = [FilingKind::Declared, FilingKind::Nil, FilingKind::Rectified, FilingKind::TakenOver, FilingKind::Annulled];
        let mut ground = Ground { bodies: vec![], filed: HashMap::new(), preparing: HashSet::new() };
        for (number, (region, kind, prepares, population)) in (1..).zip(drawn) {
            let mut drawn = collectivity(number, "x", regions[region], (population > 9).then_some(population * 1_000));
            drawn.kind = CollectivityKind::ALL[usize::try_from(population).unwrap() % 12];
            let other = regions[(region + 1) % 5].to_owned();
            ground.bodies.push(Followed::new(siren(number), &drawn, &[other], codes));
            let version = kinds.get(kind).map(|kind| (at("2025-05-02T10:00:00Z"), *kind, Euros::from_cents(100).unwrap()));
            if let Some(filed) = Filed::of(version.as_slice()) {
                ground.filed.insert(siren(number), filed);
            }
            if prepares {
                ground.preparing.insert(siren(number));
            }
        }
        for scope in [Scope::National, Scope::Region(regions[region].to_owned())] {
            let survey = ground.survey(&scope);
            let tally = Tally::of(survey.own_rows(), []);
            prop_assert_eq!(tally.declared + tally.nil + tally.draft + tally.nothing, tally.expected);
            prop_assert!(tally.correcting <= tally.filed());
            for axis in Axis::ALL {
                let groups = axis.groups(survey.own_rows(), std::iter::empty(), codes);
                prop_assert_eq!(groups.iter().map(|group| group.tally.expected).sum::<u32>(), tally.expected);
                prop_assert_eq!(groups.iter().map(|group| group.tally.filed()).sum::<u32>(), tally.filed());
            }
            for class in Class::ALL {
                let filter = Filter { class: Some(class), ..Filter::default() };
                let counted = match class {
                    Class::Declared => tally.declared,
                    Class::Nil => tally.nil,
                    Class::Draft => tally.draft,
                    Class::Nothing => tally.nothing,
                    Class::Filed => tally.filed(),
                    Class::Missing => tally.missing(),
                    Class::Correcting => tally.correcting,
                };
                prop_assert_eq!(filter.select(survey.own_rows(), year()).len(), usize::try_from(counted).unwrap());
            }
        }
        // Regions and HORS are the whole country: each body counts once.
        let own: u32 = regions.iter().map(|region| {
            let scope = Scope::Region((*region).to_owned());
            Tally::of(ground.survey(&scope).own_rows(), []).expected
        }).sum();
        prop_assert_eq!(usize::try_from(own).unwrap(), ground.bodies.len());
    }
}
