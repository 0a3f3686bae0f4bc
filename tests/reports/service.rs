//! Reports from the database: provisional, released, rectified, verified; the expected bodies. Both engines.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use eapd::app::App;
use eapd::clock::ManualClock;
use eapd::config::Profile;
use eapd::domain::collectivity::CollectivityKind;
use eapd::domain::declaration::Filing;
use eapd::domain::filing::FilingKind;
use eapd::domain::line::Line;
use eapd::domain::role::{Actor, Role};
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::reports::{Format, ReportName, Status, Unit};
use eapd::service::ServiceError;
use eapd::service::report::{self, Audience, Finding, Released, Request};
use eapd::service::{campaign, expected};
use eapd::store::writes::Writes;
use eapd::store::{self, Tx};

use super::fixture::{at, euros, line, siren, year};
use crate::support::{Instance, TestApp, contract};

const FLOW_YEAR: u16 = 2016;

contract!(Profile::Demo, "2017-05-02T08:00:00Z": reports_are_released, non_declarants_are_found);

struct House {
    app: App,
    clock: Arc<ManualClock>,
    // Its database lives as long as it does.
    _instance: Instance,
}

fn manager() -> Actor {
    Actor { person: "gestionnaire".to_owned(), role: Role::Manager }
}

async fn house(test: TestApp) -> House {
    let TestApp { app, clock, instance } = test;
    let house = House { app, clock, _instance: instance };
    for (base, kind, region) in [
        (21_000_001, CollectivityKind::Commune, "11"),
        (21_000_002, CollectivityKind::Departement, "53"),
        (21_000_003, CollectivityKind::Commune, "HORS"),
        (21_000_004, CollectivityKind::Commune, "53"),
    ] {
        house.register(base, kind, region).await;
    }
    campaign::create(&house.app, &manager(), campaign_year(), None, false).await.unwrap();
    house
}

fn campaign_year() -> CampaignYear {
    year(FLOW_YEAR).campaign()
}

fn flow_year() -> FlowYear {
    year(FLOW_YEAR)
}

macro_rules! execute {
    ($tx:expr, $sql:literal $(, $bind:expr)* $(,)?) => {
        match $tx {
            Tx::Sqlite(tx) => sqlx::query($sql)$(.bind($bind))*.execute(&mut **tx).await.map(|_| ()),
            Tx::Postgres(tx) => sqlx::query($sql)$(.bind($bind))*.execute(&mut **tx).await.map(|_| ()),
        }
        .unwrap()
    };
}

impl House {
    async fn register(&self, base: u32, kind: CollectivityKind, region: &str) {
        let mut tx = self.app.db.begin().await.unwrap();
        let id = siren(base).to_string();
        let name = format!("Collectivité fictive {base}");
        execute!(
            &mut tx,
            "INSERT INTO collectivity (id, siren, millesime, source, sort_key) VALUES ($1, $1, 2016, 'test', 'a')",
            id.as_str(),
        );
        for (revision, old) in [(1_i32, "nom d’avant"), (2, name.as_str())] {
            execute!(
                &mut tx,
                "INSERT INTO collectivity_state (collectivity, from_year, revision, kind, code, name, region, \
                 population, reason, recorded_at) VALUES ($1, 0, $2, $3, $1, $4, $5, 1000, 'test', $6)",
                id.as_str(),
                revision,
                kind,
                old,
                region,
                self.app.now(),
            );
        }
        tx.commit().await.unwrap();
    }

