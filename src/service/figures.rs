//! What watchers are told: what this process counted, and what the database holds at this instant.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::App;
use crate::domain::job::Job;
pub use crate::metrics::MEDIA;
use crate::metrics::Sheet;
use crate::service::Result;
use crate::service::job::due;
use crate::store::engine::last_migration;
use crate::store::figure::{self, Figure};

/// How long a watcher waits for the database, to be told that it does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The figures by what they are of, then by label.
type Told = BTreeMap<String, BTreeMap<String, Figure>>;

/// Every series, as text of `OpenMetrics`. Where the database does not answer `eapd_database_up` is 0, and what it holds
/// is left out.
///
/// # Errors
/// Never, since a text takes whatever is written to it.
pub async fn told(app: &App) -> std::result::Result<String, std::fmt::Error> {
    let mut sheet = Sheet::default();
    let read = tokio::time::timeout(PATIENCE, read(app)).await;
    let up = match read {
        Ok(Ok(told)) => {
            of_database(&mut sheet, app, &told);
            1
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "the figures of the database could not be read");
            0
        }
        Err(_elapsed) => {
            tracing::error!("the database did not give its figures in time");
            0
        }
    };
    sheet.gauge("database_up", "1 while the database answers", up);
    pools(&mut sheet, app);
    app.metrics.tell(&sheet)
}

async fn read(app: &App) -> Result<Told> {
    let mut tx = app.db.read().await?;
    let figures = figure::all(&mut tx).await?;
    tx.done();
    let mut told = Told::new();
    for figure in figures {
        told.entry(figure.what.clone()).or_default().insert(figure.label.clone(), figure);
    }
    Ok(told)
}

fn pools(sheet: &mut Sheet, app: &App) {
    let many = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let mut pools = app.db.pools();
    if let Some((pool, is_read)) = app.replica.figures() {
        pools.push(pool);
        sheet.gauge("replica_up", "1 while the replica is read from", i64::from(is_read));
    }
    let by_state = pools.iter().flat_map(|pool| {
        let labels = |state: &str| vec![("pool", pool.name.to_owned()), ("state", state.to_owned())];
        let used = pool.open.saturating_sub(pool.idle);
        [(labels("idle"), many(pool.idle)), (labels("used"), many(used))]
    });
    sheet.gauges("database_connections", "Open connections to the database", by_state);
    let most = pools.iter().map(|pool| (vec![("pool", pool.name.to_owned())], many(pool.most)));
    sheet.gauges("database_connections_max", "How many there may be", most);
}

fn of_database(sheet: &mut Sheet, app: &App, told: &Told) {
    let now = app.now();
    let count =
        |what: &str| told.get(what).and_then(|figures| figures.get("")).map_or(0, |told| told.counted);
    let age = |what: &str| {
        let first = told.get(what).and_then(|figures| figures.get("")).and_then(|told| told.at);
        first.map_or(0, |first| now.seconds_since(first).max(0))
    };
    sheet.gauge("mail_waiting", "Mails that wait to be sent", count("mail"));
    sheet.gauge("mail_oldest_seconds", "Age of the oldest mail that waits", age("mail"));
    sheet.gauge("mail_given_up", "Mails that were given up and are still kept", count("mail_given_up"));
    sheet.gauge("releases_waiting", "Ordered releases that are not done", count("release"));
    sheet.gauge("releases_oldest_seconds", "Age of the oldest of them", age("release"));
    sheet.gauge("journal_head", "Number of the last entry of the journal", count("journal"));
    sheet.gauge("schema_version", "Number of the last migration of the database", count("schema"));
    sheet.gauge("schema_version_expected", "Number of the last migration of this program", last_migration());
    let filings = told.get("filing").into_iter().flatten();
    let filings = filings.map(|(year, told)| (vec![("flow_year", year.clone())], told.counted));
    sheet.counters("filings", "Filings of all versions, acknowledged by any instance", filings);
    jobs(sheet, app, told);
}

fn jobs(sheet: &mut Sheet, app: &App, told: &Told) {
    let now = app.now();
    let of = |what: &str, job: Job| told.get(what).and_then(|figures| figures.get(job.code()));
    let labels = |job: Job| vec![("job", job.code().to_owned())];
    let lag = |job: Job| {
        // What the configuration leaves out is never late.
        let Some(due) = due(app, job).map(|due| due.last(now)) else { return 0 };
        let done = of("job_due", job).and_then(|told| told.at);
        if done.is_some_and(|done| done >= due) { 0 } else { now.seconds_since(due).max(0) }
    };
    let all = Job::ALL.into_iter();
    sheet.gauges(
        "job_lag_seconds",
        "For how long the last due run of a job has not been done",
        all.clone().map(|job| (labels(job), lag(job))),
    );
    sheet.gauges(
        "job_last_success_timestamp_seconds",
        "When a job was done last, Unix time",
        all.clone().filter_map(|job| {
            let at = of("job_done", job)?.at?;
            Some((labels(job), at.as_datetime().unix_timestamp()))
        }),
    );
    sheet.gauges(
        "job_attempts",
        "How often the run that is not done was tried; 0 where all are done",
        all.clone().map(|job| (labels(job), of("job_open", job).map_or(0, |told| told.counted))),
    );
    let outcomes = [("done", "job_done"), ("failed", "job_failed")];
    let runs = all.flat_map(|job| {
        outcomes.map(|(outcome, what)| {
            let labels = vec![("job", job.code().to_owned()), ("outcome", outcome.to_owned())];
            (labels, of(what, job).map_or(0, |told| told.counted))
        })
    });
    sheet.gauges("job_runs", "Runs of the last 90 days, by what became of them", runs);
}
