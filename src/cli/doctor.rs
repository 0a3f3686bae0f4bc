//! `eapd doctor`: looks at the whole installation.

use crate::cli::output::{CliError, say};
use crate::config::Config;
use crate::service::upkeep::doctor::{Standing, examine};

/// Prints every point; fails by the worst of them.
pub async fn run() -> Result<(), CliError> {
    let points = examine(&Config::load()?).await;
    for point in &points {
        let mark = match point.standing {
            Standing::Good => "✓ bon",
            Standing::Wrong => "✗ à corriger",
            Standing::Unreachable => "✗ injoignable",
        };
        say(format_args!("{mark}\u{a0}: {}. {}", point.name, point.found));
    }
    let bad = points.iter().filter(|point| point.standing != Standing::Good).count();
    let told = format!("{bad} point(s) à corriger sur {}", points.len());
    match points.iter().map(|point| point.standing).max() {
        Some(Standing::Unreachable) => Err(CliError::Environment(told)),
        Some(Standing::Wrong) => Err(CliError::Refused(told)),
        _ => {
            say("L’installation est en ordre.");
            Ok(())
        }
    }
}
