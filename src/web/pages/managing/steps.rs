//! The decisions about a campaign, a page each: what it does, what it asks, then the decision.

use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::campaign::Act;
use crate::domain::day::Day;
use crate::domain::refusal::Because;
use crate::domain::reminder::Step;
use crate::service::ServiceError;
use crate::service::campaign::{self, Standing, announce, follow};
use crate::web::form::{Form, Typed};
use crate::web::layout::Frame;
use crate::web::pages::Answer;
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::campaign::window;
use super::campaigns::{slashed, window as typed_window};
use super::{Ask, Decision, Opened, Year, is_confirmed, mend};

/// A campaign before a decision.
struct Before {
    standing: Standing,
    year: Year,
}

impl Before {
    async fn open(app: &App, Agent(current): &Agent, year: Year) -> Result<Self, PageRefused> {
        let followed = follow::one(app, &current.actor, year.0).await?;
        Ok(Self { standing: followed.standing, year })
    }

    /// The page of a decision, which says why it is not possible where it is not.
    fn page(&self, frame: Frame, form: Form, act: Act, words: (&str, &str, &str)) -> Decision {
        let (title, rest, send) = words;
        let Standing { campaign, filings, at, .. } = &self.standing;
        let layout = self.year.trail(frame.titled(format!("{title}\u{a0}: campagne {}", campaign.year)));
        let mut decision = Decision::new(layout, form, self.year.address(rest), self.year.base(), send);
        let refused = campaign.admits(act, *filings, *at).err();
        decision.why_not = refused.map(|refusal| crate::domain::text::sentence(&refusal.message));
        let planned = window(campaign.window.opens_on(), campaign.window.closes_on());
        decision.facts.push(("État", campaign.state(*at).label().to_owned()));
        decision.facts.push(("Dates prévues", planned));
        if !campaign.extensions.is_empty() {
            decision.facts.push(("Dernier jour, prorogé", text::long_day(campaign.closes_on(*at))));
        }
        decision
    }

    fn dates(&self, frame: Frame, form: Form) -> Decision {
        let words = ("Changer les dates", "dates", "Changer les dates");
        let mut decision = self.page(frame, form, Act::Plan, words);
        decision
            .about
            .push("La campagne s’ouvre et se ferme d’elle-même, à minuit, heure de Paris.".to_owned());
        decision.fields =
            vec![Ask::day("ouverture", "Premier jour"), Ask::day("cloture", "Dernier jour, compris")];
        decision
    }

    fn extension(&self, frame: Frame, form: Form) -> Decision {
        let Standing { campaign, at, .. } = &self.standing;
        let words = ("Proroger", "prorogation", "Proroger la campagne");
        let mut decision = self.page(frame, form, Act::Extend, words);
        let current = text::long_day(campaign.closes_on(*at));
        decision.about.push(match decision.form.typed.get("cloture").parse::<Day>() {
            Ok(new) if decision.form.faults.is_empty() => format!(
                "La campagne, qui se ferme après le {current}, se fermerait après le {}, pour toutes les collectivités.",
                text::long_day(new)
            ),
            _ => format!(
                "La campagne se ferme après le {current}. Une prorogation recule ce jour pour toutes les collectivités\u{a0}; elle ne peut pas être retirée."
            ),
        });
        decision.about.push(
            "Ce qui a été refusé entre l’ancien dernier jour et la prorogation reste refusé. Vous pourrez ensuite annoncer le nouveau jour par courriel.".to_owned(),
        );
        decision.fields = vec![Ask::day("cloture", "Nouveau dernier jour, compris"), Ask::reason()];
        decision
    }

