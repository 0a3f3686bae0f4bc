//! The pages that a signed-in declarant sees, one by one, before the whole register and ten years of lines.

use eapd::domain::account::{AccountRole, Email, Identity};
use eapd::domain::siren::Siren;
use eapd::domain::year::FlowYear;
use eapd::service::account::{self, NewAccount, Origin, SignedIn};
use eapd::service::declaration::draft;
use eapd::service::{attachment, operator};
use eapd::store;

use crate::support::Result;
use crate::support::bench::Bench;
use crate::support::contest::Figure;
use crate::support::http::Client;
use crate::support::inside::{open, wait};
use crate::support::line::{Goal, Line, Unit};
use crate::support::service::{Service, told};

/// The year that can be declared, and lines of the body that is looked at.
const YEAR: u16 = 2025;
const LINES: std::ops::RangeInclusive<u32> = 40..=60;

/// Adds the lines of the pages.
pub fn run(bench: &mut Bench) -> Result<()> {
    bench.has_time_for("pages", 30)?;
    let folder = tempfile::tempdir_in(bench.scratch())?;
    let service = Service::start(bench, folder.path())?;
    let (least, most) = if bench.options.is_quick() { (1, u32::MAX) } else { (*LINES.start(), *LINES.end()) };
    let found = told(
        &service.database,
        &format!(
            "SELECT f.siren || ' ' || r.number FROM effective_filing f JOIN receipt r USING (flow_year, siren, version) \
             WHERE f.flow_year = {YEAR} AND f.line_count BETWEEN {least} AND {most} ORDER BY f.siren LIMIT 1"
        ),
    )?;
    let (siren, receipt) = found.first().and_then(|row| row.split_once(' ')).ok_or("nobody declared")?;
    let cookie = wait(signed_in(&format!("sqlite://{}", service.database.display()), siren.parse()?))?;
    let mut client = Client::with_cookie(service.server.address, &cookie)?;
    let base = format!("/espace/{siren}/{YEAR}");
    let pages = [
        "/".to_owned(),
        "/aide".to_owned(),
        format!("/collectivites/{siren}"),
        format!("/recepisses?numero={receipt}"),
        "/compte".to_owned(),
        "/espace".to_owned(),
        format!("/espace/{siren}/agents"),
        base.clone(),
        format!("{base}/lignes/nouvelle?cas=association_ici"),
        format!("{base}/lignes/nouvelle?cas=autre"),
        format!("{base}/reprise"),
        format!("{base}/recapitulatif"),
        format!("{base}/signature"),
        format!("{base}/neant"),
        format!("{base}/recepisses/{receipt}"),
        format!("{base}/historique"),
        format!("{base}/import"),
        format!("{base}/recepisses/{receipt}/pdf"),
        format!("{base}/modele?format=xlsx"),
        format!("{base}/export"),
    ];
    let searches = [
        "/collectivites?q=saint",
        "/collectivites?q=rennes",
        "/collectivites?q=35238",
        "/collectivites?q=plou",
    ];
    let slowest = slowest_of(bench, &mut client, &pages)?;
    let found = slowest_of(bench, &mut client, searches.map(str::to_owned).as_slice())?;
    for ((path, figure), what, goal) in [
        (slowest, "a page of a signed-in declarant", 20.0),
        (found, "search of a collectivity, its page", 10.0),
    ] {
        let line =
            Line::alone(format!("{what}: the slowest"), Unit::Milliseconds, figure, Goal::AtMost(goal));
        let shown = path.replace(siren, "{siren}").replace(receipt, "{numero}");
        bench.add(
            line.with_note(format!("{shown}; one client, from the question to the last byte of the answer")),
        );
    }
    service.server.stop().map(|_status| ())
}

/// The page whose median is the highest, with its milliseconds.
fn slowest_of(bench: &Bench, client: &mut Client, paths: &[String]) -> Result<(String, Figure)> {
    let turns = if bench.options.is_quick() { 3 } else { 50 };
    let mut slowest: Option<(String, Figure)> = None;
    for path in paths {
        client.page(path)?;
        let mut times = vec![];
        for _turn in 0..turns {
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

/// The cookie of an agent of the body, who prepares again what was filed.
async fn signed_in(url: &str, siren: Siren) -> Result<String> {
    const PASSWORD: &str = "girafe velours octet jambon";
    let app = open(url).await?;
    let operator = operator::identify(&app, "bench").await?;
    let email: Email = "agent@service.example".parse()?;
    let identity = Identity::new("Agent fictif", "secrétaire de mairie").map_err(|_faults| "identity")?;
    let new = NewAccount { email: email.clone(), identity, role: AccountRole::Declarant };
    let person = account::create(&app, &operator, &new, PASSWORD).await?;
    attachment::attach(&app, &operator, &person, siren).await?;
    let year = FlowYear::new(YEAR)?;
    let mut tx = app.db.snapshot().await?;
    let filed = store::filing::effective(&mut tx, siren, year).await?.ok_or("nothing filed")?;
    let lines = store::line::of_version(&mut tx, siren, year, filed.version).await?;
    drop(tx);
    let lines: Vec<_> = lines.iter().map(|filed| filed.line.to_raw()).collect();
    draft::save(&app, &operator, siren, year, None, &lines).await?;
    let origin = Origin { address: "127.0.0.1".to_owned(), browser: "banc d’essai".to_owned() };
    let signed = account::sign_in(&app, email.as_str(), PASSWORD, &origin).await?;
    app.db.close().await;
    match signed {
        SignedIn::Opened(opened) => Ok(format!("__Host-eapd-session={}", opened.secret.reveal())),
        SignedIn::Unconfirmed | SignedIn::Step(_) => Err("the agent needs more than a password".into()),
    }
}
