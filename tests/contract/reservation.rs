//! Filings sous réserve: what they await, what becomes of them, and which version counts.

use eapd::domain::account::AccountRole;
use eapd::domain::attachment::{How, State, Step, StepKind};
use eapd::domain::declaration::Filing;
use eapd::domain::expected::Progress;
use eapd::domain::filing::FilingKind;
use eapd::domain::instant::Instant;
use eapd::domain::reservation::{Outcome, Reservation, answered_until, effective};
use eapd::store::draft::{self, Key};
use eapd::store::reservation::{self, Unanswered};
use eapd::store::writes::Writes;
use eapd::store::{Result, StoreError, account, admission, attachment, expected, filing, follow_up, line};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::account::agent;
use super::ground::{
    YEAR, body, campaign, file, ground, read, receipt_of, sent, short_line, version, write, year,
};
use crate::support::{TestApp, at, contract};

const NOON: &str = "2014-05-20T10:00:00Z";

/// An agent who awaits the answer to request `id` for body A.
async fn asks(app: &TestApp, person: &str, id: &str) {
    agent(app, person, &format!("{}@ville.example", person.to_lowercase()), AccountRole::Declarant).await;
    write(app, async |tx| {
        account::confirm(tx, person, at(NOON)).await?;
        attachment::insert(tx, id, (person, body("A")), None, at(NOON)).await
    })
    .await
    .unwrap();
}

async fn answers(app: &TestApp, id: &str, kind: StepKind, now: Instant) {
    let step = Step { kind, how: How::Peer, at: now, by: "P9".to_owned(), reason: None };
    write(app, async |tx| attachment::add_step(tx, id, &step).await).await.unwrap();
}

fn by(person: &str, number: u32, now: Instant) -> Filing {
    Filing { filed_by: person.to_owned(), ..version("A", number, FilingKind::Nil, &[], now) }
}

/// Files a version sous réserve.
async fn reserve(app: &TestApp, filed: &Filing, reserved: &Reservation) -> Result<()> {
    write(app, async |tx| {
        let mut writes = Writes::of(tx);
        reservation::insert(&mut writes, filed, reserved);
        filing::insert(&mut writes, filed);
        filing::insert_receipt(&mut writes, &receipt_of(filed, &format!("R-{}", filed.version)));
        writes.send(tx).await
    })
    .await
}

fn waiting(id: &str, filed: &Filing) -> Reservation {
    Reservation { attachment: id.to_owned(), until: answered_until(filed.filed_at), outcome: None }
}

async fn reserved(app: &TestApp) -> Vec<(u32, Reservation)> {
    read(app, async |tx| reservation::of_declaration(tx, body("A"), year(YEAR)).await).await
}

async fn unanswered(app: &TestApp, id: &str) -> Vec<Unanswered> {
    read(app, async |tx| reservation::unanswered(tx, id).await).await
}

async fn decide(app: &TestApp, filed: &Unanswered, outcome: Outcome) -> Result<()> {
    write(app, async |tx| reservation::decide(tx, filed, outcome, "P9").await).await
}

async fn counts(app: &TestApp) -> Option<u32> {
    let found = read(app, async |tx| filing::effective(tx, body("A"), year(YEAR)).await).await;
    let seals = read(app, async |tx| filing::effective_of_year(tx, year(YEAR)).await).await;
    assert_eq!(seals.first().map(|seal| seal.version), found.as_ref().map(|filing| filing.version));
    found.map(|filing| filing.version)
}

async fn it_counts_once_accepted_with_its_first_instant(app: TestApp) {
    asks(&app, "P1", "A1").await;
    let (filed, now) = (by("P1", 1, at(NOON)), at("2014-06-01T08:00:00Z"));
    let reservation = waiting("A1", &filed);
    reserve(&app, &filed, &reservation).await.unwrap();
    assert_eq!(reserved(&app).await, [(1, reservation.clone())]);
    assert_eq!(counts(&app).await, None, "not yet");
    let found = read(&app, async |tx| admission::read(tx, (body("A"), year(YEAR)), None).await).await;
    assert_eq!((found.last, found.highest), (None, 1), "its number is taken");
    let open = read(&app, async |tx| attachment::open(tx, "P1", body("A")).await).await;
    assert_eq!(open.map(|open| (open.id.clone(), open.state())), Some(("A1".to_owned(), State::Awaited)));
    assert_eq!(read(&app, async |tx| attachment::open(tx, "P1", body("B")).await).await, None);

    let expected = Unanswered {
        siren: body("A"),
        flow_year: year(YEAR),
        version: 1,
        filed_at: filed.filed_at,
        until: reservation.until,
    };
    assert_eq!(unanswered(&app, "A1").await, [expected]);
    let accepted = Outcome::Accepted { at: now };
    let early = decide(&app, &expected, accepted).await.unwrap_err();
    assert_eq!(early.guard_code(), Some("EAPD-G20"), "nobody accepted the agent: {early}");
    answers(&app, "A1", StepKind::Accepted, now).await;
    for (wrong, why) in [
        (Outcome::Refused { at: now }, "the agent was accepted"),
        (Outcome::Accepted { at: now.plus_seconds(-1) }, "before the agent was"),
        (Outcome::Accepted { at: reservation.until.plus_seconds(1) }, "too late"),
    ] {
        let error = decide(&app, &expected, wrong).await.unwrap_err();
        assert_eq!(error.guard_code(), Some("EAPD-G20"), "{why}: {error}");
    }
    decide(&app, &expected, accepted).await.unwrap();
    let twice = decide(&app, &expected, Outcome::Accepted { at: now.plus_seconds(1) }).await.unwrap_err();
    assert!(matches!(twice, StoreError::Exists) || twice.guard_code() == Some("EAPD-G03"), "{twice}");
    assert_eq!(reserved(&app).await, [(1, Reservation { outcome: Some(accepted), ..reservation })]);
    assert_eq!(unanswered(&app, "A1").await, []);
    assert_eq!(counts(&app).await, Some(1));
    let found = read(&app, async |tx| filing::effective(tx, body("A"), year(YEAR)).await).await;
    assert_eq!(found, Some(filed));
}

