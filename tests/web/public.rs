//! What everyone may read: the home page by the campaign's state, a collectivity by rule 15, a receipt by its number.

use axum::http::StatusCode;
use eapd::domain::account::AccountRole;
use eapd::domain::instant::Instant;
use eapd::domain::year::CampaignYear;
use eapd::service::report::{self, ReportName};
use eapd::service::{campaign, operator};
use sha2::{Digest, Sha256};

use super::staff::staff;
use super::world::get;
use crate::api::world::{OTHER, OWN, world};
use crate::support::people::manager;
use crate::support::{TestApp, contract};

async fn the_home_page_says_where_the_campaign_stands(app: TestApp) {
    for (now, told) in [
        ("2014-04-10T10:00:00+02:00", "La campagne 2014 ouvre le 15\u{a0}avril\u{a0}2014"),
        ("2014-05-20T10:00:00+02:00", "Il reste 26\u{a0}jours."),
        ("2014-06-15T23:59:59+02:00", "Il reste 1\u{a0}minute."),
        ("2014-06-16T00:00:00+02:00", "La campagne 2014 est terminée"),
    ] {
        app.set_clock(now);
        let words = get(&app, "/").await.words();
        assert!(words.contains(told), "{now}: {words}");
    }
}

async fn a_body_shows_what_is_published_and_nothing_else(app: TestApp) {
    let page = get(&app, &format!("/collectivites/{OWN}")).await;
    let words = page.words();
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        words.contains("2012 1\u{202f}200,00\u{a0}€"),
        "the own resources of the published year: {words}"
    );
    assert!(words.contains("2013 – – année non publiée"), "not even that it declared: {words}");
    for kept in ["1\u{202f}300,00", "JAMAIS PUBLIC", "77,77"] {
        assert!(!page.text.contains(kept), "{kept}");
    }
    let silent = get(&app, &format!("/collectivites/{OTHER}")).await.words();
    assert!(silent.contains("2013 – – année non publiée"), "{silent}");
    for wrong in ["123", "000000000", "abc", "999999990"] {
        let page = get(&app, &format!("/collectivites/{wrong}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

/// The files of a published year can be found, checked and downloaded without an account; those of others are not named.
async fn the_open_data_of_published_years_is_listed(app: TestApp) {
    let page = get(&app, "/donnees-ouvertes").await;
    let words = page.words();
    assert!(words.contains("Versements de 2012 Publiés le 1er\u{a0}juillet\u{a0}2013"), "{words}");
    assert!(!words.contains("2013 Publiés") && words.contains("Licence Ouverte 2.0"), "{words}");
    assert!(page.text.contains("/api/v1/rapports/donnees-ouvertes/2012/zip\""), "made when it is asked for");
    let operator = operator::identify(&app.app, "essai").await.unwrap();
    let flow_year = "2012".parse().unwrap();
    for name in [ReportName::OpenData, ReportName::Tresor] {
        report::release(&app.app, &operator, name, flow_year, &|_, _| ()).await.unwrap();
    }
    let page = get(&app, "/donnees-ouvertes").await;
    let years = report::published(&app.app).await.unwrap();
    let [year] = years.as_slice() else { panic!("{years:?}") };
    let [file] = year.files.as_slice() else { panic!("{year:?}") };
    assert!(page.text.contains(&file.release.sha256) && !page.words().contains("Trésor"), "{}", page.words());
    let address = "/api/v1/rapports/donnees-ouvertes/2012/zip?edition=1";
    assert!(page.text.contains(&format!("href=\"{address}\"")), "{}", page.text);
    let archive = get(&app, address).await;
    assert_eq!((archive.status, archive.header("content-type")), (StatusCode::OK, "application/zip"));
    assert_eq!(u64::try_from(archive.bytes.len()).unwrap(), file.bytes);
    assert_eq!(hex::encode(Sha256::digest(&archive.bytes)), file.release.sha256);
    let told: serde_json::Value = serde_json::from_slice(&get(&app, "/api/v1/rapports").await.bytes).unwrap();
    let [edition] = told["editions"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!(
        (&edition["nom"], &edition["sha256"]),
        (&"donnees-ouvertes".into(), &file.release.sha256.clone().into())
    );
    for linked in ["/", "/plan-du-site"] {
        assert!(get(&app, linked).await.text.contains("href=\"/donnees-ouvertes\""), "{linked}");
    }
}

async fn a_body_is_found_as_people_type_it(app: TestApp) {
    for typed in [OWN, "219+900+107"] {
        let page = get(&app, &format!("/collectivites?q={typed}")).await;
        assert!(page.text.contains(&format!("href=\"/collectivites/{OWN}\"")), "{typed}");
    }
    let none = get(&app, "/collectivites?q=%3Cscript%3E").await;
    assert_eq!(none.status, StatusCode::OK);
    assert!(
        none.words().contains("0\u{a0}collectivité trouvée") && !none.text.contains("<script>"),
        "{}",
        none.text
    );
}

async fn a_receipt_is_verified_by_its_number(app: TestApp) {
    let number =
        app.instance.must(&format!("SELECT number FROM receipt WHERE siren = '{OWN}' AND flow_year = 2013;"));
    let number = number.trim();
    let spaced = format!("{}+{}", &number[..13].to_lowercase(), &number[13..]);
    let page = get(&app, &format!("/recepisses?numero={spaced}")).await;
    let words = page.words();
    assert!(
        words.contains("Ce récépissé est authentique") && words.contains("1\u{202f}334,56\u{a0}€"),
        "{words}"
    );
    assert!(!page.text.contains("JAMAIS PUBLIC"), "no person is named");
    let wrong = get(&app, "/recepisses?numero=X").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("<title>Erreur – Vérifier un récépissé ou une attestation – e-APD</title>"));
    assert!(wrong.text.contains("value=\"X\""), "what was typed is kept");
}

/// Between two campaigns: what is over, when the next one opens, and who can still be heard.
async fn between_two_campaigns_the_home_page_says_why_nothing_can_be_filed(app: TestApp) {
    let actor = operator::identify(&app.app, "essai").await.unwrap();
    campaign::create(&app.app, &actor, CampaignYear::new(2015).unwrap(), None, true).await.unwrap();
    app.set_clock("2014-07-01T10:00:00+02:00");
    let words = get(&app, "/").await.words();
    for told in [
        "La campagne 2015 ouvre le 15\u{a0}avril\u{a0}2015",
        "On ne peut rien déclarer en ce moment\u{a0}: la campagne 2014, pour les versements de 2013, s’est terminée le 15\u{a0}juin\u{a0}2014 à 23\u{a0}h\u{a0}59",
        "écrivez au ministère",
        "La télédéclaration des versements de 2014 sera possible du 15\u{a0}avril\u{a0}2015 à minuit",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    // Once it is settled, no late filing is spoken of any more.
    campaign::settle(&app.app, &manager(), CampaignYear::new(2014).unwrap()).await.unwrap();
    let words = get(&app, "/").await.words();
    assert!(words.contains("la campagne 2014") && !words.contains("écrivez au ministère"), "{words}");
}

/// Every page that is not about an object or behind a link of a mail is in the plan, or in a section of it.
async fn the_plan_of_the_site_is_whole(app: TestApp) {
    let page = get(&app, "/plan-du-site").await;
    let asked = [
        "/plan-du-site",
        "/connexion/code",
        "/invitation",
        "/inscription/confirmation",
        "/mot-de-passe-oublie/nouveau",
        "/compte/sessions",
    ];
    let mut pages = 0;
    for address in eapd::web::routes::addresses() {
        let is_followed = address.starts_with("/pilotage/") || address.starts_with("/administration/");
        if address.contains('{') || asked.contains(&address) || is_followed {
            continue;
        }
        assert!(page.text.contains(&format!("<li><a href=\"{address}\">")), "{address} is not in the plan");
        pages += 1;
    }
    assert!(pages > 18, "{pages} pages");
    let staff = staff(&app, AccountRole::Manager).await.get("/plan-du-site").await;
    for section in ["/pilotage/suivi", "/pilotage/registre", "/administration/journal"] {
        let link = format!("<li><a href=\"{section}\">");
        assert!(staff.text.contains(&link) && !page.text.contains(&link), "{section}");
    }
}

/// What the law asks to be said, said as it is.
async fn the_page_of_accessibility_says_what_is_published(app: TestApp) {
    let words = get(&app, "/accessibilite").await.words();
    for told in [
        "non conforme",
        "Aucun audit n’a encore été réalisé",
        "schéma pluriannuel de mise en accessibilité\u{a0}: aucun n’est publié",
        "plan d’action de l’année\u{a0}: aucun n’est publié",
        "Défenseur des droits",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
}

/// The periods are those of the configuration, each of them.
async fn the_periods_shown_are_those_in_force(mut app: TestApp) {
    app.configure(|config| {
        let kept = &mut config.retention;
        (kept.sessions_days, kept.unconfirmed_days, kept.inactive_days) = (41, 42, 1043);
        (kept.contacts_days, kept.mails_days, kept.questions_days) = (1044, 45, 1046);
    });
    let words = get(&app, "/donnees-personnelles").await.words();
    for (what, days) in [
        ("sessions et liens des courriels", 41),
        ("comptes dont l’adresse n’a pas été confirmée", 42),
        ("comptes d’agents qui ne se connectent plus", 1043),
        ("contacts d’une collectivité", 1044),
        ("courriels envoyés", 45),
        ("textes des questions posées à une collectivité sur sa déclaration, et de ses réponses", 1046),
    ] {
        let told = format!("{what}\u{a0}: {days}\u{a0}jours");
        assert!(words.contains(&told), "{told}: {words}");
    }
}

/// RFC 9116: where to write, and until when that holds, in less than a year.
async fn a_weakness_can_be_reported(mut app: TestApp) {
    for (security, support, contact) in [
        ("https://securite.eapd.example/", "aide@eapd.example", "https://securite.eapd.example/"),
        ("securite@eapd.example", "aide@eapd.example", "mailto:securite@eapd.example"),
        ("", "aide@eapd.example", "mailto:aide@eapd.example"),
    ] {
        app.configure(|config| {
            let about = &mut config.about;
            (about.security_contact, about.support_email) = (security.to_owned(), support.to_owned());
        });
        let file = get(&app, "/.well-known/security.txt").await;
        assert_eq!(file.header("content-type"), "text/plain; charset=utf-8");
        let field = |name: &str| {
            let lines: Vec<_> = file.text.lines().filter_map(|line| line.strip_prefix(name)).collect();
            assert_eq!(lines.len(), 1, "{name}: {}", file.text);
            lines[0].to_owned()
        };
        assert_eq!(field("Contact: "), contact);
        let left = field("Expires: ").parse::<Instant>().unwrap().seconds_since(app.app.now());
        assert!((30 * 86_400..365 * 86_400).contains(&left), "{left} seconds");
    }
}

contract!(with world, "2014-05-20T10:00:00+02:00":
    the_home_page_says_where_the_campaign_stands,
    a_body_shows_what_is_published_and_nothing_else,
    the_open_data_of_published_years_is_listed,
    a_body_is_found_as_people_type_it,
    a_receipt_is_verified_by_its_number,
    between_two_campaigns_the_home_page_says_why_nothing_can_be_filed,
    the_plan_of_the_site_is_whole,
    the_page_of_accessibility_says_what_is_published,
    the_periods_shown_are_those_in_force,
    a_weakness_can_be_reported,
);
