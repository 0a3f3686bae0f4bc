//! What the journal tells, by collectivity, person, action and day.

use std::collections::BTreeMap;

use serde_json::json;

use crate::app::App;
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::journal::JournalEntry;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor as Asking, Role};
use crate::domain::siren::Siren;
use crate::domain::text::fold;
use crate::reports;
use crate::service::account::tell;
use crate::service::{Result, ServiceError, refusals};
use crate::store::journal::Sought;
use crate::store::{self, Tx};

/// Entries of a page.
const PAGE: i64 = 50;
/// Entries of an export at most: beyond that it is narrowed down.
const MOST: usize = 50_000;
/// By how much the instants of entries written by several instances may be out of their order: two clocks that are
/// two minutes wrong each, and some.
const DISORDER: i64 = 3_600;

/// What is asked; nothing asked finds all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// The collectivity.
    pub siren: Option<Siren>,
    /// Random id of who acted.
    pub actor: Option<String>,
    /// The code of what was done.
    pub action: Option<String>,
    /// The first day, in Paris.
    pub from: Option<Day>,
    /// The last day.
    pub until: Option<Day>,
    /// Entries before this number: where the page before ended.
    pub before: Option<i64>,
}

/// Entries of a page, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The entries.
    pub entries: Vec<JournalEntry>,
    /// The names of those who acted and are still known, by random id.
    pub names: BTreeMap<String, String>,
    /// Where the next page begins, if there is one.
    pub next: Option<i64>,
}

/// A person who may have acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Random id.
    pub person: String,
    /// Name.
    pub name: String,
}

/// A page of the entries that match.
pub async fn search(app: &App, asking: &Asking, search: &Search) -> Result<Page> {
    require_reader(app, asking, "journal.read").await?;
    let mut tx = app.db.snapshot().await?;
    let mut entries = found(&mut tx, search, PAGE.saturating_add(1)).await?;
    let full = usize::try_from(PAGE).unwrap_or_default();
    let has_more = entries.len() > full;
    entries.truncate(full);
    let mut names = BTreeMap::new();
    for entry in &entries {
        if !names.contains_key(&entry.actor)
            && let Some((Some(name), _function)) = store::person::find(&mut tx, &entry.actor).await?
        {
            names.insert(entry.actor.clone(), name);
        }
    }
    tx.done();
    let next = entries.last().filter(|_last| has_more).map(|last| last.seq);
    Ok(Page { entries, names, next })
}

/// The entries that match as CSV, all of them; the journal tells who took it out.
pub async fn export(app: &App, asking: &Asking, search: &Search) -> Result<Vec<u8>> {
    require_reader(app, asking, "journal.export").await?;
    let mut tx = app.db.snapshot().await?;
    let whole = Search { before: None, ..search.clone() };
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX).saturating_add(1);
    let entries = found(&mut tx, &whole, limit).await?;
    tx.done();
    if entries.len() > MOST {
        let most = crate::domain::text::thousands(u64::try_from(MOST).unwrap_or_default());
        let message = format!("plus de {most} entrées correspondent\u{a0}: précisez les dates ou l’action");
        return Err(ServiceError::refused(Because::Invalid, message));
    }
    let mut out = Vec::new();
    reports::journal::csv(&entries, &mut out).map_err(ServiceError::Report)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let asked = json!({
        "siren": search.siren,
        "acteur": search.actor,
        "action": search.action,
        "du": search.from.map(Day::to_iso),
        "au": search.until.map(Day::to_iso),
        "entrees": entries.len(),
    });
    tell(&mut tx, now, &asking.person, "journal.export", "journal", &asked).await?;
    tx.commit().await?;
    Ok(out)
}

/// Whom a person means by an id, an address or words of a name: those that match, a few of them.
pub async fn actor(app: &App, asking: &Asking, who: &str) -> Result<Vec<Actor>> {
    const MOST: usize = 6;
    require_reader(app, asking, "journal.read").await?;
    let mut tx = app.db.read().await?;
    let known = store::person::find(&mut tx, who).await?;
    let all = store::account::all(&mut tx).await?;
    tx.done();
    if let Some((name, _function)) = known {
        let name = name.unwrap_or_else(|| "personne oubliée".to_owned());
        return Ok(vec![Actor { person: who.to_owned(), name }]);
    }
    let (words, who) = (fold(who), who.to_lowercase());
    let is_meant = |name: &str, email: &str| {
        email == who || (!words.is_empty() && words.split(' ').all(|word| fold(name).contains(word)))
    };
    let meant = all.into_iter().filter(|account| is_meant(&account.name, account.email.as_str()));
    Ok(meant.take(MOST).map(|account| Actor { person: account.person, name: account.name }).collect())
}

async fn found(tx: &mut Tx<'_>, search: &Search, limit: i64) -> Result<Vec<JournalEntry>> {
    let from = search.from.map(Day::starts_at);
    let until = search.until.map(Day::ends_at);
    let head = store::journal::head(tx).await?.seq;
    // Entries are in the order of their instants, but for a little: what is outside is left out by number.
    let after = match from {
        Some(from) => first_from(tx, head, from.plus_seconds(-DISORDER)).await?.saturating_sub(1),
        None => 0,
    };
    let end = match until {
        Some(until) => first_from(tx, head, until.plus_seconds(DISORDER)).await?,
        None => head.saturating_add(1),
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (actor, action) = (text(&search.actor), text(&search.action));
    let siren = search.siren.map(|siren| siren.to_string()).unwrap_or_default();
    let sought = Sought {
        siren: &siren,
        actor: &actor,
        action: &action,
        from: from.unwrap_or(Day::first_of(1_900).starts_at()),
        until: until.unwrap_or(Day::last_of(9_000).ends_at()),
        after,
        before: search.before.map_or(end, |before| before.min(end)),
        limit,
    };
    Ok(store::journal::search(tx, sought).await?)
}

/// The number of the first entry at or after an instant, or the one after the last: found by halves, since numbers
/// have no gap.
async fn first_from(tx: &mut Tx<'_>, head: i64, at: Instant) -> Result<i64> {
    let (mut low, mut high) = (1, head.saturating_add(1));
    while low < high {
        let middle = low.midpoint(high);
        let is_before = store::journal::instant_of(tx, middle).await?.is_some_and(|instant| instant < at);
        if is_before { low = middle.saturating_add(1) } else { high = middle }
    }
    Ok(low)
}

async fn require_reader(app: &App, asking: &Asking, action: &str) -> Result<()> {
    let outcome = match asking.role {
        Role::Administrator | Role::Manager | Role::Operator => Ok(()),
        _ => {
            let message = "le journal est lu par les gestionnaires et les administrateurs";
            Err(ServiceError::refused(Because::Forbidden, message))
        }
    };
    refusals::told(app, asking, action, "journal", outcome).await
}
