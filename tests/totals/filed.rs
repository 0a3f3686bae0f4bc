//! A drawn campaign, filed by the use cases, amounts written as people write them.

use eapd::domain::codes::CodeLists;
use eapd::domain::day::Day;
use eapd::domain::field::{Field, RawLine};
use eapd::domain::siren::Siren;
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::service::attachment::{self, Decision as Answer};
use eapd::service::declaration::draft;
use eapd::service::declaration::file::{Content, Request, file as file_version};
use eapd::service::declaration::version::{Decision, decide};
use eapd::service::{campaign, expected};

use super::drawn::{Act, Drawn, MERGED, Payment, Story};
use crate::support::TestApp;
use crate::support::people::{agent, manager, newcomer, signatory};
use crate::support::register::{Entry, How, Link, register};
use crate::support::scenario::Alias;

/// The year of the payments.
pub fn year() -> FlowYear {
    FlowYear::new(2013).unwrap()
}

fn campaign_year() -> CampaignYear {
    year().campaign()
}

/// The body that the first ones merged into.
fn heir() -> Siren {
    "Z".parse::<Alias>().and_then(Alias::siren).unwrap()
}

/// Files everything, and settles and publishes the campaign.
pub async fn file(app: &TestApp, drawn: &Drawn) {
    let entry = |story: &Story| Entry {
        region: story.region.to_owned(),
        ..Entry::named(story.siren, &format!("Commune fictive {}", story.siren))
    };
    let mut entries: Vec<Entry> = drawn.stories.iter().map(entry).collect();
    entries.push(Entry::named(heir(), "Commune nouvelle fictive"));
    let on: Day = "2014-01-01".parse().unwrap();
    let link = |story: &Story| Link { from: story.siren, into: heir(), on, how: How::Merger };
    let links: Vec<Link> = drawn.stories.iter().take(MERGED).map(link).collect();
    register(app, &entries, &links, &[]).await;
    campaign::create(&app.app, &manager(), campaign_year(), None, true).await.unwrap();
    let expected = drawn.stories.iter().filter(|story| story.is_expected);
    let rows: Vec<String> = expected.map(|story| format!("{};Atlas fictif", story.siren)).collect();
    let list = format!("siren;motif\n{}\n", rows.join("\n"));
    expected::import(&app.app, &manager(), campaign_year(), list.as_bytes()).await.unwrap();

    app.set_clock("2014-05-20T10:00:00+02:00");
    let mut asked = vec![];
    for (place, story) in drawn.stories.iter().enumerate() {
        let agents = agent(if place < MERGED { heir() } else { story.siren });
        for act in &story.acts {
            let mut by = agents.clone();
            let content = match act {
                Act::Reserve(payments, accepted) => {
                    let address = format!("agent{}@ville.example", asked.len());
                    let (newcomer, request) = newcomer(app, &address, story.siren).await;
                    by = newcomer;
                    asked.push((request, *accepted));
                    Content::Lines(lines(payments))
                }
                Act::Declare(payments) => Content::Lines(lines(payments)),
                Act::Nil => Content::Nil,
                Act::Draft(payments) => {
                    let lines = lines(payments);
                    draft::save(&app.app, &agents, story.siren, year(), None, &lines).await.unwrap();
                    continue;
                }
                Act::Rectify(_) | Act::Annul | Act::TakeOver(_) => continue,
            };
            let request = Request {
                siren: story.siren,
                flow_year: year(),
                content,
                signatory: signatory(),
                document: None,
                received_at: app.app.now(),
                idempotency: None,
            };
            file_version(&app.app, &by, &request).await.unwrap();
        }
    }
    app.set_clock("2014-06-10T10:00:00+02:00");
    for (request, accepted) in asked {
        let answer = match accepted {
            Some(true) => Answer::Accept,
            Some(false) => Answer::Refuse("inconnu en mairie"),
            None => continue,
        };
        attachment::decide(&app.app, &manager(), &request, answer).await.unwrap();
    }
    app.set_clock("2014-06-20T10:00:00+02:00");
    by_the_ministry(app, drawn).await;
    app.set_clock("2014-07-15T10:00:00+02:00");
    campaign::settle(&app.app, &manager(), campaign_year()).await.unwrap();
    campaign::publish(&app.app, &manager(), campaign_year()).await.unwrap();
    app.set_clock("2014-09-01T10:00:00+02:00");
}

async fn by_the_ministry(app: &TestApp, drawn: &Drawn) {
    for story in &drawn.stories {
        for act in &story.acts {
            let decision = match act {
                Act::Rectify(payments) => Decision::Rectify(lines(payments)),
                Act::TakeOver(payments) => Decision::TakeOver(lines(payments)),
                Act::Annul => Decision::Annul,
                Act::Declare(_) | Act::Draft(_) | Act::Nil | Act::Reserve(..) => continue,
            };
            let (reason, piece) = ("décision fictive", "courrier fictif");
            decide(&app.app, &manager(), story.siren, year(), &decision, reason, piece).await.unwrap();
        }
    }
}

/// Payments as lines, each with what its nature asks for.
fn lines(payments: &[Payment]) -> Vec<RawLine> {
    let codes = CodeLists::embedded().unwrap();
    let line = |(number, payment): (usize, &Payment)| {
        let nature = codes.nature(payment.nature, 2013).unwrap();
        let minimal = nature.minimal_line_codes(2013).unwrap();
        let form = number % 4;
        RawLine::default()
            .with(Field::Reference, format!("L-{number}"))
            .with(Field::Title, format!("Action fictive {number}"))
            .with(Field::Nature, payment.nature)
            .with(Field::Recipient, minimal.recipient)
            .with(Field::Purpose, minimal.purpose)
            .with(Field::Channel, minimal.channel)
            .with(Field::AmountPaid, written(payment.paid, form))
            .with(Field::CofinancingReceived, written(payment.cofinanced, form))
    };
    payments.iter().enumerate().map(line).collect()
}

/// An amount as people write it.
fn written(cents: i64, form: usize) -> String {
    let (whole, part) = (cents / 100, cents % 100);
    match form {
        0 => format!("{whole},{part:02}"),
        1 => format!("{whole}.{part:02}"),
        2 if part == 0 => whole.to_string(),
        2 if part % 10 == 0 => format!("{whole},{}", part / 10),
        _ => {
            let digits = whole.to_string();
            let grouped: Vec<&str> =
                digits.as_bytes().rchunks(3).rev().map(|chunk| std::str::from_utf8(chunk).unwrap()).collect();
            format!("{},{part:02}\u{a0}€", grouped.join("\u{202f}"))
        }
    }
}
