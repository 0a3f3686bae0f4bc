//! A client of the API: requests through the router, no network.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::middleware::from_fn_with_state;
use eapd::api;
use eapd::app::{App, Parts};
use eapd::domain::token::RoleName;
use eapd::random::Random;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::support::{Engine, Role, TestApp, without_refusals};

use super::world::secret;

/// The API on the world of these tests.
pub struct Api {
    pub test: TestApp,
    pub app: App,
    router: Router,
}

/// An answer, with its body.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

/// A request being written.
pub struct Asked<'a> {
    api: &'a Api,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Api {
    pub fn new(test: TestApp) -> Self {
        let app = App::from(Parts { random: Arc::new(Random::from_seed(2)), ..Parts::clone(&test.app) });
        Self { router: api::router(&app), app, test }
    }

    /// The same with other settings.
    pub fn configured(test: TestApp, change: impl FnOnce(&mut eapd::config::Config)) -> Self {
        let mut config = (*test.app.config).clone();
        change(&mut config);
        let app = App::from(Parts {
            random: Arc::new(Random::from_seed(2)),
            config: Arc::new(config),
            ..Parts::clone(&test.app)
        });
        Self { router: api::router(&app), app, test }
    }

    /// The envelope of the API around other routes.
    pub fn around(self, routes: Router) -> Self {
        let router =
            routes.layer(from_fn_with_state((self.app.clone(), api::problem::VOICE), eapd::http::surround));
        Self { router, ..self }
    }

    pub fn ask(&self, method: Method, path: impl Into<String>) -> Asked<'_> {
        Asked { api: self, method, path: path.into(), headers: vec![], body: vec![] }
    }

    pub fn get(&self, path: impl Into<String>) -> Asked<'_> {
        self.ask(Method::GET, path)
    }

    pub fn put(&self, path: impl Into<String>) -> Asked<'_> {
        self.ask(Method::PUT, path)
    }

    pub fn post(&self, path: impl Into<String>) -> Asked<'_> {
        self.ask(Method::POST, path)
    }

    /// Every row of every table, as text.
    pub fn dump(&self) -> Dump {
        let instance = &self.test.instance;
        let outcome = match self.test.engine() {
            Engine::Sqlite => instance.sql(".dump"),
            Engine::Postgres => {
                instance.sql_as(Role::Owner, "SELECT schema_to_xml('public', true, true, '');")
            }
        };
        assert!(outcome.done() && outcome.stdout.contains("Commune fictive"), "{outcome}");
        Dump(without_refusals(&outcome.stdout))
    }
}

/// Everything that a database holds; `Debug` shows little of it.
#[derive(PartialEq, Eq)]
pub struct Dump(pub String);

impl std::fmt::Debug for Dump {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a dump of {} bytes", self.0.len())
    }
}

impl Asked<'_> {
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With the token of a role, all its scopes.
    pub fn by(self, role: RoleName) -> Self {
        self.with_token(&secret(role))
    }

    pub fn with_token(self, secret: &str) -> Self {
        self.header("authorization", format!("Bearer {secret}"))
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.raw(body.to_string())
    }

    /// With a body announced as JSON.
    pub fn raw(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", "application/json")
    }

    /// With a body as it is.
    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub async fn send(self) -> Answer {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(self.body)).unwrap();
        let response = self.api.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.bytes)))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// A success, as JSON.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        self.json()
    }

    /// A problem with this status and code; gives it.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["reference"], self.header("x-request-id"));
        for key in ["title", "detail", "instance"] {
            assert!(problem[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {problem}");
        }
        problem
    }
}
