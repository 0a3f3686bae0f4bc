//! A file on the pages: chosen, looked at, applied or dropped; and what others send instead of one.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::desk::{BASE, BOUNDARY, FIRST, OTHER, OWN, SECOND, Signed, desk, multipart, value, water};
use super::world::{Page, ask};
use crate::support::{TestApp, contract};

const HEADER: &str = "reference;titre;pays;secteur;canal;nature;montant_verse;date_versement\n";

pub fn csv(rows: &str) -> Vec<u8> {
    format!("{HEADER}{rows}").into_bytes()
}

pub fn row(reference: &str, title: &str, amount: &str) -> String {
    format!("{reference};{title};Mali;14030;22000;projet;{amount};\n")
}

/// Sends a file that can be read; gives the end of the address of its preview.
pub async fn sent(agent: &Signed<'_>, mode: &str, file: &[u8]) -> String {
    let page = agent.upload("/import", mode, file).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.words());
    let address = page.header("location").to_owned();
    let id = address.strip_prefix(&format!("{BASE}/import/")).unwrap();
    assert_eq!(id.len(), 26, "130 bits");
    format!("/import/{id}")
}

pub async fn apply(agent: &Signed<'_>, preview: &str, page: &Page) -> Page {
    let seen = value(page, "vue");
    agent.send(preview, &[("action", "appliquer"), ("vue", &seen)]).await
}

pub fn count(app: &TestApp, table: &str) -> String {
    app.instance.must(&format!("SELECT count(*) FROM {table};")).trim().to_owned()
}

async fn a_file_is_looked_at_and_then_applied(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    for page in ["", "/lignes/nouvelle"] {
        assert!(agent.open(page).await.text.contains(&format!("href=\"{BASE}/import\"")), "{page}");
    }
    let form = agent.open("/import").await;
    for told in
        ["enctype=\"multipart/form-data\"", "name=\"fichier\"", "/modele?format=xlsx", "/modele?format=csv"]
    {
        assert!(form.text.contains(told), "{told}");
    }
    let preview =
        sent(&agent, "remplacer", &csv(&(row("A", "Puits", "3 200,50") + &row("", "École", "1000")))).await;
    assert_eq!((count(&app, "draft"), count(&app, "upload")), ("0".to_owned(), "1".to_owned()));
    let page = agent.open(&preview).await;
    let words = page.words();
    for told in [
        "2\u{a0}modifications\u{a0}: 2\u{a0}lignes ajoutées",
        "Rien n’est encore enregistré",
        "3\u{202f}200,50\u{a0}€",
        "4\u{202f}200,50\u{a0}€",
        "remplacent toutes les lignes",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    // A reload, and another session, show the same.
    assert_eq!(Signed::as_(&app, FIRST).await.open(&preview).await.words(), words);
    assert_eq!(count(&app, "draft"), "0", "nothing is written by looking");
    let applied = apply(&agent, &preview, &page).await;
    assert_eq!(
        (applied.status, applied.header("location")),
        (StatusCode::SEE_OTHER, &*format!("{BASE}/recapitulatif"))
    );
    assert_eq!(count(&app, "upload"), "0");
    let words = agent.open("").await.words();
    assert!(words.contains("École") && words.contains("2013-L0001") && words.contains("Puits"), "{words}");
    // Twice: told, and nothing changes.
    let again = apply(&agent, &preview, &page).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.words().contains("Cet aperçu n’existe pas, ou n’existe plus"), "{}", again.words());
    assert_eq!(app.instance.must("SELECT revision FROM draft;").trim(), "1");
}

async fn applied_twice_at_once_it_is_applied_once(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let preview = sent(&agent, "ajouter", &csv(&row("", "Puits", "1000"))).await;
    let page = agent.open(&preview).await;
    let (one, other) = tokio::join!(apply(&agent, &preview, &page), apply(&agent, &preview, &page));
    let mut answers = [one.status, other.status];
    answers.sort_unstable();
    assert_eq!(answers[0], StatusCode::SEE_OTHER);
    assert!([StatusCode::NOT_FOUND, StatusCode::CONFLICT].contains(&answers[1]), "{answers:?}");
    assert_eq!(app.instance.must("SELECT revision FROM draft;").trim(), "1");
    assert!(!app.instance.must("SELECT lines FROM draft;").contains("2013-L0002"));
}

