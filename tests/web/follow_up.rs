//! Following a campaign: each number is the length of the list behind it, each prefecture sees its region.

use eapd::domain::account::AccountRole;
use eapd::domain::year::CampaignYear;
use eapd::service::{campaign, expected, operator};

use super::desk::{BOUNDARY, Signed, multipart};
use super::staff::staff;
use super::world::Page;
use crate::api::world::{self, FAR, OTHER, OWN};
use crate::support::browser::Browser;
use crate::support::{Engine, TestApp, contract};

contract!(with world::world, "2014-05-20T10:00:00+02:00":
    each_number_is_the_length_of_its_list,
    a_prefecture_sees_its_region,
    a_body_over_two_regions_is_seen_by_both_and_counted_once,
    the_file_is_the_list,
    a_prefecture_decides_who_is_expected_in_its_region,
    a_list_is_looked_at_before_it_counts,
    what_is_written_meanwhile_is_seen,
    who_files_without_being_expected_is_in_the_amount_alone,
);

const BASE: &str = "/pilotage/suivi/2014";

fn paris() -> AccountRole {
    AccountRole::Sgar("11".to_owned())
}

async fn shown(signed: &Signed<'_>, path: &str) -> Page {
    let page = signed.get(path).await;
    assert_eq!(page.status.as_u16(), 200, "{path} {}", page.words());
    page
}

/// The links of a page that begin so, each with its text.
fn links(page: &Page, start: &str) -> Vec<(String, String)> {
    let start = format!("<a href=\"{start}");
    let link = |rest: &str| {
        let (address, rest) = rest.split_once('"').unwrap();
        let text = rest.split_once('>').unwrap().1.split_once("</a>").unwrap().0;
        (
            format!("{}{address}", start.trim_start_matches("<a href=\""))
                .replace("&#38;", "&")
                .replace("&amp;", "&"),
            text.to_owned(),
        )
    };
    page.text.split(start.as_str()).skip(1).map(link).collect()
}

/// The bodies that a list shows, in its order.
fn listed(page: &Page) -> Vec<String> {
    links(page, "/collectivites/")
        .into_iter()
        .map(|(address, _)| address.rsplit('/').next().unwrap().to_owned())
        .collect()
}

fn counted(page: &Page) -> usize {
    let heading = page.text.split_once("<h2 id=\"resultats\">").unwrap().1;
    heading.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
}

async fn each_number_is_the_length_of_its_list(test: TestApp) {
    for role in [AccountRole::Manager, paris()] {
        let signed = staff(&test, role.clone()).await;
        let way = signed.get("/pilotage/suivi").await;
        assert_eq!((way.status.as_u16(), way.header("location")), (303, BASE));
        let dashboard = shown(&signed, BASE).await;
        let numbers: Vec<_> = links(&dashboard, &format!("{BASE}/collectivites"))
            .into_iter()
            // The name of a département is no number of bodies.
            .filter(|(address, _)| address.contains("classe=") || !address.contains("departement="))
            .filter_map(|(address, text)| Some((address, text.parse::<usize>().ok()?)))
            .collect();
        assert!(numbers.len() > 20, "{role:?}: {numbers:?}");
        for (address, number) in &numbers {
            let list = shown(&signed, address).await;
            assert_eq!(counted(&list), *number, "{role:?} {address}");
            assert_eq!(listed(&list).len(), *number, "{role:?} {address}");
        }
        let first: Vec<usize> = numbers.iter().take(8).map(|(_, number)| *number).collect();
        // Expected; filed: amounts, nil, with a correction; missing: draft, nothing.
        let all = if role == paris() { [2, 1, 1, 0, 1, 1, 1, 0] } else { [3, 2, 2, 0, 2, 1, 1, 0] };
        assert_eq!(first, all, "{role:?}");
        // Nothing was filed at the same moment of the year before: it was the year of the first campaign.
        assert!(dashboard.words().contains("En 2013, au même moment"), "{}", dashboard.words());
    }
}

