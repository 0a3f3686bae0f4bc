//! What anyone may read of a declaration, and who reads all of it (rules 10, 15).

use eapd::domain::token::RoleName;
use eapd::service::operator;
use eapd::service::{campaign, document};
use serde_json::Value;

use crate::support::{TestApp, contract, sql};

use super::client::Api;
use super::world::{FAR, OTHER, OWN, UNKNOWN, world, year};

contract!(with world, "2014-05-20T10:00:00+02:00":
    nothing_is_said_before_publication,
    a_published_year_shows_public_fields_only,
    readers_see_every_version,
    a_sgar_reads_the_associated_bodies_of_its_years,
    the_hash_of_a_receipt_can_be_recomputed,
    a_receipt_is_verified_by_its_number
);

fn path(siren: &str, flow_year: u16) -> String {
    format!("/api/v1/declarations/{siren}/{flow_year}")
}

async fn nothing_is_said_before_publication(test: TestApp) {
    let api = Api::new(test);
    let declared = api.get(path(OWN, 2013)).send().await.ok();
    assert_eq!(declared["statut"], "annee_non_publiee");
    assert_eq!((&declared["ressources_propres"], &declared["lignes"]), (&Value::Null, &Value::Array(vec![])));
    let mut silent = api.get(path(OTHER, 2013)).send().await.ok();
    silent["siren"] = declared["siren"].clone();
    assert_eq!(silent, declared, "who declared is not told");
    // Settled is not published.
    api.test.set_clock("2014-07-01T10:00:00+02:00");
    let operator = operator::identify(&api.app, "essai").await.unwrap();
    campaign::settle(&api.app, &operator, year(2014)).await.unwrap();
    assert_eq!(api.get(path(OWN, 2013)).send().await.ok()["statut"], "annee_non_publiee");
    campaign::publish(&api.app, &operator, year(2014)).await.unwrap();
    let published = api.get(path(OWN, 2013)).send().await.ok();
    assert_eq!(
        (&published["statut"], &published["ressources_propres"]),
        (&"a_declare".into(), &"1265.44".into())
    );
    let silent = api.get(path(OTHER, 2013)).send().await.ok();
    assert_eq!(
        (&silent["statut"], &silent["explication"]),
        (&"n_a_pas_declare".into(), &"n’a pas déclaré".into())
    );
    api.get(path(UNKNOWN, 2013)).send().await.problem(404, "EAPD-D001");
}

async fn a_published_year_shows_public_fields_only(test: TestApp) {
    let api = Api::new(test);
    let answer = api.get(path(OWN, 2012)).send().await;
    let text = answer.text();
    assert!(!text.contains("JAMAIS"), "{text}");
    let line = &answer.ok()["lignes"][0];
    let keys: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["canal", "nature", "organisme", "pays", "ressources_propres", "secteur", "titre", "type_aide"]
    );
    assert_eq!(line["ressources_propres"], "1200.00");
    // A year without campaign: nothing on file, nothing expected.
    assert_eq!(api.get(path(OWN, 2011)).send().await.ok()["statut"], "sans_donnee");
}

async fn readers_see_every_version(test: TestApp) {
    let api = Api::new(test);
    for (role, siren, sees) in [
        (RoleName::Declarant, OWN, true),
        (RoleName::Declarant, FAR, false),
        (RoleName::Sgar, OWN, true),
        (RoleName::Sgar, FAR, false),
        (RoleName::Instructor, FAR, true),
        (RoleName::Manager, FAR, true),
        (RoleName::Observer, OWN, false),
        (RoleName::Administrator, OWN, false),
    ] {
        let answer = api.get(path(siren, 2013)).by(role).send().await;
        let text = answer.text();
        let declaration = answer.ok();
        assert_eq!(declaration["vue"] == "complete", sees, "{role} {siren}");
        assert_eq!(text.contains("DESCRIPTION JAMAIS"), sees, "{role} {siren}");
        assert!(!text.contains("NOM JAMAIS"), "the document names no person");
        if !sees {
            assert_eq!(
                declaration,
                api.get(path(siren, 2013)).send().await.ok(),
                "{role} sees more than anyone"
            );
        }
    }
}

async fn a_sgar_reads_the_associated_bodies_of_its_years(test: TestApp) {
    let api = Api::new(test);
    let view = async |flow_year: u16| {
        api.get(path(FAR, flow_year)).by(RoleName::Sgar).send().await.ok()["vue"].as_str().unwrap().to_owned()
    };
    assert_eq!((view(2012).await, view(2013).await), ("publique".to_owned(), "publique".to_owned()));
    let associated = format!(
        "INSERT INTO associated_region (collectivity, region, from_year, to_year) VALUES ('{FAR}', '11', 2013, NULL);"
    );
    api.test.instance.must(&(sql::opening(api.test.engine()).to_owned() + &associated));
    assert_eq!((view(2012).await, view(2013).await), ("publique".to_owned(), "complete".to_owned()));
    let asked = api.get(format!("/api/v1/eligibilite/{FAR}?appel=AAP-2014")).by(RoleName::Sgar);
    asked.send().await.ok();
}

async fn the_hash_of_a_receipt_can_be_recomputed(test: TestApp) {
    let api = Api::new(test);
    let declaration = api.get(path(OWN, 2013)).by(RoleName::Declarant).send().await.ok();
    let version = &declaration["versions"][0];
    assert_eq!(version["recepisse"]["sha256"], document::sha256(&version["document"]).unwrap());
    assert_eq!(version["document"]["ressources_propres"], "1265.44");
}

async fn a_receipt_is_verified_by_its_number(test: TestApp) {
    let api = Api::new(test);
    let declaration = api.get(path(OWN, 2013)).by(RoleName::Declarant).send().await.ok();
    let receipt = &declaration["versions"][0]["recepisse"];
    let number = receipt["numero"].as_str().unwrap();
    assert_eq!(&api.get(format!("/api/v1/documents/{number}")).send().await.ok(), receipt);
    let copied = format!("{}-{}", &number[..13].to_lowercase(), &number[13..]);
    assert_eq!(&api.get(format!("/api/v1/documents/{copied}")).send().await.ok(), receipt);
    for wrong in ["0", "00000000000000000000000000", "%27%20OR%201=1"] {
        api.get(format!("/api/v1/documents/{wrong}")).send().await.problem(404, "EAPD-D008");
    }
}
