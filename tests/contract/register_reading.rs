//! The register as it is read: bodies in a year, their regions, their family, and finding them.

use std::collections::BTreeMap;

use eapd::domain::collectivity::{Collectivity, CollectivityKind, HORS};
use eapd::domain::eligibility::DescentKind;
use eapd::domain::register::Changes;
use eapd::domain::siren::Siren;
use eapd::service::register::{decide, decisions};
use eapd::store::register::{self, Relative, Search};
use futures_util::TryStreamExt;

use super::ground::{body, day, ground, read, write, year};
use crate::support::people::manager;
use crate::support::{TestApp, contract};

const HEADER: &str = "operation;siren;type;code;nom;departement;region;population;date;fin;vers;motif\n";

/// G and H become D in 2011; D moves to another region in 2020 and lies in a third one besides.
async fn written(app: &TestApp) {
    let [d, g, h, k] = ["D", "G", "H", "K"].map(body);
    let rows = format!(
        "creation;{g};commune;99007;Saint-Été;99;11;1200;;;;essai\n\
         creation;{h};cc;;Été et Hiver;99;11;;;;;essai\n\
         creation;{d};ca;;Grand Été;99;11;98000;2011-01-01;;;essai\n\
         creation;{k};com;99987;Îles fictives;;HORS;5;;;;essai\n\
         creation;;commune;99099;Sans numéro;99;11;12;;;;essai\n\
         fusion;{g};;;;;;;2011-01-01;;{d};arrêté fictif\n\
         fusion;{h};;;;;;;2011-01-01;;{d};arrêté fictif\n\
         rattachement;{d};;;;;53;;2020-01-01;;;décision fictive\n\
         region_associee;{d};;;;;93;;2015-01-01;2021-12-31;;décision fictive\n\
         modification;{d};;;Très Grand Été;;;99000;2018-01-01;;;délibération fictive\n"
    );
    let file = decisions((HEADER.to_owned() + &rows).as_bytes()).unwrap();
    decide(&app.app, &manager(), &file, &()).await.unwrap();
}

fn grand_ete(name: &str, region: &str, population: u32) -> Collectivity {
    Collectivity {
        id: body("D").to_string(),
        siren: Some(body("D")),
        kind: CollectivityKind::Ca,
        code: body("D").to_string(),
        name: name.to_owned(),
        departement: Some("99".to_owned()),
        region: region.to_owned(),
        population: Some(population),
        exists_from: Some(day("2011-01-01")),
        exists_until: None,
    }
}

async fn a_body_is_what_it_was_in_each_year(app: TestApp) {
    written(&app).await;
    for (in_year, expected) in [
        (2008, grand_ete("Grand Été", "11", 98_000)),
        (2017, grand_ete("Grand Été", "11", 98_000)),
        (2018, grand_ete("Très Grand Été", "11", 99_000)),
        (2019, grand_ete("Très Grand Été", "11", 99_000)),
        (2020, grand_ete("Très Grand Été", "53", 99_000)),
        (2026, grand_ete("Très Grand Été", "53", 99_000)),
    ] {
        let found = read(&app, async |tx| register::find(tx, body("D"), year(in_year)).await).await;
        assert_eq!(found, Some(expected.clone()), "{in_year}");
        let asked = [body("Z"), body("D"), body("K"), body("D")];
        let all = read(&app, async |tx| register::find_all(tx, &asked, year(in_year)).await).await;
        assert_eq!((all.len(), all.get(&body("D"))), (2, Some(&expected)), "{in_year}");
        assert_eq!(all.get(&body("K")).map(|body| body.region.as_str()), Some(HORS));
    }
    assert_eq!(read(&app, async |tx| register::find(tx, body("Z"), year(2026)).await).await, None);
}

async fn a_year_has_every_body_once(app: TestApp) {
    written(&app).await;
    let mut tx = app.app.db.snapshot().await.unwrap();
    let streamed: Vec<Collectivity> =
        register::stream_of_year(&mut tx, year(2019)).try_collect().await.unwrap();
    drop(tx);
    let gathered: BTreeMap<Siren, Collectivity> =
        read(&app, async |tx| register::of_year(tx, year(2019)).await).await.into_iter().collect();
    let expected: Vec<Siren> = ["A", "B", "C", "D", "G", "H", "K"].map(body).to_vec();
    let in_order: Vec<Siren> = streamed.iter().filter_map(|body| body.siren).collect();
    assert_eq!(in_order, expected, "by SIREN; one has no number yet");
    let keyed = streamed.into_iter().filter_map(|body| Some((body.siren?, body)));
    assert_eq!(gathered, keyed.collect());
    assert_eq!(gathered.get(&body("D")), Some(&grand_ete("Très Grand Été", "11", 99_000)));
}

