//! Every route of the API, with who may call it: one table for the router, the
//! guard, the OpenAPI document and the test of accesses.

use axum::Router;
use axum::http::{Method, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::app::App;
use crate::domain::token::RoleName::{Declarant, Instructor, Manager, Sgar};
use crate::domain::token::Scope;
use crate::http;
use crate::service::eligibility::About;

use super::access::Access::{self, Public, Token};
use super::auth::Guard;
use super::problem::{ApiError, Fault, VOICE};
use super::{auth, health, openapi, v1};

/// A route and who may call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path, with its variable parts in braces.
    pub path: String,
    /// Who may call it.
    pub access: Access,
}

/// The router and its table, while it is built.
struct Table {
    app: App,
    router: OpenApiRouter<App>,
    routes: Vec<Route>,
}

fn table(app: &App) -> Table {
    let table =
        Table { app: app.clone(), router: OpenApiRouter::with_openapi(openapi::base(app)), routes: vec![] };
    table
        // The service itself.
        .route(Public, routes!(health::live))
        .route(Public, routes!(health::ready))
        .route(Public, routes!(health::document))
        // What everyone may know.
        .route(Public, routes!(v1::campaigns::list))
        .route(Public, routes!(v1::campaigns::show))
        .route(Public, routes!(v1::calls::list))
        .route(Public, routes!(v1::calls::show))
        .route(Public, routes!(v1::collectivities::search))
        .route(Public, routes!(v1::collectivities::show))
        .route(Public, routes!(v1::documents::show))
        // Nothing before publication, unless the token says more.
        .route(Public, routes!(v1::declarations::show))
        .route(Public, routes!(v1::reports::list))
        .route(Public, routes!(v1::reports::download))
        // Declaring.
        .route(
            Token { scopes: &[Scope::File, Scope::Read], roles: &[Declarant, Instructor, Manager] },
            routes!(v1::drafts::show),
        )
        .route(Token { scopes: &[Scope::File], roles: &[Declarant] }, routes!(v1::drafts::save))
        .route(Token { scopes: &[Scope::File], roles: &[Declarant] }, routes!(v1::filings::create))
        // Calls for projects.
        .route_about(
            Token { scopes: &[Scope::Eligibility], roles: &[Declarant, Sgar, Instructor, Manager] },
            v1::eligibility::about,
            routes!(v1::eligibility::show),
        )
        .route(
            Token { scopes: &[Scope::Eligibility], roles: &[Instructor, Manager] },
            routes!(v1::eligibility::ask),
        )
        // Following a region.
        .route(Token { scopes: &[Scope::Follow], roles: &[Sgar, Manager] }, routes!(v1::summaries::show))
}

impl Table {
    fn route(self, access: Access, routes: UtoipaMethodRouter<App>) -> Self {
        self.route_about(access, |_address| None, routes)
    }

    /// A route whose address says what will be read: it is read with the token.
    fn route_about(
        mut self,
        access: Access,
        about: fn(&Uri) -> Option<About>,
        (schemas, mut paths, methods): UtoipaMethodRouter<App>,
    ) -> Self {
        for (path, item) in &mut paths.paths {
            for (method, operation) in openapi::operations(item) {
                openapi::amend(operation, access);
                self.routes.push(Route { method, path: path.clone(), access });
            }
        }
        let guard = from_fn_with_state(Guard { app: self.app.clone(), access, about }, auth::guard);
        self.router = self.router.routes((schemas, paths, methods.route_layer(guard)));
        self
    }
}

/// The API, ready to be served.
pub fn router(app: &App) -> Router {
    let (router, _document) = table(app).router.split_for_parts();
    router
        .route("/api/{*rest}", any(no_route))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(from_fn_with_state((app.clone(), VOICE), http::surround))
        .with_state(app.clone())
}

/// Every route, for tests and documentation.
#[must_use]
pub fn all(app: &App) -> Vec<Route> {
    table(app).routes
}

/// The OpenAPI document, as JSON for people to read too.
///
/// # Errors
/// Never for the documents of this program; the error of the serializer otherwise.
pub fn document(app: &App) -> Result<String, serde_json::Error> {
    let mut document = serde_json::to_value(table(app).router.into_openapi())?;
    openapi::typeset(&mut document);
    let mut json = serde_json::to_string_pretty(&document)?;
    json.push('\n');
    Ok(json)
}

async fn no_route() -> ApiError {
    ApiError::new(Fault::NoRoute, "il n’y a rien à cette adresse\u{a0}: voyez /api/openapi.json")
}

async fn no_method() -> ApiError {
    ApiError::new(Fault::Method, "cette adresse n’accepte pas cette méthode\u{a0}: voyez l’en-tête Allow")
}
