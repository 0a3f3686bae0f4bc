//! What becomes public of a campaign, looked at before it does: titles are replaced without touching what was filed.

use futures_util::TryStreamExt;
use serde_json::json;

use crate::app::App;
use crate::domain::campaign::CampaignState;
use crate::domain::declaration::{FiledLine, Seal};
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::publication::{Hint, PublicTitles, Replaced, hints, title_sha256};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::text::fold;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::campaign::existing;
use crate::service::refusals::told;
use crate::service::{Result, ServiceError, require_manager, require_reason};
use crate::store::journal::Told;
use crate::store::{self, Tx};

/// Lines on a page of the list.
pub const PAGE: usize = 50;
/// Characters of a public title, at most: as of a declared one.
pub const TITLE_MAX: usize = 150;

/// Which lines are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Only {
    /// All of them.
    #[default]
    All,
    /// Those whose public title may tell of a person.
    Doubtful,
    /// Those whose title was replaced.
    Replaced,
}

/// What is looked for, and which page of it, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Words of the title or of the collectivity.
    pub words: String,
    /// Which lines.
    pub only: Only,
    /// Page.
    pub page: usize,
}

/// What becomes public of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Where the campaign stands.
    pub state: CampaignState,
    /// Bodies with amounts.
    pub declared: usize,
    /// Bodies that declare that they paid nothing.
    pub nil: usize,
    /// Lines.
    pub lines: usize,
    /// Their own resources.
    pub own: Euros,
    /// Lines whose public title may tell of a person.
    pub doubtful: usize,
    /// Lines whose title was replaced.
    pub replaced: usize,
    /// Lines that are looked for.
    pub found: usize,
    /// Those of the page.
    pub rows: Vec<Titled>,
}

/// A line by its public title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titled {
    /// Whose.
    pub siren: Siren,
    /// Name of the collectivity.
    pub name: String,
    /// Which line.
    pub reference: String,
    /// The title declared.
    pub declared: String,
    /// The public one, where it is another.
    pub public: Option<String>,
    /// What in the public one may tell of a person.
    pub hints: Vec<Hint>,
    /// What the collectivity paid itself.
    pub own: Euros,
}

/// What becomes public of a campaign, with the lines that are looked for: the effective lines, read once.
pub async fn preview(app: &App, actor: &Actor, year: CampaignYear, wanted: &Wanted) -> Result<Preview> {
    require_manager(actor)?;
    let flow_year = year.flow_year();
    let mut tx = app.db.snapshot().await?;
    tx.take_time().await?;
    let state = existing(&mut tx, year).await?.state(app.now());
    let seals = store::filing::effective_of_year(&mut tx, flow_year).await?;
    let bodies = store::register::filed_of_year(&mut tx, flow_year).await?;
    let titles = store::public_title::of_year(&mut tx, flow_year).await?;
    let mut shown = counted(state, &seals)?;
    let words: Vec<String> = fold(&wanted.words).split(' ').map(str::to_owned).collect();
    let first = wanted.page.max(1).saturating_sub(1).saturating_mul(PAGE);
    let mut lines = store::line::stream_effective(&mut tx, flow_year);
    while let Some(filed) = lines.try_next().await? {
        let public = titles.of(&filed);
        let told = hints(public.unwrap_or(&filed.line.title));
        let (is_doubtful, is_replaced) = (!told.is_empty(), public.is_some());
        shown.doubtful = shown.doubtful.saturating_add(usize::from(is_doubtful));
        shown.replaced = shown.replaced.saturating_add(usize::from(is_replaced));
        let name = bodies.get(&filed.siren).map_or("", |body| body.name.as_str());
        let is_wanted = match wanted.only {
            Only::All => true,
            Only::Doubtful => is_doubtful,
            Only::Replaced => is_replaced,
        };
        if !is_wanted || !holds(&filed, name, public, &words) {
            continue;
        }
        if shown.found >= first && shown.rows.len() < PAGE {
            let (name, public) = (name.to_owned(), public.map(str::to_owned));
            shown.rows.push(titled(filed, name, public, told));
        }
        shown.found = shown.found.saturating_add(1);
    }
    Ok(shown)
}

fn counted(state: CampaignState, seals: &[Seal]) -> Result<Preview> {
    let standing = || seals.iter().filter(|seal| seal.kind != FilingKind::Annulled);
    let own = Euros::checked_sum(standing().map(|seal| seal.total_own)).ok_or_else(|| {
        ServiceError::refused(Because::Invalid, "le total dépasse ce que le service peut tenir")
    })?;
    let lines = standing().map(|seal| usize::try_from(seal.line_count).unwrap_or_default()).sum();
    let nil = standing().filter(|seal| seal.line_count == 0).count();
    let declared = standing().count().saturating_sub(nil);
    let (doubtful, replaced, found, rows) = (0, 0, 0, vec![]);
    Ok(Preview { state, declared, nil, lines, own, doubtful, replaced, found, rows })
}

