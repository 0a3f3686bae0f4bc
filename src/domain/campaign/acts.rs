//! What a manager may do to a campaign now, and in words why not (rules 2 and 4).

use crate::domain::campaign::{Campaign, CampaignState};
use crate::domain::instant::Instant;
use crate::domain::refusal::{Because, Refusal};

/// A decision about a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Other days for the window.
    Plan,
    /// A later closing day for everyone.
    Extend,
    /// A filing derogation.
    Derogate,
    /// Arrêter.
    Settle,
    /// Publier.
    Publish,
    /// Annuler.
    Cancel,
}

impl Act {
    /// Every act, in the order of a campaign's life.
    pub const ALL: [Self; 6] =
        [Self::Plan, Self::Extend, Self::Derogate, Self::Settle, Self::Publish, Self::Cancel];
}

impl Campaign {
    /// Whether an act is possible at `at`, with this number of versions filed.
    ///
    /// # Errors
    /// The refusal that says why not.
    pub fn admits(&self, act: Act, filings: i64, at: Instant) -> Result<(), Refusal> {
        let (year, state) = (self.year, self.state(at));
        let is_possible = match act {
            Act::Plan => state == CampaignState::Planned && self.extensions.is_empty(),
            Act::Extend | Act::Derogate => state < CampaignState::Settled,
            Act::Settle => state == CampaignState::Over,
            Act::Publish => state == CampaignState::Settled,
            Act::Cancel => state == CampaignState::Planned && filings == 0,
        };
        if is_possible {
            return Ok(());
        }
        let (because, why) = match (act, state) {
            (Act::Plan, _) => (
                Because::DatesFixed,
                format!("est {state}\u{a0}: ses dates ne changent plus, une prorogation reste possible"),
            ),
            (Act::Extend | Act::Derogate | Act::Settle, CampaignState::Cancelled) => {
                (Because::CampaignCancelled, "est annulée".to_owned())
            }
            (Act::Settle, state) if state < CampaignState::Settled => (
                Because::WindowNotOver,
                format!(
                    "ne peut être arrêtée qu’après son dernier jour, le {}",
                    self.closes_on(at).to_long()
                ),
            ),
            (Act::Extend | Act::Derogate | Act::Settle, _) => {
                (Because::CampaignSettled, "est arrêtée".to_owned())
            }
            (Act::Publish, CampaignState::Published) => (Because::StepTaken, "est déjà publiée".to_owned()),
            (Act::Publish, _) => {
                (Because::NotSettled, format!("est {state}\u{a0}: arrêtez-la avant de la publier"))
            }
            (Act::Cancel, _) if filings > 0 => (
                Because::HasFilings,
                "a reçu des déclarations\u{a0}: elle ne peut plus être annulée".to_owned(),
            ),
            (Act::Cancel, _) => (
                Because::DatesFixed,
                format!("est {state}\u{a0}: seule une campagne préparée peut être annulée"),
            ),
        };
        Err(Refusal::new(because, format!("la campagne {year} {why}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::window::Window;
    use crate::domain::year::CampaignYear;

    #[test]
    fn each_state_admits_its_acts_and_no_other() {
        let year = CampaignYear::new(2014).unwrap();
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let plain = Campaign {
            year,
            window: Window::default_for(year),
            extensions: vec![],
            settled_at: None,
            published_at: None,
            cancelled_at: None,
        };
        let late = at("2014-07-01T08:00:00Z");
        let settled = Campaign { settled_at: Some(late), ..plain.clone() };
        let published = Campaign { published_at: Some(late), ..settled.clone() };
        let cancelled = Campaign { cancelled_at: Some(at("2014-03-01T08:00:00Z")), ..plain.clone() };
        let every_time = [Act::Extend, Act::Derogate];
        for (campaign, at, admitted) in [
            (&plain, at("2014-04-01T08:00:00Z"), [&[Act::Plan], &every_time[..], &[Act::Cancel]].concat()),
            (&plain, at("2014-05-01T08:00:00Z"), every_time.to_vec()),
            (&plain, late, [&every_time[..], &[Act::Settle]].concat()),
            (&settled, late, vec![Act::Publish]),
            (&published, late, vec![]),
            (&cancelled, late, vec![]),
        ] {
            let found = Act::ALL.into_iter().filter(|act| campaign.admits(*act, 0, at).is_ok());
            assert_eq!(found.collect::<Vec<_>>(), admitted, "{} at {at}", campaign.state(at));
        }
        let early = at("2014-04-01T08:00:00Z");
        assert_eq!(plain.admits(Act::Cancel, 1, early).unwrap_err().because, Because::HasFilings);
    }
}
