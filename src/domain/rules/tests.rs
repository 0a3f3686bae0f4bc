//! The catalogue holds: each rule has lines that break it alone, and the document says what the program does.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use super::entry::minimal_line;
use super::*;
use crate::domain::codes::{CHECKED_YEARS, CodeLists};
use crate::domain::field::{Field, RawLine};
use crate::domain::year::FlowYear;

pub(super) static CODES: LazyLock<CodeLists> = LazyLock::new(|| CodeLists::embedded().unwrap());

pub(super) fn year(year: u16) -> FlowYear {
    FlowYear::new(year).unwrap()
}

fn check(flow_year: u16, lines: &[RawLine]) -> Checked {
    check_lines(&CODES, year(flow_year), lines)
}

fn rules(checked: &Checked) -> Vec<Rule> {
    checked.issues.iter().map(|issue| issue.rule).collect()
}

/// The only issue of one line that differs from the minimal one.
fn issue(flow_year: u16, changes: &[(Field, &str)]) -> Issue {
    let line = changes.iter().fold(minimal_line(), |line, (field, text)| line.with(*field, *text));
    let mut issues = check(flow_year, &[line]).issues;
    assert_eq!(issues.len(), 1, "{issues:#?}");
    issues.remove(0)
}

fn accepted(flow_year: u16, changes: &[(Field, &str)]) -> crate::domain::line::Line {
    let line = changes.iter().fold(minimal_line(), |line, (field, text)| line.with(*field, *text));
    let mut checked = check(flow_year, &[line]);
    assert!(checked.is_accepted(), "{:#?}", checked.issues);
    checked.lines.remove(0)
}

#[test]
fn the_fixture_of_each_rule_breaks_it_and_no_other() {
    for entry in CATALOGUE {
        let checked = check(entry.flow_year, &entry.lines());
        assert_eq!(rules(&checked), [entry.rule], "{}: {:#?}", entry.code, checked.issues);
        let issue = &checked.issues[0];
        assert!(issue.message.ends_with(['.', '?']) && issue.hint.ends_with('.'), "{issue:#?}");
        assert_eq!(checked.is_accepted(), entry.severity == Severity::Warning);
    }
}

#[test]
fn codes_are_unique_ordered_and_agree_with_the_rule() {
    let codes: BTreeSet<&str> = CATALOGUE.iter().map(|entry| entry.code).collect();
    assert_eq!(codes.len(), CATALOGUE.len());
    assert!(CATALOGUE.iter().map(|entry| entry.code).eq(codes.iter().copied()), "in order");
    for entry in CATALOGUE {
        assert_eq!((entry.rule.code(), entry.rule.severity()), (entry.code, entry.severity));
        assert_eq!(entry.rule.title(), entry.title_fr);
        let number = entry.code.strip_prefix("EAPD-L").unwrap();
        assert!(number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()));
    }
}

#[test]
fn the_document_is_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let document = document(&CODES);
    if std::env::var_os("EAPD_BLESS").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = document.lines().zip(written.lines()).find(|(new, old)| new != old);
    assert!(written == document, "run again with EAPD_BLESS=1: {differs:#?}");
}

#[test]
fn the_french_is_typeset() {
    let document = document(&CODES);
    let (_, french) = document.split_once("## 1.").unwrap();
    let (french, _) = french.split_once("## 3.").unwrap();
    for line in french.lines() {
        for wrong in [" :", " ;", " ?", " !", "« ", " »", "'", " €", " %"] {
            assert!(!line.contains(wrong), "«{wrong}» in {line}");
        }
    }
}

