//! A browser without a window: keeps its cookies, sends forms as a page of ours does.

use axum::body::Body;
use axum::http::{Method, Request, header};

use super::world::{Page, ask};
use crate::support::TestApp;

/// Someone at a browser.
pub struct Client<'t> {
    app: &'t TestApp,
    cookies: Vec<(String, String)>,
}

impl<'t> Client<'t> {
    pub fn new(app: &'t TestApp) -> Self {
        Self { app, cookies: vec![] }
    }

    /// The value of a cookie, if it is there.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::builder().method(Method::GET).uri(path), Body::empty()).await
    }

    /// Sends a form, from a page of ours.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        let sent: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, sent.join("; ")).body(body).unwrap();
        let page = ask(self.app, request).await;
        for set in page.response.headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            let (pair, rules) = set.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            for rule in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
                assert!(rules.contains(rule), "{set}");
            }
            assert!(name.starts_with("__Host-") && !rules.contains("Domain"), "{set}");
            self.cookies.retain(|(known, _)| known != name);
            if !rules.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        page
    }
}
