//! The demonstration: the real register, a past campaign that is published, and
//! a campaign that is open, with fictitious amounts.
//!
//! It goes through the use cases that everyone uses, with a clock that is moved
//! along, so that what it shows is what the service does.

pub mod accounts;
mod bodies;
mod lines;
pub mod scale;
pub mod staff;
pub mod tokens;

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::app::{App, StartError};
use crate::clock::ManualClock;
use crate::config::Config;
use crate::domain::collectivity::Collectivity;
use crate::domain::day::Day;
use crate::domain::declaration::PastAmount;
use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::register::Package;
use crate::domain::register::package::millesime_of;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::domain::window::Window;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::random::Random;
use crate::service::declaration::file::{Content, Request, file};
use crate::service::declaration::{Signatory, draft, version};
use crate::service::{ServiceError, campaign, register};
use crate::store::journal::Told;
use crate::store::person::PersonKind;
use crate::store::{self, StoreError};

use bodies::Participant;
use lines::Means;

/// The demonstration is the same each time.
const SEED: u64 = 20_140_331;
/// Flow years before the published campaign that hold past amounts.
const PAST_YEARS: u16 = 3;
/// What the journal tells of a demonstration that is complete.
const READY: &str = "demo.ready";
/// The fictitious commune that declared before it merged; its neighbour did not.
const DECLARED_BEFORE_MERGING: &str = "219900016";
/// Two fictitious communes that merged, and the one that follows them.
const FICTITIOUS_BODIES: &str = include_str!("bodies.csv");

/// What the demonstration holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Bodies of the register.
    pub bodies: usize,
    /// Bodies that take part.
    pub participants: usize,
    /// Declarations of the open campaign.
    pub declared: usize,
    /// Nil declarations of the open campaign.
    pub nil: usize,
    /// Drafts of the open campaign.
    pub drafts: usize,
    /// Past amounts.
    pub past_amounts: usize,
}

/// Why a demonstration cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The application cannot start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A use case refused or failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An earlier attempt was cut short, or the database serves something else.
    #[error(
        "la base contient déjà des campagnes mais pas de démonstration complète\u{a0}: effacez-la (make clean-data) et recommencez"
    )]
    Incomplete,
    /// The database is not the one of a demonstration.
    #[error(
        "profile = \"demo\" est nécessaire\u{a0}: une démonstration n’entre pas dans une base de production"
    )]
    NotDemo,
}

/// What the steps share.
struct Builder {
    app: App,
    clock: Arc<ManualClock>,
    actor: Actor,
    rng: ChaCha20Rng,
    summary: Summary,
}

/// Fills the database of `config` from the register's package; the open campaign
/// is the one of the register's millésime. A database that holds campaigns already
/// is left as it is: `None`.
pub async fn build(config: Config, package: &Package) -> Result<Option<Summary>, DemoError> {
    if config.profile != crate::config::Profile::Demo {
        return Err(DemoError::NotDemo);
    }
    let millesime = millesime_of(&package.version).map_err(invalid)?;
    let year = CampaignYear::new(millesime).map_err(invalid)?;
    let before = CampaignYear::new(millesime.saturating_sub(1)).map_err(invalid)?;
    let clock = Arc::new(ManualClock::at(morning(before.get(), 1, 15)));
    let app = App::with(config, clock.clone(), Arc::new(Random::from_seed(SEED))).await?;
    let Some(actor) = operator(&app).await? else { return Ok(None) };
    let mut builder =
        Builder { app, clock, actor, rng: ChaCha20Rng::seed_from_u64(SEED), summary: Summary::default() };
    builder.run(package, before, year).await?;
    Ok(Some(builder.summary))
}

fn invalid(error: impl std::fmt::Display) -> ServiceError {
    ServiceError::refused(Because::Invalid, error.to_string())
}

