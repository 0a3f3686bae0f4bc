//! The doctor.

use super::{eapd, on, released};
use crate::support::{Engine, Role};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_names_what_is_to_mend() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = released(engine).await;
        let home = app.instance.home();
        let ill = eapd(&app, "", &["doctor"]);
        assert_eq!(ill.code, Some(1), "{ill}");
        assert!(ill.stdout.contains("✗ à corriger\u{a0}: Sauvegardes. aucune"), "{ill}");
        assert!(ill.stdout.contains("✓ bon\u{a0}: Journal. intègre"), "{ill}");
        assert!(eapd(&app, "", &["backup"]).done());
        let well = eapd(&app, "", &["doctor"]);
        assert!(well.done() && !well.stdout.contains('✗'), "{well}");
        // A guard that somebody took away, by the owner of the tables.
        let sql = match engine {
            Engine::Sqlite => "DROP TRIGGER line_no_update;",
            Engine::Postgres => "ALTER TABLE line DISABLE TRIGGER line_append_only;",
        };
        assert!(app.instance.sql_as(Role::Owner, sql).done());
        let found = eapd(&app, "", &["doctor"]);
        assert_eq!(found.code, Some(1), "{found}");
        assert!(
            found.stdout.contains("✗ à corriger\u{a0}: Garde-fous. absents ou désactivés sur line"),
            "{found}"
        );
        if engine == Engine::Postgres {
            let owner = app.instance.url(Role::Owner);
            let served = super::with(&on(&owner, &owner, home), home, &["doctor"]);
            assert_eq!(served.code, Some(1), "{served}");
            assert!(served.stdout.contains("✗ à corriger\u{a0}: Rôle de la base"), "{served}");
        }
        let nowhere = "sqlite:///nulle/part/eapd.db";
        let gone = super::with(&on(nowhere, "", home), home, &["doctor"]);
        assert_eq!(gone.code, Some(3), "{gone}");
        assert!(gone.stdout.contains("✗ injoignable\u{a0}: Base de données"), "{gone}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn production_needs_https_and_a_way_for_mails() {
    let home = tempfile::tempdir().unwrap();
    let config = format!("[data]\ndir = {:?}\n[about]\nsupport_email = \"aide@eapd.example\"\n", home.path());
    let outcome = super::with(&config, home.path(), &["doctor"]);
    assert!(outcome.stdout.contains("✗ à corriger\u{a0}: Adresse publique"), "{outcome}");
    let unreachable = "[mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"\nfrom = \"x@eapd.example\"\n";
    let outcome = super::with(&format!("{config}{unreachable}"), home.path(), &["doctor"]);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(outcome.stdout.contains("✗ injoignable\u{a0}: Courriels. 127.0.0.1 ne répond pas"), "{outcome}");
}