async fn what_changes_is_told_field_by_field(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let first = csv(&(row("A", "Puits", "3200") + &row("B", "École", "1000") + &row("C", "Route", "5")));
    let preview = sent(&agent, "remplacer", &first).await;
    let page = agent.open(&preview).await;
    apply(&agent, &preview, &page).await;
    let second =
        csv(&(row("A", "Puits", "3200,00") + &row("B", "Collège", "1000,01") + &row("D", "Pont", "7")));
    let preview = sent(&agent, "remplacer", &second).await;
    let page = agent.open(&preview).await;
    let words = page.words();
    for told in [
        "3\u{a0}modifications\u{a0}: 1\u{a0}ligne ajoutée, 1\u{a0}ligne modifiée, 1\u{a0}ligne supprimée",
        "Titre École Collège",
        "Montant versé 1\u{202f}000,00\u{a0}€ 1\u{202f}000,01\u{a0}€",
        "Ajoutées\u{a0}: 1\u{a0}ligne",
        "Retirées\u{a0}: 1\u{a0}ligne",
        "Lignes 3 3",
        "4\u{202f}205,00\u{a0}€ 4\u{202f}207,01\u{a0}€",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    agent.sends(&preview, &[("action", "abandonner")]).await;
    assert_eq!(agent.get(&format!("{BASE}{preview}")).await.status, StatusCode::NOT_FOUND);
    // To add: what is there stays, and its references are taken.
    let preview = sent(&agent, "ajouter", &csv(&(row("B", "Autre", "1") + &row("E", "Pont", "2")))).await;
    let page = agent.open(&preview).await;
    assert!(page.words().contains("déjà dans la déclaration"), "{}", page.words());
    assert!(!page.text.contains("value=\"appliquer\""), "nothing to be applied");
    let forced = apply(&agent, &preview, &page).await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
    let preview = sent(&agent, "ajouter", &csv(&row("E", "Pont", "2"))).await;
    let page = agent.open(&preview).await;
    assert!(page.words().contains("1\u{a0}modification\u{a0}: 1\u{a0}ligne ajoutée"), "{}", page.words());
    assert_eq!(apply(&agent, &preview, &page).await.status, StatusCode::SEE_OTHER);
    assert!(agent.open("").await.words().contains("Route"), "what was there is there");
}

async fn every_error_has_its_line_and_column(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let wrong = csv(&("\n".to_owned()
        + &row("A", "Puits", "1.234")
        + &row("B", "<script>alert(1)</script>", "5")
        + "C;=1+1;Atlantide;14030;22000;projet;5;31/02/2013\n"));
    let preview = sent(&agent, "remplacer", &wrong).await;
    let page = agent.open(&preview).await;
    let words = page.words();
    assert!(page.text.contains("<title>Erreur – Vérifier l’import – e-APD</title>"), "{}", page.text);
    for told in ["3 montant_verse 1.234", "5 pays Atlantide", "5 date_versement 31/02/2013", "3\u{a0}erreurs"]
    {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(!page.text.contains("<script>alert"), "shown, never run");
    assert_eq!(count(&app, "draft"), "0");
    // The same file with what is wrong beside each row; formulas are texts.
    let file = agent.open(&format!("{preview}/annote")).await;
    assert!(file.header("content-type").starts_with("text/csv"));
    assert!(
        file.header("content-disposition")
            .starts_with("attachment; filename=\"import-annote-219900107-2013.csv\"")
    );
    let lines: Vec<&str> = file.text.lines().collect();
    assert!(lines[0].ends_with(";date_versement;Anomalies"), "{}", lines[0]);
    assert!(
        lines[2].starts_with("A;Puits;Mali;") && lines[2].contains("Erreur, colonne montant_verse"),
        "{lines:?}"
    );
    assert!(lines[4].starts_with("C;'=1+1;Atlantide;") && lines[4].contains("colonne pays"), "{lines:?}");
    // Mended where it was told, it is taken with its column.
    let mended =
        file.text.replace("1.234", "1234").replace("Atlantide", "Togo").replace("31/02/2013", "28/02/2013");
    let preview = sent(&agent, "remplacer", mended.as_bytes()).await;
    let page = agent.open(&preview).await;
    assert!(page.words().contains("3\u{a0}lignes ajoutées"), "{}", page.words());
    apply(&agent, &preview, &page).await;
    assert!(app.instance.must("SELECT lines FROM draft;").contains("\"=1+1\""), "a title as typed");
}

async fn headers_and_forms_are_mended_on_the_form(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let missing = agent.upload("/import", "remplacer", b"titre;pay\nEau;Mali\n").await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text.contains("<title>Erreur – Importer un fichier – e-APD</title>"));
    assert!(missing.words().contains("Écrivez «\u{a0}pays\u{a0}» si c’est elle"), "{}", missing.words());
    assert!(missing.text.contains("<a href=\"#fichier\">") && missing.words().contains("montant_verse"));
    let none = agent.upload("/import", "ajouter", b"").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.words().contains("Choisissez un fichier"), "{}", none.words());
    assert!(
        none.text.contains("value=\"ajouter\" aria-describedby=\"mode-add-aide\" checked"),
        "the choice stays"
    );
    let no_mode = agent.upload("/import", "", &csv(&row("A", "Puits", "1"))).await;
    assert!(no_mode.text.contains("<a href=\"#mode-replace\">"), "{}", no_mode.words());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let without = agent.send_body("/import", &kind, multipart(&[("mode", None, b"remplacer")])).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (kind, body) in [
        ("application/x-www-form-urlencoded", b"mode=remplacer&fichier=x".to_vec()),
        (kind.as_str(), b"--autre\r\n\r\nrien".to_vec()),
        ("multipart/form-data", vec![]),
        (kind.as_str(), multipart(&[("mode", None, &[0xff, 0xfe])])),
    ] {
        let page = agent.send_body("/import", kind, body).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{kind}");
    }
    assert_eq!((count(&app, "draft"), count(&app, "upload")), ("0".to_owned(), "0".to_owned()));
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

async fn hostile_files_are_refused_within_bounds(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let bomb = archive(&[("_rels/.rels", b"<a/>"), ("xl/workbook.xml", &vec![b' '; 64 << 20])]);
    let entities =
        b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
    let laughs = b"<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]><a>&c;</a>";
    let program = [b"MZ\x90\0\x03\0\0\0".as_slice(), &[0; 4096]].concat();
    let hostile: [(&str, Vec<u8>); 9] = [
        ("a bomb", bomb),
        ("an outer entity", archive(&[("_rels/.rels", b"<a/>"), ("xl/workbook.xml", entities)])),
        ("entities in entities", archive(&[("_rels/.rels", laughs), ("xl/workbook.xml", b"<a/>")])),
        ("a program", program),
        ("zero bytes", b"titre;pays\nEau;Ma\0li\n".to_vec()),
        ("a picture", b"\x89PNG\r\n\x1a\nxxxx".to_vec()),
        ("a page", b"<html><table><tr><td>1</td></tr></table></html>".to_vec()),
        ("too large", vec![b'a'; (10 << 20) + 1]),
        ("far too large", vec![b'a'; 50 << 20]),
    ];
    for (what, file) in hostile {
        let started = Instant::now();
        let page = agent.upload("/import", "remplacer", &file).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", page.words());
        assert!(page.text.contains("<a href=\"#fichier\">"), "{what}");
        assert!(!page.text.contains("root:"), "{what}");
        assert!(started.elapsed() < Duration::from_mins(1), "{what} {:?}", started.elapsed());
    }
    // Two megabytes are none too many.
    let large = csv(&row("A", "Puits", "1").replace("Mali", &format!("{}Mali", " ".repeat(60_000))));
    let large = [large, b"\n".repeat(3 << 20)].concat();
    sent(&agent, "remplacer", &large).await;
    assert_eq!(count(&app, "draft"), "0");
}

async fn what_others_change_meanwhile_is_told(app: TestApp) {
    let (first, second) = (Signed::as_(&app, FIRST).await, Signed::as_(&app, SECOND).await);
    let preview = sent(&first, "remplacer", &csv(&row("A", "Puits", "1000"))).await;
    let page = first.open(&preview).await;
    second.sends("/lignes/nouvelle", &water(&[])).await;
    let told = apply(&first, &preview, &page).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    let words = told.words();
    for expected in [
        "La déclaration a changé entre-temps",
        "Rien n’a été importé",
        "Agent Imaginaire",
        "Ligne ajoutée\u{a0}: Eau potable, assainissement – Mali (2013-L0001)",
        "1\u{a0}ligne supprimée",
    ] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    assert!(told.text.contains("<title>Modifié entre-temps – Vérifier l’import"), "{}", told.text);
    assert!(second.open("").await.words().contains("2013-L0001"), "nothing was lost");
    // The page says the same when it is opened again, and what was seen anew can be applied.
    assert!(first.open(&preview).await.words().contains("La déclaration a changé entre-temps"));
    assert_eq!(apply(&first, &preview, &told).await.status, StatusCode::SEE_OTHER);
    let words = second.open("").await.words();
    assert!(words.contains("Puits") && !words.contains("2013-L0001"), "{words}");
}

async fn a_preview_is_for_its_author_alone_and_for_a_day(app: TestApp) {
    let (first, second) = (Signed::as_(&app, FIRST).await, Signed::as_(&app, SECOND).await);
    let file = csv(&row("A", "Puits", "1000"));
    let preview = sent(&first, "remplacer", &file).await;
    let page = first.open(&preview).await;
    for path in [preview.clone(), format!("{preview}/annote"), "/import/RIEN".to_owned()] {
        assert_eq!(second.get(&format!("{BASE}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(apply(&second, &preview, &page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(second.send(&preview, &[("action", "abandonner")]).await.status, StatusCode::NOT_FOUND);
    // Under the address of another year, or of another collectivity, it is not there.
    let elsewhere = format!("/espace/{OWN}/2012{preview}");
    assert_eq!(first.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
    for rest in ["/import", &*preview, "/modele"] {
        let foreign = first.get(&format!("/espace/{OTHER}/2013{rest}")).await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{rest}");
    }
    // Three files at most, and a day.
    for minute in 1..=3 {
        app.set_clock(&format!("2014-05-20T10:0{minute}:00+02:00"));
        sent(&first, "ajouter", &file).await;
    }
    assert_eq!(count(&app, "upload"), "3");
    assert_eq!(first.get(&format!("{BASE}{preview}")).await.status, StatusCode::NOT_FOUND, "the oldest goes");
    app.set_clock("2014-05-20T10:00:00+02:00");
    let last = sent(&first, "ajouter", &file).await;
    app.set_clock("2014-05-21T09:59:59+02:00");
    let agent = Signed::as_(&app, FIRST).await;
    agent.open(&last).await;
    app.set_clock("2014-05-21T10:00:00+02:00");
    assert_eq!(agent.get(&format!("{BASE}{last}")).await.status, StatusCode::NOT_FOUND);
    let operator = eapd::service::operator::identify(&app.app, "exploitant").await.unwrap();
    assert_eq!(eapd::service::account::purge(&app.app, &operator).await.unwrap().uploads, 1);
    // Who is forgotten leaves no file behind.
    sent(&agent, "ajouter", &file).await;
    let person = app.instance.must("SELECT DISTINCT person FROM upload;").trim().to_owned();
    eapd::service::account::erase(&app.app, &operator, &person).await.unwrap();
    assert_eq!(count(&app, "upload"), "0");
}

async fn without_a_session_no_file_is_kept(app: TestApp) {
    let body =
        multipart(&[("mode", None, b"remplacer"), ("fichier", Some("x.csv"), &csv(&row("A", "Puits", "1")))]);
    let send = async |site: &str, path: &str| {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{BASE}{path}"))
            .header("sec-fetch-site", site)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
        ask(&app, request.body(Body::from(body.clone())).unwrap()).await
    };
    let page = send("same-origin", "/import").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let suite = "/connexion?suite=%2Fespace%2F219900107%2F2013%2Fimport%3Ffichier%3Dperdu";
    assert_eq!((page.header("location"), page.header("set-cookie")), (suite, ""));
    let words = super::world::get(&app, suite).await.words();
    assert!(words.contains("vous le choisirez de nouveau"), "{words}");
    assert_eq!((count(&app, "upload"), count(&app, "stash")), ("0".to_owned(), "0".to_owned()));
    let agent = Signed::as_(&app, FIRST).await;
    let words = agent.open("/import?fichier=perdu").await.words();
    assert!(words.contains("Le fichier est à choisir de nouveau"), "{words}");
    // A page of another site sends nothing.
    assert_eq!(send("cross-site", "/import").await.status, StatusCode::FORBIDDEN);
}

async fn once_settled_nothing_is_imported(app: TestApp) {
    app.set_clock("2014-06-15T23:30:00+02:00");
    let agent = Signed::as_(&app, FIRST).await;
    let file = csv(&row("A", "Puits", "1000"));
    let preview = sent(&agent, "remplacer", &file).await;
    let page = agent.open(&preview).await;
    app.set_clock("2014-06-16T00:10:00+02:00");
    let operator = eapd::service::operator::identify(&app.app, "exploitant").await.unwrap();
    let year = eapd::domain::year::CampaignYear::new(2014).unwrap();
    eapd::service::campaign::settle(&app.app, &operator, year).await.unwrap();
    assert!(!agent.open(&preview).await.text.contains("value=\"appliquer\""));
    assert_eq!(apply(&agent, &preview, &page).await.status, StatusCode::CONFLICT);
    let again = agent.upload("/import", "remplacer", &file).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.words().contains("On ne peut pas changer les lignes maintenant"), "{}", again.words());
    assert_eq!(count(&app, "draft"), "0");
}

contract!(with desk, "2014-05-20T10:00:00+02:00":
    a_file_is_looked_at_and_then_applied,
    applied_twice_at_once_it_is_applied_once,
    what_changes_is_told_field_by_field,
    every_error_has_its_line_and_column,
    headers_and_forms_are_mended_on_the_form,
    hostile_files_are_refused_within_bounds,
    what_others_change_meanwhile_is_told,
    a_preview_is_for_its_author_alone_and_for_a_day,
    without_a_session_no_file_is_kept,
    once_settled_nothing_is_imported,
);
