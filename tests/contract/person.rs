//! The one place that names persons.

use eapd::domain::account::AccountRole;
use eapd::domain::declaration::Filing;
use eapd::domain::filing::FilingKind;
use eapd::store::person::{self, PersonKind};
use eapd::store::{StoreError, Tx, attachment};

use super::account;
use super::ground::{NOON, body, file, ground, read, version, write};
use crate::support::{TestApp, at, contract};

type Named = (Option<String>, Option<String>);

async fn insert(app: &TestApp, id: &str, kind: PersonKind, name: &str, function: Option<&str>) {
    let now = app.app.now();
    write(app, async |tx| person::insert(tx, id, kind, name, function, now).await).await.unwrap();
}

async fn find(app: &TestApp, id: &str) -> Option<Named> {
    read(app, async |tx| person::find(tx, id).await).await
}

fn named(name: &str, function: Option<&str>) -> Named {
    (Some(name.to_owned()), function.map(str::to_owned))
}

async fn a_person_reads_back(app: TestApp) {
    assert_eq!(find(&app, "P9").await, None);
    insert(&app, "P9", PersonKind::Signatory, "Nom Fictif", Some("maire")).await;
    insert(&app, "P8", PersonKind::Token, "Jeton fictif", None).await;
    assert_eq!(find(&app, "P9").await, Some(named("Nom Fictif", Some("maire"))));
    assert_eq!(find(&app, "P8").await, Some(named("Jeton fictif", None)));
    let now = app.app.now();
    let again =
        write(&app, async |tx| person::insert(tx, "P9", PersonKind::Signatory, "Autre", None, now).await);
    assert!(matches!(again.await, Err(StoreError::Exists)));
}

async fn an_operator_is_known_by_login_until_erased(app: TestApp) {
    let operator = async |login: &str| read(&app, async |tx| person::operator(tx, login).await).await;
    insert(&app, "P1", PersonKind::Operator, "exploitant", None).await;
    insert(&app, "P2", PersonKind::Signatory, "signataire", None).await;
    assert_eq!(operator("exploitant").await.as_deref(), Some("P1"));
    assert_eq!(operator("signataire").await, None, "a signatory is no operator");
    assert_eq!(operator("Exploitant").await, None);
    write(&app, async |tx| person::erase(tx, "P1", app.app.now()).await).await.unwrap();
    assert_eq!(operator("exploitant").await, None);
}

async fn an_erased_person_leaves_the_id_alone(app: TestApp) {
    insert(&app, "P9", PersonKind::Signatory, "Nom Fictif", Some("maire")).await;
    insert(&app, "P8", PersonKind::Signatory, "Autre Nom", None).await;
    let erase =
        async |id: &'static str| write(&app, async |tx| person::erase(tx, id, app.app.now()).await).await;
    erase("P9").await.unwrap();
    assert_eq!(find(&app, "P9").await, Some((None, None)));
    assert_eq!(find(&app, "P8").await, Some(named("Autre Nom", None)));
    for gone in ["P9", "P0"] {
        let error = erase(gone).await.unwrap_err();
        assert!(matches!(error, StoreError::Rows { what: "person", expected: 1, touched: 0 }), "{error}");
    }
}

async fn who_signed_is_found_near_an_agent(app: TestApp) {
    account::agent(&app, "P7", "p7@ville.example", AccountRole::Declarant).await;
    for (alias, filer, signatory, name) in
        [("A", "P7", "S1", "Maire de A"), ("B", "P8", "S2", "Maire de B"), ("C", "P8", "S3", "Maire de C")]
    {
        insert(&app, signatory, PersonKind::Signatory, name, Some("maire")).await;
        let filed = version(alias, 1, FilingKind::Nil, &[], at(NOON));
        let filed = Filing { filed_by: filer.to_owned(), signatory: Some(signatory.to_owned()), ..filed };
        write(&app, async |tx| file(tx, &filed, &[]).await).await.unwrap();
    }
    let ask = async |tx: &mut Tx<'_>| attachment::insert(tx, "A1", ("P7", body("B")), None, at(NOON)).await;
    write(&app, ask).await.unwrap();
    let near = async || read(&app, async |tx| person::signatories_near(tx, "P7").await).await;
    let told = |found: &[(&str, &str)]| -> Vec<(String, String)> {
        found.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect()
    };
    assert_eq!(near().await, told(&[("S1", "Maire de A"), ("S2", "Maire de B")]));
    write(&app, async |tx| person::erase(tx, "S1", at(NOON)).await).await.unwrap();
    assert_eq!(near().await, told(&[("S2", "Maire de B")]), "who is forgotten is not found");
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_person_reads_back,
    an_operator_is_known_by_login_until_erased,
    an_erased_person_leaves_the_id_alone,
    who_signed_is_found_near_an_agent,
);
