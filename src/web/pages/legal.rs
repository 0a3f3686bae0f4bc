//! What a service of the State must say of itself.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::app::App;
use crate::config::{About, Profile, Retention};
use crate::web::layout::{Frame, Layout};

use super::{Answer, page};

macro_rules! legal_pages {
    ($($(#[doc = $doc:literal])+ $handler:ident $name:ident $template:literal $title:literal;)+) => {
        $(
            #[derive(Template)]
            #[template(path = $template)]
            struct $name {
                layout: Layout,
                about: About,
            }

            $(#[doc = $doc])+
            pub(in crate::web) async fn $handler(State(app): State<App>, frame: Frame) -> Answer {
                page(&$name { layout: frame.titled($title), about: app.config.about.clone() })
            }
        )+
    };
}

legal_pages! {
    /// Answers `/mentions-legales`.
    notices Notices "legal/notices.html" "Mentions légales";
    /// Answers `/accessibilite`.
    accessibility Accessibility "legal/accessibility.html" "Accessibilité";
    /// Answers `/conditions-d-utilisation`.
    terms Terms "legal/terms.html" "Conditions d’utilisation";
}

#[derive(Template)]
#[template(path = "legal/privacy.html")]
struct Privacy {
    layout: Layout,
    about: About,
    retention: Retention,
}

/// Answers `/donnees-personnelles`, with the periods in force.
pub(in crate::web) async fn privacy(State(app): State<App>, frame: Frame) -> Answer {
    let (about, retention) = (app.config.about.clone(), app.config.retention.clone());
    page(&Privacy { layout: frame.titled("Données personnelles et cookies"), about, retention })
}

/// For how many days what security.txt says holds (RFC 9116 asks for less than a year).
const SECURITY_DAYS: i64 = 180;

/// Answers `/.well-known/security.txt`.
pub(in crate::web) async fn security(State(app): State<App>) -> Answer {
    let about = &app.config.about;
    let contact = match (about.security_contact.as_str(), about.support_email.as_str()) {
        ("", "") => String::new(),
        ("", email) => format!("Contact: mailto:{email}\n"),
        (url, _) if url.starts_with("https://") => format!("Contact: {url}\n"),
        (email, _) => format!("Contact: mailto:{email}\n"),
    };
    let expires = app.now().plus_seconds(SECURITY_DAYS * 86_400).to_rfc3339();
    let demonstration = match app.config.profile {
        Profile::Demo => "# Demonstration: fictitious data.\n",
        Profile::Production => "",
    };
    let url = app.config.server.public_url.trim_end_matches('/');
    let text = format!(
        "{demonstration}{contact}Expires: {expires}\nPreferred-Languages: fr, en\nCanonical: {url}/.well-known/security.txt\n"
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
