//! What everyone may read: the home page by the campaign's state, a collectivity by rule 15, a receipt by its number.

use axum::http::StatusCode;

use super::world::get;
use crate::api::world::{OTHER, OWN, world};
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

contract!(with world, "2014-05-20T10:00:00+02:00":
    the_home_page_says_where_the_campaign_stands,
    a_body_shows_what_is_published_and_nothing_else,
    a_body_is_found_as_people_type_it,
    a_receipt_is_verified_by_its_number,
);
