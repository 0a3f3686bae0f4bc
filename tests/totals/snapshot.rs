//! Each report is one snapshot: its sheets agree while filings go on (rule 12).

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use eapd::domain::field::{Field, RawLine};
use eapd::domain::role::{Actor, Role};
use eapd::service::declaration::Signatory;
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::report::{self, Audience, Format, ReportName};
use serde_json::Value;

use crate::contract::ground::{YEAR, body, ground, year};
use crate::reports::tools;
use crate::support::{TestApp, contract};

const ROUNDS: usize = 6;

fn lines(rank: u32) -> Vec<RawLine> {
    let line = |index: u32| {
        RawLine::default()
            .with(Field::Title, format!("Ligne fictive {index}"))
            .with(Field::Recipient, "SEN")
            .with(Field::Purpose, "14030")
            .with(Field::Channel, "22000")
            .with(Field::Nature, "projet")
            .with(Field::AmountPaid, format!("{},{:02}", 1_000 + rank * 37 + index, (rank + index) % 100))
    };
    (0..=rank % 40).map(line).collect()
}

async fn file_until(app: &TestApp, done: &AtomicBool, filed: &AtomicU32) {
    let actor = Actor { person: "AGENT".to_owned(), role: Role::Operator };
    while !done.load(Ordering::SeqCst) {
        let rank = filed.fetch_add(1, Ordering::SeqCst);
        let siren = body(["A", "B", "C"][usize::try_from(rank % 3).unwrap()]);
        let request = Request {
            siren,
            flow_year: year(YEAR),
            content: Content::Lines(lines(rank)),
            signatory: Signatory { name: "Nom fictif".to_owned(), function: "maire".to_owned() },
            document: None,
            received_at: app.app.now(),
            idempotency: None,
        };
        file(&app.app, &actor, &request).await.unwrap();
    }
}

async fn produce(app: &TestApp, done: &AtomicBool) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let mut found = Vec::new();
    for round in 0..ROUNDS {
        let path = folder.path().join(format!("tresor-{round}.xlsx"));
        let request =
            report::Request::new(ReportName::Tresor, year(YEAR), Format::Xlsx, Audience::Administration);
        report::produce(&app.app, &request, &File::create(&path).unwrap(), &|_, _| {}).await.unwrap();
        found.push(serde_json::from_str(&tools::python("openpyxl_check.py", &[&path])).unwrap());
    }
    done.store(true, Ordering::SeqCst);
    found
}

async fn sheets_agree_while_filings_go_on(app: TestApp) {
    let (done, filed) = (AtomicBool::new(false), AtomicU32::new(0));
    let (found, ()) = tokio::join!(produce(&app, &done), file_until(&app, &done, &filed));
    for one in &found {
        assert_eq!(one["own"], one["breakdown"], "{one}");
        assert_eq!(one["own"], one["control_own"], "{one}");
        let told = one["own"].as_i64().unwrap() + one["control_difference"].as_i64().unwrap();
        assert_eq!(one["table"].as_i64().unwrap() * 1000, told, "{one}");
    }
    let totals: BTreeSet<i64> = found.iter().filter_map(|one| one["own"].as_i64()).collect();
    assert!(totals.len() > 1, "the figures moved between the reports: {totals:?}");
    assert!(filed.load(Ordering::SeqCst) > 3, "filings went on");
}

contract!(with ground, "2014-05-20T10:00:00Z": sheets_agree_while_filings_go_on);
