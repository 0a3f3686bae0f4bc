//! Bad input: each a clear French problem, and nothing written.

use std::collections::BTreeSet;

use axum::Router;
use axum::http::Method;
use axum::routing::get;
use eapd::domain::token::RoleName;
use eapd::service::{campaign, operator};
use serde_json::{Value, json};

use crate::support::{TestApp, contract};

use super::client::{Api, Asked};
use super::world::{FAR, OTHER, OWN, UNKNOWN, line, world, year};

contract!(with world, "2014-05-20T10:00:00+02:00":
    filings_are_refused_with_their_faults,
    the_window_decides,
    bodies_are_refused_by_their_shape,
    addresses_and_methods_are_refused,
    a_large_body_is_refused_before_it_is_kept,
    a_slow_request_is_ended,
    a_panic_is_a_problem_that_tells_nothing_of_it,
    an_outage_of_the_database_is_told
);

fn depot(siren: &str, flow_year: u16) -> String {
    format!("/api/v1/declarations/{siren}/{flow_year}/depot")
}

fn filing(api: &Api) -> Asked<'_> {
    api.post(depot(OWN, 2013)).by(RoleName::Declarant).header("idempotency-key", "essai")
}

fn signed(lines: &Value) -> Value {
    json!({"signataire": {"nom": "Nom fictif", "fonction": "Maire"}, "lignes": lines})
}

fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut line = serde_json::to_value(line("L-1", "1000")).unwrap();
    change(&mut line);
    line
}

/// Every sentence is French, complete and shows nothing of the inside.
fn in_french(problem: &Value) {
    let mut texts = vec![&problem["detail"]];
    for fault in problem["erreurs"].as_array().into_iter().flatten() {
        texts.extend([&fault["message"], &fault["conseil"]]);
    }
    for text in texts.into_iter().filter_map(Value::as_str) {
        let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
        let foreign: Vec<&str> = [
            "expected", "unknown", "field", "at", "column", "invalid", "missing", "SELECT", "sqlx",
            "panicked",
        ]
        .into_iter()
        .filter(|word| words.contains(word))
        .collect();
        assert!(foreign.is_empty(), "{foreign:?} in {text}");
        assert!(text.ends_with(['.', '!', '?', '…', '»']), "{text}");
    }
}

async fn filings_are_refused_with_their_faults(test: TestApp) {
    let api = Api::new(test);
    let before = api.dump();
    for (what, line, field) in [
        ("three decimals", changed(|line| line["montant_verse"] = "10,999".into()), "montant_verse"),
        ("a float", changed(|line| line["montant_verse"] = "1e9".into()), "montant_verse"),
        ("ambiguous", changed(|line| line["montant_verse"] = "1.234".into()), "montant_verse"),
        ("full width", changed(|line| line["montant_verse"] = "１２".into()), "montant_verse"),
        ("negative", changed(|line| line["montant_verse"] = "-1".into()), "montant_verse"),
        ("zero", changed(|line| line["montant_verse"] = "0".into()), "montant_verse"),
        (
            "cofinancing above",
            changed(|line| line["cofinancements_recus"] = "1000,01".into()),
            "cofinancements_recus",
        ),
        ("paid outside", changed(|line| line["date_versement"] = "2014-01-01".into()), "date_versement"),
        ("unknown country", changed(|line| line["pays"] = "Atlantide".into()), "pays"),
        ("no title", changed(|line| line["titre"] = "".into()), "titre"),
    ] {
        let problem = filing(&api).json(&signed(&json!([line]))).send().await.problem(422, "EAPD-A012");
        let faults = problem["erreurs"].as_array().unwrap();
        let found = faults.iter().find(|fault| fault["champ"] == field);
        let found = found.unwrap_or_else(|| panic!("{what}: {problem}"));
        assert_eq!(found["ligne"], 1, "{what}");
        assert!(found["code"].as_str().unwrap().starts_with("EAPD-L"), "{what}");
        in_french(&problem);
    }
    // Every fault of every line at once.
    let lines = json!([
        line("L-1", "1000"),
        changed(|line| line["pays"] = "Atlantide".into()),
        changed(|line| line["montant_verse"] = "x".into())
    ]);
    let problem = filing(&api).json(&signed(&lines)).send().await.problem(422, "EAPD-A012");
    let lines: BTreeSet<u64> =
        problem["erreurs"].as_array().unwrap().iter().map(|fault| fault["ligne"].as_u64().unwrap()).collect();
    assert!(lines.contains(&2) && lines.contains(&3), "{problem}");
    for (siren, flow_year, status, code) in [
        (UNKNOWN, 2013, 403, "EAPD-D040"),
        (OTHER, 2013, 403, "EAPD-D040"),
        (OWN, 2012, 409, "EAPD-D012"),
        (OWN, 2011, 404, "EAPD-D002"),
    ] {
        let asked = api.post(depot(siren, flow_year)).by(RoleName::Declarant).header("idempotency-key", "e");
        let problem = asked.json(&signed(&json!([line("L-1", "1000")]))).send().await.problem(status, code);
        in_french(&problem);
    }
    let problem = filing(&api).json(&signed(&json!([]))).send().await.problem(422, "EAPD-D032");
    in_french(&problem);
    assert_eq!(api.dump(), before);
}

