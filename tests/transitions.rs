//! What is decided about a campaign, in each of its states, by each role: all that is not in one table is refused,
//! and leaves the campaign as it was; what is done is told by the journal in the same transaction, or not done.

use std::time::Duration;

use eapd::config::Profile;
use eapd::domain::campaign::CampaignState;
use eapd::domain::day::Day;
use eapd::domain::role::{Actor, Role};
use eapd::domain::siren::Siren;
use eapd::domain::window::Window;
use eapd::domain::year::CampaignYear;
use eapd::service::declaration::file::{self, Content, Request};
use eapd::service::declaration::version::{self, Decision};
use eapd::service::{Result, ServiceError, campaign, derogation, operator};

use crate::support::people::signatory;
use crate::support::register::{Entry, register};
use crate::support::template::{Made, prepared};
use crate::support::{Engine, Role as DatabaseRole, TestApp, contract};

contract!(with world, "2014-04-01T10:00:00+02:00": what_is_not_in_the_table_is_refused);

const OWN: &str = "219900107";
const PLANNED: &str = "2014-04-01T10:00:00+02:00";
const OPEN: &str = "2014-05-20T10:00:00+02:00";
const OVER: &str = "2014-06-16T10:00:00+02:00";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Plan,
    Extend,
    Derogate,
    Settle,
    Publish,
    Cancel,
    File,
    Version,
}

const ACTS: [Act; 8] =
    [Act::Plan, Act::Extend, Act::Derogate, Act::Settle, Act::Publish, Act::Cancel, Act::File, Act::Version];

const STATES: [CampaignState; 6] = [
    CampaignState::Planned,
    CampaignState::Open,
    CampaignState::Over,
    CampaignState::Settled,
    CampaignState::Published,
    CampaignState::Cancelled,
];

/// What each state admits.
const fn admitted(state: CampaignState) -> &'static [Act] {
    match state {
        CampaignState::Planned => &[Act::Plan, Act::Extend, Act::Derogate, Act::Cancel],
        CampaignState::Open => &[Act::Extend, Act::Derogate, Act::File, Act::Version],
        CampaignState::Over => &[Act::Extend, Act::Derogate, Act::Settle, Act::Version],
        CampaignState::Settled => &[Act::Publish, Act::Version],
        CampaignState::Published => &[Act::Version],
        CampaignState::Cancelled => &[],
    }
}

/// Who may, where the state admits it.
fn may(role: &Role, act: Act) -> bool {
    match act {
        Act::File => matches!(role, Role::Declarant(_) | Role::Operator),
        _ => matches!(role, Role::Manager | Role::Operator),
    }
}

fn roles() -> [Role; 7] {
    [
        Role::Declarant(vec![own()]),
        Role::Sgar("11".to_owned()),
        Role::Instructor,
        Role::Manager,
        Role::Observer,
        Role::Administrator,
        Role::Operator,
    ]
}

fn own() -> Siren {
    OWN.parse().unwrap()
}

fn year() -> CampaignYear {
    CampaignYear::new(2014).unwrap()
}

async fn world(engine: Engine) -> Made {
    prepared(engine, Profile::Demo, "transitions", "2013-01-10T09:00:00+01:00", async |test: &TestApp| {
        register(test, &[Entry::named(own(), "Commune d’Essai")], &[], &[]).await;
        let actor = operator::identify(&test.app, "essai").await.unwrap();
        campaign::create(&test.app, &actor, year(), None, true).await.unwrap();
    })
    .await
}

/// Brings the campaign of a copy of [`world`] into a state.
async fn brought_to(state: CampaignState, test: &TestApp) {
    let app = &test.app;
    let actor = operator::identify(app, "essai").await.unwrap();
    if state == CampaignState::Cancelled {
        campaign::cancel(app, &actor, year(), "essai").await.unwrap();
    }
    if ![CampaignState::Planned, CampaignState::Cancelled].contains(&state) {
        test.set_clock(OPEN);
        act(test, &actor, Act::File).await.unwrap();
    }
    if [CampaignState::Over, CampaignState::Settled, CampaignState::Published].contains(&state) {
        test.set_clock(OVER);
    }
    if [CampaignState::Settled, CampaignState::Published].contains(&state) {
        campaign::settle(app, &actor, year()).await.unwrap();
    }
    if state == CampaignState::Published {
        campaign::publish(app, &actor, year()).await.unwrap();
    }
    assert_eq!(campaign::standing(app, year()).await.unwrap().state, state);
}

