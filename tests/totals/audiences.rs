//! The same sums everywhere: in the store, in each file, over HTTP.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use eapd::domain::account::AccountRole;
use eapd::domain::euros::Euros;
use eapd::domain::follow_up::{Axis, Tally};
use eapd::domain::siren::Siren;
use eapd::domain::token::{RoleName, Scope};
use eapd::service::follow_up::{self, Dashboard};
use eapd::service::report::{self, Audience, Format, ReportName};
use eapd::store::{filing, line};
use futures_util::TryStreamExt;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::drawn::{Drawn, Payment, Story};
use super::filed::year;
use crate::api::world::insert_token;
use crate::reports::tools;
use crate::support::TestApp;
use crate::support::people::manager;
use crate::web::staff::staff;

/// Every audience against what was drawn.
pub async fn agree(app: &TestApp, drawn: &Drawn) {
    store(app, drawn).await;
    let folder = tempfile::tempdir().unwrap();
    csv(app, drawn, folder.path()).await;
    xml(app, drawn, folder.path()).await;
    workbook(app, drawn, folder.path()).await;
    crs(app, drawn, folder.path()).await;
    api(app, drawn).await;
    summaries(app, drawn).await;
    dashboards(app, drawn).await;
}

/// Digits of an amount with two decimals, in centimes.
fn cents(text: &str) -> i64 {
    assert_eq!(text.rsplit('.').next().map(str::len), Some(2), "{text}");
    text.replace('.', "").parse().unwrap()
}

async fn store(app: &TestApp, drawn: &Drawn) {
    let mut tx = app.app.db.snapshot().await.unwrap();
    let mut by_body: BTreeMap<Siren, i64> = BTreeMap::new();
    let (mut paid, mut count) = (0, 0);
    {
        let mut lines = line::stream_effective(&mut tx, year());
        while let Some(filed) = lines.try_next().await.unwrap() {
            *by_body.entry(filed.siren).or_default() += filed.line.own_resources().cents();
            paid += filed.line.amounts.paid.cents();
            count += 1;
        }
    }
    let with_lines = |(siren, own): (Siren, i64)| by_body.contains_key(&siren).then_some((siren, own));
    assert_eq!(by_body, drawn.by_body().into_iter().filter_map(with_lines).collect());
    assert_eq!((by_body.values().sum::<i64>(), paid), (drawn.own(|_| true), drawn.paid()));
    assert_eq!(count, drawn.payments(|_| true).count());
    let filings = filing::effective_of_year(&mut tx, year()).await.unwrap();
    let totals: BTreeMap<Siren, i64> = filings
        .iter()
        .map(|filing| (filing.siren, filing.total_own.cents()))
        .filter(|(_, own)| *own != 0)
        .collect();
    let expected: BTreeMap<Siren, i64> = drawn.by_body().into_iter().filter(|(_, own)| *own != 0).collect();
    assert_eq!(totals, expected);
    assert_eq!(filings.iter().map(|filing| filing.total_paid.cents()).sum::<i64>(), drawn.paid());
}

async fn produce(
    app: &TestApp,
    path: &Path,
    name: ReportName,
    format: Format,
    region: Option<&str>,
) -> Vec<u8> {
    let request = report::Request {
        region: region.map(str::to_owned),
        ..report::Request::new(name, year(), format, Audience::Administration)
    };
    let file = File::create(path).unwrap();
    report::produce(&app.app, &request, &file, &|_, _| {}).await.unwrap();
    std::fs::read(path).unwrap()
}

/// What the lines of a CSV file add up to, body by body, where that is not nothing.
fn lines_by_body(bytes: &[u8]) -> BTreeMap<Siren, i64> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").expect("a BOM");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes);
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (siren, amount) = (column("idAttribuant"), column("montant"));
    let mut by_body: BTreeMap<Siren, i64> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        *by_body.entry(row[siren].parse().unwrap()).or_default() += cents(&row[amount]);
    }
    by_body.retain(|_, own| *own != 0);
    by_body
}