async fn associations_hold_in_their_years(app: TestApp) {
    written(&app).await;
    for (in_year, regions) in [(2014, &[][..]), (2015, &["93"]), (2021, &["93"]), (2022, &[])] {
        let found =
            read(&app, async |tx| register::associated_regions(tx, body("D"), year(in_year)).await).await;
        assert_eq!(found, regions, "{in_year}");
        let all = read(&app, async |tx| register::associated_of_year(tx, year(in_year)).await).await;
        let expected: Vec<_> = regions.iter().map(|region| (body("D"), (*region).to_owned())).collect();
        assert_eq!(all, expected, "{in_year}");
    }
}

async fn relatives_are_told_with_their_day_and_why(app: TestApp) {
    written(&app).await;
    let relative = |alias: &str, name: &str| Relative {
        siren: body(alias),
        name: name.to_owned(),
        on: day("2011-01-01"),
        kind: DescentKind::Merger,
        reason: "arrêté fictif".to_owned(),
    };
    let before = read(&app, async |tx| register::predecessors(tx, body("D")).await).await;
    assert_eq!(before, [relative("G", "Saint-Été"), relative("H", "Été et Hiver")]);
    let after = read(&app, async |tx| register::successors(tx, body("G")).await).await;
    assert_eq!(after, [relative("D", "Très Grand Été")], "under its present name");
    assert_eq!(read(&app, async |tx| register::successors(tx, body("D")).await).await, []);
    assert_eq!(read(&app, async |tx| register::predecessors(tx, body("Z")).await).await, []);
}

async fn bodies_are_found_by_what_people_type(app: TestApp) {
    written(&app).await;
    let search =
        async |query: &str, regions: &[&str], kind: Option<CollectivityKind>, page: u32, size: u32| {
            let search = Search {
                query: query.to_owned(),
                regions: regions.iter().map(|region| (*region).to_owned()).collect(),
                kind,
                year: year(2019),
                page,
                size,
            };
            let found = read(&app, async |tx| register::search(tx, &search).await).await;
            (found.total, found.bodies.into_iter().map(|body| body.name).collect::<Vec<_>>())
        };
    // The name that begins so first, then the others by name.
    let all = ["Été et Hiver", "Saint-Été", "Très Grand Été"];
    assert_eq!(search("été", &[], None, 1, 10).await, (3, all.map(str::to_owned).to_vec()));
    assert_eq!(search("ÉTÉ", &[], None, 2, 2).await, (3, vec!["Très Grand Été".to_owned()]));
    assert_eq!(search("ete", &[], None, 9, 2).await, (3, vec![]), "past the last page");
    assert_eq!(search("hiv", &[], None, 1, 10).await.0, 1, "the beginning of a word");
    assert_eq!(search("iver", &[], None, 1, 10).await.0, 0);
    assert_eq!(search("été", &[], Some(CollectivityKind::Commune), 1, 10).await.0, 1);
    assert_eq!(search("", &["HORS"], None, 1, 10).await, (1, vec!["Îles fictives".to_owned()]));
    assert_eq!(search(body("G").as_str(), &[], None, 1, 10).await, (1, vec!["Saint-Été".to_owned()]));
    assert_eq!(search("99099", &[], None, 1, 10).await, (1, vec!["Sans numéro".to_owned()]));
    assert_eq!(search("100 % d'_", &[], None, 1, 10).await.0, 0, "signs mean nothing");
}

/// What is loaded and written back unchanged is nothing to write.
async fn a_ledger_reads_back(app: TestApp) {
    written(&app).await;
    let whole = read(&app, async |tx| register::ledger(tx).await).await;
    let named = [body("D").to_string(), body("Z").to_string()];
    let part = read(&app, async |tx| register::ledger_of(tx, &named).await).await;
    assert_eq!(part.bodies().count(), 1);
    assert_eq!(part.get(body("D").as_str()), whole.get(body("D").as_str()));
    assert_eq!(whole.bodies().count(), 8);
    assert_eq!(whole.successions().len(), 2);
    let changes: Changes = whole.into_changes();
    assert!(changes.is_empty());
    let now = app.app.now();
    write(&app, async |tx| register::write(tx, &changes, now, &|_rows| {}).await).await.unwrap();
    assert_eq!(
        read(&app, async |tx| register::millesime(tx).await).await,
        None,
        "decisions are of no millésime"
    );
    assert_eq!(read(&app, async |tx| register::ledger(tx).await).await.bodies().count(), 8);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_body_is_what_it_was_in_each_year,
    a_year_has_every_body_once,
    associations_hold_in_their_years,
    relatives_are_told_with_their_day_and_why,
    bodies_are_found_by_what_people_type,
    a_ledger_reads_back,
);
