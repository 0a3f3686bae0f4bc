//! A release that is ordered on the page: followed, taken up by another process, and what an edition changes.

use eapd::domain::account::AccountRole;
use eapd::domain::role::{Actor, Role};
use eapd::domain::year::FlowYear;
use eapd::service::declaration::version::{self, Decision};
use eapd::service::report::work;
use eapd::store;
use tokio::sync::watch;

use super::desk::Signed;
use super::staff::staff;
use crate::api::world::{self, OWN};
use crate::support::{TestApp, contract};

contract!(with world::world, "2014-05-20T10:00:00+02:00":
    an_order_is_followed_until_its_edition_is_there,
    another_process_takes_up_what_one_that_died_had_begun,
    an_edition_tells_what_it_changes,
);

const HERE: &str = "/pilotage/rapports";

/// Orders the release of the lines of 2012 and gives the page at which it is followed.
pub async fn order(manager: &Signed<'_>) -> String {
    let done = manager.on_path("/pilotage/rapports/lignes/2012", &[("annee", "2012")]).await;
    let address = done.header("location").to_owned();
    assert_eq!(done.status.as_u16(), 303, "{}", done.words());
    assert!(address.starts_with("/pilotage/rapports/publications/"), "{address}");
    address
}

/// What the process of one instance does until nothing is left to do.
pub async fn worked_off(test: &TestApp) {
    let (_stop, mut stopping) = watch::channel(false);
    work(&test.app, &mut stopping).await.unwrap();
}

async fn an_order_is_followed_until_its_edition_is_there(test: TestApp) {
    let manager = staff(&test, AccountRole::Manager).await;
    let address = order(&manager).await;
    let page = manager.get(&address).await;
    assert!(page.words().contains("La publication va commencer") && page.text.contains("data-follow"));
    assert_eq!(order(&manager).await, address, "who orders it again joins");
    let desk = manager.get(&format!("{HERE}?exercice=2012")).await;
    assert!(desk.text.contains(&format!("href=\"{address}\"")), "{}", desk.words());
    // One that is told to stop takes nothing more.
    let (_stop, mut stopped) = watch::channel(true);
    work(&test.app, &mut stopped).await.unwrap();
    assert!(manager.get(&address).await.text.contains("data-follow"));

    worked_off(&test).await;
    let page = manager.get(&address).await;
    let words = page.words();
    assert!(words.contains("L’édition 1 est publiée et conservée pour toujours"), "{words}");
    assert!(!page.text.contains("data-follow"), "nothing is left to follow");
    let desk = manager.get(&format!("{HERE}?exercice=2012")).await;
    assert!(desk.text.contains("/pilotage/rapports/lignes/2012/1/xlsx") && !desk.text.contains(&address));
    let again = order(&manager).await;
    assert_ne!(again, address);
    worked_off(&test).await;
    let words = manager.get(&again).await.words();
    assert!(words.contains("Rien n’a changé depuis l’édition 1, qui reste en vigueur"), "{words}");

    let observer = staff(&test, AccountRole::Observer).await;
    assert_eq!(observer.get(&again).await.status.as_u16(), 403);
    assert_eq!(manager.get(&format!("{HERE}/publications/ABSENTE")).await.status.as_u16(), 404);
}

async fn another_process_takes_up_what_one_that_died_had_begun(test: TestApp) {
    let manager = staff(&test, AccountRole::Manager).await;
    let address = order(&manager).await;
    let now = test.app.now();
    let (lease, minute) = (now.plus_seconds(60), 60);
    let mut tx = test.app.db.begin().await.unwrap();
    let taken = store::release_order::lease(&mut tx, "MORT", now, lease).await.unwrap().unwrap();
    store::release_order::advance(&mut tx, (&taken.id, "MORT"), (1, 4), lease).await.unwrap();
    tx.commit().await.unwrap();
    let words = manager.get(&address).await.words();
    assert!(words.contains("25\u{a0}%"), "{words}");
    worked_off(&test).await;
    assert!(manager.get(&address).await.text.contains("data-follow"), "it is held");
    test.clock.set(now.plus_seconds(minute));
    worked_off(&test).await;
    let words = manager.get(&address).await.words();
    assert!(words.contains("L’édition 1 est publiée"), "{words}");
}

async fn an_edition_tells_what_it_changes(test: TestApp) {
    let manager = staff(&test, AccountRole::Manager).await;
    order(&manager).await;
    worked_off(&test).await;
    let first = manager.get("/pilotage/rapports/lignes/2012/1/changements").await.words();
    assert!(first.contains("C’est la première édition"), "{first}");

    test.clock.set(test.app.now().plus_seconds(1));
    let operator = Actor { person: "EXPLOITANT".to_owned(), role: Role::Operator };
    let (siren, year) = (OWN.parse().unwrap(), FlowYear::new(2012).unwrap());
    let (reason, document) = ("déclarée pour une autre commune", "courriel du 20 mai 2014");
    version::decide(&test.app, &operator, siren, year, &Decision::Annul, reason, document).await.unwrap();
    test.clock.set(test.app.now().plus_seconds(1));
    let address = order(&manager).await;
    worked_off(&test).await;
    let words = manager.get(&address).await.words();
    assert!(words.contains("L’édition 2 est publiée"), "{words}");

    let path = "/pilotage/rapports/lignes/2012/2/changements";
    let desk = manager.get(&format!("{HERE}?exercice=2012")).await;
    assert!(desk.text.contains(&format!("href=\"{path}\"")), "{}", desk.words());
    let told = manager.get(path).await.words();
    for what in [&format!("Commune fictive {OWN}"), reason, document, "0,00\u{a0}€"] {
        assert!(told.contains(what), "{what}: {told}");
    }
    let observer = staff(&test, AccountRole::Observer).await;
    let told = observer.get(path).await.words();
    assert!(told.contains(&format!("Commune fictive {OWN}")) && !told.contains(reason), "{told}");
    assert_eq!(observer.get("/pilotage/rapports/lignes/2012/3/changements").await.status.as_u16(), 404);
}
