//! Eligibility over HTTP: the same answers as the use case, in the order asked.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use eapd::domain::token::RoleName;
use serde_json::{Value, json};

use crate::support::{TestApp, contract};

use super::client::Api;
use super::world::{FAR, OTHER, OWN, UNKNOWN, world};

contract!(with world, "2014-05-20T10:00:00+02:00":
    one_body_is_answered,
    a_list_keeps_its_order_and_its_faults,
    dossiers_are_answered_in_their_place,
    questions_are_refused_with_their_faults
);

async fn one_body_is_answered(test: TestApp) {
    let api = Api::new(test);
    let ask =
        |query: &str| api.get(format!("/api/v1/eligibilite/{OWN}?appel={query}")).by(RoleName::Declarant);
    let verdict = ask("AAP-2014").send().await.ok();
    assert_eq!((&verdict["statut"], &verdict["motif"]), (&"eligible".into(), &"A_DECLARE".into()));
    assert_eq!(verdict["au"], "2014-05-20T08:00:00Z");
    assert_eq!(ask("2014").send().await.ok(), verdict, "the year names its only call");
    // Before it had declared; a `+` left as it is in an address is forgiven.
    let earlier = ask("AAP-2014&au=2014-05-01T00:00:00+02:00").send().await.ok();
    assert_eq!((&earlier["statut"], &earlier["au"]), (&"en_attente".into(), &"2014-04-30T22:00:00Z".into()));
    let manager = api.get(format!("/api/v1/eligibilite/{UNKNOWN}?appel=AAP-2014")).by(RoleName::Manager);
    assert_eq!(manager.send().await.ok()["motif"], "HORS_REGISTRE");
    let unknown = api.get(format!("/api/v1/eligibilite/{UNKNOWN}?appel=AAP-2014")).by(RoleName::Sgar);
    unknown.send().await.problem(403, "EAPD-D040");
}

async fn a_list_keeps_its_order_and_its_faults(test: TestApp) {
    let api = Api::new(test);
    let sirens = json!([FAR, "bonjour", OWN, FAR, 12, null, {"a": 1}, OTHER, "21990010700015"]);
    let ask = || {
        api.post("/api/v1/eligibilite")
            .by(RoleName::Instructor)
            .json(&json!({"appel": "AAP-2014", "sirens": sirens}))
    };
    let answers = ask().send().await.ok();
    let told: Vec<(u64, &str)> = answers["reponses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| (answer["ligne"].as_u64().unwrap(), answer["statut"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            (1, "eligible"),
            (2, "erreur"),
            (3, "eligible"),
            (4, "eligible"),
            (5, "erreur"),
            (6, "erreur"),
            (7, "erreur"),
            (8, "en_attente"),
            (9, "erreur")
        ]
    );
    let one = api.get(format!("/api/v1/eligibilite/{OWN}?appel=AAP-2014")).by(RoleName::Instructor);
    let (mut one, list) = (one.send().await.ok(), &answers["reponses"][2]);
    one["ligne"] = 3.into();
    assert_eq!(&one, list, "alone and in a list, the answer is the same");

    let csv = ask().header("accept", "text/csv").send().await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let text = csv.text();
    assert!(text.starts_with("\u{feff}ligne;siren;statut;"), "{text}");
    assert_eq!(text.lines().count(), 10);

    let xlsx = api
        .post("/api/v1/eligibilite?format=xlsx")
        .by(RoleName::Instructor)
        .json(&json!({"appel": "AAP-2014", "sirens": sirens}));
    let xlsx = xlsx.send().await;
    assert_eq!(xlsx.header("content-disposition"), "attachment; filename=\"eligibilite.xlsx\"");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx.bytes)).unwrap();
    let sheet = book.worksheet_range("Éligibilité").unwrap();
    assert_eq!(sheet.height(), 10);
    assert_eq!(sheet.get_value((1, 1)), Some(&Data::String(FAR.to_owned())));
}

async fn dossiers_are_answered_in_their_place(test: TestApp) {
    let api = Api::new(test);
    let body = json!({"appel": "AAP-2014", "dossiers": [
        {"dossier": "D1", "membres": [
            {"role": "chef_de_file", "siren": OWN}, {"role": "partenaire", "nom": "Commune de Kayes (Mali)"}]},
        {"dossier": "D2", "membres": [{"role": "chef_de_file", "siren": "219900108"}]},
        {"dossier": "D3", "membres": [{"role": "chef_de_file", "siren": OTHER}, {"role": "partenaire", "siren": FAR}]},
        {"dossier": "D4", "membres": []},
    ]});
    let answers = api.post("/api/v1/eligibilite").by(RoleName::Manager).json(&body).send().await.ok();
    let told: Vec<(&Value, &Value)> = answers["reponses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| (&answer["dossier"], &answer["statut"]))
        .collect();
    let (eligible, pending) = ("eligible".into(), "en_attente".into());
    assert_eq!(
        told,
        [
            (&"D1".into(), &eligible),
            (&"D2".into(), &Value::Null),
            (&"D3".into(), &pending),
            (&"D4".into(), &Value::Null)
        ]
    );
    assert!(answers["reponses"][1]["erreurs"][0].as_str().unwrap().contains("219900108"));
    assert_eq!(answers["reponses"][0]["membres"][1]["statut"], "non_concerne");
}

async fn questions_are_refused_with_their_faults(test: TestApp) {
    let api = Api::new(test);
    let ask = |body: Value| api.post("/api/v1/eligibilite").by(RoleName::Manager).json(&body);
    for (body, field) in [
        (json!({"sirens": []}), "appel"),
        (json!({"appel": "AAP-2014"}), ""),
        (json!({"appel": "AAP-2014", "sirens": [], "dossiers": []}), ""),
        (json!({"appel": "AAP-2014", "sirens": [], "au": "hier"}), "au"),
        (json!({"appel": "AAP-2014", "sirens": OWN}), "sirens"),
        (json!({"appel": "AAP-2014", "sirens": vec![OWN; 5_001]}), "sirens"),
        (
            json!({"appel": "AAP-2014", "dossiers": [{"dossier": "D", "membres": [{"role": "x", "siren": OWN}]}]}),
            "dossiers[1].membres[1].role",
        ),
        (
            json!({"appel": "AAP-2014", "dossiers": [{"dossier": "D", "membres": [{"role": "partenaire"}]}]}),
            "dossiers[1].membres[1]",
        ),
    ] {
        let problem = ask(body).send().await.problem(422, "EAPD-A007");
        assert_eq!(problem["erreurs"][0]["champ"], field, "{problem}");
    }
    ask(json!({"appel": "AUCUN", "sirens": []})).send().await.problem(404, "EAPD-D003");
    let unknown = ask(json!({"appel": "AAP-2014", "sirens": []})).header("accept", "image/png");
    unknown.send().await.problem(406, "EAPD-A011");
    let most = ask(json!({"appel": "AAP-2014", "sirens": vec![OWN; 5_000]})).send().await.ok();
    assert_eq!(most["reponses"].as_array().unwrap().len(), 5_000);
}
