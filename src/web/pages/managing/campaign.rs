//! One campaign: where it stands, what was decided about it, what may be decided now.

use askama::Template;
use axum::extract::State;

use crate::app::App;
use crate::domain::campaign::Act;
use crate::service::campaign::Standing;
use crate::service::campaign::follow::{self, Decision as Decided, Followed, What};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::text;
use crate::web::visitor::Agent;

use super::campaigns::{next_thing, vintage};
use super::{CAMPAIGNS, Year};

#[derive(Template)]
#[template(path = "managing/campaign.html")]
struct Campaign {
    layout: Layout,
    facts: Vec<(&'static str, String)>,
    possible: Vec<Choice>,
    others: Vec<(&'static str, String)>,
    history: Vec<Told>,
    base: String,
}

/// What may be decided now.
struct Choice {
    name: &'static str,
    address: String,
    about: &'static str,
}

/// What was decided.
struct Told {
    at: String,
    what: String,
    by: String,
    reason: String,
}

/// Answers `GET /pilotage/campagnes/{annee}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Agent(current): Agent,
) -> Answer {
    let Followed { standing, declared, decisions } = follow::one(&app, &current.actor, year.0).await?;
    let Standing { campaign, state, filings, at } = &standing;
    let (mut possible, mut others) = (vec![], vec![]);
    for act in Act::ALL {
        let (name, page, about) = told_of(act);
        match campaign.admits(act, *filings, *at) {
            Ok(()) => possible.push(Choice { name, address: year.address(page), about }),
            Err(refusal) => others.push((name, format!("{}.", refusal.message.trim_end_matches('.')))),
        }
    }
    if campaign.admits(Act::Extend, *filings, *at).is_ok() && !campaign.extensions.is_empty() {
        let about = "Un courriel aux agents des collectivités attendues.";
        possible.push(Choice { name: "Annoncer la prorogation", address: year.address("annonce"), about });
    }
    let count = |number: usize| text::thousands(u64::try_from(number).unwrap_or_default());
    let mut facts = vec![
        ("État", state.label().to_owned()),
        ("Prévue", window(campaign.window.opens_on(), campaign.window.closes_on())),
        ("Dernier jour", text::long_day(campaign.closes_on(*at))),
        ("Prochaine étape", next_thing(&standing)),
        ("Collectivités qui ont déclaré", count(declared)),
        ("Versions déposées", text::thousands(u64::try_from(*filings).unwrap_or_default())),
    ];
    facts.extend(vintage(&app.codes, year.0.flow_year()));
    let layout = frame.titled(format!("Campagne {}", year.0)).under("/pilotage", "Pilotage");
    page(&Campaign {
        layout: layout.under(CAMPAIGNS, "Campagnes"),
        facts,
        possible,
        others,
        history: decisions.iter().map(told).collect(),
        base: year.base(),
    })
}

/// The name of an act, its page under the campaign, what it does.
const fn told_of(act: Act) -> (&'static str, &'static str, &'static str) {
    match act {
        Act::Plan => ("Changer les dates", "dates", "Possible jusqu’à l’ouverture."),
        Act::Extend => {
            ("Proroger", "prorogation", "Un dernier jour plus tardif, pour toutes les collectivités.")
        }
        Act::Derogate => {
            ("Accorder une dérogation de dépôt", "derogations", "Un délai pour une collectivité.")
        }
        Act::Settle => {
            ("Arrêter la campagne", "arret", "Plus aucun dépôt des collectivités\u{a0}: définitif.")
        }
        Act::Publish => (
            "Publier la campagne",
            "publication",
            "Les montants et les lignes deviennent publics\u{a0}: définitif.",
        ),
        Act::Cancel => ("Annuler la campagne", "annulation", "Elle n’aura pas lieu\u{a0}: définitif."),
    }
}

fn told(decision: &Decided) -> Told {
    let what = match decision.what {
        What::Dates { opens_on, closes_on } => format!("Dates fixées\u{a0}: {}", window(opens_on, closes_on)),
        What::Extension { closes_on } => format!("Prorogée jusqu’au {}", text::long_day(closes_on)),
        What::Settled => "Arrêtée".to_owned(),
        What::Published => "Publiée".to_owned(),
        What::Cancelled => "Annulée".to_owned(),
    };
    Told {
        at: text::minute(decision.at),
        what,
        by: decision.by.clone().unwrap_or_else(|| "compte effacé".to_owned()),
        reason: decision.reason.clone().unwrap_or_else(|| "–".to_owned()),
    }
}

/// `du 15 avril 2014 au 15 juin 2014`.
pub(super) fn window(opens_on: crate::domain::day::Day, closes_on: crate::domain::day::Day) -> String {
    format!("du {} au {}", text::long_day(opens_on), text::long_day(closes_on))
}
