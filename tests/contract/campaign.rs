//! Campaigns and the decisions about them.

use eapd::domain::campaign::Extension;
use eapd::domain::window::Window;
use eapd::store::campaign::{self, Step};

use super::ground::{campaign as of, day, ground, read, write};
use crate::support::{TestApp, at, contract};

fn window(opens: &str, closes: &str) -> Window {
    Window::new(day(opens), day(closes)).unwrap()
}

async fn a_campaign_reads_back_with_its_window(app: TestApp) {
    // Across both changes of clock: midnights of winter and of summer.
    let wide = window("2015-03-29", "2015-10-25");
    write(&app, async |tx| campaign::create(tx, of(2015), wide, "P1", app.app.now()).await).await.unwrap();
    let found = read(&app, async |tx| campaign::find(tx, of(2015)).await).await.unwrap();
    assert_eq!((found.year, found.window), (of(2015), wide));
    assert_eq!(found.window.opens_at(), at("2015-03-28T23:00:00Z"));
    assert_eq!(found.window.closes_at(), at("2015-10-25T23:00:00Z"));
    assert_eq!(found.extensions, []);
    assert_eq!((found.settled_at, found.published_at, found.cancelled_at), (None, None, None));
}

async fn an_absent_campaign_is_none_and_all_are_in_order(app: TestApp) {
    assert_eq!(read(&app, async |tx| campaign::find(tx, of(2013)).await).await, None);
    for year in [2016, 2013] {
        let window = Window::default_for(of(year));
        write(&app, async |tx| campaign::create(tx, of(year), window, "P1", app.app.now()).await)
            .await
            .unwrap();
    }
    let all = read(&app, async |tx| campaign::all(tx).await).await;
    assert_eq!(all.iter().map(|campaign| campaign.year.get()).collect::<Vec<_>>(), [2013, 2014, 2016]);
    for campaign in all {
        let found = read(&app, async |tx| campaign::find(tx, campaign.year).await).await;
        assert_eq!(found, Some(campaign));
    }
}

async fn a_campaign_is_created_once(app: TestApp) {
    let window = Window::default_for(of(2014));
    let again =
        write(&app, async |tx| campaign::create(tx, of(2014), window, "P1", app.app.now()).await).await;
    let again = again.unwrap_err();
    // SQLite's guard speaks before its key, which REPLACE would get round.
    assert!(
        matches!(again, eapd::store::StoreError::Exists) || again.guard_code() == Some("EAPD-G03"),
        "{again}"
    );
}

async fn the_last_plan_counts_until_the_window_opens(app: TestApp) {
    let create = window("2015-04-15", "2015-06-15");
    write(&app, async |tx| campaign::create(tx, of(2015), create, "P1", at("2015-01-05T10:00:00Z")).await)
        .await
        .unwrap();
    for (opens, closes) in [("2015-04-01", "2015-05-31"), ("2015-04-20", "2015-06-20")] {
        let planned = window(opens, closes);
        write(&app, async |tx| campaign::plan(tx, of(2015), planned, "P1", at("2015-02-01T10:00:00Z")).await)
            .await
            .unwrap();
        let found = read(&app, async |tx| campaign::find(tx, of(2015)).await).await.unwrap();
        assert_eq!(found.window, planned);
    }
    // The first second of 20 April in Paris: the window is open.
    let late = write(&app, async |tx| {
        campaign::plan(tx, of(2015), window("2015-05-01", "2015-06-30"), "P1", at("2015-04-19T22:00:00Z"))
            .await
    });
    assert_eq!(late.await.unwrap_err().guard_code(), Some("EAPD-G04"));
}

async fn extensions_read_back_in_order_of_decision(app: TestApp) {
    let extend = async |closes_on: &str, reason: &str, decided_at: &str| {
        write(&app, async |tx| {
            campaign::extend(tx, of(2014), day(closes_on), reason, "P1", at(decided_at)).await
        })
        .await
    };
    extend("2014-06-30", "intempéries", "2014-06-10T08:00:00Z").await.unwrap();
    // Decided in the same second, and after the last day.
    extend("2014-07-01", "panne", "2014-06-10T08:00:00Z").await.unwrap();
    extend("2014-07-15", "panne", "2014-07-03T08:00:00Z").await.unwrap();
    for (closes_on, decided_at, guard) in [
        ("2014-07-15", "2014-07-04T08:00:00Z", "EAPD-G06"),
        ("2014-06-20", "2014-07-04T08:00:00Z", "EAPD-G06"),
        ("2014-07-20", "2014-06-09T08:00:00Z", "EAPD-G06"),
    ] {
        let error = extend(closes_on, "essai", decided_at).await.unwrap_err();
        assert_eq!(error.guard_code(), Some(guard), "{closes_on}");
    }
    let found = read(&app, async |tx| campaign::find(tx, of(2014)).await).await.unwrap();
    let extension = |closes_on: &str, reason: &str, decided_at: &str| Extension {
        closes_on: day(closes_on),
        reason: reason.to_owned(),
        decided_at: at(decided_at),
    };
    let expected = [
        extension("2014-06-30", "intempéries", "2014-06-10T08:00:00Z"),
        extension("2014-07-01", "panne", "2014-06-10T08:00:00Z"),
        extension("2014-07-15", "panne", "2014-07-03T08:00:00Z"),
    ];
    assert_eq!(found.extensions, expected);
    assert_eq!(read(&app, async |tx| campaign::all(tx).await).await, [found]);
}

