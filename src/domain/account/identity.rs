//! Who an agent is: the name and the function under which others know them.

use std::fmt;

/// Longest name or function, in characters.
const LONGEST: usize = 120;

/// Name and function of an agent, on one line each. They live in one purgeable
/// place (rule 14); `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    name: String,
    function: String,
}

/// What is wrong with a name or a function; `Display` says in French what to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// No name.
    #[error("indiquez votre nom et votre prénom")]
    NoName,
    /// No function.
    #[error("indiquez votre fonction, par exemple secrétaire de mairie")]
    NoFunction,
    /// A name too long, or that holds control characters.
    #[error("le nom tient sur une ligne de 120 caractères au plus")]
    Name,
    /// A function too long, or that holds control characters.
    #[error("la fonction tient sur une ligne de 120 caractères au plus")]
    Function,
}

impl IdentityError {
    /// The field of a form that it is about.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::NoName | Self::Name => "nom",
            Self::NoFunction | Self::Function => "fonction",
        }
    }

    /// The sentence for who fills the form for somebody else.
    #[must_use]
    pub fn of_another(self) -> String {
        match self {
            Self::NoName => "indiquez le nom et le prénom de la personne".to_owned(),
            Self::NoFunction => "indiquez la fonction de la personne".to_owned(),
            Self::Name | Self::Function => self.to_string(),
        }
    }
}

impl Identity {
    /// Reads both; spaces around and runs of spaces are forgiven.
    ///
    /// # Errors
    /// Everything wrong with them, the name first.
    pub fn new(name: &str, function: &str) -> Result<Self, Vec<IdentityError>> {
        use IdentityError::{Function, Name, NoFunction, NoName};
        match (line(name, NoName, Name), line(function, NoFunction, Function)) {
            (Ok(name), Ok(function)) => Ok(Self { name, function }),
            (name, function) => Err(name.err().into_iter().chain(function.err()).collect()),
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The function.
    #[must_use]
    pub fn function(&self) -> &str {
        &self.function
    }
}

/// A name alone, or nothing where it is blank.
///
/// # Errors
/// When it is too long or holds control characters.
pub fn name_if_any(text: &str) -> Result<Option<String>, IdentityError> {
    if_any(line(text, IdentityError::NoName, IdentityError::Name))
}

/// A function alone, or nothing where it is blank.
///
/// # Errors
/// When it is too long or holds control characters.
pub fn function_if_any(text: &str) -> Result<Option<String>, IdentityError> {
    if_any(line(text, IdentityError::NoFunction, IdentityError::Function))
}

fn if_any(read: Result<String, IdentityError>) -> Result<Option<String>, IdentityError> {
    match read {
        Err(IdentityError::NoName | IdentityError::NoFunction) => Ok(None),
        read => read.map(Some),
    }
}

fn line(text: &str, empty: IdentityError, wrong: IdentityError) -> Result<String, IdentityError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(empty);
    }
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(wrong);
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alone_may_be_absent() {
        assert_eq!((name_if_any(" "), function_if_any("")), (Ok(None), Ok(None)));
        assert_eq!(name_if_any(" Élue   fictive "), Ok(Some("Élue fictive".to_owned())));
        assert_eq!(function_if_any("a\u{1b}"), Err(IdentityError::Function));
    }

    #[test]
    fn both_are_needed_on_one_line() {
        use IdentityError::{Function, Name, NoFunction, NoName};
        let identity = Identity::new("  Agent   fictif ", "secrétaire").unwrap();
        assert_eq!((identity.name(), identity.function()), ("Agent fictif", "secrétaire"));
        assert!(!format!("{identity:?}").contains("fictif"));
        assert_eq!(Identity::new(" ", ""), Err(vec![NoName, NoFunction]));
        assert_eq!(Identity::new("a\u{1b}b", &"f".repeat(121)), Err(vec![Name, Function]));
    }
}