async fn a_prefecture_sees_its_region(test: TestApp) {
    let signed = staff(&test, paris()).await;
    for path in [BASE.to_owned(), format!("{BASE}/collectivites"), format!("{BASE}/export?format=csv")] {
        let page = shown(&signed, &path).await;
        assert!(!page.text.contains(FAR), "{path}");
        let sign = if path.contains('?') { '&' } else { '?' };
        for (region, status) in [("11", 200), ("76", 403), ("HORS", 403)] {
            let other = signed.get(&format!("{path}{sign}region={region}")).await;
            assert_eq!(other.status.as_u16(), status, "{path} {region}");
        }
    }
    let manager = staff(&test, AccountRole::Manager).await;
    let list = shown(&manager, &format!("{BASE}/collectivites?region=76")).await;
    assert_eq!(listed(&list), [FAR]);
    assert_eq!(manager.get(&format!("{BASE}?region=42")).await.status.as_u16(), 422, "a former region");
    assert_eq!(manager.get("/pilotage/suivi/2031").await.status.as_u16(), 404);
}

async fn a_body_over_two_regions_is_seen_by_both_and_counted_once(test: TestApp) {
    test.instance.must(&format!(
        "INSERT INTO associated_region (collectivity, region, from_year) VALUES ('{FAR}', '11', 2010);"
    ));
    let signed = staff(&test, paris()).await;
    let dashboard = shown(&signed, BASE).await;
    assert!(dashboard.words().contains("hors total, 1\u{a0}collectivité à cheval"), "{}", dashboard.words());
    let list = shown(&signed, &format!("{BASE}/collectivites")).await;
    assert_eq!((counted(&list), listed(&list).len()), (2, 3));
    assert!(list.words().contains("comptée en Occitanie, hors total"), "{}", list.words());
    let manager = staff(&test, AccountRole::Manager).await;
    let list = shown(&manager, &format!("{BASE}/collectivites")).await;
    assert_eq!((counted(&list), listed(&list).len()), (3, 3));
}

async fn the_file_is_the_list(test: TestApp) {
    let reason = "=HYPERLINK(\"http://ailleurs.example\")";
    let signed = staff(&test, AccountRole::Manager).await;
    let added = [("action", "ajouter"), ("siren", OTHER), ("motif", reason)];
    assert_eq!(signed.on_path(&format!("{BASE}/attendues"), &added).await.status.as_u16(), 303);
    for filter in
        ["", "classe=deposee", "region=11", "tri=depot&sens=desc", "q=commune&motif=ministere", "classe=rien"]
    {
        let list = listed(&shown(&signed, &format!("{BASE}/collectivites?{filter}")).await);
        let file = shown(&signed, &format!("{BASE}/export?format=csv&{filter}")).await;
        assert_eq!(
            file.header("content-disposition").split('"').nth(1).unwrap().rsplit('.').next(),
            Some("csv")
        );
        let rows: Vec<&str> = file.text.trim_start_matches('\u{feff}').lines().skip(1).collect();
        let sirens: Vec<&str> = rows.iter().map(|row| row.split(';').next().unwrap()).collect();
        assert_eq!(sirens, list, "{filter}");
        assert!(rows.iter().all(|row| !row.contains(";=") && !row.contains(";\"=")), "{rows:?}");
        let book = signed.get(&format!("{BASE}/export?{filter}")).await;
        assert!(book.bytes.starts_with(b"PK"), "{filter}");
    }
    let words = shown(&signed, &format!("{BASE}/collectivites")).await.words();
    assert!(words.contains("1\u{202f}300,00") || words.contains("1\u{202f}"), "{words}");
    assert_eq!(signed.get(&format!("{BASE}/export?format=exe")).await.status.as_u16(), 404);
}