async fn steps_are_taken_once_and_in_order(app: TestApp) {
    let take = async |year: u16, step: Step, decided_at: &str| {
        write(&app, async |tx| campaign::take_step(tx, of(year), step, "essai", "P1", at(decided_at)).await)
            .await
    };
    let early = take(2014, Step::Settled, "2014-06-15T21:59:59Z").await.unwrap_err();
    assert_eq!(early.guard_code(), Some("EAPD-G15"));
    let unsettled = take(2014, Step::Published, "2014-07-01T10:00:00Z").await.unwrap_err();
    assert_eq!(unsettled.guard_code(), Some("EAPD-G15"));
    take(2014, Step::Settled, "2014-06-15T22:00:00Z").await.unwrap();
    assert!(take(2014, Step::Settled, "2014-07-01T10:00:00Z").await.is_err());
    take(2014, Step::Published, "2014-07-02T10:00:00Z").await.unwrap();
    let found = read(&app, async |tx| campaign::find(tx, of(2014)).await).await.unwrap();
    let (settled, published) = (at("2014-06-15T22:00:00Z"), at("2014-07-02T10:00:00Z"));
    assert_eq!((found.settled_at, found.published_at), (Some(settled), Some(published)));
    assert_eq!(found.cancelled_at, None);

    let window = Window::default_for(of(2015));
    write(&app, async |tx| campaign::create(tx, of(2015), window, "P1", at("2014-09-01T10:00:00Z")).await)
        .await
        .unwrap();
    take(2015, Step::Cancelled, "2014-10-01T10:00:00Z").await.unwrap();
    let found = read(&app, async |tx| campaign::find(tx, of(2015)).await).await.unwrap();
    assert_eq!(found.cancelled_at, Some(at("2014-10-01T10:00:00Z")));
    assert_eq!(read(&app, async |tx| campaign::all(tx).await).await.last(), Some(&found));
}

async fn every_decision_is_told_in_its_order(app: TestApp) {
    let decided_at = at("2014-06-20T10:00:00Z");
    write(&app, async |tx| campaign::extend(tx, of(2014), day("2014-06-30"), "crue", "P2", decided_at).await)
        .await
        .unwrap();
    // At one instant: settled comes before published.
    let late = at("2014-07-20T10:00:00Z");
    for step in [Step::Settled, Step::Published] {
        write(&app, async |tx| campaign::take_step(tx, of(2014), step, "", "P3", late).await).await.unwrap();
    }
    let found = read(&app, async |tx| campaign::decisions(tx, of(2014)).await).await;
    let told: Vec<_> = found
        .iter()
        .map(|told| (told.what.as_str(), told.closes_on, told.reason.as_deref(), told.decided_by.as_str()))
        .collect();
    let days = [day("2014-06-15"), day("2014-06-30")];
    let expected = [
        ("dates", Some(days[0]), None, "P1"),
        ("extension", Some(days[1]), Some("crue"), "P2"),
        ("settled", None, Some(""), "P3"),
        ("published", None, Some(""), "P3"),
    ];
    assert_eq!(told, expected);
    assert_eq!((found[0].opens_on, found[1].decided_at), (Some(day("2014-04-15")), decided_at));
    assert_eq!(read(&app, async |tx| campaign::decisions(tx, of(2013)).await).await, []);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_campaign_reads_back_with_its_window,
    an_absent_campaign_is_none_and_all_are_in_order,
    a_campaign_is_created_once,
    the_last_plan_counts_until_the_window_opens,
    extensions_read_back_in_order_of_decision,
    steps_are_taken_once_and_in_order,
    every_decision_is_told_in_its_order,
);
