//! Parts of the address, and parameters after `?`.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::Uri;
use axum::http::request::Parts as RequestParts;
use serde::de::DeserializeOwned;

use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

use super::problem::{ApiError, Fault};

/// The one variable part of an address.
#[derive(Debug, Clone)]
pub struct Part(pub String);

/// The variable parts of an address, in order.
#[derive(Debug, Clone)]
pub struct Parts<const N: usize>(pub [String; N]);

/// A collectivity and a flow year in the address.
#[derive(Debug, Clone, Copy)]
pub struct Declaration {
    /// Whose.
    pub siren: Siren,
    /// Of which payments.
    pub year: FlowYear,
}

/// Parameters after `?`, each once, all known.
#[derive(Debug, Clone)]
pub struct Query(Vec<(String, String)>);

impl Part {
    /// The part as a value.
    ///
    /// # Errors
    /// Says what was expected.
    pub fn parsed<T: FromStr<Err: Display>>(&self) -> Result<T, ApiError> {
        self.0.parse().map_err(|error: T::Err| part_fault(&error.to_string()))
    }
}

impl<S: Send + Sync, const N: usize> FromRequestParts<S> for Parts<N>
where
    [String; N]: DeserializeOwned + Send,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut RequestParts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<[String; N]>::from_request_parts(parts, state).await;
        path.map(|Path(texts)| Self(texts)).map_err(|_rejection| part_fault("l’adresse est illisible"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Part {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut RequestParts, state: &S) -> Result<Self, ApiError> {
        let Parts([text]) = Parts::<1>::from_request_parts(parts, state).await?;
        Ok(Self(text))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Declaration {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut RequestParts, state: &S) -> Result<Self, ApiError> {
        let Parts([siren, year]) = Parts::<2>::from_request_parts(parts, state).await?;
        Ok(Self { siren: Part(siren).parsed()?, year: Part(year).parsed()? })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut RequestParts, _state: &S) -> Result<Self, ApiError> {
        Self::of(&parts.uri)
    }
}

impl Query {
    /// The parameters of an address.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn of(address: &Uri) -> Result<Self, ApiError> {
        let axum::extract::Query(pairs) = axum::extract::Query::try_from_uri(address)
            .map_err(|_rejection| fault("les paramètres de l’adresse sont illisibles"))?;
        let pairs: Vec<(String, String)> = pairs;
        if pairs.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
            return Err(fault("les paramètres de l’adresse contiennent un caractère nul"));
        }
        Ok(Self(pairs))
    }

    /// Refuses parameters that are not among `known`, or given twice.
    ///
    /// # Errors
    /// Names the parameter.
    pub fn only(self, known: &[&str]) -> Result<Self, ApiError> {
        for (index, (key, _)) in self.0.iter().enumerate() {
            let shown = crate::domain::text::excerpt(key, 40);
            if !known.contains(&key.as_str()) {
                let allowed = if known.is_empty() { "aucun".to_owned() } else { known.join(", ") };
                return Err(fault(&format!(
                    "le paramètre «\u{a0}{shown}\u{a0}» n’est pas connu\u{a0}; paramètres connus\u{a0}: {allowed}"
                )));
            }
            if self.0.iter().take(index).any(|(before, _)| before == key) {
                return Err(fault(&format!("le paramètre «\u{a0}{shown}\u{a0}» est donné deux fois")));
            }
        }
        Ok(self)
    }

    /// The text of a parameter, unless absent or empty.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(known, _)| known == key)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// The text of a parameter that must be given.
    ///
    /// # Errors
    /// Names it.
    pub fn required(&self, key: &str) -> Result<&str, ApiError> {
        self.get(key).ok_or_else(|| fault(&format!("donnez le paramètre «\u{a0}{key}\u{a0}»")))
    }

    /// A parameter as a value, where given.
    ///
    /// # Errors
    /// Names the parameter and says what was expected.
    pub fn parsed<T: FromStr<Err: Display>>(&self, key: &str) -> Result<Option<T>, ApiError> {
        let read = |text: &str| {
            text.parse()
                .map_err(|error: T::Err| fault(&format!("paramètre «\u{a0}{key}\u{a0}»\u{a0}: {error}")))
        };
        self.get(key).map(read).transpose()
    }
}

fn fault(detail: &str) -> ApiError {
    ApiError::new(Fault::QueryPart, detail)
}

fn part_fault(detail: &str) -> ApiError {
    ApiError::new(Fault::PathPart, detail)
}
