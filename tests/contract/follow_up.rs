//! The bodies that a campaign follows, with why and where they stand.

use eapd::domain::attachment as attachments;
use eapd::domain::declaration::PastAmount;
use eapd::domain::expected::{ExpectedBody, ExpectedOrigin, LastDeclared, Progress};
use eapd::domain::filing::FilingKind;
use eapd::domain::instant::Instant;
use eapd::store::expected::{Expectation, Origin};
use eapd::store::{Tx, attachment, draft, expected, follow_up, journal, past_amount};

use super::ground::{YEAR, body, campaign, cents, file, ground, read, short_line, version, write, year};
use crate::support::register::{Entry, register};
use crate::support::{TestApp, at, contract};

async fn bodies(app: &TestApp, now: Instant) -> Vec<ExpectedBody> {
    read(app, async |tx| follow_up::bodies(tx, year(YEAR), now).await).await
}

fn expecting(alias: &str) -> ExpectedBody {
    ExpectedBody {
        siren: body(alias),
        decision: None,
        last: None,
        progress: Progress::Nothing,
        has_contact: false,
    }
}

fn past(alias: &str, flow_year: u16, amount: Option<i64>) -> PastAmount {
    PastAmount {
        siren: body(alias),
        flow_year: year(flow_year),
        amount: amount.map(cents),
        filed_on: None,
        source: "Atlas".to_owned(),
    }
}

async fn add(app: &TestApp, past: &PastAmount) {
    let now = app.app.now();
    write(app, async |tx| past_amount::add(tx, past, None, "P1", now).await).await.unwrap();
}

async fn those_of_the_five_years_before_are_expected(app: TestApp) {
    assert_eq!(bodies(&app, app.app.now()).await, []);
    for past in [
        past("C", 2008, Some(700)),
        past("A", 2008, Some(800)),
        past("B", 2011, None),
        past("A", 2010, Some(1)),
    ] {
        add(&app, &past).await;
    }
    let last = |flow_year: u16, amount: i64| {
        Some(LastDeclared { flow_year: year(flow_year), amount: cents(amount), is_past_amount: true })
    };
    let expected = [
        ExpectedBody { last: last(2010, 1), ..expecting("A") },
        // Silence is not zero, and zero is not silence.
        ExpectedBody { last: last(2011, 0), ..expecting("B") },
        ExpectedBody { last: last(2008, 700), ..expecting("C") },
    ];
    let now = app.app.now();
    assert_eq!(bodies(&app, now).await, expected);
    // A year later 2008 is too long ago.
    let later = read(&app, async |tx| follow_up::bodies(tx, year(2014), now).await).await;
    assert_eq!(later, expected[..2]);
}

async fn a_decision_stands_until_it_is_withdrawn(app: TestApp) {
    let now = app.app.now();
    let decide = async |alias: &str, expected: bool, origin: Origin| {
        let told = Expectation { expected, origin, reason: "dossier".to_owned() };
        let siren = body(alias);
        write(&app, async |tx| expected::decide(tx, campaign(2014), siren, &told, "P1", now).await)
            .await
            .unwrap();
    };
    decide("A", true, Origin::List).await;
    decide("B", true, Origin::Manager).await;
    decide("C", true, Origin::Sgar).await;
    // B declared the year before, and is taken off all the same.
    add(&app, &past("B", 2012, Some(100))).await;
    decide("B", false, Origin::Sgar).await;
    let decided = |origin| Some((origin, "dossier".to_owned()));
    let expected = [
        ExpectedBody { decision: decided(ExpectedOrigin::List), ..expecting("A") },
        ExpectedBody { decision: decided(ExpectedOrigin::Sgar), ..expecting("C") },
    ];
    assert_eq!(bodies(&app, now).await, expected);
}

