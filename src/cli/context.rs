//! What every command starts with: the application, and who runs it.

use crate::app::App;
use crate::cli::output::CliError;
use crate::config::Config;
use crate::domain::role::Actor;
use crate::service::operator;

/// Opens the application of the configuration, acting as the operator.
pub async fn open() -> Result<(App, Actor), CliError> {
    let app = App::open(Config::load()?).await?;
    let login = std::env::var("USER").or_else(|_missing| std::env::var("LOGNAME")).unwrap_or_default();
    let actor = operator::identify(&app, &login).await?;
    Ok((app, actor))
}