fn holds(filed: &FiledLine, name: &str, public: Option<&str>, words: &[String]) -> bool {
    if words.iter().all(String::is_empty) {
        return true;
    }
    let text = fold(&format!("{} {} {name} {}", filed.line.title, public.unwrap_or(""), filed.siren));
    words.iter().all(|word| text.contains(word))
}

fn titled(filed: FiledLine, name: String, public: Option<String>, hints: Vec<Hint>) -> Titled {
    let own = filed.line.own_resources();
    let (siren, reference, declared) = (filed.siren, filed.line.reference, filed.line.title);
    Titled { siren, name, reference, declared, public, hints, own }
}

/// One line that counts, by its public title.
pub async fn one(app: &App, actor: &Actor, key: (Siren, FlowYear), reference: &str) -> Result<Titled> {
    require_manager(actor)?;
    let mut tx = app.db.snapshot().await?;
    let titles = store::public_title::of_year(&mut tx, key.1).await?;
    let filed = effective_line(&mut tx, key, reference).await?;
    let name = crate::service::registered(&mut tx, key.0).await?.name;
    let public = titles.of(&filed).map(str::to_owned);
    let told = hints(public.as_deref().unwrap_or(&filed.line.title));
    Ok(titled(filed, name, public, told))
}

/// Puts a public title in place of the one that a line declares, until its campaign is published. What was filed
/// stays as it is; a later version that declares another title shows its own.
pub async fn replace_title(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    reference: &str,
    (title, reason): (&str, &str),
) -> Result<()> {
    let outcome = replace_now(app, actor, (siren, year), reference, (title, reason)).await;
    told(app, actor, "title.replace", format!("{siren}/{year}"), outcome).await
}

async fn replace_now(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    reference: &str,
    (title, reason): (&str, &str),
) -> Result<()> {
    require_manager(actor)?;
    let (now, reason, title) = (app.now(), require_reason(reason)?, readable(title)?);
    let mut tx = app.db.begin().await?;
    tx.share_campaign(year.campaign()).await?;
    let campaign = existing(&mut tx, year.campaign()).await?;
    if campaign.state(now) == CampaignState::Published {
        let message = format!(
            "la campagne {} est publiée\u{a0}: un titre ne se remplace plus, rectifiez la ligne par une version",
            campaign.year
        );
        return Err(ServiceError::refused(Because::StepTaken, message));
    }
    let filed = effective_line(&mut tx, (siren, year), reference).await?;
    let replaced = Replaced { declared_sha256: title_sha256(&filed.line.title), title };
    store::public_title::put(&mut tx, (siren, year, reference), &replaced, reason, &actor.person, now)
        .await?;
    let subject = format!("{siren}/{year}");
    let after = json!({"reference": reference, "titre": replaced.title, "motif": reason}).to_string();
    let told = Told {
        at: now,
        actor: &actor.person,
        action: "title.replace",
        subject: &subject,
        before: None,
        after: Some(&after),
    };
    store::journal::append(&mut tx, told).await?;
    tx.commit().await?;
    Ok(())
}

/// A title that can be read: on one line, not empty, not too long.
fn readable(title: &str) -> Result<String> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() || title.chars().count() > TITLE_MAX {
        let message = format!("le titre public doit avoir de 1 à {TITLE_MAX} caractères");
        return Err(ServiceError::refused(Because::Invalid, message));
    }
    Ok(title)
}

async fn effective_line(
    tx: &mut Tx<'_>,
    (siren, year): (Siren, FlowYear),
    reference: &str,
) -> Result<FiledLine> {
    let lines = match store::filing::effective(tx, siren, year).await? {
        Some(filing) => store::line::of_version(tx, siren, year, filing.version).await?,
        None => vec![],
    };
    lines.into_iter().find(|filed| filed.line.reference == reference).ok_or_else(|| {
        let shown = crate::domain::text::excerpt(reference, 40);
        let message = format!("aucune ligne qui compte ne porte la référence «\u{a0}{shown}\u{a0}»");
        ServiceError::refused(Because::UnknownLine, message)
    })
}

/// Gives lines the titles that are public.
pub(crate) fn put_titles(titles: &PublicTitles, lines: &mut [FiledLine]) {
    if titles.is_empty() {
        return;
    }
    for filed in lines {
        titles.put(filed);
    }
}