    fn settlement(&self, frame: Frame, form: Form) -> Decision {
        let words = ("Arrêter", "arret", "Arrêter définitivement la campagne");
        let mut decision = self.page(frame, form, Act::Settle, words);
        decision.about = vec![
            "Arrêter la campagne met fin aux dépôts des collectivités, aux prorogations et aux dérogations de dépôt. Les dérogations qui courent n’ont plus d’effet.".to_owned(),
            "Seul le ministère peut ensuite rectifier, annuler ou reprendre une déclaration. Les rapports peuvent alors être arrêtés.".to_owned(),
        ];
        let versions = u64::try_from(self.standing.filings).unwrap_or_default();
        decision.facts.push(("Versions déposées", text::thousands(versions)));
        decision.fields = vec![Ask::year(self.year.0)];
        decision
    }

    fn cancellation(&self, frame: Frame, form: Form) -> Decision {
        let words = ("Annuler", "annulation", "Annuler définitivement la campagne");
        let mut decision = self.page(frame, form, Act::Cancel, words);
        decision.about.push(format!(
            "La campagne n’aura pas lieu\u{a0}: personne ne pourra déclarer les versements de {}.",
            self.year.0.flow_year()
        ));
        decision.fields = vec![Ask::reason(), Ask::year(self.year.0)];
        decision
    }
}

/// Answers `GET …/dates`.
pub(in crate::web) async fn dates(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Opened { agent, typed }: Opened,
) -> Answer {
    let before = Before::open(&app, &agent, year).await?;
    let planned = before.standing.campaign.window;
    let proposed = || {
        let typed = Typed::default().with("ouverture", slashed(planned.opens_on()));
        typed.with("cloture", slashed(planned.closes_on()))
    };
    before.dates(frame, Form::of(typed.unwrap_or_else(proposed))).shown(StatusCode::OK)
}

/// Answers `POST …/dates`.
pub(in crate::web) async fn plan(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Posted { agent, typed }: Posted,
) -> Answer {
    let before = Before::open(&app, &agent, year).await?;
    let mut form = Form::of(typed);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(window) = typed_window(&mut form) {
        match campaign::plan(&app, &agent.0.actor, year.0, window).await {
            Ok(_campaign) => return Ok(see(&year.base())),
            Err(error) => status = mend(&mut form, error, "formulaire")?,
        }
    }
    before.dates(frame, form).shown(status)
}

/// Answers `GET …/prorogation`.
pub(in crate::web) async fn extension(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Opened { agent, typed }: Opened,
) -> Answer {
    let before = Before::open(&app, &agent, year).await?;
    let Standing { campaign, at, .. } = &before.standing;
    let proposed = || {
        // A week later.
        let week = (0..7).fold(campaign.closes_on(*at), |day, _| day.next());
        Typed::default().with("cloture", slashed(week))
    };
    let form = Form::of(typed.unwrap_or_else(proposed));
    before.extension(frame, form).shown(StatusCode::OK)
}

/// Answers `POST …/prorogation`, and leads to its announcement.
pub(in crate::web) async fn extend(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Posted { agent, typed }: Posted,
) -> Answer {
    let before = Before::open(&app, &agent, year).await?;
    let mut form = Form::of(typed);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(closes_on) = form.faults.take("cloture", form.typed.get("cloture").parse::<Day>()) {
        let reason = form.value("motif").to_owned();
        match campaign::extend(&app, &agent.0.actor, year.0, closes_on, &reason).await {
            Ok(_campaign) => return Ok(see(&year.address("annonce"))),
            Err(error) => status = mend(&mut form, error, "cloture")?,
        }
    }
    before.extension(frame, form).shown(status)
}

