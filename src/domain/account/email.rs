//! Addresses of e-mail, in the one form under which they are kept and compared.

use std::fmt;
use std::str::FromStr;

/// Longest address that mail servers carry (RFC 5321).
const LONGEST: usize = 254;
/// Longest part before the at sign.
const LONGEST_LOCAL: usize = 64;
/// Longest part between two dots of the domain.
const LONGEST_LABEL: usize = 63;

/// An address of e-mail: trimmed, in lower case, so that both engines compare
/// it alike and nobody has two accounts by a capital letter. `Debug` masks it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// Why a text is not an address; `Display` says in French what to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was typed.
    #[error("indiquez une adresse électronique, par exemple nom@mairie.fr")]
    Empty,
    /// Longer than mail servers carry.
    #[error("cette adresse électronique est trop longue\u{a0}: 254 caractères au plus")]
    TooLong,
    /// A character that an address does not hold.
    #[error("une adresse électronique ne contient ni espace, ni accent, ni virgule, ni chevron")]
    Character,
    /// Not `something@somewhere.tld`.
    #[error("cette adresse électronique n’est pas complète\u{a0}: écrivez-la comme nom@mairie.fr")]
    Shape,
}

impl Email {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Part before the at sign, and domain.
    fn parts(&self) -> (&str, &str) {
        self.0.split_once('@').unwrap_or((&self.0, ""))
    }

    /// Enough to recognise the address, not enough to write to it: `ma…@mairie-exemple.fr`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.parts();
        let shown: String = local.chars().take(if local.len() > 4 { 2 } else { 1 }).collect();
        format!("{shown}…@{domain}")
    }

    /// The words that it is made of, which a password must not rest on.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2)
    }
}

const fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(
            c,
            '.' | '_' | '-' | '+' | '\'' | '&' | '=' | '~' | '!' | '#' | '$' | '%' | '*' | '/' | '?' | '^'
        )
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= LONGEST_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > LONGEST {
            return Err(EmailError::TooLong);
        }
        if !text.chars().all(|c| is_local(c) || c == '@') {
            return Err(EmailError::Character);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::Shape)?;
        let dotted = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
        let top_is_a_name = domain
            .rsplit('.')
            .next()
            .is_some_and(|top| top.len() > 1 && top.contains(|c: char| c.is_ascii_alphabetic()));
        if local.is_empty()
            || local.len() > LONGEST_LOCAL
            || !dotted
            || !domain.contains('.')
            || !domain.split('.').all(is_label)
            || !top_is_a_name
        {
            return Err(EmailError::Shape);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn email(text: &str) -> Result<Email, EmailError> {
        text.parse()
    }

    #[test]
    fn one_form_for_one_mailbox() {
        for text in ["Secretariat@Mairie-Exemple.FR", "  secretariat@mairie-exemple.fr\n"] {
            assert_eq!(email(text).unwrap().as_str(), "secretariat@mairie-exemple.fr");
        }
        assert!(email("prenom.nom+apd@ville.collectivite.example").is_ok());
        assert!(email("o'nom@ville.example").is_ok());
    }

    #[test]
    fn what_is_no_address_says_why() {
        use EmailError::{Character, Empty, Shape, TooLong};
        for (text, why) in [
            ("", Empty),
            ("  ", Empty),
            ("mairie", Shape),
            ("mairie@exemple", Shape),
            ("@exemple.fr", Shape),
            ("mairie@.fr", Shape),
            ("mairie@exemple..fr", Shape),
            ("mairie@exemple.f", Shape),
            ("mairie@192.168.0.1", Shape),
            ("mairie@-exemple.fr", Shape),
            (".mairie@exemple.fr", Shape),
            ("mai..rie@exemple.fr", Shape),
            ("a@b@exemple.fr", Shape),
            ("mairie @exemple.fr", Character),
            ("mairie,autre@exemple.fr", Character),
            ("Mairie <mairie@exemple.fr>", Character),
            ("mairie@exemple.fr\r\nBcc: autre@exemple.fr", Character),
            ("été@exemple.fr", Character),
        ] {
            assert_eq!(email(text), Err(why), "{text}");
        }
        assert_eq!(email(&format!("{}@exemple.fr", "a".repeat(250))), Err(TooLong));
        assert_eq!(email(&format!("{}@exemple.fr", "a".repeat(65))), Err(Shape));
    }

    #[test]
    fn a_mask_tells_the_domain_alone() {
        assert_eq!(email("mairie@exemple.fr").unwrap().masked(), "ma…@exemple.fr");
        assert_eq!(email("a@exemple.fr").unwrap().masked(), "a…@exemple.fr");
        assert!(!format!("{:?}", email("mairie@exemple.fr")).contains("mairie"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_reads_again(text in "\\PC{0,80}") {
            if let Ok(email) = email(&text) {
                prop_assert_eq!(email.as_str().parse::<Email>(), Ok(email.clone()));
                prop_assert!(email.as_str().is_ascii());
            }
        }

        #[test]
        fn usual_addresses_are_read(local in "[a-z][a-z0-9._-]{0,20}[a-z0-9]", domain in "[a-z][a-z0-9-]{0,20}[a-z0-9]") {
            prop_assume!(!local.contains(".."));
            let text = format!("{local}@{domain}.fr");
            let read = email(&text.to_uppercase()).unwrap();
            prop_assert_eq!(read.as_str(), text);
        }
    }
}
