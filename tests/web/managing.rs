//! The manager: campaigns, derogations, versions, publication, by requests and at a real browser.

use axum::http::StatusCode;
use eapd::domain::account::AccountRole;
use eapd::domain::declaration::Filing;
use eapd::domain::field::Field;
use eapd::domain::filing::FilingKind;
use eapd::domain::siren::Siren;
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::{campaign, expected, operator};
use eapd::store;

use super::desk::{self, NOW, OTHER, OWN, Signed, value};
use super::staff::staff;
use super::world::Page;
use crate::api::world::line;
use crate::support::people::signatory;
use crate::support::{TestApp, contract};

contract!(with desk::desk, "2014-05-20T10:00:00+02:00":
    a_campaign_is_prepared_as_the_last_one_was,
    an_extension_is_announced_once,
    what_cannot_be_undone_is_confirmed_by_its_year,
    a_derogation_is_granted_and_revoked,
    a_call_is_created,
    a_line_is_rectified_after_its_difference_was_seen,
    a_file_replaces_the_lines_unless_a_version_came_meanwhile,
    a_declaration_is_annulled_and_a_nil_taken_over,
    a_title_that_names_a_person_never_becomes_public,
    nobody_else_manages,
    what_deserves_a_look_is_listed_and_downloaded,
);

pub const LAST: &str = "/pilotage/campagnes/2013";
pub const OPEN: &str = "/pilotage/campagnes/2014";
/// The declaration of [`OWN`] on the year before, whose campaign is over.
pub const FILED: &str = "/pilotage/declarations/219900107/2012";
const NAMING: &str = "Bourse de Mme Awa Inventée";

/// Two lines of [`OWN`] and one of [`OTHER`], filed a year ago.
pub async fn filed(test: &TestApp) {
    test.set_clock("2013-05-20T10:00:00+02:00");
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let named = line("A-2", "100").with(Field::Title, NAMING);
    for (siren, lines) in [(OWN, vec![line("A-1", "1 234,56"), named]), (OTHER, vec![line("C-1", "50")])] {
        let request = Request {
            siren: siren.parse().unwrap(),
            flow_year: flow_year(2012),
            content: Content::Lines(lines),
            signatory: signatory(),
            document: None,
            received_at: test.app.now(),
            idempotency: None,
        };
        file(&test.app, &operator, &request).await.unwrap();
    }
    test.set_clock(NOW);
}

fn flow_year(year: u16) -> FlowYear {
    FlowYear::new(year).unwrap()
}

pub async fn versions(test: &TestApp, siren: &str) -> Vec<Filing> {
    let siren: Siren = siren.parse().unwrap();
    let mut tx = test.app.db.snapshot().await.unwrap();
    store::filing::versions(&mut tx, siren, flow_year(2012)).await.unwrap()
}

/// The titles and countries of the version of [`OWN`] that counts.
pub async fn counting(test: &TestApp) -> Vec<(String, String)> {
    let last = versions(test, OWN).await.pop().unwrap();
    let mut tx = test.app.db.snapshot().await.unwrap();
    let lines = store::line::of_version(&mut tx, last.siren, last.flow_year, last.version).await.unwrap();
    let told = lines.into_iter().map(|filed| filed.line);
    told.map(|line| (line.title, line.recipient.as_str().to_owned())).collect()
}

async fn manager(test: &TestApp) -> Signed<'_> {
    staff(test, AccountRole::Manager).await
}

fn leads_to(page: &Page, address: &str) {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.words());
    assert_eq!(page.header("location"), address);
}

/// A refused form: its status, what it says, what was typed.
fn refused(page: &Page, status: u16, says: &str) {
    assert_eq!(page.status.as_u16(), status, "{}", page.words());
    assert!(page.words().contains(says), "{says}: {}", page.words());
    assert!(page.text.contains("<title>Erreur"), "{}", page.text);
}

async fn mails(test: &TestApp, kind: &str) -> usize {
    let mut tx = test.app.db.snapshot().await.unwrap();
    store::mail::ids_of_kind(&mut tx, kind).await.unwrap().len()
}

