//! The one way by which a use case writes to people: a mail waits in the
//! transaction of what it tells, and is sent only if that stays.

use crate::app::App;
use crate::domain::mail::{Message, Recipient};
use crate::service::Result;
use crate::store::{self, Tx};

/// Queues a mail.
pub async fn queue(tx: &mut Tx<'_>, app: &App, to: &Recipient, message: &Message) -> Result<()> {
    store::mail::queue(tx, &app.random.identifier(), to, message, app.now()).await?;
    Ok(())
}
