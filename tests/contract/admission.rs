//! All that a filing is admitted by, in one statement: the same as each of its parts alone.

use eapd::domain::campaign::FilingDerogation;
use eapd::domain::field::{Field, RawLine};
use eapd::domain::filing::FilingKind;
use eapd::domain::journal::JournalHead;
use eapd::store::admission::{self, Admission, Last, Told};
use eapd::store::campaign::{self, Step};
use eapd::store::derogation::{self, Scope};
use eapd::store::idempotency::{self, Answered};
use eapd::store::{draft, facts, filing, journal};

use super::attachment::agents_around;
use super::ground::{
    YEAR, body, campaign as campaign_of, cents, day, file, ground, read, short_line, version,
};
use super::ground::{sent, write, year};
use crate::support::{Engine, TestApp, at, contract};

const NOW: &str = "2014-05-20T10:00:00Z";

async fn admission(app: &TestApp, alias: &str, of: u16, key: Option<(&str, &str)>) -> Admission {
    let of = (body(alias), year(of));
    let found = read(app, async |tx| admission::read(tx, of, key).await).await;
    let (_tx, begun) = admission::begin(&app.app.db, of, key, None).await.unwrap();
    assert_eq!(begun, found, "whoever begins to write reads the same");
    found
}

/// What is read is what nobody changes until the transaction ends.
async fn whoever_begins_reads_what_the_last_one_wrote(app: TestApp) {
    let lines = [short_line("L1", 1_000)];
    let mut filed = vec![];
    for number in 1..=5 {
        let begin = || admission::begin(&app.app.db, (body("A"), year(YEAR)), None, None);
        let (mut tx, found) = begin().await.unwrap();
        assert_eq!(found.last.map_or(0, |last| last.version), number - 1);
        let filing = version("A", number, FilingKind::Declared, &lines, at(NOW));
        file(&mut tx, &filing, &lines).await.unwrap();
        if app.engine() == Engine::Sqlite {
            let patience = std::time::Duration::from_millis(50);
            assert!(tokio::time::timeout(patience, begin()).await.is_err(), "two write at once");
        }
        tx.commit().await.unwrap();
        filed.push(filing);
    }
    assert_eq!(read(&app, async |tx| filing::versions(tx, body("A"), year(YEAR)).await).await, filed);
}

async fn nothing_is_found_where_nothing_is(app: TestApp) {
    let found = admission(&app, "Z", 2012, Some(("T", "k"))).await;
    // But for the journal, which is that of all.
    let journal = read(&app, async |tx| journal::head(tx).await).await;
    assert_eq!(found, Admission { journal, ..Admission::default() });
}