/// National, and region by region: the bodies of the region and no other.
async fn csv(app: &TestApp, drawn: &Drawn, folder: &Path) {
    let bytes = produce(app, &folder.join("lignes.csv"), ReportName::Lines, Format::Csv, None).await;
    let expected: BTreeMap<Siren, i64> = drawn.by_body().into_iter().filter(|(_, own)| *own != 0).collect();
    assert_eq!(lines_by_body(&bytes), expected);
    for region in drawn.stories.iter().map(|story| story.region).collect::<BTreeSet<_>>() {
        let path = folder.join("lignes-region.csv");
        let bytes = produce(app, &path, ReportName::Lines, Format::Csv, Some(region)).await;
        let is_here =
            |siren: &Siren| drawn.stories.iter().any(|story| story.siren == *siren && story.region == region);
        let expected: BTreeMap<Siren, i64> =
            expected.clone().into_iter().filter(|(siren, _)| is_here(siren)).collect();
        assert_eq!(lines_by_body(&bytes), expected, "{region}");
    }

    // The workbook holds the same cells, as openpyxl reads them.
    let path = folder.join("lignes.xlsx");
    produce(app, &path, ReportName::Lines, Format::Xlsx, None).await;
    let found = tools::python("same_lines.py", &[&path, &folder.join("lignes.csv")]);
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["own"], drawn.own(|_| true));
}

/// The sum of an element, in centimes.
fn sum(xml: &str, element: &str) -> i64 {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    xml.split(&open).skip(1).map(|rest| cents(rest.split(&close).next().unwrap())).sum()
}

fn check_xml(xml: &[u8], own: i64) {
    let xml = std::str::from_utf8(xml).unwrap();
    let (lines, controls) = xml.split_once("<controles>").unwrap();
    assert_eq!(sum(lines, "ressourcesPropres"), own);
    assert_eq!(sum(controls, "ressourcesPropres"), own);
}

/// National, and region by region: regions and what is outside them make the nation (rule 10).
async fn xml(app: &TestApp, drawn: &Drawn, folder: &Path) {
    let path = folder.join("tresor.xml");
    let bytes = produce(app, &path, ReportName::Tresor, Format::Xml, None).await;
    check_xml(&bytes, drawn.own(|_| true));
    tools::xmllint(&path);
    let regions: BTreeSet<&str> = drawn.stories.iter().map(|story| story.region).collect();
    for region in regions {
        let bytes = produce(app, &path, ReportName::Tresor, Format::Xml, Some(region)).await;
        check_xml(&bytes, drawn.own(|story| story.region == region));
    }
}

/// As openpyxl reads it.
async fn workbook(app: &TestApp, drawn: &Drawn, folder: &Path) {
    let path = folder.join("tresor.xlsx");
    produce(app, &path, ReportName::Tresor, Format::Xlsx, None).await;
    let found: Value = serde_json::from_str(&tools::python("openpyxl_check.py", &[&path])).unwrap();
    let own = drawn.own(|_| true);
    for key in ["own", "breakdown", "control_own"] {
        assert_eq!(found[key], own, "{key}");
    }
    // A line without own resources is shown with the others, and left out of the tables (rule 6).
    let left_out = drawn.payments(|_| true).filter(|payment| payment.paid == payment.cofinanced);
    assert_eq!(found["rows"], drawn.payments(|_| true).count());
    assert_eq!(found["left_out"], left_out.count());
    // The table is in thousands: its difference is told.
    assert_eq!(found["table"].as_i64().unwrap() * 1000, own + found["control_difference"].as_i64().unwrap());
}

