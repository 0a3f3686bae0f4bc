//! Reads a JSON body field by field, and tells every fault of it at once, each in its place.

use std::borrow::Cow;

use super::json::Json;
use super::problem::{ApiError, FieldFault};
use crate::domain::text::sentence;

/// A key that is not part of the request.
pub const UNKNOWN_KEY: &str = "EAPD-A100";
/// A key that is missing.
pub const MISSING_KEY: &str = "EAPD-A101";
/// A value of another kind than expected.
pub const WRONG_KIND: &str = "EAPD-A102";
/// A value that cannot be what it should.
pub const WRONG_VALUE: &str = "EAPD-A103";

/// A value in its place: which line it belongs to, and its name there.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    json: &'a Json<'a>,
    line: Option<usize>,
    name: String,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldFault>);

/// An object whose keys are known.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    entries: &'a [(Cow<'a, str>, Json<'a>)],
    place: Node<'a>,
}

impl Faults {
    /// Adds a fault at a place.
    pub fn add(
        &mut self,
        at: &Node<'_>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.0.push(FieldFault {
            ligne: at.line,
            champ: at.name.clone(),
            valeur: if at.is_null() { String::new() } else { at.json.shown() },
            code,
            message: sentence(&message.into()),
            conseil: sentence(&hint.into()),
        });
    }

    /// The value, or every fault.
    ///
    /// # Errors
    /// When a fault was found; `None` without a fault is an error of the program.
    pub fn or<T>(self, value: Option<T>) -> Result<T, ApiError> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            None if self.0.is_empty() => Err(ApiError::internal("a body without value and without fault")),
            _ => Err(ApiError::shape(self.0)),
        }
    }
}

impl<'a> Node<'a> {
    /// The whole body.
    #[must_use]
    pub const fn root(json: &'a Json<'a>) -> Self {
        Self { json, line: None, name: String::new() }
    }

    fn child(&self, json: &'a Json<'a>, key: &str) -> Self {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        Self { json, line: self.line, name }
    }

    /// The value, unseen.
    #[must_use]
    pub const fn json(&self) -> &'a Json<'a> {
        self.json
    }

    /// Whether the value is `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self.json, Json::Null)
    }

    /// An object; keys outside `known` are refused.
    pub fn fields(&self, known: &[&str], faults: &mut Faults) -> Option<Fields<'a>> {
        self.fields_where(|key| known.contains(&key), known, faults)
    }

    /// The same for a caller who can tell a `known` key without looking through all of them.
    pub fn fields_where(
        &self,
        is_known: impl Fn(&str) -> bool,
        known: &[&str],
        faults: &mut Faults,
    ) -> Option<Fields<'a>> {
        let Json::Object(entries) = self.json else { return self.wrong_kind("un objet", faults) };
        for (key, value) in entries.iter().filter(|(key, _)| !is_known(key)) {
            let key = crate::domain::text::excerpt(key, 40);
            let message = format!("Le champ «\u{a0}{key}\u{a0}» n’est pas connu ici.");
            faults.add(
                &self.child(value, &key),
                UNKNOWN_KEY,
                message,
                format!("Champs connus\u{a0}: {}.", known.join(", ")),
            );
        }
        Some(Fields { entries, place: self.clone() })
    }

    /// A text without forbidden characters.
    pub fn text(&self, faults: &mut Faults) -> Option<&'a str> {
        let Json::Text(text) = self.json else { return self.wrong_kind("un texte", faults) };
        if text.contains('\0') {
            faults.add(self, WRONG_VALUE, "Le texte contient un caractère nul.", "Retirez-le.");
            return None;
        }
        Some(text)
    }

    /// A text that stands for a value; what it cannot be is told by the type's own error.
    pub fn parsed<T>(&self, hint: &str, faults: &mut Faults) -> Option<T>
    where
        T: std::str::FromStr<Err: std::fmt::Display>,
    {
        match self.text(faults)?.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                faults.add(self, WRONG_VALUE, error.to_string(), hint);
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn boolean(&self, faults: &mut Faults) -> Option<bool> {
        match self.json {
            Json::Bool(value) => Some(*value),
            _ => self.wrong_kind("true ou false", faults),
        }
    }

    /// The items of a list, each named by its rank from 1.
    pub fn items(&self, faults: &mut Faults) -> Option<Vec<Self>> {
        let Json::List(list) = self.json else { return self.wrong_kind("une liste", faults) };
        let item = |(index, json): (usize, &'a Json<'a>)| {
            let rank = index.saturating_add(1);
            Self { json, line: self.line, name: format!("{}[{rank}]", self.name) }
        };
        Some(list.iter().enumerate().map(item).collect())
    }

    /// The items of a list of lines: faults name the line and its field.
    pub fn lines(&self, faults: &mut Faults) -> Option<Vec<Self>> {
        let Json::List(list) = self.json else { return self.wrong_kind("une liste de lignes", faults) };
        let line = |(index, json): (usize, &'a Json<'a>)| Self {
            json,
            line: Some(index.saturating_add(1)),
            name: String::new(),
        };
        Some(list.iter().enumerate().map(line).collect())
    }

    fn wrong_kind<T>(&self, expected: &str, faults: &mut Faults) -> Option<T> {
        let message = format!("{} est attendu, pas {}.", capital(expected), self.json.kind());
        let hint = match self.json {
            Json::Number(_) => {
                "Écrivez les montants, les codes et les dates entre guillemets, par exemple \"1234.56\"."
            }
            _ => "Voyez le schéma dans /api/openapi.json.",
        };
        faults.add(self, WRONG_KIND, message, hint);
        None
    }
}

