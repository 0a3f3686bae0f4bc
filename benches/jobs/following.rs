//! The pages of the ministry before the whole register and ten years of lines: dashboards, summaries, lists.

use std::fmt::Write as _;
use std::sync::Arc;

use eapd::app::{App, Parts};
use eapd::clock::ManualClock;
use eapd::domain::account::{AccountRole, Email, Identity, Key, Secret};
use eapd::domain::siren::Siren;
use eapd::domain::year::FlowYear;
use eapd::service::account::{self, NewAccount};
use eapd::service::declaration::Signatory;
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::operator;
use eapd::store;
use eapd::store::session::Session;

use crate::support::Result;
use crate::support::bench::Bench;
use crate::support::contest::Figure;
use crate::support::http::Client;
use crate::support::inside::{open, wait};
use crate::support::line::{Goal, Line, Unit};
use crate::support::service::{Service, spread, told};

/// The campaign that is open, and the flow years that are looked at.
const CAMPAIGN: u16 = 2026;
const YEARS: std::ops::RangeInclusive<u16> = 2016..=2025;
/// SIREN in a pasted list.
const PASTED: usize = 5_000;
/// What the cookie of the session holds.
const SECRET: &str = "SESSION0BANCDESSAI00000000";

/// Adds the lines of the pages of the ministry.
pub fn run(bench: &mut Bench) -> Result<()> {
    bench.has_time_for("following", 60)?;
    let folder = tempfile::tempdir_in(bench.scratch())?;
    let service = Service::start(bench, folder.path())?;
    let url = format!("sqlite://{}", service.database.display());
    let cookie = wait(signed_in(&url))?;
    let mut client = Client::with_cookie(service.server.address, &cookie)?;
    // What the first look after a start costs whoever comes before the figures are read ahead.
    let first = client.page("/pilotage/syntheses/nationale/2024")?.0;
    let years = told(&service.database, "SELECT DISTINCT flow_year FROM filing")?;
    let summaries = YEARS.filter(|year| years.contains(&year.to_string()));
    let summaries = summaries
        .flat_map(|year| [format!("nationale/{year}"), format!("84/{year}"), format!("HORS/{year}")]);
    let mut pages: Vec<_> = summaries.map(|rest| format!("/pilotage/syntheses/{rest}")).collect();
    pages.extend([
        "/pilotage".to_owned(),
        format!("/pilotage/suivi/{CAMPAIGN}"),
        format!("/pilotage/suivi/{CAMPAIGN}?region=84"),
        format!("/pilotage/suivi/{CAMPAIGN}/collectivites"),
        format!("/pilotage/suivi/{CAMPAIGN}/collectivites?classe=rien&region=84"),
    ]);
    let warm = slowest_of(bench, &mut client, &pages, || Ok(()))?;
    let bodies = bodies(&service)?;
    let mut next = bodies.iter().cycle();
    let after = slowest_of(
        bench,
        &mut client,
        pages.get(pages.len().saturating_sub(4)..).unwrap_or_default(),
        || {
            let siren = next.next().ok_or("no body")?;
            wait(files(&url, siren.parse()?))
        },
    )?;
    add(bench, "a dashboard or a summary of the ministry: the slowest", warm, "one client");
    add(
        bench,
        "the same, just after a filing: the slowest",
        after,
        "each look follows a filing of that campaign",
    );
    bench.add(
        Line::alone(
            "the first summary of 500,000 lines after a start",
            Unit::Milliseconds,
            Figure::of([first * 1_000.0].into_iter()),
            Goal::Shown,
        )
        .with_note("asked as soon as the service is ready, before its figures are read ahead"),
    );
    pasted(bench, &mut client, &service)?;
    service.server.stop().map(|_status| ())
}

fn add(bench: &mut Bench, what: &str, (path, figure): (String, Figure), note: &str) {
    let line = Line::alone(what, Unit::Milliseconds, figure, Goal::AtMost(100.0));
    bench.add(line.with_note(format!("{path}; {note}, from the question to the last byte of the answer")));
}

