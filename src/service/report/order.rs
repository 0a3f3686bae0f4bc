//! Releases ordered on a page: the files of a whole year take longer than a request may. An order is a row that one
//! process at a time holds by a lease, which it renews while it works; where it dies, another takes the order up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::release::Release;
use crate::domain::release_order::{OrderEnd, ReleaseOrder};
use crate::domain::role::{Actor, Role};
use crate::domain::year::FlowYear;
use crate::service::campaign::existing;
use crate::service::refusals::told;
use crate::service::report::release::{require_released, require_settled};
use crate::service::report::{Released, ReportName, release};
use crate::service::{Result, ServiceError, require_manager};
use crate::store;
use crate::store::journal::Told;

/// How long a process that says nothing still holds an order, seconds.
const LEASE: i64 = 60;
/// How often it says how far it is.
const BEAT: Duration = Duration::from_secs(1);
/// An order that ended so many processes is given up.
const MOST_ATTEMPTS: u32 = 3;
/// How long it is told what became of an order, seconds.
const KEPT: i64 = 30 * 86_400;

/// Orders a release, or joins the order that waits for the same one. Gives the id to follow it by.
///
/// # Errors
/// Refuses who does not manage, and a campaign that is not settled.
pub async fn order(app: &App, actor: &Actor, name: ReportName, flow_year: FlowYear) -> Result<String> {
    let outcome = order_now(app, actor, name, flow_year).await;
    told(app, actor, "report.order", format!("{name}/{flow_year}"), outcome).await
}

async fn order_now(app: &App, actor: &Actor, name: ReportName, flow_year: FlowYear) -> Result<String> {
    require_manager(actor)?;
    require_released(name)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    require_settled(&existing(&mut tx, flow_year.campaign()).await?)?;
    store::release_order::purge(&mut tx, now.plus_seconds(-KEPT)).await?;
    let order = ReleaseOrder {
        id: app.random.identifier(),
        name: name.code().to_owned(),
        flow_year,
        ordered_by: actor.person.clone(),
        ordered_at: now,
        done: 0,
        total: 0,
        attempts: 0,
        end: None,
    };
    let id = if store::release_order::insert(&mut tx, &order).await? {
        let subject = format!("{name}/{flow_year}");
        let after = json!({ "commande": order.id }).to_string();
        let told = Told {
            at: now,
            actor: &actor.person,
            action: "report.order",
            subject: &subject,
            before: None,
            after: Some(&after),
        };
        store::journal::append(&mut tx, told).await?;
        order.id
    } else {
        let waiting = store::release_order::waiting(&mut tx, flow_year).await?;
        let same = waiting.into_iter().find(|waiting| waiting.name == order.name);
        // It ended between the two statements: what it made is new enough.
        same.map(|same| same.id).ok_or_else(|| {
            let message = "cette publication vient de s’achever\u{a0}: relisez la page des rapports";
            ServiceError::refused(Because::StepTaken, message)
        })?
    };
    tx.commit().await?;
    app.release_ordered.notify_one();
    Ok(id)
}

/// How far an order is, for who manages.
///
/// # Errors
/// Refuses who does not manage, and an id that names no order.
pub async fn followed(app: &App, actor: &Actor, id: &str) -> Result<ReleaseOrder> {
    require_manager(actor)?;
    let found = store::release_order::find(&mut app.db.snapshot().await?, id).await?;
    found.ok_or_else(|| {
        let message = "il n’y a pas, ou plus, de publication en cours de ce numéro";
        ServiceError::refused(Because::UnknownReport, message)
    })
}

/// Works off what is ordered, one order after the other, until none is left or `stop` says so.
///
/// # Errors
/// When the database fails: what was begun is taken up again once its lease has ended.
pub async fn work(app: &App, stop: &mut watch::Receiver<bool>) -> Result<()> {
    let by = app.random.identifier();
    while !*stop.borrow() {
        let now = app.now();
        let mut tx = app.db.begin().await?;
        let order = store::release_order::lease(&mut tx, &by, now, now.plus_seconds(LEASE)).await?;
        tx.commit().await?;
        let Some(order) = order else { break };
        let end = if order.attempts > MOST_ATTEMPTS {
            tracing::error!(order.id, "the processes that took an order all died: it is given up");
            Some(OrderEnd::Failed)
        } else {
            make(app, &order, &by, stop).await?
        };
        let mut tx = app.db.begin().await?;
        match end {
            Some(end) => store::release_order::end(&mut tx, (&order.id, &by), app.now(), &end).await?,
            None => store::release_order::give_back(&mut tx, &order.id, &by).await?,
        };
        tx.commit().await?;
    }
    Ok(())
}

/// Makes the edition, telling how far it is. Gives nothing where it was told to stop, or lost the order to another.
async fn make(
    app: &App,
    order: &ReleaseOrder,
    by: &str,
    stop: &mut watch::Receiver<bool>,
) -> Result<Option<OrderEnd>> {
    let Ok(name) = order.name.parse::<ReportName>() else {
        // A newer version of the program, which runs beside this one, knows it.
        return Ok(None);
    };
    let far = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
    // Apart from what tells how far it is: on SQLite both write, and one waits for the other.
    let mut making = tokio::spawn({
        let (app, far, flow_year) = (app.clone(), Arc::clone(&far), order.flow_year);
        // Accepted from a manager when it was ordered.
        let actor = Actor { person: order.ordered_by.clone(), role: Role::Manager };
        async move {
            let tell = move |done: u64, total: u64| {
                far.0.store(done, Ordering::Relaxed);
                far.1.store(total, Ordering::Relaxed);
            };
            release(&app, &actor, name, flow_year, &tell).await
        }
    });
    let mut beat = tokio::time::interval(BEAT);
    loop {
        tokio::select! {
            made = &mut making => return Ok(Some(ended(order, made))),
            _told = stop.changed() => {
                making.abort();
                return Ok(None);
            }
            _instant = beat.tick() => {
                let seen = (far.0.load(Ordering::Relaxed), far.1.load(Ordering::Relaxed));
                let mut tx = app.db.begin().await?;
                let until = app.now().plus_seconds(LEASE);
                let held = store::release_order::advance(&mut tx, (&order.id, by), seen, until).await?;
                tx.commit().await?;
                if !held {
                    making.abort();
                    return Ok(None);
                }
            }
        }
    }
}

type Made = std::result::Result<Result<Released>, tokio::task::JoinError>;

fn ended(order: &ReleaseOrder, made: Made) -> OrderEnd {
    let edition = |files: &[Release]| files.first().map_or(1, |file| file.edition);
    match made {
        Ok(Ok(Released::Edition(files))) => OrderEnd::Released(edition(&files)),
        // A process that died after the edition was stored: it is this order's.
        Ok(Ok(Released::Unchanged(files)))
            if order.attempts > 1
                && files.first().is_some_and(|file| file.released_at >= order.ordered_at) =>
        {
            OrderEnd::Released(edition(&files))
        }
        Ok(Ok(Released::Unchanged(files))) => OrderEnd::Unchanged(edition(&files)),
        Ok(Err(ServiceError::Refused(refusal))) => OrderEnd::Refused(refusal.message),
        Ok(Err(error)) => {
            tracing::error!(order.id, %error, "an ordered release failed");
            OrderEnd::Failed
        }
        Err(error) => {
            tracing::error!(order.id, %error, "an ordered release was broken off");
            OrderEnd::Failed
        }
    }
}
