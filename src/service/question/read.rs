//! Questions as who follows the collectivity reads them, and as its agents do.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::app::App;
use crate::domain::question::{Message, Question, State};
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::access::require_reader;
use crate::service::campaign::follow::Names;
use crate::service::register::regions_read_by;
use crate::service::{Result, registered, require_follower};
use crate::store::{self, Tx};

use super::{Endings, endings, existing_question, forbidden, is_agent, require_agent, require_asker, side};

/// Which questions are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    /// About which payments.
    pub year: Option<FlowYear>,
    /// In which state.
    pub state: Option<State>,
}

/// A question of a list: its words are not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The question.
    pub question: Question,
    /// Name of the collectivity.
    pub name: String,
    /// Name of who asked, unless erased.
    pub asked_by: Option<String>,
}

/// What is found, and what can be looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The questions, the last one first.
    pub listed: Vec<Listed>,
    /// Flow years about which something was asked, the last one first.
    pub years: Vec<FlowYear>,
}

/// What was written, with the name of who did, unless erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What.
    pub message: Message,
    /// By whom.
    pub by: Option<String>,
}

/// A question with everything written in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// The question.
    pub question: Question,
    /// Name of the collectivity.
    pub name: String,
    /// Title of the line that it is about, in the version that counts.
    pub title: Option<String>,
    /// What was written, in turns.
    pub written: Vec<Written>,
    /// Name of who closed it, unless erased.
    pub closed_by: Option<String>,
}

/// A question for who follows the collectivity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The question.
    pub thread: Thread,
    /// What it can end by, for who may go on and close.
    pub endings: Option<Endings>,
}

/// The questions of the territory that the actor follows.
pub async fn list(app: &App, actor: &Actor, filter: Filter) -> Result<Listing> {
    require_follower(actor)?;
    let mut tx = app.db.snapshot().await?;
    let mut found = store::question::all(&mut tx, filter.year).await?;
    found.retain(|question| filter.state.is_none_or(|state| question.state() == state));
    let years = store::question::years(&mut tx).await?;
    Ok(Listing { listed: seen(app, &mut tx, actor, found).await?, years })
}

/// The questions on a declaration, the last one first; and whether the actor may ask one.
pub async fn of_declaration(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
) -> Result<(Vec<Question>, bool)> {
    require_follower(actor)?;
    let mut tx = app.db.snapshot().await?;
    require_reader(app, &mut tx, actor, siren, year).await?;
    let mut found = store::question::of_body(&mut tx, siren).await?;
    found.retain(|question| question.flow_year == year);
    let may_ask = side(app, &mut tx, actor, (siren, year)).await?.is_some();
    Ok((found, may_ask))
}

/// Those that the actor may read, with names: all of them for the ministry, those of its region for a prefecture,
/// associated bodies too (rule 10).
async fn seen(app: &App, tx: &mut Tx<'_>, actor: &Actor, found: Vec<Question>) -> Result<Vec<Listed>> {
    let followed = match &actor.role {
        Role::Sgar(region) => Some(regions_read_by(&app.codes, region)),
        _ => None,
    };
    let mut asked: BTreeMap<FlowYear, Vec<Siren>> = BTreeMap::new();
    for question in &found {
        asked.entry(question.flow_year).or_default().push(question.siren);
    }
    let (mut bodies, mut associated) = (HashMap::new(), HashSet::new());
    for (year, mut sirens) in asked {
        sirens.sort_unstable();
        sirens.dedup();
        let known = store::register::find_all(tx, &sirens, year).await?;
        bodies.extend(known.into_iter().map(|(siren, body)| ((year, siren), body)));
        if let Some(followed) = &followed {
            let held = store::register::associated_of_year(tx, year).await?;
            let held = held.into_iter().filter(|(_, region)| followed.contains(region));
            associated.extend(held.map(|(siren, _)| (year, siren)));
        }
    }
    let (mut names, mut listed) = (Names::default(), vec![]);
    for question in found {
        let key = (question.flow_year, question.siren);
        let body = bodies.get(&key);
        let is_read = followed.as_ref().is_none_or(|followed| {
            body.is_some_and(|body| followed.contains(&body.region)) || associated.contains(&key)
        });
        if !is_read {
            continue;
        }
        let asked_by = match question.asked_by() {
            Some(person) => names.of(tx, person).await?,
            None => None,
        };
        let name = body.map_or_else(|| question.siren.to_string(), |body| body.name.clone());
        listed.push(Listed { question, name, asked_by });
    }
    Ok(listed)
}

