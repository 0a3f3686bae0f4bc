//! The configuration: `config/eapd.toml`, the file named by `EAPD_CONFIG`, then `EAPD__SECTION__KEY`.

mod backup;
mod log;
mod mail;

pub use backup::{Backup, Interval, Usual};
pub use log::{Log, LogFormat, Telemetry};
pub use mail::{Mail, Password, Security, Transport};

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;

use crate::domain::instant::Instant;

/// The defaults, embedded: every key with its comment.
pub const DEFAULTS: &str = include_str!("../config/eapd.toml");

/// The whole configuration, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What the instance is for.
    pub profile: Profile,
    /// Where data is kept.
    pub database: Database,
    /// How the service is reached.
    pub server: Server,
    /// What may be lost.
    pub data: Data,
    /// The simulated clock of a demonstration.
    pub clock: ClockSection,
    /// How reports are produced.
    pub reports: Reports,
    /// What the legal pages name.
    pub about: About,
    /// Reminders to the bodies that have not filed.
    pub reminders: Reminders,
    /// For how long what names persons is kept.
    pub retention: Retention,
    /// How mails leave.
    pub mail: Mail,
    /// Copies of the database.
    pub backup: Backup,
    /// How the logs are written.
    pub log: Log,
    /// Where traces go.
    pub telemetry: Telemetry,
}

/// What the instance is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Real declarations.
    Production,
    /// Fictitious data; a simulated clock is allowed.
    Demo,
}

/// Where data is kept. `Debug` hides what a URL may hold.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://…` as the application role.
    pub url: String,
    /// The role that owns the tables; empty on SQLite.
    pub owner_url: String,
    /// A standby of PostgreSQL that public pages and reports are read from; empty for none.
    pub read_url: String,
}

/// How the service is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Address shown to people.
    pub public_url: String,
    /// Proxies before the service, whose word about where a request comes from counts.
    pub trusted_proxies: Vec<IpAddr>,
    /// Largest request, bytes.
    pub max_body_bytes: usize,
    /// Longest request, seconds.
    pub request_timeout_seconds: u64,
    /// Longest time for the head of a request, and between two, seconds.
    pub header_timeout_seconds: u64,
    /// Connections at most.
    pub max_connections: usize,
    /// Of them from one address that is no proxy.
    pub max_connections_per_address: usize,
    /// Requests answered at once.
    pub max_requests: usize,
    /// Reports produced at once for requests.
    pub max_reports: usize,
    /// Between the order to stop and the last connection that is accepted, seconds.
    pub stop_delay_seconds: u64,
    /// Address and port of the metrics; none where empty.
    #[serde(deserialize_with = "log::address")]
    pub metrics_listen: Option<SocketAddr>,
}

/// What may be lost.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Folder of caches and mails of the demonstration.
    pub dir: PathBuf,
}

/// The simulated clock of a demonstration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockSection {
    /// RFC 3339, or empty for the system's clock.
    pub at: String,
}

/// How reports are produced.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reports {
    /// Folder for large reports in the making; the system's where empty.
    pub temporary_dir: PathBuf,
}

/// What the legal pages name; empty where nobody said so yet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Where people write for help.
    pub support_email: String,
    /// Who publishes the service.
    pub publisher: String,
    /// Director of publication.
    pub director: String,
    /// Who hosts it.
    pub host: String,
    /// How to write to the data protection officer.
    pub data_protection: String,
    /// Where a weakness is reported.
    pub security_contact: String,
    /// The result of the last accessibility audit.
    pub accessibility: Accessibility,
}

/// The result of the last accessibility audit, as every page must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Accessibility {
    /// Not conformant, or not audited.
    Non,
    /// At least half of the criteria.
    Partiellement,
    /// All criteria.
    Totalement,
}

impl Accessibility {
    /// The mention of the footer.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Non => "non conforme",
            Self::Partiellement => "partiellement conforme",
            Self::Totalement => "totalement conforme",
        }
    }
}

/// Reminders to the bodies that have not filed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminders {
    /// Whether each step leaves by itself on the morning of its day.
    pub automatic: bool,
}