/// Nine in the morning, near enough in winter and summer, of a day that exists.
fn morning(year: u16, month: u8, day: u8) -> Instant {
    Day::of(year, month, day).unwrap_or_else(|| Day::first_of(year)).starts_at().plus_seconds(9 * 3_600)
}

async fn operator(app: &App) -> Result<Option<Actor>, DemoError> {
    let mut tx = app.db.begin().await?;
    if store::journal::tells(&mut tx, READY).await? {
        return Ok(None);
    }
    if !store::campaign::all(&mut tx).await?.is_empty() {
        return Err(DemoError::Incomplete);
    }
    let id = app.random.identifier();
    store::person::insert(&mut tx, &id, PersonKind::Operator, "démonstration", None, app.now()).await?;
    tx.commit().await?;
    Ok(Some(Actor { person: id, role: Role::Operator }))
}

impl Builder {
    async fn run(
        &mut self,
        package: &Package,
        before: CampaignYear,
        year: CampaignYear,
    ) -> Result<(), DemoError> {
        register::import(&self.app, &self.actor, package, Some(year.get()), &()).await?;
        let bodies = register::decisions(FICTITIOUS_BODIES.as_bytes()).map_err(invalid)?;
        register::decide(&self.app, &self.actor, &bodies, &()).await?;
        let register = self.register(year.flow_year()).await?;
        self.summary.bodies = register.len();
        let lasting: Vec<Collectivity> =
            register.into_iter().filter(|body| body.lasted(before.flow_year(), year.flow_year())).collect();
        let participants = bodies::draw(&mut self.rng, &lasting);
        self.summary.participants = participants.len();
        self.past_amounts(&participants, before.flow_year()).await?;
        self.published_campaign(&participants, before).await?;
        self.open_campaign(&participants, year).await?;
        self.ready().await
    }

