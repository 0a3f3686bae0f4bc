//! A collectivity that the register does not hold: what the ministry needs to add it.

use crate::domain::collectivity::CollectivityKind;
use crate::domain::siren::Siren;

/// Longest name.
const LONGEST_NAME: usize = 200;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingCollectivity {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: CollectivityKind,
    /// Its SIREN, where it is known.
    pub siren: Option<Siren>,
    /// Code of its département.
    pub departement: String,
    /// Those that it follows, where it comes from a merger or a split.
    pub successor_of: Vec<Siren>,
    /// Anything else that helps.
    pub message: Option<String>,
}

/// What is wrong with a request; `Display` says in French what to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MissingError {
    /// No name, or too long.
    #[error("indiquez le nom de la collectivité, en 200 caractères au plus")]
    Name,
    /// No département of France.
    #[error("indiquez le code du département, par exemple 35, 2A ou 974")]
    Departement,
    /// Too many bodies before it.
    #[error("indiquez au plus 200 collectivités auxquelles celle-ci succède")]
    Predecessors,
    /// A message too long.
    #[error("le message dépasse 500 caractères\u{a0}: raccourcissez-le")]
    Message,
}

impl MissingCollectivity {
    /// The request in order: texts trimmed and bounded.
    ///
    /// # Errors
    /// Everything wrong with it.
    pub fn checked(self) -> Result<Self, Vec<MissingError>> {
        let mut faults = Vec::new();
        let name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            faults.push(MissingError::Name);
        }
        let departement = self.departement.trim().to_uppercase();
        if !is_departement(&departement) {
            faults.push(MissingError::Departement);
        }
        if self.successor_of.len() > 200 {
            faults.push(MissingError::Predecessors);
        }
        let message = crate::domain::attachment::text(self.message.as_deref());
        if message.is_err() {
            faults.push(MissingError::Message);
        }
        if faults.is_empty() {
            Ok(Self { name, departement, message: message.unwrap_or_default(), ..self })
        } else {
            Err(faults)
        }
    }
}

fn is_departement(code: &str) -> bool {
    let digits = |code: &str| code.bytes().all(|byte| byte.is_ascii_digit());
    match code.len() {
        2 => matches!(code, "2A" | "2B") || (digits(code) && code != "00"),
        3 => digits(code) && code.starts_with("97") || digits(code) && code.starts_with("98"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> MissingCollectivity {
        MissingCollectivity {
            name: "  Communauté  fictive ".to_owned(),
            kind: CollectivityKind::Cc,
            siren: None,
            departement: " 2a".to_owned(),
            successor_of: vec![],
            message: Some(" ".to_owned()),
        }
    }

    #[test]
    fn it_is_put_in_order_or_told_whole() {
        use MissingError::{Departement, Message, Name};
        let checked = request().checked().unwrap();
        assert_eq!((checked.name.as_str(), checked.departement.as_str()), ("Communauté fictive", "2A"));
        assert_eq!(checked.message, None);
        let wrong = MissingCollectivity {
            name: " ".to_owned(),
            departement: "Corse".to_owned(),
            message: Some("x".repeat(501)),
            ..request()
        };
        assert_eq!(wrong.checked(), Err(vec![Name, Departement, Message]));
        for (code, known) in
            [("35", true), ("974", true), ("988", true), ("00", false), ("123", false), ("", false)]
        {
            assert_eq!(is_departement(code), known, "{code}");
        }
    }
}