async fn a_campaign_is_prepared_as_the_last_one_was(test: TestApp) {
    let manager = manager(&test).await;
    let page = manager.get("/pilotage/campagnes").await;
    assert!(page.words().contains("Campagne 2014") && page.words().contains("ouverte"), "{}", page.words());
    let page = manager.get("/pilotage/campagnes/nouvelle").await;
    assert_eq!(
        (value(&page, "annee"), value(&page, "ouverture")),
        ("2015".to_owned(), "15/04/2015".to_owned())
    );
    assert!(
        page.words().contains("AAP-2015") && page.words().contains("Natures de dépense"),
        "{}",
        page.words()
    );
    let form = [("annee", "2015"), ("ouverture", "15/04/2015"), ("cloture", "15/04/2014"), ("appel", "oui")];
    refused(&manager.on_path("/pilotage/campagnes/nouvelle", &form).await, 422, "précède le premier");
    let form = [("annee", "2015"), ("ouverture", "14/04/2015"), ("cloture", "12/06/2015"), ("appel", "oui")];
    leads_to(&manager.on_path("/pilotage/campagnes/nouvelle", &form).await, "/pilotage/campagnes/2015");
    refused(&manager.on_path("/pilotage/campagnes/nouvelle", &form).await, 409, "existe déjà");
    let page = manager.get("/pilotage/campagnes/2015").await;
    for told in [
        "préparée",
        "du 14\u{a0}avril\u{a0}2015 au 12\u{a0}juin\u{a0}2015",
        "Agent Inventé",
        "Changer les dates",
    ] {
        assert!(page.words().contains(told), "{told}: {}", page.words());
    }
    let dates = [("ouverture", "15/04/2015"), ("cloture", "15/06/2015")];
    leads_to(&manager.on_path("/pilotage/campagnes/2015/dates", &dates).await, "/pilotage/campagnes/2015");
    refused(&manager.on_path(&format!("{OPEN}/dates"), &dates).await, 409, "ses dates ne changent plus");
    let cancel = [("annee", "2015"), ("motif", "créée par erreur")];
    leads_to(
        &manager.on_path("/pilotage/campagnes/2015/annulation", &cancel).await,
        "/pilotage/campagnes/2015",
    );
    let page = manager.get("/pilotage/campagnes/2015").await;
    assert!(page.words().contains("créée par erreur"), "{}", page.words());
    assert_eq!(manager.get("/pilotage/campagnes/2033").await.status, StatusCode::NOT_FOUND);
}

async fn an_extension_is_announced_once(test: TestApp) {
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let list = format!("siren;motif\n{OWN};essai\n{OTHER};essai\n");
    let year = CampaignYear::new(2014).unwrap();
    expected::import(&test.app, &operator, year, list.as_bytes()).await.unwrap();
    let manager = manager(&test).await;
    let page = manager.get(&format!("{OPEN}/prorogation")).await;
    assert_eq!(value(&page, "cloture"), "22/06/2014", "a week later");
    assert!(
        page.words().contains("15\u{a0}juin\u{a0}2014") && page.words().contains("22\u{a0}juin\u{a0}2014"),
        "{}",
        page.words()
    );
    let address = format!("{OPEN}/prorogation");
    refused(
        &manager.on_path(&address, &[("cloture", "15/06/2014"), ("motif", "crue")]).await,
        422,
        "reculer",
    );
    refused(&manager.on_path(&address, &[("cloture", "22/06/2014"), ("motif", " ")]).await, 422, "motif");
    refused(&manager.on_path(&address, &[("cloture", "demain"), ("motif", "crue")]).await, 422, "demain");
    let announcement = format!("{OPEN}/annonce");
    leads_to(
        &manager.on_path(&address, &[("cloture", "22/06/2014"), ("motif", "crue")]).await,
        &announcement,
    );
    let page = manager.get(&announcement).await;
    assert!(page.words().contains("Envoyer 2\u{a0}courriels"), "{}", page.words());
    assert_eq!(mails(&test, "campaign_extended").await, 0, "shown before it is sent");
    for _twice in 0..2 {
        leads_to(&manager.on_path(&announcement, &[]).await, &announcement);
        assert_eq!(mails(&test, "campaign_extended").await, 2);
    }
    let page = manager.get(&announcement).await;
    assert!(page.words().contains("tous l’ont été"), "{}", page.words());
    let page = manager.get(OPEN).await;
    assert!(page.words().contains("Prorogée jusqu’au 22\u{a0}juin\u{a0}2014"), "{}", page.words());
}

