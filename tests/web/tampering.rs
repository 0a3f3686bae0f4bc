//! Fields that no form has: what the service decides by itself is not decided by who sends a form.

use axum::http::StatusCode;
use eapd::domain::role::{Actor, Role};
use eapd::service::declaration::read;

use super::desk::{BASE, FIRST, NOW, OTHER, OWN, PASSWORD, Signed, desk, water};
use super::world::get;
use crate::support::{TestApp, contract};

contract!(with desk, "2014-05-20T10:00:00+02:00": what_no_form_has_decides_nothing);

/// What the service alone sets, by every name it has in pages, in the API and in the tables.
const SMUGGLED: [(&str, &str); 22] = [
    ("siren", OTHER),
    ("exercice", "2012"),
    ("flow_year", "2012"),
    ("statut", "eligible"),
    ("status", "accepted"),
    ("etat", "declaree"),
    ("version", "9"),
    ("type", "rectifiee"),
    ("kind", "corrected"),
    ("depose_le", "2014-04-16"),
    ("filed_at", "2014-04-16T08:00:00Z"),
    ("received_at", "2014-04-16T08:00:00Z"),
    ("region", "76"),
    ("role", "administrateur"),
    ("personne", "AUTRE"),
    ("person", "AUTRE"),
    ("ressources_propres", "1,00"),
    ("total", "1,00"),
    ("numero", "AAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ("confirmed_at", "2014-04-16T08:00:00Z"),
    ("eligibilite", "oui"),
    ("sous_reserve", "non"),
];

fn with<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    SMUGGLED
        .iter()
        .copied()
        .filter(|(name, _)| fields.iter().all(|(known, _)| known != name))
        .chain(fields.iter().copied())
        .collect()
}

async fn what_no_form_has_decides_nothing(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let line = agent.send("/lignes/nouvelle", &with(&water(&[]))).await;
    assert_eq!(line.status, StatusCode::SEE_OTHER, "{}", line.words());
    let signature = [
        ("revision", "1"),
        ("cle", "une-clé"),
        ("nom", "Maire Imaginaire"),
        ("fonction", "maire"),
        ("verifie", "oui"),
        ("atteste", "oui"),
    ];
    let filed = agent.send("/signature", &with(&signature)).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.words());
    assert!(filed.header("location").starts_with(BASE), "{}", filed.header("location"));

    let filings = app.instance.must("SELECT siren || ' ' || flow_year || ' ' || version FROM filing;");
    assert_eq!(filings.trim(), format!("{OWN} 2013 1"), "one version of the address that it was sent to");
    let manager = Actor { person: "ESSAI".to_owned(), role: Role::Manager };
    let found =
        read::versions(&app.app, &manager, OWN.parse().unwrap(), "2013".parse().unwrap()).await.unwrap();
    assert_eq!(found[0].filing.filed_at, NOW.parse().unwrap(), "the instant of the service");
    assert_eq!(found[0].filing.total_own.cents(), 320_000, "the sum of the lines");
    assert_ne!(app.instance.must("SELECT number FROM receipt;").trim(), "AAAAAAAAAAAAAAAAAAAAAAAAAA");

    let form = [
        ("collectivite", OWN),
        ("nom", "Nouvelle Inventée"),
        ("fonction", "secrétaire de mairie"),
        ("courriel", "nouvelle@commune.example"),
        ("mot-de-passe", PASSWORD),
    ];
    let signed_up = agent.on_path("/inscription", &with(&form)).await;
    assert!(signed_up.status.is_success(), "{}", signed_up.words());
    let roles = app.instance.must("SELECT DISTINCT role FROM account;");
    assert_eq!(roles.trim(), "declarant");
    let confirmed = app.instance.must("SELECT COUNT(*) FROM account WHERE confirmed_at IS NULL;");
    assert_eq!(confirmed.trim(), "1", "its address is not confirmed by a form");
    let open = "SELECT COUNT(*) FROM attachment WHERE id NOT IN (SELECT attachment FROM attachment_step);";
    assert_eq!(app.instance.must(open).trim(), "1", "it awaits the answer of its colleagues");

    let public = get(&app, &format!("/collectivites/{OWN}")).await;
    assert!(!public.text.contains("3 200"), "nothing is public before it is published");
}
