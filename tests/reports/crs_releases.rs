//! Releases of the CRS++ lines over the years: identifiers kept, natures told, checks that refuse. Both engines.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use eapd::config::Profile;
use eapd::domain::codes::{AidTypeCode, ChannelCode};
use eapd::domain::declaration::Filing;
use eapd::domain::filing::FilingKind;
use eapd::domain::line::Line;
use eapd::domain::refusal::Because;
use eapd::reports::{Format, ReportName, Status};
use eapd::service::ServiceError;
use eapd::service::campaign;
use eapd::service::report::{self, Audience, Finding, Released, Request};
use eapd::store::writes::Writes;
use eapd::store::{self};

use super::crs::rows;
use super::fixture::{euros, line, year};
use crate::contract::ground::body;
use crate::support::people::manager;
use crate::support::register::{Entry, How, Link, register};
use crate::support::{TestApp, contract};

contract!(Profile::Demo, "2015-05-02T08:00:00Z":
    an_activity_keeps_its_identifier_over_the_years,
    merged_bodies_keep_theirs,
    a_row_that_cannot_be_loaded_is_not_released,
    groups_have_theirs,
);

type Row = BTreeMap<&'static str, String>;

struct House {
    app: TestApp,
}

impl House {
    async fn new(app: TestApp) -> Self {
        let entries = ["A", "B", "C"].map(|alias| Entry::named(body(alias), &format!("Commune {alias}")));
        register(&app, &entries, &[], &[]).await;
        Self { app }
    }

    /// Opens the campaign on a flow year.
    async fn open(&self, flow_year: u16) {
        let now = flow_year + 1;
        self.app.set_clock(&format!("{now}-05-02T08:00:00Z"));
        campaign::create(&self.app.app, &manager(), year(flow_year).campaign(), None, false).await.unwrap();
    }

    async fn settle(&self, flow_year: u16) {
        self.app.set_clock(&format!("{}-06-20T08:00:00Z", flow_year + 1));
        campaign::settle(&self.app.app, &manager(), year(flow_year).campaign()).await.unwrap();
    }