async fn what_cannot_be_undone_is_confirmed_by_its_year(test: TestApp) {
    let manager = manager(&test).await;
    let (settle, publish) = (format!("{LAST}/arret"), format!("{LAST}/publication"));
    refused(
        &manager.on_path(&format!("{OPEN}/arret"), &[("annee", "2014")]).await,
        409,
        "après son dernier jour",
    );
    refused(&manager.on_path(&publish, &[("annee", "2013")]).await, 409, "arrêtez-la");
    for wrong in ["", "2014", "oui"] {
        refused(&manager.on_path(&settle, &[("annee", wrong)]).await, 422, "rien n’a été fait");
    }
    leads_to(&manager.on_path(&settle, &[("annee", "2013")]).await, LAST);
    refused(&manager.on_path(&settle, &[("annee", "2013")]).await, 409, "est arrêtée");
    refused(&manager.on_path(&publish, &[("annee", "2012")]).await, 422, "rien n’a été fait");
    leads_to(&manager.on_path(&publish, &[("annee", "2013")]).await, LAST);
    let page = manager.get(LAST).await;
    assert!(page.words().contains("publiée") && page.words().contains("Publiée"), "{}", page.words());
}

async fn a_derogation_is_granted_and_revoked(test: TestApp) {
    let manager = manager(&test).await;
    let list = format!("{LAST}/derogations");
    let page = manager.get(&format!("{list}?q=voisine")).await;
    assert!(page.text.contains(&format!("?siren={OTHER}#formulaire")), "{}", page.text);
    let page = manager.get(&format!("{list}?siren={OTHER}")).await;
    assert!(page.words().contains("rien n’est déclaré pour 2012"), "{}", page.words());
    let grant = |until: &'static str| [("siren", OTHER), ("jusqu-au", until), ("motif", "mairie inondée")];
    refused(&manager.on_path(&list, &grant("19/05/2014")).await, 422, "est passé");
    refused(&manager.on_path(&list, &[("siren", "123"), ("jusqu-au", "x")]).await, 422, "123");
    leads_to(&manager.on_path(&list, &grant("30/05/2014")).await, &list);
    let page = manager.get(&list).await;
    for told in ["Commune voisine", "jusqu’au 30\u{a0}mai\u{a0}2014", "mairie inondée", "En cours."] {
        assert!(page.words().contains(told), "{told}: {}", page.words());
    }
    refused(&manager.on_path("/pilotage/derogations/1", &[("motif", "")]).await, 422, "motif");
    leads_to(&manager.on_path("/pilotage/derogations/1", &[("motif", "déposée entre-temps")]).await, &list);
    assert!(manager.get(&list).await.words().contains("déposée entre-temps"));
    assert!(manager.get("/pilotage/derogations/1").await.words().contains("Révoquée le"));
    assert_eq!(manager.get("/pilotage/derogations/9").await.status, StatusCode::NOT_FOUND);

    let list = "/pilotage/appels/AAP-2014/derogations";
    let page = manager.get(&format!("{list}?siren={OTHER}")).await;
    assert!(page.words().contains("Aujourd’hui"), "{}", page.words());
    leads_to(&manager.on_path(list, &[("siren", OTHER), ("motif", "décision du 3 mai")]).await, list);
    assert!(manager.get(list).await.words().contains("éligible à AAP-2014"));
}

