//! Summaries and reports as pages: who reads which, what they say, what is downloaded.

use std::fs;
use std::sync::Arc;

use eapd::app::{App, Parts};
use eapd::domain::account::AccountRole;
use eapd::domain::role::{Actor, Role};
use eapd::domain::year::FlowYear;
use eapd::service::declaration::version::{self, Decision};
use eapd::service::summary;
use serde_json::Value;

use super::staff::staff;
use crate::api::world::{self, FAR, OTHER, OWN};
use crate::reports::tools;
use crate::support::{TestApp, contract};

contract!(with world::world, "2014-05-20T10:00:00+02:00":
    a_prefecture_reads_its_region_and_no_other,
    the_nation_is_its_regions,
    the_workbook_says_the_same_to_others,
    what_is_filed_is_seen_at_once,
    reports_are_released_by_the_ministry_and_read_by_observers,
);

fn sgar() -> AccountRole {
    AccountRole::Sgar("11".to_owned())
}

async fn a_prefecture_reads_its_region_and_no_other(test: TestApp) {
    let signed = staff(&test, sgar()).await;
    let way = signed.get("/pilotage/syntheses").await;
    assert_eq!((way.status.as_u16(), way.header("location")), (303, "/pilotage/syntheses/11/2013"));
    let page = signed.get("/pilotage/syntheses/11/2013").await;
    let words = page.words();
    assert_eq!(page.status.as_u16(), 200, "{words}");
    for told in [
        "PROVISOIRE\u{a0}: la campagne n’est pas arrêtée",
        // 1 234,56 less 34,56, and 100 less 34,56.
        "1\u{202f}265,44\u{a0}€",
        "Synthèse 2013\u{a0}: Île-de-France",
        "Distribution d’eau et assainissement",
        "Sénégal",
        "Adduction d’eau (fictive)",
        "sur 2 attendues",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(!words.contains("JAMAIS"), "{words}");
    let settled = signed.get("/pilotage/syntheses/11/2012").await.words();
    assert!(settled.contains("Campagne arrêtée") && !settled.contains("PROVISOIRE"), "{settled}");
    let eligible = signed.get("/pilotage/syntheses/11/2013?appel=AAP-2014").await.words();
    assert!(eligible.contains(&format!("Commune fictive {OTHER}")), "{eligible}");
    assert!(!eligible.contains(&format!("Commune fictive {FAR}")), "{eligible}");
    for refused in ["76/2013", "nationale/2013", "76/2013/xlsx", "nationale/2013/json", "XX/2013"] {
        let page = signed.get(&format!("/pilotage/syntheses/{refused}")).await;
        assert_eq!(page.status.as_u16(), 403, "{refused}");
    }
    for absent in ["11/1999", "11/2040", "11/2013/pdf"] {
        let page = signed.get(&format!("/pilotage/syntheses/{absent}")).await;
        assert_eq!(page.status.as_u16(), 404, "{absent}");
    }
}

async fn json(test: &TestApp, territory: &str) -> Value {
    let name = if territory == "nationale" { AccountRole::Manager } else { AccountRole::Instructor };
    let signed = staff(test, name).await;
    let page = signed.get(&format!("/pilotage/syntheses/{territory}/2013/json")).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.text);
    serde_json::from_str(&page.text).unwrap()
}

/// Own resources of the classes of a cut.
fn classes(summary: &Value, cut: &str) -> Vec<(String, String)> {
    let tables = summary["tableaux"].as_array().unwrap();
    let table = tables.iter().find(|table| table["code"] == cut).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = table["rangs"].as_array().unwrap().iter();
    rows.map(|row| (text(&row["code"]), text(&row["ressources_propres"]))).collect()
}

async fn the_nation_is_its_regions(test: TestApp) {
    let nation = json(&test, "nationale").await;
    assert_eq!(nation["total"]["ressources_propres"], "2530.88");
    let told = |code: &str, amount: &str| (code.to_owned(), amount.to_owned());
    assert_eq!(classes(&nation, "regions"), [told("11", "1265.44"), told("76", "1265.44")]);
    assert_eq!(classes(&nation, "pays"), [told("269", "2530.88")]);
    assert_eq!(classes(&nation, "secteurs"), [told("140", "2530.88")]);
    assert_eq!(nation["annee_precedente"]["ressources_propres"], "3600.00");
    let counts = &nation["collectivites"];
    assert_eq!((&counts["declarantes"], &counts["attendues"]), (&2.into(), &3.into()));
    assert_eq!(counts["attendues_non_declarantes"], 1);
    assert_eq!(json(&test, "76").await["total"]["ressources_propres"], "1265.44");
}

