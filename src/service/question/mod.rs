//! Questions to a collectivity about what it declared: asked, answered, asked further, closed; `read` lists and shows
//! them. Nothing of them is public (rule 15).

mod read;

pub use read::{Filter, Followed, Listed, Listing, Thread, Written};
pub use read::{followed, list, of_declaration, own, own_one, subject, waiting};

use serde_json::json;

use crate::app::App;
use crate::domain::attachment::names;
use crate::domain::day::Day;
use crate::domain::declaration::Filing;
use crate::domain::instant::Instant;
use crate::domain::mail::{Message as Mail, Recipient};
use crate::domain::question::{self, Act, Asker, End, Message, Outcome, Question, State};
use crate::domain::refusal::Because;
use crate::domain::reservation::Standing;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::account::tell;
use crate::service::campaign::existing;
use crate::service::receipt::Standings;
use crate::service::refusals::told;
use crate::service::register::regions_read_by;
use crate::service::{Result, ServiceError, mail, registered};
use crate::store::account::Account;
use crate::store::derogation::Scope;
use crate::store::{self, Tx};

/// A question that somebody asks.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    /// To which collectivity.
    pub siren: Siren,
    /// About the declaration of which payments.
    pub flow_year: FlowYear,
    /// About which line; nothing: about the whole.
    pub reference: Option<&'a str>,
    /// The words.
    pub text: &'a str,
}

/// What a question can end by, besides nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Endings {
    /// Filing derogations of the collectivity for the campaign that are not revoked: number, last day.
    pub derogations: Vec<(i32, Day)>,
    /// Versions filed since it was asked.
    pub versions: Vec<Filing>,
}

impl Endings {
    fn has(&self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Nothing => true,
            Outcome::Derogation(number) => self.derogations.iter().any(|(known, _)| *known == number),
            Outcome::Version(number) => self.versions.iter().any(|filing| filing.version == number),
        }
    }
}

/// Refuses whoever asks no collectivity anything: managers and prefectures do.
///
/// # Errors
/// [`Because::Forbidden`].
pub fn require_asker(actor: &Actor) -> Result<()> {
    match &actor.role {
        Role::Sgar(_) => Ok(()),
        role if role.manages() => Ok(()),
        _ => Err(forbidden()),
    }
}

/// Asks a collectivity; its agents are told by mail. Gives the id of the question.
pub async fn ask(app: &App, actor: &Actor, new: New<'_>) -> Result<String> {
    let outcome = ask_now(app, actor, new).await;
    told(app, actor, "question.ask", new.siren, outcome).await
}

async fn ask_now(app: &App, actor: &Actor, new: New<'_>) -> Result<String> {
    let New { siren, flow_year, reference, text } = new;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    require_asker(actor)?;
    let asker = side(app, &mut tx, actor, (siren, flow_year)).await?.ok_or_else(forbidden)?;
    registered(&mut tx, siren).await?;
    existing(&mut tx, flow_year.campaign()).await?;
    if let Some(reference) = reference {
        let known = store::line::references(&mut tx, (siren, flow_year)).await?;
        if !known.iter().any(|known| known == reference) {
            let message =
                format!("aucune version de cette déclaration n’a de ligne «\u{a0}{reference}\u{a0}»");
            return Err(ServiceError::refused(Because::UnknownLine, message));
        }
    }
    let question = Question {
        id: app.random.identifier(),
        siren,
        flow_year,
        reference: reference.map(str::to_owned),
        asker,
        asked_at: now,
        messages: vec![message(actor, text, now)?],
        end: None,
    };
    store::question::insert(&mut tx, &question).await?;
    tell_agents(&mut tx, app, &question).await?;
    let after = json!({"siren": siren, "exercice": flow_year, "ligne": reference});
    tell(&mut tx, now, &actor.person, "question.ask", &question.id, &after).await?;
    tx.commit().await?;
    Ok(question.id)
}

/// Asks further, once the collectivity has answered; its agents are told by mail.
pub async fn ask_further(app: &App, actor: &Actor, id: &str, text: &str) -> Result<()> {
    let outcome = ask_further_now(app, actor, id, text).await;
    told(app, actor, "question.further", id, outcome).await
}