/// Thousands of SIREN pasted in the form, until the page of the answers.
fn pasted(bench: &mut Bench, client: &mut Client, service: &Service) -> Result<()> {
    let all =
        told(&service.database, "SELECT siren FROM collectivity WHERE siren IS NOT NULL ORDER BY siren")?;
    let sirens = spread(&all, PASTED).join("\n");
    let call = told(&service.database, "SELECT code FROM call ORDER BY code DESC LIMIT 1")?;
    let call = call.first().ok_or("no call for projects")?;
    let mut body = String::new();
    for (name, value) in [("appel", call.as_str()), ("sirens", sirens.as_str())] {
        write!(body, "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")?;
    }
    body.push_str("--x--\r\n");
    let mut times = vec![];
    for _turn in 0..if bench.options.is_quick() { 1 } else { 5 } {
        let (sent, answers) =
            client.send("/pilotage/eligibilite", "multipart/form-data; boundary=x", &body)?;
        times.push((sent + client.page(&answers)?.0) * 1_000.0);
    }
    let figure = Figure::of(times.into_iter());
    bench.add(
        Line::alone("5,000 SIREN pasted in the page", Unit::Milliseconds, figure, Goal::AtMost(2_000.0))
            .with_note("from the form to the last byte of the page of answers"),
    );
    Ok(())
}

/// The page whose median is the highest, with its milliseconds; something happens before each look.
fn slowest_of(
    bench: &Bench,
    client: &mut Client,
    paths: &[String],
    mut before: impl FnMut() -> Result<()>,
) -> Result<(String, Figure)> {
    let turns = if bench.options.is_quick() { 2 } else { 10 };
    let mut slowest: Option<(String, Figure)> = None;
    for path in paths {
        client.page(path)?;
        let mut times = vec![];
        for _turn in 0..turns {
            before()?;
            times.push(client.page(path)?.0 * 1_000.0);
        }
        let figure = Figure::of(times.into_iter());
        println!("  {path}: {:.1} ms", figure.median);
        if slowest.as_ref().is_none_or(|(_, known)| figure.median > known.median) {
            slowest = Some((path.clone(), figure));
        }
    }
    slowest.ok_or_else(|| "no page".into())
}

/// Bodies that filed lines in the open campaign.
fn bodies(service: &Service) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT siren FROM effective_filing WHERE flow_year = {} AND line_count BETWEEN 1 AND 60 ORDER BY siren LIMIT 200",
        CAMPAIGN - 1
    );
    told(&service.database, &sql)
}

/// The cookie of a manager, whose second factor is taken as given.
async fn signed_in(url: &str) -> Result<String> {
    let app = open(url).await?;
    let operator = operator::identify(&app, "bench").await?;
    let email: Email = "gestion@service.example".parse()?;
    let identity = Identity::new("Gestionnaire fictif", "bureau").map_err(|_faults| "identity")?;
    let new = NewAccount { email, identity, role: AccountRole::Manager };
    let person = account::create(&app, &operator, &new, "girafe velours octet jambon").await?;
    let (key, now) = (Key::new([7; 20]), app.now());
    let session = Session {
        id: app.random.identifier(),
        person: person.clone(),
        browser: "banc d’essai".to_owned(),
        created_at: now,
        seen_at: now,
        ended_at: None,
    };
    let mut tx = app.db.begin().await?;
    store::second_factor::prepare(&mut tx, &person, &key).await?;
    store::second_factor::confirm(&mut tx, &person, &key, 0, now).await?;
    let secret = Secret::new(SECRET).sha256().ok_or("secret")?;
    store::session::insert(&mut tx, &session, &secret).await?;
    tx.commit().await?;
    app.db.close().await;
    Ok(format!("__Host-eapd-session={SECRET}"))
}

/// Files that nothing was paid, at the instant of the last entry of the journal: time never runs back.
async fn files(url: &str, siren: Siren) -> Result<()> {
    let app = open(url).await?;
    let last = store::journal::last_instant(&mut app.db.snapshot().await?).await?.ok_or("no journal")?;
    let app = App::from(Parts { clock: Arc::new(ManualClock::at(last)), ..(*app).clone() });
    let request = Request {
        siren,
        flow_year: FlowYear::new(CAMPAIGN - 1)?,
        content: Content::Nil,
        signatory: Signatory { name: "Signataire fictif".to_owned(), function: "maire".to_owned() },
        document: None,
        received_at: app.now(),
        idempotency: None,
    };
    file(&app, &operator::identify(&app, "bench").await?, &request).await?;
    app.db.close().await;
    Ok(())
}
