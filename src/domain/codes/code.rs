//! Codes as types: a string that has the shape of its list.
//!
//! The shape says nothing about the list: whether a code exists, and in which flow year, is asked of
//! [`CodeLists`](super::CodeLists).

use std::{borrow::Borrow, fmt};

use serde::{Deserialize, Serialize};

/// A string that does not have the shape of the code it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{value}\u{a0}» n’a pas la forme d’un {what}\u{a0}: {shape}")]
pub struct CodeShapeError {
    what: &'static str,
    shape: &'static str,
    value: String,
}

macro_rules! code_type {
    ($(#[$doc:meta])* $name:ident, $what:literal, $shape:literal, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes a string of the right shape.
            ///
            /// # Errors
            /// [`CodeShapeError`] when the string has another shape.
            pub fn new(value: &str) -> Result<Self, CodeShapeError> {
                let accepts: fn(&[u8]) -> bool = $accepts;
                if accepts(value.as_bytes()) {
                    Ok(Self(value.into()))
                } else {
                    Err(CodeShapeError { what: $what, shape: $shape, value: value.chars().take(40).collect() })
                }
            }

            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = CodeShapeError;
            fn from_str(value: &str) -> Result<Self, CodeShapeError> {
                Self::new(value)
            }
        }

        impl TryFrom<String> for $name {
            type Error = CodeShapeError;
            fn try_from(value: String) -> Result<Self, CodeShapeError> {
                Self::new(&value)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0.into()
            }
        }
    };
}

code_type!(
    /// DAC code of a recipient: a country, a region or 998.
    RecipientCode,
    "code de pays du CAD",
    "2 à 4 chiffres",
    |bytes| (2..=4).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit)
);
code_type!(
    /// CRS purpose code, always five digits: three-digit sectors are refused (rule 7).
    PurposeCode,
    "code-objet",
    "5 chiffres",
    |bytes| bytes.len() == 5 && bytes.iter().all(u8::is_ascii_digit)
);
code_type!(
    /// CRS channel of delivery.
    ChannelCode,
    "code de canal",
    "5 chiffres",
    |bytes| bytes.len() == 5 && bytes.iter().all(u8::is_ascii_digit)
);
code_type!(
    /// CRS type of aid, or its heading.
    AidTypeCode,
    "type d’aide",
    "une lettre de A à H, suivie de 2 ou 3 chiffres",
    |bytes| matches!(bytes, [b'A'..=b'H', digits @ ..]
        if matches!(digits.len(), 0 | 2 | 3) && digits.iter().all(u8::is_ascii_digit))
);
code_type!(
    /// Nature of an expense: ours, it implies CRS codes (rule 7).
    NatureCode,
    "code de nature",
    "des lettres minuscules et des tirets bas, 40 au plus",
    |bytes| (1..=40).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_checked() {
        assert!(RecipientCode::new("255").is_ok() && RecipientCode::new("1027").is_ok());
        assert!(RecipientCode::new("5").is_err() && RecipientCode::new("MLI").is_err());
        assert!(PurposeCode::new("11220").is_ok());
        assert!(PurposeCode::new("110").is_err() && PurposeCode::new("１１２２０").is_err());
        assert!(AidTypeCode::new("B021").is_ok() && AidTypeCode::new("C01").is_ok());
        assert!(AidTypeCode::new("C1").is_err() && AidTypeCode::new("I01").is_err());
        assert!(NatureCode::new("frais_de_service").is_ok() && NatureCode::new("Projet").is_err());
    }

    #[test]
    fn the_error_says_the_shape() {
        let error = PurposeCode::new("110").unwrap_err();
        assert_eq!(error.to_string(), "«\u{a0}110\u{a0}» n’a pas la forme d’un code-objet\u{a0}: 5 chiffres");
    }

    #[test]
    fn serialises_as_plain_text_and_reads_back_checked() {
        let code = ChannelCode::new("22000").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"22000\"");
        assert!(serde_json::from_str::<ChannelCode>("\"2200\"").is_err());
    }
}