/// For how long what names persons is kept, in days (rule 14).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Sessions, links and codes, once they are over.
    pub sessions_days: u32,
    /// Accounts whose address was never confirmed.
    pub unconfirmed_days: u32,
    /// Accounts of declarants who do not sign in any more.
    pub inactive_days: u32,
    /// Contacts of collectivities that no file told and no agent confirmed.
    pub contacts_days: u32,
    /// Mails, once they are sent or given up.
    pub mails_days: u32,
    /// Texts of questions to collectivities, once these are closed.
    pub questions_days: u32,
}

/// A configuration that cannot be used; `Display` names the key.
#[derive(Debug, thiserror::Error)]
#[error("configuration\u{a0}: {0}")]
pub struct ConfigError(String);

impl Config {
    /// Reads the configuration of this process.
    ///
    /// # Errors
    /// Names the key that is unknown or wrong.
    pub fn load() -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(path) = std::env::var_os("EAPD_CONFIG") {
            let path = PathBuf::from(path);
            let text = std::fs::read_to_string(&path)
                .map_err(|error| ConfigError(format!("EAPD_CONFIG={}\u{a0}: {error}", path.display())))?;
            figment = figment.merge(Toml::string(&text));
        }
        Self::from_figment(&figment.merge(Env::prefixed("EAPD__").split("__")))
    }

    /// Reads a configuration from TOML over the defaults, for tests.
    ///
    /// # Errors
    /// Names the key that is unknown or wrong.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::from_figment(&Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(text)))
    }

    fn from_figment(figment: &Figment) -> Result<Self, ConfigError> {
        let config: Self = figment.extract().map_err(|error| {
            let key = if error.path.is_empty() {
                String::new()
            } else {
                format!("{}\u{a0}: ", error.path.join("."))
            };
            ConfigError(format!("{key}{}", error.kind))
        })?;
        config.validate()?;
        Ok(config)
    }

    fn validate(&self) -> Result<(), ConfigError> {
        if self.simulated_clock()?.is_some() && self.profile != Profile::Demo {
            return Err(ConfigError(
                "clock.at\u{a0}: une horloge simulée n’est permise qu’avec profile = \"demo\"".to_owned(),
            ));
        }
        for (key, days) in [
            ("sessions_days", self.retention.sessions_days),
            ("unconfirmed_days", self.retention.unconfirmed_days),
            ("inactive_days", self.retention.inactive_days),
            ("contacts_days", self.retention.contacts_days),
            ("mails_days", self.retention.mails_days),
            ("questions_days", self.retention.questions_days),
        ] {
            if days == 0 {
                return Err(ConfigError(format!("retention.{key}\u{a0}: au moins un jour")));
            }
        }
        self.backup.keys().map_err(|fault| ConfigError(format!("backup.recipients\u{a0}: {fault}")))?;
        for (key, value) in [
            ("max_connections", self.server.max_connections),
            ("max_connections_per_address", self.server.max_connections_per_address),
            ("max_requests", self.server.max_requests),
            ("max_reports", self.server.max_reports),
        ] {
            if value == 0 {
                return Err(ConfigError(format!("server.{key}\u{a0}: au moins un")));
            }
        }
        if self.database.read().is_some() && self.database.url.starts_with("sqlite:") {
            return Err(ConfigError("database.read_url\u{a0}: seulement avec PostgreSQL".to_owned()));
        }
        if self.server.header_timeout_seconds == 0 {
            return Err(ConfigError("server.header_timeout_seconds\u{a0}: au moins une seconde".to_owned()));
        }
        if self.server.metrics_listen == Some(self.server.listen) && self.server.listen.port() != 0 {
            return Err(ConfigError(
                "server.metrics_listen\u{a0}: une autre adresse que server.listen, que le public n’atteint pas"
                    .to_owned(),
            ));
        }
        self.telemetry.validate().map_err(|fault| ConfigError(format!("telemetry.{fault}")))?;
        // A reminder that was sent is known by its row until the end that it reminds of.
        if self.retention.mails_days < 4 {
            return Err(ConfigError("retention.mails_days\u{a0}: au moins quatre jours".to_owned()));
        }
        if !self.server.public_url.starts_with("http://") && !self.server.public_url.starts_with("https://") {
            return Err(ConfigError("server.public_url\u{a0}: attendu http://… ou https://…".to_owned()));
        }
        self.mail.validate(self.profile).map_err(|fault| ConfigError(format!("mail.{fault}")))
    }

    /// What the service needs before it answers people: in production, somewhere to write to.
    ///
    /// # Errors
    /// Names the key that is empty.
    pub fn can_serve(&self) -> Result<(), ConfigError> {
        let about = &self.about;
        if self.profile == Profile::Production
            && about.support_email.is_empty()
            && about.security_contact.is_empty()
        {
            return Err(ConfigError(
                "about.support_email\u{a0}: en production, une adresse où écrire est nécessaire".to_owned(),
            ));
        }
        Ok(())
    }

    /// The instant at which a simulated clock starts, when there is one.
    ///
    /// # Errors
    /// When `clock.at` is not an instant.
    pub fn simulated_clock(&self) -> Result<Option<Instant>, ConfigError> {
        match self.clock.at.as_str() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|error| ConfigError(format!("clock.at\u{a0}: {error}"))),
        }
    }
}

