//! Refusals that matter are told by the journal, and nothing else is written (rule 13).

use eapd::domain::journal::JournalEntry;
use eapd::domain::refusal::Because;
use eapd::domain::role::{Actor, Role};
use eapd::service::declaration::Signatory;
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::report::{self, ReportName};
use eapd::service::{ServiceError, campaign as campaigns, derogation, journal};
use eapd::store;
use futures_util::TryStreamExt;

use super::ground::{YEAR, body, campaign, ground, read, year};
use crate::support::{TestApp, at, contract};

fn agent(alias: &str) -> Actor {
    Actor { person: "AGENT".to_owned(), role: Role::Declarant(vec![body(alias)]) }
}

fn nil(alias: &str, received_at: &str) -> Request {
    Request {
        siren: body(alias),
        flow_year: year(YEAR),
        content: Content::Nil,
        signatory: Signatory { name: "Nom fictif".to_owned(), function: "maire".to_owned() },
        document: None,
        received_at: at(received_at),
        idempotency: None,
    }
}

async fn entries(app: &TestApp) -> Vec<JournalEntry> {
    read(app, async |tx| store::journal::stream(tx).try_collect().await).await
}

async fn refused(app: &TestApp, actor: &Actor, request: &Request) -> Because {
    match file(&app.app, actor, request).await {
        Err(ServiceError::Refused(refusal)) => refusal.because,
        other => panic!("not refused: {other:?}"),
    }
}

async fn a_late_filing_and_a_stranger_are_told(app: TestApp) {
    let before = entries(&app).await.len();
    app.set_clock("2014-06-16T00:00:00+02:00");
    assert_eq!(
        refused(&app, &agent("A"), &nil("A", "2014-06-16T00:00:00+02:00")).await,
        Because::WindowClosed
    );
    assert_eq!(refused(&app, &agent("B"), &nil("A", "2014-06-16T00:00:00+02:00")).await, Because::Forbidden);
    let told = entries(&app).await;
    let of = |index: usize| {
        let entry = &told[before + index];
        (entry.actor.as_str(), entry.action.as_str(), entry.after.as_deref().unwrap())
    };
    assert_eq!(told.len(), before + 2);
    assert_eq!(of(0), ("AGENT", "declaration.file.refused", r#"{"code":"EAPD-D011","role":"declarant"}"#));
    assert_eq!(of(1), ("AGENT", "declaration.file.refused", r#"{"code":"EAPD-D040","role":"declarant"}"#));
    assert!(journal::verify(&app.app, &[]).await.unwrap().is_ok());
    assert_eq!(read(&app, async |tx| store::filing::count_of_year(tx, year(YEAR)).await).await, 0);
}

async fn a_decision_too_early_is_told_and_a_slip_is_not(app: TestApp) {
    let before = entries(&app).await.len();
    let manager = Actor { person: "MANAGER".to_owned(), role: Role::Manager };
    assert!(campaigns::settle(&app.app, &manager, campaign(2014)).await.is_err());
    let mut unsigned = nil("A", "2014-05-20T12:00:00+02:00");
    unsigned.signatory.name.clear();
    assert_eq!(refused(&app, &agent("A"), &unsigned).await, Because::Unsigned);
    let until = "2014-06-30".parse().unwrap();
    let asked = derogation::grant_filing(&app.app, &agent("A"), body("A"), campaign(2014), until, "r").await;
    assert!(asked.is_err(), "an agent grants nothing");
    let released = report::release(&app.app, &manager, ReportName::Tresor, year(YEAR), &|_, _| {}).await;
    assert!(released.is_err(), "the campaign is not settled");
    let actions: Vec<String> =
        entries(&app).await.into_iter().skip(before).map(|entry| entry.action).collect();
    assert_eq!(actions, ["campaign.settle.refused", "derogation.filing.refused", "report.release.refused"]);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_late_filing_and_a_stranger_are_told,
    a_decision_too_early_is_told_and_a_slip_is_not,
);
