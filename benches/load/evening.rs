//! The evening itself: arrivals, the second of closing, and what is found in the database afterwards.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant as Moment};

use eapd::domain::instant::Instant;
use eapd::service::journal;
use eapd::store;

use super::ground::{CAMPAIGN, Declarant, EDGES, Ground, PASSWORD};
use super::pages::{Browser, Page};
use super::{Asked, arrival};
use crate::support::Result;
use crate::support::bench::{eapd, root};
use crate::support::inside::{open, wait};
use crate::support::process::{Server, free_address};

/// Declarants who are served at once at most; who comes then waits, and the wait counts.
const WORKERS: usize = 200;
/// The last one begins so long before the end.
const BEFORE_END: Duration = Duration::from_secs(10);
/// The signatures of the last second come so close to each other.
const EDGE_STEP: Duration = Duration::from_millis(75);

/// What a step of a declarant is called in the table.
pub const STEPS: [&str; 6] = [
    "se connecter",
    "ouvrir sa déclaration",
    "enregistrer une ligne",
    "récapitulatif et signature",
    "déposer",
    "lire son récépissé",
];

/// The programs, and who comes.
pub struct Evening {
    servers: Vec<Server>,
    ground: Ground,
    asked: Asked,
    url: String,
    begins: Moment,
    ends: Moment,
}

/// What was seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// Milliseconds of each answer, by step, in order.
    pub steps: Vec<Vec<f64>>,
    /// From the arrival to the receipt, milliseconds, in order.
    pub whole: Vec<f64>,
    /// What went wrong, each as told.
    pub errors: Vec<String>,
    /// Receipts that were given: before the last second, and in it.
    pub receipts: usize,
    /// Of the signatures around the end: accepted, and refused as too late with all that was typed still there.
    pub edges: (usize, usize),
    /// The last instant of a filing, in Paris.
    pub last: String,
    /// Filings in the last minute of the evening.
    pub last_minute: usize,
    /// Versions that the database has.
    pub kept: usize,
}

impl Seen {
    /// Whether everybody who came before the end has a receipt, and nobody after it.
    pub fn is_flawless(&self, asked: Asked) -> bool {
        let (accepted, refused) = self.edges;
        self.errors.is_empty()
            && self.receipts == asked.declarants + accepted
            && self.kept == self.receipts
            && accepted > 0
            && refused > 0
            && accepted + refused == EDGES
            && self.last.ends_with("23:59:59")
    }
}

#[derive(Default)]
struct Told {
    steps: Vec<(usize, f64)>,
    whole: Vec<f64>,
    errors: Vec<String>,
    numbers: Vec<String>,
    refused: usize,
    accepted: usize,
}

impl Evening {
    /// Starts the programs so that the campaign ends after the evening, on their clocks.
    pub fn begin(url: &str, home: &Path, ground: Ground, asked: Asked) -> Result<Self> {
        let seconds = asked.seconds;
        // Their clocks are whole seconds apart from that of the machine: started early in a second, they agree.
        let into = std::time::SystemTime::UNIX_EPOCH;
        #[expect(clippy::disallowed_methods, reason = "a bench lives in the time of its machine")]
        let now = || std::time::SystemTime::now().duration_since(into);
        let part = Duration::from_nanos(u64::from(now()?.subsec_nanos()));
        std::thread::sleep(Duration::from_millis(1_020).saturating_sub(part));
        let lead = 5;
        let part = Duration::from_nanos(u64::from(now()?.subsec_nanos()));
        let ends = Moment::now() + Duration::from_secs(seconds + lead).saturating_sub(part);
        let starts_at = ground.closes_at.plus_seconds(-i64::try_from(seconds + lead)?);
        let mut starting = vec![];
        for number in 0..asked.instances {
            let (url, data) = (url.to_owned(), home.join(format!("data-{number}")));
            starting.push(std::thread::spawn(move || serve(&url, &data, starts_at)));
        }
        let mut servers = vec![];
        for started in starting {
            servers.push(started.join().map_err(|_panic| "a program did not start")??);
        }
        let begins =
            ends.checked_sub(Duration::from_secs(seconds)).ok_or("an evening before the machine started")?;
        Ok(Self { servers, ground, asked, url: url.to_owned(), begins, ends })
    }

