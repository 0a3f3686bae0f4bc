//! What has to hold after a crash.

use std::collections::BTreeMap;

use eapd::domain::euros::Euros;
use eapd::domain::journal::JournalEntry;
use eapd::domain::year::FlowYear;
use eapd::service::document;
use eapd::service::journal::verify;
use eapd::store::{filing, journal, line};
use futures_util::TryStreamExt;

use super::agents::Acknowledged;
use super::place::Place;

/// Every receipt that was given is kept with what it proves; every version is whole; the journal holds.
pub async fn hold(place: &Place, known: &BTreeMap<String, Acknowledged>) {
    all_or_some(place, known, 1, 0).await;
}

/// The same, of every `one_in`-th body only: what is filed grows from round to round.
pub async fn all_or_some(place: &Place, known: &BTreeMap<String, Acknowledged>, one_in: usize, first: usize) {
    let app = place.open().await;
    let year = FlowYear::new(2013).unwrap();
    let mut tx = app.db.snapshot().await.unwrap();
    for (number, one) in known {
        let kept = filing::receipt(&mut tx, number).await.unwrap();
        let kept = kept.unwrap_or_else(|| panic!("{number} was acknowledged and is lost"));
        assert_eq!((kept.siren, u64::from(kept.version)), (one.asked.siren, one.version));
        assert_eq!(kept.sha256, one.sha256);
    }
    let mut count = 0;
    for (siren, _) in place.secrets.iter().skip(first).step_by(one_in) {
        let versions = filing::versions(&mut tx, *siren, year).await.unwrap();
        let receipts = filing::receipts(&mut tx, *siren, year).await.unwrap();
        assert_eq!(receipts.len(), versions.len(), "a version without its receipt");
        for (version, receipt) in versions.iter().zip(&receipts) {
            let lines = line::of_version(&mut tx, *siren, year, version.version).await.unwrap();
            assert_eq!(lines.len(), usize::try_from(version.line_count).unwrap());
            let own = Euros::checked_sum(lines.iter().map(|filed| filed.line.own_resources()));
            assert_eq!(own, Some(version.total_own));
            // The receipt proves what is there, to the letter.
            let document = document::of_filed(version, &lines);
            assert_eq!(document::sha256(&document).unwrap(), receipt.sha256);
            count += 1;
        }
    }
    if one_in > 1 {
        drop(tx);
        app.db.close().await;
        return;
    }
    assert_eq!(filing::count_of_year(&mut tx, year).await.unwrap(), count, "a version of nobody");
    let entries: Vec<JournalEntry> = journal::stream(&mut tx).try_collect().await.unwrap();
    let told = entries.iter().filter(|entry| entry.action == "declaration.file").count();
    assert_eq!(i64::try_from(told).unwrap(), count, "one entry of the journal a version");
    drop(tx);
    let head = verify(&app, &[]).await.unwrap();
    assert!(head.is_ok(), "{head:?}");
    app.db.close().await;
}
