//! A word in every text of a declaration that is not public: nobody finds it without an account, on any page, in any
//! file, in any answer of the API (rule 15).

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Seek};

use axum::http::StatusCode;
use eapd::domain::field::{Field, RawLine};
use eapd::domain::siren::Siren;
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::reports::Reads;
use eapd::service::report::{self, Audience, ReportName, Request};
use eapd::service::{campaign, operator, publication};
use eapd::store;

use super::world::get;
use crate::api::world::{OTHER, declare, world};
use crate::support::{TestApp, contract};

contract!(with world, "2014-05-20T10:00:00+02:00": what_is_not_public_is_found_nowhere);

const TABLE: &str = include_str!("../../docs/access.csv");
/// What nobody may find. The amount paid and what others bore are told as people and programs write them.
const WORDS: [&str; 10] = [
    "CANARI",
    "canari",
    "JAMAIS PUBLI",
    "98765.43",
    "98\u{202f}765,43",
    "98765,43",
    "11111.11",
    "11\u{202f}111,11",
    "2009987654",
    HELPED,
];
/// The SIREN of who received what is for refugees and students.
const HELPED: &str = "500000005";
/// The titles and the organisation that are public: what is not found here is not looked for well.
const PUBLIC: [&str; 4] =
    ["Titre public choisi", "Titre public bourses", "Titre public refugies", "Organisme public"];

fn flow_year() -> FlowYear {
    FlowYear::new(2013).unwrap()
}

/// A line of a nature, with a canary wherever a person may write what is not public.
fn line(nature: &str, title: &str, organisation: (&str, &str)) -> RawLine {
    RawLine::default()
        .with(Field::Reference, format!("CANARI-REF-{nature}"))
        .with(Field::Title, title)
        .with(Field::Nature, nature)
        .with(Field::AmountPaid, "98765,43")
        .with(Field::CofinancingReceived, "11111,11")
        .with(Field::AmountCommitted, "98765,43")
        .with(Field::Organisation, organisation.0)
        .with(Field::OrganisationSiren, organisation.1)
        .with(Field::Description, "CANARI-DESCRIPTION")
        .with(Field::Place, "CANARI-LIEU")
}

fn lines() -> Vec<RawLine> {
    vec![
        line("projet", "CANARI-TITRE remplacé", ("Organisme public", ""))
            .with(Field::Recipient, "SEN")
            .with(Field::Purpose, "14030")
            .with(Field::Channel, "22000"),
        line("bourses", "Titre public bourses", ("CANARI-ORGANISME", HELPED)).with(Field::Recipient, "SEN"),
        line("refugies", "Titre public refugies", ("CANARI-ORGANISME", HELPED)),
    ]
}

/// What a file says: itself, or everything packed in it.
fn opened(bytes: &[u8]) -> Vec<u8> {
    let mut said = bytes.to_vec();
    if let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) {
        for index in 0..archive.len() {
            let mut packed = vec![];
            archive.by_index(index).unwrap().read_to_end(&mut packed).unwrap();
            said.extend(opened(&packed));
        }
    }
    said
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|part| part == word.as_bytes())
}

/// Every address of the table that can be read, about the objects that hold a canary.
fn addresses(number: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let patterns: BTreeSet<&str> =
        TABLE.lines().filter_map(|row| row.strip_prefix("GET;")?.split(';').next()).collect();
    assert!(patterns.len() > 100, "the whole table");
    for pattern in patterns {
        let mut paths = vec![pattern.to_owned()];
        let mut put = |name: &str, values: &[&str]| {
            let all = std::mem::take(&mut paths);
            paths =
                all.iter().flat_map(|path| values.iter().map(|value| path.replace(name, value))).collect();
        };
        put("{siren}", &[OTHER]);
        put("{exercice}", &["2013"]);
        put("{annee}", &["2014"]);
        put("{numero}", &[number]);
        put("{region}", &["11", "france"]);
        put("{reference}", &["CANARI-REF-projet"]);
        put("{appel}", &["AAP-2014"]);
        put("{code}", &["AAP-2014"]);
        put("{edition}", &["1", "courante"]);
        put("{nom}", &ReportName::ALL.map(ReportName::code));
        put("{format}", &report::Format::ALL.map(report::Format::code));
        found.extend(paths.into_iter().map(|path| {
            // What is left is an object that only some have.
            let mut path = path;
            while let Some((start, end)) = path.find('{').zip(path.find('}')) {
                path.replace_range(start..=end, "X");
            }
            path
        }));
    }
    found.extend([
        format!("/collectivites?q={OTHER}"),
        "/collectivites?q=commune".to_owned(),
        format!("/recepisses?numero={number}"),
        "/api/v1/collectivites?q=commune".to_owned(),
        format!("/api/v1/eligibilite/{OTHER}?appel=AAP-2014"),
    ]);
    for name in ReportName::ALL {
        for format in name.formats() {
            found.insert(format!("/api/v1/rapports/{name}/2013/{format}?edition=1"));
            found.insert(format!("/api/v1/rapports/{name}/2013/{format}?region=11"));
        }
    }
    found
}