impl Reports {
    /// The folder of large reports in the making, where one is given.
    #[must_use]
    pub fn temporary(&self) -> Option<PathBuf> {
        Some(self.temporary_dir.clone()).filter(|folder| !folder.as_os_str().is_empty())
    }
}

impl Database {
    /// The role that owns the tables, where one is given.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        Some(self.owner_url.as_str()).filter(|url| !url.is_empty())
    }

    /// The standby, where one is given.
    #[must_use]
    pub fn read(&self) -> Option<&str> {
        Some(self.read_url.as_str()).filter(|url| !url.is_empty())
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.url.split(':').next().unwrap_or_default();
        write!(f, "Database({scheme}:…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_stand_alone() {
        let config = Config::from_toml("").unwrap();
        assert_eq!(config.profile, Profile::Production);
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    }

    #[test]
    fn a_wrong_key_or_value_is_named() {
        for (text, key) in [
            ("[server]\nlisten = \"nulle part\"", "server.listen"),
            ("[server]\nlissten = \"127.0.0.1:1\"", "lissten"),
            ("profile = \"test\"", "profile"),
            ("[retention]\nsessions_days = 0", "retention.sessions_days"),
            ("[retention]\ncontacts_days = 0", "retention.contacts_days"),
            ("[retention]\nmails_days = 0", "retention.mails_days"),
            ("[retention]\nmails_days = 3", "retention.mails_days"),
            ("[server]\nmetrics_listen = \"9100\"", "server.metrics_listen"),
            ("[server]\nmetrics_listen = \"127.0.0.1:8080\"", "server.metrics_listen"),
            ("[server]\nmax_requests = 0", "server.max_requests"),
            ("[server]\nheader_timeout_seconds = 0", "server.header_timeout_seconds"),
            ("[database]\nread_url = \"postgres://standby/eapd\"", "database.read_url"),
            ("[log]\nformat = \"xml\"", "log.format"),
            ("[telemetry]\notlp_endpoint = \"https://collector\"", "telemetry.otlp_endpoint"),
            ("[clock]\nat = \"2014-05-20T09:00:00Z\"", "clock.at"),
            ("profile = \"demo\"\n[clock]\nat = \"hier\"", "clock.at"),
            ("[backup]\nrecipients = [\"age1?\"]", "backup.recipients"),
            ("[backup]\nrecipients = [\"AGE-SECRET-KEY-1X\"]", "clé privée"),
            ("[backup]\ninterval_minutes = \"souvent\"", "backup.interval_minutes"),
            ("[backup.keep]\nyearly = 3", "yearly"),
        ] {
            let error = Config::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let config = Config::from_toml("[database]\nurl = \"postgres://app:secret@localhost/x\"").unwrap();
        assert!(!format!("{config:?}").contains("secret"));
    }
}
