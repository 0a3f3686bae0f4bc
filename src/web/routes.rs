//! Every page with its address: one table for the router and for the test that walks it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use crate::app::App;
use crate::http;

use super::pages::account::{
    agents, confirm, contacts, factor, forgotten, invitation, own, sign_in, sign_up, step,
};
use super::pages::administration::{account, accounts, invite, journal, tasks};
use super::pages::declare::{carry_over, filed, import, left_over, line, preview, recap, sign, space};
use super::pages::eligibility::{ask, body, certificate, list, pending};
use super::pages::managing::{
    calls, campaign, campaigns, declaration, derogations, publication, quality, steps, version,
};
use super::pages::questions;
use super::pages::register as registry;
use super::pages::{
    attachments, codes, collectivity, eligibility, follow_up, help, home, legal, mails, open_data, receipt,
    reminders, reports, search, steering, summary,
};
use super::refusal::{self, PageRefused, VOICE};
use super::{assets, origin, visitor};

/// Pages, by address.
type Table = Vec<(&'static str, MethodRouter<App>)>;

/// Every page.
fn table() -> Table {
    [everyone(), agents(), following(), deciding()].concat()
}

/// What everyone may see, and what a service of the State must say.
fn everyone() -> Table {
    vec![
        // What everyone may see.
        ("/", get(home::show)),
        ("/collectivites", get(search::show)),
        ("/collectivites/{siren}", get(collectivity::show)),
        ("/recepisses", get(receipt::show)),
        ("/donnees-ouvertes", get(open_data::show)),
        ("/aide", get(help::show)),
        // What a demonstration would send.
        ("/demo/courriels", get(mails::show)),
        ("/demo/codes", get(codes::show)),
        // What a service of the State must say.
        ("/mentions-legales", get(legal::notices)),
        ("/donnees-personnelles", get(legal::privacy)),
        ("/accessibilite", get(legal::accessibility)),
        ("/conditions-d-utilisation", get(legal::terms)),
        ("/plan-du-site", get(help::site_map)),
        ("/.well-known/security.txt", get(legal::security)),
    ]
}

/// Accounts, and the space of an agent.
fn agents() -> Table {
    vec![
        // Accounts.
        ("/connexion", get(sign_in::show).post(sign_in::send)),
        ("/deconnexion", get(own::leaving).post(sign_in::leave)),
        ("/inscription", get(sign_up::show).post(sign_up::send)),
        ("/inscription/confirmation", get(confirm::show).post(confirm::send)),
        ("/mot-de-passe-oublie", get(forgotten::show).post(forgotten::send)),
        ("/mot-de-passe-oublie/nouveau", get(forgotten::choose).post(forgotten::change)),
        ("/compte", get(own::show)),
        ("/compte/sessions", post(own::end_sessions)),
        ("/compte/mot-de-passe", get(own::password).post(own::change_password)),
        // The space of an agent.
        ("/espace", get(own::space)),
        ("/espace/rattachement", get(own::attach).post(own::ask_attachment)),
        ("/espace/{siren}/agents", get(agents::show).post(agents::decide)),
        ("/espace/{siren}/contacts", get(contacts::show).post(contacts::send)),
        ("/espace/{siren}/contacts/{contact}", get(contacts::edit).post(contacts::change)),
        ("/espace/{siren}/code", get(agents::code).post(agents::use_code)),
        ("/espace/{siren}/questions", get(questions::own::show)),
        ("/espace/{siren}/questions/{question}", get(questions::own::one).post(questions::own::answer)),
        // Declaring.
        ("/espace/{siren}/{exercice}", get(space::show)),
        ("/espace/{siren}/{exercice}/est-ce-de-l-apd", get(space::is_it)),
        ("/espace/{siren}/{exercice}/lignes/nouvelle", get(line::new).post(line::create)),
        ("/espace/{siren}/{exercice}/lignes/{reference}", get(line::edit).post(line::change)),
        ("/espace/{siren}/{exercice}/reprise", get(carry_over::show).post(carry_over::take)),
        ("/espace/{siren}/{exercice}/brouillon-d-avant", post(left_over::decide)),
        (
            "/espace/{siren}/{exercice}/import",
            // It counts the bytes itself: a file that is too large gets its page.
            get(import::form).post(import::send).layer(DefaultBodyLimit::disable()),
        ),
        ("/espace/{siren}/{exercice}/import/{apercu}", get(preview::show).post(preview::end)),
        ("/espace/{siren}/{exercice}/import/{apercu}/annote", get(preview::annotated)),
        ("/espace/{siren}/{exercice}/modele", get(import::template)),
        ("/espace/{siren}/{exercice}/recapitulatif", get(recap::show)),
        ("/espace/{siren}/{exercice}/signature", get(sign::show).post(sign::send)),
        ("/espace/{siren}/{exercice}/neant", get(sign::show).post(sign::send)),
        ("/espace/{siren}/{exercice}/recepisses/{numero}", get(filed::receipt)),
        ("/espace/{siren}/{exercice}/recepisses/{numero}/pdf", get(filed::receipt_pdf)),
        ("/espace/{siren}/{exercice}/historique", get(filed::history)),
        ("/espace/{siren}/{exercice}/export", get(filed::export)),
    ]
}

/// What the ministry, the prefectures and the observers follow.
fn following() -> Table {
    vec![
        // The ministry, the prefectures, the observers.
        ("/pilotage", get(steering::show)),
        // Following a campaign: expected bodies, reminders.
        ("/pilotage/suivi", get(follow_up::dashboard::latest)),
        ("/pilotage/suivi/{annee}", get(follow_up::dashboard::show)),
        ("/pilotage/suivi/{annee}/collectivites", get(follow_up::list::show)),
        ("/pilotage/contacts/{siren}", get(follow_up::contacts::show)),
        ("/pilotage/suivi/{annee}/export", get(follow_up::list::export)),
        ("/pilotage/suivi/{annee}/attendues", get(follow_up::expected::show).post(follow_up::expected::send)),
        (
            "/pilotage/suivi/{annee}/attendues/import",
            post(follow_up::expected::preview).layer(DefaultBodyLimit::disable()),
        ),
        ("/pilotage/relances", get(reminders::latest)),
        ("/pilotage/relances/{annee}", get(reminders::show).post(reminders::send)),
        // Questions to collectivities.
        ("/pilotage/questions", get(questions::list::show)),
        ("/pilotage/questions/nouvelle", get(questions::ask::show).post(questions::ask::send)),
        ("/pilotage/questions/{question}", get(questions::followed::show).post(questions::followed::act)),
        // Summaries and reports.
        ("/pilotage/syntheses", get(summary::choose)),
        ("/pilotage/syntheses/{region}/{exercice}", get(summary::show)),
        ("/pilotage/syntheses/{region}/{exercice}/{format}", get(summary::file)),
        ("/pilotage/rapports", get(reports::show)),
        ("/pilotage/rapports/{nom}/{exercice}", post(reports::release)),
        ("/pilotage/rapports/publications/{commande}", get(reports::order::show)),
        ("/pilotage/rapports/{nom}/{exercice}/{edition}/changements", get(reports::changes::show)),
        ("/pilotage/rapports/{nom}/{exercice}/{edition}/{format}", get(reports::file)),
        // Requests to be attached; accounts, second factor, journal.
        ("/connexion/code", get(step::show).post(step::send)),
        ("/invitation", get(invitation::show).post(invitation::send)),
        ("/compte/double-authentification", get(factor::show).post(factor::send)),
        ("/pilotage/rattachements", get(attachments::show).post(attachments::decide)),
        ("/administration/comptes", get(accounts::show).post(accounts::send)),
        ("/administration/comptes/invitation", get(invite::show).post(invite::send)),
        ("/administration/comptes/{personne}", get(account::show).post(account::act)),
        ("/administration/journal", get(journal::show).post(journal::act)),
        ("/administration/taches", get(tasks::show)),
    ]
}

/// What the ministry decides and answers.
fn deciding() -> Table {
    vec![
        // Campaigns, derogations, versions of managers.
        ("/pilotage/campagnes", get(campaigns::show)),
        ("/pilotage/campagnes/nouvelle", get(campaigns::new).post(campaigns::create)),
        ("/pilotage/campagnes/{annee}", get(campaign::show)),
        ("/pilotage/campagnes/{annee}/dates", get(steps::dates).post(steps::plan)),
        ("/pilotage/campagnes/{annee}/prorogation", get(steps::extension).post(steps::extend)),
        ("/pilotage/campagnes/{annee}/annonce", get(steps::announcement).post(steps::announce)),
        ("/pilotage/campagnes/{annee}/arret", get(steps::settlement).post(steps::settle)),
        ("/pilotage/campagnes/{annee}/annulation", get(steps::cancellation).post(steps::cancel)),
        (
            "/pilotage/campagnes/{annee}/derogations",
            get(derogations::of_campaign).post(derogations::grant_filing),
        ),
        ("/pilotage/campagnes/{annee}/publication", get(publication::show).post(publication::publish)),
        ("/pilotage/campagnes/{annee}/titre", get(publication::title).post(publication::replace)),
        ("/pilotage/qualite", get(quality::last)),
        ("/pilotage/qualite/{annee}", get(quality::show)),
        ("/pilotage/qualite/{annee}/export", get(quality::export)),
        ("/pilotage/appels", get(calls::show)),
        ("/pilotage/appels/nouveau", get(calls::new).post(calls::create)),
        ("/pilotage/appels/{code}", get(calls::one)),
        (
            "/pilotage/appels/{code}/derogations",
            get(derogations::of_call).post(derogations::grant_eligibility),
        ),
        ("/pilotage/derogations/{numero}", get(derogations::revocation).post(derogations::revoke)),
        ("/pilotage/declarations/{siren}/{exercice}", get(declaration::show)),
        ("/pilotage/declarations/{siren}/{exercice}/export", get(declaration::lines)),
        (
            "/pilotage/declarations/{siren}/{exercice}/version",
            // It counts the bytes itself: a file that is too large gets its page.
            get(version::show).post(version::send).layer(DefaultBodyLimit::disable()),
        ),
        (
            "/pilotage/declarations/{siren}/{exercice}/version/annulation",
            get(version::annulment).post(version::annul),
        ),
        (
            "/pilotage/declarations/{siren}/{exercice}/version/neant",
            get(version::nil).post(version::take_nil),
        ),
        (
            "/pilotage/declarations/{siren}/{exercice}/version/lignes/{reference}",
            get(version::line).post(version::change),
        ),
        (
            "/pilotage/declarations/{siren}/{exercice}/version/{apercu}",
            get(version::proposal).post(version::confirm),
        ),
        // The register.
        ("/pilotage/registre", get(registry::search)),
        (
            "/pilotage/registre/decision/{operation}",
            get(registry::decision::show).post(registry::decision::send),
        ),
        (
            "/pilotage/registre/fichier",
            get(registry::file::form).post(registry::file::send).layer(DefaultBodyLimit::disable()),
        ),
        ("/pilotage/registre/fichier/{apercu}", get(registry::file::show).post(registry::file::end)),
        ("/pilotage/registre/{siren}", get(registry::sheet)),
        // Eligibility and certificates.
        (
            "/pilotage/eligibilite",
            // It counts the bytes itself: a file that is too large gets its page.
            get(ask::show).post(ask::send).layer(DefaultBodyLimit::disable()),
        ),
        ("/pilotage/eligibilite/listes/{liste}", get(list::show)),
        ("/pilotage/eligibilite/listes/{liste}/fichier", get(list::file)),
        ("/pilotage/eligibilite/appels/{appel}/en-attente", get(pending::show).post(pending::send)),
        ("/pilotage/eligibilite/appels/{appel}/en-attente/export", get(pending::export)),
        (
            "/pilotage/eligibilite/attestations/{attestation}",
            get(certificate::show).post(certificate::revoke),
        ),
        ("/pilotage/eligibilite/attestations/{attestation}/pdf", get(certificate::pdf)),
        ("/pilotage/eligibilite/{siren}", get(body::show)),
        ("/pilotage/eligibilite/{siren}/attestations", post(body::certify)),
        ("/espace/{siren}/eligibilite", get(eligibility::own::show)),
    ]
}

/// The pages and their static files, ready to be served.
pub fn router(app: &App) -> Router {
    let pages =
        table().into_iter().fold(Router::new(), |router, (address, methods)| router.route(address, methods));
    pages
        .layer(from_fn_with_state(app.clone(), origin::guard))
        .layer(from_fn_with_state(app.clone(), visitor::know))
        .route("/static/{*address}", get(assets::show))
        .fallback(async || PageRefused::nothing_here())
        .method_not_allowed_fallback(async || PageRefused::method())
        .layer(from_fn_with_state(app.clone(), refusal::keep_typed))
        .layer(DefaultBodyLimit::max(app.config.server.max_body_bytes))
        .layer(from_fn_with_state((app.clone(), VOICE), http::surround))
        .with_state(app.clone())
}

/// The address of every page, with its variable parts in braces.
#[must_use]
pub fn addresses() -> Vec<&'static str> {
    table().into_iter().map(|(address, _)| address).collect()
}
