//! The figures that the ministry published, found again in the national summary: fictitious payments that add up to
//! them are filed by the ministry's file of papers, or taken over from before the service.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use eapd::config::Profile;
use eapd::domain::account::AccountRole;
use eapd::domain::codes::{CodeLists, RecipientKind};
use eapd::domain::siren::Siren;
use eapd::domain::year::CampaignYear;
use eapd::service::declaration::bulk;
use eapd::service::register::{decide, decisions};
use eapd::service::{campaign, history};
use serde_json::Value;

use super::desk::Signed;
use super::staff::staff;
use crate::support::browser::Browser;
use crate::support::people::manager;
use crate::support::{Engine, TestApp, contract};

contract!(Profile::Demo, "2009-01-06T09:00:00Z": the_published_figures_are_found_again);

/// Year, where it stands in a summary, class, value, unit, note, source: the table that the page reads too.
const PUBLISHED: &str = include_str!("../../config/codelists/published.csv");

/// Fictitious bodies: name, type, region.
const BODIES: [(&str, &str, &str); 12] = [
    ("Paris", "commune", "11"),
    ("SIAAP", "syndicat", "11"),
    ("SEDIF", "syndicat", "11"),
    ("Hauts-de-Seine", "departement", "11"),
    ("Île-de-France", "region", "11"),
    ("Auvergne-Rhône-Alpes", "region", "84"),
    ("Lyon", "metropole", "84"),
    ("Nouvelle-Aquitaine", "region", "75"),
    ("Grand Est", "region", "44"),
    ("Occitanie", "region", "76"),
    ("Morbihan", "departement", "53"),
    ("Marseille", "commune", "93"),
];
/// Small ones, whose names do not matter.
const OTHERS: usize = 1100;

