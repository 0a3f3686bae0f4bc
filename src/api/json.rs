//! JSON as received: keys said twice are refused, numbers are told apart from texts.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Keys of an object that a new one is compared with, one by one; of more, they are hashed.
const KEYS_LOOKED_THROUGH: usize = 40;

/// A JSON value. A number is kept as text, to be shown and refused: amounts are texts in this API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number, as written by the parser.
    Number(String),
    /// A text; where nothing in it is escaped, that of the body itself.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Self>),
    /// An object, in the order received, each key once.
    Object(Vec<(Cow<'a, str>, Self)>),
}

impl Json<'_> {
    /// The French name of the kind of value.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "un booléen",
            Self::Number(_) => "un nombre",
            Self::Text(_) => "un texte",
            Self::List(_) => "une liste",
            Self::Object(_) => "un objet",
        }
    }

    /// The value for an error message, where it is a simple one.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(text) => crate::domain::text::excerpt(text, 60),
            Self::Text(text) => crate::domain::text::excerpt(text, 60),
            Self::List(_) | Self::Object(_) => String::new(),
        }
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("une valeur JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json<'de>, A::Error> {
        let (mut object, mut keys) = (Vec::<(Cow<'de, str>, Json<'de>)>::new(), HashSet::new());
        while let Some(key) = entries.next_key::<Json<'de>>()? {
            let Json::Text(key) = key else { return Err(A::Error::custom("une clé n’est pas un texte")) };
            let value = entries.next_value()?;
            // Looking through a few keys is faster than hashing them.
            let is_known = if object.len() < KEYS_LOOKED_THROUGH {
                object.iter().any(|(known, _)| *known == key)
            } else {
                if keys.is_empty() {
                    keys.extend(object.iter().map(|(known, _)| known.clone()));
                }
                !keys.insert(key.clone())
            };
            if is_known {
                let key = crate::domain::text::excerpt(&key, 40);
                return Err(A::Error::custom(format!("la clé «\u{a0}{key}\u{a0}» est donnée deux fois")));
            }
            object.push((key, value));
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_numbers_apart_and_refuses_a_key_said_twice() {
        assert_eq!(serde_json::from_str::<Json<'_>>("12").unwrap(), Json::Number("12".to_owned()));
        assert!(matches!(
            serde_json::from_str::<Json<'_>>(r#"{"a":[true,null,"x"]}"#).unwrap(),
            Json::Object(_)
        ));
        let error = serde_json::from_str::<Json<'_>>(r#"{"a":"1","a":"2"}"#).unwrap_err().to_string();
        assert!(error.contains("deux fois"), "{error}");
    }

    #[test]
    fn refuses_a_key_said_twice_in_a_large_object() {
        for repeated in [0, 39, 40, 41, 99] {
            let mut keys: Vec<String> = (0..100).map(|key| format!("\"{key}\":null")).collect();
            assert!(serde_json::from_str::<Json<'_>>(&format!("{{{}}}", keys.join(","))).is_ok());
            keys.push(format!("\"{repeated}\":null"));
            let error = serde_json::from_str::<Json<'_>>(&format!("{{{}}}", keys.join(","))).unwrap_err();
            assert!(error.to_string().contains(&format!("«\u{a0}{repeated}\u{a0}»")), "{error}");
        }
    }
}
