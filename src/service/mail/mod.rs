//! Mails: queued in the transaction of what they tell, so that they go only if that stays; delivered from there.
//!
//! | file | what it holds |
//! |---|---|
//! | `write` | a mail that waits becomes words and an address |
//! | `post` | how it leaves: a server, or the folder of a demonstration |
//! | `deliver` | whose turn it is, and what becomes of it |
//! | `folder` | the mails of a demonstration |
//! | `keep` | what the operator sees and tries again |

mod deliver;
mod folder;
mod keep;
mod post;
mod write;

pub use deliver::{Delivered, deliver};
pub use folder::{Kept, kept};
pub use keep::{retry, standings};
pub use post::Post;
pub(crate) use write::sender;

pub use crate::store::mail::Standing;

use crate::app::App;
use crate::domain::mail::{Message, Recipient};
use crate::service::Result;
use crate::store::writes::Writes;
use crate::store::{self, Tx};

/// Mails with the other rows of a transaction; the deliverer of this process wakes.
pub(crate) fn queue_with(writes: &mut Writes, app: &App, mails: Vec<(Recipient, Message)>) {
    if mails.is_empty() {
        return;
    }
    let named: Vec<_> =
        mails.into_iter().map(|(to, message)| (app.random.identifier(), to, message)).collect();
    store::mail::queue_with(writes, &named, app.now());
    app.mail_queued.notify_one();
}

/// Queues a mail; the deliverer of this process wakes.
pub async fn queue(tx: &mut Tx<'_>, app: &App, to: &Recipient, message: &Message) -> Result<()> {
    store::mail::queue(tx, &app.random.identifier(), to, message, app.now()).await?;
    app.mail_queued.notify_one();
    Ok(())
}
