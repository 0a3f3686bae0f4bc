//! `docs/access.csv`, walked both ways: every route of the router is in it for
//! every role, every row of the API is a route, every status is the one it says, on objects
//! that exist; and a refused write changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use eapd::api::access::Access;
use eapd::api::routes;
use eapd::domain::token::{RoleName, Scope};
use serde_json::json;

use crate::support::{TestApp, contract};

use super::client::{Answer, Api, Asked};
use super::world::{FAR, NOW, OTHER, OWN, insert_token, of_name, world};

contract!(with world, "2014-05-20T10:00:00+02:00":
    the_table_holds, each_scope_is_needed, a_role_is_not_enough_by_its_name
);

const TABLE: &str = include_str!("../../docs/access.csv");
const ANYONE: &str = "anonyme";

/// One cell of the table.
#[derive(Debug, Clone)]
struct Case {
    method: Method,
    path: String,
    role: String,
    siren: &'static str,
    region: &'static str,
    status: u16,
}

fn cases() -> Vec<Case> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(TABLE.as_bytes());
    assert_eq!(
        reader.headers().unwrap(),
        vec!["method", "path", "role", "own", "other_siren", "other_region"]
    );
    let objects = [(OWN, "11"), (OTHER, "11"), (FAR, "76")];
    let mut cases = Vec::new();
    // The pages are walked by the tests of the pages.
    let is_page = |path: &str| !path.starts_with("/api/") && !["/healthz", "/readyz"].contains(&path);
    for row in reader.records().map(Result::unwrap).filter(|row| !is_page(&row[1])) {
        for (index, (siren, region)) in objects.into_iter().enumerate() {
            let status = &row[index + 3];
            // A route about no object has one status.
            if status == "-" {
                assert!(index > 0 && !row[1].contains("{siren}"), "{row:?}");
                continue;
            }
            let (path, role, status) = (row[1].to_owned(), row[2].to_owned(), status.parse().unwrap());
            cases.push(Case { method: row[0].parse().unwrap(), path, role, siren, region, status });
        }
    }
    cases
}

/// The request of a case: right in everything but who asks.
fn request<'a>(api: &'a Api, case: &Case, receipts: &BTreeMap<String, String>) -> Asked<'a> {
    let path = case
        .path
        .replace("{siren}", case.siren)
        .replace("{exercice}", "2013")
        .replace("{annee}", "2014")
        .replace("{code}", "AAP-2014")
        .replace("{region}", case.region)
        .replace("{nom}", "non-declarants")
        .replace("{format}", "csv")
        .replace("{numero}", receipts.get(case.siren).map_or("-", String::as_str));
    let asked = match (case.method.as_str(), case.path.as_str()) {
        ("GET", "/api/v1/eligibilite/{siren}") => api.get(format!("{path}?appel=AAP-2014")),
        ("GET", "/api/v1/rapports/{nom}/{exercice}/{format}") => {
            api.get(format!("{path}?region={}", case.region))
        }
        ("POST", "/api/v1/eligibilite") => {
            api.post(path).json(&json!({"appel": "AAP-2014", "sirens": [case.siren]}))
        }
        ("PUT", _) => api.put(path).header("if-match", "*").json(&json!({"lignes": []})),
        ("POST", _) => api
            .post(path)
            .header("idempotency-key", "essai")
            .json(&json!({"signataire": {"nom": "N", "fonction": "F"}, "neant": true})),
        _ => api.ask(case.method.clone(), path),
    };
    match case.role.parse::<RoleName>() {
        Ok(role) => asked.by(role),
        Err(_) => {
            assert_eq!(case.role, ANYONE);
            asked
        }
    }
}

async fn receipts(api: &Api) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for siren in [OWN, OTHER, FAR] {
        let year = if siren == OTHER { 2012 } else { 2013 };
        let path = format!("/api/v1/declarations/{siren}/{year}");
        let declaration = api.get(path).by(RoleName::Manager).send().await.ok();
        let number = declaration["versions"][0]["recepisse"]["numero"].as_str().unwrap();
        found.insert(siren.to_owned(), number.to_owned());
    }
    found
}

