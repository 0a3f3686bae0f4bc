//! What stands before the evening: collectivities, the campaign, agents with accounts and, where asked, sessions.

use eapd::app::App;
use eapd::domain::account::{AccountRole, Email, Identity, Secret};
use eapd::domain::attachment::{How, Step, StepKind};
use eapd::domain::instant::Instant;
use eapd::domain::siren::Siren;
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::service::account::{NewAccount, create};
use eapd::service::{campaign, operator, register};
use eapd::store::engine::migrate;
use eapd::store::session::Session;
use eapd::store::{self, Tx};

use super::Asked;
use crate::support::Result;
use crate::support::bench::root;
use crate::support::inside::{clock, open, wait};

/// The campaign that ends.
pub const CAMPAIGN: u16 = 2026;
/// Everybody's password: it is hashed once, and verified at every sign-in.
pub const PASSWORD: &str = "girafe velours octet jambon";
/// Collectivities that sign in the second of closing.
pub const EDGES: usize = 40;
/// Rows of one transaction.
const TOGETHER: usize = 500;

/// Somebody who declares.
#[derive(Debug, Clone)]
pub struct Declarant {
    /// For whom.
    pub siren: Siren,
    /// Address of the account.
    pub email: String,
    /// What the cookie of a session holds, where there is one before.
    pub session: Option<String>,
}

/// Everything prepared.
#[derive(Debug)]
pub struct Ground {
    /// In the order of arrival; the last [`EDGES`] are those of the last second.
    pub declarants: Vec<Declarant>,
    /// The first instant after the window.
    pub closes_at: Instant,
}

/// Migrates, imports the register, opens the campaign, and lets the agents in.
pub fn prepare(url: &str, owner: Option<&str>, asked: Asked) -> Result<Ground> {
    wait(async {
        migrate(url, owner, true, clock()?).await?;
        let app = open(url).await?;
        let ground = fill(&app, asked).await?;
        app.db.close().await;
        Ok(ground)
    })
}

async fn fill(app: &App, asked: Asked) -> Result<Ground> {
    let actor = operator::identify(app, "charge").await?;
    let folder = root().join("node_modules/@etalab/decoupage-administratif");
    register::import(app, &actor, &register::read_package(&folder)?, None, &()).await?;
    campaign::create(app, &actor, CampaignYear::new(CAMPAIGN)?, None, true).await?;
    let flow_year = FlowYear::new(CAMPAIGN - 1)?;
    let mut tx = app.db.snapshot().await?;
    let found = store::campaign::find(&mut tx, CampaignYear::new(CAMPAIGN)?).await?.ok_or("no campaign")?;
    let closes_at = found.closes_at(app.now());
    let bodies = store::register::of_year(&mut tx, flow_year).await?;
    drop(tx);
    let mut sirens: Vec<Siren> = bodies
        .into_iter()
        .filter_map(|(siren, body)| body.lasted(flow_year, flow_year).then_some(siren))
        .collect();
    sirens.sort_unstable();
    let wanted = asked.declarants + EDGES;
    if sirens.len() < wanted {
        return Err(
            format!("the register has {} collectivities, {wanted} are to declare", sirens.len()).into()
        );
    }
    let step = sirens.len() / wanted;
    let chosen: Vec<Siren> = sirens.into_iter().step_by(step.max(1)).take(wanted).collect();
    // One account by its use case: the others have its hash.
    let first = NewAccount {
        email: "modele@declarant.example".parse::<Email>()?,
        identity: identity("Modèle Fictif")?,
        role: AccountRole::Declarant,
    };
    let model = create(app, &actor, &first, PASSWORD).await?;
    let mut tx = app.db.snapshot().await?;
    let hash = store::account::find(&mut tx, &model).await?.ok_or("no account")?.password;
    drop(tx);
    // Sessions of the last hour, on the clock of the evening.
    let since = closes_at.plus_seconds(-1_800);
    let mut declarants = vec![];
    for chunk in chosen.chunks(TOGETHER) {
        let mut tx = app.db.begin().await?;
        for siren in chunk {
            let email = format!("agent-{siren}@declarant.example");
            let (person, request) = (app.random.identifier(), app.random.identifier());
            let identity = identity("Agent Fictif")?;
            let now = app.now();
            store::person::insert_agent(&mut tx, &person, (&email.parse()?, &identity), now).await?;
            store::account::insert(&mut tx, &person, &hash, &AccountRole::Declarant, now).await?;
            store::account::confirm(&mut tx, &person, now).await?;
            store::attachment::insert(&mut tx, &request, (&person, *siren), None, now).await?;
            let step = Step {
                kind: StepKind::Accepted,
                how: How::Ministry,
                at: now,
                by: actor.person.clone(),
                reason: None,
            };
            store::attachment::add_step(&mut tx, &request, &step).await?;
            let session =
                if asked.signs_in { None } else { Some(session(app, &mut tx, &person, since).await?) };
            declarants.push(Declarant { siren: *siren, email, session });
        }
        tx.commit().await?;
    }
    Ok(Ground { declarants, closes_at })
}

async fn session(app: &App, tx: &mut Tx<'_>, person: &str, at: Instant) -> Result<String> {
    let secret = Secret::new(format!("{}{}", app.random.identifier(), app.random.identifier()));
    let session = Session {
        id: app.random.identifier(),
        person: person.to_owned(),
        browser: "Navigateur fictif".to_owned(),
        created_at: at,
        seen_at: at,
        ended_at: None,
    };
    let hash = secret.sha256().ok_or("no hash")?;
    store::session::insert(tx, &session, &hash).await?;
    Ok(secret.reveal().to_owned())
}

fn identity(name: &str) -> Result<Identity> {
    Identity::new(name, "secrétaire de mairie").map_err(|faults| format!("{faults:?}").into())
}