async fn every_part_is_of_the_one_body_and_year(app: TestApp) {
    let lines = [short_line("L1", 1_000), short_line("L2", 2_550)];
    let answered = Answered { request_sha256: "ab".repeat(32), receipt: "R1".to_owned() };
    write(&app, async |tx| {
        for until in ["2014-06-20", "2014-06-30"] {
            campaign::extend(tx, campaign_of(2014), day(until), "crue", "P1", at(NOW)).await?;
        }
        for (alias, until) in [("A", "2014-07-20"), ("B", "2014-07-11"), ("A", "2014-07-10")] {
            let scope = Scope::Filing { campaign: campaign_of(2014), until: day(until) };
            derogation::decide(tx, body(alias), &scope, "crue", "P1", at(NOW)).await?;
        }
        derogation::revoke(tx, 3, "erreur", "P1", at("2014-05-25T10:00:00Z")).await?;
        file(tx, &version("A", 1, FilingKind::Declared, &lines, at(NOW)), &lines).await?;
        file(tx, &version("A", 2, FilingKind::Nil, &[], at(NOW)), &[]).await?;
        file(tx, &version("B", 1, FilingKind::Declared, &lines, at(NOW)), &lines).await?;
        let raw = [RawLine::default().with(Field::Title, "Puits")];
        draft::save(tx, (body("A"), year(YEAR)), None, &raw, "P1", at(NOW)).await?;
        let told = journal::Told {
            at: at(NOW),
            actor: "P1",
            action: "essai",
            subject: "autre",
            before: None,
            after: None,
        };
        journal::append(tx, told).await?;
        sent(tx, |writes| idempotency::remember(writes, ("T1", "clé"), &answered, at(NOW))).await
    })
    .await
    .unwrap();

    let found = admission(&app, "A", YEAR, Some(("T1", "clé"))).await;
    let running =
        |until: &str, revoked_at| FilingDerogation { until: day(until), decided_at: at(NOW), revoked_at };
    let (known, registered) = read(&app, async |tx| {
        Ok((campaign::find(tx, campaign_of(2014)).await?, facts::body(tx, body("A")).await?))
    })
    .await;
    assert_eq!(known.as_ref().map(|campaign| campaign.extensions.len()), Some(2));
    let end = read(&app, async |tx| journal::head(tx).await).await;
    assert_ne!(end, JournalHead::default());
    let expected = Admission {
        campaign: known,
        derogations: vec![
            running("2014-07-20", None),
            running("2014-07-10", Some(at("2014-05-25T10:00:00Z"))),
        ],
        body: registered,
        last: Some(Last { version: 2, kind: FilingKind::Nil, line_count: 0, total_own: cents(0) }),
        highest: 2,
        has_draft: true,
        answered: Some(answered),
        journal: end,
        told: Told::default(),
    };
    assert_eq!(found, expected);

    let other = admission(&app, "B", YEAR, Some(("T2", "clé"))).await;
    let last = Last { version: 1, kind: FilingKind::Declared, line_count: 2, total_own: cents(3_550) };
    assert_eq!((other.last, other.has_draft, other.answered), (Some(last), false, None));
    assert_eq!(other.derogations, [running("2014-07-11", None)]);
    let before = admission(&app, "A", YEAR - 1, None).await;
    assert_eq!((before.campaign, before.last, before.derogations), (None, None, vec![]));
    assert!(before.body.is_some(), "the body is that of every year");
}

/// Whom a filing is told to: agents of the body and of what it became, who can sign in; and whether who files is one
/// who can.
async fn who_is_told_of_a_filing(app: TestApp) {
    agents_around(&app).await;
    let told = async |alias, by| {
        read(&app, async |tx| admission::read_for(tx, (body(alias), year(YEAR)), None, by).await).await.told
    };
    let agents = |agents: &[&str], filer_has_account| Told {
        agents: agents.iter().map(|person| (*person).to_owned()).collect(),
        filer_has_account,
    };
    assert_eq!(told("A", None).await, agents(&["P1", "P2"], false));
    assert_eq!(told("A", Some("P1")).await, agents(&["P1", "P2"], true));
    assert_eq!(told("B", Some("P1")).await, agents(&["P2"], true));
    assert_eq!(told("Z", Some("P4")).await, agents(&[], false), "not confirmed");
    assert_eq!(told("Z", Some("GESTIONNAIRE")).await, agents(&[], false));
    for (alias, by) in [("A", Some("P2")), ("B", None)] {
        let (_tx, begun) = admission::begin(&app.app.db, (body(alias), year(YEAR)), None, by).await.unwrap();
        assert_eq!(begun.told, told(alias, by).await);
    }
}

async fn the_steps_of_a_campaign_are_told_apart(app: TestApp) {
    let settled_at = at("2014-06-16T10:00:00Z");
    write(&app, async |tx| {
        campaign::take_step(tx, campaign_of(2014), Step::Settled, "", "P1", settled_at).await
    })
    .await
    .unwrap();
    let found = admission(&app, "A", YEAR, None).await.campaign.unwrap();
    assert_eq!((found.settled_at, found.published_at, found.cancelled_at), (Some(settled_at), None, None));
    let published_at = at("2014-09-01T10:00:00Z");
    write(&app, async |tx| {
        campaign::take_step(tx, campaign_of(2014), Step::Published, "", "P1", published_at).await
    })
    .await
    .unwrap();
    let found = admission(&app, "A", YEAR, None).await.campaign;
    assert_eq!(found, read(&app, async |tx| campaign::find(tx, campaign_of(2014)).await).await);
    assert_eq!(found.and_then(|campaign| campaign.published_at), Some(published_at));
}

contract!(with ground, "2014-05-20T10:00:00Z":
    nothing_is_found_where_nothing_is,
    every_part_is_of_the_one_body_and_year,
    who_is_told_of_a_filing,
    the_steps_of_a_campaign_are_told_apart,
    whoever_begins_reads_what_the_last_one_wrote,
);