    /// Lets everybody come, and looks at what is left.
    pub fn spend(self) -> Result<Seen> {
        let told = Mutex::new(Told::default());
        let (many, edges) = self.ground.declarants.split_at(self.asked.declarants);
        let turn = AtomicUsize::new(0);
        let length = (self.ends - self.begins).saturating_sub(BEFORE_END);
        std::thread::scope(|scope| {
            for _worker in 0..WORKERS {
                scope.spawn(|| {
                    loop {
                        let rank = turn.fetch_add(1, Ordering::Relaxed);
                        let Some(declarant) = many.get(rank) else { return };
                        let due = self.begins + arrival(rank, many.len(), length);
                        std::thread::sleep(due.saturating_duration_since(Moment::now()));
                        let mut own = Told::default();
                        if let Err(error) = self.declare(rank, declarant, due, &mut own) {
                            own.errors.push(error.to_string());
                        }
                        gather(&told, own);
                    }
                });
            }
            for (rank, declarant) in edges.iter().enumerate() {
                let (told, evening) = (&told, &self);
                scope.spawn(move || {
                    let mut own = Told::default();
                    if let Err(error) = evening.sign_in_the_last_second(rank, declarant, &mut own) {
                        own.errors.push(format!("in the second of closing: {error}"));
                    }
                    gather(told, own);
                });
            }
        });
        let told = told.into_inner().map_err(|_panic| "a declarant panicked")?;
        let seen = wait(self.look_back(told))?;
        for server in self.servers {
            let status = server.stop()?;
            if !status.success() {
                return Err(format!("a program ended with {status}").into());
            }
        }
        Ok(seen)
    }

    fn browser(&self, rank: usize, declarant: &Declarant) -> Result<Browser> {
        let server = self.servers.get(rank % self.servers.len()).ok_or("no program")?;
        let from = format!("10.{}.{}.{}", rank >> 16 & 255, rank >> 8 & 255, rank & 255);
        Ok(Browser::new(server.address, declarant.session.as_deref(), from))
    }

    /// What a declarant does, without thinking.
    fn declare(&self, rank: usize, declarant: &Declarant, due: Moment, told: &mut Told) -> Result<()> {
        let mut browser = self.browser(rank, declarant)?;
        let base = format!("/espace/{}/{}", declarant.siren, CAMPAIGN - 1);
        // Who had to wait for a turn came when it was due.
        let mut since = due;
        let mut step = |number: usize| {
            let now = Moment::now();
            told.steps.push((number, (now - since).as_secs_f64() * 1_000.0));
            since = now;
        };
        if declarant.session.is_none() {
            browser.get("/connexion")?.expect(200)?;
            let fields =
                [("courriel", declarant.email.as_str()), ("mot-de-passe", PASSWORD), ("suite", &base)];
            browser.post("/connexion", &fields)?.expect(303)?;
            step(0);
        }
        browser.get(&base)?.expect(200)?;
        step(1);
        save(&mut browser, &base)?;
        step(2);
        browser.get(&format!("{base}/recapitulatif"))?.expect(200)?;
        let sign = browser.get(&format!("{base}/signature"))?.expect(200)?;
        step(3);
        let filed = signed(&mut browser, &base, &sign)?.expect(303)?;
        step(4);
        browser.get(&filed.location)?.expect(200)?;
        step(5);
        told.whole.push(due.elapsed().as_secs_f64() * 1_000.0);
        told.numbers.push(filed.location.rsplit('/').next().unwrap_or_default().to_owned());
        Ok(())
    }

    /// Somebody who is ready, and signs around the end.
    fn sign_in_the_last_second(&self, rank: usize, declarant: &Declarant, told: &mut Told) -> Result<()> {
        let mut browser = self.browser(rank, declarant)?;
        let base = format!("/espace/{}/{}", declarant.siren, CAMPAIGN - 1);
        let half = EDGE_STEP * u32::try_from(EDGES / 2)?;
        let at = (self.ends + EDGE_STEP * u32::try_from(rank)?).checked_sub(half).ok_or("no such moment")?;
        let ready =
            self.begins + (self.ends - self.begins) / 4 + Duration::from_millis(100) * u32::try_from(rank)?;
        std::thread::sleep(ready.saturating_duration_since(Moment::now()));
        if declarant.session.is_none() {
            let fields =
                [("courriel", declarant.email.as_str()), ("mot-de-passe", PASSWORD), ("suite", &base)];
            browser.post("/connexion", &fields)?.expect(303)?;
        }
        save(&mut browser, &base)?;
        let sign = browser.get(&format!("{base}/signature"))?.expect(200)?;
        std::thread::sleep(at.saturating_duration_since(Moment::now()));
        let answer = signed(&mut browser, &base, &sign)?;
        if answer.status == 303 && answer.location.contains("/recepisses/") {
            told.accepted += 1;
            told.numbers.push(answer.location.rsplit('/').next().unwrap_or_default().to_owned());
            return Ok(());
        }
        if answer.status >= 500 || answer.status == 303 {
            return Err(format!("{} {}", answer.status, answer.location).into());
        }
        // Too late: what was typed is there, and says so.
        let left = browser.get(&base)?.expect(200)?;
        let kept = left.text.contains("3\u{202f}200")
            || browser.get(&format!("{base}/recapitulatif"))?.text.contains("3\u{202f}200");
        if !kept {
            return Err("what was typed is gone".into());
        }
        told.refused += 1;
        Ok(())
    }