async fn it_comes_with_its_own_filing_or_not_at_all(app: TestApp) {
    asks(&app, "P1", "A1").await;
    asks(&app, "P2", "A2").await;
    let first = version("A", 1, FilingKind::Nil, &[], at(NOON));
    write(&app, async |tx| file(tx, &first, &[]).await).await.unwrap();
    let alone = |filed: Filing, reserved: Reservation| {
        let app = &app;
        async move {
            write(app, async |tx| sent(tx, |writes| reservation::insert(writes, &filed, &reserved)).await)
                .await
        }
    };
    let under_older = alone(by("P1", 1, at(NOON)), waiting("A1", &first)).await.unwrap_err();
    assert_eq!(under_older.guard_code(), Some("EAPD-G20"), "what counts is never put in doubt");
    let skipping = alone(by("P1", 3, at(NOON)), waiting("A1", &first)).await.unwrap_err();
    assert_eq!(skipping.guard_code(), Some("EAPD-G20"));
    let orphan = alone(by("P1", 2, at(NOON)), waiting("A1", &first)).await;
    assert!(orphan.is_err(), "the filing has to follow");
    let filed = by("P1", 2, at(NOON));
    for (wrong, reserved, why) in [
        (filed.clone(), waiting("A2", &filed), "of another agent"),
        (filed.clone(), Reservation { until: filed.filed_at, ..waiting("A1", &filed) }, "30 days"),
        (
            Filing { filed_by: "P1".to_owned(), ..version("A", 2, FilingKind::Annulled, &[], at(NOON)) },
            waiting("A1", &filed),
            "a manager's version awaits nobody",
        ),
        (filed.clone(), Reservation { attachment: "A9".to_owned(), ..waiting("A1", &filed) }, "no request"),
    ] {
        let error = reserve(&app, &wrong, &reserved).await.unwrap_err();
        assert_eq!(error.guard_code(), Some("EAPD-G20"), "{why}: {error}");
    }
    answers(&app, "A2", StepKind::Refused, at(NOON)).await;
    let late = by("P2", 2, at(NOON));
    let error = reserve(&app, &late, &waiting("A2", &late)).await.unwrap_err();
    assert_eq!(error.guard_code(), Some("EAPD-G20"), "it was answered: {error}");
    assert_eq!((counts(&app).await, reserved(&app).await), (Some(1), vec![]));
}

async fn a_manager_decides_once_it_is_answered(app: TestApp) {
    asks(&app, "P1", "A1").await;
    let filed = by("P1", 1, at(NOON));
    reserve(&app, &filed, &waiting("A1", &filed)).await.unwrap();
    let taken_over = |now: Instant| version("A", 2, FilingKind::TakenOver, &[], now);
    let now = at("2014-06-16T10:00:00Z");
    let error = write(&app, async |tx| file(tx, &taken_over(now), &[]).await).await.unwrap_err();
    assert_eq!(error.guard_code(), Some("EAPD-G21"), "{error}");
    let last = answered_until(at(NOON));
    let error = write(&app, async |tx| file(tx, &taken_over(last), &[]).await).await.unwrap_err();
    assert_eq!(error.guard_code(), Some("EAPD-G21"), "{error}");
    let void = last.plus_seconds(1);
    write(&app, async |tx| file(tx, &taken_over(void), &[]).await).await.unwrap();
    assert_eq!(counts(&app).await, Some(2));
}