impl<'a> Fields<'a> {
    /// The value of a key, where given and not `null`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let (_, json) = self.entries.iter().find(|(known, json)| known == key && *json != Json::Null)?;
        Some(self.place.child(json, key))
    }

    /// The value of a key that must be given.
    pub fn required(&self, key: &str, faults: &mut Faults) -> Option<Node<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let place = self.place.child(&Json::Null, key);
            let place = Node { json: &Json::Null, ..place };
            let message = format!("Le champ «\u{a0}{key}\u{a0}» manque.");
            faults.add(&place, MISSING_KEY, message, "Ajoutez-le.");
        }
        found
    }

    /// Every key and value, in the order received.
    #[must_use]
    pub const fn entries(&self) -> &'a [(Cow<'a, str>, Json<'a>)] {
        self.entries
    }

    /// The text of one of the [`Self::entries`]; its place is only made where something is wrong with it.
    pub fn text(&self, key: &str, json: &'a Json<'a>, faults: &mut Faults) -> Option<&'a str> {
        match json {
            Json::Text(text) if !text.contains('\0') => Some(text),
            _ => self.place.child(json, key).text(faults),
        }
    }

    /// The object itself, for a fault that bears on several of its fields.
    #[must_use]
    pub const fn place(&self) -> &Node<'a> {
        &self.place
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_every_fault_in_its_place() {
        let json: Json<'_> =
            serde_json::from_str(r#"{"lignes":[{"titre":12}],"signataire":{"nom":"N"},"x":1}"#).unwrap();
        let mut faults = Faults::default();
        let fields = Node::root(&json).fields(&["lignes", "signataire"], &mut faults).unwrap();
        let line = fields.get("lignes").unwrap().lines(&mut faults).unwrap().remove(0);
        let _ = line.fields(&["titre"], &mut faults).unwrap().get("titre").unwrap().text(&mut faults);
        let signatory = fields.get("signataire").unwrap().fields(&["nom", "fonction"], &mut faults).unwrap();
        let _ = signatory.required("fonction", &mut faults);
        let told: Vec<(Option<usize>, &str, &str)> =
            faults.0.iter().map(|fault| (fault.ligne, fault.champ.as_str(), fault.code)).collect();
        assert_eq!(
            told,
            [
                (None, "x", UNKNOWN_KEY),
                (Some(1), "titre", WRONG_KIND),
                (None, "signataire.fonction", MISSING_KEY)
            ]
        );
    }
}
