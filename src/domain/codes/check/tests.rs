//! The embedded lists hold, and each kind of fault is found in a broken copy.

use std::collections::BTreeMap;

use super::{super::*, CHECKED_YEARS, check};

fn lists() -> CodeLists {
    CodeLists::embedded().unwrap()
}

/// The faults of a copy in which one file had a text replaced (or a line added, when `old` is empty).
fn broken(file: &str, old: &str, new: &str) -> Vec<Fault> {
    let mut texts = CodeLists::embedded_texts();
    let text = texts[file];
    let changed = if old.is_empty() { format!("{text}{new}\n") } else { text.replace(old, new) };
    assert_ne!(changed, text, "{file}: « {old} » is not there");
    texts.insert(file, changed.leak());
    match CodeLists::parse(&texts.into_iter().collect::<BTreeMap<&str, &str>>()) {
        Ok(lists) => check(&lists),
        Err(faults) => faults.0,
    }
}

/// The kinds and keys of the faults, each once.
fn found(file: &str, old: &str, new: &str) -> Vec<(FaultKind, String)> {
    let mut kinds: Vec<_> = broken(file, old, new).into_iter().map(|fault| (fault.kind, fault.key)).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn one(kind: FaultKind, key: &str) -> Vec<(FaultKind, String)> {
    vec![(kind, key.to_owned())]
}

#[test]
fn the_embedded_lists_have_no_fault() {
    let faults: Vec<String> = check(&lists()).iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn unreadable_files_are_named() {
    assert_eq!(found("zones.csv", "code;name_fr", "code,name_fr"), one(FaultKind::Header, "ligne 1"));
    assert_eq!(
        found("zones.csv", "afrique;Afrique;10;", "afrique;Afrique;dix;"),
        one(FaultKind::Cell, "ligne 2")
    );
    assert_eq!(found("zones.csv", "afrique;Afrique;10;", "afrique"), one(FaultKind::Unreadable, "ligne 2"));
    assert_eq!(found("purposes.csv", "11110;111;", "111;111;"), one(FaultKind::Cell, "ligne 2"));
    let mut texts = CodeLists::embedded_texts();
    texts.remove("markers.csv");
    let faults = CodeLists::parse(&texts).unwrap_err();
    assert_eq!(faults.to_string(), "markers.csv, fichier\u{a0}: le fichier manque");
}

#[test]
fn overlapping_periods_are_found() {
    let again = "90000;;Autre;Other;2020;;2020;";
    assert_eq!(found("channels.csv", "", again), one(FaultKind::Overlap, "90000"));
    assert_eq!(found("areas.csv", "", "889;Océanie;;51"), one(FaultKind::Overlap, "889"));
}

#[test]
fn reversed_dates_and_declarable_years_outside_are_found() {
    let reversed =
        found("channels.csv", "52000;50000;Autre;Other;;2015;;2015", "52000;50000;Autre;Other;2016;2015;-;-");
    assert_eq!(reversed, one(FaultKind::Dates, "52000"));
    let outside =
        found("channels.csv", "52000;50000;Autre;Other;;2015;;2015", "52000;50000;Autre;Other;;2015;;2016");
    assert_eq!(outside, one(FaultKind::Dates, "52000"));
}

#[test]
fn missing_parents_are_found() {
    assert_eq!(found("purpose_categories.csv", "111;110;", "111;119;"), one(FaultKind::Parent, "111"));
    assert_eq!(
        found("recipients.csv", "MLI;Mali;Mali;289", "MLI;Mali;Mali;290"),
        one(FaultKind::Parent, "255")
    );
    assert_eq!(found("sdg.csv", "1.1;1;", "1.1;18;"), one(FaultKind::Parent, "1.1"));
}

#[test]
fn orphans_are_found() {
    assert_eq!(found("recipient_income.csv", "", "256;LDC;2050;"), one(FaultKind::Overlap, "256"));
    assert_eq!(found("recipient_income.csv", "", "4;UMIC;;"), one(FaultKind::Cell, "ligne 275"));
    assert_eq!(found("recipient_income.csv", "", "44;UMIC;;"), one(FaultKind::Orphan, "44"));
    assert_eq!(found("recipient_zones.csv", "\n255;afrique;yes", ""), one(FaultKind::Orphan, "255"));
    assert_eq!(found("recipient_zones.csv", "", "44;europe;no"), one(FaultKind::Orphan, "44"));
    assert_eq!(found("recipient_zones.csv", "255;afrique", "255;sahel"), one(FaultKind::Orphan, "255"));
    assert_eq!(found("recipient_aliases.csv", "", "44;Ruritanie"), one(FaultKind::Orphan, "44"));
    assert_eq!(found("natures.csv", "11*|12181|43081", "11*|12189|43081"), one(FaultKind::Orphan, "bourses"));
    assert_eq!(found("tresor_column_names.csv", "A5;Aide", "A55;Aide"), one(FaultKind::Orphan, "A5"));
    assert_eq!(found("tresor_columns.csv", "D*;*;*;A3", "Z*;*;*;A3"), one(FaultKind::Orphan, "A3"));
}

#[test]
fn income_groups_must_follow_the_list() {
    assert_eq!(
        found("recipient_income.csv", "279;LDC;2012;", "279;LDC;2013;"),
        one(FaultKind::Income, "279")
    );
    assert_eq!(found("recipients.csv", "2011;\n", "2012;\n"), one(FaultKind::Income, "279"));
}

#[test]
fn ambiguous_names_are_found() {
    assert_eq!(found("recipient_aliases.csv", "", "256;MALI"), one(FaultKind::Label, "mali"));
    assert_eq!(found("recipients.csv", "country;ML;MLI", "country;ML;MRT"), one(FaultKind::Label, "256"));
}

#[test]
fn natures_must_lead_somewhere_in_each_year() {
    let channel =
        found("natures.csv", "country_or_998;11001;11000|11001", "country_or_998;11000;11000|11001");
    assert_eq!(channel, one(FaultKind::Nature, "faceco"));
    let faults = broken(
        "natures.csv",
        "multilateral;Contribution générale à une organisation multilatérale;2022",
        "multilateral;Contribution générale à une organisation multilatérale;2023",
    );
    assert_eq!(faults.len(), 1);
    assert!(faults[0].message.contains("2022"), "{}", faults[0]);
    assert_eq!(
        found("natures.csv", ";2*;3;pays", ";2*;1;pays"),
        one(FaultKind::Nature, "soutien_association")
    );
    assert_eq!(
        found("natures.csv", ";;*;1;pays|secteur|canal", ";;*;1;pays|secteur"),
        one(FaultKind::Nature, "projet")
    );
}

#[test]
fn a_heading_with_sub_codes_is_not_declarable() {
    let line = "Core contributions to multilateral institutions and global funds;2;;;;2021";
    assert_eq!(found("aid_types.csv", line, &line.replace("2021", "2022")), one(FaultKind::Heading, "B02"));
}

#[test]
fn a_type_of_aid_without_a_column_is_found() {
    let keys = found("tresor_columns.csv", "*;*;*;A11", "C01;*;*;A11");
    let expected: Vec<_> = ["B01", "B04", "B05"].map(|key| (FaultKind::TresorColumn, key.to_owned())).into();
    assert_eq!(keys, expected);
}

#[test]
fn the_declaring_side_is_checked() {
    assert_eq!(found("categories.csv", "region|ctu", "region"), one(FaultKind::Category, "ctu"));
    assert_eq!(found("categories.csv", "100001", "100000"), one(FaultKind::Category, "commune"));
    assert_eq!(
        found("regions.csv", "22;Picardie;;2015;32", "22;Picardie;;2015;"),
        one(FaultKind::Dates, "22")
    );
    assert_eq!(found("regional_siren.csv", "237500079", "237500078"), one(FaultKind::Siren, "237500078"));
    assert_eq!(found("regional_siren.csv", ";44;2021;", ";42;2021;"), one(FaultKind::Orphan, "200094332"));
}

#[test]
fn countries_on_the_list_year_by_year() {
    let lists = lists();
    let countries = |year: Option<u16>| {
        let rows = lists.recipients().iter().filter(|row| row.kind == RecipientKind::Country);
        rows.filter(|row| year.is_none_or(|year| row.years.contains(year))).count()
    };
    assert_eq!(countries(None), 153);
    let counts: Vec<usize> =
        [2009, 2013, 2016, 2019, 2021, 2022, 2026].map(|year| countries(Some(year))).into();
    assert_eq!(counts, [152, 148, 146, 143, 142, 141, 141]);
    let croatia = lists.find_recipient("HRV").unwrap();
    assert!(croatia.years.contains(2010) && !croatia.years.contains(2011));
    assert_eq!(croatia.years.to_string(), "jusqu’en 2010");
    let south_sudan = lists.find_recipient("soudan du sud").unwrap();
    assert_eq!(south_sudan.years.to_string(), "depuis 2011");
    assert_eq!(lists.recipient_group("279", 2011), Some(IncomeGroup::Olic));
    assert_eq!(lists.recipient_group("279", 2012), Some(IncomeGroup::Ldc));
    assert_eq!(lists.recipient_group("62", 2011), None);
    assert!(lists.recipients().latest("999").is_none());
    assert!(!lists.recipients().latest("1031").unwrap().years.contains(2018));
}

#[test]
fn purposes_by_year() {
    let lists = lists();
    let declarable =
        |code: &str, year| lists.purposes().at(code, year).is_some_and(|row| row.is_declarable(year));
    let of = |year| -> Vec<&str> { lists.purposes().keys().filter(|code| declarable(code, year)).collect() };
    let gone: Vec<&str> = of(2013).into_iter().filter(|code| !declarable(code, 2024)).collect();
    assert_eq!(of(2013).len(), 197);
    assert_eq!(gone.len(), 19);
    assert!(gone.contains(&"23010") && gone.contains(&"41050") && gone.contains(&"74010"));
    assert_eq!(of(2024).len(), 296);
    assert!(declarable("74010", 2017) && !declarable("74010", 2018));
    assert!(lists.find_purpose("110", 2013).is_none() && lists.purpose_category("110").is_some());
    // No year without an energy code: the old ones hold until the new ones are there.
    for year in CHECKED_YEARS {
        assert!(declarable("23010", year) || declarable("23110", year), "{year}");
    }
}

#[test]
fn channels_by_year() {
    let lists = lists();
    let declarable =
        |code: &str, year| lists.channels().at(code, year).is_some_and(|row| row.is_declarable(year));
    for code in ["11000", "12000", "21000", "22000", "23000", "51000", "52000"] {
        assert!(declarable(code, 2013), "{code}");
    }
    assert!(!declarable("11001", 2013) && !declarable("90000", 2013));
    for code in ["11002", "12001", "21000", "22000", "23000", "51000", "61000", "90000"] {
        assert!(declarable(code, 2024), "{code}");
    }
    assert!(!declarable("11000", 2015) && !declarable("12000", 2015) && !declarable("52000", 2016));
    for year in CHECKED_YEARS {
        for code in ["10000", "20000", "30000", "40000", "50000", "60000"] {
            assert!(!declarable(code, year), "{code} {year}");
        }
    }
    assert_eq!(declarable_years(lists.channels(), "21006"), [Years { first: Some(2003), last: None }]);
}

#[test]
fn one_nature_a_year_and_its_minimal_line() {
    let lists = lists();
    assert_eq!(lists.natures().keys().count(), 12);
    for code in lists.natures().keys() {
        for year in CHECKED_YEARS {
            assert_eq!(lists.natures().rows(code).iter().filter(|row| row.years.contains(year)).count(), 1);
        }
    }
    let line = |code, year| lists.nature(code, year).unwrap().minimal_line_codes(year).unwrap();
    assert_eq!(line("faceco", 2013).channel, "11000");
    assert_eq!(line("faceco", 2015).channel, "11001");
    assert_eq!((line("multilateral", 2021).aid_type, line("multilateral", 2022).aid_type), ("B02", "B021"));
    assert_eq!(
        line("refugies", 2023),
        LineCodes { aid_type: "H02", purpose: "93010", recipient: "998", channel: "11002" }
    );
    assert_eq!(lists.nature("faceco", 2015).unwrap().minimal_line_codes(2014), None);
}

#[test]
fn natures_accept_what_they_should() {
    let lists = lists();
    let accepts = |nature, channel| {
        let channel = lists.channels().at(channel, 2024).unwrap();
        lists.nature(nature, 2024).unwrap().accepts_channel(channel)
    };
    // ENDA is 47035 and an NGO; 21002 is numbered as an NGO and is multilateral.
    assert!(accepts("soutien_association", "47035") && !accepts("soutien_association", "21002"));
    assert!(accepts("multilateral", "41114") && !accepts("multilateral", "22000"));
    assert!(accepts("projet", "41114") && !accepts("bourses", "41114"));
    let accepts = |nature, recipient| {
        let recipient = lists.find_recipient(recipient).unwrap();
        lists.nature(nature, 2024).unwrap().accepts_recipient(recipient)
    };
    assert!(accepts("projet", "Mali") && accepts("projet", "298") && !accepts("projet", "998"));
    assert!(accepts("refugies", "998") && accepts("refugies", "Ukraine"));
    assert!(!accepts("sensibilisation", "Mali"));
}

#[test]
fn tresor_columns_of_usual_lines() {
    let lists = lists();
    let column = |aid_type, purpose, channel| &*lists.tresor_column(aid_type, purpose, channel).unwrap().code;
    assert_eq!(column("C01", "14030", "22000"), "A1");
    assert_eq!(column("B01", "43010", "22000"), "A8");
    assert_eq!(column("B01", "43010", "47035"), "A8");
    assert_eq!(column("B01", "43010", "51000"), "A11");
    assert_eq!(column("C01", "72010", "11001"), "A6");
    assert_eq!(column("E01", "11420", "51000"), "A3");
    assert_eq!(column("H01", "99820", "11002"), "A9");
    assert_eq!(column("H02", "93010", "11002"), "REFUGIES");
    assert_eq!(column("G01", "91010", "11002"), "A10");
    assert_eq!(column("B021", "99810", "41122"), "MULTILATERAL");
}

#[test]
fn names_zones_and_categories() {
    let lists = lists();
    let code = |text| lists.find_recipient(text).map(|row| row.code.as_str());
    for text in ["Turquie", "TURKIYE", "TUR", "tur", "55", " Türkiye "] {
        assert_eq!(code(text), Some("55"), "{text}");
    }
    assert_eq!(code("Cote d'Ivoire"), Some("247"));
    assert_eq!((code("RDC"), code("Congo-Kinshasa"), code("Congo")), (Some("235"), Some("235"), Some("234")));
    assert_eq!((code("Atlantide"), code(""), code("France")), (None, None, None));
    let energy = |year| lists.find_purpose("énergie éolienne", year).map(|row| row.code.as_str());
    assert_eq!((energy(2013), energy(2015), energy(2024)), (Some("23068"), Some("23240"), Some("23240")));
    assert_eq!(lists.find_channel("autre", 2013).unwrap().code.as_str(), "52000");
    assert_eq!(lists.find_channel("Autre", 2016).unwrap().code.as_str(), "90000");
    assert_eq!(lists.find_aid_type("c01", 2024).unwrap().code.as_str(), "C01");
    assert_eq!(lists.find_nature("Contribution au FACECO", 2024).unwrap().code.as_str(), "faceco");
    let near: Vec<&str> =
        lists.suggest_recipients("Sénégla", 2024, 3).iter().map(|row| row.code.as_str()).collect();
    assert_eq!(near, ["269"]);
    assert_eq!(&*lists.zone("610").unwrap().code, "europe");
    assert_eq!(&*lists.line_zone("573", "H05").unwrap().code, "france");
    assert!(lists.is_sahel("255") && !lists.is_sahel("269"));
    let category = |kind, population| &*lists.category(kind, population).unwrap().code;
    assert_eq!(category("commune", Some(100_001)), "villes_plus");
    assert_eq!(category("commune", None), "villes_moins");
    assert_eq!(category("ctu", Some(300_000)), "regions");
}

#[test]
fn regions_and_their_siren() {
    let lists = lists();
    let present = lists.regions().iter().filter(|row| row.years.contains(2026)).count();
    let former = lists.regions().iter().filter(|row| row.years.contains(2015)).count();
    assert_eq!((present, former), (19, 28));
    assert_eq!(lists.regional_siren().iter().count(), 115);
    assert_eq!(&*lists.regional_siren().latest("229850003").unwrap().region, "06");
}
