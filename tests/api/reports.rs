//! Reports over HTTP: the bytes of the use case, for whom they are.

use eapd::domain::token::RoleName;
use eapd::service::report::{self, Audience, Format, ReportName, Request};
use serde_json::json;

use crate::support::{TestApp, contract};

use super::client::Api;
use super::world::{FAR, OWN, world};

contract!(with world, "2014-05-20T10:00:00+02:00":
    open_data_is_for_anyone_once_published,
    a_region_is_for_its_sgar,
    editions_are_for_those_who_read_all,
    what_does_not_exist_is_told
);

async fn open_data_is_for_anyone_once_published(test: TestApp) {
    let api = Api::new(test);
    let answer = api.get("/api/v1/rapports/lignes/2012/csv").send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"lignes-2012.csv\"");
    assert_eq!(answer.header("eapd-statut"), "arrete");
    let text = answer.text();
    assert!(text.contains(OWN) && text.contains(FAR) && text.contains("1200.00") && !text.contains("JAMAIS"));
    let request = Request::new(ReportName::Lines, "2012".parse().unwrap(), Format::Csv, Audience::Public);
    let file = tempfile::NamedTempFile::new().unwrap();
    report::produce(&api.app, &request, file.as_file(), &|_, _| {}).await.unwrap();
    assert_eq!(std::fs::read(file.path()).unwrap(), answer.bytes);
    let workbook = api.get("/api/v1/rapports/lignes/2012/xlsx").send().await;
    assert_eq!(workbook.status, 200);
    assert_eq!(workbook.header("content-disposition"), "attachment; filename=\"lignes-2012.xlsx\"");
    assert_eq!(&workbook.bytes[..2], b"PK");
    for path in ["lignes/2013/csv", "lignes/2013/xlsx", "tresor/2012/xlsx", "non-declarants/2012/csv"] {
        for role in [RoleName::Declarant, RoleName::Instructor, RoleName::Administrator] {
            let asked = api.get(format!("/api/v1/rapports/{path}")).by(role);
            asked.send().await.problem(404, "EAPD-D006");
        }
        api.get(format!("/api/v1/rapports/{path}")).send().await.problem(404, "EAPD-D006");
    }
}

async fn a_region_is_for_its_sgar(test: TestApp) {
    let api = Api::new(test);
    let own = api.get("/api/v1/rapports/lignes/2013/csv?region=11").by(RoleName::Sgar).send().await;
    assert_eq!((own.status.as_u16(), own.header("eapd-statut")), (200, "provisoire"));
    assert!(own.text().contains(OWN) && !own.text().contains(FAR));
    for query in ["", "?region=76", "?region=HORS"] {
        let asked = api.get(format!("/api/v1/rapports/lignes/2013/csv{query}")).by(RoleName::Sgar);
        asked.send().await.problem(404, "EAPD-D006");
    }
    let summary =
        api.get("/api/v1/rapports/synthese-regionale/2013/ods?region=11").by(RoleName::Sgar).send().await;
    assert_eq!((summary.status.as_u16(), summary.header("eapd-statut")), (200, "provisoire"));
    assert_eq!(summary.header("content-type"), "application/vnd.oasis.opendocument.spreadsheet");
    for other in ["synthese-regionale/2013/ods?region=76", "synthese-nationale/2013/ods"] {
        let asked = api.get(format!("/api/v1/rapports/{other}")).by(RoleName::Sgar);
        asked.send().await.problem(404, "EAPD-D006");
    }
    let workbook = api.get("/api/v1/rapports/tresor/2013/xlsx?unite=1").by(RoleName::Observer).send().await;
    assert_eq!(workbook.status, 200);
    assert_eq!(&workbook.bytes[..2], b"PK");
}

async fn editions_are_for_those_who_read_all(test: TestApp) {
    let api = Api::new(test);
    let names = async |role: Option<RoleName>| {
        let asked = api.get("/api/v1/rapports");
        let answer = match role {
            Some(role) => asked.by(role).send().await,
            None => asked.send().await,
        };
        let listed = answer.ok();
        let names = listed["rapports"].as_array().unwrap().iter().map(|report| report["nom"].clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(None).await, [json!("lignes"), json!("donnees-ouvertes")]);
    assert_eq!(names(Some(RoleName::Declarant)).await, [json!("lignes"), json!("donnees-ouvertes")]);
    assert_eq!(
        names(Some(RoleName::Observer)).await,
        [
            "tresor",
            "lignes",
            "non-declarants",
            "qualite",
            "iati-activites",
            "iati-organisation",
            "ocde-crs",
            "ocde-crs-regroupe",
            "ocde-agregats",
            "ocde-sdmx",
            "donnees-ouvertes",
            "synthese-nationale",
            "synthese-regionale"
        ]
        .map(|name| json!(name))
    );
}

async fn what_does_not_exist_is_told(test: TestApp) {
    let api = Api::new(test);
    for (path, status, code) in [
        ("tresors/2013/xlsx", 404, "EAPD-D006"),
        ("tresor/2013/odt", 404, "EAPD-D006"),
        ("tresor/2013/ods", 422, "EAPD-D029"),
        ("synthese-regionale/2013/ods", 422, "EAPD-D029"),
        ("synthese-nationale/2013/ods?region=11", 422, "EAPD-D029"),
        ("tresor/2013/csv", 422, "EAPD-D029"),
        ("tresor/2050/xlsx", 404, "EAPD-D006"),
        ("tresor/13/xlsx", 400, "EAPD-A003"),
        ("tresor/2013/xlsx?edition=1", 404, "EAPD-D006"),
        ("tresor/2013/xlsx?edition=x", 400, "EAPD-A004"),
        ("tresor/2013/xlsx?unite=100", 400, "EAPD-A004"),
        ("tresor/2013/xlsx?region=00", 422, "EAPD-D029"),
        ("lignes/2013/csv?unite=1", 422, "EAPD-D029"),
    ] {
        let asked = api.get(format!("/api/v1/rapports/{path}")).by(RoleName::Manager);
        asked.send().await.problem(status, code);
    }
}