/// Answers `GET …/annonce`: whom it reaches, before it is sent.
pub(in crate::web) async fn announcement(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    agent: Agent,
) -> Answer {
    let reach = match announce::reach(&app, &agent.0.actor, year.0).await {
        Ok(reach) => Ok(reach),
        Err(ServiceError::Refused(refusal)) if refusal.because == Because::NotLater => Err(refusal),
        Err(error) => return Err(error.into()),
    };
    let layout = year.trail(frame.titled(format!("Annoncer la prorogation\u{a0}: campagne {}", year.0)));
    let count = |number: usize| u64::try_from(number).unwrap_or_default();
    let mails = reach.as_ref().map_or(0, |reach| reach.mails);
    let send = format!("Envoyer {}", text::count(count(mails), "courriel", "courriels"));
    let mut decision = Decision::new(layout, Form::default(), year.address("annonce"), year.base(), &send);
    match reach {
        Err(refusal) => decision.why_not = Some(crate::domain::text::sentence(&refusal.message)),
        Ok(reach) => {
            decision.about = vec![
                format!(
                    "La campagne est prorogée jusqu’au {}. Ce courriel le dit aux agents rattachés des collectivités attendues, avec ce qu’elles ont déposé ou non, et aux contacts de celles qui n’ont pas déposé.",
                    text::long_day(reach.closes_on)
                ),
                "Chaque adresse le reçoit une fois par collectivité et par prorogation, même si vous l’envoyez deux fois.".to_owned(),
                ahead(app.now().day_in_paris(), reach.closes_on),
            ];
            decision.facts = vec![
                ("Collectivités attendues", text::thousands(count(reach.bodies))),
                ("dont sans agent ni contact, non jointes", text::thousands(count(reach.unreached))),
                ("Courriels à envoyer", text::thousands(count(reach.mails))),
                ("Courriels déjà envoyés", text::thousands(count(reach.sent))),
            ];
            if reach.mails == 0 {
                decision.why_not = Some("Il n’y a personne à prévenir, ou tous l’ont été.".to_owned());
            }
        }
    }
    decision.shown(StatusCode::OK)
}

/// The reminders that are planned for the new last day.
fn ahead(today: Day, closes_on: Day) -> String {
    let steps: Vec<String> = Step::ahead(today, closes_on)
        .map(|(step, day)| format!("{} ({})", step.label(), text::long_day(day)))
        .collect();
    format!(
        "Les relances encore à venir suivent ce dernier jour\u{a0}: {}. Chacune part de la page «\u{a0}Relances\u{a0}».",
        steps.join(", ")
    )
}

/// Answers `POST …/annonce`.
pub(in crate::web) async fn announce(
    State(app): State<App>,
    year: Year,
    Posted { agent, typed: _ }: Posted,
) -> Answer {
    announce::announce(&app, &agent.0.actor, year.0).await?;
    Ok(see(&year.address("annonce")))
}

/// Answers `GET …/arret`.
pub(in crate::web) async fn settlement(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    agent: Agent,
) -> Answer {
    let before = Before::open(&app, &agent, year).await?;
    before.settlement(frame, Form::default()).shown(StatusCode::OK)
}

/// Answers `POST …/arret`.
pub(in crate::web) async fn settle(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Posted { agent, typed }: Posted,
) -> Answer {
    let before = Before::open(&app, &agent, year).await?;
    let mut form = Form::of(typed);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if is_confirmed(&mut form, year.0) {
        match campaign::settle(&app, &agent.0.actor, year.0).await {
            Ok(_standing) => return Ok(see(&year.base())),
            Err(error) => status = mend(&mut form, error, "formulaire")?,
        }
    }
    before.settlement(frame, form).shown(status)
}

/// Answers `GET …/annulation`.
pub(in crate::web) async fn cancellation(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Opened { agent, typed }: Opened,
) -> Answer {
    let before = Before::open(&app, &agent, year).await?;
    before.cancellation(frame, Form::of(typed.unwrap_or_default())).shown(StatusCode::OK)
}

/// Answers `POST …/annulation`.
pub(in crate::web) async fn cancel(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Posted { agent, typed }: Posted,
) -> Answer {
    let before = Before::open(&app, &agent, year).await?;
    let mut form = Form::of(typed);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if is_confirmed(&mut form, year.0) {
        let reason = form.value("motif").to_owned();
        match campaign::cancel(&app, &agent.0.actor, year.0, &reason).await {
            Ok(_campaign) => return Ok(see(&year.base())),
            Err(error) => status = mend(&mut form, error, "formulaire")?,
        }
    }
    before.cancellation(frame, form).shown(status)
}
