//! One campaign of the demonstration, from the mergers of January to the
//! corrections of autumn, in the order of time.

use crate::domain::call::Call;
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::window::Window;
use crate::domain::year::CampaignYear;
use crate::service::campaign;
use crate::service::demo::scale::acts::{self, Act, Times};
use crate::service::demo::scale::declarants::{Declarant, of_year};
use crate::service::demo::scale::draw::source;
use crate::service::demo::scale::write::{Stage, play};
use crate::service::demo::scale::{Builder, territory};
use crate::service::demo::{DemoError, morning};
use crate::service::derogation;

/// Ranks of the campaigns that were extended.
const EXTENDED: [usize; 2] = [3, 7];
/// Lines of a year for one more eligibility derogation, and the most of them.
const LINES_A_DEROGATION: u32 = 20_000;
const MOST_DEROGATIONS: usize = 25;
const DAY: i64 = 86_400;

impl Builder<'_> {
    /// Plays a campaign; the open one stops on 20 May.
    pub(super) async fn campaign(
        &self,
        rank: usize,
        year: CampaignYear,
        is_open: bool,
    ) -> Result<(), DemoError> {
        let (flow_year, seed) = (year.flow_year(), self.plan.seed());
        self.clock.set(morning(year.get(), 1, 10));
        self.decide(&territory::of_year(year.get())).await?;
        self.clock.set(morning(year.get(), 1, 20));
        campaign::create(&self.app, &self.actor, year, None, true).await?;
        let pool = of_year(&self.declarants(flow_year).await?, seed, flow_year);
        let window = Window::default_for(year);
        let until = |month, day| Day::of(year.get(), month, day).unwrap_or_else(|| window.closes_on());
        let extended = Some(until(6, 30)).filter(|_| EXTENDED.contains(&rank) && !is_open);
        let closes = match extended {
            Some(day) => day.ends_at(),
            None if is_open => until(5, 19).ends_at(),
            None => window.closes_at(),
        };
        let times = Times {
            opens: window.opens_at(),
            closes,
            late: closes.plus_seconds(2 * DAY),
            corrects: (!is_open).then(|| morning(year.get(), 10, 1)),
        };
        let mut rng = source(seed, &[3, u64::from(year.get())]);
        let mut acts = acts::plan(&mut rng, &pool, self.plan.lines_of(rank), times);
        if let Some(day) = extended {
            let decided = morning(year.get(), 6, 8);
            let after = acts.in_time.split_off(acts.in_time.partition_point(|act| act.at < decided));
            self.play(year, acts.in_time).await?;
            self.clock.set(decided);
            let reason = "Difficultés de télédéclaration (fictif)";
            campaign::extend(&self.app, &self.actor, year, day, reason).await?;
            acts.in_time = after;
        }
        self.play(year, acts.in_time).await?;
        self.clock.set(closes);
        if is_open {
            return Ok(());
        }
        self.late(year, closes, acts.late).await?;
        self.clock.set(closes.plus_seconds(20 * DAY));
        campaign::settle(&self.app, &self.actor, year).await?;
        self.clock.set(morning(year.get(), 9, 15));
        campaign::publish(&self.app, &self.actor, year).await?;
        self.play(year, acts.corrections).await?;
        self.clock.set(morning(year.get(), 12, 12));
        self.make_eligible(rank, year, &pool).await
    }

    /// Filing derogations, and what those that have one file.
    async fn late(&self, year: CampaignYear, closes: Instant, acts: Vec<Act>) -> Result<(), DemoError> {
        self.clock.set(closes.plus_seconds(DAY));
        let until = closes.plus_seconds(6 * DAY).day_in_paris();
        for act in &acts {
            let reason = "Panne informatique de la collectivité (fictif)";
            derogation::grant_filing(&self.app, &self.actor, act.who.siren, year, until, reason).await?;
        }
        self.play(year, acts).await
    }

    /// Eligibility derogations for some that did not declare.
    async fn make_eligible(
        &self,
        rank: usize,
        year: CampaignYear,
        pool: &[Declarant],
    ) -> Result<(), DemoError> {
        let many = usize::try_from(self.plan.lines_of(rank) / LINES_A_DEROGATION).unwrap_or_default();
        let call = Call::default_for(year).code().to_string();
        // The last ones of the order are those that have not come yet.
        for declarant in pool.iter().rev().take((1 + many).min(MOST_DEROGATIONS)) {
            let reason = "Déclaration égarée par les services de l’État (fictif)";
            let (app, actor) = (&self.app, &self.actor);
            derogation::grant_eligibility(app, actor, declarant.siren, &call, reason).await?;
        }
        Ok(())
    }

    async fn play(&self, year: CampaignYear, acts: Vec<Act>) -> Result<(), DemoError> {
        let stage = Stage {
            app: &self.app,
            actor: &self.actor,
            seed: self.plan.seed(),
            year: year.flow_year(),
            progress: self.progress,
        };
        Ok(play(stage, acts).await?)
    }
}
