//! What is found in the register, and what reports read of a year.

use super::*;

contract!(Profile::Production, "2026-05-20T10:00:00Z":
    a_search_forgives,
    a_year_is_read_whole,
    the_real_package_is_imported,
);

/// What people type finds what they mean, the best first.
async fn a_search_forgives(app: TestApp) {
    let app = &app.app;
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
async fn a_year_is_read_whole(app: TestApp) {
    let app = &app.app;
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
async fn the_real_package_is_imported(app: TestApp) {
    let app = &app.app;
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