    async fn file(&self, alias: &str, flow_year: u16, kind: FilingKind, lines: &[Line]) {
        let (siren, flow_year) = (body(alias), year(flow_year));
        let mut tx = self.app.app.db.begin().await.unwrap();
        let last = store::filing::effective(&mut tx, siren, flow_year).await.unwrap();
        let version = last.map_or(1, |last| last.version + 1);
        let mut writes = Writes::of(&tx);
        store::line::insert(&mut tx, &mut writes, (siren, flow_year, version), lines).await.unwrap();
        let told = kind.is_managers().then(|| "raison".to_owned());
        let filing = Filing {
            siren,
            flow_year,
            version,
            kind,
            filed_at: self.app.app.now(),
            filed_by: "agent".to_owned(),
            signatory: None,
            reason: told.clone(),
            document: told,
            line_count: u32::try_from(lines.len()).unwrap(),
            total_paid: lines.iter().map(|line| line.amounts.paid).sum(),
            total_own: lines.iter().map(Line::own_resources).sum(),
        };
        store::filing::insert(&mut writes, &filing);
        writes.send(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn line(&self, flow_year: u16, reference: &str, cents: i64) -> Line {
        let mut line = line(&self.app.app.codes, year(flow_year), "projet", reference);
        line.amounts.paid = euros(cents);
        line
    }

    async fn release(&self, name: ReportName, flow_year: u16) -> Result<Released, ServiceError> {
        report::release(&self.app.app, &manager(), name, year(flow_year), &|_, _| ()).await
    }

    /// Releases the next edition and gives its number.
    async fn edition(&self, name: ReportName, flow_year: u16) -> u32 {
        match self.release(name, flow_year).await.unwrap() {
            Released::Edition(files) => files[0].edition,
            Released::Unchanged(_) => panic!("nothing changed"),
        }
    }

    /// The rows there are now, by the end of the donor's number.
    async fn rows(&self, name: ReportName, flow_year: u16) -> (Status, BTreeMap<String, Row>) {
        let mut out: File = tempfile::tempfile().unwrap();
        let request = Request::new(name, year(flow_year), Format::Csv, Audience::Administration);
        let produced = report::produce(&self.app.app, &request, &out, &|_, _| ()).await.unwrap();
        let mut bytes = Vec::new();
        out.seek(SeekFrom::Start(0)).unwrap();
        out.read_to_end(&mut bytes).unwrap();
        let rows = rows(&bytes).into_iter();
        (produced.status, rows.map(|row| (row["numero_projet"].clone(), row)).collect())
    }

    /// What the aggregates say that was paid and committed in all, by type of aid and by recipient.
    async fn totals(&self, flow_year: u16) -> Vec<[String; 2]> {
        let mut out: File = tempfile::tempfile().unwrap();
        let name = ReportName::Aggregates;
        let request = Request::new(name, year(flow_year), Format::Csv, Audience::Administration);
        report::produce(&self.app.app, &request, &out, &|_, _| ()).await.unwrap();
        out.seek(SeekFrom::Start(3)).unwrap();
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(out);
        let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
        rows.filter(|row| row["code"] == "TOTAL")
            .map(|row| ["versements", "engagements"].map(|key| row[key].clone()))
            .collect()
    }

    /// Identifier, nature, committed, paid of each line, by body and reference.
    async fn told(&self, flow_year: u16) -> BTreeMap<String, [String; 4]> {
        let (_, rows) = self.rows(ReportName::Crs, flow_year).await;
        let alias = |number: &str| -> String {
            let of = ["A", "B", "C"].into_iter().find(|alias| number.starts_with(body(alias).as_str()));
            format!("{}{}", of.unwrap(), &number[9..])
        };
        let of = |row: &Row| {
            ["identifiant", "nature_notification", "engagement", "versement"].map(|key| row[key].clone())
        };
        rows.iter().map(|(number, row)| (alias(number), of(row))).collect()
    }

    async fn findings(&self, flow_year: u16) -> Vec<Finding> {
        let checked = report::verify(&self.app.app, ReportName::Crs, year(flow_year), &|_, _| ()).await;
        checked.unwrap().into_iter().map(|file| file.finding).collect()
    }
}

fn told<const N: usize>(rows: [(&str, [&str; 4]); N]) -> BTreeMap<String, [String; 4]> {
    rows.into_iter().map(|(key, row)| (key.to_owned(), row.map(str::to_owned))).collect()
}

fn code(error: &ServiceError) -> (Because, String) {
    match error {
        ServiceError::Refused(refusal) => (refusal.because, refusal.message.clone()),
        other => panic!("{other}"),
    }
}

async fn an_activity_keeps_its_identifier_over_the_years(app: TestApp) {
    let house = House::new(app).await;
    house.open(2014).await;
    let mut committed = house.line(2014, "P", 100_000);
    committed.amounts.committed = Some(euros(300_000));
    committed.amounts.cofinancing_received = euros(50_000);
    let derived = house.line(2014, "Q", 2_000);
    house.file("A", 2014, FilingKind::Declared, &[committed.clone(), derived.clone()]).await;
    house.file("B", 2014, FilingKind::Declared, &[house.line(2014, "P", 1)]).await;
    // Before the release nobody has a number, however often one looks.
    let (status, rows) = house.rows(ReportName::Crs, 2014).await;
    assert_eq!(status, Status::Provisional);
    assert!(rows.values().all(|row| row["identifiant"].is_empty() && row["nature_notification"] == "5"));
    house.settle(2014).await;
    let (status, rows) = house.rows(ReportName::Crs, 2014).await;
    assert_eq!(status, Status::Settled);
    assert!(rows.values().all(|row| row["identifiant"].is_empty()));
    assert_eq!(house.edition(ReportName::Crs, 2014).await, 1);
    let first = house.told(2014).await;
    let id = |key: &str| first[key][0].clone();
    let mut ids: Vec<&str> = first.values().map(|row| &*row[0]).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["2014000001", "2014000002", "2014000003"]);
    assert_eq!(first["A-P"][1..], ["1", "1500.00", "500.00"], "half of it is its own");
    assert_eq!(first["A-Q"][1..], ["8", "20.00", "20.00"]);
    assert_eq!(house.findings(2014).await, [Finding::Same, Finding::Same]);
    assert!(matches!(house.release(ReportName::Crs, 2014).await.unwrap(), Released::Unchanged(_)));

    // The next year: the same activities, and a new one.
    house.open(2015).await;
    let again = [house.line(2015, "N", 7_000), house.line(2015, "Q", 3_000), {
        Line { reference: "P".to_owned(), ..committed.clone() }
    }];
    house.file("A", 2015, FilingKind::Declared, &again).await;
    // What is on record is shown before the release too.
    let provisional = house.told(2015).await;
    assert_eq!((&provisional["A-P"][0], &provisional["A-N"][0]), (&id("A-P"), &String::new()));
    house.settle(2015).await;
    house.edition(ReportName::Crs, 2015).await;
    let second = told([
        ("A-N", ["2015000001", "8", "70.00", "70.00"]),
        ("A-P", [&id("A-P"), "3", "0.00", "500.00"]),
        ("A-Q", [&id("A-Q"), "3", "0.00", "30.00"]),
    ]);
    assert_eq!(house.told(2015).await, second);

    // What was committed before is not committed again, in the aggregates either.
    assert_eq!(house.totals(2015).await, [["600.00", "70.00"], ["600.00", "70.00"]]);

    // A version that only reorders changes neither identifiers nor natures.
    let [new, q, p] = again;
    house.file("A", 2015, FilingKind::Rectified, &[p.clone(), new.clone(), q.clone()]).await;
    assert_eq!(house.edition(ReportName::Crs, 2015).await, 2);
    assert_eq!(house.told(2015).await, second);

    // One changed, one withdrawn, one added: told as revisions, and as what it is.
    let mut changed = q;
    changed.amounts.paid = euros(3_001);
    house.file("A", 2015, FilingKind::Rectified, &[changed.clone(), new, house.line(2015, "M", 5)]).await;
    assert_eq!(house.edition(ReportName::Crs, 2015).await, 3);
    let third = told([
        ("A-M", ["2015000002", "8", "0.05", "0.05"]),
        ("A-N", ["2015000001", "8", "70.00", "70.00"]),
        ("A-P", [&id("A-P"), "2", "0.00", "0.00"]),
        ("A-Q", [&id("A-Q"), "2", "0.00", "30.01"]),
    ]);
    assert_eq!(house.told(2015).await, third);
    assert_eq!(house.findings(2015).await[4..], [Finding::Same, Finding::Same]);
    // The whole year annulled: everything is taken back, under the same identifiers.
    house.file("A", 2015, FilingKind::Annulled, &[]).await;
    assert_eq!(house.edition(ReportName::Crs, 2015).await, 4);
    let fourth = house.told(2015).await;
    assert_eq!(fourth.len(), 4);
    for (key, row) in &fourth {
        assert_eq!((&row[0], &*row[1], &*row[3]), (&third[key][0], "2", "0.00"), "{key}");
    }

    // The third year: what was told in the first one is a payment still.
    house.open(2016).await;
    house.file("A", 2016, FilingKind::Declared, &[house.line(2016, "P", 9), house.line(2016, "N", 8)]).await;
    house.settle(2016).await;
    house.edition(ReportName::Crs, 2016).await;
    let expected =
        told([("A-N", ["2015000001", "3", "0.00", "0.08"]), ("A-P", [&id("A-P"), "3", "0.00", "0.09"])]);
    assert_eq!(house.told(2016).await, expected);
}

async fn merged_bodies_keep_theirs(app: TestApp) {
    let house = House::new(app).await;
    house.open(2014).await;
    house.file("A", 2014, FilingKind::Declared, &[house.line(2014, "P", 100)]).await;
    house.file("B", 2014, FilingKind::Declared, &[house.line(2014, "P", 200)]).await;
    house.settle(2014).await;
    house.edition(ReportName::Crs, 2014).await;
    let first = house.told(2014).await;
    let (of_a, of_b) = (first["A-P"][0].clone(), first["B-P"][0].clone());
    let merged = ["A", "B"].map(|alias| Link {
        from: body(alias),
        into: body("C"),
        on: "2015-01-01".parse().unwrap(),
        how: How::Absorption,
    });
    register(&house.app, &[], &merged, &[]).await;

    house.open(2015).await;
    let named = |flow_year: u16, reference: &str, id: &str| Line {
        crs_project: Some(id.to_owned()),
        ..house.line(flow_year, reference, 300)
    };
    let lines = [
        named(2015, "ex-A", &of_a),
        named(2015, "ex-B", &of_b),
        // Nobody has it: a number of its own, and a warning.
        named(2015, "autre", "2013000001"),
    ];
    house.file("C", 2015, FilingKind::Declared, &lines).await;
    house.settle(2015).await;
    house.edition(ReportName::Crs, 2015).await;
    let expected = told([
        ("C-autre", ["2015000001", "8", "3.00", "3.00"]),
        ("C-ex-A", [&of_a, "3", "0.00", "3.00"]),
        ("C-ex-B", [&of_b, "3", "0.00", "3.00"]),
    ]);
    assert_eq!(house.told(2015).await, expected);

    // From then on they need not be named.
    house.open(2016).await;
    let lines = ["ex-B", "ex-A"].map(|reference| house.line(2016, reference, 400));
    house.file("C", 2016, FilingKind::Declared, &lines).await;
    house.settle(2016).await;
    house.edition(ReportName::Crs, 2016).await;
    let expected = told([("C-ex-A", [&of_a, "3", "0.00", "4.00"]), ("C-ex-B", [&of_b, "3", "0.00", "4.00"])]);
    assert_eq!(house.told(2016).await, expected);
}

async fn a_row_that_cannot_be_loaded_is_not_released(app: TestApp) {
    let house = House::new(app).await;
    house.open(2014).await;
    let mut broken = house.line(2014, "P", 100);
    broken.aid_type = AidTypeCode::new("B01").unwrap();
    broken.channel = ChannelCode::new("12000").unwrap();
    house.file("A", 2014, FilingKind::Declared, &[house.line(2014, "O", 50), broken]).await;
    house.settle(2014).await;
    for name in [ReportName::Crs, ReportName::CrsGroups] {
        let (because, message) = code(&house.release(name, 2014).await.unwrap_err());
        assert_eq!(because, Because::NotValidated);
        let named = format!("Commune A (SIREN {}), ligne «\u{a0}P\u{a0}»", body("A"));
        assert!(message.contains(&named) && message.contains("B01 demande un canal 2xxxx"), "{message}");
    }
    assert!(report::editions(&house.app.app).await.unwrap().is_empty());
    let told = house.told(2014).await;
    assert!(told.values().all(|row| row[0].is_empty()), "no number was used up: {told:?}");
    // Mended, it is released from the first number on.
    house.file("A", 2014, FilingKind::Rectified, &[house.line(2014, "P", 100)]).await;
    house.edition(ReportName::Crs, 2014).await;
    assert_eq!(house.told(2014).await["A-P"][0], "2014000001");
}

async fn groups_have_theirs(app: TestApp) {
    let house = House::new(app).await;
    house.open(2014).await;
    house
        .file("A", 2014, FilingKind::Declared, &[house.line(2014, "P", 100), house.line(2014, "Q", 20)])
        .await;
    house.file("B", 2014, FilingKind::Declared, &[house.line(2014, "P", 3)]).await;
    house.settle(2014).await;
    assert_eq!(house.edition(ReportName::CrsGroups, 2014).await, 1);
    house.edition(ReportName::Crs, 2014).await;
    // What is summed of them is released and verified as they are.
    for name in [ReportName::Aggregates, ReportName::Sdmx] {
        assert_eq!(house.edition(name, 2014).await, 1, "{name}");
        let checked = report::verify(&house.app.app, name, year(2014), &|_, _| ()).await.unwrap();
        assert!(checked.iter().all(|file| file.finding == Finding::Same), "{checked:?}");
        let again = house.release(name, 2014).await.unwrap();
        assert!(matches!(again, Released::Unchanged(_)), "{name}");
    }
    let groups = async |flow_year: u16| -> Vec<[String; 4]> {
        let (_, rows) = house.rows(ReportName::CrsGroups, flow_year).await;
        let keys = ["identifiant", "nature_notification", "engagement", "versement"];
        rows.values().map(|row| keys.map(|key| row[key].clone())).collect()
    };
    assert_eq!(groups(2014).await, [["2014900000", "8", "1.23", "1.23"].map(str::to_owned)]);
    // Another line of the group, and another group.
    let mut elsewhere = house.line(2014, "R", 7);
    elsewhere.recipient = "269".parse().unwrap();
    house.file("B", 2014, FilingKind::Rectified, &[house.line(2014, "P", 4), elsewhere]).await;
    assert_eq!(house.edition(ReportName::CrsGroups, 2014).await, 2);
    let expected = [["2014900000", "8", "1.24", "1.24"], ["2014900001", "8", "0.07", "0.07"]];
    assert_eq!(groups(2014).await, expected.map(|row| row.map(str::to_owned)));
    let checked =
        report::verify(&house.app.app, ReportName::CrsGroups, year(2014), &|_, _| ()).await.unwrap();
    assert!(checked.iter().skip(2).all(|file| file.finding == Finding::Same), "{checked:?}");
    // The next year has numbers of its own.
    house.open(2015).await;
    house.file("A", 2015, FilingKind::Declared, &[house.line(2015, "P", 100)]).await;
    house.settle(2015).await;
    house.edition(ReportName::CrsGroups, 2015).await;
    assert_eq!(groups(2015).await, [["2015900000", "8", "1.00", "1.00"].map(str::to_owned)]);
}