/// Not declared while it waits; nothing once it is void.
async fn it_is_followed_as_a_draft(app: TestApp) {
    let told = expected::Expectation {
        expected: true,
        origin: expected::Origin::Manager,
        reason: "dossier".to_owned(),
    };
    write(&app, async |tx| expected::decide(tx, campaign(2014), body("A"), &told, "P9", at(NOON)).await)
        .await
        .unwrap();
    asks(&app, "P1", "A1").await;
    let stands = async |now: Instant| {
        let bodies = read(&app, async |tx| follow_up::bodies(tx, year(YEAR), now).await).await;
        (bodies[0].progress, bodies[0].has_contact)
    };
    // What an agent who waits prepares alone is nobody's declaration.
    let own = Key { siren: body("A"), year: year(YEAR), author: Some("P1") };
    write(&app, async |tx| draft::save(tx, own, None, &[], "P1", at(NOON)).await).await.unwrap();
    assert_eq!(stands(at(NOON)).await, (Progress::Nothing, false));
    let filed = by("P1", 1, at(NOON));
    reserve(&app, &filed, &waiting("A1", &filed)).await.unwrap();
    let last = answered_until(at(NOON));
    assert_eq!(stands(last).await, (Progress::Draft, false), "whom nobody knows is no contact");
    assert_eq!(stands(last.plus_seconds(1)).await, (Progress::Nothing, false));
    let now = at("2014-06-01T08:00:00Z");
    answers(&app, "A1", StepKind::Accepted, now).await;
    let filed = unanswered(&app, "A1").await[0];
    decide(&app, &filed, Outcome::Accepted { at: now }).await.unwrap();
    assert_eq!(stands(now).await, (Progress::Nil, true));
}

/// A draft of one's own beside the collectivity's, and how it becomes the collectivity's.
async fn a_draft_of_ones_own_stays_apart(app: TestApp) {
    let own = Key { siren: body("A"), year: year(YEAR), author: Some("P1") };
    let shared = Key::from((body("A"), year(YEAR)));
    let save = async |key: Key<'_>, based_on: Option<u32>, by: &str| {
        write(&app, async |tx| draft::save(tx, key, based_on, &[], by, at(NOON)).await).await.unwrap()
    };
    let find = async |key: Key<'_>| {
        read(&app, async |tx| draft::find(tx, key).await)
            .await
            .map(|draft| (draft.revision, draft.updated_by))
    };
    assert_eq!(save(own, None, "P1").await, Some(1));
    assert_eq!(find(shared).await, None);
    assert_eq!(save(shared, None, "P9").await, Some(1));
    assert_eq!(save(own, Some(1), "P1").await, Some(2));
    assert_eq!(find(own).await, Some((2, "P1".to_owned())));
    assert_eq!(find(shared).await, Some((1, "P9".to_owned())));
    let found = read(&app, async |tx| admission::read(tx, own, None).await).await;
    assert!(found.has_draft);
    let authored =
        async |person: &str| read(&app, async |tx| draft::authored(tx, person, body("A")).await).await;
    assert_eq!((authored("P1").await, authored("").await), (vec![year(YEAR)], vec![]));
    let hand_over = async || {
        write(&app, async |tx| draft::hand_over(tx, "P1", (body("A"), year(YEAR))).await).await.unwrap()
    };
    assert!(!hand_over().await, "the collectivity has one");
    write(&app, async |tx| draft::remove(tx, shared).await).await.unwrap();
    let found = read(&app, async |tx| admission::read(tx, shared, None).await).await;
    assert!(!found.has_draft, "that of another is none");
    assert_eq!(find(own).await, Some((2, "P1".to_owned())));
    assert!(hand_over().await);
    assert_eq!((find(own).await, find(shared).await), (None, Some((2, "P1".to_owned()))));
    save(own, None, "P1").await;
    assert!(!write(&app, async |tx| draft::take(tx, own, 2).await).await.unwrap());
    assert_eq!(write(&app, async |tx| draft::forget(tx, "P1").await).await.unwrap(), 1);
    assert_eq!((find(own).await, find(shared).await), (None, Some((2, "P1".to_owned()))));
    assert_eq!(
        write(&app, async |tx| draft::forget(tx, "").await).await.unwrap(),
        0,
        "never the collectivity's"
    );
}

