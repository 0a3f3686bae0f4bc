//! What the journal is asked: the heads that receipts, certificates and released reports carry, what it tells of.

use eapd::domain::call::{Call, CallCode};
use eapd::domain::filing::FilingKind;
use eapd::store::{call, certificate, filing, journal};

use super::certificate::certified;
use super::ground::{campaign, code, file, ground, read, receipt_of, sent, version, write};
use crate::support::{TestApp, contract, sql};

async fn receipts_and_reports_carry_heads(app: TestApp) {
    assert!(read(&app, async |tx| journal::carried_heads(tx).await).await.is_empty());
    write(&app, async |tx| {
        for (alias, head) in [("A", "aa"), ("B", "")] {
            let filed = version(alias, 1, FilingKind::Nil, &[], app.app.now());
            file(tx, &filed, &[]).await?;
            let mut receipt = receipt_of(&filed, &format!("R-{alias}"));
            head.clone_into(&mut receipt.journal_head);
            sent(tx, |writes| filing::insert_receipt(writes, &receipt)).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let release = format!(
        "{}INSERT INTO report_release (name, flow_year, format, edition, bytes, sha256, content_sha256, line_count, \
         total_own, journal_head, released_by, released_at) VALUES ('tresor', 2013, 'xlsx', 1, {}, 'a', 'b', 0, {}, \
         'cc', 'P1', '2014-07-01T10:00:01Z');",
        sql::step(2014, "settled", "2014-07-01T10:00:00Z"),
        sql::bytes(app.engine(), "00"),
        sql::euros(app.engine(), 0)
    );
    app.instance.must(&(sql::opening(app.engine()).to_owned() + &sql::transaction(&release)));
    let code: CallCode = code("AAP-2014");
    write(&app, async |tx| {
        call::create(tx, &Call::default_for(campaign(2014)), "P1", app.app.now()).await?;
        certificate::insert(tx, &certified(code, "C-1", 1)).await
    })
    .await
    .unwrap();
    let heads = read(&app, async |tx| journal::carried_heads(tx).await).await;
    let expected =
        [("aa", "le récépissé R-A"), ("bb", "l’attestation C-1"), ("cc", "le rapport tresor 2013 (xlsx)")];
    let found: Vec<_> = heads.iter().map(|(head, carrier)| (head.as_str(), carrier.as_str())).collect();
    assert_eq!(found, expected, "an empty head is the start of every chain");
}

async fn the_journal_tells_of_what_was_done(app: TestApp) {
    let tells = async |action: &str| read(&app, async |tx| journal::tells(tx, action).await).await;
    assert!(!tells("essai").await);
    let told = journal::Told {
        at: app.app.now(),
        actor: "P1",
        action: "essai",
        subject: "autre",
        before: None,
        after: None,
    };
    write(&app, async |tx| journal::append(tx, told).await).await.unwrap();
    assert!(tells("essai").await);
    assert!(!tells("autre").await && !tells("ess").await);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    receipts_and_reports_carry_heads,
    the_journal_tells_of_what_was_done,
);
