//! What is counted while the program runs, and the text in which it is told (`OpenMetrics`).
//!
//! The one file that knows the library. A label holds a route's template, a method, a class of status, a code or the
//! name of a job: never what a person typed, nor who asked.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

/// The media type of [`Metrics::tell`].
pub const MEDIA: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Before the name of every series.
const PREFIX: &str = "eapd";

/// What one process counts of its own: it starts at nothing with the process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Asked, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    refusals: Family<Code, Counter>,
    in_flight: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: &'static str,
}

/// Labels that are known when they are told.
type Labels = Vec<(&'static str, String)>;

/// Values that are read when they are asked for, not kept: those of the database.
#[derive(Debug)]
pub struct Sheet(Registry);

/// A request under way, until it is dropped.
#[derive(Debug)]
pub struct UnderWay(Gauge);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// From what a point query takes to `server.request_timeout_seconds`, seconds.
fn durations() -> Histogram {
    Histogram::new([0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0])
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let requests = Family::default();
        let made: fn() -> Histogram = durations;
        let durations = Family::new_with_constructor(made);
        let refusals = Family::default();
        let in_flight = Gauge::default();
        registry.register("build", "The program", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
        registry.register(
            "http_requests",
            "Answers, by method, route and class of status",
            Family::clone(&requests),
        );
        registry.register(
            "http_request_duration_seconds",
            "From the head of a request to the head of its answer",
            Family::clone(&durations),
        );
        registry.register("refusals", "What was refused, by the code of its rule", Family::clone(&refusals));
        registry.register(
            "http_requests_in_flight",
            "Requests that are being answered now",
            Gauge::clone(&in_flight),
        );
        Self { registry, requests, durations, refusals, in_flight }
    }
}

impl Metrics {
    /// Notes that a request begins; drop what it gives when it is answered.
    #[must_use]
    pub fn begins(&self) -> UnderWay {
        self.in_flight.inc();
        UnderWay(Gauge::clone(&self.in_flight))
    }

    /// Counts an answer: its method, the template of its route, its status, how long it took.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = Asked { method: known(method), route: route.to_owned(), status: class(status) };
        self.requests.get_or_create(&labels).inc();
        self.durations.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Counts a refusal by the code of its rule.
    pub fn refused(&self, code: &'static str) {
        self.refusals.get_or_create(&Code { code }).inc();
    }

    /// What is counted here and what `sheet` holds, as text.
    ///
    /// # Errors
    /// Never, since a text takes whatever is written to it.
    pub fn tell(&self, sheet: &Sheet) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.registry)?;
        encode_registry(&mut text, &sheet.0)?;
        encode_eof(&mut text)?;
        Ok(text)
    }
}

/// Anyone may send a method of any name: a label takes those that we answer.
fn known(method: &str) -> &'static str {
    const METHODS: [&str; 4] = ["GET", "HEAD", "POST", "PUT"];
    METHODS.into_iter().find(|known| *known == method).unwrap_or("other")
}

const fn class(status: u16) -> &'static str {
    match status {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

impl Default for Sheet {
    fn default() -> Self {
        Self(Registry::with_prefix(PREFIX))
    }
}

impl Sheet {
    /// A value without label.
    pub fn gauge(&mut self, name: &str, help: &str, value: i64) {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        self.0.register(name, help, gauge);
    }

    /// A value for each set of labels.
    pub fn gauges(&mut self, name: &str, help: &str, values: impl IntoIterator<Item = (Labels, i64)>) {
        let family: Family<Labels, Gauge> = Family::default();
        for (labels, value) in values {
            family.get_or_create(&labels).set(value);
        }
        self.0.register(name, help, family);
    }

    /// A count that only grows, for each set of labels.
    pub fn counters(&mut self, name: &str, help: &str, values: impl IntoIterator<Item = (Labels, i64)>) {
        let family: Family<Labels, Counter<u64, AtomicU64>> = Family::default();
        for (labels, value) in values {
            family.get_or_create(&labels).inc_by(u64::try_from(value).unwrap_or_default());
        }
        self.0.register(name, help, family);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_told() {
        let metrics = Metrics::default();
        let under_way = metrics.begins();
        metrics.answered("GET", "/collectivites/{siren}", 200, Duration::from_millis(3));
        metrics.answered("BREW", "-", 405, Duration::from_millis(3));
        metrics.refused("EAPD-D011");
        let mut sheet = Sheet::default();
        sheet.counters("filings", "Filings", [(vec![("flow_year", "2013".to_owned())], 7)]);
        let text = metrics.tell(&sheet).unwrap();
        for line in [
            "eapd_http_requests_total{method=\"GET\",route=\"/collectivites/{siren}\",status=\"2xx\"} 1",
            "eapd_http_requests_total{method=\"other\",route=\"-\",status=\"4xx\"} 1",
            "eapd_http_request_duration_seconds_bucket{le=\"0.005\",route=\"-\"} 1",
            "eapd_http_requests_in_flight 1",
            "eapd_refusals_total{code=\"EAPD-D011\"} 1",
            "eapd_filings_total{flow_year=\"2013\"} 7",
            "# EOF",
        ] {
            assert!(text.lines().any(|told| told == line), "{line} in\n{text}");
        }
        drop(under_way);
        assert!(metrics.tell(&sheet).unwrap().contains("eapd_http_requests_in_flight 0\n"));
    }
}
