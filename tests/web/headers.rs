//! What is on every response: pages, refusals, static files.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use super::world::{Page, app, ask, get};
use crate::api::world::{OWN, world};
use crate::support::{Engine, Role, TestApp, contract};

/// Every address, with its variable parts filled.
pub fn addresses() -> Vec<String> {
    let known = [
        ("{siren}", OWN),
        ("{exercice}", "2013"),
        ("{annee}", "2014"),
        ("{reference}", "A-1"),
        ("{numero}", "X"),
        ("{apercu}", "X"),
        ("{liste}", "X"),
        ("{appel}", "AAP-2014"),
        ("{attestation}", "X"),
        ("{personne}", "X"),
        ("{contact}", "X"),
    ];
    let named = |address: &str| {
        known.iter().fold(address.to_owned(), |path, (name, value)| path.replace(name, value))
    };
    eapd::web::routes::addresses().into_iter().map(named).collect()
}

#[tokio::test]
async fn every_answer_has_a_strict_policy_and_a_reference() {
    let app = app(Engine::Sqlite).await;
    let own = get(&app, "/").await.text;
    let script = own.split("src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let refused = ["/rien", "/recepisses?numero=x", "/collectivites/123", &script, "/static/rien.js"];
    for path in addresses().iter().map(String::as_str).chain(refused) {
        strict(&get(&app, path).await, path);
    }
}

fn strict(page: &Page, path: &str) {
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none';"), "{path}: {policy}");
    for part in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self';"] {
        assert!(policy.contains(part), "{path}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
    assert!(page.header("strict-transport-security").contains("includeSubDomains"), "{path}");
    assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
    assert_eq!(page.header("x-request-id").len(), 26, "{path}");
    assert!(!page.text.contains(" style=") && !page.text.contains(" onclick="), "{path}: nothing inline");
}

/// What fails inside is a page like the others, which tells nothing of it.
async fn a_fault_of_the_service_is_as_strict(app: TestApp) {
    let number = app.instance.must("SELECT number FROM receipt LIMIT 1;");
    let path = format!("/recepisses?numero={}", number.trim());
    for (status, title) in [
        (StatusCode::INTERNAL_SERVER_ERROR, "Erreur du service"),
        (StatusCode::SERVICE_UNAVAILABLE, "Service indisponible"),
    ] {
        // A table that is not there; then no database at all.
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            let outcome = app.instance.sql_as(Role::Owner, "ALTER TABLE receipt RENAME TO ailleurs;");
            assert!(outcome.done(), "{outcome}");
        } else {
            app.app.db.close().await;
        }
        let page = get(&app, &path).await;
        assert_eq!((page.status, page.header("content-type")), (status, "text/html; charset=utf-8"));
        strict(&page, title);
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.text.contains(&format!("<title>{title} – e-APD</title>")), "{}", page.text);
        assert!(page.text.contains(page.header("x-request-id")), "the number to ask for help with");
        for inside in ["receipt", "ailleurs", "SELECT", "sqlx", "src/"] {
            assert!(!page.text.contains(inside), "{inside}: {}", page.text);
        }
    }
}

contract!(with world, "2014-05-20T10:00:00+02:00": a_fault_of_the_service_is_as_strict);

#[tokio::test]
async fn a_page_is_not_kept_and_a_static_file_is_for_ever() {
    let app = app(Engine::Sqlite).await;
    let home = get(&app, "/").await;
    assert_eq!(home.header("cache-control"), "no-store");
    let sheet = home.text.split("href=\"").find(|text| text.starts_with("/static/dsfr")).unwrap();
    let sheet = sheet.split('"').next().unwrap();
    let asked = |coding: &'static str, etag: String| {
        let request =
            Request::builder().uri(sheet).header("accept-encoding", coding).header("if-none-match", etag);
        ask(&app, request.body(Body::empty()).unwrap())
    };
    let plain = asked("", String::new()).await;
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(
        (plain.header("content-encoding"), plain.header("content-type")),
        ("", "text/css; charset=utf-8")
    );
    assert_eq!(asked("gzip, br", String::new()).await.header("content-encoding"), "br");
    assert_eq!(asked("gzip, br;q=0", String::new()).await.header("content-encoding"), "gzip");
    let again = asked("br", plain.header("etag").to_owned()).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[tokio::test]
async fn a_refusal_says_what_happened_and_under_which_reference() {
    let app = app(Engine::Sqlite).await;
    let nothing = get(&app, "/rien").await;
    assert_eq!(
        (nothing.status, nothing.header("content-type")),
        (StatusCode::NOT_FOUND, "text/html; charset=utf-8")
    );
    assert!(nothing.text.contains("<title>Page introuvable – e-APD</title>"), "{}", nothing.text);
    assert!(nothing.text.contains(nothing.header("x-request-id")));
    let request = Request::builder().method(Method::DELETE).uri("/aide").body(Body::empty()).unwrap();
    let method = ask(&app, request).await;
    assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(method.text.contains("Demande impossible"));
    // The API keeps its own form.
    let api = get(&app, "/api/rien").await;
    assert_eq!((api.status, api.header("content-type")), (StatusCode::NOT_FOUND, "application/problem+json"));
}

#[tokio::test]
async fn what_is_no_page_is_not_served() {
    let app = app(Engine::Sqlite).await;
    for path in [
        "/.git/config",
        "/.git/HEAD",
        "/.env",
        "/config/eapd.toml",
        "/var/eapd.db",
        "/static/../Cargo.toml",
        "/static/..%2f..%2fCargo.toml",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/debug",
        "/metrics/../.git/config",
    ] {
        let page = get(&app, path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        strict(&page, path);
    }
    for (method, path) in
        [("TRACE", "/"), ("TRACK", "/aide"), ("TRACE", "/api/v1/campagnes"), ("CONNECT", "/")]
    {
        let request = Request::builder().method(method).uri(path).header("x-essai", "SECRET-D-UN-ENTETE");
        let page = ask(&app, request.body(Body::empty()).unwrap()).await;
        assert!([403, 404, 405].contains(&page.status.as_u16()), "{method} {path} {}", page.status);
        assert!(!page.text.contains("SECRET-D-UN-ENTETE"), "{method} {path} gives the request back");
    }
}
