//! The pages of eligibility: one body, thousands, dossiers, certificates, an agent's own.

use std::fmt::Write as _;
use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Reader, Xlsx};
use eapd::domain::account::AccountRole;
use eapd::domain::siren::Siren;
use eapd::service::{campaign, operator};
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::desk::{self, BOUNDARY, Signed, multipart};
use super::staff::{enlist, session, staff};
use super::world::{Page, get};
use crate::api::world::{FAR, OTHER, OWN, UNKNOWN, world, year};
use crate::support::{TestApp, contract};

pub const BASE: &str = "/pilotage/eligibilite";
/// A fictitious number whose key is right, of an association: INSEE gives no public body a first digit of 7.
pub const NGO: &str = "799900105";

/// Sends what a form of the first page holds; gives the page that answers.
pub async fn asks(signed: &Signed<'_>, call: &str, pasted: &str, file: &[u8]) -> Page {
    let body = multipart(&[
        ("appel", None, call.as_bytes()),
        ("sirens", None, pasted.as_bytes()),
        ("fichier", Some("liste.bin"), file),
    ]);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    signed.sends_to(BASE, &kind, body).await
}

/// The answers on a list that is taken: their address.
pub async fn answered(signed: &Signed<'_>, call: &str, pasted: &str, file: &[u8]) -> String {
    let page = asks(signed, call, pasted, file).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.words());
    page.header("location").to_owned()
}

/// The cells of a CSV of ours.
pub fn rows(page: &Page) -> Vec<Vec<String>> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.words());
    let text = page.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Valid numbers that no body bears.
pub fn numbers(count: usize) -> Vec<String> {
    (0_u32..).map(|n| format!("2188{n:05}")).filter(|n| n.parse::<Siren>().is_ok()).take(count).collect()
}

async fn a_list_comes_back_with_its_columns_and_the_answers(app: TestApp) {
    let signed = staff(&app, AccountRole::Instructor).await;
    let list =
        format!("Projet;SIRET;Note\nP1;{OWN}00018;=1+1\nP2;bonjour;\nP1;{OTHER};x\nP3;{UNKNOWN};y\nP4;;z\n");
    let address = answered(&signed, "AAP-2014", "", list.as_bytes()).await;
    let page = signed.get(&address).await;
    let words = page.words();
    for told in [
        "5\u{a0}lignes",
        "éligible\u{a0}: 1",
        "en attente\u{a0}: 1",
        "indéterminé\u{a0}: 1",
        "erreur\u{a0}: 2",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(words.contains("« bonjour »") || words.contains("bonjour"), "{words}");
    let filtered = signed.get(&format!("{address}?verdict=eligible")).await.text;
    assert!(filtered.contains(OWN) && !filtered.contains(OTHER), "{filtered}");
    let csv = rows(&signed.get(&format!("{address}/fichier?format=csv")).await);
    assert_eq!(
        csv[0],
        ["Projet", "SIRET", "Note", "verdict", "motif", "explication", "exercices", "recepisses", "au"]
    );
    let told: Vec<(&str, &str, &str)> =
        csv[1..].iter().map(|row| (row[0].as_str(), row[3].as_str(), row[4].as_str())).collect();
    assert_eq!(
        told,
        [
            ("P1", "eligible", "A_DECLARE"),
            ("P2", "erreur", ""),
            ("P1", "en_attente", "FENETRE_OUVERTE"),
            ("P3", "indetermine", "HORS_REGISTRE"),
            ("P4", "erreur", "")
        ]
    );
    assert_eq!(csv[1][2], "'=1+1", "no cell is a formula");
    assert_eq!(csv[1][7].len(), 26, "{csv:?}");
    assert!(csv[2][5].contains("bonjour"));
    let file = signed.get(&format!("{address}/fichier?format=xlsx")).await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes)).unwrap();
    let sheet = book.worksheet_range("Éligibilité").unwrap();
    assert_eq!((sheet.height(), sheet.width()), (6, 9));
    // The workbook that came back can be sent again: its answers are columns of others.
    let mut again = Workbook::new();
    let sheet = again.add_worksheet();
    for (row, cells) in (0_u32..).zip(&csv) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let address = answered(&signed, "AAP-2014", "", &again.save_to_buffer().unwrap()).await;
    assert!(signed.get(&address).await.words().contains("éligible\u{a0}: 1"));
}