    async fn file(&self, base: u32, kind: FilingKind, lines: &[Line]) {
        let (siren, now) = (siren(base), self.app.now());
        let mut tx = self.app.db.begin().await.unwrap();
        let version = store::filing::effective(&mut tx, siren, flow_year())
            .await
            .unwrap()
            .map_or(1, |last| last.version + 1);
        let mut writes = Writes::of(&tx);
        store::line::insert(&mut tx, &mut writes, (siren, flow_year(), version), lines).await.unwrap();
        let is_managers = kind.is_managers();
        let filing = Filing {
            siren,
            flow_year: flow_year(),
            version,
            kind,
            filed_at: now,
            filed_by: "agent".to_owned(),
            signatory: None,
            reason: is_managers.then(|| "raison".to_owned()),
            document: is_managers.then(|| "pièce".to_owned()),
            line_count: u32::try_from(lines.len()).unwrap(),
            total_paid: lines.iter().map(|line| line.amounts.paid).sum(),
            total_own: lines.iter().map(Line::own_resources).sum(),
        };
        store::filing::insert(&mut writes, &filing);
        writes.send(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn line(&self, reference: &str, cents: i64) -> Line {
        let mut line = line(&self.app.codes, flow_year(), "projet", reference);
        line.amounts.paid = euros(cents);
        line
    }

    async fn produce(&self, request: &Request) -> (Result<Status, ServiceError>, Vec<u8>) {
        let mut out: File = tempfile::tempfile().unwrap();
        let produced = report::produce(&self.app, request, &out, &|_, _| ()).await;
        let mut bytes = Vec::new();
        out.seek(SeekFrom::Start(0)).unwrap();
        out.read_to_end(&mut bytes).unwrap();
        (produced.map(|produced| produced.status), bytes)
    }

    async fn release(&self, name: ReportName) -> Result<Released, ServiceError> {
        report::release(&self.app, &manager(), name, flow_year(), &|_, _| ()).await
    }

    async fn findings(&self, name: ReportName) -> Vec<Finding> {
        let checked = report::verify(&self.app, name, flow_year(), &|_, _| ()).await.unwrap();
        checked.into_iter().map(|file| file.finding).collect()
    }
}

fn request(name: ReportName, format: Format) -> Request {
    Request::new(name, flow_year(), format, Audience::Administration)
}

fn code(error: &ServiceError) -> &'static str {
    match error {
        ServiceError::Refused(refusal) => refusal.because.code(),
        other => panic!("{other}"),
    }
}

/// One campaign, from the first provisional report to the second edition.
async fn reports_are_released(test: TestApp) {
    let house = house(test).await;
    let app = &house.app;
    let lines: Vec<Line> = (0..600).map(|n| house.line(&format!("L-{n}"), 50_000 + n)).collect();
    house.file(21_000_001, FilingKind::Declared, &lines).await;
    house.file(21_000_003, FilingKind::Declared, &[house.line("H-1", 99)]).await;
    house.file(21_000_002, FilingKind::Nil, &[]).await;
    let own: i64 = lines.iter().map(|line| line.own_resources().cents()).sum::<i64>() + 99;

    // Before settlement: provisional, not stored, not released.
    let xml = request(ReportName::Tresor, Format::Xml);
    let (status, provisional) = house.produce(&xml).await;
    assert_eq!(status.unwrap(), Status::Provisional);
    let text = String::from_utf8(provisional.clone()).unwrap();
    assert!(text.contains("PROVISOIRE") && text.contains("<ressourcesPropres>0.99<"));
    assert!(text.contains("Collectivité fictive 21000001"), "the last revision of the register");
    assert_eq!(code(&house.release(ReportName::Tresor).await.unwrap_err()), "EAPD-D015");
    assert!(report::editions(app).await.unwrap().is_empty());
    assert_eq!(house.produce(&xml).await.1, provisional, "the same data gives the same bytes");

    // A region, another unit.
    let hors = Request { region: Some("HORS".to_owned()), unit: Some(Unit::Euro), ..xml.clone() };
    let (status, bytes) = house.produce(&hors).await;
    assert_eq!(status.unwrap(), Status::Provisional);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.matches("<ligne>").count(), 1);
    assert!(text.contains("<tableau unite=\"1\">") && text.contains("<perimetre code=\"HORS\">"));

    // Nothing is public before publication.
    let public = Request { audience: Audience::Public, ..request(ReportName::Lines, Format::Csv) };
    assert_eq!(code(&house.produce(&public).await.0.unwrap_err()), "EAPD-D006");
    let public_workbook = Request { format: Format::Xlsx, ..public.clone() };
    assert_eq!(code(&house.produce(&public_workbook).await.0.unwrap_err()), "EAPD-D006");

    house.clock.set(at("2017-06-16T08:00:00Z"));
    campaign::settle(app, &manager(), campaign_year()).await.unwrap();
    assert_eq!(house.produce(&xml).await.0.unwrap(), Status::Settled);
    let observer = Actor { person: "o".to_owned(), role: Role::Observer };
    let refused = report::release(app, &observer, ReportName::Tresor, flow_year(), &|_, _| ()).await;
    assert_eq!(code(&refused.unwrap_err()), "EAPD-D040");