    /// What the database has of what was told.
    async fn look_back(&self, told: Told) -> Result<Seen> {
        let mut seen = Seen {
            steps: vec![vec![]; STEPS.len()],
            whole: told.whole,
            errors: told.errors,
            receipts: told.numbers.len(),
            edges: (told.accepted, told.refused),
            ..Seen::default()
        };
        for (step, milliseconds) in told.steps {
            if let Some(step) = seen.steps.get_mut(step) {
                step.push(milliseconds);
            }
        }
        seen.steps.iter_mut().for_each(|step| step.sort_by(f64::total_cmp));
        seen.whole.sort_by(f64::total_cmp);
        let app = open(&self.url).await?;
        let year = eapd::domain::year::FlowYear::new(CAMPAIGN - 1)?;
        let mut tx = app.db.snapshot().await?;
        let mut last: Option<Instant> = None;
        for number in &told.numbers {
            let Some(receipt) = store::filing::receipt(&mut tx, number).await? else {
                seen.errors.push(format!("{number} was acknowledged and is not there"));
                continue;
            };
            let at = store::filing::versions(&mut tx, receipt.siren, year)
                .await?
                .into_iter()
                .find(|version| version.version == receipt.version)
                .map(|version| version.filed_at)
                .ok_or("a receipt without its version")?;
            last = last.max(Some(at));
            if self.ground.closes_at.seconds_since(at) <= 60 {
                seen.last_minute += 1;
            }
        }
        seen.kept = usize::try_from(store::filing::count_of_year(&mut tx, year).await?)?;
        drop(tx);
        seen.last = last.map(|last| in_paris(last, self.ground.closes_at)).unwrap_or_default();
        if let Err(fault) = journal::verify(&app, &[]).await? {
            seen.errors.push(format!("the journal: {fault}"));
        }
        app.db.close().await;
        Ok(seen)
    }
}

/// The time of day of an instant near the end of a day.
fn in_paris(at: Instant, midnight: Instant) -> String {
    let before = midnight.seconds_since(at);
    let of_day = 86_400 - before;
    format!("{:02}:{:02}:{:02}", of_day / 3_600, of_day / 60 % 60, of_day % 60)
}

/// The form of a line, and the line.
fn save(browser: &mut Browser, base: &str) -> Result<()> {
    browser.get(&format!("{base}/lignes/nouvelle?cas=association_ici"))?.expect(200)?;
    let fields = [
        ("cas", "association_ici"),
        ("organisme", "Association fictive"),
        ("pays", "255"),
        ("theme", "eau"),
        ("montant_verse", "3 200 €"),
        ("cofinancements_recus", ""),
        ("action", "enregistrer"),
    ];
    browser.post(&format!("{base}/lignes/nouvelle"), &fields)?.expect(303)?;
    Ok(())
}

fn signed(browser: &mut Browser, base: &str, sign: &Page) -> Result<Page> {
    let mut fields = vec![("atteste", "oui".to_owned())];
    for name in ["revision", "cle", "nom", "fonction"] {
        fields.push((name, sign.field(name)?));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&format!("{base}/signature"), &fields)
}

fn gather(all: &Mutex<Told>, own: Told) {
    if let Ok(mut all) = all.lock() {
        all.steps.extend(own.steps);
        all.whole.extend(own.whole);
        all.errors.extend(own.errors);
        all.numbers.extend(own.numbers);
        all.accepted += own.accepted;
        all.refused += own.refused;
    }
}

/// The program as it is served behind a proxy of this machine, with all its jobs.
fn serve(url: &str, data: &Path, starts_at: Instant) -> Result<Server> {
    let address = free_address()?;
    let mut command = Command::new(eapd());
    command
        .arg("serve")
        .current_dir(root())
        .env("EAPD_CONFIG", "config/demo.toml")
        .env("EAPD_LOG", "warn")
        .env("EAPD__CLOCK__AT", starts_at.to_rfc3339())
        .env("EAPD__DATA__DIR", data)
        .env("EAPD__DATABASE__URL", url)
        .env("EAPD__SERVER__TRUSTED_PROXIES", "[\"127.0.0.1\"]")
        .env("EAPD__SERVER__LISTEN", address.to_string());
    Server::start(&mut command, address, "e-APD répond")
}
