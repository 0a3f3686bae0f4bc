//! Every page with its address: one table for the router and for the test that walks it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get};

use crate::app::App;
use crate::http;

use super::assets;
use super::pages::{collectivity, help, home, legal, receipt, search};
use super::refusal::{PageRefused, VOICE};

/// The pages, by address.
fn table() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        // What everyone may see.
        ("/", get(home::show)),
        ("/collectivites", get(search::show)),
        ("/collectivites/{siren}", get(collectivity::show)),
        ("/recepisses", get(receipt::show)),
        ("/aide", get(help::show)),
        // What a service of the State must say.
        ("/mentions-legales", get(legal::notices)),
        ("/donnees-personnelles", get(legal::privacy)),
        ("/accessibilite", get(legal::accessibility)),
        ("/conditions-d-utilisation", get(legal::terms)),
        ("/plan-du-site", get(help::site_map)),
        ("/.well-known/security.txt", get(legal::security)),
    ]
}

/// The pages and their static files, ready to be served.
pub fn router(app: &App) -> Router {
    let pages =
        table().into_iter().fold(Router::new(), |router, (address, methods)| router.route(address, methods));
    pages
        .route("/static/{*address}", get(assets::show))
        .fallback(async || PageRefused::nothing_here())
        .method_not_allowed_fallback(async || PageRefused::method())
        .layer(DefaultBodyLimit::max(app.config.server.max_body_bytes))
        .layer(from_fn_with_state((app.clone(), VOICE), http::surround))
        .with_state(app.clone())
}

/// The address of every page, with its variable parts in braces.
#[must_use]
pub fn addresses() -> Vec<&'static str> {
    table().into_iter().map(|(address, _)| address).collect()
}