#[test]
fn each_nature_has_an_accepted_minimal_line_in_each_year() {
    for flow_year in CHECKED_YEARS {
        let natures: Vec<_> =
            CODES.natures().iter().filter(|nature| nature.years.contains(flow_year)).collect();
        assert!(natures.len() >= 11, "{flow_year}");
        for nature in natures {
            let codes = nature.minimal_line_codes(flow_year).unwrap();
            let full = minimal_line()
                .with(Field::Nature, nature.code.as_str())
                .with(Field::AidType, codes.aid_type)
                .with(Field::Purpose, codes.purpose)
                .with(Field::Recipient, codes.recipient)
                .with(Field::Channel, codes.channel);
            let needed = |needed: bool, code: &'static str| if needed { code } else { "" };
            let purpose = codes.purpose.to_owned();
            let short = full
                .clone()
                .with(Field::AidType, "")
                .with(Field::Purpose, if nature.mandatory.purpose { purpose } else { String::new() })
                .with(Field::Recipient, needed(nature.mandatory.recipient, "MLI"))
                .with(Field::Channel, if nature.mandatory.channel { codes.channel } else { "" });
            for line in [full, short] {
                let checked = check(flow_year, std::slice::from_ref(&line));
                assert_eq!(checked.issues, [], "{} {flow_year}: {line:?}", nature.code);
                let line = &checked.lines[0];
                assert_eq!(line.purpose.as_str(), codes.purpose);
                assert_eq!(line.aid_type.as_str(), codes.aid_type);
                assert_eq!(line.bi_multi, nature.bi_multi);
            }
        }
    }
}

#[test]
fn the_replay_of_2014() {
    let croatia = issue(2013, &[(Field::Recipient, "Croatie")]);
    assert_eq!(croatia.rule, Rule::RecipientNotOnList);
    assert!(croatia.message.contains("ce pays était sur la liste jusqu’en 2010"), "{}", croatia.message);
    assert_eq!(accepted(2010, &[(Field::Recipient, "Croatie")]).recipient.as_str(), "62");
    assert_eq!(accepted(2013, &[(Field::Recipient, "Soudan du Sud")]).recipient.as_str(), "279");
    let early = issue(2010, &[(Field::Recipient, "SSD")]);
    assert!(early.message.contains("n’est sur la liste que depuis 2011"), "{}", early.message);
    let grant = accepted(
        2013,
        &[(Field::Nature, "Subvention à une association pour un projet"), (Field::Channel, "")],
    );
    assert_eq!((grant.channel.as_str(), grant.aid_type.as_str()), ("22000", "C01"));
}

#[test]
fn codes_are_read_as_people_write_them() {
    for purpose in [
        "14030",
        "14030 - Approvisionnement en eau potable",
        "14030 Approvisionnement en eau potable et assainissement – dispositifs de base",
        "APPROVISIONNEMENT EN EAU POTABLE ET ASSAINISSEMENT - DISPOSITIFS DE BASE",
        "14030\u{a0}: Basic drinking water supply and basic sanitation",
    ] {
        assert_eq!(accepted(2013, &[(Field::Purpose, purpose)]).purpose.as_str(), "14030", "{purpose}");
    }
    for recipient in ["Côte d’Ivoire", "COTE D'IVOIRE", "civ", "CIV - Côte d'Ivoire", "CIV : cote d ivoire"]
    {
        let line = accepted(2013, &[(Field::Recipient, recipient)]);
        assert_eq!(line.recipient, CODES.find_recipient("CIV").unwrap().code, "{recipient}");
    }
    for nature in ["projet", "PROJET", "Projet de coopération", "projet - Projet de cooperation"] {
        assert_eq!(accepted(2013, &[(Field::Nature, nature)]).nature.as_str(), "projet", "{nature}");
    }
    for law in ["eau", "Eau", "1 % eau"] {
        assert!(accepted(2013, &[(Field::OnePercentLaw, law)]).one_percent_law.is_some(), "{law}");
    }
    assert_eq!(issue(2013, &[(Field::Recipient, "MLI - Sénégal")]).rule, Rule::CodeAndNameDisagree);
    assert_eq!(issue(2013, &[(Field::Recipient, "Mali Bamako")]).rule, Rule::RecipientUnknown);
}