    house.clock.set(at("2017-07-01T08:00:00Z"));
    let Released::Edition(first) = house.release(ReportName::Tresor).await.unwrap() else { panic!() };
    assert_eq!(
        first.iter().map(|file| (file.edition, file.line_count)).collect::<Vec<_>>(),
        [(1, 601), (1, 601)]
    );
    assert!(first.iter().all(|file| file.total_own.cents() == own));
    let head = store::journal::head(&mut app.db.snapshot().await.unwrap()).await.unwrap();
    assert!(first.iter().all(|file| file.journal_head == head.hash), "its own entry is the head");
    let (status, stored) = house.produce(&xml).await;
    let edition = Status::Edition { number: 1, released_at: at("2017-07-01T08:00:00Z") };
    assert_eq!(status.unwrap(), edition);
    assert!(String::from_utf8(stored.clone()).unwrap().contains(">Édition 1 du 1"));
    assert_eq!(house.findings(ReportName::Tresor).await, [Finding::Same, Finding::Same]);

    // Again: nothing has changed, later too.
    house.clock.set(at("2017-08-01T08:00:00Z"));
    let Released::Unchanged(same) = house.release(ReportName::Tresor).await.unwrap() else { panic!() };
    assert_eq!(same.len(), 2);
    assert_eq!(report::editions(app).await.unwrap(), first);

    // A rectification: the edition stays as stored, a new one can be made.
    house.file(21_000_001, FilingKind::Rectified, &[house.line("L-0", 1)]).await;
    assert_eq!(house.produce(&xml).await.1, stored);
    assert_eq!(house.findings(ReportName::Tresor).await, [Finding::DataChanged, Finding::DataChanged]);
    house.clock.set(at("2017-09-01T08:00:00Z"));
    let Released::Edition(second) = house.release(ReportName::Tresor).await.unwrap() else { panic!() };
    assert!(second.iter().all(|file| (file.edition, file.total_own.cents()) == (2, 100)));
    assert_eq!(
        house.findings(ReportName::Tresor).await,
        [Finding::Replaced, Finding::Replaced, Finding::Same, Finding::Same]
    );
    let of_first = Request { edition: Some(1), ..xml.clone() };
    assert_eq!(house.produce(&of_first).await.1, stored, "the first edition is served for ever");
    assert_ne!(house.produce(&xml).await.1, stored);
    let none = Request { edition: Some(3), ..xml.clone() };
    assert_eq!(code(&house.produce(&none).await.0.unwrap_err()), "EAPD-D006");

    // Published: the lines are open, the rest is not.
    house.release(ReportName::Lines).await.unwrap();
    campaign::publish(app, &manager(), campaign_year()).await.unwrap();
    let (status, bytes) = house.produce(&public).await;
    assert!(matches!(status.unwrap(), Status::Edition { number: 1, .. }));
    assert_eq!(String::from_utf8(bytes).unwrap().lines().count(), 3);
    let (status, bytes) = house.produce(&public_workbook).await;
    assert!(matches!(status.unwrap(), Status::Edition { number: 1, .. }));
    assert_eq!(&bytes[..2], b"PK");
    assert_eq!(house.findings(ReportName::Lines).await, [Finding::Same, Finding::Same]);
    house.release(ReportName::OpenData).await.unwrap();
    assert_eq!(house.findings(ReportName::OpenData).await, [Finding::Same]);
    summaries_are_written(&house).await;
    house.release(ReportName::Quality).await.unwrap();
    assert_eq!(house.findings(ReportName::Quality).await, [Finding::Same, Finding::Same]);
    let closed = Request { audience: Audience::Public, ..xml.clone() };
    assert_eq!(code(&house.produce(&closed).await.0.unwrap_err()), "EAPD-D006");

    // Wrong requests.
    let wrong = [
        request(ReportName::Tresor, Format::Csv),
        Request { unit: Some(Unit::Euro), ..request(ReportName::Lines, Format::Csv) },
        Request { region: Some("999".to_owned()), ..xml.clone() },
        Request { edition: Some(1), region: Some("11".to_owned()), ..xml },
    ];
    for request in wrong {
        assert_eq!(code(&house.produce(&request).await.0.unwrap_err()), "EAPD-D029", "{request:?}");
    }
}

