//! The truth table of eligibility (rule 9), lived through: each scenario is
//! made by the real operations, then asked about by every audience.

mod audiences;
mod build;

use std::collections::BTreeMap;

use eapd::config::Profile;

use crate::support::template::{Made, migrated};
use crate::support::truth_table::{Case, cases};
use crate::support::{Engine, TestApp};

/// Rows of which the service refuses a step on purpose: the rule decides what
/// would follow, the service sees to it that it never comes so far.
const REFUSED: [(&str, &str); 4] = [
    ("V14", "nothing is taken over while the collectivity can still file"),
    ("V15", "a declaration filed in time is rectified, never taken over"),
    ("V17", "what was taken over does not become a declaration in time by being rectified"),
    ("R16", "a manager decides once the attachment is answered"),
];

/// Replays the rows whose number begins with one of `letters`.
async fn replay(engine: Engine, letters: &str) {
    let template: Made = migrated(engine, Profile::Demo).await;
    // Rows of the same scenario share a database: they only ask.
    let mut scenarios: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for case in cases().unwrap() {
        if letters.contains(&case.id[..1]) {
            scenarios.entry(format!("{:?}", case.scenario.steps)).or_default().push(case);
        }
    }
    assert!(!scenarios.is_empty(), "no row begins with one of {letters}");
    let mut wrong = Vec::new();
    for cases in scenarios.values() {
        let app = TestApp::copy_of(&template, "2009-01-01T00:00:00Z").await;
        let ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
        let built = build::build(&app, cases).await;
        match (built, REFUSED.iter().find(|(id, _)| ids.contains(id))) {
            (Ok(()), None) => wrong.extend(audiences::ask(&app, cases).await),
            (Ok(()), Some((id, why))) => wrong.push(format!("{id}: nothing was refused, though {why}")),
            (Err(error), Some(_)) if error.is_refusal => {}
            (Err(error), _) => wrong.push(format!("{ids:?}: {}", error.message)),
        }
    }
    assert!(wrong.is_empty(), "{} wrong answers\n{}", wrong.len(), wrong.join("\n"));
}

/// What was taken over never counts as filed in time, not by way of an annulment either.
async fn an_annulment_launders_nothing(engine: Engine) {
    let case = |steps: &str| Case {
        scenario: format!("existe A | campagne 2014 | {steps}").parse().unwrap(),
        ..cases().unwrap().remove(0)
    };
    for steps in [
        "reprise A 2013 @2014-07-01 | annulation A 2013 @2014-07-02 | rectification A 2013 @2014-07-03",
        "depot A 2013 @2014-05-10 | annulation A 2013 @2014-07-01 | reprise A 2013 @2014-07-02 | \
         rectification A 2013 @2014-07-03",
        "annulation A 2013 @2014-07-01",
        "rectification A 2013 @2014-07-01",
    ] {
        let app = TestApp::copy_of(&migrated(engine, Profile::Demo).await, "2009-01-01T00:00:00Z").await;
        let built = build::build(&app, &[case(steps)]).await;
        assert!(built.is_err_and(|broken| broken.is_refusal), "{steps}");
    }
}

/// One test an engine and a family of rows.
macro_rules! families {
    ($($family:ident $letters:literal;)+) => {
        mod sqlite {
            use super::{Engine, an_annulment_launders_nothing, replay};
            $(#[tokio::test] async fn $family() { replay(Engine::Sqlite, $letters).await; })+
            #[tokio::test] async fn annulments() { an_annulment_launders_nothing(Engine::Sqlite).await; }
        }
        mod postgres {
            use super::{Engine, an_annulment_launders_nothing, replay};
            $(#[tokio::test] async fn $family() { replay(Engine::Postgres, $letters).await; })+
            #[tokio::test] async fn annulments() { an_annulment_launders_nothing(Engine::Postgres).await; }
        }
        const LETTERS: &[&str] = &[$($letters),+];
    };
}

families! {
    windows "FP";
    versions "V";
    derogations "DE";
    past_amounts_and_years "AYR";
    mergers "M";
    splits_and_births "SN";
}

#[test]
fn every_row_is_replayed_or_says_why_not() {
    let all = cases().unwrap();
    for case in &all {
        let families = LETTERS.iter().filter(|letters| letters.contains(&case.id[..1])).count();
        assert_eq!(families, 1, "{}", case.id);
    }
    for (id, why) in &REFUSED {
        assert!(all.iter().any(|case| case.id == *id) && !why.is_empty(), "{id} is no row");
    }
}