async fn what_is_not_public_is_found_nowhere(app: TestApp) {
    let operator = operator::identify(&app.app, "essai").await.unwrap();
    declare(&app.app, &operator, OTHER, 2013, lines()).await;
    let (siren, campaign_year): (Siren, _) = (OTHER.parse().unwrap(), CampaignYear::new(2014).unwrap());
    app.set_clock("2014-07-01T10:00:00+02:00");
    campaign::settle(&app.app, &operator, campaign_year).await.unwrap();
    // Released too early: with the title that is replaced afterwards.
    for name in [ReportName::Lines, ReportName::OpenData] {
        report::release(&app.app, &operator, name, flow_year(), &|_, _| ()).await.unwrap();
    }
    app.set_clock("2014-07-02T10:00:00+02:00");
    let title = ("Titre public choisi", "nomme une personne");
    let line_of = (siren, flow_year());
    publication::replace_title(&app.app, &operator, line_of, "CANARI-REF-projet", title).await.unwrap();
    let number = app
        .instance
        .must(&format!("SELECT number FROM receipt WHERE siren = '{OTHER}' AND flow_year = 2013;"));
    let addresses = addresses(number.trim());

    // Nothing of it before publication, the public titles and the amounts included.
    for address in &addresses {
        let said = opened(&get(&app, address).await.bytes);
        for word in WORDS.into_iter().chain(PUBLIC) {
            assert!(!holds(&said, word), "{address} tells {word} before publication");
        }
    }
    campaign::publish(&app.app, &operator, campaign_year).await.unwrap();
    walked(&app, &addresses).await;
    // Editions with the titles as they are public, and those of before still closed.
    app.set_clock("2014-07-03T10:00:00+02:00");
    for name in ReportName::ALL.into_iter().filter(|name| name.is_released()) {
        report::release(&app.app, &operator, name, flow_year(), &|_, _| ()).await.unwrap();
    }
    walked(&app, &addresses).await;
    told_to_administrations(&app).await;
}

/// Nobody finds a canary, and everybody finds what is public.
async fn walked(app: &TestApp, addresses: &BTreeSet<String>) {
    let (mut missing, mut answered) = (BTreeSet::from(PUBLIC), 0);
    for address in addresses {
        let page = get(app, address).await;
        answered += usize::from(page.status == StatusCode::OK);
        let said = opened(&page.bytes);
        for word in WORDS {
            assert!(!holds(&said, word), "{address} tells {word}");
        }
        missing.retain(|word| !holds(&said, word));
    }
    assert!(missing.is_empty(), "{missing:?} are public and found nowhere");
    assert!(answered > 30, "{answered} addresses answered");
    for (address, name) in [("csv", "lignes"), ("xlsx", "lignes"), ("zip", "donnees-ouvertes")] {
        let file = opened(&get(app, &format!("/api/v1/rapports/{name}/2013/{address}")).await.bytes);
        assert!(PUBLIC.iter().all(|word| holds(&file, word)), "{name}.{address}");
    }
    let answer = get(app, &format!("/api/v1/declarations/{OTHER}/2013")).await;
    assert!(PUBLIC.iter().all(|word| holds(&answer.bytes, word)), "the API tells the lines");
}

/// The files of fields that are public hold none either; the file of the ministry does: the canaries were there to be
/// found, and are found in a workbook too.
async fn told_to_administrations(app: &TestApp) {
    let said = async |name: ReportName, format: report::Format| {
        let mut file = tempfile::tempfile().unwrap();
        let request = Request::new(name, flow_year(), format, Audience::Administration);
        report::produce(&app.app, &request, &file, &|_, _| ()).await.unwrap();
        let mut bytes = vec![];
        file.rewind().unwrap();
        file.read_to_end(&mut bytes).unwrap();
        opened(&bytes)
    };
    for name in ReportName::ALL.into_iter().filter(|name| name.reads() == Reads::PublicLines) {
        for format in name.formats() {
            let said = said(name, *format).await;
            for word in WORDS {
                assert!(!holds(&said, word), "{name}.{format} tells {word}");
            }
        }
    }
    let tresor = said(ReportName::Tresor, report::Format::Xlsx).await;
    assert!(holds(&tresor, "CANARI-REF-projet") || holds(&tresor, "CANARI-DESCRIPTION"));
    let mut tx = app.app.db.snapshot().await.unwrap();
    let filed = store::line::of_version(&mut tx, OTHER.parse().unwrap(), flow_year(), 1).await.unwrap();
    assert_eq!(filed.len(), 3);
    for line in filed.iter().map(|filed| &filed.line) {
        assert_eq!(line.description.as_deref(), Some("CANARI-DESCRIPTION"));
        assert_eq!(line.place.as_deref(), Some("CANARI-LIEU"));
    }
}