/// References of others are not told to who awaits the attachment.
async fn references_are_those_one_may_see(app: TestApp) {
    asks(&app, "P1", "A1").await;
    let lines = [short_line("THEIRS", 100)];
    let first = version("A", 1, FilingKind::Declared, &lines, at(NOON));
    write(&app, async |tx| file(tx, &first, &lines).await).await.unwrap();
    let lines = [short_line("MINE", 100)];
    let own = version("A", 2, FilingKind::Declared, &lines, at(NOON));
    let own = Filing { filed_by: "P1".to_owned(), ..own };
    write(&app, async |tx| {
        let mut writes = Writes::of(tx);
        line::insert(tx, &mut writes, (own.siren, own.flow_year, own.version), &lines).await?;
        reservation::insert(&mut writes, &own, &waiting("A1", &own));
        filing::insert(&mut writes, &own);
        writes.send(tx).await
    })
    .await
    .unwrap();
    let references = async |author: Option<&str>| {
        let key = Key { siren: body("A"), year: year(YEAR), author };
        read(&app, async |tx| line::references(tx, key).await).await
    };
    assert_eq!(references(None).await, ["MINE", "THEIRS"]);
    assert_eq!(references(Some("P1")).await, ["MINE"]);
    assert_eq!(references(Some("P2")).await, [""; 0]);
    let first = read(&app, async |tx| filing::effective(tx, body("A"), year(YEAR)).await).await;
    assert_eq!(first.map(|filing| filing.version), Some(1));
}

/// What happens to a declaration, in any order.
#[derive(Debug, Clone, Copy)]
enum Act {
    File,
    Reserve(usize),
    Answer(usize, bool),
}

/// Whatever the order of filings and answers: the version that counts is the last one that is not reserved, or
/// was accepted in time, as an oracle that knows nothing of the database keeps it.
async fn the_version_that_counts_is_the_oracles(app: TestApp) {
    let acts = proptest::collection::vec(
        proptest::prop_oneof![
            proptest::strategy::Just(Act::File),
            (0..3_usize).prop_map(Act::Reserve),
            (0..3_usize, proptest::bool::ANY).prop_map(|(who, accepted)| Act::Answer(who, accepted)),
        ],
        40,
    );
    let acts = acts.new_tree(&mut TestRunner::deterministic()).unwrap().current();
    for (rank, person) in ["P1", "P2", "P3"].iter().enumerate() {
        asks(&app, person, &format!("A{rank}.0")).await;
    }
    let mut requests = [0_u32; 3];
    // Of each version who awaits, and the answer.
    let mut oracle: Vec<Option<(usize, Option<bool>)>> = vec![];
    let mut now = at(NOON);
    for act in acts {
        now = now.plus_seconds(3_600);
        let number = u32::try_from(oracle.len()).unwrap() + 1;
        match act {
            Act::File => {
                let filed = version("A", number, FilingKind::Nil, &[], now);
                write(&app, async |tx| file(tx, &filed, &[]).await).await.unwrap();
                oracle.push(None);
            }
            Act::Reserve(who) => {
                let filed = by(["P1", "P2", "P3"][who], number, now);
                let id = format!("A{who}.{}", requests[who]);
                reserve(&app, &filed, &waiting(&id, &filed)).await.unwrap();
                oracle.push(Some((who, None)));
            }
            Act::Answer(who, accepted) => {
                let id = format!("A{who}.{}", requests[who]);
                let kind = if accepted { StepKind::Accepted } else { StepKind::Refused };
                answers(&app, &id, kind, now).await;
                let outcome =
                    if accepted { Outcome::Accepted { at: now } } else { Outcome::Refused { at: now } };
                for filed in unanswered(&app, &id).await {
                    decide(&app, &filed, outcome).await.unwrap();
                }
                for (of, answer) in oracle.iter_mut().flatten() {
                    if *of == who && answer.is_none() {
                        *answer = Some(accepted);
                    }
                }
                // The agent asks again.
                if accepted {
                    answers(&app, &id, StepKind::Detached, now).await;
                }
                requests[who] += 1;
                let (id, person) = (format!("A{who}.{}", requests[who]), ["P1", "P2", "P3"][who]);
                write(&app, async |tx| attachment::insert(tx, &id, (person, body("A")), None, now).await)
                    .await
                    .unwrap();
            }
        }
        let last =
            oracle.iter().rposition(|reserved| reserved.is_none_or(|(_, answer)| answer == Some(true)));
        let expected = last.map(|place| u32::try_from(place).unwrap() + 1);
        assert_eq!(counts(&app).await, expected, "{oracle:?}");
        let reserved = reserved(&app).await;
        let known = (1..=oracle.len()).map(|number| {
            let number = u32::try_from(number).unwrap();
            (number, reserved.iter().find(|(of, _)| *of == number).map(|(_, reservation)| reservation))
        });
        assert_eq!(effective(known), expected, "the domain says the same");
    }
    assert!(oracle.iter().flatten().any(|(_, answer)| answer.is_none()), "{oracle:?}");
}

contract!(with ground, "2014-05-20T10:00:00Z":
    it_counts_once_accepted_with_its_first_instant,
    it_comes_with_its_own_filing_or_not_at_all,
    a_manager_decides_once_it_is_answered,
    it_is_followed_as_a_draft,
    a_draft_of_ones_own_stays_apart,
    references_are_those_one_may_see,
    the_version_that_counts_is_the_oracles,
);
