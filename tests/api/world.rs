//! The objects that requests are about: three collectivities in two regions, a
//! published campaign, an open one with a frozen declaration, drafts, tokens.

use eapd::app::App;
use eapd::config::Profile;
use eapd::domain::field::{Field, RawLine};
use eapd::domain::instant::Instant;
use eapd::domain::role::{Actor, Role};
use eapd::domain::siren::Siren;
use eapd::domain::token::{RoleName, Scope, Token};
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::declaration::{Signatory, draft};
use eapd::service::{campaign, operator};
use eapd::store;
use eapd::store::person::PersonKind;
use sha2::{Digest, Sha256};

use crate::support::template::{Made, prepared};
use crate::support::{Engine, TestApp, sql};

/// Fictitious SIREN of département 99: the body of the declarant and of the SGAR's region.
pub const OWN: &str = "219900107";
/// Another body of that region.
pub const OTHER: &str = "219900115";
/// A body of another region.
pub const FAR: &str = "219900123";
/// A valid SIREN that the register does not hold.
pub const UNKNOWN: &str = "219900131";

/// The middle of the window that is open.
pub const NOW: &str = "2014-05-20T10:00:00+02:00";

/// Every scope of its role, for each role.
pub fn secret(role: RoleName) -> String {
    format!("eapd_ESSAI-{}", role.code())
}

/// A line that every rule accepts; `cents` is a whole amount in euro cents.
pub fn line(reference: &str, amount: &str) -> RawLine {
    RawLine::default()
        .with(Field::Reference, reference)
        .with(Field::Title, "Adduction d’eau (fictive)")
        .with(Field::Recipient, "SEN")
        .with(Field::Purpose, "14030")
        .with(Field::Channel, "22000")
        .with(Field::Nature, "projet")
        .with(Field::AmountPaid, amount)
        .with(Field::CofinancingReceived, "34,56")
        .with(Field::Organisation, "Association fictive")
        .with(Field::Description, "DESCRIPTION JAMAIS PUBLIQUE")
        .with(Field::Place, "LIEU JAMAIS PUBLIC")
}

/// The database of these tests, made once an engine.
pub async fn world(engine: Engine) -> Made {
    prepared(engine, Profile::Demo, "api_world", "2013-01-10T09:00:00+01:00", build).await
}

pub async fn build(test: &TestApp) {
    let app = &test.app;
    for (siren, region) in [(OWN, "11"), (OTHER, "11"), (FAR, "76")] {
        let statements = sql::opening(test.engine()).to_owned() + &sql::transaction(&body(siren, region));
        test.instance.must(&statements);
    }
    let operator = operator::identify(app, "essai").await.unwrap();
    campaign::create(app, &operator, year(2013), None, true).await.unwrap();
    test.set_clock("2013-05-20T10:00:00+02:00");
    for siren in [OWN, OTHER, FAR] {
        declare(app, &operator, siren, 2012, vec![line("A-1", "1 234,56")]).await;
    }
    test.set_clock("2013-07-01T10:00:00+02:00");
    campaign::settle(app, &operator, year(2013)).await.unwrap();
    campaign::publish(app, &operator, year(2013)).await.unwrap();
    test.set_clock("2014-01-10T10:00:00+01:00");
    campaign::create(app, &operator, year(2014), None, true).await.unwrap();
    test.set_clock("2014-05-19T10:00:00+02:00");
    for siren in [OWN, FAR] {
        declare(app, &operator, siren, 2013, vec![line("B-1", "1 234,56"), line("B-2", "100")]).await;
    }
    for siren in [OWN, OTHER, FAR] {
        let (siren, flow_year) = (siren.parse().unwrap(), FlowYear::new(2013).unwrap());
        let lines = [line("C-1", "77,77")];
        draft::save(app, &operator, siren, flow_year, None, &lines).await.unwrap();
    }
    for role in RoleName::ALL {
        keep_token(app, role).await;
    }
}

pub async fn declare(app: &App, operator: &Actor, siren: &str, flow_year: u16, lines: Vec<RawLine>) {
    let request = Request {
        siren: siren.parse().unwrap(),
        flow_year: FlowYear::new(flow_year).unwrap(),
        content: Content::Lines(lines),
        signatory: Signatory { name: "NOM JAMAIS PUBLIC".to_owned(), function: "Maire".to_owned() },
        document: None,
        received_at: app.now(),
        idempotency: None,
    };
    file(app, operator, &request).await.unwrap();
}

/// A token whose secret the tests know.
async fn keep_token(app: &App, role: RoleName) {
    let scopes = Scope::ALL.into_iter().filter(|scope| scope.roles().contains(&role)).collect();
    insert_token(app, role, scopes, &secret(role), "2015-01-01T00:00:00Z".parse().unwrap()).await;
}

/// A token with these scopes and this secret.
pub async fn insert_token(app: &App, role: RoleName, scopes: Vec<Scope>, secret: &str, expires_at: Instant) {
    let person = app.random.identifier();
    let token = Token {
        id: app.random.identifier(),
        person: person.clone(),
        role: of_name(role),
        scopes,
        created_at: app.now(),
        expires_at,
        revoked_at: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    store::person::insert(&mut tx, &person, PersonKind::Token, "Logiciel fictif", None, app.now())
        .await
        .unwrap();
    let hash = hex::encode(Sha256::digest(secret.as_bytes()));
    store::token::insert(&mut tx, &token, &hash).await.unwrap();
    tx.commit().await.unwrap();
}

/// The role of a name, over [`OWN`] and its region.
pub fn of_name(role: RoleName) -> Role {
    match role {
        RoleName::Declarant => Role::Declarant(vec![own()]),
        RoleName::Sgar => Role::Sgar("11".to_owned()),
        RoleName::Instructor => Role::Instructor,
        RoleName::Manager => Role::Manager,
        RoleName::Observer => Role::Observer,
        RoleName::Administrator => Role::Administrator,
    }
}

fn own() -> Siren {
    OWN.parse().unwrap()
}

pub fn year(number: u16) -> CampaignYear {
    CampaignYear::new(number).unwrap()
}

fn body(siren: &str, region: &str) -> String {
    format!(
        "INSERT INTO collectivity_state (collectivity, from_year, revision, kind, code, name, departement, region, \
         population, reason, recorded_at) VALUES ('{siren}', 0, 1, 'commune', '99{siren}', 'Commune fictive {siren}', \
         '99', '{region}', 1000, 'essai', '2013-01-01T00:00:00Z');\n\
         INSERT INTO collectivity (id, siren, millesime, source, sort_key) \
         VALUES ('{siren}', '{siren}', 2026, 'csv', 'commune fictive {siren}');\n"
    )
}