async fn a_call_is_created(test: TestApp) {
    let manager = manager(&test).await;
    let form = |code: &'static str, years: &'static str| {
        let text = ("texte", "Décision fictive");
        [("code", code), ("titre", "Appel fictif"), ("exercices", years), ("regle", "chef_de_file"), text]
    };
    let address = "/pilotage/appels/nouveau";
    refused(&manager.on_path(address, &form("climat", "2012")).await, 422, "n’est pas un code d’appel");
    refused(&manager.on_path(address, &form("CLIMAT-2014", "")).await, 422, "au moins un exercice");
    leads_to(
        &manager.on_path(address, &form("CLIMAT-2014", "2013, 2012")).await,
        "/pilotage/appels/CLIMAT-2014",
    );
    refused(&manager.on_path(address, &form("CLIMAT-2014", "2012")).await, 409, "existe déjà");
    let page = manager.get("/pilotage/appels/CLIMAT-2014").await;
    assert!(
        page.words().contains("2012, 2013") && page.words().contains("le chef de file"),
        "{}",
        page.words()
    );
    assert!(manager.get("/pilotage/appels").await.words().contains("Appel fictif"));
}

/// The address of the proposal that a form leads to.
fn proposed(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.words());
    let address = page.header("location").to_owned();
    assert!(address.starts_with(&format!("{FILED}/version/")), "{address}");
    address
}

fn why(seen: &'static str) -> [(&'static str, &'static str); 4] {
    [("vue", seen), ("motif", "pays corrigé"), ("piece", "courrier du 3 mai"), ("action", "deposer")]
}

/// The fields of the line A-1 with another country.
const IN_MALI: [(&str, &str); 8] = [
    ("titre", "Adduction d’eau (fictive)"),
    ("pays", "255"),
    ("secteur", "14030"),
    ("canal", "22000"),
    ("nature", "projet"),
    ("montant_verse", "1 234,56"),
    ("cofinancements_recus", "34,56"),
    ("organisme", "Association fictive"),
];

