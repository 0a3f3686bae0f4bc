//! The OpenAPI document: fresh in `docs/openapi.json`, and true of what is answered.

use std::collections::BTreeSet;

use eapd::api::problem::Fault;
use eapd::api::{decode, routes};
use eapd::domain::field::Field;
use eapd::domain::token::{RoleName, Scope};
use serde_json::{Value, json};

use crate::support::{TestApp, contract};

use super::client::{Answer, Api};
use super::schema::faults;
use super::world::{OTHER, OWN, line, world};

contract!(with world, "2014-05-20T10:00:00+02:00": answers_are_as_described);

const STORED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");

/// `EAPD_BLESS=1` writes the document; read its diff before you commit it.
#[tokio::test]
async fn the_document_is_fresh() {
    let template = world(crate::support::Engine::Sqlite).await;
    let test = TestApp::copy_of(&template, super::world::NOW).await;
    let document = routes::document(&test.app).unwrap();
    if std::env::var_os("EAPD_BLESS").is_some() {
        std::fs::write(STORED, &document).unwrap();
    }
    let stored = std::fs::read_to_string(STORED).unwrap_or_default();
    assert!(stored == document, "docs/openapi.json is not fresh: run with EAPD_BLESS=1 and read the diff");
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let fields: BTreeSet<&str> = document["components"]["schemas"]["LigneSaisie"]["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(fields, Field::ALL.iter().map(|field| field.header()).collect());
    for route in routes::all(&test.app) {
        let operation = &document["paths"][&route.path][route.method.as_str().to_lowercase()];
        assert!(operation["summary"].is_string() && operation["security"].is_array(), "{route:?}");
        assert!(operation["responses"]["default"].is_object(), "{route:?}");
    }
}

/// The guide names every address and every code.
#[tokio::test]
async fn the_guide_is_complete() {
    let guide = include_str!("../../docs/api.md");
    let template = world(crate::support::Engine::Sqlite).await;
    let test = TestApp::copy_of(&template, super::world::NOW).await;
    for route in routes::all(&test.app) {
        let row = format!("| {} | `{}` |", route.method, route.path);
        assert!(guide.contains(&row), "{row}");
    }
    for fault in Fault::ALL {
        let row = format!("| {} | {} |", fault.code(), fault.status().as_u16());
        assert!(guide.contains(&row), "{row}");
    }
    for code in [decode::UNKNOWN_KEY, decode::MISSING_KEY, decode::WRONG_KIND, decode::WRONG_VALUE] {
        assert!(guide.contains(code), "{code}");
    }
    for scope in Scope::ALL {
        let roles: Vec<&str> = scope.roles().iter().map(|role| role.code()).collect();
        let row = format!("| `{scope}` | ");
        let told = guide.lines().find(|line| line.starts_with(&row)).unwrap_or_default();
        assert!(told.ends_with(&format!("| {} |", roles.join(", "))), "{row} {told}");
    }
}

/// One answer of each kind, held to its schema.
async fn answers_are_as_described(test: TestApp) {
    let api = Api::new(test);
    let document = api.get("/api/openapi.json").send().await.ok();
    let mut described = BTreeSet::new();
    let mut hold = |method: &str, path: &str, answer: Answer| {
        let status = answer.status.as_u16().to_string();
        let responses = &document["paths"][path][method]["responses"];
        let problem = !answer.status.is_success();
        let (response, media) = if problem {
            (&responses["default"], "application/problem+json")
        } else {
            (&responses[&status], "application/json")
        };
        assert_eq!(answer.header("content-type"), media, "{method} {path}");
        let schema = &response["content"][media]["schema"];
        assert!(schema.is_object(), "{method} {path} {status} is not described");
        let found = faults(&document, schema, &answer.json());
        assert!(found.is_empty(), "{method} {path}: {found:#?}");
        described.insert((method.to_owned(), path.to_owned()));
    };
    for (path, asked, role) in [
        ("/healthz", "/healthz", None),
        ("/readyz", "/readyz", None),
        ("/api/v1/campagnes", "/api/v1/campagnes", None),
        ("/api/v1/campagnes/{annee}", "/api/v1/campagnes/2013", None),
        ("/api/v1/campagnes/{annee}", "/api/v1/campagnes/demain", None),
        ("/api/v1/appels", "/api/v1/appels", None),
        ("/api/v1/appels/{code}", "/api/v1/appels/AAP-2014", None),
        ("/api/v1/collectivites", "/api/v1/collectivites?region=11", None),
        ("/api/v1/collectivites/{siren}", &format!("/api/v1/collectivites/{OWN}"), None),
        ("/api/v1/declarations/{siren}/{exercice}", &format!("/api/v1/declarations/{OWN}/2012"), None),
        ("/api/v1/declarations/{siren}/{exercice}", &format!("/api/v1/declarations/{OWN}/2013"), None),
        (
            "/api/v1/declarations/{siren}/{exercice}",
            &format!("/api/v1/declarations/{OWN}/2013"),
            Some(RoleName::Declarant),
        ),
        (
            "/api/v1/declarations/{siren}/{exercice}/brouillon",
            &format!("/api/v1/declarations/{OWN}/2013/brouillon"),
            Some(RoleName::Declarant),
        ),
        ("/api/v1/rapports", "/api/v1/rapports", Some(RoleName::Observer)),
        (
            "/api/v1/rapports/{nom}/{exercice}/{format}",
            "/api/v1/rapports/tresor/2013/ods",
            Some(RoleName::Observer),
        ),
        ("/api/v1/syntheses/{region}/{exercice}", "/api/v1/syntheses/11/2013", Some(RoleName::Sgar)),
        (
            "/api/v1/eligibilite/{siren}",
            &format!("/api/v1/eligibilite/{OWN}?appel=AAP-2014"),
            Some(RoleName::Sgar),
        ),
    ] {
        let request = api.get(asked);
        let answer = match role {
            Some(role) => request.by(role).send().await,
            None => request.send().await,
        };
        hold("get", path, answer);
    }
    let questions = [
        json!({"appel": "AAP-2014", "sirens": [OWN, "x"]}),
        json!({"appel": "AAP-2014", "dossiers": [
            {"dossier": "D1", "membres": [{"role": "chef_de_file", "siren": OTHER}, {"role": "partenaire", "nom": "K"}]},
            {"dossier": "D2", "membres": []}]}),
    ];
    for question in &questions {
        let answer = api.post("/api/v1/eligibilite").by(RoleName::Manager).json(question).send().await;
        hold("post", "/api/v1/eligibilite", answer);
    }
    let key = format!("/api/v1/declarations/{OWN}/2013");
    let template = "/api/v1/declarations/{siren}/{exercice}";
    let draft = api.put(format!("{key}/brouillon")).by(RoleName::Declarant).header("if-match", "*");
    let draft = draft.json(&json!({"lignes": [line("L-1", "x"), line("L-2", "60")]})).send().await;
    hold("put", &format!("{template}/brouillon"), draft);
    for lines in [json!([line("L-1", "x")]), json!([line("L-1", "60")])] {
        let body = json!({"signataire": {"nom": "N", "fonction": "F"}, "lignes": lines});
        let filed = api.post(format!("{key}/depot")).by(RoleName::Declarant).header("idempotency-key", "k");
        let filed = filed.json(&body).send().await;
        if filed.status == 201 {
            hold("get", "/api/v1/documents/{numero}", api.get(filed.header("location")).send().await);
        }
        hold("post", &format!("{template}/depot"), filed);
    }
    let all: BTreeSet<(String, String)> = routes::all(&api.app)
        .iter()
        .filter(|route| route.path != "/api/openapi.json")
        .map(|route| (route.method.as_str().to_lowercase(), route.path.clone()))
        .collect();
    assert_eq!(described, all, "an operation whose answer is not held to its schema");
}
