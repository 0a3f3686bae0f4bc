//! The seal of a version: SHA-256 of the canonical JSON (RFC 8785) of its [document](super::document).
//!
//! It is written straight into the hash, the keys in their order, without a tree of values between: the
//! number of the version is the last key, so that all but it is hashed before any lock is taken.

use std::sync::LazyLock;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::declaration::Filing;
use crate::domain::field::Field;
use crate::domain::line::Line;
use crate::service::{Result, document};
use crate::store::StoreError;

/// A version whose number is not known yet.
#[derive(Debug, Clone)]
pub struct Seal(Sha256);

/// The keys of a line in canonical order, as they are written; `None` is the own resources.
static KEYS: LazyLock<Vec<(String, Option<Field>)>> = LazyLock::new(|| {
    let mut keys: Vec<(&str, Option<Field>)> =
        Field::ALL.iter().map(|field| (field.header(), Some(*field))).collect();
    keys.push((document::OWN_RESOURCES, None));
    keys.sort_unstable_by_key(|(key, _field)| *key);
    keys.into_iter().map(|(key, field)| (format!("\"{key}\":"), field)).collect()
});

impl Seal {
    /// Hashes all but the number of the version; `filing` gives the rest.
    ///
    /// # Errors
    /// Never for filings of this type; the error of the serializer otherwise.
    pub fn of(filing: &Filing, lines: &[Line]) -> Result<Self> {
        let mut seal = Self(Sha256::new());
        let mut text = Vec::with_capacity(1_024);
        key(&mut text, "{\"campagne\":", &filing.flow_year.campaign())?;
        key(&mut text, ",\"date_depot\":", &filing.filed_at)?;
        key(&mut text, ",\"exercice\":", &filing.flow_year)?;
        text.extend_from_slice(b",\"lignes\":[");
        for (place, line) in lines.iter().enumerate() {
            if place > 0 {
                text.push(b',');
            }
            of_line(&mut text, line)?;
            seal.0.update(&text);
            text.clear();
        }
        key(&mut text, "],\"montant_verse\":", &filing.total_paid)?;
        key(&mut text, ",\"motif\":", &filing.reason)?;
        key(&mut text, ",\"nature\":", filing.kind.code())?;
        key(&mut text, ",\"piece\":", &filing.document)?;
        key(&mut text, ",\"ressources_propres\":", &filing.total_own)?;
        key(&mut text, ",\"siren\":", &filing.siren)?;
        seal.0.update(&text);
        Ok(seal)
    }

    /// The seal of a version, hexadecimal.
    #[must_use]
    pub fn of_version(self, version: u32) -> String {
        hex::encode(self.0.chain_update(format!(",\"version\":{version}}}")).finalize())
    }
}

fn of_line(text: &mut Vec<u8>, line: &Line) -> Result<()> {
    let mut before = b'{';
    for (written, field) in KEYS.iter() {
        let value = document::value(line, *field);
        if value.is_empty() {
            continue;
        }
        text.push(before);
        key(text, written, &value)?;
        before = b',';
    }
    // The own resources are always there: the object is open.
    text.push(b'}');
    Ok(())
}

/// Canonical texts and whole numbers are written as this serializer writes them.
fn key(text: &mut Vec<u8>, written: &str, value: &(impl Serialize + ?Sized)) -> Result<()> {
    text.extend_from_slice(written.as_bytes());
    serde_json::to_writer(text, value).map_err(|error| {
        let detail = error.to_string();
        StoreError::Inconsistent { table: "filing", detail }.into()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Seal;
    use crate::domain::codes::CodeLists;
    use crate::domain::declaration::Filing;
    use crate::domain::field::{Field, RawLine};
    use crate::domain::filing::FilingKind;
    use crate::domain::line::Line;
    use crate::domain::rules::check_lines;
    use crate::domain::year::FlowYear;
    use crate::service::document;

    fn line() -> Line {
        let raw = RawLine::default()
            .with(Field::Title, "Forage")
            .with(Field::Recipient, "MLI")
            .with(Field::Purpose, "14030")
            .with(Field::Channel, "22000")
            .with(Field::Nature, "projet")
            .with(Field::AmountPaid, "1234,56")
            .with(Field::CofinancingReceived, "34,56")
            .with(Field::PaidOn, "2013-02-03")
            .with(Field::MarkerGender, "2");
        let codes = CodeLists::embedded().unwrap();
        check_lines(&codes, FlowYear::new(2013).unwrap(), &[raw]).lines.remove(0)
    }

    fn filing(reason: Option<String>, version: u32) -> Filing {
        let one = line();
        Filing {
            siren: "243500139".parse().unwrap(),
            flow_year: FlowYear::new(2013).unwrap(),
            version,
            kind: FilingKind::Rectified,
            filed_at: "2014-05-20T10:00:00Z".parse().unwrap(),
            filed_by: "P".to_owned(),
            signatory: None,
            document: reason.clone(),
            reason,
            line_count: 1,
            total_paid: one.amounts.paid,
            total_own: one.own_resources(),
        }
    }

    fn any_text() -> impl Strategy<Value = String> {
        proptest::collection::vec(any::<char>(), 0..12).prop_map(|letters| letters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn is_that_of_the_canonical_document(
            texts in proptest::collection::vec((any_text(), any_text(), any_text()), 0..4),
            reason in proptest::option::of(any_text()),
            version in 1_u32..2_000,
        ) {
            let filing = filing(reason, version);
            let lines: Vec<Line> = texts
                .into_iter()
                .map(|(title, description, organisation)| Line {
                    title,
                    description: Some(description),
                    organisation: Some(organisation),
                    ..line()
                })
                .collect();
            let expected = document::sha256(&document::of_filing(&filing, &lines)).unwrap();
            prop_assert_eq!(Seal::of(&filing, &lines).unwrap().of_version(version), expected);
        }
    }
}
