//! The calls for projects: listed, created, shown. A call never changes once it is created.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::call::{Call, CallCode, CallDates, GroupRule};
use crate::domain::day::Day;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::{call, require_manager, this_year};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{Ask, CALLS, Decision, Kind, Opened, mend};

#[derive(Template)]
#[template(path = "managing/calls.html")]
struct Calls {
    layout: Layout,
    calls: Vec<Row>,
}

struct Row {
    code: String,
    title: String,
    years: String,
    dates: String,
}

#[derive(Template)]
#[template(path = "managing/call.html")]
struct Shown {
    layout: Layout,
    code: String,
    facts: Vec<(&'static str, String)>,
}

/// Answers `GET /pilotage/appels`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Agent(current): Agent) -> Answer {
    require_manager(&current.actor)?;
    let row = |call: Call| Row {
        title: call.title().to_owned(),
        years: years(&call),
        dates: dates(call.dates()),
        code: call.code().to_string(),
    };
    let calls = call::list(&app).await?.into_iter().rev().map(row).collect();
    page(&Calls { layout: frame.titled("Appels à projets").under("/pilotage", "Pilotage"), calls })
}

/// Answers `GET /pilotage/appels/{code}`.
pub(in crate::web) async fn one(
    State(app): State<App>,
    frame: Frame,
    Path(code): Path<String>,
    Agent(current): Agent,
) -> Answer {
    require_manager(&current.actor)?;
    let call = call::resolve(&app, &code).await?;
    let layout = frame.titled(format!("Appel {}", call.code())).under("/pilotage", "Pilotage");
    let facts = vec![
        ("Titre", call.title().to_owned()),
        ("Exercices exigés", years(&call)),
        ("Dans un groupe, doivent avoir déclaré", call.group_rule().label().to_owned()),
        ("Dates", dates(call.dates())),
        ("Texte qui fonde l’exigence", call.founding_text().to_owned()),
    ];
    page(&Shown { layout: layout.under(CALLS, "Appels à projets"), code: call.code().to_string(), facts })
}

fn years(call: &Call) -> String {
    call.required_years().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn dates(dates: CallDates) -> String {
    let told = [
        dates.opens_on.map(|day| format!("ouvre le {}", text::long_day(day))),
        dates.closes_on.map(|day| format!("se ferme après le {}", text::long_day(day))),
        dates.examined_on.map(|day| format!("examiné le {}", text::long_day(day))),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    if told.is_empty() { "non précisées".to_owned() } else { told.join(", ") }
}

/// Answers `GET /pilotage/appels/nouveau`.
pub(in crate::web) async fn new(
    State(app): State<App>,
    frame: Frame,
    Opened { agent: Agent(current), typed }: Opened,
) -> Answer {
    require_manager(&current.actor)?;
    let year = this_year(&app)?;
    let proposed = || {
        let usual = CampaignYear::new(year.get()).map(Call::default_for).ok();
        let text = usual.as_ref().map(|call| call.founding_text().to_owned()).unwrap_or_default();
        let required = usual.map(|call| years(&call)).unwrap_or_default();
        Typed::default().with("exercices", required).with("regle", "tous").with("texte", text)
    };
    new_page(frame, Form::of(typed.unwrap_or_else(proposed))).shown(StatusCode::OK)
}

/// Answers `POST /pilotage/appels/nouveau`.
pub(in crate::web) async fn create(
    State(app): State<App>,
    frame: Frame,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    require_manager(&current.actor)?;
    let mut form = Form::of(typed);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(typed) = read(&mut form) {
        match call::create(&app, &current.actor, &typed).await {
            Ok(()) => return Ok(see(&format!("{CALLS}/{}", typed.code()))),
            Err(error) => status = mend(&mut form, error, "code")?,
        }
    }
    new_page(frame, form).shown(status)
}

/// The call that was typed; its faults where it is none.
fn read(form: &mut Form) -> Option<Call> {
    let typed = form.typed.clone();
    let faults = &mut form.faults;
    let code = faults.take("code", typed.get("code").parse::<CallCode>());
    let mut day = |name: &'static str| match typed.get(name) {
        "" => Some(None),
        text => faults.take(name, text.parse::<Day>()).map(Some),
    };
    let (opens_on, closes_on, examined_on) = (day("ouverture"), day("cloture"), day("examen"));
    let listed = typed.get("exercices").split([',', ' ', ';']).filter(|year| !year.is_empty());
    let required: Result<Vec<FlowYear>, _> = listed.map(str::parse::<FlowYear>).collect();
    let required = faults.take("exercices", required);
    let rule = faults.take("regle", typed.get("regle").parse::<GroupRule>());
    let dates = CallDates { opens_on: opens_on?, closes_on: closes_on?, examined_on: examined_on? };
    let call = Call::new(code?, typed.get("titre"), dates, required?, rule?, typed.get("texte"));
    call.map_err(|error| {
        use crate::domain::call::CallError;
        let field = match error {
            CallError::Title => "titre",
            CallError::NoYear => "exercices",
            CallError::NoFoundingText => "texte",
            CallError::Days { .. } => "ouverture",
            CallError::Code(_) => "code",
            CallError::GroupRule(_) => "regle",
        };
        faults.add(field, error.to_string());
    })
    .ok()
}

fn new_page(frame: Frame, form: Form) -> Decision {
    let layout = frame.titled("Créer un appel à projets").under("/pilotage", "Pilotage");
    let layout = layout.under(CALLS, "Appels à projets");
    let (address, back) = (format!("{CALLS}/nouveau"), CALLS.to_owned());
    let mut decision = Decision::new(layout, form, address, back, "Créer l’appel");
    decision.about.push(
        "L’éligibilité à un appel repose sur les exercices qu’il exige. Un appel ne change plus une fois créé\u{a0}: relisez-le.".to_owned(),
    );
    let day =
        |name, label: &str| Ask::new(name, label, "Au format JJ/MM/AAAA.", Kind::Text { required: false });
    let rules = [GroupRule::All, GroupRule::Lead].map(|rule| (rule.code(), rule.label().to_owned()));
    decision.fields = vec![
        Ask::text("code", "Code", "Majuscules, chiffres et tirets. Exemple\u{a0}: AAP-2026-CLIMAT"),
        Ask::text("titre", "Titre", ""),
        Ask::text("exercices", "Exercices exigés", "Années des versements, séparées par des virgules."),
        Ask::new("regle", "Dans un groupe, doivent avoir déclaré", "", Kind::Choice(rules.into())),
        Ask::new("texte", "Texte qui fonde l’exigence", "Chaque réponse le cite.", Kind::Area),
        day("ouverture", "Premier jour pour candidater"),
        day("cloture", "Dernier jour pour candidater"),
        day("examen", "Jour d’examen des dossiers"),
    ];
    decision
}