async fn a_line_is_rectified_after_its_difference_was_seen(test: TestApp) {
    filed(&test).await;
    let manager = manager(&test).await;
    let page = manager.get(FILED).await;
    assert!(page.words().contains("Adduction d’eau (fictive)") && page.words().contains("Version 1"));
    let address = format!("{FILED}/version/lignes/A-1");
    let page = manager.get(&address).await;
    assert_eq!(value(&page, "montant_verse"), "1234,56");
    let mut wrong = IN_MALI;
    wrong[5].1 = "1.234";
    refused(&manager.on_path(&address, &wrong).await, 422, "1.234");
    let proposal = proposed(&manager.on_path(&address, &IN_MALI).await);
    let page = manager.get(&proposal).await;
    let words = page.words();
    for told in ["1\u{a0}ligne modifiée", "Sénégal", "Mali"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert_eq!(versions(&test, OWN).await.len(), 1, "nothing before it is confirmed");
    refused(&manager.on_path(&proposal, &[("vue", "1"), ("motif", ""), ("piece", "x")]).await, 422, "motif");
    refused(&manager.on_path(&proposal, &[("vue", "1"), ("motif", "x"), ("piece", "")]).await, 422, "pièce");
    leads_to(&manager.on_path(&proposal, &why("1")).await, FILED);
    let last = versions(&test, OWN).await.pop().unwrap();
    assert_eq!((last.version, last.kind), (2, FilingKind::Rectified));
    assert_eq!(last.document.as_deref(), Some("courrier du 3 mai"));
    assert_eq!(counting(&test).await[0].1, "255");
    assert_eq!(counting(&test).await[1].0, NAMING, "the other line is as it was");
    assert_eq!(mails(&test, "version_decided").await, 2, "the agents are told");
    let words = manager.get(FILED).await.words();
    for told in ["Version 2", "pays corrigé", "courrier du 3 mai", "Mali au lieu de Sénégal"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert_eq!(manager.get(&proposal).await.status, StatusCode::NOT_FOUND, "it is forgotten");
    let export = manager.get(&format!("{FILED}/export?format=csv&version=1")).await;
    assert!(export.text.contains(NAMING), "{}", export.text);
}

async fn a_file_replaces_the_lines_unless_a_version_came_meanwhile(test: TestApp) {
    filed(&test).await;
    let manager = manager(&test).await;
    let send = async |file: &str| {
        let (kind, body) = desk_file(file);
        manager.sends_to(&format!("{FILED}/version"), &kind, body).await
    };
    refused(&send("n’importe quoi").await, 422, "colonne");
    let header = "reference;titre;pays;secteur;canal;nature;montant_verse\n";
    let file = format!("{header}A-1;Puits (fictif);255;14030;22000;projet;10\n");
    let stale = proposed(&send(&file).await);
    let words = manager.get(&stale).await.words();
    assert!(words.contains("1\u{a0}ligne modifiée, 1\u{a0}ligne supprimée"), "{words}");
    // Another manager rectifies the line meanwhile.
    let other = proposed(&manager.on_path(&format!("{FILED}/version/lignes/A-1"), &IN_MALI).await);
    leads_to(&manager.on_path(&other, &why("1")).await, FILED);
    refused(&manager.on_path(&stale, &why("1")).await, 409, "entre-temps");
    assert_eq!(versions(&test, OWN).await.len(), 2);
    // Seen again, with what came, it is filed.
    let page = manager.get(&stale).await;
    assert_eq!(value(&page, "vue"), "2");
    leads_to(&manager.on_path(&stale, &why("2")).await, FILED);
    assert_eq!(counting(&test).await, [("Puits (fictif)".to_owned(), "255".to_owned())]);
    // The same lines once more change nothing; one with a fault is told.
    let same = proposed(&send(&file).await);
    assert!(manager.get(&same).await.words().contains("0\u{a0}modification"));
    refused(&manager.on_path(&same, &why("3")).await, 422, "rien à changer");
    let faulty = proposed(&send(&format!("{header}A-1;Puits;Atlantide;14030;22000;projet;10\n")).await);
    assert!(manager.get(&faulty).await.words().contains("Atlantide"));
    assert_eq!(manager.on_path(&faulty, &why("3")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    leads_to(&manager.on_path(&faulty, &[("action", "abandonner")]).await, &format!("{FILED}/version"));
    assert_eq!(versions(&test, OWN).await.len(), 3);
}

fn desk_file(file: &str) -> (String, Vec<u8>) {
    let body = desk::multipart(&[("fichier", Some("lignes.csv"), file.as_bytes())]);
    (format!("multipart/form-data; boundary={}", desk::BOUNDARY), body)
}

async fn a_declaration_is_annulled_and_a_nil_taken_over(test: TestApp) {
    filed(&test).await;
    let manager = manager(&test).await;
    let base = format!("/pilotage/declarations/{OTHER}/2012");
    let annul = format!("{base}/version/annulation");
    refused(&manager.on_path(&annul, &[("vue", "1"), ("motif", "mauvais SIREN")]).await, 422, "pièce");
    let all =
        |seen: &'static str| [("vue", seen), ("motif", "mauvais SIREN"), ("piece", "courriel du 2 mai")];
    refused(&manager.on_path(&annul, &all("0")).await, 409, "entre-temps");
    leads_to(&manager.on_path(&annul, &all("1")).await, &base);
    refused(&manager.on_path(&annul, &all("2")).await, 422, "pas de déclaration à annuler");
    assert!(manager.get(&annul).await.words().contains("Ce n’est pas possible maintenant"));
    leads_to(&manager.on_path(&format!("{base}/version/neant"), &all("2")).await, &base);
    let kinds: Vec<FilingKind> = versions(&test, OTHER).await.iter().map(|filing| filing.kind).collect();
    assert_eq!(kinds, [FilingKind::Declared, FilingKind::Annulled, FilingKind::TakenOver]);
    let words = manager.get(&base).await.words();
    assert!(words.contains("mauvais SIREN") && words.contains("n’a pas de ligne"), "{words}");
}

async fn a_title_that_names_a_person_never_becomes_public(test: TestApp) {
    filed(&test).await;
    let manager = manager(&test).await;
    let list = format!("{LAST}/publication");
    let page = manager.get(&format!("{list}?titres=douteux")).await;
    assert!(page.words().contains(NAMING) && page.words().contains("civilité"), "{}", page.words());
    assert!(!page.words().contains("Adduction"), "{}", page.words());
    assert!(manager.get(&format!("{list}?q=adduction")).await.words().contains("2\u{a0}lignes"));
    let title = format!("{LAST}/titre");
    let form = |title: &'static str, reason: &'static str| {
        [("siren", OWN), ("reference", "A-2"), ("titre", title), ("motif", reason)]
    };
    refused(&manager.on_path(&title, &form("", "nomme")).await, 422, "caractères");
    refused(&manager.on_path(&title, &form("Bourse d’études", "")).await, 422, "motif");
    let replaced = form("Bourse d’études", "nomme une personne");
    leads_to(&manager.on_path(&title, &replaced).await, &format!("{list}?titres=remplaces"));
    let page = manager.get(&format!("{list}?titres=douteux")).await;
    assert!(page.words().contains("0\u{a0}ligne"), "{}", page.words());
    assert_eq!(counting(&test).await[1].0, NAMING, "what was filed is not touched");
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let year = CampaignYear::new(2013).unwrap();
    campaign::settle(&test.app, &operator, year).await.unwrap();
    campaign::publish(&test.app, &operator, year).await.unwrap();
    for path in [
        "/api/v1/rapports/lignes/2012/csv".to_owned(),
        format!("/api/v1/declarations/{OWN}/2012"),
        format!("/collectivites/{OWN}"),
    ] {
        let page = super::world::get(&test, &path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text.contains("Inventée"), "{path}");
        assert!(path.starts_with("/coll") || page.text.contains("Bourse d’études"), "{path} {}", page.text);
    }
    refused(&manager.on_path(&title, &replaced).await, 409, "un titre ne se remplace plus");
}

async fn nobody_else_manages(test: TestApp) {
    filed(&test).await;
    for role in [AccountRole::Sgar("76".to_owned()), AccountRole::Instructor] {
        let follows = role == AccountRole::Instructor;
        let signed = staff(&test, role.clone()).await;
        let status = if follows { StatusCode::OK } else { StatusCode::FORBIDDEN };
        let page = signed.get(FILED).await;
        assert_eq!(page.status, status, "{role:?}");
        assert!(!page.text.contains("/version\""), "{role:?} is not led to what it may not do");
        assert_eq!(signed.get(&format!("{FILED}/export?format=csv")).await.status, status, "{role:?}");
        assert_eq!(signed.get("/pilotage/campagnes").await.status, StatusCode::FORBIDDEN, "{role:?}");
    }
}

async fn what_deserves_a_look_is_listed_and_downloaded(test: TestApp) {
    filed(&test).await;
    let manager = manager(&test).await;
    let page = manager.get("/pilotage/qualite").await;
    leads_to(&page, "/pilotage/qualite/2013");
    let words = manager.get("/pilotage/qualite/2013?controle=marqueurs").await.words();
    assert!(words.contains("Lignes sans aucun marqueur (3)"), "{words}");
    assert!(words.contains("Commune d’Essai") && words.contains(NAMING), "{words}");
    let filtered = "/pilotage/qualite/2013/export?controle=marqueurs&q=voisine";
    let file = manager.get(filtered).await;
    assert!(file.header("content-type").starts_with("text/csv"));
    assert!(file.text.contains("C-1") && !file.text.contains("A-1"), "{}", file.text);
    // Two bodies declare one project: found once the amounts are the same.
    assert!(words.contains("Doubles comptes possibles (0)"), "{words}");
    let same = [&IN_MALI[..], &[("montant_verse", "50")]].concat();
    let mut same: Vec<_> = same.into_iter().filter(|field| *field != ("montant_verse", "1 234,56")).collect();
    same.iter_mut().filter(|(name, _)| *name == "pays").for_each(|field| field.1 = "269");
    let proposal = proposed(&manager.on_path(&format!("{FILED}/version/lignes/A-1"), &same).await);
    leads_to(&manager.on_path(&proposal, &why("1")).await, FILED);
    let words = manager.get("/pilotage/qualite/2013?controle=doubles-comptes").await.words();
    assert!(words.contains("Doubles comptes possibles (2)") && words.contains(OTHER), "{words}");
    assert_eq!(manager.get("/pilotage/qualite/2033").await.status, StatusCode::NOT_FOUND);
}