#[test]
fn a_sector_of_three_digits_names_its_codes() {
    for text in ["140", "140 - Eau", "Distribution d'eau et assainissement"] {
        let issue = issue(2013, &[(Field::Purpose, text)]);
        assert_eq!(issue.rule, Rule::PurposeTooCoarse, "{text}");
        assert!(issue.hint.contains("(14010)"), "{}", issue.hint);
    }
    assert!(issue(2013, &[(Field::Purpose, "14039")]).hint.contains("(14010)"));
}

#[test]
fn what_is_unknown_is_guessed_at() {
    assert!(
        issue(2013, &[(Field::Recipient, "Sénégale")]).hint.contains("«\u{a0}Sénégal\u{a0}» (269)\u{a0}?")
    );
    assert!(issue(2013, &[(Field::Nature, "projets de coopération")]).hint.contains("(projet)\u{a0}?"));
    assert!(issue(2016, &[(Field::Channel, "11000")]).hint.contains("(11001)"));
}

#[test]
fn amounts_derive_from_each_other() {
    let parts = accepted(
        2013,
        &[
            (Field::CofinancingState, "1 000,10"),
            (Field::CofinancingOthers, "0,05"),
            (Field::ServiceCosts, "0"),
        ],
    );
    assert_eq!(parts.amounts.cofinancing_received.cents(), 100_015);
    assert_eq!(parts.own_resources().cents(), 1_149_985);
    assert_eq!(parts.amounts.cofinancing_collectivities, None);
    let none = accepted(2013, &[]);
    assert_eq!((none.amounts.cofinancing_received.cents(), none.amounts.committed), (0, None));
    // A part that cannot be read does not make the sum wrong as well.
    let line = [(Field::CofinancingReceived, "30"), (Field::CofinancingState, "dix")];
    assert_eq!(issue(2013, &line).rule, Rule::AmountUnreadable);
    assert_eq!(issue(2013, &[(Field::CofinancingState, "13000")]).rule, Rule::CofinancingAbovePaid);
    let cent = issue(2013, &[(Field::AmountPaid, "0,01"), (Field::CofinancingReceived, "0,01")]);
    assert_eq!(cent.rule, Rule::NoOwnResources);
    assert_eq!(
        accepted(2013, &[(Field::AmountPaid, "999 999 999,99")]).own_resources().cents(),
        99_999_999_999
    );
}

#[test]
fn every_fault_of_every_line_is_told_and_none_twice() {
    let wrong = minimal_line()
        .with(Field::Title, "")
        .with(Field::Nature, "jumelage")
        .with(Field::Recipient, "Croatie")
        .with(Field::Purpose, "140")
        .with(Field::AmountPaid, "1.234")
        .with(Field::CofinancingReceived, "-1")
        .with(Field::PaidOn, "2014-01-01")
        .with(Field::MarkerGender, "5")
        .with(Field::OrganisationSiren, "1");
    let checked = check(2013, &[wrong, minimal_line(), minimal_line().with(Field::Channel, "20000")]);
    assert_eq!(
        rules(&checked),
        [
            Rule::MissingField,
            Rule::RecipientNotOnList,
            Rule::PurposeTooCoarse,
            Rule::NatureUnknown,
            Rule::AmountAmbiguous,
            Rule::NegativeAmount,
            Rule::PaidOutsideYear,
            Rule::OrganisationSiren,
            Rule::MarkerValue,
            Rule::ChannelHeading,
        ]
    );
    assert_eq!(checked.issues.iter().map(|issue| issue.line).collect::<Vec<_>>()[8..], [0, 2]);
    assert_eq!(checked.lines.len(), 1);
    assert!(checked.accepted().is_err());
    // Without a nature, nothing is known to be missing but itself.
    let blank = check(2013, &[RawLine::default()]);
    assert_eq!(
        blank.issues.iter().map(|issue| issue.field).collect::<Vec<_>>(),
        [Some(Field::Title), Some(Field::Nature), Some(Field::AmountPaid)]
    );
}

