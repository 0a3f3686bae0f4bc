//! The register on either engine: millésimes, decisions, what is read back.

use eapd::app::App;
use eapd::domain::collectivity::{Collectivity, CollectivityKind, HORS};
use eapd::domain::refusal::Because;
use eapd::domain::register::Summary;
use eapd::domain::role::{Actor, Role};
use eapd::domain::siren::Siren;
use eapd::domain::year::FlowYear;
use eapd::service::register::{self, Merger, read_decisions, read_package};
use eapd::service::{Result, ServiceError};
use eapd::store;

pub mod package;

use package::{Made, csv, of_commune, path_of, siren};

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
pub async fn a_millesime_becomes_bodies(app: &App) {
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
pub async fn the_same_millesime_changes_nothing(app: &App) {
    let made = Made::new("5.3.0");
    import(app, &made).await.unwrap();
    let before = journal(app).await;
    let again = import(app, &made).await.unwrap();
    assert!(again.is_unchanged() && again.unchanged == 26, "{again:?}");
    assert_eq!(journal(app).await, before);
}

/// A newer millésime: what is new begins, what is gone ends, what changed
/// changes from its year on, and the past stays.
pub async fn a_newer_millesime_leaves_the_past_alone(app: &App) {
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
pub async fn a_wrong_package_writes_nothing(app: &App) {
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

/// Bodies that the package lacks, dates, regions: each decision once.
pub async fn decisions_hold_and_repeat_to_nothing(app: &App) {
    import(app, &Made::new("5.3.0")).await.unwrap();
    let (syndicat, cc, a) = (siren(20_000_020), siren(20_000_001), of_commune("65901"));
    let rows = format!(
        "creation;{syndicat};syndicat;;Syndicat fictif des eaux;67;44;;;;;statuts\n\
         creation;;com;999;Collectivité fictive;;HORS;;;;;\n\
         rattachement;{cc};;;;;75;;;;;siège\n\
         rattachement;{a};;;CC des Fictives;;84;;2024-01-01;;;décision\n\
         region_associee;{a};;;;;76;;2024-01-01;31/12/2025;;décision\n\
         modification;{syndicat};;;Syndicat fictif de l’eau;;;12;2020-01-01;;;nouveaux statuts\n\
         debut;{syndicat};;;;;;;1998-03-01;;;\n\
         fin;{a};;;;;;;2027-12-31;;;\n"
    );
    let before = journal(app).await;
    let summary = decide(app, &rows).await.unwrap();
    assert_eq!((summary.created, summary.changed, summary.closed), (2, 5, 1), "{summary:?}");
    assert_eq!(journal(app).await, before + 1);
    let again = decide(app, &rows).await.unwrap();
    assert!(again.is_unchanged() && again.unchanged == 8, "{again:?}");
    assert_eq!(journal(app).await, before + 1);

    assert_eq!(
        (region(app, &syndicat, 2013).await, region(app, &syndicat, 2025).await),
        ("42".into(), "44".into())
    );
    let water = in_year(app, &syndicat, 2020).await.unwrap();
    assert_eq!((water.name.as_str(), water.population), ("Syndicat fictif de l’eau", Some(12)));
    assert_eq!(water.exists_from.unwrap().to_iso(), "1998-03-01");
    assert_eq!(in_year(app, &syndicat, 2019).await.unwrap().name, "Syndicat fictif des eaux");
    // The seat decides, and the other region is the associated one.
    assert_eq!(
        (region(app, &cc, 2025).await, associated(app, &cc, 2025).await),
        ("75".into(), vec!["76".into()])
    );
    assert_eq!((region(app, &a, 2023).await, region(app, &a, 2024).await), ("76".into(), "84".into()));
    let years = [2023, 2024, 2025, 2026];
    let mut beside = vec![];
    for year in years {
        beside.push(associated(app, &a, year).await.join("|"));
    }
    assert_eq!(beside, ["", "76", "76", ""]);

    // A millésime leaves alone what was decided, and closes nothing that came by hand.
    let mut next = Made::new("6.0.0");
    next.commune_mut("65901")["population"] = 3_100.into();
    let summary = import(app, &next).await.unwrap();
    assert_eq!(
        (summary.closed, summary.changed),
        (0, 3),
        "the commune, its département and region: {summary:?}"
    );
    assert_eq!((region(app, &a, 2026).await, region(app, &cc, 2026).await), ("84".into(), "75".into()));
    assert_eq!(in_year(app, &syndicat, 2026).await.unwrap().exists_until, None);
}

/// A decision that only confirms what was computed stands against the next millésime too.
pub async fn a_confirmed_region_stands(app: &App) {
    import(app, &Made::new("5.3.0")).await.unwrap();
    let cc = siren(20_000_001);
    let row = format!("rattachement;{cc};;;;;76;;;;;siège\n");
    assert_eq!(decide(app, &row).await.unwrap().changed, 1);
    assert!(decide(app, &row).await.unwrap().is_unchanged());
    let mut next = Made::new("6.0.0");
    next.epci[0]["membres"][2]["populationMunicipale"] = 90_000.into();
    import(app, &next).await.unwrap();
    assert_eq!(
        (region(app, &cc, 2026).await, associated(app, &cc, 2026).await),
        ("76".into(), vec!["75".into()])
    );
}

/// Older versions lack files and columns: what they do not say is not taken for an end or a birth.
pub async fn an_old_package_says_less(app: &App) {
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
pub async fn others_are_refused(app: &App) {
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

/// Every fault of a file, with its place; and nothing of it is written.
pub async fn bad_decisions_write_nothing(app: &App) {
    import(app, &Made::new("5.3.0")).await.unwrap();
    let (a, b, syndicat) = (of_commune("65901"), of_commune("64901"), siren(20_000_020));
    let unknown = siren(99_999_999);
    let before = journal(app).await;
    let message = refused(
        decide(
            app,
            &format!(
                "creation;{syndicat};syndicat;;Syndicat fictif;;84;;;;;\n\
                 fin;{unknown};;;;;;;2020-12-31;;;\n\
                 rattachement;{a};;;;;42;;2020-01-01;;;décision\n\
                 rattachement;{a};;;;;00;;;;;décision\n\
                 debut;{a};;;;;;;hier;;;\n\
                 creation;{b};commune;64901;Autre nom;64;75;;;;;\n\
                 creation;{};com;987;Polynésie;;HORS;;;;;\n\
                 fusion;{a};;;;;;;2020-01-01;;{unknown};arrêté\n\
                 effacer;{a};;;;;;;;;;\n",
                siren(20_000_030)
            ),
        )
        .await,
    );
    let lines: Vec<&str> = message.lines().collect();
    assert_eq!(lines.len(), 9, "{message}");
    let expected = [
        ("ligne 3", "creation"),
        ("ligne 4", "n’existe pas en 2020"),
        ("ligne 5", "n’existe pas"),
        ("ligne 6", "date"),
        ("ligne 7", "autrement"),
        ("ligne 8", "completer"),
        ("ligne 9", "vers"),
        ("ligne 10", "operation"),
    ];
    for (line, (place, said)) in lines.iter().skip(1).zip(expected) {
        assert!(line.starts_with(&format!("{place},")) && line.contains(said), "{said} in {line}");
    }
    assert_eq!(journal(app).await, before);
    assert_eq!(in_year(app, &syndicat, 2025).await, None, "the good row was not written either");
}

/// Mergers and splits: days, ancestors of ancestors, no circle.
pub async fn mergers_make_a_lineage(app: &App) {
    import(app, &Made::new("5.3.0")).await.unwrap();
    let (a, b, c) = (of_commune("65901"), of_commune("65902"), of_commune("64901"));
    let (new, last) = (siren(MERGED_INTO), siren(MERGED_INTO + 1));
    let creations = format!(
        "creation;{new};commune;65990;Commune fictive nouvelle;65;76;;;;;\n\
         creation;{last};commune;65991;Commune fictive dernière;65;76;;;;;\n"
    );
    decide(app, &creations).await.unwrap();
    let merger = |from: &[&str], into: &str, on: &str, absorbs: bool| Merger {
        from: from.iter().map(|text| text.parse().unwrap()).collect(),
        into: into.parse().unwrap(),
        on: on.parse().unwrap(),
        absorbs,
        reason: "arrêté fictif".to_owned(),
    };
    let merge = async |merger: Merger| register::merge(app, &operator(), &merger).await;
    let summary = merge(merger(&[&a, &b], &new, "2019-01-01", false)).await.unwrap();
    assert_eq!((summary.closed, summary.notices.len()), (2, 1), "{summary:?}");
    assert!(merge(merger(&[&a, &b], &new, "2019-01-01", false)).await.unwrap().is_unchanged());
    assert_eq!(in_year(app, &a, 2018).await.unwrap().exists_until.unwrap().to_iso(), "2018-12-31");
    assert_eq!(in_year(app, &new, 2019).await.unwrap().exists_from.unwrap().to_iso(), "2019-01-01");
    merge(merger(&[&new], &last, "2022-01-01", false)).await.unwrap();
    decide(app, &format!("absorption;{c};;;;;;;2023-01-01;;{last};arrêté\n")).await.unwrap();

    let mut tx = app.db.snapshot().await.unwrap();
    let names = async |tx: &mut store::Tx<'_>, key: &str| -> Vec<String> {
        let siren: Siren = key.parse().unwrap();
        let relatives = store::register::predecessors(tx, siren).await.unwrap();
        relatives.into_iter().map(|relative| relative.name).collect()
    };
    assert_eq!(names(&mut tx, &last).await, ["Commune fictive nouvelle", "Commune fictive B"]);
    let heirs = store::register::successors(&mut tx, a.parse().unwrap()).await.unwrap();
    assert_eq!((heirs.len(), heirs[0].siren.to_string()), (1, new.clone()));
    // What eligibility reads: every ancestor, whatever the distance.
    let year = FlowYear::new(2018).unwrap();
    let facts = store::facts::load(&mut tx, &[last.parse().unwrap()], &[year]).await.unwrap();
    drop(tx);
    let known = format!("{facts:?}");
    for key in [&a, &b, &c, &new, &last] {
        assert!(known.contains(key.as_str()), "{key} in {known}");
    }

    let refusals = [
        (merger(&[&last], &a, "2024-01-01", true), "tournerait en rond"),
        (merger(&[&a], &new, "2020-01-01", false), "ne change plus"),
        (merger(&[&of_commune("69901")], &new, "2020-01-01", false), "absorption"),
        (merger(&[&of_commune("69901")], &new, "2018-01-01", true), "fusion"),
        (merger(&[&a], &of_commune("69901"), "2021-01-01", true), "n’existe plus"),
        (merger(&[&siren(99_999_998)], &last, "2021-01-01", true), "pas au registre"),
    ];
    let before = journal(app).await;
    for (merger, said) in refusals {
        let message = refused(merge(merger).await);
        assert!(message.contains(said), "{said} in {message}");
    }
    assert_eq!(journal(app).await, before);
}

/// A body without SIREN receives one: its history and its words go with it.
pub async fn a_body_is_completed(app: &App) {
    import(app, &Made::new("5.3.0")).await.unwrap();
    let (given, commune) = (siren(20_000_040), of_commune("98799"));
    let row = format!("completer;{given};com;987;Polynésie française;;;;;;;\n");
    assert_eq!(decide(app, &row).await.unwrap().changed, 1);
    assert!(decide(app, &row).await.unwrap().is_unchanged());
    let body = in_year(app, &given, 2013).await.unwrap();
    assert_eq!((body.kind, body.region.as_str()), (CollectivityKind::Com, HORS));
    assert_eq!(found(app, "polynesie").await.len(), 1, "the one without SIREN is shown no more");
    let other = format!("completer;{};com;987;;;;;;;;\n", siren(20_000_041));
    assert!(refused(decide(app, &other).await).contains(&given));

    // The next millésime has the SIREN of the commune, and not that of the collectivity.
    let mut next = Made::new("6.0.0");
    next.commune_mut("98799")["siren"] = commune.clone().into();
    let summary = import(app, &next).await.unwrap();
    assert_eq!((summary.created, summary.closed), (0, 0), "{summary:?}");
    let body = in_year(app, &commune, 2020).await.unwrap();
    assert_eq!((body.name.as_str(), body.exists_from), ("Commune fictive du lagon", None));
    assert!(import(app, &next).await.unwrap().is_unchanged());
}

/// What people type finds what they mean, the best first.
pub async fn a_search_forgives(app: &App) {
    import(app, &Made::new("5.3.0")).await.unwrap();
    assert_eq!(found(app, "st etienne").await, ["Saint-Étienne-la-Fictive"]);
    assert_eq!(found(app, "SAINT ÉTIENNE LA FICT").await, ["Saint-Étienne-la-Fictive"]);
    assert_eq!(found(app, "l’ile fictive").await, ["L'Île-Fictive"]);
    assert_eq!(found(app, "65902").await, ["Saint-Étienne-la-Fictive"], "INSEE code");
    assert_eq!(found(app, "69999").await.len(), 2, "postcode");
    assert_eq!(found(app, &of_commune("64901")[..7]).await, ["Commune fictive B"], "beginning of a SIREN");
    assert_eq!(found(app, "communauté de communes fictives").await, ["CC des Fictives"]);
    assert_eq!(found(app, "ville de Lyon").await, ["Lyon-la-Fictive", "Métropole fictive de Lyon"]);
    assert_eq!(found(app, "occitanie").await, ["Occitanie"]);
    assert!(found(app, "introuvable").await.is_empty());
    assert!(found(app, "%_'\"; --").await.len() <= 20, "no character has a meaning of its own");

    let year = FlowYear::new(2025).unwrap();
    let all = register::search(app, "", None, None, year, 1).await.unwrap();
    assert_eq!((all.total, all.bodies.len()), (26, 20));
    let rest = register::search(app, "", None, None, year, 2).await.unwrap();
    assert_eq!((rest.total, rest.bodies.len()), (26, 6));
    let past = register::search(app, "", None, None, year, 9).await.unwrap();
    assert_eq!((past.total, past.bodies.len()), (26, 0));
    let communes =
        register::search(app, "", Some("44"), Some(CollectivityKind::Commune), year, 1).await.unwrap();
    assert_eq!(communes.total, 2);
    // A present region finds what was in the ones that it holds now (rule 10).
    let in_2013 = FlowYear::new(2013).unwrap();
    let alsace =
        register::search(app, "", Some("44"), Some(CollectivityKind::Commune), in_2013, 1).await.unwrap();
    assert_eq!((alsace.total, alsace.bodies[0].region.as_str()), (2, "42"));
}

/// What reports read: everyone with a SIREN, as in that year.
pub async fn a_year_is_read_whole(app: &App) {
    import(app, &Made::new("5.3.0")).await.unwrap();
    let mut tx = app.db.snapshot().await.unwrap();
    let (early, late) = (FlowYear::new(2013).unwrap(), FlowYear::new(2025).unwrap());
    let bodies = store::register::of_year(&mut tx, early).await.unwrap();
    assert_eq!(bodies.len(), 24, "without the two that have no SIREN");
    let a: Siren = of_commune("65901").parse().unwrap();
    assert_eq!(bodies[&a].region, "73");
    let asked =
        store::register::find_all(&mut tx, &[a, siren(77_777_777).parse().unwrap()], late).await.unwrap();
    assert_eq!((asked.len(), asked[&a].region.as_str()), (1, "76"));
    let beside = store::register::associated_of_year(&mut tx, late).await.unwrap();
    assert_eq!(beside, [(siren(20_000_001).parse().unwrap(), "75".to_owned())]);
    assert_eq!(store::register::millesime(&mut tx).await.unwrap(), Some(2025));
}

/// The real package: as many bodies as the law has, none twice, twice without a change.
pub async fn the_real_package_is_imported(app: &App) {
    let package = read_package(&package::real()).unwrap();
    let (year, summary) = register::import(app, &operator(), &package, None, &()).await.unwrap();
    let count = |kind: CollectivityKind| summary.kinds.get(&kind).copied().unwrap_or(0);
    assert_eq!(year, 2026);
    let found = CollectivityKind::ALL.map(count);
    // Région, département (67 and 68 ended), commune, CC, CA, CU, métropole, EPT, syndicat, CTU, COM, other.
    assert_eq!(found, [14, 97, 34_969, 989, 230, 14, 22, 11, 0, 3, 8, 0]);
    assert_eq!(summary.incomplete, 102, "94 communes and 8 collectivities overseas");
    let (_, again) = register::import(app, &operator(), &package, None, &()).await.unwrap();
    assert!(again.is_unchanged(), "{again:?}");

    let mut tx = app.db.snapshot().await.unwrap();
    let late = FlowYear::new(2026).unwrap();
    let bodies = store::register::of_year(&mut tx, late).await.unwrap();
    assert_eq!(bodies.len(), 36_357 - 102);
    let codes = &app.codes;
    for year in [2008, 2013, 2015, 2016, 2026] {
        let year = FlowYear::new(year).unwrap();
        for body in store::register::of_year(&mut tx, year).await.unwrap().values() {
            let is_region = codes.regions().at(&body.region, year.get()).is_some();
            let began = body.exists_from.is_none_or(|from| from <= year.last_day());
            assert!(is_region || !began, "{body:?} in {year}");
        }
    }
    let over_two = store::register::associated_of_year(&mut tx, late).await.unwrap();
    assert_eq!(over_two.len(), 26, "EPCI over two regions");
    drop(tx);
    let paris = register::search(app, "paris", None, None, late, 1).await.unwrap();
    assert_eq!(paris.bodies[0].siren.unwrap().as_str(), "217500016");
    let denis = register::search(app, "saint denis", None, None, late, 1).await.unwrap();
    assert_eq!(denis.bodies[0].code, "97411", "the most inhabitants among those of that very name");
}
