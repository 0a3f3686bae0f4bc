//! What reminds people to file: a draft that is left, and each step of a campaign.

mod campaign;
mod unfiled;

pub use campaign::{Launched, Plan, Target, launch, launch_due, plan, require_sender};
pub(crate) use unfiled::end;
pub use unfiled::remind_unfiled;
