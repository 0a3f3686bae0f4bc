//! Lines as typed, in a body: every fault of shape, in its line and field.

use crate::api::decode::{self, Faults, Node};
use crate::api::json::Json;
use crate::domain::field::{Field, RawLine};
use crate::service::declaration::draft::LINES_MAX;

/// The lines of a list. What they say is for the rules; here they are only texts.
pub fn read(list: &Node<'_>, faults: &mut Faults) -> Option<Vec<RawLine>> {
    let lines = list.lines(faults)?;
    if lines.len() > LINES_MAX {
        let message = format!("{} lignes, 20\u{202f}000 au plus dans une déclaration.", lines.len());
        faults.add(list, decode::WRONG_VALUE, message, "Regroupez les petits versements.");
        return None;
    }
    let headers: Vec<&str> = Field::ALL.iter().map(|field| field.header()).collect();
    let read: Vec<Option<RawLine>> = lines.iter().map(|line| one(line, &headers, faults)).collect();
    read.into_iter().collect()
}

fn one(line: &Node<'_>, headers: &[&str], faults: &mut Faults) -> Option<RawLine> {
    let fields = line.fields_where(|key| Field::from_header(key).is_some(), headers, faults)?;
    let mut raw = RawLine::default();
    for (key, json) in fields.entries() {
        let Some(field) = Field::from_header(key) else { continue };
        if *json != Json::Null {
            raw.set(field, fields.text(key, json, faults)?);
        }
    }
    Some(raw)
}
