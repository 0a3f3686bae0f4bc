//! Amounts, identifiers and JSON bodies.

use eapd::api::decode::{Faults, Node};
use eapd::api::json::Json;
use eapd::api::v1::lines;
use eapd::domain::amount::parse_amount;
use eapd::domain::siren::{Siren, Siret, parse_siren_or_siret};

use super::readers::sentence;

pub const AMOUNT_WORDS: &[&str] = &[
    "€",
    "EUR",
    "euros",
    "\u{a0}",
    "\u{202f}",
    "\u{2009}",
    ",",
    ".",
    "-",
    "\u{2212}",
    "+",
    "e9",
    "NaN",
    "inf",
    "１",
    "٣",
    "000",
    "999",
    "9999999999999,99",
    "9223372036854775807",
    "0,005",
    "1.234",
    "_",
    "İ",
    "\0",
];

pub fn amounts() -> Vec<Vec<u8>> {
    [
        "1234,56",
        "1 234,56 €",
        "1\u{202f}234\u{202f}567,89\u{a0}€",
        "-3,20",
        "12.5",
        "999 999 999,99 euros",
        "0",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// An amount that is read prints and reads back the same, and no figure of it was dropped or made up.
pub fn amount(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = parse_amount(&text);
    assert_eq!(read, parse_amount(&text), "read twice");
    match read {
        Ok(amount) => {
            for shown in [amount.to_string(), amount.to_plain(), amount.to_cell()] {
                assert_eq!(parse_amount(&shown), Ok(amount), "{shown}");
            }
            let figures: String = text.chars().filter(|c| c.is_numeric()).collect();
            let decimals = text
                .rsplit_once([',', '.'])
                .map_or(0, |(_, tail)| tail.chars().filter(|c| c.is_numeric()).count());
            assert!(decimals <= 2, "{text:?} has {decimals} decimals");
            let padded = format!("{figures}{}", "0".repeat(2 - decimals));
            assert_eq!(
                padded.parse::<u64>().ok(),
                Some(amount.cents().unsigned_abs()),
                "{text:?} is {amount}"
            );
            let minus = text.contains(['-', '\u{2212}']);
            assert!(minus == amount.is_negative() || amount.is_zero(), "{text:?} is {amount}");
        }
        Err(error) => sentence(&error.to_string()),
    }
}

pub const SIREN_WORDS: &[&str] =
    &["217500016", "21750001600019", "356000000", "00048", " ", ".", "\u{a0}", "２", "-", "\0", "000000000"];

pub fn sirens() -> Vec<Vec<u8>> {
    ["217500016", " 217 500 016 ", "21750001600019", "217.500.016 00019", "35600000009075"]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
}

/// A number that is read is nine or fourteen digits of the text, and reads back the same; any other digit in
/// one place makes another number, which is refused.
pub fn siren(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let figures: String = text.chars().filter(|c| c.is_numeric()).collect();
    match text.parse::<Siren>() {
        Ok(siren) => {
            assert_eq!(siren.as_str(), figures, "{text:?}");
            assert_eq!(siren.to_string().parse::<Siren>(), Ok(siren));
            assert_eq!(parse_siren_or_siret(&text), Ok(siren));
            let at = bytes.len() % 9;
            let mut other = figures.clone().into_bytes();
            other[at] = b'0' + (other[at] - b'0' + 1) % 10;
            assert!(std::str::from_utf8(&other).unwrap().parse::<Siren>().is_err(), "a digit of {siren}");
        }
        Err(error) => sentence(&error.to_string()),
    }
    match text.parse::<Siret>() {
        Ok(siret) => {
            assert_eq!(siret.as_str(), figures, "{text:?}");
            assert_eq!(siret.to_string().parse::<Siret>(), Ok(siret));
            assert_eq!(parse_siren_or_siret(&text), Ok(siret.siren()));
        }
        Err(error) => sentence(&error.to_string()),
    }
    if let Err(error) = parse_siren_or_siret(&text) {
        sentence(&error.to_string());
    }
}

pub const JSON_WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"titre\"",
    "\"lignes\"",
    "\"montant_verse\"",
    "null",
    "true",
    "1e999",
    "-0",
    "18446744073709551616",
    "\\u0000",
    "\\ud800",
    "\\n",
    "\"\"",
    "[[[[[[[[",
    "\u{feff}",
    "\"1.234\"",
    "é",
];

pub fn bodies() -> Vec<Vec<u8>> {
    [
        r#"[{"titre":"Puits","pays":"MLI","secteur":"14030","canal":"22000","nature":"projet","montant_verse":"1234.56"}]"#,
        r#"[{"reference":"2013-L0001","titre":"Caf\u00e9","montant_verse":12},{"x":null},[],"a"]"#,
        r"[]",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// A body is read the same twice; each fault of it is told in its place.
pub fn json(bytes: &[u8]) {
    let (Ok(json), Ok(again)) =
        (serde_json::from_slice::<Json<'_>>(bytes), serde_json::from_slice::<Json<'_>>(bytes))
    else {
        return;
    };
    assert_eq!(json, again);
    let mut faults = Faults::default();
    let lines = lines::read(&Node::root(&json), &mut faults);
    match faults.or(lines) {
        Ok(lines) => {
            let Json::List(list) = &json else { panic!("lines of no list") };
            assert_eq!(lines.len(), list.len());
        }
        Err(error) => error.problem().erreurs.iter().for_each(|fault| {
            super::readers::told(fault.code, &fault.message, &fault.conseil);
        }),
    }
}