async fn each_stands_where_its_last_version_says(app: TestApp) {
    let entries: Vec<Entry> = ["D", "E", "F"].map(|alias| Entry::named(body(alias), alias)).to_vec();
    register(&app, &entries, &[], &[]).await;
    let now = app.app.now();
    for alias in ["A", "B", "C", "D", "E", "F"] {
        add(&app, &past(alias, 2012, Some(100))).await;
    }
    let lines = [short_line("a", 100)];
    write(&app, async |tx| {
        for alias in ["A", "D", "E"] {
            file(tx, &version(alias, 1, FilingKind::Declared, &lines, now), &lines).await?;
        }
        for alias in ["D", "E"] {
            file(tx, &version(alias, 2, FilingKind::Annulled, &[], now), &[]).await?;
        }
        file(tx, &version("B", 1, FilingKind::Nil, &[], now), &[]).await?;
        file(tx, &version("F", 1, FilingKind::TakenOver, &lines, now), &lines).await?;
        // A's draft is of a correction that is not filed.
        for alias in ["A", "C", "E"] {
            draft::save(tx, (body(alias), year(YEAR)), None, &[], "P1", now).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let stands: Vec<Progress> = bodies(&app, now).await.iter().map(|body| body.progress).collect();
    let expected = [
        Progress::Declared,
        Progress::Nil,
        Progress::Draft,
        Progress::Nothing,
        Progress::Draft,
        Progress::Declared,
    ];
    assert_eq!(stands, expected);
}

/// Somebody who can be written to: a signatory or a token, as long as they are known.
async fn a_contact_is_a_person_with_an_address(app: TestApp) {
    for alias in ["A", "B", "C"] {
        add(&app, &past(alias, 2012, Some(100))).await;
    }
    let now = app.app.now();
    write(&app, async |tx| file(tx, &version("A", 1, FilingKind::Nil, &[], now), &[]).await).await.unwrap();
    app.instance.must(&format!(
        "INSERT INTO person (id, kind, name, email, created_at) VALUES \
         ('P2', 'signatory', 'Fictif', 'fictif@exemple.invalid', '2014-05-20T10:00:00Z'), \
         ('P7', 'token', 'Fictif', 'fictif@exemple.invalid', '2014-05-20T10:00:00Z');\n\
         INSERT INTO token (id, secret_sha256, person, role, scopes, sirens, created_at, expires_at) VALUES \
         ('T1', 'a', 'P7', 'declarant', '', '{} {}', '2014-05-20T10:00:00Z', '2014-06-20T10:00:00Z');",
        body("B"),
        body("Z")
    ));
    let contacts = async |now: Instant| -> Vec<bool> {
        bodies(&app, now).await.iter().map(|body| body.has_contact).collect()
    };
    assert_eq!(contacts(now).await, [true, true, false]);
    assert_eq!(contacts(at("2014-06-20T10:00:00Z")).await, [true, false, false], "the token has run out");
    write(&app, async |tx| eapd::store::person::erase(tx, "P2", now).await).await.unwrap();
    assert_eq!(contacts(now).await, [false, true, false]);
}

/// What is kept between two looks is what the tables say, whatever was written meanwhile.
async fn what_is_kept_follows_the_journal(app: TestApp) {
    for alias in ["A", "B"] {
        add(&app, &past(alias, 2012, Some(100))).await;
    }
    let (codes, now) = (&app.app.codes, app.app.now());
    let kept = follow_up::Watch::default();
    let look =
        async |watch: &follow_up::Watch| read(&app, async |tx| watch.read(tx, year(YEAR), codes).await).await;
    let same = async || {
        let (kept, fresh) = (look(&kept).await, look(&follow_up::Watch::default()).await);
        assert_eq!(kept, fresh);
        (kept.bodies.iter().map(|body| body.siren).collect::<Vec<_>>(), kept.filed.len())
    };
    assert_eq!(same().await, (vec![body("A"), body("B")], 0));
    let tell = async |action: &str, subject: String, run: Step| {
        write(&app, async |tx| {
            run.write(tx, now).await?;
            let told =
                journal::Told { at: now, actor: "P1", action, subject: &subject, before: None, after: None };
            journal::append(tx, told).await.map(|_head| ())
        })
        .await
        .unwrap();
    };
    let of = |alias: &str| format!("{}/{YEAR}", body(alias));
    tell("declaration.file", of("A"), Step::Files("A", 1, FilingKind::Nil)).await;
    assert_eq!(same().await.1, 1);
    tell("declaration.file", of("A"), Step::Files("A", 2, FilingKind::Annulled)).await;
    assert_eq!(same().await.1, 0);
    tell("declaration.file", of("B"), Step::Files("B", 1, FilingKind::Nil)).await;
    tell("session.open", "S1".to_owned(), Step::Nothing).await;
    assert_eq!(same().await.1, 1);
    tell("expected.decide", of("C"), Step::Expects("C")).await;
    assert_eq!(same().await, (vec![body("A"), body("B"), body("C")], 1));
}

/// What is written before the journal is told of it.
enum Step {
    Nothing,
    Files(&'static str, u32, FilingKind),
    Expects(&'static str),
}

impl Step {
    async fn write(&self, tx: &mut Tx<'_>, now: Instant) -> eapd::store::Result<()> {
        match self {
            Self::Nothing => Ok(()),
            Self::Files(alias, number, kind) => {
                file(tx, &version(alias, *number, *kind, &[], now), &[]).await
            }
            Self::Expects(alias) => {
                let told = Expectation { expected: true, origin: Origin::Sgar, reason: "connue".to_owned() };
                expected::decide(tx, campaign(2014), body(alias), &told, "P1", now).await
            }
        }
    }
}

async fn who_prepares_and_who_can_be_written_to(app: TestApp) {
    let now = app.app.now();
    write(&app, async |tx| {
        draft::save(tx, (body("A"), year(YEAR)), None, &[], "P1", now).await?;
        // What an agent prepares alone is nobody's.
        let alone = draft::Key { siren: body("B"), year: year(YEAR), author: Some("P9") };
        draft::save(tx, alone, None, &[], "P9", now).await
    })
    .await
    .unwrap();
    let preparing = read(&app, async |tx| follow_up::in_preparation(tx, year(YEAR), now).await).await;
    assert_eq!(preparing, [body("A")]);
    assert_eq!(read(&app, async |tx| follow_up::reachable(tx).await).await, []);
    app.instance.must(&format!(
        "INSERT INTO contact (id, siren, email, source, recorded_at) VALUES \
         ('C1', '{}', 'mairie@b.example', 'annuaire', '2014-05-20T10:00:00Z');",
        body("B")
    ));
    super::account::agent(&app, "P5", "a@ville.example", eapd::domain::account::AccountRole::Declarant).await;
    write(&app, async |tx| eapd::store::account::confirm(tx, "P5", now).await).await.unwrap();
    write(&app, async |tx| attachment::insert(tx, "A1", ("P5", body("A")), None, now).await).await.unwrap();
    assert_eq!(read(&app, async |tx| follow_up::reachable(tx).await).await, [body("B")], "it awaits");
    let accepted = attachments::Step {
        kind: attachments::StepKind::Accepted,
        how: attachments::How::Sgar,
        at: now,
        by: "P1".to_owned(),
        reason: None,
    };
    write(&app, async |tx| attachment::add_step(tx, "A1", &accepted).await).await.unwrap();
    let mut reached = read(&app, async |tx| follow_up::reachable(tx).await).await;
    reached.sort_unstable();
    assert_eq!(reached, [body("A"), body("B")]);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    those_of_the_five_years_before_are_expected,
    a_decision_stands_until_it_is_withdrawn,
    each_stands_where_its_last_version_says,
    a_contact_is_a_person_with_an_address,
    what_is_kept_follows_the_journal,
    who_prepares_and_who_can_be_written_to,
);