async fn the_table_holds(test: TestApp) {
    let template = world(test.engine()).await;
    let api = Api::new(test);
    let table: BTreeSet<(String, String)> =
        routes::all(&api.app).iter().map(|route| (route.method.to_string(), route.path.clone())).collect();
    let cases = cases();
    let said: BTreeSet<(String, String)> =
        cases.iter().map(|case| (case.method.to_string(), case.path.clone())).collect();
    assert_eq!(said, table, "docs/access.csv and the router differ");
    for (method, path) in &table {
        let told = cases.iter().filter(|case| case.method.as_str() == method && case.path == *path);
        let roles: BTreeSet<&str> = told.map(|case| case.role.as_str()).collect();
        let all: BTreeSet<&str> = RoleName::ALL.map(RoleName::code).into_iter().chain([ANYONE]).collect();
        assert_eq!(roles, all, "{method} {path}");
    }
    let receipts = receipts(&api).await;
    for case in &cases {
        let writes = case.method != Method::GET && case.path != "/api/v1/eligibilite";
        if writes && case.status < 400 {
            // On a world of its own, which it changes.
            let own = Api::new(TestApp::copy_of(&template, NOW).await);
            let before = own.dump();
            let answer = request(&own, case, &receipts).send().await;
            assert_eq!(answer.status.as_u16(), case.status, "{case:?} {}", answer.text());
            assert_ne!(own.dump(), before, "{case:?} wrote nothing");
            continue;
        }
        let before = writes.then(|| api.dump());
        let answer = request(&api, case, &receipts).send().await;
        assert_eq!(answer.status.as_u16(), case.status, "{case:?} {}", answer.text());
        if let Some(before) = before {
            assert_eq!(api.dump(), before, "{case:?} was refused and wrote");
        }
        sealed(&answer, case);
    }
}

/// The headers of every answer, refusals included.
fn sealed(answer: &Answer, case: &Case) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ] {
        assert_eq!(answer.header(name), value, "{case:?}");
    }
    let policy = answer.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{case:?} {policy}");
    }
    let cached = if case.path == "/api/openapi.json" { "no-cache" } else { "no-store" };
    assert_eq!(answer.header("cache-control"), cached, "{case:?}");
}

/// A role that may call a route is refused without a scope of that route.
async fn each_scope_is_needed(test: TestApp) {
    let api = Api::new(test);
    let mut tried = 0;
    for route in routes::all(&api.app) {
        let Access::Token { scopes, roles } = route.access else { continue };
        for role in roles {
            let others: Vec<Scope> = Scope::ALL
                .into_iter()
                .filter(|scope| scope.roles().contains(role) && !scopes.contains(scope))
                .collect();
            let secret = format!("eapd_{}-{}-{}", role.code(), route.method, route.path);
            insert_token(&api.app, *role, others, &secret, "2015-01-01T00:00:00Z".parse().unwrap()).await;
            let path =
                route.path.replace("{siren}", OWN).replace("{exercice}", "2013").replace("{region}", "11");
            let answer = api.ask(route.method.clone(), path).with_token(&secret).send().await;
            let problem = answer.problem(403, "EAPD-A022");
            assert!(problem["detail"].as_str().unwrap().contains(scopes[0].code()), "{problem}");
            tried += 1;
        }
    }
    assert!(tried > 5, "{tried}");
}

/// Scopes that a role has no use for do not widen it: the table of roles is asked as well.
async fn a_role_is_not_enough_by_its_name(test: TestApp) {
    let api = Api::new(test);
    let expires_at = "2015-01-01T00:00:00Z".parse().unwrap();
    insert_token(&api.app, RoleName::Administrator, Scope::ALL.to_vec(), "eapd_TOUT", expires_at).await;
    assert_eq!(of_name(RoleName::Administrator).code(), "administrateur");
    let path = format!("/api/v1/declarations/{OWN}/2013");
    let anyone = api.get(path.as_str()).send().await.ok();
    assert_eq!(api.get(path.as_str()).with_token("eapd_TOUT").send().await.ok(), anyone);
    for path in [format!("{path}/brouillon"), format!("/api/v1/eligibilite/{OWN}?appel=AAP-2014")] {
        api.get(path).with_token("eapd_TOUT").send().await.problem(403, "EAPD-A023");
    }
}