async fn the_window_decides(test: TestApp) {
    let api = Api::new(test);
    let before = api.dump();
    for (now, code) in
        [("2014-04-14T23:59:59+02:00", "EAPD-D010"), ("2014-06-16T00:00:00+02:00", "EAPD-D011")]
    {
        api.test.set_clock(now);
        let problem =
            filing(&api).json(&signed(&json!([line("L-1", "1000")]))).send().await.problem(409, code);
        in_french(&problem);
    }
    assert_eq!(api.dump(), before);
    let operator = operator::identify(&api.app, "essai").await.unwrap();
    campaign::settle(&api.app, &operator, year(2014)).await.unwrap();
    let settled = api.dump();
    let problem =
        filing(&api).json(&signed(&json!([line("L-1", "1000")]))).send().await.problem(409, "EAPD-D012");
    in_french(&problem);
    let draft = api.put(format!("/api/v1/declarations/{OWN}/2013/brouillon")).by(RoleName::Declarant);
    draft.header("if-match", "*").json(&json!({"lignes": []})).send().await.problem(409, "EAPD-D012");
    assert_eq!(api.dump(), settled);
}

async fn bodies_are_refused_by_their_shape(test: TestApp) {
    let api = Api::new(test);
    let before = api.dump();
    for body in ["", "{", "[1,]", "{\"a\":1,\"a\":2}", "\u{feff}{}", "nul", "{\"neant\":tru"] {
        let problem = filing(&api).raw(body).send().await.problem(400, "EAPD-A006");
        in_french(&problem);
    }
    filing(&api).raw(vec![b'"', 0xff, b'"']).send().await.problem(400, "EAPD-A006");
    let deep = "[".repeat(5_000);
    filing(&api).raw(deep).send().await.problem(400, "EAPD-A006");
    let signatory = json!({"nom": "N", "fonction": "F"});
    for (body, fields) in [
        (json!([]), vec![""]),
        (json!({}), vec!["signataire", ""]),
        (json!({"signataire": signatory}), vec![""]),
        (json!({"signataire": signatory, "neant": true, "lignes": []}), vec![""]),
        (json!({"signataire": signatory, "neant": false}), vec!["neant"]),
        (json!({"signataire": signatory, "neant": "oui"}), vec!["neant"]),
        (json!({"signataire": "N", "neant": true}), vec!["signataire"]),
        (
            json!({"signataire": {"nom": " ", "fonction": "F\nG"}, "neant": true}),
            vec!["signataire.nom", "signataire.fonction"],
        ),
        (json!({"signataire": {"nom": "N\u{0}", "fonction": "F"}, "neant": true}), vec!["signataire.nom"]),
        (
            json!({"signataire": signatory, "neant": true, "siren": FAR, "statut": "x"}),
            vec!["siren", "statut"],
        ),
        (json!({"signataire": signatory, "lignes": {}}), vec!["lignes"]),
        (signed(&json!(["x"])), vec![""]),
        (signed(&json!([{"montant_verse": 12.5}])), vec!["montant_verse"]),
        (signed(&json!([{"region": "11", "ressources_propres": "1"}])), vec!["region", "ressources_propres"]),
        (signed(&json!([{"titre": ["x"]}])), vec!["titre"]),
    ] {
        let problem = filing(&api).json(&body).send().await.problem(422, "EAPD-A007");
        let told: BTreeSet<&str> = problem["erreurs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| fault["champ"].as_str().unwrap())
            .collect();
        assert_eq!(told, fields.into_iter().collect(), "{body}: {problem}");
        in_french(&problem);
    }
    for media in
        ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=iso-8859-1", ""]
    {
        let asked = filing(&api).bytes("{}").header("content-type", media);
        in_french(&asked.send().await.problem(415, "EAPD-A008"));
    }
    let body = signed(&json!([line("L-1", "1000")]));
    let without_key = api.post(depot(OWN, 2013)).by(RoleName::Declarant).json(&body);
    in_french(&without_key.send().await.problem(400, "EAPD-A005"));
    let long = api.post(depot(OWN, 2013)).by(RoleName::Declarant).header("idempotency-key", "k".repeat(201));
    long.json(&body).send().await.problem(400, "EAPD-A005");
    assert_eq!(api.dump(), before);
}

async fn addresses_and_methods_are_refused(test: TestApp) {
    let api = Api::new(test);
    for (path, status, code) in [
        ("/", 404, "EAPD-A001"),
        ("/api/v2/campagnes", 404, "EAPD-A001"),
        ("/.git/config", 404, "EAPD-A001"),
        ("/api/v1/campagnes/2014/", 404, "EAPD-A001"),
        ("/api/v1/campagnes/demain", 400, "EAPD-A003"),
        ("/api/v1/campagnes/1999", 400, "EAPD-A003"),
        ("/api/v1/campagnes/%ff", 400, "EAPD-A003"),
        ("/api/v1/campagnes/2020", 404, "EAPD-D002"),
        ("/api/v1/appels/AAP-2050", 404, "EAPD-D003"),
        ("/api/v1/collectivites/12", 400, "EAPD-A003"),
        ("/api/v1/collectivites/219900131", 404, "EAPD-D001"),
        ("/api/v1/collectivites?page=0", 400, "EAPD-A004"),
        ("/api/v1/collectivites?page=x", 400, "EAPD-A004"),
        ("/api/v1/collectivites?type=royaume", 400, "EAPD-A004"),
        ("/api/v1/collectivites?q=a&q=b", 400, "EAPD-A004"),
        ("/api/v1/collectivites?q=%00", 400, "EAPD-A004"),
        ("/api/v1/collectivites?tri=nom", 400, "EAPD-A004"),
        ("/api/v1/campagnes?annee=2014", 400, "EAPD-A004"),
        ("/api/v1/declarations/219900108/2013", 400, "EAPD-A003"),
        ("/api/v1/declarations/219900107/13", 400, "EAPD-A003"),
    ] {
        in_french(&api.get(path).send().await.problem(status, code));
    }
    for (query, code) in [
        ("", "EAPD-A004"),
        ("?appel=AAP-2014&au=hier", "EAPD-A004"),
        ("?appel=AAP-2014&region=11", "EAPD-A004"),
    ] {
        let asked = api.get(format!("/api/v1/eligibilite/{OWN}{query}")).by(RoleName::Declarant);
        in_french(&asked.send().await.problem(400, code));
    }
    for method in ["TRACE", "OPTIONS", "DELETE", "PATCH", "POST", "BIZARRE"] {
        let method: Method = method.parse().unwrap();
        let answer = api.ask(method.clone(), "/api/v1/campagnes").send().await;
        in_french(&answer.problem(405, "EAPD-A002"));
        assert_eq!(answer.header("allow"), "GET,HEAD", "{method}");
    }
    let head = api.ask(Method::HEAD, "/api/v1/campagnes").send().await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    // What is asked for is shown without its control characters.
    let shown = api.get("/%0d%0aSet-Cookie:x").send().await.problem(404, "EAPD-A001");
    assert!(!shown["instance"].as_str().unwrap().contains('\n'));
}

async fn a_large_body_is_refused_before_it_is_kept(test: TestApp) {
    let api = Api::configured(test, |config| config.server.max_body_bytes = 2_000);
    let before = api.dump();
    let large = signed(&json!([changed(|line| line["description"] = "x".repeat(3_000).into())]));
    in_french(&filing(&api).json(&large).send().await.problem(413, "EAPD-A009"));
    // Announced as large, or announced as small.
    let announced = filing(&api).header("content-length", "3000").json(&json!({})).send().await;
    announced.problem(413, "EAPD-A009");
    let lied = filing(&api).header("content-length", "10").json(&large).send().await;
    lied.problem(413, "EAPD-A009");
    assert_eq!(api.dump(), before);
}

async fn a_slow_request_is_ended(test: TestApp) {
    let api = Api::configured(test, |config| config.server.request_timeout_seconds = 0);
    // A request that never ends of itself: no clock decides this test.
    let api = api.around(Router::new().route("/lente", get(std::future::pending::<&'static str>)));
    in_french(&api.get("/lente").send().await.problem(503, "EAPD-A091"));
}

async fn a_panic_is_a_problem_that_tells_nothing_of_it(test: TestApp) {
    let api = Api::new(test);
    let panics = async || -> &'static str { panic!("SELECT secret") };
    let api = api.around(Router::new().route("/panne", get(panics)));
    let answer = api.get("/panne").send().await;
    let problem = answer.problem(500, "EAPD-A090");
    assert!(!problem.to_string().contains("SELECT"), "{problem}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    in_french(&problem);
}

async fn an_outage_of_the_database_is_told(test: TestApp) {
    let api = Api::new(test);
    api.app.db.close().await;
    api.get("/healthz").send().await.ok();
    for path in ["/readyz", "/api/v1/campagnes"] {
        in_french(&api.get(path).send().await.problem(503, "EAPD-A092"));
    }
}
