//! The document of a filed version: what the API answers, what a receipt's hash covers.
//!
//! Its keys are the French ones of the contract. It names no person (rule 14),
//! so that erasing one never breaks a receipt.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::domain::declaration::{FiledLine, Filing};
use crate::domain::field::Field;
use crate::domain::line::Line;
use crate::service::{Result, ServiceError};
use crate::store::StoreError;

/// The document of a version, in full.
#[must_use]
pub fn of_filing<'a>(filing: &Filing, lines: impl IntoIterator<Item = &'a Line>) -> Value {
    json!({
        "siren": filing.siren,
        "exercice": filing.flow_year,
        "campagne": filing.flow_year.campaign(),
        "version": filing.version,
        "nature": filing.kind.code(),
        "date_depot": filing.filed_at,
        "motif": filing.reason,
        "piece": filing.document,
        "montant_verse": filing.total_paid,
        "ressources_propres": filing.total_own,
        "lignes": lines.into_iter().map(of_line).collect::<Vec<Value>>(),
    })
}

/// The same from lines as read back.
#[must_use]
pub fn of_filed(filing: &Filing, lines: &[FiledLine]) -> Value {
    of_filing(filing, lines.iter().map(|filed| &filed.line))
}

/// The key of the own resources, which is no field of the import.
pub(super) const OWN_RESOURCES: &str = "ressources_propres";

/// One line: the fields of the import with their values, and the own resources.
#[must_use]
pub fn of_line(line: &Line) -> Value {
    let mut map = Map::new();
    for field in Field::ALL {
        let value = value(line, Some(*field));
        if !value.is_empty() {
            map.insert(field.header().to_owned(), Value::String(value));
        }
    }
    map.insert(OWN_RESOURCES.to_owned(), Value::String(value(line, None)));
    Value::Object(map)
}

/// The value of a field, or the own resources; empty where there is none.
pub(super) fn value(line: &Line, field: Option<Field>) -> String {
    match field {
        None => line.own_resources().to_plain(),
        Some(Field::AmountPaid) => line.amounts.paid.to_plain(),
        Some(Field::CofinancingReceived) => line.amounts.cofinancing_received.to_plain(),
        Some(Field::CofinancingState) => plain(line.amounts.cofinancing_state),
        Some(Field::CofinancingCollectivities) => plain(line.amounts.cofinancing_collectivities),
        Some(Field::CofinancingOthers) => plain(line.amounts.cofinancing_others),
        Some(Field::ServiceCosts) => plain(line.amounts.service_costs),
        Some(Field::AmountCommitted) => plain(line.amounts.committed),
        Some(other) => line.cell(other),
    }
}

fn plain(amount: Option<crate::domain::euros::Euros>) -> String {
    amount.map(crate::domain::euros::Euros::to_plain).unwrap_or_default()
}

/// SHA-256 of the canonical JSON (RFC 8785) of a document, hexadecimal: anyone can recompute it.
pub fn sha256(document: &Value) -> Result<String> {
    let canonical = serde_json_canonicalizer::to_vec(document).map_err(|error| {
        ServiceError::Store(StoreError::Inconsistent { table: "filing", detail: error.to_string() })
    })?;
    Ok(hex::encode(Sha256::digest(canonical)))
}
