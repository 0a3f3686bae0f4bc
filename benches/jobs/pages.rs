//! The pages that a signed-in declarant sees, one by one, before the whole register and ten years of lines.

use eapd::domain::account::{AccountRole, Email, Identity};
use eapd::domain::field::Field;
use eapd::domain::role::{Actor, Role};
use eapd::domain::siren::Siren;
use eapd::domain::year::FlowYear;
use eapd::service::account::{self, NewAccount, Origin, SignedIn};
use eapd::service::contact::{self, Told};
use eapd::service::declaration::preview::Mode;
use eapd::service::declaration::{draft, upload};
use eapd::service::question::{self, New};
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
    let desk = wait(opened(&format!("sqlite://{}", service.database.display()), siren.parse()?))?;
    let mut client = Client::with_cookie(service.server.address, &desk.cookie)?;
    let pages = pages(siren, receipt, &desk);
    let searches = [
        "/collectivites?q=saint",
        "/collectivites?q=rennes",
        "/collectivites?q=35238",
        "/collectivites?q=plou",
    ];
    let slowest = slowest_of(bench, &mut client, &pages)?;
    let found = slowest_of(bench, &mut client, searches.map(str::to_owned).as_slice())?;
    for ((path, figure), what, goal) in [
        (slowest, format!("slowest median of {} pages of a signed-in declarant", pages.len()), 20.0),
        (found, format!("slowest median of {} searches of a collectivity, their page", searches.len()), 10.0),
    ] {
        let line = Line::alone(what, Unit::Milliseconds, figure, Goal::AtMost(goal));
        let shown = path.replace(siren, "{siren}").replace(receipt, "{numero}");
        bench.add(
            line.with_note(format!("{shown}; one client, from the question to the last byte of the answer")),
        );
    }
    service.server.stop().map(|_status| ())
}

/// Every page that the navigation, a mail or another page leads a signed-in declarant to, and every file; not those of
/// a demonstration alone, nor the pages before an account is open, which send on who is signed in.
fn pages(siren: &str, receipt: &str, desk: &Desk) -> Vec<String> {
    let Desk { reference, question, contact, preview, .. } = desk;
    let own = format!("/espace/{siren}");
    let base = format!("{own}/{YEAR}");
    let for_everyone = [
        "/",
        "/aide",
        "/collectivites",
        "/recepisses",
        "/mentions-legales",
        "/donnees-personnelles",
        "/accessibilite",
        "/conditions-d-utilisation",
        "/plan-du-site",
        "/.well-known/security.txt",
        "/mot-de-passe-oublie",
        "/deconnexion",
        "/compte",
        "/compte/mot-de-passe",
        "/espace",
        "/espace/rattachement",
    ];
    let of_the_body = [
        format!("/collectivites/{siren}"),
        format!("/recepisses?numero={receipt}"),
        format!("{own}/agents"),
        format!("{own}/contacts"),
        format!("{own}/contacts/{contact}"),
        format!("{own}/questions"),
        format!("{own}/questions/{question}"),
        format!("{own}/eligibilite"),
        base.clone(),
        format!("{base}/est-ce-de-l-apd"),
        format!("{base}/lignes/nouvelle"),
        format!("{base}/lignes/nouvelle?cas=association_ici"),
        format!("{base}/lignes/nouvelle?cas=autre"),
        format!("{base}/lignes/{reference}"),
        format!("{base}/reprise"),
        format!("{base}/recapitulatif"),
        format!("{base}/signature"),
        format!("{base}/neant"),
        format!("{base}/recepisses/{receipt}"),
        format!("{base}/historique"),
        format!("{base}/import"),
        format!("{base}/import/{preview}"),
    ];
    let files = [
        format!("{base}/import/{preview}/annote"),
        format!("{base}/recepisses/{receipt}/pdf"),
        format!("{base}/modele?format=xlsx"),
        format!("{base}/modele?format=csv"),
        format!("{base}/export?format=xlsx"),
        format!("{base}/export?format=csv"),
    ];
    for_everyone.map(str::to_owned).into_iter().chain(of_the_body).chain(files).collect()
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

/// What an agent of the body sees: a session, and what its pages are about.
struct Desk {
    cookie: String,
    reference: String,
    question: String,
    contact: String,
    preview: String,
}

/// An agent of the body, who prepares again what was filed, has a question to answer, a contact and a file to look at.
async fn opened(url: &str, siren: Siren) -> Result<Desk> {
    const PASSWORD: &str = "girafe velours octet jambon";
    let app = open(url).await?;
    let operator = operator::identify(&app, "bench").await?;
    let email: Email = "agent@service.example".parse()?;
    let named = |name| Identity::new(name, "secrétaire de mairie").map_err(|_faults| "identity");
    let new =
        NewAccount { email: email.clone(), identity: named("Agent fictif")?, role: AccountRole::Declarant };
    let person = account::create(&app, &operator, &new, PASSWORD).await?;
    attachment::attach(&app, &operator, &person, siren).await?;
    let year = FlowYear::new(YEAR)?;
    let mut tx = app.db.snapshot().await?;
    let filed = store::filing::effective(&mut tx, siren, year).await?.ok_or("nothing filed")?;
    let lines = store::line::of_version(&mut tx, siren, year, filed.version).await?;
    drop(tx);
    let lines: Vec<_> = lines.iter().map(|filed| filed.line.to_raw()).collect();
    let reference = lines.first().ok_or("no line")?.get(Field::Reference).to_owned();
    draft::save(&app, &operator, siren, year, None, &lines).await?;
    let agent = Actor { person, role: Role::Declarant(vec![siren]) };
    let manager = Actor { person: "BENCH".to_owned(), role: Role::Manager };
    let asked =
        New { siren, flow_year: year, reference: Some(&reference), text: "À quoi sert ce versement\u{a0}?" };
    let question = question::ask(&app, &manager, asked).await?;
    let kept = Told { identity: named("Contact fictif")?, email: "contact@service.example".parse()? };
    contact::add(&app, &agent, siren, &kept).await?;
    let contacts = contact::of_siren(&app, &agent, siren).await?.contacts;
    let contact = contacts.first().ok_or("no contact")?.id.clone();
    let file = "titre;pays;secteur;canal;nature;montant_verse\nPuits (fictif);MLI;14030;22000;projet;100\n";
    let preview = upload::keep(&app, &agent, (siren, year), Mode::Add, file.into()).await?;
    let origin = Origin { address: "127.0.0.1".to_owned(), browser: "banc d’essai".to_owned() };
    let signed = account::sign_in(&app, email.as_str(), PASSWORD, &origin).await?;
    app.db.close().await;
    match signed {
        SignedIn::Opened(opened) => {
            let cookie = format!("__Host-eapd-session={}", opened.secret.reveal());
            Ok(Desk { cookie, reference, question, contact, preview })
        }
        SignedIn::Unconfirmed | SignedIn::Step(_) => Err("the agent needs more than a password".into()),
    }
}