/// Body, country, sector, 1 % law, thousands of euros. Under the law on water too: the latrines of schools.
type Paid = (&'static str, &'static str, &'static str, &'static str, &'static str);

const OF_2014: [Paid; 8] = [
    ("Île-de-France", "SEN", "14030", "eau", "4700"),
    ("Île-de-France", "MLI", "14030", "eau", "3800"),
    ("Île-de-France", "MLI", "15112", "", "200"),
    ("Île-de-France", "MDG", "15112", "", "7600"),
    ("Île-de-France", "MDG", "11220", "eau", "3500"),
    ("Île-de-France", "MDG", "11220", "", "7200"),
    ("Morbihan", "BEN", "11220", "", "10300"),
    ("Marseille", "VNM", "12220", "", "15700"),
];
/// How many bodies declared, where that was published.
const DECLARANTS: [(u16, usize); 3] = [(2014, 184), (2018, 470), (2019, 1040)];
/// How many countries benefited in 2016.
const COUNTRIES: usize = 98;

/// Countries with their thousands of euros, the ten first ones before the others.
const OF_2017: [(&str, &str); 31] = [
    ("MDG", "4000"),
    ("SEN", "3000"),
    ("BFA", "4550"),
    ("MLI", "4550"),
    ("HTI", "2500"),
    ("MAR", "2000"),
    ("BEN", "1800"),
    ("VNM", "1618"),
    ("ARM", "1500"),
    ("CMR", "1300"),
    ("TUN", "1169"),
    ("TGO", "1169"),
    ("CIV", "1169"),
    ("GIN", "1169"),
    ("COG", "1169"),
    ("COD", "1169"),
    ("ETH", "1169"),
    ("KEN", "1169"),
    ("MOZ", "1169"),
    ("COM", "1169"),
    ("LAO", "987"),
    ("KHM", "987"),
    ("IND", "987"),
    ("NPL", "987"),
    ("CUB", "1027"),
    ("PER", "1027"),
    ("ALB", "768"),
    ("SRB", "768"),
    ("LBN", "1012"),
    ("PSE", "1012"),
    ("JOR", "1012"),
];

const OF_2019: [(&str, &str); 10] = [
    ("Paris", "6682"),
    ("SIAAP", "4266.2"),
    ("Auvergne-Rhône-Alpes", "3289.6"),
    ("SEDIF", "2570"),
    ("Hauts-de-Seine", "2261.6"),
    ("Nouvelle-Aquitaine", "2107.4"),
    ("Lyon", "1953.2"),
    ("Île-de-France", "1490.6"),
    ("Grand Est", "1336.4"),
    ("Occitanie", "1336.4"),
];

/// The first SIREN with these eight digits.
fn numbered(base: usize) -> Siren {
    (0..10).find_map(|key| format!("{base:08}{key}").parse().ok()).unwrap()
}

fn siren(name: &str) -> Siren {
    let place = BODIES.iter().position(|(known, ..)| *known == name).unwrap();
    numbered(21_990_300 + place)
}

fn other(place: usize) -> Siren {
    numbered(21_990_400 + place)
}

/// A file of papers: what each body paid, thousands of euros with at most three decimals, and who paid nothing.
struct Papers(String);

impl Papers {
    fn new() -> Self {
        Self("siren;signataire_nom;signataire_fonction;piece;neant;reference;titre;nature;pays;secteur;canal;loi_1pct;montant_verse\n".to_owned())
    }

    /// Bodies that paid nothing, until so many declared.
    fn fill(&mut self, declarants: usize) {
        let mut declared: BTreeSet<String> =
            self.0.lines().skip(1).map(|row| row.split(';').next().unwrap().to_owned()).collect();
        for place in 0..OTHERS {
            if declared.len() < declarants && declared.insert(other(place).to_string()) {
                writeln!(self.0, "{};Signataire fictif;maire;courrier fictif;oui;;;;;;;;", other(place))
                    .unwrap();
            }
        }
        assert_eq!(declared.len(), declarants);
    }

    fn paid(&mut self, who: Siren, nature: &str, spent: (&str, &str), thousands: &str) {
        self.paid_under("", who, nature, spent, thousands);
    }

    fn paid_under(
        &mut self,
        law: &str,
        who: Siren,
        nature: &str,
        (recipient, purpose): (&str, &str),
        thousands: &str,
    ) {
        let (whole, part) = thousands.split_once('.').unwrap_or((thousands, ""));
        let (cost, channel) = match nature {
            "multilateral" => (purpose, "41122"),
            "refugies" => ("", ""),
            _ => (purpose, "22000"),
        };
        let number = self.0.lines().count();
        let amount = format!("{whole}{part:0<3}");
        writeln!(
            self.0,
            "{who};Signataire fictif;maire;courrier fictif;non;L-{number};Action fictive {number};{nature};{recipient};{cost};{channel};{law};{amount},00"
        )
        .unwrap();
    }
}

/// What is filed for a year.
fn papers(year: u16) -> String {
    let mut papers = Papers::new();
    let project = ("SEN", "14030");
    match year {
        2014 => {
            for (who, recipient, purpose, law, thousands) in OF_2014 {
                papers.paid_under(law, siren(who), "projet", (recipient, purpose), thousands);
            }
        }
        2016 => {
            papers.paid(siren("Paris"), "refugies", ("", ""), "34900");
            let codes = CodeLists::embedded().unwrap();
            let countries = codes
                .recipients()
                .iter()
                .filter(|row| row.kind == RecipientKind::Country && row.years.contains(year));
            let countries: Vec<&str> = countries.map(|row| row.code.as_str()).take(COUNTRIES).collect();
            for (place, country) in countries.into_iter().enumerate() {
                let thousands = if place == 0 { "1440" } else { "480" };
                papers.paid(siren("Île-de-France"), "projet", (country, "14030"), thousands);
            }
        }
        2018 => {
            papers.paid(siren("Paris"), "refugies", ("", ""), "66400");
            papers.paid(siren("Paris"), "projet", project, "49600");
        }
        2023 => papers.paid(siren("Paris"), "projet", project, "62800"),
        2017 => {
            papers.paid(siren("Paris"), "refugies", ("", ""), "50000");
            papers.paid(siren("Paris"), "multilateral", ("", ""), "1518");
            for (recipient, thousands) in OF_2017 {
                papers.paid(siren("Île-de-France"), "projet", (recipient, "14030"), thousands);
            }
        }
        2019 => {
            papers.paid(siren("Paris"), "refugies", ("", ""), "70500");
            for (who, thousands) in OF_2019 {
                papers.paid(siren(who), "projet", project, thousands);
            }
            for place in 0..20 {
                papers.paid(other(place), "projet", project, "1205.33");
            }
        }
        _ => {
            papers.paid(siren("Paris"), "refugies", ("", ""), "72300");
            papers.paid(siren("Paris"), "projet", project, "11641.6");
            papers.paid(siren("Lyon"), "projet", project, "1468.8");
            for place in 0..29 {
                papers.paid(other(place), "projet", project, "1423.778");
            }
        }
    }
    if let Some((_, declarants)) = DECLARANTS.iter().find(|(of, _)| *of == year) {
        papers.fill(*declarants);
    }
    papers.0
}

async fn the_published_figures_are_found_again(test: TestApp) {
    let app = &test.app;
    let mut bodies = "operation;siren;type;code;nom;region;motif\n".to_owned();
    for (name, kind, region) in BODIES {
        let siren = siren(name);
        writeln!(bodies, "creation;{siren};{kind};{siren};{name};{region};essai").unwrap();
    }
    for place in 0..OTHERS {
        let siren = other(place);
        writeln!(bodies, "creation;{siren};commune;{siren};Commune fictive {place};32;essai").unwrap();
    }
    decide(app, &manager(), &decisions(bodies.as_bytes()).unwrap(), &()).await.unwrap();
    let mut past = "siren;exercice;montant;neant;date_depot;source\n".to_owned();
    for (year, amount) in [(2008, 72_500_000), (2009, 69_700_000), (2010, 60_500_000)] {
        writeln!(past, "{};{year};{amount},00;non;;Sénat", siren("Paris")).unwrap();
    }
    for place in 0..236 {
        writeln!(past, "{};2013;{},00;non;;essai", other(place), 200_000 + place).unwrap();
    }
    history::import(app, &manager(), past.as_bytes()).await.unwrap();
    for year in [2014, 2016, 2017, 2018, 2019, 2021, 2023] {
        let held = CampaignYear::new(year + 1).unwrap();
        test.set_clock(&format!("{held}-01-10T10:00:00+01:00"));
        campaign::create(app, &manager(), held, None, true).await.unwrap();
        test.set_clock(&format!("{held}-05-20T10:00:00+02:00"));
        let papers = papers(year);
        let filed = bulk::file_all(app, &manager(), held, papers.as_bytes(), false).await;
        filed.unwrap_or_else(|error| panic!("{year}: {error:?}"));
    }
    let signed = staff(&test, AccountRole::Manager).await;
    looks_right(&test, &signed).await;
    let mut read: Option<(String, Value, String)> = None;
    for row in PUBLISHED.lines().skip(1) {
        let cells: Vec<&str> = row.split(';').collect();
        let [year, cut, class, value, unit, _note, source] = cells[..] else { panic!("{row}") };
        if read.as_ref().is_none_or(|(known, ..)| known != year) {
            let address = format!("/pilotage/syntheses/nationale/{year}");
            let json = signed.get(&format!("{address}/json")).await;
            let summary = serde_json::from_str(&json.text).unwrap_or_else(|_| panic!("{}", json.words()));
            read = Some((year.to_owned(), summary, signed.get(&address).await.words()));
        }
        let (_, summary, page) = read.as_ref().unwrap();
        let (shown, told) = match unit {
            "M" => (rounded(cents(summary, cut, class), 100_000_000, value), "\u{a0}M€"),
            "%" => {
                (rounded(cents(summary, cut, class) * 100, cents(summary, "without", ""), value), "\u{a0}%")
            }
            _ => (counted(summary, cut), ""),
        };
        assert_eq!(shown, value, "{row}: {summary:#}");
        let ours = if value == "1040" { "1\u{202f}040".to_owned() } else { value.replace('.', ",") };
        let site = source.split('/').nth(2).unwrap().trim_start_matches("www.");
        let told = format!("{ours}{told} {ours}{told} aucune {site}");
        assert!(page.contains(&told), "{row}: {told}: {page}");
        if cut == "total" {
            let euros =
                eapd::domain::euros::Euros::from_cents(cents(summary, cut, class)).unwrap().to_string();
            assert!(page.contains(&euros), "{euros}: {page}");
        }
    }
}

/// The page shows a difference where there is one, and nothing for a year or a territory without figures.
async fn looks_right(test: &TestApp, signed: &Signed<'_>) {
    for without in ["nationale/2015", "11/2017"] {
        let page = signed.get(&format!("/pilotage/syntheses/{without}")).await;
        assert!(!page.words().contains("Chiffres publiés"), "{without}");
    }
    if test.engine() == Engine::Sqlite {
        let browser = Browser::open(&test.app).await;
        browser.holds(signed.cookie()).await;
        browser.go("/pilotage/syntheses/nationale/2019").await;
        let faults = browser.faults("chiffres publiés").await;
        browser.close().await;
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
    let other = async |amount: &str| {
        let row = format!("{};2008;{amount};non;;Sénat;essai", siren("Paris"));
        let file = format!("siren;exercice;montant;neant;date_depot;source;motif\n{row}\n");
        history::import(&test.app, &manager(), file.as_bytes()).await.unwrap();
        signed.get("/pilotage/syntheses/nationale/2008").await.words()
    };
    let page = other("72560000,00").await;
    assert!(page.contains("72,5\u{a0}M€ 72,6\u{a0}M€ +0,1\u{a0}M€ senat.fr"), "{page}");
    let page = other("72500000,00").await;
    assert!(page.contains("72,5\u{a0}M€ 72,5\u{a0}M€ aucune senat.fr"), "{page}");
}

/// A ratio rounded to as many decimals as were published.
fn rounded(part: i64, whole: i64, published: &str) -> String {
    let scale = if published.contains('.') { 10 } else { 1 };
    let (part, whole) = (i128::from(part) * scale, i128::from(whole));
    let units = (2 * part + whole) / (2 * whole);
    if scale == 1 { units.to_string() } else { format!("{}.{}", units / 10, units % 10) }
}

/// How many bodies declared, or countries benefit.
fn counted(summary: &Value, cut: &str) -> String {
    let of = if cut == "declarants" {
        &summary["collectivites"]["declarantes"]
    } else {
        &summary["pays_beneficiaires"]
    };
    of.as_u64().unwrap().to_string()
}

/// What a summary says of a class, in centimes: shares and countries are published without refugees.
fn cents(summary: &Value, cut: &str, class: &str) -> i64 {
    let amount = |sum: &Value, key: &str| sum[key].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let table = |cut: &str| summary["tableaux"].as_array().unwrap().iter().find(|table| table["code"] == cut);
    match cut {
        "total" => amount(&summary["total"], "ressources_propres"),
        "refugees" => amount(&summary["total"], "dont_refugies"),
        "without" => amount(&summary["total"], "hors_refugies"),
        "sahel" => amount(&summary["sahel"], "hors_refugies"),
        "contributor" => {
            let named = summary["premieres_collectivites"].as_array().unwrap();
            let found = named.iter().find(|body| body["nom"] == class);
            amount(found.unwrap_or_else(|| panic!("{class}: {named:#?}")), "hors_refugies")
        }
        "ten" => {
            let rows = table("pays").unwrap()["rangs"].as_array().unwrap();
            let countries = rows.iter().filter(|row| row["code"] != "998");
            countries.take(10).map(|row| amount(row, "hors_refugies")).sum()
        }
        cut => {
            let rows = table(cut).unwrap_or_else(|| panic!("{cut}"))["rangs"].as_array().unwrap();
            amount(rows.iter().find(|row| row["code"] == class).unwrap(), "hors_refugies")
        }
    }
}
