//! Where each role begins, and what its navigation has.

use eapd::domain::account::AccountRole;

use super::desk::{self, Signed};
use super::staff::staff;
use crate::support::{TestApp, contract};

contract!(with desk::desk, "2014-05-20T10:00:00+02:00": each_role_begins_where_it_works);

async fn each_role_begins_where_it_works(test: TestApp) {
    for role in [
        AccountRole::Sgar("53".to_owned()),
        AccountRole::Instructor,
        AccountRole::Manager,
        AccountRole::Observer,
        AccountRole::Administrator,
    ] {
        let signed = staff(&test, role.clone()).await;
        let way = signed.get("/espace").await;
        assert_eq!((way.status.as_u16(), way.header("location")), (303, "/pilotage"), "{role:?}");
        let page = signed.get("/pilotage").await;
        assert_eq!(page.status.as_u16(), 200, "{role:?}");
        assert!(page.text.contains("href=\"/pilotage\" aria-current=\"page\""), "{role:?}");
        assert!(!page.text.contains("href=\"/recepisses\">Vérifier"), "{role:?}");
    }
    let agent = Signed::as_(&test, desk::FIRST).await;
    assert_eq!(agent.get("/pilotage").await.status.as_u16(), 403);
    assert!(!agent.get("/espace").await.text.contains("href=\"/pilotage\""));
}
