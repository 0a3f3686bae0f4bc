//! How the program tells what it does: logs, traces, the address of the metrics.

use std::net::SocketAddr;

use serde::{Deserialize, Deserializer, de};

/// How the logs are written.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// As what.
    pub format: LogFormat,
}

/// As what a line of log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// An object a line, for programs.
    Json,
}

/// Where traces go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// A collector of `OpenTelemetry`, `http://HOST:4318`; empty for none.
    pub otlp_endpoint: String,
}

impl Telemetry {
    /// The collector, where there is one.
    #[must_use]
    pub fn collector(&self) -> Option<&str> {
        Some(self.otlp_endpoint.trim_end_matches('/')).filter(|address| !address.is_empty())
    }

    pub(super) fn validate(&self) -> Result<(), String> {
        // A collector stands beside the service: it takes traces in the clear and sends them on.
        match self.collector() {
            Some(address) if !address.starts_with("http://") => Err(
                "otlp_endpoint\u{a0}: attendu http://…, un collecteur sur la même machine ou le même réseau"
                    .to_owned(),
            ),
            _ => Ok(()),
        }
    }
}

/// An address and port, or nothing.
pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(de::Error::custom)
}