async fn act(test: &TestApp, actor: &Actor, act: Act) -> Result<()> {
    let app = &test.app;
    let day = |text: &str| text.parse::<Day>().unwrap();
    match act {
        Act::Plan => {
            let window = Window::new(day("2014-04-20"), day("2014-06-20")).unwrap();
            campaign::plan(app, actor, year(), window).await.map(drop)
        }
        Act::Extend => campaign::extend(app, actor, year(), day("2014-07-31"), "essai").await.map(drop),
        Act::Derogate => {
            derogation::grant_filing(app, actor, own(), year(), day("2014-07-31"), "essai").await.map(drop)
        }
        Act::Settle => campaign::settle(app, actor, year()).await.map(drop),
        Act::Publish => campaign::publish(app, actor, year()).await.map(drop),
        Act::Cancel => campaign::cancel(app, actor, year(), "essai").await.map(drop),
        Act::File => {
            let request = Request {
                siren: own(),
                flow_year: year().flow_year(),
                content: Content::Nil,
                signatory: signatory(),
                document: None,
                received_at: app.now(),
                idempotency: None,
            };
            file::file(app, actor, &request).await.map(drop)
        }
        Act::Version => {
            let decision = Decision::Annul;
            let flow_year = year().flow_year();
            version::decide(app, actor, own(), flow_year, &decision, "essai", "Lettre 1").await.map(drop)
        }
    }
}

/// Everything that a decision about a campaign writes, but for the journal.
fn written(test: &TestApp) -> String {
    let tables = [
        "campaign",
        "campaign_dates",
        "extension",
        "campaign_step",
        "derogation",
        "filing",
        "receipt",
        "mail",
    ];
    let counts = tables.map(|table| format!("(SELECT COUNT(*) FROM {table})"));
    test.instance.must(&format!("SELECT {};", counts.join(" || ' ' || ")))
}

/// Entries of the journal.
fn told(test: &TestApp) -> u32 {
    test.instance.must("SELECT COUNT(*) FROM journal;").trim().parse().unwrap()
}

/// As the owner of the tables; what was refused a moment ago may still be on its way back.
async fn rename(test: &TestApp, sql: &str) {
    for _try in 0..100 {
        let outcome = test.instance.sql_as(DatabaseRole::Owner, sql);
        if outcome.done() {
            return;
        }
        assert!(outcome.to_string().contains("locked"), "{outcome}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("locked for ever: {sql}");
}

/// Does what is admitted, on a copy of its own: not at all where the journal cannot be written, then with one entry.
async fn done(test: &TestApp, actor: &Actor, tried: Act) {
    let (before, entries) = (written(test), told(test));
    rename(test, "ALTER TABLE journal RENAME TO ailleurs;").await;
    let outcome = act(test, actor, tried).await;
    rename(test, "ALTER TABLE ailleurs RENAME TO journal;").await;
    assert!(
        matches!(&outcome, Err(error) if !matches!(error, ServiceError::Refused(_))),
        "{tried:?} {outcome:?}"
    );
    assert_eq!((written(test), told(test)), (before.clone(), entries), "{tried:?} was done in silence");
    let outcome = act(test, actor, tried).await;
    assert!(outcome.is_ok(), "{tried:?} {actor:?}: {outcome:?}");
    assert_ne!(written(test), before, "{tried:?} {actor:?} wrote nothing");
    assert_eq!(told(test), entries + 1, "{tried:?}");
}

async fn what_is_not_in_the_table_is_refused(test: TestApp) {
    let template = world(test.engine()).await;
    let person = operator::identify(&test.app, "essai").await.unwrap().person;
    for state in STATES {
        let refusing = TestApp::copy_of(&template, PLANNED).await;
        brought_to(state, &refusing).await;
        let before = written(&refusing);
        for tried in ACTS {
            for role in roles() {
                let is_admitted = admitted(state).contains(&tried) && may(&role, tried);
                let actor = Actor { person: person.clone(), role };
                if is_admitted {
                    let own = TestApp::copy_of(&template, PLANNED).await;
                    brought_to(state, &own).await;
                    done(&own, &actor, tried).await;
                    continue;
                }
                let outcome = act(&refusing, &actor, tried).await;
                let is_refused = matches!(outcome, Err(ServiceError::Refused(_)));
                assert!(is_refused, "{state:?} {tried:?} {actor:?}: {outcome:?}");
                assert_eq!(written(&refusing), before, "{state:?} {tried:?} {actor:?} wrote");
            }
        }
    }
}