/// The CRS++ lines, one by one and grouped: the rows add up, and openpyxl reads in the workbook what the CSV says.
async fn crs(app: &TestApp, drawn: &Drawn, folder: &Path) {
    let definition = tools::root().join("reports/ocde-crs/items.csv");
    for name in [ReportName::Crs, ReportName::CrsGroups] {
        let (book, file) = (folder.join("crs.xlsx"), folder.join("crs.csv"));
        let bytes = produce(app, &file, name, Format::Csv, None).await;
        let rows = crate::reports::crs::rows(&bytes);
        let own: i64 = rows.iter().map(|row| cents(&row["versement"])).sum();
        assert_eq!(own, drawn.own(|_| true), "{name}");
        produce(app, &book, name, Format::Xlsx, None).await;
        let found = tools::python("crs_check.py", &[&book, &file, &definition]);
        let found: Value = serde_json::from_str(&found).unwrap();
        assert_eq!(found["own"], own, "{name}");
        let kept = drawn.payments(|_| true).filter(|payment| payment.paid > payment.cofinanced);
        if name == ReportName::Crs {
            assert_eq!(rows.len(), kept.count());
        }
    }
}

async fn get(app: &TestApp, path: &str, secret: &str) -> Vec<u8> {
    let request = Request::get(path).header("authorization", format!("Bearer {secret}"));
    let response = eapd::api::router(&app.app).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
    assert!(status.is_success(), "{path}: {status} {}", String::from_utf8_lossy(&bytes));
    bytes
}

async fn api(app: &TestApp, drawn: &Drawn) {
    let secret = format!("eapd_{}", app.app.random.identifier());
    let expires_at = crate::support::at("2031-01-01T00:00:00Z");
    let scopes = vec![Scope::Read, Scope::Reports];
    insert_token(&app.app, RoleName::Manager, scopes, &secret, expires_at).await;
    let bytes = get(app, "/api/v1/rapports/tresor/2013/xml", &secret).await;
    check_xml(&bytes, drawn.own(|_| true));
    let effective = drawn.by_body();
    for story in &drawn.stories {
        let path = format!("/api/v1/declarations/{}/2013", story.siren);
        let document: Value = serde_json::from_slice(&get(app, &path, &secret).await).unwrap();
        let versions = document["versions"].as_array().unwrap();
        let last = versions.iter().find(|version| version["recepisse"]["en_vigueur"] == true);
        let counted = last.filter(|version| version["document"]["nature"] != "annulee");
        let own = counted.map(|version| cents(version["document"]["ressources_propres"].as_str().unwrap()));
        assert_eq!(own, effective.get(&story.siren).copied(), "{document:#}");
        let lines = last
            .map(|version| version["document"]["lignes"].as_array().unwrap().as_slice())
            .unwrap_or_default();
        let added: i64 = lines.iter().map(|line| cents(line["ressources_propres"].as_str().unwrap())).sum();
        assert_eq!(added, own.unwrap_or_default());
    }
}

/// The summary of a territory, over HTTP.
async fn summary(app: &TestApp, territory: &str, secret: &str) -> Value {
    let bytes = get(app, &format!("/api/v1/syntheses/{territory}/2013"), secret).await;
    serde_json::from_slice(&bytes).unwrap()
}

/// The own resources of a sum.
fn own_of(sum: &Value) -> i64 {
    cents(sum["ressources_propres"].as_str().unwrap())
}

/// What was drawn, class by class: each cut adds up to the total, the regions and `HORS` to the nation.
async fn summaries(app: &TestApp, drawn: &Drawn) {
    let secret = format!("eapd_{}", app.app.random.identifier());
    let expires_at = crate::support::at("2031-01-01T00:00:00Z");
    insert_token(&app.app, RoleName::Manager, vec![Scope::Follow], &secret, expires_at).await;
    let nation = summary(app, "nationale", &secret).await;
    let regions: BTreeSet<&str> = drawn.stories.iter().map(|story| story.region).collect();
    let (mut own, mut declarants, mut silent) = (0, 0, 0);
    for region in &regions {
        let found = summary(app, region, &secret).await;
        check(&found, drawn, |story| story.region == *region);
        own += own_of(&found["total"]);
        declarants += found["collectivites"]["declarantes"].as_u64().unwrap();
        silent += found["collectivites"]["attendues_non_declarantes"].as_u64().unwrap();
    }
    check(&nation, drawn, |_| true);
    assert_eq!(own, drawn.own(|_| true));
    let counts = &nation["collectivites"];
    assert_eq!(counts["declarantes"], declarants);
    assert_eq!(counts["attendues_non_declarantes"], silent);
}

