//! Decisions about the register: regions, days, mergers, SIREN that become known.

use eapd::domain::call::Call;
use eapd::domain::year::CampaignYear;

use super::*;

contract!(Profile::Production, "2026-05-20T10:00:00Z":
    decisions_hold_and_repeat_to_nothing,
    a_confirmed_region_stands,
    bad_decisions_write_nothing,
    mergers_make_a_lineage,
    a_body_is_completed,
);

/// Bodies that the package lacks, dates, regions: each decision once.
async fn decisions_hold_and_repeat_to_nothing(app: TestApp) {
    let app = &app.app;
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
async fn a_confirmed_region_stands(app: TestApp) {
    let app = &app.app;
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

/// Every fault of a file, with its place; and nothing of it is written.
async fn bad_decisions_write_nothing(app: TestApp) {
    let app = &app.app;
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
async fn mergers_make_a_lineage(app: TestApp) {
    let app = &app.app;
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
    drop(tx);
    let call = Call::default_for(CampaignYear::new(2019).unwrap());
    let mut tx = app.db.begin().await.unwrap();
    store::call::create(&mut tx, &call, "P1", app.now()).await.unwrap();
    let on_file = store::facts::load(&mut tx, call.code(), &[last.parse().unwrap()]).await.unwrap();
    drop(tx);
    let known = format!("{:?}", on_file.unwrap().facts);
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
async fn a_body_is_completed(app: TestApp) {
    let app = &app.app;
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
