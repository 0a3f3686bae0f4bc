//! The register on either engine: millésimes, decisions, what is read back.

use eapd::app::App;
use eapd::config::Profile;
use eapd::domain::collectivity::{Collectivity, CollectivityKind, HORS};
use eapd::domain::refusal::Because;
use eapd::domain::register::Summary;
use eapd::domain::role::{Actor, Role};
use eapd::domain::siren::Siren;
use eapd::domain::year::FlowYear;
use eapd::service::register::{self, Merger, read_decisions, read_package};
use eapd::service::{Result, ServiceError};
use eapd::store;

mod decisions;
pub mod package;
mod reading;

use crate::support::{TestApp, contract};
use package::{Made, csv, of_commune, path_of, siren};

contract!(Profile::Production, "2026-05-20T10:00:00Z":
    a_millesime_becomes_bodies,
    the_same_millesime_changes_nothing,
    a_newer_millesime_leaves_the_past_alone,
    a_wrong_package_writes_nothing,
    an_old_package_says_less,
    others_are_refused,
);

const MERGED_INTO: u32 = 20_000_010;

fn operator() -> Actor {
    Actor { person: "OPERATOR".to_owned(), role: Role::Operator }
}

async fn import(app: &App, made: &Made) -> Result<Summary> {
    let folder = made.write();
    let package = read_package(folder.path()).unwrap();
    register::import(app, &operator(), &package, None, &()).await.map(|(_, summary)| summary)
}

async fn decide(app: &App, rows: &str) -> Result<Summary> {
    let header = "operation;siren;type;code;nom;departement;region;population;date;fin;vers;motif\n";
    let folder = csv(&format!("{header}{rows}"));
    let file = read_decisions(&path_of(&folder)).unwrap();
    register::decide(app, &operator(), &file, &()).await
}

async fn in_year(app: &App, key: &str, year: u16) -> Option<Collectivity> {
    let mut tx = app.db.snapshot().await.unwrap();
    store::register::find(&mut tx, key.parse().unwrap(), FlowYear::new(year).unwrap()).await.unwrap()
}

async fn region(app: &App, key: &str, year: u16) -> String {
    in_year(app, key, year).await.unwrap().region
}

async fn associated(app: &App, key: &str, year: u16) -> Vec<String> {
    let mut tx = app.db.snapshot().await.unwrap();
    let year = FlowYear::new(year).unwrap();
    store::register::associated_regions(&mut tx, key.parse().unwrap(), year).await.unwrap()
}

async fn journal(app: &App) -> i64 {
    store::journal::head(&mut app.db.snapshot().await.unwrap()).await.unwrap().seq
}

fn refused(result: Result<Summary>) -> String {
    match result {
        Err(ServiceError::Refused(refusal)) if refusal.because == Because::Invalid => refusal.message,
        other => panic!("not refused: {other:?}"),
    }
}

async fn found(app: &App, query: &str) -> Vec<String> {
    let year = FlowYear::new(2025).unwrap();
    let found = register::search(app, query, None, None, year, 1).await.unwrap();
    found.bodies.into_iter().map(|body| body.name).collect()
}

