//! An agent who signed in, before a declaration that is open.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use eapd::config::Profile;
use eapd::domain::account::{AccountRole, Email, Identity};
use eapd::domain::year::CampaignYear;
use eapd::service::account::{self, NewAccount, Origin, SignedIn};
use eapd::service::{attachment, campaign, operator};

use super::world::{Page, ask};
use crate::support::register::{Entry, register};
use crate::support::template::{Made, prepared};
use crate::support::{Engine, TestApp};

/// Fictitious SIREN: the agents' own, and another one.
pub const OWN: &str = "219900107";
pub const OTHER: &str = "219900115";
/// The middle of the window.
pub const NOW: &str = "2014-05-20T10:00:00+02:00";
pub const PASSWORD: &str = "girafe velours octet jambon";
/// Two agents of [`OWN`].
pub const FIRST: &str = "premiere@commune.example";
pub const SECOND: &str = "second@commune.example";

/// The declaration of [`OWN`].
pub const BASE: &str = "/espace/219900107/2013";

/// Two bodies, two agents of the first one, the campaign 2014.
pub async fn desk(engine: Engine) -> Made {
    prepared(engine, Profile::Demo, "desk", "2013-01-10T09:00:00+01:00", async |test: &TestApp| {
        let entries = [(OWN, "Commune d’Essai"), (OTHER, "Commune voisine")]
            .map(|(siren, name)| Entry::named(siren.parse().unwrap(), name));
        register(test, &entries, &[], &[]).await;
        let app = &test.app;
        let actor = operator::identify(app, "essai").await.unwrap();
        for year in [2013, 2014] {
            campaign::create(app, &actor, CampaignYear::new(year).unwrap(), None, true).await.unwrap();
        }
        for (email, name) in [(FIRST, "Agente Inventée"), (SECOND, "Agent Imaginaire")] {
            let new = NewAccount {
                email: email.parse::<Email>().unwrap(),
                identity: Identity::new(name, "secrétaire de mairie").unwrap(),
                role: AccountRole::Declarant,
            };
            let person = account::create(app, &actor, &new, PASSWORD).await.unwrap();
            attachment::attach(app, &actor, &person, OWN.parse().unwrap()).await.unwrap();
        }
    })
    .await
}

/// A browser with a session.
pub struct Signed<'a> {
    app: &'a TestApp,
    cookie: String,
    base: String,
}

impl<'a> Signed<'a> {
    /// Signs in without the page.
    pub async fn as_(app: &'a TestApp, email: &str) -> Self {
        let origin = Origin { address: "192.0.2.1".to_owned(), browser: "Navigateur fictif".to_owned() };
        let SignedIn::Opened(opened) = account::sign_in(&app.app, email, PASSWORD, &origin).await.unwrap()
        else {
            panic!("no session");
        };
        Self::with(app, &format!("__Host-eapd-session={}", opened.secret.reveal()))
    }

    /// Whoever holds this cookie.
    pub fn with(app: &'a TestApp, cookie: &str) -> Self {
        Self { app, cookie: cookie.to_owned(), base: BASE.to_owned() }
    }

    /// The cookie of the session, `name=value`.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// The same before the declaration of another year.
    pub fn on(self, year: u16) -> Self {
        Self { base: format!("/espace/{OWN}/{year}"), ..self }
    }

    /// The same application, by another session.
    pub fn of(&self, cookie: &str) -> Self {
        Self { app: self.app, cookie: cookie.to_owned(), base: self.base.clone() }
    }

    /// Accepts a request to be attached to [`OWN`].
    pub async fn accepts(&self, request: &str) {
        let agents = Self { base: format!("/espace/{OWN}"), ..self.of(&self.cookie) };
        agents.sends("/agents", &[("action", "accepter"), ("demande", request)]).await;
    }

    pub async fn get(&self, path: &str) -> Page {
        let request = Request::builder().method(Method::GET).uri(path).header(header::COOKIE, &self.cookie);
        ask(self.app, request.body(Body::empty()).unwrap()).await
    }

    /// Opens a page of the declaration, which must be there.
    pub async fn open(&self, rest: &str) -> Page {
        let page = self.get(&format!("{}{rest}", self.base)).await;
        assert_eq!(page.status, StatusCode::OK, "{rest} {}", page.words());
        page
    }

    /// Sends a form of the declaration.
    pub async fn send(&self, rest: &str, fields: &[(&str, &str)]) -> Page {
        self.on_path(&format!("{}{rest}", self.base), fields).await
    }

    /// Sends a form to any address.
    pub async fn on_path(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields {
            body.append_pair(name, value);
        }
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        ask(self.app, request.body(Body::from(body.finish())).unwrap()).await
    }

    /// Sends a form with a file, as a browser does.
    pub async fn upload(&self, rest: &str, mode: &str, file: &[u8]) -> Page {
        let body = multipart(&[("mode", None, mode.as_bytes()), ("fichier", Some("../../x.exe"), file)]);
        self.send_body(rest, &format!("multipart/form-data; boundary={BOUNDARY}"), body).await
    }

    /// Sends anything, from a page of ours.
    pub async fn send_body(&self, rest: &str, kind: &str, body: Vec<u8>) -> Page {
        self.sends_to(&format!("{}{rest}", self.base), kind, body).await
    }

    /// Sends anything to any address, from a page of ours.
    pub async fn sends_to(&self, path: &str, kind: &str, body: Vec<u8>) -> Page {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, kind);
        ask(self.app, request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a form that is taken; gives the address that follows.
    pub async fn sends(&self, rest: &str, fields: &[(&str, &str)]) -> String {
        let page = self.send(rest, fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{rest} {}", page.words());
        page.header("location").to_owned()
    }
}

/// What separates the parts of a form with a file.
pub const BOUNDARY: &str = "----LimiteFictive7MA4YWxk";

/// The body of a form with a file: name, name of the file, content.
pub fn multipart(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        let kind = if file.is_empty() { "" } else { "Content-Type: text/html\r\n" };
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n{kind}\r\n")
                .as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// The value of a field of a page.
pub fn value(page: &Page, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.text.split_once(&start).unwrap_or_else(|| panic!("no {name}: {}", page.text)).1;
    rest.split('"').next().unwrap().to_owned()
}

/// The line of the secretary of a small commune.
pub const WATER: [(&str, &str); 6] = [
    ("cas", "association_ici"),
    ("organisme", "Association fictive"),
    ("pays", "255"),
    ("theme", "eau"),
    ("montant_verse", "3 200 €"),
    ("cofinancements_recus", ""),
];

/// [`WATER`] with other values.
pub fn water<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = WATER.to_vec();
    fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    fields.extend(changes);
    fields
}
