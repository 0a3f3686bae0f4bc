//! Where the logs of `eapd serve` go: standard error, as text or as JSON, a line an event.

use opentelemetry::trace::TracerProvider;
use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::cli::traces::Traces;
use crate::config::{Log, LogFormat};

/// Begins to log, and to send traces where there are to be some; `EAPD_LOG` chooses what is logged, `info` by default.
/// Every line of a request has its number.
pub(super) fn begin(log: Log, traces: Option<&Traces>) {
    let filter = EnvFilter::try_from_env("EAPD_LOG")
        .unwrap_or_else(|_absent| EnvFilter::new("info,tokio_cron_scheduler=warn"));
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    let lines = match log.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed()
        }
    };
    // What is ours, whatever the log leaves out.
    let ours = |of: &tracing::Metadata<'_>| of.target().starts_with("eapd") && *of.level() <= Level::INFO;
    let spans = traces.map(|traces| {
        let tracer = traces.provider().tracer("eapd");
        tracing_opentelemetry::layer().with_tracer(tracer).with_filter(filter_fn(ours))
    });
    // A second subscriber, in a test, is refused: the first one goes on.
    let _installed = tracing_subscriber::registry().with(lines.with_filter(filter)).with(spans).try_init();
}