async fn ask_further_now(app: &App, actor: &Actor, id: &str, text: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let question = asked_by(app, &mut tx, actor, id).await?;
    require(&question, Act::AskFurther)?;
    let now = question.not_before_the_last(app.now());
    store::question::add(&mut tx, id, &message(actor, text, now)?).await?;
    tell_agents(&mut tx, app, &question).await?;
    tell(&mut tx, now, &actor.person, "question.further", id, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Answers in the name of a collectivity; who asked last is told by mail, if they may still ask.
pub async fn answer(app: &App, actor: &Actor, siren: Siren, id: &str, text: &str) -> Result<()> {
    let outcome = answer_now(app, actor, siren, id, text).await;
    told(app, actor, "question.answer", id, outcome).await
}

async fn answer_now(app: &App, actor: &Actor, siren: Siren, id: &str, text: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    require_agent(&mut tx, actor, siren).await?;
    let question = existing_question(&mut tx, id).await?;
    if question.siren != siren {
        return Err(unknown());
    }
    require(&question, Act::Answer)?;
    let now = question.not_before_the_last(app.now());
    store::question::add(&mut tx, id, &message(actor, text, now)?).await?;
    if let Some(person) = still_asks(app, &mut tx, &question).await? {
        let flow_year = question.flow_year;
        let answered = Mail::QuestionAnswered { question: id.to_owned(), siren, flow_year };
        mail::queue(&mut tx, app, &Recipient::Person(person), &answered).await?;
    }
    tell(&mut tx, now, &actor.person, "question.answer", id, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Closes a question: nothing more is written in it.
pub async fn close(app: &App, actor: &Actor, id: &str, outcome: Outcome) -> Result<()> {
    let closed = close_now(app, actor, id, outcome).await;
    told(app, actor, "question.close", id, closed).await
}

async fn close_now(app: &App, actor: &Actor, id: &str, outcome: Outcome) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let question = asked_by(app, &mut tx, actor, id).await?;
    require(&question, Act::Close)?;
    let now = question.not_before_the_last(app.now());
    if !endings(&mut tx, &question, now).await?.has(outcome) {
        let message = "cette question ne peut pas être close ainsi\u{a0}: choisissez une dérogation de dépôt en vigueur \
                       de cette collectivité pour cette campagne, ou une version déposée depuis la question";
        return Err(ServiceError::refused(Because::OutOfTurn, message));
    }
    let end = End { outcome, by: actor.person.clone(), at: now };
    store::question::close(&mut tx, id, &end).await?;
    let after = match outcome {
        Outcome::Nothing => json!({"issue": "sans suite"}),
        Outcome::Derogation(number) => json!({"issue": "dérogation", "derogation": number}),
        Outcome::Version(version) => json!({"issue": "version", "version": version}),
    };
    tell(&mut tx, now, &actor.person, "question.close", id, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets what a person wrote, and what others wrote that names the person (rule 14).
pub(super) async fn forget(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    store::question::forget_messages(tx, &account.person).await?;
    for (id, rank, text) in store::question::texts_near(tx, &account.person).await? {
        if names(&text, &[&account.name, account.email.as_str()]) {
            store::question::forget_text(tx, &id, rank).await?;
        }
    }
    Ok(())
}

/// In whose name the actor asks about a declaration: the ministry about every one, a prefecture about those of the
/// bodies attached to its region. Those that are only associated to it, it reads (rule 10).
async fn side(
    app: &App,
    tx: &mut Tx<'_>,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
) -> Result<Option<Asker>> {
    match &actor.role {
        role if role.manages() => Ok(Some(Asker::Ministry)),
        Role::Sgar(region) => {
            let followed = regions_read_by(&app.codes, region);
            let body = store::register::find(tx, siren, year).await?;
            Ok(body.filter(|body| followed.contains(&body.region)).map(|_own| Asker::Sgar))
        }
        _ => Ok(None),
    }
}

/// The question of an id, for who asks about its collectivity.
async fn asked_by(app: &App, tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Question> {
    require_asker(actor)?;
    let question = existing_question(tx, id).await?;
    let side = side(app, tx, actor, (question.siren, question.flow_year)).await?;
    side.map(|_side| question).ok_or_else(forbidden)
}

/// Who asked last, if the account serves and may still ask about this collectivity.
async fn still_asks(app: &App, tx: &mut Tx<'_>, question: &Question) -> Result<Option<String>> {
    let Some(person) = question.last_asked_by() else { return Ok(None) };
    let account = store::account::find(tx, person).await?;
    let Some(account) =
        account.filter(|account| account.confirmed_at.is_some() && account.disabled_at.is_none())
    else {
        return Ok(None);
    };
    let actor = Actor { person: account.person, role: account.role.acting_for(vec![]) };
    let side = side(app, tx, &actor, (question.siren, question.flow_year)).await?;
    Ok(side.map(|_side| actor.person))
}

/// Agents answer for their collectivity, and for those that it follows (rule 9).
async fn require_agent(tx: &mut Tx<'_>, actor: &Actor, siren: Siren) -> Result<()> {
    if is_agent(tx, actor, siren).await? {
        return Ok(());
    }
    let message = format!("vous n’êtes pas agent de la collectivité {siren}");
    Err(ServiceError::refused(Because::Forbidden, message))
}

async fn is_agent(tx: &mut Tx<'_>, actor: &Actor, siren: Siren) -> Result<bool> {
    match &actor.role {
        Role::Declarant(sirens) => {
            Ok(sirens.contains(&siren) || store::facts::descends_from(tx, sirens, siren).await?)
        }
        _ => Ok(false),
    }
}

/// What a question can end by at `now`.
async fn endings(tx: &mut Tx<'_>, question: &Question, now: Instant) -> Result<Endings> {
    let key = (question.siren, question.flow_year);
    let decided = store::derogation::of_body(tx, question.siren).await?;
    let derogations = decided.into_iter().filter(|derogation| derogation.revoked_at.is_none());
    let derogations = derogations.filter_map(|derogation| match derogation.scope {
        Scope::Filing { campaign, until } if campaign == question.flow_year.campaign() => {
            Some((derogation.id, until))
        }
        _ => None,
    });
    let mut versions = store::filing::versions(tx, question.siren, question.flow_year).await?;
    let standings = Standings::read(tx, key, &versions, now).await?;
    versions.retain(|filing| {
        let counts =
            matches!(standings.of(filing.version), Standing::InForce { .. } | Standing::Superseded { .. });
        counts && filing.filed_at > question.asked_at
    });
    Ok(Endings { derogations: derogations.collect(), versions })
}

/// Tells the agents of the collectivity, or of one that it became, that a question waits.
async fn tell_agents(tx: &mut Tx<'_>, app: &App, question: &Question) -> Result<()> {
    let Question { id, siren, flow_year, .. } = question;
    let asked = Mail::QuestionAsked { question: id.clone(), siren: *siren, flow_year: *flow_year };
    for person in store::attachment::acting(tx, *siren).await? {
        mail::queue(tx, app, &Recipient::Person(person), &asked).await?;
    }
    Ok(())
}

async fn existing_question(tx: &mut Tx<'_>, id: &str) -> Result<Question> {
    store::question::find(tx, id).await?.ok_or_else(unknown)
}

fn message(actor: &Actor, text: &str, at: Instant) -> Result<Message> {
    let body =
        question::text(text).map_err(|fault| ServiceError::refused(Because::Invalid, fault.to_string()))?;
    Ok(Message { body: Some(body), by: actor.person.clone(), at })
}

fn require(question: &Question, act: Act) -> Result<()> {
    let state = question.state();
    if act.follows(state) {
        return Ok(());
    }
    let (because, message) = match state {
        State::Closed => (Because::QuestionClosed, "cette question est close\u{a0}: rien ne s’y écrit plus"),
        State::Answered => (Because::OutOfTurn, "cette question a déjà sa réponse\u{a0}: relisez la page"),
        State::Asked => (
            Because::OutOfTurn,
            "cette question attend déjà la réponse de la collectivité\u{a0}: relisez la page",
        ),
    };
    Err(ServiceError::refused(because, message))
}

fn unknown() -> ServiceError {
    ServiceError::refused(Because::UnknownQuestion, "cette question n’existe pas")
}

fn forbidden() -> ServiceError {
    let message = "interroger une collectivité revient au ministère et à la préfecture de sa région";
    ServiceError::refused(Because::Forbidden, message)
}
