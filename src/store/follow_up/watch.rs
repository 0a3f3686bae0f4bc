//! The expected bodies of a campaign with what they filed, kept in memory between two looks and brought up to date
//! by the journal.
//!
//! Whom a campaign expects follows from ten years of filings and the whole register: most of a second to find, and the
//! same all day long. Each look asks the journal, in its own snapshot, what was written since the last one: every write
//! adds an entry in its transaction (rule 13). A filing of this campaign is read again for its body alone; what cannot
//! move these figures is passed over; anything else has all of it read again (`domain/journal/effect.rs`).
//! Drafts, which are not told to the journal, are not kept.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::FromRow;

use crate::domain::codes::CodeLists;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::follow_up::{Filed, Followed};
use crate::domain::instant::Instant;
use crate::domain::journal::JournalHead;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{self, Result, Tx, on};

/// Campaigns that are kept: this one, the one before, and one more that somebody looks at.
const KEPT: usize = 3;

/// What is kept, by flow year.
#[derive(Debug, Default)]
pub struct Watch(Mutex<BTreeMap<FlowYear, Ground>>);

/// The expected bodies of a campaign, and what counts of those that filed. A clone is a few counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The end of the journal that it knows of.
    head: JournalHead,
    /// The bodies, by SIREN.
    pub bodies: Arc<Vec<Followed>>,
    /// Those that filed without being expected, by SIREN; what they filed may have been annulled since.
    pub others: Arc<Vec<Followed>>,
    /// What counts, of any body.
    pub filed: Arc<HashMap<Siren, Filed>>,
}

#[derive(FromRow)]
struct Version {
    siren: Siren,
    kind: FilingKind,
    filed_at: Instant,
    total_own: Euros,
}

/// The versions that are not reserved, or whose reservation was lifted, before a further condition.
macro_rules! versions {
    ($condition:literal) => {
        concat!(
            "SELECT f.siren, f.kind, f.filed_at, f.total_own FROM filing f WHERE f.flow_year = $1 ",
            $condition,
            " AND NOT EXISTS (SELECT 1 FROM reservation r WHERE r.flow_year = f.flow_year AND r.siren = f.siren \
             AND r.version = f.version AND NOT EXISTS (SELECT 1 FROM reservation_outcome o \
             WHERE o.flow_year = r.flow_year AND o.siren = r.siren AND o.version = r.version \
             AND o.outcome = 'accepted')) ORDER BY f.siren, f.version"
        )
    };
}

impl Watch {
    /// The expected bodies of the campaign of a flow year as `tx`, a snapshot, has them; or a moment later, where
    /// somebody else has looked since.
    pub async fn read(&self, tx: &mut Tx<'_>, year: FlowYear, codes: &CodeLists) -> Result<Ground> {
        let kept = self.kept().get(&year).cloned();
        let ground = match kept {
            Some(ground) => match followed(tx, &ground, year, codes).await? {
                Some(ground) => ground,
                None => ground_of(tx, year, codes).await?,
            },
            None => ground_of(tx, year, codes).await?,
        };
        let mut kept = self.kept();
        if kept.get(&year).is_none_or(|known| known.head.seq < ground.head.seq) {
            kept.insert(year, ground.clone());
        }
        while kept.len() > KEPT {
            kept.pop_first();
        }
        Ok(ground)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, BTreeMap<FlowYear, Ground>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is kept with what was written since; nothing where that cannot be told.
async fn followed(
    tx: &mut Tx<'_>,
    ground: &Ground,
    year: FlowYear,
    codes: &CodeLists,
) -> Result<Option<Ground>> {
    let head = store::journal::head(tx).await?;
    if head == ground.head {
        return Ok(Some(ground.clone()));
    }
    let Some(filed) = store::journal::filed_since(tx, &ground.head, year).await? else { return Ok(None) };
    let mut ground = Ground { head, ..ground.clone() };
    if !filed.is_empty() {
        let known = Arc::make_mut(&mut ground.filed);
        for siren in &filed {
            match versions_of(tx, *siren, year).await? {
                Some(counted) => drop(known.insert(*siren, counted)),
                None => drop(known.remove(siren)),
            }
        }
        let holds =
            |bodies: &[Followed], siren| bodies.binary_search_by_key(&siren, |body| body.siren).is_ok();
        let mut unknown: Vec<Siren> = filed.into_iter().collect();
        unknown.retain(|siren| !holds(&ground.bodies, *siren) && !holds(&ground.others, *siren));
        if !unknown.is_empty() {
            let register = store::register::find_all(tx, &unknown, year).await?;
            let others = Arc::make_mut(&mut ground.others);
            others.extend(register.iter().map(|(siren, body)| Followed::new(*siren, body, &[], codes)));
            others.sort_unstable_by_key(|body| body.siren);
        }
    }
    Ok(Some(ground))
}

/// All of it, from the tables.
async fn ground_of(tx: &mut Tx<'_>, year: FlowYear, codes: &CodeLists) -> Result<Ground> {
    let head = store::journal::head(tx).await?;
    let expected = super::expected(tx, year).await?;
    let mut associated: HashMap<Siren, Vec<String>> = HashMap::new();
    for (siren, region) in store::register::associated_of_year(tx, year).await? {
        associated.entry(siren).or_default().push(region);
    }
    let register = store::register::of_year(tx, year).await?;
    let mut bodies = Vec::with_capacity(expected.len());
    for (siren, why) in expected {
        let Some(body) = register.get(&siren) else { continue };
        // Who declares is who existed (rule 9).
        if !body.existed_between(year.first_day(), year.last_day()) {
            continue;
        }
        let seen_by = associated.get(&siren).map_or(&[][..], Vec::as_slice);
        bodies.push(Followed {
            decision: why.decision,
            last: why.last,
            ..Followed::new(siren, body, seen_by, codes)
        });
    }
    let filed = filed_of(tx, year).await?;
    let followed: HashSet<Siren> = bodies.iter().map(|body| body.siren).collect();
    let unexpected =
        register.iter().filter(|(siren, _)| filed.contains_key(siren) && !followed.contains(siren));
    // No territory sees what it does not count of them.
    let mut others: Vec<_> =
        unexpected.map(|(siren, body)| Followed::new(*siren, body, &[], codes)).collect();
    others.sort_unstable_by_key(|body| body.siren);
    Ok(Ground { head, bodies: Arc::new(bodies), others: Arc::new(others), filed: Arc::new(filed) })
}

async fn filed_of(tx: &mut Tx<'_>, year: FlowYear) -> Result<HashMap<Siren, Filed>> {
    let rows: Vec<Version> = on!(tx, |conn| sqlx::query_as(versions!("")).bind(year).fetch_all(conn).await)?;
    let by_body = rows.chunk_by(|one, other| one.siren == other.siren);
    Ok(by_body.filter_map(|versions| Some((versions.first()?.siren, counted(versions)?))).collect())
}

async fn versions_of(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Option<Filed>> {
    let rows: Vec<Version> = on!(tx, |conn| {
        sqlx::query_as(versions!("AND f.siren = $2")).bind(year).bind(siren).fetch_all(conn).await
    })?;
    Ok(counted(&rows))
}

fn counted(versions: &[Version]) -> Option<Filed> {
    let versions: Vec<_> =
        versions.iter().map(|version| (version.filed_at, version.kind, version.total_own)).collect();
    Filed::of(&versions)
}