/// What the files say becomes bodies: one each, in the region of each year.
async fn a_millesime_becomes_bodies(app: TestApp) {
    let app = &app.app;
    let summary = import(app, &Made::new("5.3.0")).await.unwrap();
    // 9 communes, 3 EPCI, 1 EPT; 4 régions, Corse; 5 départements, Mayotte, Alsace; Polynésie.
    assert_eq!((summary.created, summary.bodies(), summary.incomplete), (26, 26, 2), "{:?}", summary.kinds);
    let a = of_commune("65901");
    let body = in_year(app, &a, 2025).await.unwrap();
    assert_eq!((body.name.as_str(), body.kind), ("Commune fictive A", CollectivityKind::Commune));
    assert_eq!((body.region.as_str(), body.departement.as_deref()), ("76", Some("65")));
    assert_eq!((body.population, body.exists_from, body.exists_until), (Some(3_000), None, None));
    assert_eq!(region(app, &a, 2013).await, "73", "the region of 2013 is one of 2013");
    assert_eq!(region(app, &a, 2016).await, "76");

    // The region of most inhabitants, the other one associated, both in each year.
    let cc = siren(20_000_001);
    assert_eq!((region(app, &cc, 2013).await, region(app, &cc, 2025).await), ("73".into(), "76".into()));
    assert_eq!(
        (associated(app, &cc, 2015).await, associated(app, &cc, 2016).await),
        (vec!["72".into()], vec!["75".into()])
    );
    // As many inhabitants in Bas-Rhin and Haut-Rhin: one region, so none beside it.
    let ca = siren(20_000_003);
    assert_eq!(region(app, &ca, 2025).await, "44");
    assert!(associated(app, &ca, 2025).await.is_empty());
    assert_eq!(in_year(app, &ca, 2025).await.unwrap().departement.as_deref(), Some("67"));
    assert_eq!(in_year(app, &siren(20_000_002), 2025).await.unwrap().kind, CollectivityKind::Metropole);

    // One body where the law has one; Alsace follows the two that ended.
    assert_eq!(in_year(app, "229850003", 2025).await.unwrap().region, "06");
    assert_eq!(in_year(app, "200076958", 2025).await.unwrap().kind, CollectivityKind::Ctu);
    let rhin = in_year(app, "226700011", 2020).await.unwrap();
    assert_eq!((rhin.region.as_str(), rhin.exists_until.unwrap().to_iso().as_str()), ("44", "2020-12-31"));
    let sheet = register::show(app, "200094332".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(sheet.predecessors.len(), 2);
    assert_eq!(sheet.body.exists_from.unwrap().to_iso(), "2021-01-01");
    let rhone = in_year(app, "226900017", 2025).await.unwrap();
    assert_eq!(rhone.population, Some(400), "without the communes of the Métropole de Lyon");

    // Overseas: in no region; without a SIREN, to be completed.
    let lagoon =
        register::search(app, "lagon", Some(HORS), None, FlowYear::new(2025).unwrap(), 1).await.unwrap();
    assert_eq!(
        (lagoon.total, lagoon.bodies[0].id.as_str(), lagoon.bodies[0].siren),
        (1, "commune:98799", None)
    );
}

/// The same millésime twice: nothing written, nothing told.
async fn the_same_millesime_changes_nothing(app: TestApp) {
    let app = &app.app;
    let made = Made::new("5.3.0");
    import(app, &made).await.unwrap();
    let before = journal(app).await;
    let again = import(app, &made).await.unwrap();
    assert!(again.is_unchanged() && again.unchanged == 26, "{again:?}");
    assert_eq!(journal(app).await, before);
}

/// A newer millésime: what is new begins, what is gone ends, what changed
/// changes from its year on, and the past stays.
async fn a_newer_millesime_leaves_the_past_alone(app: TestApp) {
    let app = &app.app;
    import(app, &Made::new("5.3.0")).await.unwrap();
    let before = journal(app).await;
    let mut next = Made::new("6.0.0").without_commune("65902");
    next.commune_mut("65901")["nom"] = "Commune fictive Alpha".into();
    next.communes.push(package::commune("69903", "Commune fictive neuve", "69", "84", 10));
    // Most inhabitants are now in Nouvelle-Aquitaine.
    next.epci[0]["membres"][1]["populationMunicipale"] = 9_000.into();
    let summary = import(app, &next).await.unwrap();
    assert_eq!((summary.created, summary.closed), (1, 1), "{summary:?}");
    assert_eq!(summary.notices.len(), 1, "one disappeared without an heir: {:?}", summary.notices);
    assert_eq!(journal(app).await, before + 1);

    let a = of_commune("65901");
    assert_eq!(in_year(app, &a, 2025).await.unwrap().name, "Commune fictive A");
    assert_eq!(in_year(app, &a, 2026).await.unwrap().name, "Commune fictive Alpha");
    let gone = in_year(app, &of_commune("65902"), 2026).await.unwrap();
    assert_eq!(gone.exists_until.unwrap().to_iso(), "2025-12-31");
    let new = in_year(app, &of_commune("69903"), 2026).await.unwrap();
    assert_eq!(new.exists_from.unwrap().to_iso(), "2026-01-01");
    let cc = siren(20_000_001);
    assert_eq!((region(app, &cc, 2025).await, region(app, &cc, 2026).await), ("76".into(), "75".into()));
    assert_eq!(
        (associated(app, &cc, 2025).await, associated(app, &cc, 2026).await),
        (vec!["75".into()], vec!["76".into()])
    );
    assert_eq!(
        found(app, "commune fictive a").await[0],
        "Commune fictive A",
        "in the names of the year asked for"
    );

    let message = refused(import(app, &Made::new("5.3.0")).await);
    assert!(message.contains("2026") && message.contains("plus ancien"), "{message}");
    assert_eq!(journal(app).await, before + 1);
}

/// A package with a wrong row is refused with every such row.
async fn a_wrong_package_writes_nothing(app: TestApp) {
    let app = &app.app;
    let mut made = Made::new("5.3.0");
    made.commune_mut("65901")["siren"] = "210000001".into();
    made.commune_mut("65902")["region"] = "73".into();
    let twice = made.epci[0].clone();
    made.epci.push(twice);
    made.epci[1]["type"] = "SIVOM".into();
    let message = refused(import(app, &made).await);
    for said in ["65901", "clé de contrôle", "65902", "73", "SIVOM", "déjà un autre"] {
        assert!(message.contains(said), "{said} in {message}");
    }
    assert_eq!((journal(app).await, in_year(app, &of_commune("69901"), 2025).await), (0, None));
    let version = refused(import(app, &Made::new("0.7.0")).await);
    assert!(version.contains("--millesime"), "{version}");
}

/// Older versions lack files and columns: what they do not say is not taken for an end or a birth.
async fn an_old_package_says_less(app: TestApp) {
    let app = &app.app;
    let mut old = Made::new("2.3.1");
    old.ept.clear();
    for commune in &mut old.communes {
        commune.as_object_mut().unwrap().remove("siren");
    }
    import(app, &old).await.unwrap();
    let (of_a_grouping, alone) = (of_commune("65901"), of_commune("97699"));
    assert!(in_year(app, &of_a_grouping, 2022).await.is_some(), "its grouping gives its SIREN");
    assert!(in_year(app, &alone, 2022).await.is_none(), "it is to be completed");
    let summary = import(app, &Made::new("3.1.1")).await.unwrap();
    assert_eq!((summary.created, summary.closed), (1, 0), "{summary:?}");
    let territory = in_year(app, &siren(20_000_004), 2023).await.unwrap();
    assert_eq!(territory.exists_from, None, "the first file of its kind tells nothing of its beginning");
    let completed = in_year(app, &alone, 2022).await.unwrap();
    assert_eq!((completed.exists_from, completed.exists_until), (None, None));
}

/// Whoever does not manage the register does not change it.
async fn others_are_refused(app: TestApp) {
    let app = &app.app;
    let folder = Made::new("5.3.0").write();
    let package = read_package(folder.path()).unwrap();
    for role in [Role::Observer, Role::Instructor, Role::Sgar("76".to_owned()), Role::Administrator] {
        let actor = Actor { person: "OTHER".to_owned(), role };
        let result = register::import(app, &actor, &package, None, &()).await;
        assert!(
            matches!(&result, Err(ServiceError::Refused(refusal)) if refusal.because == Because::Forbidden),
            "{result:?}"
        );
    }
    assert_eq!(journal(app).await, 0);
}
