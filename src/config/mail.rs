//! `[mail]`: how mails leave, from whom, and where those without a person go.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::config::Profile;
use crate::domain::account::Email;

/// How mails leave.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// By what way.
    pub transport: Transport,
    /// The server that takes them.
    pub host: String,
    /// Its port; 0 for the usual one.
    pub port: u16,
    /// How the way to it is protected.
    pub security: Security,
    /// Who we are to it, or nothing.
    pub user: String,
    /// How we show it.
    pub password: Password,
    /// From whom mails come.
    pub from: String,
    /// The name of that address.
    pub from_name: String,
    /// The ministry's mailbox, or nothing.
    pub ministry: String,
    /// The mailbox of the SGAR of each region, by INSEE code.
    pub regions: BTreeMap<String, String>,
}

/// By what way mails leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// They are files of a folder (demonstration only).
    Folder,
    /// A server takes them.
    Smtp,
    /// They wait.
    None,
}

/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Asked for before anything is said; no mail goes without.
    Starttls,
    /// From the first byte.
    Tls,
    /// Not at all.
    None,
}

/// A password of the configuration. `Debug` hides it; it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The password itself, for the server.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A value that is no text is refused without being repeated.
impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Self(text)),
            _ => Err(D::Error::custom("attendu un texte, entre guillemets")),
        }
    }
}

impl Mail {
    /// The port of the server.
    #[must_use]
    pub const fn port(&self) -> u16 {
        match (self.port, self.security) {
            (0, Security::Starttls) => 587,
            (0, Security::Tls) => 465,
            (0, Security::None) => 25,
            (port, _) => port,
        }
    }

    /// The mailbox of the SGAR of a region.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<Email> {
        self.regions.get(code)?.parse().ok()
    }

    /// The ministry's mailbox.
    #[must_use]
    pub fn ministry(&self) -> Option<Email> {
        self.ministry.parse().ok()
    }

    /// What is wrong, after the key that it is wrong with.
    pub(super) fn validate(&self, profile: Profile) -> Result<(), String> {
        let address = |key: &str, text: &str| match text.parse::<Email>() {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("{key}\u{a0}: {error}")),
        };
        if self.transport == Transport::Folder && profile != Profile::Demo {
            return Err(
                "transport\u{a0}: «\u{a0}folder\u{a0}» n’est permis qu’avec profile = \"demo\"".to_owned()
            );
        }
        if self.transport == Transport::Smtp && self.host.trim().is_empty() {
            return Err("host\u{a0}: indiquez le serveur qui prend les courriels".to_owned());
        }
        if self.transport != Transport::None || !self.from.is_empty() {
            address("from", &self.from)?;
        }
        if self.from_name.chars().any(char::is_control) {
            return Err("from_name\u{a0}: un nom tient sur une ligne".to_owned());
        }
        if self.user.is_empty() != self.password.reveal().is_empty() {
            return Err("user\u{a0}: le nom et le mot de passe vont ensemble".to_owned());
        }
        if !self.ministry.is_empty() {
            address("ministry", &self.ministry)?;
        }
        self.regions.iter().try_for_each(|(code, text)| address(&format!("regions.{code}"), text))
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    const SMTP: &str = "[mail]\ntransport = \"smtp\"\nhost = \"mx.example\"\nfrom = \"x@eapd.example\"\n";

    #[test]
    fn wrong_keys_are_named_and_no_password_is_repeated() {
        for (more, key) in [
            ("port = 70000", "mail.port"),
            ("security = \"ssl\"", "mail.security"),
            ("user = \"eapd\"", "mail.user"),
            ("ministry = \"ministère\"", "mail.ministry"),
            ("from_name = \"a\\nb\"", "mail.from_name"),
            ("password = 12345678", "mail.password"),
            ("passwd = \"12345678\"", "passwd"),
            ("[mail.regions]\n\"53\" = \"x\"", "mail.regions.53"),
        ] {
            let error = Config::from_toml(&format!("{SMTP}{more}")).unwrap_err().to_string();
            assert!(error.contains(key) && !error.contains("12345678"), "{error}");
        }
        for (text, key) in [
            ("[mail]\ntransport = \"folder\"\nfrom = \"x@eapd.example\"", "mail.transport"),
            ("[mail]\ntransport = \"smtp\"\nfrom = \"x@eapd.example\"", "mail.host"),
            ("[mail]\ntransport = \"smtp\"\nhost = \"mx.example\"", "mail.from"),
        ] {
            let error = Config::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }

    #[test]
    fn the_whole_section_reads() {
        let text = format!(
            "{SMTP}user = \"eapd\"\npassword = \"12345678\"\n[mail.regions]\n\"53\" = \"SGAR@bretagne.example\""
        );
        let mail = Config::from_toml(&text).unwrap().mail;
        assert_eq!((mail.port(), mail.password.reveal()), (587, "12345678"));
        assert!(!format!("{mail:?}").contains("12345678"));
        assert_eq!(mail.region("53").unwrap().as_str(), "sgar@bretagne.example");
        assert_eq!((mail.region("84"), mail.ministry()), (None, None));
    }
}
