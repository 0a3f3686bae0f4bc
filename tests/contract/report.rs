//! Released reports: stored once, with their bytes.

use eapd::domain::release::Release;
use eapd::store::campaign::{self, Step};
use eapd::store::{Result, report};

use super::ground::{YEAR, campaign as of, cents, ground, read, write, year};
use crate::support::{TestApp, at, contract};

fn release(name: &str, format: &str, edition: u32) -> Release {
    Release {
        name: name.to_owned(),
        flow_year: year(YEAR),
        format: format.to_owned(),
        edition,
        sha256: "ab".repeat(32),
        content_sha256: "cd".repeat(32),
        line_count: 50_000,
        total_own: cents(999_999_999_999_999),
        journal_head: "ef".repeat(32),
        released_by: "P1".to_owned(),
        released_at: at("2014-07-01T10:00:00Z"),
    }
}

async fn insert(app: &TestApp, release: &Release, bytes: &[u8]) -> Result<()> {
    write(app, async |tx| report::insert(tx, release, bytes).await).await
}

async fn settle(app: &TestApp) {
    let decided_at = at("2014-06-20T10:00:00Z");
    write(app, async |tx| campaign::take_step(tx, of(2014), Step::Settled, "", "P1", decided_at).await)
        .await
        .unwrap();
}

async fn editions_read_back_with_their_bytes(app: TestApp) {
    settle(&app).await;
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let large = vec![0x2a; 3_000_000];
    let stored = [
        release("lignes", "csv", 1),
        release("tresor", "xlsx", 1),
        release("tresor", "xml", 1),
        release("tresor", "xml", 2),
    ];
    for (release, bytes) in [(&stored[3], &large)].into_iter().chain([(&stored[0], &every_byte)]).rev() {
        if release.edition == 2 {
            insert(&app, &stored[2], b"").await.unwrap();
            insert(&app, &stored[1], b"PK").await.unwrap();
        }
        insert(&app, release, bytes).await.unwrap();
    }
    assert_eq!(read(&app, async |tx| report::all(tx).await).await, stored);
    let sizes = read(&app, async |tx| report::sizes(tx).await).await;
    let sizes: Vec<_> = sizes
        .iter()
        .map(|(name, of, format, edition, bytes)| {
            (name.as_str(), of.get(), format.as_str(), *edition, *bytes)
        })
        .collect();
    let expected = [
        ("lignes", YEAR, "csv", 1, 256),
        ("tresor", YEAR, "xlsx", 1, 2),
        ("tresor", YEAR, "xml", 1, 0),
        ("tresor", YEAR, "xml", 2, 3_000_000),
    ];
    assert_eq!(sizes, expected);
    let tresor = read(&app, async |tx| report::of_year(tx, "tresor", year(YEAR)).await).await;
    assert_eq!(tresor, stored[1..]);
    assert_eq!(read(&app, async |tx| report::of_year(tx, "tresor", year(2012)).await).await, []);
    for (release, bytes) in stored.iter().zip([&every_byte[..], b"PK", b"", &large]) {
        let found = read(&app, async |tx| report::bytes(tx, release).await).await;
        assert!(found.as_deref() == Some(bytes), "{release:?}");
    }
    let absent = release("tresor", "xml", 3);
    assert_eq!(read(&app, async |tx| report::bytes(tx, &absent).await).await, None);
}

async fn editions_follow_and_wait_for_the_settlement(app: TestApp) {
    let early = insert(&app, &release("tresor", "xml", 1), b"x").await.unwrap_err();
    assert_eq!(early.guard_code(), Some("EAPD-G17"));
    settle(&app).await;
    let skipping = insert(&app, &release("tresor", "xml", 2), b"x").await.unwrap_err();
    assert_eq!(skipping.guard_code(), Some("EAPD-G03"));
    insert(&app, &release("tresor", "xml", 1), b"x").await.unwrap();
    let again = insert(&app, &release("tresor", "xml", 1), b"y").await.unwrap_err();
    assert_eq!(again.guard_code(), Some("EAPD-G03"));
}

contract!(with ground, "2014-05-20T10:00:00Z":
    editions_read_back_with_their_bytes,
    editions_follow_and_wait_for_the_settlement,
);