async fn the_workbook_says_the_same_to_others(test: TestApp) {
    let signed = staff(&test, sgar()).await;
    let page = signed.get("/pilotage/syntheses/11/2013/xlsx").await;
    assert!(page.header("content-disposition").contains("synthese-11-2013.xlsx"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("synthese.xlsx");
    fs::write(&path, &page.bytes).unwrap();
    let found: Value = serde_json::from_str(&tools::python("summary_check.py", &[&path])).unwrap();
    assert_eq!(found["total"], 126_544);
    assert_eq!(found["differences"], serde_json::json!([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    assert_eq!(found["bodies"], serde_json::json!([[OWN, "déclarée"], [OTHER, "non déclarée"]]));
    let open = signed.get("/pilotage/syntheses/11/2013/ods").await;
    assert!(open.header("content-disposition").contains("synthese-11-2013.ods"));
    assert_eq!(open.header("content-type"), "application/vnd.oasis.opendocument.spreadsheet");
    let path_of_open = folder.path().join("synthese.ods");
    fs::write(&path_of_open, &open.bytes).unwrap();
    let of_open: Value = serde_json::from_str(&tools::python("ods_check.py", &[&path_of_open])).unwrap();
    assert_eq!(of_open, found, "the OpenDocument says the same");
    let anew = tools::libreoffice(&path, folder.path());
    let formulas: u32 = tools::python("same_values.py", &[&path, &anew]).trim().parse().unwrap();
    assert!(formulas > 40, "{formulas}");
}

async fn what_is_filed_is_seen_at_once(test: TestApp) {
    let signed = staff(&test, sgar()).await;
    let total = async || {
        let page = signed.get("/pilotage/syntheses/11/2013/json").await;
        // A process that has just started has nothing kept, and says the same.
        let started = App::from(Parts { summaries: Arc::default(), ..(*test.app).clone() });
        for word in ["11", "76", "nationale"] {
            let flow_year = FlowYear::new(2013).unwrap();
            let told = async |app: &App| {
                let summary = summary::of(app, &operator(), word, flow_year).await.unwrap();
                serde_json::to_value(summary::document::of(&summary)).unwrap()
            };
            assert_eq!(told(&test.app).await, told(&started).await, "{word}");
        }
        serde_json::from_str::<Value>(&page.text).unwrap()["total"]["ressources_propres"].clone()
    };
    assert_eq!(total().await, "1265.44");
    world::declare(&test.app, &operator(), OTHER, 2013, vec![world::line("D-1", "134,56")]).await;
    assert_eq!(total().await, "1365.44");
    world::declare(&test.app, &operator(), OTHER, 2013, vec![world::line("D-1", "34,57")]).await;
    assert_eq!(total().await, "1265.45");
    let year = FlowYear::new(2013).unwrap();
    let (reason, document) = ("déclarée pour une autre commune", "courriel du 20 mai 2014");
    let annul = (OTHER.parse().unwrap(), Decision::Annul);
    version::decide(&test.app, &operator(), annul.0, year, &annul.1, reason, document).await.unwrap();
    assert_eq!(total().await, "1265.44");
}

/// Who may file for anyone.
fn operator() -> Actor {
    Actor { person: "EXPLOITANT".to_owned(), role: Role::Operator }
}

async fn reports_are_released_by_the_ministry_and_read_by_observers(test: TestApp) {
    let observer = staff(&test, AccountRole::Observer).await;
    assert!(observer.get("/pilotage/rapports").await.words().contains("Aucune édition n’est encore publiée"));
    let manager = staff(&test, AccountRole::Manager).await;
    let page = manager.get("/pilotage/rapports").await.words();
    assert!(page.contains("PROVISOIRE") && !page.contains("Publier une édition"), "{page}");
    let file = manager.get("/pilotage/rapports/lignes/2013/courante/csv").await;
    assert_eq!(file.status.as_u16(), 200);
    assert!(file.header("content-disposition").contains("lignes-2013-courante.csv"));
    let page = manager.get("/pilotage/rapports?exercice=2012").await;
    assert!(page.words().contains("tapez 2012 pour confirmer"), "{}", page.words());
    let refused = manager.on_path("/pilotage/rapports/lignes/2012", &[("annee", "2013")]).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(refused.words().contains("Pour confirmer, tapez 2012"), "{}", refused.words());
    let closed = manager.on_path("/pilotage/rapports/lignes/2013", &[("annee", "2013")]).await;
    assert_eq!(closed.status.as_u16(), 409, "{}", closed.words());
    let done = manager.on_path("/pilotage/rapports/lignes/2012", &[("annee", "2012")]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.words());
    let (_stop, mut stopping) = tokio::sync::watch::channel(false);
    eapd::service::report::work(&test.app, &mut stopping).await.unwrap();
    let page = observer.get("/pilotage/rapports").await;
    assert!(page.text.contains("/pilotage/rapports/lignes/2012/1/xlsx"), "{}", page.words());
    assert!(!page.text.contains("courante"), "an observer reads editions only");
    assert_eq!(observer.get("/pilotage/rapports/lignes/2012/1/csv").await.status.as_u16(), 200);
    for (path, status) in
        [("lignes/2012/courante/csv", 403), ("lignes/2012/2/csv", 404), ("tresor/2012/1/xml", 404)]
    {
        let answer = observer.get(&format!("/pilotage/rapports/{path}")).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
    }
}