#[test]
fn a_field_that_the_nature_does_not_imply_is_asked_for() {
    for field in [Field::Recipient, Field::Purpose, Field::Channel] {
        let issue = issue(2013, &[(field, "")]);
        assert_eq!((issue.rule, issue.field), (Rule::MissingField, Some(field)));
        assert!(issue.hint.contains("«\u{a0}Projet de coopération\u{a0}»"), "{}", issue.hint);
    }
}

#[test]
fn references_are_given_and_never_taken_twice() {
    let lines = [
        minimal_line().with(Field::Title, "A"),
        minimal_line().with(Field::Title, "B").with(Field::Reference, "2013-L0001"),
        minimal_line().with(Field::Title, "C"),
    ];
    let references = |checked: Checked| -> Vec<String> {
        checked.accepted().unwrap().0.into_iter().map(|line| line.reference).collect()
    };
    assert_eq!(references(check(2013, &lines)), ["2013-L0002", "2013-L0001", "2013-L0003"]);
    let reserving = check_lines_reserving(&CODES, year(2013), &lines, &["2013-L0003"]);
    assert_eq!(references(reserving), ["2013-L0002", "2013-L0001", "2013-L0004"]);
    let draft = check_draft(&CODES, year(2013), &lines);
    assert_eq!(draft.lines[2].get(Field::Reference), "2013-L0003");
    let again = check_draft(&CODES, year(2013), &draft.lines);
    assert_eq!(again.lines, draft.lines, "a reference once given is kept");
}

#[test]
fn a_shared_reference_names_both_lines() {
    // One accented letter, written in two ways.
    let first = minimal_line().with(Field::Reference, "\u{e9}cole");
    let second = minimal_line().with(Field::Reference, "e\u{301}cole").with(Field::Title, "Autre");
    let checked = check(2013, &[first, second]);
    assert_eq!(rules(&checked), [Rule::DuplicateReference]);
    let issue = &checked.issues[0];
    assert_eq!(issue.line, 1);
    assert!(issue.message.contains("n°\u{a0}1 («\u{a0}Forage de trois puits\u{a0}»)"), "{}", issue.message);
    assert!(issue.hint.contains("n°\u{a0}2"), "{}", issue.hint);
}

#[test]
fn lengths_count_characters() {
    let exact = "é".repeat(150);
    assert_eq!(accepted(2013, &[(Field::Title, &exact)]).title, exact);
    assert_eq!(issue(2013, &[(Field::Title, &"é".repeat(151))]).rule, Rule::TooLong);
    assert_eq!(issue(2013, &[(Field::Description, &"é".repeat(20_001))]).rule, Rule::TooLong);
    assert_eq!(issue(2013, &[(Field::Place, &"é".repeat(101))]).rule, Rule::TooLong);
    let lines = accepted(2013, &[(Field::Description, "un\r\ndeux\rtrois\tquatre")]);
    assert_eq!(lines.description.as_deref(), Some("un\ndeux\ntrois\tquatre"));
    for nothing in ["—", "\u{200b}", "\u{feff} \u{ad}"] {
        assert_eq!(issue(2013, &[(Field::Title, nothing)]).rule, Rule::MissingField);
    }
    let pasted = accepted(
        2013,
        &[(Field::Title, "\u{feff} Coope\u{301}\u{ad}ration \u{200b}"), (Field::Place, "\u{feff}")],
    );
    assert_eq!((pasted.title.as_str(), pasted.place), ("Coop\u{e9}ration", None));
    let reversed = issue(2013, &[(Field::Organisation, "Association \u{202e}fictive")]);
    assert_eq!(reversed.rule, Rule::ForbiddenCharacter);
}