/// A question for who follows the collectivity.
pub async fn followed(app: &App, actor: &Actor, id: &str) -> Result<Followed> {
    require_follower(actor)?;
    let mut tx = app.db.snapshot().await?;
    let question = existing_question(&mut tx, id).await?;
    let key = (question.siren, question.flow_year);
    require_reader(app, &mut tx, actor, key.0, key.1).await?;
    let endings = match side(app, &mut tx, actor, key).await? {
        Some(_side) => Some(endings(&mut tx, &question, app.now()).await?),
        None => None,
    };
    Ok(Followed { thread: thread(&mut tx, question).await?, endings })
}

/// What a question would be about: name of the collectivity, title of the line in the version that counts.
pub async fn subject(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    reference: Option<&str>,
) -> Result<(String, Option<String>)> {
    require_asker(actor)?;
    let mut tx = app.db.snapshot().await?;
    side(app, &mut tx, actor, (siren, year)).await?.ok_or_else(forbidden)?;
    let name = registered(&mut tx, siren).await?.name;
    Ok((name, title(&mut tx, (siren, year), reference).await?))
}

/// The name of a collectivity and the questions to it, the last one first, for its agents.
pub async fn own(app: &App, actor: &Actor, siren: Siren) -> Result<(String, Vec<Question>)> {
    let mut tx = app.db.snapshot().await?;
    require_agent(&mut tx, actor, siren).await?;
    let name = registered(&mut tx, siren).await?.name;
    Ok((name, store::question::of_body(&mut tx, siren).await?))
}

/// A question to a collectivity, for its agents.
pub async fn own_one(app: &App, actor: &Actor, siren: Siren, id: &str) -> Result<Thread> {
    let mut tx = app.db.snapshot().await?;
    require_agent(&mut tx, actor, siren).await?;
    let question = existing_question(&mut tx, id).await?;
    if question.siren != siren {
        return Err(super::unknown());
    }
    thread(&mut tx, question).await
}

/// How many questions wait for the answer of a collectivity; none for who is not its agent.
pub async fn waiting(app: &App, actor: &Actor, siren: Siren) -> Result<u64> {
    let mut tx = app.db.snapshot().await?;
    if !is_agent(&mut tx, actor, siren).await? {
        return Ok(0);
    }
    Ok(u64::try_from(store::question::waiting(&mut tx, siren).await?).unwrap_or_default())
}

async fn thread(tx: &mut Tx<'_>, question: Question) -> Result<Thread> {
    let name = registered(tx, question.siren).await?.name;
    let title = title(tx, (question.siren, question.flow_year), question.reference.as_deref()).await?;
    let (mut names, mut written) = (Names::default(), vec![]);
    for message in &question.messages {
        written.push(Written { by: names.of(tx, &message.by).await?, message: message.clone() });
    }
    let closed_by = match &question.end {
        Some(end) => names.of(tx, &end.by).await?,
        None => None,
    };
    Ok(Thread { question, name, title, written, closed_by })
}

async fn title(
    tx: &mut Tx<'_>,
    (siren, year): (Siren, FlowYear),
    reference: Option<&str>,
) -> Result<Option<String>> {
    let Some(reference) = reference else { return Ok(None) };
    let Some(counts) = store::filing::effective(tx, siren, year).await? else { return Ok(None) };
    let lines = store::line::of_version(tx, siren, year, counts.version).await?;
    Ok(lines
        .into_iter()
        .map(|filed| filed.line)
        .find(|line| line.reference == reference)
        .map(|line| line.title))
}