    /// The journal's last word on a demonstration that is complete.
    async fn ready(&self) -> Result<(), DemoError> {
        let mut tx = self.app.db.begin().await?;
        let (at, actor) = (self.app.now(), self.actor.person.as_str());
        let told = Told { at, actor, action: READY, subject: "demo", before: None, after: None };
        store::journal::append(&mut tx, told).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn register(&self, year: FlowYear) -> Result<Vec<Collectivity>, DemoError> {
        let mut tx = self.app.db.snapshot().await?;
        let mut bodies: Vec<Collectivity> =
            store::register::of_year(&mut tx, year).await?.into_values().collect();
        bodies.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        Ok(bodies)
    }

    /// Two in three had an amount on file before the service.
    async fn past_amounts(
        &mut self,
        participants: &[Participant],
        first_campaign: FlowYear,
    ) -> Result<(), DemoError> {
        let now = self.app.now();
        let mut tx = self.app.db.begin().await?;
        for participant in participants {
            for back in 1..=PAST_YEARS {
                let Ok(flow_year) = FlowYear::new(first_campaign.get().saturating_sub(back)) else {
                    continue;
                };
                if self.rng.random_range(0..3) == 0 {
                    continue;
                }
                let cents = participant.means.usual_cents.saturating_mul(self.rng.random_range(1..12));
                let amount = Euros::from_cents(cents).ok().filter(|_| self.rng.random_range(0..12) > 0);
                let source = "Montant fictif de démonstration".to_owned();
                let past = PastAmount { siren: participant.siren, flow_year, amount, filed_on: None, source };
                store::past_amount::add(&mut tx, &past, None, &self.actor.person, now).await?;
                self.summary.past_amounts = self.summary.past_amounts.saturating_add(1);
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Last year's campaign: filed, extended, settled, published, one version rectified since.
    async fn published_campaign(
        &mut self,
        participants: &[Participant],
        year: CampaignYear,
    ) -> Result<(), DemoError> {
        self.clock.set(morning(year.get(), 1, 20));
        campaign::create(&self.app, &self.actor, year, None, true).await?;
        let window = Window::default_for(year);
        let mut rectified = None;
        for participant in participants {
            match self.rng.random_range(0..100) {
                0..=69 => {
                    self.file(*participant, year, window, false).await?;
                    rectified = Some(*participant);
                }
                70..=79 => self.file(*participant, year, window, true).await?,
                _ => {}
            }
        }
        if let Ok(siren) = DECLARED_BEFORE_MERGING.parse() {
            let means = Means { usual_cents: 90_000, fewest: 1, most: 2, shelters: false };
            self.file(Participant { siren, means }, year, window, false).await?;
        }
        self.clock.set(morning(year.get(), 6, 20));
        campaign::settle(&self.app, &self.actor, year).await?;
        self.clock.set(morning(year.get(), 9, 15));
        campaign::publish(&self.app, &self.actor, year).await?;
        if let Some(participant) = rectified {
            self.clock.set(morning(year.get(), 10, 1));
            let lines = lines::lines(&mut self.rng, participant.means, year.flow_year());
            let decision = version::Decision::Rectify(lines);
            let (reason, piece) =
                ("Erreur signalée par la collectivité (fictif)", "Courrier fictif n°\u{a0}1");
            let siren = participant.siren;
            version::decide(&self.app, &self.actor, siren, year.flow_year(), &decision, reason, piece)
                .await?;
        }
        Ok(())
    }

    /// This year's campaign, as it stands on 20 May: some have filed, some hold a draft, some nothing.
    async fn open_campaign(
        &mut self,
        participants: &[Participant],
        year: CampaignYear,
    ) -> Result<(), DemoError> {
        self.clock.set(morning(year.get(), 1, 20));
        campaign::create(&self.app, &self.actor, year, None, true).await?;
        let opens = Window::default_for(year).opens_on();
        let until = Day::of(year.get(), 5, 19).unwrap_or(opens);
        let window = Window::new(opens, until).unwrap_or_else(|_error| Window::default_for(year));
        for participant in participants {
            match self.rng.random_range(0..100) {
                0..=54 => {
                    self.file(*participant, year, window, false).await?;
                    self.summary.declared = self.summary.declared.saturating_add(1);
                }
                55..=64 => {
                    self.file(*participant, year, window, true).await?;
                    self.summary.nil = self.summary.nil.saturating_add(1);
                }
                65..=79 => {
                    let at = self.some_instant_in(window);
                    self.clock.set(at);
                    let lines = lines::lines(&mut self.rng, participant.means, year.flow_year());
                    draft::save(&self.app, &self.actor, participant.siren, year.flow_year(), None, &lines)
                        .await?;
                    self.summary.drafts = self.summary.drafts.saturating_add(1);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn some_instant_in(&mut self, window: Window) -> Instant {
        let seconds = window.closes_at().seconds_since(window.opens_at());
        window.opens_at().plus_seconds(self.rng.random_range(0..seconds.max(1)))
    }

    /// Files once, and one time in twenty again later.
    async fn file(
        &mut self,
        participant: Participant,
        year: CampaignYear,
        window: Window,
        nil: bool,
    ) -> Result<(), DemoError> {
        let mut at = self.some_instant_in(window);
        let again = self.rng.random_range(0..20) == 0;
        for _time in 0..if again { 2 } else { 1 } {
            self.clock.set(at);
            let content = if nil {
                Content::Nil
            } else {
                Content::Lines(lines::lines(&mut self.rng, participant.means, year.flow_year()))
            };
            file(&self.app, &self.actor, &request(participant.siren, year.flow_year(), content, at)).await?;
            at = window.closes_at().plus_seconds(-1);
        }
        Ok(())
    }
}

fn request(siren: Siren, flow_year: FlowYear, content: Content, received_at: Instant) -> Request {
    let signatory =
        Signatory { name: "Signataire fictif".to_owned(), function: "Fonction fictive".to_owned() };
    Request { siren, flow_year, content, signatory, document: None, received_at, idempotency: None }
}
