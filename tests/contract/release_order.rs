//! Orders to release a report: held by one process at a time, taken up by another, forgotten when old.

use eapd::domain::release_order::{OrderEnd, ReleaseOrder};
use eapd::store::release_order;

use super::ground::{YEAR, ground, read, write, year};
use crate::support::{TestApp, at, contract};

fn order(id: &str, name: &str, ordered_at: &str) -> ReleaseOrder {
    ReleaseOrder {
        id: id.to_owned(),
        name: name.to_owned(),
        flow_year: year(YEAR),
        ordered_by: "P1".to_owned(),
        ordered_at: at(ordered_at),
        done: 0,
        total: 0,
        attempts: 0,
        end: None,
    }
}

async fn given(app: &TestApp, order: &ReleaseOrder) -> bool {
    write(app, async |tx| release_order::insert(tx, order).await).await.unwrap()
}

async fn leased(app: &TestApp, by: &str, now: &str, until: &str) -> Option<String> {
    let taken = write(app, async |tx| release_order::lease(tx, by, at(now), at(until)).await).await.unwrap();
    taken.map(|order| format!("{} {}", order.id, order.attempts))
}

async fn an_order_is_held_by_one_until_its_lease_ends(app: TestApp) {
    assert!(given(&app, &order("O1", "lignes", "2014-07-01T10:00:00Z")).await);
    assert!(given(&app, &order("O2", "tresor", "2014-07-01T10:00:01Z")).await);
    assert!(!given(&app, &order("O3", "lignes", "2014-07-01T10:00:02Z")).await, "one waits already");
    let waiting = read(&app, async |tx| release_order::waiting(tx, year(YEAR)).await).await;
    assert_eq!(waiting.iter().map(|order| order.id.as_str()).collect::<Vec<_>>(), ["O1", "O2"]);
    assert_eq!(read(&app, async |tx| release_order::waiting(tx, year(2012)).await).await, []);

    let (now, until) = ("2014-07-01T10:01:00Z", "2014-07-01T10:02:00Z");
    assert_eq!(leased(&app, "A", now, until).await.as_deref(), Some("O1 1"));
    assert_eq!(leased(&app, "B", now, until).await.as_deref(), Some("O2 1"));
    assert_eq!(leased(&app, "C", now, until).await, None, "both are held");
    let advance = async |id: &str, by: &str| {
        let until = at("2014-07-01T10:03:00Z");
        write(&app, async |tx| release_order::advance(tx, (id, by), (7, 20), until).await).await.unwrap()
    };
    assert!(advance("O1", "A").await && !advance("O1", "B").await);
    let found = read(&app, async |tx| release_order::find(tx, "O1").await).await.unwrap();
    assert_eq!((found.done, found.total, found.attempts, found.end), (7, 20, 1, None));
    // B's lease ends at 10:02, A's was renewed until 10:03; who takes over begins anew.
    assert_eq!(leased(&app, "C", until, "2014-07-01T10:05:00Z").await.as_deref(), Some("O2 2"));
    assert!(!advance("O2", "B").await, "B has lost it");
    let back =
        async |by: &str| write(&app, async |tx| release_order::give_back(tx, "O2", by).await).await.unwrap();
    assert!(!back("B").await && back("C").await);
    assert_eq!(leased(&app, "D", until, "2014-07-01T10:05:00Z").await.as_deref(), Some("O2 2"));
}

async fn what_became_of_an_order_is_told_for_a_while(app: TestApp) {
    let ends = [
        OrderEnd::Released(3),
        OrderEnd::Unchanged(2),
        OrderEnd::Refused("une version a été déposée".to_owned()),
        OrderEnd::Failed,
    ];
    let ended_at = at("2014-07-01T10:02:00Z");
    for (number, end) in ends.iter().enumerate() {
        let id = format!("O{number}");
        assert!(given(&app, &order(&id, "lignes", "2014-07-01T10:00:00Z")).await, "the one before has ended");
        leased(&app, "A", "2014-07-01T10:01:00Z", "2014-07-01T10:02:00Z").await.unwrap();
        let by = async |by: &str| {
            write(&app, async |tx| release_order::end(tx, (&id, by), ended_at, end).await).await.unwrap()
        };
        assert!(!by("B").await && by("A").await && !by("A").await);
        let found = read(&app, async |tx| release_order::find(tx, &id).await).await.unwrap();
        assert_eq!(found.end, Some((ended_at, end.clone())));
    }
    assert_eq!(leased(&app, "A", "2015-07-01T10:01:00Z", "2015-07-01T10:02:00Z").await, None);
    assert_eq!(read(&app, async |tx| release_order::find(tx, "absent").await).await, None);
    assert!(given(&app, &order("O9", "lignes", "2014-07-01T10:00:00Z")).await);
    let purge = async |before: &str| {
        write(&app, async |tx| release_order::purge(tx, at(before)).await).await.unwrap()
    };
    assert_eq!(purge("2014-07-01T10:02:00Z").await, 0);
    assert_eq!(purge("2014-07-01T10:02:01Z").await, 4, "what waits is never forgotten");
}

contract!(with ground, "2014-05-20T10:00:00Z":
    an_order_is_held_by_one_until_its_lease_ends,
    what_became_of_an_order_is_told_for_a_while,
);