/// The national summary has editions; that of a region is written for whoever names the region.
async fn summaries_are_written(house: &House) {
    house.release(ReportName::NationalSummary).await.unwrap();
    assert_eq!(house.findings(ReportName::NationalSummary).await, [Finding::Same, Finding::Same]);
    assert_eq!(code(&house.release(ReportName::RegionalSummary).await.unwrap_err()), "EAPD-D029");
    let of_region = |name: ReportName, region: Option<&str>| Request {
        region: region.map(str::to_owned),
        ..request(name, Format::Ods)
    };
    let (status, bytes) = house.produce(&of_region(ReportName::RegionalSummary, Some("HORS"))).await;
    assert_eq!((status.unwrap(), &bytes[..2]), (Status::Settled, &b"PK"[..]));
    for (name, region) in [(ReportName::RegionalSummary, None), (ReportName::NationalSummary, Some("11"))] {
        assert_eq!(
            code(&house.produce(&of_region(name, region)).await.0.unwrap_err()),
            "EAPD-D029",
            "{name}"
        );
    }
}

/// Bodies with a past, bodies of a list; filed, drafted, silent, annulled.
async fn non_declarants_are_found(test: TestApp) {
    let house = house(test).await;
    let app = &house.app;
    for (base, past) in [(21_000_001_u32, 2012_u16), (21_000_002, 2010), (21_000_004, 2011)] {
        let amount = eapd::domain::declaration::PastAmount {
            siren: siren(base),
            flow_year: year(past),
            amount: Some(euros(i64::from(past))),
            filed_on: None,
            source: "test".to_owned(),
        };
        let mut tx = app.db.begin().await.unwrap();
        execute!(
            &mut tx,
            "INSERT INTO past_amount (flow_year, siren, revision, nil, amount, source, recorded_by, recorded_at) \
             VALUES ($1, $2, 1, $3, $4, $5, 'test', $6)",
            amount.flow_year,
            amount.siren,
            false,
            amount.amount,
            amount.source.as_str(),
            app.now(),
        );
        tx.commit().await.unwrap();
    }
    let list = format!("siren;motif\n{};liste fictive\n", siren(21_000_003));
    expected::import(app, &manager(), campaign_year(), list.as_bytes()).await.unwrap();
    let csv = request(ReportName::NonDeclarants, Format::Csv);
    let (status, bytes) = house.produce(&csv).await;
    assert_eq!(status.unwrap(), Status::Provisional);
    let text = String::from_utf8(bytes).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(';').collect()).collect();
    let found: Vec<(&str, &str, &str)> = rows.iter().map(|row| (row[0], row[8], row[9])).collect();
    let (first, third, fourth) =
        (siren(21_000_001).to_string(), siren(21_000_003).to_string(), siren(21_000_004).to_string());
    // 2010 is six years before 2016: the département is not expected.
    assert_eq!(
        found,
        [(first.as_str(), "2012", "20.12"), (fourth.as_str(), "2011", "20.11"), (third.as_str(), "", "")]
    );

    house.file(21_000_001, FilingKind::Nil, &[]).await;
    house.file(21_000_004, FilingKind::Declared, &[house.line("A", 5)]).await;
    let mut tx = app.db.begin().await.unwrap();
    execute!(
        &mut tx,
        "INSERT INTO draft (flow_year, siren, revision, lines, updated_by, updated_at) \
         VALUES ($1, $2, 1, '[]', 'test', $3)",
        flow_year(),
        siren(21_000_003),
        app.now(),
    );
    tx.commit().await.unwrap();
    let text = String::from_utf8(house.produce(&csv).await.1).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains(";oui;non;"), "a draft, no contact: {text}");

    // An annulled version counts as not declared.
    house.clock.set(at("2017-06-16T08:00:00Z"));
    house.file(21_000_004, FilingKind::Annulled, &[]).await;
    let text = String::from_utf8(house.produce(&csv).await.1).unwrap();
    assert!(text.contains(&fourth), "{text}");
    campaign::settle(app, &manager(), campaign_year()).await.unwrap();
    house.release(ReportName::NonDeclarants).await.unwrap();
    assert_eq!(house.findings(ReportName::NonDeclarants).await, [Finding::Intact, Finding::Intact]);
    let refused = report::verify(app, ReportName::Tresor, flow_year(), &|_, _| ()).await.unwrap_err();
    assert_eq!(code(&refused), "EAPD-D006");
}
