//! A register with a few bodies, a published year, an open campaign: what the pages show.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use eapd::cli::serve::router;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::api::world;
use crate::support::{Engine, TestApp};

/// The application with the world of the API's tests, on 20 May 2014.
pub async fn app(engine: Engine) -> TestApp {
    TestApp::copy_of(&world::world(engine).await, "2014-05-20T10:00:00+02:00").await
}

/// A page as it came.
pub struct Page {
    pub status: StatusCode,
    pub response: axum::http::response::Parts,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.response.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The text as people read it, without its markup.
    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut in_tag = false;
        for c in self.text.chars() {
            match c {
                '<' => in_tag = true,
                '>' => {
                    in_tag = false;
                    words.push(' ');
                }
                c if !in_tag => words.push(c),
                _ => {}
            }
        }
        let words = words.replace("&nbsp;", "\u{a0}").replace("&amp;", "&").replace("&#39;", "'");
        words.split([' ', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// Asks for a page.
pub async fn get(app: &TestApp, path: &str) -> Page {
    ask(app, Request::builder().method(Method::GET).uri(path).body(Body::empty()).unwrap()).await
}

/// Asks for anything.
pub async fn ask(app: &TestApp, request: Request<Body>) -> Page {
    let response: Response = router(&app.app).oneshot(request).await.unwrap();
    let (response, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Page { status: response.status, response, text, bytes: bytes.to_vec() }
}