#[test]
fn goals_and_markers_keep_what_they_say() {
    let line = accepted(
        2020,
        &[
            (Field::Sdg, "6| 6.A |ODD 17|6"),
            (Field::MarkerDesertification, "3"),
            (Field::MarkerInclusion, "0"),
            (Field::OrganisationSiren, "356 000 000 09075"),
        ],
    );
    assert_eq!(line.sdg, ["6", "6.a", "17"]);
    assert_eq!(line.markers.get(Field::MarkerDesertification), Some(3));
    assert_eq!(line.markers.get(Field::MarkerInclusion), Some(0));
    assert_eq!(line.markers.get(Field::MarkerGender), None, "empty is not 0");
    assert_eq!(line.organisation_siren.unwrap().as_str(), "356000000");
    assert_eq!(issue(2020, &[(Field::Sdg, "6,1")]).rule, Rule::SdgUnknown);
}

#[test]
fn thousands_of_distinct_faults_are_all_told() {
    // Every line wrong in its own way: the search for what was meant stays within its budget.
    let lines: Vec<RawLine> = (0..20_000)
        .map(|number| {
            minimal_line()
                .with(Field::Recipient, format!("Sénégale {number}"))
                .with(Field::Purpose, format!("Eau potable {number}"))
                .with(Field::Reference, if number % 2 == 0 { "même" } else { "" })
        })
        .collect();
    let checked = check(2013, &lines);
    assert_eq!(checked.issues.len(), 20_000 * 2 + 9_999);
    assert!(checked.lines.is_empty());
}

#[test]
fn edges_are_on_the_right_side() {
    for day in ["2013-01-01", "31/12/2013"] {
        assert!(accepted(2013, &[(Field::PaidOn, day)]).paid_on.is_some());
    }
    assert_eq!(issue(2013, &[(Field::PaidOn, "2012-12-31")]).rule, Rule::PaidOutsideYear);
    let equal = [
        (Field::ServiceCosts, "12500"),
        (Field::AmountCommitted, "12500"),
        (Field::StartsOn, "2013-01-01"),
        (Field::EndsOn, "2013-01-01"),
        (Field::CrsProject, "2013000001"),
    ];
    assert_eq!(
        check(2013, &[equal.iter().fold(minimal_line(), |line, (f, t)| line.with(*f, *t))]).issues,
        []
    );
    for (amount, warned) in [("999", true), ("999,01", false), ("1000", false), ("1", true)] {
        let checked = check(2013, &[minimal_line().with(Field::AmountPaid, amount)]);
        assert!(checked.is_accepted());
        assert_eq!(rules(&checked).contains(&Rule::ThousandsMistake), warned, "{amount}");
    }
    let waste = [(Field::OnePercentLaw, "déchets"), (Field::Purpose, "14050")];
    assert!(accepted(2014, &waste).one_percent_law.is_some());
    // The total: exactly what the service holds is held.
    let most = minimal_line().with(Field::AmountPaid, "9999999999999,98");
    let cent = minimal_line().with(Field::AmountPaid, "0,01").with(Field::Title, "Autre");
    assert!(check(2013, &[most.clone(), cent.clone()]).is_accepted());
    assert!(!check(2013, &[most, cent.clone(), cent.with(Field::Title, "Encore")]).is_accepted());
}

#[test]
fn the_codes_people_really_use_are_accepted() {
    for (flow_year, channel) in
        [(2014, "12000"), (2013, "21000"), (2013, "23000"), (2024, "51000"), (2024, "90000"), (2013, "52000")]
    {
        let line = accepted(flow_year, &[(Field::Channel, channel)]);
        assert_eq!(line.channel.as_str(), channel);
    }
    assert_eq!(issue(2015, &[(Field::Channel, "12000")]).rule, Rule::ChannelNotThatYear);
    for heading in ["10000", "20000", "30000", "40000", "60000"] {
        assert_eq!(issue(2024, &[(Field::Channel, heading)]).rule, Rule::ChannelHeading, "{heading}");
    }
}