fn check(found: &Value, drawn: &Drawn, choose: impl Fn(&Story) -> bool + Copy) {
    let total = drawn.own(choose);
    assert_eq!(own_of(&found["total"]), total);
    let kept = |payment: &Payment| payment.paid > payment.cofinanced;
    assert_eq!(found["total"]["lignes"], drawn.payments(choose).filter(kept).count());
    assert_eq!(found["lignes_ecartees"], drawn.payments(choose).filter(|one| !kept(one)).count());
    let declared = drawn.stories.iter().filter(|story| choose(story) && Drawn::effective(story).is_some());
    assert_eq!(found["collectivites"]["declarantes"], declared.count());
    for table in found["tableaux"].as_array().unwrap() {
        let rows = table["rangs"].as_array().unwrap();
        assert_eq!(rows.iter().map(own_of).sum::<i64>(), total, "{}", table["code"]);
        let without = |row: &Value| cents(row["hors_refugies"].as_str().unwrap());
        assert_eq!(rows.iter().map(without).sum::<i64>(), without(&found["total"]), "{}", table["code"]);
        if table["code"] == "natures" {
            let mut natures: BTreeMap<&str, i64> = BTreeMap::new();
            for payment in drawn.payments(choose).filter(kept) {
                *natures.entry(payment.nature).or_default() += payment.paid - payment.cofinanced;
            }
            let shown: BTreeMap<&str, i64> =
                rows.iter().map(|row| (row["code"].as_str().unwrap(), own_of(row))).collect();
            assert_eq!(shown, natures);
            let refugees = natures.get("refugies").copied().unwrap_or_default();
            assert_eq!(cents(found["total"]["dont_refugies"].as_str().unwrap()), refugees);
        }
    }
}

/// The dashboard that follows the campaign: its amount, of everyone, and its classes, of those expected.
async fn dashboards(app: &TestApp, drawn: &Drawn) {
    let regions: BTreeSet<&str> = drawn.stories.iter().map(|story| story.region).collect();
    let nation = dashboard(app, drawn, None).await;
    let parts = &nation.parts.iter().find(|(axis, _)| *axis == Axis::Region).unwrap().1;
    let by_code = |code: &str| parts.iter().find(|group| group.code == code).unwrap().tally;
    for region in regions {
        let found = dashboard(app, drawn, Some(region)).await;
        assert_eq!(by_code(region), found.tally, "{region}");
    }
    // The page shows that amount.
    let signed = staff(app, AccountRole::Manager).await;
    let page = signed.get("/pilotage/suivi/2014").await;
    let own = Euros::from_cents(drawn.own(|_| true)).unwrap();
    let told = format!("Ressources propres déclarées à ce jour\u{a0}: {own}");
    assert!(page.words().contains(&told), "{told}: {}", page.words());
}

async fn dashboard(app: &TestApp, drawn: &Drawn, region: Option<&str>) -> Dashboard {
    let found = follow_up::dashboard(&app.app, &manager(), year().campaign(), region).await.unwrap();
    let is_here = |story: &Story| region.is_none_or(|region| story.region == region);
    let tally = found.tally;
    assert_eq!(tally.own.unwrap().cents(), drawn.own(is_here), "{region:?}");
    let expected = drawn.standings(is_here);
    let told = [tally.declared, tally.nil, tally.draft, tally.nothing];
    assert_eq!((told, tally.correcting, tally.others), expected, "{region:?}");
    assert_eq!(told.iter().sum::<u32>(), tally.expected, "{region:?}");
    for (axis, groups) in &found.parts {
        let sum = |of: fn(&Tally) -> u32| groups.iter().map(|group| of(&group.tally)).sum::<u32>();
        assert_eq!(sum(|tally| tally.expected), tally.expected, "{axis:?}");
        assert_eq!(sum(|tally| tally.others), tally.others, "{axis:?}");
        let own: i64 = groups.iter().map(|group| group.tally.own.unwrap().cents()).sum();
        assert_eq!(own, drawn.own(is_here), "{axis:?}");
    }
    found
}
