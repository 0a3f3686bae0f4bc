//! Accounts: sign up, confirm, sign in and out, a forgotten password, one's own account.

pub(in crate::web) mod agents;
pub(in crate::web) mod confirm;
pub(in crate::web) mod contacts;
pub(in crate::web) mod factor;
pub(in crate::web) mod forgotten;
pub(in crate::web) mod invitation;
pub(in crate::web) mod own;
pub(in crate::web) mod sign_in;
pub(in crate::web) mod sign_up;
pub(in crate::web) mod step;
mod wanted;

use askama::Template;

use crate::domain::refusal::Because;
use crate::service::ServiceError;
use crate::web::form::Faults;
use crate::web::layout::Layout;
use crate::web::refusal::PageRefused;

/// A mail is on its way to the address.
#[derive(Template)]
#[template(path = "account/mail_sent.html")]
struct MailSent {
    layout: Layout,
    address: String,
    lead: &'static str,
}

/// A refusal that the form can mend goes to a field; any other one is a page of its own.
fn mendable(error: ServiceError, faults: &mut Faults, field: &str) -> Result<(), PageRefused> {
    match error {
        ServiceError::Refused(refusal) if is_mendable(refusal.because) => {
            faults.add(field, &refusal.message);
            Ok(())
        }
        other => Err(other.into()),
    }
}

const fn is_mendable(because: Because) -> bool {
    matches!(
        because,
        Because::Invalid
            | Because::TooOften
            | Because::WeakPassword
            | Because::WrongCode
            | Because::WrongCredentials
    )
}