async fn a_prefecture_decides_who_is_expected_in_its_region(test: TestApp) {
    let signed = staff(&test, paris()).await;
    let path = format!("{BASE}/attendues");
    let send = async |action: &str, siren: &str, reason: &str| {
        let fields = [("action", action), ("siren", siren), ("motif", reason)];
        signed.on_path(&path, &fields).await.status.as_u16()
    };
    let count = async || counted(&shown(&signed, &format!("{BASE}/collectivites")).await);
    assert_eq!(count().await, 2);
    assert_eq!(send("retirer", OTHER, "n’a plus d’action extérieure").await, 303);
    assert_eq!(count().await, 1);
    assert_eq!(send("ajouter", OTHER, "").await, 422);
    assert_eq!(send("ajouter", "219900131", "inconnue du registre").await, 422);
    assert_eq!(send("ajouter", "219900132", "numéro faux").await, 422);
    assert_eq!(send("ajouter", FAR, "une autre région").await, 403);
    assert_eq!(send("effacer", OTHER, "rien de tel").await, 400);
    assert_eq!(count().await, 1);
    assert_eq!(send("ajouter", OTHER, "jumelage avec Kayes").await, 303);
    assert_eq!(count().await, 2);
    let list = shown(&signed, &format!("{BASE}/collectivites?motif=sgar")).await;
    assert_eq!(listed(&list), [OTHER]);
    assert!(list.words().contains("ajoutée par son SGAR\u{a0}: jumelage avec Kayes"), "{}", list.words());
    let page = shown(&signed, &path).await.words();
    for told in ["jumelage avec Kayes", "n’a plus d’action extérieure", "retirée", "son SGAR"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let actions = crate::accounts::world::journal(&test.app).await;
    let decided = actions.iter().filter(|(action, _)| action == "expected.decide").count();
    let refused = actions.iter().filter(|(action, _)| action == "expected.decide.refused").count();
    assert_eq!((decided, refused), (2, 1));
    let instructor = staff(&test, AccountRole::Instructor).await;
    let page = shown(&instructor, &path).await;
    assert!(!page.text.contains("<button class=\"fr-btn\" type=\"submit\" name=\"action\""), "it reads only");
}

async fn a_list_is_looked_at_before_it_counts(test: TestApp) {
    let signed = staff(&test, AccountRole::Manager).await;
    let send = async |file: &[u8]| {
        let body = multipart(&[("fichier", Some("atlas.csv"), file)]);
        signed
            .sends_to(
                &format!("{BASE}/attendues/import"),
                &format!("multipart/form-data; boundary={BOUNDARY}"),
                body,
            )
            .await
    };
    let preview = send(format!("siren;motif\n{FAR};Atlas 2013; n°4\n").as_bytes()).await;
    assert_eq!(preview.status.as_u16(), 422, "a cell too many");
    let wrong = send(b"siren;motif\n219900131;Atlas\n12;Atlas\n").await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(
        wrong.words().contains("ligne\u{a0}3") || wrong.words().contains("Ligne\u{a0}3"),
        "{}",
        wrong.words()
    );
    let list = format!("siren;motif\n{FAR};\"Atlas 2013; n° 4\"\n{OWN};Atlas\n");
    let preview = send(list.as_bytes()).await;
    assert_eq!(preview.status.as_u16(), 200, "{}", preview.words());
    assert!(preview.words().contains("2\u{a0}collectivités à ajouter"), "{}", preview.words());
    let of_list = async || listed(&shown(&signed, &format!("{BASE}/collectivites?motif=liste")).await);
    assert_eq!(of_list().await, Vec::<String>::new(), "nothing is written yet");
    let kept = preview.text.split_once("name=\"liste\" value=\"").unwrap().1.split_once('"').unwrap().0;
    let kept = kept.replace("&#34;", "\"").replace("&quot;", "\"");
    let fields = [("action", "importer"), ("liste", kept.as_str())];
    assert_eq!(signed.on_path(&format!("{BASE}/attendues"), &fields).await.status.as_u16(), 303);
    assert_eq!(of_list().await, [OWN, FAR]);
    let again = send(list.as_bytes()).await;
    assert!(again.words().contains("La liste n’ajoute rien"), "{}", again.words());
    // Once the campaign is settled, its rates stay what they were.
    test.set_clock("2014-07-01T10:00:00+02:00");
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let year = CampaignYear::new(2014).unwrap();
    campaign::settle(&test.app, &operator, year).await.unwrap();
    let list = format!("siren;motif\n{OTHER};Atlas\n");
    let late = expected::import(&test.app, &operator, year, list.as_bytes());
    assert!(late.await.is_err(), "the list came after the settlement");
    let told = "SELECT count(*) FROM journal WHERE action = 'expected.import.refused';";
    assert_eq!(test.instance.must(told).trim(), "1");
}

async fn who_files_without_being_expected_is_in_the_amount_alone(test: TestApp) {
    let signed = staff(&test, AccountRole::Manager).await;
    let dashboard = async || shown(&signed, BASE).await.words();
    let own = "Ressources propres déclarées à ce jour\u{a0}: 2\u{202f}530,88\u{a0}€";
    let words = dashboard().await;
    assert!(words.contains(own) && !words.contains("sans être attendue"), "{words}");
    for siren in [FAR, OTHER] {
        let taken_off = [("action", "retirer"), ("siren", siren), ("motif", "n’agit plus")];
        assert_eq!(signed.on_path(&format!("{BASE}/attendues"), &taken_off).await.status.as_u16(), 303);
    }
    let words = dashboard().await;
    assert!(words.contains(own), "{words}");
    assert!(words.contains("1\u{a0}collectivité qui a déposé sans être attendue"), "{words}");
    // The table of regions says it where it is, without a body.
    assert!(words.contains("Occitanie 0 0 0 0 0 – 1\u{202f}265,44\u{a0}€"), "{words}");
    // One more, between two looks.
    files_nil(&test, OTHER).await;
    let words = dashboard().await;
    assert!(words.contains("2\u{a0}collectivités qui ont déposé sans être attendues"), "{words}");
    assert_eq!(counted(&shown(&signed, &format!("{BASE}/collectivites")).await), 1);
}

async fn files_nil(test: &TestApp, siren: &str) {
    let siren = siren.parse().unwrap();
    let request = eapd::service::declaration::file::Request {
        siren,
        flow_year: eapd::domain::year::FlowYear::new(2013).unwrap(),
        content: eapd::service::declaration::file::Content::Nil,
        signatory: crate::support::people::signatory(),
        document: None,
        received_at: test.app.now(),
        idempotency: None,
    };
    let agent = crate::support::people::agent(siren);
    eapd::service::declaration::file::file(&test.app, &agent, &request).await.unwrap();
}

/// What is kept between two looks never hides what was done meanwhile.
async fn what_is_written_meanwhile_is_seen(test: TestApp) {
    let signed = staff(&test, AccountRole::Manager).await;
    let count =
        async |class: &str| counted(&shown(&signed, &format!("{BASE}/collectivites?classe={class}")).await);
    assert_eq!((count("declaree").await, count("brouillon").await), (2, 1));
    let (siren, year) = (OTHER.parse().unwrap(), eapd::domain::year::FlowYear::new(2013).unwrap());
    files_nil(&test, OTHER).await;
    assert_eq!((count("neant").await, count("brouillon").await), (1, 0));
    let annul = eapd::service::declaration::version::Decision::Annul;
    let manager = crate::support::people::manager();
    eapd::service::declaration::version::decide(
        &test.app, &manager, siren, year, &annul, "erreur", "courrier",
    )
    .await
    .unwrap();
    assert_eq!((count("neant").await, count("rien").await), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_the_follow_up_has_a_fault_that_axe_knows() {
    let test = TestApp::copy_of(&world::world(Engine::Sqlite).await, "2014-05-20T10:00:00+02:00").await;
    let mut faults = vec![];
    let manager = staff(&test, AccountRole::Manager).await;
    let wrong = [("action", "ajouter"), ("siren", OWN), ("motif", "coopération connue")];
    manager.on_path(&format!("{BASE}/attendues"), &wrong).await;
    let browser = Browser::open(&test.app).await;
    browser.holds(manager.cookie()).await;
    for path in [
        BASE.to_owned(),
        format!("{BASE}?region=11"),
        format!("{BASE}/collectivites"),
        format!("{BASE}/collectivites?classe=rien"),
        format!("{BASE}/attendues"),
    ] {
        browser.go(&path).await;
        faults.extend(browser.faults(&path).await);
    }
    browser.press("button[value='ajouter']").await;
    browser.comes_to(&format!("{BASE}/attendues")).await;
    faults.extend(browser.faults("attendues, refusé").await);
    browser.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
