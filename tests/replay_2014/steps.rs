//! The steps of the replay, each a part of the page and its assertions.

use eapd::domain::declaration::Receipt;
use eapd::domain::field::RawLine;
use eapd::domain::siren::Siren;
use eapd::domain::year::FlowYear;
use eapd::service::ServiceError;
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::declaration::import::lines_of_file;

use super::page::Page;
use crate::support::people::{agent, signatory};
use crate::support::sql::{self, Filing};
use crate::support::{TestApp, at};

const RENNES: &str = "213502388";
const CESSON: &str = "213500515";
/// What Rennes declares in the end; its own resources are 60,345.73 €.
const LINES: &str = include_str!("lignes.csv");
const OWN_CENTS: i64 = 6_034_573;

fn rennes() -> Siren {
    RENNES.parse().unwrap()
}

/// Writes a file beside the database, and gives its path.
fn written(app: &TestApp, name: &str, text: &str) -> String {
    let path = app.instance.home().join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// The first `count` lines of what Rennes declares.
fn lines(count: usize) -> Vec<RawLine> {
    let mut lines = lines_of_file(LINES.as_bytes()).unwrap();
    lines.truncate(count);
    lines
}

pub fn the_campaign_is_announced(app: &TestApp, page: &mut Page) {
    page.part(
        "The campaign is announced",
        "The register takes the two communes, here from a file of decisions (a millésime of the register \
         package does it for all of them).",
    );
    let register = written(
        app,
        "communes.csv",
        "operation;siren;type;code;nom;departement;region;population\n\
         creation;213502388;commune;35238;Rennes;35;53;230890\n\
         creation;213500515;commune;35051;Cesson-Sévigné;35;53;18761\n",
    );
    page.command(app, "2014-01-06T10:00:00+01:00", &["register", "import", &register], 0);
    page.prose(
        "The campaign comes with its default window, and with the call that will require flow year 2013.",
    );
    page.command(app, "2014-04-01T10:00:00+02:00", &["campaign", "create", "2014"], 0);
    page.command(app, "2014-04-01T10:00:00+02:00", &["call", "show", "2014"], 0);
}

/// Files at an instant, to the second: the instant that the server stamps.
async fn file_at(app: &TestApp, instant: &str, count: usize) -> Result<Receipt, ServiceError> {
    app.set_clock(instant);
    let request = Request {
        siren: rennes(),
        flow_year: FlowYear::new(2013).unwrap(),
        content: Content::Lines(lines(count)),
        signatory: signatory(),
        document: None,
        received_at: at(instant),
        idempotency: None,
    };
    file(&app.app, &agent(rennes()), &request).await
}

/// Files at an instant and shows the answer.
async fn filed(app: &TestApp, page: &mut Page, instant: &str, count: usize) -> bool {
    let answer = file_at(app, instant, count).await;
    let told = match &answer {
        Ok(receipt) => format!(
            "Version {} déposée le {}.\nRécépissé {}\nSHA-256 {}",
            receipt.version, receipt.issued_at, receipt.number, receipt.sha256
        ),
        Err(error) => format!("Erreur\u{a0}: {error}"),
    };
    page.block(&format!("{instant}\n{told}"));
    answer.is_ok()
}

pub async fn the_first_second(app: &TestApp, page: &mut Page) {
    page.part(
        "The first second",
        "An agent of Rennes files three lines one second before the window opens, then in its first second. \
         The instant that counts is the one at which the server had read the whole request.",
    );
    assert!(!filed(app, page, "2014-04-14T23:59:59+02:00", 3).await);
    assert!(filed(app, page, "2014-04-15T00:00:00+02:00", 3).await);
}

pub fn what_was_on_the_list_in_2013(app: &TestApp, page: &mut Page) {
    page.part(
        "The lists of 2013",
        "The recipients are those of the DAC list of 2011 to 2013. Croatia had left it after 2010, and the \
         program says so; nothing is written.",
    );
    let croatia = "reference;titre;pays;secteur;canal;nature;montant_verse\n\
                   C-1;Échange avec Zadar;Croatie;15112;12000;projet;5 000\n";
    let croatia = written(app, "croatie.csv", croatia);
    let args = ["declare", "import", &croatia, "--siren", RENNES, "--campaign", "2014"];
    let outcome = page.command(app, "2014-05-05T10:00:00+02:00", &args, 1);
    assert!(outcome.stderr.contains("jusqu’en 2010"), "{outcome}");
    page.prose(
        "South Sudan has its own code since 2011. A grant to a French association takes the channel 22000, and \
         the program fills in what follows from the nature. The lines, all of them fictitious:",
    );
    page.block(LINES);
    let lines = written(app, "lignes.csv", LINES);
    let args = ["declare", "import", &lines, "--siren", RENNES, "--campaign", "2014", "--dry-run"];
    let outcome = page.command(app, "2014-05-05T10:00:00+02:00", &args, 0);
    assert!(outcome.stdout.contains("5 ligne(s)"), "{outcome}");
    assert_eq!(app.instance.must("SELECT COUNT(*) FROM draft;").trim(), "0");
}

pub fn the_extension(app: &TestApp, page: &mut Page) {
    page.part(
        "The extension",
        "Decided on 10 June, before the announced end: the window goes on without a break.",
    );
    let args =
        ["campaign", "extend", "2014", "--until", "2014-06-30", "--reason", "Demandes de collectivités"];
    page.command(app, "2014-06-10T10:00:00+02:00", &args, 0);
    page.command(app, "2014-06-16T00:00:00+02:00", &["campaign", "status", "2014"], 0);
}

pub async fn the_last_second(app: &TestApp, page: &mut Page) {
    page.part(
        "The last second",
        "Rennes files its five lines in the last second of 30 June: a second version, which replaces the first \
         one. One second later the window is closed.",
    );
    assert!(filed(app, page, "2014-06-30T23:59:59+02:00", 5).await);
    assert!(!filed(app, page, "2014-07-01T00:00:00+02:00", 5).await);
}

pub fn the_settlement(app: &TestApp, page: &mut Page) {
    page.part(
        "The settlement",
        "From here the declarations are frozen, but for the versions of the ministry.",
    );
    page.command(app, "2014-07-15T10:00:00+02:00", &["campaign", "settle", "2014"], 0);
    let lines = app.instance.home().join("lignes.csv").display().to_string();
    let args = [
        "declare",
        "import",
        &lines,
        "--siren",
        RENNES,
        "--campaign",
        "2014",
        "--submit",
        "--signatory",
        "Signataire fictif",
        "--function",
        "maire",
    ];
    page.command(app, "2014-07-16T10:00:00+02:00", &args, 1);
    page.prose(
        "Nor does the database take anything from whoever writes SQL by hand, with `sqlite3` or with `psql` as \
         the role of the application (which has no right to change or delete them in the first place). What was \
         tried, and the guard that refused:",
    );
    let engine = app.engine();
    let again = Filing { siren: RENNES, flow_year: 2013, version: 3, kind: "declared", lines: &[100] };
    let attempts = [
        (
            "a version at an instant of the window, once it is settled",
            again.sql(engine, "2014-06-30T21:59:59Z"),
        ),
        ("a version now", again.sql(engine, "2014-07-16T08:00:00Z")),
        ("another title", "UPDATE line SET title = 'autre' WHERE position = 1;\n".to_owned()),
        ("a line less", "DELETE FROM line WHERE position = 5;\n".to_owned()),
        ("a line more", Filing { version: 2, ..again }.line(engine, 6, 100)),
        ("a later end", sql::extension(2014, 2, "2014-07-31", "2014-07-16T08:00:00Z")),
    ];
    let mut shown = Vec::new();
    for (what, script) in attempts {
        let outcome = app.instance.sql(&(sql::opening(engine).to_owned() + &sql::transaction(&script)));
        assert!(!outcome.done(), "{what} was done");
        let guard = outcome.stderr.find("EAPD-G").and_then(|at| outcome.stderr.get(at..at + 8));
        // The role of the application has no right to change or delete a line of PostgreSQL at all.
        let forbidden = outcome.stderr.contains("permission denied").then_some("EAPD-G00");
        let guard = guard.or(forbidden).unwrap_or_else(|| panic!("{what}: {outcome}"));
        shown.push(format!("{what}: {guard}"));
    }
    page.block(&shown.join("\n"));
}

pub fn the_verdicts(app: &TestApp, page: &mut Page) {
    page.part(
        "The verdicts for the call of 2014",
        "Rennes declared. Cesson-Sévigné filed nothing: silence is not zero.",
    );
    let args = ["eligibility", RENNES, CESSON, "--call", "AAP-2014"];
    let outcome = page.command(app, "2014-09-01T10:00:00+02:00", &args, 0);
    let answers: Vec<&str> = outcome.stdout.lines().collect();
    assert!(answers[0].starts_with(RENNES) && answers[0].contains("(A_DECLARE)"), "{outcome}");
    assert!(answers[1].starts_with(CESSON) && answers[1].contains("(NON_DECLARE)"), "{outcome}");
}

pub fn the_report(app: &TestApp, page: &mut Page) {
    page.part(
        "The report to DG Trésor",
        "The workbook and the XML carry the sum of own resources to the cent: what was paid less what others \
         bore. The line R-5, borne by others alone, is kept but left out of the tables.",
    );
    let out = |format: &str| app.instance.home().join(format!("tresor-2013.{format}")).display().to_string();
    for format in ["xlsx", "xml"] {
        let args = ["report", "tresor", "--flow-year", "2013", "--format", format, "--out", &out(format)];
        page.command(app, "2014-09-01T10:00:00+02:00", &args, 0);
    }
    let xml = std::fs::read_to_string(out("xml")).unwrap();
    let (lines, controls) = xml.split_once("<controles>").unwrap();
    let sum: i64 = cents_of(lines, "ressourcesPropres").iter().sum();
    assert_eq!((sum, cents_of(controls, "ressourcesPropres")), (OWN_CENTS, vec![OWN_CENTS]));
    assert_eq!(workbook_cents(&out("xlsx")), OWN_CENTS);
    page.prose("Own resources, in the XML, in the sheet of the lines and here:");
    page.block(&eapd::domain::euros::Euros::from_cents(sum).unwrap().to_string());
}

/// The amounts of an element, in centimes.
fn cents_of(xml: &str, element: &str) -> Vec<i64> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let found = xml.split(&open).skip(1).map(|rest| rest.split(&close).next().unwrap());
    found.map(|text| text.replace('.', "").parse().unwrap()).collect()
}

/// The sum of the column of own resources in the sheet of the lines.
fn workbook_cents(path: &str) -> i64 {
    use calamine::{Data, Reader};
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let rows = book.worksheet_range("Lignes").unwrap();
    let mut rows = rows.rows();
    let header = rows.next().unwrap();
    let column =
        header.iter().position(|cell| *cell == Data::String("Ressources propres".to_owned())).unwrap();
    let cents = |cell: &Data| match cell {
        Data::Float(value) => format!("{value:.2}").replace('.', "").parse::<i64>().unwrap(),
        Data::Int(value) => value * 100,
        other => panic!("not a number: {other:?}"),
    };
    rows.map(|row| cents(&row[column])).sum()
}

pub fn the_journal(app: &TestApp, page: &mut Page) {
    page.part("The journal", "Every write of this page is in it, chained.");
    page.command(app, "2014-09-01T10:00:00+02:00", &["journal", "verify"], 0);
}