async fn thousands_are_pasted_and_more_refused(app: TestApp) {
    let signed = staff(&app, AccountRole::Manager).await;
    let mut pasted = numbers(4_997).join("\r\n");
    write!(pasted, "\r\n{OWN}\r\n{OTHER}\r\n{OWN}").unwrap();
    let address = answered(&signed, "AAP-2014", &pasted, b"").await;
    let words = signed.get(&address).await.words();
    assert!(words.contains("5\u{202f}000\u{a0}lignes") && words.contains("éligible\u{a0}: 2"), "{words}");
    assert!(signed.get(&format!("{address}?page=50")).await.text.contains(OTHER));
    let csv = rows(&signed.get(&format!("{address}/fichier?format=csv")).await);
    assert_eq!((csv.len(), csv[5_000][1].as_str()), (5_001, "eligible"));
    pasted.push_str("\r\n200000016");
    let page = asks(&signed, "AAP-2014", &pasted, b"").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.words().contains("5\u{202f}000 au plus"), "{}", page.words());
    // What cannot be asked is said beside its field.
    for (pasted, file, told) in [
        ("", &b""[..], "ni l’un ni l’autre"),
        (OWN, b"siren\n219900107", "gardez l’un des deux"),
        ("", b"nom\nParis", "siren"),
    ] {
        let page = asks(&signed, "AAP-2014", pasted, file).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.words().contains(told), "{told}: {}", page.words());
    }
    assert_eq!(asks(&signed, "RIEN", OWN, b"").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// 300 dossiers with 1,100 members.
pub fn dossiers() -> String {
    let mut file = "dossier;role;siren;intitule\n".to_owned();
    let unknown = numbers(1).remove(0);
    for number in 0..300 {
        writeln!(file, "D{number:03};chef_de_file;{OWN};Projet {number}").unwrap();
        let members = if number < 200 { 3 } else { 2 };
        for member in 0..members {
            let who = match (number, member) {
                (0, 0) => NGO,
                (0, 1) => "Commune de Kayes (Mali)",
                (1, 0) => OTHER,
                (2, 0) => unknown.as_str(),
                _ => FAR,
            };
            writeln!(file, "D{number:03};partenaire;{who};").unwrap();
        }
    }
    file
}

async fn dossiers_are_judged_put_to_the_call_and_followed(app: TestApp) {
    let person = enlist(&app, AccountRole::Instructor).await;
    let signed = session(&app, &person, &AccountRole::Instructor).await;
    let file = dossiers();
    assert_eq!(file.lines().count(), 1_101);
    let address = answered(&signed, "AAP-2014", "", file.as_bytes()).await;
    let words = signed.get(&address).await.words();
    for told in [
        "300\u{a0}dossiers",
        "1\u{202f}100\u{a0}membres",
        "éligible\u{a0}: 298",
        "en attente\u{a0}: 1",
        "indéterminé\u{a0}: 1",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    let csv = rows(&signed.get(&format!("{address}/fichier?format=csv")).await);
    assert_eq!(csv.len(), 1_101);
    assert_eq!(csv[0][3..5], ["intitule", "verdict_dossier"]);
    let told = |row: usize| (csv[row][2].as_str(), csv[row][4].as_str(), csv[row][7].as_str());
    assert_eq!(told(1), (OWN, "eligible", "eligible"));
    assert_eq!(told(2), (NGO, "eligible", "non_concerne"));
    assert_eq!(told(3), ("Commune de Kayes (Mali)", "eligible", "non_concerne"));
    assert_eq!(told(6), (OTHER, "en_attente", "en_attente"));
    let waiting = format!("{BASE}/appels/AAP-2014/en-attente");
    let id = address.rsplit('/').next().unwrap();
    let put = signed.on_path(&waiting, &[("action", "ajouter"), ("liste", id)]).await;
    assert_eq!((put.status, put.header("location")), (StatusCode::SEE_OTHER, waiting.as_str()));
    let words = signed.get(&waiting).await.words();
    assert!(words.contains("300\u{a0}dossiers") && words.contains("Rien n’a changé"), "{words}");
    // The campaign is over and nobody filed for OTHER: what changed is told until it is noted.
    app.set_clock("2014-06-20T10:00:00+02:00");
    let signed = session(&app, &person, &AccountRole::Instructor).await;
    let page = signed.get(&format!("{waiting}?verdict=ineligible")).await;
    let words = page.words();
    assert!(words.contains("Ce qui a changé depuis l’état noté\u{a0}: 1"), "{words}");
    assert!(words.contains("D001") && !words.contains("D002") && words.contains("en attente"), "{words}");
    let csv = rows(&signed.get(&format!("{waiting}/export?format=csv")).await);
    let changed: Vec<&str> =
        csv[1..].iter().filter(|row| row[10] == "oui").map(|row| row[0].as_str()).collect();
    assert_eq!(changed, ["D001"; 4]);
    signed.on_path(&waiting, &[("action", "noter")]).await;
    assert!(signed.get(&waiting).await.words().contains("Rien n’a changé"));
    signed.on_path(&waiting, &[("action", "retirer"), ("dossier", "D001")]).await;
    assert!(signed.get(&waiting).await.words().contains("299\u{a0}dossiers"));
    let gone = signed.on_path(&waiting, &[("action", "retirer"), ("dossier", "D001")]).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let told = app.instance.must("SELECT COUNT(*) FROM journal WHERE action LIKE 'call.dossiers.%';");
    assert_eq!(told.trim(), "3");
}

async fn a_sgar_asks_about_its_region_only(app: TestApp) {
    let signed = staff(&app, AccountRole::Sgar("11".to_owned())).await;
    let address = answered(&signed, "AAP-2014", &format!("{OWN}\n{FAR}"), b"").await;
    let csv = rows(&signed.get(&format!("{address}/fichier?format=csv")).await);
    assert_eq!((csv[1][1].as_str(), csv[2][1].as_str()), ("eligible", "erreur"));
    assert!(csv[2][3].contains("région"), "{csv:?}");
    let refused = asks(&signed, "AAP-2014", "", dossiers().as_bytes()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let page = signed.get(&format!("{BASE}/{OWN}?appel=AAP-2014")).await;
    assert!(
        page.words().contains("Réponse\u{a0}: éligible") && !page.text.contains("Délivrer"),
        "{}",
        page.words()
    );
    // A list is its author's.
    let other = staff(&app, AccountRole::Manager).await;
    assert_eq!(other.get(&address).await.status, StatusCode::NOT_FOUND);
    let found = other.get(&format!("{BASE}?q={OWN}00018&appel=AAP-2014")).await;
    assert_eq!(found.header("location"), format!("{BASE}/{OWN}?appel=AAP-2014"));
}

/// Issues a certificate from the page of a body; gives its number.
pub async fn certified(signed: &Signed<'_>, siren: &str, call: &str) -> String {
    let page = signed.on_path(&format!("{BASE}/{siren}/attestations"), &[("appel", call)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.words());
    page.header("location").rsplit('/').next().unwrap().to_owned()
}

/// The pages of an instructor, with something on each.
pub async fn lived_in(signed: &Signed<'_>) -> Vec<String> {
    let list = answered(signed, "AAP-2014", &format!("{OWN}\n{OTHER}\n{UNKNOWN}\nbonjour"), b"").await;
    let groups = answered(signed, "AAP-2014", "", dossiers().as_bytes()).await;
    let waiting = format!("{BASE}/appels/AAP-2014/en-attente");
    let id = groups.rsplit('/').next().unwrap();
    signed.on_path(&waiting, &[("action", "ajouter"), ("liste", id)]).await;
    let number = certified(signed, OTHER, "AAP-2014").await;
    vec![
        BASE.to_owned(),
        format!("{BASE}?q=commune"),
        format!("{list}?verdict=en_attente"),
        list,
        format!("{groups}?page=2"),
        waiting,
        format!("{BASE}/appels/AAP-2013/en-attente"),
        format!("{BASE}/{OTHER}?appel=AAP-2014"),
        format!("{BASE}/{UNKNOWN}?appel=AAP-2014"),
        format!("{BASE}/attestations/{number}"),
        format!("/recepisses?numero={number}"),
        format!("/espace/{OWN}/eligibilite"),
    ]
}

async fn a_certificate_keeps_what_it_said(app: TestApp) {
    let person = enlist(&app, AccountRole::Instructor).await;
    let signed = session(&app, &person, &AccountRole::Instructor).await;
    let number = certified(&signed, OTHER, "AAP-2014").await;
    assert_eq!(number.len(), 26);
    let pdf = format!("{BASE}/attestations/{number}/pdf");
    let first = signed.get(&pdf).await;
    assert_eq!(first.header("content-type"), "application/pdf");
    assert!(
        first.header("content-disposition").contains(&format!("attestation-{OTHER}-AAP-2014-2014-05-20.pdf"))
    );
    // A month later, nothing was declared: the certificate says what it said, the ministry alone reads what is true.
    app.set_clock("2014-06-20T10:00:00+02:00");
    let signed = session(&app, &person, &AccountRole::Instructor).await;
    assert!(signed.get(&pdf).await.bytes == first.bytes, "the same bytes");
    let spaced = format!("{} {}", &number[..13].to_lowercase(), &number[13..]);
    let address = format!("/recepisses?numero={}", spaced.replace(' ', "+"));
    let public = get(&app, &address).await;
    let words = public.words();
    for told in [
        "Cette attestation est authentique",
        "Attestation d’éligibilité en attente",
        "Aucune attestation plus récente",
        OTHER,
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(!words.contains("aujourd’hui") && !words.contains("Inéligible"), "{words}");
    assert!(signed.get(&address).await.words().contains("Inéligible à l’appel AAP-2014"));
    let sgar = staff(&app, AccountRole::Sgar("11".to_owned())).await;
    assert!(!sgar.get(&address).await.words().contains("Inéligible"));
    // Its facts are hashed as anyone can hash them.
    let api = get(&app, &format!("/api/v1/documents/{number}")).await;
    let document: Value = serde_json::from_str(&api.text).unwrap();
    assert_eq!(
        (&document["etat"], &document["reponse"]["statut"]),
        (&"derniere".into(), &"en_attente".into())
    );
    let facts = app.instance.must(&format!("SELECT facts FROM certificate WHERE number = '{number}';"));
    assert_eq!(document["sha256"], hex::encode(Sha256::digest(facts.trim_end_matches('\n'))));
    assert_eq!(serde_json::from_str::<Value>(&facts).unwrap()["reponse"], document["reponse"]);
    let heads = app.instance.must(&format!(
        "SELECT COUNT(*) FROM journal j JOIN certificate c ON c.journal_head = j.hash WHERE c.number = '{number}' \
         AND j.action = 'certificate.issue';"
    ));
    assert_eq!(heads.trim(), "1");
    // A later one replaces it, for everyone who looks.
    let later = certified(&signed, OTHER, "AAP-2014").await;
    assert!(get(&app, &address).await.words().contains("authentique, mais remplacée"));
    let title = "Attestation d’inéligibilité à la date du 20\u{a0}juin\u{a0}2014";
    assert!(get(&app, &format!("/recepisses?numero={later}")).await.words().contains(title));
    let body = signed.get(&format!("{BASE}/{OTHER}?appel=AAP-2014")).await.words();
    assert!(body.contains("remplacée") && body.contains("la dernière"), "{body}");
}

async fn the_command_line_certifies_too(app: TestApp) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("attestation.pdf");
    let args = ["eligibility", OWN, "--call", "2014", "--certificate", "--out", file.to_str().unwrap()];
    let outcome = app.instance.eapd(None, &args);
    assert!(outcome.done() && outcome.stdout.starts_with("Attestation d’éligibilité "), "{outcome}");
    assert!(std::fs::read(&file).unwrap().starts_with(b"%PDF-1.7"));
    let number = outcome.stdout.trim_end().rsplit(' ').next().unwrap().to_owned();
    assert!(get(&app, &format!("/recepisses?numero={number}")).await.words().contains("est authentique"));
    for wrong in [vec![OWN, OTHER], vec![OWN, "--at", "2014-05-20T10:00:00Z"]] {
        let mut args = vec!["eligibility", "--call", "2014", "--certificate", "--out", "x.pdf"];
        args.extend(wrong);
        assert!(!app.instance.eapd(None, &args).done(), "{args:?}");
    }
}

async fn a_list_is_forgotten_after_a_day_and_with_its_author(app: TestApp) {
    let person = enlist(&app, AccountRole::Instructor).await;
    let signed = session(&app, &person, &AccountRole::Instructor).await;
    let address = answered(&signed, "AAP-2014", OWN, b"").await;
    app.set_clock("2014-05-21T09:59:59+02:00");
    let next_day = session(&app, &person, &AccountRole::Instructor).await;
    assert_eq!(next_day.get(&address).await.status, StatusCode::OK);
    app.set_clock("2014-05-21T10:00:00+02:00");
    assert_eq!(next_day.get(&address).await.status, StatusCode::NOT_FOUND);
    let count = || app.instance.must("SELECT COUNT(*) FROM asked_list;");
    for _ in 0..7 {
        answered(&next_day, "AAP-2014", OWN, b"").await;
    }
    assert_eq!(count().trim(), "5", "the last five, and none of the day before");
    let operator = operator::identify(&app.app, "essai").await.unwrap();
    eapd::service::account::erase(&app.app, &operator, &person).await.unwrap();
    assert_eq!(count().trim(), "0");
}

async fn a_certificate_is_revoked_with_a_reason(app: TestApp) {
    let signed = staff(&app, AccountRole::Instructor).await;
    let number = certified(&signed, OWN, "AAP-2014").await;
    let page = format!("{BASE}/attestations/{number}");
    let empty = signed.on_path(&page, &[("motif", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("href=\"#motif\""), "{}", empty.words());
    let sgar = staff(&app, AccountRole::Sgar("11".to_owned())).await;
    assert_eq!(sgar.on_path(&page, &[("motif", "x")]).await.status, StatusCode::FORBIDDEN);
    let revoked = signed.on_path(&page, &[("motif", "MOTIF INTERNE")]).await;
    assert_eq!(revoked.status, StatusCode::SEE_OTHER);
    assert!(signed.get(&page).await.words().contains("MOTIF INTERNE"));
    let public = get(&app, &format!("/recepisses?numero={number}")).await.words();
    assert!(public.contains("authentique, mais révoquée") && !public.contains("MOTIF INTERNE"), "{public}");
    assert_eq!(signed.on_path(&page, &[("motif", "encore")]).await.status, StatusCode::CONFLICT);
    // Not by another instructor's hand, but by any manager's.
    let manager = staff(&app, AccountRole::Manager).await;
    let number = certified(&manager, OWN, "AAP-2014").await;
    let page = format!("{BASE}/attestations/{number}");
    assert_eq!(signed.on_path(&page, &[("motif", "x")]).await.status, StatusCode::FORBIDDEN);
    assert!(!signed.get(&page).await.text.contains("Révoquer l’attestation"));
    assert_eq!(manager.on_path(&page, &[("motif", "x")]).await.status, StatusCode::SEE_OTHER);
    // A guessed number reveals nothing.
    let guessed = get(&app, "/recepisses?numero=0123456789ABCDEFGHJKMNPQRS").await;
    assert_eq!(guessed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!guessed.text.contains(OWN));
}

contract!(with world, "2014-05-20T10:00:00+02:00":
    a_list_comes_back_with_its_columns_and_the_answers,
    thousands_are_pasted_and_more_refused,
    dossiers_are_judged_put_to_the_call_and_followed,
    a_sgar_asks_about_its_region_only,
    a_certificate_keeps_what_it_said,
    the_command_line_certifies_too,
    a_list_is_forgotten_after_a_day_and_with_its_author,
    a_certificate_is_revoked_with_a_reason,
);

mod agents {
    use super::{AccountRole, BASE, Signed, TestApp, campaign, contract, desk, operator, staff, year};

    async fn an_agent_reads_what_to_do_next(app: TestApp) {
        let agent = Signed::as_(&app, desk::FIRST).await;
        let own = format!("/espace/{}/eligibilite", desk::OWN);
        let words = agent.get(&own).await.words();
        for told in ["AAP-2014", "il reste à déclarer", "Déclarer les versements de 2013"] {
            assert!(words.contains(told), "{told}: {words}");
        }
        assert!(agent.get(&own).await.text.contains(&format!("href=\"{}\"", desk::BASE)));
        assert!(!words.contains("AAP-2013"), "a call that is over: {words}");
        assert!(agent.open("").await.text.contains(&own), "the space leads there");
        let others = agent.get(&format!("/espace/{}/eligibilite", desk::OTHER)).await;
        assert_eq!(others.status.as_u16(), 403);
        app.set_clock("2014-06-20T10:00:00+02:00");
        let signed = Signed::as_(&app, desk::FIRST).await;
        let words = signed.get(&own).await.words();
        for told in ["ne peut pas être aidée en l’état", "dérogation", "permettre un dépôt tardif"] {
            assert!(words.contains(told), "{told}: {words}");
        }
        let manager = operator::identify(&app.app, "essai").await.unwrap();
        campaign::settle(&app.app, &manager, year(2014)).await.unwrap();
        assert!(signed.get(&own).await.words().contains("Seule une dérogation"));
    }

    async fn a_body_is_found_by_its_name_where_one_looks(app: TestApp) {
        let search = format!("{BASE}?q=commune&appel=AAP-2014");
        let found = staff(&app, AccountRole::Instructor).await.get(&search).await;
        for siren in [desk::OWN, desk::OTHER] {
            assert!(found.text.contains(&format!("{BASE}/{siren}?appel=AAP-2014")), "{}", found.words());
        }
        let nothing = staff(&app, AccountRole::Sgar("76".to_owned())).await.get(&search).await;
        assert!(nothing.words().contains("Rien ne correspond") && !nothing.text.contains(desk::OWN));
    }

    contract!(with desk::desk, "2014-05-20T10:00:00+02:00":
        an_agent_reads_what_to_do_next,
        a_body_is_found_by_its_name_where_one_looks,
    );
}
